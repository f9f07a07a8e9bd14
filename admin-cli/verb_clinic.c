/* verb_clinic.c - clinic show, set: the numbers that a sheet prints, opening hours, policies. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "base/file.h"

int
verb_clinic_show(struct cli *c)
{
	const struct ac_config *config = c->w->config;
	struct ac_str ini;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (config->clinic == NULL) {
		ac_fail(&e, AC_ENOTFOUND, "CLINIC-UNSET", "no clinic configuration is set");
		return cli_fail(c, NULL, &e);
	}
	if (ac_blob_get(c->w->reader, &config->clinic_version, ac_service_dictionaries(c->service), c->a,
		&ini, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (!c->json) {
		cli_print(c, ini);
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "version", ac_hex(c->a, config->clinic_version.b, sizeof(config->clinic_version.b)));
	ac_jw_kstr(&w, "source", ini);
	return cli_json_end(&w);
}

/* Demonstration or not is said once, when the installation is made: otherwise a file could lend anybody another's name. */
static bool
keeps_demonstration(const struct cli *c, const struct ac_clinic *now, struct ac_err *reterr)
{
	const struct ac_clinic *was = c->w->config->clinic;

	if (was == NULL ? !now->demonstration : was->demonstration == now->demonstration)
		return true;
	ac_fail(reterr, AC_EDENIED, "CLINIC-DEMO",
	    "an installation is a demonstration from aftercare init on, or never");
	return false;
}

int
verb_clinic_set(struct cli *c)
{
	const struct ac_clinic *clinic;
	struct ac_str ini;
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_file_read(c->argv[0], AC_CLINIC_BYTES_MAX, c->a, &ini, &e) != AC_OK ||
	    ac_clinic_load(ini, c->a, &clinic, &e) != AC_OK || !keeps_demonstration(c, clinic, &e) ||
	    ac_clinic_set(c->w, c->who, ini, cli_how(c), &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		printf("the clinic's configuration %s\n", c->dry_run ? "would be set" : "is set");
		if (!clinic->out_of_hours.is_set || !clinic->emergency.is_set)
			fprintf(stderr, "without [contact out-of-hours] and [contact emergency] nothing is "
					"published or given out\n");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}
