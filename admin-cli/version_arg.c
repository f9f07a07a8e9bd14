/* version_arg.c - see version_arg.h. */
#include "admin-cli/version_arg.h"

#include <string.h>

#include "base/file.h"

#define HASH_SHOWN 8

bool
cli_arg_is_file(const char *arg)
{
	return strchr(arg, '/') != NULL || ac_str_ends(ac_str_c(arg), AC_S(".xml"));
}

static int
open_store(struct cli *c)
{
	struct ac_err e = { 0 };

	if (c->w != NULL || cli_open(c, &e))
		return -1;
	return cli_fail(c, e.code == AC_EDENIED ? NULL : c->state, &e);
}

static int
read_file(struct cli *c, const char *path, struct cli_version *ret)
{
	struct ac_err e = { 0 };
	struct ac_str xml;

	if (ac_file_read(path, AC_PROTOCOL_BYTES_MAX, c->a, &xml, &e) != AC_OK ||
	    ac_protocol_load(xml, c->a, &ret->protocol, &e) != AC_OK)
		return cli_fail(c, path, &e);
	ret->name = ac_str_c(path);
	ret->is_file = true;
	return -1;
}

static int
load_row(struct cli *c, const char *arg, struct cli_version *ret)
{
	struct ac_err e = { 0 };
	struct ac_str xml, hash = ac_hex(c->a, ret->row.version.b, HASH_SHOWN / 2);

	if (ac_protocol_source(c->w, &ret->row.version, &xml, &e) != AC_OK ||
	    ac_protocol_load(xml, c->a, &ret->protocol, &e) != AC_OK)
		return cli_fail(c, arg, &e);
	ret->name = ac_strf(
	    c->a, "%.*s %.*s (%.*s)", AC_FMT(ret->row.protocol), AC_FMT(hash), AC_FMT(ret->row.state));
	return -1;
}

/* Written and not published yet, whatever its review has come to. */
static bool
newest_unpublished(struct cli *c, struct ac_str protocol, struct cli_version *ret, struct ac_err *e)
{
	struct ac_protocol_rows rows;

	if (ac_protocol_list(c->w, &rows, e) != AC_OK)
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		if (!ac_streq(rows.v[i].protocol, protocol) || rows.v[i].is_active ||
		    rows.v[i].published_ms != 0)
			continue;
		ret->row = rows.v[i];
		return true;
	}
	ac_fail(e, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no draft of that name");
	return false;
}

int
cli_version_of(struct cli *c, const char *arg, bool draft, struct cli_version *ret)
{
	struct ac_err e = { 0 };
	int rc;

	*ret = (struct cli_version){ 0 };
	if (cli_arg_is_file(arg))
		return read_file(c, arg, ret);
	if ((rc = open_store(c)) >= 0)
		return rc;
	if (draft && newest_unpublished(c, ac_str_c(arg), ret, &e))
		return load_row(c, arg, ret);
	/* a hash names a version, whatever its state */
	if (ac_protocol_resolve(c->w, ac_str_c(arg), false, &ret->row, &e) != AC_OK)
		return cli_fail(c, arg, &e);
	if (draft && ac_streq_c(ret->row.protocol, arg)) {
		ac_fail(&e, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "%s has no draft", arg);
		return cli_fail(c, arg, &e);
	}
	return load_row(c, arg, ret);
}

int
cli_active_of(struct cli *c, struct ac_str protocol, struct cli_version *ret)
{
	struct ac_err e = { 0 };
	const char *name = ac_cstr(c->a, protocol);
	int rc;

	*ret = (struct cli_version){ 0 };
	if ((rc = open_store(c)) >= 0)
		return rc;
	if (ac_protocol_resolve(c->w, protocol, false, &ret->row, &e) != AC_OK)
		return cli_fail(c, name, &e);
	return load_row(c, name, ret);
}
