/* verb_new.c - protocol new: a draft with one line of every kind, to be edited. */
#include <stdio.h>

#include "admin-cli/life.h"
#include "core/protocol_list.h"
#include "core/protocol_new.h"

int
verb_protocol_new(struct cli *c)
{
	struct ac_str id = ac_str_c(c->argv[0]), xml;
	struct ac_protocol_rows rows;
	struct ac_sha256 version = { 0 };
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;
	struct ac_life_who who;
	bool was_there = false;
	int rc;

	if (ac_protocol_skeleton(id, c->a, &xml, &e) != AC_OK || ac_protocol_list(c->w, &rows, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	for (size_t i = 0; i < rows.n; i++)
		if (ac_streq(rows.v[i].protocol, id)) {
			ac_fail(&e, AC_ECONFLICT, "PROTOCOL-EXISTS",
			    "there is a protocol of that name: aftercare protocol edit %s", c->argv[0]);
			return cli_fail(c, NULL, &e);
		}
	if ((rc = cli_life_who(c, &who)) >= 0)
		return rc;
	if (ac_protocol_import_why(c->w, &who, xml, NULL, cli_how(c), &version, &was_there, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (!c->json && c->dry_run) {
		cli_print(c, xml);
		return cli_done();
	}
	if (!c->json) {
		printf("%.*s is a new draft of yours\n", AC_FMT(id));
		cli_say(c, "write it: aftercare protocol edit %s", c->argv[0]);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "protocol", id);
	if (!c->dry_run)
		ac_jw_kstr(&w, "version", ac_hex(c->a, version.b, sizeof(version.b)));
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	ac_jw_kstr(&w, "source", xml);
	return cli_json_end(&w);
}
