/*
 * review.h - the pages of who approves protocols: on_review.c, review_list.c, review_rows.c, review_forms.c;
 * on_version.c takes the rows of a meaning diff from it.
 *
 * Rules   rights, states and who may not approve are core/protocol_life.h's; the page says them before it is asked. What a form
 *         binds to is ac_review_seen: when it moved, the answer is 409 and the page as it is now.
 * PHI     none: a protocol holds none, the sheet is an invented patient's.
 */
#ifndef PLUGIN_REVIEW_H
#define PLUGIN_REVIEW_H

#include "core/person.h"
#include "core/protocol_diff.h"
#include "core/protocol_sign.h"
#include "plugin/page.h"

#define AC_REVIEWS_MAX 50      /* on the list; the oldest come first */
#define AC_REVIEW_SIGN_MAX 100 /* lines that one form signs: a form has at most AC_HTTP_FIELDS_MAX fields */

struct ac_review_page {
	struct ac_page p;
	struct ac_life_who who;
	struct ac_str person;    /* whose account it is; absent: nobody said */
	struct ac_person_rows persons;
	const struct ac_zone *z; /* the clinic's; NULL: UTC */
	struct ac_review r;
	struct ac_changes changes;
	struct ac_sign_places places;
	struct ac_life_acts acts; /* of the whole protocol */
	struct ac_str hex, path;  /* of the version */
};
struct ac_str ac_review_path(struct ac_arena *a, const struct ac_sha256 *version);
/* With its year when it is not this one's. 0: absent. */
struct ac_str ac_review_when(struct ac_page *p, const struct ac_zone *z, int64_t ms);
const struct ac_zone *ac_review_zone(struct ac_http *h);
struct ac_str ac_review_title(const struct ac_protocol *p);
/* By name, where the installation knows the person: "Dr. Demo (ehr:demo/3)". */
struct ac_str ac_review_who(
    struct ac_page *p, const struct ac_person_rows *persons, struct ac_str account, struct ac_str person);
/* From what stands now; for a first version everything is new. */
void ac_review_diff(const struct ac_review *r, struct ac_arena *a, struct ac_changes *ret);
/* It is in force and approved: there is nothing to compare it with. */
bool ac_review_is_what_stands(const struct ac_review *r);
/* A signature is no change of meaning. */
bool ac_review_is_signature(const struct ac_change *c);

/* review_rows.c */
void ac_change_rows(struct ac_page *p, const struct ac_changes *c); /* plan pages too */
struct ac_str ac_change_sum(
    struct ac_page *p, const struct ac_changes *c); /* "2 changes: 1 weaker; 1 on the sheet" */
void ac_review_changes(struct ac_review_page *n);
void ac_review_findings(struct ac_review_page *n);
void ac_review_history(struct ac_review_page *n);
/* review_forms.c */
void ac_review_signatures(struct ac_review_page *n);
void ac_review_decision(struct ac_review_page *n);
void ac_review_suspension(struct ac_review_page *n);

#endif
