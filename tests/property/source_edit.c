/*
 * source_edit.c - protocols made at random and edited at random places: in whatever order the edits are asked for the bytes
 * are the same, every byte outside of them is the one that stood there, and undoing them gives the source back.
 */
#include <criterion/criterion.h>

#include "core/source_edit.h"
#include "tests/expect.h"
#include "tests/cda/random.h"

#define ROUNDS 300
#define ORDERS 5
#define EDITS_MAX 200

TestSuite(source_edit, .timeout = 1200);

static bool
holds_text(const xmlNode *n)
{
	return px_next_element(n->children) == NULL && n->children != NULL;
}

static void
ask(struct gen *g, const struct se_source *s, const xmlNode *n, struct se_edits *to)
{
	if (gen_chance(g, 40))
		se_set_attr(s, to, n, "signed", AC_S("d'r \"<a> & 2026-03-01"), NULL);
	else if (gen_chance(g, 30))
		se_drop_attr(s, to, n, "signed");
	if (gen_chance(g, 30))
		se_set_attr(s, to, n, "of", AC_S("0123"), "xml:lang");
	if (holds_text(n) && gen_chance(g, 50))
		se_set_text(s, to, n, AC_S("fewer & <other> words"));
}

/* A copy whose edits were asked for in another order. */
static struct se_edits
shuffled(struct gen *g, const struct se_source *s, const struct se_edits *e)
{
	struct se_edits r = { 0 };
	struct se_edit *v = ac_new(g->a, struct se_edit, e->n);

	for (size_t i = 0; i < e->n; i++)
		v[i] = e->v[i];
	for (size_t left = e->n; left > 0; left--) {
		size_t k = gen_below(g, left);
		se_replace(s, &r, v[k].at, v[k].n, v[k].text);
		v[k] = v[left - 1];
	}
	return r;
}

/* Between the edits, as se_apply sorted them, stands what stood there. */
static void
rest_is_untouched(const struct se_source *s, const struct se_edits *e, struct ac_str out)
{
	size_t at = 0, there = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct se_edit *x = &e->v[i];
		size_t n = x->at - at;
		cr_assert(there + n + x->text.n <= out.n && memcmp(s->xml.p + at, out.p + there, n) == 0 &&
			  memcmp(x->text.p, out.p + there + n, x->text.n) == 0);
		there += n + x->text.n;
		at = x->at + x->n;
	}
	cr_assert(s->xml.n - at == out.n - there && memcmp(s->xml.p + at, out.p + there, out.n - there) == 0);
}

static size_t
edit(struct gen *g)
{
	struct ac_str xml = gen_protocol_xml(g, 1), out = { 0 }, again = { 0 };
	struct ac_err e = { 0 };
	struct se_edits edits = { 0 };
	AC_AUTO_T(xmlDoc) doc = NULL;
	AC_AUTO_T(xmlDoc) after = NULL;

	cr_assert(px_parse(xml, g->a, &doc, &e) == AC_OK, "%s", e.msg);
	struct se_source s = { xml, doc, g->a };
	for (const xmlNode *n = xmlDocGetRootElement(doc); n != NULL && edits.n < EDITS_MAX; n = se_next(n))
		if (gen_chance(g, 30))
			ask(g, &s, n, &edits);
	cr_assert(se_apply(&s, &edits, &out, &e) == AC_OK, "%s", e.msg);
	rest_is_untouched(&s, &edits, out);
	for (int i = 0; i < ORDERS; i++) {
		struct se_edits other = shuffled(g, &s, &edits);
		cr_assert(se_apply(&s, &other, &again, &e) == AC_OK);
		cr_assert(ac_streq(out, again));
	}
	cr_assert(px_parse(out, g->a, &after, &e) == AC_OK, "%s\n%.*s", e.msg, AC_FMT(out));
	return edits.n;
}

Test(source_edit, the_order_of_asking_does_not_matter_and_no_other_byte_changes)
{
	size_t n = 0;

	for (uint64_t seed = 0; seed < ROUNDS; seed++) {
		AC_AUTO(ac_arena) a = ac_arena_new();
		struct gen g;
		gen_seed(&g, seed, a);
		n += edit(&g);
	}
	cr_expect(n > 10 * ROUNDS, "%zu", n);
}
