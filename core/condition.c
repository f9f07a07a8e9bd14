/* condition.c - reading a condition: recursive descent over one line, each node with its column. */
#include <math.h>

#include "base/utf8.h"
#include "core/condition_tree.h"

#define RULE_SYNTAX "PRT-CONDITION"
#define RULE_FACT "PRT-FACT"
#define RULE_TYPE "PRT-CONDITION-TYPE"

struct parser {
	struct ac_str s;
	size_t at;
	int depth;
	struct ac_names facts, answers;
	struct ac_arena *a;
	struct ac_err *reterr;
	bool failed;
};

static const struct ac_cond_node *parse_or(struct parser *p);

static uint32_t
column(const struct parser *p, size_t at)
{
	return (uint32_t)ac_utf8_count((struct ac_str){ p->s.p, at }) + 1;
}

/* The first fault is kept; everything after it only unwinds. */
static const struct ac_cond_node *
fail(struct parser *p, const char *rule, size_t at, const char *what)
{
	if (!p->failed)
		(void)ac_fail_at(p->reterr, AC_EINPUT, rule, 1, column(p, at), NULL, "%s", what);
	p->failed = true;
	return NULL;
}

static const struct ac_cond_node *
fail_path(struct parser *p, const char *rule, size_t at, struct ac_str path, const char *what)
{
	if (!p->failed)
		(void)ac_fail_at(p->reterr, AC_EINPUT, rule, 1, column(p, at), NULL, "\"%.*s\" %s",
		    AC_FMT(ac_utf8_head(path, 64)), what);
	p->failed = true;
	return NULL;
}

static void
skip_blanks(struct parser *p)
{
	while (p->at < p->s.n && (p->s.p[p->at] == ' ' || (p->s.p[p->at] >= '\t' && p->s.p[p->at] <= '\r')))
		p->at++;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name_char(char c)
{
	return is_letter(c) || is_digit(c) || c == '-' || c == '.';
}

static char
peek(const struct parser *p, size_t ahead)
{
	return p->at + ahead < p->s.n ? p->s.p[p->at + ahead] : '\0';
}

/* One name of ASCII letters; names joined by "/" when `is_path`. Does not move when none stands here. */
static struct ac_str
take_name(struct parser *p, bool is_path)
{
	size_t from = p->at;

	while (is_letter(peek(p, 0))) {
		while (is_name_char(peek(p, 0)))
			p->at++;
		if (!is_path || peek(p, 0) != '/' || !is_letter(peek(p, 1)))
			break;
		p->at++;
	}
	return (struct ac_str){ p->s.p + from, p->at - from };
}

/* An operator that is a word; the caller stands where XPath reads a name as an operator. */
static bool
take_word(struct parser *p, struct ac_str word)
{
	size_t from;

	skip_blanks(p);
	from = p->at;
	if (ac_streq(take_name(p, false), word))
		return true;
	p->at = from;
	return false;
}

static bool
take_char(struct parser *p, char c)
{
	skip_blanks(p);
	if (peek(p, 0) != c)
		return false;
	p->at++;
	return true;
}

static struct ac_cond_node *
node(struct parser *p, enum ac_cond_kind kind, size_t at)
{
	struct ac_cond_node *n = ac_new(p->a, struct ac_cond_node, 1);

	n->kind = kind;
	n->col = column(p, at);
	return n;
}

static bool
is_named(struct ac_names names, struct ac_str name)
{
	for (size_t i = 0; i < names.n; i++)
		if (ac_streq(names.v[i], name))
			return true;
	return false;
}

/* Is the path in the vocabulary, and its name one that the protocol declares? */
static const struct ac_vocab *
look_up(struct parser *p, struct ac_str path, size_t at)
{
	const struct ac_vocab *v = ac_vocab_find(path);
	struct ac_str first, rest = ac_cut(path, '/', &first);

	if (v == NULL)
		(void)fail_path(p, RULE_FACT, at, path, "is not in the vocabulary");
	else if (ac_streq_c(first, "fact") && !is_named(p->facts, rest))
		(void)fail_path(p, RULE_FACT, at, path, "is not declared by this protocol (element fact)");
	else if (ac_streq_c(first, "answer") && !is_named(p->answers, rest))
		(void)fail_path(p, RULE_FACT, at, path, "is not a question of this check-in");
	return p->failed ? NULL : v;
}

static const struct ac_cond_node *
parse_path(struct parser *p)
{
	size_t from = p->at;
	struct ac_str path = take_name(p, true);
	const struct ac_vocab *v;

	if (path.n == 0)
		return fail(p, RULE_SYNTAX, from, "a path is expected here");
	if (peek(p, 0) == '/' || peek(p, 0) == ':' || peek(p, 0) == '[')
		return fail(p, RULE_SYNTAX, p->at, "only simple paths of the vocabulary can be read");
	v = look_up(p, path, from);
	if (v == NULL)
		return NULL;
	struct ac_cond_node *n = node(p, AC_COND_PATH, from);
	n->text = path;
	n->vocab = v;
	return n;
}

static const struct ac_cond_node *
parse_string(struct parser *p)
{
	size_t from = p->at;
	char quote = p->s.p[p->at++];
	size_t start = p->at;

	while (p->at < p->s.n && p->s.p[p->at] != quote)
		p->at++;
	if (p->at == p->s.n)
		return fail(p, RULE_SYNTAX, from, "the quoted text has no end");
	struct ac_cond_node *n = node(p, AC_COND_STRING, from);
	n->text = (struct ac_str){ p->s.p + start, p->at++ - start };
	n->number = ac_cond_number(n->text);
	return n;
}

static const struct ac_cond_node *
parse_number(struct parser *p)
{
	size_t from = p->at;

	if (peek(p, 0) == '-')
		p->at++;
	while (is_digit(peek(p, 0)) || peek(p, 0) == '.')
		p->at++;
	struct ac_cond_node *n = node(p, AC_COND_NUMBER, from);
	n->text = (struct ac_str){ p->s.p + from, p->at - from };
	n->number = ac_cond_number(n->text);
	if (isnan(n->number) || is_letter(peek(p, 0)))
		return fail(p, RULE_SYNTAX, from, "this is no number");
	return n;
}

/* After "(" of a function or of a group. */
static const struct ac_cond_node *
parse_group(struct parser *p, size_t from)
{
	const struct ac_cond_node *n;

	if (++p->depth > AC_CONDITION_DEPTH_MAX)
		return fail(p, RULE_SYNTAX, from, "the condition is nested too deeply");
	n = parse_or(p);
	p->depth--;
	if (n != NULL && !take_char(p, ')'))
		return fail(p, RULE_SYNTAX, p->at, "\")\" is expected here");
	return n;
}

static const struct ac_cond_node *
parse_function(struct parser *p, struct ac_str name, size_t from)
{
	if (ac_streq_c(name, "not")) {
		const struct ac_cond_node *inner = parse_group(p, from);
		if (inner == NULL)
			return NULL;
		if (ac_cond_is_operand(inner->kind))
			return fail(
			    p, RULE_TYPE, from, "not() takes a condition: compare the value with something");
		struct ac_cond_node *n = node(p, AC_COND_NOT, from);
		n->left = inner;
		return n;
	}
	if (ac_streq_c(name, "count")) {
		skip_blanks(p);
		const struct ac_cond_node *path = parse_path(p);
		if (path == NULL)
			return NULL;
		if (!take_char(p, ')'))
			return fail(p, RULE_SYNTAX, p->at, "\")\" is expected here");
		struct ac_cond_node *n = node(p, AC_COND_COUNT, from);
		n->text = path->text;
		n->vocab = path->vocab;
		return n;
	}
	if (ac_streq_c(name, "true") || ac_streq_c(name, "false")) {
		if (!take_char(p, ')'))
			return fail(p, RULE_SYNTAX, p->at, "\")\" is expected here");
		struct ac_cond_node *n = node(p, AC_COND_CONST, from);
		n->value = name.p[0] == 't';
		return n;
	}
	return fail(p, RULE_SYNTAX, from, "the functions are not(), count(), true() and false()");
}

static const struct ac_cond_node *
parse_operand(struct parser *p)
{
	size_t from;

	skip_blanks(p);
	from = p->at;
	char c = peek(p, 0);
	if (c == '(') {
		p->at++;
		const struct ac_cond_node *n = parse_group(p, from);
		if (n != NULL && ac_cond_is_operand(n->kind))
			return fail(p, RULE_SYNTAX, from, "parentheses hold a condition, not a value");
		return n;
	}
	if (c == '\'' || c == '"')
		return parse_string(p);
	if (is_digit(c) || c == '-' || c == '.')
		return parse_number(p);
	if (!is_letter(c))
		return fail(p, RULE_SYNTAX, from,
		    p->at < p->s.n ? "a value is expected here" : "the condition ends too early");
	struct ac_str name = take_name(p, true);
	skip_blanks(p);
	if (peek(p, 0) == '(') {
		p->at++;
		return parse_function(p, name, from);
	}
	p->at = from;
	return parse_path(p);
}

static bool
take_comparison(struct parser *p, enum ac_cond_kind *ret)
{
	skip_blanks(p);
	char c = peek(p, 0), next = peek(p, 1);
	size_t n = next == '=' ? 2 : 1;

	if (c == '=') {
		*ret = AC_COND_EQ;
		n = 1;
	} else if (c == '!' && next == '=') {
		*ret = AC_COND_NE;
	} else if (c == '<') {
		*ret = n == 2 ? AC_COND_LE : AC_COND_LT;
	} else if (c == '>') {
		*ret = n == 2 ? AC_COND_GE : AC_COND_GT;
	} else {
		return false;
	}
	p->at += n;
	return true;
}

static bool
is_number_like(const struct ac_cond_node *n)
{
	if (n->kind == AC_COND_PATH)
		return n->vocab->kind == AC_KIND_NUMBER ||
		       ac_str_ends(ac_str_c(n->vocab->path), AC_S("/NAME"));
	return !isnan(n->number);
}

/* What XPath would answer with a silent "false" is a mistake of the author here. */
static const char *
type_fault(enum ac_cond_kind op, const struct ac_cond_node *l, const struct ac_cond_node *r)
{
	bool is_order = op >= AC_COND_LT, l_num, r_num;

	if (!ac_cond_is_operand(l->kind) || !ac_cond_is_operand(r->kind))
		return "only values can be compared, not conditions";
	if ((l->kind == AC_COND_PATH && l->vocab->kind == AC_KIND_BOOL) ||
	    (r->kind == AC_COND_PATH && r->vocab->kind == AC_KIND_BOOL)) {
		const struct ac_cond_node *other = l->kind == AC_COND_PATH ? r : l;
		if (is_order || other->kind != AC_COND_STRING ||
		    !(ac_streq_c(other->text, "yes") || ac_streq_c(other->text, "no")))
			return "a yes-no value is compared by = or != with 'yes' or 'no'";
		return NULL;
	}
	l_num = l->kind == AC_COND_COUNT || l->kind == AC_COND_NUMBER ||
		(l->kind == AC_COND_PATH && l->vocab->kind == AC_KIND_NUMBER);
	r_num = r->kind == AC_COND_COUNT || r->kind == AC_COND_NUMBER ||
		(r->kind == AC_COND_PATH && r->vocab->kind == AC_KIND_NUMBER);
	if ((is_order || l_num || r_num) && (!is_number_like(l) || !is_number_like(r)))
		return is_order ? "< <= > >= compare numbers" : "a number is compared with a text here";
	return NULL;
}

static const struct ac_cond_node *
parse_comparison(struct parser *p)
{
	const struct ac_cond_node *l = parse_operand(p), *r;
	enum ac_cond_kind op, more;
	size_t at;

	if (l == NULL)
		return NULL;
	skip_blanks(p);
	at = p->at;
	if (!take_comparison(p, &op))
		return l;
	r = parse_operand(p);
	if (r == NULL)
		return NULL;
	const char *fault = type_fault(op, l, r);
	if (fault != NULL)
		return fail(p, RULE_TYPE, at, fault);
	skip_blanks(p);
	size_t chain = p->at;
	if (take_comparison(p, &more))
		return fail(p, RULE_SYNTAX, chain, "comparisons cannot be chained: join two with and");
	struct ac_cond_node *n = node(p, op, at);
	n->left = l;
	n->right = r;
	return n;
}

static const struct ac_cond_node *
join(struct parser *p, enum ac_cond_kind kind, size_t at, const struct ac_cond_node *l,
    const struct ac_cond_node *r)
{
	if (l == NULL || r == NULL)
		return NULL;
	if (ac_cond_is_operand(l->kind) || ac_cond_is_operand(r->kind))
		return fail(p, RULE_TYPE, at, "and, or join conditions: compare the value with something");
	struct ac_cond_node *n = node(p, kind, at);
	n->left = l;
	n->right = r;
	return n;
}

static const struct ac_cond_node *
parse_and(struct parser *p)
{
	const struct ac_cond_node *l = parse_comparison(p);

	while (l != NULL) {
		skip_blanks(p);
		size_t at = p->at;
		if (!take_word(p, AC_S("and")))
			break;
		l = join(p, AC_COND_AND, at, l, parse_comparison(p));
	}
	return l;
}

static const struct ac_cond_node *
parse_or(struct parser *p)
{
	const struct ac_cond_node *l = parse_and(p);

	while (l != NULL) {
		skip_blanks(p);
		size_t at = p->at;
		if (!take_word(p, AC_S("or")))
			break;
		l = join(p, AC_COND_OR, at, l, parse_and(p));
	}
	return l;
}

enum ac_code
ac_condition_parse(struct ac_str expr, struct ac_names fact_names, struct ac_names answer_names,
    struct ac_arena *a, const struct ac_condition **ret, struct ac_err *reterr)
{
	struct parser p = { .at = 0, .facts = fact_names, .answers = answer_names, .a = a, .reterr = reterr };

	if (expr.n > AC_CONDITION_BYTES_MAX)
		return ac_fail_at(reterr, AC_EINPUT, RULE_SYNTAX, 1, 1, NULL,
		    "a condition has at most %d bytes", AC_CONDITION_BYTES_MAX);
	p.s = expr.n == 0 ? AC_S("") : ac_str_dup(a, expr); /* the tree borrows from its own copy */
	const struct ac_cond_node *root = parse_or(&p);
	if (root != NULL) {
		skip_blanks(&p);
		if (p.at < p.s.n)
			(void)fail(&p, RULE_SYNTAX, p.at, "an operator is expected here");
		else if (ac_cond_is_operand(root->kind))
			(void)fail(&p, RULE_TYPE, 0, "a value is no condition: compare it with something");
	}
	if (p.failed)
		return AC_EINPUT;
	struct ac_condition *c = ac_new(a, struct ac_condition, 1);
	c->source = ac_str_trim(p.s);
	c->root = root;
	*ret = c;
	return AC_OK;
}

struct ac_str
ac_condition_source(const struct ac_condition *c)
{
	return c->source;
}
