/* service.c - an installation: made once, opened by every program. */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "core/pdf.h"
#include "core/reserve.h"
#include "core/rows.h"
#include "core/service_parts.h"

static enum ac_code
open_parts(struct ac_service *s, const struct ac_service_options *o, struct ac_err *reterr)
{
	char *reserve = ac_cstr(s->arena, ac_strf(s->arena, "%s/" AC_RESERVE_NAME, o->state_dir));
	struct ac_committer_options co = { o->sync, o->threads, o->batch_max, o->clock_ms, o->clock_arg, reserve,
		o->threads /* a serving program has the folder's user, a CLI need not */ };
	char *keys = ac_cstr(s->arena, ac_strf(s->arena, "%s/keys", o->state_dir));
	const char *db = s->where + strlen("sqlite:");
	enum ac_code rc;

	if (access(db, F_OK) != 0)
		return ac_fail(reterr, AC_ENOTFOUND, "STATE-DIR",
		    "%s: no installation here; make one with aftercare init", o->state_dir);
	if ((rc = ac_token_keys_path(o->state_dir, s->arena, &s->token_keys, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_keys_load(keys, &s->keys, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_committer_new(s->where, keys, &co, &s->committer, reterr)) != AC_OK)
		return rc;
	return ac_dictionaries_open(s->where, AC_READER_BUSY_MS, &s->dictionaries, reterr);
}

/* A program that serves says when it begins and when it ends; a start without a stop before it was a crash. */
static enum ac_code
note_running(struct ac_service *s, const char *action, struct ac_err *reterr)
{
	struct ac_audit_entry e = {
		.action = action, .kind = "log", .actor = AC_S("aftercare"), .role = AC_S("system")
	};

	if (!s->threads)
		return AC_OK;
	return ac_committer_log(s->committer, &e, reterr);
}

enum ac_code
ac_service_open(const struct ac_service_options *o, struct ac_service **ret, struct ac_err *reterr)
{
	struct ac_service *s = calloc(1, sizeof(*s));
	enum ac_code rc;

	if (s == NULL || pthread_mutex_init(&s->load, NULL) != 0 || pthread_mutex_init(&s->lock, NULL) != 0)
		abort();
	ac_turns_init(&s->turns);
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	if (sem_init(&s->planning, 0, processors < 1 ? 1 : (unsigned)processors) != 0)
		abort();
	if (sem_init(&s->papers, 0, AC_PDF_AT_ONCE) != 0)
		abort();
	s->arena = ac_arena_new();
	s->keep = ac_keep_new(AC_KEEP_MAX);
	s->where = ac_cstr(s->arena, ac_strf(s->arena, "sqlite:%s/aftercare.db", o->state_dir));
	s->rights = ac_cstr(s->arena, ac_strf(s->arena, "%s/aftercare.conf", o->state_dir));
	s->zoneinfo = o->zoneinfo == NULL ? NULL : ac_cstr(s->arena, ac_str_c(o->zoneinfo));
	s->threads = o->threads;
	s->clock_ms = o->clock_ms;
	s->clock_arg = o->clock_arg;
	if ((rc = open_parts(s, o, reterr)) != AC_OK || (rc = note_running(s, "start", reterr)) != AC_OK) {
		ac_service_close(s);
		return rc;
	}
	s->is_running = true;
	*ret = s;
	return AC_OK;
}

void
ac_service_close(struct ac_service *s)
{
	struct ac_err err = { 0 };

	if (s == NULL)
		return;
	if (s->is_running && note_running(s, "stop", &err) != AC_OK)
		ac_log_err(AC_LOG_WARNING, "log", &err);
	ac_committer_free(s->committer);
	ac_config_unref(s, s->config);
	ac_keep_free(s->keep);
	ac_dictionaries_free(s->dictionaries);
	if (s->keys != NULL)
		ac_keys_free(s->keys);
	ac_arena_free(s->arena);
	ac_turns_destroy(&s->turns);
	sem_destroy(&s->planning);
	sem_destroy(&s->papers);
	OPENSSL_cleanse(&s->tokens, sizeof(s->tokens));
	pthread_mutex_destroy(&s->load);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

const struct ac_keys *
ac_service_keys(const struct ac_service *s)
{
	return s->keys;
}

struct ac_dictionaries *
ac_service_dictionaries(const struct ac_service *s)
{
	return s->dictionaries;
}

enum ac_code
ac_service_settle(struct ac_service *s, struct ac_err *reterr)
{
	return ac_committer_settle(s->committer, reterr);
}

bool
ac_service_has_reserved(const struct ac_service *s)
{
	return ac_committer_has_reserved(s->committer);
}

struct ac_committer *
ac_service_committer(struct ac_service *s)
{
	return s->committer;
}

int64_t
ac_service_now_ms(const struct ac_service *s)
{
	return s->clock_ms != NULL ? s->clock_ms(s->clock_arg) : ac_now_ms();
}

static size_t
slot_of(const struct ac_service *s, const struct ac_sha256 *sha)
{
	static const struct ac_sha256 none;
	size_t at;

	memcpy(&at, sha->b, sizeof(at));
	for (at &= AC_STORED_SLOTS - 1; memcmp(&s->stored[at], &none, sizeof(none)) != 0;
	     at = (at + 1) % AC_STORED_SLOTS)
		if (memcmp(&s->stored[at], sha, sizeof(*sha)) == 0)
			break;
	return at;
}

bool
ac_service_has_stored(struct ac_service *s, const struct ac_sha256 *sha)
{
	pthread_mutex_lock(&s->lock);
	bool has = memcmp(&s->stored[slot_of(s, sha)], sha, sizeof(*sha)) == 0;
	pthread_mutex_unlock(&s->lock);
	return has;
}

void
ac_service_note_stored(struct ac_service *s, const struct ac_sha256 *sha)
{
	pthread_mutex_lock(&s->lock);
	if (s->nstored >= AC_STORED_SLOTS / 2) { /* forgetting costs an insert that finds the row there */
		memset(s->stored, 0, sizeof(s->stored));
		s->nstored = 0;
	}
	size_t at = slot_of(s, sha);
	if (memcmp(&s->stored[at], sha, sizeof(*sha)) != 0) {
		s->stored[at] = *sha;
		s->nstored++;
	}
	pthread_mutex_unlock(&s->lock);
}

enum ac_code
ac_service_log(struct ac_worker *w, const struct ac_actor *who, const char *action, const char *kind,
    struct ac_str id, int64_t version, struct ac_str patient, struct ac_str object, const char *outcome,
    struct ac_err *reterr)
{
	struct ac_audit_entry e = { .action = action,
		.kind = kind,
		.id = id,
		.version = version,
		.patient = patient,
		.object = object,
		.outcome = outcome };

	return ac_service_log_entry(w, who, &e, reterr);
}

enum ac_code
ac_service_log_entry(
    struct ac_worker *w, const struct ac_actor *who, const struct ac_audit_entry *entry, struct ac_err *reterr)
{
	struct ac_audit_entry e = *entry;

	e.actor = who->user;
	e.role = ac_str_c(ac_role_word(who->role));
	return ac_committer_log(w->service->committer, &e, reterr);
}
