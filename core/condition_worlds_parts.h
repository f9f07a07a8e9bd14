/*
 * condition_worlds_parts.h - what the two halves of condition_worlds.h share. Nobody else includes it.
 */
#ifndef CORE_CONDITION_WORLDS_PARTS_H
#define CORE_CONDITION_WORLDS_PARTS_H

#include "core/condition_tree.h"
#include "core/condition_worlds.h"

struct ac_world_state {
	struct ac_value v;
	bool is_declared;
};
struct ac_world_strs {
	struct ac_str *v;
	size_t n, cap;
};
struct ac_world_path {
	struct ac_str path;
	const struct ac_vocab *vocab;
	size_t component; /* paths compared with each other share their values */
	bool is_numeric, is_counted;
	size_t count_max;
	struct ac_world_strs texts, items; /* literals; what stands for all values */
	AC_VEC(double) numbers;
	AC_VEC(struct ac_world_state) states;
	size_t at;
};
struct ac_worlds {
	struct ac_arena *a;
	const struct ac_world_names *names;
	struct ac_world_path paths[AC_WORLD_PATHS_MAX];
	size_t npaths, count;
	AC_VEC(const struct ac_cond_node *) comparisons;
	bool has_begun, is_over_limit;
	struct ac_facts *facts;
	struct ac_missing missing;
};

/* condition_worlds_values.c, in the order in which they are called */
void ac_world_text(struct ac_worlds *w, struct ac_world_strs *to, struct ac_str s);
void ac_world_number(struct ac_worlds *w, struct ac_world_path *p, double d);
void ac_world_share(struct ac_worlds *w);
void ac_world_make_items(struct ac_worlds *w, struct ac_world_path *p);
void ac_world_make_states(struct ac_worlds *w, struct ac_world_path *p);
void ac_world_thin_out(struct ac_worlds *w, struct ac_world_path *p);

#endif
