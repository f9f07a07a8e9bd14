/* plan_page.h - the plan page's parts: on_plan.c, plan_lines.c, plan_history.c. Nobody else includes it. */
#ifndef PLUGIN_PLAN_PAGE_H
#define PLUGIN_PLAN_PAGE_H

#include "plugin/panel.h"

struct ac_plan_page {
	struct ac_page p;
	struct ac_record *r;
	const struct ac_zone *z;
	struct ac_uuid moved[AC_MOVED_MAX]; /* the visit's plans under other patients */
	size_t nmoved;
};
/* plan_lines.c */
void ac_plan_page_lines(struct ac_plan_page *n);
void ac_plan_page_signs(struct ac_plan_page *n);
/* plan_history.c */
void ac_plan_page_tasks(struct ac_plan_page *n);
void ac_plan_page_protocols(struct ac_plan_page *n);
void ac_plan_page_history(struct ac_plan_page *n);

/* on_state.c: rows of the history */
void ac_plan_state_history(struct ac_plan_page *n);

#endif
