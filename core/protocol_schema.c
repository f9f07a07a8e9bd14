/* protocol_schema.c - the grammar as rows, and one walk that holds a tree against them. */
#include <string.h>

#include "core/protocol.h"
#include "core/protocol_schema.h"

#define MANY UINT16_MAX

const char *const px_fact_types[] = { "choice", "number", "yes-no", NULL };
const char *const px_instruction_kinds[] = { "restriction", "care", "information", "warning", NULL };
const char *const px_flag_levels[] = { "call", "emergency", NULL };
const char *const px_task_kinds[] = { "check-in", "call", "visit", "booking", "session", "education", "review", "record",
	NULL };
const char *const px_closed_words[] = { "keep", "before", "after", NULL };
static const char *const yes_words[] = { "yes", NULL };
static const char *const evidence_words[] = { "uncited", "weak", "good", "clinic", NULL };
static const char *const role_words[] = { "front-desk", "nurse", "clinician", "admin", NULL };
static const char *const question_types[] = { "score", "yes-no", "temperature", "text", NULL };
static const char *const outcome_words[] = { "expected", "call-back", "urgent", NULL };
static const char *const note_words[] = { "fact", "record", "conduct", "checklist", "header", NULL };

enum type { T_ID, T_TOKEN, T_LANG, T_OFFSET, T_RANGE, T_CONDITION, T_SIGNED, T_SEED, T_WORD, T_HASH, T_COUNT };
struct attr {
	const char *name;
	enum type type;
	bool required;
	const char *const *words; /* T_WORD */
};
struct child {
	const char *name;
	uint16_t min, max;
};
struct element {
	const char *name;
	bool holds_text;
	struct attr attrs[16];
	struct child children[16];
};

#define LINE \
	{ "id", T_ID, true, NULL }, { "seed", T_SEED, false, NULL }, { "signed", T_SIGNED, false, NULL }, \
	    { "when", T_CONDITION, false, NULL }
#define YES(n) { n, T_WORD, false, yes_words }
#define OPT(n, t) { n, t, false, NULL }
#define REQ(n, t) { n, t, true, NULL }
#define TEXT_IN(n) { n, true, { REQ("xml:lang", T_LANG) }, { { 0 } } }
#define TEXTS { "text", 1, MANY }
#define DECIDE { "decide", 0, MANY }

static const struct element elements[] = {
	{ "protocol", false, { REQ("id", T_ID), REQ("owner", T_TOKEN), YES("demonstration") },
	    { { "title", 1, MANY }, { "based-on", 0, 1 }, { "trigger", 1, MANY }, { "fact", 0, MANY }, { "goal", 0, MANY },
		{ "instruction", 0, MANY }, { "expectation", 0, MANY }, { "red-flag", 0, MANY }, { "task", 0, MANY },
		{ "check-in", 0, MANY }, { "series", 0, 1 }, { "note", 0, MANY } } },
	TEXT_IN("title"),
	TEXT_IN("text"),
	TEXT_IN("label"),
	{ "decide", true, { { 0 } }, { { 0 } } },
	{ "why", true, { REQ("xml:lang", T_LANG), { "evidence", T_WORD, true, evidence_words }, REQ("source", T_TOKEN) },
	    { { 0 } } },
	{ "except", true, { OPT("concept", T_ID), REQ("xml:lang", T_LANG) }, { { 0 } } },
	{ "note", true, { REQ("seed", T_SEED), { "as", T_WORD, true, note_words }, REQ("xml:lang", T_LANG) }, { { 0 } } },
	{ "based-on", false, { REQ("protocol", T_ID), REQ("version", T_HASH) }, { { 0 } } },
	{ "trigger", false, { OPT("system", T_TOKEN), OPT("code", T_TOKEN), OPT("category", T_TOKEN), OPT("product", T_TOKEN),
				OPT("when", T_CONDITION) },
	    { { 0 } } },
	{ "fact", false, { REQ("name", T_ID), { "type", T_WORD, true, px_fact_types }, YES("many"), YES("required"), YES("ask"),
			     OPT("seed", T_SEED) },
	    { { "label", 1, MANY }, { "value", 0, MANY }, DECIDE } },
	{ "value", false, { REQ("code", T_ID) }, { { "label", 1, MANY } } },
	{ "goal", false, { LINE, OPT("concept", T_ID) }, { TEXTS, DECIDE } },
	{ "instruction", false, { LINE, REQ("concept", T_ID), { "kind", T_WORD, true, px_instruction_kinds } },
	    { { "label", 0, MANY }, { "window", 0, MANY }, TEXTS, { "why", 0, MANY }, { "except", 0, MANY },
		{ "contradicts", 0, MANY }, DECIDE } },
	{ "window", false, { OPT("from", T_OFFSET), OPT("until", T_OFFSET), OPT("range", T_RANGE), OPT("when", T_CONDITION) },
	    { { 0 } } },
	{ "contradicts", false, { REQ("concept", T_ID) }, { { 0 } } },
	{ "expectation", false, { LINE, OPT("from", T_OFFSET), OPT("until", T_OFFSET) }, { TEXTS, DECIDE } },
	{ "red-flag", false, { LINE, { "level", T_WORD, true, px_flag_levels } }, { TEXTS, DECIDE } },
	{ "task", false,
	    { LINE, OPT("concept", T_ID), { "kind", T_WORD, true, px_task_kinds }, { "role", T_WORD, true, role_words },
		OPT("from", T_OFFSET), OPT("until", T_OFFSET), OPT("range", T_RANGE),
		{ "closed", T_WORD, false, px_closed_words }, OPT("shift", T_OFFSET), YES("urgent"), OPT("questions", T_ID),
		YES("patient") },
	    { { "label", 0, MANY }, TEXTS, DECIDE } },
	{ "check-in", false, { LINE }, { { "question", 1, MANY }, { "rule", 0, MANY }, DECIDE } },
	{ "question", false, { REQ("id", T_ID), { "type", T_WORD, true, question_types }, OPT("seed", T_SEED) }, { TEXTS } },
	{ "rule", false, { REQ("when", T_CONDITION), { "outcome", T_WORD, true, outcome_words } }, { { 0 } } },
	{ "series", false, { LINE, OPT("sessions", T_COUNT), OPT("interval", T_RANGE), OPT("minimum-gap", T_OFFSET) },
	    { { "text", 0, MANY }, DECIDE } },
};
#define NELEMENTS (sizeof(elements) / sizeof(elements[0]))

struct check {
	struct ac_str xml;
	struct ac_arena *a;
	struct ac_err *reterr;
};

static enum ac_code
fail(struct check *c, const xmlNode *n, struct px_pos at, const char *rule, const char *what, const char *name)
{
	struct ac_str path = px_path(c->a, n);

	return ac_fail_at(c->reterr, AC_EINPUT, rule, at.line, at.col, ac_cstr(c->a, path), "%s%s%s", name,
	    name[0] == '\0' ? "" : ": ", what);
}

static const struct element *
element_named(const xmlNode *n)
{
	if (n->ns == NULL || strcmp((const char *)n->ns->href, PX_NS) != 0)
		return NULL;
	for (size_t i = 0; i < NELEMENTS; i++)
		if (strcmp(elements[i].name, (const char *)n->name) == 0)
			return &elements[i];
	return NULL;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_letter(char c)
{
	return is_small(c) || (c >= 'A' && c <= 'Z');
}

static bool
is_id(struct ac_str s)
{
	if (s.n == 0 || s.n > 64 || !is_small(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_small(s.p[i]) && !is_digit(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

/* xsd:language: [a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})* */
static bool
is_lang(struct ac_str s)
{
	bool is_first = true;

	while (ac_str_is_set(s)) {
		struct ac_str part;
		s = ac_cut(s, '-', &part);
		if (part.n == 0 || part.n > 8)
			return false;
		for (size_t i = 0; i < part.n; i++)
			if (!is_letter(part.p[i]) && (is_first || !is_digit(part.p[i])))
				return false;
		is_first = false;
	}
	return true;
}

/* A form in which 9 stands for a digit; everything else for itself. */
static bool
has_form(struct ac_str s, const char *form)
{
	if (s.n != strlen(form))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (form[i] == '9' ? !is_digit(s.p[i]) : s.p[i] != form[i])
			return false;
	return true;
}

/* The grammar's form of an offset; whether 29:00 is a time is not its business. */
static bool
is_offset(struct ac_str s, bool with_clock)
{
	struct ac_str number, unit = ac_cut(s, ' ', &number), clock;

	if (number.n == 0 || number.n > 4 || !ac_str_is_set(unit))
		return false;
	for (size_t i = 0; i < number.n; i++)
		if (!is_digit(number.p[i]))
			return false;
	clock = ac_cut(unit, ' ', &unit);
	if (ac_str_is_set(clock))
		return with_clock && number.n <= 3 && ac_streq_c(unit, "d") && has_form(clock, "99:99") &&
		    clock.p[0] <= '2' && clock.p[3] <= '5';
	return ac_streq_c(unit, "min") || ac_streq_c(unit, "h") || ac_streq_c(unit, "d") || ac_streq_c(unit, "w");
}

static bool
is_range(struct ac_str s)
{
	for (size_t i = 0; i + 1 < s.n; i++)
		if (s.p[i] == '.' && s.p[i + 1] == '.')
			return is_offset((struct ac_str){ s.p, i }, false) &&
			    is_offset((struct ac_str){ s.p + i + 2, s.n - i - 2 }, false);
	return false;
}

static bool
is_signed(struct ac_str s)
{
	struct ac_str name, date = ac_cut(s, ' ', &name);

	if (name.n == 0 || name.n > 64 || !has_form(date, "9999-99-99"))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!is_letter(name.p[i]) && !is_digit(name.p[i]) && memchr("._-", name.p[i], 3) == NULL)
			return false;
	return true;
}

static bool
is_seed(struct ac_str s)
{
	struct ac_str one;

	if (s.n == 0)
		return false;
	while (ac_str_is_set(s)) {
		s = ac_cut(s, ' ', &one);
		if (!has_form(one, "S99"))
			return false;
	}
	return true;
}

static bool
is_hash(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
			return false;
	return s.n == 64;
}

/* xsd:positiveInteger */
static bool
is_count(struct ac_str s)
{
	bool is_zero = true;
	size_t from = s.n > 0 && s.p[0] == '+' ? 1 : 0;

	for (size_t i = from; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return false;
		is_zero = is_zero && s.p[i] == '0';
	}
	return !is_zero;
}

static bool
is_word(struct ac_str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (ac_streq_c(s, *words))
			return true;
	return false;
}

/* NULL: the value has the form of its type; else the rule that it breaks. */
static const char *
broken_rule(const struct attr *t, struct ac_str v)
{
	switch (t->type) {
	case T_ID:
		return is_id(v) ? NULL : "PRT-013";
	case T_WORD:
		return is_word(v, t->words) ? NULL : "PRT-014";
	case T_OFFSET:
		return is_offset(v, true) ? NULL : "PRT-015";
	case T_RANGE:
		return is_range(v) ? NULL : "PRT-016";
	case T_LANG:
		return is_lang(v) ? NULL : "PRT-017";
	case T_SIGNED:
		return is_signed(v) ? NULL : "PRT-018";
	case T_SEED:
		return is_seed(v) ? NULL : "PRT-019";
	case T_COUNT:
		return is_count(v) ? NULL : "PRT-020";
	case T_HASH:
		return is_hash(v) ? NULL : "PRT-021";
	case T_TOKEN:
		return v.n > 0 ? NULL : "PRT-022";
	case T_CONDITION: /* read when the facts are known */
		return NULL;
	}
	return NULL;
}

static const char *
broken_words(enum type t)
{
	static const char *const words[] = {
		[T_ID] = "is no id (a small letter, then small letters, digits, hyphens)",
		[T_TOKEN] = "must not be empty",
		[T_LANG] = "is no language such as en or pt-BR",
		[T_OFFSET] = "is no offset such as 48 h, 90 min, 3 d, 2 w or 3 d 08:00",
		[T_RANGE] = "is no range such as 24 h..48 h",
		[T_CONDITION] = "is no condition",
		[T_SIGNED] = "is no signature such as dr.demo 2026-03-01",
		[T_SEED] = "is no list of statement numbers such as S01 S02",
		[T_WORD] = "is none of the allowed words",
		[T_HASH] = "is no SHA-256 in 64 small hexadecimal digits",
		[T_COUNT] = "is no whole number from 1",
	};

	return words[t];
}

/* libxml2 gives xml:lang as lang in the namespace of XML. */
static bool
is_attr(const xmlAttr *x, const char *name)
{
	bool is_xml = x->ns != NULL && strcmp((const char *)x->ns->href, (const char *)XML_XML_NAMESPACE) == 0;

	if (strncmp(name, "xml:", 4) == 0)
		return is_xml && strcmp((const char *)x->name, name + 4) == 0;
	return x->ns == NULL && strcmp((const char *)x->name, name) == 0;
}

static enum ac_code
check_attr(struct check *c, const xmlNode *n, const xmlAttr *x, const struct element *e)
{
	const char *name = ac_cstr(c->a, px_attr_name(c->a, x));

	for (const struct attr *t = e->attrs; t->name != NULL; t++) {
		if (!is_attr(x, t->name))
			continue;
		const char *rule = broken_rule(t, px_collapse(c->a, px_text(c->a, x->children)));
		if (rule == NULL)
			return AC_OK;
		return fail(c, n, px_value_pos(c->xml, n, name, 0), rule, broken_words(t->type), name);
	}
	return fail(c, n, px_attr_pos(c->xml, n, name), "PRT-009", "this attribute does not belong here", name);
}

static bool
has_attr(const xmlNode *n, const char *name)
{
	for (const xmlAttr *x = n->properties; x != NULL; x = x->next)
		if (is_attr(x, name))
			return true;
	return false;
}

static enum ac_code
check_attrs(struct check *c, const xmlNode *n, const struct element *e)
{
	enum ac_code rc = AC_OK;

	for (const xmlAttr *x = n->properties; x != NULL && rc == AC_OK; x = x->next)
		rc = check_attr(c, n, x, e);
	for (const struct attr *t = e->attrs; t->name != NULL && rc == AC_OK; t++)
		if (t->required && !has_attr(n, t->name))
			rc = fail(c, n, *px_pos(n), "PRT-010", "this attribute is missing", t->name);
	if (rc != AC_OK || strcmp(e->name, "trigger") != 0)
		return rc;
	bool system = has_attr(n, "system"), code = has_attr(n, "code");
	if (system != code || system + has_attr(n, "category") + has_attr(n, "product") != 1)
		return fail(c, n, *px_pos(n), "PRT-023", "a trigger has system and code, or category, or product", "");
	return AC_OK;
}

static bool
is_white(const xmlChar *s)
{
	return s[strspn((const char *)s, " \t\r\n")] == '\0';
}

/* Text of an element that holds only elements is white space; of one that holds text, anything but nothing. */
static enum ac_code
check_text(struct check *c, const xmlNode *n, const struct element *e)
{
	if (e->holds_text) {
		if (px_text(c->a, n->children).n == 0)
			return fail(c, n, *px_pos(n), "PRT-012", "this element must hold text", e->name);
		return AC_OK;
	}
	for (const xmlNode *k = n->children; k != NULL; k = k->next)
		if ((k->type == XML_TEXT_NODE || k->type == XML_CDATA_SECTION_NODE) && !is_white(k->content))
			return fail(c, n, *px_pos(n), "PRT-011", "no text may stand directly in this element", e->name);
	return AC_OK;
}

static enum ac_code check_element(struct check *c, const xmlNode *n, const struct element *e);

/* Where does `name` stand in the order of `e`? The end of the list: nowhere. */
static const struct child *
find_child(const struct element *e, const char *name)
{
	const struct child *k = e->children;

	while (k->name != NULL && strcmp(k->name, name) != 0)
		k++;
	return k;
}

static enum ac_code
check_children(struct check *c, const xmlNode *n, const struct element *e)
{
	const struct child *now = e->children;
	unsigned count = 0;
	enum ac_code rc = AC_OK;

	for (const xmlNode *k = px_next_element(n->children); k != NULL; k = px_next_element(k->next)) {
		const struct element *ke = element_named(k);
		if (ke == NULL)
			return fail(c, k, *px_pos(k), "PRT-005", "this element is not of the protocol language",
			    (const char *)k->name);
		const struct child *at = find_child(e, ke->name);
		if (at->name == NULL || at < now)
			return fail(c, k, *px_pos(k), "PRT-006",
			    at->name == NULL ? "this element does not belong here" : "this element stands too late",
			    ke->name);
		for (; now < at; now++, count = 0)
			if (count < now->min)
				return fail(c, k, *px_pos(k), "PRT-007", "is missing before this element", now->name);
		if (++count > at->max)
			return fail(c, k, *px_pos(k), "PRT-008", "this element stands too often", ke->name);
		rc = check_element(c, k, ke);
		if (rc != AC_OK)
			return rc;
	}
	for (; now->name != NULL; now++, count = 0)
		if (count < now->min)
			return fail(c, n, *px_pos(n), "PRT-007", "is missing in this element", now->name);
	return AC_OK;
}

static enum ac_code
check_element(struct check *c, const xmlNode *n, const struct element *e)
{
	enum ac_code rc = check_attrs(c, n, e);

	if (rc == AC_OK)
		rc = check_text(c, n, e);
	return rc == AC_OK ? check_children(c, n, e) : rc;
}

enum ac_code
px_check(struct ac_str xml, const xmlDoc *doc, struct ac_arena *a, struct ac_err *reterr)
{
	struct check c = { xml, a, reterr };
	const xmlNode *root = xmlDocGetRootElement(doc);
	const struct element *e = element_named(root);

	if (e == NULL || strcmp(e->name, "protocol") != 0)
		return fail(&c, root, *px_pos(root), "PRT-004",
		    "the root element is protocol in the namespace " PX_NS, "");
	return check_element(&c, root, e);
}
