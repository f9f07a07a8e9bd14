/* handout_lists.c - the middle of the sheet: do, in touch, the three boxes. */
#include "core/call_hours.h"
#include "core/handout_parts.h"

bool
ac_sheet_states_day(const struct ac_plan_line *l)
{
	return l->def->kind != AC_RESTRICTION && l->until_offset.kind == AC_OFFSET_DAYS;
}

static void
care_when(struct ac_sheet *s, const struct ac_plan_line *l)
{
	bool has_from = l->from != AC_INSTANT_NONE && l->from > s->now;

	if (!has_from && l->until == AC_INSTANT_NONE)
		return;
	ac_xw_textc(&s->w, " ");
	ac_sheet_open(s, "span", "window");
	if (has_from) {
		ac_xw_textf(&s->w, "%s ", ac_sheet_word(s, AC_W_FROM));
		ac_sheet_instant(s, l->from);
	}
	if (l->until != AC_INSTANT_NONE) {
		ac_xw_textf(&s->w, "%s%s ", has_from ? " " : "", ac_sheet_word(s, AC_W_UNTIL));
		if (ac_sheet_states_day(l))
			ac_xw_elem(&s->w, "strong", ac_sheet_short_day(s, ac_sheet_stated(s, l->until)));
		else
			ac_sheet_instant(s, ac_sheet_stated(s, l->until));
	}
	ac_xw_end(&s->w, "span");
}

/* What is over when the sheet is given is not on it. */
static bool
is_listed(const struct ac_sheet *s, const struct ac_plan_line *l, enum ac_instruction_kind kind)
{
	return l->def->kind == kind && (l->until == AC_INSTANT_NONE || ac_sheet_end(s->p->in->zone, l->until) > s->now);
}

static void
kind_list(struct ac_sheet *s, enum ac_instruction_kind kind, const char *class)
{
	bool any = false;

	for (size_t i = 0; i < s->p->nlines; i++) {
		const struct ac_plan_line *l = &s->p->lines[i];
		if (!is_listed(s, l, kind))
			continue;
		if (!any)
			ac_sheet_open(s, "ul", class);
		any = true;
		ac_xw_open(&s->w, "li");
		ac_sheet_text(s, l->def->text.n > 0 ? l->def->text : l->def->label);
		ac_sheet_change_mark(s, l);
		care_when(s, l);
		ac_sheet_assumed(s, l->assumed);
		if (ac_sheet_is_contradicted(s->p, l)) {
			ac_xw_textc(&s->w, " ");
			ac_sheet_small(s, "ask", AC_W_ASK_FIRST);
		}
		ac_sheet_exceptions(s, l->def);
		ac_xw_end(&s->w, "li");
	}
	if (any)
		ac_xw_end(&s->w, "ul");
}

static bool
has_kind(const struct ac_sheet *s, enum ac_instruction_kind kind)
{
	for (size_t i = 0; i < s->p->nlines; i++)
		if (is_listed(s, &s->p->lines[i], kind))
			return true;
	return false;
}

void
ac_sheet_do(struct ac_sheet *s)
{
	ac_sheet_open(s, "section", "do");
	ac_xw_textc(&s->w, "\n");
	if (has_kind(s, AC_CARE) || has_kind(s, AC_WARNING)) {
		ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_DO)));
		kind_list(s, AC_WARNING, "warnings");
		kind_list(s, AC_CARE, "care");
	}
	ac_xw_end(&s->w, "section");
}

static bool
is_by_day(const struct ac_task_def *d)
{
	return d->until.kind == AC_OFFSET_DAYS &&
	       (d->from.kind == AC_OFFSET_DAYS || d->from.kind == AC_OFFSET_NONE);
}

bool
ac_sheet_task_by_day(const struct ac_plan_task *t)
{
	return t->appointment == NULL && t->due != AC_INSTANT_NONE && !t->unplaced &&
	       (t->kind == AC_TASK_SESSION || t->kind == AC_TASK_VISIT || is_by_day(t->def));
}

/* Days where the protocol speaks of days, hours where it speaks of hours, the clock of what is booked. */
void
ac_sheet_task_when(struct ac_sheet *s, const struct ac_plan_task *t)
{
	struct ac_xw *w = &s->w;
	struct ac_str first = ac_sheet_day(s, t->not_before);

	if (t->appointment != NULL) {
		ac_sheet_instant(s, t->due);
	} else if (t->due == AC_INSTANT_NONE || t->unplaced) {
		ac_xw_textc(w, ac_sheet_word(s, AC_W_TELL_WHEN));
	} else if (ac_sheet_task_by_day(t)) {
		struct ac_str last = ac_sheet_day(s, t->due);

		if (!ac_streq(first, last)) {
			ac_xw_elem(w, "strong", first);
			ac_xw_textf(w, " %s ", ac_sheet_word(s, AC_W_TO));
		}
		ac_xw_elem(w, "strong", last);
	} else {
		int64_t from, until;

		ac_call_window(s->p->in->zone, t, &from, &until);
		first = ac_sheet_day(s, from);
		struct ac_str last = ac_sheet_day(s, until);
		ac_xw_textf(w, "%.*s%s", AC_FMT(first), ac_sheet_join(s->times));
		ac_xw_elem(w, "strong", ac_sheet_clock(s, from));
		ac_xw_textf(w, " %s ", ac_sheet_word(s, AC_W_TO));
		if (!ac_streq(first, last))
			ac_xw_textf(w, "%.*s%s", AC_FMT(last), ac_sheet_join(s->times));
		ac_xw_elem(w, "strong", ac_sheet_clock(s, until));
	}
}

static void
task_item(struct ac_sheet *s, const struct ac_plan_task *t)
{
	ac_xw_open(&s->w, "li");
	ac_sheet_text(s, t->def->label.n > 0 ? t->def->label : t->def->text);
	ac_xw_textc(&s->w, ": ");
	ac_sheet_task_when(s, t);
	if (t->appointment == NULL && (t->kind == AC_TASK_SESSION || t->kind == AC_TASK_VISIT)) {
		ac_xw_textc(&s->w, " ");
		ac_sheet_small(s, "small", AC_W_TO_BOOK);
	}
	ac_sheet_assumed(s, t->assumed);
	ac_xw_end(&s->w, "li");
}

static bool
is_told(const struct ac_sheet *s, const struct ac_plan_task *t)
{
	return t->def != NULL && t->def->patient && (t->due == AC_INSTANT_NONE || t->due > s->now);
}

/* Appointments of the chart that no task speaks of. */
static void
other_appointments(struct ac_sheet *s)
{
	const struct encounter *e = s->p->in->encounter;

	for (size_t i = 0; i < e->nappointments; i++) {
		const struct enc_appointment *ap = &e->appointments[i];
		bool used =
		    !ac_streq_c(ap->status, "booked") || ap->start.precision != 14 || ap->start.t <= s->now;

		for (size_t k = 0; k < s->p->ntasks && !used; k++)
			used = s->p->tasks[k].appointment == ap && is_told(s, &s->p->tasks[k]);
		if (used)
			continue;
		ac_xw_open(&s->w, "li");
		ac_xw_textf(&s->w, "%s: ", ac_sheet_word(s, AC_W_BOOKED_VISIT));
		ac_sheet_instant(s, ap->start.t);
		ac_xw_end(&s->w, "li");
	}
}

void
ac_sheet_in_touch(struct ac_sheet *s)
{
	const struct ac_plan *p = s->p;
	bool session = false;

	ac_sheet_open(s, "section", "touch");
	ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_IN_TOUCH)));
	ac_sheet_open(s, "ul", "tasks");
	ac_xw_textc(&s->w, "\n");
	for (size_t i = 0; i < p->ntasks && !p->in->revoked; i++) {
		if (!is_told(s, &p->tasks[i]))
			continue;
		task_item(s, &p->tasks[i]);
		session |= p->tasks[i].kind == AC_TASK_SESSION;
	}
	if (!session && p->series_next_from != AC_INSTANT_NONE && !p->in->revoked) {
		ac_xw_open(&s->w, "li");
		ac_xw_textf(
		    &s->w, "%s %s ", ac_sheet_word(s, AC_W_NEXT_SESSION), ac_sheet_word(s, AC_W_NOT_BEFORE));
		ac_xw_elem(&s->w, "strong", ac_sheet_day(s, p->series_next_from));
		ac_xw_end(&s->w, "li");
	}
	other_appointments(s);
	ac_xw_end(&s->w, "ul");
	if (has_kind(s, AC_INFORMATION)) {
		ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_GOOD_TO_KNOW)));
		kind_list(s, AC_INFORMATION, "information");
	}
	ac_xw_end(&s->w, "section");
}

static void
expected_box(struct ac_sheet *s)
{
	size_t n = 0;

	ac_sheet_open(s, "section", "box");
	ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_EXPECTED)));
	ac_xw_open(&s->w, "ul");
	for (size_t i = 0; i < s->p->nexpectations; i++) {
		const struct ac_plan_expectation *e = &s->p->expectations[i];

		if (e->until != AC_INSTANT_NONE && e->until <= s->now)
			continue;
		n++;
		ac_xw_open(&s->w, "li");
		ac_sheet_text(s, e->def->text);
		if (e->until != AC_INSTANT_NONE) {
			ac_xw_textc(&s->w, " ");
			ac_sheet_open(s, "span", "window");
			ac_xw_textf(&s->w, "%s %.*s", ac_sheet_word(s, AC_W_UNTIL),
			    AC_FMT(s->o->blank ? ac_strf(s->a, "____________ (%.*s)", AC_FMT(ac_offset_str(s->a, e->def->until)))
					       : ac_sheet_short_day(s, ac_sheet_end(s->p->in->zone, e->until))));
			ac_xw_end(&s->w, "span");
		}
		ac_xw_end(&s->w, "li");
	}
	if (n == 0)
		ac_xw_elem(&s->w, "li", ac_str_c(ac_sheet_word(s, AC_W_ASK_CLINIC)));
	ac_xw_end(&s->w, "ul");
	ac_xw_end(&s->w, "section");
}

/* A telephone number: where lines run from right to left its groups keep their order. */
static void
number(struct ac_sheet *s, struct ac_str digits)
{
	ac_xw_textc(&s->w, " ");
	ac_sheet_open(s, "bdi", "number");
	ac_xw_attrc(&s->w, "dir", "ltr");
	ac_xw_text(&s->w, digits);
	ac_xw_end(&s->w, "bdi");
}

/* A sign that counts only from some day on says so; one with a number of its own prints it. */
static void
flag_item(struct ac_sheet *s, const struct ac_plan_flag *f)
{
	const struct ac_contact *other = &s->p->in->clinic->out_of_hours;

	ac_xw_open(&s->w, "li");
	ac_sheet_text(s, f->def->text);
	if (f->from != AC_INSTANT_NONE && f->from > s->now) {
		ac_xw_textc(&s->w, " ");
		ac_sheet_open(s, "span", "window");
		ac_xw_textf(&s->w, "%s %.*s", ac_sheet_word(s, AC_W_FROM),
		    AC_FMT(s->o->blank ? ac_strf(s->a, "____________ (%.*s)", AC_FMT(ac_offset_str(s->a, f->def->from))) : ac_sheet_short_day(s, f->from)));
		ac_xw_end(&s->w, "span");
	}
	if (f->def->level == AC_FLAG_CALL && f->def->contact == AC_CONTACT_OUT_OF_HOURS && other->is_set)
		number(s, other->number);
	ac_xw_end(&s->w, "li");
}

static void
flag_box(struct ac_sheet *s, enum ac_flag_level level)
{
	const struct ac_contact *c = &s->p->in->clinic->emergency;
	bool emergency = level == AC_FLAG_EMERGENCY;
	size_t n = 0;

	ac_sheet_open(s, "section", emergency ? "box emergency" : "box");
	ac_xw_open(&s->w, "h2");
	ac_xw_textc(&s->w, ac_sheet_word(s, emergency ? AC_W_EMERGENCY : AC_W_CALL_US));
	if (emergency && c->is_set)
		number(s, c->number);
	ac_xw_end(&s->w, "h2");
	ac_xw_open(&s->w, "ul");
	for (size_t i = 0; i < s->p->nflags; i++) {
		if (s->p->flags[i].def->level != level)
			continue;
		n++;
		flag_item(s, &s->p->flags[i]);
	}
	if (n == 0)
		ac_xw_elem(&s->w, "li", ac_str_c(ac_sheet_word(s, AC_W_ASK_CLINIC)));
	ac_xw_end(&s->w, "ul");
	ac_xw_end(&s->w, "section");
}

void
ac_sheet_signs(struct ac_sheet *s)
{
	ac_sheet_open(s, "div", "boxes");
	expected_box(s);
	flag_box(s, AC_FLAG_CALL);
	flag_box(s, AC_FLAG_EMERGENCY);
	ac_xw_end(&s->w, "div");
}
