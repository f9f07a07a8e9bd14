/* verb_pack.c - protocol export: a pack, a PlanDefinition or the source on stdout; audit key: with which packs and checkpoints are verified. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "core/pack.h"
#include "core/pack_export.h"
#include "core/protocol_fhir.h"
#include "core/protocol_list.h"

/* --json: the same text as a member. */
static int
put(struct cli *c, const char *format, struct ac_str text)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		cli_print(c, text);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "format", ac_str_c(format));
	ac_jw_kstr(&w, "document", text);
	return cli_json_end(&w);
}

static int
export_pack(struct cli *c, const struct ac_str *sources)
{
	struct ac_actor who = cli_actor(c);
	struct ac_err e = { 0 };
	struct ac_str bytes;
	size_t n = (size_t)c->argc;

	if ((c->sign ? ac_pack_export_signed(c->w, &who, sources, n, &bytes, &e)
		     : ac_pack_write(sources, n, ac_service_now_ms(c->w->service), NULL, c->a, &bytes, &e)) != AC_OK)
		return cli_fail(c, NULL, &e);
	return put(c, "pack", bytes);
}

/* A retired or suspended one is still what it was; R4 has no word for "in review". */
static struct ac_str
fhir_status(const struct ac_protocol_row *row)
{
	if (row->is_active)
		return AC_S("active");
	return row->n > 0 ? AC_S("retired") : AC_S("draft");
}

static int
say_lost(struct cli *c, struct ac_str id, struct ac_str json, const struct ac_fhir_losses *lost)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		for (size_t i = 0; i < lost->n; i++)
			cli_say(c, "not kept: line %u, %.*s%s%.*s: %.*s", (unsigned)lost->v[i].line,
			    AC_FMT(cli_plain(c, lost->v[i].id)), lost->v[i].part.n > 0 ? ", " : "",
			    AC_FMT(cli_plain(c, lost->v[i].part)), AC_FMT(cli_plain(c, lost->v[i].what)));
		cli_print_json(stdout, json);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "protocol", id);
	ac_jw_kstr(&w, "format", AC_S("fhir"));
	ac_jw_kstr(&w, "document", json);
	ac_jw_key(&w, "not_kept");
	ac_jw_arr(&w);
	for (size_t i = 0; i < lost->n; i++) {
		ac_jw_obj(&w);
		ac_jw_kstr(&w, "id", lost->v[i].id);
		ac_jw_kint(&w, "line", lost->v[i].line);
		ac_jw_kstr(&w, "part", lost->v[i].part);
		ac_jw_kstr(&w, "what", lost->v[i].what);
		ac_jw_end_obj(&w);
	}
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

static int
export_fhir(struct cli *c, const struct ac_protocol_row *row, struct ac_str source)
{
	struct fhir_plan_definition pd;
	struct ac_fhir_losses lost;
	const struct ac_protocol *p;
	struct ac_err e = { 0 };
	struct ac_buf b;

	if (ac_protocol_load(source, c->a, &p, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	ac_protocol_to_fhir(p, fhir_status(row), c->a, &pd, &lost);
	ac_buf_init(&b, c->a, 65536, 0);
	fhir_plan_definition_write(&pd, &b);
	return say_lost(c, p->id, ac_buf_str(&b), &lost);
}

int
verb_protocol_export(struct cli *c)
{
	struct ac_str *sources = ac_new(c->a, struct ac_str, (size_t)c->argc), as = ac_str_c(c->as);
	bool is_pack = c->as == NULL || ac_streq_c(as, "pack"), is_fhir = ac_streq_c(as, "fhir");
	struct ac_protocol_row row = { 0 };
	struct ac_err e = { 0 };

	if (!is_pack && !is_fhir && !ac_streq_c(as, "xml"))
		return cli_usage(c, "--as pack, fhir or xml");
	if (!is_pack && c->sign)
		return cli_usage(c, "only a pack is signed");
	if (!is_pack && c->argc > 1)
		return cli_usage(c, "several protocols go into a pack only");
	for (int i = 0; i < c->argc; i++)
		if (ac_protocol_resolve(c->w, ac_str_c(c->argv[i]), false, &row, &e) != AC_OK ||
		    ac_protocol_source(c->w, &row.version, &sources[i], &e) != AC_OK)
			return cli_fail(c, c->argv[i], &e);
	if (is_pack)
		return export_pack(c, sources);
	if (is_fhir)
		return export_fhir(c, &row, sources[0]);
	return put(c, "xml", sources[0]);
}

int
verb_audit_key(struct cli *c)
{
	struct ac_str key = ac_keys_public(ac_service_keys(c->w->service), c->a);
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		printf("%.*s\n", AC_FMT(key));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "key", key);
	return cli_json_end(&w);
}
