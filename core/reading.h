/*
 * reading.h - how hard a text is to read, as a school year.
 *
 * Shape   English: Flesch-Kincaid, 0.39 words/sentences + 11.8 syllables/words - 15.59. German: the fourth Wiener
 *         Sachtextformel, 0.2656 words/sentences + 0.2744 (percent of words of three and more syllables) - 1.693.
 *         Syllables are estimated: groups of vowels; in English a silent e at the end is none. A word is a run of letters
 *         and digits, a sentence ends at . ! ? : or with the text.
 * Errors  none. Other languages and texts without words: false. Threads: any. PHI: none kept.
 */
#ifndef CORE_READING_H
#define CORE_READING_H

#include "base/str.h"

#define AC_READING_YEAR_MAX 8   /* lint warns above */
#define AC_READING_WORDS_MIN 10 /* fewer words than this say nothing by themselves */

struct ac_reading {
	size_t words, sentences, syllables, long_words; /* long: three syllables and more */
};
void ac_reading_count(struct ac_str text, bool is_german, struct ac_reading *add_to);
/* `lang`: en or de, with any region. */
bool ac_reading_year(const struct ac_reading *r, struct ac_str lang, double *ret);
size_t ac_syllables(struct ac_str word, bool is_german);

#endif
