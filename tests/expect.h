/* expect.h - what all suites need beside Criterion: comparing text, and repeatable randomness. */
#ifndef TESTS_EXPECT_H
#define TESTS_EXPECT_H

#include <criterion/criterion.h>

#include "base/str.h"

/* Both sides are evaluated once; the failure shows both. */
#define EXPECT_TEXT(got, want) \
	do { \
		struct ac_str got_ = (got), want_ = ac_str_c(want); \
		cr_expect(ac_streq(got_, want_), "got  [%.*s]\nwant [%.*s]", AC_FMT(got_), AC_FMT(want_)); \
	} while (0)
#define EXPECT_CODE(got, want, e) \
	do { \
		enum ac_code got_ = (got); \
		cr_expect(got_ == (want), "got %d: %s %s %s", (int)got_, (e).rule == NULL ? "" : (e).rule, \
		    (e).path, (e).msg); \
	} while (0)
#define EXPECT_RULE(e, want) \
	cr_expect((e).rule != NULL && strcmp((e).rule, (want)) == 0, "got rule %s, want %s", (e).rule, (want))

/* splitmix64: the same numbers on every machine, whatever rand() does there. */
static inline uint64_t
next_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

#endif
