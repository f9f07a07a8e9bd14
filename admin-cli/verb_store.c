/* verb_store.c - store backup, restore, check, migrate. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin-cli/terminal.h"
#include "base/time.h"
#include "core/backup.h"

static bool
wants_progress(const struct cli *c)
{
	return !c->quiet && !c->json && isatty(STDERR_FILENO);
}

static void
on_pages(int64_t done, int64_t total, void *arg)
{
	if (wants_progress(arg))
		fprintf(stderr, "\r%lld of %lld pages", (long long)done, (long long)total);
}

static void
on_blobs(int64_t done, void *arg)
{
	if (done % 256 == 0 && wants_progress(arg))
		fprintf(stderr, "\r%lld contents checked", (long long)done);
}

static void
end_progress(const struct cli *c)
{
	if (wants_progress(c))
		fprintf(stderr, "\r\033[K");
}

static int
report_backup(const struct cli *c, const char *verb, const char *dir, const struct ac_backup *k)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		cli_wrap(stdout, c->columns, 0, 2,
		    ac_strf(c->a,
			"%s %s: %lld byte(s), schema %lld, log of %lld entries, %lld plan version(s), %lld "
			"document(s), "
			"%lld sheet(s); verified",
			verb, dir, (long long)k->size, (long long)k->schema, (long long)k->log_size,
			(long long)k->counts.plans, (long long)k->counts.documents,
			(long long)k->counts.issues));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "folder", ac_str_c(dir));
	ac_jw_kint(&w, "size", k->size);
	ac_jw_kstr(&w, "sha256", ac_hex(c->a, k->sha256.b, sizeof(k->sha256.b)));
	ac_jw_kint(&w, "schema", k->schema);
	ac_jw_kint(&w, "log_size", k->log_size);
	ac_jw_kstr(&w, "log_root", ac_hex(c->a, k->log_root.b, sizeof(k->log_root.b)));
	ac_jw_kint(&w, "plans", k->counts.plans);
	ac_jw_kint(&w, "documents", k->counts.documents);
	ac_jw_kint(&w, "sheets", k->counts.issues);
	ac_jw_kbool(&w, "with_keys", k->with_keys);
	ac_jw_kbool(&w, "verified", true);
	return cli_json_end(&w);
}

int
verb_store_backup(struct cli *c)
{
	struct ac_actor who = cli_actor(c);
	struct ac_backup k;
	struct ac_err e = { 0 };

	if (c->dry_run) {
		printf("would copy %s to %s, %s the keys, and verify the copy\n", c->state, c->argv[0],
		    c->with_keys ? "with" : "without");
		return cli_done();
	}
	enum ac_code rc = ac_backup_make(c->w, &who, c->state, c->argv[0], c->with_keys, on_pages, c, &k, &e);
	end_progress(c);
	if (rc != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (c->with_keys)
		cli_say(c, "the keys are in %s/keys: the copy is as secret as the installation", c->argv[0]);
	else
		cli_say(c,
		    "the keys are NOT in the copy: without %s/keys nobody can go on with this log; keep them "
		    "elsewhere, or "
		    "use --with-keys",
		    c->state);
	return report_backup(c, "saved", c->argv[0], &k);
}

int
verb_store_restore(struct cli *c)
{
	struct ac_backup k;
	struct ac_err e = { 0 };
	enum ac_code rc = c->dry_run ? ac_backup_read(c->argv[0], c->a, &k, &e)
				     : ac_backup_restore(c->argv[0], c->keys, c->state, c->a, &k, &e);

	if (rc != AC_OK)
		return cli_fail(
		    c, e.rule != NULL && strcmp(e.rule, "RESTORE-EXISTS") == 0 ? c->state : c->argv[0], &e);
	if (c->dry_run) {
		printf("would restore %s into %s: %lld byte(s), schema %lld, %s keys\n", c->argv[0], c->state,
		    (long long)k.size, (long long)k.schema, k.with_keys ? "with" : "without");
		return cli_done();
	}
	cli_say(c, "what was done after the backup is not in it; if the folder is another user's to run, "
		   "give it to them");
	return report_backup(c, "restored", c->state, &k);
}

int
verb_store_check(struct cli *c)
{
	struct ac_store_checked n;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	enum ac_code rc = ac_store_check_all(c->w, on_blobs, c, &n, &e);

	end_progress(c);
	if (rc != AC_OK)
		return cli_fail(c, c->state, &e);
	if (!c->json) {
		cli_wrap(stdout, c->columns, 0, 2,
		    ac_strf(c->a,
			"the store is whole: %lld content(s), %lld log entries, %lld plan version(s), %lld "
			"document(s), "
			"%lld sheet(s)",
			(long long)n.blobs, (long long)n.log.leaves, (long long)n.log.plans,
			(long long)n.log.documents, (long long)n.log.issues));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kbool(&w, "ok", true);
	ac_jw_kint(&w, "contents", n.blobs);
	ac_jw_kint(&w, "entries", n.log.leaves);
	ac_jw_kint(&w, "plans", n.log.plans);
	ac_jw_kint(&w, "documents", n.log.documents);
	ac_jw_kint(&w, "sheets", n.log.issues);
	return cli_json_end(&w);
}

int
verb_store_migrate(struct cli *c)
{
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	const char *copy = NULL;
	int64_t have = 0, newest = 0;

	if (ac_migrate_pending(c->state, &have, &newest, &e) != AC_OK)
		return cli_fail(c, c->state, &e);
	if (have != newest && !c->dry_run &&
	    ac_migrate_now(c->state, ac_now_ms(), c->a, &copy, &e) != AC_OK) {
		if (copy != NULL)
			cli_say(c, "the store as it was is in %s", copy);
		return cli_fail(c, c->state, &e);
	}
	if (!c->json) {
		if (have == newest)
			printf("nothing to do: schema %lld is the newest\n", (long long)have);
		else
			printf("schema %lld %s %lld%s%s\n", (long long)have,
			    c->dry_run ? "would become" : "is now", (long long)newest,
			    copy == NULL ? "" : "; the store as it was: ", copy == NULL ? "" : copy);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kint(&w, "had", have);
	ac_jw_kint(&w, "newest", newest);
	ac_jw_kstr(&w, "copy", ac_str_c(copy));
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}
