/* chart_samples.c - the invented encounters, and their snapshots as the chart knows them now. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "plugin/demo/chart.h"

#define BEGUN_SECONDS (10 * 60) /* a booked visit is recorded when its treatment is just over */

const struct chart_sample chart_samples[] = {
	{ "1001", "501", "Ada", "Example", "1988-04-02", "female", "Mesotherapy of the face, performed", "MESO",
	    "Mesotherapy", "face", "neck", 25, 0, NULL, false, 2, "L-2231", 0, NULL },
	{ "1002", "502", "Ben", "Example", "1979-11-20", "male", "Mesotherapy of the scalp, signed", "MESO", "Mesotherapy",
	    "scalp", NULL, 26 * 60, 17 * 60, NULL, true, 1, "L-2231", 0, NULL },
	{ "1003", "503", "Cleo", "Example", "1991-06-15", "female", "Two procedures in one visit", "MESO PEEL", "Mesotherapy",
	    "face", NULL, 70, 0, NULL, true, 3, "L-2231", 0, NULL },
	{ "1004", "504", "Dora", "Example", "1985-01-30", "female", "Only the visit category says mesotherapy", "", "Mesotherapy",
	    NULL, NULL, 40, 0, NULL, true, 0, "L-2231", 0, NULL },
	{ "1005", "505", "Emil", "Example", "1990-09-09", "male", "Signed yesterday; the area was recorded wrongly", "MESO",
	    "Mesotherapy", "face", "neck", 24 * 60 + 30, 15 * 60, NULL, true, 1, "L-2231", 0, NULL },
	{ "1006", "506", "Finn", "Example", "2010-03-03", "male", "A minor, with his mother", "MESO", "Mesotherapy", "cheek",
	    NULL, 55, 0, "Eve Example", true, 1, "L-2231", 0, NULL },
	{ "1007", "507", "Gina", "Example", "1994-12-24", "female", "A consultation, no treatment", "", "Consultation", NULL,
	    NULL, 90, 0, NULL, true, 0, "L-2231", 0, NULL },
	{ "1008", "508", "Hana", "Example", "1989-07-07", "female", "A first session; the chart has nothing but the treatment", "MESO",
	    "Mesotherapy", NULL, NULL, 0, 0, NULL, true, 0, NULL, 10, NULL },
	{ "1009", "501", "Ada", "Example", "1988-04-02", "female", "The follow-up visit", "", "Follow-up", NULL, NULL, 0, 0, NULL,
	    true, 0, NULL, 13 * 24 * 60, "1001" },
	{ "1010", "501", "Ada", "Example", "1988-04-02", "female", "The next session", "MESO",
	    "Mesotherapy", NULL, NULL, 0, 0, NULL, true, 0, NULL, 14 * 24 * 60, NULL },
};
const size_t chart_nsamples = sizeof(chart_samples) / sizeof(chart_samples[0]);

int64_t
chart_ended(const struct chart *c, const struct chart_sample *s, const struct chart_state *st)
{
	int64_t t = c->started - (int64_t)s->minutes_ago * 60;

	if (s->booked_minutes > 0)
		t = st->begun_at != 0 ? st->begun_at - BEGUN_SECONDS : c->started + (int64_t)s->booked_minutes * 60;
	return t / 300 * 300; /* people write full five minutes */
}

static void
state_path(const struct chart *c, const struct chart_sample *s, char *buf, size_t n)
{
	snprintf(buf, n, "%s/%s.state", c->dir, s->id);
}

void
chart_state_read(const struct chart *c, const struct chart_sample *s, struct chart_state *ret)
{
	char path[4096];
	long long signed_at, revision, begun_at;
	int corrected;
	FILE *f;

	*ret = (struct chart_state){ .revision = c->started * 1000000 };
	if (s->signed_minutes_ago > 0)
		ret->signed_at = c->started - (int64_t)s->signed_minutes_ago * 60;
	state_path(c, s, path, sizeof(path));
	if ((f = fopen(path, "r")) == NULL)
		return;
	if (fscanf(f, "%lld %d %lld %lld", &signed_at, &corrected, &revision, &begun_at) == 4)
		*ret = (struct chart_state){ signed_at, corrected != 0, revision, begun_at };
	fclose(f);
}

bool
chart_state_write(const struct chart *c, const struct chart_sample *s, const struct chart_state *st)
{
	char path[4096], line[128];
	struct ac_err e = { 0 };

	state_path(c, s, path, sizeof(path));
	snprintf(line, sizeof(line), "%lld %d %lld %lld\n", (long long)st->signed_at, st->corrected,
	    (long long)st->revision, (long long)st->begun_at);
	return ac_file_write(path, ac_str_c(line), 0600, &e) == AC_OK;
}

static void
provider(struct ac_jw *w, const char *key)
{
	ac_jw_key(w, key);
	ac_jw_obj(w);
	ac_jw_kstr(w, "id", AC_S("3"));
	ac_jw_kstr(w, "npi", AC_S("1234567893"));
	ac_jw_key(w, "given");
	ac_jw_arr(w);
	ac_jw_str(w, AC_S("Grace"));
	ac_jw_end_arr(w);
	ac_jw_kstr(w, "family", AC_S("Example"));
	ac_jw_end_obj(w);
}

static void
patient(struct ac_jw *w, const struct chart_sample *s)
{
	ac_jw_key(w, "patient");
	ac_jw_obj(w);
	ac_jw_kstr(w, "id", ac_str_c(s->patient_id));
	ac_jw_key(w, "given");
	ac_jw_arr(w);
	ac_jw_str(w, ac_str_c(s->given));
	ac_jw_end_arr(w);
	ac_jw_kstr(w, "family", ac_str_c(s->family));
	ac_jw_kstr(w, "birth_date", ac_str_c(s->birth));
	ac_jw_kstr(w, "sex", ac_str_c(s->sex));
	ac_jw_kstr(w, "language", AC_S("en"));
	ac_jw_kstr(w, "phone", AC_S("+49 30 5550100"));
	if (s->guardian != NULL) {
		ac_jw_key(w, "guardian");
		ac_jw_obj(w);
		ac_jw_kstr(w, "name", ac_str_c(s->guardian));
		ac_jw_kstr(w, "relation", AC_S("mother"));
		ac_jw_kstr(w, "phone", AC_S("+49 30 5550101"));
		ac_jw_end_obj(w);
	}
	ac_jw_end_obj(w);
}

static void
procedure(struct ac_jw *w, const struct chart *c, const struct chart_sample *s, const struct chart_state *st, const char *code,
    const char *text, const char *product, struct ac_arena *a)
{
	ac_jw_obj(w);
	ac_jw_kstr(w, "id", ac_strf(a, "%s-%s", s->id, code));
	ac_jw_kstr(w, "system", AC_S("LOCAL"));
	ac_jw_kstr(w, "code", ac_str_c(code));
	ac_jw_kstr(w, "text", ac_str_c(text));
	ac_jw_kstr(w, "status", AC_S("performed"));
	ac_jw_kstr(w, "performed", ac_rfc3339(a, c->zone, chart_ended(c, s, st)));
	if (product != NULL) {
		ac_jw_key(w, "products");
		ac_jw_arr(w);
		ac_jw_obj(w);
		ac_jw_kstr(w, "name", ac_str_c(product));
		if (s->lot != NULL)
			ac_jw_kstr(w, "lot", ac_str_c(s->lot));
		ac_jw_end_obj(w);
		ac_jw_end_arr(w);
	}
	ac_jw_end_obj(w);
}

static void
encounter(struct ac_jw *w, const struct chart *c, const struct chart_sample *s, const struct chart_state *st,
    struct ac_arena *a)
{
	ac_jw_key(w, "encounter");
	ac_jw_obj(w);
	ac_jw_kstr(w, "id", ac_str_c(s->id));
	ac_jw_kint(w, "revision", st->revision);
	ac_jw_kstr(w, "status", AC_S("finished"));
	ac_jw_kstr(w, "start", ac_rfc3339(a, c->zone, chart_ended(c, s, st) - 40 * 60));
	ac_jw_kstr(w, "end", ac_rfc3339(a, c->zone, chart_ended(c, s, st) + 5 * 60));
	ac_jw_kstr(w, "zone", ac_zone_name(c->zone));
	ac_jw_kstr(w, "category", ac_str_c(s->category));
	if (s->follow_up_of != NULL)
		ac_jw_kstr(w, "follow_up_of", ac_str_c(s->follow_up_of));
	if (st->signed_at != 0) {
		ac_jw_kstr(w, "signed", ac_rfc3339(a, c->zone, st->signed_at));
		provider(w, "signed_by");
	}
	ac_jw_end_obj(w);
}

static void
facts(struct ac_jw *w, const struct chart_sample *s, const struct chart_state *st)
{
	const char *area = st->corrected ? s->corrected_area : s->area;

	ac_jw_key(w, "conditions");
	ac_jw_obj(w);
	ac_jw_key(w, "reviewed");
	ac_jw_obj(w);
	ac_jw_kbool(w, "allergy", true);
	ac_jw_kbool(w, "medication", s->medication_reviewed);
	ac_jw_end_obj(w);
	ac_jw_key(w, "items");
	ac_jw_arr(w);
	ac_jw_end_arr(w);
	ac_jw_end_obj(w);
	ac_jw_key(w, "facts");
	ac_jw_obj(w);
	if (area != NULL) {
		ac_jw_key(w, "area");
		ac_jw_arr(w);
		ac_jw_str(w, ac_str_c(area));
		ac_jw_end_arr(w);
		ac_jw_kstr(w, "technique", AC_S("needle"));
	}
	if (s->session > 0) {
		ac_jw_kint(w, "session", s->session);
		ac_jw_kint(w, "sessions", 6);
	}
	ac_jw_end_obj(w);
}

struct ac_str
chart_snapshot(const struct chart *c, const struct chart_sample *s, const struct chart_state *st, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, a, 4096, 0);
	ac_jw_init(&w, &b);
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "schema", AC_S("aftercare/encounter/1"));
	ac_jw_key(&w, "source");
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "system", AC_S("demo-chart"));
	ac_jw_kstr(&w, "site", AC_S(CHART_SITE));
	ac_jw_end_obj(&w);
	encounter(&w, c, s, st, a);
	patient(&w, s);
	provider(&w, "provider");
	ac_jw_key(&w, "clinic");
	ac_jw_obj(&w);
	ac_jw_kstr(&w, "id", AC_S("1"));
	ac_jw_kstr(&w, "name", AC_S("Demo Clinic"));
	ac_jw_kstr(&w, "phone", AC_S("+49 30 5550103"));
	ac_jw_kstr(&w, "country", AC_S("DE"));
	ac_jw_end_obj(&w);
	ac_jw_key(&w, "procedures");
	ac_jw_arr(&w);
	if (strstr(s->procedures, "MESO") != NULL)
		procedure(&w, c, s, st, "MESO", "Mesotherapy", "HA complex", a);
	if (strstr(s->procedures, "PEEL") != NULL)
		procedure(&w, c, s, st, "PEEL", "Chemical peel", NULL, a);
	ac_jw_end_arr(&w);
	facts(&w, s, st);
	ac_jw_end_obj(&w);
	return ac_buf_str(&b);
}
