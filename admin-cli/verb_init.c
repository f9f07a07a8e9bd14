/* verb_init.c - a new installation. */
#include <stdio.h>

#include "admin-cli/verbs.h"
#include "base/file.h"

static int
add_channel(struct cli *c, struct ac_err *e)
{
	AC_AUTO(ac_service) service = NULL;
	AC_AUTO(ac_worker) w = NULL;
	struct ac_service_options o = { .state_dir = c->state };

	if (ac_service_open(&o, &service, e) != AC_OK || ac_worker_new(service, &w, e) != AC_OK ||
	    ac_worker_begin(w, e) != AC_OK || ac_channel_add(w, c->who, ac_str_c(c->channel), e) != AC_OK)
		return cli_fail(c, c->state, e);
	ac_worker_end(w);
	return 0;
}

int
verb_init(struct cli *c)
{
	struct ac_err e = { 0 };
	struct ac_str ini = { 0 };
	const struct ac_clinic *clinic = NULL;

	if (c->clinic != NULL && (ac_file_read(c->clinic, AC_CLINIC_BYTES_MAX, c->a, &ini, &e) != AC_OK ||
	    ac_clinic_load(ini, c->a, &clinic, &e) != AC_OK))
		return cli_fail(c, c->clinic, &e);
	if (c->actor != NULL && (clinic == NULL || !clinic->demonstration))
		return cli_usage("--actor is for demonstrations: you are the user you signed in as");
	if (ac_service_init(c->state, ini, c->who, &e) != AC_OK)
		return cli_fail(c, c->state, &e);
	if (c->channel != NULL) {
		int rc = add_channel(c, &e);

		if (rc != 0)
			return rc;
	}
	if (c->json) {
		struct ac_buf b;
		struct ac_jw w;

		cli_json_begin(c, &b, &w);
		ac_jw_kstr(&w, "state", ac_str_c(c->state));
		return cli_json_end(&w);
	}
	fprintf(stderr, "made %s\n", c->state);
	if (clinic == NULL)
		fprintf(stderr, "no clinic configuration yet: nothing can be published or given out without one\n");
	return 0;
}
