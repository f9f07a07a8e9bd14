/* verb_translate.c - protocol translate: what a language lacks, out to a translator as XLIFF, and the finished file back. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "admin-cli/life.h"
#include "admin-cli/terminal.h"
#include "admin-cli/version_arg.h"
#include "base/file.h"
#include "core/translate.h"

struct work {
	struct cli *c;
	struct cli_version version;
	struct ac_str source, lang;
};

/* PROTOCOL: what is being written, else what is in force. */
static bool
has_draft(struct cli *c, struct ac_str protocol)
{
	struct ac_protocol_rows rows;
	struct ac_err e = { 0 };

	if ((c->w == NULL && !cli_open(c, &e)) || ac_protocol_list(c->w, &rows, &e) != AC_OK)
		return false;
	for (size_t i = 0; i < rows.n; i++)
		if (ac_streq(rows.v[i].protocol, protocol) && !rows.v[i].is_active &&
		    rows.v[i].published_ms == 0)
			return true;
	return false;
}

static int
find(struct work *w)
{
	struct cli *c = w->c;
	bool draft = !cli_arg_is_file(c->argv[0]) && has_draft(c, ac_str_c(c->argv[0]));
	struct ac_err e = { 0 };
	int rc = cli_version_of(c, c->argv[0], draft, &w->version);

	if (rc >= 0)
		return rc;
	enum ac_code code = w->version.is_file
				? ac_file_read(c->argv[0], AC_PROTOCOL_BYTES_MAX, c->a, &w->source, &e)
				: ac_protocol_source(c->w, &w->version.row.version, &w->source, &e);
	return code == AC_OK ? -1 : cli_fail(c, c->argv[0], &e);
}

static void
table(struct cli *c, const struct ac_units *u)
{
	struct cli_table t = { .c = c };

	cli_table_column(&t, "STATE", 0);
	cli_table_column(&t, "LINE", CLI_RIGHT);
	cli_table_column(&t, "NAME", 0);
	cli_table_column(&t, "TEXT", CLI_SHRINKS);
	for (size_t i = 0; i < u->n; i++) {
		const struct ac_unit *one = &u->v[i];
		if (one->state == AC_TRANSLATION_DONE && !c->all)
			continue;
		cli_table_cell(&t, ac_str_c(ac_translation_state_word(one->state)));
		cli_table_cell(
		    &t, ac_strf(c->a, "%u",
			    (unsigned)(one->target != NULL ? one->target->line : one->source->line)));
		cli_table_cell(&t, one->name);
		cli_table_cell(&t, one->source->text);
	}
	if (t.n > 0)
		cli_table_print(&t);
}

static int
list(struct work *w, const struct ac_units *u)
{
	struct cli *c = w->c;
	struct ac_buf b;
	struct ac_jw j;

	if (!c->json) {
		table(c, u);
		cli_say(c, "%.*s: %zu missing, %zu stale, %zu without a signature, of %zu",
		    AC_FMT(cli_plain(c, w->lang)), u->missing, u->stale, u->unsigned_, u->n);
		return cli_done();
	}
	cli_json_begin(c, &b, &j);
	ac_jw_kstr(&j, "protocol", w->version.protocol->id);
	ac_jw_kstr(&j, "language", w->lang);
	ac_jw_kint(&j, "missing", (int64_t)u->missing);
	ac_jw_kint(&j, "stale", (int64_t)u->stale);
	ac_jw_kint(&j, "unsigned", (int64_t)u->unsigned_);
	ac_jw_key(&j, "texts");
	ac_jw_arr(&j);
	for (size_t i = 0; i < u->n; i++) {
		const struct ac_unit *one = &u->v[i];
		if (one->state == AC_TRANSLATION_DONE && !c->all)
			continue;
		ac_jw_obj(&j);
		ac_jw_kstr(&j, "name", one->name);
		ac_jw_kstr(&j, "state", ac_str_c(ac_translation_state_word(one->state)));
		ac_jw_kint(&j, "line", one->source->line);
		ac_jw_kstr(&j, "source", one->source->text);
		if (one->target != NULL)
			ac_jw_kstr(&j, "target", one->target->text);
		ac_jw_end_obj(&j);
	}
	ac_jw_end_arr(&j);
	return cli_json_end(&j);
}

static int
give_out(struct work *w, const struct ac_units *u)
{
	struct cli *c = w->c;
	struct ac_str xliff = ac_translate_write(w->version.protocol, u, w->lang, c->all, c->a);
	struct ac_err e = { 0 };
	struct stat st;

	if (strcmp(c->out, "-") == 0) {
		cli_print(c, xliff);
		return cli_done();
	}
	if (stat(c->out, &st) == 0) { /* it may hold a translator's work */
		ac_fail(&e, AC_ECONFLICT, "TRN-EXISTS", "there is a file of that name");
		return cli_fail(c, c->out, &e);
	}
	if (ac_file_write(c->out, xliff, 0644, &e) != AC_OK)
		return cli_fail(c, c->out, &e);
	cli_say(c, "%zu texts to translate are in %s", c->all ? u->n : u->missing + u->stale, c->out);
	return cli_done();
}

/* Into the file, into the store as a draft, or to stdout. */
static int
keep(struct work *w, struct ac_str text, struct ac_sha256 *ret_version)
{
	struct cli *c = w->c;
	struct ac_life_who who;
	struct ac_err e = { 0 };
	bool was_there;
	int rc;

	if (w->version.is_file) {
		struct stat st;
		unsigned mode = stat(c->argv[0], &st) == 0 ? (unsigned)st.st_mode & 0777 : 0644;
		if (c->dry_run)
			return -1;
		if (c->write)
			return ac_file_write(c->argv[0], text, mode, &e) == AC_OK
				   ? -1
				   : cli_fail(c, c->argv[0], &e);
		if (!c->json)
			cli_print(c, text);
		return -1;
	}
	if ((rc = cli_life_who(c, &who)) >= 0)
		return rc;
	if (ac_protocol_import_why(
		c->w, &who, text, NULL, cli_how(c), ret_version, &was_there, &e) != AC_OK)
		return cli_fail(c, NULL, &e);
	return -1;
}

static int
report(
    struct work *w, struct ac_str text, const struct ac_taken_units *taken, const struct ac_sha256 *version)
{
	struct cli *c = w->c;
	bool is_stored = !w->version.is_file && !c->dry_run && taken->changes > 0;
	struct ac_buf b;
	struct ac_jw j;

	if (!c->json) {
		for (size_t i = 0; i < taken->n; i++)
			if (taken->v[i].how != AC_TAKEN_SAME)
				cli_say(
				    c, "%.*s: %s", AC_FMT(taken->v[i].name), ac_taken_word(taken->v[i].how));
		cli_say(c, "%zu translations taken, none of them signed%s", taken->changes,
		    c->dry_run ? " (dry run)" : "");
		if (is_stored)
			printf("%.*s %.*s is a new draft of yours\n", AC_FMT(w->version.protocol->id),
			    AC_FMT(cli_hash(c, version)));
		return cli_done();
	}
	cli_json_begin(c, &b, &j);
	ac_jw_kstr(&j, "protocol", w->version.protocol->id);
	ac_jw_kbool(&j, "dry_run", c->dry_run);
	ac_jw_kint(&j, "changes", (int64_t)taken->changes);
	if (is_stored)
		cli_json_version(c, &j, "version", version);
	ac_jw_key(&j, "texts");
	ac_jw_arr(&j);
	for (size_t i = 0; i < taken->n; i++) {
		ac_jw_obj(&j);
		ac_jw_kstr(&j, "name", taken->v[i].name);
		ac_jw_kint(&j, "line", taken->v[i].line);
		ac_jw_kstr(&j, "how", ac_str_c(ac_taken_word(taken->v[i].how)));
		ac_jw_end_obj(&j);
	}
	ac_jw_end_arr(&j);
	if (c->dry_run || (w->version.is_file && !c->write))
		ac_jw_kstr(&j, "source", text);
	return cli_json_end(&j);
}

/* Exit 9 when a translation was left out: its text says something else now. */
static int
take_back(struct work *w)
{
	struct cli *c = w->c;
	struct ac_sha256 version = { 0 };
	struct ac_taken_units taken;
	struct ac_err e = { 0 };
	struct ac_str xliff, text;
	int rc;

	if (ac_file_read(c->from, AC_PROTOCOL_BYTES_MAX, c->a, &xliff, &e) != AC_OK ||
	    ac_translate_read(w->source, xliff, w->lang, c->a, &text, &taken, &e) != AC_OK)
		return cli_fail(c, c->from, &e);
	if (taken.changes > 0 && (rc = keep(w, text, &version)) >= 0)
		return rc;
	rc = report(w, text, &taken, &version);
	for (size_t i = 0; i < taken.n && rc == 0; i++)
		if (taken.v[i].how == AC_TAKEN_OTHER_SOURCE || taken.v[i].how == AC_TAKEN_BEHIND)
			rc = CLI_PARTIAL;
	return rc;
}

int
verb_protocol_translate(struct cli *c)
{
	struct work w = { .c = c, .lang = ac_str_c(c->language) };
	struct ac_units u;
	struct ac_err e = { 0 };
	int rc;

	if (c->language == NULL)
		return cli_usage(c, "--language LANG: into which?");
	if (c->out != NULL && c->from != NULL)
		return cli_usage(
		    c, "--out gives a file to the translator, --from takes it back: one of them");
	if (c->write && (c->from == NULL || !cli_arg_is_file(c->argv[0])))
		return cli_usage(c, "--write writes a protocol's FILE, with --from");
	if ((rc = find(&w)) >= 0)
		return rc;
	if (ac_translate_units(w.version.protocol, w.lang, c->a, &u, &e) != AC_OK)
		return cli_fail(c, "--language", &e);
	if (c->from != NULL)
		return take_back(&w);
	return c->out != NULL ? give_out(&w, &u) : list(&w, &u);
}
