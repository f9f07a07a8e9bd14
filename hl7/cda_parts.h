/*
 * cda_parts.h - the standard's data types as the writer emits them; private to hl7/cda_*.c.
 *
 * Shape   what is the same in every document is copied as markup (`cda_raw`), what a document brings goes
 *         through the escaping writer. Markup opened as raw is closed as raw: the writer's stack knows only
 *         its own elements.
 */
#ifndef HL7_CDA_PARTS_H
#define HL7_CDA_PARTS_H

#include <string.h>

#include "base/xw.h"
#include "hl7/cda.h"

#define CDA_RAW(w, lit) cda_markup((w), (lit), sizeof(lit) - 1)

/* Half of a document is such: inlined, so that the length of a literal is known where it is copied. */
static inline void
cda_markup(struct ac_xw *w, const char *p, size_t n)
{
	struct ac_buf *b = w->b;

	if (w->in_tag || n == 0 || n > b->cap - b->n) {
		ac_xw_markup_not_escaped(w, (struct ac_str){ p, n });
		return;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static inline void
cda_raw(struct ac_xw *w, const struct ac_str *markup)
{
	cda_markup(w, markup->p, markup->n);
}
static inline void
cda_rawc(struct ac_xw *w, const char *markup)
{
	cda_markup(w, markup, strlen(markup));
}

bool cda_is_blank(struct ac_str s); /* nothing but white space */

size_t cda_uuid_text(struct ac_uuid u, char *to);     /* 36 bytes, no NUL */
void cda_put_uuid(struct ac_xw *w, struct ac_uuid u); /* <id root="..."/> */
void cda_put_uuid_as(struct ac_xw *w, const char *element, struct ac_uuid u);
void cda_put_id(struct ac_xw *w, const struct cda_id *id);
void cda_put_ids(struct ac_xw *w, const struct cda_id *ids, size_t n); /* none: one with nullFlavor */
void cda_put_code(struct ac_xw *w, const char *element, const char *type, const struct cda_code *c);
void cda_put_addr(struct ac_xw *w, const struct cda_addr *a);
void cda_put_telecoms(struct ac_xw *w, const struct cda_telecom *t, size_t n, const char *use_if_none);
void cda_put_patient_name(struct ac_xw *w, const struct cda_name *n);
void cda_put_name(struct ac_xw *w, const struct cda_name *n);
void cda_put_point(struct ac_xw *w, const char *element, struct ac_str value); /* blank: nullFlavor */
void cda_put_time(struct ac_xw *w, const struct cda_time *t);
void cda_put_org(struct ac_xw *w, const char *element, const struct cda_org *o);
/*
 * ids, code, addr, telecom, assignedPerson, representedOrganization: the inside of assignedEntity and its
 * like.
 */
void cda_put_party(struct ac_xw *w, const struct cda_party *p);

/* What stands in each statement, rendered once a document, then copied: who said it, the root of its id. */
struct cda_once {
	char id_start[sizeof("<id root=\"00000000-0000-0000-0000-000000000000\" extension=\"")];
	const struct cda_said *said[8];
	struct ac_str markup[8];
	size_t n;
};
void cda_start_once(struct cda_once *once, struct ac_uuid document);
void cda_put_statement(struct ac_xw *w, struct cda_once *once, const struct cda_statement *s);
void cda_put_header(struct ac_xw *w, const struct cda_document *d);

#endif
