/*
 * paper.h - what can be said of a sheet on paper, and how much of one is taken: what core/pdf asks and the program
 * aftercare-pdf (plugin/paper) answers. No function of its own.
 */
#ifndef CORE_PAPER_H
#define CORE_PAPER_H

#include <stdbool.h>
#include <stdint.h>

#define AC_PAPER_BYTES_MAX (1024 * 1024) /* of the sheet */
#define AC_PAPER_NODES_MAX 20000
#define AC_PAPER_DEPTH_MAX 48
#define AC_PAPER_TEXT_MAX (16 * 1024) /* bytes of one paragraph, item or cell: a longer one is no sentence */
#define AC_PAPER_RUNS_MAX 1000        /* changes of look in one */
#define AC_PAPER_PAGES_MAX 24
#define AC_PAPER_PDF_MAX (8 * 1024 * 1024)

struct ac_paper {
	bool letter;     /* US Letter; else A4 */
	bool large;      /* for people who see little: 18 pt, one column; also where the sheet itself says so */
	bool strict;     /* a sign that no font has refuses the sheet, as a letter always does */
	int64_t made_at; /* seconds; the PDF's date of creation */
};

#endif
