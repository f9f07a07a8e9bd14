/* call_head.c - what is urgent, whom one speaks with, what was done and how long ago. */
#include "plugin/call_page.h"

#include "core/bodymap.h"
#include "core/task.h"

#define EN AC_S("en")
#define HOUR_S 3600
#define SOON_S (24 * HOUR_S) /* a call of weeks ahead is not offered yet */

/* The gravest red flag that was answered with yes; NULL: none. */
static const struct ac_call_flag *
flag_said(const struct ac_call_page *n)
{
	for (size_t i = 0; n->c != NULL && i < n->about.nflags; i++)
		for (size_t k = 0; k < n->c->nentries; k++)
			if (n->c->entries[k].kind == AC_ENTRY_FLAG &&
			    ac_streq_c(n->c->entries[k].value, "yes") &&
			    ac_streq(n->c->entries[k].name, n->about.flags[i].key))
				return &n->about.flags[i];
	return NULL;
}

static void
number(struct ac_call_page *n, const char *before, struct ac_str name, struct ac_str number)
{
	ac_page_open(&n->p, "p", "phone");
	ac_xw_textc(&n->p.w, before);
	ac_page_elem(&n->p, "strong", NULL, number);
	if (name.n > 0)
		ac_xw_textf(&n->p.w, " %.*s", AC_FMT(name));
	ac_page_close(&n->p, "p");
}

static const struct ac_task_row *
urgent_task(const struct ac_record *r, const struct ac_call *c, struct ac_arena *a)
{
	struct ac_str name = ac_strf(a, "aftercare/urgent/%lld", (long long)c->n);

	for (size_t i = 0; i < r->ntasks; i++)
		if (ac_streq(r->tasks[i].name, name))
			return &r->tasks[i];
	return NULL;
}

/* Of each check that is urgent, what made it so where there are several. */
static void
who_has_it(struct ac_call_page *n)
{
	const struct ac_task_row *t = urgent_task(n->r, n->c, n->p.a);
	const struct ac_call_entry *why = ac_call_level_entry(n->c);

	if (n->checks.n > 1 && why != NULL)
		ac_page_elem(&n->p, "p", "why", why->words);
	if (t == NULL)
		return;
	if (t->done_ms != 0) {
		ac_page_elem(&n->p, "p", NULL,
		    ac_strf(n->p.a, "The urgent task was %.*s: %.*s", AC_FMT(t->status), AC_FMT(t->outcome)));
		return;
	}
	struct ac_phone_now phone = ac_task_phone(n->p.h->w, t, ac_page_now(&n->p));
	if (ac_streq_c(t->status, "accepted") && t->owner.n > 0) {
		ac_page_elem(&n->p, "p", NULL,
		    ac_strf(n->p.a, "The urgent task is made; %.*s has taken it.", AC_FMT(t->owner)));
		return;
	}
	ac_page_elemc(&n->p, "p", NULL, "The urgent task is made and waits for somebody to take it.");
	if (phone.number.n > 0)
		number(n,
		    phone.on_call ? "On call now, phone: " : "Nobody is on a list now, phone: ", phone.name,
		    phone.number);
}

static void
whom_to_phone(struct ac_call_page *n)
{
	const struct ac_clinic *clinic = n->r->plan->in->clinic;
	const struct ac_call_flag *flag = flag_said(n);
	bool emergency = flag != NULL && flag->flag->def->level == AC_FLAG_EMERGENCY;
	const struct ac_contact *c =
	    emergency ? &clinic->emergency : ac_clinic_contact_at(clinic, n->z, ac_page_now(&n->p));

	ac_page_elemc(
	    &n->p, "h2", NULL, emergency ? "Emergency: the patient phones this number now" : "Urgent");
	if (c != NULL && c->is_set)
		number(n, emergency ? "" : "For the patient now: ", c->name, c->number);
	else
		ac_page_elemc(
		    &n->p, "p", "phone", "No number is configured for this. Fetch a clinician now.");
	if (!emergency && clinic->emergency.is_set)
		number(n, "In an emergency: ", clinic->emergency.name, clinic->emergency.number);
}

void
ac_call_urgent(struct ac_call_page *n)
{
	if (n->c == NULL && n->checks.n < 2)
		return;
	if (ac_call_gravest(n) != AC_LEVEL_URGENT)
		return;
	ac_page_open(&n->p, "section", "alarm");
	ac_xw_attrc(&n->p.w, "role", "alert");
	whom_to_phone(n);
	for (size_t i = 0; i < n->checks.n; i++) {
		ac_call_turn_to(n, i);
		if (n->c != NULL && ac_call_level(n->c) == AC_LEVEL_URGENT)
			who_has_it(n);
	}
	ac_call_turn_to(n, 0);
	ac_page_close(&n->p, "section");
}

static void
fact(struct ac_call_page *n, const char *name, struct ac_str value, struct ac_str note)
{
	if (value.n == 0)
		return;
	ac_page_open(&n->p, "div", NULL);
	ac_page_elemc(&n->p, "dt", NULL, name);
	ac_page_open(&n->p, "dd", NULL);
	ac_page_elem(&n->p, "bdi", NULL, value);
	ac_page_elem(&n->p, "small", NULL, note);
	ac_page_close(&n->p, "dd");
	ac_page_close(&n->p, "div");
}

static struct ac_str
permission(const struct ac_call_page *n)
{
	const struct enc_patient *p = &n->r->encounter->patient;

	if (n->kind != AC_CALL_CHECK_IN)
		return (struct ac_str){ 0 };
	if (p->voice == ENC_NO)
		return AC_S("Does not want to be called");
	if (p->leave_message == ENC_YES)
		return AC_S("A message may be left");
	return p->leave_message == ENC_NO ? AC_S("No message on an answering machine")
					  : AC_S("Not recorded whether a message may be left: leave none");
}

void
ac_call_who(struct ac_call_page *n)
{
	const struct enc_patient *p = &n->r->encounter->patient;
	const struct ac_clinic *c = n->r->plan->in->clinic;
	struct ac_str none = { 0 };

	ac_page_open(&n->p, "dl", "meta");
	fact(n, "Patient", ac_page_person(&n->p, p->given, p->family), none);
	fact(n, "Phone", p->phone.n > 0 ? p->phone : AC_S("no number recorded"), permission(n));
	if (p->has_guardian)
		fact(n, "Guardian",
		    ac_strf(n->p.a, "%.*s%s%.*s", AC_FMT(p->guardian_name),
			p->guardian_phone.n > 0 ? ", " : "", AC_FMT(p->guardian_phone)),
		    p->guardian_relation);
	if (p->interpreter == ENC_YES)
		fact(n, "Language", p->language.n > 0 ? ac_page_language(p->language) : AC_S("not recorded"),
		    AC_S("needs an interpreter"));
	else
		fact(n, "Language", ac_page_language(p->language), none);
	if (c->emergency.is_set)
		fact(n, "Emergency", c->emergency.number, c->emergency.name);
	if (c->out_of_hours.is_set)
		fact(n, "Out of hours", c->out_of_hours.number, c->out_of_hours.name);
	ac_page_close(&n->p, "dl");
}

/* "44 h", "12 days" */
static struct ac_str
since(struct ac_arena *a, int64_t seconds)
{
	int64_t h = seconds / HOUR_S;

	if (seconds < HOUR_S)
		return AC_S("less than an hour ago");
	return h < 72 ? ac_strf(a, "%lld h ago", (long long)h)
		      : ac_strf(a, "%lld days ago", (long long)(h / 24));
}

static struct ac_str
lots(const struct enc_procedure *pr, struct ac_arena *a)
{
	struct ac_str s = { "", 0 };

	for (size_t i = 0; pr != NULL && i < pr->nproducts; i++)
		s = ac_strf(a, "%.*s%s%.*s%s%.*s", AC_FMT(s), s.n > 0 ? "; " : "",
		    AC_FMT(pr->products[i].name), pr->products[i].lot.n > 0 ? ", lot " : ", lot not recorded",
		    AC_FMT(pr->products[i].lot));
	return s;
}

static void
treatment(struct ac_call_page *n, const struct ac_record *r, const struct ac_treatment *t)
{
	struct ac_str name = t->procedure != NULL && t->procedure->text.n > 0
				 ? t->procedure->text
				 : ac_page_text(t->protocol->title);
	struct ac_str what = lots(t->procedure, n->p.a), areas = ac_plan_area_words(r->plan, EN, n->p.a);

	ac_page_open(&n->p, "tr", NULL);
	ac_page_open(&n->p, "th", NULL);
	ac_xw_attrc(&n->p.w, "scope", "row");
	ac_page_elem(&n->p, "bdi", NULL, name);
	ac_page_close(&n->p, "th");
	ac_page_open(&n->p, "td", "since");
	ac_page_elem(&n->p, "strong", NULL, since(n->p.a, ac_page_now(&n->p) - t->anchor));
	ac_page_elem(
	    &n->p, "small", NULL, ac_time_words(n->p.a, r->plan->in->zone, t->anchor, AC_TIME_SHORT, EN));
	ac_page_close(&n->p, "td");
	ac_page_open(&n->p, "td", NULL);
	ac_page_elem(&n->p, "bdi", NULL, areas.n > 0 ? areas : AC_S("area not recorded"));
	ac_page_elem(&n->p, "small", NULL, what.n > 0 ? what : AC_S("no product recorded"));
	ac_page_close(&n->p, "td");
	ac_page_close(&n->p, "tr");
}

void
ac_call_about_treatments(struct ac_call_page *n)
{
	ac_page_open(&n->p, "section", NULL);
	ac_page_elemc(&n->p, "h2", NULL, n->about.nplans > 1 ? "Treatments, all that run" : "Treatment");
	ac_page_open(&n->p, "table", "lines treatments");
	for (size_t i = 0; i < n->about.nplans; i++) {
		const struct ac_record *r = n->about.plans[i];
		if (ac_authorize_plan(n->p.h, &r->row, NULL) != AC_OK)
			continue; /* its warning signs are asked for all the same */
		for (size_t k = 0; k < r->plan->ntreatments; k++)
			treatment(n, r, &r->plan->treatments[k]);
	}
	ac_call_earlier_lots(n);
	ac_page_close(&n->p, "table");
	ac_page_close(&n->p, "section");
}

/* ---- for other pages ---- */
void
ac_call_link(struct ac_page *p, struct ac_uuid plan, const char *class)
{
	if (ac_page_is_role(p, AC_ROLES_CARE | AC_ROLE_BIT(AC_ROLE_FRONT_DESK)))
		ac_page_link(p, class, ac_plan_path(p->a, plan, "/call-in"), AC_S("Patient calls"));
}

void
ac_call_task_link(struct ac_page *p, const struct ac_task_row *t, const char *class)
{
	if (!ac_streq_c(t->kind, "check-in") || t->done_ms != 0 || t->not_before > ac_page_now(p) + SOON_S ||
	    !ac_page_is_role(p, AC_ROLES_CARE))
		return;
	ac_page_link(p, class,
	    ac_plan_path(p->a, t->plan, "/check-in/%.*s", AC_FMT(ac_percent_encode(t->name, p->a))),
	    AC_S("Call and ask"));
}

void
ac_call_alarm(struct ac_page *p, const struct ac_record *r)
{
	for (size_t i = 0; i < r->ncalls; i++) {
		const struct ac_call *c = &r->calls[i];
		const struct ac_task_row *t = urgent_task(r, c, p->a);
		const struct ac_call_entry *e = ac_call_level_entry(c);

		if (ac_call_level(c) != AC_LEVEL_URGENT || e == NULL || (t != NULL && t->done_ms != 0))
			continue;
		ac_page_open(p, "section", "alarm");
		ac_page_open(p, "p", NULL);
		ac_page_elem(p, "strong", NULL,
		    ac_strf(p->a, "Urgent since %.*s: ",
			AC_FMT(ac_page_moment(p, r->plan->in->zone, e->at_ms / 1000))));
		ac_page_elem(p, "bdi", NULL, e->words);
		ac_page_close(p, "p");
		ac_page_link(p, "button", ac_plan_path(p->a, r->row.id, "/calls/%lld", (long long)c->n),
		    AC_S("Open the call"));
		ac_page_close(p, "section");
	}
}
