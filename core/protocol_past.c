/*
 * protocol_past.c - what was done to a protocol, and who changed each line last.
 *
 * Rules   blame walks back through what was in force: a line is the work of the oldest version of an unbroken run in
 *         which it means the same. Meaning is compared, not text: white space and the order of lines change nothing.
 */
#include <string.h>

#include "core/protocol_life_parts.h"

enum ac_code
ac_life_act_of(const struct ac_val *col, struct ac_life_act *ret, struct ac_err *reterr)
{
	struct ac_life_act x = { .action = col[0].s,
		.actor = col[1].s,
		.person = col[2].s,
		.reason = col[3].s,
		.at_ms = col[4].i,
		.n = col[5].i,
		.has_version = col[6].type != AC_VAL_NULL };

	if (x.has_version && !ac_val_sha(&col[6], &x.version))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "protocol_act.version is not a digest");
	*ret = x;
	return AC_OK;
}

enum ac_code
ac_life_history(
    struct ac_worker *w, struct ac_str protocol, struct ac_life_acts *ret, struct ac_err *reterr)
{
	struct ac_rows rows;
	enum ac_code rc =
	    ac_rows_read(w->reader, AC_STMT_ACT_LIST, w->arena, &rows, reterr, AC_VTEXT(protocol));

	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "there never was such a protocol");
	*ret = (struct ac_life_acts){ ac_new(w->arena, struct ac_life_act, rows.n), 0 };
	for (; ret->n < rows.n; ret->n++)
		if ((rc = ac_life_act_of(ac_row(&rows, ret->n), &ret->v[ret->n], reterr)) != AC_OK)
			return rc;
	return AC_OK;
}
