/*
 * on_review.c - one version under review: GET /aftercare/reviews/{version}, its sheet, and the forms that sign its lines,
 * approve it or return it.
 */
#include "core/reference.h"
#include "plugin/review.h"

static enum ac_code
read_version(const struct ac_http *h, struct ac_sha256 *ret, struct ac_err *reterr)
{
	struct ac_str hex = h->capture[0];

	if (hex.n != 2 * sizeof(ret->b) || !ac_unhex(hex, (char *)ret->b, sizeof(ret->b)))
		return ac_fail(
		    reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no protocol version with this hash");
	return AC_OK;
}

static enum ac_code
load(struct ac_http *h, struct ac_review_page *n, struct ac_err *reterr)
{
	struct ac_sha256 version;
	enum ac_code rc;

	if ((rc = read_version(h, &version, reterr)) != AC_OK ||
	    (rc = ac_life_who_ehr(h->w, &h->who, &n->who, reterr)) != AC_OK ||
	    (rc = ac_review_get(h->w, &n->who, &version, &n->r, reterr)) != AC_OK ||
	    (rc = ac_life_history(h->w, n->r.row.protocol, &n->acts, reterr)) != AC_OK ||
	    (rc = ac_person_list(h->w, &n->persons, reterr)) != AC_OK)
		return rc;
	if (ac_person_of(h->w->reader, n->who.account, h->w->arena, &n->person, reterr) != AC_OK)
		return reterr->code;
	if (ac_streq(n->person, n->who.account))
		n->person = (struct ac_str){ 0 };
	if ((n->r.row.state == AC_LIFE_IN_REVIEW || n->r.row.unapproved) &&
	    (rc = ac_sign_list(h->w, &n->r, &n->places, reterr)) != AC_OK)
		return rc;
	n->z = ac_review_zone(h);
	n->hex = ac_hex(h->w->arena, version.b, sizeof(version.b));
	n->path = ac_review_path(h->w->arena, &version);
	ac_review_diff(&n->r, h->w->arena, &n->changes);
	return AC_OK;
}

static void
fact(struct ac_review_page *n, const char *name, struct ac_str value, struct ac_str when)
{
	struct ac_page *p = &n->p;

	if (value.n == 0)
		return;
	ac_page_open(p, "div", NULL);
	ac_page_elemc(p, "dt", NULL, name);
	ac_page_open(p, "dd", NULL);
	ac_page_elem(p, "bdi", NULL, value);
	if (when.n > 0)
		ac_xw_textf(&p->w, ", %.*s", AC_FMT(when));
	ac_page_close(p, "dd");
	ac_page_close(p, "div");
}

static void
state_chips(struct ac_review_page *n)
{
	const struct ac_life_row *l = &n->r.row;
	struct ac_page *p = &n->p;

	ac_page_open(p, "div", "chips");
	ac_page_chip(p, l->state == AC_LIFE_ACTIVE || l->state == AC_LIFE_APPROVED ? "good" : "plain",
	    ac_str_c(l->state == AC_LIFE_IN_REVIEW ? "in review"
		     : l->state == AC_LIFE_ACTIVE  ? "in force"
						   : ac_life_state_word(l->state)));
	if (l->n != 0)
		ac_page_chip(p, NULL, ac_strf(p->a, "v%lld", (long long)l->n));
	if (l->unapproved)
		ac_page_chip(p, "bad", AC_S("without approval"));
	if (l->suspended)
		ac_page_chip(p, "bad", AC_S("suspended"));
	if (l->solo)
		ac_page_chip(p, "warn", AC_S("approved by its author"));
	if (n->r.protocol->demonstration && !ac_page_is_demonstration(p))
		ac_page_chip(p, "demo", AC_S("DEMONSTRATION"));
	ac_page_close(p, "div");
}

static void
notice(struct ac_page *p, const char *class, const char *strong, struct ac_str words)
{
	ac_page_open(p, "p", class);
	ac_page_elemc(p, "strong", NULL, strong);
	ac_xw_textc(&p->w, " ");
	ac_xw_text(&p->w, words);
	ac_page_close(p, "p");
}

/* What makes this version unlike others, in plain words. */
static void
notices(struct ac_review_page *n)
{
	const struct ac_life_row *l = &n->r.row;
	const struct ac_clinic *clinic = n->p.h->w->config->clinic;
	struct ac_page *p = &n->p;

	if (l->unapproved)
		notice(p, "notice bad", "It is in force, and nobody has approved it.",
		    ac_strf(
			p->a, "Published alone, with this reason: “%.*s”", AC_FMT(l->break_glass_reason)));
	if (l->suspended)
		notice(p, "notice bad", "It is suspended: no sheet is given out.", l->suspend_reason);
	if (l->stale)
		notice(p, "notice warn", "Another version was published since this was written.",
		    ac_strf(p->a,
			"It was written on v%lld, now v%lld stands: its author takes it on top of that "
			"first.",
			(long long)l->base_n, (long long)l->latest_n));
	if (l->comment.n > 0)
		notice(p, "notice warn", "It was returned to its author:", l->comment);
	if (clinic != NULL && clinic->solo_hours > 0)
		notice(p, "notice warn", "This clinic declared that it has one doctor.",
		    ac_strf(p->a,
			"Who wrote a version may approve it %d h after submitting it; the documents say so.",
			clinic->solo_hours));
	if (l->state == AC_LIFE_APPROVED)
		notice(p, "notice good", "It is approved.", AC_S("An administrator can publish it."));
}

static void
head(struct ac_review_page *n)
{
	const struct ac_life_row *l = &n->r.row;
	struct ac_page *p = &n->p;

	ac_page_open(p, "p", "back");
	ac_page_link(p, NULL, AC_S("/aftercare/reviews"), AC_S("‹ Waiting for approval"));
	ac_page_close(p, "p");
	ac_page_open(p, "div", "head");
	ac_page_elem(p, "h1", NULL, ac_review_title(n->r.protocol));
	state_chips(n);
	ac_page_close(p, "div");
	ac_page_conflict(p);
	notices(n);
	ac_page_open(p, "dl", "meta");
	fact(n, "Written by", ac_review_who(p, &n->persons, l->author, l->author_person),
	    ac_review_when(p, n->z, l->created_ms));
	fact(n, "Submitted by", l->submitter, ac_review_when(p, n->z, l->submitted_ms));
	fact(n, "Approved by", ac_review_who(p, &n->persons, l->approver, l->approver_person),
	    ac_review_when(p, n->z, l->approved_ms));
	if (!ac_review_is_what_stands(&n->r))
		fact(n, "Compared with",
		    n->r.base == NULL
			? AC_S("nothing: the first version")
			: ac_strf(p->a, "v%lld", (long long)(l->unapproved ? l->n - 1 : l->latest_n)),
		    (struct ac_str){ 0 });
	ac_page_open(p, "div", NULL);
	ac_page_elemc(p, "dt", NULL, "Version");
	ac_page_open(p, "dd", NULL);
	ac_page_elem(p, "code", NULL,
	    ac_strf(p->a, "%.*s %.*s", AC_FMT(l->protocol), AC_FMT(ac_hex(p->a, l->version.b, 8))));
	ac_page_close(p, "dd");
	ac_page_close(p, "div");
	ac_page_close(p, "dl");
}

static struct ac_str
language_word(struct ac_str lang)
{
	return ac_streq_c(lang, "en") ? AC_S("English") : ac_streq_c(lang, "de") ? AC_S("Deutsch") : lang;
}

static void
sheets(struct ac_review_page *n)
{
	struct ac_texts title = n->r.protocol->title;
	struct ac_page *p = &n->p;

	ac_page_open(p, "section", NULL);
	ac_page_elemc(p, "h2", NULL, "The patient's sheet");
	ac_page_elemc(p, "p", "sum",
	    "As an invented patient would get it from this version, with every line that a condition can "
	    "bring.");
	ac_page_open(p, "div", "controls");
	for (size_t i = 0; i < title.n; i++) {
		ac_page_open(p, "a", "button");
		ac_xw_attrf(&p->w, "href", "%.*s/sheet?language=%.*s", AC_FMT(n->path),
		    AC_FMT(ac_percent_encode(title.v[i].lang, p->a)));
		ac_xw_attrc(&p->w, "target", "_blank");
		ac_xw_attrc(&p->w, "rel", "noopener");
		ac_xw_textf(&p->w, "Preview: %.*s", AC_FMT(language_word(title.v[i].lang)));
		ac_page_close(p, "a");
	}
	ac_page_close(p, "div");
	ac_page_close(p, "section");
}

enum ac_code
ac_on_review(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_review_page *n = ac_new(h->w->arena, struct ac_review_page, 1);
	enum ac_code rc = load(h, n, reterr);

	if (rc != AC_OK)
		return rc;
	ac_page_begin(&n->p, h, AC_PAGE_WHOLE, "Review");
	head(n);
	ac_review_changes(n);
	ac_review_findings(n);
	sheets(n);
	ac_review_signatures(n);
	ac_review_decision(n);
	ac_review_suspension(n);
	ac_review_history(n);
	ac_page_end(&n->p);
	return AC_OK;
}

enum ac_code
ac_on_review_sheet(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str language = ac_http_query(h, "language"), html;
	const struct ac_protocol *protocol;
	struct ac_sha256 version;
	enum ac_code rc;

	if (language.n > 35)
		return ac_fail(reterr, AC_EINPUT, "HANDOUT-LANGUAGE", "the language is not a language tag");
	if ((rc = read_version(h, &version, reterr)) != AC_OK ||
	    (rc = ac_service_protocol(h->w, &version, &protocol, reterr)) != AC_OK ||
	    (rc = ac_reference_sheet(protocol, language, h->w->config->clinic, ac_review_zone(h), h->w->arena,
		 &html, reterr)) != AC_OK)
		return rc;
	h->type = "text/html; charset=utf-8";
	ac_buf_add(&h->out, html);
	return AC_OK;
}

/* ---- forms ---- */

/* What the form's page showed. */
static enum ac_code
read_form(struct ac_http *h, struct ac_life_who *ret_who, struct ac_review_seen *ret, struct ac_err *reterr)
{
	struct ac_str source = ac_http_form(h, "source");
	enum ac_code rc;

	if ((rc = ac_form_check(h, h->capture[0], reterr)) != AC_OK ||
	    (rc = read_version(h, &ret->version, reterr)) != AC_OK)
		return rc;
	if (source.n != 2 * sizeof(ret->source.b) ||
	    !ac_unhex(source, (char *)ret->source.b, sizeof(ret->source.b)) ||
	    !ac_str_int(ac_http_form(h, "base"), 0, INT64_MAX, &ret->base_n))
		return ac_fail(
		    reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which version it showed");
	return ac_life_who_ehr(h->w, &h->who, ret_who, reterr);
}

/* Moved meanwhile: the page as it is now. */
static enum ac_code
answer(struct ac_http *h, enum ac_code rc, const struct ac_sha256 *version, struct ac_err *reterr)
{
	if (rc == AC_OK)
		ac_http_see_other(h, ac_review_path(h->w->arena, version));
	if (rc != AC_ECONFLICT && !(rc == AC_EBUSY && ac_streq_c(ac_str_c(reterr->rule), "LIFE-MOVED")))
		return rc;
	h->status = 409;
	h->conflict = ac_strf(h->w->arena, "It moved since you opened it: %s.", reterr->msg);
	return ac_on_review(h, reterr);
}

/* The form's page showed this version in use, or out of it: the act is refused when that changed. */
static enum ac_code
hold(struct ac_http *h, const struct ac_life_who *who, const struct ac_sha256 *version, bool suspend,
    struct ac_err *reterr)
{
	struct ac_life_how how = { .reason = ac_http_form(h, "reason") };
	struct ac_life_row row;
	struct ac_sha256 done;
	enum ac_code rc = ac_life_get(h->w, version, &row, reterr);

	if (rc != AC_OK)
		return rc;
	if (suspend)
		return ac_life_suspend(h->w, who, row.protocol, version, how, &done, reterr);
	return ac_life_resume(h->w, who, row.protocol, version, how, &done, reterr);
}

enum ac_code
ac_on_review_decide(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str decision = ac_http_form(h, "decision");
	struct ac_life_how how = { .reason = ac_http_form(h, "comment") };
	struct ac_life_who who;
	struct ac_review_seen seen;
	enum ac_code rc = read_form(h, &who, &seen, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_streq_c(decision, "approve"))
		rc = ac_life_approve(h->w, &who, &seen, how, reterr);
	else if (ac_streq_c(decision, "return"))
		rc = ac_life_return(h->w, &who, &seen.version, how, reterr);
	else if (ac_streq_c(decision, "suspend") || ac_streq_c(decision, "resume"))
		rc = hold(h, &who, &seen.version, ac_streq_c(decision, "suspend"), reterr);
	else
		return ac_fail(reterr, AC_EINPUT, "REVIEW-DECISION",
		    "a version is approved, returned, suspended or resumed");
	return answer(h, rc, &seen.version, reterr);
}

/* "93:3": line and column. */
static enum ac_code
read_places(struct ac_http *h, struct ac_sign_place **ret, size_t *ret_n, struct ac_err *reterr)
{
	*ret = ac_new(h->w->arena, struct ac_sign_place, h->nform);
	*ret_n = 0;
	for (size_t i = 0; i < h->nform; i++) {
		struct ac_str line, col;
		int64_t l, c;

		if (!ac_streq_c(h->form[i].name, "place"))
			continue;
		col = ac_cut(h->form[i].value, ':', &line);
		if (!ac_str_int(line, 1, UINT32_MAX, &l) || !ac_str_int(col, 1, UINT32_MAX, &c))
			return ac_fail(reterr, AC_EINPUT, "SIGN-PLACE", "a place is a line and a column");
		(*ret)[(*ret_n)++] = (struct ac_sign_place){ .line = (uint32_t)l, .col = (uint32_t)c };
	}
	return AC_OK;
}

enum ac_code
ac_on_review_sign(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_life_who who;
	struct ac_review_seen seen;
	struct ac_sign_place *v;
	struct ac_sha256 version;
	size_t n;
	enum ac_code rc = read_form(h, &who, &seen, reterr);

	if (rc != AC_OK || (rc = read_places(h, &v, &n, reterr)) != AC_OK)
		return rc;
	rc = ac_life_sign(h->w, &who, &seen, v, n, false, &version, reterr);
	return answer(h, rc, &version, reterr);
}
