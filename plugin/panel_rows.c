/* panel_rows.c - the panel's body: what not to do yet, on one axis; what follows; what does not fit together. */
#include <string.h>

#include "core/bodymap.h"
#include "core/sheet_time.h"
#include "core/timeline.h"
#include "plugin/panel.h"
#include "plugin/call_page.h"

#define EN AC_S("en")

const struct ac_issue_row *
ac_last_issue(const struct ac_record *r)
{
	const struct ac_issue_row *last = NULL;

	for (size_t i = 0; i < r->nissues; i++)
		if (last == NULL || r->issues[i].n > last->n)
			last = &r->issues[i];
	return last;
}

bool
ac_sheet_is_outdated(const struct ac_record *r)
{
	const struct ac_issue_row *last = ac_last_issue(r);

	/* a blank one has nobody's own times */
	return last != NULL && (last->plan_version < r->row.version || ac_streq_c(last->medium, AC_ISSUE_BLANK));
}

const struct ac_document_row *
ac_last_document(const struct ac_record *r)
{
	const struct ac_document_row *last = NULL;

	for (size_t i = 0; i < r->ndocuments; i++)
		if (last == NULL || r->documents[i].version > last->version)
			last = &r->documents[i];
	return last;
}

/* The exact end stands here; the sheet states an end in the night as the morning after it. Absent: the same. */
struct ac_str
ac_on_sheet_words(struct ac_page *p, const struct ac_zone *z, int64_t until)
{
	int64_t stated = ac_sheet_end(z, until);

	if (until == AC_INSTANT_NONE || stated - until < 60)
		return (struct ac_str){ 0 };
	return ac_strf(p->a, "sheet: %.*s", AC_FMT(ac_time_words(p->a, z, stated, AC_TIME_SHORT, EN)));
}

static struct ac_str
line_words(const struct ac_plan_line *l)
{
	return ac_page_label(l->def->label, l->def->text);
}

/* The panel sums up what is kept from a sheet: panel_kept.c. Of a visit that is not open to them nobody reads its date. */
static bool
is_apart(const struct ac_page *n, const struct ac_plan *p, const struct ac_plan_warning *w)
{
	if (strcmp(w->rule, "OTHER-CONTRADICTS") == 0)
		return ac_page_hides_other(n->h, p);
	return n->kind == AC_PAGE_PANEL && strcmp(w->rule, "END-KEPT") == 0;
}

void
ac_plan_notices(struct ac_page *n, const struct ac_plan *p)
{
	size_t shown = p->ncontradictions;

	for (size_t i = 0; i < p->nwarnings; i++)
		shown += !is_apart(n, p, &p->warnings[i]);
	if (shown == 0)
		return;
	ac_page_open(n, "section", "notices");
	ac_page_open(n, "ul", NULL);
	for (size_t i = 0; i < p->ncontradictions; i++) {
		const struct ac_plan_line *a = p->contradictions[i].a, *b = p->contradictions[i].b;

		ac_page_open(n, "li", "conflict");
		ac_page_elemc(n, "strong", NULL, "Two lines do not fit together: ");
		ac_xw_textf(&n->w,
		    "“%.*s” (%.*s) and “%.*s” (%.*s). Decide, and tell the patient which one holds.",
		    AC_FMT(line_words(a)), AC_FMT(ac_page_text(a->protocol->title)), AC_FMT(line_words(b)),
		    AC_FMT(ac_page_text(b->protocol->title)));
		ac_page_close(n, "li");
	}
	for (size_t i = 0; i < p->nwarnings; i++)
		if (!is_apart(n, p, &p->warnings[i]))
			ac_page_elem(n, "li", "warning", p->warnings[i].text);
	ac_page_close(n, "ul");
	ac_page_close(n, "section");
}

static struct ac_str
treatment_words(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;
	struct ac_str s = { 0 }, areas = ac_plan_area_words(p, EN, n->p.a);

	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct ac_treatment *t = &p->treatments[i];
		struct ac_str name = t->procedure != NULL && t->procedure->text.n > 0
					 ? t->procedure->text
					 : ac_page_text(t->protocol->title);

		s = s.n == 0 ? name : ac_strf(n->p.a, "%.*s + %.*s", AC_FMT(s), AC_FMT(name));
	}
	if (areas.n > 0)
		s = ac_strf(n->p.a, "%.*s · %.*s", AC_FMT(s), AC_FMT(areas));
	if (p->ntreatments > 0 && p->anchor != AC_INSTANT_NONE)
		s = ac_strf(n->p.a, "%.*s · %.*s%s", AC_FMT(s),
		    AC_FMT(ac_time_words(n->p.a, p->in->zone, p->anchor, AC_TIME_SHORT, EN)),
		    p->treatments[0].anchor_source == AC_ANCHOR_PERFORMED ? ""
		    : p->treatments[0].anchor_source == AC_ANCHOR_ANSWER  ? " (confirmed)"
									  : " (assumed)");
	return s;
}

static void
row(struct ac_panel *n, const struct ac_plan_line *l, const struct ac_axis *x)
{
	const struct ac_zone *z = n->r->plan->in->zone;
	int64_t from = l->from == AC_INSTANT_NONE ? l->treatment->anchor : l->from;
	bool over = l->until != AC_INSTANT_NONE && l->until <= ac_page_now(&n->p);

	ac_page_open(&n->p, "tr", over ? "over" : NULL);
	ac_page_open(&n->p, "th", NULL);
	ac_xw_attrc(&n->p.w, "scope", "row");
	ac_xw_text(&n->p.w, line_words(l));
	ac_override_note(&n->p, n->r->plan, l);
	ac_page_close(&n->p, "th");
	ac_page_open(&n->p, "td", "bar");
	if (x != NULL)
		ac_xw_markup_not_escaped(&n->p.w, ac_axis_bar(x, from, l->until, l->assumed, n->p.a));
	ac_page_close(&n->p, "td");
	ac_page_open(&n->p, "td", "when");
	if (l->assumed || over) { /* before the time, so that times stand in one column */
		ac_page_elemc(&n->p, "span", "assumed", over ? "over" : "assumed");
		ac_xw_textc(&n->p.w, " ");
	}
	if (l->until == AC_INSTANT_NONE)
		ac_xw_textc(&n->p.w, "no end set");
	else
		ac_xw_text(&n->p.w, ac_time_words(n->p.a, z, l->until, AC_TIME_SHORT, EN));
	ac_page_elem(&n->p, "small", "on-sheet", ac_on_sheet_words(&n->p, z, l->until));
	ac_page_close(&n->p, "td");
	ac_page_close(&n->p, "tr");
}

static void
axis_row(struct ac_panel *n, const struct ac_axis *x)
{
	ac_page_open(&n->p, "tr", "axis");
	ac_page_elemc(&n->p, "th", NULL, "not yet …");
	ac_page_open(&n->p, "td", "bar");
	ac_xw_markup_not_escaped(&n->p.w, ac_axis_days(x, n->p.a));
	ac_page_close(&n->p, "td");
	ac_page_elemc(&n->p, "td", "when", "until");
	ac_page_close(&n->p, "tr");
}

void
ac_panel_rows(struct ac_panel *n)
{
	const struct ac_plan *p = n->r->plan;
	struct ac_axis x;
	bool has_axis = ac_axis_make(p, EN, &x);

	ac_page_open(&n->p, "section", "rows");
	ac_page_elem(&n->p, "h2", NULL, treatment_words(n));
	ac_page_open(&n->p, "table", "until");
	if (has_axis)
		axis_row(n, &x);
	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].def->kind == AC_RESTRICTION)
			row(n, &p->lines[i], has_axis ? &x : NULL);
	ac_page_close(&n->p, "table");
	if (has_axis && x.has_change)
		ac_page_elem(&n->p, "p", "change", ac_axis_change_words(&x, n->p.a));
	ac_page_close(&n->p, "section");
}

static const char *
mark_of(struct ac_str status)
{
	if (ac_streq_c(status, "completed"))
		return "✓";
	return ac_streq_c(status, "cancelled") ? "✕" : "○";
}

static bool
is_done(const struct ac_task_row *t)
{
	return ac_streq_c(t->status, "completed") || ac_streq_c(t->status, "cancelled");
}

static void
task(struct ac_panel *n, const struct ac_task_row *t)
{
	const struct ac_zone *z = n->r->plan->in->zone;
	bool late = !is_done(t) && t->due < ac_page_now(&n->p);

	ac_page_open(&n->p, "li", is_done(t) ? "done" : late ? "late" : NULL);
	ac_page_elemc(&n->p, "span", "mark", mark_of(t->status));
	ac_page_open(&n->p, "span", "task");
	ac_page_elem(&n->p, "span", "title", t->title);
	ac_page_open(&n->p, "span", "when");
	ac_xw_text(&n->p.w, ac_page_span(&n->p, z, t->not_before, t->due));
	ac_page_open(&n->p, "small", NULL);
	ac_xw_textf(&n->p.w, " · %.*s%s%s", AC_FMT(ac_page_role(t->role)), t->urgent ? " · urgent" : "",
	    late ? " · overdue" : "");
	if (is_done(t))
		ac_xw_textf(&n->p.w, " · %.*s%s%.*s%s%.*s", AC_FMT(t->status), t->outcome.n > 0 ? ": " : "",
		    AC_FMT(t->outcome), t->actor.n > 0 ? ", by " : "", AC_FMT(t->actor));
	ac_page_close(&n->p, "small");
	ac_page_close(&n->p, "span");
	ac_call_task_link(&n->p, t, NULL);
	ac_page_close(&n->p, "span");
	ac_page_close(&n->p, "li");
}

void
ac_panel_follow_up(struct ac_panel *n)
{
	ac_page_open(&n->p, "section", "follow");
	ac_page_elemc(&n->p, "h2", NULL, "Follow-up");
	ac_page_open(&n->p, "ul", "tasks");
	for (size_t i = 0; i < n->r->ntasks; i++)
		task(n, &n->r->tasks[i]);
	ac_page_close(&n->p, "ul");
	if (n->r->ntasks == 0)
		ac_page_elemc(&n->p, "p", "none", "Nothing to follow up.");
	ac_page_close(&n->p, "section");
}
