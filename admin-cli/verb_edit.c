/* verb_edit.c - protocol edit: a private copy, the person's editor, what it comes to, and a new draft. */
#include <stdio.h>
#include <string.h>

#include "admin-cli/edit.h"
#include "admin-cli/life.h"
#include "base/file.h"
#include "core/protocol_life.h"
#include "core/protocol_list.h"

#define HASH_SHOWN 12

static struct ac_str
hash(const struct editing *d, const struct ac_sha256 *v)
{
	return (struct ac_str){ ac_hex(d->c->a, v->b, sizeof(v->b)).p, HASH_SHOWN };
}

static bool
is_none(const struct ac_sha256 *v)
{
	static const struct ac_sha256 none;

	return ac_sha256_eq(v, &none);
}

/* The newest activation of this protocol now; 0: none. */
static enum ac_code
newest_activation(struct editing *d, int64_t *ret, struct ac_err *reterr)
{
	struct ac_life_rows rows;
	enum ac_code rc = ac_life_list(d->c->w, d->id, &rows, reterr);

	if (rc == AC_OK)
		*ret = rows.n == 0 ? 0 : rows.v[0].latest_n;
	return rc;
}

/* The newest version that somebody works on, else the active one, else the newest. */
static bool
choose(const struct ac_protocol_rows *rows, struct ac_str name, struct ac_protocol_row *ret)
{
	const struct ac_protocol_row *active = NULL, *newest = NULL;

	for (size_t i = 0; i < rows->n; i++) {
		const struct ac_protocol_row *r = &rows->v[i];

		if (!ac_streq(r->protocol, name))
			continue;
		if (newest == NULL || r->created_ms > newest->created_ms)
			newest = r;
		active = r->is_active ? r : active;
	}
	if (newest == NULL)
		return false;
	*ret = active != NULL && ac_streq_c(newest->state, "retired") ? *active : *newest;
	return true;
}

static enum ac_code
begin_from_store(struct editing *d, struct ac_err *reterr)
{
	struct ac_str name = ac_str_c(d->c->argv[0]), text;
	struct ac_protocol_row row;
	struct ac_protocol_rows rows;
	enum ac_code rc;

	if ((rc = ac_protocol_list(d->c->w, &rows, reterr)) != AC_OK)
		return rc;
	if (!choose(&rows, name, &row) &&
	    (rc = ac_protocol_resolve(d->c->w, name, false, &row, reterr)) != AC_OK)
		return rc;
	if ((rc = ac_protocol_source(d->c->w, &row.version, &text, reterr)) != AC_OK)
		return rc;
	d->id = ac_str_dup(d->c->a, row.protocol);
	d->began = ac_str_dup(d->c->a, text);
	d->base.version = row.version;
	if (!row.is_active)
		cli_say(d->c, "from the %.*s %.*s of %.*s", AC_FMT(row.state), AC_FMT(hash(d, &row.version)),
		    AC_FMT(cli_plain(d->c, row.author)));
	return newest_activation(d, &d->base.n, reterr);
}

static enum ac_code
begin_from_file(struct editing *d, struct ac_err *reterr)
{
	const struct ac_protocol *p;
	enum ac_code rc = ac_file_read(d->c->argv[0], AC_PROTOCOL_BYTES_MAX, d->c->a, &d->began, reterr);

	if (rc != AC_OK || (rc = ac_protocol_load(d->began, d->c->a, &p, reterr)) != AC_OK)
		return rc;
	d->id = p->id;
	return newest_activation(d, &d->base.n, reterr);
}

static void
say_kept(const struct editing *d)
{
	fprintf(stderr,
	    "aftercare: your text is kept in %s\naftercare: 'aftercare protocol edit %.*s' goes on with it\n",
	    d->e.text, AC_FMT(d->id));
}

static int
stop_with(const struct editing *d, enum ac_code code, const char *rule, const char *why)
{
	struct ac_err e = { 0 };
	int rc;

	ac_fail(&e, code, rule, "%s", why);
	rc = cli_fail(d->c, NULL, &e);
	say_kept(d);
	return rc;
}

static int
say_interrupted(const struct editing *d)
{
	fprintf(stderr, "\naftercare: interrupted\n");
	say_kept(d);
	return 130;
}

static int
report(const struct editing *d, const struct ac_sha256 *version, bool changed)
{
	struct ac_buf b;
	struct ac_jw w;

	if (!d->c->json) {
		if (!changed)
			printf("no change\n");
		else
			printf("%.*s %.*s %s\n", AC_FMT(d->id), AC_FMT(hash(d, version)),
			    d->c->dry_run ? "would be a new draft" : "is a new draft of yours");
		return cli_done();
	}
	cli_json_begin(d->c, &b, &w);
	ac_jw_kstr(&w, "protocol", d->id);
	ac_jw_kbool(&w, "changed", changed);
	if (changed)
		ac_jw_kstr(&w, "version", ac_hex(d->c->a, version->b, sizeof(version->b)));
	ac_jw_kbool(&w, "dry_run", d->c->dry_run);
	return cli_json_end(&w);
}

/* The store as it is now: the person may have edited for hours. */
static int
save(struct editing *d, const struct ac_protocol *p, struct ac_str text)
{
	struct ac_sha256 version = p->version;
	struct ac_err e = { 0 };
	struct ac_life_who who;
	bool was_there = false;
	int64_t n = 0;
	int rc;

	if (ac_worker_begin(d->c->w, &e) != AC_OK || newest_activation(d, &n, &e) != AC_OK) {
		say_kept(d);
		return cli_fail(d->c, NULL, &e);
	}
	if (n != d->base.n)
		return stop_with(d, AC_ECONFLICT, "EDIT-MOVED",
		    "another version was published meanwhile: look at it, then go on");
	if ((rc = cli_life_who(d->c, &who)) >= 0) {
		say_kept(d);
		return rc;
	}
	if (ac_protocol_import_why(
		d->c->w, &who, text, &d->base.n, cli_how(d->c), &version, &was_there, &e) != AC_OK) {
		say_kept(d);
		return cli_fail(d->c, NULL, &e);
	}
	if (d->c->dry_run) {
		rc = report(d, &version, true);
		say_kept(d);
		return rc;
	}
	ac_edit_drop(&d->e);
	if (was_there)
		cli_say(d->c, "this is the version %.*s, which is there already", AC_FMT(hash(d, &version)));
	return report(d, &version, !was_there);
}

/* -1: edit again; else the exit code. */
static int
decide(struct editing *d, const struct edit_looked *l, struct ac_str text)
{
	char answer[16];

	cli_edit_say_changes(d, l->protocol);
	cli_edit_say_findings(d, l);
	for (;;) {
		switch (cli_ask_or_stop(d->c, "Save as a new draft? [y] yes, [e] edit again, [d] discard: ",
		    answer, sizeof(answer), d->stop)) {
		case CLI_STOPPED:
			return say_interrupted(d);
		case CLI_NO_ANSWER:
			if (d->asks)
				return stop_with(d, AC_EIO, "EDIT-ANSWER", "no answer: nothing was saved");
			if (l->verdict == EDIT_DOUBTFUL)
				return stop_with(
				    d, AC_EINPUT, "EDIT-LINT", "lint finds errors: nothing was saved");
			return save(d, l->protocol, text);
		case CLI_ANSWERED:
			break;
		}
		if (strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0)
			return save(d, l->protocol, text);
		if (strcmp(answer, "e") == 0)
			return -1;
		if (strcmp(answer, "d") == 0) {
			ac_edit_drop(&d->e);
			cli_say(d->c, "discarded");
			return report(d, NULL, false);
		}
	}
}

static int
run_editor(struct editing *d, uint32_t line)
{
	const char *why = "";

	switch (cli_editor_run(d->c, &d->e, line, d->stop, &why)) {
	case CLI_EDITED:
		return -1;
	case CLI_INTERRUPTED:
		return say_interrupted(d);
	case CLI_NOT_STARTED:
	case CLI_FAILED:
		break;
	}
	return stop_with(d, AC_EIO, "EDIT-EDITOR", why);
}

static int
rounds(struct editing *d)
{
	struct ac_str text, former = { 0 };
	struct edit_looked l;
	struct ac_err e = { 0 };
	uint32_t line = 0;
	int rc;

	for (;;) {
		if ((rc = run_editor(d, line)) >= 0)
			return rc;
		if (ac_edit_read(&d->e, &text, &e) != AC_OK)
			return cli_fail(d->c, NULL, &e);
		text = ac_remarks_remove(text, d->c->a);
		if (ac_str_trim(text).n == 0 || (ac_str_is_set(d->began) && ac_streq(text, d->began))) {
			ac_edit_drop(&d->e);
			return report(d, NULL, false);
		}
		cli_edit_look(d, text, &l);
		bool again = ac_str_is_set(former) && ac_streq(text, former);
		if (l.verdict == EDIT_WRONG && (again || !d->asks)) {
			cli_edit_say_findings(d, &l);
			say_kept(d);
			return cli_exit_code(l.e.code);
		}
		if (l.verdict == EDIT_FINE || again || !d->asks) {
			if ((rc = decide(d, &l, text)) >= 0)
				return rc;
			line = 0;
			continue;
		}
		former = text;
		if (ac_edit_write(&d->e, cli_edit_remarked(d, text, &l, &line), &e) != AC_OK)
			return cli_fail(d->c, NULL, &e);
	}
}

/* A text of an earlier time: -1 to go on (with it, or anew), else the exit code. */
static int
ask_about_kept(struct editing *d, bool *ret_go_on)
{
	struct ac_edit_base base;
	struct ac_err e = { 0 };
	const char *aside;
	char answer[16], *question = ac_cstr(d->c->a, ac_strf(d->c->a,
							  "Your unsaved text of %.*s UTC is still there. [y] "
							  "go on with it, [n] begin anew, [q] leave: ",
							  AC_FMT(cli_minute(d->c, d->e.kept_ms))));

	for (;;) {
		enum cli_answer got = cli_ask_or_stop(d->c, question, answer, sizeof(answer), d->stop);

		if (got == CLI_STOPPED)
			return say_interrupted(d);
		if (got == CLI_NO_ANSWER || strcmp(answer, "q") == 0)
			return stop_with(d, AC_ECONFLICT, "EDIT-KEPT", "your unsaved text is still there");
		if (strcmp(answer, "n") == 0) {
			if (ac_edit_set_aside(&d->e, ac_service_now_ms(d->c->service), &aside, &e) != AC_OK)
				return cli_fail(d->c, NULL, &e);
			cli_say(d->c, "the former text is kept in %s", aside);
			return -1;
		}
		if (strcmp(answer, "y") != 0)
			continue;
		*ret_go_on = true;
		if (ac_edit_read_base(&d->e, &base, &e) == AC_OK) {
			if (base.n != d->base.n)
				cli_say(
				    d->c, "another version was published since: v%lld", (long long)d->base.n);
			d->base.version = base.version;
		}
		return -1;
	}
}

static int
edit(struct editing *d)
{
	struct ac_err e = { 0 };
	struct ac_str text;
	bool go_on = false;
	int rc;

	if (d->e.has_kept && (rc = ask_about_kept(d, &go_on)) >= 0)
		return rc;
	if (go_on) {
		if (ac_edit_read(&d->e, &text, &e) != AC_OK)
			return cli_fail(d->c, NULL, &e);
		d->began = (struct ac_str){ 0 };
		if (!is_none(&d->base.version) &&
		    ac_protocol_source(d->c->w, &d->base.version, &d->began, &e) == AC_OK)
			d->began = ac_str_dup(d->c->a, d->began);
	} else {
		text = d->began;
	}
	if (ac_edit_begin(&d->e, text, &d->base, &e) != AC_OK)
		return cli_fail(d->c, NULL, &e);
	return rounds(d);
}

int
verb_protocol_edit(struct cli *c)
{
	struct editing d = { .c = c, .asks = !c->no_input && cli_has_person() };
	struct ac_err e = { 0 };
	struct ac_str name = ac_str_c(c->argv[0]);
	bool is_file = memchr(name.p, '/', name.n) != NULL || ac_str_ends(name, AC_S(".xml"));
	enum ac_code code = is_file ? begin_from_file(&d, &e) : begin_from_store(&d, &e);
	int rc;

	if (code != AC_OK)
		return cli_fail(c, c->argv[0], &e);
	if (ac_edit_open(c->state, d.id, c->who, ac_service_now_ms(c->service), c->a, &d.e, &e) != AC_OK)
		return cli_fail(c, ac_cstr(c->a, d.id), &e);
	d.stop = cli_editor_begin();
	rc = edit(&d);
	cli_editor_end(d.stop);
	ac_edit_close(&d.e);
	return rc;
}
