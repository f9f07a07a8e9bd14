/* protocol_list.c - see protocol_list.h. */
#include "core/protocol_list.h"

#include <string.h>

#include "core/lint_kept.h"
#include "core/protocol_life.h"

#define HEX_MIN 8

enum ac_code
ac_protocol_list(struct ac_worker *w, struct ac_protocol_rows *ret, struct ac_err *reterr)
{
	struct ac_str all = { 0 };
	struct ac_life_rows rows;
	enum ac_code rc = ac_life_list(w, all, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = (struct ac_protocol_rows){ ac_new(w->arena, struct ac_protocol_row, rows.n), rows.n };
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_life_row *r = &rows.v[i];

		ret->v[i] = (struct ac_protocol_row){ .version = r->version,
			.protocol = r->protocol,
			.state = ac_str_c(ac_life_state_word(r->state)),
			.author = r->author,
			.approver = r->approver,
			.created_ms = r->created_ms,
			.published_ms = r->effective_ms,
			.n = r->n,
			.suspended = r->suspended,
			.unapproved = r->unapproved,
			.is_active = r->state == AC_LIFE_ACTIVE };
	}
	return AC_OK;
}

/* On its way to being published, at whatever step. */
static bool
is_waiting(const struct ac_protocol_row *r)
{
	return r->published_ms == 0;
}

enum ac_code
ac_protocol_resolve(
    struct ac_worker *w, struct ac_str name, bool draft, struct ac_protocol_row *ret, struct ac_err *reterr)
{
	struct ac_protocol_rows rows;
	const struct ac_protocol_row *found = NULL;
	enum ac_code rc = ac_protocol_list(w, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	for (size_t i = 0; i < rows.n && found == NULL; i++)
		if (ac_streq(rows.v[i].protocol, name) &&
		    (draft ? is_waiting(&rows.v[i]) : rows.v[i].is_active))
			found = &rows.v[i];
	for (size_t i = 0; i < rows.n && name.n >= HEX_MIN; i++) {
		if (!ac_str_starts(ac_hex(w->arena, rows.v[i].version.b, sizeof(rows.v[i].version.b)), name))
			continue;
		if (found != NULL && found != &rows.v[i])
			return ac_fail(reterr, AC_EINPUT, "PROTOCOL-AMBIGUOUS",
			    "several versions begin so: give more digits");
		found = &rows.v[i];
	}
	if (found == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no %s of that name or hash",
		    draft ? "draft" : "active version");
	*ret = *found;
	return AC_OK;
}

struct source {
	struct ac_sha256 sha;
	bool found;
};

static enum ac_code
on_source(const struct ac_val *c, size_t n, void *arg, struct ac_err *reterr)
{
	struct source *s = arg;

	if (n != 1 || c[0].s.n != sizeof(s->sha.b))
		return ac_fail(reterr, AC_EINTEGRITY, "STORE-ROW", "a protocol source has no hash");
	memcpy(s->sha.b, c[0].s.p, sizeof(s->sha.b));
	s->found = true;
	return AC_OK;
}

enum ac_code
ac_protocol_source(
    struct ac_worker *w, const struct ac_sha256 *version, struct ac_str *ret, struct ac_err *reterr)
{
	struct source s = { 0 };
	enum ac_code rc =
	    ac_store_run(w->reader, AC_STMT_PROTOCOL_SOURCE, on_source, &s, reterr, AC_VSHA(version));

	if (rc != AC_OK)
		return rc;
	if (!s.found)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no version with that hash");
	return ac_blob_get(w->reader, &s.sha, ac_service_dictionaries(w->service), w->arena, ret, reterr);
}

/* Active, of the same id. */
static const struct ac_protocol *
in_force(const struct ac_config *c, struct ac_str id)
{
	for (size_t i = 0; i < c->nactive; i++)
		if (ac_streq(c->active[i].protocol->id, id))
			return c->active[i].protocol;
	return NULL;
}

static void
lint(struct ac_worker *w, const struct ac_protocol *p, const struct ac_protocol *base, const struct ac_clinic *clinic,
    struct ac_findings *ret)
{
	const struct ac_config *c = w->config;
	const struct ac_protocol **others = ac_new(w->arena, const struct ac_protocol *, c->nactive);

	for (size_t i = 0; i < c->nactive; i++)
		others[i] = c->active[i].protocol;
	struct ac_lint_beside beside = {
		.clinic = clinic, .others = others, .nothers = c->nactive, .base = base
	};
	for (size_t i = 0; i < c->nactive; i++)
		if (ac_sha256_eq(&c->active[i].protocol->version, &p->version))
			beside.unapproved = !ac_str_is_set(c->active[i].approver);
	ac_protocol_lint_beside(p, &beside, w->arena, ret);
}

void
ac_protocol_lint_here(struct ac_worker *w, const struct ac_protocol *p, const struct ac_clinic *clinic,
    struct ac_findings *ret)
{
	lint(w, p, in_force(w->config, p->id), clinic != NULL ? clinic : w->config->clinic, ret);
}

void
ac_protocol_lint_on(
    struct ac_worker *w, const struct ac_protocol *p, const struct ac_protocol *base, struct ac_findings *ret)
{
	const struct ac_sha256 *beside = base == NULL ? NULL : &base->version;

	if (ac_lint_kept_get(w->config->lint, &p->version, beside, w->arena, ret))
		return;
	lint(w, p, base, w->config->clinic, ret);
	ac_lint_kept_add(w->config->lint, &p->version, beside, ret);
}
