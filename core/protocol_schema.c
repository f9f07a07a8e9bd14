/* protocol_schema.c - the grammar as rows, and one walk that holds a tree against them. */
#include <libxml/uri.h>
#include <string.h>

#include "core/protocol.h"
#include "core/protocol_schema.h"

#define MANY UINT16_MAX

const char *const px_fact_types[] = { "choice", "number", "yes-no", NULL };
const char *const px_instruction_kinds[] = { "restriction", "care", "information", "warning", NULL };
const char *const px_flag_levels[] = { "call", "emergency", NULL };
const char *const px_task_kinds[] = { "check-in", "call", "visit", "booking", "session", "education",
	"review", "record", NULL };
const char *const px_closed_words[] = { "keep", "before", "after", "monday", "tuesday", "wednesday", "thursday", "friday",
	"saturday", "sunday", NULL }; /* enum ac_closed */
const char *const px_done_words[] = { "person", "issue", "record", NULL };
static const char *const yes_words[] = { "yes", NULL };
static const char *const evidence_words[] = { "uncited", "weak", "good", "clinic", NULL };
static const char *const role_words[] = { "front-desk", "nurse", "clinician", "admin", NULL };
static const char *const question_types[] = { "score", "yes-no", "temperature", "text", "choice", NULL };
const char *const px_contact_words[] = { "clinic", "out-of-hours", "emergency", NULL };
const char *const px_unknown_words[] = { "include", "omit", NULL };
static const char *const outcome_words[] = { "expected", "call-back", "urgent", NULL };
static const char *const note_words[] = { "fact", "record", "conduct", "checklist", "header", NULL };

struct attr {
	const char *name;
	enum px_type type;
	bool required;
	const char *const *words; /* PX_WORD */
};
struct child {
	const char *name;
	uint16_t min, max;
};
struct element {
	const char *name;
	bool holds_text;
	struct attr attrs[32]; /* ended by one without a name */
	struct child children[16];
};

#define LINE \
	{ "id", PX_ID, true, NULL }, { "seed", PX_SEED, false, NULL }, { "signed", PX_SIGNED, false, NULL }, \
	    { "when", PX_CONDITION, false, NULL }, \
	{ \
		"unknown", PX_WORD, false, px_unknown_words \
	}
#define TRANSLATED \
	REQ("xml:lang", PX_LANG), OPT("of", PX_OF), \
	{ \
		"signed", PX_SIGNED, false, NULL \
	}
#define YES(n) \
	{ \
		n, PX_WORD, false, yes_words \
	}
#define OPT(n, t) \
	{ \
		n, t, false, NULL \
	}
#define REQ(n, t) \
	{ \
		n, t, true, NULL \
	}
#define TEXT_IN(n) \
	{ \
		n, true, { TRANSLATED }, \
		{ \
			{ \
				0 \
			} \
		} \
	}
#define TEXTS \
	{ \
		"text", 1, MANY \
	}
#define DECIDE \
	{ \
		"decide", 0, MANY \
	}

/* clang-format off */
static const struct element elements[] = {
	{ "protocol", false, { REQ("id", PX_ID), REQ("owner", PX_TOKEN), OPT("xml:lang", PX_LANG), YES("demonstration") },
	    { { "title", 1, MANY }, { "based-on", 0, 1 }, { "trigger", 1, MANY }, { "fact", 0, MANY }, { "goal", 0, MANY },
		{ "instruction", 0, MANY }, { "expectation", 0, MANY }, { "red-flag", 0, MANY }, { "task", 0, MANY },
		{ "check-in", 0, MANY }, { "series", 0, 1 }, { "contact", 0, MANY }, { "note", 0, MANY } } },
	TEXT_IN("title"),
	TEXT_IN("text"),
	TEXT_IN("label"),
	{ "decide", true, { { 0 } }, { { 0 } } },
	{ "why", true, { TRANSLATED, { "evidence", PX_WORD, true, evidence_words }, REQ("source", PX_TOKEN) },
	    { { 0 } } },
	{ "except", true, { OPT("concept", PX_ID), TRANSLATED }, { { 0 } } },
	{ "note", true, { REQ("seed", PX_SEED), { "as", PX_WORD, true, note_words }, REQ("xml:lang", PX_LANG) }, { { 0 } } },
	{ "based-on", false, { REQ("protocol", PX_ID), REQ("version", PX_HASH) }, { { 0 } } },
	{ "trigger", false, { OPT("system", PX_TOKEN), OPT("code", PX_TOKEN), OPT("category", PX_TOKEN), OPT("product", PX_TOKEN),
				OPT("when", PX_CONDITION) },
	    { { 0 } } },
	{ "fact", false, { REQ("name", PX_ID), { "type", PX_WORD, true, px_fact_types }, YES("many"), YES("required"), YES("ask"),
			     OPT("seed", PX_SEED), OPT("source", PX_TOKEN) },
	    { { "label", 1, MANY }, { "value", 0, MANY }, DECIDE } },
	{ "value", false, { REQ("code", PX_ID) }, { { "label", 1, MANY } } },
	{ "goal", false, { LINE, OPT("concept", PX_ID) }, { TEXTS, DECIDE } },
	{ "instruction", false, { LINE, REQ("concept", PX_ID), { "kind", PX_WORD, true, px_instruction_kinds } },
	    { { "label", 0, MANY }, { "window", 0, MANY }, TEXTS, { "why", 0, MANY }, { "except", 0, MANY },
		{ "contradicts", 0, MANY }, DECIDE } },
	{ "window", false, { OPT("from", PX_OFFSET), OPT("until", PX_OFFSET), OPT("range", PX_RANGE), OPT("when", PX_CONDITION) },
	    { { 0 } } },
	{ "contradicts", false, { REQ("concept", PX_ID) }, { { 0 } } },
	{ "expectation", false, { LINE, OPT("from", PX_OFFSET), OPT("until", PX_OFFSET) }, { TEXTS, DECIDE } },
	{ "red-flag", false, { LINE, { "level", PX_WORD, true, px_flag_levels }, { "contact", PX_WORD, false, px_contact_words },
				 OPT("from", PX_OFFSET) }, { TEXTS, DECIDE } },
	{ "task", false,
	    { LINE, OPT("concept", PX_ID), { "kind", PX_WORD, true, px_task_kinds }, { "role", PX_WORD, false, role_words },
		OPT("from", PX_OFFSET), OPT("until", PX_OFFSET), OPT("range", PX_RANGE), OPT("at", PX_TIMES),
		OPT("within", PX_OFFSET), { "closed", PX_WORD, false, px_closed_words }, { "done-by", PX_WORD, false, px_done_words },
		OPT("shift", PX_OFFSET), YES("urgent"), OPT("take-within", PX_OFFSET), OPT("escalate-after", PX_OFFSET),
		{ "escalate-to", PX_WORD, false, role_words },
		OPT("attempts", PX_COUNT), OPT("calling-hours", PX_HOURS), OPT("questions", PX_ID), YES("patient") },
	    { { "label", 0, MANY }, TEXTS, DECIDE } },
	{ "check-in", false, { LINE }, { { "question", 1, MANY }, { "rule", 0, MANY }, DECIDE } },
	{ "question", false, { REQ("id", PX_ID), { "type", PX_WORD, true, question_types }, OPT("seed", PX_SEED) },
	    { TEXTS, { "value", 0, MANY } } },
	{ "rule", false, { REQ("when", PX_CONDITION), { "outcome", PX_WORD, true, outcome_words } }, { { 0 } } },
	{ "series", false, { LINE, OPT("sessions", PX_COUNT), OPT("interval", PX_RANGE), OPT("minimum-gap", PX_OFFSET) },
	    { { "text", 0, MANY }, DECIDE } },
	{ "contact", false, { { "line", PX_WORD, true, px_contact_words } }, { { 0 } } },
};
/* clang-format on */
#define NELEMENTS (sizeof(elements) / sizeof(elements[0]))

void
px_each_attribute(void (*fn)(const char *element, const char *attr, void *arg), void *arg)
{
	for (size_t i = 0; i < NELEMENTS; i++) {
		fn(elements[i].name, NULL, arg);
		for (const struct attr *t = elements[i].attrs; t->name != NULL; t++)
			fn(elements[i].name, t->name, arg);
	}
}

struct check {
	struct ac_str xml;
	struct ac_arena *a;
	struct ac_err *reterr;
};

static enum ac_code
fail(
    struct check *c, const xmlNode *n, struct px_pos at, const char *rule, const char *what, const char *name)
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

/* libxml2 gives xml:lang as lang in the namespace of XML. */
static bool
is_attr(const xmlAttr *x, const char *name)
{
	bool is_xml =
	    x->ns != NULL && strcmp((const char *)x->ns->href, (const char *)XML_XML_NAMESPACE) == 0;

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
		const char *rule =
		    px_broken_rule(t->type, t->words, px_collapse(c->a, px_text(c->a, x->children)));
		if (rule == NULL)
			return AC_OK;
		return fail(c, n, px_value_pos(c->xml, n, name, 0), rule, px_form_words(t->type), name);
	}
	return fail(
	    c, n, px_attr_pos(c->xml, n, name), "PRT-009", "this attribute does not belong here", name);
}

static bool
has_attr(const xmlNode *n, const char *name)
{
	for (const xmlAttr *x = n->properties; x != NULL; x = x->next)
		if (is_attr(x, name))
			return true;
	return false;
}

/* Attributes that go together, and those that do not. */
static enum ac_code
check_together(struct check *c, const xmlNode *n, const struct element *e)
{
	bool system = has_attr(n, "system"), code = has_attr(n, "code");
	bool once = has_attr(n, "from") || has_attr(n, "until") || has_attr(n, "range");

	if (strcmp(e->name, "trigger") == 0 &&
	    (system != code || system + has_attr(n, "category") + has_attr(n, "product") != 1))
		return fail(c, n, *px_pos(n), "PRT-023",
		    "a trigger has system and code, or category, or product", "");
	if (strcmp(e->name, "task") == 0 &&
	    (has_attr(n, "at") ? once || !has_attr(n, "within") : has_attr(n, "within")))
		return fail(c, n, *px_pos(n), "PRT-024",
		    "a task has from, until and range, or at and within", "");
	return AC_OK;
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
	return rc == AC_OK ? check_together(c, n, e) : rc;
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
			return fail(c, n, *px_pos(n), "PRT-011", "no text may stand directly in this element",
			    e->name);
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
			return fail(c, k, *px_pos(k), "PRT-005",
			    "this element is not of the protocol language", (const char *)k->name);
		const struct child *at = find_child(e, ke->name);
		if (at->name == NULL || at < now)
			return fail(c, k, *px_pos(k), "PRT-006",
			    at->name == NULL ? "this element does not belong here"
					     : "this element stands too late",
			    ke->name);
		for (; now < at; now++, count = 0)
			if (count < now->min)
				return fail(
				    c, k, *px_pos(k), "PRT-007", "is missing before this element", now->name);
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

/* Canonical XML has no relative namespaces: a file with one would have no version. */
static enum ac_code
check_namespaces(struct check *c, const xmlNode *n)
{
	for (const xmlNs *ns = n->nsDef; ns != NULL; ns = ns->next) {
		xmlURI *uri = xmlParseURI((const char *)ns->href);
		bool is_absolute = uri != NULL && uri->scheme != NULL;
		xmlFreeURI(uri);
		if (!is_absolute)
			return fail(c, n, *px_pos(n), "PRT-001", "a namespace is an absolute URI", "");
	}
	return AC_OK;
}

static enum ac_code
check_element(struct check *c, const xmlNode *n, const struct element *e)
{
	enum ac_code rc = check_namespaces(c, n);

	if (rc == AC_OK)
		rc = check_attrs(c, n, e);
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
