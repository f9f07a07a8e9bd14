/* edit_remarks.c - remarks in a text that is being edited, and their removal. */
#include "base/buf.h"
#include "core/edit.h"

#define REMARK "<!-- aftercare: "
#define REMARK_END " -->"

static bool
is_remark(struct ac_str line)
{
	line = ac_str_trim(line);
	return ac_str_starts(line, AC_S(REMARK)) && ac_str_ends(line, AC_S(REMARK_END));
}

struct ac_str
ac_remarks_remove(struct ac_str xml, struct ac_arena *a)
{
	struct ac_buf b;

	ac_buf_init(&b, a, xml.n + 1, 0);
	while (xml.n > 0) {
		struct ac_str line, rest = ac_cut(xml, '\n', &line);
		size_t n = line.n + (line.n < xml.n); /* with its line feed, where it has one */

		if (!is_remark(line))
			ac_buf_add(&b, (struct ac_str){ xml.p, n });
		xml = rest;
	}
	return ac_buf_str(&b);
}

/* A comment cannot hold two hyphens or another line. */
static void
add_remark(struct ac_buf *b, struct ac_str text)
{
	ac_buf_addz(b, REMARK);
	for (size_t i = 0; i < text.n; i++) {
		char ch = text.p[i];
		bool is_second = ch == '-' && i > 0 && text.p[i - 1] == '-';

		if (is_second)
			ac_buf_addc(b, ' ');
		ac_buf_addc(b, (unsigned char)ch < 0x20 ? ' ' : ch);
	}
	ac_buf_addz(b, REMARK_END "\n");
}

struct ac_str
ac_remarks_add(struct ac_str xml, const struct ac_remark *v, size_t n, struct ac_arena *a, uint32_t *ret_line)
{
	struct ac_buf b;
	uint32_t at = 1, added = 0;

	*ret_line = 1;
	ac_buf_init(&b, a, xml.n + n * 256 + 1, 0);
	for (size_t i = 0; xml.n > 0 || i < n; at++) {
		struct ac_str line, rest = ac_cut(xml, '\n', &line);
		/* nothing may stand before the XML declaration; what is meant behind the end stands at the end */
		for (; i < n &&
		       (xml.n == 0 || (v[i].line <= at && !(at == 1 && ac_str_starts(line, AC_S("<?xml")))));
		     i++) {
			if (xml.n == 0 && b.n > 0 && b.p[b.n - 1] != '\n')
				ac_buf_addc(&b, '\n');
			add_remark(&b, v[i].text);
			if (added++ == 0)
				*ret_line = at;
		}
		if (xml.n > 0)
			ac_buf_add(&b, (struct ac_str){ xml.p, line.n + (line.n < xml.n) });
		xml = rest;
	}
	return ac_buf_str(&b);
}
