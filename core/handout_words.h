/*
 * handout_words.h - the sheet's own fixed words, per language. What a clinic signs comes from its protocols; these are
 * headings and the little words around times.
 *
 * Rules   interface words, no medicine. A language without a table gets English, and the sheet says so. A table is whole
 *         or not there: no sheet mixes its fixed words. Where a language would decline the word behind, a colon avoids it.
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
	AC_W_LONGER_OTHER,
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
	AC_W_IN_OTHER_LANGUAGE,
	AC_W_TIMES_IN,
	AC_W_PAST,
	AC_W_ASK_FIRST,
	AC_W_BOOKED_VISIT,
	AC_W_NEXT_SESSION,
	AC_W_TELL_WHEN,
	AC_W_NIGHT_NOTE,
	AC_W_GUARDIAN,
	AC_W_CHANGED,
	AC_W_CH_NEW,
	AC_W_CH_STRONGER,
	AC_W_CH_WEAKER,
	AC_W_CH_GONE,
	AC_W_CH_CHANGED,
	AC_W_WAS,
	AC_W_CHECK,
	AC_W_ROW,
	AC_W__COUNT
};
const char *ac_word(enum ac_word w, struct ac_str lang);
/* The language of the fixed words that `lang` gets: its primary tag where there is a table, else "en". */
struct ac_str ac_word_language(struct ac_str lang);
/* There is a table for it. */
bool ac_word_has_language(struct ac_str lang);

/* Written from right to left: Arabic, Hebrew and the scripts made from them; by script where the tag names one. */
bool ac_language_is_rtl(struct ac_str lang);

/* The tables: handout_words_*.c. Nobody but handout_words.c reads them. */
extern const char *const ac_words_en[AC_W__COUNT], *const ac_words_de[AC_W__COUNT], *const ac_words_es[AC_W__COUNT],
    *const ac_words_fr[AC_W__COUNT], *const ac_words_it[AC_W__COUNT], *const ac_words_pt[AC_W__COUNT],
    *const ac_words_tr[AC_W__COUNT], *const ac_words_ru[AC_W__COUNT], *const ac_words_uk[AC_W__COUNT],
    *const ac_words_pl[AC_W__COUNT], *const ac_words_ar[AC_W__COUNT], *const ac_words_he[AC_W__COUNT];

#endif
