/* page.c - see page.h. */
#include "plugin/page.h"

#include <stdio.h>
#include <string.h>

#include "core/handout.h"

#define OUT_FIRST (16 * 1024)
#define OUT_MAX (4 * 1024 * 1024)

static void
head(struct ac_page *p, const char *title)
{
	ac_buf_addz(&p->h->out, "<!DOCTYPE html>\n");
	ac_xw_open(&p->w, "html");
	ac_xw_attrc(&p->w, "lang", "en");
	ac_xw_open(&p->w, "head");
	ac_xw_open(&p->w, "meta");
	ac_xw_attrc(&p->w, "charset", "utf-8");
	ac_xw_end(&p->w, "meta");
	ac_xw_open(&p->w, "meta");
	ac_xw_attrc(&p->w, "name", "viewport");
	ac_xw_attrc(&p->w, "content", "width=device-width, initial-scale=1");
	ac_xw_end(&p->w, "meta");
	ac_xw_open(&p->w, "title");
	ac_xw_textf(&p->w, "%s · Aftercare", title);
	ac_xw_end(&p->w, "title");
	ac_xw_open(&p->w, "link");
	ac_xw_attrc(&p->w, "rel", "stylesheet");
	ac_xw_attrc(&p->w, "href", "/aftercare/assets/aftercare.css");
	ac_xw_end(&p->w, "link");
	ac_xw_end(&p->w, "head");
}

bool
ac_page_is_demonstration(const struct ac_page *p)
{
	const struct ac_config *c = p->h->w->config;

	return c != NULL && c->clinic != NULL && c->clinic->demonstration;
}

static void
navigation(struct ac_page *p)
{
	const struct ac_actor *who = &p->h->who;
	unsigned worklist = AC_ROLES_CARE | AC_ROLE_BIT(AC_ROLE_FRONT_DESK);
	unsigned approvers = AC_ROLE_BIT(AC_ROLE_CLINICIAN) | AC_ROLE_BIT(AC_ROLE_ADMIN);

	ac_page_open(p, "header", "top");
	ac_page_elemc(p, "strong", "brand", "Aftercare");
	if (ac_page_is_role(p, worklist | approvers)) {
		ac_page_open(p, "nav", NULL);
		ac_xw_attrc(&p->w, "aria-label", "Pages");
		if (ac_page_is_role(p, worklist))
			ac_page_link(p, NULL, AC_S("/aftercare/worklist"), AC_S("Follow-up"));
		if (ac_page_is_role(p, approvers))
			ac_page_link(p, NULL, AC_S("/aftercare/reviews"), AC_S("Approvals"));
		ac_page_close(p, "nav");
	}
	if (ac_page_is_demonstration(p))
		ac_page_chip(p, "demo", AC_S("DEMONSTRATION"));
	if (who->user.n > 0) {
		ac_page_open(p, "span", "user");
		ac_xw_textf(&p->w, "%.*s · %.*s", AC_FMT(who->user),
		    AC_FMT(ac_page_role(ac_str_c(ac_role_word(who->role)))));
		ac_page_close(p, "span");
	}
	ac_page_close(p, "header");
}

void
ac_page_begin(struct ac_page *p, struct ac_http *h, enum ac_page_kind kind, const char *title)
{
	*p = (struct ac_page){ .h = h, .a = h->w->arena, .kind = kind };
	h->type = "text/html; charset=utf-8";
	ac_buf_init(&h->out, h->w->arena, OUT_FIRST, OUT_MAX);
	ac_xw_init(&p->w, &h->out, true);
	head(p, title);
	ac_page_open(p, "body", kind == AC_PAGE_PANEL ? "in-panel" : "in-page");
	if (kind == AC_PAGE_WHOLE)
		navigation(p);
	ac_page_open(p, "main", kind == AC_PAGE_PANEL ? "panel" : "page");
}

void
ac_page_set_conflict(struct ac_http *h, const struct ac_err *e)
{
	h->status = 409;
	h->conflict = ac_strf(h->w->arena, "Meanwhile %s.", e->msg);
}

struct ac_str
ac_page_typed(const struct ac_page *p, const char *name)
{
	return p->h->status == 409 ? ac_http_form(p->h, name) : (struct ac_str){ 0 };
}

/* A form of an older page was answered 409: this is the page as it is now. */
void
ac_page_told_first(struct ac_page *p)
{
	ac_xw_attrc(&p->w, "role", "alert");
	ac_xw_attrc(&p->w, "tabindex", "-1");
	ac_xw_attrc(&p->w, "autofocus", "autofocus");
}

void
ac_page_conflict(struct ac_page *p)
{
	if (p->h->status != 409)
		return;
	ac_page_open(p, "section", "notice warn");
	ac_page_told_first(p);
	ac_page_elemc(p, "strong", NULL, "Nothing was changed. ");
	ac_page_elem(p, "span", NULL, p->h->conflict);
	ac_page_elemc(p, "span", NULL,
	    " This is how it stands now; what you chose is kept where it can still be sent.");
	ac_page_close(p, "section");
}

void
ac_page_end(struct ac_page *p)
{
	ac_page_close(p, "main");
	ac_page_close(p, "body");
	ac_page_close(p, "html");
	ac_buf_addc(&p->h->out, '\n');
}

/* What a person does next; the rule's own message says what happened. */
static const char *
next_step(const struct ac_err *e)
{
	static const struct {
		const char *rule, *next;
	} rules[] = {
		{ "AUTH-NOBODY", "Sign in to your chart, then load this page again." },
		{ "AUTH-TOKEN-TIME", "Load this page again from your chart." },
		{ "AUTH-TOKEN-USED", "Load this page again from your chart." },
		{ "AUTH-ROLE", "Ask somebody whose role allows it." },
		{ "AUTH-OBJECT", "Open the visit from its own chart." },
		{ "ENCOUNTER-UNKNOWN", "Save the visit in the chart, then load this page again." },
		{ "PLAN-UNKNOWN", "Open the plan from the visit's page or from the follow-up list." },
		{ "FORM-STALE", "Nothing was changed. Go back, load the page again, and look at what is new "
				"before you send it." },
		{ "PUB-SECOND-PERSON", "Ask a colleague who approves protocols." },
		{ "PUB-PERSON", "Ask your administrator to enter whose accounts yours and the author's are." },
		{ "SOLO-WAIT", "Come back when the waiting time is over." },
		{ "LIFE-ROLE", "Ask somebody who approves protocols, or your administrator." },
		{ "SIGN-PERSON", "Ask your administrator to enter you as the person of this account." },
		{ "SIGN-NONE", "Go back and choose the lines that you sign." },
		{ "ISSUE-CONTACT",
		    "Ask your administrator to enter the out-of-hours and the emergency number." },
		{ "ISSUE-REQUIRED", "Answer what is open on the panel first." },
		{ "ISSUE-SIGNATURE", "Sign the visit first." },
		{ "ISSUE-OVERRIDES", "Sign the visit first." },
	};

	for (size_t i = 0; e->rule != NULL && i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(e->rule, rules[i].rule) == 0)
			return rules[i].next;
	switch (e->code) {
	case AC_ECONFLICT:
		return "Nothing was changed. Go back and load the page again.";
	case AC_EIO:
	case AC_EBUSY:
		return "Try again in a moment. Nothing was lost.";
	case AC_EINTEGRITY:
		return "Tell your administrator: stored data does not match its record.";
	case AC_EINPUT:
	case AC_ELIMIT:
		return "Go back, correct it, and send it again.";
	case AC_OK:
	case AC_ENOTFOUND:
	case AC_EDENIED:
		break;
	}
	return "Go back and load the page again.";
}

void
ac_page_problem(struct ac_http *h, const char *title, const struct ac_err *e)
{
	struct ac_page p;

	ac_page_begin(&p, h, AC_PAGE_PANEL, title);
	ac_page_open(&p, "section", "problem");
	ac_page_elemc(&p, "h1", NULL, title);
	ac_page_open(&p, "p", NULL);
	for (size_t i = 0; e->msg[i] != '\0' && i == 0; i++) /* a sentence begins with a capital */
		ac_xw_textf(
		    &p.w, "%c", e->msg[0] >= 'a' && e->msg[0] <= 'z' ? e->msg[0] - 'a' + 'A' : e->msg[0]);
	ac_xw_textf(&p.w, "%s.", e->msg[0] == '\0' ? "" : e->msg + 1);
	ac_page_close(&p, "p");
	ac_page_elemc(&p, "p", "next", next_step(e));
	ac_page_open(&p, "p", "rule");
	ac_xw_textf(&p.w, "%d %s", h->status, e->rule == NULL ? "-" : e->rule);
	ac_page_close(&p, "p");
	ac_page_close(&p, "section");
	ac_page_end(&p);
}

bool
ac_page_is_role(const struct ac_page *p, unsigned roles)
{
	return (AC_ROLE_BIT(p->h->who.role) & roles) != 0;
}

void
ac_page_open(struct ac_page *p, const char *name, const char *class)
{
	ac_xw_open(&p->w, name);
	ac_xw_attrc(&p->w, "class", class);
}

void
ac_page_close(struct ac_page *p, const char *name)
{
	ac_xw_end(&p->w, name);
}

void
ac_page_elem(struct ac_page *p, const char *name, const char *class, struct ac_str text)
{
	if (text.n == 0)
		return;
	ac_page_open(p, name, class);
	ac_xw_text(&p->w, text);
	ac_page_close(p, name);
}

void
ac_page_elemc(struct ac_page *p, const char *name, const char *class, const char *text)
{
	ac_page_elem(p, name, class, ac_str_c(text));
}

void
ac_page_link(struct ac_page *p, const char *class, struct ac_str href, struct ac_str text)
{
	ac_page_open(p, "a", class);
	ac_xw_attr(&p->w, "href", href);
	if (p->kind == AC_PAGE_PANEL) {
		ac_xw_attrc(&p->w, "target", "_blank");
		ac_xw_attrc(&p->w, "rel", "noopener");
	}
	ac_xw_text(&p->w, text);
	ac_page_close(p, "a");
}

void
ac_page_chip(struct ac_page *p, const char *class, struct ac_str text)
{
	ac_page_elem(
	    p, "span", class == NULL ? "chip" : ac_cstr(p->a, ac_strf(p->a, "chip %s", class)), text);
}

void
ac_page_form(
    struct ac_page *p, const char *class, const char *route, struct ac_str action, struct ac_str object)
{
	ac_page_open(p, "form", class);
	ac_xw_attrc(&p->w, "method", "post");
	ac_xw_attr(&p->w, "action", action);
	ac_page_hidden(p, "token", ac_form_token(p->h, route, object));
}

void
ac_page_hidden(struct ac_page *p, const char *name, struct ac_str value)
{
	ac_xw_open(&p->w, "input");
	ac_xw_attrc(&p->w, "type", "hidden");
	ac_xw_attrc(&p->w, "name", name);
	ac_xw_attr(&p->w, "value", ac_str_is_set(value) ? value : AC_S(""));
	ac_xw_end(&p->w, "input");
}

void
ac_page_hidden_int(struct ac_page *p, const char *name, int64_t value)
{
	ac_page_hidden(p, name, ac_strf(p->a, "%lld", (long long)value));
}

void
ac_page_button(struct ac_page *p, const char *class, const char *name, const char *value, const char *text)
{
	ac_page_open(p, "button", class);
	ac_xw_attrc(&p->w, "type", "submit");
	ac_xw_attrc(&p->w, "name", name);
	ac_xw_attrc(&p->w, "value", value);
	ac_xw_textc(&p->w, text);
	ac_page_close(p, "button");
}

static void
options(struct ac_page *p, const struct ac_str *values, const struct ac_str *labels, size_t n, struct ac_str chosen)
{
	for (size_t i = 0; i < n; i++) {
		ac_page_open(p, "option", NULL);
		ac_xw_attr(&p->w, "value", values[i]);
		if (ac_streq(values[i], chosen))
			ac_xw_attrc(&p->w, "selected", "selected");
		ac_xw_text(&p->w, labels[i]);
		ac_page_close(p, "option");
	}
}

void
ac_page_select(struct ac_page *p, const char *name, const char *label, const struct ac_str *values,
    const struct ac_str *labels, size_t n, struct ac_str chosen)
{
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, label);
	ac_page_open(p, "select", NULL);
	ac_xw_attrc(&p->w, "name", name);
	options(p, values, labels, n, chosen);
	ac_page_close(p, "select");
	ac_page_close(p, "label");
}

void
ac_page_select_below(struct ac_page *p, const char *name, struct ac_str label, const struct ac_str *values,
    const struct ac_str *labels, size_t n, struct ac_str chosen)
{
	ac_page_open(p, "select", NULL);
	ac_xw_attrc(&p->w, "name", name);
	ac_xw_attr(&p->w, "aria-label", label);
	options(p, values, labels, n, chosen);
	ac_page_close(p, "select");
}
