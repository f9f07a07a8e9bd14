/* worklist.h - the worklist's parts: on_worklist.c, worklist_rows.c, on_task.c. Nobody else includes it. */
#ifndef PLUGIN_WORKLIST_H
#define PLUGIN_WORKLIST_H

#include "core/task.h"
#include "plugin/page.h"

#define AC_WORKLIST_ZONES_MAX 64

enum ac_work_group { AC_WORK_NOW, AC_WORK_OVERDUE, AC_WORK_TODAY, AC_WORK_WEEK, AC_WORK_LATER, AC_WORK_HELD, AC_WORK_GROUPS };
struct ac_worklist {
	struct ac_page p;
	struct ac_str role;    /* "all", or a role's word */
	struct ac_str view;    /* "all", "today", "overdue", "week" */
	struct ac_str of;      /* the id of a plan: its patient's tasks alone; absent: all */
	struct ac_task_rows tasks;
	int64_t now;
	struct {
		struct ac_str name;
		const struct ac_zone *z;
	} zones[AC_WORKLIST_ZONES_MAX];
	size_t nzones;
};
/* on_worklist.c. NULL is UTC, for a zone that this machine does not know. */
const struct ac_zone *ac_worklist_zone(struct ac_worklist *l, struct ac_str name);
/* The list with what it was filtered by: /aftercare/worklist?role=... */
struct ac_str ac_worklist_path(struct ac_arena *a, struct ac_str role, struct ac_str view, struct ac_str of);
bool ac_worklist_view_is_ok(struct ac_str view);
/* worklist_rows.c */
void ac_worklist_row(struct ac_worklist *l, const struct ac_task_row *t, enum ac_work_group g);

#endif
