/* test_rights.c - groups of the machine in [roles]: asked of it by the account, and only for users of the machine. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "core/rights.h"
#include "tests/expect.h"

static struct ac_arena *a;
static char asked[200]; /* "user/group " of each question */

static void
setup(void)
{
	a = ac_arena_new();
	asked[0] = '\0';
}

static void
teardown(void)
{
	ac_arena_free(a);
}

TestSuite(rights, .init = setup, .fini = teardown);

/* A machine on which ann is in doctors and bob in desk. */
static bool
machine(const char *user, const char *group, void *arg)
{
	size_t n = strlen(asked);

	(void)arg;
	snprintf(asked + n, sizeof(asked) - n, "%s/%s ", user, group);
	return (strcmp(user, "ann") == 0 && strcmp(group, "doctors") == 0) ||
	       (strcmp(user, "bob") == 0 && strcmp(group, "desk") == 0);
}

static unsigned
may(const char *roles, const char *account, const char *person)
{
	const struct ac_rights *r = NULL;
	struct ac_err e = { 0 };

	cr_assert(ac_rights_load(ac_strf(a, "[roles]\n%s\n", roles), a, &r, &e) == AC_OK, "%s", e.msg);
	return ac_rights_of_on(r, ac_account(ac_str_c(account), a), ac_str_c(person), machine, NULL);
}

Test(rights, whoever_is_in_the_group_has_the_right_and_no_other)
{
	cr_expect(may("approve = @doctors", "ann", NULL) == AC_MAY_APPROVE);
	cr_expect(may("approve = @doctors", "bob", NULL) == 0);
	cr_expect(may("approve = @doctors\nsuspend = @desk, @doctors", "bob", NULL) == AC_MAY_SUSPEND);
}

/* What sudo says becomes a bare name, and a bare name an account of the machine. */
Test(rights, a_bare_name_is_asked_for_as_the_user_it_names)
{
	may("approve = @doctors", "ann", NULL);
	cr_expect_str_eq(asked, "ann/doctors ");
}

Test(rights, a_group_beside_names_is_asked_for_only_where_no_name_fits)
{
	cr_expect(may("edit = os:ann , @desk", "ann", NULL) == AC_MAY_EDIT);
	cr_expect_str_eq(asked, "");
	cr_expect(may("edit = dr-ann, @desk", "ann", "dr-ann") == AC_MAY_EDIT);
	cr_expect_str_eq(asked, "");
}

Test(rights, an_account_of_the_ehr_and_a_person_are_in_no_group)
{
	cr_expect(may("approve = @doctors", "ehr:default/ann", NULL) == 0);
	cr_expect(may("approve = @doctors", "ehr:default/ann", "ann") == 0);
	cr_expect_str_eq(asked, "");
}

Test(rights, a_sign_without_a_name_is_no_group)
{
	cr_expect(may("approve = @, @ , @@", "ann", NULL) == 0);
	cr_expect_str_eq(asked, "ann/@ ");
}

Test(rights, who_may_recall_takes_plans_to_another_version_too)
{
	cr_expect(may("recall = @desk", "bob", NULL) == (AC_MAY_RECALL | AC_MAY_REPIN));
}
