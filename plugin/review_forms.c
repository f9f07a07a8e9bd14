/* review_forms.c - what an approver does: sign lines, approve, return with a comment. */
#include "plugin/review.h"

static void
seen(struct ac_review_page *n)
{
	ac_page_hidden(&n->p, "source", ac_page_sha(&n->p, &n->r.seen.source));
	ac_page_hidden_int(&n->p, "base", n->r.seen.base_n);
}

static bool
is_in_review(const struct ac_review_page *n)
{
	return n->r.row.state == AC_LIFE_IN_REVIEW;
}

static bool
may_approve(const struct ac_review_page *n)
{
	return (n->who.may & AC_MAY_APPROVE) != 0;
}

/* ---- signatures ---- */

static bool
was_chosen(const struct ac_review_page *n, struct ac_str value)
{
	for (size_t i = 0; n->p.h->status == 409 && i < n->p.h->nform; i++)
		if (ac_streq_c(n->p.h->form[i].name, "place") && ac_streq(n->p.h->form[i].value, value))
			return true;
	return false;
}

static void
place(struct ac_review_page *n, const struct ac_sign_place *x, bool can_sign)
{
	struct ac_page *p = &n->p;
	struct ac_str value = ac_strf(p->a, "%u:%u", x->line, x->col);

	ac_page_open(p, "li", NULL);
	ac_page_open(p, can_sign ? "label" : "div", "place-row");
	if (can_sign) {
		ac_page_open(p, "input", NULL);
		ac_xw_attrc(&p->w, "type", "checkbox");
		ac_xw_attrc(&p->w, "name", "place");
		ac_xw_attr(&p->w, "value", value);
		if (was_chosen(n, value))
			ac_xw_attrc(&p->w, "checked", "checked");
		ac_page_close(p, "input");
	}
	ac_page_open(p, "span", NULL);
	ac_page_elem(p, "bdi", "words", x->text.n > 0 ? x->text : x->id);
	ac_page_elem(p, "bdi", "words times", x->times);
	ac_page_open(p, "small", NULL);
	ac_xw_textf(&p->w, "%.*s", AC_FMT(x->id.n > 0 ? x->id : AC_S("the whole protocol")));
	if (ac_str_is_set(x->lang))
		ac_xw_textf(&p->w, " · translation, %.*s", AC_FMT(x->lang));
	else
		ac_xw_textf(&p->w, " · %.*s", AC_FMT(x->kind));
	ac_xw_textf(&p->w, " · line %u", x->line);
	ac_page_close(p, "small");
	if (ac_str_is_set(x->was))
		ac_page_elem(
		    p, "small", "assumed", ac_strf(p->a, "changed since %.*s signed it", AC_FMT(x->was)));
	ac_page_close(p, "span");
	ac_page_close(p, can_sign ? "label" : "div");
	ac_page_close(p, "li");
}

static void
places(struct ac_review_page *n, bool can_sign)
{
	size_t shown = n->places.n < AC_REVIEW_SIGN_MAX ? n->places.n : AC_REVIEW_SIGN_MAX;

	ac_page_open(&n->p, "ul", "places");
	for (size_t i = 0; i < shown; i++)
		place(n, &n->places.v[i], can_sign);
	ac_page_close(&n->p, "ul");
	if (shown < n->places.n)
		ac_page_elem(&n->p, "p", "none",
		    ac_strf(n->p.a, "%zu more follow when these are signed.", n->places.n - shown));
}

void
ac_review_signatures(struct ac_review_page *n)
{
	struct ac_page *p = &n->p;
	bool could_sign = is_in_review(n) && may_approve(n) && !n->r.row.stale;
	bool can_sign = could_sign && n->person.n > 0;

	if (n->places.n == 0)
		return;
	ac_page_open(p, "section", NULL);
	ac_page_elemc(p, "h2", NULL, "Lines to sign");
	ac_page_elemc(p, "p", "sum",
	    "Who signs a line answers for what it says. A translation is signed on its own. The signed text "
	    "takes the place of "
	    "this one in the review; it stays its author's.");
	if (n->r.row.unapproved)
		ac_page_elemc(p, "p", "sum",
		    "It is in force already: these lines are signed in the version that follows it.");
	else if (could_sign && !can_sign)
		ac_page_elemc(p, "p", "notice warn",
		    "A signature is a person's. Ask your administrator to say whose account this is; then "
		    "you can sign here.");
	if (can_sign) {
		ac_page_form(
		    p, "sign", "review-sign", ac_strf(p->a, "%.*s/signatures", AC_FMT(n->path)), n->hex);
		seen(n);
	}
	places(n, can_sign);
	if (can_sign) {
		ac_page_button(p, "button", "sign", "1",
		    ac_cstr(p->a, ac_strf(p->a, "Sign the chosen lines as %.*s", AC_FMT(n->person))));
		ac_page_close(p, "form");
	}
	ac_page_close(p, "section");
}

/* ---- approve, return ---- */

static void
approve_form(struct ac_review_page *n)
{
	struct ac_page *p = &n->p;

	ac_page_form(p, "decide", "review-decide", ac_strf(p->a, "%.*s/decision", AC_FMT(n->path)), n->hex);
	seen(n);
	ac_page_elemc(p, "h3", NULL, "Approve");
	ac_page_elem(p, "p", NULL,
	    n->r.row.unapproved
		? AC_S("It is in force already. From now on its documents name you as who approved it.")
	    : n->r.seen.base_n == 0
		? AC_S("You agree to this text as it stands here. An administrator publishes it afterwards.")
		: ac_strf(p->a,
		      "You agree to this text as it stands here, compared with v%lld. An administrator "
		      "publishes it afterwards.",
		      (long long)n->r.seen.base_n));
	ac_page_button(p, "button primary", "decision", "approve", "Approve this version");
	ac_page_close(p, "form");
}

static void
return_form(struct ac_review_page *n)
{
	struct ac_page *p = &n->p;
	struct ac_str typed = ac_page_typed(p, "comment");

	ac_page_form(p, "decide", "review-decide", ac_strf(p->a, "%.*s/decision", AC_FMT(n->path)), n->hex);
	seen(n);
	ac_page_elemc(p, "h3", NULL, "Return");
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, "What its author should change, or why not");
	ac_page_open(p, "textarea", NULL);
	ac_xw_attrc(&p->w, "name", "comment");
	ac_xw_attrc(&p->w, "rows", "4");
	ac_xw_attrc(&p->w, "maxlength", "1000");
	ac_xw_attrc(&p->w, "required", "required");
	if (typed.n > 0)
		ac_xw_text(&p->w, typed);
	ac_page_close(p, "textarea");
	ac_page_close(p, "label");
	ac_page_button(p, "button", "decision", "return", "Return with this comment");
	ac_page_close(p, "form");
}

/* Why this person cannot approve it, as one would say it. */
static struct ac_str
refusal(struct ac_review_page *n)
{
	static const struct {
		const char *rule, *words;
	} known[] = {
		{ "PUB-SECOND-PERSON", "You wrote this version. Somebody else must approve it, whatever "
				       "account you sign in with." },
		{ "PUB-PERSON", "It is not known whether you wrote this version: your account or its author's is not entered as "
				"a person's. Ask your administrator (aftercare person map); then load this page again." },
		{ "LIFE-ROLE",
		    "You can read it here. Your account is not one of those that approve protocols." },
		{ "PUB-LINT",
		    "It cannot be approved yet: decisions are open, or lines are to be signed. They are listed above, line by line." },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (ac_streq_c(ac_str_c(n->r.refused_rule), known[i].rule))
			return ac_str_c(known[i].words);
	return ac_strf(n->p.a, "It cannot be approved now: %.*s.", AC_FMT(n->r.refused_text));
}

void
ac_review_decision(struct ac_review_page *n)
{
	struct ac_page *p = &n->p;
	bool is_open = is_in_review(n) || n->r.row.unapproved;
	bool can_return = may_approve(n) && (is_in_review(n) || n->r.row.state == AC_LIFE_APPROVED);

	if (!is_open && !can_return)
		return;
	ac_page_open(p, "section", NULL);
	ac_page_elemc(p, "h2", NULL, "Your decision");
	if (is_open && n->r.refused_rule != NULL)
		ac_page_elem(p, "p", "notice warn", refusal(n));
	ac_page_open(p, "div", "decisions");
	if (is_open && n->r.refused_rule == NULL)
		approve_form(n);
	if (can_return)
		return_form(n);
	ac_page_close(p, "div");
	ac_page_close(p, "section");
}

/* ---- out of use, at once ---- */

void
ac_review_suspension(struct ac_review_page *n)
{
	struct ac_page *p = &n->p;
	const struct ac_life_row *l = &n->r.row;

	if ((n->who.may & AC_MAY_SUSPEND) == 0 || (l->state != AC_LIFE_ACTIVE && !l->suspended))
		return;
	ac_page_open(p, "section", NULL);
	ac_page_elemc(p, "h2", NULL, l->suspended ? "Suspended" : "If it is wrong");
	ac_page_open(p, "div", "decisions");
	ac_page_form(p, "decide", "review-decide", ac_strf(p->a, "%.*s/decision", AC_FMT(n->path)), n->hex);
	seen(n);
	ac_page_elemc(p, "p", NULL,
	    l->suspended ? "Resumed, it is given out again as before."
			 : "Suspended, nothing made from it is given out any more, at once and for "
			   "everybody. Plans that "
			   "run say so and offer the last good version.");
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, "Why");
	ac_page_open(p, "textarea", NULL);
	ac_xw_attrc(&p->w, "name", "reason");
	ac_xw_attrc(&p->w, "rows", "2");
	ac_xw_attrc(&p->w, "maxlength", "1000");
	ac_xw_attrc(&p->w, "required", "required");
	struct ac_str typed = ac_page_typed(p, "reason");
	if (typed.n > 0)
		ac_xw_text(&p->w, typed);
	ac_page_close(p, "textarea");
	ac_page_close(p, "label");
	ac_page_button(p, "button", "decision", l->suspended ? "resume" : "suspend",
	    l->suspended ? "Resume this version" : "Suspend this version");
	ac_page_close(p, "form");
	ac_page_close(p, "div");
	ac_page_close(p, "section");
}
