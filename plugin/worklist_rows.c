/*
 * worklist_rows.c - one task of the worklist: when, what, who, and what can be done about it.
 *
 * Rules   what is urgent and not taken says whom to phone. One touch takes a task, or finishes it where what came of it
 *         needs no words; a call's outcome is said. What this role may not do is not offered (core/task.h decides).
 */
#include "plugin/call_page.h"
#include "plugin/worklist.h"

#include <string.h>

#define EN AC_S("en")

static bool
may(const struct ac_worklist *l, const struct ac_task_row *t, enum ac_task_act act)
{
	struct ac_task_request rq = { .act = act,
		.reason = AC_S("-"),
		.role = act == AC_TASK_ACT_ASSIGN || act == AC_TASK_ACT_ESCALATE ? t->role : (struct ac_str){ 0 },
		.until = l->now + 60 };

	return ac_task_may(&l->p.h->who, t, &rq, l->now * 1000, NULL) == AC_OK;
}

/* The form that was refused was this task's. */
static bool
was_refused(const struct ac_worklist *l, const struct ac_task_row *t)
{
	struct ac_uuid plan;

	return l->p.h->status == 409 && ac_uuid_parse(l->p.h->capture[0], &plan) &&
	       memcmp(&plan, &t->plan, sizeof(plan)) == 0 && ac_streq(l->p.h->capture[1], t->name);
}

static void
form(struct ac_worklist *l, const struct ac_task_row *t, const char *class)
{
	struct ac_page *p = &l->p;
	struct ac_str id = ac_uuid_str(p->a, t->plan);

	ac_page_form(p, class, "task-done",
	    ac_strf(p->a, "/aftercare/plans/%.*s/tasks/%.*s", AC_FMT(id), AC_FMT(ac_percent_encode(t->name, p->a))),
	    ac_strf(p->a, "%.*s/%.*s", AC_FMT(id), AC_FMT(t->name)));
	ac_page_hidden_int(p, "seq", t->seq);
	ac_page_hidden(p, "role", l->role);
	if (!ac_streq_c(l->view, "all"))
		ac_page_hidden(p, "view", l->view);
	if (l->of.n > 0)
		ac_page_hidden(p, "of", l->of);
}

static void
field(struct ac_page *p, const char *words, const char *type, const char *name, struct ac_str value, bool required)
{
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, words);
	ac_page_open(p, "input", NULL);
	ac_xw_attrc(&p->w, "type", type);
	ac_xw_attrc(&p->w, "name", name);
	ac_xw_attrc(&p->w, "maxlength", "200");
	if (required)
		ac_xw_attrc(&p->w, "required", "required");
	ac_xw_attrc(&p->w, "autocomplete", "off");
	if (value.n > 0)
		ac_xw_attr(&p->w, "value", value);
	ac_page_close(p, "input");
	ac_page_close(p, "label");
}

static void
finish_form(struct ac_worklist *l, const struct ac_task_row *t, struct ac_str typed)
{
	struct ac_page *p = &l->p;

	form(l, t, "finish");
	field(p, "What came of it, or why it is cancelled", "text", "outcome", typed, true);
	ac_page_open(p, "div", "controls");
	ac_page_button(p, "button primary", "status", "completed", "Done");
	if (may(l, t, AC_TASK_ACT_CANCEL))
		ac_page_button(p, "button", "status", "cancelled", "Cancel it");
	ac_page_close(p, "div");
	ac_page_close(p, "form");
}

static void
give_form(struct ac_worklist *l, const struct ac_task_row *t)
{
	const struct ac_str roles[] = { AC_S("front-desk"), AC_S("nurse"), AC_S("clinician") };
	const struct ac_str words[] = { AC_S("Front desk"), AC_S("Nurse"), AC_S("Clinician") };
	struct ac_page *p = &l->p;

	form(l, t, "finish");
	ac_page_select(p, "to", "Give to", roles, words, 3, t->role);
	field(p, "A person's account, or nobody", "text", "owner", (struct ac_str){ 0 }, false);
	field(p, "Why (may be empty)", "text", "outcome", (struct ac_str){ 0 }, false);
	ac_page_button(p, "button", "act", "assign", "Give");
	ac_page_close(p, "form");
}

static void
snooze_form(struct ac_worklist *l, const struct ac_task_row *t)
{
	struct ac_page *p = &l->p;
	struct ac_wall w = ac_wall_at(ac_worklist_zone(l, t->zone), t->due > l->now ? t->due : l->now + 3600);

	form(l, t, "finish");
	field(p, "Put off until", "datetime-local", "until",
	    ac_strf(p->a, "%04d-%02d-%02dT%02d:%02d", (int)w.year, w.month, w.day, w.hour, w.min), true);
	field(p, "Why", "text", "outcome", (struct ac_str){ 0 }, true);
	ac_page_button(p, "button", "act", "snooze", "Put off");
	ac_page_close(p, "form");
}

static void
more(struct ac_worklist *l, const struct ac_task_row *t)
{
	struct ac_page *p = &l->p;
	struct ac_str typed = was_refused(l, t) ? ac_page_typed(p, "outcome") : (struct ac_str){ 0 };

	ac_page_open(p, "details", "finish");
	if (typed.n > 0)
		ac_xw_attrc(&p->w, "open", "open");
	ac_page_elemc(p, "summary", "button", "Finish, hand on …");
	finish_form(l, t, typed);
	if (may(l, t, AC_TASK_ACT_ASSIGN))
		give_form(l, t);
	if (may(l, t, AC_TASK_ACT_SNOOZE))
		snooze_form(l, t);
	ac_page_close(p, "details");
}

static void
do_it(struct ac_worklist *l, const struct ac_task_row *t)
{
	struct ac_page *p = &l->p;
	bool mine = ac_streq(t->owner, p->h->who.user) && ac_streq_c(t->status, "accepted");

	if (!may(l, t, AC_TASK_ACT_DONE))
		return;
	ac_page_open(p, "div", "do");
	form(l, t, "now");
	if (!ac_streq_c(t->status, "accepted"))
		ac_page_button(p, t->urgent ? "button primary" : "button", "act", "take", "Take");
	else if (mine)
		ac_page_button(p, "button", "act", "release", "Give back");
	if (!ac_task_needs_words(t))
		ac_page_button(p, "button", "act", "done", "Done");
	ac_page_close(p, "form");
	ac_page_close(p, "div");
	more(l, t);
}

static void
whom_to_phone(struct ac_worklist *l, const struct ac_task_row *t)
{
	struct ac_page *p = &l->p;
	struct ac_phone_now now;

	if (!t->urgent || ac_streq_c(t->status, "accepted"))
		return;
	now = ac_task_phone(p->h->w, t, l->now);
	ac_page_open(p, "p", "phone-now");
	if (now.number.n == 0) {
		ac_page_elemc(p, "strong", NULL, "Nobody is on call, and the clinic has no contact line.");
	} else {
		ac_page_elemc(p, "strong", NULL, now.on_call ? "Phone now: " : "Nobody is on call. Phone now: ");
		ac_page_elem(p, "bdi", NULL, now.name);
		ac_xw_textc(&p->w, " ");
		ac_page_elem(p, "bdi", "number", now.number);
		if (now.on_call && t->called_ms != 0)
			ac_page_elem(p, "small", NULL,
			    ac_strf(p->a, " called %.*s%s",
				AC_FMT(ac_time_words(p->a, ac_worklist_zone(l, t->zone), t->called_ms / 1000,
				    AC_TIME_SHORT, EN)),
				t->steps > 0 ? ", those before did not take it" : ""));
	}
	ac_page_close(p, "p");
}

static struct ac_str
about(struct ac_worklist *l, const struct ac_task_row *t, enum ac_work_group g)
{
	struct ac_arena *a = l->p.a;
	struct ac_str s = ac_strf(a, "%.*s%s", AC_FMT(ac_page_role(t->role)), t->urgent ? " · urgent" : "");

	if (t->owner.n > 0)
		s = ac_strf(a, "%.*s · %s%.*s", AC_FMT(s), ac_streq_c(t->status, "accepted") ? "taken by " : "for ",
		    AC_FMT(t->owner));
	if (g == AC_WORK_HELD)
		s = ac_strf(a, "%.*s · waits: the plan is on hold", AC_FMT(s));
	return s;
}

/* The plan's page, at the line that it is about. */
static struct ac_str
line_path(struct ac_worklist *l, const struct ac_task_row *t)
{
	return t->line.n > 0 ? ac_strf(l->p.a, "%.*s#%.*s", AC_FMT(ac_plan_home(l->p.a, t->plan)),
				   AC_FMT(ac_percent_encode(t->line, l->p.a)))
			     : ac_plan_home(l->p.a, t->plan);
}

static void
when(struct ac_worklist *l, const struct ac_task_row *t)
{
	struct ac_page *p = &l->p;
	const struct ac_zone *z = ac_worklist_zone(l, t->zone);

	ac_page_open(p, "div", "due");
	ac_page_elem(p, "strong", NULL, ac_time_words(p->a, z, t->due, AC_TIME_SHORT, EN));
	if (t->not_before > l->now)
		ac_page_elem(p, "small", NULL,
		    ac_strf(p->a, "not before %.*s",
			AC_FMT(ac_time_words(p->a, z, t->not_before, AC_TIME_SHORT, EN))));
	if (t->snoozed > l->now)
		ac_page_elem(p, "small", NULL,
		    ac_strf(p->a, "put off until %.*s",
			AC_FMT(ac_time_words(p->a, z, t->snoozed, AC_TIME_SHORT, EN))));
	ac_page_close(p, "div");
}

void
ac_worklist_row(struct ac_worklist *l, const struct ac_task_row *t, enum ac_work_group g)
{
	struct ac_page *p = &l->p;

	ac_page_open(p, "li", t->urgent ? "urgent" : NULL);
	when(l, t);
	ac_page_open(p, "div", "what");
	ac_page_link(p, NULL, line_path(l, t), t->title);
	ac_page_elem(p, "small", NULL, about(l, t, g));
	if (ac_str_starts(t->outcome, AC_S("escalated: ")))
		ac_page_elem(p, "small", NULL, t->outcome);
	ac_page_close(p, "div");
	ac_page_open(p, "div", "who");
	ac_page_link(p, NULL, ac_worklist_path(p->a, AC_S("all"), AC_S("all"), ac_uuid_str(p->a, t->plan)), t->patient_name);
	if (t->phone.n > 0) {
		ac_page_open(p, "small", NULL);
		ac_page_elem(p, "bdi", NULL, t->phone);
		ac_page_close(p, "small");
	}
	ac_page_open(p, "span", "calls");
	ac_call_task_link(p, t, NULL);
	ac_call_link(p, t->plan, NULL);
	ac_page_close(p, "span");
	ac_page_close(p, "div");
	whom_to_phone(l, t);
	do_it(l, t);
	ac_page_close(p, "li");
}
