/* plan_rest.c - what has no window of its own to merge: goals, expectations, red flags, the series, missing facts. */
#include <stdlib.h>

#include "core/plan_parts.h"

static struct ac_str
english(struct ac_texts t)
{
	bool fell_back;

	return ac_text_pick(t, AC_S("en"), &fell_back);
}

static void
goals(struct ac_plan_work *w)
{
	AC_VEC(struct ac_plan_goal) all = { 0 };

	for (size_t i = 0; i < w->nprotocols; i++) {
		for (size_t k = 0; k < w->protocols[i]->ngoals; k++) {
			const struct ac_goal *def = &w->protocols[i]->goals[k];
			struct ac_missing paths = { 0 };
			struct ac_plan_goal *same = NULL;
			enum ac_truth t = ac_plan_line_truth(w, &def->l, &paths);

			for (size_t m = 0; m < all.n && ac_str_is_set(def->concept); m++)
				if (ac_streq(all.v[m].def->concept, def->concept))
					same = &all.v[m];
			if (t != AC_FALSE && same != NULL)
				same->assumed &= t == AC_UNKNOWN;
			else if (t != AC_FALSE)
				AC_PUSH(w->a, &all,
				    ((struct ac_plan_goal){ def, w->protocols[i], t == AC_UNKNOWN }));
		}
	}
	w->p->goals = all.v;
	w->p->ngoals = all.n;
}

static int64_t
earlier(int64_t x, int64_t y)
{
	return x < y ? x : y;
}

/* Several treatments under one protocol: what is normal for any of them is normal. */
static void
expectation(struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_expectation *def,
    struct ac_plan_expectation *ret)
{
	bool first = true;

	for (size_t i = 0; i < w->p->ntreatments; i++) {
		const struct ac_treatment *t = &w->p->treatments[i];
		if (t->protocol != p)
			continue;
		int64_t from = ac_plan_at(w->in->zone, t->anchor, def->from, AC_FOLD_EARLIER);
		int64_t until = ac_plan_at(w->in->zone, t->anchor, def->until, AC_FOLD_LATER);
		ret->from = first ? from : earlier(ret->from, from);
		if (first || ac_end_or_never(until) > ac_end_or_never(ret->until))
			ret->until = until;
		first = false;
	}
}

static int
by_time(const void *px, const void *py)
{
	const struct ac_plan_expectation *x = px, *y = py;
	int c = ac_cmp_i64(x->from, y->from);

	if (c == 0)
		c = ac_cmp_i64(ac_end_or_never(x->until), ac_end_or_never(y->until));
	if (c == 0)
		c = ac_protocol_cmp(x->protocol, y->protocol);
	return c != 0 ? c : (x->def > y->def) - (x->def < y->def); /* of one protocol: one array */
}

static void
expectations(struct ac_plan_work *w)
{
	AC_VEC(struct ac_plan_expectation) all = { 0 };

	for (size_t i = 0; i < w->nprotocols; i++) {
		const struct ac_protocol *p = w->protocols[i];
		for (size_t k = 0; k < p->nexpectations; k++) {
			struct ac_plan_expectation x = { .def = &p->expectations[k], .protocol = p };
			struct ac_missing paths = { 0 };
			if (ac_plan_line_truth(w, &x.def->l, &paths) == AC_FALSE)
				continue;
			expectation(w, p, x.def, &x);
			AC_PUSH(w->a, &all, x);
		}
	}
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_time);
	w->p->expectations = all.v;
	w->p->nexpectations = all.n;
}

/* Several treatments under one protocol: the earliest. AC_INSTANT_NONE, at once, is earlier than any. */
static int64_t
flag_from(const struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_red_flag *def)
{
	int64_t from = INT64_MAX;

	for (size_t i = 0; i < w->p->ntreatments; i++)
		if (w->p->treatments[i].protocol == p)
			from = earlier(from,
			    ac_plan_at(w->in->zone, w->p->treatments[i].anchor, def->from, AC_FOLD_EARLIER));
	return from == INT64_MAX ? AC_INSTANT_NONE : from;
}

/* Emergencies first. The same words twice help nobody; as an emergency they weigh more. */
static void
red_flags(struct ac_plan_work *w)
{
	AC_VEC(struct ac_plan_flag) all = { 0 };

	for (int level = AC_FLAG_EMERGENCY; level >= AC_FLAG_CALL; level--) {
		for (size_t i = 0; i < w->nprotocols; i++) {
			const struct ac_protocol *p = w->protocols[i];
			for (size_t k = 0; k < p->nred_flags; k++) {
				const struct ac_red_flag *def = &p->red_flags[k];
				struct ac_missing paths = { 0 };
				bool told = false;

				if ((int)def->level != level ||
				    ac_plan_line_truth(w, &def->l, &paths) == AC_FALSE)
					continue;
				int64_t from = flag_from(w, p, def);
				for (size_t m = 0; m < all.n && !told; m++) {
					told = ac_streq(english(all.v[m].def->text), english(def->text));
					if (told && all.v[m].def->level == def->level)
						all.v[m].from = earlier(all.v[m].from, from);
				}
				if (!told)
					AC_PUSH(w->a, &all, ((struct ac_plan_flag){ def, p, from }));
			}
		}
	}
	w->p->flags = all.v;
	w->p->nflags = all.n;
}

static int32_t
number(struct ac_plan_work *w, struct ac_str path)
{
	struct ac_value v = ac_facts_get(w->facts, path);
	int64_t n;

	return v.known && v.items.n == 1 && ac_str_int(v.items.v[0], 1, 1000, &n) ? (int32_t)n : 0;
}

static int64_t
last_treatment(const struct ac_plan_work *w, const struct ac_protocol *p)
{
	int64_t anchor = AC_INSTANT_NONE;

	for (size_t i = 0; i < w->p->ntreatments; i++)
		if (w->p->treatments[i].protocol == p && w->p->treatments[i].anchor > anchor)
			anchor = w->p->treatments[i].anchor;
	return anchor;
}

/* Not before the later of interval and minimum gap, counted from the last treatment of that protocol. */
static void
next_session(struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_series *s)
{
	int64_t anchor = last_treatment(w, p);

	int64_t from = ac_plan_at(w->in->zone, anchor, s->interval_min, AC_FOLD_LATER);
	int64_t gap = ac_plan_at(w->in->zone, anchor, s->minimum_gap, AC_FOLD_LATER);
	int64_t until = ac_plan_at(w->in->zone, anchor, s->interval_max, AC_FOLD_EARLIER);

	from = gap > from ? gap : from;
	if (from == AC_INSTANT_NONE && until == AC_INSTANT_NONE)
		return;
	if (from > ac_end_or_never(until))
		until = from;
	/* two series in one encounter: the one that must wait longer */
	if (from > w->p->series_next_from ||
	    (from == w->p->series_next_from &&
		ac_end_or_never(until) < ac_end_or_never(w->p->series_next_until))) {
		w->p->series_next_from = from;
		w->p->series_next_until = until;
	}
}

static const struct ac_prior_session *
last_session(const struct ac_plan_work *w, const struct ac_protocol *p)
{
	for (size_t i = 0; i < w->in->nprior; i++)
		if (ac_streq(w->in->prior[i].protocol, p->id) && w->in->prior[i].anchor < w->p->anchor)
			return &w->in->prior[i];
	return NULL;
}

static int64_t
day_at(const struct ac_zone *z, int64_t t)
{
	struct ac_wall wall = ac_wall_at(z, t);

	return ac_days_from_civil(wall.year, wall.month, wall.day);
}

/* Days count as days: a session in the morning, seven days after one in the evening, is seven days later. */
static bool
is_too_close(const struct ac_plan_work *w, struct ac_offset gap, int64_t last, int64_t next)
{
	const struct ac_zone *z = w->in->zone;
	int64_t earliest = ac_plan_at(z, last, gap, AC_FOLD_EARLIER);

	if (earliest == AC_INSTANT_NONE)
		return false;
	if (gap.kind == AC_OFFSET_ELAPSED)
		return next < earliest;
	return day_at(z, next) < day_at(z, earliest);
}

/* The number must follow the last one's, unless somebody said that it is right. */
static void
check_number(struct ac_plan_work *w, const struct ac_protocol *p)
{
	const struct ac_answer *said = ac_answer_find(w->in->answers, w->in->nanswers, AC_S(AC_ANSWER_SESSION));
	const struct ac_fact_def *def = NULL;
	int64_t checked = 0;

	if (said != NULL && said->values.n == 1)
		(void)ac_str_int(said->values.v[0], 1, 1000, &checked);
	if (w->p->session == 0 || w->p->session_expected == 0 || w->p->session == w->p->session_expected)
		return;
	w->p->session_checked = checked == w->p->session;
	if (w->p->session_checked)
		return;
	for (size_t i = 0; i < p->nfacts; i++)
		if (ac_streq_c(p->facts[i].name, "session"))
			def = &p->facts[i];
	ac_plan_warn(w, "SERIES-NUMBER", "%.*s: recorded as session %d; after the last one it would be session %d.",
	    AC_FMT(p->id), (int)w->p->session, (int)w->p->session_expected);
	AC_PUSH(w->a, &w->missing,
	    ((struct ac_plan_missing){ .def = def, .path = AC_S("fact/session"), .conflict = true }));
}

static void
follow(struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_series *s)
{
	const struct ac_prior_session *last = last_session(w, p);

	if (last == NULL)
		return;
	if (is_too_close(w, s->minimum_gap, last->anchor, w->p->anchor))
		ac_plan_warn(w, "SERIES-GAP", "%.*s: %lld days after the session before; the protocol asks for more.",
		    AC_FMT(p->id), (long long)(day_at(w->in->zone, w->p->anchor) - day_at(w->in->zone, last->anchor)));
	if (last->session > 0 && w->p->session_expected == 0) {
		w->p->session_expected = last->session + 1;
		check_number(w, p);
	}
}

/* A booked appointment is of the series when its category is one that the protocol is for. */
static bool
is_booked_session(const struct ac_protocol *p, const struct enc_appointment *ap)
{
	if (!ac_streq_c(ap->status, "booked") || ap->start.precision != 14)
		return false;
	for (size_t i = 0; i < p->ntriggers; i++)
		if (p->triggers[i].kind == AC_TRIGGER_CATEGORY && ac_streq(p->triggers[i].code, ap->category))
			return true;
	return false;
}

/* Who booked may still move it. What is booked for the day of the treatment is this visit. */
static void
check_booked(struct ac_plan_work *w, const struct ac_protocol *p, const struct ac_series *s)
{
	const struct encounter *e = w->in->encounter;
	const struct ac_zone *z = w->in->zone;
	int64_t anchor = last_treatment(w, p), first = INT64_MAX;

	if (w->in->ignores_booked || anchor == AC_INSTANT_NONE)
		return;
	for (size_t i = 0; i < e->nappointments; i++) {
		const struct enc_appointment *ap = &e->appointments[i];
		if (is_booked_session(p, ap) && ap->start.t < first && day_at(z, ap->start.t) > day_at(z, anchor))
			first = ap->start.t;
	}
	if (first != INT64_MAX && is_too_close(w, s->minimum_gap, anchor, first))
		ac_plan_warn(w, "SERIES-BOOKED",
		    "%.*s: the next session is booked %lld day(s) after this one; the protocol asks for more.",
		    AC_FMT(p->id), (long long)(day_at(z, first) - day_at(z, anchor)));
}

static void
series(struct ac_plan_work *w)
{
	struct ac_plan *p = w->p;

	p->session = number(w, AC_S("fact/session"));
	p->sessions = number(w, AC_S("fact/sessions"));
	for (size_t i = 0; i < w->nprotocols; i++) {
		const struct ac_series *s = w->protocols[i]->series;
		struct ac_missing paths = { 0 };

		if (s == NULL || ac_plan_line_truth(w, &s->l, &paths) == AC_FALSE)
			continue;
		if (p->sessions == 0)
			p->sessions = s->sessions;
		if (!w->in->revoked) {
			follow(w, w->protocols[i], s);
			check_booked(w, w->protocols[i], s);
		}
		if (!w->in->revoked && (p->session == 0 || p->sessions == 0 || p->session < p->sessions))
			next_session(w, w->protocols[i], s);
	}
}

/* As core/facts words it: the chart's true is the panel's yes. */
static struct ac_str
worded(const struct enc_fact *f, size_t i)
{
	if (f->type != ENC_FACT_BOOL)
		return f->s.v[i];
	return ac_streq_c(f->s.v[i], "true") ? AC_S("yes") : AC_S("no");
}

static const struct ac_answer *
answer_to(const struct ac_plan_work *w, struct ac_str name)
{
	return ac_answer_find(w->in->answers, w->in->nanswers, name);
}

static bool
has_value(const struct enc_fact *f, struct ac_str s)
{
	for (size_t i = 0; i < f->s.n; i++)
		if (ac_streq(worded(f, i), s))
			return true;
	return false;
}

/* As sets: both name the same values. */
static bool
agree(const struct enc_fact *f, const struct ac_answer *ans)
{
	for (size_t i = 0; i < ans->values.n; i++)
		if (!has_value(f, ans->values.v[i]))
			return false;
	for (size_t i = 0; i < f->s.n; i++) {
		bool said = false;
		for (size_t k = 0; k < ans->values.n && !said; k++)
			said = ac_streq(worded(f, i), ans->values.v[k]);
		if (!said)
			return false;
	}
	return true;
}

/* The chart wins over an answer; that they differ is worth a look. */
static void
compare_answers(struct ac_plan_work *w)
{
	const struct encounter *e = w->in->encounter;

	for (size_t i = 0; i < e->nfacts; i++) {
		const struct ac_answer *ans = answer_to(w, e->facts[i].name);
		if (ans != NULL && !agree(&e->facts[i], ans))
			ac_plan_warn(w, "ANSWER-DIFFERS",
			    "fact/%.*s: the chart and the answer differ; the chart is used.",
			    AC_FMT(e->facts[i].name));
	}
}

/* Protocols may name different areas under one fact: a value is strange when none of them knows it. */
static bool
is_choice(const struct ac_plan_work *w, struct ac_str name, struct ac_str value)
{
	for (size_t i = 0; i < w->nprotocols; i++) {
		for (size_t k = 0; k < w->protocols[i]->nfacts; k++) {
			const struct ac_fact_def *def = &w->protocols[i]->facts[k];
			if (!ac_streq(def->name, name))
				continue;
			if (def->type != AC_FACT_CHOICE)
				return true;
			for (size_t m = 0; m < def->nvalues; m++)
				if (ac_streq(def->values[m].code, value))
					return true;
		}
	}
	return false;
}

static void
declared_fact(struct ac_plan_work *w, const struct ac_fact_def *def)
{
	struct ac_str path = ac_strf(w->a, "fact/%.*s", AC_FMT(def->name));
	struct ac_value v = ac_facts_get(w->facts, path);
	struct ac_plan_missing *m = NULL;

	for (size_t i = 0; v.known && i < v.items.n; i++)
		if (def->type == AC_FACT_CHOICE && !is_choice(w, def->name, v.items.v[i]))
			ac_plan_warn(w, "FACT-VALUE",
			    "%.*s: the recorded value is none that the protocol knows.", AC_FMT(path));
	for (size_t i = 0; i < w->missing.n; i++)
		if (ac_streq(w->missing.v[i].path, path))
			m = &w->missing.v[i];
	if (m == NULL && !v.known && (def->required || def->ask)) {
		AC_PUSH(w->a, &w->missing, ((struct ac_plan_missing){ .path = path }));
		m = &w->missing.v[w->missing.n - 1];
	}
	if (m == NULL)
		return;
	if (m->def == NULL)
		m->def = def;
	m->required |= def->required;
}

static int
by_need(const void *px, const void *py)
{
	const struct ac_plan_missing *x = px, *y = py;

	if (x->required != y->required)
		return x->required ? -1 : 1;
	return ac_str_cmp(x->path, y->path);
}

static void
missing_facts(struct ac_plan_work *w)
{
	for (size_t i = 0; i < w->nprotocols; i++)
		for (size_t k = 0; k < w->protocols[i]->nfacts; k++)
			declared_fact(w, &w->protocols[i]->facts[k]);
	if (w->missing.n > 0)
		qsort(w->missing.v, w->missing.n, sizeof(*w->missing.v), by_need);
	w->p->missing = w->missing.v;
	w->p->nmissing = w->missing.n;
}

void
ac_plan_rest(struct ac_plan_work *w)
{
	goals(w);
	if (!w->in->revoked) {
		expectations(w);
		red_flags(w);
		compare_answers(w);
		if (w->in->encounter->patient.deceased.precision != 0)
			ac_plan_warn(w, "PATIENT-DECEASED",
			    "The chart says that the patient has died. Please cancel calls and visits.");
	}
	series(w);
	if (!w->in->revoked)
		missing_facts(w);
}
