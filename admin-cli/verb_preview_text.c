/* verb_preview_text.c - a plan as text: what the patient is told, then what the clinic has to do. */
#include <stdio.h>

#include "admin-cli/preview.h"
#include "admin-cli/terminal.h"

struct text {
	const struct cli *c;
	const struct ac_plan *p;
	struct ac_str lang;
};

static struct ac_str
in_words(const struct text *t, struct ac_texts v)
{
	return cli_plain(t->c, ac_text_pick(v, t->lang, NULL));
}

static struct ac_str
time_of(const struct text *t, int64_t at)
{
	return at == AC_INSTANT_NONE ? AC_S("-")
				     : ac_time_words(t->c->a, t->p->in->zone, at, AC_TIME_SHORT, AC_S("en"));
}

static void
title(const struct text *t, const char *words, size_t n)
{
	if (n > 0)
		printf("\n%s%s%s\n", cli_paint(t->c, CLI_BOLD), words, cli_paint(t->c, CLI_PLAIN));
}

static struct ac_str
span_of(const struct text *t, int64_t from, int64_t until)
{
	struct ac_str span = until == AC_INSTANT_NONE
				 ? AC_S("no end")
				 : ac_strf(t->c->a, "until %.*s", AC_FMT(time_of(t, until)));

	if (from == AC_INSTANT_NONE)
		return span;
	return ac_strf(t->c->a, "from %.*s %.*s", AC_FMT(time_of(t, from)), AC_FMT(span));
}

/* What goes on below itself, under where it began. */
static void
below(const struct text *t, size_t at, struct ac_str words)
{
	cli_wrap(stdout, t->c->columns, at, at, words);
}

static void
row(const struct text *t, struct ac_str span, size_t width, struct ac_str words, struct ac_str id,
    const char *mark)
{
	below(t, (size_t)printf("  %-*.*s  ", (int)width, AC_FMT(span)),
	    ac_strf(t->c->a, "%.*s %s(%.*s)%s%s", AC_FMT(words), cli_paint(t->c, CLI_FAINT), AC_FMT(id), mark,
		cli_paint(t->c, CLI_PLAIN)));
}

static void
instructions(const struct text *t, enum ac_instruction_kind kind, const char *words)
{
	size_t n = 0, width = 0;

	for (size_t i = 0; i < t->p->nlines; i++) {
		struct ac_str span = span_of(t, t->p->lines[i].from, t->p->lines[i].until);
		if (t->p->lines[i].def->kind == kind && span.n > width)
			width = span.n;
	}
	for (size_t i = 0; i < t->p->nlines; i++) {
		const struct ac_plan_line *l = &t->p->lines[i];
		if (l->def->kind != kind)
			continue;
		title(t, words, n++ == 0);
		row(t, span_of(t, l->from, l->until), width, in_words(t, l->def->text), l->key,
		    l->assumed ? " assumed" : "");
	}
}

static void
rest_of_the_sheet(const struct text *t)
{
	const struct ac_plan *p = t->p;

	title(t, "Normal", p->nexpectations);
	for (size_t i = 0; i < p->nexpectations; i++)
		row(t, span_of(t, AC_INSTANT_NONE, p->expectations[i].until), 24,
		    in_words(t, p->expectations[i].def->text), p->expectations[i].def->l.id, "");
	title(t, "Red flags", p->nflags);
	for (size_t i = 0; i < p->nflags; i++)
		below(t, (size_t)printf("  %-26s ", ac_flag_level_word(p->flags[i].def->level)),
		    ac_strf(t->c->a, "%.*s %s(%.*s)%s", AC_FMT(in_words(t, p->flags[i].def->text)),
			cli_paint(t->c, CLI_FAINT), AC_FMT(p->flags[i].def->l.id), cli_paint(t->c, CLI_PLAIN)));
	title(t, "Goals", p->ngoals);
	for (size_t i = 0; i < p->ngoals; i++)
		below(t, (size_t)printf("  "), in_words(t, p->goals[i].def->text));
	if (p->series_next_from != AC_INSTANT_NONE)
		printf("\nnext session from %.*s%s%.*s\n", AC_FMT(time_of(t, p->series_next_from)),
		    p->series_next_until == AC_INSTANT_NONE ? "" : " until ",
		    AC_FMT(p->series_next_until == AC_INSTANT_NONE ? AC_S("") : time_of(t, p->series_next_until)));
}

static void
clinic_side(const struct text *t)
{
	const struct ac_plan *p = t->p;

	title(t, "Tasks", p->ntasks);
	for (size_t i = 0; i < p->ntasks; i++)
		below(t, (size_t)printf("  due %-22.*s ", AC_FMT(time_of(t, p->tasks[i].due))),
		    ac_strf(t->c->a, "%.*s, %.*s%s%s %s(%.*s)%s", AC_FMT(cli_plain(t->c, p->tasks[i].title)),
			AC_FMT(p->tasks[i].role), p->tasks[i].urgent ? ", urgent" : "",
			p->tasks[i].assumed ? ", assumed" : "", cli_paint(t->c, CLI_FAINT),
			AC_FMT(p->tasks[i].key), cli_paint(t->c, CLI_PLAIN)));
	title(t, "Not recorded", p->nmissing);
	for (size_t i = 0; i < p->nmissing; i++)
		printf("  %.*s%s\n", AC_FMT(p->missing[i].path),
		    p->missing[i].required ? ", required before the sheet is given out" : "");
	title(t, "Contradictions", p->ncontradictions);
	for (size_t i = 0; i < p->ncontradictions; i++)
		printf("  %.*s and %.*s\n", AC_FMT(p->contradictions[i].a->key),
		    AC_FMT(p->contradictions[i].b->key));
	title(t, "Warnings", p->nwarnings);
	for (size_t i = 0; i < p->nwarnings; i++)
		below(t, (size_t)printf("  %s: ", p->warnings[i].rule), cli_plain(t->c, p->warnings[i].text));
}

void
cli_plan_text(const struct cli *c, const struct ac_plan *p, struct ac_str lang)
{
	struct text t = { c, p, lang };

	for (size_t i = 0; i < p->in->nprotocols; i++)
		printf("%s%.*s%s, version %.*s\n", cli_paint(c, CLI_BOLD),
		    AC_FMT(in_words(&t, p->in->protocols[i].protocol->title)), cli_paint(c, CLI_PLAIN),
		    AC_FMT(ac_hex(c->a, p->in->protocols[i].protocol->version.b, 4)));
	cli_wrap(stdout, c->columns, 0, 2,
	    ac_strf(c->a, "treated %.*s (%.*s); a preview, nothing is stored%s",
		AC_FMT(ac_time_words(c->a, p->in->zone, p->anchor, AC_TIME_FULL, AC_S("en"))),
		AC_FMT(ac_zone_name(p->in->zone)), p->demonstration ? "; DEMONSTRATION, for no patient" : ""));
	instructions(&t, AC_RESTRICTION, "Not yet");
	instructions(&t, AC_WARNING, "Take care");
	instructions(&t, AC_CARE, "Do");
	instructions(&t, AC_INFORMATION, "Good to know");
	rest_of_the_sheet(&t);
	clinic_side(&t);
}
