/*
 * plan_cda_map.h - what the parts of the mapping from plan to document share; private to core/plan_cda*.c.
 *
 * Words   narrative is built in blocks (`map_say`, `map_table`), each piece that an entry points to has an id from
 *         `map_ref`. A statement's id is UUIDv5(document id, key), so that ids are unique and the same each time.
 */
#ifndef CORE_PLAN_CDA_MAP_H
#define CORE_PLAN_CDA_MAP_H

#include "core/plan.h"
#include "hl7/cda.h"

struct map_blocks {
	struct cda_block *v;
	size_t n, cap;
};
struct map_entries {
	const struct cda_statement **v;
	size_t n, cap;
};
struct map_cells {
	struct cda_cell *v;
	size_t n, cap;
};
struct map_instant { /* lines share their ends: formatting an instant costs more than writing its statement */
	bool is_set;
	int64_t t;
	struct ac_str ts, words;
};
struct map {
	struct ac_arena *a;
	const struct ac_plan *p;
	const struct ac_plan_input *in;
	const struct encounter *e;
	const struct ac_clinic *clinic;
	const struct ac_zone *z;
	bool revoked;
	uint32_t refs;
	struct ac_str made_at; /* HL7 TS */
	struct ac_str since;   /* HL7 TS of the first treatment */
	struct cda_org org;
	const struct cda_party *provider; /* NULL: not recorded */
	const struct cda_party *somebody; /* of the clinic, who is not recorded */
	struct cda_said by_device;
	struct ac_uuid concern; /* the first one: what goals refer to */
	struct ac_uuid *goals;  /* ids, one per goal of the plan, or the default one */
	struct map_instant instants[64];
	struct map_blocks blocks[CDA_SECTIONS];
	struct map_entries entries[CDA_SECTIONS];
	struct cda_document d;
};

/* plan_cda_text.c */
struct ac_str map_join(struct ac_arena *a, const struct ac_str *parts, size_t n);
#define MAP_JOIN(m, ...) \
	map_join((m)->a, (const struct ac_str[]){ __VA_ARGS__ }, \
	    sizeof((const struct ac_str[]){ __VA_ARGS__ }) / sizeof(struct ac_str))
struct ac_str map_ref(struct map *m, char letter);
void map_say(struct map *m, enum cda_section_kind section, const char *style, struct ac_str text);
void map_table(struct map *m, enum cda_section_kind section, const char *caption, const char *const *head,
    size_t ncolumns, const struct map_cells *cells);
void map_cell(struct map *m, struct map_cells *cells, struct ac_str id, struct ac_str text);
/* English text, or what there is; *ret_language is set when it is not English. */
struct ac_str map_pick(const struct ac_texts *t, struct ac_str *ret_language);
struct ac_str map_english(const struct ac_texts *t);
struct ac_str map_when(struct map *m, int64_t t);                       /* Tuesday 31 March 2026, 15:35 */
struct ac_str map_window(struct map *m, int64_t from, int64_t until);   /* "until ...", "from ... until ..."; may be empty */
struct ac_str map_ts(struct map *m, int64_t t);                         /* absent for AC_INSTANT_NONE */
struct ac_str map_stamp_ts(struct map *m, const struct ac_stamp *s);
struct ac_str map_paths(struct map *m, const struct ac_str *paths, size_t n);
bool map_is_blank(struct ac_str s);

/* plan_cda.c */
struct ac_uuid map_uuid(struct map *m, const char *kind, struct ac_str key);
/* A statement said by the device, told by the narrative `ref`. */
struct cda_statement *map_statement(struct map *m, enum cda_template is, const char *kind, struct ac_str key,
    struct ac_str ref);
void map_link(struct map *m, struct cda_statement *s, const char *type, const struct cda_statement *to);
void map_link_entry(struct map *m, struct cda_statement *s, const char *type, const struct ac_uuid *entry);
void map_entry(struct map *m, enum cda_section_kind section, const struct cda_statement *s);
struct cda_time map_interval(struct map *m, int64_t from, int64_t until);
const struct ac_uuid *map_goal(struct map *m, const struct ac_protocol *protocol);
extern const struct cda_code map_no_snomed; /* SNOMED CT has none: the narrative is the original text */

/* plan_cda_people.c */
struct ac_str map_ehr_root(struct map *m, const char *kind);
const struct cda_party *map_person(struct map *m, const struct enc_person *p);
bool map_is_nobody(const struct enc_person *p);
void map_people(struct map *m);

/* the parts, in the order of the document */
void map_header(struct map *m);
void map_concerns(struct map *m);
void map_goals(struct map *m);
void map_done(struct map *m);
void map_lines(struct map *m);
void map_red_flags(struct map *m);
void map_tasks(struct map *m);
void map_about(struct map *m);

struct ac_str map_treatment_name(const struct ac_treatment *t);
const struct enc_strs *map_fact(const struct map *m, const char *name); /* NULL: nobody supplied it */

#endif
