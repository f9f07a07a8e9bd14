/*
 * fuzz_tzif.c - zones from anybody's bytes: an opened zone answers, and its wall clock leads back to the
 * instant.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/time.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);
	int64_t early = ac_wall_instant(z, w, AC_FOLD_EARLIER), late = ac_wall_instant(z, w, AC_FOLD_LATER),
		at;
	int32_t delta;

	if (early > t || late < t || early < t - 60 * 3600 || late > t + 60 * 3600)
		abort();
	if (ac_zone_next_change(z, t, t + 400 * INT64_C(86400), &at, &delta) &&
	    (at <= t || delta != ac_zone_offset(z, at) - ac_zone_offset(z, at - 1)))
		abort();
	w.min = (int8_t)((w.min + 37) % 60); /* perhaps in a gap */
	if (ac_wall_instant(z, w, AC_FOLD_EARLIER) > ac_wall_instant(z, w, AC_FOLD_LATER))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct ac_err e = { 0 };
	const struct ac_zone *z = NULL;

	if (ac_zone_open(AC_S("Fuzz/Zone"), (struct ac_str){ (const char *)data, size }, a, &z, &e) != AC_OK)
		return e.rule != NULL ? 0 : (abort(), 0);
	for (int64_t t = -3000000000; t < 5000000000; t += 97654321)
		check(z, t);
	check(z, -62135596800);
	check(z, 253402300799);
	(void)ac_wall_at(z, INT64_MIN);
	(void)ac_wall_at(z, INT64_MAX);
	(void)ac_zone_offset(z, INT64_MIN);
	(void)ac_zone_offset(z, INT64_MAX);
	return 0;
}
