/*
 * override_form.c - the forms of an override: another time, other words, leave out, add, undo.
 *
 * Rules   a form that came back holds what was typed. Doubts stand above its button, which then says that they were read;
 *         their rules go back with the form, and core holds them against what it finds then.
 */
#include "core/plan_parts.h"
#include "plugin/override_page.h"

#define EN AC_S("en")
#define LANGUAGES_MAX 16

/* What this form said when it came back, else what stands in the plan. */
static struct ac_str
was(struct ac_override_page *n, enum ac_override_act act, const char *name, struct ac_str otherwise)
{
	struct ac_str typed = ac_http_form(n->p.h, name);

	return n->came_back == act && ac_str_is_set(typed) ? typed : otherwise;
}

static void
text_field(struct ac_override_page *n, enum ac_override_act act, const char *name, const char *label, const char *hint,
    struct ac_str value, bool required)
{
	struct ac_page *p = &n->p;

	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, label);
	ac_xw_open(&p->w, "input");
	ac_xw_attrc(&p->w, "type", "text");
	ac_xw_attrc(&p->w, "name", name);
	ac_xw_attrc(&p->w, "maxlength", "16");
	if (required)
		ac_xw_attrc(&p->w, "required", "required");
	ac_xw_attr(&p->w, "value", was(n, act, name, value));
	ac_xw_end(&p->w, "input");
	ac_page_elemc(p, "small", NULL, hint);
	ac_page_close(p, "label");
}

static void
area(struct ac_override_page *n, enum ac_override_act act, const char *name, const char *label, struct ac_str value,
    int max, bool required)
{
	struct ac_page *p = &n->p;

	value = was(n, act, name, value);
	ac_page_open(p, "label", "field");
	ac_page_elemc(p, "span", NULL, label);
	ac_page_open(p, "textarea", NULL);
	ac_xw_attrc(&p->w, "name", name);
	ac_xw_attrc(&p->w, "rows", "2");
	ac_xw_attr(&p->w, "maxlength", ac_strf(p->a, "%d", max));
	if (required)
		ac_xw_attrc(&p->w, "required", "required");
	if (value.n > 0)
		ac_xw_text(&p->w, value);
	ac_page_close(p, "textarea");
	ac_page_close(p, "label");
}

static void
begin(struct ac_override_page *n, enum ac_override_act act, const char *title)
{
	struct ac_page *p = &n->p;

	ac_page_form(p, "decide", "override", ac_plan_path(p->a, n->r->row.id, "/overrides"),
	    ac_uuid_str(p->a, n->r->row.id));
	ac_page_hidden_int(p, "version", n->r->row.version);
	ac_page_hidden(p, "act", ac_str_c(ac_override_act_word(act)));
	if (n->line != NULL)
		ac_page_hidden(p, "line", n->line->key);
	ac_page_elemc(p, "h2", NULL, title);
}

static void
doubts(struct ac_override_page *n)
{
	struct ac_page *p = &n->p;

	if (n->ndoubts == 0)
		return;
	ac_page_open(p, "div", "notice warn");
	ac_page_told_first(p);
	ac_page_elemc(p, "strong", NULL, "Look again before it is saved.");
	ac_page_open(p, "ul", NULL);
	for (size_t i = 0; i < n->ndoubts; i++)
		ac_page_elem(p, "li", NULL, n->doubts[i].text);
	ac_page_close(p, "ul");
	ac_page_close(p, "div");
	for (size_t i = 0; i < n->ndoubts; i++)
		ac_page_hidden(p, "confirm", ac_str_c(n->doubts[i].rule));
}

static void
finish(struct ac_override_page *n, enum ac_override_act act, const char *button)
{
	struct ac_page *p = &n->p;
	bool back = n->came_back == act;

	area(n, act, "reason", "Why (for the record; the patient does not read it)", AC_S(""), AC_OVERRIDE_REASON_MAX, true);
	if (back && n->trouble.n > 0) {
		ac_page_open(p, "p", "notice bad");
		ac_page_told_first(p);
		ac_xw_textf(&p->w, "Not saved: %.*s.", AC_FMT(n->trouble));
		ac_page_close(p, "p");
	}
	if (back)
		doubts(n);
	ac_page_button(
	    p, "button primary", "save", "1", back && n->ndoubts > 0 ? "I have looked at it: save all the same" : button);
	ac_page_close(p, "form");
}

static size_t
languages(struct ac_override_page *n, struct ac_str *values)
{
	const struct ac_plan *p = n->r->plan;
	size_t count = 0;

	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_texts *t = &p->in->protocols[i].protocol->title;
		for (size_t k = 0; k < t->n && count < LANGUAGES_MAX; k++) {
			bool known = false;
			for (size_t m = 0; m < count; m++)
				known |= ac_streq(values[m], t->v[k].lang);
			if (!known)
				values[count++] = t->v[k].lang;
		}
	}
	return count;
}

/* In the patient's language where a sheet can be in it. */
static void
words(struct ac_override_page *n, enum ac_override_act act)
{
	struct ac_str values[LANGUAGES_MAX], primary, chosen = EN, text = AC_S("");
	size_t count = languages(n, values);
	bool fell_back;

	(void)ac_cut(n->r->encounter->patient.language, '-', &primary);
	for (size_t i = 0; i < count; i++)
		if (ac_streq(values[i], primary))
			chosen = values[i];
	if (n->line != NULL) {
		const struct ac_instruction *d = n->line->def;
		text = ac_text_pick(d->label.n > 0 ? d->label : d->text, chosen, &fell_back);
	}
	area(n, act, "text", "What the patient reads", text, AC_OVERRIDE_TEXT_MAX, true);
	ac_page_select(&n->p, "lang", "These words are in", values, values, count, was(n, act, "lang", chosen));
	area(n, act, "english", "The same in English, when they are not (for staff and the document)", AC_S(""),
	    AC_OVERRIDE_TEXT_MAX, false);
}

static struct ac_str
offset(struct ac_override_page *n, struct ac_offset o)
{
	return o.kind == AC_OFFSET_NONE ? AC_S("") : ac_offset_str(n->p.a, o);
}

/* The beginning as it was written: the window that gives it. */
static struct ac_offset
from_of(struct ac_override_page *n)
{
	const struct ac_plan_line *l = n->line;

	if (l->window_by != NULL)
		return l->window_by->from;
	if (l->added_by != NULL)
		return l->added_by->from;
	for (size_t i = 0; i < l->def->nwindows; i++)
		if (ac_plan_at(n->r->plan->in->zone, l->treatment->anchor, l->def->windows[i].from, AC_FOLD_LATER) == l->from)
			return l->def->windows[i].from;
	return (struct ac_offset){ 0 };
}

static void
line_forms(struct ac_override_page *n)
{
	bool ban = n->line->def->kind == AC_RESTRICTION;

	begin(n, AC_OVERRIDE_WINDOW, "Another time");
	if (!ban)
		text_field(n, AC_OVERRIDE_WINDOW, "from", "From", "after the treatment; empty: at once", offset(n, from_of(n)), false);
	text_field(n, AC_OVERRIDE_WINDOW, "until", "Until", "after the treatment: 72 h, 3 d, 3 d 08:00, 2 w",
	    offset(n, n->line->until_offset), ban);
	finish(n, AC_OVERRIDE_WINDOW, "Save this time");
	begin(n, AC_OVERRIDE_REWORD, "Other words");
	words(n, AC_OVERRIDE_REWORD);
	finish(n, AC_OVERRIDE_REWORD, "Save these words");
	begin(n, AC_OVERRIDE_OMIT, "Leave it out");
	finish(n, AC_OVERRIDE_OMIT, "Leave this line out");
}

static void
add_form(struct ac_override_page *n)
{
	static const struct ac_str kinds[] = { { "restriction", 11 }, { "care", 4 }, { "warning", 7 }, { "information", 11 } },
				   kind_words[] = { { "Not yet", 7 }, { "Do", 2 }, { "Careful", 7 }, { "Good to know", 12 } };
	struct ac_str *known, *values, *labels;
	size_t count;

	ac_plan_concepts(n->r->plan, n->p.a, &known, &count);
	values = ac_new(n->p.a, struct ac_str, count + 1);
	labels = ac_new(n->p.a, struct ac_str, count + 1);
	values[0] = AC_S("");
	labels[0] = AC_S("something else");
	for (size_t i = 0; i < count; i++)
		values[i + 1] = labels[i + 1] = known[i];
	begin(n, AC_OVERRIDE_ADD, "Add a line");
	ac_page_select(&n->p, "kind", "It is", kinds, kind_words, 4, was(n, AC_OVERRIDE_ADD, "kind", kinds[0]));
	words(n, AC_OVERRIDE_ADD);
	ac_page_select(&n->p, "concept", "About (so that contradictions are found)", values, labels, count + 1,
	    was(n, AC_OVERRIDE_ADD, "concept", AC_S("")));
	text_field(n, AC_OVERRIDE_ADD, "from", "From", "after the treatment; empty: at once", AC_S(""), false);
	text_field(n, AC_OVERRIDE_ADD, "until", "Until", "after the treatment: 72 h, 3 d, 3 d 08:00, 2 w", AC_S(""), false);
	finish(n, AC_OVERRIDE_ADD, "Add this line");
}

void
ac_override_forms(struct ac_override_page *n)
{
	if (n->undo != NULL) {
		begin(n, AC_OVERRIDE_UNDO, "Take it back");
		ac_page_hidden_int(&n->p, "undoes", n->undo->n);
		finish(n, AC_OVERRIDE_UNDO, "Take it back");
	} else if (n->line != NULL) {
		line_forms(n);
	} else {
		add_form(n);
	}
}
