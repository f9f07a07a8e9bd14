/*
 * plan_cda_map.h - what the parts of the mapping from plan to document share; private to core/plan_cda*.c.
 *
 * Words   narrative is built in blocks (`ac_map_say`, `ac_map_table`), each piece that an entry points to has
 *         an id from `ac_map_ref`. A statement's id is kind/key under the document's id: unique, the same each
 *         time, and short where it is stored (random bytes do not compress).
 */
#ifndef CORE_PLAN_CDA_MAP_H
#define CORE_PLAN_CDA_MAP_H

#include "core/plan.h"
#include "hl7/cda.h"

struct ac_map_blocks {
	struct cda_block *v;
	size_t n, cap;
};
struct ac_map_entries {
	const struct cda_statement **v;
	size_t n, cap;
};
/* One planned intervention: the steps of a table that serve the same goal in the same mood. */
struct ac_map_group {
	struct cda_statement *s;
	const char *kind, *mood;
	const struct ac_protocol *protocol;
	int64_t from, until;
};
struct ac_map_groups {
	struct ac_map_group *v;
	size_t n, cap;
};
struct ac_map_cells {
	struct cda_cell *v;
	size_t n, cap;
};
struct
    ac_map_instant { /* lines share their ends: formatting an instant costs more than writing its statement */
	bool is_set;
	int64_t t;
	struct ac_str ts, words;
};
struct ac_map {
	struct ac_arena *a;
	const struct ac_plan *p;
	const struct ac_plan_input *in;
	const struct encounter *e;
	const struct ac_clinic *clinic;
	const struct ac_zone *z;
	bool revoked;
	uint32_t refs[26];     /* by letter: a row more in one table moves no id of another */
	struct ac_str made_at; /* HL7 TS */
	struct ac_str since;   /* HL7 TS of the first treatment */
	int64_t from;          /* the same instant */
	struct cda_org org;
	const struct cda_party *provider; /* NULL: not recorded */
	const struct cda_party *somebody; /* of the clinic, who is not recorded */
	struct cda_said by_device;
	struct ac_str concern; /* the first one: what goals refer to */
	struct ac_str *goals;  /* ids, one per goal of the plan, or the default one */
	struct ac_map_instant instants[64];
	struct ac_map_groups groups;
	struct ac_map_blocks blocks[CDA_SECTIONS];
	struct ac_map_entries entries[CDA_SECTIONS];
	struct cda_document d;
};

/* plan_cda_text.c */
struct ac_str ac_map_join(struct ac_arena *a, const struct ac_str *parts, size_t n);
#define AC_MAP_JOIN(m, ...) \
	ac_map_join((m)->a, (const struct ac_str[]){ __VA_ARGS__ }, \
	    sizeof((const struct ac_str[]){ __VA_ARGS__ }) / sizeof(struct ac_str))
/* An id of its own for a piece of narrative: each table has its letter, a to z. */
struct ac_str ac_map_ref(struct ac_map *m, char letter);
void ac_map_say(struct ac_map *m, enum cda_section_kind section, const char *style, struct ac_str text);
void ac_map_table(struct ac_map *m, enum cda_section_kind section, const char *caption,
    const char *const *head, size_t ncolumns, const struct ac_map_cells *cells);
/* The same, with an id by which entries speak of all of it. */
void ac_map_table_id(struct ac_map *m, enum cda_section_kind section, struct ac_str id, const char *caption,
    const char *const *head, size_t ncolumns, const struct ac_map_cells *cells);
void ac_map_cell(struct ac_map *m, struct ac_map_cells *cells, struct ac_str id, struct ac_str text);
/* English text, or what there is; *ret_language is set when it is not English. */
struct ac_str ac_map_pick(const struct ac_texts *t, struct ac_str *ret_language);
struct ac_str ac_map_english(const struct ac_texts *t);
struct ac_str ac_map_when(struct ac_map *m, int64_t t); /* Tuesday 31 March 2026, 15:35 */
struct ac_str ac_map_window(
    struct ac_map *m, int64_t from, int64_t until);   /* "until ...", "from ... until ..."; may be empty */
struct ac_str ac_map_ts(struct ac_map *m, int64_t t); /* absent for AC_INSTANT_NONE */
struct ac_str ac_map_stamp_ts(struct ac_map *m, const struct ac_stamp *s);
struct ac_str ac_map_list(struct ac_map *m, const struct ac_str *v, size_t n); /* "a, b" */
bool ac_map_is_blank(struct ac_str s);
struct ac_str ac_map_approval(
    const struct ac_plan_protocol *pp); /* ", approved by ": what stands before the name */

/* plan_cda.c */
/* A statement said by the device, told by the narrative `ref`. */
struct cda_statement *ac_map_statement(
    struct ac_map *m, enum cda_template is, const char *kind, struct ac_str key, struct ac_str ref);
void ac_map_link(struct ac_map *m, struct cda_statement *s, const char *type, const struct cda_statement *to);
void ac_map_link_entry(struct ac_map *m, struct cda_statement *s, const char *type, struct ac_str entry);
/* The planned intervention of that kind, mood (NULL: intended) and protocol, told by the table `ref`; made and entered at
 * its first step. Its time spans its steps. *ret_new, where not NULL: this was the first. */
struct cda_statement *ac_map_group(struct ac_map *m, const char *kind, const char *mood,
    const struct ac_protocol *protocol, struct ac_str ref, int64_t from, int64_t until, bool *ret_new);
void ac_map_entry(struct ac_map *m, enum cda_section_kind section, const struct cda_statement *s);
struct cda_time ac_map_interval(struct ac_map *m, int64_t from, int64_t until);
struct ac_str ac_map_goal(struct ac_map *m, const struct ac_protocol *protocol);
extern const struct cda_code ac_map_no_snomed; /* SNOMED CT has none: the narrative is the original text */

/* plan_cda_override.c */
struct ac_str ac_map_override_notes(struct ac_map *m, const struct ac_plan_line *l); /* empty: as the protocol says */
const struct cda_said *ac_map_override_said(struct ac_map *m, const struct ac_plan_line *l); /* who decided; NULL: nobody */
void ac_map_omitted(struct ac_map *m);

/* plan_cda_people.c */
struct ac_str ac_map_ehr_root(struct ac_map *m, const char *kind);
const struct cda_party *ac_map_person(struct ac_map *m, const struct enc_person *p);
bool ac_map_is_nobody(const struct enc_person *p);
void ac_map_people(struct ac_map *m);

/* the parts, in the order of the document */
void ac_map_header(struct ac_map *m);
void ac_map_concerns(struct ac_map *m);
void ac_map_goals(struct ac_map *m);
void ac_map_done(struct ac_map *m);
void ac_map_lines(struct ac_map *m);
void ac_map_red_flags(struct ac_map *m);
void ac_map_tasks(struct ac_map *m);
void ac_map_about(struct ac_map *m);
void ac_map_outcomes(struct ac_map *m);
/* plan_cda_outcomes.c: what a call found that needs somebody; absent: nothing */
struct ac_str ac_map_finding(struct ac_map *m, const struct ac_call *c);

struct ac_str ac_map_treatment_name(const struct ac_treatment *t);
const struct enc_strs *ac_map_fact(const struct ac_map *m, const char *name); /* NULL: nobody supplied it */

#endif
