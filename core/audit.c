/* audit.c - writing leaves, and the head of the log. */
#include <assert.h>
#include <stdio.h>

#include "base/time.h"
#include "core/committer.h"
#include "core/log_tail.h"

#define PSEUDONYM_BYTES 16

/* What can be logged. A new word here is a decision: an auditor filters by it. */
static const char *const actions[] = { "event", "plan", "document", "issue", "view", "list", "search", "read", "print",
	"download", "export", "refuse", "task", "answer", "override", "anchor", "delivery", "protocol", "publish",
	"import", "configure", "dictionary", "key", "timer", "verify", "regen", "init",
	"log", "start", "stop" };

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

static struct ac_str
quoted(struct ac_arena *a, struct ac_str s)
{
	return ac_str_is_set(s) ? ac_strf(a, "\"%.*s\"", AC_FMT(s)) : AC_S("null");
}

static struct ac_str
pseudonym(const struct ac_commit *c, const char *purpose, struct ac_str clear)
{
	struct ac_sha256 mac;

	if (!ac_str_is_set(clear))
		return (struct ac_str){ 0 };
	ac_keys_hmac(c->log->keys, purpose, clear, &mac);
	return ac_base64url(c->arena, mac.b, PSEUDONYM_BYTES);
}

void
ac_audit_digest(const struct ac_sha256 *plain, const unsigned char *salt, struct ac_sha256 *ret)
{
	ac_sha256_2((struct ac_str){ (const char *)salt, AC_SALT_BYTES }, (struct ac_str){ (const char *)plain->b, 32 },
	    ret);
}

static enum ac_code
check_entry(const struct ac_audit_entry *e, struct ac_err *reterr)
{
	if (e->action == NULL || !is_action(e->action))
		return ac_fail(reterr, AC_EINPUT, "LOG-ACTION", "no such action in the log");
	if (e->kind == NULL || !is_plain(ac_str_c(e->kind)) || !is_plain(ac_str_c(e->outcome)) || !is_plain(e->role) ||
	    !is_plain(e->id) || e->version < 0 || (e->digest != NULL) != (e->salt != NULL))
		return ac_fail(reterr, AC_EINPUT, "LOG-TEXT", "action %s: kind, id, role or outcome cannot be logged",
		    e->action);
	return AC_OK;
}

static struct ac_str
make_leaf(const struct ac_commit *c, const struct ac_audit_entry *e)
{
	struct ac_arena *a = c->arena;
	struct ac_str digest = { 0 }, version = AC_S("null");
	struct ac_sha256 salted;

	if (e->digest != NULL) {
		ac_audit_digest(e->digest, e->salt, &salted);
		digest = ac_base64url(a, salted.b, sizeof(salted.b));
	}
	if (e->version > 0)
		version = ac_strf(a, "%lld", (long long)e->version);
	return ac_strf(a,
	    "{\"v\":1,\"time\":\"%.*s\",\"actor\":%.*s,\"role\":%.*s,\"action\":\"%s%s%s\",\"kind\":\"%s\",\"id\":%.*s,"
	    "\"version\":%.*s,\"patient\":%.*s,\"digest\":%.*s}",
	    AC_FMT(ac_rfc3339_ms(a, c->now_ms)), AC_FMT(quoted(a, pseudonym(c, "actor", e->actor))),
	    AC_FMT(quoted(a, e->role)), e->action, e->outcome == NULL ? "" : ":",
	    e->outcome == NULL ? "" : e->outcome, e->kind, AC_FMT(quoted(a, e->id)), AC_FMT(version),
	    AC_FMT(quoted(a, pseudonym(c, "patient", e->patient))), AC_FMT(quoted(a, digest)));
}

enum ac_code
ac_audit_append(struct ac_commit *c, const struct ac_audit_entry *e, struct ac_err *reterr)
{
	enum ac_code code = check_entry(e, reterr);
	struct ac_sha256 hash;

	if (code != AC_OK)
		return code;
	struct ac_str leaf = make_leaf(c, e);
	if (leaf.n > AC_LEAF_MAX)
		return ac_fail(reterr, AC_ELIMIT, "LOG-SIZE", "an entry about %s needs %zu bytes, %d are allowed", e->kind,
		    leaf.n, AC_LEAF_MAX);
	int64_t idx = (int64_t)c->log->f.size;
	code = ac_store_run(c->store, AC_STMT_LEAF_ADD, NULL, NULL, reterr, AC_VINT(idx), AC_VBLOB(leaf));
	if (code == AC_OK)
		code = ac_store_run(c->store, AC_STMT_LEAF_SIDE_ADD, NULL, NULL, reterr, AC_VINT(idx), AC_VTEXT(e->actor),
		    AC_VTEXT(e->patient), AC_VTEXT(e->object));
	if (code != AC_OK)
		return code;
	ac_merkle_leaf(leaf, &hash);
	ac_frontier_add(&c->log->f, &hash);
	return AC_OK;
}

int64_t
ac_audit_last(const struct ac_commit *c)
{
	return c->log->f.size > c->log->base ? (int64_t)c->log->f.size - 1 : -1;
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
	enum ac_code code = ac_store_run(s, AC_STMT_LOG_HEAD_SET, NULL, NULL, reterr, AC_VINT((int64_t)t->f.size),
	    AC_VBLOB(frontier), AC_VINT(t->at_ms));

	if (code != AC_OK || t->f.size == t->base)
		return code;
	ac_frontier_root(&t->f, &root);
	return ac_store_run(s, AC_STMT_CHECKPOINT_ADD, NULL, NULL, reterr, AC_VINT((int64_t)t->f.size), AC_VSHA(&root),
	    AC_VTEXT(ac_checkpoint_sign(t->keys, t->f.size, &root, a)), AC_VINT(t->at_ms));
}
