/* migrate.c - which steps a database lacks. */
#include "base/str.h"
#include "core/migrate.h"

int64_t
ac_migrate_newest(const struct ac_embedded *steps)
{
	int64_t n = 0;

	while (steps[n].name != NULL)
		n++;
	return n;
}

static enum ac_code
check_number(const char *name, int64_t want, struct ac_err *reterr)
{
	struct ac_str number;
	int64_t n = 0;

	ac_cut(ac_str_c(name), '_', &number);
	while (number.n > 1 && number.p[0] == '0')
		number = (struct ac_str){ number.p + 1, number.n - 1 };
	if (!ac_str_int(number, 1, 9999, &n) || n != want)
		return ac_fail(reterr, AC_EIO, "STORE-VERSION", "schema step %s is not number %lld", name,
		    (long long)want);
	return AC_OK;
}

enum ac_code
ac_migrate(const struct ac_embedded *steps, int64_t have, ac_migrate_fn *apply, void *db, int64_t *ret_now,
    struct ac_err *reterr)
{
	int64_t newest = ac_migrate_newest(steps);
	enum ac_code code = AC_OK;

	if (have < 0 || have > newest)
		return ac_fail(reterr, AC_EIO, "STORE-VERSION",
		    "the store has schema %lld, this release knows up to %lld: use the newer release",
		    (long long)have, (long long)newest);
	for (int64_t i = 0; i < newest && code == AC_OK; i++) {
		code = check_number(steps[i].name, i + 1, reterr);
		if (code == AC_OK && i >= have)
			code = apply(db, (const char *)steps[i].bytes, reterr);
	}
	if (code == AC_OK)
		*ret_now = newest;
	return code;
}
