/* preview.h - a plan as text for a terminal. */
#ifndef ADMIN_CLI_PREVIEW_H
#define ADMIN_CLI_PREVIEW_H

#include "admin-cli/verbs.h"
#include "core/plan.h"

void cli_plan_text(const struct cli *c, const struct ac_plan *p, struct ac_str lang);

#endif
