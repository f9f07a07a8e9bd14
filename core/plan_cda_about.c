/* plan_cda_about.c - which number serves when, what was assumed, and where this plan comes from. */
#include "core/plan_cda_map.h"

static struct ac_str
clock(struct ac_map *m, int minute)
{
	return ac_strf(m->a, "%02d:%02d", minute / 60, minute % 60);
}

/* "Mon-Fri 09:00-18:00, Sat 10:00-14:00": days with the same hours together. */
static struct ac_str
hours_words(struct ac_map *m, const struct ac_hours *h)
{
	struct ac_str all = { 0 };

	for (int day = 0, last; day < 7; day = last + 1) {
		last = day;
		if (h->from[day] == h->until[day])
			continue;
		while (last < 6 && h->from[last + 1] == h->from[day] && h->until[last + 1] == h->until[day])
			last++;
		all = AC_MAP_JOIN(m, all, all.n != 0 ? AC_S(", ") : AC_S(""),
		    ac_weekday_word(day, true, AC_S("en")), last > day ? AC_S("-") : AC_S(""),
		    last > day ? ac_weekday_word(last, true, AC_S("en")) : AC_S(""), AC_S(" "),
		    clock(m, h->from[day]), AC_S("-"), clock(m, h->until[day]));
	}
	return all.n != 0 ? all : AC_S("no hours are stated");
}

static void
add_contact(struct ac_map *m, struct ac_map_cells *cells, const struct ac_contact *c, const char *what,
    const char *always)
{
	bool has = c->is_set && !ac_map_is_blank(c->number);

	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_str_c(what));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, has ? c->number : AC_S("NOT RECORDED by the clinic"));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, c->name);
	ac_map_cell(
	    m, cells, (struct ac_str){ 0 }, c->has_hours ? hours_words(m, &c->hours) : ac_str_c(always));
}

static void
add_contacts(struct ac_map *m)
{
	static const char *const head[] = { "Call", "Number", "Who answers", "When" };
	struct ac_map_cells cells = { 0 };

	add_contact(m, &cells, &m->clinic->clinic, "The clinic", "during opening hours");
	add_contact(m, &cells, &m->clinic->out_of_hours, "Out of hours", "when the clinic is closed");
	add_contact(m, &cells, &m->clinic->emergency, "Emergency", "at any time");
	ac_map_table(m, CDA_INTERVENTIONS, "Which number serves when", head, 4, &cells);
}

static struct ac_str
line_words(struct ac_map *m, const struct ac_plan_line *l)
{
	struct ac_str text = ac_str_trim(ac_map_english(&l->def->text));

	while (text.n != 0 && text.p[text.n - 1] == '.')
		text.n--;
	return l->protocol == NULL
		   ? text
		   : AC_MAP_JOIN(m, text, AC_S(" ("), ac_map_english(&l->protocol->title), AC_S(")"));
}

/* Contradictions, missing facts, warnings: what the clinician must look at. */
static void
add_open(struct ac_map *m)
{
	static const char *const head[] = { "For the clinician", "What" };
	const struct ac_plan *p = m->p;
	struct ac_map_cells cells = { 0 };

	for (size_t i = 0; i < p->ncontradictions; i++) {
		ac_map_cell(m, &cells, (struct ac_str){ 0 }, AC_S("CONTRADICTION, not resolved"));
		ac_map_cell(m, &cells, (struct ac_str){ 0 },
		    AC_MAP_JOIN(m, line_words(m, p->contradictions[i].a), AC_S(" / "),
			line_words(m, p->contradictions[i].b)));
	}
	for (size_t i = 0; i < p->nmissing; i++) {
		const struct ac_plan_missing *f = &p->missing[i];
		if (f->conflict) /* it is recorded; a note says what does not fit */
			continue;
		struct ac_str label = f->def != NULL ? ac_map_english(&f->def->label) : (struct ac_str){ 0 };
		ac_map_cell(m, &cells, (struct ac_str){ 0 },
		    f->required ? AC_S("NOT RECORDED, required")
				: AC_S("Not recorded, the stricter rule holds"));
		ac_map_cell(m, &cells, (struct ac_str){ 0 }, ac_map_is_blank(label) ? f->path : label);
	}
	for (size_t i = 0; i < p->nwarnings; i++) {
		ac_map_cell(m, &cells, (struct ac_str){ 0 }, AC_S("Note"));
		ac_map_cell(m, &cells, (struct ac_str){ 0 }, p->warnings[i].text);
	}
	ac_map_table(m, CDA_INTERVENTIONS, "Open and assumed", head, 2, &cells);
}

static void
fact(struct ac_map *m, struct ac_map_cells *cells, const char *what, struct ac_str value)
{
	ac_map_cell(m, cells, (struct ac_str){ 0 }, ac_str_c(what));
	ac_map_cell(m, cells, (struct ac_str){ 0 }, value);
}

static struct ac_str
signature_words(struct ac_map *m)
{
	const struct enc_person *by = &m->e->signed_by;
	struct ac_str name = ac_map_list(m, by->given.v, by->given.n);

	if (m->d.legal_authenticator == NULL)
		return AC_S("No person has confirmed this version. It was made by the protocols below.");
	name = AC_MAP_JOIN(m, name, AC_S(" "), by->family);
	if (m->in->confirmed_at != 0)
		return AC_MAP_JOIN(m, AC_S("Signed by "), ac_str_trim(name), AC_S(": confirmed this very version on "),
		    ac_map_when(m, m->in->confirmed_at), AC_S("."));
	return AC_MAP_JOIN(m, AC_S("Signed by "), ac_str_trim(name),
	    AC_S(": the clinic has recorded that the signature of the encounter covers this plan. Encounter "
		 "signed on "),
	    m->e->signed_at.precision < 14
		? ac_time_words(m->a, NULL, m->e->signed_at.t, AC_TIME_DATE, AC_S("en"))
		: ac_map_when(m, m->e->signed_at.t),
	    AC_S("."));
}

struct ac_str
ac_map_approval(const struct ac_plan_protocol *pp)
{
	if (ac_map_is_blank(pp->approver))
		return AC_S(", approval not recorded");
	if (pp->solo)
		return AC_S(", clinic of one doctor: approved by its author after the waiting time, ");
	return AC_S(", approved by ");
}

static struct ac_str
protocol_words(struct ac_map *m, const struct ac_plan_protocol *pp)
{
	const struct ac_protocol *p = pp->protocol;

	return AC_MAP_JOIN(m, ac_map_english(&p->title), AC_S(" ("), p->id, AC_S("), version SHA-256 "),
	    ac_hex(m->a, p->version.b, sizeof(p->version.b)),
	    ac_map_approval(pp), pp->approver, p->demonstration ? AC_S("; DEMONSTRATION") : AC_S(""));
}

void
ac_map_about(struct ac_map *m)
{
	const struct ac_plan_input *in = m->in;
	struct ac_map_cells cells = { 0 };
	struct ac_str version = ac_strf(m->a, "%u", (unsigned)in->document_version);

	add_contacts(m);
	if (!m->revoked)
		add_open(m);
	if (in->former_document_version != 0)
		version = ac_strf(m->a, "%u, replaces version %u", (unsigned)in->document_version,
		    (unsigned)in->former_document_version);
	fact(m, &cells, "Document version", version);
	fact(m, &cells, "Plan",
	    AC_MAP_JOIN(m, ac_strf(m->a, "version %u, ", (unsigned)in->version),
		m->revoked && m->p->status != AC_PLAN_ENTERED_IN_ERROR ? AC_S("revoked") : ac_str_c(ac_plan_status_word(m->p->status)), AC_S(", "),
		ac_str_c(ac_plan_stage_word(in->stage))));
	fact(m, &cells, "Made", ac_map_when(m, in->made_at));
	fact(m, &cells, "Times are those of", ac_zone_name(m->z));
	fact(m, &cells, "Signature", signature_words(m));
	for (size_t i = 0; i < in->nprotocols; i++)
		fact(m, &cells, "Protocol", protocol_words(m, &in->protocols[i]));
	ac_map_table(m, CDA_INTERVENTIONS, "About this plan", NULL, 2, &cells);
}
