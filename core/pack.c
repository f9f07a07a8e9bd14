/* pack.c - reads a pack: head first, every number checked before a byte of a source is looked at. */
#include "core/pack.h"
#include "core/pack_note.h"

/* Where the reader stands in the head. */
struct pk {
	struct ac_str rest;
	uint32_t line;
	struct ac_err *reterr;
};

bool
ac_pack_is(struct ac_str bytes)
{
	return ac_str_starts(bytes, AC_S("aftercare-pack/"));
}

static enum ac_code
refuse(const struct pk *k, const char *rule, uint32_t col, const char *what)
{
	return ac_fail_at(k->reterr, AC_EINPUT, rule, k->line, col, "/pack", "%s", what);
}

/* A line ends with a line feed and has no other control character: what a person reads is what is signed. */
static enum ac_code
next_line(struct pk *k, struct ac_str *ret)
{
	k->line++;
	for (size_t i = 0; i < k->rest.n; i++) {
		unsigned char ch = (unsigned char)k->rest.p[i];

		if (ch == '\n') {
			*ret = (struct ac_str){ k->rest.p, i };
			k->rest = (struct ac_str){ k->rest.p + i + 1, k->rest.n - i - 1 };
			return AC_OK;
		}
		if (ch < 0x20 || ch == 0x7f)
			return refuse(k, "PACK-LINE", (uint32_t)i + 1, "a control character in the head");
		if (i >= PK_LINE_MAX)
			return refuse(k, "PACK-LINE", (uint32_t)i + 1, "a line of the head is too long");
	}
	return refuse(k, "PACK-LINE", 0, "the head ends inside a line");
}

/* 2026-03-01T09:00:00.000Z; that it is a real time matters to nobody. */
static bool
is_made(struct ac_str s)
{
	const char *form = "dddd-dd-ddTdd:dd:dd.dddZ";

	if (s.n != strlen(form))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (form[i] == 'd' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != form[i])
			return false;
	return true;
}

static bool
is_id(struct ac_str s)
{
	if (s.n == 0 || s.n > 64 || s.p[0] < 'a' || s.p[0] > 'z')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
			return false;
	return true;
}

/* "protocol ID VERSION SHA256 BYTES" */
static enum ac_code
item_line(struct pk *k, struct ac_str line, struct ac_pack_item *ret)
{
	struct ac_str word, rest = ac_cut(line, ' ', &word);
	int64_t n;

	rest = ac_cut(rest, ' ', &ret->id);
	if (!is_id(ret->id))
		return refuse(
		    k, "PACK-ID", 10, "an id is a small letter, then small letters, digits and '-'");
	rest = ac_cut(rest, ' ', &word);
	if (!ac_unhex(word, ret->version.b, sizeof(ret->version.b)))
		return refuse(k, "PACK-LINE", 0, "the version is not 64 hexadecimal digits");
	rest = ac_cut(rest, ' ', &word);
	if (!ac_unhex(word, ret->sha256.b, sizeof(ret->sha256.b)))
		return refuse(k, "PACK-LINE", 0, "the SHA-256 is not 64 hexadecimal digits");
	if (!ac_str_int(rest, 1, INT32_MAX, &n) || rest.p[0] == '0')
		return refuse(k, "PACK-SIZE", 0, "the number of bytes is not a number");
	if (n > AC_PROTOCOL_BYTES_MAX)
		return ac_fail_at(k->reterr, AC_ELIMIT, "PACK-LIMIT", k->line, 0, "/pack",
		    "a protocol has at most %d bytes", AC_PROTOCOL_BYTES_MAX);
	ret->source.n = (size_t)n;
	return AC_OK;
}

static enum ac_code
items(struct pk *k, struct ac_arena *a, struct ac_pack *ret)
{
	struct ac_str line;
	enum ac_code rc;

	AC_VEC(struct ac_pack_item) v = { 0 };
	for (;;) {
		if ((rc = next_line(k, &line)) != AC_OK)
			return rc;
		if (line.n == 0)
			break;
		struct ac_pack_item item = { 0 };
		if (!ac_str_starts(line, AC_S("protocol ")))
			return refuse(k, "PACK-LINE", 1,
			    "expected a line that begins with \"protocol \", or an empty one");
		if ((rc = item_line(k, line, &item)) != AC_OK)
			return rc;
		if (v.n == AC_PACK_PROTOCOLS_MAX)
			return ac_fail_at(k->reterr, AC_ELIMIT, "PACK-LIMIT", k->line, 0, "/pack",
			    "a pack holds at most %d protocols", AC_PACK_PROTOCOLS_MAX);
		if (v.n > 0 && ac_str_cmp(v.v[v.n - 1].id, item.id) >= 0)
			return refuse(k, "PACK-ORDER", 10, "ids stand in their order, each once");
		AC_PUSH(a, &v, item);
	}
	ret->v = v.v;
	ret->n = v.n;
	return v.n == 0 ? refuse(k, "PACK-EMPTY", 0, "there is no protocol in it") : AC_OK;
}

/* No signature, or one: an empty line ends the head. */
static enum ac_code
signature(struct pk *k, struct ac_pack *ret)
{
	struct ac_str line, rest, end;
	enum ac_code rc = next_line(k, &line);

	if (rc != AC_OK || line.n == 0)
		return rc;
	if (!ac_str_starts(line, AC_S(PK_DASH)))
		return refuse(k, "PACK-NOTE", 1, "expected a signature line, or an empty one");
	rest = (struct ac_str){ line.p + strlen(PK_DASH), line.n - strlen(PK_DASH) };
	ret->signature = ac_cut(rest, ' ', &ret->signer);
	if (ret->signer.n == 0 || ret->signature.n == 0)
		return refuse(k, "PACK-NOTE", 1, "a signature line is a name and the signature");
	if ((rc = next_line(k, &end)) != AC_OK)
		return rc;
	return end.n == 0 ? AC_OK : refuse(k, "PACK-NOTE", 1, "a pack has one signature, then an empty line");
}

static enum ac_code
head(struct pk *k, struct ac_arena *a, struct ac_pack *ret)
{
	const char *begin = k->rest.p;
	struct ac_str line;
	enum ac_code rc;

	if ((rc = next_line(k, &line)) != AC_OK)
		return rc;
	if (!ac_streq_c(line, PK_FIRST))
		return refuse(
		    k, "PACK-HEAD", 1, "this is not a pack that we know: the first line is not " PK_FIRST);
	if ((rc = next_line(k, &line)) != AC_OK)
		return rc;
	ret->made = (struct ac_str){ line.p + 5, line.n - 5 };
	if (!ac_str_starts(line, AC_S("made ")) || !is_made(ret->made))
		return refuse(k, "PACK-MADE", 1, "the second line says when: made 2026-03-01T09:00:00.000Z");
	if ((rc = items(k, a, ret)) != AC_OK)
		return rc;
	ret->text = (struct ac_str){ begin, (size_t)(k->rest.p - begin) - 1 };
	return signature(k, ret);
}

/* The source is what the head says it is, and a protocol. */
static enum ac_code
load(struct ac_pack_item *it, struct ac_arena *a, struct ac_err *reterr)
{
	struct ac_err e = { 0 };
	struct ac_sha256 sha;
	enum ac_code rc;
	char path[sizeof(e.path)];

	snprintf(path, sizeof(path), "/pack/%.*s", AC_FMT(it->id));
	ac_sha256(it->source, &sha);
	if (memcmp(sha.b, it->sha256.b, sizeof(sha.b)) != 0)
		return ac_fail_at(reterr, AC_EINTEGRITY, "PACK-DIGEST", 0, 0, path,
		    "the source is not the one that the head names");
	if ((rc = ac_protocol_load(it->source, a, &it->protocol, &e)) != AC_OK)
		return ac_fail_at(reterr, rc, e.rule, e.line, e.col, path, "%s", e.msg);
	if (!ac_streq(it->protocol->id, it->id) ||
	    memcmp(it->protocol->version.b, it->version.b, sizeof(it->version.b)) != 0)
		return ac_fail_at(reterr, AC_EINPUT, "PACK-VERSION", 0, 0, path,
		    "the protocol's id or version is not the one that the head names");
	return AC_OK;
}

enum ac_code
ac_pack_read(struct ac_str bytes, struct ac_arena *a, struct ac_pack *ret, struct ac_err *reterr)
{
	struct pk k = { { bytes.p, bytes.n < AC_PACK_HEAD_MAX ? bytes.n : AC_PACK_HEAD_MAX }, 0, reterr };
	enum ac_code rc;

	*ret = (struct ac_pack){ 0 };
	if (bytes.n > AC_PACK_BYTES_MAX)
		return ac_fail(
		    reterr, AC_ELIMIT, "PACK-LIMIT", "a pack has at most %zu bytes", AC_PACK_BYTES_MAX);
	if ((rc = head(&k, a, ret)) != AC_OK)
		return rc;
	struct ac_str left = { k.rest.p, bytes.n - (size_t)(k.rest.p - bytes.p) };
	for (size_t i = 0; i < ret->n; i++) {
		struct ac_pack_item *it = &ret->v[i];

		if (it->source.n > left.n)
			return ac_fail_at(reterr, AC_EINPUT, "PACK-TRUNCATED", 0, 0, "/pack",
			    "the file ends before its last protocol does");
		it->source.p = left.p;
		left = (struct ac_str){ left.p + it->source.n, left.n - it->source.n };
	}
	if (left.n > 0)
		return ac_fail_at(reterr, AC_EINPUT, "PACK-TRAILING", 0, 0, "/pack",
		    "there is something behind the last protocol");
	for (size_t i = 0; i < ret->n; i++)
		if ((rc = load(&ret->v[i], a, reterr)) != AC_OK)
			return rc;
	return AC_OK;
}
