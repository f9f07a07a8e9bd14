/* test_merge.c - several protocols and procedures, one plan; and that their order does not matter. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "tests/plan_kit.h"

KIT_SUITE(merge);

#define UNTIL(offset) "<window until=\"" offset "\"/>"
#define FROM(offset) "<window from=\"" offset "\"/>"
#define BOTH \
	"\"procedures\":[" KIT_DONE("b1", "1", "2026-03-28T14:35:00+01:00") "," KIT_DONE( \
	    "b2", "2", "2026-03-28T14:10:00+01:00") "]"
#define SESSION \
	"<label xml:lang=\"en\">A</label><value code=\"face\"><label xml:lang=\"en\">F</label></value>"
#define AREA "<fact name=\"area\" type=\"choice\">" SESSION "</fact>"

static struct ac_plan *
merged(const char *one, const char *two)
{
	struct kit k = { .protocol = one, .second = two, .more = BOTH };

	return kit_plan(a, &k);
}

Test(merge, keeps_the_later_end_of_two_restrictions)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", KIT_BAN("x", "sauna", "", UNTIL("48 h"))),
	    KIT_PROTOCOL("b", "2", KIT_BAN("y", "sauna", "", UNTIL("72 h"))));

	cr_assert(eq(sz, p->nlines, 1));
	cr_expect(ac_streq_c(p->lines[0].key, "b/y"));
	KIT_IS(p, p->lines[0].until, "2026-03-31T15:10:00+02:00");
	cr_assert(eq(sz, p->lines[0].nmerged, 1));
	cr_expect(ac_streq_c(p->lines[0].merged[0]->l.id, "x"));
}

Test(merge, compares_instants_and_not_offsets)
{
	/* 48 h from 14:35 is later than 2 d from 14:10, and than 48 h from 14:10 */
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", KIT_BAN("x", "sauna", "", UNTIL("48 h"))),
	    KIT_PROTOCOL("b", "2", KIT_BAN("y", "sauna", "", UNTIL("2 d"))));

	cr_expect(ac_streq_c(p->lines[0].key, "a/x"));
	KIT_IS(p, p->lines[0].until, "2026-03-30T15:35:00+02:00");
}

Test(merge, takes_no_stated_end_for_the_longest)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", KIT_BAN("x", "sauna", "", "")),
	    KIT_PROTOCOL("b", "2", KIT_BAN("y", "sauna", "", UNTIL("72 h"))));

	cr_assert(eq(sz, p->nlines, 1));
	cr_expect(p->lines[0].until == AC_INSTANT_NONE);
}

Test(merge, keeps_the_latest_start_of_a_permission)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", KIT_CARE("x", "make-up", "", FROM("12 h"))),
	    KIT_PROTOCOL("b", "2", KIT_CARE("y", "make-up", "", FROM("24 h"))));

	cr_assert(eq(sz, p->nlines, 1));
	cr_expect(ac_streq_c(p->lines[0].key, "b/y"));
	KIT_IS(p, p->lines[0].from, "2026-03-29T15:10:00+02:00");
}

Test(merge, lets_a_restriction_begin_with_the_earliest)
{
	struct ac_plan *p =
	    merged(KIT_PROTOCOL("a", "1", KIT_BAN("x", "sun", "", "<window from=\"1 h\" until=\"24 h\"/>")),
		KIT_PROTOCOL("b", "2", KIT_BAN("y", "sun", "", "<window from=\"4 h\" until=\"48 h\"/>")));

	KIT_IS(p, p->lines[0].from, "2026-03-28T15:35:00+01:00");
	KIT_IS(p, p->lines[0].until, "2026-03-30T15:10:00+02:00");
}

Test(merge, does_not_join_other_concepts_or_other_kinds)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", KIT_BAN("x", "sun", "", UNTIL("24 h"))),
	    KIT_PROTOCOL(
		"b", "2", KIT_BAN("y", "heat", "", UNTIL("24 h")) KIT_CARE("z", "sun", "", FROM("48 h"))));

	cr_expect(eq(sz, p->nlines, 3));
}

Test(merge, counts_two_procedures_of_one_protocol_from_the_later)
{
	struct kit k = { .protocol = KIT_PROTOCOL("a", "1", KIT_BAN("x", "sauna", "", UNTIL("48 h"))),
		.more = "\"procedures\":[" KIT_DONE("b1", "1", "2026-03-28T14:05:00+01:00") "," KIT_DONE(
		    "b2", "1", "2026-03-28T14:35:00+01:00") "]" };
	struct ac_plan *p = kit_plan(a, &k);

	cr_assert(eq(sz, p->nlines, 1));
	cr_expect(eq(sz, p->ntreatments, 2));
	KIT_IS(p, p->lines[0].until, "2026-03-30T15:35:00+02:00");
	KIT_IS(p, p->anchor, "2026-03-28T14:05:00+01:00");
}

Test(merge, is_certain_where_a_certain_line_asks_for_as_much)
{
	struct ac_plan *p = merged(
	    KIT_PROTOCOL("a", "1", AREA KIT_BAN("x", "sauna", "when=\"fact/area = 'face'\"", UNTIL("24 h"))),
	    KIT_PROTOCOL("b", "2", KIT_BAN("y", "sauna", "", UNTIL("72 h"))));

	cr_assert(eq(sz, p->nlines, 1));
	cr_expect(not(p->lines[0].assumed));
}

Test(merge, is_assumed_where_only_an_assumed_line_asks_for_as_much)
{
	struct ac_plan *p = merged(
	    KIT_PROTOCOL("a", "1", AREA KIT_BAN("x", "sauna", "when=\"fact/area = 'face'\"", UNTIL("96 h"))),
	    KIT_PROTOCOL("b", "2", KIT_BAN("y", "sauna", "", UNTIL("72 h"))));

	cr_assert(eq(sz, p->nlines, 1));
	cr_expect(p->lines[0].assumed);
	cr_assert(eq(sz, p->lines[0].nassumed, 1));
	cr_expect(ac_streq_c(p->lines[0].assumed_paths[0], "fact/area"));
}

Test(merge, makes_one_task_of_one_concept_with_the_earliest_due)
{
	struct ac_plan *p = merged(
	    KIT_PROTOCOL("a", "1", KIT_TASK("late", "concept=\"day-2-call\" from=\"44 h\" until=\"60 h\"")),
	    KIT_PROTOCOL("b", "2",
		KIT_TASK("soon", "concept=\"day-2-call\" from=\"24 h\" until=\"48 h\" urgent=\"yes\"")));

	cr_assert(eq(sz, p->ntasks, 1));
	cr_expect(ac_streq_c(p->tasks[0].def->l.id, "soon"));
	cr_expect(ac_streq_c(p->tasks[0].key, "a/late/1"), "the key does not follow the winner");
	KIT_IS(p, p->tasks[0].due, "2026-03-30T15:10:00+02:00");
	cr_expect(p->tasks[0].urgent);
	cr_assert(eq(sz, p->tasks[0].nmerged, 1));
	cr_expect(ac_streq_c(p->tasks[0].merged[0]->l.id, "late"), "its questions are asked too");
}

Test(merge, keeps_tasks_without_a_concept_apart)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", KIT_TASK("call", "until=\"60 h\"")),
	    KIT_PROTOCOL("b", "2", KIT_TASK("call", "until=\"48 h\"")));

	cr_assert(eq(sz, p->ntasks, 2));
	cr_expect(ac_streq_c(p->tasks[0].key, "b/call/1"));
}

Test(merge, sorts_restrictions_by_end_before_everything_else)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1",
				       KIT_CARE("c1", "k1", "", "") KIT_BAN("r1", "k2", "", "")
					   KIT_BAN("r2", "k3", "", UNTIL("72 h"))),
	    KIT_PROTOCOL("b", "2", KIT_BAN("r3", "k4", "", UNTIL("24 h"))));

	cr_assert(eq(sz, p->nlines, 4));
	cr_expect(ac_streq_c(p->lines[0].key, "b/r3"));
	cr_expect(ac_streq_c(p->lines[1].key, "a/r2"));
	cr_expect(ac_streq_c(p->lines[2].key, "a/r1"), "no end comes last");
	cr_expect(ac_streq_c(p->lines[3].key, "a/c1"));
}

Test(merge, tells_one_goal_and_one_red_flag_once)
{
	static const char body[] = "<goal id=\"g\" concept=\"heal\">" KIT_TEXT "</goal>"
				   "<red-flag id=\"f\" level=\"call\">" KIT_TEXT "</red-flag>";
	static const char urgent[] = "<goal id=\"g\" concept=\"heal\">" KIT_TEXT "</goal>"
				     "<red-flag id=\"f\" level=\"emergency\">" KIT_TEXT "</red-flag>";
	const char *one =
	    ac_cstr(a, ac_strf(a,
			   "<protocol " KIT_NS " id=\"a\" owner=\"t\"><title xml:lang=\"en\">a</title>"
			   "<trigger system=\"CPT4\" code=\"1\"/>%s</protocol>",
			   body));
	const char *two =
	    ac_cstr(a, ac_strf(a,
			   "<protocol " KIT_NS " id=\"b\" owner=\"t\"><title xml:lang=\"en\">b</title>"
			   "<trigger system=\"CPT4\" code=\"2\"/>%s</protocol>",
			   urgent));
	struct ac_plan *p = merged(one, two);

	cr_expect(eq(sz, p->ngoals, 1));
	cr_assert(eq(sz, p->nflags, 1));
	cr_expect(p->flags[0].def->level == AC_FLAG_EMERGENCY);
}

/* contradictions */

#define NO_TOUCH(except) \
	"<instruction id=\"no-touch\" concept=\"touch\" kind=\"restriction\">" UNTIL("48 h") KIT_TEXT except \
	    "<contradicts concept=\"massage\"/></instruction>"
#define EXCEPT "<except concept=\"massage\" xml:lang=\"en\">by the clinic</except>"

Test(merge, shows_that_one_says_massage_and_the_other_no_touching)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", NO_TOUCH("")),
	    KIT_PROTOCOL("b", "2", KIT_CARE("rub", "massage", "", FROM("24 h"))));

	cr_assert(eq(sz, p->ncontradictions, 1));
	cr_expect(ac_streq_c(p->contradictions[0].a->key, "a/no-touch"));
	cr_expect(ac_streq_c(p->contradictions[0].b->key, "b/rub"));
	cr_expect(eq(sz, p->nlines, 2), "shown, not resolved");
}

Test(merge, sees_no_contradiction_once_the_restriction_is_over)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", NO_TOUCH("")),
	    KIT_PROTOCOL("b", "2", KIT_CARE("rub", "massage", "", FROM("72 h"))));

	cr_expect(eq(sz, p->ncontradictions, 0));
}

Test(merge, sees_no_contradiction_in_what_the_restriction_excepts)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", NO_TOUCH(EXCEPT)),
	    KIT_PROTOCOL("b", "2", KIT_CARE("rub", "massage", "", "")));

	cr_expect(eq(sz, p->ncontradictions, 0));
}

Test(merge, sees_no_contradiction_between_two_restrictions)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", NO_TOUCH("")),
	    KIT_PROTOCOL("b", "2", KIT_BAN("no-rub", "massage", "", UNTIL("24 h"))));

	cr_expect(eq(sz, p->ncontradictions, 0));
}

Test(merge, finds_a_contradiction_that_the_advice_declares)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", KIT_BAN("no-touch", "touch", "", UNTIL("48 h"))),
	    KIT_PROTOCOL("b", "2",
		"<instruction id=\"rub\" concept=\"massage\" kind=\"care\">" KIT_TEXT
		"<contradicts concept=\"touch\"/>"
		"</instruction>"));

	cr_expect(eq(sz, p->ncontradictions, 1));
}

Test(merge, keeps_the_contradiction_of_a_line_that_was_merged_away)
{
	struct kit k = { .protocol = KIT_PROTOCOL("a", "1", NO_TOUCH("")),
		.second = KIT_PROTOCOL("b", "2",
		    KIT_BAN("hands-off", "touch", "", UNTIL("96 h"))
			KIT_CARE("rub", "massage", "", FROM("72 h"))),
		.more = BOTH };
	struct ac_plan *p = kit_plan(a, &k);

	cr_assert(eq(sz, p->nlines, 2));
	cr_expect(eq(sz, p->ncontradictions, 1));
}

Test(merge, shows_that_another_protocol_advises_what_one_forbids)
{
	struct ac_plan *p = merged(KIT_PROTOCOL("a", "1", KIT_BAN("no-cold", "cold", "", UNTIL("48 h"))),
	    KIT_PROTOCOL("b", "2", KIT_CARE("cool", "cold", "", "")));

	cr_expect(eq(sz, p->ncontradictions, 1));
}

/* order */

struct dice {
	uint32_t s;
};

static uint32_t
roll(struct dice *d, uint32_t sides)
{
	d->s = d->s * 1664525u + 1013904223u;
	return (d->s >> 8) % sides;
}

static const char *
random_when(struct dice *d)
{
	static const char *const whens[] = { "", "", " when=\"fact/area = 'face'\"",
		" when=\"fact/area = 'scalp'\"", " when=\"not(medication/code = '1')\"",
		" when=\"patient/age &lt; 18 or fact/area = 'face'\"" };

	return whens[roll(d, sizeof(whens) / sizeof(whens[0]))];
}

static void
add_windows(struct ac_buf *b, struct dice *d)
{
	for (uint32_t n = roll(d, 3); n > 0; n--) {
		ac_buf_addz(b, "<window");
		bool days = roll(d, 2) == 0;
		if (roll(d, 2) == 0)
			ac_buf_addf(b, " from=\"%u %s\"", roll(d, 4), days ? "d" : "h");
		if (roll(d, 4) != 0)
			ac_buf_addf(b, " until=\"%u %s\"", days ? 4 + roll(d, 5) : 4 + roll(d, 5) * 24,
			    days ? "d" : "h");
		ac_buf_addf(b, "%s/>", random_when(d));
	}
}

static const char *
random_protocol(struct dice *d, int which)
{
	static const char *const kinds[] = { "restriction", "restriction", "care", "information", "warning" };
	static const char *const closed[] = { "before", "after", "keep" };
	struct ac_buf b;

	ac_buf_init(&b, a, 4096, 0);
	ac_buf_addf(&b,
	    "<protocol " KIT_NS
	    " id=\"p%d\" owner=\"t\"><title xml:lang=\"en\">p</title><trigger system=\"CPT4\" code=\"%d\"/>"
	    "<trigger category=\"C\"/><fact name=\"area\" type=\"choice\"%s>" SESSION "</fact>",
	    which, which, roll(d, 3) == 0 ? " required=\"yes\"" : "");
	for (uint32_t n = roll(d, 3), i = 0; i < n; i++)
		ac_buf_addf(&b, "<goal id=\"g%u\" concept=\"c%u\"%s><text xml:lang=\"en\">g</text></goal>", i,
		    roll(d, 4), random_when(d));
	for (uint32_t n = 1 + roll(d, 6), i = 0; i < n; i++) {
		ac_buf_addf(&b, "<instruction id=\"i%u\" concept=\"c%u\" kind=\"%s\"%s>", i, roll(d, 4),
		    kinds[roll(d, 5)], random_when(d));
		add_windows(&b, d);
		ac_buf_addz(&b, KIT_TEXT);
		if (roll(d, 3) == 0)
			ac_buf_addf(&b, "<except concept=\"c%u\" xml:lang=\"en\">e</except>", roll(d, 4));
		if (roll(d, 3) == 0)
			ac_buf_addf(&b, "<contradicts concept=\"c%u\"/>", roll(d, 4));
		ac_buf_addz(&b, "</instruction>");
	}
	for (uint32_t n = roll(d, 3), i = 0; i < n; i++)
		ac_buf_addf(&b,
		    "<red-flag id=\"f%u\" level=\"%s\"><text xml:lang=\"en\">flag %u</text></red-flag>", i,
		    roll(d, 2) == 0 ? "call" : "emergency", roll(d, 3));
	for (uint32_t n = roll(d, 4), i = 0; i < n; i++)
		ac_buf_addf(&b,
		    "<task id=\"t%u\"%s%u%s kind=\"call\" role=\"nurse\" from=\"%u h\" until=\"%u d\" "
		    "closed=\"%s\" shift=\"%u d\"%s%s>"
		    "<text xml:lang=\"en\">t</text></task>",
		    i, roll(d, 2) == 0 ? " concept=\"c" : " seed=\"S1", roll(d, 3), "\"", roll(d, 20),
		    1 + roll(d, 9), closed[roll(d, 3)], roll(d, 4), roll(d, 5) == 0 ? " urgent=\"yes\"" : "",
		    random_when(d));
	ac_buf_addz(&b, "</protocol>");
	return ac_cstr(a, ac_buf_str(&b));
}

static struct encounter *
random_encounter(struct dice *d)
{
	struct ac_buf b;
	struct kit k = { .encounter = roll(d, 2) == 0 ? "\"category\":\"C\"" : NULL };

	ac_buf_init(&b, a, 1024, 0);
	ac_buf_addz(&b, "\"procedures\":[");
	for (uint32_t n = 1 + roll(d, 5), i = 0; i < n; i++) {
		ac_buf_addf(&b, "%s{\"id\":\"b%u\",\"system\":\"CPT4\",\"code\":\"%u\"", i == 0 ? "" : ",",
		    roll(d, 3), roll(d, 4));
		if (roll(d, 4) != 0)
			ac_buf_addf(
			    &b, ",\"performed\":\"2026-03-28T1%u:%u0:00+01:00\"", 3 + roll(d, 4), roll(d, 6));
		if (roll(d, 3) == 0)
			ac_buf_addf(&b, ",\"products\":[{\"name\":\"n%u\"}]", roll(d, 2));
		ac_buf_addz(&b, "}");
	}
	ac_buf_addz(&b, "]");
	if (roll(d, 2) == 0)
		ac_buf_addf(&b, ",\"facts\":{\"area\":\"%s\"}", roll(d, 2) == 0 ? "face" : "scalp");
	k.more = ac_cstr(a, ac_buf_str(&b));
	return kit_encounter(a, &k);
}

static void
shuffle_inputs(struct dice *d, struct ac_plan_input *in, struct encounter *e)
{
	for (size_t i = in->nprotocols; i > 1; i--) {
		size_t k = roll(d, (uint32_t)i);
		struct ac_plan_protocol t = in->protocols[i - 1];
		in->protocols[i - 1] = in->protocols[k];
		in->protocols[k] = t;
	}
	for (size_t i = e->nprocedures; i > 1; i--) {
		size_t k = roll(d, (uint32_t)i);
		struct enc_procedure t = e->procedures[i - 1];
		e->procedures[i - 1] = e->procedures[k];
		e->procedures[k] = t;
	}
}

Test(merge, gives_the_same_bytes_whatever_the_order_of_protocols_and_procedures)
{
	int plans = 0;

	for (uint32_t seed = 1; seed <= 400; seed++) {
		struct dice d = { seed };
		struct ac_err err = { 0 };
		struct ac_plan *p = NULL;
		struct kit k = { .protocol = random_protocol(&d, 0), .second = random_protocol(&d, 1) };
		struct ac_plan_input *in = kit_input(a, &k);
		struct encounter *e = random_encounter(&d);

		in->protocols[in->nprotocols++].protocol = kit_protocol(a, random_protocol(&d, 2));
		in->encounter = e;
		if (ac_plan_make(in, a, &p, &err) != AC_OK) {
			cr_expect_str_eq(err.rule, "PLAN-005", "seed %u", seed);
			continue;
		}
		struct ac_str first = ac_plan_encode(p, a);
		struct ac_sha256 h1, h2;
		ac_plan_content_hash(p, a, &h1);
		plans++;
		for (int i = 0; i < 6; i++) {
			shuffle_inputs(&d, in, e);
			p = kit_make(a, in);
			struct ac_str again = ac_plan_encode(p, a);
			cr_assert(ac_streq(first, again), "seed %u\n%.*s\n%.*s", seed, AC_FMT(first),
			    AC_FMT(again));
			ac_plan_content_hash(p, a, &h2);
			cr_assert(ac_sha256_eq(&h1, &h2), "seed %u", seed);
		}
		ac_arena_reset(a);
	}
	cr_expect(plans > 200, "only %d of the random encounters had a plan", plans);
}

Test(merge, never_shortens_a_restriction_when_another_protocol_joins)
{
	for (uint32_t seed = 1; seed <= 200; seed++) {
		struct dice d = { seed * 77 };
		struct kit k = { .protocol = random_protocol(&d, 1), .more = BOTH }, both = k;

		both.second = random_protocol(&d, 2);
		struct ac_plan *alone = kit_plan(a, &k), *joined = kit_plan(a, &both);
		for (size_t i = 0; i < alone->nlines; i++) {
			const struct ac_plan_line *x = &alone->lines[i];
			bool found = false;
			for (size_t m = 0; m < joined->nlines; m++) {
				const struct ac_plan_line *y = &joined->lines[m];
				found |= ac_streq(x->def->concept, y->def->concept) &&
					 x->def->kind == y->def->kind &&
					 ac_end_or_never(y->until) >= ac_end_or_never(x->until);
			}
			cr_assert(found, "seed %u %.*s", seed, AC_FMT(x->key));
		}
		ac_arena_reset(a);
	}
}
