/*
 * fhir_plan_definition.h - FHIR R4 PlanDefinition (JSON): the parts that a protocol has use for, as a struct.
 *
 * Shape   bytes <-> struct, pure. What is absent is NULL, 0, or an absent string. A text carries its translations by the
 *         standard extension FHIR_TRANSLATION. The writer's bytes follow from the struct alone, members in the standard's order.
 * Owner   the arena; nothing is borrowed from the bytes.
 * Errors  those of base/json.h, and AC_EINPUT with rule FHIR-RESOURCE (no PlanDefinition), FHIR-TYPE, FHIR-MISSING, FHIR-CODE
 *         (none of the allowed words), FHIR-VALUE (not the form of its type), FHIR-EMPTY, FHIR-CHOICE (two of one choice [x]),
 *         FHIR-MODIFIER (modifierExtension, implicitRules: who does not know them must not go on); AC_ELIMIT FHIR-LIMIT.
 *         Each with JSON Pointer, line and column.
 * Unknown what is not in the struct is no error: `unknown` names each by JSON Pointer, so that nothing is dropped in silence.
 * Source  https://hl7.org/fhir/R4/plandefinition.html, questionnaire.html, extension-translation.html
 * Threads any. PHI: none, a plan definition holds no patient.
 */
#ifndef HL7_FHIR_PLAN_DEFINITION_H
#define HL7_FHIR_PLAN_DEFINITION_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define FHIR_BYTES_MAX (4 * 1024 * 1024)
#define FHIR_STRING_MAX 16384
#define FHIR_OBJECTS_MAX 40000
#define FHIR_UNKNOWN_MAX 1000
#define FHIR_TRANSLATION "http://hl7.org/fhir/StructureDefinition/translation"
#define FHIR_UCUM "http://unitsofmeasure.org"

#define FHIR_LIST(T) \
	struct { \
		T *v; \
		size_t n; \
	}

struct fhir_translation {
	struct ac_str lang, content;
};
struct fhir_text {
	struct ac_str s;
	FHIR_LIST(struct fhir_translation) other;
};
enum fhir_bool { FHIR_ABSENT, FHIR_FALSE, FHIR_TRUE };
struct fhir_decimal {
	bool is_set;
	double v;
};
struct fhir_coding {
	struct ac_str system, code;
	struct fhir_text display;
};
struct fhir_concept {
	FHIR_LIST(struct fhir_coding) coding;
	struct fhir_text text;
};
struct fhir_quantity {
	struct fhir_decimal value;
	struct ac_str unit, system, code;
};
struct fhir_range {
	struct fhir_quantity *low, *high;
};
struct fhir_expression {
	struct ac_str description, language, expression;
};
struct fhir_condition {
	struct ac_str kind;
	struct fhir_expression *expression;
};
struct fhir_code_filter {
	struct ac_str path;
	FHIR_LIST(struct fhir_coding) code;
};
struct fhir_requirement {
	struct ac_str type;
	FHIR_LIST(struct fhir_code_filter) code_filter;
};
struct fhir_trigger {
	struct ac_str type, name;
	FHIR_LIST(struct fhir_requirement) data;
	struct fhir_expression *condition;
	struct ac_str pointer;
};
struct fhir_related {
	struct ac_str action_id, relationship;
	struct fhir_quantity *offset; /* offsetDuration */
	struct fhir_range *offset_range;
};
struct fhir_repeat {
	int64_t count; /* 0: absent */
	struct fhir_decimal period, period_max;
	struct ac_str period_unit;
};
struct fhir_timing {
	struct fhir_repeat *repeat;
};
struct fhir_participant {
	struct ac_str type;
	struct fhir_concept *role;
};
struct fhir_artifact {
	struct ac_str type, label;
	struct fhir_text display;
	struct ac_str citation, resource;
};
struct fhir_action {
	struct ac_str id, prefix;
	struct fhir_text title, description, equivalent;
	struct ac_str priority;
	FHIR_LIST(struct fhir_concept) code;
	FHIR_LIST(struct fhir_artifact) documentation;
	FHIR_LIST(struct fhir_trigger) trigger;
	FHIR_LIST(struct fhir_condition) condition;
	FHIR_LIST(struct fhir_related) related;
	struct fhir_quantity *duration; /* timingDuration */
	struct fhir_timing *timing;     /* timingTiming */
	FHIR_LIST(struct fhir_participant) participant;
	struct ac_str grouping, selection, required;
	struct ac_str definition; /* definitionCanonical */
	FHIR_LIST(struct fhir_action) action;
	struct ac_str pointer; /* where it was read: "/action/3" */
};
struct fhir_goal {
	struct ac_str id;
	struct fhir_concept *description;
	struct ac_str pointer;
};
struct fhir_answer {
	struct fhir_coding *value; /* valueCoding */
};
struct fhir_item {
	struct ac_str link_id;
	struct fhir_text text;
	struct ac_str type;
	enum fhir_bool required, repeats, read_only;
	FHIR_LIST(struct fhir_answer) answer;
	struct ac_str pointer;
};
struct fhir_questionnaire {
	struct ac_str id, status;
	FHIR_LIST(struct fhir_item) item;
	struct ac_str pointer;
};
struct fhir_plan_definition {
	struct ac_str id, language;
	FHIR_LIST(struct fhir_questionnaire) contained;
	struct ac_str url, version, name;
	struct fhir_text title;
	struct ac_str status;
	enum fhir_bool experimental;
	struct ac_str publisher;
	FHIR_LIST(struct fhir_artifact) related;
	FHIR_LIST(struct fhir_goal) goal;
	FHIR_LIST(struct fhir_action) action;
};
struct fhir_unknown {
	struct ac_str *v; /* JSON Pointers, in the order of the file */
	size_t n;
	size_t more; /* how many beyond FHIR_UNKNOWN_MAX */
};

void fhir_plan_definition_write(const struct fhir_plan_definition *p, struct ac_buf *b);
enum ac_code fhir_plan_definition_read(struct ac_str bytes, struct ac_arena *a,
    struct fhir_plan_definition *ret, struct fhir_unknown *ret_unknown, struct ac_err *reterr) AC_MUST_CHECK;

#endif
