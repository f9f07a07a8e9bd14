/* protocol_fhir_lines.c - into FHIR: instructions and tasks as actions. */
#include "core/protocol_fhir_parts.h"
#include "core/protocol_schema.h"

/* Variants: the first whose condition holds counts. */
static struct fhir_action
windows(struct pf_out *o, const struct ac_instruction *i)
{
	struct fhir_action group = { .grouping = AC_S("logical-group"), .selection = AC_S("exactly-one") };

	pf_add_code(o, &group, AC_FHIR_KIND, AC_S(PF_WINDOWS));
	group.action.v = ac_new(o->a, struct fhir_action, i->nwindows);
	for (; group.action.n < i->nwindows; group.action.n++) {
		const struct ac_window *w = &i->windows[group.action.n];
		struct fhir_action *to = &group.action.v[group.action.n];
		pf_add_code(o, to, AC_FHIR_KIND, AC_S(PF_WINDOW));
		pf_condition(o, to, w->when);
		pf_window(o, to, &i->l, w->from, w->until, "from", "until");
		pf_range_lost(o, &i->l, "range", w->range_min, w->range_max);
	}
	return group;
}

static struct fhir_action
except(struct pf_out *o, const struct ac_instruction *i, const struct ac_except *x)
{
	struct fhir_action to = { .required = AC_S("could") };

	pf_add_code(o, &to, AC_FHIR_KIND, AC_S(PF_EXCEPT));
	pf_add_code(o, &to, AC_FHIR_CONCEPT, x->concept);
	const char *part =
	    ac_cstr(o->a, ac_strf(o->a, "except%s%.*s", x->concept.n > 0 ? " " : "", AC_FMT(x->concept)));
	to.description = pf_text(o, i->l.id, part, x->text);
	for (size_t k = 0; k < x->text.n; k++)
		if (x->text.v[k].state == AC_TEXT_SOURCE && ac_str_is_set(x->text.v[k].signed_by))
			pf_lost(o, i->l.id, x->line, part, AC_S("who signed it"));
	return to;
}

static void
whys(struct pf_out *o, const struct ac_instruction *i, struct fhir_action *to)
{
	to->documentation.v = ac_new(o->a, struct fhir_artifact, i->nwhy);
	for (; to->documentation.n < i->nwhy; to->documentation.n++) {
		const struct ac_why *w = &i->why[to->documentation.n];
		to->documentation.v[to->documentation.n] =
		    (struct fhir_artifact){ .type = AC_S("justification"),
			    .label = w->evidence,
			    .display = pf_text(o, i->l.id, "why", w->text),
			    .citation = w->source };
	}
}

struct fhir_action
pf_instruction(struct pf_out *o, const struct ac_instruction *i)
{
	struct fhir_action to = pf_line(o, &i->l, ac_instruction_kind_word(i->kind), i->concept);
	bool is_plain = i->nwindows == 1 && i->windows[0].when == NULL;

	to.title = pf_text(o, i->l.id, "label", i->label);
	to.description = pf_text(o, i->l.id, "text", i->text);
	whys(o, i, &to);
	to.action.v = ac_new(o->a, struct fhir_action, i->nexcept + 1);
	if (is_plain) {
		const struct ac_window *w = &i->windows[0];
		pf_window(o, &to, &i->l, w->from, w->until, "from", "until");
		pf_range_lost(o, &i->l, "range", w->range_min, w->range_max);
	} else if (i->nwindows > 0) {
		to.action.v[to.action.n++] = windows(o, i);
	}
	for (size_t k = 0; k < i->nexcept; k++)
		to.action.v[to.action.n++] = except(o, i, &i->except[k]);
	for (size_t k = 0; k < i->ncontradicts; k++)
		pf_lost(o, i->l.id, i->l.line, "contradicts", i->contradicts[k]);
	return to;
}

/* A task that is due several times: each from its offset on, as long as `within` says. */
static void
occurrences(struct pf_out *o, const struct ac_task_def *t, struct fhir_action *to)
{
	if (t->within.kind == AC_OFFSET_DAYS_AT) {
		pf_lost(o, t->l.id, t->l.line, "at", AC_S("times until a time of day"));
		pf_lost(o, t->l.id, t->l.line, "within", ac_offset_str(o->a, t->within));
		return;
	}
	to->action.v = ac_new(o->a, struct fhir_action, t->nat);
	for (size_t i = 0; i < t->nat; i++) {
		if (t->at[i].kind == AC_OFFSET_DAYS_AT) {
			pf_lost(o, t->l.id, t->l.line, "at",
			    ac_strf(o->a, "%.*s: a day with a time of day",
				AC_FMT(ac_offset_str(o->a, t->at[i]))));
			continue;
		}
		struct fhir_action *one = &to->action.v[to->action.n++];
		pf_add_code(o, one, AC_FHIR_KIND, AC_S(PF_OCCURRENCE));
		one->related.v = ac_new(o->a, struct fhir_related, 1);
		one->related.n = 1;
		one->related.v[0] = (struct fhir_related){ .action_id = AC_S(AC_FHIR_ANCHOR),
			.relationship = AC_S("after-end"),
			.offset = pf_quantity(o, t->at[i]) };
		one->duration = pf_quantity(o, t->within);
	}
	if (t->nat > 0 && to->action.n == 0)
		pf_lost(o, t->l.id, t->l.line, "within", ac_offset_str(o->a, t->within));
}

static void
participants(struct pf_out *o, const struct ac_task_def *t, struct fhir_action *to)
{
	to->participant.v = ac_new(o->a, struct fhir_participant, 2);
	if (ac_str_is_set(t->role)) {
		struct fhir_participant *one = &to->participant.v[to->participant.n++];
		one->type = AC_S("practitioner");
		one->role = ac_new(o->a, struct fhir_concept, 1);
		*one->role = pf_code(o, AC_FHIR_ROLE, t->role);
	}
	if (t->patient)
		to->participant.v[to->participant.n++].type = AC_S("patient");
}

struct fhir_action
pf_task(struct pf_out *o, const struct ac_task_def *t)
{
	struct fhir_action to = pf_line(o, &t->l, PF_TASK, t->concept);

	pf_add_code(o, &to, AC_FHIR_TASK, ac_str_c(ac_task_kind_word(t->kind)));
	to.title = pf_text(o, t->l.id, "label", t->label);
	to.description = pf_text(o, t->l.id, "text", t->text);
	if (t->urgent)
		to.priority = AC_S("urgent");
	if (t->nat > 0)
		occurrences(o, t, &to);
	else
		pf_times(o, &to, &t->l, t->from, t->until, "not before", "due");
	pf_range_lost(o, &t->l, "range", t->range_min, t->range_max);
	participants(o, t, &to);
	if (ac_str_is_set(t->questions))
		to.definition = ac_strf(o->a, "#%.*s", AC_FMT(t->questions));
	if (t->closed != AC_CLOSED_KEEP)
		pf_lost(o, t->l.id, t->l.line, "closed", ac_str_c(px_closed_words[t->closed]));
	if (t->shift.kind != AC_OFFSET_NONE)
		pf_lost(o, t->l.id, t->l.line, "shift", ac_offset_str(o->a, t->shift));
	if (t->take_within.kind != AC_OFFSET_NONE)
		pf_lost(o, t->l.id, t->l.line, "take within", ac_offset_str(o->a, t->take_within));
	if (t->escalate_after.kind != AC_OFFSET_NONE)
		pf_lost(o, t->l.id, t->l.line, "escalate after", ac_offset_str(o->a, t->escalate_after));
	if (ac_str_is_set(t->escalate_to))
		pf_lost(o, t->l.id, t->l.line, "escalate to", t->escalate_to);
	if (t->attempts > 0)
		pf_lost(o, t->l.id, t->l.line, "attempts", ac_strf(o->a, "%d", (int)t->attempts));
	if (t->call_until > 0)
		pf_lost(o, t->l.id, t->l.line, "calling hours", ac_calling_hours(o->a, t));
	if (t->done_by != AC_DONE_BY_PERSON)
		pf_lost(o, t->l.id, t->l.line, "done by", ac_str_c(px_done_words[t->done_by]));
	return to;
}
