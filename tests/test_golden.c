/*
 * test_golden.c - the stories in tests/golden: each step's snapshot against the plan that was read and kept.
 *
 * Shape   story.json: { "story", "expect", "steps": [ { "snapshot", "made_at", "issued_at"?, "answers"?, "revoked"?,
 *         "plan" } ] }. A step's protocols are those that match, as intake finds them; a revoked plan keeps the former
 *         step's. AC_GOLDEN_UPDATE=1 writes the plans instead of comparing them; AC_GOLDEN_SHEETS=DIR writes each plan's
 *         sheet there too, that of two treatments in each language with words of its own, for tests/paper.py.
 */
#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "core/handout.h"
#include "tests/plan_kit.h"

#define GOLDEN AC_SOURCE_DIR "/tests/golden"
#define ANSWERS_MAX 8

KIT_SUITE(golden);

struct run { /* what goes on from step to step of one story */
	const char *name;
	const struct ac_protocol *all[2];
	struct ac_plan_input in;
	struct ac_plan *former;
	uint32_t version;
};

static struct ac_str
contents(const char *path)
{
	struct ac_err e = { 0 };
	struct ac_str s = { 0 };

	cr_assert(ac_file_read(path, 1024 * 1024, a, &s, &e) == AC_OK, "%s: %s", path, e.msg);
	return s;
}

static const char *
member(json_object *o, const char *key)
{
	json_object *v;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_string(v) : NULL;
}

static void
read_answers(json_object *step, struct ac_plan_input *in)
{
	struct ac_answer *v = ac_new(a, struct ac_answer, ANSWERS_MAX);
	json_object *answers;

	in->answers = v;
	in->nanswers = 0;
	if (!json_object_object_get_ex(step, "answers", &answers))
		return;
	json_object_object_foreach(answers, key, val)
	{
		struct ac_str *s = ac_new(a, struct ac_str, 1);
		*s = ac_str_dup(a, ac_str_c(json_object_get_string(val)));
		cr_assert(in->nanswers < ANSWERS_MAX);
		v[in->nanswers] = kit_answer("", s);
		v[in->nanswers++].name = ac_str_dup(a, ac_str_c(key));
	}
}

/* What intake would do: match first, and no plan without a match. */
static struct ac_plan *
plan_of_step(struct run *r, json_object *step, struct ac_buf *matches)
{
	static const char *const words[] = { "none", "suggested", "evidence" };
	struct ac_plan_input *in = ac_new(a, struct ac_plan_input, 1);
	const char *revoked = member(step, "revoked"), *issued = member(step, "issued_at");
	const char *snapshot = ac_cstr(a, ac_strf(a, GOLDEN "/%s/%s", r->name, member(step, "snapshot")));
	struct ac_jw w;

	*in = r->in;
	in->encounter = kit_snapshot(a, contents(snapshot));
	in->zone = kit_zone(a, ac_cstr(a, in->encounter->zone));
	in->made_at = kit_time(member(step, "made_at"));
	in->issued_at = issued == NULL ? AC_INSTANT_NONE : kit_time(issued);
	read_answers(step, in);
	ac_jw_init(&w, matches);
	ac_jw_obj(&w);
	if (revoked == NULL)
		in->nprotocols = 0;
	for (size_t i = 0; i < 2; i++) {
		enum ac_match m = ac_plan_match(in->encounter, in->answers, in->nanswers, r->all[i], a);
		ac_jw_kstr(&w, ac_cstr(a, r->all[i]->id), ac_str_c(words[m]));
		if (revoked == NULL && m != AC_MATCH_NONE)
			in->protocols[in->nprotocols++].protocol = r->all[i];
	}
	ac_jw_end_obj(&w);
	if (in->nprotocols == 0)
		return NULL;
	in->revoked = revoked != NULL;
	in->revoke_reason = ac_str_dup(a, ac_str_c(revoked));
	struct ac_uuid id =
	    ac_plan_id(in->id_root, in->encounter->site, in->encounter->id, in->encounter->patient.id);
	if (r->former != NULL && memcmp(&id, &r->former->id, sizeof(id)) != 0) { /* another plan begins */
		r->former = NULL;
		r->version = 0;
	}
	in->version = ++r->version;
	r->in = *in;
	return kit_make(a, in);
}

static void
keep_sheet_in(const struct run *r, const struct ac_plan *p, const char *lang)
{
	struct ac_handout_options o = { .issued_at = AC_INSTANT_NONE, .language = ac_str_c(lang) };
	struct ac_err e = { 0 };
	struct ac_str html = { 0 };

	cr_assert(ac_handout_html(p, &o, a, &html, &e) == AC_OK, "%s", e.msg);
	const char *path = ac_cstr(a, ac_strf(a, "%s/%s-%u-%s.html", getenv("AC_GOLDEN_SHEETS"), r->name, p->in->version, lang));
	cr_assert(ac_file_write(path, html, 0600, &e) == AC_OK, "%s", e.msg);
}

static void
keep_sheets(const struct run *r, const struct ac_plan *p)
{
	static const char *const languages[] = { "en", "ar", "de", "es", "fr", "he", "it", "pl", "pt", "ru", "tr", "uk" };
	size_t n = p->in->nprotocols > 1 ? sizeof(languages) / sizeof(languages[0]) : 1;

	if (getenv("AC_GOLDEN_SHEETS") == NULL || p->in->clinic == NULL)
		return;
	for (size_t i = 0; i < n; i++)
		keep_sheet_in(r, p, languages[i]);
}

static struct ac_str
outcome(struct run *r, json_object *step)
{
	AC_AUTO_T(json_object) tree = NULL;
	struct ac_err e = { 0 };
	struct ac_buf b, matches;

	ac_buf_init(&matches, a, 256, 0);
	struct ac_plan *p = plan_of_step(r, step, &matches);
	ac_buf_init(&b, a, 16 * 1024, 0);
	struct ac_str m = ac_buf_str(&matches);
	ac_buf_addf(&b, "{\"match\":%.*s,", AC_FMT(m));
	if (p != NULL && r->former != NULL) {
		unsigned c = ac_plan_changed(r->former, p, a);
		ac_buf_addf(&b, "\"changed\":{\"clinical\":%s,\"patient\":%s,\"signer\":%s},",
		    c & AC_CHANGED_CLINICAL ? "true" : "false", c & AC_CHANGED_PATIENT ? "true" : "false",
		    c & AC_CHANGED_SIGNER ? "true" : "false");
	}
	struct ac_str json = p == NULL ? AC_S("null") : ac_plan_encode(p, a);
	ac_buf_addf(&b, "\"plan\":%.*s}", AC_FMT(json));
	if (p != NULL) {
		r->former = p;
		keep_sheets(r, p);
	}
	cr_assert(ac_json_parse(ac_buf_str(&b), AC_JSON_SIZE_MAX, &tree, &e) == AC_OK, "%s", e.msg);
	return ac_strf(a, "%s\n",
	    json_object_to_json_string_ext(
		tree, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void
run_story(const char *name)
{
	AC_AUTO_T(json_object) story = NULL;
	struct ac_err e = { 0 };
	struct run r = { .name = name };
	const char *path = ac_cstr(a, ac_strf(a, GOLDEN "/%s/story.json", name));
	json_object *steps;

	r.all[0] = kit_protocol(a, ac_cstr(a, contents(GOLDEN "/protocols/mesotherapy.xml")));
	r.all[1] = kit_protocol(a, ac_cstr(a, contents(GOLDEN "/protocols/chemical-peel.xml")));
	r.in.id_root = (struct ac_uuid){ "golden stories\0" };
	cr_assert(ac_clinic_load(contents(GOLDEN "/clinic.conf"), a, &r.in.clinic, &e) == AC_OK, "%s", e.msg);
	cr_assert(
	    ac_json_parse(contents(path), AC_JSON_SIZE_MAX, &story, &e) == AC_OK, "%s: %s", name, e.msg);
	cr_assert(json_object_object_get_ex(story, "steps", &steps), "%s", name);

	for (size_t i = 0; i < json_object_array_length(steps); i++) {
		json_object *step = json_object_array_get_idx(steps, i);
		const char *plan = ac_cstr(a, ac_strf(a, GOLDEN "/%s/%s", name, member(step, "plan")));
		struct ac_str got = outcome(&r, step);
		if (getenv("AC_GOLDEN_UPDATE") != NULL)
			cr_assert(ac_file_write(plan, got, 0644, &e) == AC_OK, "%s", e.msg);
		struct ac_str want = contents(plan);
		cr_expect(ac_streq(got, want), "%s, step %zu: differs from %s", name, i + 1, plan);
	}
}

#define STORY(test, folder) \
	Test(golden, test) \
	{ \
		run_story(folder); \
	}

STORY(a_consultation_alone_has_no_plan, "consultation-only")
STORY(a_patient_who_did_not_come_has_no_plan, "no-show")
STORY(a_follow_up_visit_without_treatment_has_no_plan_of_its_own, "follow-up-visit")
STORY(a_treatment_stopped_half_way_has_a_plan, "stopped-half-way")
STORY(two_procedures_have_one_plan, "two-procedures")
STORY(a_wrong_patient_loses_the_plan_and_the_right_one_gets_another, "wrong-patient")
STORY(a_procedure_removed_and_restored_is_revoked_and_active_again, "procedure-removed-and-restored")
STORY(a_medication_list_never_reviewed_gives_the_longer_window, "medication-list-never-reviewed")
STORY(a_start_of_midnight_is_a_date, "start-of-midnight")
STORY(a_friday_evening_before_a_holiday_keeps_the_call_within_its_shift, "friday-evening-before-a-holiday")

Test(golden, has_a_test_for_every_story)
{
	static const char *const known[] = { "consultation-only", "no-show", "follow-up-visit",
		"stopped-half-way", "two-procedures", "wrong-patient", "procedure-removed-and-restored",
		"medication-list-never-reviewed", "start-of-midnight", "friday-evening-before-a-holiday" };
	DIR *d = opendir(GOLDEN);
	struct dirent *de;

	cr_assert(d != NULL);
	while ((de = readdir(d)) != NULL) {
		const char *path = ac_cstr(a, ac_strf(a, GOLDEN "/%s/story.json", de->d_name));
		struct ac_err e = { 0 };
		struct ac_str s;
		bool found = false;
		if (ac_file_read(path, 1024 * 1024, a, &s, &e) != AC_OK)
			continue;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]) && !found; i++)
			found = strcmp(known[i], de->d_name) == 0;
		cr_expect(found, "%s", de->d_name);
	}
	closedir(d);
}
