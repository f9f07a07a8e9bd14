/* verb_site.c - site list, set, deliver: the source system that a site belongs to; whether its EHR takes deliveries. */
#include <stdio.h>

#include "admin-cli/verbs.h"

int
verb_site_list(struct cli *c)
{
	const struct ac_config *config = c->w->config;
	struct ac_buf b;
	struct ac_jw w;

	if (!c->json) {
		for (size_t i = 0; i < config->nsites; i++)
			printf("%.*s  %.*s\n", AC_FMT(cli_plain(c, config->sites[i].site)),
			    AC_FMT(cli_plain(c, config->sites[i].system)));
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "sites");
	ac_jw_arr(&w);
	for (size_t i = 0; i < config->nsites; i++) {
		ac_jw_obj(&w);
		ac_jw_kstr(&w, "site", config->sites[i].site);
		ac_jw_kstr(&w, "system", config->sites[i].system);
		ac_jw_end_obj(&w);
	}
	ac_jw_end_arr(&w);
	return cli_json_end(&w);
}

int
verb_site_set(struct cli *c)
{
	struct ac_str site = ac_str_c(c->argv[0]), system = ac_str_c(c->argv[1]);
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_site_set(c->w, c->who, site, system, cli_how(c), &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		cli_say(c, "events of the site %s taken from that system only", c->dry_run ? "would be" : "are");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "site", site);
	ac_jw_kstr(&w, "system", system);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}

int
verb_site_deliver(struct cli *c)
{
	struct ac_str site = ac_str_c(c->argv[0]);
	struct ac_err e = { 0 };
	struct ac_buf b;
	struct ac_jw w;

	if (ac_channel_add(c->w, c->who, site, cli_how(c), &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (!c->json) {
		cli_say(c, "what is made for the site from now on %s delivered to its EHR", c->dry_run ? "would be" : "is");
		return cli_done();
	}
	cli_json_begin(c, &b, &w);
	ac_jw_kstr(&w, "site", site);
	ac_jw_kbool(&w, "dry_run", c->dry_run);
	return cli_json_end(&w);
}
