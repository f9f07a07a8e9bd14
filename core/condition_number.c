/* condition_number.c - text to number as XPath reads it, the same on every machine and in every locale. */
#include <math.h>

#include "core/condition_tree.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

double
ac_cond_number(struct ac_str s)
{
	double mantissa = 0, power = 1;
	int64_t scale = 0, exponent = 0;
	int digits = 0, seen = 0;
	bool is_negative, is_fraction = false;

	s = ac_str_trim(s);
	is_negative = s.n > 0 && s.p[0] == '-';
	size_t i = is_negative ? 1 : 0;
	for (; i < s.n && (is_digit(s.p[i]) || (s.p[i] == '.' && !is_fraction)); i++) {
		if (s.p[i] == '.') {
			is_fraction = true;
			continue;
		}
		seen++;
		/* 15 digits are exact in a double; what follows them only shifts */
		if (digits < 15) {
			mantissa = mantissa * 10 + (s.p[i] - '0');
			digits += mantissa > 0;
			scale -= is_fraction;
		} else {
			scale += !is_fraction;
		}
	}
	if (seen == 0)
		return NAN;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		struct ac_str e = { s.p + i + 1, s.n - i - 1 };
		if (e.n > 0 && e.p[0] == '+')
			e = (struct ac_str){ e.p + 1, e.n - 1 };
		if (!ac_str_int(e, -400, 400, &exponent))
			return NAN;
		i = s.n;
	}
	if (i != s.n)
		return NAN;
	scale += exponent;
	/* one rounding for every number that a person writes: 10^22 is the last exact power */
	for (int64_t k = scale < 0 ? -scale : scale; k > 0 && power < 1e300; k--)
		power *= 10;
	mantissa = scale < 0 ? mantissa / power : mantissa * power;
	return is_negative ? -mantissa : mantissa;
}
