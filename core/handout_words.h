/*
 * handout_words.h - the sheet's own fixed words, per language. What a clinic signs comes from its protocols; these are
 * headings and the little words around times.
 *
 * Rules   a language without a table gets English; the caller says so in the page's lang attribute.
 * Threads constant tables.
 */
#ifndef CORE_HANDOUT_WORDS_H
#define CORE_HANDOUT_WORDS_H

#include "base/str.h"

enum ac_word {
	AC_W_DEMONSTRATION,
	AC_W_DEMONSTRATION_NOTE,
	AC_W_PREVIEW,
	AC_W_REVOKED,
	AC_W_TREATED,
	AC_W_TIME_ASSUMED,
	AC_W_SESSION,
	AC_W_OF,
	AC_W_TREATED_AREAS,
	AC_W_NOT_YET,
	AC_W_NO_END,
	AC_W_FROM,
	AC_W_UNTIL,
	AC_W_TO,
	AC_W_SAFE_SIDE,
	AC_W_SAFE_SIDE_NOTE,
	AC_W_ALLOWED,
	AC_W_CLOCKS_FORWARD,
	AC_W_CLOCKS_BACK,
	AC_W_DO,
	AC_W_GOOD_TO_KNOW,
	AC_W_IN_TOUCH,
	AC_W_NOT_BEFORE,
	AC_W_BOOKED,
	AC_W_TO_BOOK,
	AC_W_EXPECTED,
	AC_W_CALL_US,
	AC_W_EMERGENCY,
	AC_W_ASK_CLINIC,
	AC_W_WHICH_NUMBER,
	AC_W_NOW,
	AC_W_OTHER_TIMES,
	AC_W_ANY_TIME,
	AC_W_NOT_ON,
	AC_W_NUMBER_MISSING,
	AC_W_CLINIC,
	AC_W_ON_CALL,
	AC_W_PRODUCTS,
	AC_W_LOT,
	AC_W_SHEET,
	AC_W_OF_PLAN,
	AC_W_GIVEN,
	AC_W_BY,
	AC_W_REPLACES,
	AC_W_PROTOCOL,
	AC_W_APPROVED_BY,
	AC_W_APPROVED_SOLO,
	AC_W_NOT_APPROVED,
	AC_W_IN_ENGLISH,
	AC_W_IN_OTHER_LANGUAGE,
	AC_W_TIMES_IN,
	AC_W_PAST,
	AC_W_ASK_FIRST,
	AC_W_BOOKED_VISIT,
	AC_W_NEXT_SESSION,
	AC_W_TELL_WHEN,
	AC_W_BEFORE_THEN,
	AC_W__COUNT
};
const char *ac_word(enum ac_word w, struct ac_str lang);
/* "en" or "de": the language of the fixed words that `lang` gets. */
struct ac_str ac_word_language(struct ac_str lang);

/* Written from right to left: Arabic, Hebrew and the scripts made from them; by script where the tag names one. */
bool ac_language_is_rtl(struct ac_str lang);

#endif
