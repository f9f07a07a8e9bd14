/* intake_json.c - the answer to an event: what became of it, and what the EHR shall carry out now (CONTRACTS "Snapshot"). */
#include "core/intake_parts.h"

struct out {
	struct ac_jw w;
	struct ac_arena *a;
	const struct ac_zone *z; /* NULL: UTC */
	const struct ac_config *config;
};
/* What stands now, be it written by this commit or by one before. */
struct view {
	const struct ac_plan_row *row; /* NULL: no plan */
	const struct ac_plan *plan;
	const struct ac_document_row *document;
	struct ac_task_row *tasks;
	size_t ntasks;
};

const char *
ac_outcome_word(enum ac_outcome o)
{
	static const char *const words[] = { "created", "updated", "unchanged", "stale", "suggested",
		"no-protocol", "before-go-live", "revoked" };

	return words[o];
}

static const char *const changed_words[] = { "clinical", "patient", "signer" };

struct ac_str
ac_changed_words(unsigned changed, struct ac_arena *a)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 32, 0);
	for (unsigned i = 0; i < sizeof(changed_words) / sizeof(changed_words[0]); i++) {
		if ((changed & 1u << i) == 0)
			continue;
		if (b.n > 0)
			ac_buf_addc(&b, ',');
		ac_buf_addz(&b, changed_words[i]);
	}
	return b.n == 0 ? AC_S("") : ac_buf_str(&b);
}

static void
time_member(struct out *o, const char *key, int64_t ms)
{
	if (ms != 0)
		ac_jw_kstr(&o->w, key, ac_rfc3339(o->a, o->z, ms / 1000));
}

/* The first of the plan's protocol versions that was taken out of use; NULL: none. */
static const struct ac_suspended *
suspended_of(const struct out *o, const struct view *v)
{
	const struct ac_suspended *s = NULL;

	for (size_t i = 0; v->plan != NULL && s == NULL && i < v->plan->in->nprotocols; i++)
		s = ac_config_suspended(o->config, &v->plan->in->protocols[i].protocol->version);
	return s;
}

static void
plan_member(struct out *o, const struct view *v)
{
	ac_jw_key(&o->w, "plan");
	if (v->row == NULL) {
		ac_jw_null(&o->w);
		return;
	}
	struct ac_str id = ac_uuid_str(o->a, v->row->id);
	ac_jw_obj(&o->w);
	ac_jw_kstr(&o->w, "id", id);
	ac_jw_kint(&o->w, "version", v->row->version);
	ac_jw_kstr(&o->w, "status", v->row->status);
	ac_jw_kstr(&o->w, "stage", v->row->stage);
	ac_jw_kstr(&o->w, "url", ac_strf(o->a, "/aftercare/plans/%.*s", AC_FMT(id)));
	time_member(o, "issued_at", v->row->issued_ms);
	time_member(o, "final_at", v->row->final_ms);
	if (v->row->pending)
		ac_jw_kbool(&o->w, "pending", true);
	if (suspended_of(o, v) != NULL)
		ac_jw_kbool(&o->w, "suspended", true);
	ac_jw_end_obj(&o->w);
}

static void
document_member(struct out *o, const struct view *v)
{
	ac_jw_key(&o->w, "document");
	if (v->document == NULL || v->document->version == 0) {
		ac_jw_null(&o->w);
		return;
	}
	ac_jw_obj(&o->w);
	ac_jw_kstr(&o->w, "id", ac_uuid_str(o->a, v->document->id));
	ac_jw_kint(&o->w, "version", v->document->version);
	ac_jw_kstr(&o->w, "url",
	    ac_strf(o->a, "/aftercare/plans/%.*s/documents/%lld/xml", AC_FMT(ac_uuid_str(o->a, v->row->id)),
		(long long)v->document->version));
	ac_jw_kstr(&o->w, "sha256", ac_hex(o->a, v->document->sha256.b, sizeof(v->document->sha256.b)));
	ac_jw_end_obj(&o->w);
}

static void
tasks_member(struct out *o, const struct view *v)
{
	ac_jw_key(&o->w, "tasks");
	ac_jw_arr(&o->w);
	for (size_t i = 0; i < v->ntasks; i++) {
		const struct ac_task_row *t = &v->tasks[i];
		if (!ac_task_is_open(t))
			continue;
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "name", t->name);
		ac_jw_kstr(&o->w, "title", t->title);
		ac_jw_kstr(&o->w, "kind", t->kind);
		ac_jw_kstr(&o->w, "role", t->role);
		ac_jw_kstr(&o->w, "status", t->status);
		ac_jw_kbool(&o->w, "urgent", t->urgent);
		ac_jw_kstr(&o->w, "not_before", ac_rfc3339(o->a, o->z, t->not_before));
		ac_jw_kstr(&o->w, "due", ac_rfc3339(o->a, o->z, t->due));
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

static void
missing_member(struct out *o, const struct ac_plan *p)
{
	bool fell_back;

	ac_jw_key(&o->w, "missing_facts");
	ac_jw_arr(&o->w);
	for (size_t i = 0; p != NULL && i < p->nmissing; i++) {
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "path", p->missing[i].path);
		if (p->missing[i].def != NULL)
			ac_jw_kstr(
			    &o->w, "label", ac_text_pick(p->missing[i].def->label, AC_S("en"), &fell_back));
		ac_jw_kbool(&o->w, "required", p->missing[i].required);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

static void
assumed_member(struct out *o, const struct ac_plan *p)
{
	ac_jw_key(&o->w, "assumed");
	ac_jw_arr(&o->w);
	for (size_t i = 0; p != NULL && i < p->nlines; i++) {
		const struct ac_plan_line *l = &p->lines[i];
		if (!l->assumed)
			continue;
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "line", l->key);
		ac_jw_key(&o->w, "paths");
		ac_jw_arr(&o->w);
		for (size_t n = 0; n < l->nassumed; n++)
			ac_jw_str(&o->w, l->assumed_paths[n]);
		ac_jw_end_arr(&o->w);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

static void
warning(struct out *o, const char *rule, struct ac_str text, struct ac_str pointer)
{
	ac_jw_obj(&o->w);
	ac_jw_kstr(&o->w, "rule", ac_str_c(rule));
	ac_jw_kstr(&o->w, "pointer", pointer);
	ac_jw_kstr(&o->w, "text", text);
	ac_jw_end_obj(&o->w);
}

static void
warnings_member(struct out *o, const struct view *v, const struct enc_warnings *warnings)
{
	struct ac_str none = { 0 };

	ac_jw_key(&o->w, "warnings");
	ac_jw_arr(&o->w);
	for (size_t i = 0; warnings != NULL && i < warnings->n; i++)
		warning(o, "ENC-UNKNOWN", AC_S("This member is not known and was ignored."), warnings->v[i]);
	for (size_t i = 0; v->plan != NULL && i < v->plan->nwarnings; i++)
		warning(o, v->plan->warnings[i].rule, v->plan->warnings[i].text, none);
	if (v->row != NULL && v->row->pending)
		warning(o, "CHANGES-PENDING",
		    AC_S("The plan is final; the changes wait until the chart is signed and complete."),
		    none);
	const struct ac_suspended *s = suspended_of(o, v);
	if (s != NULL)
		warning(o, "PROTOCOL-SUSPENDED",
		    ac_strf(o->a, "%.*s v%lld is suspended: nothing made from it is given out.",
			AC_FMT(s->protocol), (long long)s->n),
		    none);
	ac_jw_end_arr(&o->w);
}

static void
changed_member(struct out *o, unsigned changed)
{
	ac_jw_key(&o->w, "changed");
	ac_jw_arr(&o->w);
	for (unsigned i = 0; i < sizeof(changed_words) / sizeof(changed_words[0]); i++)
		if ((changed & 1u << i) != 0)
			ac_jw_str(&o->w, ac_str_c(changed_words[i]));
	ac_jw_end_arr(&o->w);
}

/* Those that this commit offers; what waits behind an older one comes with the list. */
static void
deliveries_member(struct out *o, const struct ac_intake_work *k)
{
	ac_jw_key(&o->w, "deliveries");
	ac_jw_arr(&o->w);
	for (size_t i = 0; i < k->nplans; i++)
		for (size_t n = 0; n < k->plans[i].deliveries.n; n++) {
			const struct ac_delivery_op *x = &k->plans[i].deliveries.v[n];
			if (!x->supersede && x->row.attempts > 0)
				ac_delivery_json(&o->w, &x->row, o->a);
		}
	ac_jw_end_arr(&o->w);
}

/* A plan of the patient whom the chart named before: that it was revoked, and nothing else of it. */
static void
revoked_member(struct out *o, const struct ac_intake_work *k)
{
	bool any = false;

	for (size_t i = 0; i < k->nplans; i++) {
		if (&k->plans[i] == k->current)
			continue;
		if (!any) {
			ac_jw_key(&o->w, "revoked");
			ac_jw_arr(&o->w);
		}
		any = true;
		ac_jw_str(&o->w, ac_uuid_str(o->a, k->plans[i].now.row.id));
	}
	if (any)
		ac_jw_end_arr(&o->w);
}

static enum ac_code
look(struct ac_intake_work *k, struct view *v, struct ac_err *reterr)
{
	const struct ac_plan_op *op = k->current;
	const struct ac_seen_plan *p = op != NULL ? op->was : ac_seen_plan_of(k->seen, k->e->patient.id);
	struct ac_plan *plan;
	enum ac_code rc;

	*v = (struct view){ 0 };
	if (op != NULL) {
		v->row = &op->now.row;
		v->plan = op->plan;
		v->document = op->has_document ? &op->document : p != NULL ? &p->document : NULL;
		ac_work_tasks_after(op, k->w->arena, &v->tasks, &v->ntasks);
	} else if (p != NULL) {
		if ((rc = ac_seen_remake(k->w, p, &plan, reterr)) != AC_OK)
			return rc;
		*v = (struct view){ &p->full.row, plan, &p->document, p->tasks, p->ntasks };
	}
	return AC_OK;
}

enum ac_code
ac_intake_json(struct ac_intake_work *k, const struct enc_warnings *warnings, struct ac_intake *ret,
    struct ac_err *reterr)
{
	struct view v;
	struct ac_buf b;
	struct out o = { .a = k->w->arena, .config = k->w->config };
	enum ac_code rc = look(k, &v, reterr);

	if (rc != AC_OK)
		return rc;
	o.z = v.plan == NULL ? NULL : v.plan->in->zone;
	ac_buf_init(&b, k->w->arena, 4096, 0);
	ac_jw_init(&o.w, &b);
	ac_jw_obj(&o.w);
	ac_jw_kstr(&o.w, "outcome", ac_str_c(ac_outcome_word(k->outcome)));
	plan_member(&o, &v);
	revoked_member(&o, k);
	document_member(&o, &v);
	tasks_member(&o, &v);
	missing_member(&o, v.plan);
	assumed_member(&o, v.plan);
	warnings_member(&o, &v, warnings);
	changed_member(&o, k->changed);
	deliveries_member(&o, k);
	ac_jw_end_obj(&o.w);
	*ret = (struct ac_intake){ .outcome = k->outcome,
		.has_plan = v.row != NULL,
		.changed = k->changed,
		.json = ac_buf_str(&b) };
	if (v.row != NULL)
		ret->plan = v.row->id;
	return AC_OK;
}
