/* override_act.c - is it an act that may be, on this plan; then the intake plans, judges and commits it. */
#include <stdlib.h>

#include "base/utf8.h"
#include "core/intake_parts.h"
#include "core/plan_parts.h"

#define REASON_BYTES_MIN 3
#define LANG_BYTES_MAX 35
#define DAY_S 86400

static enum ac_code
bad(struct ac_err *reterr, const char *rule, const char *what)
{
	return ac_fail(reterr, AC_EINPUT, rule, "%s", what);
}

/* One line of words: white space collapsed, nothing in it that nobody sees. False: it cannot be written down. */
static bool
clean(struct ac_arena *a, struct ac_str s, struct ac_str *ret)
{
	struct ac_buf b;
	bool blank = true;

	if (!ac_utf8_is_valid(s, NULL))
		return false;
	ac_buf_init(&b, a, s.n + 1, 0);
	for (size_t at = 0; at < s.n;) {
		size_t from = at;
		uint32_t c = ac_utf8_next(s, &at);
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			if (!blank)
				ac_buf_addc(&b, ' ');
			blank = true;
			continue;
		}
		if (!ac_utf8_is_xml_char(c) || ac_utf8_is_hidden(c))
			return false;
		ac_buf_add(&b, (struct ac_str){ s.p + from, at - from });
		blank = false;
	}
	*ret = ac_str_trim(ac_buf_str(&b));
	return true;
}

static enum ac_code
take_reason(struct ac_intake_work *k, struct ac_override *o, struct ac_err *reterr)
{
	if (!clean(k->w->arena, k->job->override->reason, &o->reason) || o->reason.n < REASON_BYTES_MIN)
		return bad(reterr, "OVERRIDE-REASON", "say why, in a few words");
	if (o->reason.n > AC_OVERRIDE_REASON_MAX)
		return ac_fail(reterr, AC_ELIMIT, "OVERRIDE-LIMIT", "the reason is longer than %d bytes",
		    AC_OVERRIDE_REASON_MAX);
	return AC_OK;
}

static bool
is_lang(struct ac_str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && (i < 2 || !(c == '-' || (c >= '0' && c <= '9'))))
			return false;
	}
	return s.n >= 2 && s.n <= LANG_BYTES_MAX;
}

static bool
is_english(struct ac_str lang)
{
	struct ac_str primary;

	(void)ac_cut(lang, '-', &primary);
	return ac_streq_c(primary, "en");
}

static enum ac_code
take_text(struct ac_intake_work *k, struct ac_override *o, struct ac_err *reterr)
{
	const struct ac_override_request *rq = k->job->override;

	o->lang = rq->lang;
	if (!is_lang(o->lang))
		return bad(reterr, "OVERRIDE-LANGUAGE", "say in which language the words are");
	if (!clean(k->w->arena, rq->text, &o->text) || o->text.n == 0)
		return bad(reterr, "OVERRIDE-TEXT", "write what the patient reads, without hidden characters");
	if (!clean(k->w->arena, rq->english, &o->english))
		return bad(reterr, "OVERRIDE-TEXT", "the English words have hidden characters");
	if (o->english.n == 0 || is_english(o->lang))
		o->english = (struct ac_str){ 0 };
	if (o->text.n > AC_OVERRIDE_TEXT_MAX || o->english.n > AC_OVERRIDE_TEXT_MAX)
		return ac_fail(reterr, AC_ELIMIT, "OVERRIDE-LIMIT", "the words are longer than %d bytes",
		    AC_OVERRIDE_TEXT_MAX);
	return AC_OK;
}

/* "72h" and "3 d 08:00" both: a person types. */
static bool
read_offset(struct ac_arena *a, struct ac_str s, struct ac_offset *ret)
{
	struct ac_str t;
	size_t i = 0;

	*ret = (struct ac_offset){ 0 };
	if (!clean(a, s, &t))
		return false;
	if (t.n == 0)
		return true;
	while (i < t.n && t.p[i] >= '0' && t.p[i] <= '9')
		i++;
	if (i > 0 && i < t.n && t.p[i] != ' ')
		t = ac_strf(a, "%.*s %.*s", (int)i, t.p, (int)(t.n - i), t.p + i);
	return ac_offset_parse(t, ret);
}

static int64_t
at_of(const struct ac_plan *p, const struct ac_treatment *t, struct ac_offset o)
{
	return ac_plan_at(p->in->zone, t->anchor, o, AC_FOLD_LATER);
}

static enum ac_code
take_window(struct ac_intake_work *k, const struct ac_treatment *t, struct ac_override *o, struct ac_err *reterr)
{
	const struct ac_override_request *rq = k->job->override;
	int64_t from, until;

	if (!read_offset(k->w->arena, rq->from, &o->from) || !read_offset(k->w->arena, rq->until, &o->until))
		return bad(reterr, "OVERRIDE-WINDOW", "a time is written as 72 h, 3 d, 3 d 08:00, 2 w or 30 min");
	from = at_of(k->before, t, o->from);
	until = at_of(k->before, t, o->until);
	if (o->kind == AC_RESTRICTION && until == AC_INSTANT_NONE)
		return bad(reterr, "OVERRIDE-WINDOW", "say until when it holds");
	if (until != AC_INSTANT_NONE && until <= (from == AC_INSTANT_NONE ? t->anchor : from))
		return bad(reterr, "OVERRIDE-WINDOW", "the end must lie behind the beginning");
	if ((until != AC_INSTANT_NONE && until > t->anchor + (int64_t)AC_OVERRIDE_DAYS_MAX * DAY_S) ||
	    (from != AC_INSTANT_NONE && from > t->anchor + (int64_t)AC_OVERRIDE_DAYS_MAX * DAY_S))
		return ac_fail(reterr, AC_ELIMIT, "OVERRIDE-LIMIT", "the end lies more than %d days ahead",
		    AC_OVERRIDE_DAYS_MAX);
	return AC_OK;
}

static enum ac_code
take_line(struct ac_intake_work *k, struct ac_override *o, const struct ac_plan_line **ret, struct ac_err *reterr)
{
	const struct ac_plan *p = k->before;

	for (size_t i = 0; i < p->nlines; i++) {
		const struct ac_plan_line *l = &p->lines[i];
		if (!ac_streq(l->key, k->job->override->line))
			continue;
		o->line = l->key;
		o->kind = l->def->kind;
		o->concept = l->def->concept;
		if (l->added_by == NULL)
			o->base = ac_override_base(k->w->arena, l->original);
		*ret = l;
		return AC_OK;
	}
	return bad(reterr, "OVERRIDE-LINE", "the plan has no such line");
}

static bool
same_offset(struct ac_arena *a, struct ac_offset x, struct ac_offset y)
{
	return ac_streq(ac_offset_str(a, x), ac_offset_str(a, y));
}

static enum ac_code
check_window(struct ac_intake_work *k, struct ac_override *o, struct ac_err *reterr)
{
	const struct ac_plan_line *l;
	enum ac_code rc = take_line(k, o, &l, reterr);

	if (rc != AC_OK || (rc = take_window(k, l->treatment, o, reterr)) != AC_OK)
		return rc;
	if (o->from.kind == AC_OFFSET_NONE && o->until.kind == AC_OFFSET_NONE)
		return bad(reterr, "OVERRIDE-WINDOW", "say from when or until when");
	if (l->kept_from == 0 && same_offset(k->w->arena, o->until, l->until_offset) &&
	    at_of(k->before, l->treatment, o->from) == l->from && at_of(k->before, l->treatment, o->until) == l->until)
		return bad(reterr, "OVERRIDE-NOTHING", "that is the line's window already");
	o->end = at_of(k->before, l->treatment, o->until);
	return AC_OK;
}

static enum ac_code
check_reword(struct ac_intake_work *k, struct ac_override *o, struct ac_err *reterr)
{
	const struct ac_plan_line *l;
	enum ac_code rc = take_line(k, o, &l, reterr);

	if (rc != AC_OK || (rc = take_text(k, o, reterr)) != AC_OK)
		return rc;
	for (size_t i = 0; i < l->def->text.n; i++)
		if (l->def->label.n == 0 && ac_streq(l->def->text.v[i].lang, o->lang) &&
		    ac_streq(l->def->text.v[i].text, o->text))
			return bad(reterr, "OVERRIDE-NOTHING", "these are the line's words already");
	return AC_OK;
}

bool
ac_override_holds_up_sheet(const struct ac_plan *p)
{
	return p->in->clinic->early_issue == AC_ISSUE_NO_OVERRIDES &&
	       p->in->encounter->signed_at.precision == 0 && ac_plan_overrides_held(p) > 0;
}

static int
by_str(const void *x, const void *y)
{
	return ac_str_cmp(*(const struct ac_str *)x, *(const struct ac_str *)y);
}

void
ac_plan_concepts(const struct ac_plan *p, struct ac_arena *a, struct ac_str **ret, size_t *ret_n)
{
	AC_VEC(struct ac_str) all = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < p->ntreatments; i++) {
		const struct ac_protocol *pr = p->treatments[i].protocol;
		for (size_t k = 0; k < pr->ninstructions; k++) {
			const struct ac_instruction *def = &pr->instructions[k];
			if (ac_str_is_set(def->concept))
				AC_PUSH(a, &all, def->concept);
			for (size_t m = 0; m < def->ncontradicts; m++)
				AC_PUSH(a, &all, def->contradicts[m]);
		}
	}
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_str);
	for (size_t i = 0; i < all.n; i++)
		if (n == 0 || !ac_streq(all.v[n - 1], all.v[i]))
			all.v[n++] = all.v[i];
	*ret = all.v;
	*ret_n = n;
}

static enum ac_code
check_concept(struct ac_intake_work *k, struct ac_override *o, struct ac_err *reterr)
{
	struct ac_str *known;
	size_t n;
	bool found = false;

	if (k->job->override->concept.n == 0) { /* its own: what the sheet says of it is kept as for any line */
		o->concept = ac_strf(k->w->arena, AC_OVERRIDE_PROTOCOL "-%lld", (long long)o->n);
		return AC_OK;
	}
	o->concept = k->job->override->concept;
	ac_plan_concepts(k->before, k->w->arena, &known, &n);
	for (size_t i = 0; i < n; i++)
		found |= ac_streq(known[i], o->concept);
	if (!found)
		return bad(reterr, "OVERRIDE-CONCEPT", "none of the plan's protocols speaks of that");
	for (size_t i = 0; i < k->before->nlines; i++)
		if (k->before->lines[i].def->kind == o->kind &&
		    ac_streq(k->before->lines[i].def->concept, o->concept))
			return bad(reterr, "OVERRIDE-CONCEPT",
			    "the plan has a line of this kind about it: change that line");
	return AC_OK;
}

static enum ac_code
check_add(struct ac_intake_work *k, struct ac_override *o, struct ac_err *reterr)
{
	struct ac_overrides all = { k->overrides.v, k->overrides.n - 1 };
	size_t added = 0;
	enum ac_code rc;

	for (size_t i = 0; i < all.n; i++)
		added += all.v[i].act == AC_OVERRIDE_ADD && ac_override_holds(all, &all.v[i]);
	if (added >= AC_OVERRIDE_ADDED_MAX)
		return ac_fail(reterr, AC_ELIMIT, "OVERRIDE-LIMIT", "%d lines were added: the plan takes no more",
		    AC_OVERRIDE_ADDED_MAX);
	o->line = ac_override_key(k->w->arena, o->n);
	if (!ac_instruction_kind_of(k->job->override->kind, &o->kind))
		return bad(reterr, "OVERRIDE-KIND", "is it something not to do, to do, to know or to watch for?");
	if ((rc = take_text(k, o, reterr)) != AC_OK || (rc = check_concept(k, o, reterr)) != AC_OK)
		return rc;
	return take_window(k, &k->before->treatments[0], o, reterr);
}

static enum ac_code
check_undo(struct ac_intake_work *k, struct ac_override *o, struct ac_err *reterr)
{
	struct ac_overrides all = { k->overrides.v, k->overrides.n - 1 };

	for (size_t i = 0; i < all.n; i++) {
		const struct ac_override *x = &all.v[i];
		if (x->n != k->job->override->undoes || x->act == AC_OVERRIDE_UNDO)
			continue;
		if (ac_override_undone_by(all, x) != NULL)
			return ac_fail(reterr, AC_ECONFLICT, "OVERRIDE-UNDONE", "it was undone already");
		o->undoes = x->n;
		o->line = x->line;
		o->kind = x->kind;
		o->concept = x->concept;
		return AC_OK;
	}
	return bad(reterr, "OVERRIDE-LINE", "the plan has no such override");
}

static enum ac_code
check_act(struct ac_intake_work *k, struct ac_override *o, struct ac_err *reterr)
{
	const struct ac_plan_line *l;

	switch (o->act) {
	case AC_OVERRIDE_WINDOW:
		return check_window(k, o, reterr);
	case AC_OVERRIDE_OMIT:
		return take_line(k, o, &l, reterr);
	case AC_OVERRIDE_ADD:
		return check_add(k, o, reterr);
	case AC_OVERRIDE_REWORD:
		return check_reword(k, o, reterr);
	case AC_OVERRIDE_UNDO:
		return check_undo(k, o, reterr);
	case AC_OVERRIDE_ACTS:
		break;
	}
	return bad(reterr, "OVERRIDE-KIND", "not an act");
}

static enum ac_code
check_state(const struct ac_intake_work *k, const struct ac_seen_plan *cur, struct ac_err *reterr)
{
	const struct ac_override_request *rq = k->job->override;

	if (k->job->who->role != AC_ROLE_CLINICIAN)
		return ac_fail(reterr, AC_EDENIED, "OVERRIDE-ROLE", "a clinician decides otherwise than the protocol");
	if (cur == NULL || memcmp(&cur->full.row.id, &rq->plan, sizeof(rq->plan)) != 0 ||
	    !ac_streq_c(cur->full.row.status, "active"))
		return ac_fail(reterr, AC_ECONFLICT, "OVERRIDE-STATE", "the plan does not hold any more");
	if (rq->seen_version != cur->full.row.version)
		return ac_fail(reterr, AC_ECONFLICT, "FORM-STALE", "the plan changed");
	if (cur->full.row.pending)
		return ac_fail(reterr, AC_ECONFLICT, "OVERRIDE-PENDING",
		    "changes of the chart wait for the signature: sign first");
	if (cur->overrides.n >= AC_OVERRIDES_MAX)
		return ac_fail(
		    reterr, AC_ELIMIT, "OVERRIDE-LIMIT", "the plan was overridden %d times", AC_OVERRIDES_MAX);
	return AC_OK;
}

enum ac_code
ac_work_override(struct ac_intake_work *k, struct ac_err *reterr)
{
	const struct ac_seen_plan *cur = ac_seen_plan_of(k->seen, k->e->patient.id);
	struct ac_override *v;
	struct ac_plan *before;
	enum ac_code rc = check_state(k, cur, reterr);

	if (rc != AC_OK || (rc = ac_seen_remake(k->w, cur, &before, reterr)) != AC_OK)
		return rc;
	v = ac_new(k->w->arena, struct ac_override, cur->overrides.n + 1);
	for (size_t i = 0; i < cur->overrides.n; i++)
		v[i] = cur->overrides.v[i];
	k->act = &v[cur->overrides.n];
	k->overrides = (struct ac_overrides){ v, cur->overrides.n + 1 };
	k->before = before;
	*k->act = (struct ac_override){ .n = (int64_t)cur->overrides.n + 1,
		.act = k->job->override->act,
		.by = k->job->who->user,
		.by_role = ac_str_c(ac_role_word(k->job->who->role)),
		.at_ms = k->job->now_ms };
	if ((rc = take_reason(k, k->act, reterr)) != AC_OK)
		return rc;
	return check_act(k, k->act, reterr);
}

static enum ac_code
find_visit(struct ac_worker *w, const struct ac_actor *who, struct ac_job *job, struct ac_err *reterr)
{
	struct ac_plan_full plan;
	enum ac_code rc = ac_plan_named(w, who, job->override->plan, &plan, reterr);

	if (rc != AC_OK)
		return rc;
	job->site = plan.row.site;
	job->encounter = plan.row.encounter;
	return AC_OK;
}

enum ac_code
ac_plan_override(struct ac_worker *w, const struct ac_actor *who, const struct ac_override_request *rq, bool dry_run,
    struct ac_override_done *ret, struct ac_err *reterr)
{
	struct ac_job job = { .cause = AC_CAUSE_OVERRIDE, .who = who, .override = rq, .dry_run = dry_run };
	struct ac_intake_work *k;
	enum ac_code rc = find_visit(w, who, &job, reterr);

	if (rc != AC_OK || (rc = ac_intake_run(w, &job, &k, reterr)) != AC_OK)
		return rc;
	*ret = (struct ac_override_done){ .n = k->act->n,
		.version = k->current->now.row.version,
		.before = k->before,
		.now = k->current->plan,
		.doubts = k->doubts.v,
		.ndoubts = k->doubts.n };
	for (size_t i = 0; i < k->current->tasks.n; i++) {
		const struct ac_task_row *t = &k->current->tasks.v[i].row;
		if (!ac_task_is_open(t) || !ac_str_starts(t->name, AC_S(AC_TASK_TELL)))
			continue;
		ret->tell = true;
		ret->urgent = t->urgent;
	}
	return AC_OK;
}
