/* verb_config.c - config show, check: what the installation is set to, and whether a file of it can be read. */
#include <stdio.h>
#include <unistd.h>

#include "admin-cli/verbs.h"
#include "base/file.h"
#include "core/rights.h"

#define CONFIG_NAME "aftercare.conf"

struct config {
	const char *path;
	struct ac_str text; /* absent: there is no file */
	const struct ac_rights *rights;
};

/* Of --config, else of the installation; no file is no fault: everything has a default. */
static enum ac_code
read_config(struct cli *c, struct config *ret, struct ac_err *reterr)
{
	enum ac_code rc;

	ret->path = c->config != NULL ? c->config : ac_cstr(c->a, ac_strf(c->a, "%s/" CONFIG_NAME, c->state));
	if (c->config == NULL && access(ret->path, F_OK) != 0)
		return AC_OK;
	if ((rc = ac_file_read(ret->path, AC_RIGHTS_BYTES_MAX, c->a, &ret->text, reterr)) != AC_OK)
		return rc;
	return ac_rights_load(ret->text, c->a, &ret->rights, reterr);
}

static struct ac_str
rights_words(struct cli *c, unsigned may)
{
	struct ac_buf b;

	ac_buf_init(&b, c->a, 64, 0);
	for (unsigned m = 1; m < AC_MAY_ALL; m <<= 1)
		if ((may & m) != 0)
			ac_buf_addf(&b, "%s%s", b.n > 0 ? ", " : "", ac_may_word((enum ac_may)m));
	return b.n > 0 ? ac_buf_str(&b) : AC_S("nothing");
}

int
verb_config_show(struct cli *c)
{
	struct config f = { 0 };
	const struct ac_config *in_force = c->w->config;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (read_config(c, &f, &e) != AC_OK)
		return cli_fail(c, f.path, &e);
	struct ac_str account = ac_account(c->who, c->a),
		      may = rights_words(c, ac_rights_of(f.rights, account, (struct ac_str){ 0 })),
		      clinic = in_force->clinic == NULL ? AC_S("none")
							: ac_hex(c->a, in_force->clinic_version.b,
							      sizeof(in_force->clinic_version.b));
	if (!c->json) {
		printf("%-12s %s\n%-12s %s%s\n%-12s %.*s\n%-12s %zu\n%-12s %lld\n%-12s %.*s\n%-12s %.*s\n",
		    "state", c->state, "file", f.path, ac_str_is_set(f.text) ? "" : " (none: defaults)",
		    "clinic", (int)(clinic.n > 12 ? 12 : clinic.n), clinic.p, "active", in_force->nactive,
		    "schema", (long long)ac_store_schema(), "you are", AC_FMT(cli_plain(c, account)),
		    "you may", AC_FMT(may));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "state", ac_str_c(c->state));
	ac_jw_kstr(&w, "file", ac_str_c(f.path));
	ac_jw_kbool(&w, "file_there", ac_str_is_set(f.text));
	ac_jw_kstr(&w, "clinic", clinic);
	ac_jw_kint(&w, "active_protocols", (int64_t)in_force->nactive);
	ac_jw_kint(&w, "schema", ac_store_schema());
	ac_jw_kstr(&w, "account", account);
	ac_jw_kstr(&w, "may", may);
	return cli_json_end(&w);
}

int
verb_config_check(struct cli *c)
{
	struct config f = { 0 };
	const struct ac_clinic *clinic = NULL;
	struct ac_err e = { 0 };
	struct ac_str ini;
	struct ac_buf b;
	struct ac_jw w;

	if (read_config(c, &f, &e) != AC_OK)
		return cli_fail(c, f.path, &e);
	if (c->clinic != NULL && (ac_file_read(c->clinic, AC_CLINIC_BYTES_MAX, c->a, &ini, &e) != AC_OK ||
				     ac_clinic_load(ini, c->a, &clinic, &e) != AC_OK))
		return cli_fail(c, c->clinic, &e);
	if (!c->json) {
		printf("%s: %s\n", f.path, ac_str_is_set(f.text) ? "good" : "not there: defaults");
		if (clinic != NULL)
			printf("%s: good%s\n", c->clinic,
			    clinic->out_of_hours.is_set && clinic->emergency.is_set
				? ""
				: ", but without out-of-hours and emergency lines nothing is given out");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kbool(&w, "ok", true);
	ac_jw_kstr(&w, "file", ac_str_c(f.path));
	ac_jw_kbool(&w, "file_there", ac_str_is_set(f.text));
	return cli_json_end(&w);
}
