/*
 * time_oracle.c - answers questions about zones, one a line, as the product would; run.sh compares with
 * zoneinfo.
 *
 * Usage   time_oracle [ZONEINFO-FOLDER] < questions > answers
 * Lines   ZONE|INSTANT|offset                  seconds east of UTC
 *         ZONE|YYYY-MM-DDThh:mm:ss|wall        earlier and later instant
 *         ZONE|INSTANT|48 h, 7 d, 12 w, 3 d 08:00
 *                                              end of a window counted from the instant: earlier, later,
 * offset at later
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

static void
die(const char *what, const char *line)
{
	fprintf(stderr, "time_oracle: %s: %s\n", what, line);
	exit(1);
}

static const struct ac_zone *
open_zone(struct ac_arena *a, const char *name, const char *dir)
{
	struct ac_err e = { 0 };
	struct ac_str bytes;
	const struct ac_zone *z = NULL;

	if (ac_zone_read(ac_str_c(name), dir, a, &bytes, &e) != AC_OK ||
	    ac_zone_open(ac_str_c(name), bytes, a, &z, &e) != AC_OK)
		die(e.msg, name);
	return z;
}

static void
answer_window(const struct ac_zone *z, int64_t from, const char *op)
{
	int n = 0, h = -1, m = 0;
	char unit = 0;
	int64_t at[2];

	if (sscanf(op, "%d %c %d:%d", &n, &unit, &h, &m) < 2)
		die("what is this", op);
	for (int fold = 0; fold < 2; fold++) {
		struct ac_wall w = ac_wall_at(z, from);

		if (unit == 'h') {
			at[fold] = from + n * INT64_C(3600);
			continue;
		}
		w = ac_wall_add_days(w, unit == 'w' ? n * 7 : n);
		if (h >= 0) {
			w.hour = (int8_t)h;
			w.min = (int8_t)m;
			w.sec = 0;
		}
		at[fold] = ac_wall_instant(z, w, fold == 0 ? AC_FOLD_EARLIER : AC_FOLD_LATER);
	}
	printf("%" PRId64 " %" PRId64 " %" PRId32 "\n", at[0], at[1], ac_zone_offset(z, at[1]));
}

static void
answer_wall(const struct ac_zone *z, const char *text)
{
	int y, mo, d, h, mi, s;

	if (sscanf(text, "%d-%d-%dT%d:%d:%d", &y, &mo, &d, &h, &mi, &s) != 6)
		die("what is this", text);
	struct ac_wall w = { y, (int8_t)mo, (int8_t)d, (int8_t)h, (int8_t)mi, (int8_t)s };
	printf("%" PRId64 " %" PRId64 "\n", ac_wall_instant(z, w, AC_FOLD_EARLIER),
	    ac_wall_instant(z, w, AC_FOLD_LATER));
}

int
main(int argc, char **argv)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	const struct ac_zone *z = NULL;
	char line[256], last[256] = "";

	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *middle = strchr(line, '|'), *op = middle == NULL ? NULL : strchr(middle + 1, '|');

		if (op == NULL)
			die("what is this", line);
		*middle++ = '\0';
		*op++ = '\0';
		op[strcspn(op, "\n")] = '\0';
		if (strcmp(line, last) != 0) { /* questions come sorted by zone */
			ac_arena_reset(a);
			z = open_zone(a, line, argc > 1 ? argv[1] : NULL);
			(void)snprintf(last, sizeof(last), "%s", line);
		}
		if (strcmp(op, "wall") == 0)
			answer_wall(z, middle);
		else if (strcmp(op, "offset") == 0)
			printf("%" PRId32 "\n", ac_zone_offset(z, strtoll(middle, NULL, 10)));
		else if (isdigit((unsigned char)op[0]))
			answer_window(z, strtoll(middle, NULL, 10), op);
		else
			die("what is this", op);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
