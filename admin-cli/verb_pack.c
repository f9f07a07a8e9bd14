/* verb_pack.c - protocol export: a pack on stdout; audit key: with which packs and checkpoints are verified. */
#include <stdio.h>
#include <time.h>

#include "admin-cli/verbs.h"
#include "core/pack.h"
#include "core/protocol_list.h"

int
verb_protocol_export(struct cli *c)
{
	struct ac_str *sources = ac_new(c->a, struct ac_str, (size_t)c->argc), bytes;
	const struct ac_keys *keys = c->sign ? ac_service_keys(c->w->service) : NULL;
	struct ac_err e = { 0 };
	struct timespec now;

	for (int i = 0; i < c->argc; i++) {
		struct ac_protocol_row row;

		if (ac_protocol_resolve(c->w, ac_str_c(c->argv[i]), false, &row, &e) != AC_OK ||
		    ac_protocol_source(c->w, &row.version, &sources[i], &e) != AC_OK)
			return cli_fail(c, c->argv[i], &e);
	}
	clock_gettime(CLOCK_REALTIME, &now);
	if (ac_pack_write(sources, (size_t)c->argc, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, keys,
		c->a, &bytes, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	cli_print(bytes);
	return cli_done();
}

int
verb_audit_key(struct cli *c)
{
	struct ac_str key = ac_keys_public(ac_service_keys(c->w->service), c->a);
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		printf("%.*s\n", AC_FMT(key));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "key", key);
	return cli_json_end(&w);
}
