/* verb_key.c - key list, rotate, retire: what signs the tokens of the EHR's module. A secret is never printed: its file is. */
#include <stdio.h>
#include <string.h>

#include "admin-cli/verbs.h"
#include "core/token.h"

static bool
keys_file(const struct cli *c, const char **ret, struct ac_err *reterr)
{
	return ac_token_keys_path(c->state, c->a, ret, reterr) == AC_OK;
}

static void
write_keys(const struct cli *c, struct ac_jw *w, const char *file, const struct ac_token_keys *keys)
{
	ac_jw_kstr(w, "audience", ac_keys_origin(ac_service_keys(c->service)));
	ac_jw_kstr(w, "file", ac_str_c(file));
	ac_jw_key(w, "keys");
	ac_jw_arr(w);
	for (size_t i = 0; i < keys->n; i++) {
		ac_jw_obj(w);
		ac_jw_kstr(w, "id", ac_str_c(keys->v[i].id));
		ac_jw_kstr(w, "made_at", ac_rfc3339(c->a, NULL, keys->v[i].made_at));
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

static int
tell(const struct cli *c, const char *file, const struct ac_token_keys *keys)
{
	struct ac_buf b;
	struct ac_jw w;

	if (c->json) {
		cli_json_begin(c, &b, &w);
		write_keys(c, &w, file, keys);
		if ((c->verb->need & CLI_WRITES) != 0)
			ac_jw_kbool(&w, "dry_run", c->dry_run);
		return cli_json_end(&w);
	}
	printf("audience %.*s\nfile     %s\n", AC_FMT(ac_keys_origin(ac_service_keys(c->service))), file);
	for (size_t i = 0; i < keys->n; i++)
		printf("%-8s %s, made %.*s\n", i == 0 ? "newest" : "former", keys->v[i].id,
		    AC_FMT(cli_minute(c, keys->v[i].made_at * 1000)));
	return cli_done();
}

/* A dry run: the keys that there would be. `retire` NULL: with a new one before the others. */
static int
would(const struct cli *c, const char *file, struct ac_token_keys *keys, const char *retire)
{
	struct ac_token_keys left = { 0 };

	for (size_t i = retire == NULL ? 1 : 0; i < keys->n; i++)
		if (retire == NULL || strcmp(keys->v[i].id, retire) != 0)
			left.v[left.n++] = keys->v[i];
	if (retire == NULL)
		cli_say(c, "a new key would stand before these");
	else
		cli_say(c, "the key would be out of force; these would stay");
	return tell(c, file, &left);
}

int
verb_key_list(struct cli *c)
{
	struct ac_token_keys keys = { 0 };
	struct ac_err e = { 0 };
	const char *file;

	if (!keys_file(c, &file, &e) || ac_token_keys_read(file, &keys, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (keys.n == 0)
		cli_say(c, "the module has no key: no token is good; aftercare key rotate makes one");
	return tell(c, file, &keys);
}

/* What would be refused is refused before somebody is asked to type a name. */
static struct ac_life_how
as_dry_run(const struct cli *c)
{
	struct ac_life_how how = cli_how(c);

	how.dry_run = true;
	return how;
}

int
verb_key_rotate(struct cli *c)
{
	struct ac_token_keys keys = { 0 };
	struct ac_err e = { 0 };
	const char *file;
	int rc;

	if (!keys_file(c, &file, &e) || ac_token_key_rotate(c->w, c->who, as_dry_run(c), &keys, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	if (c->dry_run)
		return would(c, file, &keys, NULL);
	/* by the key that becomes the former: what runs twice rotates once; the dry run begins with the new one */
	if (keys.n > 1 && (rc = cli_confirm(c, ac_str_c(keys.v[1].id),
			       "the module must get the new key, and only the former one stays good beside it")) >= 0)
		return rc;
	if (ac_token_key_rotate(c->w, c->who, cli_how(c), &keys, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	cli_say(c, "give the first line of the file to the module; the former key stays good until the next "
		   "rotation");
	return tell(c, file, &keys);
}

int
verb_key_retire(struct cli *c)
{
	struct ac_token_keys keys = { 0 };
	struct ac_str id = ac_str_c(c->argv[0]);
	struct ac_err e = { 0 };
	const char *file;
	int rc;

	if (!keys_file(c, &file, &e) || ac_token_key_retire(c->w, c->who, id, as_dry_run(c), &e) != AC_OK ||
	    ac_token_keys_read(file, &keys, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (c->dry_run)
		return would(c, file, &keys, c->argv[0]);
	if ((rc = cli_confirm(c, id, "no token that this key signed is good any more")) >= 0)
		return rc;
	if (ac_token_key_retire(c->w, c->who, id, cli_how(c), &e) != AC_OK ||
	    ac_token_keys_read(file, &keys, &e) != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	return tell(c, file, &keys);
}
