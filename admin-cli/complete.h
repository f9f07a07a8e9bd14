/*
 * complete.h - what may stand where, read from the words of the tables: for the three shells' scripts.
 *
 * Words   "PROTOCOL|FILE", "FILE...", "[PLAN]", "bash|zsh|fish": capitals name a kind, small letters are the words
 *         themselves. Kinds that no shell can know (PLAN, LINE, N) complete to nothing.
 */
#ifndef ADMIN_CLI_COMPLETE_H
#define ADMIN_CLI_COMPLETE_H

#include "admin-cli/verbs.h"

struct cli_fits {
	bool file, folder, protocol;
	struct ac_str words; /* separated by blanks; empty: none */
};
struct cli_fits cli_fits(struct ac_arena *a, const char *words);
/* "protocol" and "lint" of "protocol lint"; the second is empty for a verb of one word. */
struct ac_str cli_verb_head(const struct cli_verb *v, struct ac_str *ret_second);
bool cli_verb_is_first_of_group(const struct cli_verb *v);

void cli_complete_bash(struct ac_arena *a, struct ac_buf *b);
void cli_complete_zsh(struct ac_arena *a, struct ac_buf *b);
void cli_complete_fish(struct ac_arena *a, struct ac_buf *b);

#endif
