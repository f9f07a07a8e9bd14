/* protocol_lint_words.c - what texts say: vague clocks, missing directions, medicines, and how hard they are to read. */
#include <string.h>

#include "base/utf8.h"
#include "core/protocol_lint.h"
#include "core/reading.h"

enum list { VAGUE, DIRECTED, STOP, BUT, DRUG };
static const struct phrase {
	enum list list;
	const char *lang, *words;
} phrases[] = {
#define X(list, lang, words) { list, lang, words },
#include "core/lint_phrases.def"
#undef X
};

/* Small letters, one blank for all that is no letter, a blank at both ends: " stop your aspirin ". */
static struct ac_str
plain(struct ac_arena *a, struct ac_str s)
{
	char *p = ac_alloc(a, s.n + 3);
	size_t n = 0;

	p[n++] = ' ';
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool is_upper = c >= 'A' && c <= 'Z', is_umlaut = n > 0 && (unsigned char)p[n - 1] == 0xC3;
		if (is_upper)
			p[n++] = (char)(c - 'A' + 'a');
		else if (is_umlaut && (c == 0x84 || c == 0x96 || c == 0x9C))
			p[n++] = (char)(c + 0x20); /* Ä Ö Ü */
		else if ((c >= 'a' && c <= 'z') || c >= 0x80 || c == '\'' || (c >= '0' && c <= '9'))
			p[n++] = (char)c;
		else if (p[n - 1] != ' ')
			p[n++] = ' ';
	}
	if (p[n - 1] != ' ')
		p[n++] = ' ';
	p[n] = '\0';
	return (struct ac_str){ p, n };
}

static bool
stands_in(struct ac_str text, const char *words)
{
	size_t n = strlen(words);
	bool is_stem = words[n - 1] == '-';

	n -= is_stem;
	for (size_t i = 1; i + n < text.n + is_stem; i++)
		if (text.p[i - 1] == ' ' && memcmp(text.p + i, words, n) == 0 &&
		    (is_stem || text.p[i + n] == ' '))
			return true;
	return false;
}

static const char *
find(enum list list, struct ac_str lang, struct ac_str text)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (phrases[i].list == list && ac_streq_c(lang, phrases[i].lang) &&
		    stands_in(text, phrases[i].words))
			return phrases[i].words;
	return NULL;
}

/* By sentence: a medicine in the next one is not what is stopped in this. */
static bool
stops_a_medicine(struct ac_arena *a, struct ac_str lang, struct ac_str text)
{
	for (size_t i = 0, from = 0; i <= text.n; i++) {
		if (i < text.n && strchr(".!?;", text.p[i]) == NULL)
			continue;
		struct ac_str one = plain(a, (struct ac_str){ text.p + from, i - from });
		from = i + 1;
		if (find(STOP, lang, one) != NULL && find(DRUG, lang, one) != NULL &&
		    find(BUT, lang, one) == NULL)
			return true;
	}
	return false;
}

static void
lint_phrases(struct ac_lint *l, struct ac_lint_place there, struct ac_str lang, struct ac_str text)
{
	struct ac_str words = plain(l->a, text);
	const char *vague = find(VAGUE, lang, words), *directed = find(DIRECTED, lang, words);

	if (vague != NULL)
		ac_lint_add(l, AC_RULE_VAGUE, there, "\"%s\": when, or how often?", vague);
	if (directed != NULL)
		ac_lint_add(l, AC_RULE_DIRECTED, there, "\"%s\": who directs, and what?", directed);
}

static void
lint_reading(struct ac_lint *l, struct ac_lint_place there, struct ac_str lang, struct ac_str text)
{
	struct ac_reading r = { 0 };
	double year;

	ac_reading_count(text, ac_streq_c(lang, "de"), &r);
	if (r.words >= AC_READING_WORDS_MIN && ac_reading_year(&r, lang, &year) && year > AC_READING_YEAR_MAX)
		ac_lint_add(l, AC_RULE_READING, there,
		    "written for school year %.1f: shorter words, shorter sentences", year);
}

/* What an approver does not see, or sees turned around, is not what was approved. */
static void
lint_hidden(struct ac_lint *l, struct ac_lint_place there, struct ac_str text)
{
	for (size_t at = 0; at < text.n;) {
		uint32_t ch = ac_utf8_next(text, &at);
		if (!ac_utf8_is_hidden(ch))
			continue;
		ac_lint_add(l, AC_RULE_HIDDEN, there, "a character that nobody sees: U+%04X", (unsigned)ch);
		return;
	}
}

static void
lint_text(struct ac_lint *l, struct ac_lint_place at, struct ac_texts t, struct ac_texts heading)
{
	for (size_t i = 0; i < t.n; i++) {
		struct ac_lint_place there = { t.v[i].line, t.v[i].col, at.id };
		struct ac_str lang;
		(void)ac_cut(t.v[i].lang, '-', &lang);
		lint_hidden(l, there, t.v[i].text);
		lint_phrases(l, there, lang, t.v[i].text);
		lint_reading(l, there, lang, t.v[i].text);
		if (stops_a_medicine(l->a, lang, t.v[i].text))
			ac_lint_add(l, AC_RULE_MEDICINE, there,
			    "tells the patient to stop a medicine: that is the prescriber's decision");
		for (size_t k = 0; k < heading.n; k++)
			if (ac_streq(heading.v[k].lang, t.v[i].lang) &&
			    ac_streq(plain(l->a, heading.v[k].text), plain(l->a, t.v[i].text)))
				ac_lint_add(l, AC_RULE_HEADING, there,
				    "what exactly? the text only repeats its label");
	}
}

/* One list for all areas is a decision that somebody should know of. */
struct area {
	bool is_read;
};

static void
look_for_area(struct ac_str path, void *arg)
{
	((struct area *)arg)->is_read |= ac_streq_c(path, "fact/area");
}

static void
look_at(const struct ac_condition *c, struct area *area)
{
	if (c != NULL)
		ac_condition_paths(c, look_for_area, area);
}

static void
lint_area(struct ac_lint *l)
{
	const struct ac_protocol *p = l->p;
	const struct ac_fact_def *fact = NULL;
	struct area area = { false };

	for (size_t i = 0; i < p->nfacts; i++)
		if (ac_streq_c(p->facts[i].name, "area") && p->facts[i].nvalues > 1)
			fact = &p->facts[i];
	for (size_t i = 0; i < p->ntriggers; i++)
		look_at(p->triggers[i].when, &area);
	for (size_t i = 0; i < p->ninstructions; i++) {
		look_at(p->instructions[i].l.when, &area);
		for (size_t k = 0; k < p->instructions[i].nwindows; k++)
			look_at(p->instructions[i].windows[k].when, &area);
	}
	if (fact != NULL && !area.is_read)
		ac_lint_add(l, AC_RULE_AREA, (struct ac_lint_place){ fact->line, fact->col, fact->name },
		    "one list for all areas: does no instruction depend on it?");
}

void
ac_lint_words(struct ac_lint *l)
{
	ac_lint_patient_texts(l, lint_text);
	for (size_t i = 0; i < l->p->ntasks; i++)
		for (size_t k = 0; !l->p->tasks[i].patient && k < l->p->tasks[i].text.n; k++) {
			const struct ac_text *t = &l->p->tasks[i].text.v[k];
			struct ac_str lang;
			(void)ac_cut(t->lang, '-', &lang);
			lint_hidden(
			    l, (struct ac_lint_place){ t->line, t->col, l->p->tasks[i].l.id }, t->text);
			lint_phrases(
			    l, (struct ac_lint_place){ t->line, t->col, l->p->tasks[i].l.id }, lang, t->text);
		}
	lint_area(l);
}
