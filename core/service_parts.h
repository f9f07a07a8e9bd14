/*
 * service_parts.h - what the files behind service.h share: service.c, worker.c, config.c, protocol_admin.c, and the
 * intake. Nobody else includes it.
 *
 * Lock    `load` (one configuration load at a time), then `lock` (pointers and counts, never held over a read).
 */
#ifndef CORE_SERVICE_PARTS_H
#define CORE_SERVICE_PARTS_H

#include <pthread.h>
#include <semaphore.h>

#include "core/keep.h"
#include "core/service.h"
#include "core/token.h"
#include "core/turn.h"

#define AC_KEEP_MAX 96       /* parsed things that nobody holds */
#define AC_ZONE_NAMES_MAX 64 /* zone files remembered by name */
#define AC_STORED_SLOTS 1024 /* hashes known to be in the store; a power of two */
#define AC_RENEW_MAX 32      /* configurations that one request can live through */
#define AC_READER_BUSY_MS 5000

struct ac_config_ref { /* counted by service.lock */
	struct ac_config pub;
	struct ac_arena *arena;
	struct ac_kept **kept;
	size_t nkept, holders;
};
/* The zone file as it was when it was read: looked at again when the file moved. */
struct ac_zone_name {
	struct ac_str name; /* in `buf` */
	char buf[64];
	int64_t mtime_ns, size, ino;
	struct ac_sha256 tzif;
	uint64_t used;
};
/* The module's keys as they were when their file was read: looked at again when it moved. */
struct ac_token_ring {
	struct ac_token_keys keys;
	bool is_read;
	int64_t ino, size, mtime_ns;
};
struct ac_service {
	struct ac_arena *arena; /* of strings below; written before any thread starts */
	const char *where, *zoneinfo, *token_keys, *rights;
	bool threads, is_running;
	struct ac_keys *keys;
	struct ac_dictionaries *dictionaries;
	struct ac_committer *committer;
	struct ac_keep *keep;
	int64_t (*clock_ms)(void *arg);
	void *clock_arg;

	struct ac_turns turns; /* of encounters under work */
	sem_t planning;        /* as many as there are processors */
	sem_t papers;          /* AC_PDF_AT_ONCE */
	pthread_mutex_t load, lock;
	struct ac_config_ref *config;
	struct ac_token_ring tokens;
	struct ac_zone_name zones[AC_ZONE_NAMES_MAX];
	size_t nzones;
	uint64_t tick;
	struct ac_sha256 stored[AC_STORED_SLOTS]; /* open addressing; zeros: free */
	size_t nstored;
};
struct ac_worker_own { /* first member is what everybody sees */
	struct ac_worker pub;
	struct ac_config_ref *config, *former[AC_RENEW_MAX];
	size_t nformer;
	struct ac_kept **kept; /* held until ac_worker_end */
	size_t nkept, cap;
};

/* config.c */
enum ac_code ac_config_load(
    struct ac_worker *w, struct ac_config_ref **ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_config_unref(struct ac_service *s, struct ac_config_ref *c); /* takes service.lock */

/* worker.c */
/* The newest configuration in the middle of a request; what was taken before stays valid until ac_worker_end. */
enum ac_code ac_worker_renew(struct ac_worker *w, struct ac_err *reterr) AC_MUST_CHECK;
/* Released by ac_worker_end. */
void ac_worker_hold(struct ac_worker *w, struct ac_kept *kept);
/* Parsed once: the clinic or zone with these bytes. Lives until ac_worker_end. `version` NULL: a clinic that decided
 * nothing, for plans made before one was configured. */
enum ac_code ac_worker_clinic(struct ac_worker *w, const struct ac_sha256 *version,
    const struct ac_clinic **ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_worker_zone(struct ac_worker *w, struct ac_str name, const struct ac_sha256 *tzif,
    const struct ac_zone **ret, struct ac_err *reterr) AC_MUST_CHECK;
/* The machine's zone of that name as it is now. *ret_tzif are its bytes' hash; *ret_bytes is set only when the bytes
 * are not known to be in the store yet. ZONE-UNKNOWN. */
enum ac_code ac_worker_zone_now(struct ac_worker *w, struct ac_str name, const struct ac_zone **ret,
    struct ac_sha256 *ret_tzif, struct ac_str *ret_bytes, struct ac_err *reterr) AC_MUST_CHECK;
/* The same protocol with a hold of its own, for the configuration. */
enum ac_code ac_protocol_keep(struct ac_worker *w, const struct ac_sha256 *version, struct ac_kept **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_clinic_keep(struct ac_worker *w, const struct ac_sha256 *version, struct ac_kept **ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* Content that is known to be in the store is not sent again. A hash is noted after its commit only. */
bool ac_service_has_stored(struct ac_service *s, const struct ac_sha256 *sha);
void ac_service_note_stored(struct ac_service *s, const struct ac_sha256 *sha);

#endif
