/*
 * on_override.c - GET and POST /aftercare/plans/{id}/overrides: a clinician decides for one visit.
 *
 * Shape   ?line=KEY: the forms of that line; ?undo=N: taking an act back; else a line is added. Saved: back to the plan.
 *         Doubtful (OVERRIDE-CONFIRM) or not acceptable: the same page with what was typed and why, status 422, nothing
 *         saved. Older than the plan: the plan's page, 409.
 */
#include <string.h>

#include "plugin/override_page.h"

#define EN AC_S("en")
#define CONFIRM_MAX 16

static void
about(struct ac_override_page *n)
{
	struct ac_page *p = &n->p;
	const struct ac_plan_line *l = n->line;
	const struct ac_zone *z = n->r->plan->in->zone;

	ac_page_elemc(p, "h1", NULL, "Decide for this visit");
	ac_page_open(p, "p", NULL);
	ac_page_link(p, NULL, ac_plan_home(p->a, n->r->row.id), AC_S("Back to the plan"));
	ac_page_close(p, "p");
	if (n->undo != NULL) {
		ac_page_elem(p, "p", "lead",
		    ac_strf(p->a, "Override %lld (%s) of %.*s, by %.*s: %.*s", (long long)n->undo->n,
			ac_override_act_word(n->undo->act), AC_FMT(ac_page_moment(p, z, n->undo->at_ms / 1000)),
			AC_FMT(n->undo->by), AC_FMT(n->undo->reason)));
		return;
	}
	if (l == NULL)
		return;
	ac_page_elem(p, "p", "lead", ac_page_text(l->def->text));
	ac_page_open(p, "p", NULL);
	if (l->until == AC_INSTANT_NONE)
		ac_xw_textc(&p->w, "no end set");
	else
		ac_xw_textf(&p->w, "until %.*s", AC_FMT(ac_time_words(p->a, z, l->until, AC_TIME_SHORT, EN)));
	if (l->until_offset.kind != AC_OFFSET_NONE)
		ac_xw_textf(&p->w, " (%.*s)", AC_FMT(ac_offset_words(p->a, l->until_offset, EN)));
	ac_xw_textf(&p->w, " · %.*s", AC_FMT(ac_page_text(l->protocol->title)));
	ac_page_close(p, "p");
	ac_override_note(p, n->r->plan, l);
}

static void
write_page(struct ac_http *h, struct ac_override_page *n)
{
	ac_page_begin(&n->p, h, AC_PAGE_WHOLE, "Decide for this visit");
	about(n);
	if (n->r->nissues > 0)
		ac_page_elemc(&n->p, "p", "notice",
		    "The patient holds a sheet: a task to tell them is made when it says something else.");
	ac_page_open(&n->p, "div", "overrides");
	ac_override_forms(n);
	ac_page_close(&n->p, "div");
	ac_page_end(&n->p);
}

/* What the page is about; false: the plan has no such line or act. */
static bool
find(struct ac_override_page *n, struct ac_str line, struct ac_str undo)
{
	const struct ac_plan *p = n->r->plan;
	int64_t no;

	for (size_t i = 0; line.n > 0 && i < p->nlines; i++)
		if (ac_streq(p->lines[i].key, line))
			n->line = &p->lines[i];
	if (undo.n > 0 && ac_str_int(undo, 1, INT64_MAX, &no))
		for (size_t i = 0; i < p->noverrides; i++)
			if (p->overrides[i].o->n == no && p->overrides[i].undone_by == NULL)
				n->undo = p->overrides[i].o;
	return (line.n == 0 || n->line != NULL) && (undo.n == 0 || n->undo != NULL);
}

enum ac_code
ac_on_overrides(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_override_page n = { .came_back = AC_OVERRIDE_ACTS };
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &n.r, reterr)) != AC_OK)
		return rc;
	if (n.r->plan->status != AC_PLAN_ACTIVE)
		return ac_fail(reterr, AC_ECONFLICT, "OVERRIDE-STATE", "the plan does not hold any more");
	if (!find(&n, ac_http_query(h, "line"), ac_http_query(h, "undo")))
		return ac_fail(reterr, AC_ENOTFOUND, "OVERRIDE-LINE", "the plan has no such line");
	if ((rc = ac_page_log(h, "view", "plan", n.r, n.r->version, reterr)) != AC_OK)
		return rc;
	write_page(h, &n);
	return AC_OK;
}

/* Nothing was saved: the form again, with what is doubtful or why it was not taken. */
static enum ac_code
again(struct ac_http *h, struct ac_override_page *n, struct ac_override_request *rq, struct ac_err *reterr)
{
	struct ac_override_done d = { 0 };
	struct ac_str why = ac_str_dup(h->w->arena, ac_str_c(reterr->msg));
	bool doubtful = strcmp(reterr->rule, "OVERRIDE-CONFIRM") == 0;
	enum ac_code rc;

	*reterr = (struct ac_err){ 0 };
	if (doubtful && (rc = ac_plan_override(h->w, &h->who, rq, true, &d, reterr)) != AC_OK)
		return rc;
	n->came_back = rq->act;
	n->doubts = d.doubts;
	n->ndoubts = d.ndoubts;
	if (!doubtful)
		n->trouble = why;
	if ((rc = ac_page_log(h, "view", "plan", n->r, n->r->version, reterr)) != AC_OK)
		return rc;
	h->status = 422;
	write_page(h, n);
	return AC_OK;
}

static size_t
read_confirmed(struct ac_http *h, struct ac_str *v)
{
	size_t n = 0;

	for (size_t i = 0; i < h->nform && n < CONFIRM_MAX; i++)
		if (ac_streq_c(h->form[i].name, "confirm"))
			v[n++] = h->form[i].value;
	return n;
}

static enum ac_code
read_request(struct ac_http *h, struct ac_override_request *rq, struct ac_err *reterr)
{
	struct ac_str undoes = ac_http_form(h, "undoes");

	if (!ac_str_int(ac_http_form(h, "version"), 1, INT64_MAX, &rq->seen_version))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which version it showed");
	if (!ac_override_act_of(ac_http_form(h, "act"), &rq->act) ||
	    (undoes.n > 0 && !ac_str_int(undoes, 1, INT64_MAX, &rq->undoes)))
		return ac_fail(reterr, AC_EINPUT, "OVERRIDE-KIND", "the form does not say what is decided");
	rq->line = ac_http_form(h, "line");
	rq->from = ac_http_form(h, "from");
	rq->until = ac_http_form(h, "until");
	rq->kind = ac_http_form(h, "kind");
	rq->concept = ac_http_form(h, "concept");
	rq->text = ac_http_form(h, "text");
	rq->lang = ac_http_form(h, "lang");
	rq->english = ac_http_form(h, "english");
	rq->reason = ac_http_form(h, "reason");
	return AC_OK;
}

enum ac_code
ac_on_override(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_override_page n = { .came_back = AC_OVERRIDE_ACTS };
	struct ac_override_request rq = { 0 };
	struct ac_override_done d;
	struct ac_str confirmed[CONFIRM_MAX];
	bool known;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &n.r, reterr)) != AC_OK ||
	    (rc = ac_form_check(h, ac_uuid_str(h->w->arena, n.r->row.id), reterr)) != AC_OK ||
	    (rc = read_request(h, &rq, reterr)) != AC_OK)
		return rc;
	rq.plan = n.r->row.id;
	rq.confirmed = confirmed;
	rq.nconfirmed = read_confirmed(h, confirmed);
	known = find(&n, rq.line, ac_http_form(h, "undoes"));
	rc = ac_plan_override(h->w, &h->who, &rq, false, &d, reterr);
	if (rc == AC_OK) {
		ac_http_see_other(h, ac_plan_path(h->w->arena, n.r->row.id, "#decided"));
		return AC_OK;
	}
	bool doubtful = rc == AC_ECONFLICT && strcmp(reterr->rule, "OVERRIDE-CONFIRM") == 0;
	if (known && (doubtful || rc == AC_EINPUT || rc == AC_ELIMIT))
		return again(h, &n, &rq, reterr);
	if (rc == AC_ECONFLICT) {
		ac_page_set_conflict(h, reterr);
		return ac_on_plan(h, reterr);
	}
	return rc;
}
