/* tsan_protocol.c - four threads load protocols and read one that all share. Plain, for ThreadSanitizer. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/facts.h"
#include "core/protocol.h"

static const char xml[] =
    "<protocol xmlns=\"urn:aftercare:protocol:1\" id=\"demo\" owner=\"Demo\"><title "
    "xml:lang=\"en\">Demo</title>"
    "<trigger category=\"x\" when=\"patient/age &gt;= 18 and count(allergy/code) = 0\"/>"
    "<goal id=\"heal\"><text xml:lang=\"en\">Heal</text></goal></protocol>";

static void *
work(void *arg)
{
	const struct ac_protocol *shared = arg, *mine = NULL;
	struct encounter e = { .status = ENC_FINISHED, .has_conditions = true, .allergy_reviewed = ENC_YES };
	size_t faults = 0;

	(void)ac_date_parse(AC_S("1988-04-02"), &e.patient.birth_date);
	for (int i = 0; i < 200; i++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		struct ac_err err = { 0 };
		struct ac_findings found;
		struct ac_facts *f = ac_facts_make(&e, NULL, 0, (struct ac_wall){ 2026, 3, 28, 0, 0, 0 }, a);
		faults += ac_condition_eval(shared->triggers[0].when, f, a, NULL) != AC_TRUE;
		ac_protocol_lint(shared, NULL, a, &found);
		faults += found.n == 0;
		faults += ac_protocol_load(AC_S(xml), a, &mine, &err) != AC_OK;
		faults += ac_protocol_load(AC_S("<a>&b;</a>"), a, &mine, &err) != AC_EINPUT;
	}
	return faults == 0 ? NULL : arg;
}

int
main(void)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const struct ac_protocol *p = NULL;
	struct ac_err err = { 0 };
	pthread_t t[4];
	void *failed = NULL, *one;

	if (ac_protocol_load(AC_S(xml), a, &p, &err) != AC_OK)
		return EXIT_FAILURE;
	for (int i = 0; i < 4; i++)
		if (pthread_create(&t[i], NULL, work, (void *)p) != 0)
			return EXIT_FAILURE;
	for (int i = 0; i < 4; i++) {
		if (pthread_join(t[i], &one) != 0)
			return EXIT_FAILURE;
		failed = one != NULL ? one : failed;
	}
	if (failed != NULL)
		fputs("a thread read something else\n", stderr);
	return failed == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
