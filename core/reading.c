/* reading.c - words, sentences, syllables; two formulas. */
#include "core/reading.h"

#include <string.h>

/* One letter, small; *ret_n bytes of it. Of what is not ASCII only the German vowels matter. */
static int
letter_at(struct ac_str s, size_t i, size_t *ret_n)
{
	unsigned char c = (unsigned char)s.p[i], d = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;

	*ret_n = 1;
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
	while (i + *ret_n < s.n && ((unsigned char)s.p[i + *ret_n] & 0xC0) == 0x80)
		(*ret_n)++;
	if (c == 0xC3 && (d == 0xA4 || d == 0x84 || d == 0xB6 || d == 0x96 || d == 0xBC || d == 0x9C))
		return 'u'; /* ä ö ü */
	if (c == 0xC3 && (d == 0xA9 || d == 0xA8))
		return 'e';
	return c >= 0xC3 && c <= 0xC9 ? 'x' : 0; /* another Latin letter; else no letter */
}

static bool
is_word_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'';
}

static bool
is_vowel(int c)
{
	return c != 0 && strchr("aeiouy", c) != NULL;
}

size_t
ac_syllables(struct ac_str word, bool is_german)
{
	size_t count = 0, step;
	int last = 0, before = 0;

	for (size_t i = 0; i < word.n; i += step) {
		int c = letter_at(word, i, &step);
		count += is_vowel(c) && !is_vowel(last);
		before = last;
		last = c;
	}
	/* "pale" has one, "table" two */
	if (!is_german && count > 1 && last == 'e' && !is_vowel(before) && before != 'l')
		count--;
	return count == 0 ? 1 : count;
}

void
ac_reading_count(struct ac_str text, bool is_german, struct ac_reading *r)
{
	size_t start = 0, step, in_sentence = 0;
	bool in_word = false;

	for (size_t i = 0; i <= text.n; i += step) {
		step = 1;
		int c = i < text.n ? letter_at(text, i, &step) : '.';
		if (is_word_letter(c)) {
			start = in_word ? start : i;
			in_word = true;
			continue;
		}
		if (in_word) {
			size_t n = ac_syllables((struct ac_str){ text.p + start, i - start }, is_german);
			r->words++;
			in_sentence++;
			r->syllables += n;
			r->long_words += n >= 3;
		}
		in_word = false;
		if (in_sentence > 0 && (c == '.' || c == '!' || c == '?' || c == ':')) {
			r->sentences++;
			in_sentence = 0;
		}
	}
}

bool
ac_reading_year(const struct ac_reading *r, struct ac_str lang, double *ret)
{
	struct ac_str primary;
	double words = (double)r->words, sentences = (double)r->sentences;

	(void)ac_cut(lang, '-', &primary);
	if (r->words == 0 || r->sentences == 0)
		return false;
	if (ac_streq_c(primary, "en"))
		*ret = 0.39 * words / sentences + 11.8 * (double)r->syllables / words - 15.59;
	else if (ac_streq_c(primary, "de"))
		*ret = 0.2656 * words / sentences + 27.44 * (double)r->long_words / words - 1.693;
	else
		return false;
	return true;
}
