/* handout_words.c - which table a language gets, and which way it is written. */
#include "core/handout_words.h"

#include <string.h>

static const struct {
	const char *tag;
	const char *const *words;
} tables[] = { { "en", ac_words_en }, { "de", ac_words_de }, { "es", ac_words_es }, { "fr", ac_words_fr },
	{ "it", ac_words_it }, { "pt", ac_words_pt }, { "tr", ac_words_tr }, { "ru", ac_words_ru },
	{ "uk", ac_words_uk }, { "pl", ac_words_pl }, { "ar", ac_words_ar }, { "he", ac_words_he }, { "iw", ac_words_he } };
#define NTABLES (sizeof(tables) / sizeof(tables[0]))

/* The primary tag alone decides: "de", "DE", "de-AT", "de_CH" are German. Another script is another language to its reader. */
static size_t
table_of(struct ac_str lang)
{
	size_t n = 0;

	while (n < lang.n && lang.p[n] != '-' && lang.p[n] != '_')
		n++;
	for (size_t i = 0; i < NTABLES && n == 2; i++)
		if ((lang.p[0] | 0x20) == tables[i].tag[0] && (lang.p[1] | 0x20) == tables[i].tag[1])
			return i;
	return NTABLES;
}

const char *
ac_word(enum ac_word w, struct ac_str lang)
{
	size_t i = table_of(lang);

	return tables[i == NTABLES ? 0 : i].words[w];
}

bool
ac_word_has_language(struct ac_str lang)
{
	return table_of(lang) != NTABLES;
}

struct ac_str
ac_word_language(struct ac_str lang)
{
	size_t i = table_of(lang);

	return ac_str_c(tables[i == NTABLES ? 0 : i].tag);
}

bool
ac_language_is_rtl(struct ac_str lang)
{
	static const char *const languages[] = { "ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "mzn", "nqo",
		"ps", "sd", "syr", "ug", "ur", "yi" };
	static const char *const scripts[] = { "arab", "hebr", "syrc", "thaa", "nkoo", "aran", "adlm", "rohg" };
	struct ac_str part, rest = lang;
	bool rtl = false;

	for (size_t n = 0; rest.n > 0; n++) {
		char low[9] = { 0 };
		rest = ac_cut(rest, '-', &part);
		for (size_t i = 0; i < part.n && i < sizeof(low) - 1; i++)
			low[i] = (char)(part.p[i] | 0x20);
		for (size_t i = 0; n == 0 && i < sizeof(languages) / sizeof(languages[0]); i++)
			rtl |= strcmp(low, languages[i]) == 0;
		if (n == 0 || part.n != 4)
			continue;
		rtl = false;
		for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
			rtl |= strcmp(low, scripts[i]) == 0;
		break;
	}
	return rtl;
}
