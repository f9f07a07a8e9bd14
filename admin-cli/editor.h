/*
 * editor.h - the person's editor on one file, by argument vector: $VISUAL, else $EDITOR, else editor, else vi.
 *
 * Signals Ctrl-C belongs to the editor while it runs. From cli_editor_begin to cli_editor_end it is blocked here and
 *         read from a descriptor, so that nothing of ours ends in the middle of a question or a write. So are the others that
 *         would end us: a terminal that closes, kill, Ctrl-\. The text is kept, and its path said.
 * Lock    the editor inherits the text's, so that a command that was killed leaves nobody a second editor beside the first.
 */
#ifndef ADMIN_CLI_EDITOR_H
#define ADMIN_CLI_EDITOR_H

#include "admin-cli/terminal.h"
#include "core/edit.h"

enum cli_edited {
	CLI_EDITED,      /* it ended with 0 */
	CLI_NOT_STARTED, /* no such program */
	CLI_FAILED,      /* it ended with another code, or was killed */
	CLI_INTERRUPTED  /* Ctrl-C ended it, or the terminal went, or kill asked us to end */
};
int cli_editor_begin(void); /* the descriptor that gets these signals; -1: none */
void cli_editor_end(int stop);
/* Of e->text, on `line` where the editor is one that takes +LINE; 0: where it likes. *ret_why: words for a failure. */
enum cli_edited cli_editor_run(struct cli *c, struct ac_edit *e, uint32_t line, int stop, const char **ret_why);

#endif
