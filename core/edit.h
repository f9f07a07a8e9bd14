/*
 * edit.h - a protocol's text while somebody edits it: where it is kept, and who has it.
 *
 * Shape   STATE/edit/PROTOCOL/ (0700) holds `lock` (who has it open, and since when) and for each person PERSON.xml (0600,
 *         the text) and PERSON.base (what it began as). The lock is the operating system's: it ends with the process, however
 *         that ends, and with the editor, which inherits it: an editor that outlives its command has the text still. The text
 *         is removed only by ac_edit_drop: whatever happens before, it is still there.
 * Owner   the caller: ac_edit_close. Paths live in the arena.
 * Errors  AC_EBUSY EDIT-LOCKED (the message says who); AC_EIO EDIT-FOLDER; those of base/file.
 * Threads one.
 * PHI     none: protocols hold no patient's data.
 */
#ifndef CORE_EDIT_H
#define CORE_EDIT_H

#include "base/arena.h"
#include "base/auto.h"
#include "base/err.h"
#include "base/hash.h"

struct ac_edit_base {
	struct ac_sha256 version; /* whose text it began as; zeros: none in the store */
	int64_t n;                /* the newest activation then; 0: none */
};
struct ac_edit {
	struct ac_arena *a;
	int lock; /* for the editor's process to inherit: editor.h of the command line */
	struct ac_str person;
	int64_t since_ms;
	const char *text, *base, *dir; /* paths */
	bool has_kept;                 /* this person's text of an earlier time is there */
	int64_t kept_ms;               /* when it was written last */
};
enum ac_code ac_edit_open(const char *state_dir, struct ac_str protocol, struct ac_str person, int64_t now_ms,
    struct ac_arena *a, struct ac_edit *ret, struct ac_err *reterr) AC_MUST_CHECK;
void ac_edit_close(struct ac_edit *e); /* gives the lock back, whoever inherited it; what is not dropped stays */
void ac_edit_leave(struct ac_edit *e); /* the same, but who inherited the lock keeps it */
/* The process that a second editor is told of, since it was opened. */
void ac_edit_say_holder(struct ac_edit *e, int64_t pid);
enum ac_code ac_edit_begin(struct ac_edit *e, struct ac_str text, const struct ac_edit_base *base,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_edit_write(struct ac_edit *e, struct ac_str text, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_edit_read(struct ac_edit *e, struct ac_str *ret_text, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_edit_read_base(struct ac_edit *e, struct ac_edit_base *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* Out of the way of a new beginning, not lost: *ret_path says where it is now. */
enum ac_code ac_edit_set_aside(struct ac_edit *e, int64_t now_ms, const char **ret_path, struct ac_err *reterr) AC_MUST_CHECK;
void ac_edit_drop(struct ac_edit *e); /* the text was saved, or its author gave it up */

/*
 * Remarks inside the text, for whoever edits it: a line of its own above the one meant, removed again before the text is
 * read as a protocol.
 */
struct ac_remark {
	uint32_t line;
	struct ac_str text;
};
/* `v` by line. *ret_line: where the first remark stands; the line that it means is below. */
struct ac_str ac_remarks_add(struct ac_str xml, const struct ac_remark *v, size_t n, struct ac_arena *a, uint32_t *ret_line);
struct ac_str ac_remarks_remove(struct ac_str xml, struct ac_arena *a);

#endif
