/* protocol_fhir_parts.h - what the ways into FHIR and out of it share. */
#ifndef CORE_PROTOCOL_FHIR_PARTS_H
#define CORE_PROTOCOL_FHIR_PARTS_H

#include "core/protocol_fhir.h"

/* Codes of AC_FHIR_KIND beside those of an instruction's kind. */
#define PF_ANCHOR "procedure"
#define PF_FACTS "facts"
#define PF_EXPECTATION "expectation"
#define PF_RED_FLAG "red-flag"
#define PF_TASK "task"
#define PF_OCCURRENCE "occurrence"
#define PF_CHECK_IN "check-in"
#define PF_TRIAGE "triage-rule"
#define PF_SERIES "series"
#define PF_WINDOWS "windows"
#define PF_WINDOW "window"
#define PF_EXCEPT "exception"

/* Into FHIR: one export. */
struct pf_out {
	struct ac_arena *a;
	AC_VEC(struct ac_fhir_loss) lost;
};
void pf_lost(struct pf_out *o, struct ac_str id, uint32_t line, const char *part, struct ac_str what);
struct fhir_text pf_text(struct pf_out *o, struct ac_str id, const char *part, struct ac_texts t);
struct fhir_concept pf_code(struct pf_out *o, const char *system, struct ac_str code);
struct fhir_expression *pf_expression(struct pf_out *o, const struct ac_condition *c);
struct fhir_quantity *pf_quantity(struct pf_out *o, struct ac_offset f); /* NULL: none, or a time of day */
/* What every line has and FHIR has not; `when` becomes a condition of the action. */
struct fhir_action pf_line(
    struct pf_out *o, const struct ac_line *l, const char *kind, struct ac_str concept);
void pf_window(struct pf_out *o, struct fhir_action *to, const struct ac_line *l, struct ac_offset from,
    struct ac_offset until, const char *from_part, const char *until_part);
void pf_times(struct pf_out *o, struct fhir_action *to, const struct ac_line *l, struct ac_offset from,
    struct ac_offset until, const char *from_part, const char *until_part);
void pf_range_lost(
    struct pf_out *o, const struct ac_line *l, const char *part, struct ac_offset min, struct ac_offset max);
void pf_add_code(struct pf_out *o, struct fhir_action *to, const char *system, struct ac_str code);
void pf_condition(struct pf_out *o, struct fhir_action *to, const struct ac_condition *c);
struct fhir_action pf_instruction(struct pf_out *o, const struct ac_instruction *i);
struct fhir_action pf_task(struct pf_out *o, const struct ac_task_def *t);
void pf_questionnaires(
    struct pf_out *o, const struct ac_protocol *p, struct ac_str status, struct fhir_plan_definition *to);

#endif
