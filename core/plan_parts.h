/*
 * plan_parts.h - what the files that make a plan share: match.c, plan*.c, merge.c. Nobody else includes it.
 *
 * Shape   struct ac_plan_work is one plan being made. Protocols stand in it by id and version, not in the order they
 *         were given, so that the order of the inputs cannot reach the plan; every sort below ends in a total order
 *         for the same reason.
 * Owner   the arena of ac_plan_make.
 */
#ifndef CORE_PLAN_PARTS_H
#define CORE_PLAN_PARTS_H

#include "core/plan.h"

/* Between the clock of the EHR's machine and ours; more counts as "in the future". */
#define AC_CLOCK_SKEW_S 60

struct ac_plan_warnings {
	struct ac_plan_warning *v;
	size_t n, cap;
};
struct ac_plan_missings {
	struct ac_plan_missing *v;
	size_t n, cap;
};
struct ac_plan_work {
	const struct ac_plan_input *in;
	struct ac_arena *a;
	struct ac_plan *p;
	const struct ac_facts *facts;
	const struct ac_protocol
	    *protocols[AC_PLAN_PROTOCOLS_MAX]; /* those with a treatment, by id and version */
	size_t nprotocols;
	const struct ac_protocol *overridden; /* stands for lines that a clinician added; NULL: none yet */
	struct ac_plan_warnings warnings;
	struct ac_plan_missings missing;
};

/* One end of a window while lines are being merged. */
struct ac_bound {
	int64_t t;
	struct ac_offset offset;
	bool assumed; /* nobody certain asks for this much */
	struct ac_missing paths;
};
struct ac_raw_line {
	const struct ac_instruction *def;
	const struct ac_protocol *protocol;
	const struct ac_treatment *treatment;
	size_t order; /* of the protocol, then of the instruction in it */
	struct ac_bound from, until;
	int64_t kept_from, would_end;
	int64_t own_from, own_until; /* of `def` alone: what makes it the strictest */
	bool own_assumed;
	const struct ac_instruction **merged;
	size_t nmerged;
	const struct ac_other_plan *other;
	int64_t without_other;
	const struct ac_override *window_by, *text_by, *added_by;
	const struct ac_instruction *original; /* NULL: def */
	struct ac_bound original_from, original_until;
};

/* match.c */
const struct ac_facts *ac_match_facts(
    const struct encounter *e, const struct ac_answer *answers, size_t nanswers, struct ac_arena *a);
bool ac_match_status_allows(enum enc_status s);
bool ac_match_procedure(const struct enc_procedure *proc, const struct ac_protocol *p,
    const struct ac_facts *facts, struct ac_arena *a);
const struct ac_answer *ac_answer_find(const struct ac_answer *v, size_t n, struct ac_str name);

/* plan.c */
void ac_plan_warn(struct ac_plan_work *w, const char *rule, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* NULL is true. What was not known is noted as missing, and in *paths, when it decided. */
enum ac_truth ac_plan_truth(struct ac_plan_work *w, const struct ac_condition *c, struct ac_missing *paths);
/* The same of a line that may say what it does when nobody knows: left out, it is false; the fact stays missing. */
enum ac_truth ac_plan_line_truth(
    struct ac_plan_work *w, const struct ac_line *line, struct ac_missing *paths);
int64_t ac_plan_at(const struct ac_zone *z, int64_t anchor, struct ac_offset o, enum ac_fold fold);
void ac_paths_add(
    struct ac_arena *a, struct ac_missing *to, const struct ac_missing *more); /* sorted, no doubles */
int ac_protocol_cmp(const struct ac_protocol *x, const struct ac_protocol *y);
int ac_cmp_i64(int64_t x, int64_t y);
int64_t ac_end_or_never(int64_t until); /* no end stated counts as the longest */

/* plan_anchor.c: treatments with their anchors */
void ac_plan_treatments(struct ac_plan_work *w);
bool ac_anchor_is_assumed(enum ac_anchor_source s);
const char *ac_anchor_source_word(enum ac_anchor_source s);

/* plan_lines.c, merge.c */
void ac_plan_lines(struct ac_plan_work *w);
bool ac_kind_is_ban(enum ac_instruction_kind k);
/* `other` is absorbed: both have the same kind and concept, or are the same instruction. */
void ac_merge_into(struct ac_raw_line *into, const struct ac_raw_line *other, struct ac_arena *a);
void ac_merge(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw);

struct ac_plan_line ac_line_finished(const struct ac_raw_line *l, struct ac_arena *a);
/* Not at the same moment: one asks for what the other speaks against, by the protocols' own words. */
bool ac_lines_contradict(const struct ac_plan_line *a, const struct ac_plan_line *b);

/* plan_override.c: behind merging; `raw` has room for the added lines */
size_t ac_override_added(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw);
size_t ac_override_apply(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw);
/* What a protocol's line says, as a short digest: ac_override.base. */
struct ac_str ac_override_base(struct ac_arena *a, const struct ac_instruction *def);

/* plan_others.c */
void ac_others_ends(struct ac_plan_work *w, struct ac_raw_line *l);
void ac_others_contradictions(struct ac_plan_work *w);

/* plan_keep.c: what the sheet says holds until a person lets it go. `raw` has room for each instruction once. */
size_t ac_keep_gone(struct ac_plan_work *w, struct ac_raw_line *raw, size_t nraw);
void ac_keep_end(struct ac_plan_work *w, struct ac_raw_line *l);

/* plan_rest.c: goals, expectations, red flags, series, missing facts */
void ac_plan_rest(struct ac_plan_work *w);

/* plan_tasks.c; the product's own come last, when it is known what is missing */
void ac_plan_tasks(struct ac_plan_work *w);
void ac_plan_own_tasks(struct ac_plan_work *w);

#endif
