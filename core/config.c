/* config.c - the configuration snapshot: active protocols, clinic and generation, read in one store snapshot. */
#include <stdlib.h>

#include "base/log.h"
#include "core/lint_kept.h"
#include "core/protocol_life_parts.h"

enum ac_code
ac_protocol_keep(
    struct ac_worker *w, const struct ac_sha256 *version, struct ac_kept **ret, struct ac_err *reterr)
{
	struct ac_service *s = w->service;
	struct ac_kept *kept = ac_keep_get(s->keep, AC_KEEP_PROTOCOL, version);
	const struct ac_protocol *p;
	struct ac_rows rows;
	struct ac_sha256 source;
	struct ac_str xml;
	enum ac_code rc;

	if (kept != NULL) {
		*ret = kept;
		return AC_OK;
	}
	if ((rc = ac_rows_read(w->reader, AC_STMT_PROTOCOL_GET, w->arena, &rows, reterr, AC_VSHA(version))) !=
	    AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no protocol version with this hash");
	if (!ac_val_sha(&ac_row(&rows, 0)[1], &source))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "protocol_version.source is not a digest");

	AC_AUTO(ac_arena) arena = ac_arena_new();
	if ((rc = ac_blob_get(w->reader, &source, s->dictionaries, arena, &xml, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_protocol_load(xml, arena, &p, reterr)) != AC_OK)
		return rc;
	if (!ac_sha256_eq(&p->version, version))
		return ac_fail(reterr, AC_EINTEGRITY, "PROTOCOL-HASH",
		    "a stored protocol is not the version it is filed under");
	*ret = ac_keep_add(s->keep, AC_KEEP_PROTOCOL, version, AC_TAKE(arena), p);
	return AC_OK;
}

enum ac_code
ac_clinic_keep(
    struct ac_worker *w, const struct ac_sha256 *version, struct ac_kept **ret, struct ac_err *reterr)
{
	struct ac_service *s = w->service;
	struct ac_kept *kept = ac_keep_get(s->keep, AC_KEEP_CLINIC, version);
	const struct ac_clinic *c;
	struct ac_str ini = AC_S("");
	struct ac_sha256 none;
	enum ac_code rc = AC_OK;

	if (kept != NULL) {
		*ret = kept;
		return AC_OK;
	}
	AC_AUTO(ac_arena) arena = ac_arena_new();
	ac_sha256(ini, &none);
	if (!ac_sha256_eq(version, &none)) /* the empty one is not stored */
		rc = ac_blob_get(w->reader, version, s->dictionaries, arena, &ini, reterr);
	if (rc != AC_OK)
		return rc;
	if ((rc = ac_clinic_load(ini, arena, &c, reterr)) != AC_OK)
		return rc;
	*ret = ac_keep_add(s->keep, AC_KEEP_CLINIC, version, AC_TAKE(arena), c);
	return AC_OK;
}

static void
keep_in(struct ac_config_ref *c, struct ac_kept *kept)
{
	c->kept[c->nkept++] = kept;
}

/* One that cannot be had is left out, with a warning: what is stored gets larger, and nobody waits for an answer. A command
 * that stores nothing never needs them: there each is digested when something is stored. */
static enum ac_code
load_dictionaries(struct ac_worker *w, const struct ac_sha256 *version, struct ac_dictionary_names *ret,
    struct ac_err *reterr)
{
	enum ac_code rc = ac_dictionary_names_get(w->reader, version, ret, reterr);
	struct ac_err why = { 0 };

	for (size_t i = 0; rc == AC_OK && w->service->threads && i < AC_LIKENESSES; i++) {
		if (!ret->has[i] ||
		    ac_dictionary_prepare(w->service->dictionaries, &ret->sha[i], &why) == AC_OK)
			continue;
		ac_log_err(AC_LOG_WARNING, "dictionary", &why);
		ret->has[i] = false;
	}
	return rc;
}

/* One protocol in force, with who answers for it. */
static enum ac_code
load_one(struct ac_worker *w, struct ac_config_ref *c, const struct ac_book *b, const struct ac_activation *x,
    struct ac_active *ret, struct ac_err *reterr)
{
	struct ac_kept *kept = NULL;
	struct ac_life_row row;
	enum ac_code rc;

	if ((rc = ac_life_row_at(w->reader, &x->version, b, w->arena, &row, reterr)) != AC_OK ||
	    (rc = ac_protocol_keep(w, &x->version, &kept, reterr)) != AC_OK)
		return rc;
	keep_in(c, kept);
	*ret = (struct ac_active){ .protocol = ac_kept_value(kept),
		.author = ac_str_dup(c->arena, row.author),
		.n = x->n,
		.published_ms = x->effective_ms,
		.solo = row.solo };
	if (ac_str_is_set(row.approver))
		ret->approver = ac_str_dup(c->arena, row.approver);
	return load_dictionaries(w, &x->version, &ret->dictionaries, reterr);
}

static void
load_suspended(struct ac_config_ref *c, const struct ac_book *b)
{
	struct ac_suspended *v = ac_new(c->arena, struct ac_suspended, b->nheld);

	for (size_t i = 0; i < b->nheld; i++) {
		const struct ac_suspension *h = &b->held[i];
		const struct ac_activation *last = ac_book_last_of(b, &h->version);
		const struct ac_activation *good = ac_book_current(b, h->protocol);

		v[i] = (struct ac_suspended){ .version = h->version,
			.protocol = ac_str_dup(c->arena, h->protocol),
			.reason = ac_str_dup(c->arena, h->reason),
			.by = ac_str_dup(c->arena, h->actor),
			.since_ms = h->at_ms,
			.n = last == NULL ? 0 : last->n };
		if (good != NULL && ac_book_held(b, &good->version) != NULL)
			good = ac_book_good(b, good);
		if (good == NULL)
			continue;
		v[i].has_good = true;
		v[i].good = good->version;
		v[i].good_n = good->n;
	}
	c->pub.suspended = v;
	c->pub.nsuspended = b->nheld;
}

/* In force at this time; the next one to come says how long this configuration holds. */
static enum ac_code
load_active(struct ac_worker *w, struct ac_config_ref *c, struct ac_err *reterr)
{
	struct ac_str all = { 0 };
	struct ac_book b;
	int64_t now;
	enum ac_code rc;

	if ((rc = ac_life_now(w, &now, reterr)) != AC_OK ||
	    (rc = ac_book_read(w->reader, all, now, w->arena, &b, reterr)) != AC_OK)
		return rc;
	c->pub.until_ms = ac_book_until(&b);
	c->kept = ac_new(c->arena, struct ac_kept *, b.n + 1);
	struct ac_active *active = ac_new(c->arena, struct ac_active, b.n);
	c->pub.active = active;
	for (size_t i = 0; i < b.n; i++) { /* the book is by protocol: so are they */
		if (ac_book_current(&b, b.v[i].protocol) != &b.v[i])
			continue;
		if ((rc = load_one(w, c, &b, &b.v[i], &active[c->pub.nactive], reterr)) != AC_OK)
			return rc;
		c->pub.nactive++;
	}
	load_suspended(c, &b);
	return AC_OK;
}

const struct ac_suspended *
ac_config_suspended(const struct ac_config *c, const struct ac_sha256 *version)
{
	for (size_t i = 0; i < c->nsuspended; i++)
		if (ac_sha256_eq(&c->suspended[i].version, version))
			return &c->suspended[i];
	return NULL;
}

static enum ac_code
load_clinic(struct ac_worker *w, struct ac_config_ref *c, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_kept *kept = NULL;
	enum ac_code rc =
	    ac_rows_read_n(w->reader, AC_STMT_CLINIC_ACTIVE_GET, NULL, 0, w->arena, &rows, reterr);

	if (rc != AC_OK || rows.n == 0)
		return rc;
	if (!ac_val_sha(&ac_row(&rows, 0)[0], &c->pub.clinic_version))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "clinic_active.version is not a digest");
	if ((rc = ac_clinic_keep(w, &c->pub.clinic_version, &kept, reterr)) != AC_OK)
		return rc;
	keep_in(c, kept);
	c->pub.clinic = ac_kept_value(kept);
	return AC_OK;
}

static enum ac_code
load_sites(struct ac_worker *w, struct ac_config_ref *c, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read_n(w->reader, AC_STMT_SITE_LIST, NULL, 0, w->arena, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	c->pub.sites = ac_new(c->arena, struct ac_site_source, rows.n);
	for (size_t i = 0; i < rows.n; i++) {
		c->pub.sites[i].site = ac_str_dup(c->arena, ac_row(&rows, i)[0].s);
		c->pub.sites[i].system = ac_str_dup(c->arena, ac_row(&rows, i)[1].s);
	}
	c->pub.nsites = rows.n;
	return AC_OK;
}

struct ac_str
ac_config_site_system(const struct ac_config *c, struct ac_str site)
{
	for (size_t i = 0; i < c->nsites; i++)
		if (ac_streq(c->sites[i].site, site))
			return c->sites[i].system;
	return (struct ac_str){ 0 };
}

static enum ac_code
load_all(struct ac_worker *w, struct ac_config_ref *c, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc = ac_rows_read_n(w->reader, AC_STMT_GENERATION_GET, NULL, 0, w->arena, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	c->pub.generation = rows.n == 1 ? ac_row(&rows, 0)[0].i : 0;
	rc = ac_rows_read(w->reader, AC_STMT_SETTING_GET, w->arena, &rows, reterr, AC_VTEXT(AC_S("id-root")));
	if (rc != AC_OK)
		return rc;
	if (rows.n != 1 || !ac_val_uuid(&ac_row(&rows, 0)[0], &c->pub.id_root))
		return ac_fail(
		    reterr, AC_EINTEGRITY, "STORE-ROOT", "the store has no id root: it was not made by init");
	if ((rc = load_active(w, c, reterr)) != AC_OK || (rc = load_sites(w, c, reterr)) != AC_OK)
		return rc;
	return load_clinic(w, c, reterr);
}

static void
unref_locked_out(struct ac_service *s, struct ac_config_ref *c)
{
	for (size_t i = 0; i < c->nkept; i++)
		ac_keep_release(s->keep, c->kept[i]);
	ac_lint_kept_free(c->pub.lint);
	ac_arena_free(c->arena);
	free(c);
}

void
ac_config_unref(struct ac_service *s, struct ac_config_ref *c)
{
	if (c == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	bool last = --c->holders == 0;
	pthread_mutex_unlock(&s->lock);
	if (last)
		unref_locked_out(s, c);
}

/* One holder: the caller. */
enum ac_code
ac_config_load(struct ac_worker *w, struct ac_config_ref **ret, struct ac_err *reterr)
{
	struct ac_config_ref *c = calloc(1, sizeof(*c));
	enum ac_code rc;

	if (c == NULL)
		abort();
	c->arena = ac_arena_new();
	c->pub.lint = ac_lint_kept_new();
	c->holders = 1;
	if ((rc = w->reader->ops->begin_read(w->reader, reterr)) == AC_OK) {
		rc = load_all(w, c, reterr);
		w->reader->ops->rollback(w->reader);
	}
	if (rc != AC_OK) {
		unref_locked_out(w->service, c);
		return rc;
	}
	*ret = c;
	return AC_OK;
}
