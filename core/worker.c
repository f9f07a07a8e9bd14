/* worker.c - one thread's part of an installation: its reader, its arena, the configuration it took for a request. */
#include <stdlib.h>

#include "core/protocol_life_parts.h"

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
	*ret = (struct ac_worker *)w;
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
take_config(struct ac_service *s, int64_t generation, int64_t now_ms)
{
	struct ac_config_ref *c = NULL;

	pthread_mutex_lock(&s->lock);
	if (s->config != NULL && s->config->pub.generation >= generation &&
	    now_ms < s->config->pub.until_ms) {
		c = s->config;
		c->holders++;
	}
	pthread_mutex_unlock(&s->lock);
	return c;
}

/* Load under the load lock, unless another thread did meanwhile. */
static enum ac_code
renew_config(
    struct ac_worker *w, int64_t generation, int64_t now_ms, struct ac_config_ref **ret, struct ac_err *reterr)
{
	struct ac_service *s = w->service;
	struct ac_config_ref *c = NULL, *old = NULL;
	enum ac_code rc = AC_OK;

	pthread_mutex_lock(&s->load);
	c = take_config(s, generation, now_ms);
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

/* The newest by generation, and in force now: a version published for a later date becomes active by the time alone. */
static enum ac_code
newest_config(struct ac_worker *w, struct ac_config_ref **ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	int64_t now;
	enum ac_code rc = ac_rows_read_n(w->reader, AC_STMT_GENERATION_GET, NULL, 0, w->arena, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	int64_t generation = rows.n == 1 ? ac_row(&rows, 0)[0].i : 0;
	*ret = take_config(w->service, generation, INT64_MAX - 1); /* one that holds for ever asks no clock */
	if (*ret != NULL)
		return AC_OK;
	if ((rc = ac_life_now(w, &now, reterr)) != AC_OK)
		return rc;
	*ret = take_config(w->service, generation, now);
	return *ret != NULL ? AC_OK : renew_config(w, generation, now, ret, reterr);
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
ac_worker_clinic(
    struct ac_worker *w, const struct ac_sha256 *version, const struct ac_clinic **ret, struct ac_err *reterr)
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

/* A version that is no longer active is asked for in the store: plans stay pinned to it. */
const struct ac_sha256 *
ac_service_like(struct ac_worker *w, const struct ac_sha256 *protocol, enum ac_likeness like)
{
	const struct ac_config *config = w->config;
	struct ac_err ignored = { 0 };

	for (size_t i = 0; i < config->nactive; i++) {
		const struct ac_active *active = &config->active[i];
		if (protocol == NULL ? active->dictionaries.has[like]
				     : ac_sha256_eq(&active->protocol->version, protocol))
			return active->dictionaries.has[like] ? &active->dictionaries.sha[like] : NULL;
	}
	if (protocol == NULL)
		return NULL;
	struct ac_dictionary_names *names = ac_new(w->arena, struct ac_dictionary_names, 1);
	if (ac_dictionary_names_get(w->reader, protocol, names, &ignored) != AC_OK || !names->has[like])
		return NULL;
	return &names->sha[like];
}
