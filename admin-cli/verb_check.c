/* verb_check.c - plan check: which sheet a code stands on. */
#include "admin-cli/verbs.h"
#include "core/check_code.h"

static const char *
state_of(const struct ac_record *r, const struct ac_checked *c)
{
	if (r->plan->in->revoked)
		return "withdrawn";
	if (c->issue.n != c->newest)
		return "replaced";
	return c->issue.plan_version == c->plan.version ? "newest" : "outdated";
}

static const char *
state_words(const char *state)
{
	switch (state[0]) {
	case 'w':
		return "the plan was withdrawn: the sheet does not hold";
	case 'r':
		return "a newer sheet replaced it";
	case 'o':
		return "the newest sheet, of an older version of the plan";
	default:
		return "the newest sheet";
	}
}

int
verb_plan_check(struct cli *c)
{
	struct ac_checked found;
	struct ac_record *r;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_check_find(c->w, ac_str_c(c->argv[0]), &found, &e) != AC_OK ||
	    ac_record_load(c->w, found.plan.id, 0, &r, &e) != AC_OK ||
	    !cli_log_view(c, "view", "handout", ac_uuid_str(c->a, found.plan.id), found.issue.n, r->row.patient, &e))
		return cli_fail(c, "plan check", &e); /* the code was typed by hand: it is not said again */
	const char *state = state_of(r, &found);
	if (!c->json) {
		printf("sheet %lld of plan %.*s, from version %lld, given %.*s UTC\n%s\n", (long long)found.issue.n,
		    AC_FMT(ac_uuid_str(c->a, found.plan.id)), (long long)found.issue.plan_version,
		    AC_FMT(cli_minute(c, found.issue.at_ms)), state_words(state));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "plan", ac_uuid_str(c->a, found.plan.id));
	ac_jw_kint(&w, "sheet", found.issue.n);
	ac_jw_kint(&w, "newest_sheet", found.newest);
	ac_jw_kint(&w, "plan_version", found.issue.plan_version);
	ac_jw_kint(&w, "newest_plan_version", found.plan.version);
	ac_jw_kstr(&w, "given_at", ac_rfc3339_ms(c->a, found.issue.at_ms));
	ac_jw_kstr(&w, "sha256", ac_hex(c->a, found.issue.sha256.b, sizeof(found.issue.sha256.b)));
	ac_jw_kstr(&w, "state", ac_str_c(state));
	return cli_json_end(&w);
}
