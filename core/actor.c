/* actor.c - role words, and the reason that a person gives. */
#include "base/utf8.h"
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

bool
ac_actor_set_role(struct ac_actor *who, struct ac_str text)
{
	struct ac_str role, only = { 0 };
	enum ac_role parsed;
	bool is_limited;

	only = ac_cut(text, ';', &role);
	is_limited = role.n < text.n;
	if (text.n > AC_ACTOR_ROLE_MAX || !ac_role_parse(role, &parsed))
		return false;
	if (is_limited && !ac_str_starts(only, AC_S("only=")))
		return false;
	who->role = parsed;
	who->is_limited = is_limited;
	if (is_limited)
		who->sensitivities = (struct ac_str){ only.p + 5, only.n - 5 };
	return true;
}

bool
ac_actor_may_see(const struct ac_actor *who, struct ac_str sensitivity)
{
	struct ac_str rest = who->sensitivities, one;

	if (!who->is_limited || sensitivity.n == 0)
		return true;
	while (rest.n > 0) {
		rest = ac_cut(rest, '|', &one);
		if (ac_streq(one, sensitivity))
			return true;
	}
	return false;
}

enum ac_code
ac_reason_check(struct ac_str reason, bool needed, struct ac_err *reterr)
{
	size_t bad;

	if (needed && ac_str_trim(reason).n == 0)
		return ac_fail(reterr, AC_EINPUT, "LIFE-REASON", "this needs a reason");
	if (reason.n > AC_REASON_MAX || !ac_utf8_is_valid(reason, &bad))
		return ac_fail(
		    reterr, AC_EINPUT, "LIFE-REASON", "a reason is text of at most %d bytes", AC_REASON_MAX);
	return AC_OK;
}
