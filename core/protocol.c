/* protocol.c - a checked tree becomes a protocol, element by element. */
#include <libxml/c14n.h>
#include <string.h>

#include "core/protocol_load.h"
#include "core/protocol_schema.h"

#define NEW_LIST(l, T, parent, name) ac_new((l)->a, T, px_count((parent), (name)))

/* First of all, because every condition may read them. */
static void
read_fact_names(struct px_load *l, const xmlNode *root)
{
	struct ac_str *v = NEW_LIST(l, struct ac_str, root, "fact");
	size_t count = 0;

	for (const xmlNode *n = px_child(root, "fact"); n != NULL; n = px_again(n)) {
		struct ac_str name = px_attr(l, n, "name");
		for (size_t i = 0; i < count; i++)
			if (ac_streq(v[i], name))
				px_fail(l, n, px_value_pos(l->xml, n, "name", 0), "PRT-103",
				    "the fact %.*s is declared twice", AC_FMT(name));
		v[count++] = name;
	}
	l->facts = (struct ac_names){ v, count };
}

static void
read_values(struct px_load *l, const xmlNode *n, bool is_choice, struct ac_fact_value **ret, size_t *ret_n)
{
	struct ac_fact_value *v = NEW_LIST(l, struct ac_fact_value, n, "value");
	size_t count = 0;

	for (const xmlNode *k = px_child(n, "value"); k != NULL; k = px_again(k)) {
		struct ac_str code = px_attr(l, k, "code");
		for (size_t i = 0; i < count; i++)
			if (ac_streq(v[i].code, code))
				px_fail(l, k, px_value_pos(l->xml, k, "code", 0), "PRT-103",
				    "the value %.*s stands twice", AC_FMT(code));
		v[count++] = (struct ac_fact_value){ code, px_texts(l, k, "label") };
	}
	if (count > 0 && !is_choice)
		px_fail(l, n, *px_pos(px_child(n, "value")), "PRT-109",
		    "only a fact or question of type choice has values");
	*ret = v;
	*ret_n = count;
}

static void
read_fact(struct px_load *l, const xmlNode *n, struct ac_fact_def *f)
{
	const struct px_pos *at = px_pos(n);

	f->name = px_attr(l, n, "name");
	f->seed = px_attr(l, n, "seed");
	f->source = px_attr(l, n, "source");
	f->type = (enum ac_fact_type)px_word(l, n, "type", px_fact_types, AC_FACT_CHOICE);
	f->many = px_yes(l, n, "many");
	f->required = px_yes(l, n, "required");
	f->ask = px_yes(l, n, "ask");
	f->label = px_texts(l, n, "label");
	f->decide = px_decide(l, n, &f->ndecide);
	f->line = at->line;
	f->col = at->col;
	read_values(l, n, f->type == AC_FACT_CHOICE, &f->values, &f->nvalues);
}

static void
read_trigger(struct px_load *l, const xmlNode *n, struct ac_trigger *t)
{
	static const char *const names[] = { [AC_TRIGGER_CODE] = "code",
		[AC_TRIGGER_CATEGORY] = "category",
		[AC_TRIGGER_PRODUCT] = "product" };
	const struct px_pos *at = px_pos(n);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct ac_str s = px_attr(l, n, names[i]);
		if (!ac_str_is_set(s))
			continue;
		t->kind = (enum ac_trigger_kind)i;
		t->code = s;
	}
	t->system = px_attr(l, n, "system");
	t->when = px_condition(l, n, (struct ac_names){ 0 });
	t->line = at->line;
	t->col = at->col;
}

static void
read_goal(struct px_load *l, const xmlNode *n, struct ac_goal *g)
{
	g->l = px_line(l, n);
	g->concept = px_attr(l, n, "concept");
	g->text = px_texts(l, n, "text");
}

static void
read_windows(struct px_load *l, const xmlNode *parent, struct ac_instruction *i)
{
	i->windows = NEW_LIST(l, struct ac_window, parent, "window");
	for (const xmlNode *n = px_child(parent, "window"); n != NULL; n = px_again(n)) {
		struct ac_window *w = &i->windows[i->nwindows++];
		const struct px_pos *at = px_pos(n);
		w->from = px_offset(l, n, "from");
		w->until = px_offset(l, n, "until");
		px_range(l, n, "range", &w->range_min, &w->range_max);
		px_order(l, n, w->from, w->until);
		w->when = px_condition(l, n, (struct ac_names){ 0 });
		w->line = at->line;
		w->col = at->col;
	}
}

/* Who would be left unprotected for want of a fact is protected. */
static void
check_not_omitted(struct px_load *l, const xmlNode *n, const struct ac_line *line)
{
	if (line->unknown == AC_WHEN_UNKNOWN_OMIT)
		px_fail(l, n, px_value_pos(l->xml, n, "unknown", 0), "PRT-119",
		    "a line that protects stays when a fact is unknown");
}

static void
read_excepts_and_whys(struct px_load *l, const xmlNode *n, struct ac_instruction *i)
{
	struct px_groups why = px_grouped(l, n, "why"), except = px_grouped(l, n, "except");

	i->why = ac_new(l->a, struct ac_why, why.n);
	for (; i->nwhy < why.n; i->nwhy++) {
		const xmlNode *w = why.v[i->nwhy].first;
		i->why[i->nwhy] = (struct ac_why){ px_attr(l, w, "evidence"), px_attr(l, w, "source"),
			why.v[i->nwhy].text, px_pos(w)->line, px_pos(w)->col };
	}
	i->except = ac_new(l->a, struct ac_except, except.n);
	for (; i->nexcept < except.n; i->nexcept++) {
		const xmlNode *x = except.v[i->nexcept].first;
		i->except[i->nexcept] = (struct ac_except){ px_attr(l, x, "concept"),
			except.v[i->nexcept].text, px_pos(x)->line, px_pos(x)->col };
	}
}

static void
read_instruction(struct px_load *l, const xmlNode *n, struct ac_instruction *i)
{
	i->l = px_line(l, n);
	i->concept = px_attr(l, n, "concept");
	i->kind = (enum ac_instruction_kind)px_word(l, n, "kind", px_instruction_kinds, AC_RESTRICTION);
	i->label = px_texts(l, n, "label");
	i->text = px_texts(l, n, "text");
	read_windows(l, n, i);
	read_excepts_and_whys(l, n, i);
	if (i->kind == AC_RESTRICTION || i->kind == AC_WARNING)
		check_not_omitted(l, n, &i->l);
	i->contradicts = NEW_LIST(l, struct ac_str, n, "contradicts");
	for (const xmlNode *c = px_child(n, "contradicts"); c != NULL; c = px_again(c))
		i->contradicts[i->ncontradicts++] = px_attr(l, c, "concept");
}

static void
read_expectation(struct px_load *l, const xmlNode *n, struct ac_expectation *e)
{
	e->l = px_line(l, n);
	e->from = px_offset(l, n, "from");
	e->until = px_offset(l, n, "until");
	px_order(l, n, e->from, e->until);
	e->text = px_texts(l, n, "text");
}

static enum ac_contact_line
read_contact_line(struct px_load *l, const xmlNode *n, const char *attr)
{
	size_t word = px_word(l, n, attr, px_contact_words, SIZE_MAX);

	return word == SIZE_MAX ? AC_CONTACT_OPEN : (enum ac_contact_line)(word + 1);
}

static void
read_red_flag(struct px_load *l, const xmlNode *n, struct ac_red_flag *f)
{
	f->l = px_line(l, n);
	check_not_omitted(l, n, &f->l);
	f->level = (enum ac_flag_level)px_word(l, n, "level", px_flag_levels, AC_FLAG_CALL);
	f->contact = read_contact_line(l, n, "contact");
	f->from = px_offset(l, n, "from");
	f->text = px_texts(l, n, "text");
}

/* "09:00-19:00" in minutes of the day. */
static bool
read_hours(struct ac_str s, int16_t *from, int16_t *until)
{
	int m[4];

	for (int i = 0; i < 4; i++)
		m[i] = (s.p[3 * i] - '0') * 10 + s.p[3 * i + 1] - '0';
	*from = (int16_t)(m[0] * 60 + m[1]);
	*until = (int16_t)(m[2] * 60 + m[3]);
	return m[0] < 24 && m[2] < 24 && *from < *until;
}

struct ac_str
ac_calling_hours(struct ac_arena *a, const struct ac_task_def *t)
{
	if (t->call_until == 0)
		return (struct ac_str){ 0 };
	return ac_strf(a, "%02d:%02d-%02d:%02d", t->call_from / 60, t->call_from % 60, t->call_until / 60,
	    t->call_until % 60);
}

static void
read_calling(struct px_load *l, const xmlNode *n, struct ac_task_def *t)
{
	struct ac_str attempts = px_attr(l, n, "attempts"), hours = px_attr(l, n, "calling-hours");
	int64_t count = 0;

	if (ac_str_is_set(attempts) && attempts.n > 0 && attempts.p[0] == '+')
		attempts = (struct ac_str){ attempts.p + 1, attempts.n - 1 };
	if (ac_str_is_set(attempts) && !ac_str_int(attempts, 1, 99, &count))
		px_fail(l, n, px_value_pos(l->xml, n, "attempts", 0), "PRT-122", "a call is tried at most 99 times");
	t->attempts = (int32_t)count;
	if (ac_str_is_set(hours) && hours.n == 11 && !read_hours(hours, &t->call_from, &t->call_until))
		px_fail(l, n, px_value_pos(l->xml, n, "calling-hours", 0), "PRT-122",
		    "calling hours are two times of one day, the first before the second");
}

static void
read_task(struct px_load *l, const xmlNode *n, struct ac_task_def *t)
{
	t->l = px_line(l, n);
	t->concept = px_attr(l, n, "concept");
	t->role = px_attr(l, n, "role");
	t->questions = px_attr(l, n, "questions");
	t->kind = (enum ac_task_kind)px_word(l, n, "kind", px_task_kinds, AC_TASK_RECORD);
	t->from = px_offset(l, n, "from");
	t->until = px_offset(l, n, "until");
	px_range(l, n, "range", &t->range_min, &t->range_max);
	px_order(l, n, t->from, t->until);
	t->at = px_times(l, n, "at", &t->nat);
	t->within = px_offset(l, n, "within");
	t->shift = px_offset(l, n, "shift");
	t->closed = (enum ac_closed)px_word(l, n, "closed", px_closed_words, AC_CLOSED_KEEP);
	t->done_by = (enum ac_done_by)px_word(l, n, "done-by", px_done_words, AC_DONE_BY_PERSON);
	if (t->done_by == AC_DONE_BY_RECORD && t->l.when == NULL)
		px_fail(l, n, px_value_pos(l->xml, n, "done-by", 0), "PRT-114",
		    "a task that is done by a record needs a condition that holds as long as the record is "
		    "missing");
	t->urgent = px_yes(l, n, "urgent");
	t->take_within = px_offset(l, n, "take-within");
	t->escalate_after = px_offset(l, n, "escalate-after");
	t->escalate_to = px_attr(l, n, "escalate-to");
	if (ac_str_is_set(t->escalate_to) && t->escalate_after.kind == AC_OFFSET_NONE)
		px_fail(l, n, px_value_pos(l->xml, n, "escalate-to", 0), "PRT-123",
		    "to whom a late task goes needs a time after which it does: escalate-after");
	read_calling(l, n, t);
	t->patient = px_yes(l, n, "patient");
	t->label = px_texts(l, n, "label");
	t->text = px_texts(l, n, "text");
}

static struct ac_names
read_questions(struct px_load *l, const xmlNode *parent, struct ac_check_in *c)
{
	struct ac_str *names = NEW_LIST(l, struct ac_str, parent, "question");

	c->questions = NEW_LIST(l, struct ac_question, parent, "question");
	for (const xmlNode *n = px_child(parent, "question"); n != NULL; n = px_again(n)) {
		struct ac_str id = px_attr(l, n, "id");
		for (size_t i = 0; i < c->nquestions; i++)
			if (ac_streq(names[i], id))
				px_fail(l, n, px_value_pos(l->xml, n, "id", 0), "PRT-110",
				    "the question %.*s stands twice", AC_FMT(id));
		names[c->nquestions] = id;
		struct ac_question *q = &c->questions[c->nquestions++];
		*q = (struct ac_question){ .id = id, .type = px_attr(l, n, "type") };
		q->seed = px_attr(l, n, "seed");
		q->text = px_texts(l, n, "text");
		q->line = px_pos(n)->line;
		q->col = px_pos(n)->col;
		read_values(l, n, ac_streq_c(q->type, "choice"), &q->values, &q->nvalues);
	}
	return (struct ac_names){ names, c->nquestions };
}

static void
read_check_in(struct px_load *l, const xmlNode *n, struct ac_check_in *c)
{
	c->l = px_line(l, n);
	struct ac_names questions = read_questions(l, n, c);
	c->rules = NEW_LIST(l, struct ac_triage_rule, n, "rule");
	for (const xmlNode *r = px_child(n, "rule"); r != NULL; r = px_again(r))
		c->rules[c->nrules++] = (struct ac_triage_rule){ px_condition(l, r, questions),
			px_attr(l, r, "outcome"), px_pos(r)->line, px_pos(r)->col };
}

static void
read_series(struct px_load *l, const xmlNode *root, struct ac_protocol *p)
{
	const xmlNode *n = px_child(root, "series");
	int64_t sessions = 0;

	if (n == NULL)
		return;
	struct ac_series *s = ac_new(l->a, struct ac_series, 1);
	s->l = px_line(l, n);
	struct ac_str written = px_attr(l, n, "sessions");
	if (ac_str_starts(written, AC_S("+")))
		written = (struct ac_str){ written.p + 1, written.n - 1 };
	if (ac_str_is_set(written) && !ac_str_int(written, 1, 1000, &sessions))
		px_fail(l, n, px_value_pos(l->xml, n, "sessions", 0), "PRT-113",
		    "a series has at most 1000 sessions");
	s->sessions = (int32_t)sessions;
	px_range(l, n, "interval", &s->interval_min, &s->interval_max);
	s->minimum_gap = px_offset(l, n, "minimum-gap");
	s->text = px_texts(l, n, "text");
	p->series = s;
}

static void
read_contact(struct px_load *l, const xmlNode *n, struct ac_contact_need *c)
{
	const struct px_pos *at = px_pos(n);

	*c = (struct ac_contact_need){ read_contact_line(l, n, "line"), at->line, at->col };
}

static void
read_note(struct px_load *l, const xmlNode *n, struct ac_note *note)
{
	const struct px_pos *at = px_pos(n);

	*note = (struct ac_note){ px_attr(l, n, "seed"), px_attr(l, n, "as"), px_attr(l, n, "xml:lang"),
		px_content(l, n), at->line, at->col };
}

static void
read_head(struct px_load *l, const xmlNode *root, struct ac_protocol *p)
{
	const xmlNode *based = px_child(root, "based-on");

	p->id = px_attr(l, root, "id");
	p->owner = px_attr(l, root, "owner");
	p->demonstration = px_yes(l, root, "demonstration");
	p->lang = px_attr(l, root, "xml:lang");
	if (!ac_str_is_set(p->lang))
		p->lang = px_attr(l, px_child(root, "title"), "xml:lang");
	l->lang = p->lang;
	p->title = px_texts(l, root, "title");
	if (based == NULL)
		return;
	p->based_on = px_attr(l, based, "protocol");
	p->based_on_version = px_attr(l, based, "version");
}

#define READ_ALL(l, root, p, name, T, list, read) \
	do { \
		(p)->list = NEW_LIST(l, T, root, name); \
		for (const xmlNode *n_ = px_child(root, name); n_ != NULL; n_ = px_again(n_)) \
			read(l, n_, &(p)->list[(p)->n##list++]); \
	} while (0)

static void
read_all(struct px_load *l, const xmlNode *root, struct ac_protocol *p)
{
	read_head(l, root, p);
	read_fact_names(l, root);
	READ_ALL(l, root, p, "trigger", struct ac_trigger, triggers, read_trigger);
	READ_ALL(l, root, p, "fact", struct ac_fact_def, facts, read_fact);
	READ_ALL(l, root, p, "goal", struct ac_goal, goals, read_goal);
	READ_ALL(l, root, p, "instruction", struct ac_instruction, instructions, read_instruction);
	READ_ALL(l, root, p, "expectation", struct ac_expectation, expectations, read_expectation);
	READ_ALL(l, root, p, "red-flag", struct ac_red_flag, red_flags, read_red_flag);
	READ_ALL(l, root, p, "task", struct ac_task_def, tasks, read_task);
	READ_ALL(l, root, p, "check-in", struct ac_check_in, check_ins, read_check_in);
	read_series(l, root, p);
	READ_ALL(l, root, p, "contact", struct ac_contact_need, contacts, read_contact);
	READ_ALL(l, root, p, "note", struct ac_note, notes, read_note);
}

/* Check-ins follow the tasks that name them. */
static void
check_questions(struct px_load *l, const xmlNode *root, const struct ac_protocol *p)
{
	for (const xmlNode *n = px_child(root, "task"); n != NULL; n = px_again(n)) {
		struct ac_str wanted = px_attr(l, n, "questions");
		bool found = !ac_str_is_set(wanted);
		for (size_t i = 0; i < p->ncheck_ins && !found; i++)
			found = ac_streq(p->check_ins[i].l.id, wanted);
		if (!found)
			px_fail(l, n, px_value_pos(l->xml, n, "questions", 0), "PRT-104",
			    "there is no check-in %.*s", AC_FMT(wanted));
	}
}

static enum ac_code
hash(xmlDoc *doc, struct ac_sha256 *ret, struct ac_err *reterr)
{
	xmlChar *bytes = NULL;
	int n = xmlC14NDocDumpMemory(doc, NULL, XML_C14N_1_0, NULL, 1, &bytes);

	if (n < 0)
		return ac_fail(reterr, AC_EINPUT, "PRT-001", "the canonical form cannot be made");
	ac_sha256((struct ac_str){ (const char *)bytes, (size_t)n }, ret);
	xmlFree(bytes);
	return AC_OK;
}

static bool
has_too_many_lines(const xmlNode *root)
{
	size_t count = 0;

	for (const xmlNode *n = px_next_element(root->children); n != NULL; n = px_next_element(n->next))
		count++;
	return count > AC_PROTOCOL_LINES_MAX;
}

enum ac_code
ac_protocol_load(struct ac_str xml, struct ac_arena *a, const struct ac_protocol **ret, struct ac_err *reterr)
{
	struct px_load l = { .xml = xml, .a = a, .reterr = reterr };
	AC_AUTO_T(xmlDoc) doc = NULL;
	enum ac_code rc = px_parse(xml, a, &doc, reterr);

	if (rc != AC_OK)
		return rc;
	const xmlNode *root = xmlDocGetRootElement(doc);
	if (has_too_many_lines(root))
		return ac_fail_at(reterr, AC_ELIMIT, "PRT-LIMIT", 1, 1, "/protocol",
		    "a protocol has at most %d lines", AC_PROTOCOL_LINES_MAX);
	rc = px_check(xml, doc, a, reterr);
	if (rc != AC_OK)
		return rc;

	struct ac_protocol *p = ac_new(a, struct ac_protocol, 1);
	read_all(&l, root, p);
	check_questions(&l, root, p);
	if (l.code != AC_OK)
		return l.code;
	rc = hash(doc, &p->version, reterr);
	if (rc == AC_OK)
		*ret = p;
	return rc;
}
