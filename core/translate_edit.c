/* translate_edit.c - the source with a translation in it: the smallest change of its bytes. */
#include <string.h>

#include "core/translate_parts.h"

static const xmlNode *
element_at(const struct se_source *s, const struct ac_text *t)
{
	return se_element_at(s, t->line, t->col);
}

/* Its words and what they are bound to; whoever signed it signed something else. */
static void
change(const struct se_source *s, const xmlNode *n, struct ac_str of, struct ac_str text, struct se_edits *to)
{
	se_set_text(s, to, n, text);
	se_set_attr(s, to, n, "of", of, "xml:lang");
	se_drop_attr(s, to, n, "signed");
}

static void
beside(const struct se_source *s, struct ac_buf *b, const char *name, struct ac_str value)
{
	if (ac_str_is_set(value))
		ac_buf_addf(b, " %s=\"%.*s\"", name, AC_FMT(se_escaped(s->a, value, true)));
}

/* Behind the last of the text's languages, laid out as the source text is. */
static void
insert(const struct se_source *s, const struct ac_unit *u, const xmlNode *source, struct ac_str lang,
    struct ac_str of, struct ac_str text, struct se_edits *to)
{
	const xmlNode *last = source;
	struct ac_str indent, name = se_name(s, source);
	struct ac_buf b;

	for (size_t i = 0; i < u->texts->n; i++) {
		const xmlNode *n = element_at(s, &u->texts->v[i]);
		if (n != NULL && n->parent == source->parent && px_pos(n)->at > px_pos(last)->at)
			last = n;
	}
	size_t end = se_line_behind(s, last, &indent);
	ac_buf_init(&b, s->a, text.n + 128, 0);
	if (ac_str_is_set(indent)) {
		const char *lf = memchr(s->xml.p, '\n', s->xml.n);
		ac_buf_addz(&b, lf != NULL && lf > s->xml.p && lf[-1] == '\r' ? "\r\n" : "\n");
		ac_buf_add(&b, indent);
	}
	ac_buf_addf(&b, "<%.*s", AC_FMT(name));
	if (u->except != NULL)
		beside(s, &b, "concept", u->except->concept);
	ac_buf_addf(&b, " xml:lang=\"%.*s\" of=\"%.*s\"", AC_FMT(lang), AC_FMT(of));
	if (u->why != NULL) {
		beside(s, &b, "evidence", u->why->evidence);
		beside(s, &b, "source", u->why->source);
	}
	ac_buf_addf(&b, ">%.*s</%.*s>", AC_FMT(se_escaped(s->a, text, false)), AC_FMT(name));
	se_replace(s, to, end, 0, ac_buf_str(&b));
}

void
tr_edit_unit(const struct se_source *s, const struct ac_unit *u, struct ac_str lang, struct ac_str text,
    struct se_edits *to)
{
	const xmlNode *source = element_at(s, u->source),
		      *target = u->target == NULL ? NULL : element_at(s, u->target);
	struct ac_str of = ac_text_of(s->a, u->source->text);

	if (source == NULL)
		return;
	if (target != NULL)
		change(s, target, of, text, to);
	else
		insert(s, u, source, lang, of, text, to);
}
