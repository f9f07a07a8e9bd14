/* visit_items.c - see visit_items.h. */
#include "core/visit_items.h"

const struct ac_visit_item ac_visit_items[] = {
	{ AC_VISIT_TEACH, AC_VISIT_METHOD, "How understanding was checked:", { "teach-back", "acknowledged" } },
	{ AC_VISIT_TEACH, AC_VISIT_RESULT, "What came of it:", { "understood", "not yet understood" } },
	{ AC_VISIT_TEACH, AC_VISIT_LANGUAGE, "In which language:", { 0 } },
	{ AC_VISIT_TEACH, AC_VISIT_INTERPRETER, "With an interpreter:", { "yes", "no" } },
	{ AC_VISIT_CHECKLIST, "aftercare/visit/progress", "Progress of the treatment:", { 0 } },
	{ AC_VISIT_CHECKLIST, "aftercare/visit/healing", "Healing:", { 0 } },
	{ AC_VISIT_CHECKLIST, "aftercare/visit/concerns", "Concerns and complications:", { 0 } },
	{ AC_VISIT_CHECKLIST, "aftercare/visit/effectiveness", "Effectiveness:", { 0 } },
	{ AC_VISIT_CHECKLIST, "aftercare/visit/adjustments", "Adjustments of the treatment plan:", { 0 } },
	{ AC_VISIT_CHECKLIST, "aftercare/visit/guidance", "Further aftercare guidance that was given:", { 0 } },
	{ AC_VISIT_CHECKLIST, "aftercare/visit/experience", "What the patient asked and described:", { 0 } },
	{ AC_VISIT_CONCERN, AC_VISIT_QUESTION, "The patient asks:", { 0 } },
	{ AC_VISIT_CONCERN, AC_VISIT_REPLY, "The answer was:", { 0 } },
};
const size_t ac_nvisit_items = sizeof(ac_visit_items) / sizeof(ac_visit_items[0]);

const struct ac_visit_item *
ac_visit_item(struct ac_str key)
{
	for (size_t i = 0; i < ac_nvisit_items; i++)
		if (ac_streq_c(key, ac_visit_items[i].key))
			return &ac_visit_items[i];
	return NULL;
}

enum ac_visit_set
ac_visit_set_of(const struct ac_call *c)
{
	const struct ac_visit_item *item = NULL;

	for (size_t i = 0; c->kind == AC_CALL_VISIT && i < c->nentries && item == NULL; i++)
		if (c->entries[i].kind == AC_ENTRY_ANSWER)
			item = ac_visit_item(c->entries[i].name);
	return item == NULL ? AC_VISIT_OTHER : item->set;
}

bool
ac_call_is_check(const struct ac_call *c)
{
	return c->kind == AC_CALL_CHECK_IN ||
	       (c->kind == AC_CALL_VISIT && ac_str_is_set(c->task) && ac_visit_set_of(c) == AC_VISIT_OTHER);
}

struct ac_str
ac_visit_said(const struct ac_call *c, const char *key)
{
	const struct ac_call_entry *e = ac_call_said(c, AC_ENTRY_ANSWER, ac_str_c(key));

	return e == NULL ? (struct ac_str){ 0 } : e->value;
}

bool
ac_visit_fits(const struct ac_visit_item *item, struct ac_str value, struct ac_arena *a, struct ac_str *ret)
{
	struct ac_question text = { .type = AC_S("text") };

	if (item->values[0] == NULL)
		return ac_said_fits(&text, value, a, ret);
	for (size_t i = 0; i < 3 && item->values[i] != NULL; i++) {
		if (!ac_streq_c(value, item->values[i]))
			continue;
		*ret = ac_str_c(item->values[i]);
		return true;
	}
	return false;
}
