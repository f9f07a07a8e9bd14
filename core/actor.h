/* actor.h - who asks: identity and role as the front server or the signed token said (CONTRACTS "Identity of callers"). */
#ifndef CORE_ACTOR_H
#define CORE_ACTOR_H

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
};
const char *ac_role_word(enum ac_role r); /* "front-desk", ... */
bool ac_role_parse(struct ac_str s, enum ac_role *ret);

#endif
