/*
 * translate.h - a protocol's texts out to a translator and back: XLIFF 1.2, which translators' tools read.
 *
 * Shape   a text to translate has a name made of the line's id and the part: "no-sauna/text", "no-sauna/why/1",
 *         "fact.area/value.face/label", "protocol/title". Out: one trans-unit each, the former translation of a stale one as
 *         alt-trans, a place for the new one; a target that is there when the file comes back was put there by somebody.
 *         Back: each finished target becomes the element of its language, bound to the text as it stands (`of`), unsigned.
 *         Only those elements change: comments, layout, order and every other byte of the source stay.
 * Rules   a unit whose source is not the protocol's text any more is not taken, and listed. Sign-off is another person's act.
 * Owner   the arena.
 * Errors  AC_EINPUT with rule TRN-LANG (no language, or the protocol's own), and of the file that comes back XLF-XML,
 *         XLF-DOCTYPE, XLF-ROOT (no XLIFF 1.2), XLF-FILE (another protocol), XLF-LANG (other languages), XLF-UNIT (nothing in
 *         the protocol has that name), XLF-DOUBLE, AC_ELIMIT XLF-LIMIT, each with line and column; AC_EINTEGRITY TRN-MEANING:
 *         the result would say something else than these translations, nothing is returned.
 * Threads any. PHI: none, a protocol holds none.
 */
#ifndef CORE_TRANSLATE_H
#define CORE_TRANSLATE_H

#include "core/protocol.h"

#define AC_TRANSLATION_MAX 8192 /* bytes of one target */

enum ac_translation_state {
	AC_TRANSLATION_MISSING,
	AC_TRANSLATION_STALE,
	AC_TRANSLATION_UNSIGNED,
	AC_TRANSLATION_DONE
};
struct ac_unit {
	struct ac_str name;
	const struct ac_texts *texts;
	const struct ac_text *source, *target; /* target NULL: missing */
	enum ac_translation_state state;
	const struct ac_except *except; /* what stands beside the words in the file too */
	const struct ac_why *why;
};
struct ac_units {
	struct ac_unit *v;
	size_t n;
	size_t missing, stale, unsigned_; /* unsigned_: current, but nobody answers for it */
};
const char *ac_translation_state_word(
    enum ac_translation_state s); /* "missing", "stale", "unsigned", "done" */

enum ac_code ac_translate_units(const struct ac_protocol *p, struct ac_str lang, struct ac_arena *a,
    struct ac_units *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* Missing and stale ones; `all`: the current ones too, with what stands there as target. */
struct ac_str ac_translate_write(
    const struct ac_protocol *p, const struct ac_units *u, struct ac_str lang, bool all, struct ac_arena *a);

enum ac_taken {
	AC_TAKEN_NEW,
	AC_TAKEN_CHANGED,
	AC_TAKEN_NOT_DONE, /* no target */
	AC_TAKEN_SAME,
	AC_TAKEN_BEHIND,      /* the same words stand before it, without a translation yet */
	AC_TAKEN_OTHER_SOURCE /* the text has changed since */
};
struct ac_taken_unit {
	struct ac_str name;
	enum ac_taken how;
	uint32_t line; /* in the XLIFF */
};
struct ac_taken_units {
	struct ac_taken_unit *v;
	size_t n, changes; /* how many NEW or CHANGED */
};
const char *ac_taken_word(enum ac_taken t);
enum ac_code ac_translate_read(struct ac_str source, struct ac_str xliff, struct ac_str lang,
    struct ac_arena *a, struct ac_str *ret, struct ac_taken_units *ret_taken,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
