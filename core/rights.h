/*
 * rights.h - who may do what with protocols, and who is behind an account.
 *
 * Shape   an account is os:NAME or ehr:SITE/USER; a bare name is an os account. A person has accounts (core/person.h);
 *         an account that nobody mapped is a person of its own.
 *         The installation's file (aftercare.conf in the state folder) may have
 *           [roles]
 *           edit = os:alice, os:bob        ; accounts, persons or @groups, separated by commas; * is everybody
 *           approve = dr-miller
 *           publish = ... ; suspend = ... ; recall = ... ; persons = ...
 *         A name without a kind is a person's id, never an os account: ac_rights_name lets a face say which name nobody has.
 *         @NAME is who is in that group of this machine, asked of it each time (getgrouplist): users of the machine only.
 *         Without the file, or without [roles], whoever can write the store may do everything. With [roles] a right that
 *         is not named is nobody's.
 * Errors  AC_EINPUT rule CNF-SYNTAX, CNF-KEY with line; AC_ELIMIT CNF-LIMIT.
 * Threads immutable once loaded.
 * PHI     none.
 */
#ifndef CORE_RIGHTS_H
#define CORE_RIGHTS_H

#include "base/arena.h"
#include "base/err.h"
#include "core/actor.h"

#define AC_RIGHTS_BYTES_MAX (64 * 1024)
#define AC_RIGHTS_LINE_MAX 190
#define AC_ACCOUNT_MAX 200

enum ac_may {
	AC_MAY_EDIT = 1 << 0,
	AC_MAY_APPROVE = 1 << 1, /* approve, return with a comment */
	AC_MAY_PUBLISH = 1 << 2, /* publish, roll back, retire */
	AC_MAY_SUSPEND = 1 << 3, /* suspend, resume */
	AC_MAY_RECALL = 1 << 4,
	AC_MAY_PERSONS = 1 << 5,
	AC_MAY_REPIN = 1 << 6, /* one plan to another version: comes with recall, and with the EHR's role clinician */
	AC_MAY_ALL = (1 << 7) - 1
};
struct ac_rights;
/* Text of the installation's file; sections other than [roles] are left to others. */
enum ac_code ac_rights_load(struct ac_str ini, struct ac_arena *a, const struct ac_rights **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The file at `path`. There is none: *ret is NULL, unless it is `needed`; what is there and cannot be read is an error. */
enum ac_code ac_rights_read(const char *path, bool needed, struct ac_arena *a, const struct ac_rights **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* `rights` NULL: no file, everything. `person`: absent or the account's person. */
unsigned ac_rights_of(const struct ac_rights *rights, struct ac_str account, struct ac_str person);
/* The same with another machine's users and groups, for tests. */
typedef bool ac_in_group_fn(const char *user, const char *group, void *arg);
unsigned ac_rights_of_on(const struct ac_rights *rights, struct ac_str account, struct ac_str person,
    ac_in_group_fn *is_in, void *arg);
/* The n-th name that stands in [roles], of all rights; false: there are no more. */
bool ac_rights_name(const struct ac_rights *rights, size_t n, struct ac_str *ret_name, const char **ret_right);
bool ac_rights_are_declared(const struct ac_rights *rights); /* NULL: no */
/* What the EHR's role brings with it: a clinician approves, suspends and repins; nobody else changes protocols from there. */
unsigned ac_rights_of_role(enum ac_role role);
const char *ac_may_word(enum ac_may m); /* "approve" */

/* os:NAME for a bare name; what has a kind already stays. */
struct ac_str ac_account(struct ac_str name, struct ac_arena *a);
struct ac_str ac_account_ehr(struct ac_str site, struct ac_str user, struct ac_arena *a); /* ehr:SITE/USER */

#endif
