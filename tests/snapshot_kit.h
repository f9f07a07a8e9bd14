/* snapshot_kit.h - snapshots as text, decoded. */
#ifndef TESTS_SNAPSHOT_KIT_H
#define TESTS_SNAPSHOT_KIT_H
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "hl7/snapshot.h"

static struct ac_arena *a;
static struct encounter *e;
static struct enc_warnings w;
static struct ac_err err;
static const char *full_snapshot; /* every member that there is */

static inline void
setup(void)
{
	struct ac_str bytes;

	a = ac_arena_new();
	cr_assert(eq(int,
	    ac_file_read(AC_SOURCE_DIR "/tests/good/snapshot/full.json", AC_JSON_SIZE_MAX, a, &bytes, &err),
	    AC_OK));
	full_snapshot = ac_cstr(a, bytes);
}

static inline void
teardown(void)
{
	ac_arena_free(a);
}

static inline enum ac_code
decode(const char *json)
{
	err = (struct ac_err){ 0 };
	w = (struct enc_warnings){ 0 };
	return enc_snapshot_decode(ac_str_c(json), a, &e, &w, &err);
}

/* The smallest snapshot, with members of `encounter`, `patient` and the whole added. Each begins with a comma. */
static inline const char *
with(const char *in_encounter, const char *in_patient, const char *whole)
{
	return ac_cstr(
	    a, ac_strf(a,
		   "{\"schema\":\"aftercare/encounter/1\",\"source\":{\"site\":\"s\"},"
		   "\"encounter\":{\"id\":\"5\",\"revision\":1,\"status\":\"finished\",\"start\":\"2026-03-"
		   "28T14:00:00+01:00\","
		   "\"zone\":\"Europe/Berlin\"%s},\"patient\":{\"id\":\"1\",\"family\":\"F\"%s}%s}",
		   in_encounter, in_patient, whole));
}

#endif
