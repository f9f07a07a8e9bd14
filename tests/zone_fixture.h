/* zone_fixture.h - TZif bytes made for a test. Shape: version 2, an empty first block, the transitions given.
 */
#ifndef TESTS_ZONE_FIXTURE_H
#define TESTS_ZONE_FIXTURE_H

#include "base/time.h"
#include "base/buf.h"

static inline void
put_be(struct ac_buf *b, int64_t v, int n)
{
	for (int i = n - 1; i >= 0; i--)
		ac_buf_addc(b, (char)((uint64_t)v >> (8 * i)));
}

static inline void
put_header(struct ac_buf *b, size_t times, size_t types)
{
	ac_buf_add(b, AC_S("TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
	put_be(b, 0, 4); /* UT indicators */
	put_be(b, 0, 4); /* standard indicators */
	put_be(b, 0, 4); /* leap seconds */
	put_be(b, (int64_t)times, 4);
	put_be(b, (int64_t)types, 4);
	put_be(b, 4, 4); /* characters of abbreviations */
}

/* `first` holds before at[0]; offset[i] from at[i] on; then the footer. */
static inline struct ac_str
tzif(
    struct ac_arena *a, int32_t first, size_t n, const int64_t *at, const int32_t *offset, const char *footer)
{
	struct ac_buf b;

	ac_buf_init(&b, a, 256, 0);
	put_header(&b, 0, 1);
	ac_buf_add(&b, AC_S("\0\0\0\0\0\0AAA\0"));
	put_header(&b, n, n + 1);
	for (size_t i = 0; i < n; i++)
		put_be(&b, at[i], 8);
	for (size_t i = 0; i < n; i++)
		ac_buf_addc(&b, (char)(i + 1));
	for (size_t i = 0; i <= n; i++) {
		put_be(&b, i == 0 ? first : offset[i - 1], 4);
		ac_buf_add(&b, AC_S("\0\0"));
	}
	ac_buf_add(&b, AC_S("AAA\0"));
	ac_buf_addf(&b, "\n%s\n", footer);
	return ac_buf_str(&b);
}

#endif
