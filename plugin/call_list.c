/* call_list.c - what was said, how it is judged and by what, and the other calls of the plan. */
#include "plugin/call_page.h"

#include "core/scores.h"

#define EN AC_S("en")

struct ac_str
ac_call_level_words(enum ac_triage_level l)
{
	switch (l) {
	case AC_LEVEL_EXPECTED:
		return AC_S("matches what your clinic described");
	case AC_LEVEL_CALL_BACK:
		return AC_S("call back");
	case AC_LEVEL_URGENT:
		return AC_S("urgent");
	case AC_LEVEL_NONE:
		break;
	}
	return AC_S("not judged yet");
}

const char *
ac_call_level_chip(enum ac_triage_level l)
{
	return l == AC_LEVEL_URGENT      ? "bad"
	       : l == AC_LEVEL_CALL_BACK ? "warn"
	       : l == AC_LEVEL_EXPECTED  ? "good"
					 : NULL;
}

/* What is recorded of an end or of a judgement, in a reader's words. */
struct ac_str
ac_call_words(struct ac_str value)
{
	enum ac_triage_level level;

	if (ac_streq_c(value, "no-answer"))
		return AC_S("no answer");
	if (ac_streq_c(value, "message-left"))
		return AC_S("message left");
	if (ac_streq_c(value, "wrong-number"))
		return AC_S("wrong number");
	if (ac_streq_c(value, "refused"))
		return AC_S("does not want to talk");
	return ac_level_parse(value, &level) ? ac_call_level_words(level) : value;
}

struct ac_str
ac_call_title(const struct ac_call *c)
{
	return c->kind == AC_CALL_IN      ? AC_S("The patient called")
	       : c->kind == AC_CALL_VISIT ? ac_visit_title(c)
					  : AC_S("Check-in call");
}

/* The rule that fired, in a nurse's words; its name for whoever looks it up. */
static void
fired(struct ac_call_page *n, const struct ac_call_entry *e)
{
	bool person = ac_streq_c(e->name, "person");

	ac_page_open(&n->p, "p", NULL);
	ac_page_elemc(&n->p, "span", NULL, person ? "Decided: " : "Because of: ");
	ac_page_elem(&n->p, "bdi", NULL, e->words);
	ac_page_open(&n->p, "small", NULL);
	if (person)
		ac_xw_textf(&n->p.w, " by %.*s, %.*s", AC_FMT(e->actor), AC_FMT(ac_page_role(e->role)));
	else
		ac_xw_textf(&n->p.w, " rule %.*s", AC_FMT(e->name));
	ac_page_close(&n->p, "small");
	ac_page_close(&n->p, "p");
}

/* What the clinic described for now: the words to answer with. */
static void
described(struct ac_call_page *n)
{
	int64_t now = ac_page_now(&n->p);
	bool open = false;

	for (size_t i = 0; i < n->about.nplans; i++) {
		const struct ac_plan *p = n->about.plans[i]->plan;
		for (size_t k = 0; k < p->nexpectations; k++) {
			const struct ac_plan_expectation *x = &p->expectations[k];
			if (x->from > now || (x->until != AC_INSTANT_NONE && x->until <= now))
				continue;
			if (!open) {
				ac_page_elemc(&n->p, "p", NULL, "What your clinic described for these days:");
				ac_page_open(&n->p, "ul", "described");
			}
			open = true;
			ac_page_elem(&n->p, "li", NULL, ac_page_text(x->def->text));
		}
	}
	if (open)
		ac_page_close(&n->p, "ul");
}

static void
judge_form(struct ac_call_page *n)
{
	static const struct ac_str values[] = { { "urgent", 6 }, { "call-back", 9 }, { "expected", 8 } },
				   labels[] = { { "Urgent", 6 }, { "Call back", 9 },
					   { "Matches what your clinic described", 34 } };
	enum ac_triage_level now = ac_call_level(n->c);
	bool all = ac_page_is_role(&n->p, AC_ROLE_BIT(AC_ROLE_CLINICIAN));
	struct ac_str v[3], l[3], id = ac_uuid_str(n->p.a, n->r->row.id);
	size_t k = 0;

	for (size_t i = 0; i < 3; i++) {
		enum ac_triage_level level = AC_LEVEL_NONE;
		if (!ac_level_parse(values[i], &level) || level == now || (level < now && !all))
			continue;
		v[k] = values[i];
		l[k++] = labels[i];
	}
	if (k == 0 || !ac_page_is_role(&n->p, AC_ROLES_CARE))
		return;
	ac_page_open(&n->p, "details", "judge");
	ac_page_elemc(&n->p, "summary", "button", "Judge it otherwise");
	ac_page_form(&n->p, "finish", "call-act",
	    ac_plan_path(n->p.a, n->r->row.id, "/calls/%lld", (long long)n->c->n),
	    ac_strf(n->p.a, "%.*s/%lld", AC_FMT(id), (long long)n->c->n));
	ac_page_hidden_int(&n->p, "seen", (int64_t)n->c->nentries);
	ac_page_select(&n->p, "level", "Judged as", v, l, k, v[0]);
	ac_page_open(&n->p, "label", "field");
	ac_page_elemc(&n->p, "span", NULL, "Why");
	ac_page_open(&n->p, "input", NULL);
	ac_xw_attrc(&n->p.w, "type", "text");
	ac_xw_attrc(&n->p.w, "name", "reason");
	ac_xw_attrc(&n->p.w, "maxlength", "200");
	ac_xw_attrc(&n->p.w, "required", "required");
	ac_xw_attrc(&n->p.w, "autocomplete", "off");
	ac_page_close(&n->p, "input");
	ac_page_close(&n->p, "label");
	ac_page_button(&n->p, "button", "judge", "1", "Save");
	ac_page_close(&n->p, "form");
	ac_page_close(&n->p, "details");
}

void
ac_call_judgement(struct ac_call_page *n)
{
	const struct ac_call_entry *e = n->c == NULL ? NULL : ac_call_level_entry(n->c);

	if (n->c == NULL || (e == NULL && ac_call_reached_nobody(ac_call_outcome(n->c))))
		return; /* nobody was spoken with: there is nothing to judge */
	ac_page_open(&n->p, "section", "judged");
	ac_call_check_head(n, "h2");
	const char *element = n->checks.n > 1 ? "h3" : "h2";
	ac_page_open(&n->p, element, NULL);
	ac_xw_textc(&n->p.w, "Judged as: ");
	ac_xw_text(&n->p.w, ac_call_level_words(ac_call_level(n->c)));
	ac_page_close(&n->p, element);
	if (e != NULL)
		fired(n, e);
	if (ac_call_level(n->c) == AC_LEVEL_EXPECTED)
		described(n);
	judge_form(n);
	ac_page_close(&n->p, "section");
}

static void
said(struct ac_call_page *n, const struct ac_call_entry *e)
{
	static const char *const heads[] = { NULL, NULL, "Written down", "Judged as", "The call ended" };
	bool words_first = e->kind == AC_ENTRY_ANSWER || e->kind == AC_ENTRY_FLAG;

	ac_page_open(&n->p, "tr", NULL);
	ac_page_open(&n->p, "th", NULL);
	ac_xw_attrc(&n->p.w, "scope", "row");
	if (words_first)
		ac_page_elem(&n->p, "bdi", NULL, e->words);
	else
		ac_xw_textc(&n->p.w, e->kind == AC_ENTRY_OUTCOME && n->c->kind == AC_CALL_VISIT ? "Finished" : heads[e->kind]);
	ac_page_close(&n->p, "th");
	ac_page_open(&n->p, "td", "said");
	ac_page_elem(&n->p, "bdi", NULL, e->kind == AC_ENTRY_NOTE  ? e->words
					   : words_first           ? e->value
								   : ac_call_words(e->value));
	if (e->kind == AC_ENTRY_LEVEL)
		ac_page_elem(&n->p, "small", NULL, e->words);
	ac_page_close(&n->p, "td");
	ac_page_open(&n->p, "td", "by");
	ac_page_elem(&n->p, "small", NULL,
	    ac_strf(n->p.a, "%.*s, %.*s · %.*s", AC_FMT(e->actor), AC_FMT(ac_page_role(e->role)),
		AC_FMT(ac_page_moment(&n->p, n->z, e->at_ms / 1000))));
	ac_page_close(&n->p, "td");
	ac_page_close(&n->p, "tr");
}

void
ac_call_said_so_far(struct ac_call_page *n)
{
	if (n->c == NULL)
		return;
	ac_page_open(&n->p, "section", NULL);
	ac_page_elemc(&n->p, n->checks.n > 1 ? "h3" : "h2", NULL, "What was said");
	ac_page_open(&n->p, "table", "lines said");
	for (size_t i = 0; i < n->c->nentries; i++)
		said(n, &n->c->entries[i]);
	ac_page_close(&n->p, "table");
	ac_page_close(&n->p, "section");
}

void
ac_call_scores(struct ac_page *p, const struct ac_record *r)
{
	struct ac_str svg = ac_scores_svg(r->plan, r->calls, r->ncalls, p->a);

	if (svg.n == 0 || ac_page_is_role(p, AC_ROLE_BIT(AC_ROLE_FRONT_DESK)))
		return;
	ac_page_open(p, "section", NULL);
	ac_page_elemc(p, "h2", NULL, "Scores over the days");
	ac_page_open(p, "figure", "scores");
	ac_xw_markup_not_escaped(&p->w, svg);
	ac_page_close(p, "figure");
	ac_page_close(p, "section");
}

void
ac_call_others(struct ac_page *p, const struct ac_record *r, const struct ac_call *but)
{
	bool open = false;

	for (size_t i = r->ncalls; i-- > 0;) {
		const struct ac_call *c = &r->calls[i];
		if ((but != NULL && c->n == but->n) ||
		    (c->kind != AC_CALL_IN && ac_page_is_role(p, AC_ROLE_BIT(AC_ROLE_FRONT_DESK))))
			continue;
		if (!open) {
			ac_page_open(p, "section", NULL);
			ac_page_elemc(p, "h2", NULL, but == NULL ? "Calls" : "Other calls");
			ac_page_open(p, "ul", "work calls");
		}
		open = true;
		ac_page_open(p, "li", NULL);
		ac_page_link(
		    p, NULL, ac_plan_path(p->a, r->row.id, "/calls/%lld", (long long)c->n), ac_call_title(c));
		ac_page_elem(p, "span", NULL, ac_page_moment(p, r->plan->in->zone, ac_call_at_ms(c) / 1000));
		ac_page_elem(p, "span", NULL,
		    ac_str_is_set(ac_call_outcome(c)) ? ac_call_words(ac_call_outcome(c)) : AC_S("not finished"));
		if (ac_call_level(c) != AC_LEVEL_NONE)
			ac_page_chip(
			    p, ac_call_level_chip(ac_call_level(c)), ac_call_level_words(ac_call_level(c)));
		ac_page_close(p, "li");
	}
	if (!open)
		return;
	ac_page_close(p, "ul");
	ac_page_close(p, "section");
}
