/* plan_override.c - what a clinician decided for this visit, as the clinic's pages show it: beside each line, and as a list. */
#include "core/override_act.h"
#include "plugin/panel.h"

#define EN AC_S("en")

static struct ac_str
when(struct ac_page *p, const struct ac_plan *plan, int64_t from, int64_t until, struct ac_offset o)
{
	const struct ac_zone *z = plan->in->zone;
	struct ac_str s = AC_S("");

	if (from != AC_INSTANT_NONE)
		s = ac_strf(p->a, "from %.*s ", AC_FMT(ac_time_words(p->a, z, from, AC_TIME_SHORT, EN)));
	if (until == AC_INSTANT_NONE)
		return s.n > 0 ? ac_str_trim(s) : AC_S("no end");
	s = ac_strf(p->a, "%.*suntil %.*s", AC_FMT(s), AC_FMT(ac_time_words(p->a, z, until, AC_TIME_SHORT, EN)));
	return o.kind == AC_OFFSET_NONE
		   ? s
		   : ac_strf(p->a, "%.*s (%.*s)", AC_FMT(s), AC_FMT(ac_offset_words(p->a, o, EN)));
}

static void
note(struct ac_page *p, const struct ac_override *o, const char *what, struct ac_str instead)
{
	ac_page_open(p, "small", "override");
	ac_page_elemc(p, "strong", NULL, "Override: ");
	ac_xw_textc(&p->w, what);
	if (instead.n > 0)
		ac_xw_textf(&p->w, "; the protocol says %.*s", AC_FMT(instead));
	if (p->kind != AC_PAGE_PANEL)
		ac_xw_textf(&p->w, ". %.*s, by %.*s", AC_FMT(o->reason), AC_FMT(o->by));
	ac_page_close(p, "small");
}

void
ac_override_note(struct ac_page *p, const struct ac_plan *plan, const struct ac_plan_line *l)
{
	if (l->added_by != NULL)
		note(p, l->added_by, "added", (struct ac_str){ 0 });
	if (l->window_by != NULL)
		note(p, l->window_by, "another time",
		    l->window_by->act == AC_OVERRIDE_WINDOW && l->added_by == NULL
			? when(p, plan, l->original_from, l->original_until, l->original_offset)
			: (struct ac_str){ 0 });
	if (l->text_by != NULL)
		note(p, l->text_by, "other words",
		    ac_strf(p->a, "“%.*s”", AC_FMT(ac_page_label(l->original->label, l->original->text))));
	if (l->other != NULL && ac_page_names_other(p->h, l->other))
		ac_page_elem(p, "small", "override",
		    ac_strf(p->a, "Longer because of the treatment on %.*s; by itself %.*s",
			AC_FMT(ac_time_words(p->a, plan->in->zone, l->other->plan->anchor, AC_TIME_SHORT, EN)),
			AC_FMT(when(p, plan, AC_INSTANT_NONE, l->without_other, (struct ac_offset){ 0 }))));
}

bool
ac_override_may(const struct ac_page *p, const struct ac_record *r)
{
	return ac_page_is_role(p, AC_ROLE_BIT(AC_ROLE_CLINICIAN)) && r->plan->status == AC_PLAN_ACTIVE &&
	       r->version == r->row.version;
}

struct ac_str
ac_override_path(struct ac_page *p, const struct ac_record *r, struct ac_str line)
{
	struct ac_str path = ac_plan_path(p->a, r->row.id, "/overrides");

	return line.n == 0 ? path
			   : ac_strf(p->a, "%.*s?line=%.*s", AC_FMT(path), AC_FMT(ac_percent_encode(line, p->a)));
}

static const char *
act_words(enum ac_override_act a)
{
	static const char *const words[AC_OVERRIDE_ACTS] = { "another time", "left out", "added", "other words",
		"taken back" };

	return words[a];
}

/* The line's name, wherever it stands now; of one that is gone its key. */
static struct ac_str
name_of(const struct ac_plan *p, const struct ac_override *o)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq(p->lines[i].key, o->line))
			return ac_page_label(p->lines[i].def->label, p->lines[i].def->text);
	for (size_t i = 0; i < p->nomitted; i++)
		if (p->omitted[i].by == o)
			return ac_page_label(p->omitted[i].line.def->label, p->omitted[i].line.def->text);
	return ac_str_is_set(o->text) ? o->text : o->line;
}

static void
one(struct ac_page *p, const struct ac_record *r, const struct ac_plan_override *x)
{
	const struct ac_zone *z = r->plan->in->zone;
	bool over = x->state == AC_OVERRIDE_UNDONE || x->state == AC_OVERRIDE_REPLACED;

	ac_page_open(p, "li", over ? "over" : NULL);
	ac_page_elem(p, "strong", NULL, name_of(r->plan, x->o));
	ac_xw_textf(&p->w, ": %s", act_words(x->o->act));
	if (x->o->until.kind != AC_OFFSET_NONE)
		ac_xw_textf(&p->w, ", until %.*s", AC_FMT(ac_offset_words(p->a, x->o->until, EN)));
	ac_page_open(p, "small", NULL);
	ac_xw_textf(&p->w, " · %.*s, by %.*s · %.*s", AC_FMT(ac_page_moment(p, z, x->o->at_ms / 1000)), AC_FMT(x->o->by),
	    AC_FMT(x->o->reason));
	for (size_t i = 0; i < x->o->confirmed.n; i++)
		ac_xw_textf(&p->w, "%s%.*s", i == 0 ? " · confirmed: " : ", ", AC_FMT(x->o->confirmed.v[i]));
	if (x->state == AC_OVERRIDE_LINE_GONE)
		ac_xw_textc(&p->w, " · its line is not in the plan now; it holds when the line is there again");
	if (x->state == AC_OVERRIDE_REPLACED)
		ac_xw_textc(&p->w, " · a later one took its place");
	if (x->undone_by != NULL)
		ac_xw_textf(&p->w, " · taken back %.*s by %.*s: %.*s",
		    AC_FMT(ac_page_moment(p, z, x->undone_by->at_ms / 1000)), AC_FMT(x->undone_by->by),
		    AC_FMT(x->undone_by->reason));
	ac_page_close(p, "small");
	if (x->undone_by == NULL && ac_override_may(p, r)) {
		ac_xw_textc(&p->w, " ");
		ac_page_link(p, "change-it",
		    ac_plan_path(p->a, r->row.id, "/overrides?undo=%lld", (long long)x->o->n), AC_S("take back"));
	}
	ac_page_close(p, "li");
}

static void
waits(struct ac_page *p, const struct ac_record *r)
{
	if (!ac_override_holds_up_sheet(r->plan))
		return;
	ac_page_open(p, "section", "notice warn");
	ac_page_elemc(p, "strong", NULL, "A sheet with overrides is given out after the chart is signed. ");
	ac_page_elemc(p, "span", NULL, "Sign the visit, then give it out here.");
	ac_page_close(p, "section");
}

void
ac_plan_overridden(struct ac_page *p, const struct ac_record *r, bool whole)
{
	const struct ac_plan *plan = r->plan;
	size_t held = ac_plan_overrides_held(plan);
	bool may = ac_override_may(p, r);

	waits(p, r);
	if (!whole) {
		if (held == 0)
			return;
		ac_page_open(p, "section", "notice");
		ac_page_elem(p, "strong", NULL,
		    ac_strf(p->a, "%zu override%s for this visit. ", held, held == 1 ? "" : "s"));
		for (size_t i = 0; i < plan->nomitted; i++)
			ac_page_elem(p, "span", NULL,
			    ac_strf(p->a, "Left out: %.*s. ",
				AC_FMT(ac_page_label(plan->omitted[i].line.def->label, plan->omitted[i].line.def->text))));
		ac_page_link(p, NULL, ac_plan_path(p->a, r->row.id, "#decided"), AC_S("See them"));
		ac_page_close(p, "section");
		return;
	}
	if (plan->noverrides == 0 && !may)
		return;
	ac_page_open(p, "section", "decided");
	ac_xw_attrc(&p->w, "id", "decided");
	ac_page_elemc(p, "h2", NULL, "Decided for this visit");
	ac_page_open(p, "ul", NULL);
	for (size_t i = 0; i < plan->noverrides; i++)
		one(p, r, &plan->overrides[i]);
	ac_page_close(p, "ul");
	if (may)
		ac_page_link(p, "button", ac_override_path(p, r, (struct ac_str){ 0 }), AC_S("Add a line for this visit"));
	ac_page_close(p, "section");
}
