/*
 * on_version.c - the protocol versions of a plan: one that was suspended, one that is not in force any more, and the form
 * with which a clinician takes the plan to the one that is.
 *
 * Rules   core/repin.h decides which version that is; the page says what would change before it is asked.
 */
#include "core/repin.h"
#include "plugin/panel.h"
#include "plugin/review.h"

static const struct ac_suspended *
suspended_of(const struct ac_page *p, const struct ac_record *r)
{
	const struct ac_suspended *s = NULL;

	for (size_t i = 0; s == NULL && i < r->plan->in->nprotocols; i++)
		s = ac_config_suspended(p->h->w->config, &r->plan->in->protocols[i].protocol->version);
	return s;
}

bool
ac_plan_is_suspended(const struct ac_page *p, const struct ac_record *r)
{
	return suspended_of(p, r) != NULL;
}

static bool
may_move(const struct ac_page *p, const struct ac_record *r)
{
	return ac_page_is_role(p, AC_ROLE_BIT(AC_ROLE_CLINICIAN)) && r->plan->status == AC_PLAN_ACTIVE &&
	       r->version == r->row.version;
}

static void
move_form(struct ac_page *p, const struct ac_record *r, const char *words)
{
	ac_page_form(p, "version", "plan-version", ac_plan_path(p->a, r->row.id, "/version"),
	    ac_uuid_str(p->a, r->row.id));
	ac_page_hidden_int(p, "version", r->row.version);
	ac_page_button(p, "button", "move", "1", words);
	ac_page_close(p, "form");
}

/* Line by line what the other version would say. */
static void
changes(struct ac_page *p, const struct ac_record *r, const struct ac_repin_done *d)
{
	const struct ac_zone *z = r->plan->in->zone;

	ac_page_open(p, "ul", "changes");
	for (size_t i = 0; i < d->nlines; i++) {
		const struct ac_repin_line *l = &d->lines[i];
		struct ac_str name;

		(void)ac_cut(l->key, '/', &name);
		name = (struct ac_str){ l->key.p + name.n + 1, l->key.n - name.n - 1 };
		ac_page_open(p, "li", NULL);
		ac_xw_textf(&p->w, "%.*s: %s", AC_FMT(name), l->change);
		if (l->before != AC_INSTANT_NONE && l->now != AC_INSTANT_NONE && l->before != l->now)
			ac_xw_textf(&p->w, ", %.*s → %.*s", AC_FMT(ac_page_moment(p, z, l->before)),
			    AC_FMT(ac_page_moment(p, z, l->now)));
		ac_page_close(p, "li");
	}
	ac_page_close(p, "ul");
	if (d->nlines == 0)
		ac_page_elemc(p, "p", NULL, "For this patient it says the same.");
}

/* What the other version says that this one does not, for any patient. */
static void
protocol_changes(struct ac_page *p, const struct ac_record *r, const struct ac_repin_done *d)
{
	for (size_t i = 0; i < r->plan->in->nprotocols && i < d->now->in->nprotocols; i++) {
		const struct ac_protocol *then = r->plan->in->protocols[i].protocol, *now = d->now->in->protocols[i].protocol;
		struct ac_changes c;

		if (ac_sha256_eq(&then->version, &now->version) || !ac_streq(then->id, now->id))
			continue;
		ac_protocol_diff(then, now, p->a, &c);
		ac_page_open(p, "details", "more");
		ac_page_elem(p, "summary", NULL, ac_strf(p->a, "What is different in the protocol %.*s", AC_FMT(now->id)));
		ac_page_elem(p, "p", "sum", ac_change_sum(p, &c));
		ac_page_open(p, "ul", "diff");
		ac_change_rows(p, &c);
		ac_page_close(p, "ul");
		ac_page_close(p, "details");
	}
}

/* What stands in the way of moving is not an error of this page. */
static bool
would_move(struct ac_page *p, const struct ac_record *r, struct ac_repin_done *ret)
{
	struct ac_repin rq = { .plan = r->row.id };
	struct ac_life_who by;
	struct ac_err e = { 0 };

	return may_move(p, r) && ac_life_who_ehr(p->h->w, &p->h->who, &by, &e) == AC_OK &&
	       ac_plan_repin(p->h->w, &p->h->who, &by, &rq, true, ret, &e) == AC_OK;
}

/* By break-glass, or in a clinic of one doctor: whoever gives out a sheet knows that one person alone decided. */
static void
decided_alone(struct ac_page *p, const struct ac_active *x)
{
	bool approved = ac_str_is_set(x->approver);
	struct ac_str name = ac_strf(p->a, "%.*s v%lld", AC_FMT(x->protocol->id), (long long)x->n);

	if (approved && !x->solo)
		return;
	ac_page_open(p, "section", approved ? "notice" : "notice bad");
	ac_page_elem(p, "strong", NULL,
	    ac_strf(p->a, approved ? "%.*s was approved by its author. " : "%.*s was published without approval. ", AC_FMT(name)));
	ac_page_elemc(p, "span", NULL,
	    approved ? "This clinic declared that it has one doctor." : "Nobody but its author has agreed to it yet.");
	ac_page_close(p, "section");
}

static void
alone(struct ac_page *p, const struct ac_record *r)
{
	const struct ac_config *c = p->h->w->config;

	for (size_t i = 0; i < r->plan->in->nprotocols; i++)
		for (size_t k = 0; k < c->nactive; k++) {
			const struct ac_protocol *x = r->plan->in->protocols[i].protocol;
			if (ac_sha256_eq(&c->active[k].protocol->version, &x->version))
				decided_alone(p, &c->active[k]);
		}
}

void
ac_plan_versions(struct ac_page *p, const struct ac_record *r, bool whole)
{
	const struct ac_suspended *s = suspended_of(p, r);
	struct ac_repin_done d;

	alone(p, r);
	if (s == NULL && !whole) /* another version in force is no news for the panel */
		return;
	bool can = would_move(p, r, &d);
	if (s == NULL && !can)
		return;
	ac_page_open(p, "section", s != NULL ? "notice bad" : "notice");
	if (s != NULL) {
		ac_page_elem(p, "strong", NULL,
		    ac_strf(p->a, "%.*s v%lld is suspended: no sheet is given out. ", AC_FMT(s->protocol), (long long)s->n));
		ac_page_elem(p, "span", NULL,
		    ac_strf(p->a, "Since %.*s. Why: %.*s.", AC_FMT(ac_page_moment(p, r->plan->in->zone, s->since_ms / 1000)),
			AC_FMT(s->reason)));
		if (s->has_good)
			ac_page_elem(p, "span", NULL,
			    ac_strf(p->a, can ? " Version v%lld holds: it can be used for this patient."
					      : " Version v%lld holds: a clinician can use it for this patient.",
				(long long)s->good_n));
	} else {
		ac_page_elemc(p, "strong", NULL, "Another version of the protocol is in force. ");
		ac_page_elemc(p, "span", NULL, "This plan stays as it is unless a clinician takes it there.");
	}
	if (can) {
		changes(p, r, &d);
		protocol_changes(p, r, &d);
		move_form(p, r, s == NULL ? "Use the version in force" : "Use the version that holds");
	}
	ac_page_close(p, "section");
}

enum ac_code
ac_on_plan_version(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_repin rq = { 0 };
	struct ac_repin_done done;
	struct ac_life_who by;
	struct ac_record *r;
	enum ac_code rc;

	if ((rc = ac_page_record(h, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_form_check(h, ac_uuid_str(h->w->arena, r->row.id), reterr)) != AC_OK)
		return rc;
	if (!ac_str_int(ac_http_form(h, "version"), 1, INT64_MAX, &rq.seen_version))
		return ac_fail(
		    reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which version it showed");
	rq.plan = r->row.id;
	if ((rc = ac_life_who_ehr(h->w, &h->who, &by, reterr)) != AC_OK)
		return rc;
	rc = ac_plan_repin(h->w, &h->who, &by, &rq, false, &done, reterr);
	if (rc == AC_ECONFLICT) {
		ac_page_set_conflict(h, reterr);
		return ac_on_plan(h, reterr);
	}
	if (rc == AC_OK)
		ac_http_see_other(h, ac_plan_home(h->w->arena, r->row.id));
	return rc;
}
