/* plan_write.c - the parts of a plan as JSON members: whole for people, or what a new version depends on. */
#include "core/plan_write.h"
#include "core/products.h"

struct ac_str
ac_out_english(struct ac_texts t)
{
	bool fell_back;

	return ac_text_pick(t, AC_S("en"), &fell_back);
}

void
ac_out_time(struct ac_plan_out *o, const char *key, int64_t t)
{
	if (t != AC_INSTANT_NONE)
		ac_jw_kstr(&o->w, key, ac_rfc3339(o->a, o->z, t));
}

static void
stamp_member(struct ac_plan_out *o, const char *key, struct ac_stamp s)
{
	struct ac_str text = { 0 };

	if (s.precision == 0 || s.t == AC_INSTANT_NONE)
		return;
	if (s.precision == 14) {
		text = ac_rfc3339(o->a, o->z, s.t);
	} else { /* as precise as it was written */
		struct ac_str d = ac_hl7_date(o->a, s);
		text = ac_strf(o->a, "%.4s%s%.*s%s%.*s", d.p, d.n >= 6 ? "-" : "", d.n >= 6 ? 2 : 0, d.p + 4,
		    d.n >= 8 ? "-" : "", d.n >= 8 ? 2 : 0, d.n >= 8 ? d.p + 6 : "");
	}
	ac_jw_kstr(&o->w, key, text);
}

void
ac_out_strs(struct ac_plan_out *o, const char *key, const struct ac_str *v, size_t n)
{
	if (n == 0)
		return;
	ac_jw_key(&o->w, key);
	ac_jw_arr(&o->w);
	for (size_t i = 0; i < n; i++)
		ac_jw_str(&o->w, v[i]);
	ac_jw_end_arr(&o->w);
}

void
ac_out_list(struct ac_plan_out *o, const char *key)
{
	ac_jw_key(&o->w, key);
	ac_jw_arr(&o->w);
}

void
ac_out_object(struct ac_plan_out *o, const char *key)
{
	ac_jw_key(&o->w, key);
	ac_jw_obj(&o->w);
}

static void
true_member(struct ac_plan_out *o, const char *key, bool v)
{
	if (v)
		ac_jw_kbool(&o->w, key, true);
}

static void
person_members(struct ac_plan_out *o, const struct enc_person *p)
{
	ac_jw_kstr(&o->w, "id", p->id);
	ac_jw_kstr(&o->w, "npi", p->npi);
	ac_out_strs(o, "given", p->given.v, p->given.n);
	ac_jw_kstr(&o->w, "family", p->family);
}

/* Who the patient is, not how to reach them. */
void
ac_out_patient(struct ac_plan_out *o, const struct enc_patient *p)
{
	ac_jw_kstr(&o->w, "id", p->id);
	if (p->nidentifiers > 0) {
		ac_out_list(o, "identifiers");
		for (size_t i = 0; i < p->nidentifiers; i++) {
			ac_jw_obj(&o->w);
			ac_jw_kstr(&o->w, "system", p->identifiers[i].system);
			ac_jw_kstr(&o->w, "value", p->identifiers[i].value);
			ac_jw_end_obj(&o->w);
		}
		ac_jw_end_arr(&o->w);
	}
	ac_out_strs(o, "given", p->given.v, p->given.n);
	ac_jw_kstr(&o->w, "family", p->family);
	stamp_member(o, "birth_date", p->birth_date);
	ac_jw_kstr(&o->w, "sex", p->sex);
	stamp_member(o, "deceased", p->deceased);
}

void
ac_out_signer(struct ac_plan_out *o, const struct encounter *e)
{
	ac_jw_kbool(&o->w, "signed", e->signed_at.precision != 0);
	if (e->has_signed_by)
		person_members(o, &e->signed_by);
}

static bool
is_used(const struct ac_plan *p, const struct ac_protocol *def)
{
	for (size_t i = 0; i < p->ntreatments; i++)
		if (p->treatments[i].protocol == def)
			return true;
	return false;
}

static void
protocols(struct ac_plan_out *o, const struct ac_plan *p, bool whole)
{
	const struct ac_plan_protocol *sorted[AC_PLAN_PROTOCOLS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_plan_protocol *pp = &p->in->protocols[i];
		if (!is_used(p, pp->protocol))
			continue;
		size_t k = n++;
		for (; k > 0 && ac_protocol_cmp(sorted[k - 1]->protocol, pp->protocol) > 0; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = pp;
	}
	ac_out_list(o, "protocols");
	for (size_t i = 0; i < n; i++) {
		const struct ac_protocol *def = sorted[i]->protocol;
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "id", def->id);
		ac_jw_kstr(&o->w, "version", ac_hex(o->a, def->version.b, sizeof(def->version.b)));
		if (whole) {
			ac_jw_kstr(&o->w, "title", ac_out_english(def->title));
			ac_jw_kstr(&o->w, "owner", def->owner);
			ac_jw_kstr(&o->w, "approver", sorted[i]->approver);
			true_member(o, "solo", sorted[i]->solo);
			true_member(o, "demonstration", def->demonstration);
		}
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

static void
procedure_members(struct ac_plan_out *o, const struct enc_procedure *proc, bool whole)
{
	if (whole)
		ac_jw_kstr(&o->w, "id", proc->id);
	ac_jw_kstr(&o->w, "system", proc->system);
	ac_jw_kstr(&o->w, "code", proc->code);
	ac_jw_kstr(&o->w, "text", proc->text);
	if (proc->nproducts == 0)
		return;
	ac_out_list(o, "products");
	for (size_t i = 0; i < proc->nproducts; i++) {
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "name", proc->products[i].name);
		ac_jw_kstr(&o->w, "lot", proc->products[i].lot);
		ac_jw_kstr(&o->w, "expires", proc->products[i].expires);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

static void
treatments(struct ac_plan_out *o, const struct ac_plan *p, bool whole)
{
	ac_out_list(o, "treatments");
	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct ac_treatment *t = &p->treatments[i];
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "protocol", t->protocol->id);
		if (t->procedure != NULL) {
			ac_out_object(o, "procedure");
			procedure_members(o, t->procedure, whole);
			ac_jw_end_obj(&o->w);
		}
		ac_out_time(o, "anchor", t->anchor);
		if (whole)
			ac_jw_kstr(&o->w, "anchor_source", ac_str_c(ac_anchor_source_word(t->anchor_source)));
		ac_jw_kbool(&o->w, "anchor_assumed", ac_anchor_is_assumed(t->anchor_source));
		ac_jw_kbool(&o->w, "evidence", t->is_evidence);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

/* The facts that the protocols name, each once, in the order of the snapshot's names. */
static void
fact(struct ac_plan_out *o, const struct ac_plan *p, struct ac_str name)
{
	const struct encounter *e = p->in->encounter;
	const struct ac_answer *ans = ac_answer_find(p->in->answers, p->in->nanswers, name);
	const struct enc_strs *v = ans != NULL ? &ans->values : NULL;
	bool is_bool = false;

	for (size_t i = 0; i < e->nfacts; i++) {
		if (ac_streq(e->facts[i].name, name)) {
			v = &e->facts[i].s;
			is_bool = e->facts[i].type == ENC_FACT_BOOL;
		}
	}
	if (v == NULL)
		return;
	ac_jw_key_str(&o->w, name);
	ac_jw_arr(&o->w);
	for (size_t i = 0; i < v->n; i++)
		ac_jw_str(&o->w, !is_bool ? v->v[i] : ac_streq_c(v->v[i], "true") ? AC_S("yes") : AC_S("no"));
	ac_jw_end_arr(&o->w);
}

static void
facts(struct ac_plan_out *o, const struct ac_plan *p)
{
	struct ac_missing names = { 0 };

	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_protocol *def = p->in->protocols[i].protocol;
		for (size_t k = 0; is_used(p, def) && k < def->nfacts; k++) {
			struct ac_str name = def->facts[k].name;
			ac_paths_add(o->a, &names, &(struct ac_missing){ &name, 1, 1 });
		}
	}
	ac_out_object(o, "facts");
	for (size_t i = 0; i < names.n; i++)
		fact(o, p, names.v[i]);
	ac_jw_end_obj(&o->w);
}

static struct ac_str
def_key(struct ac_plan_out *o, const struct ac_plan *p, const struct ac_instruction *def)
{
	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct ac_protocol *pr = p->treatments[i].protocol;
		for (size_t k = 0; k < pr->ninstructions; k++)
			if (&pr->instructions[k] == def)
				return ac_strf(o->a, "%.*s/%.*s", AC_FMT(pr->id), AC_FMT(def->l.id));
	}
	return def->l.id;
}

void
ac_out_line(struct ac_plan_out *o, const struct ac_plan *p, const struct ac_plan_line *l, bool whole)
{
	ac_jw_obj(&o->w);
	ac_jw_kstr(&o->w, "key", l->key);
	if (whole) {
		ac_jw_kstr(&o->w, "concept", l->def->concept);
		ac_jw_kstr(&o->w, "kind", ac_str_c(ac_instruction_kind_word(l->def->kind)));
		ac_jw_kstr(&o->w, "label", ac_out_english(l->def->label));
		ac_jw_kstr(&o->w, "text", ac_out_english(l->def->text));
	}
	ac_out_time(o, "from", l->from);
	ac_out_time(o, "until", l->until);
	if (whole && l->until_offset.kind != AC_OFFSET_NONE)
		ac_jw_kstr(&o->w, "until_offset", ac_offset_str(o->a, l->until_offset));
	true_member(o, "assumed", l->assumed);
	if (whole)
		ac_out_strs(o, "assumed_paths", l->assumed_paths, l->nassumed);
	if (whole && l->other != NULL) {
		ac_out_object(o, "other");
		ac_jw_kstr(&o->w, "plan", ac_uuid_str(o->a, l->other->id));
		ac_jw_kint(&o->w, "version", l->other->version);
		ac_out_time(o, "own_until", l->without_other);
		ac_jw_end_obj(&o->w);
	}
	if (whole)
		ac_out_line_overrides(o, l);
	if (l->nmerged > 0) {
		ac_out_list(o, "merged");
		for (size_t i = 0; i < l->nmerged; i++)
			ac_jw_str(&o->w, def_key(o, p, l->merged[i]));
		ac_jw_end_arr(&o->w);
	}
	ac_jw_end_obj(&o->w);
}

static void
lines(struct ac_plan_out *o, const struct ac_plan *p, bool whole)
{
	ac_out_list(o, "lines");
	for (size_t i = 0; i < p->nlines; i++)
		ac_out_line(o, p, &p->lines[i], whole);
	ac_jw_end_arr(&o->w);
	ac_out_list(o, "contradictions");
	for (size_t i = 0; i < p->ncontradictions; i++) {
		ac_jw_obj(&o->w);
		if (whole)
			ac_jw_kstr(&o->w, "rule", ac_str_c(p->contradictions[i].rule));
		ac_jw_kstr(&o->w, "a", p->contradictions[i].a->key);
		ac_jw_kstr(&o->w, "b", p->contradictions[i].b->key);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

static void
key_of(struct ac_plan_out *o, const struct ac_protocol *p, const struct ac_line *l)
{
	ac_jw_obj(&o->w);
	ac_jw_kstr(&o->w, "key", ac_strf(o->a, "%.*s/%.*s", AC_FMT(p->id), AC_FMT(l->id)));
}

static void
goals_and_flags(struct ac_plan_out *o, const struct ac_plan *p, bool whole)
{
	ac_out_list(o, "goals");
	for (size_t i = 0; i < p->ngoals; i++) {
		key_of(o, p->goals[i].protocol, &p->goals[i].def->l);
		if (whole)
			ac_jw_kstr(&o->w, "text", ac_out_english(p->goals[i].def->text));
		true_member(o, "assumed", p->goals[i].assumed);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
	ac_out_list(o, "expectations");
	for (size_t i = 0; i < p->nexpectations; i++) {
		key_of(o, p->expectations[i].protocol, &p->expectations[i].def->l);
		ac_out_time(o, "from", p->expectations[i].from);
		ac_out_time(o, "until", p->expectations[i].until);
		if (whole)
			ac_jw_kstr(&o->w, "text", ac_out_english(p->expectations[i].def->text));
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
	ac_out_list(o, "red_flags");
	for (size_t i = 0; i < p->nflags; i++) {
		key_of(o, p->flags[i].protocol, &p->flags[i].def->l);
		ac_jw_kstr(&o->w, "level", ac_str_c(ac_flag_level_word(p->flags[i].def->level)));
		if (p->flags[i].def->contact != AC_CONTACT_OPEN)
			ac_jw_kstr(
			    &o->w, "contact", ac_str_c(ac_contact_line_word(p->flags[i].def->contact)));
		if (p->flags[i].from != AC_INSTANT_NONE)
			ac_out_time(o, "from", p->flags[i].from);
		if (whole)
			ac_jw_kstr(&o->w, "text", ac_out_english(p->flags[i].def->text));
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

/* Whose questions are asked as well. */
static void
task_merged(struct ac_plan_out *o, const struct ac_plan *p, const struct ac_plan_task *t)
{
	if (t->nmerged == 0)
		return;
	ac_out_list(o, "merged");
	for (size_t i = 0; i < t->nmerged; i++) {
		struct ac_str key = t->merged[i]->l.id;
		for (size_t k = 0; k < p->ntreatments; k++) {
			const struct ac_protocol *pr = p->treatments[k].protocol;
			for (size_t m = 0; m < pr->ntasks; m++)
				if (&pr->tasks[m] == t->merged[i])
					key = ac_strf(
					    o->a, "%.*s/%.*s", AC_FMT(pr->id), AC_FMT(t->merged[i]->l.id));
		}
		ac_jw_str(&o->w, key);
	}
	ac_jw_end_arr(&o->w);
}

static void
tasks(struct ac_plan_out *o, const struct ac_plan *p, bool whole)
{
	ac_out_list(o, "tasks");
	for (size_t i = 0; i < p->ntasks; i++) {
		const struct ac_plan_task *t = &p->tasks[i];
		ac_jw_obj(&o->w);
		ac_jw_kstr(&o->w, "key", t->key);
		if (whole) {
			ac_jw_kstr(&o->w, "kind", ac_str_c(ac_task_kind_word(t->kind)));
			ac_jw_kstr(&o->w, "title", t->title);
		}
		ac_jw_kstr(&o->w, "role", t->role);
		ac_out_time(o, "not_before", t->not_before);
		ac_out_time(o, "due", t->due);
		true_member(o, "urgent", t->urgent);
		true_member(o, "shifted", t->shifted);
		true_member(o, "unplaced", t->unplaced);
		true_member(o, "assumed", t->assumed);
		task_merged(o, p, t);
		if (whole && t->appointment != NULL)
			ac_jw_kstr(&o->w, "appointment", t->appointment->id);
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
}

static void
series(struct ac_plan_out *o, const struct ac_plan *p)
{
	if (p->session == 0 && p->sessions == 0 && p->series_next_from == AC_INSTANT_NONE &&
	    p->series_next_until == AC_INSTANT_NONE)
		return;
	ac_out_object(o, "series");
	if (p->session > 0)
		ac_jw_kint(&o->w, "session", p->session);
	if (p->sessions > 0)
		ac_jw_kint(&o->w, "sessions", p->sessions);
	true_member(o, "session_checked", p->session_checked);
	ac_out_time(o, "next_from", p->series_next_from);
	ac_out_time(o, "next_until", p->series_next_until);
	ac_jw_end_obj(&o->w);
}

/* That somebody said so. */
static void
expired_lot(struct ac_plan_out *o, const struct ac_plan *p)
{
	for (size_t i = 0; i < p->in->nanswers; i++)
		if (ac_streq_c(p->in->answers[i].name, AC_ANSWER_LOT_EXPIRED) && p->in->answers[i].values.n == 1)
			ac_jw_kstr(&o->w, "expired_lot_used", p->in->answers[i].values.v[0]);
}

/* For people and for the API (whole), or what a new version depends on. */
void
ac_out_clinical(struct ac_plan_out *o, const struct ac_plan *p, bool whole)
{
	ac_jw_kstr(&o->w, "zone", ac_zone_name(o->z));
	true_member(o, "demonstration", p->demonstration);
	protocols(o, p, whole);
	facts(o, p);
	ac_out_time(o, "anchor", p->anchor);
	treatments(o, p, whole);
	lines(o, p, whole);
	ac_out_overrides(o, p, whole);
	goals_and_flags(o, p, whole);
	tasks(o, p, whole);
	series(o, p);
	expired_lot(o, p);
	if (p->in->ncalls > 0) { /* no member where there are none: plans made before keep their bytes */
		ac_jw_key(&o->w, "calls");
		ac_calls_write(&o->w, p->in->calls, p->in->ncalls);
	}
}
