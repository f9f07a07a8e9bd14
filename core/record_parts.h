/*
 * record_parts.h - rows of the store as structs: shared by record.c, list.c and the intake. Nobody else includes it.
 *
 * Rules   one reader for each list of columns in stmts.def; a column of the wrong type gives AC_EINTEGRITY ROW-TYPE.
 */
#ifndef CORE_RECORD_PARTS_H
#define CORE_RECORD_PARTS_H

#include "core/manifest.h"
#include "core/record.h"
#include "core/rows.h"

struct ac_plan_full {
	struct ac_plan_row row;
	int64_t timer_ms;         /* 0: never */
	int64_t issued_anchor;    /* 0: none */
	int64_t signed_s;         /* the signature with which the standing content came; 0: none */
	int64_t first_leaf;       /* the leaf of version 1: the plan's key in tables that grow with events */
	int64_t others_leaf;      /* another plan of the patient changed since it was planned; 0: none */
	struct ac_sha256 pending; /* with row.pending */
};
/* The plan that somebody names, for whom it is there: AC_ENOTFOUND PLAN-UNKNOWN, also when it is another site's. */
enum ac_code ac_plan_named(struct ac_worker *w, const struct ac_actor *who, struct ac_uuid id, struct ac_plan_full *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
struct ac_version_row {
	int64_t version, made_at;
	struct ac_sha256 content, manifest;
};
enum ac_code ac_plan_row_of(
    const struct ac_val *col, struct ac_plan_full *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_task_row_of(
    const struct ac_val *col, struct ac_task_row *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_document_row_of(
    const struct ac_val *col, struct ac_document_row *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_issue_row_of(
    const struct ac_val *col, struct ac_issue_row *ret, struct ac_err *reterr) AC_MUST_CHECK;

enum ac_code ac_version_get(struct ac_worker *w, struct ac_uuid plan, int64_t version,
    struct ac_version_row *ret, struct ac_err *reterr) AC_MUST_CHECK; /* AC_ENOTFOUND PLAN-VERSION */
enum ac_code ac_tasks_of(struct ac_worker *w, struct ac_uuid plan, struct ac_task_row **ret, size_t *ret_n,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_issues_of(struct ac_worker *w, struct ac_uuid plan, struct ac_issue_row **ret, size_t *ret_n,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_documents_of(struct ac_worker *w, struct ac_uuid plan, struct ac_document_row **ret,
    size_t *ret_n, struct ac_err *reterr) AC_MUST_CHECK;
/* core/call_rows.c */
enum ac_code ac_calls_of(struct ac_worker *w, struct ac_uuid plan, struct ac_call **ret, size_t *ret_n,
    struct ac_err *reterr) AC_MUST_CHECK;
/* The manifest under which the document of that version was made. */
enum ac_code ac_document_manifest(struct ac_worker *w, struct ac_uuid plan, int64_t version,
    struct ac_sha256 *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* Answers as they stand: core/intake_seen.c. */
enum ac_code ac_answers_of(struct ac_worker *w, struct ac_str site, struct ac_str encounter,
    struct ac_answer **ret, size_t *ret_n, struct ac_err *reterr) AC_MUST_CHECK;

bool ac_task_is_open(const struct ac_task_row *t);
#define AC_OBJECT_OF_PLAN 6 /* bytes: 48 bits tell plans apart, 74 the tasks of one */
/* A task's id for others: starts as its plan's, so that who names the object finds the plan. */
struct ac_uuid ac_task_object(struct ac_uuid plan, struct ac_str name);
struct ac_str ac_patient_name(const struct enc_patient *p, struct ac_arena *a); /* "Ada Example" */

#endif
