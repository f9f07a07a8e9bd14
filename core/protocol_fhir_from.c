/* protocol_fhir_from.c - a PlanDefinition as the source of a draft: which action becomes which line. */
#include <string.h>

#include "core/protocol_fhir_in.h"
#include "core/protocol_format.h"
#include "core/protocol_load.h"
#include "core/protocol_schema.h"

bool
ac_fhir_is(struct ac_str bytes)
{
	struct ac_str s = ac_str_trim(bytes);

	return s.n > 0 && s.p[0] == '{';
}

static struct pf_item *
add(struct pf_in *in, enum pf_section section, struct ac_str id, struct ac_str pointer)
{
	struct pf_item *it = ac_new(in->a, struct pf_item, 1);

	*it = (struct pf_item){ .section = section, .id = id, .pointer = pointer };
	AC_PUSH(in->a, &in->items, it);
	return it;
}

/* Before an id is made for it: what a file can ask for is bounded by what a protocol can hold. */
static bool
has_room(struct pf_in *in)
{
	in->is_too_long |= in->items.n >= AC_PROTOCOL_LINES_MAX;
	return !in->is_too_long;
}

static bool
section_of(struct ac_str kind, enum pf_section *ret)
{
	static const struct {
		const char *kind;
		enum pf_section section;
	} rows[] = { { PF_EXPECTATION, PF_IN_EXPECTATION }, { PF_RED_FLAG, PF_IN_RED_FLAG },
		{ PF_TASK, PF_IN_TASK }, { PF_CHECK_IN, PF_IN_CHECK_IN }, { PF_SERIES, PF_IN_SERIES } };

	if (ac_str_is_set(kind) && px_broken_rule(PX_WORD, px_instruction_kinds, kind) == NULL) {
		*ret = PF_IN_INSTRUCTION;
		return true;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (ac_streq_c(kind, rows[i].kind)) {
			*ret = rows[i].section;
			return true;
		}
	return false;
}

static const struct fhir_questionnaire *
contained(const struct pf_in *in, struct ac_str canonical)
{
	if (canonical.n < 2 || canonical.p[0] != '#')
		return NULL;
	for (size_t i = 0; i < in->pd->contained.n; i++)
		if (ac_streq(in->pd->contained.v[i].id, (struct ac_str){ canonical.p + 1, canonical.n - 1 }))
			return &in->pd->contained.v[i];
	return NULL;
}

static bool
has(const struct pf_in *in, enum pf_section section)
{
	for (size_t i = 0; i < in->items.n; i++)
		if (in->items.v[i]->section == section)
			return true;
	return false;
}

/* What an action of ours says that it is, as far as the language can follow. */
static bool
is_ours(const struct pf_in *in, const struct fhir_action *act, enum pf_section *ret)
{
	if (!section_of(pf_code_of(act, AC_FHIR_KIND), ret))
		return false;
	if (*ret == PF_IN_SERIES)
		return !has(in, PF_IN_SERIES);
	const struct fhir_questionnaire *q = *ret == PF_IN_CHECK_IN ? contained(in, act->definition) : NULL;
	return *ret != PF_IN_CHECK_IN || (q != NULL && pf_has_questions(q));
}

static struct ac_str
called(const struct fhir_action *act)
{
	if (ac_str_is_set(act->id))
		return act->id;
	return ac_str_is_set(act->title.s) ? act->title.s : act->prefix;
}

static bool
is_somebodys_work(const struct fhir_action *act)
{
	for (size_t i = 0; i < act->participant.n; i++)
		if (!ac_streq_c(act->participant.v[i].type, "patient"))
			return true;
	return ac_str_is_set(act->definition);
}

static void
take_actions(struct pf_in *in, const struct fhir_action *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct fhir_action *act = &v[i];
		struct ac_str kind = pf_code_of(act, AC_FHIR_KIND);
		enum pf_section section;
		if (ac_streq_c(kind, PF_ANCHOR) || ac_streq_c(kind, PF_FACTS))
			continue;
		if (!has_room(in))
			return;
		bool ours = is_ours(in, act, &section);
		if (!ours)
			section = is_somebodys_work(act) ? PF_IN_TASK : PF_IN_INSTRUCTION;
		struct pf_item *it = add(in, section, pf_new_id(in, called(act)), act->pointer);
		it->action = act;
		it->is_ours = ours;
		it->kind = ours ? kind : AC_S("information");
		if (section == PF_IN_CHECK_IN)
			it->questions = contained(in, act->definition);
		if (!ours) {
			for (size_t k = 0; k < act->action.n; k++)
				pf_not_taken(in, it, act->action.v[k].pointer,
				    AC_S("was part of this action; stands as a line of its own"));
			take_actions(in, act->action.v, act->action.n);
		}
	}
}

/* Questionnaires that no check-in of ours asks. */
static void
take_questionnaires(struct pf_in *in)
{
	for (size_t i = 0; i < in->pd->contained.n; i++) {
		const struct fhir_questionnaire *q = &in->pd->contained.v[i];
		bool is_used = ac_streq_c(q->id, AC_FHIR_FACTS);
		for (size_t k = 0; k < in->items.n && !is_used; k++)
			is_used = in->items.v[k]->questions == q;
		if (is_used)
			continue;
		if (!pf_has_questions(q)) {
			pf_not_taken(in, NULL, q->pointer,
			    AC_S("a questionnaire without a question that can be asked here"));
			continue;
		}
		if (!has_room(in))
			return;
		struct pf_item *it = add(in, PF_IN_CHECK_IN, pf_new_id(in, q->id), q->pointer);
		it->questions = q;
		pf_not_taken(in, it, q->pointer, AC_S("which answer has which outcome?"));
	}
}

/* The line that a pointer lies in: the one whose own pointer is the longest beginning of it. */
static struct pf_item *
line_at(const struct pf_in *in, struct ac_str pointer)
{
	struct pf_item *best = NULL;

	for (size_t i = 0; i < in->items.n; i++) {
		struct pf_item *it = in->items.v[i];
		struct ac_str own = it->pointer;
		if (own.n > 0 && own.n < pointer.n && pointer.p[own.n] == '/' &&
		    ac_str_starts(pointer, own) && (best == NULL || own.n > best->pointer.n))
			best = it;
	}
	return best;
}

static void
list_only(struct pf_in *in, const char *pointer, struct ac_str what)
{
	struct ac_fhir_loss loss = { in->review.id, ac_str_c(pointer), what, 0 };

	AC_PUSH(in->a, &in->lost, loss);
}

/* How the file is kept elsewhere: listed, but nothing for anybody to decide. */
static bool
is_record_keeping(struct ac_str pointer)
{
	static const char *const members[] = { "/meta", "/text", "/date", "/identifier", "/contact" };

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (ac_streq_c(pointer, members[i]))
			return true;
	return false;
}

static void
list_origin(struct pf_in *in)
{
	const struct fhir_plan_definition *pd = in->pd;

	if (ac_str_starts(pd->url, AC_S(AC_FHIR_URL)))
		return;
	if (ac_str_is_set(pd->url))
		list_only(in, "/url", pf_quote(in, pd->url));
	if (ac_str_is_set(pd->version))
		list_only(in, "/version", pf_quote(in, pd->version));
	if (ac_str_is_set(pd->name) && ac_str_is_set(pd->id))
		list_only(in, "/name", pf_quote(in, pd->name));
}

static void
take_unknown(struct pf_in *in, const struct fhir_unknown *unknown)
{
	list_origin(in);
	for (size_t i = 0; i < unknown->n; i++)
		if (is_record_keeping(unknown->v[i]))
			list_only(in, ac_cstr(in->a, unknown->v[i]), AC_S("how the file is kept elsewhere"));
		else
			pf_not_taken(in, line_at(in, unknown->v[i]), pf_quote(in, unknown->v[i]),
			    AC_S("has no place in a protocol"));
	if (unknown->more > 0)
		pf_not_taken(in, NULL, AC_S("/"),
		    ac_strf(in->a, "%zu more members have no place in a protocol", unknown->more));
}

static void
put_based_on(struct pf_in *in)
{
	struct ac_str prefix = AC_S(AC_FHIR_URL), id, version;
	bool is_done = false;

	for (size_t i = 0; i < in->pd->related.n; i++) {
		const struct fhir_artifact *r = &in->pd->related.v[i];
		bool is_ours =
		    !is_done && ac_streq_c(r->type, "derived-from") && ac_str_starts(r->resource, prefix);
		if (is_ours) {
			version = ac_cut(
			    (struct ac_str){ r->resource.p + prefix.n, r->resource.n - prefix.n }, '|', &id);
			is_ours = pf_is_id(id) && ac_str_is_set(version) &&
				  px_broken_rule(PX_HASH, NULL, version) == NULL;
		}
		if (!is_ours) {
			pf_not_taken(in, NULL, ac_strf(in->a, "/relatedArtifact/%zu", i),
			    ac_strf(in->a, "%.*s: %.*s %.*s", AC_FMT(r->type),
				AC_FMT(pf_quote(in, r->display.s)), AC_FMT(pf_quote(in, r->resource))));
			continue;
		}
		is_done = true;
		ac_xw_open(&in->w, "based-on");
		ac_xw_attr(&in->w, "protocol", id);
		ac_xw_attr(&in->w, "version", version);
		ac_xw_close(&in->w);
	}
}

static struct ac_str
protocol_id(struct pf_in *in)
{
	struct pf_in other = { .a = in->a }; /* ids of lines are another space */

	return pf_new_id(&other, ac_str_is_set(in->pd->id)     ? in->pd->id
				 : ac_str_is_set(in->pd->name) ? in->pd->name
							       : in->pd->title.s);
}

static void
open_protocol(struct pf_in *in, struct ac_str id)
{
	const struct fhir_plan_definition *pd = in->pd;
	struct pf_item head = { .id = in->review.id, .pointer = AC_S("/title") };
	struct fhir_text title = pd->title;

	ac_xw_open(&in->w, "protocol");
	ac_xw_attr(&in->w, "xmlns", AC_S(PX_NS));
	ac_xw_attr(&in->w, "id", id);
	ac_xw_attr(&in->w, "owner",
	    ac_str_is_set(pd->publisher) ? px_collapse(in->a, pd->publisher) : AC_S("to-be-named"));
	ac_xw_attr(&in->w, "xml:lang", in->lang);
	ac_xw_attrc(&in->w, "demonstration", pd->experimental == FHIR_TRUE ? "yes" : NULL);
	if (!ac_str_is_set(title.s))
		title.s = ac_str_is_set(pd->name) ? pd->name : id;
	pf_put_text(in, &head, "title", &title, NULL, true);
	for (size_t i = 0; i < head.decide.n; i++)
		AC_PUSH(in->a, &in->review.decide, head.decide.v[i]);
}

static void
put_section(struct pf_in *in, enum pf_section section)
{
	for (size_t i = 0; i < in->items.n; i++)
		if (in->items.v[i]->section == section)
			pf_put_line(in, in->items.v[i]);
}

/* What is of no line, as a task that nobody can overlook. */
static void
put_review(struct pf_in *in)
{
	if (in->review.decide.n == 0)
		return;
	ac_xw_open(&in->w, "task");
	ac_xw_attr(&in->w, "id", in->review.id);
	ac_xw_attr(&in->w, "kind", AC_S("review"));
	ac_xw_attr(&in->w, "role", AC_S("admin"));
	ac_xw_open(&in->w, "text");
	ac_xw_attr(&in->w, "xml:lang", in->lang);
	ac_xw_textc(&in->w,
	    "Decide what the imported plan holds and this language does not; then take this task out.");
	ac_xw_close(&in->w);
	pf_put_decides(in, &in->review);
	ac_xw_close(&in->w);
}

static void
put_all(struct pf_in *in)
{
	open_protocol(in, protocol_id(in));
	put_based_on(in);
	if (pf_put_triggers(in, in->pd->action.v, in->pd->action.n) == 0) {
		pf_not_taken(in, NULL, AC_S("/action"),
		    AC_S("nothing says for which procedure: the category of visits here is a placeholder"));
		ac_xw_open(&in->w, "trigger");
		ac_xw_attr(&in->w, "category", AC_S("to-be-decided"));
		ac_xw_close(&in->w);
	}
	pf_put_facts(in);
	for (enum pf_section s = PF_IN_GOAL; s <= PF_IN_TASK; s++)
		put_section(in, s);
	put_review(in);
	put_section(in, PF_IN_CHECK_IN);
	put_section(in, PF_IN_SERIES);
	ac_xw_close(&in->w);
}

/* Its id is what the lines leave: a plan that came from here before may have one of that name. */
static void
name_review(struct pf_in *in)
{
	const char *before = in->review.id.p;

	in->review.id = pf_new_id(in, in->review.id);
	for (size_t i = 0; i < in->lost.n; i++)
		if (in->lost.v[i].id.p == before)
			in->lost.v[i].id = in->review.id;
}

/* Every id of ours is kept, so nobody's comes first and takes it. */
static void
take_lines(struct pf_in *in)
{
	for (size_t i = 0; i < in->pd->goal.n && has_room(in); i++) {
		const struct fhir_goal *g = &in->pd->goal.v[i];
		struct ac_str id = ac_str_is_set(g->id) ? g->id : AC_S("goal");
		add(in, PF_IN_GOAL, pf_new_id(in, id), g->pointer)->goal = g;
	}
	take_actions(in, in->pd->action.v, in->pd->action.n);
	take_questionnaires(in);
}

enum ac_code
ac_protocol_from_fhir(const struct fhir_plan_definition *pd, const struct fhir_unknown *unknown,
    struct ac_arena *a, struct ac_str *ret_xml, struct ac_fhir_losses *ret_lost, struct ac_err *reterr)
{
	struct pf_in in = { .a = a, .pd = pd };
	const struct ac_protocol *p;
	struct ac_str xml;
	struct ac_buf b;
	enum ac_code rc;

	ac_buf_init(&b, a, 16384, 4 * (size_t)AC_PROTOCOL_BYTES_MAX);
	ac_buf_addz(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	ac_xw_init(&in.w, &b, false);
	in.lang = pd->language;
	in.review.id = AC_S(AC_FHIR_REVIEW);
	if (!ac_str_is_set(in.lang) || px_broken_rule(PX_LANG, NULL, in.lang) != NULL) {
		in.lang = AC_S("en");
		pf_not_taken(&in, NULL, AC_S("/language"),
		    AC_S("does not say in which language it is written: taken for English"));
	}
	pf_find_facts(&in);
	take_lines(&in);
	if (in.is_too_long)
		return ac_fail(
		    reterr, AC_ELIMIT, "PRT-LIMIT", "a protocol has at most %d lines", AC_PROTOCOL_LINES_MAX);
	name_review(&in);
	take_unknown(&in, unknown);
	put_all(&in);
	if (b.over)
		return ac_fail(
		    reterr, AC_ELIMIT, "PRT-LIMIT", "a protocol has at most %d bytes", AC_PROTOCOL_BYTES_MAX);
	if ((rc = ac_protocol_format(ac_buf_str(&b), a, &xml, reterr)) != AC_OK ||
	    (rc = ac_protocol_load(xml, a, &p, reterr)) != AC_OK)
		return rc;
	*ret_xml = xml;
	*ret_lost = (struct ac_fhir_losses){ in.lost.v, in.lost.n };
	return AC_OK;
}
