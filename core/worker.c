/* worker.c - one thread's part of an installation: its reader, its arena, the configuration it took for a request. */
#include <stdlib.h>
#include <sys/stat.h>

#include "core/rows.h"
#include "core/service_parts.h"

enum ac_code
ac_worker_new(struct ac_service *s, struct ac_worker **ret, struct ac_err *reterr)
{
	struct ac_store_options o = { .read_only = true, .busy_ms = AC_READER_BUSY_MS };
	struct ac_store *reader;
	enum ac_code rc = ac_store_open(s->where, &o, &reader, reterr);

	if (rc != AC_OK)
		return rc;
	struct ac_worker_own *w = calloc(1, sizeof(*w));
	if (w == NULL)
		abort();
	w->pub.service = s;
	w->pub.reader = reader;
	w->pub.arena = ac_arena_new();
	*ret = &w->pub;
	return AC_OK;
}

void
ac_worker_free(struct ac_worker *w)
{
	struct ac_worker_own *own = (struct ac_worker_own *)w;

	if (w == NULL)
		return;
	ac_worker_end(w);
	ac_store_close(w->reader);
	ac_arena_free(w->arena);
	free(own->kept);
	free(own);
}

static struct ac_config_ref *
take_config(struct ac_service *s, int64_t generation)
{
	struct ac_config_ref *c = NULL;

	pthread_mutex_lock(&s->lock);
	if (s->config != NULL && s->config->pub.generation >= generation) {
		c = s->config;
		c->holders++;
	}
	pthread_mutex_unlock(&s->lock);
	return c;
}

/* Load under the load lock, unless another thread did meanwhile. */
static enum ac_code
renew_config(struct ac_worker *w, int64_t generation, struct ac_config_ref **ret, struct ac_err *reterr)
{
	struct ac_service *s = w->service;
	struct ac_config_ref *c = NULL, *old = NULL;
	enum ac_code rc = AC_OK;

	pthread_mutex_lock(&s->load);
	c = take_config(s, generation);
	if (c == NULL && (rc = ac_config_load(w, &c, reterr)) == AC_OK) {
		pthread_mutex_lock(&s->lock);
		old = s->config;
		s->config = c;
		c->holders++;
		pthread_mutex_unlock(&s->lock);
	}
	pthread_mutex_unlock(&s->load);
	ac_config_unref(s, old);
	if (rc == AC_OK)
		*ret = c;
	return rc;
}

static enum ac_code
newest_config(struct ac_worker *w, struct ac_config_ref **ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read_n(w->reader, AC_STMT_GENERATION_GET, NULL, 0, w->arena, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	int64_t generation = rows.n == 1 ? ac_row(&rows, 0)[0].i : 0;
	*ret = take_config(w->service, generation);
	return *ret != NULL ? AC_OK : renew_config(w, generation, ret, reterr);
}

enum ac_code
ac_worker_begin(struct ac_worker *w, struct ac_err *reterr)
{
	struct ac_worker_own *own = (struct ac_worker_own *)w;
	struct ac_config_ref *c;
	enum ac_code rc;

	ac_worker_end(w);
	if ((rc = newest_config(w, &c, reterr)) != AC_OK)
		return rc;
	own->config = c;
	w->config = &c->pub;
	return AC_OK;
}

enum ac_code
ac_worker_renew(struct ac_worker *w, struct ac_err *reterr)
{
	struct ac_worker_own *own = (struct ac_worker_own *)w;
	struct ac_config_ref *c;
	enum ac_code rc;

	if (own->nformer == AC_RENEW_MAX)
		return ac_fail(reterr, AC_EBUSY, "INTAKE-MOVED", "the configuration does not stand still");
	if ((rc = newest_config(w, &c, reterr)) != AC_OK)
		return rc;
	if (own->config != NULL)
		own->former[own->nformer++] = own->config;
	own->config = c;
	w->config = &c->pub;
	return AC_OK;
}

void
ac_worker_end(struct ac_worker *w)
{
	struct ac_worker_own *own = (struct ac_worker_own *)w;

	for (size_t i = 0; i < own->nkept; i++)
		ac_keep_release(w->service->keep, own->kept[i]);
	own->nkept = 0;
	while (own->nformer > 0)
		ac_config_unref(w->service, own->former[--own->nformer]);
	ac_config_unref(w->service, own->config);
	own->config = NULL;
	w->config = NULL;
	ac_arena_reset(w->arena);
}

void
ac_worker_hold(struct ac_worker *w, struct ac_kept *kept)
{
	struct ac_worker_own *own = (struct ac_worker_own *)w;

	if (own->nkept == own->cap) {
		own->cap = own->cap == 0 ? 16 : own->cap * 2;
		own->kept = reallocarray(own->kept, own->cap, sizeof(*own->kept));
		if (own->kept == NULL)
			abort();
	}
	own->kept[own->nkept++] = kept;
}

enum ac_code
ac_service_protocol(struct ac_worker *w, const struct ac_sha256 *version, const struct ac_protocol **ret,
    struct ac_err *reterr)
{
	struct ac_kept *kept;
	enum ac_code rc = ac_protocol_keep(w, version, &kept, reterr);

	if (rc != AC_OK)
		return rc;
	ac_worker_hold(w, kept);
	*ret = ac_kept_value(kept);
	return AC_OK;
}

enum ac_code
ac_worker_clinic(struct ac_worker *w, const struct ac_sha256 *version, const struct ac_clinic **ret,
    struct ac_err *reterr)
{
	struct ac_sha256 none;
	struct ac_kept *kept;
	enum ac_code rc;

	if (version == NULL) {
		ac_sha256(AC_S(""), &none);
		version = &none;
	}
	if ((rc = ac_clinic_keep(w, version, &kept, reterr)) != AC_OK)
		return rc;
	ac_worker_hold(w, kept);
	*ret = ac_kept_value(kept);
	return AC_OK;
}

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
ac_worker_zone(struct ac_worker *w, struct ac_str name, const struct ac_sha256 *tzif, const struct ac_zone **ret,
    struct ac_err *reterr)
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
		if (!ac_streq(z->name, want->name) || z->mtime_ns != want->mtime_ns || z->size != want->size ||
		    z->ino != want->ino)
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
ac_worker_zone_now(struct ac_worker *w, struct ac_str name, const struct ac_zone **ret, struct ac_sha256 *ret_tzif,
    struct ac_str *ret_bytes, struct ac_err *reterr)
{
	struct ac_service *s = w->service;
	struct ac_zone_name file;
	struct ac_sha256 tzif, key;
	struct ac_str bytes = { 0 };
	enum ac_code rc;

	if (!ac_zone_name_is_ok(name) || !describe(w, name, &file))
		return ac_fail_at(reterr, AC_EINPUT, "ZONE-UNKNOWN", 0, 0, "/encounter/zone", "no such time zone here");
	if (!look_up_name(s, &file, &tzif) || !ac_service_has_stored(s, &tzif)) {
		if ((rc = ac_zone_read(name, s->zoneinfo, w->arena, &bytes, reterr)) != AC_OK)
			return rc;
		ac_sha256(bytes, &tzif);
		file.tzif = tzif;
		remember_name(s, &file);
	}
	key = zone_key(name, &tzif);
	if (!zone_kept(w, &key, ret)) {
		if (!ac_str_is_set(bytes) && (rc = ac_zone_read(name, s->zoneinfo, w->arena, &bytes, reterr)) != AC_OK)
			return rc;
		if ((rc = keep_zone(w, name, &key, bytes, ret, reterr)) != AC_OK)
			return rc;
	}
	*ret_tzif = tzif;
	*ret_bytes = ac_service_has_stored(s, &tzif) ? (struct ac_str){ 0 } : bytes;
	return AC_OK;
}
