/* protocol_fhir_in.h - out of FHIR: one import, shared by the file that sorts actions and the one that writes lines. */
#ifndef CORE_PROTOCOL_FHIR_IN_H
#define CORE_PROTOCOL_FHIR_IN_H

#include "base/xw.h"
#include "core/protocol_fhir_parts.h"

#define PF_QUOTE_MAX 300 /* bytes of the file's own words in a <decide> */

enum pf_section {
	PF_IN_GOAL,
	PF_IN_INSTRUCTION,
	PF_IN_EXPECTATION,
	PF_IN_RED_FLAG,
	PF_IN_TASK,
	PF_IN_CHECK_IN,
	PF_IN_SERIES
};

struct pf_item { /* what becomes a line */
	enum pf_section section;
	bool is_ours; /* its action says which kind it is */
	struct ac_str id, pointer, kind;
	const struct fhir_action *action; /* NULL: a goal, or a questionnaire alone */
	const struct fhir_goal *goal;
	const struct fhir_questionnaire *questions;
	AC_VEC(struct ac_str) decide;
};
struct pf_stem { /* of ids that more than one line asked for */
	struct ac_str base;
	unsigned next;
};
struct pf_in {
	struct ac_arena *a;
	const struct fhir_plan_definition *pd;
	struct ac_xw w;
	struct ac_str lang;
	AC_VEC(struct ac_fhir_loss) lost;
	AC_VEC(struct pf_item *) items;
	AC_VEC(struct ac_str) ids;
	AC_VEC(struct pf_stem) stems;
	size_t tried;     /* ids that were made and looked up */
	bool is_too_long; /* more lines than a protocol has: what came after was not looked at */
	AC_VEC(const struct fhir_item *) facts;
	struct ac_names fact_names;
	struct pf_item review; /* what is of no line */
};

/* What could not be taken: listed, and a decision that the line owes. `it` NULL: of the plan as a whole. */
void pf_not_taken(struct pf_in *in, struct pf_item *it, struct ac_str pointer, struct ac_str what);
struct ac_str pf_quote(struct pf_in *in, struct ac_str s);
struct ac_str pf_code_of(const struct fhir_action *act, const char *system); /* absent: none */
const struct fhir_coding *pf_coding(const struct fhir_concept *c, const char *system);
bool pf_is_id(struct ac_str s);
struct ac_str pf_new_id(struct pf_in *in, struct ac_str wanted); /* one that is an id and nobody has */
void pf_keep_id(struct pf_in *in, struct ac_str id);

/* <name xml:lang="..">text</name> and its translations, each with up to two more attributes */
struct pf_beside {
	const char *name[2];
	struct ac_str value[2];
};
void pf_put_text(struct pf_in *in, struct pf_item *it, const char *name, const struct fhir_text *t,
    const struct pf_beside *beside, bool with_translations);
/* The condition of an action that is one of ours; absent: none, or one that was not taken. */
struct ac_str pf_condition_of(
    struct pf_in *in, struct pf_item *it, const struct fhir_action *act, struct ac_names answers);
struct ac_str pf_expression_of(struct pf_in *in, struct pf_item *it, struct ac_str pointer,
    const struct fhir_expression *e, struct ac_names answers);
bool pf_offset_of(struct pf_in *in, const struct fhir_quantity *q, struct ac_str *ret);
void pf_put_window(struct pf_in *in, struct pf_item *it, const struct fhir_action *act); /* from, until */

/* Of these actions and all below; how many there were. */
size_t pf_put_triggers(struct pf_in *in, const struct fhir_action *v, size_t n);
void pf_put_line(struct pf_in *in, struct pf_item *it);
void pf_find_facts(struct pf_in *in);
void pf_put_facts(struct pf_in *in);
void pf_put_check_in(struct pf_in *in, struct pf_item *it);
/* Is there a question in it that can be taken? */
bool pf_has_questions(const struct fhir_questionnaire *q);
void pf_put_decides(struct pf_in *in, const struct pf_item *it);

#endif
