/* verb_lint.c - protocol lint: what is wrong, and what the clinic must still decide. */
#include <stdio.h>
#include <string.h>

#include "admin-cli/terminal.h"
#include "base/file.h"
#include "core/protocol_list.h"

#define WORDS_AT 20 /* where a finding's words begin */

static const struct {
	const char *word, *sign;
	enum cli_colour colour;
} level[] = {
	[AC_LINT_WARNING] = { "warning", "!", CLI_YELLOW },
	[AC_LINT_DECISION] = { "decide", "?", CLI_CYAN },
	[AC_LINT_ERROR] = { "error", "x", CLI_RED },
};

struct totals {
	size_t n[3];
};

/* For a person: the file once, the place in a column, the words below each other. */
static void
show_findings(const struct cli *c, const char *file, const struct ac_findings *f)
{
	if (f->n > 0)
		printf("%s%.*s%s\n", cli_paint(c, CLI_BOLD), AC_FMT(cli_plain(c, ac_str_c(file))),
		    cli_paint(c, CLI_PLAIN));
	for (size_t i = 0; i < f->n; i++) {
		const struct ac_finding *x = &f->v[i];
		struct ac_str place = ac_strf(c->a, "%u:%u", x->line, x->col);

		printf("%7.*s  %s%s %-7s%s  ", AC_FMT(place), cli_paint(c, level[x->level].colour),
		    level[x->level].sign, level[x->level].word, cli_paint(c, CLI_PLAIN));
		cli_wrap(stdout, c->columns, WORDS_AT, WORDS_AT,
		    ac_strf(c->a, "%.*s%s%.*s %s(%s)%s", AC_FMT(x->line_id), x->line_id.n > 0 ? ": " : "",
			AC_FMT(cli_plain(c, x->message)), cli_paint(c, CLI_FAINT), x->rule,
			cli_paint(c, CLI_PLAIN)));
	}
}

/* For other programs: one line each, as compilers write them. */
static void
print_findings(const struct cli *c, const char *file, const struct ac_findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct ac_finding *x = &f->v[i];

		printf("%.*s:%u:%u: %s %s %.*s%s%.*s (%s)\n", AC_FMT(cli_plain(c, ac_str_c(file))), x->line,
		    x->col, level[x->level].sign, level[x->level].word, AC_FMT(x->line_id),
		    x->line_id.n > 0 ? ": " : "", AC_FMT(cli_plain(c, x->message)), x->rule);
	}
}

static void
json_findings(struct ac_jw *w, const char *file, const struct ac_findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "file", ac_str_c(file));
		ac_jw_kint(w, "line", f->v[i].line);
		ac_jw_kint(w, "col", f->v[i].col);
		ac_jw_kstr(w, "level", ac_str_c(level[f->v[i].level].word));
		ac_jw_kstr(w, "rule", ac_str_c(f->v[i].rule));
		ac_jw_kstr(w, "id", f->v[i].line_id);
		ac_jw_kstr(w, "message", f->v[i].message);
		ac_jw_end_obj(w);
	}
}

/* With an installation at hand: beside its clinic and the other protocols that are active there. */
static void
lint(struct cli *c, const struct ac_protocol *p, const struct ac_clinic *clinic, struct ac_findings *ret)
{
	if (c->w != NULL)
		ac_protocol_lint_here(c->w, p, clinic, ret);
	else
		ac_protocol_lint(p, clinic, c->a, ret);
}

/* What does not load is a finding like others: the place, the rule, the reason. A file that is not there is none. */
static int
lint_file(struct cli *c, const char *file, const struct ac_clinic *clinic, struct ac_jw *w, struct totals *t)
{
	struct ac_err e = { 0 };
	struct ac_finding one;
	struct ac_findings f = { &one, 1 };
	struct ac_str xml;
	const struct ac_protocol *p;

	if (ac_file_read(file, AC_PROTOCOL_BYTES_MAX, c->a, &xml, &e) != AC_OK)
		return cli_fail(c, file, &e);
	if (ac_protocol_load(xml, c->a, &p, &e) == AC_OK)
		lint(c, p, clinic, &f);
	else
		one = (struct ac_finding){ .level = AC_LINT_ERROR,
			.rule = e.rule,
			.line = e.line,
			.col = e.col,
			.message = ac_str_c(e.msg) };
	for (size_t i = 0; i < f.n; i++)
		t->n[f.v[i].level]++;
	if (c->json)
		json_findings(w, file, &f);
	else if (c->is_tty)
		show_findings(c, file, &f);
	else
		print_findings(c, file, &f);
	return ac_findings_block_publish(&f) ? 5 : 0;
}

int
verb_protocol_lint(struct cli *c)
{
	struct ac_err e = { 0 };
	struct totals t = { 0 };
	struct ac_str ini;
	const struct ac_clinic *clinic = NULL;
	struct ac_buf b;
	struct ac_jw w;
	int rc = 0;

	if (c->clinic != NULL && (ac_file_read(c->clinic, AC_CLINIC_BYTES_MAX, c->a, &ini, &e) != AC_OK ||
				     ac_clinic_load(ini, c->a, &clinic, &e) != AC_OK))
		return cli_fail(c, c->clinic, &e);
	if (strcmp(c->state, CLI_STATE_DEFAULT) != 0 && !cli_open(c, &e))
		return cli_fail(c, e.code == AC_EDENIED ? NULL : c->state, &e);
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "findings");
	ac_jw_arr(&w);
	for (int i = 0; i < c->argc; i++) {
		int one = lint_file(c, c->argv[i], clinic, &w, &t);

		rc = one > rc ? one : rc;
	}
	ac_jw_end_arr(&w);
	if (c->json) {
		ac_jw_kbool(&w, "publishable", rc == 0);
		int done = cli_json_end(&w);
		return rc != 0 ? rc : done;
	}
	int done = cli_done(); /* the findings come before the sum of them */
	fprintf(stderr, "%zu error(s), %zu decision(s) for the clinic, %zu warning(s)%s\n",
	    t.n[AC_LINT_ERROR], t.n[AC_LINT_DECISION], t.n[AC_LINT_WARNING],
	    rc == 0 ? ": can be published" : "");
	return rc != 0 ? rc : done;
}
