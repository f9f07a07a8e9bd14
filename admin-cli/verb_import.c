/*
 * verb_import.c - protocol import: a protocol, a pack of them, or a PlanDefinition of FHIR, into the store as drafts.
 *
 * Everything is read and checked before the first is taken. Each is a commit of its own: what was taken is said.
 */
#include <stdio.h>
#include <string.h>

#include "admin-cli/life.h"
#include "base/file.h"
#include "core/pack.h"
#include "core/protocol_fhir.h"
#include "core/protocol_list.h"

#define HASH_SHOWN 12
#define KEYS_BYTES_MAX 65536
#define KEYS_DEFAULT "trusted-keys"

struct import {
	struct ac_str id, source;
	struct ac_sha256 version;
	bool was_there, is_fhir;
	struct ac_fhir_losses lost;
};

/* One vkey a line; empty lines and those that begin with '#' do not count. Two keys of one name are two keys: any fits. */
static enum ac_code
verify(struct cli *c, const struct ac_pack *p, struct ac_err *reterr)
{
	const char *path =
	    c->key != NULL ? c->key : ac_cstr(c->a, ac_strf(c->a, "%s/" KEYS_DEFAULT, c->state));
	struct ac_str all, line;
	enum ac_code rc = ac_file_read(path, KEYS_BYTES_MAX, c->a, &all, reterr);

	if (rc != AC_OK)
		return rc;
	struct ac_err changed = { 0 };
	rc = ac_fail(reterr, AC_EINPUT, "PACK-KEY", "there is no key in the file of trusted keys");
	while (all.n > 0) {
		all = ac_cut(all, '\n', &line);
		line = ac_str_trim(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		rc = ac_pack_verify(p, line, reterr);
		if (rc == AC_EINTEGRITY) /* unless another key of that name made it */
			changed = *reterr;
		/* another's key says nothing about this pack; a broken line does */
		else if (rc == AC_OK || strcmp(reterr->rule, "PACK-SIGNED") != 0)
			return rc;
	}
	if (changed.rule != NULL) {
		*reterr = changed;
		rc = AC_EINTEGRITY;
	}
	return rc;
}

static enum ac_code
read_pack(struct cli *c, struct ac_str bytes, struct import **ret, size_t *ret_n, struct ac_err *reterr)
{
	struct ac_pack p;
	enum ac_code rc = ac_pack_read(bytes, c->a, &p, reterr);

	if (rc == AC_OK && c->verify)
		rc = verify(c, &p, reterr);
	if (rc != AC_OK)
		return rc;
	if (!c->verify)
		cli_say(c, ac_str_is_set(p.signer) ? "who signed the pack was not checked: --verify does"
						   : "the pack is not signed");
	*ret = ac_new(c->a, struct import, p.n);
	for (size_t i = 0; i < p.n; i++)
		(*ret)[i] =
		    (struct import){ .id = p.v[i].id, .source = p.v[i].source, .version = p.v[i].version };
	*ret_n = p.n;
	return AC_OK;
}

static enum ac_code
read_one(struct cli *c, struct ac_str bytes, struct import **ret, size_t *ret_n, struct ac_err *reterr)
{
	const struct ac_protocol *p;
	enum ac_code rc;

	if (c->verify)
		return ac_fail(reterr, AC_EINPUT, "PACK-SIGNED",
		    "only a pack can be verified; this is a protocol's source");
	if (bytes.n > AC_PROTOCOL_BYTES_MAX)
		return ac_fail(
		    reterr, AC_ELIMIT, "PRT-LIMIT", "a protocol has at most %d bytes", AC_PROTOCOL_BYTES_MAX);
	if ((rc = ac_protocol_load(bytes, c->a, &p, reterr)) != AC_OK)
		return rc;
	*ret = ac_new(c->a, struct import, 1);
	(*ret)[0] = (struct import){ .id = p->id, .source = bytes, .version = p->version };
	*ret_n = 1;
	return AC_OK;
}

static enum ac_code
read_fhir(struct cli *c, struct ac_str bytes, struct import **ret, size_t *ret_n, struct ac_err *reterr)
{
	struct fhir_plan_definition pd;
	struct fhir_unknown unknown;
	struct ac_fhir_losses lost;
	const struct ac_protocol *p;
	struct ac_str xml;
	enum ac_code rc;

	if (c->verify)
		return ac_fail(reterr, AC_EINPUT, "PACK-SIGNED",
		    "only a pack can be verified; this is a PlanDefinition");
	if ((rc = fhir_plan_definition_read(bytes, c->a, &pd, &unknown, reterr)) != AC_OK ||
	    (rc = ac_protocol_from_fhir(&pd, &unknown, c->a, &xml, &lost, reterr)) != AC_OK ||
	    (rc = ac_protocol_load(xml, c->a, &p, reterr)) != AC_OK)
		return rc;
	*ret = ac_new(c->a, struct import, 1);
	(*ret)[0] = (struct import){
		.id = p->id, .source = xml, .version = p->version, .is_fhir = true, .lost = lost
	};
	*ret_n = 1;
	for (size_t i = 0; i < lost.n && !c->json; i++)
		cli_say(c, "not taken: %.*s, %.*s: %.*s", AC_FMT(cli_plain(c, lost.v[i].id)),
		    AC_FMT(cli_plain(c, lost.v[i].part)), AC_FMT(cli_plain(c, lost.v[i].what)));
	return AC_OK;
}

static void
say_lost(struct ac_jw *w, const struct ac_fhir_losses *lost)
{
	ac_jw_key(w, "not_taken");
	ac_jw_arr(w);
	for (size_t i = 0; i < lost->n; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "id", lost->v[i].id);
		ac_jw_kstr(w, "pointer", lost->v[i].part);
		ac_jw_kstr(w, "what", lost->v[i].what);
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

static void
one(struct cli *c, struct ac_jw *w, const struct import *v)
{
	ac_jw_kstr(w, "protocol", v->id);
	ac_jw_kstr(w, "version", ac_hex(c->a, v->version.b, sizeof(v->version.b)));
	ac_jw_kbool(w, "was_there", v->was_there);
	if (v->is_fhir)
		say_lost(w, &v->lost);
	if (v->is_fhir && c->dry_run)
		ac_jw_kstr(w, "source", v->source);
}

/* A pack's answer is a list, however short. */
static int
say(struct cli *c, const struct import *v, size_t n, bool is_pack)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		for (size_t i = 0; i < n; i++)
			printf("%.*s %.*s %s\n", AC_FMT(v[i].id), HASH_SHOWN,
			    ac_hex(c->a, v[i].version.b, sizeof(v[i].version.b)).p,
			    v[i].was_there ? (c->dry_run ? "is there already" : "was there already")
			    : c->dry_run     ? "would be imported"
					     : "imported as a draft");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	if (!is_pack && n > 0) {
		one(c, &w, &v[0]);
		return cli_json_end(&w);
	}
	ac_jw_key(&w, "protocols");
	ac_jw_arr(&w);
	for (size_t i = 0; i < n; i++) {
		ac_jw_obj(&w);
		one(c, &w, &v[i]);
		ac_jw_end_obj(&w);
	}
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

int
verb_protocol_import(struct cli *c)
{
	struct ac_err e = { 0 };
	struct import *v = NULL;
	struct ac_str bytes;
	size_t n = 0;
	struct ac_life_who who;
	bool is_pack;
	int rc;

	if (ac_file_read(c->argv[0], AC_PACK_BYTES_MAX, c->a, &bytes, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	is_pack = ac_pack_is(bytes);
	if ((is_pack                ? read_pack(c, bytes, &v, &n, &e)
		: ac_fhir_is(bytes) ? read_fhir(c, bytes, &v, &n, &e)
				    : read_one(c, bytes, &v, &n, &e)) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if ((rc = cli_life_who(c, &who)) >= 0)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (ac_protocol_import_why(c->w, &who, v[i].source, NULL, cli_how(c), &v[i].version,
			&v[i].was_there, &e) == AC_OK)
			continue;
		rc = cli_fail(c, c->argv[0], &e);
		if (i == 0 || c->dry_run)
			return rc;
		say(c, v, i, is_pack);
		return CLI_PARTIAL;
	}
	return say(c, v, n, is_pack);
}
