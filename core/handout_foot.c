/* handout_foot.c - the last lines of the sheet: notes, when it was given and from what, the foot of each page. */
#include "core/handout_parts.h"

static void
products(struct ac_sheet *s)
{
	const struct encounter *e = s->p->in->encounter;
	bool any = false;

	for (size_t i = 0; i < e->nprocedures; i++) {
		for (size_t k = 0;
		     e->procedures[i].status == ENC_PROC_PERFORMED && k < e->procedures[i].nproducts; k++) {
			const struct enc_product *pr = &e->procedures[i].products[k];

			if (!any)
				ac_sheet_open(s, "p", "products");
			ac_xw_textf(&s->w, "%s", any ? "; " : "");
			if (!any)
				ac_xw_textf(&s->w, "%s: ", ac_sheet_word(s, AC_W_PRODUCTS));
			any = true;
			ac_xw_elem(&s->w, "bdi", pr->name.n > 0 ? pr->name : AC_S("–"));
			if (pr->lot.n > 0) {
				ac_xw_textf(&s->w, ", %s ", ac_sheet_word(s, AC_W_LOT));
				ac_xw_elem(&s->w, "bdi", pr->lot);
			}
		}
	}
	if (any)
		ac_xw_end(&s->w, "p");
}

static void
plan_words(struct ac_sheet *s)
{
	const unsigned char *id = s->p->id.b;

	ac_xw_textf(&s->w, "%s %02X%02X%02X-%02X v%u", ac_sheet_word(s, AC_W_OF_PLAN), id[0], id[1], id[2], id[3],
	    s->p->in->version);
}

static void
given(struct ac_sheet *s)
{
	const struct ac_handout_options *o = s->o;

	ac_sheet_open(s, "p", "given");
	if (o->sheet > 0)
		ac_xw_textf(&s->w, "%s %lld", ac_sheet_word(s, AC_W_SHEET), (long long)o->sheet);
	else
		ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_PREVIEW));
	ac_xw_textc(&s->w, " ");
	plan_words(s);
	if (o->issued_at != AC_INSTANT_NONE) {
		ac_xw_textf(&s->w, ", %s ", ac_sheet_word(s, AC_W_GIVEN));
		ac_xw_text(&s->w, ac_sheet_time(s->a, s->p->in->zone, o->issued_at, AC_TIME_FULL, s->times));
		if (o->issued_by.n > 0) {
			ac_xw_textf(&s->w, " %s ", ac_sheet_word(s, AC_W_BY));
			ac_xw_elem(&s->w, "bdi", o->issued_by);
		}
	}
	if (o->replaces > 0)
		ac_xw_textf(&s->w, ", %s %lld", ac_sheet_word(s, AC_W_REPLACES), (long long)o->replaces);
	ac_xw_textf(
	    &s->w, " · %s%.*s", ac_sheet_word(s, AC_W_TIMES_IN), AC_FMT(ac_zone_name(s->p->in->zone)));
	ac_xw_end(&s->w, "p");
}

void
ac_sheet_foot(struct ac_sheet *s)
{
	const struct ac_plan_input *in = s->p->in;

	ac_xw_open(&s->w, "footer");
	ac_sheet_check(s); /* beside the lines */
	given(s);
	products(s);
	for (size_t i = 0; i < in->nprotocols; i++) {
		const struct ac_plan_protocol *pp = &in->protocols[i];

		ac_sheet_open(s, "p", "protocol");
		ac_xw_textf(&s->w, "%s ", ac_sheet_word(s, AC_W_PROTOCOL));
		ac_sheet_text(s, pp->protocol->title);
		ac_xw_textf(&s->w, " (%02x%02x%02x%02x), ", pp->protocol->version.b[0],
		    pp->protocol->version.b[1], pp->protocol->version.b[2], pp->protocol->version.b[3]);
		if (pp->approver.n > 0)
			ac_xw_textf(&s->w, "%s %.*s",
			    ac_sheet_word(s, pp->solo ? AC_W_APPROVED_SOLO : AC_W_APPROVED_BY),
			    AC_FMT(pp->approver));
		else
			ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_NOT_APPROVED));
		ac_xw_end(&s->w, "p");
	}
	ac_xw_end(&s->w, "footer");
}

void
ac_sheet_notes(struct ac_sheet *s)
{
	if (s->assumed)
		ac_sheet_mark(s, "note", AC_W_SAFE_SIDE_NOTE);
	if (s->fell_back || !s->has_words)
		ac_sheet_mark(s, "note", AC_W_IN_OTHER_LANGUAGE);
	if (s->night)
		ac_sheet_mark(s, "note", AC_W_NIGHT_NOTE);
}

/* At the foot of each printed page: whose it is, when it was given, of which plan. */
void
ac_sheet_running(struct ac_sheet *s)
{
	const struct encounter *e = s->p->in->encounter;

	ac_sheet_open(s, "div", "running");
	ac_xw_attrc(&s->w, "aria-hidden", "true"); /* all of it stands above */
	ac_xw_open(&s->w, "p");
	ac_xw_elem(&s->w, "bdi", ac_person_words(e->patient.given, e->patient.family, s->a));
	ac_sheet_open(s, "span", "of");
	if (s->o->sheet > 0)
		ac_xw_textf(&s->w, "%s %lld", ac_sheet_word(s, AC_W_SHEET), (long long)s->o->sheet);
	else
		ac_xw_textc(&s->w, ac_sheet_word(s, AC_W_PREVIEW));
	ac_xw_textf(&s->w, " · ");
	ac_xw_text(&s->w, ac_sheet_time(s->a, s->p->in->zone, s->now, AC_TIME_FULL, s->times));
	ac_xw_textf(&s->w, " · ");
	plan_words(s);
	ac_xw_end(&s->w, "span");
	if (s->p->demonstration)
		ac_xw_elem(&s->w, "strong", ac_str_c(ac_sheet_word(s, AC_W_DEMONSTRATION)));
	ac_xw_end(&s->w, "p");
	ac_xw_end(&s->w, "div");
}
