/* token_keys.c - the keys that sign the module's tokens: their file, and what administrators do with it. See token.h. */
#include <errno.h>
#include <ini.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "core/service_parts.h"
#include "core/token.h"

#define FILE_MAX 1024
#define CONF_MAX (64 * 1024)

struct conf {
	struct ac_arena *a;
	const char *keys;
};

static int
on_setting(void *user, const char *section, const char *name, const char *value)
{
	struct conf *c = user;

	if (strcmp(section, "module") == 0 && strcmp(name, "keys") == 0)
		c->keys = ac_cstr(c->a, ac_str_c(value));
	return 1; /* other sections are others' */
}

enum ac_code
ac_token_keys_path(const char *state_dir, struct ac_arena *a, const char **ret, struct ac_err *reterr)
{
	struct conf conf = { .a = a };
	struct ac_str ini;
	struct ac_err err = { 0 };
	enum ac_code rc =
	    ac_file_read(ac_cstr(a, ac_strf(a, "%s/aftercare.conf", state_dir)), CONF_MAX, a, &ini, &err);

	if (rc != AC_OK && rc != AC_ENOTFOUND) {
		if (reterr != NULL)
			*reterr = err;
		return rc;
	}
	if (rc == AC_OK && ini_parse_string(ac_cstr(a, ini), on_setting, &conf) != 0)
		return ac_fail(
		    reterr, AC_EIO, "KEY-FORMAT", "aftercare.conf in the state folder has a bad line");
	if (conf.keys == NULL)
		*ret = ac_cstr(a, ac_strf(a, "%s/keys/module.keys", state_dir));
	else if (conf.keys[0] == '/')
		*ret = conf.keys;
	else
		*ret = ac_cstr(a, ac_strf(a, "%s/%s", state_dir, conf.keys));
	return AC_OK;
}

static bool
read_line(struct ac_str line, struct ac_token_key *ret)
{
	struct ac_str id, secret, made = ac_cut(line, ' ', &id);

	made = ac_cut(made, ' ', &secret);
	unsigned char check[AC_TOKEN_KEY_ID / 2];
	if (!ac_unhex(id, check, sizeof(check)) || !ac_unhex(secret, ret->secret, sizeof(ret->secret)) ||
	    !ac_str_int(made, 0, INT64_MAX / 1000, &ret->made_at))
		return false;
	memcpy(ret->id, id.p, AC_TOKEN_KEY_ID);
	ret->id[AC_TOKEN_KEY_ID] = '\0';
	return true;
}

static enum ac_code
parse(struct ac_str text, struct ac_token_keys *ret, struct ac_err *reterr)
{
	struct ac_str line;

	while (text.n > 0) {
		text = ac_cut(text, '\n', &line);
		if (line.n == 0)
			continue;
		if (ret->n == AC_TOKEN_KEYS_MAX || !read_line(line, &ret->v[ret->n++]))
			return ac_fail(
			    reterr, AC_EIO, "KEY-FORMAT", "the file of the module's keys is damaged");
	}
	return AC_OK;
}

enum ac_code
ac_token_keys_read(const char *path, struct ac_token_keys *ret, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_token_keys keys = { 0 };
	struct ac_str text;
	struct stat st;
	enum ac_code rc;

	if (stat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
		*ret = keys;
		return AC_OK;
	}
	if (stat(path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return ac_fail(
		    reterr, AC_EDENIED, "KEY-MODE", "others can read %s: its mode must be 0600", path);
	if ((rc = ac_file_read(path, FILE_MAX, a, &text, reterr)) != AC_OK)
		return rc;
	rc = parse(text, &keys, reterr);
	OPENSSL_cleanse((void *)(uintptr_t)text.p, text.n);
	if (rc == AC_OK)
		*ret = keys;
	OPENSSL_cleanse(&keys, sizeof(keys));
	return rc;
}

/* What root writes in the plugin's folder is the plugin's. */
static enum ac_code
write_keys(const char *path, const struct ac_token_keys *keys, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_str text = AC_S("");
	const char *slash = strrchr(path, '/');
	struct stat st;
	enum ac_code rc;

	for (size_t i = 0; i < keys->n; i++)
		text = ac_strf(a, "%.*s%s %.*s %lld\n", AC_FMT(text), keys->v[i].id,
		    AC_FMT(ac_hex(a, keys->v[i].secret, sizeof(keys->v[i].secret))),
		    (long long)keys->v[i].made_at);
	if ((rc = ac_file_write(path, text, 0600, reterr)) != AC_OK || geteuid() != 0 || slash == NULL)
		return rc;
	char *folder = ac_cstr(a, (struct ac_str){ path, (size_t)(slash - path) + 1 });
	if (stat(folder, &st) == 0 && chown(path, st.st_uid, st.st_gid) != 0)
		return ac_fail(reterr, AC_EIO, "FILE-IO", "cannot give %s to the owner of its folder", path);
	return AC_OK;
}

/* ---- what a serving program has in hand ---- */

static bool
is_same_file(const struct ac_token_ring *r, const struct stat *st)
{
	return r->is_read && r->ino == (int64_t)st->st_ino && r->size == st->st_size &&
	       r->mtime_ns == st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static enum ac_code
current_keys(struct ac_service *s, struct ac_token_keys *ret, struct ac_err *reterr)
{
	struct ac_token_ring *r = &s->tokens;
	enum ac_code rc = AC_OK;
	struct stat st = { 0 };

	pthread_mutex_lock(&s->lock);
	if (stat(s->token_keys, &st) != 0)
		st = (struct stat){ 0 };
	if (!is_same_file(r, &st)) {
		r->is_read = false;
		if ((rc = ac_token_keys_read(s->token_keys, &r->keys, reterr)) == AC_OK) {
			r->is_read = true;
			r->ino = (int64_t)st.st_ino;
			r->size = st.st_size;
			r->mtime_ns = st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
		}
	}
	if (rc == AC_OK)
		*ret = r->keys;
	pthread_mutex_unlock(&s->lock);
	return rc;
}

enum ac_code
ac_service_token(struct ac_worker *w, struct ac_str text, struct ac_token *ret, struct ac_err *reterr)
{
	struct ac_token_keys keys = { 0 };
	struct ac_err err = { 0 };
	enum ac_code rc = current_keys(w->service, &keys, &err);

	if (rc != AC_OK) { /* ours to mend, not the caller's to know */
		ac_log_err(AC_LOG_ERR, "the module's keys cannot be read: no token is good", &err);
		keys.n = 0;
	}
	rc = ac_token_check(&keys, text, ac_keys_origin(w->service->keys), ac_service_now_ms(w->service),
	    w->arena, ret, reterr);
	OPENSSL_cleanse(&keys, sizeof(keys));
	return rc;
}

/* ---- administration ---- */

struct key_work {
	struct ac_str actor, retire; /* absent: a new one */
	struct ac_life_how how;
	const char *path;
	struct ac_token_keys was, now;
	bool written;
};

static enum ac_code
note_key(struct ac_commit *c, const struct key_work *k, const struct ac_token_key *key, const char *what,
    struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = "key",
		.kind = "module-key",
		.actor = k->actor,
		.role = AC_S("admin"),
		.id = ac_str_c(key->id),
		.reason = k->how.reason,
		.outcome = what };

	return ac_audit_append(c, &e, reterr);
}

/* Behind the place of a new one. */
static void
keep_former(struct key_work *k)
{
	k->now.n = 1;
	for (size_t i = 0; i < k->was.n && k->now.n < AC_TOKEN_KEYS_MAX; i++)
		k->now.v[k->now.n++] = k->was.v[i];
}

/* NULL: KEY-UNKNOWN. */
static const struct ac_token_key *
take_out(struct key_work *k, struct ac_err *reterr)
{
	const struct ac_token_key *gone = NULL;

	for (size_t i = 0; i < k->was.n; i++) {
		if (ac_streq_c(k->retire, k->was.v[i].id))
			gone = &k->was.v[i];
		else
			k->now.v[k->now.n++] = k->was.v[i];
	}
	if (gone == NULL)
		ac_fail(reterr, AC_ENOTFOUND, "KEY-UNKNOWN", "there is no key of the module with this id");
	return gone;
}

static enum ac_code
add_key(struct ac_commit *c, struct key_work *k, struct ac_err *reterr)
{
	struct ac_token_key *key = &k->now.v[0];
	unsigned char id[AC_TOKEN_KEY_ID / 2];
	enum ac_code rc;

	if (k->was.n == AC_TOKEN_KEYS_MAX &&
	    (rc = note_key(c, k, &k->was.v[AC_TOKEN_KEYS_MAX - 1], "retired", reterr)) != AC_OK)
		return rc;
	keep_former(k);
	ac_random(id, sizeof(id));
	memcpy(key->id, ac_cstr(c->arena, ac_hex(c->arena, id, sizeof(id))), sizeof(key->id));
	ac_random(key->secret, sizeof(key->secret));
	key->made_at = c->now_ms / 1000;
	return note_key(c, k, key, "made", reterr);
}

static enum ac_code
drop_key(struct ac_commit *c, struct key_work *k, struct ac_err *reterr)
{
	const struct ac_token_key *gone = take_out(k, reterr);

	return gone == NULL ? AC_ENOTFOUND : note_key(c, k, gone, "retired", reterr);
}

/* Inside the transaction, so that two administrators take turns; the file comes last. */
static enum ac_code
commit_keys(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct key_work *k = arg;
	enum ac_code rc = AC_OK;

	if (k->written) /* it runs again, and what it wrote was taken back with its batch */
		rc = write_keys(k->path, &k->was, reterr);
	k->now = (struct ac_token_keys){ 0 };
	if (rc == AC_OK)
		rc = ac_token_keys_read(k->path, &k->was, reterr);
	if (rc == AC_OK)
		rc = ac_str_is_set(k->retire) ? drop_key(c, k, reterr) : add_key(c, k, reterr);
	if (rc == AC_OK)
		rc = write_keys(k->path, &k->now, reterr);
	k->written = rc == AC_OK;
	return rc;
}

/* The keys that there would be; a new one has no secret and no id yet. */
static enum ac_code
would_change(const struct ac_worker *w, struct key_work *k, struct ac_err *reterr)
{
	enum ac_code rc = ac_token_keys_read(k->path, &k->was, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_str_is_set(k->retire))
		return take_out(k, reterr) != NULL ? AC_OK : AC_ENOTFOUND;
	keep_former(k);
	k->now.v[0].made_at = ac_service_now_ms(w->service) / 1000;
	return AC_OK;
}

static enum ac_code
change_keys(struct ac_worker *w, struct key_work *k, struct ac_err *reterr)
{
	struct ac_err err = { 0 };

	k->path = w->service->token_keys;
	enum ac_code rc = ac_reason_check(k->how.reason, false, reterr);
	if (rc != AC_OK)
		return rc;
	if (k->how.dry_run)
		return would_change(w, k, reterr);
	rc = ac_committer_run(w->service->committer, commit_keys, k, reterr);
	if (rc != AC_OK && k->written &&
	    write_keys(k->path, &k->was, &err) != AC_OK) /* not on record: not in force */
		ac_log_err(AC_LOG_ERR, "a key that is not on record is in force", &err);
	return rc;
}

enum ac_code
ac_token_key_rotate(
    struct ac_worker *w, struct ac_str actor, struct ac_life_how how, struct ac_token_keys *ret,
    struct ac_err *reterr)
{
	struct key_work k = { .actor = actor, .how = how };
	enum ac_code rc = change_keys(w, &k, reterr);

	if (rc == AC_OK)
		*ret = k.now;
	OPENSSL_cleanse(&k, sizeof(k));
	return rc;
}

enum ac_code
ac_token_key_retire(struct ac_worker *w, struct ac_str actor, struct ac_str id, struct ac_life_how how,
    struct ac_err *reterr)
{
	struct key_work k = { .actor = actor, .retire = id, .how = how };
	enum ac_code rc = change_keys(w, &k, reterr);

	OPENSSL_cleanse(&k, sizeof(k));
	return rc;
}
