/* plan_cda_text.c - narrative: blocks, texts in a language, times in words. */
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "core/plan_cda_map.h"

struct ac_str
ac_map_join(struct ac_arena *a, const struct ac_str *parts, size_t n)
{
	size_t size = 0;
	char *p, *to;

	for (size_t i = 0; i < n; i++)
		size += parts[i].n;
	p = to = ac_alloc(a, size == 0 ? 1 : size);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].n == 0)
			continue;
		memcpy(to, parts[i].p, parts[i].n);
		to += parts[i].n;
	}
	return (struct ac_str){ p, size };
}

bool
ac_map_is_blank(struct ac_str s)
{
	return ac_utf8_is_blank(s);
}

struct ac_str
ac_map_ref(struct ac_map *m, char letter)
{
	char *p = ac_alloc(m->a, 12);
	char digits[10];
	size_t n = 0, at = 0;

	for (uint32_t i = ++m->refs[letter - 'a']; i != 0; i /= 10)
		digits[n++] = (char)('0' + i % 10);
	p[at++] = letter;
	while (n != 0)
		p[at++] = digits[--n];
	return (struct ac_str){ p, at };
}

void
ac_map_say(struct ac_map *m, enum cda_section_kind section, const char *style, struct ac_str text)
{
	struct cda_cell *c = ac_new(m->a, struct cda_cell, 1);

	*c = (struct cda_cell){ .text = text, .style = style };
	AC_PUSH(m->a, &m->blocks[section],
	    ((struct cda_block){ .kind = CDA_PARAGRAPH, .cells = c, .ncells = 1 }));
}

void
ac_map_cell(struct ac_map *m, struct ac_map_cells *cells, struct ac_str id, struct ac_str text)
{
	AC_PUSH(m->a, cells, ((struct cda_cell){ .id = id, .text = text }));
}

void
ac_map_table(struct ac_map *m, enum cda_section_kind section, const char *caption, const char *const *head,
    size_t ncolumns, const struct ac_map_cells *cells)
{
	ac_map_table_id(m, section, (struct ac_str){ 0 }, caption, head, ncolumns, cells);
}

void
ac_map_table_id(struct ac_map *m, enum cda_section_kind section, struct ac_str id, const char *caption,
    const char *const *head, size_t ncolumns, const struct ac_map_cells *cells)
{
	if (cells->n == 0)
		return;
	AC_PUSH(m->a, &m->blocks[section],
	    ((struct cda_block){ .kind = CDA_TABLE,
		.id = id,
		.caption = ac_str_c(caption),
		.head = head,
		.ncolumns = ncolumns,
		.cells = cells->v,
		.ncells = cells->n }));
}

/* NMTOKEN, for the narrative's language attribute. */
static bool
is_language(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return s.n != 0;
}

struct ac_str
ac_map_pick(const struct ac_texts *t, struct ac_str *ret_language)
{
	bool fell_back = false;
	const struct ac_text *text = ac_text_find(*t, AC_S("en"), &fell_back);

	if (text == NULL)
		return (struct ac_str){ 0 };
	if (fell_back && is_language(text->lang))
		*ret_language = text->lang;
	return text->text;
}

struct ac_str
ac_map_english(const struct ac_texts *t)
{
	struct ac_str language;

	return ac_map_pick(t, &language);
}

static struct ac_map_instant *
instant(struct ac_map *m, int64_t t)
{
	struct ac_map_instant *i = &m->instants[(((uint64_t)t * 0x9E3779B97F4A7C15u) >> 58) & 63];

	if (!i->is_set || i->t != t)
		*i = (struct ac_map_instant){ .is_set = true, .t = t };
	return i;
}

struct ac_str
ac_map_when(struct ac_map *m, int64_t t)
{
	struct ac_map_instant *i = instant(m, t);

	if (i->words.p == NULL)
		i->words = ac_time_words(m->a, m->z, t, AC_TIME_FULL, AC_S("en"));
	return i->words;
}

struct ac_str
ac_map_window(struct ac_map *m, int64_t from, int64_t until)
{
	bool has_from = from != AC_INSTANT_NONE && from > m->p->anchor;

	if (has_from && until != AC_INSTANT_NONE)
		return AC_MAP_JOIN(
		    m, AC_S("from "), ac_map_when(m, from), AC_S(" until "), ac_map_when(m, until));
	if (until != AC_INSTANT_NONE)
		return AC_MAP_JOIN(m, AC_S("until "), ac_map_when(m, until));
	if (has_from)
		return AC_MAP_JOIN(m, AC_S("from "), ac_map_when(m, from), AC_S(" on"));
	return (struct ac_str){ 0 };
}

struct ac_str
ac_map_ts(struct ac_map *m, int64_t t)
{
	struct ac_map_instant *i;

	if (t == AC_INSTANT_NONE)
		return (struct ac_str){ 0 };
	i = instant(m, t);
	if (i->ts.p == NULL)
		i->ts = ac_hl7_ts(m->a, m->z, t);
	return i->ts;
}

struct ac_str
ac_map_stamp_ts(struct ac_map *m, const struct ac_stamp *s)
{
	if (s->precision == 0)
		return (struct ac_str){ 0 };
	if (s->precision < 14)
		return ac_hl7_date(m->a, *s);
	return ac_map_ts(m, s->t);
}

/* In one piece: what an encounter lists may be long. */
struct ac_str
ac_map_list(struct ac_map *m, const struct ac_str *v, size_t n)
{
	struct ac_buf b;

	ac_buf_init(&b, m->a, 64, 0);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			ac_buf_add(&b, AC_S(", "));
		ac_buf_add(&b, v[i]);
	}
	return ac_buf_str(&b);
}
