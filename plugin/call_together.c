/* call_together.c - one call for everything that is due: the patient's other checks, of earlier and later sessions, with their lots. */
#include "plugin/call_page.h"

#include "core/series.h"

static struct ac_str
lots_of(struct ac_call_page *n, const struct ac_session_rows *all, struct ac_uuid plan)
{
	struct ac_str s = { "", 0 };

	for (size_t i = 0; i < all->n; i++) {
		if (memcmp(&all->v[i].plan, &plan, sizeof(plan)) != 0)
			continue;
		s = ac_strf(n->p.a, "session of %.*s",
		    AC_FMT(ac_time_words(n->p.a, n->z, all->v[i].anchor, AC_TIME_DATE, AC_S("en"))));
		for (size_t k = 0; k < all->v[i].nlots; k++)
			if (all->v[i].lots[k].lot.n > 0)
				s = ac_strf(n->p.a, "%.*s, lot %.*s", AC_FMT(s), AC_FMT(all->v[i].lots[k].lot));
	}
	return s;
}

static bool
is_this(const struct ac_call_page *n, const struct ac_task_row *t)
{
	return memcmp(&t->plan, &n->r->row.id, sizeof(t->plan)) == 0 && ac_streq(t->name, n->task);
}

void
ac_call_together(struct ac_call_page *n)
{
	const struct ac_plan_row *row = &n->r->row;
	struct ac_session_rows all = { 0 };
	struct ac_task_rows due = { 0 };
	struct ac_err err = { 0 };
	size_t shown = 0;

	if (n->kind != AC_CALL_CHECK_IN ||
	    ac_series_checks(n->p.h->w, row->site, row->patient, ac_page_now(&n->p), &due, &err) != AC_OK ||
	    ac_series_sessions(n->p.h->w, row->site, row->patient, (struct ac_str){ 0 }, (struct ac_str){ 0 }, INT64_MAX, &all,
		&err) != AC_OK)
		return;
	for (size_t i = 0; i < due.n; i++) {
		const struct ac_task_row *t = &due.v[i];
		if (is_this(n, t) || !ac_streq_c(t->kind, "check-in") ||
		    ac_authorize_object(&n->p.h->who, t->site, t->patient, t->encounter, NULL) != AC_OK)
			continue;
		if (shown++ == 0) {
			ac_page_open(&n->p, "section", "together");
			ac_page_elemc(&n->p, "h2", NULL, "Due in the same call");
			ac_page_open(&n->p, "ul", "work");
		}
		ac_page_open(&n->p, "li", NULL);
		ac_page_open(&n->p, "div", "what");
		ac_page_elem(&n->p, "strong", NULL, t->title);
		ac_page_elem(&n->p, "small", NULL, lots_of(n, &all, t->plan));
		ac_page_close(&n->p, "div");
		ac_page_link(&n->p, "button",
		    ac_plan_path(n->p.a, t->plan, "/check-in/%.*s", AC_FMT(ac_percent_encode(t->name, n->p.a))),
		    AC_S("Its questions"));
		ac_page_close(&n->p, "li");
	}
	if (shown == 0)
		return;
	ac_page_close(&n->p, "ul");
	ac_page_close(&n->p, "section");
}
