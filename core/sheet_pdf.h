/*
 * sheet_pdf.h - an issued sheet as PDF: made when it is asked for the first time, kept from then on.
 *
 * Shape   the bytes given out are stored with their own leaf (kind "handout-pdf", in large print "handout-pdf-large"; the
 *         plan's id, the sheet's number, digest), in the same commit, before they go out. Later the stored bytes are given, also
 *         after fonts or programs changed. Which paper: by the country of the plan's clinic.
 * Errors  those of core/pdf.h; ISSUE-UNKNOWN; of the store: what cannot be kept is not given out as PDF.
 * Threads one worker each; at most AC_PDF_AT_ONCE are made at a time.
 * PHI     in the bytes.
 */
#ifndef CORE_SHEET_PDF_H
#define CORE_SHEET_PDF_H

#include "core/handout.h"
#include "core/record.h"

/* The log entry is durable when it returns. */
enum ac_code ac_sheet_pdf(struct ac_worker *w, const struct ac_actor *who, const struct ac_record *r, int64_t n, bool large,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* A sheet's page on the paper of the clinic's country; waits while AC_PDF_AT_ONCE are being made. */
enum ac_code ac_page_pdf(struct ac_worker *w, struct ac_str html, const struct ac_clinic *clinic, int64_t made_at, bool large,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* A preview, not kept, not logged: the caller logs the view. */
enum ac_code ac_preview_pdf(struct ac_worker *w, const struct ac_plan *p, const struct ac_handout_options *o, bool large,
    struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
