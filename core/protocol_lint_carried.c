/*
 * protocol_lint_carried.c - signatures that were given for something else: a line or a translation that the version in
 * force does not have, under a signature that it has.
 *
 * Rules   a signature is a name and a moment: one that stands anywhere in the version in force was given for that version,
 *         so it signs nothing that is not in it, under whatever id. Whoever signs more on the same day adds the time.
 *         A line's signature covers what the meaning diff compares of it, but for translations, which have their own, and
 *         for its place among other lines and its id, where the diff is sure of it (RENAMED). A translation's covers its
 *         words and the text that it is of.
 */
#include "core/protocol_diff.h"
#include "core/protocol_lint.h"

struct text { /* a signed translation, and whose it is */
	struct ac_str owner; /* a line's id, a fact's name; absent: the protocol's */
	const struct ac_text *t;
};
struct content {
	const struct ac_protocol *p;
	struct ac_arena *a;
	AC_VEC(const struct ac_line *) lines;
	AC_VEC(struct text) texts;
};

static void
add_texts(struct content *c, struct ac_str owner, struct ac_texts t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].state != AC_TEXT_SOURCE && t.v[i].signed_by.n > 0)
			AC_PUSH(c->a, &c->texts, ((struct text){ owner, &t.v[i] }));
}

static void
add_line(struct content *c, const struct ac_line *l, struct ac_texts label, struct ac_texts text)
{
	AC_PUSH(c->a, &c->lines, l);
	add_texts(c, l->id, label);
	add_texts(c, l->id, text);
}

static void
add_instruction(struct content *c, const struct ac_instruction *x)
{
	add_line(c, &x->l, x->label, x->text);
	for (size_t i = 0; i < x->nexcept; i++)
		add_texts(c, x->l.id, x->except[i].text);
	for (size_t i = 0; i < x->nwhy; i++)
		add_texts(c, x->l.id, x->why[i].text);
}

static void
add_values(struct content *c, struct ac_str owner, const struct ac_fact_value *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_texts(c, owner, v[i].label);
}

static void
add_check_in(struct content *c, const struct ac_check_in *x)
{
	struct ac_texts none = { 0 };

	add_line(c, &x->l, none, none);
	for (size_t i = 0; i < x->nquestions; i++) {
		add_texts(c, x->l.id, x->questions[i].text);
		add_values(c, x->l.id, x->questions[i].values, x->questions[i].nvalues);
	}
}

static struct content
read_content(const struct ac_protocol *p, struct ac_arena *a)
{
	struct content c = { .p = p, .a = a };
	struct ac_texts none = { 0 };

	add_texts(&c, (struct ac_str){ 0 }, p->title);
	for (size_t i = 0; i < p->nfacts; i++) {
		add_texts(&c, p->facts[i].name, p->facts[i].label);
		add_values(&c, p->facts[i].name, p->facts[i].values, p->facts[i].nvalues);
	}
	for (size_t i = 0; i < p->ngoals; i++)
		add_line(&c, &p->goals[i].l, none, p->goals[i].text);
	for (size_t i = 0; i < p->ninstructions; i++)
		add_instruction(&c, &p->instructions[i]);
	for (size_t i = 0; i < p->nexpectations; i++)
		add_line(&c, &p->expectations[i].l, none, p->expectations[i].text);
	for (size_t i = 0; i < p->nred_flags; i++)
		add_line(&c, &p->red_flags[i].l, none, p->red_flags[i].text);
	for (size_t i = 0; i < p->ntasks; i++)
		add_line(&c, &p->tasks[i].l, p->tasks[i].label, p->tasks[i].text);
	for (size_t i = 0; i < p->ncheck_ins; i++)
		add_check_in(&c, &p->check_ins[i]);
	if (p->series != NULL)
		add_line(&c, &p->series->l, none, p->series->text);
	return c;
}

static bool
is_changed(const struct ac_changes *changes, const struct ac_line *l)
{
	for (size_t i = 0; i < changes->n; i++)
		if (!changes->v[i].beside && changes->v[i].after_at == l->line && ac_streq(changes->v[i].id, l->id))
			return true;
	return false;
}

/* Anywhere in the version in force: on the line as it was, on another line, on one that is gone since, on a translation. */
static bool
stands_signed(const struct content *then, struct ac_str by, struct ac_str on)
{
	for (size_t i = 0; i < then->lines.n; i++)
		if (ac_streq(then->lines.v[i]->signed_by, by) && ac_streq(then->lines.v[i]->signed_on, on))
			return true;
	for (size_t i = 0; i < then->texts.n; i++)
		if (ac_streq(then->texts.v[i].t->signed_by, by) && ac_streq(then->texts.v[i].t->signed_on, on))
			return true;
	return false;
}

static void
lint_lines(struct ac_lint *l, const struct ac_changes *changes, const struct content *now, const struct content *then)
{
	for (size_t i = 0; i < now->lines.n; i++) {
		const struct ac_line *x = now->lines.v[i];
		if (x->signed_by.n > 0 && is_changed(changes, x) && stands_signed(then, x->signed_by, x->signed_on))
			ac_lint_add(l, AC_RULE_CARRIED, ac_lint_at(x),
			    "%.*s signed the version in force on %.*s, and this is not in it: it is signed again", AC_FMT(x->signed_by),
			    AC_FMT(x->signed_on));
	}
}

/* The same person signed the same words for the same text: wherever it stood. */
static bool
stood_signed(const struct content *then, const struct ac_text *x)
{
	for (size_t i = 0; i < then->texts.n; i++) {
		const struct ac_text *was = then->texts.v[i].t;
		if (ac_streq(was->lang, x->lang) && ac_streq(was->signed_by, x->signed_by) &&
		    ac_streq(was->signed_on, x->signed_on) && ac_streq(was->text, x->text) && ac_text_is_of(was->of, x->of))
			return true;
	}
	return false;
}

static void
lint_texts(struct ac_lint *l, const struct content *now, const struct content *then)
{
	for (size_t i = 0; i < now->texts.n; i++) {
		const struct ac_text *t = now->texts.v[i].t;
		if (t->state == AC_TEXT_CURRENT /* a stale one is translated first */ &&
		    stands_signed(then, t->signed_by, t->signed_on) && !stood_signed(then, t))
			ac_lint_add(l, AC_RULE_CARRIED, (struct ac_lint_place){ t->line, t->col, now->texts.v[i].owner },
			    "%.*s signed the version in force on %.*s, and this translation is not in it: it is signed again",
			    AC_FMT(t->signed_by), AC_FMT(t->signed_on));
	}
}

void
ac_lint_carried(struct ac_lint *l)
{
	const struct ac_protocol *base = l->beside->base;
	struct ac_changes changes;

	if (base == NULL || ac_sha256_eq(&base->version, &l->p->version))
		return;
	struct content now = read_content(l->p, l->a), then = read_content(base, l->a);
	ac_protocol_diff(base, l->p, l->a, &changes);
	lint_lines(l, &changes, &now, &then);
	lint_texts(l, &now, &then);
}
