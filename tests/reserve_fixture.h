/* reserve_fixture.h - a store whose disk is full, and the reserve beside it. */
#ifndef TESTS_RESERVE_FIXTURE_H
#define TESTS_RESERVE_FIXTURE_H

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "base/file.h"
#include "core/reserve.h"
#include "tests/committer_fixture.h"

#define RSV __attribute__((unused)) static

static char file[128];
static int64_t clock_now;

RSV void
open_fixture(void)
{
	set_up();
	snprintf(file, sizeof(file), "%s/" AC_RESERVE_NAME, f.dir);
	signal(SIGXFSZ, SIG_IGN);
	clock_now = 1774708440000;
}


RSV int64_t
clock_ms(void *arg)
{
	(void)arg;
	return clock_now;
}

RSV struct ac_committer *
committer(void)
{
	return fixture_committer(
	    &f, (struct ac_committer_options){
		    .threads = true, .clock_ms = clock_ms, .reserve = file, .make_reserve = true });
}

RSV enum ac_code
write_filler(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	static const char zeros[200000];
	struct ac_sha256 sha;

	(void)arg;
	ac_random(sha.b, sizeof(sha.b));
	return ac_store_run(c->store, AC_STMT_BLOB_ADD, NULL, NULL, reterr, AC_VSHA(&sha),
	    AC_VBLOB(((struct ac_str){ zeros, sizeof(zeros) })));
}

/* No file may grow over what the store's log has now, some 200 KB: a full disk, for the store. */
RSV void
limit_files(void)
{
	struct rlimit l;
	struct stat st;
	char path[128];

	snprintf(path, sizeof(path), "%s-wal", f.file);
	cr_assert(stat(path, &st) == 0 && getrlimit(RLIMIT_FSIZE, &l) == 0);
	l.rlim_cur = (rlim_t)st.st_size;
	cr_assert(setrlimit(RLIMIT_FSIZE, &l) == 0);
}

RSV void
fill_disk(struct ac_committer *c)
{
	struct ac_err e = { 0 };

	need(ac_committer_run(c, write_filler, NULL, &e), &e);
	limit_files();
}

RSV void
make_room(void)
{
	struct rlimit l;

	cr_assert(getrlimit(RLIMIT_FSIZE, &l) == 0);
	l.rlim_cur = RLIM_INFINITY;
	cr_assert(setrlimit(RLIMIT_FSIZE, &l) == 0);
}

RSV struct ac_audit_entry
view(const char *id)
{
	return (struct ac_audit_entry){ .action = "view",
		.kind = "plan",
		.actor = AC_S("nurse"),
		.role = AC_S("nurse"),
		.id = ac_str_c(id),
		.version = 2,
		.patient = AC_S("17"),
		.object = AC_S("default/5") };
}

RSV enum ac_code
log_view(struct ac_committer *c, const char *id, struct ac_err *e)
{
	struct ac_audit_entry v = view(id);

	return ac_committer_log(c, &v, e);
}

RSV struct ac_reserve_state
look(void)
{
	struct ac_reserve_state s = { 0 };
	struct ac_err e = { 0 };

	need(ac_reserve_look(file, &s, &e), &e);
	return s;
}

/* A leaf's own text. */
RSV const char *
leaf(int64_t idx)
{
	static char text[AC_LEAF_MAX + 1];
	struct ac_store *s = fixture_store(&f, true);
	struct ac_err e = { 0 };

	text[0] = '\0';
	need(ac_store_run(s, AC_STMT_LEAF_GET, read_text_row, text, &e, AC_VINT(idx)), &e);
	ac_store_close(s);
	return text;
}

RSV void
settle(void)
{
	struct ac_committer *c = committer();
	struct ac_err e = { 0 };

	EXPECT_CODE(ac_committer_settle(c, &e), AC_OK, e);
	ac_committer_free(c);
}

#endif
