/* review_list.c - GET /aftercare/reviews: what waits for an approver, oldest first; and words that both pages use. */
#include "plugin/review.h"

struct ac_str
ac_review_path(struct ac_arena *a, const struct ac_sha256 *version)
{
	return ac_strf(a, "/aftercare/reviews/%.*s", AC_FMT(ac_hex(a, version->b, sizeof(version->b))));
}

struct ac_str
ac_review_when(struct ac_page *p, const struct ac_zone *z, int64_t ms)
{
	int64_t t = ms / 1000;

	if (ms == 0)
		return (struct ac_str){ 0 };
	if (ac_wall_at(z, t).year == ac_wall_at(z, ac_page_now(p)).year)
		return ac_time_words(p->a, z, t, AC_TIME_SHORT, AC_S("en"));
	return ac_time_words(p->a, z, t, AC_TIME_DATE, AC_S("en"));
}

const struct ac_zone *
ac_review_zone(struct ac_http *h)
{
	const struct ac_clinic *c = h->w->config->clinic;
	const struct ac_zone *z;
	struct ac_str bytes;

	if (c == NULL || c->zone.n == 0 || ac_zone_read(c->zone, NULL, h->w->arena, &bytes, NULL) != AC_OK ||
	    ac_zone_open(c->zone, bytes, h->w->arena, &z, NULL) != AC_OK)
		return NULL;
	return z;
}

struct ac_str
ac_review_title(const struct ac_protocol *p)
{
	struct ac_str t = ac_text_pick(p->title, AC_S("en"), NULL);

	return t.n > 0 ? t : p->id;
}

struct ac_str
ac_review_who(
    struct ac_page *p, const struct ac_person_rows *persons, struct ac_str account, struct ac_str person)
{
	struct ac_str name = person;

	if (person.n == 0 || ac_streq(person, ac_account(account, p->a)))
		return account;
	for (size_t i = 0; i < persons->n; i++)
		if (ac_streq(persons->v[i].person, person) && persons->v[i].name.n > 0)
			name = persons->v[i].name;
	return ac_streq(name, account) ? name : ac_strf(p->a, "%.*s (%.*s)", AC_FMT(name), AC_FMT(account));
}

void
ac_review_diff(const struct ac_review *r, struct ac_arena *a, struct ac_changes *ret)
{
	struct ac_protocol *nothing;

	if (r->base != NULL) {
		ac_protocol_diff(r->base, r->protocol, a, ret);
		return;
	}
	nothing = ac_new(a, struct ac_protocol, 1);
	nothing->id = r->protocol->id;
	nothing->owner = r->protocol->owner;
	nothing->lang = r->protocol->lang;
	nothing->demonstration = r->protocol->demonstration;
	nothing->title = r->protocol->title;
	ac_protocol_diff(nothing, r->protocol, a, ret);
	for (size_t i = 0; i < ret->n; i++) /* nothing stands that it could be stronger than */
		ret->v[i].strength = AC_STRENGTH_NONE;
	ret->nstronger = ret->nweaker = 0;
}

bool
ac_review_is_what_stands(const struct ac_review *r)
{
	return r->base != NULL && ac_sha256_eq(&r->base->version, &r->row.version);
}

static void
chips(struct ac_page *p, const struct ac_review *r, const struct ac_changes *c)
{
	ac_page_open(p, "div", "chips");
	if (r->row.unapproved)
		ac_page_chip(p, "bad", AC_S("in force without approval"));
	if (r->row.stale)
		ac_page_chip(p, "warn", AC_S("another version was published since"));
	if (r->row.suspended)
		ac_page_chip(p, "bad", AC_S("suspended"));
	if (r->open > 0)
		ac_page_chip(
		    p, "warn", ac_strf(p->a, "%zu open decision%s", r->open, r->open == 1 ? "" : "s"));
	if (c->nweaker > 0)
		ac_page_chip(p, "weaker", ac_strf(p->a, "▼ %zu weaker", c->nweaker));
	if (c->nstronger > 0)
		ac_page_chip(p, "stronger", ac_strf(p->a, "▲ %zu stronger", c->nstronger));
	if (r->refused_rule != NULL && ac_streq_c(ac_str_c(r->refused_rule), "PUB-SECOND-PERSON"))
		ac_page_chip(p, NULL, AC_S("you wrote it"));
	ac_page_close(p, "div");
}

static enum ac_code
row(struct ac_page *p, const struct ac_life_who *who, const struct ac_person_rows *persons, const struct ac_zone *z,
    const struct ac_life_row *l, struct ac_err *reterr)
{
	struct ac_review r;
	struct ac_changes c;
	enum ac_code rc = ac_review_get(p->h->w, who, &l->version, &r, reterr);

	if (rc != AC_OK)
		return rc;
	ac_review_diff(&r, p->a, &c);
	ac_page_open(p, "li", r.row.unapproved ? "urgent" : NULL);
	ac_page_open(p, "div", NULL);
	ac_page_link(p, NULL, ac_review_path(p->a, &l->version), ac_review_title(r.protocol));
	ac_page_open(p, "small", NULL);
	ac_xw_textf(&p->w, "%.*s · %s", AC_FMT(l->protocol), r.base == NULL ? "first version" : "");
	if (r.base != NULL)
		ac_xw_textf(
		    &p->w, "compared with v%lld", (long long)(l->unapproved ? l->n - 1 : l->latest_n));
	ac_page_close(p, "small");
	ac_page_close(p, "div");
	ac_page_open(p, "div", NULL);
	ac_page_open(p, "span", NULL);
	ac_xw_textc(&p->w, "written by ");
	ac_page_elem(p, "bdi", NULL, ac_review_who(p, persons, l->author, l->author_person));
	ac_page_close(p, "span");
	ac_page_open(p, "small", NULL);
	ac_xw_textf(&p->w, "%s %.*s", l->unapproved ? "in force since" : "waits since",
	    AC_FMT(ac_review_when(p, z, l->unapproved ? l->effective_ms : l->submitted_ms)));
	ac_page_close(p, "small");
	ac_page_close(p, "div");
	chips(p, &r, &c);
	ac_page_close(p, "li");
	return AC_OK;
}

/* What sheets and tasks are made from now: from here a clinician finds the version that is wrong. */
static enum ac_code
in_force(struct ac_page *p, const struct ac_zone *z, struct ac_err *reterr)
{
	struct ac_str all = { 0 };
	struct ac_life_rows rows;
	size_t n = 0;
	enum ac_code rc = ac_life_list(p->h->w, all, &rows, reterr);

	if (rc != AC_OK)
		return rc;
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_life_row *l = &rows.v[i];
		if (l->state != AC_LIFE_ACTIVE && !l->suspended)
			continue;
		if (n++ == 0) {
			ac_page_elemc(p, "h2", NULL, "In force");
			ac_page_open(p, "ul", "work reviews");
		}
		ac_page_open(p, "li", NULL);
		ac_page_link(p, NULL, ac_review_path(p->a, &l->version),
		    ac_strf(p->a, "%.*s v%lld", AC_FMT(l->protocol), (long long)l->n));
		ac_page_open(p, "span", NULL);
		ac_xw_textf(&p->w, "since %.*s", AC_FMT(ac_review_when(p, z, l->effective_ms)));
		ac_page_close(p, "span");
		ac_page_open(p, "div", "chips");
		if (l->state != AC_LIFE_ACTIVE)
			ac_page_chip(p, NULL, AC_S("replaced"));
		if (l->suspended)
			ac_page_chip(p, "bad", AC_S("suspended"));
		if (l->unapproved)
			ac_page_chip(p, "bad", AC_S("without approval"));
		if (l->solo)
			ac_page_chip(p, "warn", AC_S("approved by its author"));
		ac_page_close(p, "div");
		ac_page_close(p, "li");
	}
	if (n > 0)
		ac_page_close(p, "ul");
	return AC_OK;
}

enum ac_code
ac_on_reviews(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_life_who who;
	struct ac_life_rows rows;
	struct ac_person_rows persons;
	struct ac_page p;
	enum ac_code rc;

	if ((rc = ac_life_who_ehr(h->w, &h->who, &who, reterr)) != AC_OK ||
	    (rc = ac_person_list(h->w, &persons, reterr)) != AC_OK || (rc = ac_review_list(h->w, &rows, reterr)) != AC_OK)
		return rc;
	const struct ac_zone *z = ac_review_zone(h);
	ac_page_begin(&p, h, AC_PAGE_WHOLE, "Approvals");
	ac_page_open(&p, "div", "head");
	ac_page_elemc(&p, "h1", NULL, "Waiting for approval");
	ac_page_close(&p, "div");
	ac_page_elemc(&p, "p", "none",
	    "Protocols that somebody wrote or changed. A second person approves what sheets and tasks are "
	    "made from.");
	if (rows.n == 0)
		ac_page_elemc(&p, "p", "notice", "Nothing waits for approval.");
	else
		ac_page_open(&p, "ul", "work reviews");
	for (size_t i = 0; i < rows.n && i < AC_REVIEWS_MAX; i++)
		if ((rc = row(&p, &who, &persons, z, &rows.v[i], reterr)) != AC_OK)
			return rc;
	if (rows.n > 0)
		ac_page_close(&p, "ul");
	if (rows.n > AC_REVIEWS_MAX)
		ac_page_elem(
		    &p, "p", "none", ac_strf(p.a, "%zu more wait behind these.", rows.n - AC_REVIEWS_MAX));
	ac_page_open(&p, "section", "in-force");
	if ((rc = in_force(&p, z, reterr)) != AC_OK)
		return rc;
	ac_page_close(&p, "section");
	ac_page_end(&p);
	return AC_OK;
}
