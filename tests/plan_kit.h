/*
 * plan_kit.h - small encounters, protocols and a clinic, for the suites that make plans. Every value in them is invented
 * for the test.
 */
#ifndef TESTS_PLAN_KIT_H
#define TESTS_PLAN_KIT_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "core/plan_parts.h"
#include "hl7/snapshot.h"

#define KIT_NS "xmlns=\"urn:aftercare:protocol:1\""
/* id, then everything after the triggers */
#define KIT_PROTOCOL(id, code, body) \
	"<protocol " KIT_NS " id=\"" id "\" owner=\"test\"><title xml:lang=\"en\">" id "</title>" \
	"<trigger system=\"CPT4\" code=\"" code "\"/>" body "</protocol>"
#define KIT_TEXT "<text xml:lang=\"en\">words</text>"
#define KIT_BAN(id, concept, attrs, windows) \
	"<instruction id=\"" id "\" concept=\"" concept "\" kind=\"restriction\" " attrs \
							">" windows KIT_TEXT "</instruction>"
#define KIT_CARE(id, concept, attrs, windows) \
	"<instruction id=\"" id "\" concept=\"" concept "\" kind=\"care\" " attrs ">" windows KIT_TEXT \
							"</instruction>"
#define KIT_TASK(id, attrs) \
	"<task id=\"" id "\" kind=\"call\" role=\"nurse\" " attrs "><label xml:lang=\"en\">" id \
	"</label>" KIT_TEXT "</task>"
#define KIT_DONE(id, code, when) \
	"{\"id\":\"" id "\",\"system\":\"CPT4\",\"code\":\"" code "\",\"performed\":\"" when "\"}"
#define KIT_PERFORMED "\"procedures\":[" KIT_DONE("b1", "17999", "2026-03-28T14:35:00+01:00") "]"

struct
    kit { /* what a test varies; absent: a finished encounter on Saturday 28 March 2026 at 14:00 in Berlin */
	const char *status, *start, *zone;
	const char *encounter; /* more members of /encounter: "\"end\":\"...\"" */
	const char *more;      /* more members of the root: KIT_PERFORMED */
	const char *protocol, *second;
	const struct ac_answer *answers;
	size_t nanswers;
	const char *made_at, *issued_at;
	const struct ac_clinic *clinic;
};

static inline int64_t
kit_time(const char *text)
{
	struct ac_stamp s;

	cr_assert(ac_stamp_parse(ac_str_c(text), &s), "%s", text);
	return s.t;
}

static inline const struct ac_zone *
kit_zone(struct ac_arena *a, const char *name)
{
	struct ac_err e = { 0 };
	struct ac_str bytes;
	const struct ac_zone *z = NULL;

	cr_assert(ac_zone_read(ac_str_c(name), NULL, a, &bytes, &e) == AC_OK, "%s: %s", name, e.msg);
	cr_assert(ac_zone_open(ac_str_c(name), bytes, a, &z, &e) == AC_OK, "%s: %s", name, e.msg);
	return z;
}

static inline const struct ac_protocol *
kit_protocol(struct ac_arena *a, const char *xml)
{
	struct ac_err e = { 0 };
	const struct ac_protocol *p = NULL;

	cr_assert(ac_protocol_load(ac_str_c(xml), a, &p, &e) == AC_OK, "%s %u:%u %s: %s", e.rule, e.line,
	    e.col, e.path, e.msg);
	return p;
}

static inline struct encounter *
kit_snapshot(struct ac_arena *a, struct ac_str json)
{
	struct ac_err e = { 0 };
	struct enc_warnings ignored = { 0 };
	struct encounter *enc = NULL;

	cr_assert(enc_snapshot_decode(json, a, &enc, &ignored, &e) == AC_OK, "%s %u:%u %s: %s", e.rule,
	    e.line, e.col, e.path, e.msg);
	return enc;
}

static inline struct encounter *
kit_encounter(struct ac_arena *a, const struct kit *k)
{
	const char *enc = k->encounter == NULL ? "" : k->encounter, *more = k->more == NULL ? "" : k->more;

	return kit_snapshot(
	    a, ac_strf(a,
		   "{\"schema\":\"aftercare/encounter/"
		   "1\",\"source\":{\"system\":\"test\",\"site\":\"s\"},\"encounter\":{\"id\":"
		   "\"5\",\"revision\":1,\"status\":\"%s\",\"start\":\"%s\",\"zone\":\"%s\"%s%s},\"patient\":"
		   "{\"id\":\"1\","
		   "\"family\":\"Example\"}%s%s}",
		   k->status == NULL ? "finished" : k->status,
		   k->start == NULL ? "2026-03-28T14:00:00+01:00" : k->start,
		   k->zone == NULL ? "Europe/Berlin" : k->zone, enc[0] == '\0' ? "" : ",", enc,
		   more[0] == '\0' ? "" : ",", more));
}

/* Monday to Friday 09:00-18:00; Good Friday and Easter Monday 2026 closed. */
static inline struct ac_clinic *
kit_clinic(struct ac_arena *a)
{
	struct ac_clinic *c = ac_new(a, struct ac_clinic, 1);

	c->name = AC_S("Test Clinic");
	for (int i = 0; i < 5; i++) {
		c->hours.from[i] = 9 * 60;
		c->hours.until[i] = 18 * 60;
	}
	c->closed = ac_new(a, struct ac_closed_day, 3);
	c->closed[0] = (struct ac_closed_day){ ac_days_from_civil(2026, 4, 3), AC_S("Good Friday") };
	c->closed[1] = (struct ac_closed_day){ ac_days_from_civil(2026, 4, 6), AC_S("Easter Monday") };
	c->closed[2] = (struct ac_closed_day){ ac_days_from_civil(2026, 5, 14), AC_S("Ascension") };
	c->nclosed = 3;
	c->live_since = AC_INSTANT_NONE;
	return c;
}

static inline struct ac_plan_input *
kit_input(struct ac_arena *a, const struct kit *k)
{
	struct ac_plan_input *in = ac_new(a, struct ac_plan_input, 1);

	in->encounter = kit_encounter(a, k);
	in->answers = k->answers;
	in->nanswers = k->nanswers;
	in->protocols[in->nprotocols++].protocol = kit_protocol(a, k->protocol);
	if (k->second != NULL)
		in->protocols[in->nprotocols++].protocol = kit_protocol(a, k->second);
	in->clinic = k->clinic != NULL ? k->clinic : kit_clinic(a);
	in->zone = kit_zone(a, k->zone == NULL ? "Europe/Berlin" : k->zone);
	in->made_at = kit_time(k->made_at == NULL ? "2026-03-28T16:00:00+01:00" : k->made_at);
	in->issued_at = k->issued_at == NULL ? AC_INSTANT_NONE : kit_time(k->issued_at);
	in->version = 1;
	return in;
}

static inline struct ac_plan *
kit_make(struct ac_arena *a, const struct ac_plan_input *in)
{
	struct ac_err e = { 0 };
	struct ac_plan *p = NULL;

	cr_assert(ac_plan_make(in, a, &p, &e) == AC_OK, "%s: %s", e.rule, e.msg);
	return p;
}

static inline struct ac_plan *
kit_plan(struct ac_arena *a, const struct kit *k)
{
	return kit_make(a, kit_input(a, k));
}

static inline const struct ac_plan_line *
kit_line(const struct ac_plan *p, const char *key)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq_c(p->lines[i].key, key))
			return &p->lines[i];
	cr_fatal("no line %s", key);
	return NULL;
}

static inline const struct ac_plan_task *
kit_task(const struct ac_plan *p, const char *key)
{
	for (size_t i = 0; i < p->ntasks; i++)
		if (ac_streq_c(p->tasks[i].key, key))
			return &p->tasks[i];
	cr_fatal("no task %s", key);
	return NULL;
}

static inline bool
kit_warns(const struct ac_plan *p, const char *rule)
{
	for (size_t i = 0; i < p->nwarnings; i++)
		if (strcmp(p->warnings[i].rule, rule) == 0)
			return true;
	return false;
}

/* An instant as people of that zone would write it down: what tests compare. */
static inline const char *
kit_at(struct ac_arena *a, const struct ac_plan *p, int64_t t)
{
	return t == AC_INSTANT_NONE ? "none" : ac_cstr(a, ac_rfc3339(a, p->in->zone, t));
}
#define KIT_IS(p, t, text) cr_expect_str_eq(kit_at(a, (p), (t)), (text))

static inline struct ac_answer
kit_answer(const char *name, struct ac_str *value)
{
	return (struct ac_answer){
		.name = ac_str_c(name), .values = { value, 1 }, .by = AC_S("nurse"), .by_role = AC_S("nurse")
	};
}

/* Each suite's arena. */
#define KIT_SUITE(suite) \
	static struct ac_arena *a; \
	static void setup(void) \
	{ \
		a = ac_arena_new(); \
	} \
	static void teardown(void) \
	{ \
		ac_arena_free(a); \
	} \
	TestSuite(suite, .init = setup, .fini = teardown)

#endif
