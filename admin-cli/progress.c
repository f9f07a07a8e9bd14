/* progress.c - see progress.h. */
#include "admin-cli/progress.h"

#include <time.h>
#include <unistd.h>

#define BAR 24
#define BAR_MS 100
#define LINE_MS 10000

/* How long something takes has nothing to do with the time of day. */
static int64_t
elapsed_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
cli_progress_begin(struct cli_progress *p, const struct cli *c, const char *what)
{
	*p = (struct cli_progress){ .c = c, .what = what, .is_tty = isatty(STDERR_FILENO) };
	p->begun_ms = p->last_ms = elapsed_ms();
}

static void
bar(const struct cli_progress *p, size_t done, size_t all, int64_t now)
{
	size_t full = all == 0 ? BAR : done * BAR / all;
	double seconds = (double)(now - p->begun_ms) / 1000, rate = seconds > 0 ? (double)done / seconds : 0;

	fputs("\r[", stderr);
	for (size_t i = 0; i < BAR; i++)
		fputc(i < full ? '#' : ' ', stderr);
	fprintf(stderr, "] %zu of %zu %s, %.0f/s, %.0f s left\033[K", done, all, p->what, rate,
	    rate > 0 ? (double)(all - done) / rate : 0);
	fflush(stderr);
}

void
cli_progress_show(size_t done, size_t all, void *progress)
{
	struct cli_progress *p = progress;
	int64_t now = elapsed_ms();

	if (p->c->quiet || now - p->last_ms < (p->is_tty ? BAR_MS : LINE_MS))
		return;
	p->last_ms = now;
	p->shown = true;
	if (p->is_tty)
		bar(p, done, all, now);
	else
		fprintf(stderr, "%zu of %zu %s\n", done, all, p->what);
}

void
cli_progress_end(struct cli_progress *p)
{
	if (p->is_tty && p->shown)
		fputs("\r\033[K", stderr);
}

bool
cli_since_arg(const char *arg, const struct ac_zone *z, int64_t open, int64_t *ret_ms)
{
	struct ac_stamp s;
	struct ac_wall w = { 0 };

	*ret_ms = open;
	if (arg == NULL)
		return true;
	if (ac_stamp_parse(ac_str_c(arg), &s)) {
		*ret_ms = s.t * 1000;
		return true;
	}
	if (!ac_date_parse(ac_str_c(arg), &s) || s.precision != 8)
		return false;
	ac_civil_from_days(s.t / 86400, &w.year, &w.month, &w.day);
	*ret_ms = ac_wall_instant(z, w, AC_FOLD_EARLIER) * 1000;
	return true;
}
