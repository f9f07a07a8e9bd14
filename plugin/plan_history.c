/* plan_history.c - the plan's tasks, the protocols it was made from, and what was made of it: versions, sheets, documents. */
#include "plugin/plan_page.h"

#define EN AC_S("en")

static void
cell(struct ac_plan_page *n, const char *class, struct ac_str text)
{
	ac_page_open(&n->p, "td", class);
	ac_xw_text(&n->p.w, text);
	ac_page_close(&n->p, "td");
}

void
ac_plan_page_tasks(struct ac_plan_page *n)
{
	if (n->r->ntasks == 0)
		return;
	ac_page_open(&n->p, "section", NULL);
	ac_page_elemc(&n->p, "h2", NULL, "Follow-up");
	ac_page_open(&n->p, "table", "lines");
	for (size_t i = 0; i < n->r->ntasks; i++) {
		const struct ac_task_row *t = &n->r->tasks[i];

		ac_page_open(&n->p, "tr", NULL);
		ac_page_open(&n->p, "th", NULL);
		ac_xw_attrc(&n->p.w, "scope", "row");
		ac_xw_text(&n->p.w, t->title);
		ac_page_elem(&n->p, "small", NULL,
		    ac_strf(n->p.a, "%.*s · %.*s%s", AC_FMT(ac_page_role(t->role)), AC_FMT(t->kind),
			t->urgent ? " · urgent" : ""));
		ac_page_close(&n->p, "th");
		cell(n, "when", ac_page_span(&n->p, n->z, t->not_before, t->due));
		ac_page_open(&n->p, "td", "why");
		ac_page_elem(&n->p, "span", NULL, t->status);
		if (t->outcome.n > 0)
			ac_page_elem(&n->p, "small", NULL, t->outcome);
		if (t->done_ms != 0)
			ac_page_elem(&n->p, "small", NULL,
			    ac_strf(n->p.a, "%.*s, %.*s", AC_FMT(t->actor),
				AC_FMT(ac_time_words(n->p.a, n->z, t->done_ms / 1000, AC_TIME_SHORT, EN))));
		ac_page_close(&n->p, "td");
		ac_page_close(&n->p, "tr");
	}
	ac_page_close(&n->p, "table");
	ac_page_close(&n->p, "section");
}

void
ac_plan_page_protocols(struct ac_plan_page *n)
{
	const struct ac_plan_input *in = n->r->plan->in;

	ac_page_open(&n->p, "section", NULL);
	ac_page_elemc(&n->p, "h2", NULL, "Made from");
	ac_page_open(&n->p, "ul", "made-from");
	for (size_t i = 0; i < in->nprotocols; i++) {
		const struct ac_plan_protocol *pp = &in->protocols[i];

		ac_page_open(&n->p, "li", NULL);
		ac_xw_text(&n->p.w, ac_page_text(pp->protocol->title));
		ac_xw_textc(&n->p.w, pp->approver.n > 0 ? ", approved by " : ", approval not recorded");
		ac_page_elem(&n->p, "bdi", NULL, pp->approver);
		ac_page_elem(&n->p, "code", NULL, ac_page_sha(&n->p, &pp->protocol->version));
		ac_page_close(&n->p, "li");
	}
	ac_page_close(&n->p, "ul");
	ac_page_close(&n->p, "section");
}

static void
versions(struct ac_plan_page *n)
{
	ac_page_open(&n->p, "p", "versions");
	ac_xw_textc(&n->p.w, "Plan versions: ");
	for (int64_t v = 1; v <= n->r->row.version; v++) {
		if (v > 1)
			ac_xw_textc(&n->p.w, " · ");
		if (v == n->r->version)
			ac_page_elem(&n->p, "strong", NULL, ac_strf(n->p.a, "%lld", (long long)v));
		else
			ac_page_link(&n->p, NULL,
			    ac_plan_path(n->p.a, n->r->row.id, "?version=%lld", (long long)v),
			    ac_strf(n->p.a, "%lld", (long long)v));
	}
	ac_page_close(&n->p, "p");
}

static void
sheet(struct ac_plan_page *n, const struct ac_issue_row *i)
{
	ac_page_open(&n->p, "tr", NULL);
	ac_page_open(&n->p, "th", NULL);
	ac_xw_attrc(&n->p.w, "scope", "row");
	ac_page_link(&n->p, NULL, ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld", (long long)i->n),
	    ac_strf(n->p.a, "Sheet %lld", (long long)i->n));
	ac_page_close(&n->p, "th");
	cell(n, "when", ac_time_words(n->p.a, n->z, i->at_ms / 1000, AC_TIME_SHORT, EN));
	ac_page_open(&n->p, "td", "why");
	ac_page_elem(&n->p, "span", NULL,
	    ac_strf(n->p.a, "given by %.*s (%.*s) to the %.*s, %.*s, %.*s, from version %lld",
		AC_FMT(i->actor), AC_FMT(ac_page_role(i->role)), AC_FMT(i->recipient), AC_FMT(i->medium),
		AC_FMT(i->language), (long long)i->plan_version));
	ac_page_elem(&n->p, "code", NULL, ac_page_sha(&n->p, &i->sha256));
	ac_xw_textc(&n->p.w, " ");
	ac_page_link(&n->p, NULL, ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld/pdf", (long long)i->n), AC_S("PDF"));
	ac_xw_textc(&n->p.w, " ");
	ac_page_link(&n->p, NULL, ac_plan_path(n->p.a, n->r->row.id, "/sheets/%lld/pdf?print=large", (long long)i->n),
	    AC_S("PDF, large print"));
	ac_page_close(&n->p, "td");
	ac_page_close(&n->p, "tr");
}

static void
document(struct ac_plan_page *n, const struct ac_document_row *d)
{
	bool may_open = n->p.h->who.role != AC_ROLE_FRONT_DESK;
	struct ac_str words = ac_strf(n->p.a, "Document, version %lld", (long long)d->version);

	ac_page_open(&n->p, "tr", NULL);
	ac_page_open(&n->p, "th", NULL);
	ac_xw_attrc(&n->p.w, "scope", "row");
	if (may_open)
		ac_page_link(&n->p, NULL,
		    ac_plan_path(n->p.a, n->r->row.id, "/documents/%lld", (long long)d->version), words);
	else
		ac_xw_text(&n->p.w, words);
	ac_page_close(&n->p, "th");
	cell(n, "when", ac_time_words(n->p.a, n->z, d->made_ms / 1000, AC_TIME_SHORT, EN));
	ac_page_open(&n->p, "td", "why");
	ac_page_elem(&n->p, "span", NULL,
	    ac_strf(n->p.a, "%.*s, from version %lld", AC_FMT(d->status), (long long)d->plan_version));
	ac_page_elem(&n->p, "code", NULL, ac_page_sha(&n->p, &d->sha256));
	ac_page_close(&n->p, "td");
	ac_page_close(&n->p, "tr");
}

void
ac_plan_page_history(struct ac_plan_page *n)
{
	ac_page_open(&n->p, "section", NULL);
	ac_xw_attrc(&n->p.w, "id", "history");
	ac_page_elemc(&n->p, "h2", NULL, "History");
	versions(n);
	ac_page_open(&n->p, "table", "lines");
	ac_plan_state_history(n);
	for (size_t i = 0; i < n->r->nissues; i++)
		sheet(n, &n->r->issues[i]);
	for (size_t i = 0; i < n->r->ndocuments; i++)
		document(n, &n->r->documents[i]);
	ac_page_close(&n->p, "table");
	ac_page_close(&n->p, "section");
}
