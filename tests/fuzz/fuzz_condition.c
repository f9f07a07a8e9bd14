/* fuzz_condition.c - no text makes the condition parser do wrong; what it accepts reads the same from its own source. */
#include <stdint.h>
#include <stdlib.h>

#include "core/condition.h"
#include "core/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
count(struct ac_str path, void *arg)
{
	if (ac_vocab_find(path) == NULL)
		abort();
	++*(size_t *)arg;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct ac_str facts[] = { { "area", 4 }, { "session", 7 } },
				   answers[] = { { "pain", 4 } };
	AC_AUTO(ac_arena) a = ac_arena_new();
	const struct ac_condition *c = NULL, *again = NULL;
	struct ac_err err = { 0 };
	struct ac_names f = { facts, 2 }, q = { answers, 1 };
	struct ac_missing missing = { 0 };
	size_t npaths = 0;

	if (ac_condition_parse((struct ac_str){ (const char *)data, n }, f, q, a, &c, &err) != AC_OK) {
		if (err.rule == NULL || err.col == 0 || err.col > n + 1 || c != NULL)
			abort();
		return 0;
	}
	struct encounter e = { .status = ENC_FINISHED };
	struct ac_facts *known = ac_facts_make(&e, NULL, 0, (struct ac_wall){ 2026, 3, 28, 0, 0, 0 }, a);
	enum ac_truth t = ac_condition_eval(c, known, a, &missing);
	ac_condition_paths(c, count, &npaths);
	if ((t == AC_UNKNOWN) != (missing.n > 0) || missing.n > npaths)
		abort();
	if (ac_condition_parse(ac_condition_source(c), f, q, a, &again, &err) != AC_OK ||
	    ac_condition_eval(again, known, a, NULL) != t)
		abort();
	return 0;
}
