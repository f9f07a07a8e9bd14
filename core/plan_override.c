/*
 * plan_override.c - what a clinician decided for this visit, put into the plan's lines.
 *
 * Rules   windows, words and omissions change the merged line, which is what the clinician saw; they find it by its id,
 *         whoever of the merged it is, else by kind and concept. What finds no line is kept and said. Added lines stand
 *         beside what is left, as if one more protocol asked for them: the same concept stands once.
 */
#include "core/plan_parts.h"

const char *
ac_override_state_word(enum ac_override_state s)
{
	static const char *const words[] = { "holds", "line-gone", "replaced", "undone" };

	return words[s];
}

size_t
ac_plan_overrides_held(const struct ac_plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->noverrides; i++)
		n += p->overrides[i].state == AC_OVERRIDE_HOLDS || p->overrides[i].state == AC_OVERRIDE_LINE_GONE;
	return n;
}

#define AC_OVERRIDE_BASE_DIGITS 16

struct ac_str
ac_override_base(struct ac_arena *a, const struct ac_instruction *def)
{
	const struct ac_text *source = ac_text_source(def->text);
	struct ac_str all = source == NULL ? AC_S("") : source->text;

	for (size_t i = 0; i < def->nwindows; i++)
		all = ac_strf(a, "%.*s | %.*s - %.*s", AC_FMT(all), AC_FMT(ac_offset_str(a, def->windows[i].from)),
		    AC_FMT(ac_offset_str(a, def->windows[i].until)));
	struct ac_str hash = ac_text_of(a, all);

	return (struct ac_str){ hash.p, AC_OVERRIDE_BASE_DIGITS }; /* stored acts have so many */
}

/* What the patient reads; the second text, where there is one, is its English. */
static struct ac_texts
texts_of(struct ac_arena *a, const struct ac_override *o)
{
	struct ac_text *v = ac_new(a, struct ac_text, 2);
	struct ac_texts t = { v, 1 };

	v[0] = (struct ac_text){ .lang = o->lang, .text = o->text, .state = AC_TEXT_SOURCE };
	if (ac_str_is_set(o->english)) {
		v[1] = (struct ac_text){ .lang = AC_S("en"), .text = o->english, .state = AC_TEXT_CURRENT };
		t.n = 2;
	}
	return t;
}

static const struct ac_protocol *
stand_in(struct ac_plan_work *w)
{
	static const struct ac_text title = { .lang = { "en", 2 }, .text = { "Decided for this visit", 22 } };
	struct ac_protocol *p;

	if (w->overridden != NULL)
		return w->overridden;
	p = ac_new(w->a, struct ac_protocol, 1);
	p->id = AC_S(AC_OVERRIDE_PROTOCOL);
	p->lang = AC_S("en");
	p->title.v = ac_new(w->a, struct ac_text, 1);
	p->title.v[0] = title;
	p->title.n = 1;
	w->overridden = p;
	return p;
}

/* The strictest over the treatments that the line is of. */
static void
set_window(struct ac_plan_work *w, const struct ac_override *o, struct ac_raw_line *l)
{
	bool ban = ac_kind_is_ban(l->def->kind), first = true;
	struct ac_bound from = { .offset = o->from }, until = { .offset = o->until };

	for (size_t i = 0; i < w->p->ntreatments; i++) {
		const struct ac_treatment *t = &w->p->treatments[i];
		int64_t f = ac_plan_at(w->in->zone, t->anchor, o->from, ban ? AC_FOLD_EARLIER : AC_FOLD_LATER);
		int64_t u = ac_plan_at(w->in->zone, t->anchor, o->until, AC_FOLD_LATER);

		if (l->protocol != w->overridden && t->protocol != l->protocol)
			continue;
		if (first || (ban ? f < from.t : f > from.t))
			from.t = f;
		if (first || ac_end_or_never(u) > ac_end_or_never(until.t)) {
			until.t = u;
			l->treatment = t;
		}
		first = false;
	}
	l->from = from;
	l->until = until;
	l->own_from = from.t;
	l->own_until = until.t;
	l->own_assumed = false;
}

size_t
ac_override_added(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw)
{
	for (size_t i = 0; i < w->in->overrides.n; i++) {
		const struct ac_override *o = &w->in->overrides.v[i];
		struct ac_instruction *def;
		struct ac_str id;

		if (o->act != AC_OVERRIDE_ADD || !ac_override_holds(w->in->overrides, o))
			continue;
		def = ac_new(w->a, struct ac_instruction, 1);
		id = ac_cut(o->line, '/', &(struct ac_str){ 0 });
		def->l.id = id;
		def->kind = o->kind;
		def->concept = o->concept;
		def->text = texts_of(w->a, o);
		raw[nraw] = (struct ac_raw_line){ .def = def,
			.protocol = stand_in(w),
			.treatment = &w->p->treatments[0],
			.order = SIZE_MAX - w->in->overrides.n + i, /* behind all lines of protocols */
			.added_by = o };
		set_window(w, o, &raw[nraw]);
		nraw++;
	}
	return nraw;
}

static bool
is_key(const struct ac_protocol *p, const struct ac_instruction *def, struct ac_str key)
{
	struct ac_str first, rest = ac_cut(key, '/', &first);

	return ac_streq(p->id, first) && ac_streq(def->l.id, rest);
}

static bool
has_key(const struct ac_plan_work *w, const struct ac_raw_line *l, struct ac_str key)
{
	if (is_key(l->protocol, l->def, key))
		return true;
	for (size_t i = 0; i < l->nmerged; i++)
		for (size_t k = 0; k < w->nprotocols; k++) {
			const struct ac_protocol *p = w->protocols[k];
			for (size_t m = 0; m < p->ninstructions; m++)
				if (&p->instructions[m] == l->merged[i] && is_key(p, l->merged[i], key))
					return true;
		}
	return false;
}

static struct ac_raw_line *
find(const struct ac_plan_work *w, const struct ac_override *o, struct ac_raw_line *raw, size_t nraw)
{
	for (size_t i = 0; i < nraw; i++)
		if (has_key(w, &raw[i], o->line))
			return &raw[i];
	for (size_t i = 0; i < nraw && ac_str_is_set(o->concept); i++)
		if (raw[i].added_by == NULL && raw[i].def->kind == o->kind &&
		    ac_streq(raw[i].def->concept, o->concept))
			return &raw[i];
	return NULL;
}

static const struct ac_instruction *
original_of(const struct ac_raw_line *l)
{
	return l->original != NULL ? l->original : l->def;
}

static void
reword(struct ac_plan_work *w, const struct ac_override *o, struct ac_raw_line *l)
{
	struct ac_instruction *def = ac_new(w->a, struct ac_instruction, 1);

	l->original = original_of(l);
	*def = *l->original;
	def->text = texts_of(w->a, o);
	def->label = (struct ac_texts){ 0 }; /* one wording, wherever it is shown */
	def->l.signed_by = def->l.signed_on = (struct ac_str){ 0 };
	l->def = def;
	l->text_by = o;
}

static void
change_window(struct ac_plan_work *w, const struct ac_override *o, struct ac_raw_line *l)
{
	l->window_by = o;
	if (l->kept_from > o->at_ms / 1000) /* the sheet is newer: it holds */
		return;
	l->kept_from = l->would_end = 0;
	l->original_from = l->from;
	l->original_until = l->until;
	set_window(w, o, l);
}

static void
tell(struct ac_plan_work *w, const struct ac_plan_override *x)
{
	if (x->state == AC_OVERRIDE_LINE_GONE)
		ac_plan_warn(w, "OVERRIDE-LINE-GONE",
		    "Override %lld (%s): its line %.*s is not in the plan now. It is kept, and holds when the line is "
		    "there again.",
		    (long long)x->o->n, ac_override_act_word(x->o->act), AC_FMT(x->o->line));
	else if (x->moved)
		ac_plan_warn(w, "OVERRIDE-MOVED",
		    "Override %lld (%s): the protocol's line %.*s says something else now than when it was overridden. "
		    "Look again.",
		    (long long)x->o->n, ac_override_act_word(x->o->act), AC_FMT(x->o->line));
}

/* One act on the merged lines; an omitted line goes. */
static size_t
apply(struct ac_plan_work *w, struct ac_plan_override *x, struct ac_raw_line *raw, size_t nraw)
{
	struct ac_raw_line *l = find(w, x->o, raw, nraw);

	if (l == NULL) {
		x->state = AC_OVERRIDE_LINE_GONE;
		return nraw;
	}
	x->moved = ac_str_is_set(x->o->base) && !ac_streq(x->o->base, ac_override_base(w->a, original_of(l)));
	if (x->o->act == AC_OVERRIDE_REWORD) {
		reword(w, x->o, l);
	} else if (x->o->act == AC_OVERRIDE_WINDOW) {
		change_window(w, x->o, l);
	} else if (x->o->act == AC_OVERRIDE_OMIT) {
		w->p->omitted[w->p->nomitted++] =
		    (struct ac_plan_omitted){ ac_line_finished(l, w->a), x->o };
		size_t behind = nraw - (size_t)(l - raw) - 1;
		for (size_t i = 0; i < behind; i++)
			l[i] = l[i + 1];
		nraw--;
	}
	return nraw;
}

size_t
ac_override_apply(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw)
{
	static const enum ac_override_act order[] = { AC_OVERRIDE_ADD, AC_OVERRIDE_REWORD, AC_OVERRIDE_WINDOW,
		AC_OVERRIDE_OMIT };
	struct ac_overrides all = w->in->overrides;
	struct ac_plan *p = w->p;

	if (all.n == 0)
		return nraw;
	p->omitted = ac_new(w->a, struct ac_plan_omitted, all.n);
	p->overrides = ac_new(w->a, struct ac_plan_override, all.n);
	for (size_t i = 0; i < all.n; i++) {
		const struct ac_override *o = &all.v[i];
		if (o->act == AC_OVERRIDE_UNDO)
			continue;
		struct ac_plan_override x = { .o = o, .undone_by = ac_override_undone_by(all, o) };
		x.state = x.undone_by != NULL             ? AC_OVERRIDE_UNDONE
			  : !ac_override_holds(all, o) ? AC_OVERRIDE_REPLACED
							: AC_OVERRIDE_HOLDS;
		p->overrides[p->noverrides++] = x;
	}
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < p->noverrides; i++) {
			struct ac_plan_override *x = &p->overrides[i];
			if (x->o->act != order[k] || x->state != AC_OVERRIDE_HOLDS)
				continue;
			if (x->o->act != AC_OVERRIDE_ADD)
				nraw = apply(w, x, raw, nraw);
			tell(w, x);
		}
	return nraw;
}
