/*
 * bench_cda.c - how many Care Plan documents a core makes, beside two floors of the same run:
 *   peer   libxml2: the same elements, attributes and texts as a tree, then dumped to memory; what a tree
 *   costs copy   memcpy of the finished document
 *
 * The peer is given its content ready: it looks up no protocol, formats no time, makes no id. Ours starts
 * from the plan. bench_cda [SECONDS]
 */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "core/plan_cda.h"
#include "hl7/snapshot.h"

/* The document as a list of steps: what a program that builds a tree would do. */
enum step_kind { OPEN, ATTR, TEXT, CLOSE };
struct step {
	enum step_kind kind;
	const char *name, *value;
};
struct steps {
	struct step *v;
	size_t n, cap;
};

struct bench {
	struct ac_arena *a, *own;
	const struct ac_plan *plan;
	struct ac_str xml;
	struct steps steps;
	size_t sink;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void
fail(const struct ac_err *e)
{
	fprintf(stderr, "bench_cda: %s %s: %s\n", e->rule, e->path, e->msg);
	exit(1);
}

static struct ac_str
file(struct ac_arena *a, const char *source, const char *name)
{
	struct ac_err e = { 0 };
	struct ac_str bytes;

	if (ac_file_read(ac_cstr(a, ac_strf(a, "%s/%s", source, name)), 1 << 20, a, &bytes, &e) != AC_OK)
		fail(&e);
	return bytes;
}

/* A full snapshot, the demo clinic, its mesotherapy protocol. */
static const struct ac_plan *
plan(struct ac_arena *a, const char *source)
{
	struct ac_plan_input *in = ac_new(a, struct ac_plan_input, 1);
	struct enc_warnings ignored = { 0 };
	struct encounter *e = NULL;
	struct ac_plan *p = NULL;
	struct ac_str tzif;
	struct ac_err err = { 0 };

	if (enc_snapshot_decode(file(a, source, "tests/good/snapshot/full.json"), a, &e, &ignored, &err) !=
		AC_OK ||
	    ac_clinic_load(file(a, source, "schemas/clinic/demo.conf"), a, &in->clinic, &err) != AC_OK ||
	    ac_protocol_load(file(a, source, "schemas/protocols/demo/mesotherapy.xml"), a,
		&in->protocols[0].protocol, &err) != AC_OK ||
	    ac_zone_read(e->zone, NULL, a, &tzif, &err) != AC_OK ||
	    ac_zone_open(e->zone, tzif, a, &in->zone, &err) != AC_OK)
		fail(&err);
	in->encounter = e;
	in->nprotocols = 1;
	in->protocols[0].approver = AC_S("dr.demo");
	in->made_at = e->start.t + 7200;
	in->issued_at = e->start.t + 3000;
	in->version = in->document_version = 1;
	in->stage = AC_STAGE_FINAL;
	if (ac_plan_make(in, a, &p, &err) != AC_OK)
		fail(&err);
	return p;
}

static const char *
keep(struct ac_arena *a, const xmlChar *s)
{
	return ac_cstr(a, ac_str_c((const char *)s));
}

static void
record(struct bench *b, const xmlNode *n)
{
	if (n->type == XML_TEXT_NODE) {
		AC_PUSH(b->a, &b->steps, ((struct step){ TEXT, NULL, keep(b->a, n->content) }));
		return;
	}
	AC_PUSH(b->a, &b->steps, ((struct step){ OPEN, keep(b->a, n->name), NULL }));
	for (const xmlAttr *at = n->properties; at != NULL; at = at->next) {
		const char *name = keep(b->a, at->name);
		if (at->ns != NULL)
			name = ac_cstr(b->a, ac_strf(b->a, "%s:%s", (const char *)at->ns->prefix, name));
		AC_PUSH(b->a, &b->steps, ((struct step){ ATTR, name, keep(b->a, at->children->content) }));
	}
	for (const xmlNode *c = n->children; c != NULL; c = c->next)
		record(b, c);
	AC_PUSH(b->a, &b->steps, ((struct step){ CLOSE, NULL, NULL }));
}

/* As a worker does: one arena, emptied between requests. */
static void
ours(struct bench *b)
{
	struct ac_err e = { 0 };
	struct ac_str xml;

	ac_arena_reset(b->own);

	if (ac_plan_cda(b->plan, b->own, &xml, &e) != AC_OK)
		fail(&e);
	b->sink += xml.n;
}

static void
peer(struct bench *b)
{
	xmlDoc *doc = xmlNewDoc(BAD_CAST "1.0");
	xmlNode *at = NULL;
	xmlChar *out = NULL;
	int n = 0;

	for (size_t i = 0; i < b->steps.n; i++) {
		const struct step *s = &b->steps.v[i];
		switch (s->kind) {
		case OPEN:
			if (at == NULL) {
				at = xmlNewDocNode(doc, NULL, BAD_CAST s->name, NULL);
				xmlDocSetRootElement(doc, at);
				xmlSetNs(at, xmlNewNs(at, BAD_CAST "urn:hl7-org:v3", NULL));
				xmlNewNs(
				    at, BAD_CAST "http://www.w3.org/2001/XMLSchema-instance", BAD_CAST "xsi");
				xmlNewNs(at, BAD_CAST "urn:hl7-org:sdtc", BAD_CAST "sdtc");
			} else {
				at = xmlNewChild(at, at->ns, BAD_CAST s->name, NULL);
			}
			break;
		case ATTR:
			xmlNewProp(at, BAD_CAST s->name, BAD_CAST s->value);
			break;
		case TEXT:
			xmlNodeAddContent(at, BAD_CAST s->value);
			break;
		case CLOSE:
			at = at->parent;
			break;
		}
	}
	xmlDocDumpMemory(doc, &out, &n);
	b->sink += (size_t)n;
	xmlFree(out);
	xmlFreeDoc(doc);
}

static void
copy(struct bench *b)
{
	char *to = malloc(b->xml.n);

	if (to == NULL)
		abort();
	memcpy(to, b->xml.p, b->xml.n);
	b->sink += (unsigned char)to[b->xml.n / 2];
	free(to);
}

static double
round_of(struct bench *b, void (*make)(struct bench *), double seconds)
{
	double start = now(), took;
	unsigned n = 0;

	do {
		for (int i = 0; i < 8; i++)
			make(b);
		n += 8;
		took = now() - start;
	} while (took < seconds);
	return (double)n / took;
}

/*
 * Documents a second: the best of many short rounds that take turns, since other work on the machine only
 * takes away.
 */
static void
rates(struct bench *b, void (*const make[3])(struct bench *), double seconds, double ret[3])
{
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 3; i++) {
			double r = round_of(b, make[i], seconds / 60);
			if (r > ret[i])
				ret[i] = r;
		}
	}
}

int
main(int argc, char **argv)
{
	struct bench b = { .a = ac_arena_new(), .own = ac_arena_new() };
	void (*const make[3])(struct bench *) = { ours, peer, copy };
	double seconds = argc > 1 ? atof(argv[1]) : 9, r[3] = { 0 }, mb;
	struct ac_err e = { 0 };
	xmlDoc *doc;

	b.plan = plan(b.a, AC_SOURCE_DIR);
	if (ac_plan_cda(b.plan, b.a, &b.xml, &e) != AC_OK)
		fail(&e);
	doc = xmlReadMemory(b.xml.p, (int)b.xml.n, NULL, NULL, XML_PARSE_NONET);
	if (doc == NULL)
		return 1;
	record(&b, xmlDocGetRootElement(doc));
	xmlFreeDoc(doc);
	rates(&b, make, seconds, r);
	mb = (double)b.xml.n / 1e6;
	printf("care plan document, %zu bytes, %zu nodes and attributes\n", b.xml.n, b.steps.n / 2);
	printf("  %-34s %9.0f docs/s %8.0f MB/s\n", "plan to document", r[0], r[0] * mb);
	printf("  %-34s %9.0f docs/s %8.0f MB/s\n", "libxml2 tree + dump, same content", r[1], r[1] * mb);
	printf("  %-34s %9.0f docs/s %8.0f MB/s\n", "memcpy of the document", r[2], r[2] * mb);
	printf("  ratio to libxml2 %.1f (goal 8)\n", r[0] / r[1]);
	ac_arena_free(b.own);
	ac_arena_free(b.a);
	return r[0] / r[1] >= 8 ? 0 : 1;
}
