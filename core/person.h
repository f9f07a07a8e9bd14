/*
 * person.h - persons and their accounts: two accounts of one person are one person where two persons are asked for.
 *
 * Rules   an account is one person's at a time. Ending a mapping does not make two persons of one: who shared a person
 *         with a version's author at any time since the version was written cannot approve it. Each change is an entry
 *         of the log (action "person").
 * Errors  AC_EINPUT PERSON-ID (letters, digits, ".", "-", "_"; at most 64), PERSON-NAME, PERSON-ACCOUNT; AC_ECONFLICT
 *         PERSON-TAKEN, PERSON-MAPPED (the account is another's: end that first); AC_ENOTFOUND PERSON-UNKNOWN,
 *         PERSON-NOT-MAPPED; AC_EDENIED LIFE-ROLE.
 */
#ifndef CORE_PERSON_H
#define CORE_PERSON_H

#include "core/protocol_life.h"

struct ac_person_row { /* one for each mapping, ended ones too; a person without one has an absent account */
	struct ac_str person, name, account, actor, ended_by;
	int64_t since_ms, until_ms; /* until 0: now */
};
struct ac_person_rows {
	struct ac_person_row *v;
	size_t n;
};
enum ac_code ac_person_list(struct ac_worker *w, struct ac_person_rows *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_person_add(struct ac_worker *w, const struct ac_life_who *who, struct ac_str id, struct ac_str name,
    struct ac_life_how how, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_person_map(struct ac_worker *w, const struct ac_life_who *who, struct ac_str id, struct ac_str account,
    struct ac_life_how how, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_person_unmap(struct ac_worker *w, const struct ac_life_who *who, struct ac_str account, struct ac_life_how how,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The person behind an account now: the account itself when nobody mapped it. */
enum ac_code ac_person_of(struct ac_store *s, struct ac_str account, struct ac_arena *a, struct ac_str *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Behind both accounts (in full) stood one person, now or at some time since then. */
enum ac_code ac_person_is_same(struct ac_store *s, struct ac_arena *a, struct ac_str one, struct ac_str other,
    int64_t since_ms, bool *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
