/* life_who.c - who acts on a protocol from the EHR: an account, and what it may. */
#include <string.h>

#include "core/person.h"
#include "core/service_parts.h"

enum ac_code
ac_life_who_ehr(
    struct ac_worker *w, const struct ac_actor *actor, struct ac_life_who *ret, struct ac_err *reterr)
{
	struct ac_str account, person;
	const struct ac_rights *rights;
	enum ac_code rc;

	/* ehr:a/b/c would be two accounts */
	if (actor->user.n == 0 || (actor->site.n > 0 && memchr(actor->site.p, '/', actor->site.n) != NULL))
		return ac_fail(
		    reterr, AC_EDENIED, "LIFE-ACCOUNT", "this sign-in gives no account of its own");
	account = ac_account_ehr(actor->site, actor->user, w->arena);
	if ((rc = ac_person_of(w->reader, account, w->arena, &person, reterr)) != AC_OK ||
	    (rc = ac_rights_read(w->service->rights, false, w->arena, &rights, reterr)) !=
		AC_OK) /* a change counts at once */
		return rc;
	*ret = (struct ac_life_who){
		.account = account, .role = actor->role, .may = ac_rights_of_role(actor->role)
	};
	/* without [roles] "everybody" means who can write the store, not who can sign in to the EHR */
	if (ac_rights_are_declared(rights))
		ret->may |= ac_rights_of(rights, account, person);
	return AC_OK;
}
