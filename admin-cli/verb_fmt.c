/* verb_fmt.c - protocol fmt: files in their canonical layout. */
#include <stdio.h>
#include <sys/stat.h>

#include "admin-cli/verbs.h"
#include "base/file.h"
#include "core/protocol_format.h"

struct fmt {
	struct cli *c;
	struct ac_jw w;
	bool any_changed;
};

static unsigned
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (unsigned)st.st_mode & 0777 : 0644;
}

static void
tell(struct fmt *f, const char *path, bool changed, struct ac_str text)
{
	struct cli *c = f->c;

	if (c->json) {
		ac_jw_obj(&f->w);
		ac_jw_kstr(&f->w, "file", ac_str_c(path));
		ac_jw_kbool(&f->w, "changed", changed);
		if (!c->check && !c->write)
			ac_jw_kstr(&f->w, "text", text);
		ac_jw_end_obj(&f->w);
	} else if (!c->check && !c->write) {
		cli_print(c, text);
	} else if (changed) {
		printf("%s\n", path);
	}
}

static int
one(struct fmt *f, const char *path)
{
	struct cli *c = f->c;
	struct ac_err e = { 0 };
	struct ac_str xml, text;

	if (ac_file_read(path, AC_PROTOCOL_BYTES_MAX, c->a, &xml, &e) != AC_OK ||
	    ac_protocol_format(xml, c->a, &text, &e) != AC_OK)
		return cli_fail(c, path, &e);
	bool changed = !ac_streq(xml, text);
	if (c->write && changed && ac_file_write(path, text, mode_of(path), &e) != AC_OK)
		return cli_fail(c, path, &e);
	f->any_changed |= changed;
	tell(f, path, changed, text);
	return 0;
}

int
verb_protocol_fmt(struct cli *c)
{
	struct fmt f = { .c = c };
	struct ac_buf b;
	int rc = 0;

	if (c->check && c->write)
		return cli_usage(c, "--check changes nothing, --write does: take one of them");
	if (c->argc > 1 && !c->check && !c->write && !c->json)
		return cli_usage(c, "several files go with --check or --write");
	cli_json_begin(c, &b, &f.w);
	ac_jw_key(&f.w, "files");
	ac_jw_arr(&f.w);
	for (int i = 0; i < c->argc; i++) {
		int failed = one(&f, c->argv[i]);
		rc = failed > rc ? failed : rc;
	}
	ac_jw_end_arr(&f.w);
	int done = c->json ? cli_json_end(&f.w) : cli_done();
	if (rc == 0 && done == 0 && c->check && f.any_changed)
		return 1;
	return rc != 0 ? rc : done;
}
