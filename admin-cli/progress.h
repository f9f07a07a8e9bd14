/*
 * progress.h - how far long work has come, on stderr: a bar on a terminal, else a line every 10 seconds; none with --quiet.
 */
#ifndef ADMIN_CLI_PROGRESS_H
#define ADMIN_CLI_PROGRESS_H

#include "admin-cli/verbs.h"

struct cli_progress {
	const struct cli *c;
	const char *what; /* "visits" */
	bool is_tty, shown;
	int64_t begun_ms, last_ms;
};
void cli_progress_begin(struct cli_progress *p, const struct cli *c, const char *what);
void cli_progress_show(size_t done, size_t all, void *progress); /* may be called as often as one likes */
void cli_progress_end(struct cli_progress *p);                   /* the bar goes away */
/* A date is the start of that day in the zone (NULL: UTC); a date-time carries its own offset. `open` without one. */
bool cli_since_arg(const char *arg, const struct ac_zone *z, int64_t open, int64_t *ret_ms);

#endif
