/*
 * panel_open.c - what is open, answered where it is read: missing facts, an assumed time, "was it done today?".
 *
 * Rules   each form is one question and carries the number of answers and the version of the plan that its page knew.
 *         When the page comes again because a form was too old, that form holds what was chosen in it. What unknown facts made longer
 *         is named beside the question.
 */
#include "plugin/panel.h"

#define BUTTONS_MAX 4 /* up to here a choice is buttons: one touch */
#define SHOWN_MAX 3   /* open questions in sight; the others unfold */

static bool
may_answer(const struct ac_panel *n)
{
	return ac_page_is_role(&n->p, AC_ROLES_CARE);
}

void
ac_panel_form(struct ac_panel *n, const char *class)
{
	ac_page_form(&n->p, class, "panel-answer",
	    ac_strf(n->p.a, "%.*s/answers", AC_FMT(ac_panel_path(n->p.a, n->e.site, n->e.id))), n->object);
	ac_page_hidden_int(&n->p, "seen", n->e.answers);
	ac_page_hidden_int(&n->p, "version", n->r == NULL ? 0 : n->r->row.version);
}

static struct ac_str
field_name(struct ac_panel *n, struct ac_str fact)
{
	return ac_strf(n->p.a, "fact.%.*s", AC_FMT(fact));
}

static bool
is_among(struct enc_strs known, struct ac_str code)
{
	for (size_t i = 0; i < known.n; i++)
		if (ac_streq(known.v[i], code))
			return true;
	return false;
}

static void
checkboxes(struct ac_panel *n, const struct ac_fact_def *d, struct enc_strs known)
{
	for (size_t i = 0; i < d->nvalues; i++) {
		ac_page_open(&n->p, "label", "check");
		ac_page_open(&n->p, "input", NULL);
		ac_xw_attrc(&n->p.w, "type", "checkbox");
		ac_xw_attr(&n->p.w, "name", field_name(n, d->name));
		ac_xw_attr(&n->p.w, "value", d->values[i].code);
		if (is_among(known, d->values[i].code))
			ac_xw_attrc(&n->p.w, "checked", "checked");
		ac_page_close(&n->p, "input");
		ac_xw_text(&n->p.w, ac_page_text(d->values[i].label));
		ac_page_close(&n->p, "label");
	}
}

static void
choice_button(struct ac_panel *n, const struct ac_fact_def *d, struct ac_str code, struct ac_str label,
    struct enc_strs known)
{
	ac_page_button(&n->p, is_among(known, code) ? "button chosen" : "button",
	    ac_cstr(n->p.a, field_name(n, d->name)), ac_cstr(n->p.a, code), ac_cstr(n->p.a, label));
}

static void
choice_select(struct ac_panel *n, const struct ac_fact_def *d, struct enc_strs known)
{
	struct ac_str *values = ac_new(n->p.a, struct ac_str, d->nvalues + 1);
	struct ac_str *labels = ac_new(n->p.a, struct ac_str, d->nvalues + 1);

	values[0] = AC_S("");
	labels[0] = AC_S("Choose …");
	for (size_t i = 0; i < d->nvalues; i++) {
		values[i + 1] = d->values[i].code;
		labels[i + 1] = ac_page_text(d->values[i].label);
	}
	ac_page_select_below(&n->p, ac_cstr(n->p.a, field_name(n, d->name)), ac_page_text(d->label), values, labels,
	    d->nvalues + 1, known.n == 1 ? known.v[0] : values[0]);
}

static void
number_field(struct ac_panel *n, const struct ac_fact_def *d, struct enc_strs known)
{
	ac_page_open(&n->p, "input", "number");
	ac_xw_attrc(&n->p.w, "type", "number");
	ac_xw_attrc(&n->p.w, "step", "any");
	ac_xw_attrc(&n->p.w, "inputmode", "decimal");
	ac_xw_attrc(&n->p.w, "required", "required");
	ac_xw_attr(&n->p.w, "aria-label", ac_page_text(d->label));
	ac_xw_attr(&n->p.w, "name", field_name(n, d->name));
	if (known.n == 1)
		ac_xw_attr(&n->p.w, "value", known.v[0]);
	ac_page_close(&n->p, "input");
}

/* What a refused form held for this fact; else what is known. */
static struct enc_strs
chosen(struct ac_panel *n, const struct ac_fact_def *d, struct enc_strs known)
{
	const struct ac_http *h = n->p.h;
	struct ac_str name = field_name(n, d->name);
	struct enc_strs typed = { ac_new(n->p.a, struct ac_str, h->nform + 1), 0 };

	for (size_t i = 0; h->status == 409 && i < h->nform; i++)
		if (ac_streq(h->form[i].name, name))
			typed.v[typed.n++] = h->form[i].value;
	return typed.n > 0 ? typed : known;
}

static void
controls(struct ac_panel *n, const struct ac_fact_def *d, struct enc_strs known)
{
	known = chosen(n, d, known);
	bool needs_save = true;

	ac_page_open(&n->p, "div", "controls");
	if (d->type == AC_FACT_YES_NO) {
		choice_button(n, d, AC_S("yes"), AC_S("Yes"), known);
		choice_button(n, d, AC_S("no"), AC_S("No"), known);
		needs_save = false;
	} else if (d->type == AC_FACT_NUMBER) {
		number_field(n, d, known);
	} else if (d->many) {
		checkboxes(n, d, known);
	} else if (d->nvalues <= BUTTONS_MAX) {
		for (size_t i = 0; i < d->nvalues; i++)
			choice_button(n, d, d->values[i].code, ac_page_text(d->values[i].label), known);
		needs_save = false;
	} else {
		choice_select(n, d, known);
	}
	if (needs_save)
		ac_page_button(&n->p, "button", "save", "1", "Save");
	ac_page_close(&n->p, "div");
}

static void
radio(struct ac_panel *n, const struct ac_fact_def *d, struct ac_str code, struct ac_str label, struct enc_strs known)
{
	ac_page_open(&n->p, "label", "check");
	ac_page_open(&n->p, "input", NULL);
	ac_xw_attrc(&n->p.w, "type", "radio");
	ac_xw_attr(&n->p.w, "name", field_name(n, d->name));
	ac_xw_attr(&n->p.w, "value", code);
	if (is_among(known, code))
		ac_xw_attrc(&n->p.w, "checked", "checked");
	ac_page_close(&n->p, "input");
	ac_xw_text(&n->p.w, label);
	ac_page_close(&n->p, "label");
}

/* Nothing is demanded here: one form holds them all, and what is left open stays open. */
void
ac_panel_controls(struct ac_panel *n, const struct ac_fact_def *d, struct enc_strs known)
{
	known = chosen(n, d, known);
	ac_page_open(&n->p, "div", "controls");
	if (d->type == AC_FACT_YES_NO) {
		radio(n, d, AC_S("yes"), AC_S("Yes"), known);
		radio(n, d, AC_S("no"), AC_S("No"), known);
	} else if (d->type == AC_FACT_NUMBER) {
		ac_page_open(&n->p, "input", "number");
		ac_xw_attrc(&n->p.w, "type", "number");
		ac_xw_attrc(&n->p.w, "step", "any");
		ac_xw_attrc(&n->p.w, "inputmode", "decimal");
		ac_xw_attr(&n->p.w, "aria-label", ac_page_text(d->label));
		ac_xw_attr(&n->p.w, "name", field_name(n, d->name));
		if (known.n == 1)
			ac_xw_attr(&n->p.w, "value", known.v[0]);
		ac_page_close(&n->p, "input");
	} else if (d->many) {
		checkboxes(n, d, known);
	} else {
		for (size_t i = 0; i < d->nvalues; i++)
			radio(n, d, d->values[i].code, ac_page_text(d->values[i].label), known);
	}
	ac_page_close(&n->p, "div");
}

struct ac_str
ac_panel_assumed_for(struct ac_panel *n, struct ac_str path)
{
	const struct ac_plan *p = n->r->plan;
	struct ac_str s = { 0 };

	for (size_t i = 0; i < p->nlines; i++) {
		for (size_t k = 0; k < p->lines[i].nassumed; k++) {
			if (!ac_streq(p->lines[i].assumed_paths[k], path))
				continue;
			struct ac_str label = ac_page_label(p->lines[i].def->label, p->lines[i].def->text);
			s = s.n == 0 ? label : ac_strf(n->p.a, "%.*s, %.*s", AC_FMT(s), AC_FMT(label));
			break;
		}
	}
	return s;
}

/* A list of the chart that nobody has reviewed: answered there, not here. */
static struct ac_str
chart_words(struct ac_panel *n, struct ac_str path)
{
	struct ac_str kind;

	(void)ac_cut(path, '/', &kind);
	if (ac_streq_c(kind, "medication") || ac_streq_c(kind, "allergy") || ac_streq_c(kind, "problem"))
		return ac_strf(
		    n->p.a, "The %.*s list was not reviewed. Review it in the chart.", AC_FMT(kind));
	return ac_strf(n->p.a, "Not recorded in the chart: %.*s.", AC_FMT(path));
}

/* The recorded number of the session does not follow the last one's. */
static void
number_question(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;
	struct ac_str words = ac_strf(n->p.a, " recorded as %d; after the last session it would be %d", p->session, p->session_expected);

	if (may_answer(n))
		ac_panel_form(n, "ask");
	else
		ac_page_open(&n->p, "div", "ask");
	ac_page_open(&n->p, "p", "what");
	ac_page_elemc(&n->p, "strong", NULL, "Number of this session");
	ac_page_elem(&n->p, "span", "so", words);
	ac_page_close(&n->p, "p");
	if (may_answer(n)) {
		ac_page_open(&n->p, "div", "controls");
		ac_page_button(&n->p, "button", "fact." AC_ANSWER_SESSION, ac_cstr(n->p.a, ac_strf(n->p.a, "%d", p->session)),
		    ac_cstr(n->p.a, ac_strf(n->p.a, "Session %d is right", p->session)));
		ac_page_close(&n->p, "div");
	}
	ac_page_close(&n->p, may_answer(n) ? "form" : "div");
}

static void
question(struct ac_panel *n, const struct ac_plan_missing *m)
{
	struct ac_str longer = ac_panel_assumed_for(n, m->path);

	if (m->conflict) {
		number_question(n);
		return;
	}
	if (m->def != NULL && may_answer(n))
		ac_panel_form(n, "ask");
	else
		ac_page_open(&n->p, "div", "ask");
	ac_page_open(&n->p, "p", "what");
	if (m->def != NULL)
		ac_page_elem(&n->p, "strong", NULL, ac_page_text(m->def->label));
	else
		ac_page_elem(&n->p, "strong", NULL, chart_words(n, m->path));
	if (m->required)
		ac_page_elemc(&n->p, "span", "needed", " needed before the sheet can be given out");
	if (longer.n > 0)
		ac_page_elem(&n->p, "span", "so",
		    ac_strf(n->p.a, " not recorded; the careful rule is assumed for: %.*s", AC_FMT(longer)));
	else if (m->def != NULL && !m->required)
		ac_page_elemc(&n->p, "span", "so", " not recorded");
	ac_page_close(&n->p, "p");
	if (m->def != NULL && may_answer(n)) {
		controls(n, m->def, (struct enc_strs){ 0 });
		ac_page_close(&n->p, "form");
	} else {
		ac_page_close(&n->p, "div");
	}
}

static bool
is_assumed(enum ac_anchor_source s)
{
	return s == AC_ANCHOR_END || s == AC_ANCHOR_ISSUE || s == AC_ANCHOR_DAY_END;
}

static const struct ac_treatment *
assumed_treatment(const struct ac_plan *p)
{
	for (size_t i = 0; i < p->ntreatments; i++)
		if (is_assumed(p->treatments[i].anchor_source))
			return &p->treatments[i];
	return NULL;
}

static const char *
source_words(enum ac_anchor_source s)
{
	switch (s) {
	case AC_ANCHOR_END:
		return "the end of the visit is assumed";
	case AC_ANCHOR_ISSUE:
		return "the moment the sheet was given is assumed";
	case AC_ANCHOR_DAY_END:
		return "the end of that day is assumed";
	case AC_ANCHOR_PERFORMED:
	case AC_ANCHOR_ANSWER:
		break;
	}
	return "recorded";
}

static void
time_form(struct ac_panel *n, int64_t t)
{
	const struct ac_zone *z = n->r->plan->in->zone;
	struct ac_wall w = ac_wall_at(z, t);

	ac_panel_form(n, "ask time");
	ac_page_open(&n->p, "p", "what");
	ac_page_elemc(&n->p, "strong", NULL, "Time of the treatment");
	const struct ac_treatment *a = assumed_treatment(n->r->plan);
	if (a != NULL)
		ac_page_elem(&n->p, "span", "so",
		    ac_strf(n->p.a, " not recorded; %s: %.*s", source_words(a->anchor_source),
			AC_FMT(ac_time_words(n->p.a, z, a->anchor, AC_TIME_SHORT, AC_S("en")))));
	ac_page_close(&n->p, "p");
	ac_page_open(&n->p, "div", "controls");
	ac_page_open(&n->p, "input", "moment");
	ac_xw_attrc(&n->p.w, "type", "datetime-local");
	ac_xw_attrc(&n->p.w, "name", "anchor");
	ac_xw_attrc(&n->p.w, "required", "required");
	ac_xw_attrc(&n->p.w, "aria-label", "Time of the treatment");
	struct ac_str typed = ac_page_typed(&n->p, "anchor");
	if (typed.n > 0)
		ac_xw_attr(&n->p.w, "value", typed);
	else
		ac_xw_attrf(
		    &n->p.w, "value", "%04d-%02d-%02dT%02d:%02d", (int)w.year, w.month, w.day, w.hour, w.min);
	ac_page_close(&n->p, "input");
	ac_page_elem(&n->p, "span", "zone", ac_zone_name(z));
	ac_page_button(&n->p, "button", "save", "1", a != NULL ? "Confirm" : "Save");
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "form");
}

static void
time_question(struct ac_panel *n, const struct ac_treatment *t)
{
	if (may_answer(n)) {
		time_form(n, t->anchor);
		return;
	}
	ac_page_open(&n->p, "div", "ask");
	ac_page_elem(&n->p, "p", "what",
	    ac_strf(n->p.a, "Time of the treatment not recorded: %s.", source_words(t->anchor_source)));
	ac_page_close(&n->p, "div");
}

void
ac_panel_time(struct ac_panel *n)
{
	const struct ac_treatment *t = assumed_treatment(n->r->plan);

	if (t != NULL)
		time_question(n, t);
}

/* What makes a line longer or holds the sheet back comes first. */
static int
weight(struct ac_panel *n, const struct ac_plan_missing *m)
{
	return (m->required ? 2 : 0) + (ac_panel_assumed_for(n, m->path).n > 0 ? 1 : 0);
}

static void
questions(struct ac_panel *n, size_t shown)
{
	const struct ac_plan *p = n->r->plan;
	bool folded = false;

	for (int level = 3; level >= 0; level--) {
		for (size_t i = 0; i < p->nmissing; i++) {
			if (weight(n, &p->missing[i]) != level)
				continue;
			if (shown++ == SHOWN_MAX) {
				folded = true;
				ac_page_open(&n->p, "details", "more");
				ac_page_elemc(&n->p, "summary", NULL, "More that is not recorded");
			}
			question(n, &p->missing[i]);
		}
	}
	if (folded)
		ac_page_close(&n->p, "details");
}

void
ac_panel_open_line(struct ac_panel *n)
{
	const struct ac_treatment *t = assumed_treatment(n->r->plan);
	size_t open = n->r->plan->nmissing + (t != NULL ? 1 : 0);

	if (ac_panel_session(n))
		return;
	if (open == 0)
		return;
	ac_page_open(&n->p, "section", "open");
	ac_page_elem(&n->p, "h2", "count", ac_strf(n->p.a, "%zu open", open));
	ac_page_open(&n->p, "div", "asks");
	if (t != NULL)
		time_question(n, t);
	questions(n, t != NULL ? 1 : 0);
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "section");
}

void
ac_panel_was_it_done(struct ac_panel *n)
{
	ac_page_open(&n->p, "section", "open");
	ac_page_elemc(&n->p, "h2", "count", "1 open");
	ac_page_open(&n->p, "div", "asks");
	if (!may_answer(n)) {
		ac_page_elemc(&n->p, "p", "what", "Was it done today? A nurse or clinician can answer here.");
	} else {
		ac_panel_form(n, "ask");
		ac_page_open(&n->p, "p", "what");
		ac_page_elemc(&n->p, "strong", NULL, "Was it done today?");
		ac_page_elemc(&n->p, "span", "so", " Yes makes the plan and starts the follow-up.");
		ac_page_close(&n->p, "p");
		ac_page_open(&n->p, "div", "controls");
		ac_page_button(&n->p, "button primary", "fact.performed", "yes", "Yes");
		ac_page_button(&n->p, "button", "fact.performed", "no", "No");
		ac_page_close(&n->p, "div");
		ac_page_close(&n->p, "form");
	}
	ac_page_close(&n->p, "div");
	ac_page_close(&n->p, "section");
}

/* The chart's value or the panel's answer, as the plan read it. */
static struct enc_strs
known_values(const struct ac_plan *p, struct ac_str name, bool *ret_from_chart)
{
	const struct encounter *e = p->in->encounter;

	*ret_from_chart = false;
	for (size_t i = 0; i < e->nfacts; i++) {
		if (!ac_streq(e->facts[i].name, name))
			continue;
		*ret_from_chart = true;
		return e->facts[i].s;
	}
	for (size_t i = 0; i < p->in->nanswers; i++)
		if (ac_streq(p->in->answers[i].name, name))
			return p->in->answers[i].values;
	return (struct enc_strs){ 0 };
}

static void
answered_fact(struct ac_panel *n, const struct ac_fact_def *d)
{
	bool from_chart;
	struct enc_strs known = known_values(n->r->plan, d->name, &from_chart);

	if (known.n == 0 || from_chart) /* open ones stand above; the chart's are changed in the chart */
		return;
	ac_panel_form(n, "ask");
	ac_page_open(&n->p, "p", "what");
	ac_page_elem(&n->p, "strong", NULL, ac_page_text(d->label));
	ac_page_close(&n->p, "p");
	controls(n, d, known);
	ac_page_close(&n->p, "form");
}

static bool
told_before(const struct ac_plan *p, size_t protocol, struct ac_str name)
{
	for (size_t i = 0; i < protocol; i++)
		for (size_t k = 0; k < p->in->protocols[i].protocol->nfacts; k++)
			if (ac_streq(p->in->protocols[i].protocol->facts[k].name, name))
				return true;
	return false;
}

void
ac_panel_answers(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;

	if (!may_answer(n) || p->in->revoked || p->in->nanswers == 0)
		return;
	ac_page_open(&n->p, "details", "answers");
	ac_page_elemc(&n->p, "summary", NULL, "Change what was answered here");
	for (size_t i = 0; i < p->in->nanswers; i++)
		if (ac_streq_c(p->in->answers[i].name, "anchor"))
			time_form(n, p->anchor);
	for (size_t i = 0; i < p->in->nprotocols; i++)
		for (size_t k = 0; k < p->in->protocols[i].protocol->nfacts; k++)
			if (!told_before(p, i, p->in->protocols[i].protocol->facts[k].name))
				answered_fact(n, &p->in->protocols[i].protocol->facts[k]);
	ac_page_close(&n->p, "details");
}
