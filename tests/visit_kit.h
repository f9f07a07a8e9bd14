/* visit_kit.h - an open installation and a visit whose sheet was given out before the signature. */
#ifndef TESTS_VISIT_KIT_H
#define TESTS_VISIT_KIT_H
#include "tests/expect.h"
#include "tests/intake_kit.h"

static struct kit k;

static inline void
set_up(void)
{
	kit_open(&k);
}
static inline void
tear_down(void)
{
	kit_close(&k);
}

#define SIGNED "2026-03-28T23:40:00+01:00"
#define SIGNED_AGAIN(minute) "2026-03-28T23:" minute ":00+01:00" /* what the chart changes is signed anew */

static inline const struct ac_plan_line *
line_named(const struct ac_plan *p, const char *key)
{
	for (size_t i = 0; i < p->nlines; i++)
		if (ac_streq_c(p->lines[i].key, key))
			return &p->lines[i];
	return NULL;
}

static inline bool
is(const struct ac_task_row *t, const char *status)
{
	return t != NULL && ac_streq_c(t->status, status);
}

static inline bool
holds(struct ac_str bytes, const char *part)
{
	return memmem(bytes.p, bytes.n, part, strlen(part)) != NULL;
}

/* Given out at 14:50, signed at 23:40. */
static inline struct ac_uuid
given_and_signed(void)
{
	struct ac_uuid plan = put(&k, (struct visit){ .area = "face" }).plan;

	set_clock(&k, "2026-03-28T14:50:00+01:00");
	issue(&k, plan, 1);
	set_clock(&k, "2026-03-28T23:41:00+01:00");
	put(&k, (struct visit){ .revision = 2, .area = "face", .signed_at = SIGNED });
	return plan;
}

#endif
