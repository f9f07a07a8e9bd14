/*
 * protocol_diff_parts.h - what the files of the meaning diff share. Nobody else includes it.
 *
 * Shape   struct pd is one comparison; struct pd_line the line that stands in both versions, whose parts are compared.
 */
#ifndef CORE_PROTOCOL_DIFF_PARTS_H
#define CORE_PROTOCOL_DIFF_PARTS_H

#include "core/condition_worlds.h"
#include "core/protocol_diff.h"

struct pd {
	const struct ac_protocol *before, *after;
	struct ac_world_names names;
	struct ac_arena *a;
	AC_VEC(struct ac_change) changes;
	size_t worlds_left;
	bool omits; /* the line that is compared is left out while its condition is unknown */
};
struct pd_line {
	const char *line;
	struct ac_str id;
	uint32_t before_at, after_at;
	bool visible;
	enum ac_strength more; /* of holding for more encounters, of being there at all */
};

/* protocol_diff_add.c */
struct ac_change *pd_add(struct pd *d, const struct pd_line *l, enum ac_change_kind kind, struct ac_str part);
enum ac_strength pd_opposite(enum ac_strength s);
enum ac_change_kind pd_kind_of(enum ac_strength s); /* STRONGER, WEAKER, else CHANGED */
/* A word, a name, a number: NEW when it was absent, GONE when it is, else by strength. */
void pd_value(struct pd *d, const struct pd_line *l, const char *part, struct ac_str before,
    struct ac_str after, enum ac_strength strength);
void pd_yes(struct pd *d, const struct pd_line *l, const char *part, bool before, bool after,
    enum ac_strength of_yes);
/* `later`: the strength of a later time. No time at all: the latest (an end), the earliest (a start), or neither. */
enum pd_none { PD_NONE_IS_LAST, PD_NONE_IS_FIRST, PD_NONE_IS_NO_TIME };
void pd_offset(struct pd *d, const struct pd_line *l, const char *part, struct ac_offset before,
    struct ac_offset after, enum pd_none none, enum ac_strength later);
void pd_range(struct pd *d, const struct pd_line *l, const char *part, const struct ac_offset before[2],
    const struct ac_offset after[2]);
/* < 0: x is earlier, 0: the same, > 0: later; false: not comparable. */
bool pd_offset_cmp(struct ac_offset x, struct ac_offset y, int *ret);
bool pd_offset_same(struct ac_offset x, struct ac_offset y); /* as it is written, too */
enum ac_relation pd_relation(
    struct pd *d, const struct ac_condition *before, const struct ac_condition *after);
/* How a condition as part of a line changed; nothing when it means the same. */
void pd_when(struct pd *d, const struct pd_line *l, const char *part, const struct ac_condition *before,
    const struct ac_condition *after, enum ac_strength wider);
void pd_relation_row(struct pd *d, const struct pd_line *l, struct ac_str part, enum ac_relation r,
    const struct ac_condition *before, const struct ac_condition *after, enum ac_strength wider);
void pd_texts(
    struct pd *d, const struct pd_line *l, const char *part, struct ac_texts before, struct ac_texts after);
void pd_strs(struct pd *d, const struct pd_line *l, const char *part, const struct ac_str *before,
    size_t nbefore, const struct ac_str *after, size_t nafter, bool order_counts);

void pd_signed(struct pd *d, const struct pd_line *l, const char *part, const struct ac_str before[2],
    const struct ac_str after[2]); /* name and date */

/* protocol_diff_head.c: of facts and of questions */
void pd_values(struct pd *d, const struct pd_line *l, const struct ac_fact_value *b, size_t nb,
    const struct ac_fact_value *n, size_t nn);

/* protocol_diff_match.c: places of the same id, or -1. Indices into the two lists. */
struct pd_pairs {
	size_t nbefore, nafter;
	int *of_before, *of_after; /* the partner's place, -1: none */
	bool *moved;               /* by place in the later list */
	bool *renamed;
};
typedef struct ac_str pd_key_fn(const void *item, struct ac_arena *a);
struct pd_list {
	const void *before, *after;
	size_t nbefore, nafter, size; /* size of one item */
	pd_key_fn *key;
};
/* The k-th of a key in one stands for the k-th of it in the other. */
struct pd_pairs pd_match(struct pd *d, const struct pd_list *list);
/* Pairs what is left over by a second key that is unique in both lists; an absent key pairs nothing. */
void pd_match_renamed(struct pd *d, const struct pd_list *list, pd_key_fn *key, struct pd_pairs *p);
void pd_find_moved(struct pd *d, struct pd_pairs *p);

/* protocol_diff_details.c */
void pd_whys(
    struct pd *d, const struct pd_line *l, const struct ac_instruction *b, const struct ac_instruction *n);
void pd_excepts(
    struct pd *d, const struct pd_line *l, const struct ac_instruction *b, const struct ac_instruction *n);
void pd_questions(
    struct pd *d, const struct pd_line *l, const struct ac_check_in *b, const struct ac_check_in *n);
void pd_rules(
    struct pd *d, const struct pd_line *l, const struct ac_check_in *b, const struct ac_check_in *n);

/* One kind of line: how a list of them is read. protocol_diff_lines.c, protocol_diff_tasks.c */
struct pd_kind {
	size_t size;
	bool order_counts;                        /* it reaches the plan */
	struct ac_line (*line)(const void *item); /* what all lines have */
	struct pd_line (*about)(const void *before, const void *after);
	struct ac_str (*words)(const void *item, struct ac_arena *a);
	void (*parts)(struct pd *d, const struct pd_line *l, const void *before, const void *after);
	pd_key_fn *key, *renamed;
};
#define PD_LINE_OF(name, T) \
	static struct ac_line name##_line(const void *item) \
	{ \
		return ((const struct T *)item)->l; \
	} \
	static struct ac_str name##_key(const void *item, struct ac_arena *a) \
	{ \
		(void)a; \
		return ((const struct T *)item)->l.id; \
	} \
	struct pd_semicolon
#define PD_KIND(T, name, key2) \
	{ \
		sizeof(struct T), true, name##_line, name##_about, name##_words, name##_parts, name##_key, \
		    key2 \
	}
extern const struct pd_kind pd_kind_task, pd_kind_check_in, pd_kind_series;
struct ac_str pd_english(struct ac_texts t);
struct ac_str pd_all_texts(struct ac_texts t, struct ac_arena *a);

/* the lines */
void pd_head(struct pd *d);
void pd_triggers(struct pd *d);
void pd_facts(struct pd *d);
void pd_contacts(struct pd *d);
void pd_notes(struct pd *d);
void pd_lines(struct pd *d);
void pd_windows(
    struct pd *d, const struct pd_line *l, const struct ac_instruction *b, const struct ac_instruction *n);
struct ac_str pd_window_words(struct ac_arena *a, const struct ac_window *w);
struct ac_str pd_when_words(const struct ac_condition *c);

#endif
