/*
 * snapshot_members.h - the snapshot as one table: which member stands where in struct encounter.
 *
 * Shape   the decoder and the encoder walk the same rows; their order is the canonical order. A new member is a row.
 * Threads constant.
 */
#ifndef HL7_SNAPSHOT_MEMBERS_H
#define HL7_SNAPSHOT_MEMBERS_H

#include <stddef.h>

#include "hl7/encounter.h"

#define ENC_SCHEMA "aftercare/encounter/1"

enum enc_member_type {
	ENC_M_SCHEMA,   /* the literal ENC_SCHEMA; no place in the struct */
	ENC_M_ID,       /* struct ac_str, at most ENC_ID_MAX, no control characters */
	ENC_M_TEXT,     /* struct ac_str, at most ENC_TEXT_MAX */
	ENC_M_ZONE,     /* struct ac_str, a name that may be looked up */
	ENC_M_KIND,     /* struct ac_str: allergy, medication, problem */
	ENC_M_TIME,     /* struct ac_stamp, RFC 3339 with offset */
	ENC_M_DATE,     /* struct ac_stamp, a date that may be partial */
	ENC_M_MOMENT,   /* struct ac_stamp, either of the two */
	ENC_M_REVISION, /* int64_t */
	ENC_M_STATUS,   /* enum enc_status */
	ENC_M_PROC_STATUS,
	ENC_M_TRI,    /* enum enc_tri from a boolean */
	ENC_M_STRS,   /* struct enc_strs */
	ENC_M_OBJECT, /* `sub` at `at`; `has`, where there is one, says that it was given */
	ENC_M_LIST,   /* pointer at `at`, count at `n`, items of `size` described by `sub`; `has` as above */
	ENC_M_FACTS   /* pointer at `at`, count at `n` */
};
#define ENC_NOWHERE SIZE_MAX

struct enc_member {
	const char *name; /* NULL ends a table */
	enum enc_member_type type;
	bool required;
	size_t at, n, has, size;
	const struct enc_member *sub;
};
extern const struct enc_member enc_members[];

#endif
