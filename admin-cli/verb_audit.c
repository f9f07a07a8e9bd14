/* verb_audit.c - audit verify. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "base/time.h"
#include "core/reserve.h"

int
verb_audit_verify(struct cli *c)
{
	struct ac_err e = { 0 };
	struct ac_audit_counts n = { 0 };
	struct ac_reserve_state waits = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_reserve_look(ac_cstr(c->a, ac_strf(c->a, "%s/" AC_RESERVE_NAME, c->state)), &waits, &e) !=
		AC_OK &&
	    e.code != AC_ENOTFOUND)
		return cli_fail(c, AC_RESERVE_NAME, &e);
	if (ac_audit_verify(c->w->reader, ac_service_keys(c->w->service), &n, &e) != AC_OK)
		return cli_fail(c, e.path[0] != '\0' ? e.path : NULL, &e);
	if (!c->json) {
		cli_line(c,
		    "the log verifies: %lld entries, %lld checkpoints, %lld documents (%lld signed), %lld sheets",
		    (long long)n.leaves, (long long)n.checkpoints, (long long)n.documents, (long long)n.signatures,
		    (long long)n.issues);
		printf("root %.*s\n", AC_FMT(ac_hex(c->a, n.root.b, sizeof(n.root.b))));
		if (waits.entries > 0)
			cli_line(c,
			    "%lld entries, the first of %.*s, wait in the log's reserve: the next commit makes "
			    "leaves of them",
			    (long long)waits.entries, AC_FMT(ac_rfc3339_ms(c->a, waits.first_ms)));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kint(&w, "entries", n.leaves);
	ac_jw_kint(&w, "checkpoints", n.checkpoints);
	ac_jw_kint(&w, "documents", n.documents);
	ac_jw_kint(&w, "signatures", n.signatures);
	ac_jw_kint(&w, "sheets", n.issues);
	ac_jw_kint(&w, "reserved", waits.entries);
	ac_jw_kstr(&w, "root", ac_hex(c->a, n.root.b, sizeof(n.root.b)));
	return cli_json_end(&w);
}
