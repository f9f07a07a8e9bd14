/*
 * version_arg.h - a protocol version as a person names it: a file, a protocol's id, the beginning of a version's hash.
 *
 * Shape   a file is what has a '/' or ends in .xml; everything else is looked up in the store, which is opened then.
 * Owner   the verb's arena.
 */
#ifndef ADMIN_CLI_VERSION_ARG_H
#define ADMIN_CLI_VERSION_ARG_H

#include "admin-cli/verbs.h"
#include "core/protocol_list.h"

struct cli_version {
	struct ac_str name; /* for people: "mesotherapy 3fa29c01 (draft)", "new.xml" */
	const struct ac_protocol *protocol;
	bool is_file;
	struct ac_protocol_row row; /* of a stored one */
};
/* -1, or the exit code of what was said. PROTOCOL alone means its active version, with `draft` its newest unpublished one. */
int cli_version_of(struct cli *c, const char *arg, bool draft, struct cli_version *ret);
/* The active version of a protocol; -1. None is an error: AC_ENOTFOUND. */
int cli_active_of(struct cli *c, struct ac_str protocol, struct cli_version *ret);
bool cli_arg_is_file(const char *arg);

#endif
