/* actor.h - who asks: identity and role as the front server or the signed token said (CONTRACTS "Identity of callers"). */
#ifndef CORE_ACTOR_H
#define CORE_ACTOR_H

#include "base/err.h"
#include "base/str.h"

enum ac_role {
	AC_ROLE_NONE,
	AC_ROLE_FRONT_DESK,
	AC_ROLE_NURSE,
	AC_ROLE_CLINICIAN,
	AC_ROLE_ADMIN,
	AC_ROLE_AUDITOR,
	AC_ROLE_SYSTEM /* the EHR's module */
};
#define AC_ROLE_BIT(r) (1u << (r))

struct ac_actor {
	struct ac_str user; /* absent: nobody */
	enum ac_role role;
	struct ac_str site;               /* absent: any of this installation */
	struct ac_str patient, encounter; /* absent: not restricted to one */
	bool is_limited;                  /* of visits that have a sensitivity, those whose sensitivity is one of these */
	struct ac_str sensitivities;      /* "normal|high"; empty: none of them */
};
/*
 * ROLE, or ROLE;only=A|B: the role, and which sensitivities they may see. The two are one word, because a front server that
 * passes the role then cannot drop its limit. False: no role, or something that is not understood; *who is left as it was.
 */
#define AC_ACTOR_ROLE_MAX 1024
bool ac_actor_set_role(struct ac_actor *who, struct ac_str text);
/* A visit without a sensitivity (absent or empty) is open to whoever may see visits at all. */
bool ac_actor_may_see(const struct ac_actor *who, struct ac_str sensitivity);
const char *ac_role_word(enum ac_role r); /* "front-desk", ... */
bool ac_role_parse(struct ac_str s, enum ac_role *ret);

/* What every act takes that a person does by hand. `reason` may be absent where none is demanded. */
#define AC_REASON_MAX 1000 /* bytes of a reason or a comment */
struct ac_life_how {
	struct ac_str reason;
	bool dry_run; /* says what the act would, and changes nothing */
};
/* AC_EINPUT LIFE-REASON: too long, no text, or none where one is needed. */
enum ac_code ac_reason_check(struct ac_str reason, bool needed, struct ac_err *reterr) AC_MUST_CHECK;

#endif
