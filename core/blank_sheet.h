/*
 * blank_sheet.h - a protocol's sheet without a patient: what the desk gives out by hand while nothing else can be made.
 *
 * Shape   the words and the look of the patient's sheet (handout.h); in place of name, time of the treatment and each end
 *         there is room to write, with the distance beside it: "until ________ (72 h)". Nobody knows a fact of the patient, so
 *         each line is there that the protocol may ask for, with the longest window that it may have.
 * Words   a text that is missing in the language in another one, marked, as everywhere. What is for the staff is English.
 * Owner   the worker's arena, as in whatif.h. Threads: one worker each. PHI: none.
 */
#ifndef CORE_BLANK_SHEET_H
#define CORE_BLANK_SHEET_H

#include "core/handout.h"
#include "core/service.h"

/* ISSUE-CONTACT: no clinic is configured; WHATIF-MATCH: nothing triggers the protocol. */
enum ac_code ac_blank_sheet_html(struct ac_worker *w, const struct ac_active *of, struct ac_str language,
    struct ac_str asset_base, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* The same on paper. */
enum ac_code ac_blank_sheet_pdf(
    struct ac_worker *w, struct ac_str html, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

/* A version in force of which something may be given out; NULL: there is none. */
const struct ac_active *ac_blank_sheet_of(const struct ac_config *c, struct ac_str protocol);
/* All sheets there can be now: {sheets: [{protocol, version, title, language, href, sha256}]}, one for each protocol and each
 * language that its title has. sha256 is of the page: it changes when the sheet does. */
enum ac_code ac_blank_sheets_json(struct ac_worker *w, struct ac_str *ret, struct ac_err *reterr) AC_MUST_CHECK;

#endif
