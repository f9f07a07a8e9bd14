/* verb_doctor.c - a look at the installation: one line a check, what to do when it fails. */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "admin-cli/verbs.h"
#include "core/pdf.h"
#include "core/person.h"
#include "core/protocol_life.h"
#include "core/recall.h"
#include "core/reserve.h"
#include "core/signature.h"

#define FREE_MIN (256.0 * 1024 * 1024)

struct doctor {
	struct cli *c;
	struct ac_jw *w;
	int bad;
	bool integrity;
};

static void
say(struct doctor *d, bool ok, const char *what, const char *todo)
{
	d->bad += !ok;
	if (!d->c->json) {
		printf("%s %s%s%s\n", ok ? "ok  " : "BAD ", what, ok ? "" : ": ", ok ? "" : todo);
		return;
	}
	ac_jw_obj(d->w);
	ac_jw_kstr(d->w, "check", ac_str_c(what));
	ac_jw_kbool(d->w, "ok", ok);
	if (!ok)
		ac_jw_kstr(d->w, "todo", ac_str_c(todo));
	ac_jw_end_obj(d->w);
}

static bool
is_private(struct cli *c, const char *name, mode_t mode)
{
	struct stat st;

	return stat(ac_cstr(c->a, ac_strf(c->a, "%s/%s", c->state, name)), &st) == 0 &&
	       (st.st_mode & 0777 & ~mode) == 0;
}

static void
check_clinic(struct doctor *d)
{
	const struct ac_clinic *clinic = d->c->w->config->clinic;
	struct ac_str tzif;
	struct ac_err e = { 0 };

	say(d, clinic != NULL, "a clinic configuration is set",
	    "aftercare clinic set FILE; nothing can be published or given out without");
	if (clinic == NULL)
		return;
	say(d, clinic->out_of_hours.is_set && clinic->emergency.is_set,
	    "out-of-hours and emergency lines are set",
	    "fill [contact out-of-hours] and [contact emergency]: without them nothing is given out");
	say(d, ac_zone_read(clinic->zone, NULL, d->c->a, &tzif, &e) == AC_OK,
	    "the clinic's time zone is known here", "install tzdata, or correct zone in [clinic]");
}

#define CERTIFICATE_DUE_S (60 * (int64_t)86400)

static void
check_certificate(struct doctor *d)
{
	struct ac_certificate c = { 0 };
	bool has = ac_keys_certificate(ac_service_keys(d->c->service), d->c->a, &c);

	say(d, has, "documents are signed by the clinic's key", "aftercare key certify makes one; then start the plugin again");
	if (has)
		say(d, c.not_after - CERTIFICATE_DUE_S > ac_service_now_ms(d->c->service) / 1000,
		    "the certificate of the clinic's key is good for another 60 days",
		    "aftercare key certify makes a new one; what is signed stays good");
}

static void
check_store(struct doctor *d)
{
	struct ac_err e = { 0 };
	struct ac_audit_counts n;
	struct ac_store *s = d->c->w->reader;
	bool store_ok = s->ops->check(s, &e) == AC_OK;
	bool dictionaries_ok = ac_dictionaries_check(s, &e) == AC_OK;
	bool log_ok = ac_audit_verify(s, ac_service_keys(d->c->service), &n, &e) == AC_OK;

	say(d, store_ok, "the store passes its integrity check",
	    "restore from the last good backup; keep this file");
	say(d, dictionaries_ok, "the dictionaries of stored bytes are whole",
	    "restore from the last good backup: documents that need a damaged one cannot be read");
	say(d, log_ok, "the log verifies", "aftercare audit verify names the first fault");
	d->integrity = d->integrity || !store_ok || !dictionaries_ok || !log_ok;
}

static void
check_reserve(struct doctor *d)
{
	struct ac_reserve_state r = { 0 };
	struct ac_err e = { 0 };
	bool is_there =
	    ac_reserve_look(ac_cstr(d->c->a, ac_strf(d->c->a, "%s/" AC_RESERVE_NAME, d->c->state)), &r, &e) ==
	    AC_OK;

	say(d, is_there && is_private(d->c, AC_RESERVE_NAME, 0600), "the log's reserve is there and private",
	    "aftercare-plugin makes it when it starts and 8 MiB are free; chmod 600 log.reserve");
	say(d, r.entries == 0, "the log's reserve is empty",
	    ac_cstr(d->c->a, ac_strf(d->c->a,
				 "%lld entries wait in it (%lld of 8192 KiB): the store could not be "
				 "written; make room, and the next "
				 "commit makes leaves of them",
				 (long long)r.entries, (long long)(r.bytes / 1024))));
}

/* Of a version that was taken out of force and recalled nothing is open, although it stays suspended. */
static bool
is_still_followed(const struct doctor *d, const struct ac_life_row *r)
{
	struct ac_plans_ask ask = { .protocol = r->protocol, .version = &r->version, .only_running = true };
	struct ac_plans_found found;
	struct ac_err e = { 0 };

	return ac_plans_of(d->c->w, &ask, &found, &e) != AC_OK || found.n > 0;
}

/* What is in force although something about it is open; each is a person's to settle. */
static void
check_life(struct doctor *d)
{
	struct ac_str all = { 0 };
	struct ac_life_rows rows;
	struct ac_recalls recalls = { 0 };
	struct ac_err e = { 0 };
	int64_t now = ac_service_now_ms(d->c->service);

	if (ac_life_list(d->c->w, all, &rows, &e) != AC_OK || ac_recall_list(d->c->w, 0, &recalls, &e) != AC_OK) {
		say(d, false, "the protocols' states can be read", e.msg);
		return;
	}
	for (size_t i = 0; i < rows.n; i++) {
		const struct ac_life_row *r = &rows.v[i];
		bool active = r->state == AC_LIFE_ACTIVE;
		const char *name = ac_cstr(d->c->a, ac_strf(d->c->a, "%.*s v%lld", AC_FMT(r->protocol), (long long)r->n));

		if (r->suspended && (active || is_still_followed(d, r)))
			say(d, false, ac_cstr(d->c->a, ac_strf(d->c->a, "%s is suspended", name)),
			    active ? "nothing made from it is given out: roll back and recall, or aftercare protocol resume"
				   : "patients still follow it: aftercare plan recall");
		if (active && r->unapproved)
			say(d, false, ac_cstr(d->c->a, ac_strf(d->c->a, "%s is in force without approval", name)),
			    "published by break-glass: another person looks at it, aftercare protocol approve");
		if (active && r->review_due_ms != 0 && r->review_due_ms < now)
			say(d, false, ac_cstr(d->c->a, ac_strf(d->c->a, "%s is due for review", name)),
			    "look at it again, and publish it with a new --review-due");
	}
	for (size_t i = 0; i < recalls.n; i++)
		if (!recalls.v[i].closed)
			say(d, false, ac_cstr(d->c->a, ac_strf(d->c->a, "recall %lld of %.*s is open", (long long)recalls.v[i].n, AC_FMT(recalls.v[i].protocol))),
			    "somebody is not reviewed or not told: aftercare plan recall --status");
	if (d->c->w->config->clinic != NULL && d->c->w->config->clinic->solo_hours > 0)
		say(d, true, "note: a clinic of one doctor, who wrote a protocol may approve it after the waiting time", "");
}

/* Who is named in [roles] and is nobody: a slip there takes a right away without a word. */
static bool
is_somebody(const struct ac_person_rows *persons, const char *name)
{
	if (strcmp(name, "*") == 0 || strncmp(name, "ehr:", 4) == 0) /* the EHR's users are not known here */
		return true;
	if (name[0] == '@')
		return getgrnam(name + 1) != NULL;
	if (strncmp(name, "os:", 3) == 0)
		return getpwnam(name + 3) != NULL;
	for (size_t i = 0; i < persons->n; i++)
		if (ac_streq_c(persons->v[i].person, name))
			return true;
	return false;
}

static void
check_roles(struct doctor *d)
{
	const char *path = ac_cstr(d->c->a, ac_strf(d->c->a, "%s/aftercare.conf", d->c->state)), *right;
	const struct ac_rights *rights;
	struct ac_person_rows persons;
	struct ac_err e = { 0 };
	struct ac_str name;

	if (ac_rights_read(path, false, d->c->a, &rights, &e) != AC_OK || ac_person_list(d->c->w, &persons, &e) != AC_OK) {
		say(d, false, "who may do what can be read", ac_cstr(d->c->a, ac_strf(d->c->a, "%s (%s)", e.msg, e.rule)));
		return;
	}
	for (size_t i = 0; ac_rights_name(rights, i, &name, &right); i++)
		if (!is_somebody(&persons, ac_cstr(d->c->a, name)))
			say(d, false,
			    ac_cstr(d->c->a, ac_strf(d->c->a, "%s in [roles] names %.*s, who is nobody here", right, AC_FMT(cli_plain(d->c, name)))),
			    "os:NAME is a user of this machine, @NAME a group of it, a bare name a person: aftercare person list");
}

/* The PDF of a sheet: names in any script are printed, or it is said here what is missing. One question where all is well. */
static void
check_paper(struct doctor *d)
{
	static const struct {
		const char *letters, *what, *todo;
		bool needed; /* else it is said and no fault: not every clinic has such patients */
	} scripts[] = { { "Aa\xc3\xa4\xc4\x9f\xd0\x96\xce\xa9\xe1\xbb\x87", "Latin, Greek and Cyrillic letters", "fonts-noto-core", true },
		{ "\xd8\xb9\xd7\xa9\xe0\xa4\x95\xe0\xb8\x81", "Arabic, Hebrew, Devanagari and Thai letters", "fonts-noto-core", true },
		{ "\xe7\x8e\x8b\xe3\x81\x95\xea\xb9\x80", "Chinese, Japanese and Korean letters", "fonts-noto-cjk, or the smaller fonts-droid-fallback and fonts-nanum", false },
		{ "\xf0\x9f\x8c\xb8\xf0\x9f\xa5\xb0", "picture signs",
		    "fonts-symbola and fonts-noto-color-emoji; without them a sign in a name is printed as a box with its number", false } };
	const struct ac_paper strict = { .strict = true };
	struct ac_str all = { 0 }, pdf;
	struct ac_err e = { 0 };

	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		all = ac_strf(d->c->a, "%.*s<p>%s</p>", AC_FMT(all), scripts[i].letters);
	enum ac_code rc = ac_pdf_make(ac_strf(d->c->a, "<html><body>%.*s</body></html>", AC_FMT(all)), &strict, d->c->a, &pdf, &e);
	if (rc == AC_OK || strcmp(e.rule, "PAPER-LETTERS") != 0) {
		say(d, rc == AC_OK, "sheets become PDF, with names in any script",
		    ac_cstr(d->c->a, ac_strf(d->c->a, "%s (%s); the sheet in HTML is not touched by it", e.msg, e.rule)));
		return;
	}
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct ac_str one = ac_strf(d->c->a, "<html><body><p>%s</p></body></html>", scripts[i].letters);
		bool ok = ac_pdf_make(one, &strict, d->c->a, &pdf, &e) == AC_OK;
		if (ok || scripts[i].needed)
			say(d, ok, ac_cstr(d->c->a, ac_strf(d->c->a, "sheets become PDF with %s", scripts[i].what)),
			    ac_cstr(d->c->a, ac_strf(d->c->a, "install %s", scripts[i].todo)));
		else
			say(d, true, ac_cstr(d->c->a, ac_strf(d->c->a, "note: no sheet becomes PDF with %s: install %s", scripts[i].what, scripts[i].todo)), "");
	}
}

/* What can be seen from outside comes first: an installation that does not open needs a doctor most. */
static bool
check_outside(struct doctor *d)
{
	struct statvfs v;
	struct ac_err e = { 0 };
	bool opened;

	say(d, is_private(d->c, ".", 0700), "the state folder is there and private",
	    "aftercare init makes one; chmod 700 the folder");
	say(d, is_private(d->c, "keys/log.key", 0600) && is_private(d->c, "keys/store.key", 0600) &&
		(access(ac_cstr(d->c->a, ac_strf(d->c->a, "%s/keys/" AC_CLINIC_KEY_NAME, d->c->state)), F_OK) != 0 ||
		    is_private(d->c, "keys/" AC_CLINIC_KEY_NAME, 0600)),
	    "the keys are there and private", "restore keys/ from the backup, or chmod 600 the files in it");
	say(d, statvfs(d->c->state, &v) == 0 && (double)v.f_bavail * (double)v.f_frsize >= FREE_MIN,
	    "at least 256 MiB are free", "make room: without it events are refused");
	check_reserve(d);
	opened = cli_open(d->c, &e);
	say(d, opened, "the installation opens",
	    ac_cstr(d->c->a, ac_strf(d->c->a, "%s (%s)", e.msg, e.rule)));
	d->integrity = d->integrity || (!opened && e.code == AC_EINTEGRITY);
	return opened;
}

int
verb_doctor(struct cli *c)
{
	struct ac_buf b;
	struct ac_jw w;
	struct doctor d = { .c = c, .w = &w };

	cli_json_begin(c, &b, &w);
	ac_jw_key(&w, "checks");
	ac_jw_arr(&w);
	if (check_outside(&d)) {
		check_store(&d);
		check_clinic(&d);
		check_certificate(&d);
		say(&d, c->w->config->nactive > 0, "a protocol is active",
		    "aftercare protocol import, then publish");
		check_life(&d);
		check_roles(&d);
	}
	check_paper(&d);
	ac_jw_end_arr(&w);
	ac_jw_kbool(&w, "ok", d.bad == 0);
	int done = c->json ? cli_json_end(&w) : cli_done();
	return d.integrity ? 7 : d.bad > 0 ? 1 : done;
}
