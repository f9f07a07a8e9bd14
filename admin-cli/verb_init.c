/* verb_init.c - a new installation. */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin-cli/verbs.h"
#include "base/file.h"

/* root, in a folder that is the plugin's: what is made there must be the plugin's too. Not given back: init ends with it. */
static bool
become_owner(const char *dir, struct ac_err *reterr)
{
	struct stat st;

	if (geteuid() != 0 || stat(dir, &st) != 0 || st.st_uid == 0)
		return true;
	if (setgroups(0, NULL) == 0 && setgid(st.st_gid) == 0 && setuid(st.st_uid) == 0)
		return true;
	ac_fail(
	    reterr, AC_EIO, "INIT-OWNER", "cannot become the owner of %s: %s", dir, strerrordesc_np(errno));
	return false;
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
	if (!cli_actor_is_allowed(c, clinic, &e))
		return cli_fail(c, NULL, &e);
	struct ac_init init = { .state_dir = c->state, .clinic = ini, .channel = ac_str_c(c->channel), .actor = c->who,
		.how = cli_how(c) };
	if ((!c->dry_run && !become_owner(c->state, &e)) || ac_service_make(&init, &e) != AC_OK)
		return cli_fail(c, c->state, &e);
	if (c->json) {
		struct ac_buf b;
		struct ac_jw w;

		cli_json_begin(c, &b, &w);
		ac_jw_kstr(&w, "state", ac_str_c(c->state));
		ac_jw_kbool(&w, "dry_run", c->dry_run);
		return cli_json_end(&w);
	}
	fprintf(stderr, "%s %s\n", c->dry_run ? "would make" : "made", c->state);
	if (clinic == NULL)
		fprintf(stderr, "no clinic configuration yet: nothing can be published or given out before "
				"aftercare clinic set\n");
	return 0;
}
