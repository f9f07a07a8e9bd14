/* protocol_diff.c - see protocol_diff.h: what is compared, in the order of the file. */
#include "core/protocol_diff_parts.h"

void
ac_protocol_diff(const struct ac_protocol *before, const struct ac_protocol *after, struct ac_arena *a,
    struct ac_changes *ret)
{
	struct pd d = { .before = before,
		.after = after,
		.names = { .protocol = { before, after } },
		.a = a,
		.worlds_left = AC_DIFF_WORLDS_MAX };

	pd_head(&d);
	pd_triggers(&d);
	pd_facts(&d);
	pd_lines(&d);
	pd_contacts(&d);
	pd_notes(&d);
	*ret = (struct ac_changes){ .v = d.changes.v, .n = d.changes.n };
	for (size_t i = 0; i < ret->n; i++) {
		ret->nstronger += ret->v[i].strength == AC_STRENGTH_STRONGER;
		ret->nweaker += ret->v[i].strength == AC_STRENGTH_WEAKER;
		ret->nvisible += ret->v[i].visible;
	}
}

const char *
ac_change_kind_word(enum ac_change_kind k)
{
	static const char *const words[] = { "new", "gone", "renamed", "stronger", "weaker", "widened",
		"narrowed", "reworded", "moved", "changed" };

	return words[k];
}

const char *
ac_strength_word(enum ac_strength s)
{
	static const char *const words[] = { "none", "stronger", "weaker" };

	return words[s];
}
