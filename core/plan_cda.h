/*
 * plan_cda.h - the plan as a C-CDA R2.1 Care Plan document.
 *
 * Shape   a pure function of the plan (and through it of its recorded inputs): same plan, same bytes. The
 *         text blocks alone tell everything; the entries say it again in the standard's templates and point
 *         to their text. English; a protocol's line that has no English text is given in the language it has,
 *         and says so.
 * Errors  AC_EINPUT CDA-NO-DOCUMENT when the plan has no document version; those of cda_write.
 * PHI     all of it.
 */
#ifndef CORE_PLAN_CDA_H
#define CORE_PLAN_CDA_H

#include "core/plan.h"

/* Its document names a legal authenticator: who signed the chart confirmed this content, or the clinic's recorded policy covers
 * it. */
bool ac_plan_is_authenticated(const struct ac_plan *p);

enum ac_code ac_plan_cda(
    const struct ac_plan *p, struct ac_arena *a, struct ac_str *ret_xml, struct ac_err *reterr) AC_MUST_CHECK;

#endif
