/*
 * protocol_lint_carried.c - signatures that were given for something else: a line or a translation that differs from the
 * version in force, and still names who signed that version, on the same day.
 *
 * Rules   a line's signature covers what the meaning diff compares of it, but for translations, which have their own, and
 *         for its place among other lines. A translation's covers its words and the text that it is of. Lines are paired by
 *         id, renamed ones as the diff pairs them.
 */
#include "core/protocol_diff.h"
#include "core/protocol_lint.h"

struct text { /* a translation, and whose it is */
	struct ac_str owner; /* a line's id, a fact's name; absent: the protocol's */
	bool is_fact;
	const struct ac_text *t;
};
struct content {
	const struct ac_protocol *p;
	struct ac_arena *a;
	AC_VEC(const struct ac_line *) lines;
	AC_VEC(struct text) texts;
};

static void
add_texts(struct content *c, struct ac_str owner, bool is_fact, struct ac_texts t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].state != AC_TEXT_SOURCE && t.v[i].signed_by.n > 0)
			AC_PUSH(c->a, &c->texts, ((struct text){ owner, is_fact, &t.v[i] }));
}

static void
add_line(struct content *c, const struct ac_line *l, struct ac_texts label, struct ac_texts text)
{
	AC_PUSH(c->a, &c->lines, l);
	add_texts(c, l->id, false, label);
	add_texts(c, l->id, false, text);
}

static void
add_instruction(struct content *c, const struct ac_instruction *x)
{
	add_line(c, &x->l, x->label, x->text);
	for (size_t i = 0; i < x->nexcept; i++)
		add_texts(c, x->l.id, false, x->except[i].text);
	for (size_t i = 0; i < x->nwhy; i++)
		add_texts(c, x->l.id, false, x->why[i].text);
}

static void
add_values(struct content *c, struct ac_str owner, bool is_fact, const struct ac_fact_value *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_texts(c, owner, is_fact, v[i].label);
}

static void
add_check_in(struct content *c, const struct ac_check_in *x)
{
	struct ac_texts none = { 0 };

	add_line(c, &x->l, none, none);
	for (size_t i = 0; i < x->nquestions; i++) {
		add_texts(c, x->l.id, false, x->questions[i].text);
		add_values(c, x->l.id, false, x->questions[i].values, x->questions[i].nvalues);
	}
}

static struct content
read_content(const struct ac_protocol *p, struct ac_arena *a)
{
	struct content c = { .p = p, .a = a };
	struct ac_texts none = { 0 };

	add_texts(&c, (struct ac_str){ 0 }, false, p->title);
	for (size_t i = 0; i < p->nfacts; i++) {
		add_texts(&c, p->facts[i].name, true, p->facts[i].label);
		add_values(&c, p->facts[i].name, true, p->facts[i].values, p->facts[i].nvalues);
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
same_signature(struct ac_str by, struct ac_str on, struct ac_str former_by, struct ac_str former_on)
{
	return by.n > 0 && ac_streq(by, former_by) && ac_streq(on, former_on);
}

/* As it was called in the version in force. */
static struct ac_str
former_id(const struct ac_changes *changes, struct ac_str id)
{
	for (size_t i = 0; i < changes->n; i++)
		if (changes->v[i].kind == AC_CHANGE_RENAMED && ac_streq(changes->v[i].id, id))
			return changes->v[i].former_id;
	return id;
}

static bool
is_changed(const struct ac_changes *changes, const struct ac_line *l)
{
	for (size_t i = 0; i < changes->n; i++)
		if (!changes->v[i].beside && changes->v[i].after_at == l->line && ac_streq(changes->v[i].id, l->id))
			return true;
	return false;
}

static void
lint_lines(struct ac_lint *l, const struct ac_changes *changes, const struct content *now, const struct content *then)
{
	for (size_t i = 0; i < now->lines.n; i++) {
		const struct ac_line *x = now->lines.v[i];
		if (x->signed_by.n == 0 || !is_changed(changes, x))
			continue;
		struct ac_str id = former_id(changes, x->id);
		for (size_t k = 0; k < then->lines.n; k++) {
			const struct ac_line *was = then->lines.v[k];
			if (!ac_streq(was->id, id) ||
			    !same_signature(x->signed_by, x->signed_on, was->signed_by, was->signed_on))
				continue;
			ac_lint_add(l, AC_RULE_CARRIED, ac_lint_at(x),
			    "%.*s signed it on %.*s, when it said something else: it is signed again",
			    AC_FMT(x->signed_by), AC_FMT(x->signed_on));
			break;
		}
	}
}

static bool
same_words(const struct ac_text *x, const struct ac_text *y)
{
	return ac_streq(x->text, y->text) && ac_streq(x->of, y->of);
}

/* Somebody's signature on another translation of this owner stood in force, and none on this one. */
static bool
is_carried(const struct content *then, const struct text *x, struct ac_str owner)
{
	bool found = false;

	for (size_t i = 0; i < then->texts.n; i++) {
		const struct text *was = &then->texts.v[i];
		if (was->is_fact != x->is_fact || !ac_streq(was->owner, owner) ||
		    ac_str_is_set(was->owner) != ac_str_is_set(owner) || !ac_streq(was->t->lang, x->t->lang) ||
		    !same_signature(x->t->signed_by, x->t->signed_on, was->t->signed_by, was->t->signed_on))
			continue;
		if (same_words(x->t, was->t))
			return false;
		found = true;
	}
	return found;
}

static void
lint_texts(struct ac_lint *l, const struct ac_changes *changes, const struct content *now, const struct content *then)
{
	for (size_t i = 0; i < now->texts.n; i++) {
		const struct text *x = &now->texts.v[i];
		struct ac_str owner = x->is_fact ? x->owner : former_id(changes, x->owner);
		if (x->t->state != AC_TEXT_CURRENT || !is_carried(then, x, owner)) /* a stale one is translated first */
			continue;
		ac_lint_add(l, AC_RULE_CARRIED, (struct ac_lint_place){ x->t->line, x->t->col, x->owner },
		    "%.*s signed this translation on %.*s, when it said something else: it is signed again",
		    AC_FMT(x->t->signed_by), AC_FMT(x->t->signed_on));
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
	lint_texts(l, &changes, &now, &then);
}
