/*
 * call_form.c - what to ask: the red flags of a call that comes in, the questions of a check-in.
 *
 * Rules   a yes that alone is urgent is a button: it sends the form at once. All others wait for the end of the call. What
 *         was said already stands below, and is asked no more.
 */
#include "plugin/call_page.h"

#define EN AC_S("en")

/* The question in English, and in the patient's language where it has one. */
static void
asked(struct ac_call_page *n, struct ac_texts t)
{
	struct ac_str lang = n->r->encounter->patient.language, own;
	bool fell_back = true;

	ac_page_elem(&n->p, "span", "words", ac_page_text(t));
	own = lang.n > 0 ? ac_text_pick(t, lang, &fell_back) : (struct ac_str){ 0 };
	if (fell_back || own.n == 0 || ac_streq(own, ac_page_text(t)))
		return;
	ac_page_open(&n->p, "span", "own");
	ac_xw_attr(&n->p.w, "lang", lang);
	ac_xw_text(&n->p.w, own);
	ac_page_close(&n->p, "span");
}

/* What the refused form held for this field. */
static bool
was_typed(struct ac_call_page *n, struct ac_str name, const char *value)
{
	return n->p.h->status == 409 && ac_streq_c(ac_http_form(n->p.h, ac_cstr(n->p.a, name)), value);
}

static void
pick(struct ac_call_page *n, const char *type, struct ac_str name, const char *value, struct ac_str label)
{
	ac_page_open(&n->p, "label", "check");
	ac_page_open(&n->p, "input", NULL);
	ac_xw_attrc(&n->p.w, "type", type);
	ac_xw_attr(&n->p.w, "name", name);
	ac_xw_attrc(&n->p.w, "value", value);
	if (was_typed(n, name, value))
		ac_xw_attrc(&n->p.w, "checked", "checked");
	ac_page_close(&n->p, "input");
	ac_xw_text(&n->p.w, label);
	ac_page_close(&n->p, "label");
}

/* No is a mark that goes with the form; yes sends it. */
static void
yes_at_once(struct ac_call_page *n, struct ac_str name)
{
	ac_page_open(&n->p, "div", "controls");
	ac_page_button(&n->p, "button danger", ac_cstr(n->p.a, name), "yes", "Yes");
	pick(n, "checkbox", name, "no", AC_S("No"));
	ac_page_close(&n->p, "div");
}

static void
flag(struct ac_call_page *n, const struct ac_call_flag *f)
{
	if (n->c != NULL && ac_call_said(n->c, AC_ENTRY_FLAG, f->key) != NULL)
		return;
	ac_page_open(&n->p, "fieldset", "ask");
	ac_page_open(&n->p, "legend", "what");
	asked(n, f->flag->def->text);
	if (f->flag->def->level == AC_FLAG_EMERGENCY)
		ac_page_elemc(&n->p, "span", "needed", " emergency");
	ac_page_close(&n->p, "legend");
	yes_at_once(n, ac_call_field(n, ac_strf(n->p.a, "flag.%.*s", AC_FMT(f->key))));
	ac_page_close(&n->p, "fieldset");
}

/* Would a yes to this question alone be urgent? */
static bool
is_urgent_alone(struct ac_call_page *n, const struct ac_questions *q, const struct ac_question *of)
{
	const struct ac_plan *p = n->r->plan;
	struct ac_said said = { ac_question_key(n->p.a, q, of), AC_S("yes") };
	struct ac_triage_of about = { .e = p->in->encounter,
		.answers = p->in->answers,
		.nanswers = p->in->nanswers,
		.anchor = ac_wall_at(p->in->zone, p->anchor) };

	return ac_streq_c(of->type, "yes-no") &&
	       ac_triage(&about, q, 1, &said, 1, false, n->p.a).level == AC_LEVEL_URGENT;
}

static void
text_field(struct ac_call_page *n, struct ac_str name, struct ac_str label)
{
	struct ac_str typed = ac_page_typed(&n->p, ac_cstr(n->p.a, name));

	ac_page_open(&n->p, "textarea", NULL);
	ac_xw_attr(&n->p.w, "name", name);
	ac_xw_attrc(&n->p.w, "rows", "2");
	ac_xw_attrf(&n->p.w, "maxlength", "%d", AC_SAID_TEXT_MAX);
	ac_xw_attr(&n->p.w, "aria-label", label);
	ac_xw_text(&n->p.w, typed);
	ac_page_close(&n->p, "textarea");
}

static void
temperature(struct ac_call_page *n, struct ac_str name, struct ac_str label)
{
	ac_page_open(&n->p, "input", "number");
	ac_xw_attrc(&n->p.w, "type", "text");
	ac_xw_attrc(&n->p.w, "inputmode", "decimal");
	ac_xw_attrc(&n->p.w, "maxlength", "5");
	ac_xw_attrc(&n->p.w, "autocomplete", "off");
	ac_xw_attr(&n->p.w, "name", name);
	ac_xw_attr(&n->p.w, "aria-label", label);
	struct ac_str typed = ac_page_typed(&n->p, ac_cstr(n->p.a, name));
	if (typed.n > 0)
		ac_xw_attr(&n->p.w, "value", typed);
	ac_page_close(&n->p, "input");
	ac_page_elemc(&n->p, "span", "zone", "°C");
}

static void
answer_field(struct ac_call_page *n, const struct ac_question *q, struct ac_str name)
{
	static const char *const scores[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10" };

	ac_page_open(&n->p, "div", ac_streq_c(q->type, "score") ? "controls scores" : "controls");
	if (ac_streq_c(q->type, "yes-no")) {
		pick(n, "radio", name, "yes", AC_S("Yes"));
		pick(n, "radio", name, "no", AC_S("No"));
	} else if (ac_streq_c(q->type, "score")) {
		for (size_t i = 0; i < 11; i++)
			pick(n, "radio", name, scores[i], ac_str_c(scores[i]));
	} else if (ac_streq_c(q->type, "temperature")) {
		temperature(n, name, ac_page_text(q->text));
	} else if (ac_streq_c(q->type, "text")) {
		text_field(n, name, ac_page_text(q->text));
	} else {
		for (size_t i = 0; i < q->nvalues; i++)
			pick(n, "radio", name, ac_cstr(n->p.a, q->values[i].code),
			    ac_page_text(q->values[i].label));
	}
	ac_page_close(&n->p, "div");
}

static void
question(struct ac_call_page *n, const struct ac_questions *q, const struct ac_question *of)
{
	struct ac_str key = ac_question_key(n->p.a, q, of),
		      name = ac_call_field(n, ac_strf(n->p.a, "answer.%.*s", AC_FMT(key)));

	if (n->c != NULL && ac_call_said(n->c, AC_ENTRY_ANSWER, key) != NULL)
		return;
	ac_page_open(&n->p, "fieldset", "ask");
	ac_page_open(&n->p, "legend", "what");
	asked(n, of->text);
	ac_page_close(&n->p, "legend");
	if (is_urgent_alone(n, q, of))
		yes_at_once(n, name);
	else
		answer_field(n, of, name);
	ac_page_close(&n->p, "fieldset");
}

/* A patient who came is asked the same; nothing but the end of a phone call falls away. */
static void
is_here(struct ac_call_page *n)
{
	if (n->kind == AC_CALL_VISIT)
		ac_page_hidden(&n->p, "here", AC_S("1"));
	if (n->kind != AC_CALL_CHECK_IN || n->c != NULL)
		return;
	ac_page_open(&n->p, "div", "controls here");
	pick(n, "checkbox", AC_S("here"), "1", AC_S("The patient is here: no phone call"));
	ac_page_close(&n->p, "div");
}

static void
how_it_ended(struct ac_call_page *n)
{
	const struct enc_patient *p = &n->r->encounter->patient;

	ac_page_open(&n->p, "div", "controls ends");
	ac_page_button(&n->p, "button primary", "outcome", "reached",
	    n->kind == AC_CALL_CHECK_IN ? "Reached: finish the call"
	    : n->kind == AC_CALL_VISIT  ? "Finish"
					: "Finish the call");
	if (n->kind == AC_CALL_CHECK_IN) {
		ac_page_button(&n->p, "button", "outcome", "no-answer", "No answer");
		if (p->leave_message == ENC_YES)
			ac_page_button(&n->p, "button", "outcome", "message-left", "Message left");
		ac_page_button(&n->p, "button", "outcome", "refused", "Does not want to talk");
		ac_page_button(&n->p, "button", "outcome", "wrong-number", "Wrong number");
	}
	if (n->kind != AC_CALL_IN)
		ac_page_button(&n->p, "button", "save", "1", "Save and go on");
	ac_page_close(&n->p, "div");
}

/* What the key Enter sends is the first button of a form: it must not be a yes. */
static void
enter_saves(struct ac_call_page *n)
{
	ac_page_open(&n->p, "button", "unseen");
	ac_xw_attrc(&n->p.w, "type", "submit");
	ac_xw_attrc(&n->p.w, "name", "save");
	ac_xw_attrc(&n->p.w, "value", "1");
	ac_xw_attrc(&n->p.w, "tabindex", "-1");
	ac_xw_attrc(&n->p.w, "aria-hidden", "true");
	ac_xw_textc(&n->p.w, "Save and go on");
	ac_page_close(&n->p, "button");
}

static void
hidden(struct ac_call_page *n)
{
	struct ac_page *p = &n->p;

	ac_page_hidden_int(p, ac_cstr(p->a, ac_call_field(n, AC_S("seen"))),
	    n->c != NULL ? (int64_t)n->c->nentries : (int64_t)n->r->ncalls);
	if (n->c != NULL && n->at > 0)
		ac_page_hidden_int(p, ac_cstr(p->a, ac_call_field(n, AC_S("call"))), n->c->n);
	if (n->c != NULL)
		return;
	if (n->at == 0)
		ac_page_hidden(p, "kind", ac_str_c(ac_call_kind_word(n->kind)));
	if (n->at == 0 && n->row != NULL)
		ac_page_hidden(p, "task", n->row->name);
	if (n->row != NULL)
		ac_page_hidden_int(p, ac_cstr(p->a, ac_call_field(n, AC_S("task_seq"))), n->row->seq);
}

/* The patient has no time for this one: its task stays. */
static void
another_time(struct ac_call_page *n)
{
	if (n->at > 0 && n->c == NULL)
		pick(n, "checkbox", ac_call_field(n, AC_S("later")), "1", AC_S("Ask these another time"));
}

/* Of one check: what it asks, under whose treatment it is for. */
static void
check(struct ac_call_page *n)
{
	bool several = n->checks.n > 1;

	if (!ac_call_is_asked(n))
		return;
	if (several)
		ac_page_open(&n->p, "section", "check-of");
	ac_call_check_head(n, "h3");
	hidden(n);
	for (size_t i = 0; i < n->nq; i++)
		for (size_t k = 0; k < n->q[i].check_in->nquestions; k++)
			question(n, &n->q[i], &n->q[i].check_in->questions[k]);
	another_time(n);
	if (several)
		ac_page_close(&n->p, "section");
}

static void
begin(struct ac_call_page *n)
{
	struct ac_str id = ac_uuid_str(n->p.a, n->r->row.id);

	if (n->c == NULL)
		ac_page_form(&n->p, "call", "call-begin", ac_plan_path(n->p.a, n->r->row.id, "/calls"), id);
	else
		ac_page_form(&n->p, "call", "call-act",
		    ac_plan_path(n->p.a, n->r->row.id, "/calls/%lld", (long long)n->c->n),
		    ac_strf(n->p.a, "%.*s/%lld", AC_FMT(id), (long long)n->c->n));
}

void
ac_call_form(struct ac_call_page *n)
{
	if (!n->may_write)
		return;
	ac_page_open(&n->p, "section", "asking");
	ac_page_elemc(&n->p, "h2", NULL,
	    n->kind == AC_CALL_IN ? "Ask each of these, in these words"
	    : n->checks.n > 1	  ? "Go through the questions: one call for all"
				  : "Go through the questions");
	begin(n);
	enter_saves(n);
	is_here(n);
	if (n->kind == AC_CALL_IN)
		for (size_t i = 0; i < n->about.nflags; i++)
			flag(n, &n->about.flags[i]);
	for (size_t i = 0; i < n->checks.n; i++) {
		ac_call_turn_to(n, i);
		check(n);
	}
	ac_call_turn_to(n, 0);
	ac_page_open(&n->p, "label", "field note");
	ac_page_elemc(&n->p, "span", NULL, "What else the patient said");
	text_field(n, AC_S("note"), AC_S("What else the patient said"));
	ac_page_close(&n->p, "label");
	how_it_ended(n);
	ac_page_close(&n->p, "form");
	ac_page_close(&n->p, "section");
}
