/*
 * cda_view.h - a CDA document as a safe HTML fragment, by our own stylesheet (schemas/cda_view.xsl, part of
 * the program).
 *
 * Shape   <article class="cda"> (a region that the keyboard can scroll): header.cda-header (h1, dl), section.cda-section (h2 or h3, div.cda-text).
 *         Narrative as p, ul, ol, table, span; classes cda-bold, cda-italics, cda-underline, cda-emphasis,
 *         cda-caption, cda-note, cda-footnote, cda-link, cda-link-note, cda-id, cda-unknown. Ids are "cda-"
 *         and the document's. Serialised as HTML for a text/html page. Rules: no script, no style, no
 *         picture, no link out; all text of the narrative; what is left out is said (cda-left-out, cda-link-note).
 * Errors  those of cda_read; AC_ELIMIT CDA-VIEW-SIZE; AC_EIO CDA-VIEW when the stylesheet fails.
 * Threads any; the stylesheet is compiled for each call, nothing is shared.
 * PHI     all of it.
 */
#ifndef CORE_CDA_VIEW_H
#define CORE_CDA_VIEW_H

#include "base/arena.h"
#include "base/err.h"

#define AC_CDA_VIEW_BYTES_MAX (32 * 1024 * 1024)

enum ac_code ac_cda_view(
    struct ac_str xml, struct ac_arena *a, struct ac_str *ret_html, struct ac_err *reterr) AC_MUST_CHECK;

#endif
