/* cda_write.c - a Care Plan document as bytes, in one pass; narrative and sections. */
#include "hl7/cda_parts.h"

static const struct ac_str section_start[CDA_SECTIONS] = {
#define STR(s) \
	{ \
		s, sizeof(s) - 1 \
	}
#define LOINC " codeSystem=\"2.16.840.1.113883.6.1\"/>"
	[CDA_CONCERNS] = STR("<templateId root=\"2.16.840.1.113883.10.20.22.2.58\" extension=\"2015-08-01\"/>"
			     "<code code=\"75310-3\" displayName=\"Health concerns document\"" LOINC
			     "<title>Health concerns</title>"),
	[CDA_GOALS] = STR("<templateId root=\"2.16.840.1.113883.10.20.22.2.60\"/>"
			  "<code code=\"61146-7\" displayName=\"Goals\"" LOINC "<title>Goals</title>"),
	[CDA_INTERVENTIONS] =
	    STR("<templateId root=\"2.16.840.1.113883.10.20.21.2.3\"/>"
		"<templateId root=\"2.16.840.1.113883.10.20.21.2.3\" extension=\"2015-08-01\"/>"
		"<code code=\"62387-6\" displayName=\"Interventions Provided\"" LOINC
		"<title>Interventions</title>"),
	[CDA_OUTCOMES] = STR("<templateId root=\"2.16.840.1.113883.10.20.22.2.61\"/>"
			     "<code code=\"11383-7\"" LOINC "<title>Outcomes</title>"),
};

static void
put_cell(struct ac_xw *w, const char *element, const struct cda_cell *c)
{
	ac_xw_open(w, element);
	if (c->id.n != 0)
		ac_xw_attr(w, "ID", c->id);
	if (c->language.n != 0)
		ac_xw_attr(w, "language", c->language);
	ac_xw_attrc(w, "styleCode", c->style);
	ac_xw_text(w, c->text);
	ac_xw_close(w);
}

static void
put_caption(struct ac_xw *w, const struct cda_block *b)
{
	if (!cda_is_blank(b->caption))
		ac_xw_elem(w, "caption", b->caption);
}

static void
put_list(struct ac_xw *w, const struct cda_block *b)
{
	CDA_RAW(w, "<list>");
	put_caption(w, b);
	for (size_t i = 0; i < b->ncells; i++)
		put_cell(w, "item", &b->cells[i]);
	CDA_RAW(w, "</list>");
}

static void
put_table(struct ac_xw *w, const struct cda_block *b)
{
	ac_xw_open(w, "table");
	if (b->id.n != 0)
		ac_xw_attr(w, "ID", b->id);
	put_caption(w, b);
	if (b->head != NULL) {
		CDA_RAW(w, "<thead><tr>");
		for (size_t i = 0; i < b->ncolumns; i++)
			ac_xw_elem(w, "th", ac_str_c(b->head[i]));
		CDA_RAW(w, "</tr></thead>");
	}
	CDA_RAW(w, "<tbody>");
	for (size_t i = 0; i < b->ncells; i++) {
		if (i % b->ncolumns == 0)
			CDA_RAW(w, "<tr>");
		put_cell(w, "td", &b->cells[i]);
		if (i % b->ncolumns == b->ncolumns - 1)
			CDA_RAW(w, "</tr>");
	}
	CDA_RAW(w, "</tbody>");
	ac_xw_end(w, "table");
}

static void
put_narrative(struct ac_xw *w, const struct cda_section *s)
{
	CDA_RAW(w, "<text>");
	for (size_t i = 0; i < s->nblocks; i++) {
		const struct cda_block *b = &s->blocks[i];
		if (b->ncells == 0) /* an empty list or table is not valid */
			continue;
		CDA_RAW(w, "\n");
		switch (b->kind) {
		case CDA_PARAGRAPH:
			put_cell(w, "paragraph", &b->cells[0]);
			break;
		case CDA_LIST:
			put_list(w, b);
			break;
		case CDA_TABLE:
			put_table(w, b);
			break;
		}
	}
	CDA_RAW(w, "</text>");
}

static void
put_section(struct ac_xw *w, struct cda_once *once, enum cda_section_kind kind, const struct cda_section *s)
{
	CDA_RAW(w, "\n<component>");
	ac_xw_open(w, "section");
	ac_xw_attrc(w, "nullFlavor", s->null);
	cda_raw(w, &section_start[kind]);
	put_narrative(w, s);
	for (size_t i = 0; i < s->nentries; i++) {
		CDA_RAW(w, "\n<entry>");
		cda_put_statement(w, once, s->entries[i]);
		CDA_RAW(w, "</entry>");
	}
	ac_xw_end(w, "section");
	CDA_RAW(w, "</component>");
}

static bool
has_entry(const struct cda_section *s, enum cda_template t)
{
	for (size_t i = 0; i < s->nentries; i++)
		if (s->entries[i]->is == t)
			return true;
	return false;
}

/* Tables whose last row is not whole, entries in a section that says it has none. */
static enum ac_code
check_section(const struct cda_section *s, struct ac_err *reterr)
{
	if (s->null != NULL && s->nentries != 0)
		return ac_fail(reterr, AC_EINPUT, "CDA-SECTION", "a section with nullFlavor has entries");
	for (size_t i = 0; i < s->nblocks; i++)
		if (s->blocks[i].kind == CDA_TABLE &&
		    (s->blocks[i].ncolumns == 0 || s->blocks[i].ncells % s->blocks[i].ncolumns != 0))
			return ac_fail(
			    reterr, AC_EINPUT, "CDA-TABLE", "block %zu: rows of different length", i);
	return AC_OK;
}

static enum ac_code
check(const struct cda_document *d, struct ac_err *reterr)
{
	if (d->version == 0)
		return ac_fail(reterr, AC_EINPUT, "CONF:1198-6387", "a document needs a version number");
	if (d->replaces && d->former_version >= d->version)
		return ac_fail(reterr, AC_EINPUT, "CDA-RPLC", "a document replaces one of a lower version");
	if (d->replaces && memcmp(&d->former_id, &d->id, sizeof(d->id)) == 0)
		return ac_fail(reterr, AC_EINPUT, "CDA-RPLC", "a document cannot replace itself");
	if (cda_is_blank(d->title))
		return ac_fail(reterr, AC_EINPUT, "CONF:1198-5254", "a document needs a title");
	if (d->time.n < 8)
		return ac_fail(reterr, AC_EINPUT, "CONF:81-10127", "a document's time is precise to the day");
	if (!has_entry(&d->sections[CDA_CONCERNS], CDA_HEALTH_CONCERN))
		return ac_fail(reterr, AC_EINPUT, "CONF:1198-30768", "a Care Plan needs a Health Concern");
	if (!has_entry(&d->sections[CDA_GOALS], CDA_GOAL))
		return ac_fail(reterr, AC_EINPUT, "CONF:1098-30719", "a Care Plan needs a Goal");
	for (size_t i = 0; i < CDA_SECTIONS; i++) {
		enum ac_code code = check_section(&d->sections[i], reterr);
		if (code != AC_OK)
			return code;
	}
	return AC_OK;
}

enum ac_code
cda_write(const struct cda_document *d, struct ac_arena *a, struct ac_str *ret_xml, struct ac_err *reterr)
{
	struct cda_once once;
	struct ac_buf b;
	struct ac_xw w;
	enum ac_code code = check(d, reterr);

	if (code != AC_OK)
		return code;
	ac_buf_init(&b, a, 96 * 1024, CDA_BYTES_MAX); /* a plan of one protocol and more */
	ac_xw_init(&w, &b, false);
	cda_start_once(&once, d->id);
	cda_put_header(&w, d);
	CDA_RAW(&w, "\n<component><structuredBody>");
	for (int i = 0; i < CDA_SECTIONS; i++)
		if (d->sections[i].nblocks != 0)
			put_section(&w, &once, (enum cda_section_kind)i, &d->sections[i]);
	CDA_RAW(&w, "\n</structuredBody></component>\n</ClinicalDocument>\n");
	if (b.over)
		return ac_fail(reterr, AC_ELIMIT, "CDA-SIZE", "the document exceeds %d bytes", CDA_BYTES_MAX);
	*ret_xml = ac_buf_str(&b);
	return AC_OK;
}
