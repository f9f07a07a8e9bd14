/* protocol_diff_head.c - what is no line of the plan: title, owner, triggers, facts, notes. */
#include "core/protocol_diff_parts.h"
#include "core/protocol_schema.h"

void
pd_head(struct pd *d)
{
	const struct ac_protocol *b = d->before, *n = d->after;
	struct pd_line l = { .line = "protocol", .id = n->id, .before_at = 1, .after_at = 1 };

	if (!ac_streq(b->id, n->id)) {
		struct ac_change *c = pd_add(d, &l, AC_CHANGE_RENAMED, (struct ac_str){ 0 });
		c->former_id = b->id;
		c->note = AC_S("another protocol: plans made from one do not follow the other");
	}
	pd_value(d, &l, "language", b->lang, n->lang, AC_STRENGTH_NONE);
	pd_value(d, &l, "owner", b->owner, n->owner, AC_STRENGTH_NONE);
	pd_value(d, &l, "based on", b->based_on, n->based_on, AC_STRENGTH_NONE);
	pd_value(d, &l, "based on version", b->based_on_version, n->based_on_version, AC_STRENGTH_NONE);
	l.visible = true;
	pd_yes(d, &l, "demonstration", b->demonstration, n->demonstration, AC_STRENGTH_NONE);
	pd_texts(d, &l, "title", b->title, n->title);
}

static struct ac_str
trigger_key(const void *item, struct ac_arena *a)
{
	static const char *const words[] = {
		[AC_TRIGGER_CATEGORY] = "category", [AC_TRIGGER_PRODUCT] = "product"
	};
	const struct ac_trigger *t = item;

	if (t->kind == AC_TRIGGER_CODE)
		return ac_strf(a, "%.*s %.*s", AC_FMT(t->system), AC_FMT(t->code));
	return ac_strf(a, "%s %.*s", words[t->kind], AC_FMT(t->code));
}

/* Their order means nothing: one that fits is enough. */
void
pd_triggers(struct pd *d)
{
	const struct ac_trigger *tb = d->before->triggers, *ta = d->after->triggers;
	struct pd_list list = { tb, ta, d->before->ntriggers, d->after->ntriggers, sizeof(*ta), trigger_key };
	struct pd_pairs p = pd_match(d, &list);

	for (size_t n = 0; n < p.nafter; n++) {
		const struct ac_trigger *b = p.of_after[n] < 0 ? NULL : &tb[p.of_after[n]];
		struct pd_line l = { .line = "trigger",
			.id = trigger_key(&ta[n], d->a),
			.before_at = b == NULL ? 0 : b->line,
			.after_at = ta[n].line };
		if (b != NULL)
			pd_when(d, &l, "when", b->when, ta[n].when, AC_STRENGTH_NONE);
		else
			pd_add(d, &l, AC_CHANGE_NEW, (struct ac_str){ 0 })->after = pd_when_words(ta[n].when);
	}
	for (size_t i = 0; i < p.nbefore; i++) {
		struct pd_line l = {
			.line = "trigger", .id = trigger_key(&tb[i], d->a), .before_at = tb[i].line
		};
		if (p.of_before[i] < 0)
			pd_add(d, &l, AC_CHANGE_GONE, (struct ac_str){ 0 })->before =
			    pd_when_words(tb[i].when);
	}
}

static struct ac_str
fact_key(const void *item, struct ac_arena *a)
{
	(void)a;
	return ((const struct ac_fact_def *)item)->name;
}

static struct ac_str
value_key(const void *item, struct ac_arena *a)
{
	(void)a;
	return ((const struct ac_fact_value *)item)->code;
}

void
pd_values(struct pd *d, const struct pd_line *l, const struct ac_fact_value *b, size_t nb,
    const struct ac_fact_value *n, size_t nn)
{
	struct pd_list list = { b, n, nb, nn, sizeof(*n), value_key };
	struct pd_pairs p = pd_match(d, &list);
	bool moved = false;

	pd_find_moved(d, &p);
	for (size_t i = 0; i < p.nafter; i++) {
		struct ac_str code = n[i].code;
		moved |= p.moved[i];
		if (p.of_after[i] < 0)
			pd_add(d, l, AC_CHANGE_NEW, AC_S("value"))->after = code;
		else
			pd_texts(d, l, ac_cstr(d->a, ac_strf(d->a, "label of %.*s", AC_FMT(code))),
			    b[p.of_after[i]].label, n[i].label);
	}
	for (size_t i = 0; i < p.nbefore; i++)
		if (p.of_before[i] < 0)
			pd_add(d, l, AC_CHANGE_GONE, AC_S("value"))->before = b[i].code;
	if (moved)
		pd_add(d, l, AC_CHANGE_MOVED, AC_S("values"));
}

static void
fact(struct pd *d, const struct ac_fact_def *b, const struct ac_fact_def *n, bool moved)
{
	struct pd_line l = { "fact", n->name, b->line, n->line, true, AC_STRENGTH_NONE };

	pd_value(d, &l, "type", ac_str_c(px_fact_types[b->type]), ac_str_c(px_fact_types[n->type]),
	    AC_STRENGTH_NONE);
	pd_yes(d, &l, "many", b->many, n->many, AC_STRENGTH_NONE);
	pd_texts(d, &l, "label", b->label, n->label);
	pd_values(d, &l, b->values, b->nvalues, n->values, n->nvalues);
	l.visible = false; /* from here on it is between the clinic and its panel */
	pd_yes(d, &l, "required", b->required, n->required, AC_STRENGTH_STRONGER);
	pd_yes(d, &l, "ask", b->ask, n->ask, AC_STRENGTH_NONE);
	pd_value(d, &l, "seed", b->seed, n->seed, AC_STRENGTH_NONE);
	pd_value(d, &l, "source", b->source, n->source, AC_STRENGTH_NONE);
	pd_strs(d, &l, "decide", b->decide, b->ndecide, n->decide, n->ndecide, true);
	if (moved)
		pd_add(d, &l, AC_CHANGE_MOVED, (struct ac_str){ 0 });
}

void
pd_facts(struct pd *d)
{
	const struct ac_fact_def *fb = d->before->facts, *fa = d->after->facts;
	struct pd_list list = { fb, fa, d->before->nfacts, d->after->nfacts, sizeof(*fa), fact_key };
	struct pd_pairs p = pd_match(d, &list);

	pd_find_moved(d, &p);
	for (size_t n = 0; n < p.nafter; n++) {
		if (p.of_after[n] >= 0) {
			fact(d, &fb[p.of_after[n]], &fa[n], p.moved[n]);
			continue;
		}
		struct pd_line l = { "fact", fa[n].name, 0, fa[n].line, false,
			fa[n].required ? AC_STRENGTH_STRONGER : AC_STRENGTH_NONE };
		struct ac_change *c = pd_add(d, &l, AC_CHANGE_NEW, (struct ac_str){ 0 });
		c->strength = l.more;
		c->after = ac_text_pick(fa[n].label, AC_S("en"), NULL);
	}
	for (size_t i = 0; i < p.nbefore; i++) {
		struct pd_line l = { "fact", fb[i].name, fb[i].line, 0, false, AC_STRENGTH_NONE };
		if (p.of_before[i] >= 0)
			continue;
		struct ac_change *c = pd_add(d, &l, AC_CHANGE_GONE, (struct ac_str){ 0 });
		c->strength = fb[i].required ? AC_STRENGTH_WEAKER : AC_STRENGTH_NONE;
		c->before = ac_text_pick(fb[i].label, AC_S("en"), NULL);
	}
}

static bool
needs(const struct ac_protocol *p, enum ac_contact_line line, uint32_t *ret_at)
{
	for (size_t i = 0; i < p->ncontacts; i++) {
		if (p->contacts[i].line_of != line)
			continue;
		*ret_at = p->contacts[i].line;
		return true;
	}
	return false;
}

/* Which contact lines the clinic must have filled, and how often that is said: only the first says anything. */
void
pd_contacts(struct pd *d)
{
	for (int i = AC_CONTACT_CLINIC; i <= AC_CONTACT_EMERGENCY; i++) {
		enum ac_contact_line line = (enum ac_contact_line)i;
		struct pd_line l = { .line = "contact", .id = ac_str_c(ac_contact_line_word(line)) };
		bool was = needs(d->before, line, &l.before_at), is = needs(d->after, line, &l.after_at);
		if (was != is)
			pd_add(d, &l, is ? AC_CHANGE_NEW : AC_CHANGE_GONE, (struct ac_str){ 0 });
	}
}

static struct ac_str
note_key(const void *item, struct ac_arena *a)
{
	const struct ac_note *n = item;

	return ac_strf(a, "%.*s %.*s %.*s", AC_FMT(n->seed), AC_FMT(n->as), AC_FMT(n->lang));
}

/* Notes say where a statement of the source went; no plan reads them. */
void
pd_notes(struct pd *d)
{
	const struct ac_note *nb = d->before->notes, *na = d->after->notes;
	struct pd_list list = { nb, na, d->before->nnotes, d->after->nnotes, sizeof(*na), note_key };
	struct pd_pairs p = pd_match(d, &list);

	for (size_t n = 0; n < p.nafter; n++) {
		const struct ac_note *b = p.of_after[n] < 0 ? NULL : &nb[p.of_after[n]];
		struct pd_line l = { .line = "note",
			.id = note_key(&na[n], d->a),
			.before_at = b == NULL ? 0 : b->line,
			.after_at = na[n].line };
		if (b != NULL && ac_streq(b->text, na[n].text))
			continue;
		struct ac_change *c =
		    pd_add(d, &l, b == NULL ? AC_CHANGE_NEW : AC_CHANGE_REWORDED, AC_S("text"));
		c->before = b == NULL ? (struct ac_str){ 0 } : b->text;
		c->after = na[n].text;
	}
	for (size_t i = 0; i < p.nbefore; i++) {
		struct pd_line l = { .line = "note", .id = note_key(&nb[i], d->a), .before_at = nb[i].line };
		if (p.of_before[i] < 0)
			pd_add(d, &l, AC_CHANGE_GONE, AC_S("text"))->before = nb[i].text;
	}
}
