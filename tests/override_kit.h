/* override_kit.h - a clinician's acts on the kit's visit. Every value is invented. */
#ifndef TESTS_OVERRIDE_KIT_H
#define TESTS_OVERRIDE_KIT_H

#include "core/override_act.h"
#include "tests/visit_kit.h"

#define WHY "slow healing at the last visit"

KIT enum ac_code
try_act(struct ac_uuid plan, struct ac_override_request rq, enum ac_role role, bool dry_run,
    struct ac_override_done *done, struct ac_err *e)
{
	struct ac_actor who = as(role);
	enum ac_code rc;

	*e = (struct ac_err){ 0 };
	need(ac_worker_begin(k.w, e), e);
	rq.plan = plan;
	if (rq.seen_version == 0)
		rq.seen_version = record_of(&k, plan, 0)->row.version;
	if (!ac_str_is_set(rq.reason))
		rq.reason = AC_S(WHY);
	need(ac_worker_begin(k.w, e), e);
	rc = ac_plan_override(k.w, &who, &rq, dry_run, done, e);
	return rc;
}

/* Whatever is doubtful is confirmed, as after a look at the page. */
KIT struct ac_override_done
act(struct ac_uuid plan, struct ac_override_request rq)
{
	static const struct ac_str all[] = { { "OVERRIDE-WEAKER", 15 }, { "OVERRIDE-RANGE", 14 },
		{ "OVERRIDE-CONTRADICTS", 20 }, { "OVERRIDE-READING", 16 }, { "OVERRIDE-LANGUAGE", 17 },
		{ "OVERRIDE-SHEET", 14 } };
	struct ac_override_done done = { 0 };
	struct ac_err e;

	rq.confirmed = all;
	rq.nconfirmed = sizeof(all) / sizeof(all[0]);
	need(try_act(plan, rq, AC_ROLE_CLINICIAN, false, &done, &e), &e);
	return done;
}

KIT struct ac_override_request
window(const char *line, const char *until)
{
	return (struct ac_override_request){
		.act = AC_OVERRIDE_WINDOW, .line = ac_str_c(line), .until = ac_str_c(until)
	};
}

KIT struct ac_override_request
omit(const char *line)
{
	return (struct ac_override_request){ .act = AC_OVERRIDE_OMIT, .line = ac_str_c(line) };
}

KIT struct ac_override_request
reword(const char *line, const char *text)
{
	return (struct ac_override_request){
		.act = AC_OVERRIDE_REWORD, .line = ac_str_c(line), .text = ac_str_c(text), .lang = AC_S("en")
	};
}

KIT struct ac_override_request
add(const char *kind, const char *concept, const char *text, const char *until)
{
	return (struct ac_override_request){ .act = AC_OVERRIDE_ADD,
		.kind = ac_str_c(kind),
		.concept = ac_str_c(concept),
		.text = ac_str_c(text),
		.lang = AC_S("en"),
		.until = ac_str_c(until) };
}

KIT struct ac_override_request
undo(int64_t n)
{
	return (struct ac_override_request){ .act = AC_OVERRIDE_UNDO, .undoes = n };
}

KIT bool
doubts(const struct ac_override_done *d, const char *rule)
{
	for (size_t i = 0; i < d->ndoubts; i++)
		if (strcmp(d->doubts[i].rule, rule) == 0)
			return true;
	return false;
}

KIT bool
warns(const struct ac_plan *p, const char *rule)
{
	for (size_t i = 0; i < p->nwarnings; i++)
		if (strcmp(p->warnings[i].rule, rule) == 0)
			return true;
	return false;
}

#endif
