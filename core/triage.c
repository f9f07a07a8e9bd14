/* triage.c - see triage.h. */
#include "core/triage.h"

#include "base/buf.h"

#define TEMPERATURE_MIN \
	250 /* tenths of a degree Celsius: what a thermometer can show of a living person, no judgement */
#define TEMPERATURE_MAX 450

const char *
ac_level_word(enum ac_triage_level l)
{
	static const char *const words[] = { "", "expected", "call-back", "urgent" };

	return words[l];
}

bool
ac_level_parse(struct ac_str s, enum ac_triage_level *ret)
{
	for (int l = AC_LEVEL_EXPECTED; l <= AC_LEVEL_URGENT; l++) {
		if (!ac_streq_c(s, ac_level_word((enum ac_triage_level)l)))
			continue;
		*ret = (enum ac_triage_level)l;
		return true;
	}
	return false;
}

struct ac_str
ac_question_key(struct ac_arena *a, const struct ac_questions *q, const struct ac_question *of)
{
	return ac_strf(
	    a, "%.*s/%.*s/%.*s", AC_FMT(q->protocol->id), AC_FMT(q->check_in->l.id), AC_FMT(of->id));
}

struct ac_triage
ac_triage_max(struct ac_triage x, struct ac_triage y)
{
	return y.level > x.level ? y : x;
}

static struct ac_str
english(struct ac_texts t)
{
	bool fell_back;

	return ac_text_pick(t, AC_S("en"), &fell_back);
}

static bool
is_text(const struct ac_question *q)
{
	return ac_streq_c(q->type, "text");
}

/* Degrees Celsius, with a point or a comma and at most one digit behind it. */
static bool
fits_temperature(struct ac_str s, struct ac_arena *a, struct ac_str *ret)
{
	struct ac_str whole, tenth = { 0 };
	int64_t degrees, t = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '.' || s.p[i] == ',')
			tenth = (struct ac_str){ s.p + i + 1, s.n - i - 1 };
	whole = (struct ac_str){ s.p, ac_str_is_set(tenth) ? s.n - tenth.n - 1 : s.n };
	if (whole.n != 2 || !ac_str_int(whole, 0, 99, &degrees))
		return false;
	if (ac_str_is_set(tenth) && (tenth.n != 1 || !ac_str_int(tenth, 0, 9, &t)))
		return false;
	if (degrees * 10 + t < TEMPERATURE_MIN || degrees * 10 + t > TEMPERATURE_MAX)
		return false;
	*ret = ac_strf(a, "%lld.%lld", (long long)degrees, (long long)t);
	return true;
}

bool
ac_said_fits(const struct ac_question *q, struct ac_str value, struct ac_arena *a, struct ac_str *ret)
{
	struct ac_str s = ac_str_trim(value);
	int64_t n;

	if (ac_streq_c(q->type, "temperature"))
		return fits_temperature(s, a, ret);
	*ret = s;
	if (is_text(q))
		return s.n > 0 && s.n <= AC_SAID_TEXT_MAX;
	if (ac_streq_c(q->type, "yes-no"))
		return ac_streq_c(s, "yes") || ac_streq_c(s, "no");
	if (ac_streq_c(q->type, "score")) {
		if (s.n > 2 || !ac_str_int(s, 0, 10, &n))
			return false;
		*ret = ac_strf(a, "%lld", (long long)n);
		return true;
	}
	for (size_t i = 0; i < q->nvalues; i++)
		if (ac_streq(q->values[i].code, s))
			return true;
	return false;
}

/* One check-in under triage. */
struct work {
	const struct ac_triage_of *of;
	const struct ac_questions *q;
	const struct ac_said *said;
	size_t nsaid;
	struct ac_arena *a;
};

static const struct ac_said *
said_of(const struct work *w, const struct ac_question *q)
{
	struct ac_str key = ac_question_key(w->a, w->q, q);

	for (size_t i = w->nsaid; i-- > 0;) /* said twice: the later one corrects the earlier */
		if (ac_streq(w->said[i].key, key))
			return w->said[i].value.n > 0 ? &w->said[i] : NULL;
	return NULL;
}

/* What is known when only `only` was answered; NULL: with all answers. */
static struct ac_facts *
facts_with(const struct work *w, const struct ac_question *only)
{
	struct ac_facts *f = ac_facts_make(w->of->e, w->of->answers, w->of->nanswers, w->of->anchor, w->a);

	for (size_t i = 0; i < w->q->check_in->nquestions; i++) {
		const struct ac_question *q = &w->q->check_in->questions[i];
		const struct ac_said *s = only != NULL && only != q ? NULL : said_of(w, q);
		if (s == NULL)
			continue;
		struct ac_str *v = ac_new(w->a, struct ac_str, 1);
		*v = s->value;
		ac_facts_add_answer(f, q->id, (struct enc_strs){ v, 1 }, w->a);
	}
	return f;
}

struct reads {
	struct ac_str id;
	bool found;
};

static void
note_path(struct ac_str path, void *arg)
{
	struct reads *r = arg;

	r->found |= ac_str_starts(path, AC_S("answer/")) &&
		    ac_streq((struct ac_str){ path.p + 7, path.n - 7 }, r->id);
}

static bool
reads_answer(const struct ac_condition *c, struct ac_str id)
{
	struct reads r = { id, false };

	ac_condition_paths(c, note_path, &r);
	return r.found;
}

static void
add_words(struct work *w, struct ac_str *to, const struct ac_question *q, const struct ac_said *s)
{
	struct ac_str value = s->value;

	for (size_t i = 0; i < q->nvalues; i++)
		if (ac_streq(q->values[i].code, value))
			value = english(q->values[i].label);
	*to = ac_strf(w->a, "%.*s%s%.*s %.*s", AC_FMT(*to), to->n > 0 ? "; " : "", AC_FMT(english(q->text)),
	    AC_FMT(value));
}

/* The answers that each alone make the rule hold; where none does, all that it reads. */
static struct ac_str
words_of(struct work *w, const struct ac_triage_rule *rule)
{
	const struct ac_check_in *c = w->q->check_in;
	struct ac_str alone = { "", 0 }, all = { "", 0 };

	for (size_t i = 0; i < c->nquestions; i++) {
		const struct ac_said *s = said_of(w, &c->questions[i]);
		if (s == NULL || !reads_answer(rule->when, c->questions[i].id))
			continue;
		add_words(w, &all, &c->questions[i], s);
		if (ac_condition_eval(rule->when, facts_with(w, &c->questions[i]), w->a, NULL) == AC_TRUE)
			add_words(w, &alone, &c->questions[i], s);
	}
	return alone.n > 0 ? alone : all;
}

/* An unknown that no answer could clear: the chart does not say it. */
static bool
hangs_on_the_chart(const struct ac_missing *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (ac_str_starts(m->v[i], AC_S("answer/")))
			return false;
	return m->n > 0;
}

static struct ac_triage
by_rules(struct work *w)
{
	const struct ac_check_in *c = w->q->check_in;
	const struct ac_facts *facts = facts_with(w, NULL);
	struct ac_triage best = { 0 };

	for (size_t i = 0; i < c->nrules; i++) {
		struct ac_missing missing = { 0 };
		enum ac_truth t = ac_condition_eval(c->rules[i].when, facts, w->a, &missing);
		enum ac_triage_level level;

		if (!ac_level_parse(c->rules[i].outcome, &level) || level <= best.level ||
		    (t != AC_TRUE && !(t == AC_UNKNOWN && hangs_on_the_chart(&missing))))
			continue;
		best = (struct ac_triage){ .level = level,
			.rule = ac_strf(
			    w->a, "%.*s/%.*s/%zu", AC_FMT(w->q->protocol->id), AC_FMT(c->l.id), i + 1),
			.words = words_of(w, &c->rules[i]) };
	}
	return best;
}

static struct ac_triage
one_check_in(struct work *w, bool is_over)
{
	const struct ac_check_in *c = w->q->check_in;
	struct ac_triage t = by_rules(w), none = { 0 };
	struct ac_str open = { "", 0 };

	if (!is_over)
		return t.level == AC_LEVEL_EXPECTED ? none : t;
	for (size_t i = 0; i < c->nquestions; i++)
		if (!is_text(&c->questions[i]) && said_of(w, &c->questions[i]) == NULL)
			open = ac_strf(w->a, "%.*s%s%.*s", AC_FMT(open), open.n > 0 ? "; " : "",
			    AC_FMT(english(c->questions[i].text)));
	if (open.n > 0)
		return ac_triage_max(t, (struct ac_triage){ AC_LEVEL_CALL_BACK, AC_S("unanswered"),
					    ac_strf(w->a, "Not answered: %.*s", AC_FMT(open)) });
	if (t.level == AC_LEVEL_NONE)
		return (struct ac_triage){ AC_LEVEL_CALL_BACK, AC_S("no-rule"),
			AC_S("No rule of the protocol speaks of these answers.") };
	return t;
}

struct ac_triage
ac_triage(const struct ac_triage_of *of, const struct ac_questions *q, size_t nq, const struct ac_said *said,
    size_t nsaid, bool is_over, struct ac_arena *a)
{
	struct ac_triage t = { 0 };

	for (size_t i = 0; i < nq; i++) {
		struct work w = { of, &q[i], said, nsaid, a };
		t = ac_triage_max(t, one_check_in(&w, is_over));
	}
	return t;
}
