/* edit.h - one editing of a protocol: what verb_edit.c and edit_text.c share. */
#ifndef ADMIN_CLI_EDIT_H
#define ADMIN_CLI_EDIT_H

#include "admin-cli/editor.h"
#include "core/edit.h"

struct editing {
	struct cli *c;
	struct ac_edit e;
	struct ac_edit_base base;
	struct ac_str id;    /* the protocol's */
	struct ac_str began; /* the text that it began as; absent: none that is known */
	int stop;            /* Ctrl-C and the like: editor.h */
	bool asks;           /* somebody was there when it began: a terminal that went since is no consent */
};

/* edit_text.c: what a text is worth. */
enum edit_verdict { EDIT_FINE, EDIT_DOUBTFUL /* lint finds errors */, EDIT_WRONG /* not a protocol, or not this one */ };
struct edit_looked {
	enum edit_verdict verdict;
	const struct ac_protocol *protocol; /* NULL when EDIT_WRONG */
	struct ac_findings findings;
	struct ac_err e; /* EDIT_WRONG: why */
};
void cli_edit_look(const struct editing *d, struct ac_str text, struct edit_looked *ret);
/* Its faults as remarks inside the text; *ret_line: where the first stands. */
struct ac_str cli_edit_remarked(const struct editing *d, struct ac_str text, const struct edit_looked *l, uint32_t *ret_line);
void cli_edit_say_findings(const struct editing *d, const struct edit_looked *l);
/* What it means beside what it began as, on stderr: the question is about it. */
void cli_edit_say_changes(const struct editing *d, const struct ac_protocol *now);

#endif
