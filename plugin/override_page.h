/* override_page.h - the page on which a clinician decides for one visit: on_override.c, override_form.c. Nobody else includes it. */
#ifndef PLUGIN_OVERRIDE_PAGE_H
#define PLUGIN_OVERRIDE_PAGE_H

#include "core/override_act.h"
#include "plugin/panel.h"

struct ac_override_page {
	struct ac_page p;
	struct ac_record *r;
	const struct ac_plan_line *line; /* NULL: a line is to be added */
	const struct ac_override *undo;  /* what would be undone; NULL: nothing */
	/* a form that came back: what it said, and what is doubtful about it; act AC_OVERRIDE_ACTS: none did */
	enum ac_override_act came_back;
	const struct ac_override_doubt *doubts;
	size_t ndoubts;
	struct ac_str trouble; /* why it was not taken; absent: doubts alone */
};
void ac_override_forms(struct ac_override_page *n);

#endif
