/* actor.c - role words. */
#include "core/actor.h"

static const char *const words[] = { "none", "front-desk", "nurse", "clinician", "admin", "auditor",
	"system" };

const char *
ac_role_word(enum ac_role r)
{
	return words[r];
}

bool
ac_role_parse(struct ac_str s, enum ac_role *ret)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (ac_streq_c(s, words[i])) {
			*ret = (enum ac_role)i;
			return true;
		}
	}
	return false;
}
