/*
 * diff_means_plans.c - an empty meaning diff means the same plans, sheets and documents; different plans mean a diff that
 * names the line.
 *
 * AC_PROPERTY_FULL=1: ten times as many encounters.
 */
#include <criterion/criterion.h>
#include <json-c/json.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "core/handout.h"
#include "core/plan_cda.h"
#include "core/protocol_diff.h"
#include "hl7/snapshot.h"
#include "tests/property/diff_kit.h"

#define ENCOUNTERS 10000
#define EACH 5 /* encounters for one pair of versions */

TestSuite(diff_means_plans, .timeout = 1200);

static const char *const corpus[] = { AC_SOURCE_DIR "/schemas/protocols/demo/mesotherapy.xml",
	AC_SOURCE_DIR "/schemas/protocols/demo/chemical-peel.xml",
	AC_SOURCE_DIR "/tests/good/protocol/full.xml" };

static struct ac_str
source(struct gen *g)
{
	struct ac_str xml;
	struct ac_err e = { 0 };

	if (gen_chance(g, 60))
		return gen_protocol_xml(g, 1);
	cr_assert(ac_file_read(corpus[gen_below(g, 3)], AC_PROTOCOL_BYTES_MAX, g->a, &xml, &e) == AC_OK);
	return xml;
}

static const struct ac_protocol *
loaded(struct gen *g, struct ac_str xml)
{
	const struct ac_protocol *p = NULL;

	return ac_str_is_set(xml) && ac_protocol_load(xml, g->a, &p, NULL) == AC_OK ? p : NULL;
}

/* The values that the protocol declares, and others. */
static void
fill_facts(struct gen *g, const struct ac_protocol *p, struct encounter *e)
{
	e->facts = ac_new(g->a, struct enc_fact, p->nfacts);
	e->nfacts = 0;
	for (size_t i = 0; i < p->nfacts; i++) {
		const struct ac_fact_def *def = &p->facts[i];
		struct enc_fact *f = &e->facts[e->nfacts];
		if (gen_chance(g, 30))
			continue;
		e->nfacts++;
		f->name = def->name;
		f->type = def->many || gen_chance(g, 5) ? ENC_FACT_STRINGS : ENC_FACT_STRING;
		f->s = (struct enc_strs){ ac_new(g->a, struct ac_str, 3),
			f->type == ENC_FACT_STRING ? 1 : gen_below(g, 4) };
		for (size_t k = 0; k < f->s.n; k++) {
			if (def->nvalues > 0 && gen_chance(g, 90))
				f->s.v[k] = def->values[gen_below(g, def->nvalues)].code;
			else if (def->type == AC_FACT_YES_NO)
				f->s.v[k] = gen_chance(g, 50) ? AC_S("yes") : AC_S("no");
			else
				f->s.v[k] = gen_chance(g, 80) ? ac_strf(g->a, "%u", (unsigned)gen_below(g, 9))
							      : AC_S("something");
		}
	}
}

static void
fill_lists(struct gen *g, struct encounter *e)
{
	static const char *const kinds[] = { "allergy", "medication", "problem" };

	e->has_conditions = gen_chance(g, 70);
	e->nconditions = e->has_conditions ? gen_below(g, 4) : 0;
	e->conditions = ac_new(g->a, struct enc_condition, 4);
	for (size_t i = 0; i < e->nconditions; i++)
		e->conditions[i] = (struct enc_condition){ .kind = ac_str_c(kinds[gen_below(g, 3)]),
			.code = gen_chance(g, 50) ? AC_S("x") : (struct ac_str){ 0 },
			.status = AC_S("active") };
	e->allergy_reviewed = (enum enc_tri)gen_below(g, 3);
	e->medication_reviewed = (enum enc_tri)gen_below(g, 3);
}

static struct ac_plan_input *
input(struct gen *g, const struct ac_protocol *p)
{
	struct ac_plan_input *in = ac_new(g->a, struct ac_plan_input, 1);
	struct encounter *e = (struct encounter *)gen_encounter(g, AC_S("Europe/Berlin"), 1);
	struct ac_str tzif;
	struct ac_err err = { 0 };

	fill_facts(g, p, e);
	fill_lists(g, e);
	if (p->triggers[0].kind == AC_TRIGGER_CODE) {
		e->procedures[0].system = p->triggers[0].system;
		e->procedures[0].code = p->triggers[0].code;
	}
	cr_assert(ac_zone_read(e->zone, NULL, g->a, &tzif, &err) == AC_OK);
	cr_assert(ac_zone_open(e->zone, tzif, g->a, &in->zone, &err) == AC_OK);
	in->encounter = e;
	in->clinic = gen_clinic(g);
	in->version = in->document_version = 1;
	in->made_at = e->start.t + 86400;
	in->issued_at = AC_INSTANT_NONE;
	in->nprotocols = 1;
	return in;
}

static struct ac_plan *
plan(struct gen *g, const struct ac_plan_input *like, const struct ac_protocol *p)
{
	struct ac_plan_input *in = ac_new(g->a, struct ac_plan_input, 1);
	struct ac_plan *made = NULL;

	*in = *like;
	in->protocols[0].protocol = p;
	return ac_plan_make(in, g->a, &made, NULL) == AC_OK ? made : NULL;
}

static struct ac_str
sheet(struct gen *g, const struct ac_plan *p, const char *lang)
{
	struct ac_handout_options o = { .language = ac_str_c(lang), .issued_at = AC_INSTANT_NONE };
	struct ac_str html = { 0 };

	cr_assert(ac_handout_html(p, &o, g->a, &html, NULL) == AC_OK);
	return html;
}

static struct ac_str
document(struct gen *g, const struct ac_plan *p)
{
	struct ac_str xml = { 0 };

	return ac_plan_cda(p, g->a, &xml, NULL) == AC_OK ? xml : AC_S("none");
}

/* Sheets and documents name their version in short: the copy has the other's. */
static const struct ac_protocol *
with_version_of(struct gen *g, const struct ac_protocol *p, const struct ac_protocol *other)
{
	struct ac_protocol *copy = ac_new(g->a, struct ac_protocol, 1);

	*copy = *p;
	copy->version = other->version;
	return copy;
}

static bool
is_named(const struct ac_changes *c, const char *key)
{
	const char *slash = strchr(key, '/');
	struct ac_str id = ac_str_c(slash == NULL ? key : slash + 1), head;

	(void)ac_cut(id, '/', &head);
	for (size_t i = 0; i < c->n; i++)
		if (ac_streq(c->v[i].id, head) || ac_streq(c->v[i].former_id, head))
			return true;
	return false;
}

/* A line, or one that it stands for, is in the diff. */
static bool
explains(const struct ac_changes *c, json_object *line)
{
	json_object *key = NULL, *merged = NULL;

	if (json_object_object_get_ex(line, "key", &key) && is_named(c, json_object_get_string(key)))
		return true;
	if (!json_object_object_get_ex(line, "merged", &merged))
		return false;
	for (size_t i = 0; i < json_object_array_length(merged); i++)
		if (is_named(c, json_object_get_string(json_object_array_get_idx(merged, i))))
			return true;
	return false;
}

static bool
has_row_of(const struct ac_changes *c, const char *line)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].line, line) == 0)
			return true;
	return false;
}

static json_object *
same_key(json_object *list, json_object *line)
{
	json_object *want = NULL, *have = NULL;

	json_object_object_get_ex(line, "key", &want);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *x = json_object_array_get_idx(list, i);
		if (json_object_object_get_ex(x, "key", &have) &&
		    strcmp(json_object_get_string(have), json_object_get_string(want)) == 0)
			return x;
	}
	return NULL;
}

/* Another line of its concept was shown in its place. */
static bool
stood_behind(const struct ac_changes *c, json_object *list, json_object *line)
{
	json_object *key = NULL, *merged = NULL;

	json_object_object_get_ex(line, "key", &key);
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		json_object *x = json_object_array_get_idx(list, i);
		if (!json_object_object_get_ex(x, "merged", &merged) || !explains(c, x))
			continue;
		for (size_t k = 0; k < json_object_array_length(merged); k++)
			if (strncmp(json_object_get_string(json_object_array_get_idx(merged, k)),
				json_object_get_string(key),
				strlen(json_object_get_string(json_object_array_get_idx(merged, k)))) == 0)
				return true;
	}
	return false;
}

/* Every line of `x` that is not in `y` as it is there must be explained, from one side or the other. */
static const char *
unexplained(const struct ac_changes *c, json_object *x, json_object *y, const char *list)
{
	json_object *lx = NULL, *ly = NULL;

	json_object_object_get_ex(x, list, &lx);
	json_object_object_get_ex(y, list, &ly);
	for (size_t i = 0; i < json_object_array_length(lx); i++) {
		json_object *line = json_object_array_get_idx(lx, i), *other = same_key(ly, line);
		if (other != NULL &&
		    strcmp(json_object_to_json_string(line), json_object_to_json_string(other)) == 0)
			continue;
		if (explains(c, line) || (other != NULL && explains(c, other)) || stood_behind(c, ly, line))
			continue;
		/* the first of equal goals, and of flags in the same words, stands for the others */
		if ((strcmp(list, "goals") == 0 && has_row_of(c, "goal")) ||
		    (strcmp(list, "red_flags") == 0 && has_row_of(c, "red flag")))
			continue;
		/* whose due is the plan's own business */
		json_object *key = NULL;
		if (json_object_object_get_ex(line, "key", &key) &&
		    strncmp(json_object_get_string(key), "aftercare/", 10) == 0 && has_row_of(c, "fact"))
			continue;
		return json_object_to_json_string(line);
	}
	return NULL;
}

static void
check_named(const struct ac_changes *c, struct ac_str b, struct ac_str n, struct gen *g, const char *what)
{
	static const char *const lists[] = { "lines", "goals", "expectations", "red_flags", "tasks" };
	AC_AUTO_T(json_object) jb = NULL;
	AC_AUTO_T(json_object) jn = NULL;

	cr_assert(ac_json_parse(b, 0x1000000, &jb, NULL) == AC_OK &&
		  ac_json_parse(n, 0x1000000, &jn, NULL) == AC_OK);
	for (size_t i = 0; i < 5; i++) {
		const char *line = unexplained(c, jb, jn, lists[i]);
		if (line == NULL)
			line = unexplained(c, jn, jb, lists[i]);
		cr_assert(line == NULL, "%s: %s is not named by\n%.*s", what, line,
		    AC_FMT(ac_changes_words(c, false, g->a)));
	}
}

struct counts {
	size_t encounters, empty, differ, refused;
};

static void
one_encounter(struct gen *g, const struct ac_protocol *b, const struct ac_protocol *n,
    const struct ac_changes *c, const char *what, struct counts *k)
{
	const struct ac_plan_input *in = input(g, b);
	struct ac_plan *pb = plan(g, in, b), *pn = plan(g, in, with_version_of(g, n, b));

	k->encounters++;
	if (pb == NULL || pn == NULL) {
		cr_assert(pb == pn || has_row_of(c, "trigger"), "%s: one of them makes no plan\n%.*s", what,
		    AC_FMT(ac_changes_words(c, false, g->a)));
		k->refused++;
		return;
	}
	struct ac_str jb = ac_plan_encode(pb, g->a), jn = ac_plan_encode(pn, g->a);
	if (!ac_streq(jb, jn)) {
		k->differ++;
		cr_assert(c->n > 0, "%s: an empty diff, and\n%.*s\n%.*s", what, AC_FMT(jb), AC_FMT(jn));
		if (!has_row_of(c, "trigger"))
			check_named(c, jb, jn, g, what);
		return;
	}
	if (c->n > 0)
		return;
	cr_assert(ac_streq(sheet(g, pb, "en"), sheet(g, pn, "en")), "%s: the English sheets differ", what);
	cr_assert(ac_streq(sheet(g, pb, "de"), sheet(g, pn, "de")), "%s: the German sheets differ", what);
	cr_assert(ac_streq(document(g, pb), document(g, pn)), "%s: the documents differ", what);
}

static void
one_pair(uint64_t seed, struct counts *k)
{
	AC_AUTO(ac_arena) a = ac_arena_new();
	struct gen g;
	const char *what = "rewrite";
	struct ac_changes c;

	gen_seed(&g, seed, a);
	struct ac_str xml = source(&g), other = xml;
	const struct ac_protocol *b = loaded(&g, xml), *n = NULL;
	cr_assert(b != NULL);
	bool is_rewritten = gen_chance(&g, 35);
	for (size_t tries = 0; !is_rewritten && n == NULL && tries < 30; tries++) {
		other = mutate(&g, xml, &what);
		n = loaded(&g, other);
	}
	if (is_rewritten || n == NULL || gen_chance(&g, 30))
		n = loaded(&g, rewrite(&g, n == NULL ? xml : other));
	cr_assert(n != NULL, "seed %llu", (unsigned long long)seed);
	ac_protocol_diff(b, n, a, &c);
	cr_assert(!is_rewritten || c.n == 0, "seed %llu: nothing was changed but the wording\n%.*s",
	    (unsigned long long)seed, AC_FMT(ac_changes_words(&c, false, a)));
	const char *name = ac_cstr(a, ac_strf(a, "seed %llu, %s", (unsigned long long)seed, what));
	for (size_t i = 0; i < EACH; i++)
		one_encounter(&g, b, n, &c, name, k);
	k->empty += c.n == 0 ? EACH : 0;
}

Test(diff_means_plans, empty_means_equal_and_different_is_named)
{
	size_t all = getenv("AC_PROPERTY_FULL") != NULL ? 10 * ENCOUNTERS : ENCOUNTERS;
	struct counts k = { 0 };

	for (uint64_t seed = 1; k.encounters < all; seed++)
		one_pair(seed, &k);
	printf("%zu encounters: %zu under an empty diff, %zu with different plans, %zu without a plan\n",
	    k.encounters, k.empty, k.differ, k.refused);
	cr_expect(k.empty > all / 5 && k.differ > all / 10 && k.refused < all / 4);
	xmlCleanupParser();
}
