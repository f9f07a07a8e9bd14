/* likeness.c - dictionaries of a protocol version, from what core/reference renders. */
#include "base/log.h"
#include "core/likeness.h"
#include "core/reference.h"
#include "core/service_parts.h"

static enum ac_code
render(struct ac_worker *w, const struct ac_sha256 *version, struct ac_str approver,
    const struct ac_dictionary_names *has, struct ac_rendered *ret, struct ac_err *reterr)
{
	const struct ac_clinic *clinic = w->config->clinic;
	struct ac_str ignored,
	    name = clinic != NULL && ac_str_is_set(clinic->zone) ? clinic->zone : AC_S("UTC");
	const struct ac_protocol *p;
	const struct ac_zone *zone;
	struct ac_reference r;
	struct ac_sha256 tzif;
	enum ac_code rc;

	if ((rc = ac_service_protocol(w, version, &p, reterr)) != AC_OK ||
	    (rc = ac_worker_zone_now(w, name, &zone, &tzif, &ignored, reterr)) != AC_OK ||
	    (rc = ac_reference_make(p, approver, clinic, zone, w->arena, &r, reterr)) != AC_OK)
		return rc;
	if (!has->has[AC_LIKE_DOCUMENT])
		ret->v[AC_LIKE_DOCUMENT] = r.document;
	if (!has->has[AC_LIKE_HANDOUT])
		ret->v[AC_LIKE_HANDOUT] = r.handout;
	if (!has->has[AC_LIKE_RECORD])
		ret->v[AC_LIKE_RECORD] = r.record;
	return AC_OK;
}

void
ac_likeness_render(
    struct ac_worker *w, const struct ac_sha256 *version, struct ac_str approver, struct ac_rendered *ret)
{
	struct ac_dictionary_names names;
	struct ac_err why = { 0 };
	size_t n = 0;
	enum ac_code rc = ac_dictionary_names_get(w->reader, version, &names, &why);

	*ret = (struct ac_rendered){ 0 };
	for (size_t i = 0; rc == AC_OK && i < AC_LIKENESSES; i++)
		n += names.has[i];
	if (rc == AC_OK && n < AC_LIKENESSES)
		rc = render(w, version, approver, &names, ret, &why);
	if (rc != AC_OK)
		ac_log_err(AC_LOG_WARNING, "dictionary", &why);
}

enum ac_code
ac_likeness_add(struct ac_store *s, const struct ac_sha256 *version, const struct ac_rendered *r,
    bool *ret_new, struct ac_err *reterr)
{
	struct ac_dictionary_names names;
	struct ac_sha256 sha;
	enum ac_code rc = ac_dictionary_names_get(s, version, &names, reterr);

	*ret_new = false;
	for (size_t i = 0; rc == AC_OK && i < AC_LIKENESSES; i++) {
		if (names.has[i] || r->v[i].n == 0)
			continue;
		if ((rc = ac_dictionary_add(s, r->v[i], &sha, reterr)) == AC_OK)
			rc = ac_dictionary_name_add(s, version, (enum ac_likeness)i, &sha, reterr);
		*ret_new = true;
	}
	return rc;
}
