/* test_migrate.c - the steps of the schema, in their order. */
#include "core/migrate.h"
#include "tests/expect.h"

struct applied {
	char sql[64];
	int n;
};

static enum ac_code
apply(void *db, const char *text, struct ac_err *reterr)
{
	struct applied *a = db;

	(void)reterr;
	a->n++;
	strncat(a->sql, text, sizeof(a->sql) - strlen(a->sql) - 1);
	return AC_OK;
}

#define STEP(name, text) \
	{ \
		name, (const unsigned char *)(text), sizeof(text) - 1 \
	}

Test(migrate, applies_each_step_once_and_in_order)
{
	static const struct ac_embedded steps[] = { STEP("0001_a.sql", "a;"), STEP("0002_b.sql", "b;"),
		STEP("0003_c.sql", "c;"), { 0 } };
	struct applied a = { 0 };
	struct ac_err e = { 0 };
	int64_t now = 0;

	EXPECT_CODE(ac_migrate(steps, 1, apply, &a, &now, &e), AC_OK, e);
	cr_expect(now == 3 && a.n == 2 && strcmp(a.sql, "b;c;") == 0);
	EXPECT_CODE(ac_migrate(steps, 3, apply, &a, &now, &e), AC_OK, e);
	cr_expect(a.n == 2);
}

Test(migrate, refuses_a_gap_in_the_numbers_and_a_later_schema)
{
	static const struct ac_embedded gap[] = { STEP("0001_a.sql", "a;"), STEP("0003_c.sql", "c;"), { 0 } };
	struct applied a = { 0 };
	struct ac_err e = { 0 };
	int64_t now = 0;

	EXPECT_CODE(ac_migrate(gap, 0, apply, &a, &now, &e), AC_EIO, e);
	EXPECT_RULE(e, "STORE-VERSION");
	EXPECT_CODE(ac_migrate(gap, 3, apply, &a, &now, &e), AC_EIO, e);
	cr_expect(now == 0);
}
