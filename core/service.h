/*
 * service.h - an open installation: store, keys, committer, the active protocols and clinic. What plugin and CLI start with.
 *
 * Shape   struct ac_service is shared by all threads; struct ac_worker is one thread's: its read connection, its arena.
 *         The configuration snapshot (active protocols, clinic, generation) is immutable and reference counted: a
 *         worker takes it at the start of a request and releases it at the end; it is renewed when the store's
 *         generation moved (looked at for every request), so that a publish is seen at once.
 * State   DIR/aftercare.db, DIR/log.reserve, DIR/keys/{log.key,store.key}, DIR 0700.
 */
#ifndef CORE_SERVICE_H
#define CORE_SERVICE_H

#include "core/actor.h"
#include "core/audit.h"
#include "core/blob.h"
#include "core/clinic.h"
#include "core/committer.h"
#include "core/protocol.h"
#include "core/store.h"

struct ac_service;
struct ac_service_options {
	const char *state_dir;
	enum ac_sync sync;
	bool threads;  /* a committer thread (plugin) or the caller's (CLI) */
	int batch_max; /* 0: default */
	const char *zoneinfo; /* NULL: /usr/share/zoneinfo */
	int64_t (*clock_ms)(void *arg); /* NULL: ac_now_ms; tests bring their own */
	void *clock_arg;
};
struct ac_init {
	const char *state_dir;
	struct ac_str clinic;  /* its INI; absent: none yet */
	struct ac_str channel; /* a site whose EHR takes deliveries; absent: none yet */
	struct ac_str actor;
	struct ac_life_how how; /* dry run: what would be refused is, and nothing is made */
	int64_t (*clock_ms)(void *arg); /* NULL: ac_now_ms */
	void *clock_arg;
};
/*
 * Make a new installation: folder, keys, store, reserve, id root, first log entry. It is made in STATE/.init and moved, the
 * store last: a failure leaves nothing behind, and what an end in the middle left is removed by the next. AC_ECONFLICT
 * INIT-EXISTS, KEY-EXISTS (keys without a store: a restore that is not complete); AC_EBUSY INIT-RUNNING.
 */
enum ac_code ac_service_make(const struct ac_init *, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_service_init(const char *state_dir, struct ac_str clinic_ini, struct ac_str actor,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The same under another clock; NULL: ac_now_ms. A store's time does not go back: a test that opens with a clock makes with it. */
enum ac_code ac_service_init_with(const char *state_dir, struct ac_str clinic_ini, struct ac_str actor,
    int64_t (*clock_ms)(void *arg), void *clock_arg, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_service_open(const struct ac_service_options *, struct ac_service **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_service_close(struct ac_service *s);
AC_DEFINE_AUTO(ac_service, ac_service_close)

struct ac_active {
	const struct ac_protocol *protocol;
	struct ac_str author, approver; /* approver absent: published by break-glass, nobody approved it yet */
	int64_t n, published_ms;        /* the activation in force: v1, v2 ... */
	bool solo;                      /* approved by its author: a clinic of one doctor */
	struct ac_dictionary_names dictionaries; /* ready for use */
};
struct ac_suspended { /* a version of which nothing is given out (core/protocol_life.h) */
	struct ac_sha256 version;
	struct ac_str protocol, reason, by;
	int64_t since_ms, n; /* n: its activation */
	bool has_good;       /* there is a version to go to: the active one, else the last good one */
	struct ac_sha256 good;
	int64_t good_n;
};
struct ac_site_source {
	struct ac_str site, system;
};
struct ac_lint_kept;
struct ac_config { /* immutable */
	int64_t generation;
	struct ac_active *active;
	size_t nactive;
	struct ac_suspended *suspended;
	size_t nsuspended;
	int64_t until_ms; /* from then on another version is in force: it is read again */
	const struct ac_clinic *clinic; /* NULL: none configured: nothing can be issued or published */
	struct ac_sha256 clinic_version;
	struct ac_uuid id_root;
	struct ac_lint_kept *lint; /* core/lint_kept.h; the one thing here that fills itself, under a lock of its own; NULL: none */
	struct ac_site_source *sites; /* those whose source system is known */
	size_t nsites;
};
/* The source system that a site belongs to; absent: whose event comes first. */
struct ac_str ac_config_site_system(const struct ac_config *c, struct ac_str site);

struct ac_worker {
	struct ac_service *service;
	struct ac_store *reader; /* read only; this thread's */
	struct ac_arena *arena;  /* reset by ac_worker_end */
	const struct ac_config *config;
};
enum ac_code ac_worker_new(struct ac_service *s, struct ac_worker **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_worker_free(struct ac_worker *w);
AC_DEFINE_AUTO(ac_worker, ac_worker_free)
enum ac_code ac_worker_begin(struct ac_worker *w, struct ac_err *reterr) AC_MUST_CHECK; /* per request: newest config */
void ac_worker_end(struct ac_worker *w);

const struct ac_keys *ac_service_keys(const struct ac_service *s);
struct ac_dictionaries *ac_service_dictionaries(const struct ac_service *s);
/* The dictionary for what is made from this protocol version; `protocol` NULL: for what precedes the choice of one. NULL:
 * none; compress without. */
const struct ac_sha256 *ac_service_like(struct ac_worker *w, const struct ac_sha256 *protocol, enum ac_likeness like);
struct ac_committer *ac_service_committer(struct ac_service *s);
int64_t ac_service_now_ms(const struct ac_service *s); /* by the clock that it was opened with */
/* A protocol version by hash, parsed once and kept (bounded cache): plans are pinned to versions that are no longer active. */
enum ac_code ac_service_protocol(struct ac_worker *w, const struct ac_sha256 *version, const struct ac_protocol **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Entries of the log wait in its reserve, because the store could not be written (core/reserve.h). Any thread. */
bool ac_service_has_reserved(const struct ac_service *s);
/* Nothing waits, or it became leaves: AC_OK. Costs nothing when nothing waits. */
enum ac_code ac_service_settle(struct ac_service *s, struct ac_err *reterr) AC_MUST_CHECK;
/* One audit entry; returns when it is durable, in the log or in its reserve: before the bytes of a view go out. */
enum ac_code ac_service_log(struct ac_worker *w, const struct ac_actor *who, const char *action, const char *kind,
    struct ac_str id, int64_t version, struct ac_str patient, struct ac_str object, const char *outcome,
    struct ac_err *reterr) AC_MUST_CHECK;

/* The same of a whole entry; its actor and role are filled in here. With a reason it has a leaf of the reason before it. */
enum ac_code ac_service_log_entry(struct ac_worker *w, const struct ac_actor *who, const struct ac_audit_entry *entry,
    struct ac_err *reterr) AC_MUST_CHECK;

const struct ac_suspended *ac_config_suspended(const struct ac_config *c, const struct ac_sha256 *version); /* NULL: not */

struct ac_life_who; /* core/protocol_life.h */
/* Protocol administration (two persons: author <> approver is held by the store). Everything else: core/protocol_life.h.
 * Whoever brings a text in needs the right to edit, at every front: AC_EDENIED LIFE-ROLE. */
enum ac_code ac_protocol_import(struct ac_worker *w, const struct ac_life_who *who, struct ac_str xml, struct ac_sha256 *ret_version,
    bool *ret_was_there, struct ac_err *reterr) AC_MUST_CHECK;
/* The same, refused with AC_ECONFLICT PROTOCOL-STALE when *base_n is not the newest activation any more: what an editor saw. */
enum ac_code ac_protocol_import_on(struct ac_worker *w, const struct ac_life_who *who, struct ac_str xml, const int64_t *base_n,
    struct ac_sha256 *ret_version, bool *ret_was_there, struct ac_err *reterr) AC_MUST_CHECK;
/* The same with a reason (absent: none), kept in the protocol's history; or as a dry run. base_n NULL: any. */
enum ac_code ac_protocol_import_why(struct ac_worker *w, const struct ac_life_who *who, struct ac_str xml, const int64_t *base_n,
    struct ac_life_how how, struct ac_sha256 *ret_version, bool *ret_was_there, struct ac_err *reterr) AC_MUST_CHECK;
/* Approved and published at once by a second person; a retired version comes back by rolling back to it. */
enum ac_code ac_protocol_publish(struct ac_worker *w, struct ac_str approver, const struct ac_sha256 *version,
    struct ac_err *reterr) AC_MUST_CHECK; /* AC_EDENIED PUB-SECOND-PERSON; AC_EINPUT PUB-LINT */
/* What publish would answer, changing nothing. */
enum ac_code ac_protocol_publish_check(struct ac_worker *w, struct ac_str approver, const struct ac_sha256 *version,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_clinic_set(struct ac_worker *w, struct ac_str actor, struct ac_str ini, struct ac_life_how how,
    struct ac_err *reterr) AC_MUST_CHECK;
/* A site's source system, named or corrected by a person; AC_EINPUT SITE-NAME: empty, or longer than an id may be. */
enum ac_code ac_site_set(struct ac_worker *w, struct ac_str actor, struct ac_str site, struct ac_str system,
    struct ac_life_how how, struct ac_err *reterr) AC_MUST_CHECK;
/* The EHR of a site takes deliveries from now on. */
enum ac_code ac_channel_add(struct ac_worker *w, struct ac_str actor, struct ac_str site, struct ac_life_how how,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
