/* verb_diff.c - protocol diff: what a version means that the other does not. */
#include <stdio.h>

#include "admin-cli/terminal.h"
#include "admin-cli/version_arg.h"
#include "core/protocol_diff.h"

/* As diff does: 1 says that they differ, so an error is never 1. */
static int
trouble(int rc)
{
	return rc == 1 ? 2 : rc;
}

static int
both(struct cli *c, struct cli_version *before, struct cli_version *after)
{
	int rc;

	if (c->argc == 2) {
		rc = cli_version_of(c, c->argv[0], false, before);
		return rc >= 0 ? rc : cli_version_of(c, c->argv[1], false, after);
	}
	rc = cli_version_of(c, c->argv[0], true, after);
	return rc >= 0 ? rc : cli_active_of(c, after->protocol->id, before);
}

int
verb_protocol_diff(struct cli *c)
{
	struct cli_version before, after;
	struct ac_changes changes;
	struct ac_buf b;
	struct ac_jw w;
	int rc = both(c, &before, &after);

	if (rc >= 0)
		return trouble(rc);
	ac_protocol_diff(before.protocol, after.protocol, c->a, &changes);
	rc = changes.n > 0;
	if (c->json) {
		cli_json_begin(c, &b, &w);
		ac_jw_kstr(&w, "before", before.name);
		ac_jw_kstr(&w, "after", after.name);
		ac_changes_json(&changes, &w);
		int done = cli_json_end(&w);
		return done != 0 ? trouble(done) : rc;
	}
	printf("%s--- %.*s%s\n", cli_paint(c, CLI_BOLD), AC_FMT(cli_plain(c, before.name)),
	    cli_paint(c, CLI_PLAIN));
	printf("%s+++ %.*s%s\n", cli_paint(c, CLI_BOLD), AC_FMT(cli_plain(c, after.name)),
	    cli_paint(c, CLI_PLAIN));
	cli_wrap_lines(stdout, c->columns, ac_changes_words(&changes, c->colour, c->a));
	int done = cli_done();
	return done != 0 ? trouble(done) : rc;
}
