/*
 * life.h - what the verbs about a protocol's life share: who asks, which version is meant, how a result is said.
 *
 * Rights  [roles] of --config FILE, else of aftercare.conf in the state folder; without the file everybody who can write the
 *         store may everything (core/rights.h).
 */
#ifndef ADMIN_CLI_LIFE_H
#define ADMIN_CLI_LIFE_H

#include "admin-cli/verbs.h"
#include "core/protocol_life.h"
#include "core/recall.h"

#define CLI_HASH_SHOWN 12

/* -1, or the exit code of what was said. */
int cli_life_who(struct cli *c, struct ac_life_who *ret);
int cli_may_edit(struct cli *c); /* -1, or the exit code */
/* PROTOCOL (its newest version that was not published; with `published` the active one) or VERSION. Copied: the worker may
 * begin again. -1, or the exit code. */
int cli_life_version(struct cli *c, const char *arg, bool published, struct ac_life_row *ret);
/* A protocol's id as given, and what `which` ("v3", a hash; NULL: what is active) means for it. */
int cli_life_of(struct cli *c, const char *protocol, const char *which, struct ac_life_row *ret);
struct ac_str cli_hash(const struct cli *c, const struct ac_sha256 *v); /* 12 digits for a person */
void cli_json_version(const struct cli *c, struct ac_jw *w, const char *key, const struct ac_sha256 *v);
/* What changes by meaning when `after` takes the place of `before` (NULL: of nothing), for a person; with --json nothing. */
int cli_life_changes(struct cli *c, const struct ac_sha256 *before, const struct ac_sha256 *after);
const struct ac_sha256 *cli_life_active(struct cli *c, struct ac_str protocol); /* NULL: none */
/* "3 sheets at home ..."; counts plans of the protocol that are not of this version and still run. */
int cli_life_touched(struct cli *c, struct ac_str protocol, const struct ac_sha256 *except, struct ac_plans_found *ret);

#endif
