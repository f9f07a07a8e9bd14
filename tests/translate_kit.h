/* translate_kit.h - what a translator does to a file. */
#ifndef TESTS_TRANSLATE_KIT_H
#define TESTS_TRANSLATE_KIT_H

#include "base/buf.h"
#include "core/translate.h"

/* Every unit of the file gets these words in front of its source as target. */
static inline struct ac_str
translated(struct ac_arena *a, struct ac_str xliff, const char *with)
{
	struct ac_buf b;

	ac_buf_init(&b, a, xliff.n * 2, 0);
	for (size_t i = 0, from = 0; i < xliff.n; i++) {
		struct ac_str rest = { xliff.p + i, xliff.n - i };
		if (ac_str_starts(rest, AC_S("<source>")))
			from = i + 8;
		if (!ac_str_starts(rest, AC_S("</source>"))) {
			ac_buf_addc(&b, xliff.p[i]);
			continue;
		}
		ac_buf_addf(&b, "</source><target>%s%.*s</target>", with, (int)(i - from), xliff.p + from);
		i += strlen("</source>") - 1;
	}
	return ac_buf_str(&b);
}

#endif
