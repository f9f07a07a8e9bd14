/*
 * editor.h - the person's editor on one file, by argument vector: $VISUAL, else $EDITOR, else editor, else vi.
 *
 * Signals Ctrl-C belongs to the editor while it runs. From cli_editor_begin to cli_editor_end it is blocked here and
 *         read from a descriptor, so that nothing of ours ends in the middle of a question or a write.
 */
#ifndef ADMIN_CLI_EDITOR_H
#define ADMIN_CLI_EDITOR_H

#include "admin-cli/terminal.h"

enum cli_edited {
	CLI_EDITED,      /* it ended with 0 */
	CLI_NOT_STARTED, /* no such program */
	CLI_FAILED,      /* it ended with another code, or was killed */
	CLI_INTERRUPTED  /* Ctrl-C ended it */
};
int cli_editor_begin(void); /* the descriptor that gets Ctrl-C; -1: none */
void cli_editor_end(int stop);
/* On `line` where the editor is one that takes +LINE; 0: where it likes. *ret_why: words for a failure. */
enum cli_edited cli_editor_run(struct cli *c, const char *path, uint32_t line, int stop, const char **ret_why);

#endif
