/* protocol_diff_print.c - a list of changes for people and for programs. */
#include "base/utf8.h"
#include "core/protocol_diff.h"

#define BOLD_RED "\033[1;31m"
#define BOLD_CYAN "\033[1;36m"
#define GREEN "\033[32m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define BOLD "\033[1m"
#define RESET "\033[0m"
#define SHORT 48 /* bytes of before and after that fit beside each other */

struct out {
	struct ac_buf b;
	bool colour;
};

/* A text moves no terminal: what does, or turns it around, is shown as '?'. */
static void
plain(struct out *o, struct ac_str s)
{
	size_t at = 0, from;

	while (from = at, at < s.n) {
		if (!ac_utf8_is_plain(ac_utf8_next(s, &at)))
			ac_buf_addc(&o->b, '?');
		else
			ac_buf_add(&o->b, (struct ac_str){ s.p + from, at - from });
	}
}

static void
paint(struct out *o, const char *colour, struct ac_str s)
{
	if (o->colour)
		ac_buf_addz(&o->b, colour);
	plain(o, s);
	if (o->colour)
		ac_buf_addz(&o->b, RESET);
}

/* One sign tells a reader without colours the same. */
static void
sign(struct out *o, const struct ac_change *c)
{
	bool is_line = c->part.n == 0;

	if (is_line && c->kind == AC_CHANGE_NEW)
		paint(o, GREEN, AC_S("+ "));
	else if (is_line && c->kind == AC_CHANGE_GONE)
		paint(o, RED, AC_S("- "));
	else
		paint(o, YELLOW, AC_S("~ "));
}

static void
strength(struct out *o, const struct ac_change *c)
{
	if (c->strength == AC_STRENGTH_NONE)
		return;
	ac_buf_addz(&o->b, ", ");
	paint(o, c->strength == AC_STRENGTH_WEAKER ? BOLD_RED : BOLD_CYAN,
	    c->strength == AC_STRENGTH_WEAKER ? AC_S("WEAKER") : AC_S("STRONGER"));
}

/* "48 h → 24 h" says what happened; of the others the word. */
static bool
is_word_needed(const struct ac_change *c)
{
	return c->kind != AC_CHANGE_STRONGER && c->kind != AC_CHANGE_WEAKER && c->kind != AC_CHANGE_CHANGED;
}

static void
texts_below(struct out *o, const struct ac_change *c)
{
	if (ac_str_is_set(c->before)) {
		ac_buf_addz(&o->b, "\n    ");
		paint(o, RED, AC_S("- "));
		paint(o, RED, c->before);
	}
	if (ac_str_is_set(c->after)) {
		ac_buf_addz(&o->b, "\n    ");
		paint(o, GREEN, AC_S("+ "));
		paint(o, GREEN, c->after);
	}
}

static void
one(struct out *o, const struct ac_change *c)
{
	bool both = ac_str_is_set(c->before) && ac_str_is_set(c->after),
	     beside = both && c->before.n <= SHORT && c->after.n <= SHORT && c->kind != AC_CHANGE_REWORDED,
	     shown = beside || c->kind == AC_CHANGE_RENAMED;

	sign(o, c);
	paint(o, BOLD, c->id);
	ac_buf_addf(&o->b, " (%s%s)", c->line, c->visible ? ", on the sheet" : "");
	ac_buf_addz(&o->b, c->part.n > 0 ? ": " : ":");
	plain(o, c->part);
	if (is_word_needed(c))
		ac_buf_addf(&o->b, " %s", ac_change_kind_word(c->kind));
	else if (!beside)
		ac_buf_addz(&o->b, " changed");
	if (c->kind == AC_CHANGE_RENAMED) {
		ac_buf_addf(&o->b, " from %.*s", AC_FMT(c->former_id));
	} else if (beside) {
		ac_buf_addz(&o->b, is_word_needed(c) ? ": " : " ");
		plain(o, c->before);
		ac_buf_addz(&o->b, " → ");
		plain(o, c->after);
	}
	strength(o, c);
	if (!shown)
		texts_below(o, c);
	if (c->note.n > 0)
		ac_buf_addf(&o->b, "\n    (%.*s)", AC_FMT(c->note));
	ac_buf_addc(&o->b, '\n');
}

static bool
is_translation(const struct ac_change *c)
{
	return ac_str_ends(c->part, AC_S(" signed"));
}

static bool
is_signature(const struct ac_change *c)
{
	return ac_streq_c(c->part, "signed") || is_translation(c);
}

static bool
is_alike(const struct ac_change *a, const struct ac_change *b)
{
	return is_signature(a) && is_signature(b) && is_translation(a) == is_translation(b) &&
	       ac_streq(a->before, b->before) && ac_streq(a->after, b->after);
}

/* Signatures come after what they are for, those that changed alike on one line: there may be several a line of the file. */
static void
signatures(struct out *o, const struct ac_changes *c, size_t first)
{
	const struct ac_change *x = &c->v[first];
	struct ac_str last = { 0 };

	for (size_t i = 0; i < first; i++)
		if (is_alike(&c->v[i], x))
			return; /* said with that one */
	paint(o, YELLOW, AC_S("~ "));
	ac_buf_addz(&o->b, is_translation(x) ? "translations signed " : "signed ");
	plain(o, ac_str_is_set(x->before) ? x->before : AC_S("by nobody"));
	ac_buf_addz(&o->b, " → ");
	plain(o, ac_str_is_set(x->after) ? x->after : AC_S("by nobody"));
	for (size_t i = first; i < c->n; i++) {
		if (!is_alike(&c->v[i], x) || (ac_str_is_set(last) && ac_streq(last, c->v[i].id)))
			continue;
		ac_buf_addz(&o->b, ac_str_is_set(last) ? ", " : ": ");
		paint(o, BOLD, c->v[i].id);
		last = c->v[i].id;
	}
	ac_buf_addc(&o->b, '\n');
}

struct ac_str
ac_changes_words(const struct ac_changes *c, bool colour, struct ac_arena *a)
{
	struct out o = { .colour = colour };

	ac_buf_init(&o.b, a, 4096, 0);
	for (size_t i = 0; i < c->n; i++)
		if (!is_signature(&c->v[i]))
			one(&o, &c->v[i]);
	for (size_t i = 0; i < c->n; i++)
		if (is_signature(&c->v[i]))
			signatures(&o, c, i);
	if (c->n == 0)
		ac_buf_addz(&o.b, "no change of meaning\n");
	else
		ac_buf_addf(&o.b, "%zu change(s): %zu weaker, %zu stronger; %zu on the patient's sheet\n",
		    c->n, c->nweaker, c->nstronger, c->nvisible);
	return ac_buf_str(&o.b);
}

static void
change_json(const struct ac_change *c, struct ac_jw *w)
{
	ac_jw_obj(w);
	ac_jw_kstr(w, "kind", ac_str_c(ac_change_kind_word(c->kind)));
	ac_jw_kstr(w, "strength", ac_str_c(ac_strength_word(c->strength)));
	ac_jw_kstr(w, "line", ac_str_c(c->line));
	ac_jw_kstr(w, "id", c->id);
	ac_jw_kstr(w, "former_id", c->former_id);
	if (c->part.n > 0)
		ac_jw_kstr(w, "part", c->part);
	ac_jw_kstr(w, "before", c->before);
	ac_jw_kstr(w, "after", c->after);
	if (c->note.n > 0)
		ac_jw_kstr(w, "note", c->note);
	ac_jw_kbool(w, "on_sheet", c->visible);
	if (c->before_at > 0)
		ac_jw_kint(w, "before_line", c->before_at);
	if (c->after_at > 0)
		ac_jw_kint(w, "after_line", c->after_at);
	ac_jw_end_obj(w);
}

void
ac_changes_json(const struct ac_changes *c, struct ac_jw *w)
{
	ac_jw_key(w, "changes");
	ac_jw_arr(w);
	for (size_t i = 0; i < c->n; i++)
		change_json(&c->v[i], w);
	ac_jw_end_arr(w);
	ac_jw_key(w, "summary");
	ac_jw_obj(w);
	ac_jw_kint(w, "changes", (int64_t)c->n);
	ac_jw_kint(w, "weaker", (int64_t)c->nweaker);
	ac_jw_kint(w, "stronger", (int64_t)c->nstronger);
	ac_jw_kint(w, "on_sheet", (int64_t)c->nvisible);
	ac_jw_end_obj(w);
}
