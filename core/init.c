/*
 * init.c - a new installation, whole or not at all.
 *
 * Made in STATE/.init, because the folder itself may be there before (systemd makes it, a file system is mounted on it) and
 * its parent another user's. Then moved: reserve, keys, and last the store, whose presence means that there is an
 * installation. A key is moved only from a .init that holds a finished store: keys that stand in the folder while .init
 * still has its own are somebody's backup, and are never touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/reserve.h"
#include "core/rows.h"
#include "core/service_parts.h"
#include "core/signature_parts.h"

static const char *const moved[] = { AC_RESERVE_NAME, "keys/log.key", "keys/store.key", "keys/clinic.key",
	"aftercare.db" };
#define NMOVED (sizeof(moved) / sizeof(moved[0]))

struct init {
	const struct ac_init *what;
	struct ac_arena *a;
	struct ac_uuid id_root;
	const char *state, *part; /* STATE and STATE/.init */
	struct ac_str organisation;
	struct ac_certificate certificate; /* of the clinic's key */
	bool made_state;
};

/* ---- the store's first content ---- */

static enum ac_code
set_clinic(struct ac_commit *c, const struct ac_init *w, struct ac_err *reterr)
{
	struct ac_sha256 version;
	enum ac_code rc;

	if ((rc = ac_blob_put(c->store, w->clinic, NULL, c->arena, &version, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(c->store, AC_STMT_CLINIC_ADD, NULL, NULL, reterr, AC_VSHA(&version),
	    AC_VINT(c->now_ms), AC_VTEXT(w->actor));
	if (rc != AC_OK)
		return rc;
	return ac_store_run(c->store, AC_STMT_CLINIC_ACTIVE_ADD, NULL, NULL, reterr, AC_VSHA(&version));
}

static enum ac_code
set_channel(struct ac_commit *c, const struct ac_init *w, struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = "configure",
		.kind = "channel",
		.actor = w->actor,
		.role = AC_S("admin"),
		.object = w->channel };
	enum ac_code rc = ac_store_run(
	    c->store, AC_STMT_CHANNEL_ADD, NULL, NULL, reterr, AC_VTEXT(w->channel), AC_VINT(c->now_ms));

	return rc == AC_OK ? ac_audit_append(c, &e, reterr) : rc;
}

static enum ac_code
fill_store(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct init *i = arg;
	const struct ac_init *w = i->what;
	struct ac_audit_entry entry = {
		.action = "init", .kind = "log", .actor = w->actor, .role = AC_S("admin"), .reason = w->how.reason
	};
	enum ac_code rc;

	rc = ac_store_run(c->store, AC_STMT_SETTING_ADD, NULL, NULL, reterr, AC_VTEXT(AC_S("id-root")),
	    AC_VUUID(&i->id_root));
	if (rc == AC_OK && ac_str_is_set(w->clinic))
		rc = set_clinic(c, w, reterr);
	if (rc == AC_OK)
		rc = ac_audit_append(c, &entry, reterr);
	if (rc == AC_OK)
		rc = ac_certificate_note(c, &i->certificate, w->actor, (struct ac_str){ 0 }, reterr);
	return rc == AC_OK && ac_str_is_set(w->channel) ? set_channel(c, w, reterr) : rc;
}

/* ---- files ---- */

static enum ac_code
fail_io(struct ac_err *reterr, const char *path)
{
	const char *why = strerrordesc_np(errno);

	return ac_fail(reterr, AC_EIO, "INIT-DIR", "%s: %s", path, why == NULL ? "unknown error" : why);
}

static const char *
in(const struct init *i, const char *folder, const char *name)
{
	return ac_cstr(i->a, ac_strf(i->a, "%s/%s", folder, name));
}

static bool
is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* What a former init left, or this one made: all of .init, and what was moved out of a finished one. */
static void
clean_up(const struct init *i)
{
	bool was_moving = is_there(in(i, i->part, "aftercare.db"));

	for (size_t k = 0; k < NMOVED && was_moving; k++)
		if (!is_there(in(i, i->part, moved[k])))
			(void)unlink(in(i, i->state, moved[k]));
	(void)nftw(i->part, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	(void)rmdir(in(i, i->state, "keys")); /* only when it is empty */
}

static enum ac_code
check_nothing_there(const struct init *i, struct ac_err *reterr)
{
	if (is_there(in(i, i->state, "aftercare.db")))
		return ac_fail(reterr, AC_ECONFLICT, "INIT-EXISTS", "there is an installation already");
	if (is_there(i->part))
		clean_up(i);
	for (size_t k = 1; k < NMOVED; k++)
		if (is_there(in(i, i->state, moved[k])))
			return ac_fail(reterr, AC_ECONFLICT, "KEY-EXISTS",
			    "keys/ has keys already, without a store: restore that too, or take them away");
	return AC_OK;
}

static enum ac_code
read_certificate(const char *keys, struct ac_arena *a, struct ac_certificate *ret, struct ac_err *reterr)
{
	AC_AUTO(ac_keys) k = NULL;
	enum ac_code rc = ac_keys_load(keys, &k, reterr);

	if (rc == AC_OK && !ac_keys_certificate(k, a, ret))
		abort(); /* it was made a moment ago */
	return rc;
}

static enum ac_code
make_parts(struct init *i, struct ac_err *reterr)
{
	struct ac_committer_options o = { .sync = AC_SYNC_FULL,
		.clock_ms = i->what->clock_ms,
		.clock_arg = i->what->clock_arg,
		.reserve = in(i, i->part, AC_RESERVE_NAME),
		.make_reserve = true };
	struct ac_committer *committer;
	const char *keys = in(i, i->part, "keys");
	enum ac_code rc;

	if (mkdir(i->part, 0700) != 0)
		return fail_io(reterr, i->part);
	if ((rc = ac_keys_create(keys, i->organisation, reterr)) != AC_OK)
		return rc;
	if ((rc = read_certificate(keys, i->a, &i->certificate, reterr)) != AC_OK)
		return rc;
	rc = ac_committer_new(
	    ac_cstr(i->a, ac_strf(i->a, "sqlite:%s/aftercare.db", i->part)), keys, &o, &committer, reterr);
	if (rc != AC_OK)
		return rc;
	rc = ac_committer_run(committer, fill_store, i, reterr);
	ac_committer_free(committer); /* the last connection: it takes the write-ahead log with it */
	if (rc == AC_OK && is_there(in(i, i->part, "aftercare.db-wal")))
		return ac_fail(reterr, AC_EIO, "INIT-DIR", "the new store could not be closed");
	return rc;
}

static enum ac_code
move_parts(const struct init *i, int folder, struct ac_err *reterr)
{
	if (mkdir(in(i, i->state, "keys"), 0700) != 0 && errno != EEXIST)
		return fail_io(reterr, "keys");
	for (size_t k = 0; k < NMOVED; k++) {
		if (k + 1 == NMOVED && fsync(folder) != 0) /* the store comes last on the disk too */
			return fail_io(reterr, i->state);
		if (rename(in(i, i->part, moved[k]), in(i, i->state, moved[k])) != 0 &&
		    !(k == 0 && errno == ENOENT)) /* no room for a reserve: the plugin makes it later */
			return fail_io(reterr, moved[k]);
	}
	(void)nftw(i->part, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return fsync(folder) == 0 ? AC_OK : fail_io(reterr, i->state);
}

static enum ac_code
make(struct init *i, struct ac_err *reterr)
{
	int folder = open(i->state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum ac_code rc;

	if (folder < 0)
		return fail_io(reterr, i->state);
	if (flock(folder, LOCK_EX | LOCK_NB) != 0) {
		close(folder);
		return ac_fail(reterr, AC_EBUSY, "INIT-RUNNING", "another init is at work here");
	}
	rc = check_nothing_there(i, reterr);
	if (rc == AC_OK) {
		rc = make_parts(i, reterr);
		if (rc == AC_OK)
			rc = move_parts(i, folder, reterr);
		if (rc != AC_OK && !is_there(in(i, i->state, "aftercare.db")))
			clean_up(i);
	}
	close(folder);
	return rc;
}

/* What a former init left unfinished stays: only the next real one takes it away. */
static enum ac_code
would_make(const struct init *i, struct ac_err *reterr)
{
	char *above = ac_cstr(i->a, ac_str_c(i->state)), *slash = strrchr(above, '/');

	if (!is_there(i->state)) {
		if (slash == NULL)
			above = ac_cstr(i->a, AC_S("."));
		else
			slash[slash == above] = '\0'; /* "/x" stands in "/" */
		return access(above, W_OK) == 0 ? AC_OK : fail_io(reterr, above);
	}
	if (is_there(i->part) && !is_there(in(i, i->state, "aftercare.db")))
		return AC_OK;
	return check_nothing_there(i, reterr);
}

enum ac_code
ac_service_make(const struct ac_init *what, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct init i = { .what = what, .a = a, .id_root = ac_uuid4(), .state = what->state_dir };
	const struct ac_clinic *clinic;
	enum ac_code rc = ac_reason_check(what->how.reason, false, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_str_is_set(what->clinic) && (rc = ac_clinic_load(what->clinic, a, &clinic, reterr)) != AC_OK)
		return rc;
	if (ac_str_is_set(what->clinic))
		i.organisation = clinic->name;
	i.part = in(&i, i.state, ".init");
	if (what->how.dry_run)
		return would_make(&i, reterr);
	i.made_state = mkdir(i.state, 0700) == 0;
	if (!i.made_state && errno != EEXIST)
		return fail_io(reterr, i.state);
	rc = make(&i, reterr);
	if (rc != AC_OK && i.made_state)
		(void)rmdir(i.state);
	return rc;
}

enum ac_code
ac_service_init(const char *state_dir, struct ac_str clinic_ini, struct ac_str actor, struct ac_err *reterr)
{
	return ac_service_init_with(state_dir, clinic_ini, actor, NULL, NULL, reterr);
}

enum ac_code
ac_service_init_with(const char *state_dir, struct ac_str clinic_ini, struct ac_str actor,
    int64_t (*clock_ms)(void *arg), void *clock_arg, struct ac_err *reterr)
{
	struct ac_init what = { .state_dir = state_dir,
		.clinic = clinic_ini,
		.actor = actor,
		.clock_ms = clock_ms,
		.clock_arg = clock_arg };

	return ac_service_make(&what, reterr);
}
