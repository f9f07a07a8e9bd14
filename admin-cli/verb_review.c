/* verb_review.c - protocol submit, approve, reject: two persons and the same bytes. */
#include <stdio.h>
#include <string.h>

#include "admin-cli/life.h"
#include "admin-cli/terminal.h"
#include "core/protocol_diff.h"

static int
say_done(struct cli *c, const struct ac_life_row *r, const char *state, const char *words)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		printf("%.*s %.*s %s%s\n", AC_FMT(r->protocol), AC_FMT(cli_hash(c, &r->version)),
		    c->dry_run ? "would be " : "is ", words);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "protocol", r->protocol);
	cli_json_version(c, &w, "version", &r->version);
	ac_jw_kstr(&w, "state", ac_str_c(state));
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

int
verb_protocol_submit(struct cli *c)
{
	struct ac_life_who who;
	struct ac_life_row row;
	struct ac_err e = { 0 };
	int rc;

	if ((rc = cli_life_who(c, &who)) >= 0 || (rc = cli_life_version(c, c->argv[0], false, &row)) >= 0)
		return rc;
	if (ac_life_submit(c->w, &who, &row.version, cli_how(c), &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	return say_done(c, &row, "in-review", "in review");
}

/* What the approver agrees to: the differences from what stands, or the whole when nothing does. */
static void
show_review(struct cli *c, const struct ac_review *r)
{
	struct ac_changes changes;

	if (c->json)
		return;
	if (r->base == NULL) {
		printf("the first version: aftercare protocol show %.*s\n", AC_FMT(cli_hash(c, &r->row.version)));
		return;
	}
	ac_protocol_diff(r->base, r->protocol, c->a, &changes);
	cli_wrap_lines(stdout, c->columns, ac_changes_words(&changes, c->colour, c->a));
}

/* A name can mean another version tomorrow: what is approved is named by its hash, or typed after looking. */
static int
confirm_version(struct cli *c, const struct ac_life_row *row)
{
	struct ac_str named = ac_str_c(c->argv[0]), whole = ac_hex(c->a, row->version.b, sizeof(row->version.b));

	if (c->dry_run || (named.n >= 8 && ac_str_starts(whole, (struct ac_str){ named.p, 8 })) ||
	    (c->confirm != NULL && ac_streq_c(whole, c->confirm)))
		return -1;
	return cli_confirm(c, cli_hash(c, &row->version), "approving counts for exactly this version");
}

/* A protocol's name means what waits of it, a newer draft or not; one that waits for nobody is refused by its state. */
static int
waiting_version(struct cli *c, struct ac_life_row *ret)
{
	struct ac_str name = ac_str_c(c->argv[0]);
	const struct ac_life_row *found = NULL;
	struct ac_life_rows rows;
	struct ac_err e = { 0 };

	if (ac_review_list(c->w, &rows, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	for (size_t i = 0; i < rows.n; i++) {
		if (!ac_streq(rows.v[i].protocol, name))
			continue;
		if (found != NULL)
			return cli_usage(c, "%s: several versions wait: name one by its hash, as protocol reviews shows it", c->argv[0]);
		found = &rows.v[i];
	}
	return cli_life_version(c,
	    found == NULL ? c->argv[0] : ac_cstr(c->a, ac_hex(c->a, found->version.b, sizeof(found->version.b))), false, ret);
}

int
verb_protocol_approve(struct cli *c)
{
	struct ac_life_who who;
	struct ac_life_row row;
	struct ac_review review;
	struct ac_err e = { 0 };
	int rc;

	if ((rc = cli_life_who(c, &who)) >= 0 || (rc = waiting_version(c, &row)) >= 0)
		return rc;
	if (ac_review_get(c->w, &who, &row.version, &review, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	/* who may not is told so before being asked for anything */
	struct ac_life_how dry = { .reason = cli_how(c).reason, .dry_run = true };
	if (ac_life_approve(c->w, &who, &review.seen, dry, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	show_review(c, &review);
	if ((rc = confirm_version(c, &row)) >= 0)
		return rc;
	if (!c->dry_run && ac_life_approve(c->w, &who, &review.seen, cli_how(c), &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	return say_done(c, &row, row.unapproved ? "active" : "approved", "approved");
}

int
verb_protocol_reject(struct cli *c)
{
	struct ac_life_who who;
	struct ac_life_row row;
	struct ac_err e = { 0 };
	int rc;

	if ((rc = cli_life_who(c, &who)) >= 0 || (rc = waiting_version(c, &row)) >= 0)
		return rc;
	if (ac_life_return(c->w, &who, &row.version, cli_how(c), &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	return say_done(c, &row, "draft", "a draft again");
}

/* What waits for somebody to approve it. */
int
verb_protocol_reviews(struct cli *c)
{
	struct ac_life_rows rows;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_review_list(c->w, &rows, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (c->json) {
		cli_json_begin(c, &b, &w);
		ac_jw_key(&w, "reviews");
		ac_jw_arr(&w);
	}
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_life_row *r = &rows.v[i];
		int64_t since = r->unapproved ? r->effective_ms : r->submitted_ms;

		if (!c->json) {
			printf("%.*s  %.*s  since %.*s  by %.*s%s%s\n", AC_FMT(cli_hash(c, &r->version)), AC_FMT(r->protocol),
			    AC_FMT(cli_minute(c, since)), AC_FMT(cli_plain(c, r->author)),
			    r->unapproved ? "  IN FORCE WITHOUT APPROVAL" : "", r->stale ? "  stale" : "");
			continue;
		}
		ac_jw_obj(&w);
		ac_jw_kstr(&w, "protocol", r->protocol);
		cli_json_version(c, &w, "version", &r->version);
		ac_jw_kstr(&w, "author", r->author);
		ac_jw_kstr(&w, "since", ac_rfc3339_ms(c->a, since));
		ac_jw_kbool(&w, "in_force", r->unapproved);
		ac_jw_kbool(&w, "stale", r->stale);
		ac_jw_end_obj(&w);
	}
	if (!c->json)
		return cli_done();
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}
