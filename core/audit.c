/* audit.c - writing leaves, and the head of the log. */
#include "base/buf.h"
#include "base/time.h"
#include "core/committer.h"
#include "core/log_tail.h"

#define PSEUDONYM_BYTES 16

_Static_assert(sizeof(((struct ac_pseudonym *)0)->text) == 22, "base64url of 16 bytes");

/* What can be logged. A new word here is a decision: an auditor filters by it. */
static const char *const actions[] = { "event", "plan", "document", "issue", "view", "list", "search", "read",
	"print", "download", "export", "refuse", "task", "answer", "override", "anchor", "delivery",
	"protocol", "publish", "import", "configure", "dictionary", "key", "timer", "verify", "regen", "init",
	"log", "start", "stop", "submit", "approve", "return", "break-glass", "rollback", "retire", "suspend", "resume",
	"person", "repin", "recall", "backup", "sign", "supersede", "unschedule", "call", "state",
	"confirm" };

static bool
is_action(const char *word)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(word, actions[i]) == 0)
			return true;
	return false;
}

/* Printable ASCII that JSON needs no escape for: one object has one spelling. */
static bool
is_plain(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '"' || s.p[i] == '\\')
			return false;
	return true;
}

/*
 * The first 16 bytes of the HMAC, as text. Neighbours in the log are mostly about the same person: the last one is
 * remembered for the batch.
 */
static struct ac_str
pseudonym(struct ac_log_tail *t, struct ac_pseudonym *last, const char *purpose, struct ac_str clear,
    struct ac_arena *a)
{
	struct ac_sha256 mac;

	if (!ac_str_is_set(clear))
		return (struct ac_str){ 0 };
	if (last->text[0] != '\0' && ac_streq(clear, (struct ac_str){ last->clear, last->n }))
		return (struct ac_str){ last->text, sizeof(last->text) };
	ac_keys_hmac(t->keys, purpose, clear, &mac);
	struct ac_str text = ac_base64url(a, mac.b, PSEUDONYM_BYTES);
	if (clear.n <= sizeof(last->clear)) {
		memcpy(last->clear, clear.p, clear.n);
		last->n = clear.n;
		memcpy(last->text, text.p, sizeof(last->text));
	}
	return text;
}

void
ac_audit_digest(const struct ac_sha256 *plain, const unsigned char *salt, struct ac_sha256 *ret)
{
	ac_sha256_2((struct ac_str){ (const char *)salt, AC_SALT_BYTES },
	    (struct ac_str){ (const char *)plain->b, 32 }, ret);
}

static enum ac_code
check_entry(const struct ac_audit_entry *e, struct ac_err *reterr)
{
	if (e->action == NULL || !is_action(e->action))
		return ac_fail(reterr, AC_EINPUT, "LOG-ACTION", "no such action in the log");
	if (e->kind == NULL || !is_plain(ac_str_c(e->kind)) || !is_plain(ac_str_c(e->outcome)) ||
	    !is_plain(e->role) || !is_plain(e->id) || e->version < 0 ||
	    (e->digest != NULL) != (e->salt != NULL))
		return ac_fail(reterr, AC_EINPUT, "LOG-TEXT",
		    "action %s: kind, id, role or outcome cannot be logged", e->action);
	return AC_OK;
}

/* `before` is the member's name with what stands around it. */
static void
add_text(struct ac_buf *b, const char *before, struct ac_str value)
{
	ac_buf_addz(b, before);
	if (!ac_str_is_set(value)) {
		ac_buf_add(b, AC_S("null"));
		return;
	}
	ac_buf_addc(b, '"');
	ac_buf_add(b, value);
	ac_buf_addc(b, '"');
}

static struct ac_str
digest_of(const struct ac_commit *c, const struct ac_audit_entry *e)
{
	struct ac_sha256 salted;

	if (e->digest == NULL)
		return (struct ac_str){ 0 };
	ac_audit_digest(e->digest, e->salt, &salted);
	return ac_base64url(c->arena, salted.b, sizeof(salted.b));
}

static struct ac_str
make_leaf(const struct ac_commit *c, const struct ac_audit_entry *e, struct ac_str digest)
{
	struct ac_log_tail *t = c->log;
	struct ac_buf b;

	ac_buf_init(&b, c->arena, AC_LEAF_MAX + 1, 0);
	add_text(&b, "{\"v\":1,\"time\":", ac_rfc3339_ms(c->arena, c->now_ms));
	add_text(&b, ",\"actor\":", pseudonym(t, &t->actor, "actor", e->actor, c->arena));
	add_text(&b, ",\"role\":", e->role);
	ac_buf_add(&b, AC_S(",\"action\":\""));
	ac_buf_addz(&b, e->action);
	if (e->outcome != NULL) {
		ac_buf_addc(&b, ':');
		ac_buf_addz(&b, e->outcome);
	}
	ac_buf_addc(&b, '"');
	add_text(&b, ",\"kind\":", ac_str_c(e->kind));
	add_text(&b, ",\"id\":", e->id);
	if (e->version > 0)
		ac_buf_addf(&b, ",\"version\":%lld", (long long)e->version);
	else
		ac_buf_add(&b, AC_S(",\"version\":null"));
	add_text(&b, ",\"patient\":", pseudonym(t, &t->patient, "patient", e->patient, c->arena));
	add_text(&b, ",\"digest\":", digest);
	ac_buf_addc(&b, '}');
	return ac_buf_str(&b);
}

static enum ac_code
check_size(const struct ac_audit_entry *e, struct ac_str leaf, struct ac_err *reterr)
{
	if (leaf.n <= AC_LEAF_MAX)
		return AC_OK;
	return ac_fail(reterr, AC_ELIMIT, "LOG-SIZE", "an entry about %s needs %zu bytes, %d are allowed", e->kind,
	    leaf.n, AC_LEAF_MAX);
}

enum ac_code
ac_audit_check(const struct ac_keys *k, const struct ac_audit_entry *e, int64_t now_ms, struct ac_arena *a,
    struct ac_err *reterr)
{
	struct ac_log_tail tail = { .keys = k };
	struct ac_commit c = { .now_ms = now_ms, .arena = a, .log = &tail };
	enum ac_code code = check_entry(e, reterr);

	return code != AC_OK ? code : check_size(e, make_leaf(&c, e, digest_of(&c, e)), reterr);
}

static enum ac_code
append(struct ac_commit *c, const struct ac_audit_entry *e, struct ac_str digest, struct ac_err *reterr)
{
	struct ac_str leaf = make_leaf(c, e, digest);
	enum ac_code code = check_size(e, leaf, reterr);
	int64_t idx = (int64_t)c->log->f.size;
	struct ac_sha256 hash;

	if (code == AC_OK)
		code = ac_store_run(c->store, AC_STMT_LEAF_ADD, NULL, NULL, reterr, AC_VINT(idx), AC_VBLOB(leaf));
	if (code == AC_OK)
		code = ac_store_run(c->store, AC_STMT_LEAF_SIDE_ADD, NULL, NULL, reterr, AC_VINT(idx),
		    AC_VTEXT(e->actor), AC_VTEXT(e->patient), AC_VTEXT(e->object));
	if (code != AC_OK)
		return code;
	ac_merkle_leaf(leaf, &hash);
	ac_frontier_add(&c->log->f, &hash);
	return AC_OK;
}

struct ac_str
ac_audit_reason_digest(const struct ac_keys *k, struct ac_str reason, struct ac_arena *a)
{
	struct ac_sha256 mac;

	ac_keys_hmac(k, AC_LEAF_REASON, ac_str_trim(reason), &mac);
	return ac_base64url(a, mac.b, sizeof(mac.b));
}

/* A leaf of its own, before the act's: that has a digest of something else, and the last leaf is what rows point at. */
static enum ac_code
append_reason(struct ac_commit *c, const struct ac_audit_entry *e, struct ac_err *reterr)
{
	struct ac_audit_entry why = { .action = e->action,
		.kind = strcmp(e->kind, "protocol") == 0 ? AC_LEAF_PROTOCOL_REASON : AC_LEAF_REASON,
		.actor = e->actor,
		.role = e->role,
		.id = e->id,
		.version = e->version,
		.object = ac_str_trim(e->reason),
		.outcome = e->outcome };

	return append(c, &why, ac_audit_reason_digest(c->log->keys, e->reason, c->arena), reterr);
}

enum ac_code
ac_audit_append(struct ac_commit *c, const struct ac_audit_entry *e, struct ac_err *reterr)
{
	enum ac_code code = check_entry(e, reterr);

	if (code == AC_OK && ac_str_trim(e->reason).n > 0)
		code = append_reason(c, e, reterr);
	return code != AC_OK ? code : append(c, e, digest_of(c, e), reterr);
}

int64_t
ac_audit_last(const struct ac_commit *c)
{
	return c->log->f.size > c->log->base ? (int64_t)c->log->f.size - 1 : -1;
}

int64_t
ac_audit_next(const struct ac_commit *c)
{
	return (int64_t)c->log->f.size;
}

bool
ac_frontier_read(struct ac_frontier *f, int64_t size, struct ac_str bytes)
{
	size_t n = size < 0 ? 0 : ac_frontier_count((uint64_t)size);

	if (size < 0 || bytes.n != n * sizeof(f->v[0]))
		return false;
	f->size = (uint64_t)size;
	if (n > 0)
		memcpy(f->v, bytes.p, bytes.n);
	return true;
}

static enum ac_code
read_head(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	struct ac_log_tail *t = arg;

	(void)ncols;
	if (!ac_frontier_read(&t->f, cols[0].i, cols[1].s))
		return ac_fail(reterr, AC_EINTEGRITY, "LOG-ROOT", "the head of the log is damaged");
	t->base = t->f.size;
	t->at_ms = cols[2].i;
	return AC_OK;
}

enum ac_code
ac_log_tail_load(struct ac_store *s, const struct ac_keys *k, struct ac_log_tail *ret, struct ac_err *reterr)
{
	*ret = (struct ac_log_tail){ .keys = k };
	return ac_store_run_n(s, AC_STMT_LOG_HEAD_GET, NULL, 0, read_head, ret, NULL, reterr);
}

enum ac_code
ac_log_tail_save(struct ac_store *s, const struct ac_log_tail *t, struct ac_arena *a, struct ac_err *reterr)
{
	struct ac_str frontier = { (const char *)t->f.v, ac_frontier_count(t->f.size) * sizeof(t->f.v[0]) };
	struct ac_sha256 root;
	enum ac_code code = ac_store_run(s, AC_STMT_LOG_HEAD_SET, NULL, NULL, reterr,
	    AC_VINT((int64_t)t->f.size), AC_VBLOB(frontier), AC_VINT(t->at_ms));

	if (code != AC_OK || t->f.size == t->base)
		return code;
	ac_frontier_root(&t->f, &root);
	return ac_store_run(s, AC_STMT_CHECKPOINT_ADD, NULL, NULL, reterr, AC_VINT((int64_t)t->f.size),
	    AC_VSHA(&root), AC_VTEXT(ac_checkpoint_sign(t->keys, t->f.size, &root, a)), AC_VINT(t->at_ms));
}
