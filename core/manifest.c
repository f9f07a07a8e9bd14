/* manifest.c - see manifest.h. */
#include "base/json.h"
#include "core/manifest.h"
#include "core/plan_state.h"
#include "core/service_parts.h"

static void
put_sha(struct ac_jw *w, struct ac_arena *a, const char *key, const struct ac_sha256 *sha)
{
	ac_jw_kstr(w, key, ac_hex(a, sha->b, sizeof(sha->b)));
}

static void
put_protocols(struct ac_jw *w, struct ac_arena *a, const struct ac_manifest *m)
{
	ac_jw_key(w, "protocols");
	ac_jw_arr(w);
	for (size_t i = 0; i < m->nprotocols; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "id", m->protocols[i].id);
		put_sha(w, a, "version", &m->protocols[i].version);
		ac_jw_kstr(w, "approver", m->protocols[i].approver);
		if (m->protocols[i].solo)
			ac_jw_kbool(w, "solo", true);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

static void
put_ends(struct ac_jw *w, const struct ac_manifest *m)
{
	if (m->nissued_ends == 0)
		return;
	ac_jw_key(w, "issued_ends");
	ac_jw_arr(w);
	for (size_t i = 0; i < m->nissued_ends; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "concept", m->issued_ends[i].concept);
		if (m->issued_ends[i].until != AC_INSTANT_NONE)
			ac_jw_kint(w, "until", m->issued_ends[i].until);
		ac_jw_kint(w, "sheet_at", m->issued_ends[i].sheet_at);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

static void
put_state(struct ac_jw *w, const struct ac_plan_state *s)
{
	if (!s->is_set)
		return;
	ac_jw_key(w, "state");
	ac_jw_obj(w);
	ac_jw_kstr(w, "status", ac_str_c(ac_plan_status_word(s->status)));
	ac_jw_kstr(w, "reason", s->reason);
	if (ac_str_is_set(s->by)) {
		ac_jw_kstr(w, "by", s->by);
		ac_jw_kstr(w, "by_role", s->by_role);
	}
	ac_jw_kint(w, "at", s->at);
	ac_jw_end_obj(w);
}

static void
put_prior(struct ac_jw *w, struct ac_arena *a, const struct ac_manifest *m)
{
	if (m->nprior == 0)
		return;
	ac_jw_key(w, "prior");
	ac_jw_arr(w);
	for (size_t i = 0; i < m->nprior; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "plan", ac_uuid_str(a, m->prior[i].plan));
		ac_jw_kstr(w, "protocol", m->prior[i].protocol);
		ac_jw_kint(w, "anchor", m->prior[i].anchor);
		if (m->prior[i].session > 0)
			ac_jw_kint(w, "session", m->prior[i].session);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

static void
put_others(struct ac_jw *w, struct ac_arena *a, const struct ac_manifest *m)
{
	if (m->nothers == 0)
		return;
	ac_jw_key(w, "others");
	ac_jw_arr(w);
	for (size_t i = 0; i < m->nothers; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "plan", ac_uuid_str(a, m->others[i].id));
		ac_jw_kint(w, "version", m->others[i].version);
		put_sha(w, a, "manifest", &m->others[i].manifest);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

struct ac_str
ac_manifest_encode(const struct ac_manifest *m, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, a, 1024, 0);
	ac_jw_init(&w, &b);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "schema", AC_S("aftercare/manifest/1"));
	ac_jw_kint(&w, "writer", AC_WRITER_VERSION);
	put_protocols(&w, a, m);
	put_sha(&w, a, "snapshot", &m->snapshot);
	if (m->has_answers)
		put_sha(&w, a, "answers", &m->answers);
	if (m->has_calls)
		put_sha(&w, a, "calls", &m->calls);
	if (m->has_overrides)
		put_sha(&w, a, "overrides", &m->overrides);
	if (m->has_clinic)
		put_sha(&w, a, "clinic", &m->clinic);
	ac_jw_kstr(&w, "zone", m->zone);
	put_sha(&w, a, "tzif", &m->tzif);
	ac_jw_kint(&w, "made_at", m->made_at);
	if (m->issued_at != AC_INSTANT_NONE)
		ac_jw_kint(&w, "issued_at", m->issued_at);
	if (m->issued_anchor != 0)
		ac_jw_kint(&w, "issued_anchor", m->issued_anchor);
	if (m->begins_open)
		ac_jw_kbool(&w, "begins_open", true);
	if (m->booked_gap)
		ac_jw_kbool(&w, "booked_gap", true);
	put_ends(&w, m);
	put_prior(&w, a, m);
	put_others(&w, a, m);
	ac_jw_kstr(&w, "id_root", ac_uuid_str(a, m->id_root));
	ac_jw_kint(&w, "version", m->version);
	ac_jw_kstr(&w, "stage", ac_str_c(ac_plan_stage_word(m->stage)));
	put_state(&w, &m->state);
	if (m->revoked)
		ac_jw_kstr(&w, "revoked", m->revoke_reason);
	ac_jw_kint(&w, "document_version", m->document_version);
	ac_jw_kint(&w, "former_document_version", m->former_document_version);
	if (m->confirmed_at != 0)
		ac_jw_kint(&w, "confirmed_at", m->confirmed_at);
	ac_jw_end_obj(&w);
	return ac_buf_str(&b);
}

static enum ac_code
bad(struct ac_err *reterr, const char *member)
{
	return ac_fail_at(
	    reterr, AC_EINTEGRITY, "MANIFEST", 0, 0, member, "a stored manifest cannot be read");
}

static bool
get_sha(json_object *o, const char *key, struct ac_arena *a, struct ac_sha256 *ret)
{
	return ac_unhex(ac_json_str(o, key, a), ret->b, sizeof(ret->b));
}

static enum ac_code
get_protocols(json_object *root, struct ac_arena *a, struct ac_manifest *m, struct ac_err *reterr)
{
	json_object *list, *o;
	size_t n;

	if (!json_object_object_get_ex(root, "protocols", &list) ||
	    !json_object_is_type(list, json_type_array))
		return bad(reterr, "/protocols");
	n = json_object_array_length(list);
	if (n > AC_PLAN_PROTOCOLS_MAX)
		return bad(reterr, "/protocols");
	for (size_t i = 0; i < n; i++) {
		o = json_object_array_get_idx(list, i);
		m->protocols[i].id = ac_json_str(o, "id", a);
		m->protocols[i].approver = ac_json_str(o, "approver", a);
		m->protocols[i].solo = json_object_object_get_ex(o, "solo", NULL);
		if (!get_sha(o, "version", a, &m->protocols[i].version))
			return bad(reterr, "/protocols/version");
	}
	m->nprotocols = n;
	return AC_OK;
}

static enum ac_code
get_ends(json_object *root, struct ac_arena *a, struct ac_manifest *m, struct ac_err *reterr)
{
	struct ac_issued_end *v;
	json_object *list;
	size_t n;

	if (!json_object_object_get_ex(root, "issued_ends", &list))
		return AC_OK;
	if (!json_object_is_type(list, json_type_array))
		return bad(reterr, "/issued_ends");
	n = json_object_array_length(list);
	v = ac_new(a, struct ac_issued_end, n);
	for (size_t i = 0; i < n; i++) {
		json_object *o = json_object_array_get_idx(list, i);
		v[i] = (struct ac_issued_end){ ac_json_str(o, "concept", a), ac_json_int(o, "until", AC_INSTANT_NONE),
			ac_json_int(o, "sheet_at", 0) };
	}
	m->issued_ends = v;
	m->nissued_ends = n;
	return AC_OK;
}

static enum ac_code
get_state(json_object *root, struct ac_arena *a, struct ac_plan_state *s, struct ac_err *reterr)
{
	json_object *o;

	if (!json_object_object_get_ex(root, "state", &o))
		return AC_OK;
	if (!ac_plan_status_parse(ac_json_str(o, "status", a), &s->status))
		return bad(reterr, "/state/status");
	s->is_set = true;
	s->reason = ac_json_str(o, "reason", a);
	s->by = ac_json_str(o, "by", a);
	s->by_role = ac_json_str(o, "by_role", a);
	s->at = ac_json_int(o, "at", 0);
	return AC_OK;
}

static enum ac_code
get_prior(json_object *root, struct ac_arena *a, struct ac_manifest *m, struct ac_err *reterr)
{
	struct ac_prior_session *v;
	json_object *list;

	if (!json_object_object_get_ex(root, "prior", &list))
		return AC_OK;
	if (!json_object_is_type(list, json_type_array))
		return bad(reterr, "/prior");
	m->nprior = json_object_array_length(list);
	v = ac_new(a, struct ac_prior_session, m->nprior);
	for (size_t i = 0; i < m->nprior; i++) {
		json_object *o = json_object_array_get_idx(list, i);
		if (!ac_uuid_parse(ac_json_str(o, "plan", a), &v[i].plan))
			return bad(reterr, "/prior/plan");
		v[i].protocol = ac_json_str(o, "protocol", a);
		v[i].anchor = ac_json_int(o, "anchor", 0);
		v[i].session = (int32_t)ac_json_int(o, "session", 0);
	}
	m->prior = v;
	return AC_OK;
}

static enum ac_code
get_others(json_object *root, struct ac_arena *a, struct ac_manifest *m, struct ac_err *reterr)
{
	json_object *list;

	if (!json_object_object_get_ex(root, "others", &list))
		return AC_OK;
	if (!json_object_is_type(list, json_type_array) || json_object_array_length(list) > AC_OTHER_PLANS_MAX)
		return bad(reterr, "/others");
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *o = json_object_array_get_idx(list, i);
		struct ac_other_plan *x = &m->others[m->nothers++];
		if (!ac_uuid_parse(ac_json_str(o, "plan", a), &x->id) || !get_sha(o, "manifest", a, &x->manifest))
			return bad(reterr, "/others/plan");
		x->version = (uint32_t)ac_json_int(o, "version", 0);
	}
	return AC_OK;
}

enum ac_code
ac_manifest_decode(struct ac_str json, struct ac_arena *a, struct ac_manifest *ret, struct ac_err *reterr)
{
	AC_AUTO_T(json_object) root = NULL;
	struct ac_manifest m = { 0 };
	json_object *open;
	enum ac_code rc;

	if (ac_json_parse(json, AC_JSON_SIZE_MAX, &root, reterr) != AC_OK ||
	    !json_object_is_type(root, json_type_object))
		return bad(reterr, "");
	if ((rc = get_protocols(root, a, &m, reterr)) != AC_OK)
		return rc;
	if (!get_sha(root, "snapshot", a, &m.snapshot))
		return bad(reterr, "/snapshot");
	if (!get_sha(root, "tzif", a, &m.tzif))
		return bad(reterr, "/tzif");
	m.has_answers = get_sha(root, "answers", a, &m.answers);
	m.has_calls = get_sha(root, "calls", a, &m.calls);
	m.has_overrides = get_sha(root, "overrides", a, &m.overrides);
	m.has_clinic = get_sha(root, "clinic", a, &m.clinic);
	m.zone = ac_json_str(root, "zone", a);
	m.made_at = ac_json_int(root, "made_at", 0);
	m.issued_at = ac_json_int(root, "issued_at", AC_INSTANT_NONE);
	m.issued_anchor = ac_json_int(root, "issued_anchor", 0);
	m.begins_open = json_object_object_get_ex(root, "begins_open", &open) && json_object_get_boolean(open);
	m.booked_gap = json_object_object_get_ex(root, "booked_gap", &open) && json_object_get_boolean(open);
	if ((rc = get_ends(root, a, &m, reterr)) != AC_OK || (rc = get_prior(root, a, &m, reterr)) != AC_OK ||
	    (rc = get_others(root, a, &m, reterr)) != AC_OK)
		return rc;
	if (!ac_uuid_parse(ac_json_str(root, "id_root", a), &m.id_root))
		return bad(reterr, "/id_root");
	m.version = (uint32_t)ac_json_int(root, "version", 0);
	m.stage = ac_streq_c(ac_json_str(root, "stage", a), ac_plan_stage_word(AC_STAGE_FINAL))
		      ? AC_STAGE_FINAL
		      : AC_STAGE_PRELIMINARY;
	if ((rc = get_state(root, a, &m.state, reterr)) != AC_OK)
		return rc;
	m.revoke_reason = ac_json_str(root, "revoked", a);
	m.revoked = ac_str_is_set(m.revoke_reason);
	m.document_version = (uint32_t)ac_json_int(root, "document_version", 0);
	m.former_document_version = (uint32_t)ac_json_int(root, "former_document_version", 0);
	m.confirmed_at = ac_json_int(root, "confirmed_at", 0);
	*ret = m;
	return AC_OK;
}

enum ac_code
ac_manifest_get(
    struct ac_worker *w, const struct ac_sha256 *sha, struct ac_manifest *ret, struct ac_err *reterr)
{
	struct ac_str json;
	enum ac_code rc = ac_blob_get(w->reader, sha, w->service->dictionaries, w->arena, &json, reterr);

	if (rc != AC_OK)
		return rc;
	return ac_manifest_decode(json, w->arena, ret, reterr);
}

struct ac_str
ac_answers_encode(const struct ac_answer *v, size_t n, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_jw w;

	if (n == 0)
		return (struct ac_str){ 0 };
	ac_buf_init(&b, a, 512, 0);
	ac_jw_init(&w, &b);
	ac_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		ac_jw_obj(&w);
		ac_jw_kstr(&w, "name", v[i].name);
		ac_jw_key(&w, "values");
		ac_jw_arr(&w);
		for (size_t k = 0; k < v[i].values.n; k++)
			ac_jw_str(&w, v[i].values.v[k]);
		ac_jw_end_arr(&w);
		ac_jw_kstr(&w, "by", v[i].by);
		ac_jw_kstr(&w, "by_role", v[i].by_role);
		ac_jw_kint(&w, "at_ms", v[i].at_ms);
		ac_jw_end_obj(&w);
	}
	ac_jw_end_arr(&w);
	return ac_buf_str(&b);
}

static bool
get_strs(json_object *o, const char *key, struct ac_arena *a, struct enc_strs *ret)
{
	json_object *list, *s;

	if (!json_object_object_get_ex(o, key, &list) || !json_object_is_type(list, json_type_array))
		return false;
	ret->n = json_object_array_length(list);
	ret->v = ac_new(a, struct ac_str, ret->n);
	for (size_t i = 0; i < ret->n; i++) {
		s = json_object_array_get_idx(list, i);
		if (!json_object_is_type(s, json_type_string))
			return false;
		ret->v[i] = ac_str_dup(
		    a, (struct ac_str){ json_object_get_string(s), (size_t)json_object_get_string_len(s) });
	}
	return true;
}

enum ac_code
ac_answers_decode(
    struct ac_str json, struct ac_arena *a, struct ac_answer **ret, size_t *ret_n, struct ac_err *reterr)
{
	AC_AUTO_T(json_object) root = NULL;
	struct ac_answer *v;
	size_t n;

	if (ac_json_parse(json, AC_JSON_SIZE_MAX, &root, reterr) != AC_OK ||
	    !json_object_is_type(root, json_type_array))
		return bad(reterr, "answers");
	n = json_object_array_length(root);
	v = ac_new(a, struct ac_answer, n);
	for (size_t i = 0; i < n; i++) {
		json_object *o = json_object_array_get_idx(root, i);
		v[i].name = ac_json_str(o, "name", a);
		v[i].by = ac_json_str(o, "by", a);
		v[i].by_role = ac_json_str(o, "by_role", a);
		v[i].at_ms = ac_json_int(o, "at_ms", 0);
		if (!ac_str_is_set(v[i].name) || !get_strs(o, "values", a, &v[i].values))
			return bad(reterr, "answers");
	}
	*ret = v;
	*ret_n = n;
	return AC_OK;
}
