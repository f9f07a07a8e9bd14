/* verb_explain.c - plan explain: which version, which condition, which fact put a line there, and who signed it. */
#include <stdio.h>

#include "admin-cli/terminal.h"
#include "core/explain.h"
#include "core/record.h"

#define HASH_SHOWN 12

static struct ac_str
version_of(const struct cli *c, const struct ac_protocol *p, size_t shown)
{
	struct ac_str hex = ac_hex(c->a, p->version.b, sizeof(p->version.b));

	return (struct ac_str){ hex.p, shown < hex.n ? shown : hex.n };
}

static struct ac_str
when(const struct cli *c, const struct ac_plan *p, int64_t t)
{
	return ac_time_words(c->a, p->in->zone, t, AC_TIME_FULL, AC_S("en"));
}

static enum cli_colour
colour_of(enum ac_truth t)
{
	return t == AC_TRUE ? CLI_GREEN : t == AC_UNKNOWN ? CLI_YELLOW : CLI_FAINT;
}

static void
print_fact(const struct cli *c, const struct ac_explained_fact *f)
{
	printf("        %.*s", AC_FMT(f->path));
	if (f->from == AC_FROM_NOBODY) {
		printf(": nobody recorded it; the stricter side is taken\n");
		return;
	}
	printf(" = %.*s%s", AC_FMT(f->values.n == 0 ? AC_S("none") : cli_plain(c, f->values)),
	    f->partial ? " (the list was not reviewed)" : "");
	if (f->from == AC_FROM_ANSWER)
		printf(" (answer of %.*s, %.*s UTC)\n", AC_FMT(cli_plain(c, f->by)),
		    AC_FMT(cli_minute(c, f->at_ms)));
	else
		printf(" (%s)\n", f->from == AC_FROM_CHART ? "from the chart" : "derived from the chart");
}

static void
print_condition(const struct cli *c, const struct ac_explanation *x, const struct ac_explained_condition *k)
{
	printf("  %s", k->what);
	if (k->window != NULL) {
		printf(" %d", (int)(k - x->conditions));
		if (k->window->from.kind != AC_OFFSET_NONE)
			printf(" from %.*s", AC_FMT(ac_offset_str(c->a, k->window->from)));
		if (k->window->until.kind != AC_OFFSET_NONE)
			printf(" until %.*s", AC_FMT(ac_offset_str(c->a, k->window->until)));
	}
	if (!ac_str_is_set(k->source)) {
		printf(": no condition, %s\n", k->window == NULL || k->chosen ? "it holds" : "not needed");
		return;
	}
	printf(": %swhen %s%.*s%s is %s%s%s\n", k->window != NULL && k->chosen ? "taken, " : "",
	    cli_paint(c, CLI_BOLD), AC_FMT(k->source), cli_paint(c, CLI_PLAIN),
	    cli_paint(c, colour_of(k->truth)), ac_truth_word(k->truth), cli_paint(c, CLI_PLAIN));
	for (size_t i = 0; i < k->nsteps; i++) {
		const struct ac_explained_step *s = &k->steps[i];

		printf("    %s%-7s%s %.*s\n", cli_paint(c, colour_of(s->truth)), ac_truth_word(s->truth),
		    cli_paint(c, CLI_PLAIN), AC_FMT(s->text));
		for (size_t n = 0; n < s->nfacts; n++)
			print_fact(c, &x->facts[s->fact[n]]);
	}
}

static void
print_act(const struct cli *c, const struct ac_override *o, const char *what)
{
	if (o == NULL)
		return;
	printf("  %soverride %lld%s: %s, by %.*s, %.*s UTC: ", cli_paint(c, CLI_YELLOW), (long long)o->n,
	    cli_paint(c, CLI_PLAIN), what, AC_FMT(cli_plain(c, o->by)), AC_FMT(cli_minute(c, o->at_ms)));
	cli_wrap(stdout, c->columns, 4, 4, cli_plain(c, o->reason));
}

static void
print_acts(const struct cli *c, const struct ac_plan *p, const struct ac_explanation *x)
{
	const struct ac_plan_line *l = x->line;

	print_act(c, x->omitted_by, "left out for this visit");
	if (l == NULL)
		return;
	if (l->other != NULL)
		printf("  longer because of plan %.*s version %u, treated %.*s\n", AC_FMT(ac_uuid_str(c->a, l->other->id)),
		    (unsigned)l->other->version, AC_FMT(when(c, p, l->other->plan->anchor)));
	print_act(c, l->added_by, "added for this visit");
	print_act(c, l->window_by, "another time for this visit");
	if (l->window_by != NULL && l->original_until != AC_INSTANT_NONE)
		printf("    the protocol says until %.*s\n", AC_FMT(when(c, p, l->original_until)));
	print_act(c, l->text_by, "other words for this visit");
}

static void
print_place(const struct cli *c, const struct ac_plan *p, const struct ac_explanation *x)
{
	bool is_task = ac_streq_c(AC_S("task"), x->kind);

	if (!x->in_plan) {
		printf("  it is not in the plan\n");
		return;
	}
	if (x->merged_away)
		printf("  in the plan merged with a line of the same concept%s%.*s\n",
		    x->line != NULL ? ": " : "", AC_FMT(x->line != NULL ? x->line->key : AC_S("")));
	else
		printf("  in the plan%s\n", x->assumed ? ", assumed: a fact is unknown" : "");
	if (x->from != AC_INSTANT_NONE)
		printf("  %s %.*s\n", is_task ? "not before" : "from", AC_FMT(when(c, p, x->from)));
	if (x->until != AC_INSTANT_NONE)
		printf("  %s %.*s\n", is_task ? "due" : "until", AC_FMT(when(c, p, x->until)));
	for (size_t i = 0; !x->merged_away && x->line != NULL && i < x->line->nmerged; i++)
		printf("  stricter than, or the same as: %.*s\n", AC_FMT(x->line->merged[i]->l.id));
}

static void
print_origin(const struct cli *c, const struct ac_plan *p, const struct ac_explanation *x)
{
	const struct ac_treatment *t = x->treatment;

	if (t != NULL && t->procedure != NULL)
		printf("  matched by procedure %.*s %.*s, %.*s (%s)\n",
		    AC_FMT(cli_plain(c, t->procedure->system)), AC_FMT(cli_plain(c, t->procedure->code)),
		    AC_FMT(when(c, p, t->anchor)), x->anchor_source);
	else if (t != NULL)
		printf("  matched by category, product or a recorded fact, %.*s (%s)\n",
		    AC_FMT(when(c, p, t->anchor)), x->anchor_source);
	if (x->def->signed_by.n > 0)
		printf("  signed by %.*s on %.*s", AC_FMT(x->def->signed_by), AC_FMT(x->def->signed_on));
	else
		printf("  signed by nobody");
	if (x->approver.n > 0)
		printf("; the version was approved by %.*s\n", AC_FMT(cli_plain(c, x->approver)));
	else
		printf("; nobody is recorded as approver of the version\n");
}

static void
json_fact(const struct cli *c, struct ac_jw *w, const struct ac_explained_fact *f)
{
	ac_jw_obj(w);
	ac_jw_kstr(w, "path", f->path);
	ac_jw_kstr(w, "from", ac_str_c(ac_fact_from_word(f->from)));
	if (f->from != AC_FROM_NOBODY)
		ac_jw_kstr(w, "value", f->values);
	ac_jw_kbool(w, "partial", f->partial);
	ac_jw_kstr(w, "by", f->by);
	if (f->at_ms != 0)
		ac_jw_kstr(w, "at", ac_rfc3339_ms(c->a, f->at_ms));
	ac_jw_end_obj(w);
}

static void
json_condition(const struct cli *c, struct ac_jw *w, const struct ac_explanation *x,
    const struct ac_explained_condition *k)
{
	ac_jw_obj(w);
	ac_jw_kstr(w, "of", ac_str_c(k->what));
	ac_jw_kstr(w, "when", k->source);
	ac_jw_kstr(w, "truth", ac_str_c(ac_truth_word(k->truth)));
	if (k->window != NULL) {
		ac_jw_kstr(w, "window_from", ac_offset_str(c->a, k->window->from));
		ac_jw_kstr(w, "window_until", ac_offset_str(c->a, k->window->until));
		ac_jw_kbool(w, "taken", k->chosen);
	}
	ac_jw_key(w, "steps");
	ac_jw_arr(w);
	for (size_t i = 0; i < k->nsteps; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "text", k->steps[i].text);
		ac_jw_kstr(w, "truth", ac_str_c(ac_truth_word(k->steps[i].truth)));
		ac_jw_key(w, "facts");
		ac_jw_arr(w);
		for (size_t n = 0; n < k->steps[i].nfacts; n++)
			json_fact(c, w, &x->facts[k->steps[i].fact[n]]);
		ac_jw_end_arr(w);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
	ac_jw_end_obj(w);
}

static void
json_act(const struct cli *c, struct ac_jw *w, const char *key, const struct ac_override *o)
{
	if (o == NULL)
		return;
	ac_jw_key(w, key);
	ac_jw_obj(w);
	ac_jw_kint(w, "n", o->n);
	ac_jw_kstr(w, "by", o->by);
	ac_jw_kstr(w, "at", ac_rfc3339_ms(c->a, o->at_ms));
	ac_jw_kstr(w, "reason", o->reason);
	ac_jw_end_obj(w);
}

static int
print_json(const struct cli *c, const struct ac_plan *p, const struct ac_explanation *x)
{
	struct ac_buf b;
	struct ac_jw w;

	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "line", x->def->id);
	ac_jw_kstr(&w, "kind", ac_str_c(x->kind));
	ac_jw_kstr(&w, "protocol", x->protocol->id);
	ac_jw_kstr(&w, "version", version_of(c, x->protocol, SIZE_MAX));
	ac_jw_kint(&w, "source_line", x->def->line);
	ac_jw_kbool(&w, "in_plan", x->in_plan);
	ac_jw_kbool(&w, "assumed", x->assumed);
	if (x->merged_away && x->line != NULL)
		ac_jw_kstr(&w, "merged_into", x->line->key);
	if (x->from != AC_INSTANT_NONE)
		ac_jw_kstr(&w, "from", ac_rfc3339(c->a, p->in->zone, x->from));
	if (x->until != AC_INSTANT_NONE)
		ac_jw_kstr(&w, "until", ac_rfc3339(c->a, p->in->zone, x->until));
	ac_jw_kstr(&w, "signed_by", x->def->signed_by);
	ac_jw_kstr(&w, "signed_on", x->def->signed_on);
	ac_jw_kstr(&w, "approver", x->approver);
	json_act(c, &w, "omitted_by", x->omitted_by);
	if (x->line != NULL) {
		json_act(c, &w, "added_by", x->line->added_by);
		json_act(c, &w, "window_by", x->line->window_by);
		json_act(c, &w, "text_by", x->line->text_by);
	}
	ac_jw_key(&w, "conditions");
	ac_jw_arr(&w);
	for (size_t i = 0; i < x->nconditions; i++)
		json_condition(c, &w, x, &x->conditions[i]);
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

int
verb_plan_explain(struct cli *c)
{
	struct ac_explanation x;
	struct ac_uuid id;
	struct ac_record *r;
	struct ac_err e = { 0 };
	int64_t version;
	int rc;

	if (!cli_version_arg(c, &version))
		return cli_usage(c, "--version is a number from 1");
	if ((rc = cli_plan_arg(c, c->argv[0], &id)) >= 0)
		return rc;
	if (ac_record_load(c->w, id, version, &r, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (ac_plan_explain(r->plan, ac_str_c(c->argv[1]), c->a, &x, &e) != AC_OK)
		return e.code == AC_EINPUT ? cli_usage(c, "%s: %s", c->argv[1], e.msg)
					   : cli_fail(c, c->argv[1], &e);
	if (!cli_log_view(c, "view", "plan", ac_uuid_str(c->a, id), r->version, r->row.patient, &e))
		return cli_fail(c, c->argv[0], &e);
	if (c->json)
		return print_json(c, r->plan, &x);
	printf("%s%.*s/%.*s%s, %s", cli_paint(c, CLI_BOLD), AC_FMT(x.protocol->id), AC_FMT(x.def->id),
	    cli_paint(c, CLI_PLAIN), x.kind);
	if (x.def->line > 0) /* what a clinician added stands in no file */
		printf(", line %u of version %.*s", x.def->line, AC_FMT(version_of(c, x.protocol, HASH_SHOWN)));
	printf("\n");
	print_place(c, r->plan, &x);
	print_acts(c, r->plan, &x);
	for (size_t i = 0; i < x.nconditions; i++)
		print_condition(c, &x, &x.conditions[i]);
	if (x.def->line > 0)
		print_origin(c, r->plan, &x);
	return cli_done();
}
