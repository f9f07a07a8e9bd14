/* handout_lists.c - the middle of the sheet: not yet, do, in touch, the three boxes. */
#include "core/handout_parts.h"

static bool
is_ban(const struct ac_plan_line *l)
{
	return l->def->kind == AC_RESTRICTION;
}

static bool
is_contradicted(const struct ac_plan *p, const struct ac_plan_line *l)
{
	for (size_t i = 0; i < p->ncontradictions; i++)
		if (p->contradictions[i].a == l || p->contradictions[i].b == l)
			return true;
	return false;
}

static void
word(struct ac_sheet *s, const char *class, enum ac_word w)
{
	ac_sheet_span(s, class, ac_str_c(ac_sheet_word(s, w)));
}

/* " assumed", in the same line as what was assumed. */
static void
assumed(struct ac_sheet *s, bool is_assumed)
{
	if (!is_assumed)
		return;
	s->assumed = true;
	ac_xw_textc(&s->w, " ");
	word(s, "assumed", AC_W_SAFE_SIDE);
}

/* "Allowed: washing with clean hands; a cold compress", as far as it is written in the sheet's language. */
static void
exceptions(struct ac_sheet *s, const struct ac_instruction *def)
{
	bool any = false;

	for (size_t i = 0; i < def->nexcept; i++) {
		struct ac_text one = { def->except[i].lang, def->except[i].text };
		bool fell_back = false;

		(void)ac_text_pick((struct ac_texts){ &one, 1 }, s->lang, &fell_back);
		if (fell_back && !(s->words.n == one.lang.n && ac_streq(one.lang, s->words)))
			continue;
		if (!any) {
			ac_sheet_open(s, "span", "allowed");
			ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_ALLOWED));
		}
		ac_xw_textc(&s->w, any ? "; " : " ");
		ac_sheet_text(s, (struct ac_texts){ &one, 1 });
		any = true;
	}
	if (any)
		ac_xw_end(&s->w, "span");
}

/* Lines that end at the same moment are one row: a glance tells what is over when. */
static bool
is_same_row(const struct ac_plan *p, const struct ac_plan_line *x, const struct ac_plan_line *y)
{
	return is_ban(x) && is_ban(y) && x->from == y->from && x->until == y->until && x->assumed == y->assumed &&
	    (x->from != AC_INSTANT_NONE || x->treatment->anchor == y->treatment->anchor) && !is_contradicted(p, x) &&
	    !is_contradicted(p, y);
}

static void
ban_when(struct ac_sheet *s, const struct ac_plan_line *l)
{
	ac_sheet_open(s, "p", "when");
	if (l->from != AC_INSTANT_NONE && l->from > s->now) {
		word(s, "small", AC_W_FROM);
		ac_xw_textc(&s->w, " ");
		ac_sheet_instant(s, l->from);
		ac_xw_textc(&s->w, " ");
	}
	if (l->until == AC_INSTANT_NONE) {
		ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_NO_END));
	} else {
		word(s, "small", AC_W_UNTIL);
		ac_xw_textc(&s->w, " ");
		ac_sheet_instant(s, l->until);
		if (l->until <= s->now)
			ac_xw_textf(&s->w, " (%s)", ac_sheet_word(s, AC_W_PAST));
	}
	assumed(s, l->assumed);
	ac_xw_end(&s->w, "p");
}

static void
ban_row(struct ac_sheet *s, size_t first, const struct ac_axis *x)
{
	const struct ac_plan *p = s->p;
	const struct ac_plan_line *l = &p->lines[first];

	ac_xw_open(&s->w, "tr");
	ac_xw_open(&s->w, "th");
	ac_xw_attrc(&s->w, "scope", "row");
	for (size_t i = first; i < p->nlines; i++) {
		if (i != first && !is_same_row(p, l, &p->lines[i]))
			continue;
		ac_sheet_open(s, "span", "ban");
		ac_sheet_text(s, p->lines[i].def->label.n > 0 ? p->lines[i].def->label : p->lines[i].def->text);
		ac_xw_end(&s->w, "span");
		exceptions(s, p->lines[i].def);
	}
	if (is_contradicted(p, l))
		word(s, "ask", AC_W_ASK_FIRST);
	ac_xw_end(&s->w, "th");
	ac_xw_open(&s->w, "td");
	ban_when(s, l);
	if (x != NULL)
		ac_xw_markup_not_escaped(&s->w,
		    ac_axis_bar(x, l->from == AC_INSTANT_NONE ? l->treatment->anchor : l->from, l->until, l->assumed, s->a));
	ac_xw_end(&s->w, "td");
	ac_xw_end(&s->w, "tr");
}

static void
axis_row(struct ac_sheet *s, const struct ac_axis *x)
{
	struct ac_str change = ac_axis_change_words(x, s->a);

	ac_sheet_open(s, "tr", "axis");
	ac_xw_elem(&s->w, "td", change.n > 0 ? change : AC_S(" "));
	ac_xw_open(&s->w, "td");
	ac_xw_markup_not_escaped(&s->w, ac_axis_days(x, s->a));
	ac_xw_end(&s->w, "td");
	ac_xw_end(&s->w, "tr");
}

static bool
is_first_of_row(const struct ac_plan *p, size_t line)
{
	for (size_t i = 0; i < line; i++)
		if (is_same_row(p, &p->lines[i], &p->lines[line]))
			return false;
	return is_ban(&p->lines[line]);
}

void
ac_sheet_not_yet(struct ac_sheet *s)
{
	struct ac_axis x;
	bool has_axis = ac_axis_make(s->p, s->words, &x);
	size_t n = 0;

	for (size_t i = 0; i < s->p->nlines; i++)
		n += is_ban(&s->p->lines[i]);
	ac_sheet_open(s, "section", "not-yet");
	ac_xw_textc(&s->w, "\n");
	if (n > 0) {
		ac_xw_elem(&s->w, "h2", ac_str_c(ac_sheet_word(s, AC_W_NOT_YET)));
		ac_xw_open(&s->w, "table");
		if (has_axis)
			axis_row(s, &x);
		for (size_t i = 0; i < s->p->nlines; i++)
			if (is_first_of_row(s->p, i))
				ban_row(s, i, has_axis ? &x : NULL);
		ac_xw_end(&s->w, "table");
	}
	ac_xw_end(&s->w, "section");
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
		if (l->until_offset.kind == AC_OFFSET_DAYS) /* weeks of care do not end at a minute */
			ac_xw_elem(&s->w, "strong", ac_sheet_short_day(s, l->until));
		else
			ac_sheet_instant(s, l->until);
	}
	ac_xw_end(&s->w, "span");
}

static void
kind_list(struct ac_sheet *s, enum ac_instruction_kind kind, const char *class)
{
	bool any = false;

	for (size_t i = 0; i < s->p->nlines; i++) {
		const struct ac_plan_line *l = &s->p->lines[i];
		if (l->def->kind != kind || (l->until != AC_INSTANT_NONE && l->until <= s->now))
			continue;
		if (!any)
			ac_sheet_open(s, "ul", class);
		any = true;
		ac_xw_open(&s->w, "li");
		ac_sheet_text(s, l->def->text.n > 0 ? l->def->text : l->def->label);
		care_when(s, l);
		assumed(s, l->assumed);
		if (is_contradicted(s->p, l)) {
			ac_xw_textc(&s->w, " ");
			word(s, "ask", AC_W_ASK_FIRST);
		}
		exceptions(s, l->def);
		ac_xw_end(&s->w, "li");
	}
	if (any)
		ac_xw_end(&s->w, "ul");
}

static bool
has_kind(const struct ac_sheet *s, enum ac_instruction_kind kind)
{
	for (size_t i = 0; i < s->p->nlines; i++)
		if (s->p->lines[i].def->kind == kind)
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
	return d->until.kind == AC_OFFSET_DAYS && (d->from.kind == AC_OFFSET_DAYS || d->from.kind == AC_OFFSET_NONE);
}

/* Days where the protocol speaks of days, hours where it speaks of hours, the clock of what is booked. */
static void
task_when(struct ac_sheet *s, const struct ac_plan_task *t)
{
	struct ac_xw *w = &s->w;
	struct ac_str first = ac_sheet_day(s, t->not_before);

	if (t->appointment != NULL) {
		ac_sheet_instant(s, t->due);
	} else if (t->due == AC_INSTANT_NONE || t->unplaced) {
		ac_xw_textc(w, ac_sheet_word(s, AC_W_TELL_WHEN));
	} else if (t->kind == AC_TASK_SESSION || t->kind == AC_TASK_VISIT || is_by_day(t->def)) {
		struct ac_str last = ac_sheet_day(s, t->due);

		if (!ac_streq(first, last)) {
			ac_xw_elem(w, "strong", first);
			ac_xw_textf(w, " %s ", ac_sheet_word(s, AC_W_TO));
		}
		ac_xw_elem(w, "strong", last);
	} else {
		struct ac_str last = ac_sheet_day(s, t->due);

		ac_xw_textf(w, "%.*s, ", AC_FMT(first));
		ac_xw_elem(w, "strong", ac_sheet_clock(s, t->not_before));
		ac_xw_textf(w, " %s ", ac_sheet_word(s, AC_W_TO));
		if (!ac_streq(first, last))
			ac_xw_textf(w, "%.*s, ", AC_FMT(last));
		ac_xw_elem(w, "strong", ac_sheet_clock(s, t->due));
	}
}

static void
task_item(struct ac_sheet *s, const struct ac_plan_task *t)
{
	ac_xw_open(&s->w, "li");
	ac_sheet_text(s, t->def->label.n > 0 ? t->def->label : t->def->text);
	ac_xw_textc(&s->w, ": ");
	task_when(s, t);
	if (t->appointment == NULL && (t->kind == AC_TASK_SESSION || t->kind == AC_TASK_VISIT)) {
		ac_xw_textc(&s->w, " ");
		word(s, "small", AC_W_TO_BOOK);
	}
	assumed(s, t->assumed);
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
		bool used = !ac_streq_c(ap->status, "booked") || ap->start.precision != 14 || ap->start.t <= s->now;

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
	for (size_t i = 0; i < p->ntasks && p->status != AC_PLAN_REVOKED; i++) {
		if (!is_told(s, &p->tasks[i]))
			continue;
		task_item(s, &p->tasks[i]);
		session |= p->tasks[i].kind == AC_TASK_SESSION;
	}
	if (!session && p->series_next_from != AC_INSTANT_NONE && p->status != AC_PLAN_REVOKED) {
		ac_xw_open(&s->w, "li");
		ac_xw_textf(&s->w, "%s %s ", ac_sheet_word(s, AC_W_NEXT_SESSION), ac_sheet_word(s, AC_W_NOT_BEFORE));
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
			ac_xw_textf(&s->w, "%s %.*s", ac_sheet_word(s, AC_W_UNTIL), AC_FMT(ac_sheet_short_day(s, e->until)));
			ac_xw_end(&s->w, "span");
		}
		ac_xw_end(&s->w, "li");
	}
	if (n == 0)
		ac_xw_elem(&s->w, "li", ac_str_c(ac_sheet_word(s, AC_W_ASK_CLINIC)));
	ac_xw_end(&s->w, "ul");
	ac_xw_end(&s->w, "section");
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
		ac_xw_textf(&s->w, " %.*s", AC_FMT(c->number));
	ac_xw_end(&s->w, "h2");
	ac_xw_open(&s->w, "ul");
	for (size_t i = 0; i < s->p->nflags; i++) {
		if (s->p->flags[i].def->level != level)
			continue;
		n++;
		ac_xw_open(&s->w, "li");
		ac_sheet_text(s, s->p->flags[i].def->text);
		ac_xw_end(&s->w, "li");
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
