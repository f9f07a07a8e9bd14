/* A task's copy in the EHR is done there: the task is finished in the person's name, once, where nothing need be said. */
#include "core/task.h"
#include "tests/web_kit.h"

static struct kit k;
static struct ac_uuid plan;

static void
set_up(void)
{
	kit_open(&k);
	plan = put(&k, (struct visit){ .area = "face" }).plan;
}
static void
tear_down(void)
{
	kit_close(&k);
}
TestSuite(task_copy, .init = set_up, .fini = tear_down);

/* The first open task of the plan that a nurse may finish and that does, or does not, ask for words. */
static const char *
task(bool words)
{
	struct ac_record *r = record_of(&k, plan, 0);

	for (size_t i = 0; i < r->ntasks; i++)
		if (r->tasks[i].done_ms == 0 && ac_task_needs_words(&r->tasks[i]) == words)
			return ac_cstr(k.a, r->tasks[i].name);
	cr_assert(false, "the demonstration has no such task");
	return "";
}

static const struct ac_task_row *
row_of(const char *name)
{
	return task_named(record_of(&k, plan, 0), name);
}

static struct ac_http
finish(const char *user, const char *role, const char *name, const char *body)
{
	struct call c = { .method = "PUT",
		.uri = ac_cstr(k.a, ac_strf(k.a, "/aftercare/v1/plans/%.*s/tasks/%s", AC_FMT(ac_uuid_str(k.a, plan)), name)),
		.user = user,
		.role = role,
		.type = "application/json",
		.body = body };

	return serve(&k, &c);
}

#define DONE "{\"outcome\":\"done in the Message Center\"}"

Test(task_copy, done_there_finishes_the_task_in_the_persons_name)
{
	const char *name = task(false);

	cr_assert(finish("nora", "clinician", name, DONE).status == 200);
	EXPECT_TEXT(row_of(name)->status, "completed");
	EXPECT_TEXT(row_of(name)->actor, "nora");
	EXPECT_TEXT(row_of(name)->outcome, "done in the Message Center");
}

Test(task_copy, done_twice_is_told_and_changes_nothing)
{
	const char *name = task(false);

	finish("nora", "clinician", name, DONE);
	cr_expect(finish("frank", "clinician", name, DONE).status == 409);
	EXPECT_TEXT(row_of(name)->actor, "nora");
}

Test(task_copy, a_call_is_not_finished_without_what_came_of_it)
{
	const char *name = task(true);
	struct ac_http h = finish("nora", "nurse", name, DONE);

	cr_expect(h.status == 409 && holds(&h, "TASK-WORDS"));
	EXPECT_TEXT(row_of(name)->status, "requested");
}

Test(task_copy, without_an_outcome_it_is_refused)
{
	static const char *const wrong[] = { "{}", "{\"outcome\":\"\"}", "{\"outcome\":1}", "[]", "{" };
	const char *name = task(false);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect(finish("nora", "clinician", name, wrong[i]).status == 400, "%s", wrong[i]);
	EXPECT_TEXT(row_of(name)->status, "requested");
}

Test(task_copy, the_module_itself_finishes_nothing)
{
	const char *name = task(false);

	cr_expect(finish("openemr-module", "system", name, DONE).status == 403);
	cr_expect(finish("nora", "clinician;only=", name, DONE).status == 200, "the visit has no sensitivity");
}

static bool
gives_sheet(const char *name)
{
	struct call c = { .uri = ac_cstr(k.a, ac_strf(k.a, "/aftercare/plans/%.*s/tasks/%s", AC_FMT(ac_uuid_str(k.a, plan)), name)),
		.user = "openemr-module",
		.role = "system" };
	struct ac_http h = serve(&k, &c);

	cr_assert(h.status == 200);
	return holds(&h, "\"gives_sheet\":true");
}

Test(task_copy, says_which_task_is_done_by_giving_out_the_sheet)
{
	cr_expect(gives_sheet("mesotherapy/give-sheet/1"));
	cr_expect(!gives_sheet("mesotherapy/teach-back/1"));
}
