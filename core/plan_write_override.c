/* plan_write_override.c - what a clinician decided for this visit, as JSON members. */
#include "core/plan_write.h"

/* By which acts it differs from the protocol's line, and what that says. */
void
ac_out_line_overrides(struct ac_plan_out *o, const struct ac_plan_line *l)
{
	if (l->window_by == NULL && l->text_by == NULL && l->added_by == NULL)
		return;
	ac_out_object(o, "override");
	if (l->added_by != NULL)
		ac_jw_kint(&o->w, "added_by", l->added_by->n);
	if (l->window_by != NULL) {
		ac_jw_kint(&o->w, "window_by", l->window_by->n);
		ac_out_time(o, "protocol_from", l->original_from);
		ac_out_time(o, "protocol_until", l->original_until);
	}
	if (l->text_by != NULL) {
		ac_jw_kint(&o->w, "text_by", l->text_by->n);
		ac_jw_kstr(&o->w, "protocol_text", ac_out_english(l->original->text));
	}
	ac_jw_end_obj(&o->w);
}

static void
act(struct ac_plan_out *o, const struct ac_override *x)
{
	ac_jw_kstr(&o->w, "act", ac_str_c(ac_override_act_word(x->act)));
	ac_jw_kstr(&o->w, "line", x->line);
	if (x->from.kind != AC_OFFSET_NONE)
		ac_jw_kstr(&o->w, "from", ac_offset_str(o->a, x->from));
	if (x->until.kind != AC_OFFSET_NONE)
		ac_jw_kstr(&o->w, "until", ac_offset_str(o->a, x->until));
	ac_jw_kstr(&o->w, "language", x->lang);
	ac_jw_kstr(&o->w, "text", x->text);
	ac_jw_kstr(&o->w, "reason", x->reason);
	ac_jw_kstr(&o->w, "by", x->by);
	ac_jw_kstr(&o->w, "role", x->by_role);
	ac_out_time(o, "at", x->at_ms / 1000);
	ac_out_strs(o, "confirmed", x->confirmed.v, x->confirmed.n);
}

/* An act never changes: what a version depends on is which there are, and what became of them. */
void
ac_out_overrides(struct ac_plan_out *o, const struct ac_plan *p, bool whole)
{
	if (p->noverrides == 0)
		return;
	ac_out_list(o, "overrides");
	for (size_t i = 0; i < p->noverrides; i++) {
		const struct ac_plan_override *x = &p->overrides[i];
		ac_jw_obj(&o->w);
		ac_jw_kint(&o->w, "n", x->o->n);
		ac_jw_kstr(&o->w, "state", ac_str_c(ac_override_state_word(x->state)));
		if (whole)
			act(o, x->o);
		if (whole && x->undone_by != NULL) {
			ac_out_object(o, "undone");
			ac_jw_kint(&o->w, "n", x->undone_by->n);
			ac_jw_kstr(&o->w, "reason", x->undone_by->reason);
			ac_jw_kstr(&o->w, "by", x->undone_by->by);
			ac_out_time(o, "at", x->undone_by->at_ms / 1000);
			ac_jw_end_obj(&o->w);
		}
		ac_jw_end_obj(&o->w);
	}
	ac_jw_end_arr(&o->w);
	if (p->nomitted == 0)
		return;
	ac_out_list(o, "omitted");
	for (size_t i = 0; i < p->nomitted; i++)
		ac_out_line(o, p, &p->omitted[i].line, whole);
	ac_jw_end_arr(&o->w);
}
