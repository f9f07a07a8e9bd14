/*
 * on_visit.c - what is recorded of a patient who is there or asks something: forms on panel and plan page, and
 * POST /aftercare/plans/{id}/visits, which answers them.
 *
 * Rules   understanding and the checklist of a follow-up visit are said in one form each; a question of the patient is
 *         written down by everybody and answered in its own. What it means stands in core/visit_items.h.
 */
#include "core/visit_items.h"
#include "plugin/call_page.h"
#include "plugin/panel.h"

static struct ac_str
object_of(struct ac_page *p, const struct ac_record *r)
{
	return ac_strf(p->a, "%.*s/visits", AC_FMT(ac_uuid_str(p->a, r->row.id)));
}

static void
begin(struct ac_page *p, const struct ac_record *r, int64_t call, int64_t seen)
{
	ac_page_form(p, "visit-form", "plan-visit", ac_plan_path(p->a, r->row.id, "/visits"), object_of(p, r));
	ac_page_hidden_int(p, "seen", seen);
	if (call != 0)
		ac_page_hidden_int(p, "call", call);
}

static void
choice(struct ac_page *p, const struct ac_visit_item *item)
{
	struct ac_str v[4] = { AC_S("") }, words[4] = { AC_S("Choose …") };
	size_t n = 1;

	for (; n < 4 && item->values[n - 1] != NULL; n++)
		v[n] = words[n] = ac_str_c(item->values[n - 1]);
	ac_page_select(p, item->key, item->words, v, words, n, ac_page_typed(p, item->key));
}

static void
text(struct ac_page *p, const struct ac_visit_item *item, struct ac_str instead, bool required)
{
	struct ac_str typed = ac_page_typed(p, item->key);

	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, item->words);
	ac_page_open(p, "input", NULL);
	ac_xw_attrc(&p->w, "type", "text");
	ac_xw_attrc(&p->w, "name", item->key);
	ac_xw_attrc(&p->w, "maxlength", "800");
	ac_xw_attrc(&p->w, "autocomplete", "off");
	if (required)
		ac_xw_attrc(&p->w, "required", "required");
	if (typed.n > 0 || instead.n > 0)
		ac_xw_attr(&p->w, "value", typed.n > 0 ? typed : instead);
	ac_page_close(p, "input");
	ac_page_close(p, "label");
}

static void
item_field(struct ac_page *p, const struct ac_record *r, const struct ac_visit_item *item)
{
	struct ac_str language = ac_streq_c(ac_str_c(item->key), AC_VISIT_LANGUAGE) ? r->encounter->patient.language
										      : (struct ac_str){ 0 };

	if (item->values[0] != NULL)
		choice(p, item);
	else
		text(p, item, language, false);
}

/* The task that asks for it: education that no sheet completes. */
static struct ac_str
teach_task(const struct ac_record *r)
{
	for (size_t i = 0; i < r->plan->ntasks; i++) {
		const struct ac_plan_task *t = &r->plan->tasks[i];
		if (t->kind == AC_TASK_EDUCATION && t->def != NULL && t->def->done_by == AC_DONE_BY_PERSON)
			return t->key;
	}
	return (struct ac_str){ 0 };
}

static void
set_form(struct ac_page *p, const struct ac_record *r, enum ac_visit_set set, const char *title, bool open)
{
	struct ac_str task = set == AC_VISIT_TEACH ? teach_task(r) : (struct ac_str){ 0 };

	ac_page_open(p, "details", "visit");
	if (open)
		ac_xw_attrc(&p->w, "open", "open");
	ac_page_elemc(p, "summary", "button", title);
	begin(p, r, 0, (int64_t)r->ncalls);
	ac_page_hidden(p, "outcome", AC_S("reached"));
	if (task.n > 0)
		ac_page_hidden(p, "task", task);
	for (size_t i = 0; i < ac_nvisit_items; i++)
		if (ac_visit_items[i].set == set)
			item_field(p, r, &ac_visit_items[i]);
	ac_page_button(p, "button primary", "save", "1", "Save");
	ac_page_close(p, "form");
	ac_page_close(p, "details");
}

static void
question_form(struct ac_page *p, const struct ac_record *r)
{
	ac_page_open(p, "details", "visit");
	ac_page_elemc(p, "summary", "button", "The patient asks …");
	begin(p, r, 0, (int64_t)r->ncalls);
	text(p, ac_visit_item(AC_S(AC_VISIT_QUESTION)), (struct ac_str){ 0 }, true);
	ac_page_button(p, "button primary", "save", "1", "Write it down");
	ac_page_close(p, "form");
	ac_page_close(p, "details");
}

static bool
is_unanswered(const struct ac_call *c)
{
	return ac_visit_set_of(c) == AC_VISIT_CONCERN && ac_visit_said(c, AC_VISIT_REPLY).n == 0;
}

static void
reply_form(struct ac_page *p, const struct ac_record *r, const struct ac_call *c)
{
	begin(p, r, c->n, (int64_t)c->nentries);
	ac_page_hidden(p, "outcome", AC_S("reached"));
	text(p, ac_visit_item(AC_S(AC_VISIT_REPLY)), (struct ac_str){ 0 }, true);
	ac_page_button(p, "button", "save", "1", "Answered");
	ac_page_close(p, "form");
}

/* ", for a nurse to answer by 16:00" */
static struct ac_str
whose(struct ac_page *p, const struct ac_record *r, const struct ac_call *c)
{
	struct ac_str name = ac_strf(p->a, "aftercare/concern/%lld", (long long)c->n);

	for (size_t i = 0; i < r->ntasks; i++) {
		const struct ac_task_row *t = &r->tasks[i];
		if (!ac_streq(t->name, name) || t->done_ms != 0)
			continue;
		return ac_strf(p->a, ", for a %.*s to answer by %.*s%s", AC_FMT(ac_page_role(t->role)),
		    AC_FMT(ac_page_moment(p, r->plan->in->zone, t->due)), t->due < ac_page_now(p) ? ": it is late" : "");
	}
	return AC_S("");
}

/* Those that nobody answered yet, each with the form that does. */
static void
open_questions(struct ac_page *p, const struct ac_record *r)
{
	for (size_t i = 0; i < r->ncalls; i++) {
		const struct ac_call *c = &r->calls[i];

		if (!is_unanswered(c))
			continue;
		ac_page_open(p, "div", "ask question");
		ac_page_open(p, "p", "what");
		ac_page_elemc(p, "strong", NULL, "The patient asks: ");
		ac_page_elem(p, "span", NULL, ac_visit_said(c, AC_VISIT_QUESTION));
		ac_page_elem(p, "span", "so",
		    ac_strf(p->a, " written down %.*s%.*s",
			AC_FMT(ac_page_moment(p, r->plan->in->zone, ac_call_at_ms(c) / 1000)),
			AC_FMT(whose(p, r, c))));
		ac_page_close(p, "p");
		if (ac_page_is_role(p, AC_ROLES_CARE))
			reply_form(p, r, c);
		ac_page_close(p, "div");
	}
}

struct ac_str
ac_visit_title(const struct ac_call *c)
{
	switch (ac_visit_set_of(c)) {
	case AC_VISIT_TEACH:
		return AC_S("Understanding checked");
	case AC_VISIT_CHECKLIST:
		return AC_S("Follow-up visit");
	case AC_VISIT_CONCERN:
		return AC_S("Question of the patient");
	case AC_VISIT_OTHER:
		break;
	}
	return AC_S("The patient came");
}

void
ac_visit_reply(struct ac_page *p, const struct ac_record *r, const struct ac_call *c)
{
	if (!is_unanswered(c) || !ac_page_is_role(p, AC_ROLES_CARE))
		return;
	ac_page_open(p, "section", "visits");
	ac_page_elemc(p, "h2", NULL, "Answer it");
	reply_form(p, r, c);
	ac_page_close(p, "section");
}

void
ac_visit_forms(struct ac_page *p, const struct ac_record *r, bool follow_up)
{
	bool care = ac_page_is_role(p, AC_ROLES_CARE);

	if (r->plan->in->revoked || r->version != r->row.version ||
	    !(care || p->h->who.role == AC_ROLE_FRONT_DESK))
		return;
	ac_page_open(p, "section", "visits");
	ac_page_elemc(p, "h2", NULL, follow_up ? "Follow-up visit" : "With the patient");
	open_questions(p, r);
	ac_page_open(p, "div", "visit-forms");
	if (care)
		set_form(p, r, AC_VISIT_CHECKLIST, "Checklist of a follow-up visit", follow_up);
	if (care && !follow_up)
		set_form(p, r, AC_VISIT_TEACH, "Understanding checked …", false);
	question_form(p, r);
	ac_page_close(p, "div");
	ac_page_close(p, "section");
}

static enum ac_code
read_form(struct ac_http *h, struct ac_call_act *act, struct ac_err *reterr)
{
	struct ac_call_answer *v = ac_new(h->w->arena, struct ac_call_answer, h->nform + 1);
	struct ac_str call = ac_http_form(h, "call");

	if (!ac_str_int(ac_http_form(h, "seen"), 0, INT64_MAX, &act->seen) ||
	    (ac_str_is_set(call) && !ac_str_int(call, 1, INT64_MAX, &act->call)))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which state it showed");
	for (size_t i = 0; i < h->nform; i++)
		if (ac_visit_item(h->form[i].name) != NULL)
			v[act->nanswers++] = (struct ac_call_answer){ false, h->form[i].name, ac_str_trim(h->form[i].value) };
	act->answers = v;
	act->task = ac_http_form(h, "task");
	act->outcome = ac_http_form(h, "outcome");
	return AC_OK;
}

enum ac_code
ac_on_plan_visit(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_call_act act = { .kind = AC_CALL_VISIT };
	struct ac_page p = { .h = h, .a = h->w->arena };
	struct ac_record *r;
	int64_t number;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_form_check(h, object_of(&p, r), reterr)) != AC_OK || (rc = read_form(h, &act, reterr)) != AC_OK)
		return rc;
	struct ac_str home = ac_plan_home(h->w->arena, r->row.id);
	act.plan = r->row.id;
	rc = ac_intake_call(h->w, &h->who, &act, &number, reterr);
	if (rc == AC_ECONFLICT) {
		ac_page_set_conflict(h, reterr);
		return ac_on_plan(h, reterr);
	}
	if (rc == AC_OK)
		ac_http_see_other(h, home);
	return rc;
}
