/*
 * worker_zone.c - zones: the machine's own files for new plans, the recorded bytes for plans that were made with them.
 *
 * A zone is parsed once for each name and content; its file is read again when it moved, so that a new tzdata is used
 * from its installation on, and only by new plans.
 */
#include <sys/stat.h>

#include "core/service_parts.h"

/* The same bytes serve several names (links); a parsed zone knows its name. */
static struct ac_sha256
zone_key(struct ac_str name, const struct ac_sha256 *tzif)
{
	struct ac_sha256 key;

	ac_sha256_2((struct ac_str){ (const char *)tzif->b, sizeof(tzif->b) }, name, &key);
	return key;
}

static enum ac_code
keep_zone(struct ac_worker *w, struct ac_str name, const struct ac_sha256 *key, struct ac_str bytes,
    const struct ac_zone **ret, struct ac_err *reterr)
{
	AC_AUTO(ac_arena) arena = ac_arena_new();
	const struct ac_zone *z;
	enum ac_code rc = ac_zone_open(ac_str_dup(arena, name), ac_str_dup(arena, bytes), arena, &z, reterr);

	if (rc != AC_OK)
		return rc;
	struct ac_kept *kept = ac_keep_add(w->service->keep, AC_KEEP_ZONE, key, AC_TAKE(arena), z);
	ac_worker_hold(w, kept);
	*ret = ac_kept_value(kept);
	return AC_OK;
}

static bool
zone_kept(struct ac_worker *w, const struct ac_sha256 *key, const struct ac_zone **ret)
{
	struct ac_kept *kept = ac_keep_get(w->service->keep, AC_KEEP_ZONE, key);

	if (kept == NULL)
		return false;
	ac_worker_hold(w, kept);
	*ret = ac_kept_value(kept);
	return true;
}

enum ac_code
ac_worker_zone(struct ac_worker *w, struct ac_str name, const struct ac_sha256 *tzif,
    const struct ac_zone **ret, struct ac_err *reterr)
{
	struct ac_sha256 key = zone_key(name, tzif);
	struct ac_str bytes;
	enum ac_code rc;

	if (zone_kept(w, &key, ret))
		return AC_OK;
	if ((rc = ac_blob_get(w->reader, tzif, w->service->dictionaries, w->arena, &bytes, reterr)) != AC_OK)
		return rc;
	return keep_zone(w, name, &key, bytes, ret, reterr);
}

static bool
look_up_name(struct ac_service *s, const struct ac_zone_name *want, struct ac_sha256 *ret)
{
	bool found = false;

	pthread_mutex_lock(&s->lock);
	for (size_t i = 0; i < s->nzones && !found; i++) {
		struct ac_zone_name *z = &s->zones[i];
		if (!ac_streq(z->name, want->name) || z->mtime_ns != want->mtime_ns ||
		    z->size != want->size || z->ino != want->ino)
			continue;
		z->used = ++s->tick;
		*ret = z->tzif;
		found = true;
	}
	pthread_mutex_unlock(&s->lock);
	return found;
}

static void
remember_name(struct ac_service *s, const struct ac_zone_name *new_name)
{
	pthread_mutex_lock(&s->lock);
	struct ac_zone_name *slot = &s->zones[0];
	for (size_t i = 0; i < s->nzones; i++) {
		if (ac_streq(s->zones[i].name, new_name->name)) {
			slot = &s->zones[i];
			break;
		}
		if (s->zones[i].used < slot->used)
			slot = &s->zones[i];
	}
	if (s->nzones < AC_ZONE_NAMES_MAX && !ac_streq(slot->name, new_name->name))
		slot = &s->zones[s->nzones++];
	*slot = *new_name;
	slot->name.p = slot->buf;
	slot->used = ++s->tick;
	pthread_mutex_unlock(&s->lock);
}

/* What tells whether the file moved since it was read: one stat a request instead of one read and one hash. */
static bool
describe(struct ac_worker *w, struct ac_str name, struct ac_zone_name *ret)
{
	const char *dir = w->service->zoneinfo != NULL ? w->service->zoneinfo : "/usr/share/zoneinfo";
	struct ac_str path = ac_strf(w->arena, "%s/%.*s", dir, AC_FMT(name));
	struct stat st;

	*ret = (struct ac_zone_name){ 0 };
	if (name.n > sizeof(ret->buf) || stat(ac_cstr(w->arena, path), &st) != 0)
		return false;
	memcpy(ret->buf, name.p, name.n);
	ret->name = (struct ac_str){ ret->buf, name.n };
	ret->mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	ret->size = st.st_size;
	ret->ino = (int64_t)st.st_ino;
	return true;
}

enum ac_code
ac_worker_zone_now(struct ac_worker *w, struct ac_str name, const struct ac_zone **ret,
    struct ac_sha256 *ret_tzif, struct ac_str *ret_bytes, struct ac_err *reterr)
{
	struct ac_service *s = w->service;
	struct ac_zone_name file;
	struct ac_sha256 tzif, key;
	struct ac_str bytes = { 0 };
	enum ac_code rc;

	if (!ac_zone_name_is_ok(name) || !describe(w, name, &file))
		return ac_fail_at(
		    reterr, AC_EINPUT, "ZONE-UNKNOWN", 0, 0, "/encounter/zone", "no such time zone here");
	if (!look_up_name(s, &file, &tzif) || !ac_service_has_stored(s, &tzif)) {
		if ((rc = ac_zone_read(name, s->zoneinfo, w->arena, &bytes, reterr)) != AC_OK)
			return rc;
		ac_sha256(bytes, &tzif);
		file.tzif = tzif;
		remember_name(s, &file);
	}
	key = zone_key(name, &tzif);
	if (!zone_kept(w, &key, ret)) {
		if (!ac_str_is_set(bytes) &&
		    (rc = ac_zone_read(name, s->zoneinfo, w->arena, &bytes, reterr)) != AC_OK)
			return rc;
		if ((rc = keep_zone(w, name, &key, bytes, ret, reterr)) != AC_OK)
			return rc;
	}
	*ret_tzif = tzif;
	*ret_bytes = ac_service_has_stored(s, &tzif) ? (struct ac_str){ 0 } : bytes;
	return AC_OK;
}
