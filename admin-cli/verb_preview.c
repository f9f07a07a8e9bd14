/* verb_preview.c - protocol preview: what a visit would get. */
#include <stdio.h>
#include <string.h>

#include "admin-cli/preview.h"
#include "admin-cli/terminal.h"
#include "admin-cli/version_arg.h"
#include "base/file.h"
#include "core/handout.h"
#include "core/pdf.h"
#include "core/plan_cda.h"
#include "core/whatif.h"

enum form { AS_TEXT, AS_HTML, AS_XML, AS_JSON, AS_PDF };

static bool
read_form(const struct cli *c, enum form *ret)
{
	static const char *const words[] = { "text", "html", "xml", "json", "pdf" };

	*ret = c->json ? AS_JSON : AS_TEXT;
	for (int i = 0; c->as != NULL && i < 5; i++)
		if (strcmp(c->as, words[i]) == 0) {
			*ret = (enum form)i;
			return true;
		}
	return c->as == NULL;
}

/* --area a,b and --fact name=value; -1, or what was said. */
static int
read_facts(struct cli *c, struct ac_named_value *v, size_t *n)
{
	struct ac_str areas = ac_str_c(c->area), one;

	while (ac_str_is_set(areas) && *n < AC_WHATIF_FACTS_MAX) {
		areas = ac_cut(areas, ',', &one);
		v[(*n)++] = (struct ac_named_value){ AC_S("area"), one };
	}
	for (size_t i = 0; i < c->facts.n && *n < AC_WHATIF_FACTS_MAX; i++) {
		struct ac_str value = ac_cut(ac_str_c(c->facts.v[i]), '=', &one);
		if (!ac_str_is_set(value) || one.n == 0)
			return cli_usage(c, "--fact is NAME=VALUE");
		v[(*n)++] = (struct ac_named_value){ one, value };
	}
	return -1;
}

/* --clinic FILE, else the one in force; without both nothing of a clinic is known. */
static int
use_clinic(struct cli *c, struct ac_whatif *x)
{
	struct ac_config *own = ac_new(c->a, struct ac_config, 1);
	struct ac_err e = { 0 };
	struct ac_str ini;

	if (c->w != NULL)
		*own = *c->w->config;
	x->config = own;
	if (c->clinic == NULL)
		return -1;
	if (ac_file_read(c->clinic, AC_CLINIC_BYTES_MAX, c->a, &ini, &e) != AC_OK ||
	    ac_clinic_load(ini, c->a, &own->clinic, &e) != AC_OK)
		return cli_fail(c, c->clinic, &e);
	return -1;
}

static int
invent(struct cli *c, struct ac_whatif *x, const struct ac_protocol *p, struct ac_plan_input *in)
{
	struct ac_named_value facts[AC_WHATIF_FACTS_MAX];
	struct ac_invented v = {
		.protocol = p, .facts = facts, .at = ac_now_ms() / 1000, .zone = ac_str_c(c->zone)
	};
	const struct ac_zone *z;
	struct ac_err e = { 0 };
	int rc = read_facts(c, facts, &v.nfacts);

	if (rc >= 0)
		return rc;
	if (c->zone == NULL)
		v.zone = x->config->clinic != NULL && x->config->clinic->zone.n > 0 ? x->config->clinic->zone
										    : AC_S("UTC");
	if (ac_whatif_zone(x, v.zone, &z, &e) != AC_OK)
		return cli_fail(c, ac_cstr(c->a, v.zone), &e);
	if (c->at != NULL && !cli_clock_arg(c->at, z, 12, &v.at))
		return cli_usage(c, "--at is a time such as 2026-03-28T15:00");
	if (c->at != NULL)
		v.at /= 1000;
	if (ac_whatif_invented(x, &v, in, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	return -1;
}

/* The log entry comes before a byte of the patient's is shown. */
static int
recall(struct cli *c, struct ac_whatif *x, const struct ac_protocol *p, struct ac_plan_input *in)
{
	struct ac_str site, id = ac_cut(ac_str_c(c->encounter), '/', &site);
	struct ac_visit visit;
	struct ac_actor who = cli_actor(c);
	struct ac_err e = { 0 };

	if (c->area != NULL || c->at != NULL || c->facts.n > 0 || c->zone != NULL)
		return cli_usage(c, "a stored visit has its own time and facts");
	if (!ac_str_is_set(id))
		return cli_usage(c, "--encounter is SITE/ID");
	if ((c->w == NULL && !cli_open(c, &e)))
		return cli_fail(c, c->state, &e);
	x->w = c->w;
	if (ac_visit_find(c->w, site, id, &visit, &e) != AC_OK ||
	    ac_service_log(c->w, &who, "view", "encounter", (struct ac_str){ 0 }, 0, visit.patient,
		ac_str_c(c->encounter), NULL, &e) != AC_OK ||
	    ac_whatif_stored(x, &visit, in, &e) != AC_OK || ac_whatif_recorded(x, &visit, in, &e) != AC_OK)
		return cli_fail(c, "the visit", &e);
	ac_whatif_protocols(x, p, in);
	for (size_t i = 0; i < in->nprotocols; i++)
		if (in->protocols[i].protocol == p)
			return -1;
	ac_fail(&e, AC_EINPUT, "WHATIF-MATCH", "no trigger of the protocol fits this visit");
	return cli_fail(c, c->argv[0], &e);
}

static enum ac_code
pdf(struct cli *c, const struct ac_plan *p, const struct ac_handout_options *o, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_paper paper = { .made_at = p->in->made_at };
	struct ac_str html;
	enum ac_code rc = ac_handout_html(p, o, c->a, &html, reterr);

	paper.letter = p->in->clinic != NULL && ac_pdf_is_letter(p->in->clinic->country);
	return rc == AC_OK ? ac_pdf_make(html, &paper, c->a, ret, reterr) : rc;
}

static enum ac_code
bytes(struct cli *c, const struct ac_plan *p, enum form form, struct ac_str lang, struct ac_str *ret, struct ac_err *reterr)
{
	struct ac_handout_options o = { .language = lang, .issued_at = AC_INSTANT_NONE };

	switch (form) {
	case AS_HTML:
		return ac_handout_html(p, &o, c->a, ret, reterr);
	case AS_PDF:
		return pdf(c, p, &o, ret, reterr);
	case AS_XML:
		return ac_plan_cda(p, c->a, ret, reterr);
	case AS_TEXT:
	case AS_JSON:
		break;
	}
	*ret = ac_plan_encode(p, c->a);
	return AC_OK;
}

/* What of a stored visit went into it, beside its snapshot and answers. */
static struct ac_str
with_words(const struct cli *c, const struct ac_plan_input *in)
{
	struct ac_str all = { 0 };
	const struct {
		const char *what;
		size_t n;
	} parts[] = { { "acts of a clinician", in->overrides.n }, { "other running plans", in->nothers },
		{ "talks with the patient", in->ncalls }, { "earlier sessions", in->nprior },
		{ "times on a sheet that was given out", in->nissued_ends } };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].n > 0)
			all = ac_strf(c->a, "%.*s%s%zu %s", AC_FMT(all), all.n > 0 ? ", " : "", parts[i].n, parts[i].what);
	return all;
}

static int
show_json(struct cli *c, const struct ac_plan_input *in, struct ac_str plan)
{
	if (c->json)
		plan = ac_strf(c->a,
		    "{\"schema_version\":%d,\"with\":{\"overrides\":%zu,\"other_plans\":%zu,\"calls\":%zu,\"earlier_sessions\":%zu,"
		    "\"issued_ends\":%zu},\"plan\":%.*s}",
		    CLI_SCHEMA_VERSION, in->overrides.n, in->nothers, in->ncalls, in->nprior, in->nissued_ends, AC_FMT(plan));
	cli_print_json(stdout, ac_strf(c->a, "%.*s\n", AC_FMT(plan)));
	return cli_done();
}

static int
show(struct cli *c, const struct ac_plan *p, enum form form)
{
	struct ac_str lang = ac_str_c(c->language), patient = p->in->encounter->patient.language, out = { 0 };
	struct ac_err e = { 0 };

	if (!ac_str_is_set(lang))
		lang = ac_str_is_set(patient) ? patient : AC_S("en");
	if (form == AS_TEXT) {
		cli_plan_text(c, p, lang);
		struct ac_str with = with_words(c, p->in);
		if (with.n > 0)
			cli_wrap(stdout, c->columns, 0, 2, ac_strf(c->a, "with what is recorded of the visit: %.*s", AC_FMT(with)));
		return cli_done();
	}
	if (form == AS_PDF && c->is_tty)
		return cli_usage(c, "a PDF is nothing for a terminal: send it to a file");
	if (bytes(c, p, form, lang, &out, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (form == AS_JSON)
		return show_json(c, p->in, out);
	cli_print(c, out);
	return cli_done();
}

int
verb_protocol_preview(struct cli *c)
{
	struct cli_version version;
	struct ac_whatif x;
	struct ac_plan_input *in = ac_new(c->a, struct ac_plan_input, 1);
	struct ac_plan *p = NULL;
	struct ac_err e = { 0 };
	enum form form;
	int rc;

	if (!read_form(c, &form))
		return cli_usage(c, "--as is text, html, pdf, xml or json");
	if (c->json && form != AS_JSON)
		return cli_usage(c, "--json shows the plan: leave out --json or --as");
	if ((rc = cli_version_of(c, c->argv[0], false, &version)) >= 0)
		return rc;
	bool named = c->clinic == NULL && strcmp(c->state, CLI_STATE_DEFAULT) != 0; /* a file is held against it too */
	if ((c->encounter != NULL || named) && c->w == NULL && !cli_open(c, &e))
		return cli_fail(c, e.code == AC_EDENIED ? NULL : c->state, &e);
	ac_whatif_init(&x, c->w, NULL, c->a);
	if ((rc = use_clinic(c, &x)) >= 0)
		return rc;
	rc = c->encounter != NULL ? recall(c, &x, version.protocol, in) : invent(c, &x, version.protocol, in);
	if (rc >= 0)
		return rc;
	if (ac_plan_make(in, c->a, &p, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	return show(c, p, form);
}
