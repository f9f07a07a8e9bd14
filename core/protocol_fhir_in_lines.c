/* protocol_fhir_in_lines.c - out of FHIR: one line of the draft from one action, or from a goal. */
#include <string.h>

#include "core/protocol_fhir_in.h"
#include "core/protocol_load.h"
#include "core/protocol_schema.h"

#define WHYS_MAX 200

static bool
is_word(struct ac_str s, const char *const *words)
{
	return ac_str_is_set(s) && px_broken_rule(PX_WORD, words, s) == NULL;
}

static bool
is_kind(const struct fhir_action *act, const char *kind)
{
	return ac_streq_c(pf_code_of(act, AC_FHIR_KIND), kind);
}

/* The open tag with what every line has. */
static void
open_line(struct pf_in *in, struct pf_item *it, const char *name)
{
	ac_xw_open(&in->w, name);
	ac_xw_attr(&in->w, "id", it->id);
	if (it->action != NULL)
		ac_xw_attr(&in->w, "when", pf_condition_of(in, it, it->action, (struct ac_names){ 0 }));
}

static struct ac_str
concept_of(const struct pf_item *it)
{
	struct ac_str none = { 0 }, c = none;

	if (it->action != NULL)
		c = pf_code_of(it->action, AC_FHIR_CONCEPT);
	const struct fhir_coding *coding =
	    it->goal == NULL ? NULL : pf_coding(it->goal->description, AC_FHIR_CONCEPT);
	if (coding != NULL)
		c = coding->code;
	return pf_is_id(c) ? c : none;
}

/* Codes of others, and of ours those that do not belong here. */
static void
other_codes(struct pf_in *in, struct pf_item *it)
{
	static const char *const ours[] = { AC_FHIR_KIND, AC_FHIR_CONCEPT, AC_FHIR_TASK, AC_FHIR_OUTCOME };
	const struct fhir_action *act = it->action;

	for (size_t i = 0; i < act->code.n; i++) {
		const struct fhir_concept *c = &act->code.v[i];
		struct ac_str pointer = ac_strf(in->a, "%.*s/code/%zu", AC_FMT(act->pointer), i);
		bool known = false;
		for (size_t k = 0; k < sizeof(ours) / sizeof(ours[0]); k++)
			known |= pf_coding(c, ours[k]) != NULL;
		for (size_t k = 0; k < c->coding.n && !known; k++)
			pf_not_taken(in, it, pointer,
			    ac_strf(in->a, "the code %.*s %.*s", AC_FMT(pf_quote(in, c->coding.v[k].system)),
				AC_FMT(pf_quote(in, c->coding.v[k].code))));
		if (!known && ac_str_is_set(c->text.s))
			pf_not_taken(in, it, pointer, pf_quote(in, c->text.s));
	}
}

/* A line has words: those of the action, else whatever it is called by. */
static void
put_words(struct pf_in *in, struct pf_item *it, bool may_lack)
{
	const struct fhir_action *act = it->action;
	struct fhir_text words = act->description;

	if (!ac_str_is_set(words.s))
		words = act->equivalent;
	else if (ac_str_is_set(act->equivalent.s))
		pf_not_taken(in, it, ac_strf(in->a, "%.*s/textEquivalent", AC_FMT(act->pointer)),
		    pf_quote(in, act->equivalent.s));
	if (!ac_str_is_set(words.s) && !may_lack) {
		words = act->title;
		if (!ac_str_is_set(words.s))
			words = (struct fhir_text){ .s = it->id };
		pf_not_taken(
		    in, it, act->pointer, AC_S("has no description: which words does the patient read?"));
	}
	pf_put_text(in, it, "text", &words, NULL, true);
}

/* A second reason with the same words: whose translation would it be? */
static bool
is_repeated(struct pf_in *in, const struct fhir_text *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (ac_streq(px_collapse(in->a, v[i].s), px_collapse(in->a, v[n].s)))
			return true;
	return false;
}

static void
put_whys(struct pf_in *in, struct pf_item *it)
{
	static const char *const evidence[] = { "uncited", "weak", "good", "clinic", NULL };
	const struct fhir_action *act = it->action;
	struct fhir_text *texts = ac_new(in->a, struct fhir_text, act->documentation.n);
	size_t n = 0;

	for (size_t i = 0; i < act->documentation.n; i++) {
		const struct fhir_artifact *d = &act->documentation.v[i];
		struct ac_str pointer = ac_strf(in->a, "%.*s/documentation/%zu", AC_FMT(act->pointer), i);
		bool is_why = it->section == PF_IN_INSTRUCTION && ac_streq_c(d->type, "justification") &&
			      ac_str_is_set(d->display.s) && n < WHYS_MAX;
		if (!is_why || ac_str_is_set(d->resource))
			pf_not_taken(in, it, pointer,
			    ac_strf(in->a, "%.*s: %.*s %.*s %.*s", AC_FMT(d->type),
				AC_FMT(pf_quote(in, d->display.s)), AC_FMT(pf_quote(in, d->citation)),
				AC_FMT(pf_quote(in, d->resource))));
		if (!is_why)
			continue;
		bool is_graded = is_word(d->label, evidence), is_sourced = ac_str_is_set(d->citation);
		if (!is_graded || !is_sourced)
			pf_not_taken(in, it, pointer,
			    ac_strf(
				in->a, "which source, how good is it? %.*s", AC_FMT(pf_quote(in, d->label))));
		struct pf_beside beside = { { "evidence", "source" },
			{ is_graded ? d->label : AC_S("uncited"),
			    is_sourced ? px_collapse(in->a, d->citation) : AC_S("imported") } };
		texts[n] = d->display;
		pf_put_text(in, it, "why", &d->display, &beside, !is_repeated(in, texts, n));
		n++;
	}
}

static void
put_variants(struct pf_in *in, struct pf_item *it, const struct fhir_action *group)
{
	for (size_t i = 0; i < group->action.n; i++) {
		const struct fhir_action *w = &group->action.v[i];
		if (!is_kind(w, PF_WINDOW)) {
			pf_not_taken(in, it, w->pointer, AC_S("an action among windows"));
			continue;
		}
		ac_xw_open(&in->w, "window");
		pf_put_window(in, it, w);
		ac_xw_attr(&in->w, "when", pf_condition_of(in, it, w, (struct ac_names){ 0 }));
		ac_xw_close(&in->w);
	}
}

static void
put_windows(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_action *act = it->action;
	bool has_variants = false;

	for (size_t i = 0; i < act->action.n; i++)
		if (is_kind(&act->action.v[i], PF_WINDOWS)) {
			put_variants(in, it, &act->action.v[i]);
			has_variants = true;
		}
	if (act->related.n == 0 || has_variants)
		return;
	ac_xw_open(&in->w, "window");
	pf_put_window(in, it, act);
	ac_xw_close(&in->w);
}

static void
put_excepts(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_action *act = it->action;
	struct fhir_text *texts = ac_new(in->a, struct fhir_text, act->action.n);
	size_t n = 0;

	for (size_t i = 0; i < act->action.n; i++) {
		const struct fhir_action *x = &act->action.v[i];
		struct ac_str concept = pf_code_of(x, AC_FHIR_CONCEPT);
		if (is_kind(x, PF_WINDOWS) || !it->is_ours)
			continue;
		if (!is_kind(x, PF_EXCEPT) || !ac_str_is_set(x->description.s) || n == WHYS_MAX) {
			pf_not_taken(in, it, x->pointer, AC_S("an action inside of a line"));
			continue;
		}
		struct pf_beside beside = { { "concept", NULL },
			{ pf_is_id(concept) ? concept : (struct ac_str){ 0 } } };
		texts[n] = x->description;
		pf_put_text(in, it, "except", &x->description, &beside, !is_repeated(in, texts, n));
		n++;
	}
}

static void
put_goal(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_concept *c = it->goal->description;
	struct fhir_text words = c->text;

	open_line(in, it, "goal");
	ac_xw_attr(&in->w, "concept", concept_of(it));
	for (size_t i = 0; i < c->coding.n; i++) {
		if (ac_streq_c(c->coding.v[i].system, AC_FHIR_CONCEPT))
			continue;
		if (!ac_str_is_set(words.s))
			words = c->coding.v[i].display;
		pf_not_taken(in, it, it->pointer,
		    ac_strf(in->a, "the code %.*s %.*s", AC_FMT(pf_quote(in, c->coding.v[i].system)),
			AC_FMT(pf_quote(in, c->coding.v[i].code))));
	}
	if (!ac_str_is_set(words.s)) {
		words = (struct fhir_text){ .s = it->id };
		pf_not_taken(in, it, it->pointer, AC_S("has no words: which does the patient read?"));
	}
	pf_put_text(in, it, "text", &words, NULL, true);
}

static void
put_instruction(struct pf_in *in, struct pf_item *it)
{
	struct ac_str concept = concept_of(it);

	open_line(in, it, "instruction");
	ac_xw_attr(&in->w, "concept", ac_str_is_set(concept) ? concept : it->id);
	ac_xw_attr(&in->w, "kind", it->kind);
	pf_put_text(in, it, "label", &it->action->title, NULL, true);
	put_windows(in, it);
	put_words(in, it, false);
	put_whys(in, it);
	put_excepts(in, it);
}

static void
put_red_flag(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_action *act = it->action;
	struct ac_str contact = { 0 };

	open_line(in, it, "red-flag");
	ac_xw_attr(&in->w, "level", ac_streq_c(act->priority, "stat") ? AC_S("emergency") : AC_S("call"));
	for (size_t i = 0; i < act->participant.n; i++) {
		const struct fhir_coding *c = pf_coding(act->participant.v[i].role, AC_FHIR_CONTACT);
		if (c != NULL && is_word(c->code, px_contact_words))
			contact = c->code;
	}
	ac_xw_attr(&in->w, "contact", contact);
	/* a sign to watch for has a start and no end */
	if (act->related.n == 1 && act->related.v[0].offset_range != NULL &&
	    act->related.v[0].offset_range->high != NULL)
		pf_not_taken(in, it, it->pointer, AC_S("has an end, which no red flag has"));
	else
		pf_put_window(in, it, act);
	put_words(in, it, false);
}

static const struct fhir_questionnaire *
questions_of(const struct pf_in *in, const struct fhir_action *act, struct ac_str *ret_id)
{
	for (size_t i = 0; i < in->items.n; i++) {
		const struct pf_item *c = in->items.v[i];
		if (c->section != PF_IN_CHECK_IN || act->definition.n < 2 ||
		    !ac_streq(
			c->questions->id, (struct ac_str){ act->definition.p + 1, act->definition.n - 1 }))
			continue;
		*ret_id = c->id;
		return c->questions;
	}
	return NULL;
}

static struct ac_str
role_of(struct pf_in *in, struct pf_item *it, bool *ret_patient)
{
	static const char *const roles[] = { "front-desk", "nurse", "clinician", "admin", NULL };
	const struct fhir_action *act = it->action;
	struct ac_str role = { 0 };

	for (size_t i = 0; i < act->participant.n; i++) {
		const struct fhir_participant *p = &act->participant.v[i];
		const struct fhir_coding *c = pf_coding(p->role, AC_FHIR_ROLE);
		struct ac_str pointer = ac_strf(in->a, "%.*s/participant/%zu", AC_FMT(act->pointer), i);
		if (ac_streq_c(p->type, "patient") && p->role == NULL)
			*ret_patient = true;
		else if (c != NULL && is_word(c->code, roles) && !ac_str_is_set(role))
			role = c->code;
		else
			pf_not_taken(in, it, pointer,
			    ac_strf(in->a, "who is this: %.*s %.*s?", AC_FMT(p->type),
				AC_FMT(pf_quote(in, p->role == NULL ? AC_S("") : p->role->text.s))));
	}
	return role;
}

/* at="4 w 12 w" within="1 w": as many occurrences as can be said, each later than the one before. */
static void
put_occurrences(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_action *act = it->action;
	struct ac_str at = { 0 }, within = { 0 }, one, length;
	int64_t former = -1, start, unused;
	size_t n = 0;

	for (size_t i = 0; i < act->action.n; i++) {
		const struct fhir_action *o = &act->action.v[i];
		struct ac_offset parsed;
		if (!is_kind(o, PF_OCCURRENCE) || o->related.n != 1 ||
		    !pf_offset_of(in, o->related.v[0].offset, &one) ||
		    !ac_streq_c(o->related.v[0].action_id, AC_FHIR_ANCHOR) ||
		    !pf_offset_of(in, o->duration, &length) || (n > 0 && !ac_streq(length, within)) ||
		    n == AC_TASK_TIMES_MAX || !ac_offset_parse(one, &parsed)) {
			pf_not_taken(in, it, o->pointer, AC_S("a further action of a task"));
			continue;
		}
		px_offset_span(parsed, &unused, &start);
		if (start <= former) {
			pf_not_taken(in, it, o->pointer, AC_S("is not later than the one before it"));
			continue;
		}
		former = start;
		within = length;
		at = n++ == 0 ? one : ac_strf(in->a, "%.*s %.*s", AC_FMT(at), AC_FMT(one));
	}
	ac_xw_attr(&in->w, "at", at);
	ac_xw_attr(&in->w, "within", within);
	if (n == 0)
		pf_put_window(in, it, act);
	else if (act->related.n > 0)
		pf_not_taken(
		    in, it, it->pointer, AC_S("has a time of its own beside those of its occurrences"));
}

static void
put_task(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_action *act = it->action;
	struct ac_str kind = pf_code_of(act, AC_FHIR_TASK), questions = { 0 };
	bool is_patient = false;

	open_line(in, it, "task");
	ac_xw_attr(&in->w, "concept", concept_of(it));
	ac_xw_attr(&in->w, "kind", is_word(kind, px_task_kinds) ? kind : AC_S("record"));
	ac_xw_attr(&in->w, "role", role_of(in, it, &is_patient));
	if (it->is_ours)
		put_occurrences(in, it);
	else
		pf_put_window(in, it, act);
	if (ac_str_is_set(act->priority) && !ac_streq_c(act->priority, "routine"))
		ac_xw_attr(&in->w, "urgent", AC_S("yes"));
	if (questions_of(in, act, &questions) != NULL)
		ac_xw_attr(&in->w, "questions", questions);
	else if (ac_str_is_set(act->definition))
		pf_not_taken(in, it, act->pointer,
		    ac_strf(in->a, "is defined elsewhere: %.*s", AC_FMT(pf_quote(in, act->definition))));
	if (is_patient)
		ac_xw_attr(&in->w, "patient", AC_S("yes"));
	pf_put_text(in, it, "label", &act->title, NULL, true);
	put_words(in, it, false);
	put_whys(in, it);
}

static void
put_series(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_repeat *r = it->action->timing == NULL ? NULL : it->action->timing->repeat;
	struct fhir_quantity min = { 0 }, max = { 0 };
	struct ac_str from, to;

	open_line(in, it, "series");
	if (r != NULL && r->count > 0 && r->count <= 1000)
		ac_xw_attrf(&in->w, "sessions", "%d", (int)r->count);
	if (r != NULL && r->period.is_set) {
		min = (struct fhir_quantity){ .value = r->period, .code = r->period_unit };
		max = (struct fhir_quantity){ .value = r->period_max.is_set ? r->period_max : r->period,
			.code = r->period_unit };
		if (pf_offset_of(in, &min, &from) && pf_offset_of(in, &max, &to) &&
		    min.value.v <= max.value.v)
			ac_xw_attrf(&in->w, "interval", "%.*s..%.*s", AC_FMT(from), AC_FMT(to));
		else
			pf_not_taken(in, it, it->pointer,
			    AC_S("an interval of no whole minutes, hours, days or weeks"));
	}
	if (r != NULL && r->count > 1000)
		pf_not_taken(in, it, it->pointer, AC_S("more than 1000 sessions"));
	put_words(in, it, true);
}

/* Members of an action that its kind of line has no use for. */
static void
leftovers(struct pf_in *in, struct pf_item *it)
{
	const struct fhir_action *act = it->action;
	enum pf_section s = it->section;
	bool has_label = s == PF_IN_INSTRUCTION || s == PF_IN_TASK;

	if (ac_str_is_set(act->title.s) && !has_label && ac_str_is_set(act->description.s))
		pf_not_taken(in, it, act->pointer,
		    ac_strf(in->a, "the title: %.*s", AC_FMT(pf_quote(in, act->title.s))));
	if (ac_str_is_set(act->prefix))
		pf_not_taken(in, it, act->pointer,
		    ac_strf(in->a, "the prefix: %.*s", AC_FMT(pf_quote(in, act->prefix))));
	if (ac_str_is_set(act->priority) && s != PF_IN_TASK && s != PF_IN_RED_FLAG)
		pf_not_taken(
		    in, it, act->pointer, ac_strf(in->a, "the priority %.*s", AC_FMT(act->priority)));
	if (act->participant.n > 0 && s != PF_IN_TASK && s != PF_IN_RED_FLAG)
		pf_not_taken(in, it, act->pointer, AC_S("who takes part"));
	if (act->timing != NULL && s != PF_IN_SERIES)
		pf_not_taken(in, it, act->pointer, AC_S("a timing that repeats"));
	if (act->duration != NULL)
		pf_not_taken(in, it, act->pointer, AC_S("how long it takes"));
	if (ac_str_is_set(act->definition) && s != PF_IN_TASK && s != PF_IN_CHECK_IN)
		pf_not_taken(in, it, act->pointer,
		    ac_strf(in->a, "is defined elsewhere: %.*s", AC_FMT(pf_quote(in, act->definition))));
	if (!it->is_ours &&
	    (ac_str_is_set(act->selection) || ac_str_is_set(act->required) || ac_str_is_set(act->grouping)))
		pf_not_taken(in, it, act->pointer,
		    ac_strf(in->a, "how its group behaves: %.*s %.*s %.*s", AC_FMT(act->grouping),
			AC_FMT(act->selection), AC_FMT(act->required)));
	if (s != PF_IN_INSTRUCTION && s != PF_IN_TASK)
		for (size_t i = 0; i < act->documentation.n; i++)
			pf_not_taken(in, it, act->pointer,
			    ac_strf(in->a, "a document: %.*s",
				AC_FMT(pf_quote(in, act->documentation.v[i].display.s))));
	if (it->is_ours && s != PF_IN_INSTRUCTION && s != PF_IN_TASK && s != PF_IN_CHECK_IN)
		for (size_t i = 0; i < act->action.n; i++)
			pf_not_taken(in, it, act->action.v[i].pointer, AC_S("an action inside of a line"));
	other_codes(in, it);
}

void
pf_put_line(struct pf_in *in, struct pf_item *it)
{
	if (it->action != NULL)
		leftovers(in, it);
	if (it->action != NULL && !it->is_ours)
		pf_not_taken(in, it, it->pointer,
		    AC_S("does not say what kind of line it is: a restriction, care, information, a warning, "
			 "a task?"));
	switch (it->section) {
	case PF_IN_GOAL:
		put_goal(in, it);
		break;
	case PF_IN_INSTRUCTION:
		put_instruction(in, it);
		break;
	case PF_IN_EXPECTATION:
		open_line(in, it, "expectation");
		pf_put_window(in, it, it->action);
		put_words(in, it, false);
		break;
	case PF_IN_RED_FLAG:
		put_red_flag(in, it);
		break;
	case PF_IN_TASK:
		put_task(in, it);
		break;
	case PF_IN_CHECK_IN:
		open_line(in, it, "check-in");
		pf_put_check_in(in, it);
		break;
	case PF_IN_SERIES:
		put_series(in, it);
		break;
	}
	pf_put_decides(in, it);
	ac_xw_close(&in->w);
}
