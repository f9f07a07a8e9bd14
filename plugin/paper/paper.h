/*
 * paper.h - a sheet as PDF: the page that a patient gets in HTML, laid out for paper.
 *
 * Shape   in: the bytes of a sheet as core/handout makes them. What stands on the paper is what stands in them: there is no
 *         second way from a plan to words. Out: a tagged PDF with its fonts inside; a foot with whose it is and which page
 *         of how many on every page. The same bytes, options and fonts give the same PDF.
 * Limits  core/paper.h; one that is reached refuses the sheet with AC_ELIMIT. Elements and classes that it does not know are laid
 *         out as text: nothing that the sheet says is left out.
 * Errors  PAPER-INPUT (no sheet of ours), PAPER-BYTES, PAPER-NODES, PAPER-DEPTH, PAPER-TEXT, PAPER-PAGES, PAPER-FONTS (none installed),
 *         PAPER-LETTERS (none of them has a letter of the sheet), PAPER-LIBRARY.
 * Threads one call at a time in a process: cairo, pango and fontconfig keep state. The program aftercare-pdf is that process.
 * PHI     in the PDF; not in its title, not in an error.
 */
#ifndef PLUGIN_PAPER_PAPER_H
#define PLUGIN_PAPER_PAPER_H

#include "base/arena.h"
#include "base/err.h"
#include "core/paper.h"

enum ac_code ac_paper_pdf(struct ac_str sheet, const struct ac_paper *o, struct ac_arena *a, struct ac_str *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
