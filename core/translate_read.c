/* translate_read.c - the finished XLIFF: which targets are taken, and the source with them in it. */
#include <string.h>

#include "core/protocol_diff.h"
#include "core/translate_parts.h"

#define XLIFF_NS "urn:oasis:names:tc:xliff:document:1.2"

struct taker {
	struct ac_arena *a;
	struct ac_err *reterr;
	struct ac_units units;
	struct se_source source;
	struct se_edits edits;
	struct ac_str lang;
	bool *seen;          /* by unit */
	struct ac_str *want; /* by unit: what it must say afterwards */
	AC_VEC(struct ac_taken_unit) taken;
};

static enum ac_code
fail(struct taker *t, const xmlNode *n, enum ac_code code, const char *rule, const char *what)
{
	const struct px_pos *at = px_pos(n);

	return ac_fail_at(t->reterr, code, rule, at->line, at->col, NULL, "%s", what);
}

static bool
is(const xmlNode *n, const char *name)
{
	return n->ns != NULL && strcmp((const char *)n->ns->href, XLIFF_NS) == 0 &&
	       strcmp((const char *)n->name, name) == 0;
}

static const xmlNode *
child(const xmlNode *n, const char *name)
{
	for (const xmlNode *k = px_next_element(n->children); k != NULL; k = px_next_element(k->next))
		if (is(k, name))
			return k;
	return NULL;
}

static struct ac_str
attr(struct taker *t, const xmlNode *n, const char *name)
{
	for (const xmlAttr *x = n->properties; x != NULL; x = x->next)
		if (x->ns == NULL && strcmp((const char *)x->name, name) == 0)
			return px_text(t->a, x->children);
	return (struct ac_str){ 0 };
}

/* All text below it: tools mark segments inside with elements of their own. */
static void
gather(struct ac_buf *b, const xmlNode *n)
{
	for (; n != NULL; n = n->next)
		if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
			ac_buf_addz(b, (const char *)n->content);
		else if (n->type == XML_ELEMENT_NODE)
			gather(b, n->children);
}

static struct ac_str
words(struct taker *t, const xmlNode *n)
{
	struct ac_buf b;

	if (n == NULL)
		return AC_S("");
	ac_buf_init(&b, t->a, 256, 0);
	gather(&b, n->children);
	return px_collapse(t->a, ac_buf_str(&b));
}

/* Reasons or exceptions of one line with the same words: a translation belongs to the first of them that has none. */
static bool
is_behind_its_like(const struct taker *t, size_t at)
{
	const struct ac_unit *u = &t->units.v[at];
	size_t line = u->name.n;

	while (line > 0 && u->name.p[line - 1] != '/')
		line--;
	for (size_t i = 0; i < at && (u->why != NULL || u->except != NULL); i++) {
		const struct ac_unit *former = &t->units.v[i];
		bool is_like = former->name.n >= line && memcmp(former->name.p, u->name.p, line) == 0 &&
			       ac_streq(former->source->text, u->source->text);
		bool has_one = ac_str_is_set(t->want[i]) ||
			       (former->target != NULL && former->target->state == AC_TEXT_CURRENT);
		if (is_like && !has_one)
			return true;
	}
	return false;
}

static enum ac_taken
judge(const struct taker *t, size_t at, struct ac_str source, struct ac_str target)
{
	const struct ac_unit *u = &t->units.v[at];

	if (!ac_streq(source, u->source->text))
		return AC_TAKEN_OTHER_SOURCE;
	if (target.n == 0)
		return AC_TAKEN_NOT_DONE;
	if (u->target != NULL && u->target->state == AC_TEXT_CURRENT)
		return ac_streq(target, u->target->text) ? AC_TAKEN_SAME : AC_TAKEN_CHANGED;
	if (is_behind_its_like(t, at))
		return AC_TAKEN_BEHIND;
	return u->target == NULL ? AC_TAKEN_NEW : AC_TAKEN_CHANGED;
}

static enum ac_code
take_unit(struct taker *t, const xmlNode *n)
{
	struct ac_str name = attr(t, n, "id"), target = words(t, child(n, "target"));
	size_t i = 0;

	while (i < t->units.n && !ac_streq(t->units.v[i].name, name))
		i++;
	if (i == t->units.n)
		return fail(t, n, AC_EINPUT, "XLF-UNIT", "nothing in the protocol has this id");
	if (t->seen[i])
		return fail(t, n, AC_EINPUT, "XLF-DOUBLE", "this id stands twice");
	if (target.n > AC_TRANSLATION_MAX)
		return fail(t, n, AC_ELIMIT, "XLF-LIMIT", "the translation is longer than one may be");
	t->seen[i] = true;
	struct ac_taken_unit one = { t->units.v[i].name, judge(t, i, words(t, child(n, "source")), target),
		px_pos(n)->line };
	AC_PUSH(t->a, &t->taken, one);
	if (one.how != AC_TAKEN_NEW && one.how != AC_TAKEN_CHANGED)
		return AC_OK;
	t->want[i] = target;
	tr_edit_unit(&t->source, &t->units.v[i], t->lang, target, &t->edits);
	return AC_OK;
}

static enum ac_code
take_units(struct taker *t, const xmlNode *body)
{
	enum ac_code rc = AC_OK;

	for (const xmlNode *n = px_next_element(body->children); n != NULL && rc == AC_OK;
	     n = px_next_element(n->next))
		if (is(n, "group"))
			rc = take_units(t, n);
		else if (is(n, "trans-unit"))
			rc = take_unit(t, n);
	return rc;
}

static bool
same_lang(struct ac_str x, struct ac_str y)
{
	return x.n == y.n && x.p != NULL && y.p != NULL && strncasecmp(x.p, y.p, x.n) == 0;
}

static enum ac_code
take_file(struct taker *t, const xmlNode *root, const struct ac_protocol *p)
{
	const xmlNode *file = is(root, "xliff") ? child(root, "file") : NULL,
		      *body = file == NULL ? NULL : child(file, "body");

	if (body == NULL || !ac_streq_c(attr(t, root, "version"), "1.2"))
		return fail(t, root, AC_EINPUT, "XLF-ROOT", "this is no XLIFF 1.2 with a file and a body");
	if (!ac_streq(attr(t, file, "original"), p->id))
		return fail(t, file, AC_EINPUT, "XLF-FILE", "this is the file of another protocol");
	if (!same_lang(attr(t, file, "source-language"), p->lang) ||
	    !same_lang(attr(t, file, "target-language"), t->lang))
		return fail(t, file, AC_EINPUT, "XLF-LANG",
		    "source-language and target-language are not those that were asked for");
	return take_units(t, body);
}

/* The reader of protocols reads it, and its words are of protocols. */
static enum ac_code
parse(struct ac_str xliff, struct ac_arena *a, xmlDoc **ret, struct ac_err *reterr)
{
	struct ac_err e = { 0 };
	enum ac_code rc = px_parse(xliff, a, ret, &e);

	if (rc == AC_OK)
		return rc;
	if (rc == AC_ELIMIT)
		return ac_fail_at(reterr, rc, "XLF-LIMIT", e.line, e.col, NULL,
		    "the file is too long, or nested too deeply");
	if (strcmp(e.rule, "PRT-002") == 0)
		return ac_fail_at(reterr, rc, "XLF-DOCTYPE", e.line, e.col, NULL, "the file has no DOCTYPE");
	return ac_fail_at(reterr, rc, "XLF-XML", e.line, e.col, NULL, "%s", e.msg);
}

/* What came of it says these words in this language, and everything else as before. */
static bool
is_as_wanted(struct taker *t, const struct ac_protocol *before, const struct ac_protocol *after)
{
	struct ac_changes changes;
	struct ac_units units;

	if (ac_translate_units(after, t->lang, t->a, &units, NULL) != AC_OK || units.n != t->units.n)
		return false;
	for (size_t i = 0; i < units.n; i++)
		if (ac_str_is_set(t->want[i]) && (units.v[i].state != AC_TRANSLATION_UNSIGNED ||
						     !ac_streq(units.v[i].target->text, t->want[i])))
			return false;
	ac_protocol_diff(before, after, t->a, &changes);
	const char *lang = ac_cstr(t->a, ac_strf(t->a, " %.*s", AC_FMT(t->lang)));
	for (size_t i = 0; i < changes.n; i++)
		if (strcasestr(ac_cstr(t->a, changes.v[i].part), lang) == NULL)
			return false;
	return true;
}

static enum ac_code
take(struct taker *t, struct ac_str xliff, const struct ac_protocol *p)
{
	AC_AUTO_T(xmlDoc) file = NULL;
	enum ac_code rc = parse(xliff, t->a, &file, t->reterr);

	return rc == AC_OK ? take_file(t, xmlDocGetRootElement(file), p) : rc;
}

enum ac_code
ac_translate_read(struct ac_str source, struct ac_str xliff, struct ac_str lang, struct ac_arena *a,
    struct ac_str *ret, struct ac_taken_units *ret_taken, struct ac_err *reterr)
{
	AC_AUTO_T(xmlDoc) doc = NULL;
	struct taker t = { .a = a, .reterr = reterr, .lang = lang };
	const struct ac_protocol *p, *after;
	struct ac_str text;
	enum ac_code rc;

	if ((rc = ac_protocol_load(source, a, &p, reterr)) != AC_OK ||
	    (rc = ac_translate_units(p, lang, a, &t.units, reterr)) != AC_OK ||
	    (rc = px_parse(source, a, &doc, reterr)) != AC_OK)
		return rc;
	t.seen = ac_new(a, bool, t.units.n);
	t.want = ac_new(a, struct ac_str, t.units.n);
	t.source = (struct se_source){ source, doc, a };
	if ((rc = take(&t, xliff, p)) != AC_OK ||
	    (rc = se_apply(&t.source, &t.edits, &text, reterr)) != AC_OK ||
	    (rc = ac_protocol_load(text, a, &after, reterr)) != AC_OK)
		return rc;
	if (!is_as_wanted(&t, p, after))
		return ac_fail(reterr, AC_EINTEGRITY, "TRN-MEANING", "the new text would say something else");
	*ret = text;
	*ret_taken = (struct ac_taken_units){ .v = t.taken.v, .n = t.taken.n };
	for (size_t i = 0; i < t.taken.n; i++)
		ret_taken->changes +=
		    t.taken.v[i].how == AC_TAKEN_NEW || t.taken.v[i].how == AC_TAKEN_CHANGED;
	return AC_OK;
}

const char *
ac_taken_word(enum ac_taken t)
{
	static const char *const words_of[] = { [AC_TAKEN_NEW] = "new",
		[AC_TAKEN_CHANGED] = "changed",
		[AC_TAKEN_NOT_DONE] = "not translated yet",
		[AC_TAKEN_SAME] = "as it was",
		[AC_TAKEN_BEHIND] = "not taken: the same words stand before it without a translation",
		[AC_TAKEN_OTHER_SOURCE] = "not taken: the text says something else now" };

	return words_of[t];
}
