/* store.c - which driver an address names. */
#include "core/migrate.h"
#include "core/store.h"

static const struct ac_store_ops *const drivers[] = { &ac_store_sqlite };

enum ac_code
ac_store_open(
    const char *where, const struct ac_store_options *options, struct ac_store **ret, struct ac_err *reterr)
{
	struct ac_str name, rest = ac_cut(ac_str_c(where), ':', &name);

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (ac_streq_c(name, drivers[i]->name) && rest.n > 0)
			return drivers[i]->open(rest.p, options, ret, reterr);
	return ac_fail(
	    reterr, AC_EINPUT, "STORE-ADDRESS", "a store's address starts with sqlite: and names a file");
}

void
ac_store_close(struct ac_store *s)
{
	if (s != NULL)
		s->ops->close(s);
}

enum ac_code
ac_store_run_n(struct ac_store *s, enum ac_stmt stmt, const struct ac_val *in, size_t n, ac_row_fn *row,
    void *arg, int64_t *ret_changed, struct ac_err *reterr)
{
	return s->ops->run(s, stmt, in, n, row, arg, ret_changed, reterr);
}

bool
ac_store_is_stuck(const struct ac_err *e)
{
	return e->code == AC_EIO && strcmp(e->rule, "STORE-DISK") == 0;
}

int64_t
ac_store_schema(void)
{
	return ac_migrate_newest(ac_migrations_sqlite);
}
