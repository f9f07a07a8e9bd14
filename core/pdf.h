/*
 * pdf.h - a sheet's HTML as PDF: starts aftercare-pdf (plugin/paper) and talks to it through a socket.
 *
 * Why     see ARCHITECTURE.md: what shapes text stays out of this process.
 * Errors  those of plugin/paper/paper.h; AC_EIO PDF-PROGRAM (not installed beside this program, or it ended otherwise than it
 *         does), PDF-TIME (longer than AC_PDF_SECONDS_MAX).
 * Threads from any thread.
 * PHI     in both directions; nothing of it in an argument, an environment or a file.
 */
#ifndef CORE_PDF_H
#define CORE_PDF_H

#include "base/arena.h"
#include "base/err.h"
#include "core/paper.h"

#define AC_PDF_SECONDS_MAX 20
#define AC_PDF_AT_ONCE 2 /* in one process of ours: each takes about 25 MiB */

enum ac_code ac_pdf_make(struct ac_str sheet, const struct ac_paper *o, struct ac_arena *a, struct ac_str *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Does the country (ISO 3166-1, two letters) print on US Letter? Absent: no. */
bool ac_pdf_is_letter(struct ac_str country);

#endif
