/* care_plan_rows.c - see care_plan_rows.h. */
#include "base/json.h"
#include "core/care_plan_rows.h"
#include "core/plan_write.h"
#include "core/task.h"

#define EN AC_S("en")

static struct ac_str
first_set(struct ac_str x, struct ac_str y)
{
	return ac_str_trim(x).n > 0 ? ac_str_trim(x) : ac_str_trim(y);
}

static void
row(struct ac_plan_out *o, struct ac_str key, const char *type, struct ac_str text, int64_t start, int64_t end)
{
	ac_jw_obj(&o->w);
	ac_jw_kstr(&o->w, "key", key);
	ac_jw_kstr(&o->w, "type", ac_str_c(type));
	ac_jw_kstr(&o->w, "text", text);
	if (start != AC_INSTANT_NONE)
		ac_jw_kstr(&o->w, "start", ac_rfc3339(o->a, NULL, start));
	if (end != AC_INSTANT_NONE)
		ac_jw_kstr(&o->w, "end", ac_rfc3339(o->a, NULL, end));
	ac_jw_end_obj(&o->w);
}

static struct ac_str
clock(struct ac_plan_out *o, int64_t t)
{
	return ac_time_words(o->a, o->z, t, AC_TIME_FULL, EN);
}

/* "No sauna or hot tub. Until Tuesday 31 March 2026, 15:35." */
static struct ac_str
line_text(struct ac_plan_out *o, const struct ac_plan_line *l)
{
	struct ac_str text = first_set(ac_out_english(l->def->text), ac_out_english(l->def->label));
	const char *stop = text.n > 0 && text.p[text.n - 1] == '.' ? "" : ".";

	if (l->from != AC_INSTANT_NONE && l->until != AC_INSTANT_NONE)
		return ac_strf(o->a, "%.*s%s From %.*s until %.*s.", AC_FMT(text), stop, AC_FMT(clock(o, l->from)),
		    AC_FMT(clock(o, l->until)));
	if (l->until != AC_INSTANT_NONE)
		return ac_strf(o->a, "%.*s%s Until %.*s.", AC_FMT(text), stop, AC_FMT(clock(o, l->until)));
	if (l->from != AC_INSTANT_NONE)
		return ac_strf(o->a, "%.*s%s From %.*s on.", AC_FMT(text), stop, AC_FMT(clock(o, l->from)));
	return ac_strf(o->a, "%.*s%s%s", AC_FMT(text), stop, l->def->kind == AC_RESTRICTION ? " No end is stated." : "");
}

static void
whole(struct ac_plan_out *o, const struct ac_record *r)
{
	const struct ac_plan *p = r->plan;
	struct ac_str titles = { 0 };
	int64_t end = p->anchor;

	for (size_t i = 0; i < p->in->nprotocols; i++)
		titles = ac_strf(o->a, "%.*s%s%.*s", AC_FMT(titles), i == 0 ? "" : ", ",
		    AC_FMT(ac_out_english(p->in->protocols[i].protocol->title)));
	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].until > end)
			end = p->lines[i].until;
	row(o, ac_uuid_str(o->a, p->id), "plan_of_care",
	    ac_strf(o->a, "Aftercare plan, version %lld: %.*s. Counted from %.*s.%s", (long long)r->version, AC_FMT(titles),
		AC_FMT(clock(o, p->anchor)), p->demonstration ? " DEMONSTRATION." : ""),
	    p->anchor, end);
}

static void
tasks(struct ac_plan_out *o, const struct ac_record *r, bool appointments)
{
	for (size_t i = 0; i < r->ntasks; i++) {
		const struct ac_task_row *t = &r->tasks[i];
		bool is_appointment = ac_streq_c(t->kind, ac_task_kind_word(AC_TASK_VISIT)) ||
				      ac_streq_c(t->kind, ac_task_kind_word(AC_TASK_SESSION));

		if (is_appointment != appointments || ac_streq_c(t->status, "cancelled") || ac_str_starts(t->name, AC_S(AC_TASK_OWN)))
			continue;
		row(o, t->name, appointments ? "appointments" : "intervention", t->title, t->not_before, t->due);
	}
}

static void
rows(struct ac_plan_out *o, const struct ac_record *r)
{
	const struct ac_plan *p = r->plan;

	whole(o, r);
	for (size_t i = 0; i < p->ngoals; i++)
		row(o, ac_strf(o->a, "%.*s/%.*s", AC_FMT(p->goals[i].protocol->id), AC_FMT(p->goals[i].def->l.id)), "goal",
		    ac_out_english(p->goals[i].def->text), p->anchor, AC_INSTANT_NONE);
	for (size_t i = 0; i < p->nlines; i++)
		row(o, p->lines[i].key, "instructions", line_text(o, &p->lines[i]),
		    p->lines[i].from == AC_INSTANT_NONE ? p->anchor : p->lines[i].from, p->lines[i].until);
	tasks(o, r, false);
	tasks(o, r, true);
}

struct ac_str
ac_care_plan_rows_json(const struct ac_record *r, struct ac_arena *a)
{
	struct ac_plan_out o = { .a = a, .z = r->plan->in->zone };
	struct ac_buf b;

	ac_buf_init(&b, a, 8192, 0);
	ac_jw_init(&o.w, &b);
	ac_jw_obj(&o.w);
	ac_jw_kstr(&o.w, "plan", ac_uuid_str(a, r->row.id));
	ac_jw_kint(&o.w, "version", r->version);
	ac_jw_kint(&o.w, "document", r->plan->in->document_version);
	ac_jw_kstr(&o.w, "status", ac_str_c(ac_plan_status_word(r->plan->status)));
	ac_jw_kstr(&o.w, "site", r->row.site);
	ac_jw_kstr(&o.w, "encounter", r->row.encounter);
	ac_jw_kstr(&o.w, "patient", r->row.patient);
	ac_jw_key(&o.w, "rows");
	ac_jw_arr(&o.w);
	if (r->plan->status != AC_PLAN_REVOKED && r->plan->status != AC_PLAN_ENTERED_IN_ERROR)
		rows(&o, r);
	ac_jw_end_arr(&o.w);
	ac_jw_end_obj(&o.w);
	return ac_buf_str(&b);
}
