/*
 * plan_write.h - between plan_write.c, which words a plan's parts, and plan_encode.c, which puts them together.
 *
 * Shape   members are written into the object that is open; `whole` false leaves out what makes no new version: wording
 *         (the protocols' hashes cover it), ids of rows in the chart, who approved.
 * PHI     all of it.
 */
#ifndef CORE_PLAN_WRITE_H
#define CORE_PLAN_WRITE_H

#include "base/json.h"
#include "core/plan_parts.h"

struct ac_plan_out {
	struct ac_jw w;
	struct ac_arena *a;
	const struct ac_zone *z;
};

struct ac_str ac_out_english(struct ac_texts t);
void ac_out_time(struct ac_plan_out *o, const char *key, int64_t t); /* AC_INSTANT_NONE: left out */
void ac_out_list(struct ac_plan_out *o, const char *key);
void ac_out_object(struct ac_plan_out *o, const char *key);
void ac_out_patient(
    struct ac_plan_out *o, const struct enc_patient *p); /* who it is, not how to reach them */
void ac_out_signer(struct ac_plan_out *o, const struct encounter *e);
void ac_out_strs(struct ac_plan_out *o, const char *key, const struct ac_str *v, size_t n); /* left out when none */
void ac_out_line(struct ac_plan_out *o, const struct ac_plan *p, const struct ac_plan_line *l, bool whole);
/* plan_write_override.c */
void ac_out_line_overrides(struct ac_plan_out *o, const struct ac_plan_line *l);
void ac_out_overrides(struct ac_plan_out *o, const struct ac_plan *p, bool whole);
void ac_out_clinical(struct ac_plan_out *o, const struct ac_plan *p, bool whole);

#endif
