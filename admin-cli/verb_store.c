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

/* What would be done, once everything that can be told before was. */
static int
would(const struct cli *c, const char *what, const char *from, const char *to, const struct ac_backup *k)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		cli_wrap(stdout, c->columns, 0, 2,
		    ac_strf(c->a, "would %s %s to %s, schema %lld, %s keys, and verify it", what, from, to,
			(long long)k->schema, k->with_keys ? "with" : "without"));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "from", ac_str_c(from));
	ac_jw_kstr(&w, "folder", ac_str_c(to));
	ac_jw_kint(&w, "schema", k->schema);
	ac_jw_kbool(&w, "with_keys", k->with_keys);
	ac_jw_kbool(&w, "dry_run", true);
	return cli_json_end(&w);
}

/*
 * On record in the installation that was not open while it was done. It is done: what is said here is that nobody can
 * read in the log that it was.
 */
static int
note(struct cli *c, const char *action, const char *outcome)
{
	struct ac_actor who = cli_actor(c);
	struct ac_audit_entry done = {
		.action = action, .kind = "store", .reason = ac_str_c(c->reason), .outcome = outcome
	};
	struct ac_err e = { 0 };

	if (cli_open(c, &e) && ac_service_log_entry(c->w, &who, &done, &e) == AC_OK)
		return -1;
	if (c->reason == NULL) { /* a store beside its keys, say: whoever brings it up has no log to write */
		cli_say(c, "it is done, and not in the log: %s", e.msg);
		return -1;
	}
	cli_fail(c, c->state, &e);
	cli_say(c, "it is done, and the reason is not in the log");
	return CLI_PARTIAL;
}

int
verb_store_backup(struct cli *c)
{
	struct ac_actor who = cli_actor(c);
	struct ac_backup k;
	struct ac_err e = { 0 };
	enum ac_code rc = ac_backup_make(
	    c->w, &who, c->state, c->argv[0], c->with_keys, cli_how(c), on_pages, c, &k, &e);

	end_progress(c);
	if (rc != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (c->dry_run)
		return would(c, "copy", c->state, c->argv[0], &k);
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
	int noted = -1, rc;

	if (ac_reason_check(ac_str_c(c->reason), false, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	for (int dry = 1; dry >= 0; dry--) { /* what would be refused is refused before a name is asked for */
		if (ac_backup_restore(c->argv[0], c->keys, c->state, dry, c->a, &k, &e) != AC_OK)
			return cli_fail(c,
			    e.rule != NULL && strcmp(e.rule, "RESTORE-EXISTS") == 0 ? c->state : c->argv[0], &e);
		if (dry && c->dry_run)
			return would(c, "restore", c->argv[0], c->state, &k);
		if (dry && (rc = cli_confirm(c, ac_str_c(c->state),
				"a restored installation goes on from the backup, beside the one it was made of")) >= 0)
			return rc;
	}
	/* without a reason the log stays as it was saved: a rehearsal must not sign another end of it */
	if (c->reason != NULL)
		noted = note(c, "backup", "restored");
	cli_say(c, "what was done after the backup is not in it; if the folder is another user's to run, "
		   "give it to them");
	rc = report_backup(c, "restored", c->state, &k);
	return noted >= 0 ? noted : rc;
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
	int noted = -1, rc;

	if (ac_reason_check(ac_str_c(c->reason), false, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (ac_migrate_pending(c->state, &have, &newest, &e) != AC_OK)
		return cli_fail(c, c->state, &e);
	if (have != newest && !c->dry_run &&
	    ac_migrate_now(c->state, ac_now_ms(), c->a, &copy, &e) != AC_OK) {
		if (copy != NULL)
			cli_say(c, "the store as it was is in %s", copy);
		return cli_fail(c, c->state, &e);
	}
	if (have != newest && !c->dry_run)
		noted = note(c, "configure", "migrated");
	if (!c->json) {
		if (have == newest)
			printf("nothing to do: schema %lld is the newest\n", (long long)have);
		else
			printf("schema %lld %s %lld%s%s\n", (long long)have,
			    c->dry_run ? "would become" : "is now", (long long)newest,
			    copy == NULL ? "" : "; the store as it was: ", copy == NULL ? "" : copy);
		rc = cli_done();
		return noted >= 0 ? noted : rc;
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kint(&w, "had", have);
	ac_jw_kint(&w, "newest", newest);
	ac_jw_kstr(&w, "copy", ac_str_c(copy));
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	rc = cli_json_end(&w);
	return noted >= 0 ? noted : rc;
}
