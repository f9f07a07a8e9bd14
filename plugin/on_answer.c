/*
 * on_answer.c - POST /aftercare/panel/{site}/{encounter}/answers: what the panel's forms send.
 *
 * Rules   "fact.NAME" once per value; "anchor" is a wall time of the encounter's zone. An answered time that stood twice on
 *         the clock counts as the later one: nothing is allowed too early.
 */
#include "core/intake.h"
#include "core/products.h"
#include "plugin/page.h"

#define ANSWERS_MAX 32
#define VALUES_MAX 64
#define NAME_MAX_BYTES 64
#define VALUE_MAX_BYTES 200

struct reading {
	struct ac_answer v[ANSWERS_MAX];
	size_t n;
};

static struct ac_answer *
answer_named(struct reading *r, struct ac_str name, struct ac_arena *a)
{
	for (size_t i = 0; i < r->n; i++)
		if (ac_streq(r->v[i].name, name))
			return &r->v[i];
	if (r->n == ANSWERS_MAX)
		return NULL;
	r->v[r->n] =
	    (struct ac_answer){ .name = name, .values = { ac_new(a, struct ac_str, VALUES_MAX), 0 } };
	return &r->v[r->n++];
}

static enum ac_code
zone_of(struct ac_http *h, struct ac_str name, const struct ac_zone **ret, struct ac_err *reterr)
{
	struct ac_str bytes;
	enum ac_code rc = ac_zone_read(name, NULL, h->w->arena, &bytes, reterr);

	return rc != AC_OK ? rc : ac_zone_open(name, bytes, h->w->arena, ret, reterr);
}

/* A time on a day before the visit would end every restriction too early. */
static bool
is_day_before(const struct ac_zone *z, struct ac_wall w, struct ac_stamp start)
{
	struct ac_wall s = ac_wall_at(z, start.t);

	return start.precision == 14 &&
	       ac_days_from_civil(w.year, w.month, w.day) < ac_days_from_civil(s.year, s.month, s.day);
}

static enum ac_code
read_anchor(struct ac_http *h, const struct encounter *e, struct ac_str text, struct reading *r,
    struct ac_err *reterr)
{
	const struct ac_zone *z;
	struct ac_wall w;
	enum ac_code rc;

	if (!ac_form_wall(text, &w))
		return ac_fail(
		    reterr, AC_EINPUT, "ANSWER-TIME", "give the time of the treatment as day and clock time");
	if ((rc = zone_of(h, e->zone, &z, reterr)) != AC_OK)
		return rc;
	int64_t t = ac_wall_instant(z, w, AC_FOLD_LATER);
	if (t > ac_service_now_ms(h->w->service) / 1000 + 60)
		return ac_fail(
		    reterr, AC_EINPUT, "ANSWER-FUTURE", "the time of the treatment lies in the future");
	if (is_day_before(z, w, e->start))
		return ac_fail(reterr, AC_EINPUT, "ANSWER-BEFORE",
		    "the time of the treatment lies on a day before the visit");
	struct ac_answer *ans = answer_named(r, AC_S("anchor"), h->w->arena);
	if (ans != NULL) {
		ans->values.v[0] = ac_rfc3339(h->w->arena, z, t);
		ans->values.n = 1;
	}
	return AC_OK;
}

static enum ac_code
read_fields(struct ac_http *h, const struct encounter *e, struct reading *r, struct ac_err *reterr)
{
	for (size_t i = 0; i < h->nform; i++) {
		struct ac_str name = h->form[i].name, value = ac_str_trim(h->form[i].value);
		enum ac_code rc;

		if (value.n == 0)
			continue;
		if (ac_streq_c(name, "anchor")) {
			if ((rc = read_anchor(h, e, value, r, reterr)) != AC_OK)
				return rc;
			continue;
		}
		if (ac_streq_c(name, AC_ANSWER_EARLIER)) {
			struct ac_answer *end = answer_named(r, name, h->w->arena);
			if (end == NULL || end->values.n == VALUES_MAX)
				return ac_fail(reterr, AC_ELIMIT, "ANSWER-LIMIT", "too many answers at once");
			end->values.v[end->values.n++] = value;
			continue;
		}
		if (!ac_str_starts(name, AC_S("fact.")))
			continue;
		name = (struct ac_str){ name.p + 5, name.n - 5 };
		if (name.n == 0 || name.n > NAME_MAX_BYTES || value.n > VALUE_MAX_BYTES ||
		    ac_streq_c(name, "anchor") || ac_streq_c(name, AC_ANSWER_EARLIER))
			return ac_fail(
			    reterr, AC_EINPUT, "ANSWER-FIELD", "a field of the form is not one of ours");
		struct ac_answer *ans = answer_named(r, name, h->w->arena);
		if (ans == NULL || ans->values.n == VALUES_MAX)
			return ac_fail(reterr, AC_ELIMIT, "ANSWER-LIMIT", "too many answers at once");
		ans->values.v[ans->values.n++] = value;
	}
	if (r->n == 0 && ac_http_form(h, "give").n == 0)
		return ac_fail(reterr, AC_EINPUT, "ANSWER-EMPTY", "nothing was chosen");
	return AC_OK;
}

/* "Confirm and print": what was answered is saved; then the sheet, unless the lot that was typed had expired. */
static enum ac_code
give_out(struct ac_http *h, struct ac_str site, struct ac_str encounter, struct ac_err *reterr)
{
	struct ac_issue_request rq = { .language = ac_http_form(h, "language"),
		.recipient = ac_http_form(h, "recipient"),
		.medium = AC_S("paper"),
		.large = ac_streq_c(ac_http_form(h, "size"), "large"),
		.from_page = true };
	struct ac_issue_row row;
	struct ac_record *r;
	struct ac_str bytes;
	enum ac_code rc;

	if ((rc = ac_record_find(h->w, site, encounter, &rq.plan, reterr)) != AC_OK ||
	    (rc = ac_record_load(h->w, rq.plan, 0, &r, reterr)) != AC_OK ||
	    (rc = ac_page_may_see(h, r, reterr)) != AC_OK)
		return rc;
	if (ac_plan_expired_lot(r->plan) != NULL) {
		ac_http_see_other(h, ac_panel_path(h->w->arena, site, encounter));
		return AC_OK;
	}
	if (!ac_str_int(ac_http_form(h, "sheets"), 0, INT64_MAX, &rq.seen_sheets) || rq.language.n == 0 || rq.language.n > 35 ||
	    (!ac_streq_c(rq.recipient, "patient") && !ac_streq_c(rq.recipient, "guardian")))
		return ac_fail(reterr, AC_EINPUT, "ISSUE-FIELD", "choose a language, and who gets the sheet");
	rq.seen_version = r->row.version;
	if ((rc = ac_intake_issue(h->w, &h->who, &rq, &row, &bytes, reterr)) != AC_OK)
		return rc;
	ac_http_see_other(h, ac_plan_path(h->w->arena, rq.plan, "/sheets/%lld", (long long)row.n));
	return AC_OK;
}

enum ac_code
ac_on_panel_answer(struct ac_http *h, struct ac_err *reterr)
{
	struct ac_str site = h->capture[0], encounter = h->capture[1];
	struct ac_encounter_row row;
	struct reading r = { 0 };
	struct ac_intake in = { 0 };
	int64_t seen, version;
	enum ac_code rc;

	if ((rc = ac_form_check(
		 h, ac_strf(h->w->arena, "%.*s/%.*s", AC_FMT(site), AC_FMT(encounter)), reterr)) != AC_OK)
		return rc;
	if ((rc = ac_encounter_get(h->w, site, encounter, &row, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_authorize_visit(h, &(struct ac_visit_key){ site, encounter, row.patient, { { 0 } } }, reterr)) != AC_OK)
		return rc;
	if (!ac_str_int(ac_http_form(h, "seen"), 0, INT64_MAX, &seen) ||
	    !ac_str_int(ac_http_form(h, "version"), 0, INT64_MAX, &version))
		return ac_fail(reterr, AC_EINPUT, "FORM-SEEN", "the form does not say which state it showed");
	if ((rc = read_fields(h, row.encounter, &r, reterr)) != AC_OK)
		return rc;
	bool give = ac_http_form(h, "give").n > 0;
	rc = r.n == 0 ? AC_OK : ac_intake_answer(h->w, &h->who, site, encounter, r.v, r.n, seen, version, &in, reterr);
	if (rc == AC_OK && give)
		rc = give_out(h, site, encounter, reterr);
	if (rc == AC_ECONFLICT) {
		ac_page_set_conflict(h, reterr);
		return ac_on_panel(h, reterr);
	}
	if (rc != AC_OK)
		return rc;
	if (!give)
		ac_http_see_other(h, ac_panel_path(h->w->arena, site, encounter));
	return AC_OK;
}
