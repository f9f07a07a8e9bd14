/* test_protocol.c - the loader: what it reads, how it picks a text and says an offset. */
#include <pthread.h>

#include "core/facts.h"
#include "tests/protocol_kit.h"

TestSuite(protocol, .init = setup, .fini = teardown);

Test(protocol, reads_the_head)
{
	load(full);
	EXPECT_TEXT(p->id, "demo");
	EXPECT_TEXT(p->owner, "Demo Clinic");
	cr_expect(p->demonstration);
	cr_assert(p->title.n == 2);
	EXPECT_TEXT(p->title.v[1].lang, "de");
	EXPECT_TEXT(p->title.v[1].text, "Probe");
	EXPECT_TEXT(p->based_on, "source");
	cr_expect(p->based_on_version.n == 64);
}

Test(protocol, reads_triggers_and_facts)
{
	load(full);
	cr_assert(p->ntriggers == 2);
	cr_expect(p->triggers[0].kind == AC_TRIGGER_CODE);
	EXPECT_TEXT(p->triggers[0].system, "CPT4");
	EXPECT_TEXT(p->triggers[0].code, "17999");
	EXPECT_TEXT(ac_condition_source(p->triggers[0].when), "fact/area = 'face'");
	cr_expect(p->triggers[1].kind == AC_TRIGGER_CATEGORY);
	EXPECT_TEXT(p->triggers[1].code, "Mesotherapy");
	cr_expect(p->triggers[1].line == 7 && p->triggers[1].col == 3);
	cr_assert(p->nfacts == 1);
	cr_expect(p->facts[0].type == AC_FACT_CHOICE && p->facts[0].many && p->facts[0].required &&
		  p->facts[0].ask);
	cr_assert(p->facts[0].nvalues == 1);
	EXPECT_TEXT(p->facts[0].values[0].code, "face");
	EXPECT_TEXT(p->facts[0].values[0].label.v[0].text, "Face");
}

Test(protocol, reads_an_instruction)
{
	load(full);
	cr_assert(p->ninstructions == 1);
	const struct ac_instruction *x = &p->instructions[0];
	EXPECT_TEXT(x->l.id, "no-sauna");
	EXPECT_TEXT(x->l.seed, "S02 S03");
	EXPECT_TEXT(x->l.signed_by, "dr.demo");
	EXPECT_TEXT(x->l.signed_on, "2026-03-01");
	cr_expect(x->l.when != NULL);
	cr_expect(x->l.line == 13 && x->l.col == 3);
	cr_expect(x->kind == AC_RESTRICTION);
	cr_assert(x->nwindows == 2);
	cr_expect(x->windows[0].from.kind == AC_OFFSET_ELAPSED && x->windows[0].until.seconds == 172800);
	cr_expect(x->windows[0].range_min.seconds == 86400 && x->windows[0].range_max.seconds == 172800);
	cr_expect(x->windows[1].until.kind == AC_OFFSET_DAYS_AT && x->windows[1].until.hour == 8);
	cr_expect(x->windows[1].line == 18 && x->windows[1].col == 5);
	cr_assert(x->nwhy == 1 && x->nexcept == 1 && x->ncontradicts == 1 && x->l.ndecide == 1);
	EXPECT_TEXT(x->why[0].evidence, "uncited");
	EXPECT_TEXT(x->except[0].concept, "warm-shower");
	EXPECT_TEXT(x->contradicts[0], "heat");
	EXPECT_TEXT(x->l.decide[0], "How long?");
}

Test(protocol, joins_text_over_lines_comments_and_cdata)
{
	load(full);
	EXPECT_TEXT(p->instructions[0].text.v[0].text, "No sauna, no <hot> tub & pool");
}

Test(protocol, reads_the_other_lines)
{
	load(full);
	cr_assert(p->ngoals == 1 && p->nexpectations == 1 && p->nred_flags == 1 && p->ntasks == 1 &&
		  p->ncheck_ins == 1 && p->nnotes == 1);
	EXPECT_TEXT(p->goals[0].concept, "healing");
	cr_expect(p->expectations[0].until.days == 2);
	cr_expect(p->red_flags[0].level == AC_FLAG_EMERGENCY);
	cr_expect(p->tasks[0].kind == AC_TASK_CHECK_IN && p->tasks[0].closed == AC_CLOSED_AFTER);
	cr_expect(p->tasks[0].urgent && p->tasks[0].patient && p->tasks[0].shift.days == 1);
	cr_expect(p->tasks[0].range_max.days == 4);
	EXPECT_TEXT(p->tasks[0].questions, "early");
	EXPECT_TEXT(p->check_ins[0].questions[0].type, "score");
	EXPECT_TEXT(p->check_ins[0].rules[0].outcome, "urgent");
	cr_assert(p->series != NULL);
	cr_expect(p->series->sessions == 6 && p->series->interval_max.days == 14 &&
		  p->series->minimum_gap.days == 5);
	EXPECT_TEXT(p->notes[0].as, "conduct");
	EXPECT_TEXT(p->notes[0].text, "Be kind");
}

Test(protocol, has_the_same_version_however_it_is_written)
{
	load(full);
	struct ac_sha256 first = p->version;
	load(changed(" id=\"heal\" concept=\"healing\"", " concept='healing'   id='heal'"));
	cr_expect(ac_sha256_eq(&p->version, &first));
	load(changed("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", ""));
	cr_expect(ac_sha256_eq(&p->version, &first));
	load(changed("<contradicts concept=\"heat\"/>", "<contradicts concept=\"heat\"></contradicts>"));
	cr_expect(ac_sha256_eq(&p->version, &first));
}

Test(protocol, has_another_version_when_text_or_a_comment_changes)
{
	load(full);
	struct ac_sha256 first = p->version;
	load(changed("Heal<", "Heals<"));
	cr_expect(!ac_sha256_eq(&p->version, &first));
	load(changed("a comment", "another comment"));
	cr_expect(!ac_sha256_eq(&p->version, &first));
}

Test(protocol, takes_a_prefix_and_a_byte_order_mark)
{
	load("\xEF\xBB\xBF<p:protocol xmlns:p=\"urn:aftercare:protocol:1\" id=\"x\" owner=\"o\"><p:title "
	     "xml:lang=\"en\">t</p:title>"
	     "<p:trigger product=\"HA\"/></p:protocol>");
	cr_expect(p->triggers[0].line == 1 && p->triggers[0].col == 99, "%u", p->triggers[0].col);
	cr_expect(p->triggers[0].kind == AC_TRIGGER_PRODUCT);
}

static void *
load_often(void *arg)
{
	bool *is_ok = arg;

	*is_ok = true;
	for (int i = 0; i < 50; i++) {
		struct ac_arena *mine = ac_arena_new();
		const struct ac_protocol *q = NULL;
		struct ac_err e = { 0 };
		*is_ok = *is_ok && ac_protocol_load(ac_str_c(full), mine, &q, &e) == AC_OK;
		*is_ok = *is_ok && ac_protocol_load(AC_S("<x>&y;</x>"), mine, &q, &e) == AC_EINPUT;
		ac_arena_free(mine);
	}
	return NULL;
}

Test(protocol, loads_in_several_threads)
{
	pthread_t threads[4];
	bool is_ok[4];

	for (int i = 0; i < 4; i++)
		cr_assert(pthread_create(&threads[i], NULL, load_often, &is_ok[i]) == 0);
	for (int i = 0; i < 4; i++) {
		cr_assert(pthread_join(threads[i], NULL) == 0);
		cr_expect(is_ok[i]);
	}
}

static const struct ac_text four[] = { { .lang = { "de", 2 }, .text = { "d", 1 }, .state = AC_TEXT_CURRENT },
	{ .lang = { "en-GB", 5 }, .text = { "b", 1 }, .state = AC_TEXT_SOURCE },
	{ .lang = { "pt-BR", 5 }, .text = { "p", 1 }, .state = AC_TEXT_CURRENT },
	{ .lang = { "it", 2 }, .text = { "i", 1 }, .state = AC_TEXT_STALE } };

static struct ac_str
picked(const char *lang, bool *fell_back)
{
	return ac_text_pick((struct ac_texts){ (struct ac_text *)four, 4 }, ac_str_c(lang), fell_back);
}

Test(protocol, picks_a_text_by_language)
{
	bool fell_back = true;

	EXPECT_TEXT(picked("pt-br", &fell_back), "p");
	cr_expect(!fell_back);
	EXPECT_TEXT(picked("de-AT", &fell_back), "d");
	cr_expect(!fell_back);
	EXPECT_TEXT(picked("pt", &fell_back), "p");
	cr_expect(!fell_back);
	EXPECT_TEXT(picked("fr", &fell_back), "b");
	cr_expect(fell_back);
	EXPECT_TEXT(picked("it", &fell_back), "b"); /* stale is missing */
	cr_expect(fell_back);
	EXPECT_TEXT(picked("", &fell_back), "b");
	EXPECT_TEXT(picked(NULL, NULL), "b");
	cr_expect(!ac_str_is_set(ac_text_pick((struct ac_texts){ 0 }, AC_S("en"), NULL)));
}

Test(protocol, writes_an_offset_as_it_was_read)
{
	static const char *const good[] = { "48 h", "90 min", "120 min", "3 d", "14 d", "2 w", "0 h",
		"3 d 08:00", "0 d 23:59", "9999 w" };
	struct ac_offset o;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		cr_assert(ac_offset_parse(ac_str_c(good[i]), &o), "%s", good[i]);
		EXPECT_TEXT(ac_offset_str(a, o), good[i]);
	}
	EXPECT_TEXT(
	    ac_offset_str(a, (struct ac_offset){ .kind = AC_OFFSET_ELAPSED, .seconds = 5400 }), "90 min");
	EXPECT_TEXT(ac_offset_str(a, (struct ac_offset){ .kind = AC_OFFSET_DAYS, .days = 21 }), "3 w");
	EXPECT_TEXT(ac_offset_str(a, (struct ac_offset){ 0 }), "");
}

Test(protocol, reads_only_offsets)
{
	static const char *const bad[] = { "", "48", "h", "48h", "48 H", " 48 h", "48 h ", "+4 h", "-4 h",
		"10000 h", "3 d 24:00", "3 d 8:00", "3 d 08:60", "3 h 08:00", "1000 d 08:00", "3 w 08:00",
		"4.5 h", "48  h", "3 d 08:00 x" };
	struct ac_offset o = { .days = 77 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(!ac_offset_parse(ac_str_c(bad[i]), &o) && o.days == 77, "%s", bad[i]);
}

Test(protocol, says_offsets_in_words)
{
	struct ac_offset o;

	cr_assert(ac_offset_parse(AC_S("48 h"), &o));
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("en")), "48 hours");
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("de-AT")), "48 Stunden");
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("fr")), "48 hours");
	cr_assert(ac_offset_parse(AC_S("1 d"), &o));
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("en")), "1 day");
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("de")), "1 Tag");
	cr_assert(ac_offset_parse(AC_S("3 d 08:00"), &o));
	EXPECT_TEXT(ac_offset_words(a, o, AC_S("en")), "day 3 at 08:00");
}

Test(protocol, names_its_kinds_as_the_file_does)
{
	cr_expect(strcmp(ac_instruction_kind_word(AC_WARNING), "warning") == 0);
	cr_expect(strcmp(ac_task_kind_word(AC_TASK_RECORD), "record") == 0);
	cr_expect(strcmp(ac_flag_level_word(AC_FLAG_EMERGENCY), "emergency") == 0);
}
