/*
 * store_fixture.h - an empty store with keys in a folder of its own; for suites and for plain programs.
 *
 * Without Criterion: the programs under ThreadSanitizer and the benchmarks use it too. A failure to set up ends
 * the process.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/committer.h"

struct fixture {
	char dir[64], keys[96], file[96], where[128];
};

__attribute__((unused)) static void
need(enum ac_code code, const struct ac_err *e)
{
	if (code == AC_OK)
		return;
	fprintf(stderr, "set-up failed: %s %s %s\n", e->rule == NULL ? "" : e->rule, e->path, e->msg);
	abort();
}

__attribute__((unused)) static void
fixture_open(struct fixture *f)
{
	struct ac_err e = { 0 };

	snprintf(f->dir, sizeof(f->dir), "%s", "/tmp/ac-store-XXXXXX");
	if (mkdtemp(f->dir) == NULL)
		abort();
	snprintf(f->keys, sizeof(f->keys), "%s/keys", f->dir);
	snprintf(f->file, sizeof(f->file), "%s/aftercare.db", f->dir);
	snprintf(f->where, sizeof(f->where), "sqlite:%s", f->file);
	need(ac_keys_create(f->keys, AC_S(""), &e), &e);
}

__attribute__((unused)) static void
fixture_close(struct fixture *f)
{
	static const char *const names[] = { "keys/log.key", "keys/store.key", "keys/clinic.key", "keys", "aftercare.db",
		"aftercare.db-wal", "aftercare.db-shm", "log.reserve", "" };
	char path[128];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->dir, names[i]);
		remove(path);
	}
}

__attribute__((unused)) static struct ac_committer *
fixture_committer(const struct fixture *f, struct ac_committer_options options)
{
	struct ac_committer *c = NULL;
	struct ac_err e = { 0 };

	need(ac_committer_new(f->where, f->keys, &options, &c, &e), &e);
	return c;
}

__attribute__((unused)) static struct ac_store *
fixture_store(const struct fixture *f, bool read_only)
{
	struct ac_store_options options = { .read_only = read_only, .busy_ms = 100 };
	struct ac_store *s = NULL;
	struct ac_err e = { 0 };

	need(ac_store_open(f->where, &options, &s, &e), &e);
	return s;
}

__attribute__((unused)) static enum ac_code
read_int_row(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	*(int64_t *)arg = cols[0].i;
	return AC_OK;
}

/* `arg` has room for AC_LEAF_MAX bytes and a NUL. */
__attribute__((unused)) static enum ac_code
read_text_row(const struct ac_val *cols, size_t ncols, void *arg, struct ac_err *reterr)
{
	(void)ncols;
	(void)reterr;
	if (cols[0].s.n <= AC_LEAF_MAX)
		snprintf(arg, AC_LEAF_MAX + 1, "%.*s", (int)cols[0].s.n, cols[0].s.p);
	return AC_OK;
}

__attribute__((unused)) static int64_t
count_leaves(struct ac_store *s)
{
	struct ac_err e = { 0 };
	int64_t n = -1;

	need(ac_store_run_n(s, AC_STMT_LEAF_COUNT, NULL, 0, read_int_row, &n, NULL, &e), &e);
	return n;
}

/* AC_OK and its counts, or the fault. */
__attribute__((unused)) static enum ac_code
verify(const struct fixture *f, struct ac_audit_counts *ret, struct ac_err *reterr)
{
	struct ac_store *s = fixture_store(f, true);
	struct ac_keys *k = NULL;

	need(ac_keys_load(f->keys, &k, reterr), reterr);
	enum ac_code code = ac_audit_verify(s, k, ret, reterr);
	ac_keys_free(k);
	ac_store_close(s);
	return code;
}

#endif
