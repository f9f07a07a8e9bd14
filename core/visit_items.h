/*
 * visit_items.h - what is recorded of a patient who is there, beside the questions of a protocol: that the instructions were
 * understood, what the checklist of a follow-up visit asks, a question or concern of the patient.
 *
 * Shape   entries of a talk of kind "visit" (core/call.h), with keys of the product's own. They enter the plan as all talks do:
 *         a recorded input of its next version, an outcome of its document; understanding that was checked is education given.
 * Rules   a question of the patient is a task with a clock: whose it is, until when, and whose when it is late and urgent, is
 *         the clinic's decision (answer-* in [on-call]); undecided: a nurse's by the end of the day, then a clinician's. The reply completes it. Everybody who sees the
 *         patient may write down a question; a nurse or a clinician answers it and records everything else.
 *         Understanding needs how it was checked and what came of it; what was not understood leaves its task open.
 * Source  SEED S54 to S58, S63 to S69.
 */
#ifndef CORE_VISIT_ITEMS_H
#define CORE_VISIT_ITEMS_H

#include "core/call.h"

enum ac_visit_set { AC_VISIT_OTHER, AC_VISIT_TEACH, AC_VISIT_CHECKLIST, AC_VISIT_CONCERN };
struct ac_visit_item {
	enum ac_visit_set set;
	const char *key, *words;
	const char *values[3]; /* none: free text */
};
extern const struct ac_visit_item ac_visit_items[];
extern const size_t ac_nvisit_items;
const struct ac_visit_item *ac_visit_item(struct ac_str key); /* NULL: not of these */
enum ac_visit_set ac_visit_set_of(const struct ac_call *c);
/* The questions of a protocol's check-in were asked in it, on the phone or of a patient who is there. */
bool ac_call_is_check(const struct ac_call *c);
struct ac_str ac_visit_said(const struct ac_call *c, const char *key); /* absent: nothing */
/* The value as it is kept; false: it does not fit. */
bool ac_visit_fits(const struct ac_visit_item *item, struct ac_str value, struct ac_arena *a, struct ac_str *ret);

#define AC_VISIT_METHOD "aftercare/teach/method"
#define AC_VISIT_RESULT "aftercare/teach/result"
#define AC_VISIT_LANGUAGE "aftercare/teach/language"
#define AC_VISIT_INTERPRETER "aftercare/teach/interpreter"
#define AC_VISIT_QUESTION "aftercare/concern/question"
#define AC_VISIT_REPLY "aftercare/concern/reply"

#endif
