/*
 * panel_paper.c - the paper at home: which version of the plan the patient holds, what to tell, and that it was told.
 *
 * Rules   the task is the truth: as long as it is open the patient knows the older version. What is to be told stands in it;
 *         here it is worked out anew, line by line, between the version that the patient knows and the newest.
 */
#include "core/visible.h"
#include "plugin/panel.h"

static const struct ac_task_row *
open_tell(const struct ac_record *r)
{
	for (size_t i = 0; i < r->ntasks; i++) {
		const struct ac_task_row *t = &r->tasks[i];

		if (ac_str_starts(t->name, AC_S(AC_TASK_TELL)) && !ac_streq_c(t->status, "completed") &&
		    !ac_streq_c(t->status, "cancelled"))
			return t;
	}
	return NULL;
}

struct ac_str
ac_paper_words(struct ac_page *p, const struct ac_record *r, bool *ret_warn)
{
	const struct ac_issue_row *last = ac_last_issue(r);
	int64_t told = ac_told_version(r->issues, r->nissues, r->tasks, r->ntasks);
	struct ac_str s;

	*ret_warn = false;
	if (last == NULL)
		return AC_S("no sheet given yet");
	s = ac_strf(p->a, "sheet given %.*s", AC_FMT(ac_page_moment(p, r->plan->in->zone, last->at_ms / 1000)));
	if (open_tell(r) != NULL) {
		*ret_warn = true;
		return ac_strf(p->a, "%.*s, patient holds version %lld of %lld", AC_FMT(s), (long long)told, (long long)r->row.version);
	}
	if (told > last->plan_version)
		return ac_strf(p->a, "%.*s, told of version %lld", AC_FMT(s), (long long)told);
	return s;
}

/* Who was told, in whose words; the log has who told and when. */
static void
told_form(struct ac_page *p, const struct ac_record *r, const struct ac_task_row *t)
{
	static const struct ac_str how[] = { { "told by telephone", 17 }, { "told in person", 14 }, { "the guardian was told", 21 },
		{ "reached, does not want to hear it", 33 } };
	struct ac_str id = ac_uuid_str(p->a, r->row.id);
	struct ac_str path = ac_strf(
	    p->a, "/aftercare/plans/%.*s/tasks/%.*s", AC_FMT(id), AC_FMT(ac_percent_encode(t->name, p->a)));

	ac_page_form(p, "told", "task-done", path, ac_strf(p->a, "%.*s/%.*s", AC_FMT(id), AC_FMT(t->name)));
	ac_page_hidden_int(p, "seq", t->seq);
	ac_page_select(p, "outcome", "How", how, how, sizeof(how) / sizeof(how[0]), how[0]);
	ac_page_button(p, "button primary", "status", "completed", "Record that the patient was told");
	ac_page_close(p, "form");
}

/* As the task says it, where the version that the patient holds cannot be read now. */
static void
changes(struct ac_page *p, const struct ac_record *r, const struct ac_task_row *t)
{
	int64_t told = ac_told_version(r->issues, r->nissues, r->tasks, r->ntasks);
	struct ac_record *held;
	struct ac_visible v = { 0 };

	if (ac_record_load(p->h->w, r->row.id, told, &held, NULL) == AC_OK)
		v = ac_plan_visible(held->plan, r->plan, p->a);
	ac_page_open(p, "ul", NULL);
	for (size_t i = 0; i < v.n; i++)
		ac_page_elem(p, "li", NULL, ac_visible_told(&v, i, r->plan->in->zone, p->a));
	if (v.n == 0)
		ac_page_elem(p, "li", NULL, t->title);
	ac_page_close(p, "ul");
}

void
ac_panel_paper(struct ac_page *p, const struct ac_record *r)
{
	const struct ac_task_row *t = open_tell(r);

	if (t == NULL || r->version != r->row.version)
		return;
	ac_page_open(p, "section", t->urgent ? "notice bad paper" : "notice warn paper");
	ac_page_elem(p, "strong", NULL,
	    ac_strf(p->a, "The patient holds version %lld of %lld. Tell, by %.*s:",
		(long long)ac_told_version(r->issues, r->nissues, r->tasks, r->ntasks), (long long)r->row.version,
		AC_FMT(ac_page_moment(p, r->plan->in->zone, t->due))));
	changes(p, r, t);
	if (ac_page_is_role(p, AC_ROLES_CARE))
		told_form(p, r, t);
	ac_page_close(p, "section");
}
