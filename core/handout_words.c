/* handout_words.c - one row a word: English, German. */
#include "core/handout_words.h"

#include <string.h>

static const struct {
	const char *en, *de;
} words[AC_W__COUNT] = {
	[AC_W_DEMONSTRATION] = { "DEMONSTRATION", "DEMONSTRATION" },
	[AC_W_DEMONSTRATION_NOTE] = {
	    "Demonstration. Do not follow this sheet: nobody qualified has checked it.",
	    "Demonstration. Richten Sie sich nicht nach diesem Blatt: Niemand vom Fach hat es geprüft." },
	[AC_W_PREVIEW] = { "Preview: not given out", "Vorschau: nicht ausgegeben" },
	[AC_W_REVOKED] = { "This plan was withdrawn. Call us before you follow this sheet.",
	    "Dieser Plan wurde zurückgezogen. Rufen Sie uns an, bevor Sie sich nach diesem Blatt richten." },
	[AC_W_TREATED] = { "treated", "behandelt" },
	[AC_W_TIME_ASSUMED] = { "time assumed", "Uhrzeit angenommen" },
	[AC_W_SESSION] = { "session", "Sitzung" },
	[AC_W_OF] = { "of", "von" },
	[AC_W_TREATED_AREAS] = { "Treated", "Behandelt" },
	[AC_W_NOT_YET] = { "Not yet", "Noch nicht" },
	[AC_W_NO_END] = { "until we tell you", "bis wir es Ihnen sagen" },
	[AC_W_FROM] = { "from", "ab" },
	[AC_W_UNTIL] = { "until", "bis" },
	[AC_W_TO] = { "to", "bis" },
	[AC_W_SAFE_SIDE] = { "assumed", "angenommen" },
	[AC_W_SAFE_SIDE_NOTE] = {
	    "assumed: something was not recorded at your visit, so the careful rule is printed.",
	    "angenommen: Etwas wurde bei Ihrem Besuch nicht festgehalten, darum gilt die vorsichtige Regel." },
	[AC_W_ALLOWED] = { "Allowed:", "Erlaubt:" },
	[AC_W_CLOCKS_FORWARD] = { "clocks go forward on", "Die Uhren werden vorgestellt:" },
	[AC_W_CLOCKS_BACK] = { "clocks go back on", "Die Uhren werden zurückgestellt:" },
	[AC_W_DO] = { "Do", "Zu tun" },
	[AC_W_GOOD_TO_KNOW] = { "Good to know", "Gut zu wissen" },
	[AC_W_IN_TOUCH] = { "We will be in touch", "So bleiben wir in Kontakt" },
	[AC_W_NOT_BEFORE] = { "not before", "nicht vor" },
	[AC_W_BOOKED] = { "booked", "gebucht" },
	[AC_W_TO_BOOK] = { "not booked yet", "noch nicht gebucht" },
	[AC_W_EXPECTED] = { "To be expected", "Das ist normal" },
	[AC_W_CALL_US] = { "Call us", "Rufen Sie uns an" },
	[AC_W_EMERGENCY] = { "Emergency", "Notfall" },
	[AC_W_ASK_CLINIC] = { "Nothing is listed here. Call us when in doubt.",
	    "Hier steht nichts. Rufen Sie uns im Zweifel an." },
	[AC_W_WHICH_NUMBER] = { "Which number, when", "Welche Nummer, wann" },
	[AC_W_NOW] = { "now until", "jetzt bis" },
	[AC_W_OTHER_TIMES] = { "at all other times", "zu allen anderen Zeiten" },
	[AC_W_ANY_TIME] = { "at any time", "zu jeder Zeit" },
	[AC_W_NOT_ON] = { "not on", "nicht am" },
	[AC_W_NUMBER_MISSING] = { "no number recorded", "keine Nummer hinterlegt" },
	[AC_W_CLINIC] = { "Clinic", "Praxis" },
	[AC_W_ON_CALL] = { "On-call service", "Bereitschaft" },
	[AC_W_PRODUCTS] = { "Used", "Verwendet" },
	[AC_W_LOT] = { "lot", "Charge" },
	[AC_W_SHEET] = { "Sheet", "Blatt" },
	[AC_W_OF_PLAN] = { "of plan", "zum Plan" },
	[AC_W_GIVEN] = { "given", "ausgegeben" },
	[AC_W_BY] = { "by", "von" },
	[AC_W_REPLACES] = { "replaces sheet", "ersetzt Blatt" },
	[AC_W_PROTOCOL] = { "Made from", "Grundlage:" },
	[AC_W_APPROVED_BY] = { "approved by", "freigegeben von" },
	[AC_W_APPROVED_SOLO] = { "clinic of one doctor, approved by its author",
		"Praxis mit einer Ärztin oder einem Arzt, freigegeben von der Autorenschaft selbst:" },
	[AC_W_NOT_APPROVED] = { "approval not recorded", "Freigabe nicht festgehalten" },
	[AC_W_IN_ENGLISH] = { "(in English)", "(auf Englisch)" },
	[AC_W_IN_OTHER_LANGUAGE] = { "Some lines are not written in your language yet. They are marked.",
	    "Einige Zeilen gibt es noch nicht in Ihrer Sprache. Sie sind markiert." },
	[AC_W_TIMES_IN] = { "times of ", "Uhrzeiten: " },
	[AC_W_PAST] = { "over", "vorbei" },
	[AC_W_ASK_FIRST] = {
	    "Ask us first: another line says otherwise.",
	    "Fragen Sie uns zuerst: Eine andere Zeile sagt etwas anderes." },
	[AC_W_BOOKED_VISIT] = { "Booked visit", "Gebuchter Termin" },
	[AC_W_NEXT_SESSION] = { "Next session", "Nächste Sitzung" },
	[AC_W_TELL_WHEN] = { "we will tell you when", "den Zeitpunkt sagen wir Ihnen" },
	[AC_W_BEFORE_THEN] = { "by", "bis" },
};

static bool
is_german(struct ac_str lang)
{
	return lang.n >= 2 && (lang.p[0] | 0x20) == 'd' && (lang.p[1] | 0x20) == 'e' &&
	       (lang.n == 2 || lang.p[2] == '-' || lang.p[2] == '_');
}

const char *
ac_word(enum ac_word w, struct ac_str lang)
{
	return is_german(lang) ? words[w].de : words[w].en;
}

struct ac_str
ac_word_language(struct ac_str lang)
{
	return is_german(lang) ? AC_S("de") : AC_S("en");
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
