/* page_words.c - times, names and paths in the words of the pages; loading what a page is about. */
#include <stdarg.h>
#include <stdio.h>

#include "plugin/page.h"

#define EN AC_S("en")

static int64_t
day_of(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);

	return ac_days_from_civil(w.year, w.month, w.day);
}

int64_t
ac_page_now(const struct ac_page *p)
{
	return ac_service_now_ms(p->h->w->service) / 1000;
}

struct ac_str
ac_page_language(struct ac_str code)
{
	static const struct {
		const char *code, *name;
	} names[] = { { "ar", "Arabic" }, { "de", "German" }, { "en", "English" }, { "es", "Spanish" }, { "fr", "French" },
		{ "he", "Hebrew" }, { "it", "Italian" }, { "pl", "Polish" }, { "pt", "Portuguese" }, { "ru", "Russian" },
		{ "tr", "Turkish" }, { "uk", "Ukrainian" } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (ac_streq_c(code, names[i].code))
			return ac_str_c(names[i].name);
	return code;
}

struct ac_str
ac_page_moment(struct ac_page *p, const struct ac_zone *z, int64_t t)
{
	if (day_of(z, t) == day_of(z, ac_page_now(p)))
		return ac_time_words(p->a, z, t, AC_TIME_CLOCK, EN);
	return ac_time_words(p->a, z, t, AC_TIME_SHORT, EN);
}

struct ac_str
ac_page_day(struct ac_page *p, const struct ac_zone *z, int64_t t)
{
	struct ac_str s = ac_time_words(p->a, z, t, AC_TIME_SHORT, EN), head;

	(void)ac_cut(s, ',', &head);
	return head;
}

struct ac_str
ac_page_span(struct ac_page *p, const struct ac_zone *z, int64_t from, int64_t until)
{
	struct ac_str last, to;

	if (until == AC_INSTANT_NONE)
		return AC_S("no date");
	last = ac_time_words(p->a, z, until, AC_TIME_SHORT, EN);
	if (from == AC_INSTANT_NONE || from >= until)
		return last;
	to = ac_time_words(p->a, z, until, AC_TIME_CLOCK, EN);
	if (day_of(z, from) == day_of(z, until))
		return ac_strf(
		    p->a, "%.*s–%.*s", AC_FMT(ac_time_words(p->a, z, from, AC_TIME_SHORT, EN)), AC_FMT(to));
	return ac_strf(p->a, "%.*s – %.*s", AC_FMT(ac_page_day(p, z, from)), AC_FMT(last));
}

struct ac_str
ac_page_sha(struct ac_page *p, const struct ac_sha256 *s)
{
	char *out = ac_alloc(p->a, sizeof(s->b) * 2 + 1);

	for (size_t i = 0; i < sizeof(s->b); i++)
		snprintf(out + 2 * i, 3, "%02x", s->b[i]);
	return (struct ac_str){ out, sizeof(s->b) * 2 };
}

struct ac_str
ac_page_person(struct ac_page *p, struct enc_strs given, struct ac_str family)
{
	struct ac_str s = { 0 };

	for (size_t i = 0; i < given.n; i++)
		s = s.n == 0 ? given.v[i] : ac_strf(p->a, "%.*s %.*s", AC_FMT(s), AC_FMT(given.v[i]));
	if (family.n == 0)
		return s;
	return s.n == 0 ? family : ac_strf(p->a, "%.*s %.*s", AC_FMT(s), AC_FMT(family));
}

struct ac_str
ac_page_role(struct ac_str role)
{
	return ac_streq_c(role, "front-desk") ? AC_S("front desk") : role;
}

struct ac_str
ac_page_text(struct ac_texts t)
{
	return ac_text_pick(t, EN, NULL);
}

struct ac_str
ac_page_label(struct ac_texts label, struct ac_texts text)
{
	struct ac_str s = ac_page_text(label);

	return s.n > 0 ? s : ac_page_text(text);
}

struct ac_str
ac_plan_home(struct ac_arena *a, struct ac_uuid plan)
{
	return ac_strf(a, "/aftercare/plans/%.*s", AC_FMT(ac_uuid_str(a, plan)));
}

struct ac_str
ac_plan_path(struct ac_arena *a, struct ac_uuid plan, const char *fmt, ...)
{
	char rest[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(rest, sizeof(rest), fmt, ap);
	va_end(ap);
	return ac_strf(a, "%.*s%s", AC_FMT(ac_plan_home(a, plan)), rest);
}

struct ac_str
ac_panel_path(struct ac_arena *a, struct ac_str site, struct ac_str encounter)
{
	return ac_strf(a, "/aftercare/panel/%.*s/%.*s", AC_FMT(ac_percent_encode(site, a)),
	    AC_FMT(ac_percent_encode(encounter, a)));
}

enum ac_code
ac_page_may_see(struct ac_http *h, const struct ac_record *r, struct ac_err *reterr)
{
	struct ac_encounter_row e;
	enum ac_code rc = ac_authorize_plan(h, &r->row, reterr);

	if (rc != AC_OK || !ac_str_is_set(h->who.encounter))
		return rc;
	if ((rc = ac_encounter_get(h->w, r->row.site, r->row.encounter, &e, reterr)) != AC_OK)
		return rc;
	if (ac_streq(e.patient, r->row.patient))
		return AC_OK;
	return ac_fail(reterr, AC_EDENIED, "AUTH-OBJECT", "this belongs to another site, patient or visit");
}

bool
ac_page_names_other(struct ac_http *h, const struct ac_other_plan *o)
{
	const struct encounter *e = o->plan->in->encounter;

	return ac_authorize_visit(h, &(struct ac_visit_key){ e->site, e->id, e->patient.id, o->id }, NULL) == AC_OK;
}

bool
ac_page_hides_other(struct ac_http *h, const struct ac_plan *p)
{
	for (size_t i = 0; i < p->in->nothers; i++)
		if (!ac_page_names_other(h, &p->in->others[i]))
			return true;
	return false;
}

enum ac_code
ac_page_record(struct ac_http *h, int64_t version, struct ac_record **ret, struct ac_err *reterr)
{
	struct ac_record *r;
	struct ac_uuid id;
	enum ac_code rc;

	if (!ac_uuid_parse(h->capture[0], &id))
		return ac_fail(reterr, AC_ENOTFOUND, "PLAN-UNKNOWN", "there is no such plan");
	if ((rc = ac_record_load(h->w, id, version, &r, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_page_may_see(h, r, reterr)) != AC_OK)
		return rc;
	*ret = r;
	return AC_OK;
}

enum ac_code
ac_page_log(struct ac_http *h, const char *action, const char *kind, const struct ac_record *r,
    int64_t version, struct ac_err *reterr)
{
	struct ac_arena *a = h->w->arena;

	return ac_service_log(h->w, &h->who, action, kind, ac_uuid_str(a, r->row.id), version, r->row.patient,
	    ac_strf(a, "%.*s/%.*s", AC_FMT(r->row.site), AC_FMT(r->row.encounter)), NULL, reterr);
}
