/* protocol_new.c - see protocol_new.h. */
#include <string.h>

#include "base/embed.h"
#include "core/protocol_new.h"

#define NAMED "id=\"skeleton\""
#define ID_MAX 64

extern const struct ac_embedded ac_skeleton[];

static bool
is_id(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool is_letter = s.p[i] >= 'a' && s.p[i] <= 'z';

		if (!is_letter && (i == 0 || ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '-')))
			return false;
	}
	return s.n > 0 && s.n <= ID_MAX;
}

enum ac_code
ac_protocol_skeleton(struct ac_str id, struct ac_arena *a, struct ac_str *ret, struct ac_err *reterr)
{
	const char *text = (const char *)ac_skeleton[0].bytes, *at = strstr(text, NAMED);

	if (!is_id(id))
		return ac_fail(reterr, AC_EINPUT, "PRT-013",
		    "an id is a small letter, then at most 63 small letters, digits and hyphens");
	if (at == NULL)
		return ac_fail(
		    reterr, AC_EINTEGRITY, "PRT-SKELETON", "the skeleton does not say where its id stands");
	*ret = ac_strf(a, "%.*sid=\"%.*s\"%s", (int)(at - text), text, AC_FMT(id), at + strlen(NAMED));
	return AC_OK;
}
