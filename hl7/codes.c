/* codes.c - code systems by the names that EHRs give them, and small tables. */
#include <string.h>

#include "hl7/codes.h"

struct pair {
	const char *word, *code, *display;
};

static const struct {
	const char *word, *oid, *name;
} systems[] = {
	{ "CPT", CODES_CPT, "CPT" },
	{ "CPT4", CODES_CPT, "CPT" },
	{ "HTTPWWWAMAASSNORGGOCPT", CODES_CPT, "CPT" },
	{ "SNOMED", CODES_SNOMED, "SNOMED CT" },
	{ "SNOMEDCT", CODES_SNOMED, "SNOMED CT" },
	{ "SNOMEDPR", CODES_SNOMED, "SNOMED CT" },
	{ "HTTPSNOMEDINFOSCT", CODES_SNOMED, "SNOMED CT" },
	{ "LOINC", CODES_LOINC, "LOINC" },
	{ "HTTPLOINCORG", CODES_LOINC, "LOINC" },
	{ "ICD10PCS", "2.16.840.1.113883.6.4", "ICD-10-PCS" },
	{ "CDT", "2.16.840.1.113883.6.13", "CDT" },
	{ "CDT2", "2.16.840.1.113883.6.13", "CDT" },
};

static const struct pair relations[] = {
	{ "MOTHER", "MTH", NULL },
	{ "FATHER", "FTH", NULL },
	{ "PARENT", "PRN", NULL },
	{ "GUARDIAN", "GUARD", NULL },
	{ "LEGALGUARDIAN", "GUARD", NULL },
	{ "SPOUSE", "SPS", NULL },
	{ "HUSBAND", "HUSB", NULL },
	{ "WIFE", "WIFE", NULL },
	{ "SISTER", "SIS", NULL },
	{ "BROTHER", "BRO", NULL },
	{ "SIBLING", "SIB", NULL },
	{ "SON", "SON", NULL },
	{ "DAUGHTER", "DAU", NULL },
	{ "CHILD", "CHILD", NULL },
	{ "GRANDMOTHER", "GRMTH", NULL },
	{ "GRANDFATHER", "GRFTH", NULL },
	{ "GRANDPARENT", "GRPRN", NULL },
	{ "AUNT", "AUNT", NULL },
	{ "UNCLE", "UNCLE", NULL },
	{ "FRIEND", "FRND", NULL },
};

static const struct pair sites[] = {
	{ "SCALP", "43067004", "Skin structure of scalp" },
	{ "FACE", "73897004", "Skin structure of face" },
	{ "NECK", "43081002", "Skin structure of neck" },
	{ "CHEEK", "36141000", "Skin structure of cheek" },
	{ "FOREHEAD", "68698007", "Skin structure of forehead" },
	{ "ABDOMEN", "75093004", "Skin structure of abdomen" },
	{ "THIGH", "371305003", "Skin structure of thigh" },
	{ "BUTTOCK", "22180002", "Skin structure of buttock" },
};

static const struct pair genders[] = {
	{ "FEMALE", "F", "Female" },
	{ "MALE", "M", "Male" },
	{ "OTHER", "UN", "Undifferentiated" },
};

/* Does `s`, without case and with letters and digits only, read `word` (upper case)? */
static bool
reads(struct ac_str s, const char *word)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
			if ((unsigned char)c >= 0x80)
				return false;
			continue;
		}
		if (*word != c)
			return false;
		word++;
	}
	return *word == '\0' && s.n != 0;
}

bool
codes_find_system(struct ac_str name, struct codes_system *ret)
{
	struct codes_system own = { 0 };
	size_t n = sizeof(systems) / sizeof(systems[0]);

	if (ac_str_starts(name, AC_S("urn:oid:")))
		own.oid = (struct ac_str){ name.p + 8, name.n - 8 };
	for (size_t i = 0; i < n; i++) {
		if (own.oid.n != 0 ? ac_streq_c(own.oid, systems[i].oid) : reads(name, systems[i].word)) {
			*ret = (struct codes_system){ ac_str_c(systems[i].oid), ac_str_c(systems[i].name) };
			return true;
		}
	}
	if (own.oid.n == 0)
		return false;
	*ret = own;
	return true;
}

static const struct pair *
find(const struct pair *t, size_t n, struct ac_str word)
{
	for (size_t i = 0; i < n; i++)
		if (reads(word, t[i].word))
			return &t[i];
	return NULL;
}

#define FIND(t, word) find((t), sizeof(t) / sizeof((t)[0]), (word))

const char *
codes_relation(struct ac_str word)
{
	const struct pair *p = FIND(relations, word);

	return p == NULL ? NULL : p->code;
}

const char *
codes_body_site(struct ac_str word, const char **ret_display)
{
	const struct pair *p = FIND(sites, word);

	if (p == NULL)
		return NULL;
	*ret_display = p->display;
	return p->code;
}

const char *
codes_gender(struct ac_str word, const char **ret_display)
{
	const struct pair *p = FIND(genders, word);

	if (p == NULL)
		return NULL;
	*ret_display = p->display;
	return p->code;
}
