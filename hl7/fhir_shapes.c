/* fhir_shapes.c - the table: R4 names, order and bindings of what we read and write. */
#include "hl7/fhir_shapes.h"

#define M(T, name, kind, field) \
	{ \
		name, FHIR_K_##kind, false, 0, offsetof(struct T, field), NULL, NULL \
	}
#define MUST(T, name, kind, field) \
	{ \
		name, FHIR_K_##kind, true, 0, offsetof(struct T, field), NULL, NULL \
	}
#define WORD(T, name, must, field, words) \
	{ \
		name, FHIR_K_CODE, must, 0, offsetof(struct T, field), NULL, words \
	}
#define OBJECT(T, name, must, choice, field, shape) \
	{ \
		name, FHIR_K_OBJECT, must, choice, offsetof(struct T, field), &(shape), NULL \
	}
#define LIST(T, name, field, shape) \
	{ \
		name, FHIR_K_OBJECTS, false, 0, offsetof(struct T, field), &(shape), NULL \
	}
#define END \
	{ \
		NULL, FHIR_K_STRING, false, 0, 0, NULL, NULL \
	}
#define SHAPE(T, members) \
	{ \
		NULL, sizeof(struct T), FHIR_NO_POINTER, members \
	}
#define PLACED(T, resource, members) \
	{ \
		resource, sizeof(struct T), offsetof(struct T, pointer), members \
	}

static const char *const status_words[] = { "draft", "active", "retired", "unknown", NULL };
static const char *const priority_words[] = { "routine", "urgent", "asap", "stat", NULL };
static const char *const condition_words[] = { "applicability", "start", "stop", NULL };
static const char *const relationship_words[] = { "before-start", "before", "before-end",
	"concurrent-with-start", "concurrent", "concurrent-with-end", "after-start", "after", "after-end",
	NULL };
static const char *const participant_words[] = { "patient", "practitioner", "related-person", "device",
	NULL };
static const char *const grouping_words[] = { "visual-group", "logical-group", "sentence-group", NULL };
static const char *const selection_words[] = { "any", "all", "all-or-none", "exactly-one", "at-most-one",
	"one-or-more", NULL };
static const char *const required_words[] = { "must", "could", "must-unless-documented", NULL };
static const char *const trigger_words[] = { "named-event", "periodic", "data-changed", "data-added",
	"data-modified", "data-removed", "data-accessed", "data-access-ended", NULL };
static const char *const artifact_words[] = { "documentation", "justification", "citation", "predecessor",
	"successor", "derived-from", "depends-on", "composed-of", NULL };
static const char *const item_words[] = { "group", "display", "boolean", "decimal", "integer", "date",
	"dateTime", "time", "string", "text", "url", "choice", "open-choice", "attachment", "reference",
	"quantity", NULL };
static const char *const unit_words[] = { "s", "min", "h", "d", "wk", "mo", "a", NULL };

static const struct fhir_member coding_members[] = { M(fhir_coding, "system", URI, system),
	M(fhir_coding, "code", CODE, code), M(fhir_coding, "display", TEXT, display), END };
static const struct fhir_shape coding = SHAPE(fhir_coding, coding_members);

static const struct fhir_member concept_members[] = { LIST(fhir_concept, "coding", coding, coding),
	M(fhir_concept, "text", TEXT, text), END };
static const struct fhir_shape concept = SHAPE(fhir_concept, concept_members);

static const struct fhir_member quantity_members[] = { M(fhir_quantity, "value", DECIMAL, value),
	M(fhir_quantity, "unit", STRING, unit), M(fhir_quantity, "system", URI, system),
	M(fhir_quantity, "code", CODE, code), END };
static const struct fhir_shape quantity = SHAPE(fhir_quantity, quantity_members);

static const struct fhir_member range_members[] = { OBJECT(fhir_range, "low", false, 0, low, quantity),
	OBJECT(fhir_range, "high", false, 0, high, quantity), END };
static const struct fhir_shape range = SHAPE(fhir_range, range_members);

static const struct fhir_member expression_members[] = { M(fhir_expression, "description", STRING,
							     description),
	MUST(fhir_expression, "language", CODE, language),
	M(fhir_expression, "expression", STRING, expression), END };
static const struct fhir_shape expression = SHAPE(fhir_expression, expression_members);

static const struct fhir_member condition_members[] = { WORD(fhir_condition, "kind", true, kind,
							    condition_words),
	OBJECT(fhir_condition, "expression", false, 0, expression, expression), END };
static const struct fhir_shape condition = SHAPE(fhir_condition, condition_members);

static const struct fhir_member filter_members[] = { M(fhir_code_filter, "path", STRING, path),
	LIST(fhir_code_filter, "code", code, coding), END };
static const struct fhir_shape filter = SHAPE(fhir_code_filter, filter_members);

static const struct fhir_member requirement_members[] = { MUST(fhir_requirement, "type", CODE, type),
	LIST(fhir_requirement, "codeFilter", code_filter, filter), END };
static const struct fhir_shape requirement = SHAPE(fhir_requirement, requirement_members);

static const struct fhir_member trigger_members[] = { WORD(fhir_trigger, "type", true, type, trigger_words),
	M(fhir_trigger, "name", STRING, name), LIST(fhir_trigger, "data", data, requirement),
	OBJECT(fhir_trigger, "condition", false, 0, condition, expression), END };
static const struct fhir_shape trigger = PLACED(fhir_trigger, NULL, trigger_members);

static const struct fhir_member related_members[] = { MUST(fhir_related, "actionId", ID, action_id),
	WORD(fhir_related, "relationship", true, relationship, relationship_words),
	OBJECT(fhir_related, "offsetDuration", false, 'o', offset, quantity),
	OBJECT(fhir_related, "offsetRange", false, 'o', offset_range, range), END };
static const struct fhir_shape related = SHAPE(fhir_related, related_members);

static const struct fhir_member repeat_members[] = { M(fhir_repeat, "count", COUNT, count),
	M(fhir_repeat, "period", DECIMAL, period), M(fhir_repeat, "periodMax", DECIMAL, period_max),
	WORD(fhir_repeat, "periodUnit", false, period_unit, unit_words), END };
static const struct fhir_shape repeat = SHAPE(fhir_repeat, repeat_members);

static const struct fhir_member timing_members[] = { OBJECT(fhir_timing, "repeat", false, 0, repeat, repeat),
	END };
static const struct fhir_shape timing = SHAPE(fhir_timing, timing_members);

static const struct fhir_member participant_members[] = { WORD(fhir_participant, "type", true, type,
							      participant_words),
	OBJECT(fhir_participant, "role", false, 0, role, concept), END };
static const struct fhir_shape participant = SHAPE(fhir_participant, participant_members);

static const struct fhir_member artifact_members[] = { WORD(
							   fhir_artifact, "type", true, type, artifact_words),
	M(fhir_artifact, "label", STRING, label), M(fhir_artifact, "display", TEXT, display),
	M(fhir_artifact, "citation", STRING, citation), M(fhir_artifact, "resource", URI, resource), END };
static const struct fhir_shape artifact = SHAPE(fhir_artifact, artifact_members);

static const struct fhir_shape action; /* actions hold actions */
static const struct fhir_member action_members[] = { M(fhir_action, "id", STRING, id),
	M(fhir_action, "prefix", STRING, prefix), M(fhir_action, "title", TEXT, title),
	M(fhir_action, "description", TEXT, description), M(fhir_action, "textEquivalent", TEXT, equivalent),
	WORD(fhir_action, "priority", false, priority, priority_words),
	LIST(fhir_action, "code", code, concept), LIST(fhir_action, "documentation", documentation, artifact),
	LIST(fhir_action, "trigger", trigger, trigger), LIST(fhir_action, "condition", condition, condition),
	LIST(fhir_action, "relatedAction", related, related),
	OBJECT(fhir_action, "timingDuration", false, 't', duration, quantity),
	OBJECT(fhir_action, "timingTiming", false, 't', timing, timing),
	LIST(fhir_action, "participant", participant, participant),
	WORD(fhir_action, "groupingBehavior", false, grouping, grouping_words),
	WORD(fhir_action, "selectionBehavior", false, selection, selection_words),
	WORD(fhir_action, "requiredBehavior", false, required, required_words),
	M(fhir_action, "definitionCanonical", URI, definition), LIST(fhir_action, "action", action, action),
	END };
static const struct fhir_shape action = PLACED(fhir_action, NULL, action_members);

static const struct fhir_member goal_members[] = { M(fhir_goal, "id", STRING, id),
	OBJECT(fhir_goal, "description", true, 0, description, concept), END };
static const struct fhir_shape goal = PLACED(fhir_goal, NULL, goal_members);

static const struct fhir_member answer_members[] = {
	OBJECT(fhir_answer, "valueCoding", false, 0, value, coding), END
};
static const struct fhir_shape answer = SHAPE(fhir_answer, answer_members);

static const struct fhir_member item_members[] = { MUST(fhir_item, "linkId", STRING, link_id),
	M(fhir_item, "text", TEXT, text), WORD(fhir_item, "type", true, type, item_words),
	M(fhir_item, "required", BOOL, required), M(fhir_item, "repeats", BOOL, repeats),
	M(fhir_item, "readOnly", BOOL, read_only), LIST(fhir_item, "answerOption", answer, answer), END };
static const struct fhir_shape item = PLACED(fhir_item, NULL, item_members);

static const struct fhir_member questionnaire_members[] = { M(fhir_questionnaire, "id", ID, id),
	WORD(fhir_questionnaire, "status", true, status, status_words),
	LIST(fhir_questionnaire, "item", item, item), END };
static const struct fhir_shape questionnaire =
    PLACED(fhir_questionnaire, "Questionnaire", questionnaire_members);

static const struct fhir_member plan_members[] = { M(fhir_plan_definition, "id", ID, id),
	M(fhir_plan_definition, "language", CODE, language),
	LIST(fhir_plan_definition, "contained", contained, questionnaire),
	M(fhir_plan_definition, "url", URI, url), M(fhir_plan_definition, "version", STRING, version),
	M(fhir_plan_definition, "name", STRING, name), M(fhir_plan_definition, "title", TEXT, title),
	WORD(fhir_plan_definition, "status", true, status, status_words),
	M(fhir_plan_definition, "experimental", BOOL, experimental),
	M(fhir_plan_definition, "publisher", STRING, publisher),
	LIST(fhir_plan_definition, "relatedArtifact", related, artifact),
	LIST(fhir_plan_definition, "goal", goal, goal), LIST(fhir_plan_definition, "action", action, action),
	END };
const struct fhir_shape fhir_shape_plan_definition = { "PlanDefinition", sizeof(struct fhir_plan_definition),
	FHIR_NO_POINTER, plan_members };
