/*
 * protocol_fhir.h - a protocol as FHIR R4 PlanDefinition, and a PlanDefinition as a draft.
 *
 * Shape   out: a line is an action, told by a code of AC_FHIR_KIND; its times are offsets from the action
 *         AC_FHIR_ANCHOR, which holds the triggers; check-ins and facts are contained Questionnaires; conditions are
 *         expressions in AC_FHIR_LANGUAGE; current translations stand in the standard extension.
 *         in: the source of a protocol, in its canonical layout. Nothing in it is signed. An action that is not of our kind
 *         becomes an instruction or a task, and says by <decide> what nobody knows yet.
 * Losses  what the other side cannot hold is listed, each with the line and the part that it is of; never dropped in silence.
 *         Into FHIR: signatures, numbers of statements (seed), ranges of the source, times of day ("3 d 08:00": the whole time,
 *         because the day alone would be another time), rules of closed days, what an unknown fact does, what a line
 *         contradicts, what completes a task, open decisions, contacts, notes, stale translations ...
 *         Out of FHIR: what has no place in the language stands in <decide> of its line too; what is of no line in a
 *         task AC_FHIR_REVIEW, so that the draft cannot be published before somebody looked at it.
 * Round   a protocol that went out and came back differs in what was listed and nothing else, and goes out as the same
 *         bytes but for `version`, which is the hash of the source it was made from.
 * Owner   the arena; the struct borrows from the protocol.
 * Errors  in: AC_EINPUT or AC_ELIMIT of the loader, when the draft would break a limit of the language.
 * Threads any. PHI: none.
 */
#ifndef CORE_PROTOCOL_FHIR_H
#define CORE_PROTOCOL_FHIR_H

#include "core/protocol.h"
#include "hl7/fhir_plan_definition.h"

#define AC_FHIR_URL "urn:aftercare:plan-definition:"
#define AC_FHIR_KIND "urn:aftercare:line"
#define AC_FHIR_CONCEPT "urn:aftercare:concept"
#define AC_FHIR_TASK "urn:aftercare:task"
#define AC_FHIR_ROLE "urn:aftercare:role"
#define AC_FHIR_CONTACT "urn:aftercare:contact-line"
#define AC_FHIR_OUTCOME "urn:aftercare:outcome"
#define AC_FHIR_CATEGORY "urn:aftercare:visit-category"
#define AC_FHIR_PRODUCT "urn:aftercare:product"
#define AC_FHIR_SYSTEM "urn:aftercare:code-system:"
/* R4 allows any media type (BCP 13) where CQL and FHIRPath are not meant; none is registered for XPath. */
#define AC_FHIR_LANGUAGE "text/x-xpath"
/* Not ids of ours: those hold no dot. */
#define AC_FHIR_ANCHOR "anchor.procedure"
#define AC_FHIR_FACTS "facts.questionnaire"
#define AC_FHIR_REVIEW "imported-plan"

struct ac_fhir_loss {
	struct ac_str id, /* of the line, fact, trigger; "protocol" */
	    part,         /* out: as the meaning diff calls it; in: a JSON Pointer */
	    what;
	uint32_t line; /* out: in the protocol's source; in: 0 */
};
struct ac_fhir_losses {
	struct ac_fhir_loss *v;
	size_t n;
};

/* status: "draft", "active", "retired" or "unknown". */
void ac_protocol_to_fhir(const struct ac_protocol *p, struct ac_str status, struct ac_arena *a,
    struct fhir_plan_definition *ret, struct ac_fhir_losses *ret_lost);
enum ac_code ac_protocol_from_fhir(const struct fhir_plan_definition *pd, const struct fhir_unknown *unknown,
    struct ac_arena *a, struct ac_str *ret_xml, struct ac_fhir_losses *ret_lost,
    struct ac_err *reterr) AC_MUST_CHECK;

bool ac_fhir_is(struct ac_str bytes); /* begins as JSON does */

#endif
