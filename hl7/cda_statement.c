/*
 * cda_statement.c - the clinical statements of a Care Plan, by template.
 *
 * One table says what each template fixes: element and class, template ids (with the bare root where C-CDA
 * R1.1 had the template, CONF:1198-32934), code, mood, status. The order of elements is the same for all of
 * them in the XSD.
 */
#include "hl7/cda_parts.h"

#define ROOT "2.16.840.1.113883.10.20.22.4."
#define LOINC " codeSystem=\"2.16.840.1.113883.6.1\""
#define SNOMED " codeSystem=\"2.16.840.1.113883.6.96\""
#define ONLY(n) \
	{ \
		"<templateId root=\"" ROOT n "\"/>", sizeof("<templateId root=\"" ROOT n "\"/>") - 1 \
	}
#define VERSIONED(n, date) STR("<templateId root=\"" ROOT n "\" extension=\"" date "\"/>")
#define BOTH(n, date) \
	STR("<templateId root=\"" ROOT n "\"/><templateId root=\"" ROOT n "\" extension=\"" date "\"/>")
#define STR(s) \
	{ \
		s, sizeof(s) - 1 \
	}

static const struct shape {
	struct ac_str start; /* up to the value of moodCode */
	const char *mood;
	struct ac_str templates;
	struct ac_str code; /* not set: the statement brings it */
	struct ac_str status;
	struct ac_str end;
	bool needs_time; /* SHALL or SHOULD: unknown is said */
	bool has_value;  /* SHALL */
	bool no_id;
} shapes[CDA_TEMPLATES] = {
#define ACT .start = STR("<act classCode=\"ACT\" moodCode=\""), .end = STR("</act>")
#define OBSERVATION .start = STR("<observation classCode=\"OBS\" moodCode=\""), .end = STR("</observation>")
#define ENCOUNTER .start = STR("<encounter classCode=\"ENC\" moodCode=\""), .end = STR("</encounter>")
#define PROCEDURE .start = STR("<procedure classCode=\"PROC\" moodCode=\""), .end = STR("</procedure>")
#define ACTIVE .status = STR("active")
#define COMPLETED .status = STR("completed")
	[CDA_HEALTH_CONCERN] = { ACT, .mood = "EVN", .templates = VERSIONED("132", "2015-08-01"), ACTIVE,
	    .code = STR("<code code=\"75310-3\" displayName=\"Health Concern\"" LOINC "/>") },
	[CDA_RISK_CONCERN] = { ACT, .mood = "EVN", .templates = VERSIONED("136", "2015-08-01"), ACTIVE,
	    .code = STR("<code code=\"281694009\" displayName=\"At risk for\"" SNOMED "/>") },
	[CDA_HEALTH_STATUS] = { OBSERVATION, .mood = "EVN", .templates = BOTH("5", "2014-06-09"), COMPLETED,
	    .code = STR("<code code=\"11323-3\" displayName=\"Health status\"" LOINC "/>"),
	    .has_value = true },
	[CDA_PROBLEM] = { OBSERVATION, .mood = "EVN", .templates = BOTH("4", "2015-08-01"), COMPLETED,
	    .code = STR("<code code=\"64572001\" displayName=\"Disease\"" SNOMED
			"><translation code=\"75323-6\" displayName=\"Condition\"" LOINC "/></code>"),
	    .needs_time = true, .has_value = true },
	[CDA_GOAL] = { OBSERVATION, .mood = "GOL", .templates = ONLY("121"), ACTIVE, .needs_time = true },
	[CDA_PRIORITY] = { OBSERVATION, .mood = "EVN", .templates = ONLY("143"),
	    .code = STR("<code code=\"225773000\" displayName=\"Preference\"" SNOMED "/>"),
	    .needs_time = true, .has_value = true },
	[CDA_INTERVENTION] = { ACT, .mood = "EVN", .templates = VERSIONED("131", "2015-08-01"), COMPLETED,
	    .code = STR("<code code=\"362956003\" displayName=\"procedure / intervention (navigational "
			"concept)\"" SNOMED "/>"),
	    .needs_time = true },
	[CDA_PLANNED_INTERVENTION] = { ACT, .mood = "INT", .templates = VERSIONED("146", "2015-08-01"),
	    ACTIVE,
	    .code = STR("<code code=\"362956003\" displayName=\"procedure / intervention (navigational "
			"concept)\"" SNOMED "/>"),
	    .needs_time = true },
	[CDA_PLANNED_ACT] = { ACT, .mood = "INT", .templates = BOTH("39", "2014-06-09"), ACTIVE,
	    .needs_time = true },
	[CDA_PLANNED_ENCOUNTER] = { ENCOUNTER, .mood = "INT", .templates = BOTH("40", "2014-06-09"), ACTIVE,
	    .needs_time = true },
	[CDA_PLANNED_PROCEDURE] = { PROCEDURE, .mood = "INT", .templates = BOTH("41", "2014-06-09"), ACTIVE,
	    .needs_time = true },
	[CDA_INSTRUCTION] = { ACT, .mood = "INT", .templates = BOTH("20", "2014-06-09"), COMPLETED,
	    .no_id = true },
	[CDA_PROCEDURE] = { PROCEDURE, .mood = "EVN", .templates = BOTH("14", "2014-06-09"), COMPLETED,
	    .needs_time = true },
	[CDA_PROCEDURE_ACT] = { ACT, .mood = "EVN", .templates = BOTH("12", "2014-06-09"), COMPLETED,
	    .needs_time = true },
	[CDA_OUTCOME] = { OBSERVATION, .mood = "EVN", .templates = ONLY("144"), COMPLETED,
	    .has_value = true },
	[CDA_PROGRESS] = { OBSERVATION, .mood = "EVN", .templates = ONLY("110"), COMPLETED,
	    .code = STR("<code code=\"ASSERTION\" codeSystem=\"2.16.840.1.113883.5.4\"/>"),
	    .has_value = true },
	[CDA_ENTRY_REFERENCE] = { ACT, .mood = "EVN", .templates = ONLY("122"), COMPLETED,
	    .code = STR("<code nullFlavor=\"NP\"/>") },
};

static void
render_said(struct ac_xw *w, const struct cda_said *said)
{
	CDA_RAW(w, "<author><templateId root=\"" ROOT "119\"/>");
	cda_put_point(w, "time", said->time);
	CDA_RAW(w, "<assignedAuthor>");
	cda_put_ids(w, said->ids, said->nids);
	CDA_RAW(w, "<code nullFlavor=\"UNK\"/></assignedAuthor></author>");
}

static void
put_said(struct ac_xw *w, struct cda_once *once, const struct cda_said *said)
{
	const size_t max = sizeof(once->said) / sizeof(once->said[0]);
	struct ac_xw own;
	struct ac_buf b;

	for (size_t i = 0; i < once->n; i++) {
		if (once->said[i] == said) {
			cda_raw(w, &once->markup[i]);
			return;
		}
	}
	if (once->n == max) {
		render_said(w, said);
		return;
	}
	ac_buf_init(&b, w->b->a, 512, 0);
	ac_xw_init(&own, &b, false);
	render_said(&own, said);
	once->said[once->n] = said;
	once->markup[once->n] = ac_buf_str(&b);
	cda_raw(w, &once->markup[once->n++]);
}

void
cda_start_once(struct cda_once *once, struct ac_uuid document)
{
	static const char id_start[] = "<id root=\"00000000-0000-0000-0000-000000000000\" extension=\"";

	*once = (struct cda_once){ .n = 0 };
	memcpy(once->id_start, id_start, sizeof(id_start));
	cda_uuid_text(document, once->id_start + sizeof("<id root=\"") - 1);
}

static void
put_id(struct ac_xw *w, const struct cda_once *once, struct ac_str id)
{
	cda_markup(w, once->id_start, sizeof(once->id_start) - 1);
	ac_xw_value(w, id);
	CDA_RAW(w, "\"/>");
}

static void
put_entry_reference(struct ac_xw *w, const struct cda_once *once, struct ac_str entry)
{
	CDA_RAW(w, "<act classCode=\"ACT\" moodCode=\"EVN\"><templateId root=\"" ROOT "122\"/>");
	put_id(w, once, entry);
	CDA_RAW(w, "<code nullFlavor=\"NP\"/><statusCode code=\"completed\"/></act>");
}

static void
put_link(struct ac_xw *w, struct cda_once *once, const struct cda_link *l)
{
	CDA_RAW(w, "<entryRelationship typeCode=\"");
	cda_rawc(w, l->type);
	if (l->inverted)
		CDA_RAW(w, "\" inversionInd=\"true\">");
	else
		CDA_RAW(w, "\">");
	if (l->entry.n != 0)
		put_entry_reference(w, once, l->entry);
	else
		cda_put_statement(w, once, l->to);
	CDA_RAW(w, "</entryRelationship>");
}

/* Where no code fits, the narrative is the original text. */
static bool
is_told(const struct cda_code *c)
{
	return c->ref.n == 0 && (c->null != NULL || c->code.n == 0);
}

/* A code that only the narrative gives: SNOMED CT was searched, or the system the template prefers. */
static void
put_statement_code(struct ac_xw *w, const struct shape *t, const struct cda_statement *s)
{
	struct cda_code code = s->code;

	if (t->code.n != 0) {
		cda_raw(w, &t->code);
		return;
	}
	if (is_told(&code))
		code.ref = s->ref;
	cda_put_code(w, "code", NULL, &code);
}

static void
put_head(struct ac_xw *w, const struct cda_once *once, const struct shape *t, const struct cda_statement *s)
{
	cda_raw(w, &t->start);
	cda_rawc(w, s->mood != NULL ? s->mood : t->mood);
	CDA_RAW(w, "\">");
	cda_raw(w, &t->templates);
	if (!t->no_id)
		put_id(w, once, s->id);
	put_statement_code(w, t, s);
	if (s->ref.n != 0) {
		CDA_RAW(w, "<text><reference value=\"#");
		cda_raw(w, &s->ref);
		CDA_RAW(w, "\"/></text>");
	}
	if (s->status != NULL || t->status.n != 0) {
		CDA_RAW(w, "<statusCode code=\"");
		if (s->status != NULL)
			cda_rawc(w, s->status);
		else
			cda_raw(w, &t->status);
		CDA_RAW(w, "\"/>");
	}
}

void
cda_put_statement(struct ac_xw *w, struct cda_once *once, const struct cda_statement *s)
{
	const struct shape *t = &shapes[s->is];

	put_head(w, once, t, s);
	if (t->needs_time || s->time.value.n != 0 || s->time.low.n != 0 || s->time.high.n != 0)
		cda_put_time(w, &s->time);
	if (t->has_value || s->value != NULL) {
		struct cda_code value = { 0 };
		if (s->value != NULL)
			value = *s->value;
		if (is_told(&value))
			value.ref = s->ref;
		cda_put_code(w, "value", "CD", &value);
	}
	if (s->site != NULL)
		cda_put_code(w, "targetSiteCode", NULL, s->site);
	if (s->performer != NULL) {
		CDA_RAW(w, "<performer><assignedEntity>");
		cda_put_party(w, s->performer);
		CDA_RAW(w, "</assignedEntity></performer>");
	}
	if (s->said != NULL)
		put_said(w, once, s->said);
	for (size_t i = 0; i < s->nlinks; i++)
		put_link(w, once, &s->links[i]);
	cda_raw(w, &t->end);
}
