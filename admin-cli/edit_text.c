/* edit_text.c - what a text that was edited is worth: loaded, linted, its faults written into it. */
#include <stdio.h>
#include <unistd.h>

#include "admin-cli/edit.h"
#include "core/protocol_diff.h"
#include "core/protocol_list.h"

#define REMARKS_MAX 50

void
cli_edit_look(const struct editing *d, struct ac_str text, struct edit_looked *ret)
{
	struct ac_arena *a = d->c->a;

	*ret = (struct edit_looked){ .verdict = EDIT_WRONG };
	if (ac_protocol_load(text, a, &ret->protocol, &ret->e) != AC_OK) {
		ret->protocol = NULL;
		return;
	}
	if (ac_str_is_set(d->id) && !ac_streq(ret->protocol->id, d->id)) {
		ac_fail_at(&ret->e, AC_EINPUT, "EDIT-ID", 1, 1, "/protocol/@id",
		    "this is the protocol %.*s: another id makes another protocol (aftercare protocol new)",
		    AC_FMT(d->id));
		ret->protocol = NULL;
		return;
	}
	ret->verdict = EDIT_FINE;
	ac_protocol_lint_here(d->c->w, ret->protocol, NULL, &ret->findings);
	for (size_t i = 0; i < ret->findings.n; i++)
		if (ret->findings.v[i].level == AC_LINT_ERROR)
			ret->verdict = EDIT_DOUBTFUL;
}

struct ac_str
cli_edit_remarked(
    const struct editing *d, struct ac_str text, const struct edit_looked *l, uint32_t *ret_line)
{
	struct ac_remark v[REMARKS_MAX];
	struct ac_arena *a = d->c->a;
	size_t n = 0;

	if (l->verdict == EDIT_WRONG)
		v[n++] = (struct ac_remark){ l->e.line == 0 ? 1 : l->e.line,
			ac_strf(a, "line %u: %s (%s)", l->e.line, l->e.msg, l->e.rule) };
	for (size_t i = 0; l->verdict == EDIT_DOUBTFUL && i < l->findings.n && n < REMARKS_MAX; i++) {
		const struct ac_finding *f = &l->findings.v[i];

		if (f->level == AC_LINT_ERROR)
			v[n++] = (struct ac_remark){ f->line,
				ac_strf(a, "%.*s (%s)", AC_FMT(f->message), f->rule) };
	}
	for (size_t i = 1; i < n; i++) /* by line; few */
		for (size_t k = i; k > 0 && v[k].line < v[k - 1].line; k--) {
			struct ac_remark x = v[k];

			v[k] = v[k - 1];
			v[k - 1] = x;
		}
	return ac_remarks_add(text, v, n, a, ret_line);
}

void
cli_edit_say_findings(const struct editing *d, const struct edit_looked *l)
{
	size_t n[3] = { 0 };

	if (l->verdict == EDIT_WRONG) {
		cli_fail(d->c, ac_cstr(d->c->a, d->id), &l->e);
		return;
	}
	for (size_t i = 0; i < l->findings.n; i++) {
		const struct ac_finding *f = &l->findings.v[i];

		n[f->level]++;
		if (f->level == AC_LINT_ERROR && !d->c->json)
			cli_wrap(stderr, cli_columns(stderr), 0, 2,
			    ac_strf(d->c->a, "%.*s:%u:%u: x error %.*s (%s)", AC_FMT(d->id), f->line, f->col,
				AC_FMT(cli_plain(d->c, f->message)), f->rule));
	}
	cli_say(d->c, "%zu error(s), %zu decision(s) open, %zu warning(s)", n[AC_LINT_ERROR],
	    n[AC_LINT_DECISION], n[AC_LINT_WARNING]);
}

void
cli_edit_say_changes(const struct editing *d, const struct ac_protocol *now)
{
	struct cli *c = d->c;
	const struct ac_protocol *before;
	struct ac_changes changes;
	struct ac_err e = { 0 };

	if (c->quiet || c->json)
		return;
	if (!ac_str_is_set(d->began) || ac_protocol_load(d->began, c->a, &before, &e) != AC_OK) {
		cli_say(c, "it has no loadable text to be compared with");
		return;
	}
	ac_protocol_diff(before, now, c->a, &changes);
	cli_wrap_lines(stderr, cli_columns(stderr),
	    ac_changes_words(&changes, c->colour && isatty(STDERR_FILENO), c->a));
	if (changes.n == 0)
		cli_say(c, "no change of meaning: comments or layout only");
}
