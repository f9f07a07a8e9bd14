/*
 * intake_kit.h - an installation in a folder of its own with the demonstration's clinic and protocols, a clock that the
 * test moves, and visits that a test varies. Without Criterion: soak programs use it too; a failure to set up ends
 * the process. Every value is invented.
 */
#ifndef TESTS_INTAKE_KIT_H
#define TESTS_INTAKE_KIT_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "core/intake.h"
#include "core/protocol_life.h"

#define KIT __attribute__((unused)) static
#define KIT_CLINIC "schemas/clinic/demo.conf"
#define KIT_MESO "schemas/protocols/demo/mesotherapy.xml"

struct kit {
	char dir[64];
	struct ac_service *s;
	struct ac_worker *w;
	struct ac_arena *a; /* lives as long as the kit */
	int64_t now_ms;
};

KIT void
need(enum ac_code code, const struct ac_err *e)
{
	if (code == AC_OK)
		return;
	fprintf(stderr, "set-up failed: %s %s %u:%u %s\n", e->rule == NULL ? "" : e->rule, e->path, e->line,
	    e->col, e->msg);
	abort();
}

KIT int64_t
at_ms(const char *rfc3339)
{
	struct ac_stamp s;

	if (!ac_stamp_parse(ac_str_c(rfc3339), &s))
		abort();
	return s.t * 1000;
}

KIT int64_t
kit_clock(void *arg)
{
	return __atomic_load_n(&((struct kit *)arg)->now_ms, __ATOMIC_RELAXED);
}

KIT void
set_clock(struct kit *k, const char *rfc3339)
{
	__atomic_store_n(&k->now_ms, at_ms(rfc3339), __ATOMIC_RELAXED);
}

KIT struct ac_str
kit_file(struct kit *k, const char *name)
{
	struct ac_err e = { 0 };
	struct ac_str bytes;
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", AC_SOURCE_DIR, name);
	need(ac_file_read(path, 1024 * 1024, k->a, &bytes, &e), &e);
	return bytes;
}

/* A text changed in a test says something else than the demonstration's: signed again, by a name of its own for each text. */
KIT struct ac_str
kit_signed(struct kit *k, struct ac_str xml)
{
	static const char mark[] = "=\"dr.demo ";
	char *text = ac_cstr(k->a, xml);
	struct ac_sha256 sum;
	struct ac_buf b;

	ac_sha256(xml, &sum);
	ac_buf_init(&b, k->a, xml.n, 0);
	for (char *at; (at = strstr(text, mark)) != NULL; text = at + strlen(mark))
		ac_buf_addf(&b, "%.*s=\"dr.%02x%02x ", (int)(at - text), text, sum.b[0], sum.b[1]);
	ac_buf_addz(&b, text);
	return ac_buf_str(&b);
}

KIT struct ac_sha256
kit_publish(struct kit *k, struct ac_str xml)
{
	struct ac_life_who author = { .account = AC_S("author"), .role = AC_ROLE_ADMIN, .may = AC_MAY_EDIT };
	struct ac_err e = { 0 };
	struct ac_sha256 version;
	bool was_there;

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_protocol_import(k->w, &author, xml, &version, &was_there, &e), &e);
	need(ac_worker_begin(k->w, &e), &e);
	need(ac_protocol_publish(k->w, AC_S("approver"), &version, &e), &e);
	return version;
}

/* A file of the project with one place changed. */
KIT struct ac_str
kit_changed(struct kit *k, const char *name, const char *what, const char *instead)
{
	char *text = ac_cstr(k->a, kit_file(k, name)), *at = strstr(text, what);

	if (at == NULL)
		abort();
	return ac_strf(k->a, "%.*s%s%s", (int)(at - text), text, instead, at + strlen(what));
}

KIT struct ac_str
kit_changed_signed(struct kit *k, const char *name, const char *what, const char *instead)
{
	return kit_signed(k, kit_changed(k, name, what, instead));
}

KIT void
kit_clinic(struct kit *k, const char *rule, const char *instead)
{
	struct ac_str ini = kit_changed(k, KIT_CLINIC, rule, instead);
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_clinic_set(k->w, AC_S("admin"), ini, (struct ac_life_how){ 0 }, &e), &e);
}

KIT void
kit_open_options(struct kit *k, struct ac_service_options o)
{
	struct ac_err e = { 0 };

	memset(k, 0, sizeof(*k));
	snprintf(k->dir, sizeof(k->dir), "%s", "/tmp/ac-intake-XXXXXX");
	if (mkdtemp(k->dir) == NULL)
		abort();
	k->a = ac_arena_new();
	o.state_dir = k->dir;
	o.clock_ms = kit_clock;
	o.clock_arg = k;
	set_clock(k, "2026-03-28T14:40:00+01:00");
	need(ac_service_init_with(k->dir, kit_file(k, KIT_CLINIC), AC_S("admin"), kit_clock, k, &e), &e);
	need(ac_service_open(&o, &k->s, &e), &e);
	need(ac_worker_new(k->s, &k->w, &e), &e);
	kit_publish(k, kit_file(k, KIT_MESO));
}

KIT void
kit_open(struct kit *k)
{
	kit_open_options(k, (struct ac_service_options){ .sync = AC_SYNC_OFF });
}

KIT void
kit_open_zones(struct kit *k, const char *zoneinfo)
{
	kit_open_options(k, (struct ac_service_options){ .sync = AC_SYNC_OFF, .zoneinfo = zoneinfo });
}

KIT int
kit_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

KIT void
kit_close(struct kit *k)
{
	ac_worker_free(k->w);
	ac_service_close(k->s);
	ac_arena_free(k->a);
	nftw(k->dir, kit_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* A visit: what a test does not set is a performed, unsigned session on Saturday 28 March 2026 in Berlin. */
struct visit {
	const char *id, *patient, *family;
	int64_t revision;
	const char *status, *category, *end, *performed, *procedure, *area, *signed_at, *phone, *start;
	const char *lot;   /* of a product that was used; NULL: no product is recorded */
	const char *code;  /* "": no procedure at all */
	bool consultation; /* no procedure, no category */
	const char *deceased;
	const char *sensitivity;
};

KIT void
member(struct ac_jw *w, const char *key, const char *value, const char *instead)
{
	const char *v = value != NULL ? value : instead;

	if (v != NULL && *v != '\0')
		ac_jw_kstr(w, key, ac_str_c(v));
}

KIT void
visit_encounter(struct ac_jw *w, const struct visit *v)
{
	ac_jw_key(w, "encounter");
	ac_jw_obj(w);
	member(w, "id", v->id, "5");
	ac_jw_kint(w, "revision", v->revision == 0 ? 1 : v->revision);
	member(w, "status", v->status, "finished");
	member(w, "start", v->start, "2026-03-28T14:00:00+01:00");
	member(w, "end", v->end, "2026-03-28T14:40:00+01:00");
	member(w, "zone", NULL, "Europe/Berlin");
	member(w, "sensitivity", v->sensitivity, NULL);
	member(w, "category", v->consultation ? "Consultation" : v->category, "Mesotherapy");
	if (v->signed_at != NULL) {
		member(w, "signed", v->signed_at, NULL);
		ac_jw_key(w, "signed_by");
		ac_jw_obj(w);
		member(w, "id", "3", NULL);
		member(w, "family", "Example", NULL);
		ac_jw_end_obj(w);
	}
	ac_jw_end_obj(w);
}

KIT void
visit_procedures(struct ac_jw *w, const struct visit *v)
{
	ac_jw_key(w, "procedures");
	ac_jw_arr(w);
	if (!v->consultation && (v->code == NULL || *v->code != '\0')) {
		ac_jw_obj(w);
		member(w, "id", "b17", NULL);
		member(w, "system", "CPT4", NULL);
		member(w, "code", v->code, "17999");
		member(w, "status", v->procedure, "performed");
		member(w, "performed", v->performed, "2026-03-28T14:35:00+01:00");
		if (v->lot != NULL) {
			ac_jw_key(w, "products");
			ac_jw_arr(w);
			ac_jw_obj(w);
			member(w, "name", "HA complex", NULL);
			member(w, "lot", v->lot, NULL);
			ac_jw_end_obj(w);
			ac_jw_end_arr(w);
		}
		ac_jw_end_obj(w);
	}
	ac_jw_end_arr(w);
}

KIT struct ac_str
visit_json(const struct visit *v, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_jw w;

	ac_buf_init(&b, a, 2048, 0);
	ac_jw_init(&w, &b);
	ac_jw_obj(&w);
	member(&w, "schema", "aftercare/encounter/1", NULL);
	ac_jw_key(&w, "source");
	ac_jw_obj(&w);
	member(&w, "system", "test", NULL);
	member(&w, "site", "default", NULL);
	ac_jw_end_obj(&w);
	visit_encounter(&w, v);
	ac_jw_key(&w, "patient");
	ac_jw_obj(&w);
	member(&w, "id", v->patient, "1");
	member(&w, "family", v->family, "Example");
	member(&w, "phone", v->phone, NULL);
	member(&w, "deceased", v->deceased, NULL);
	ac_jw_end_obj(&w);
	visit_procedures(&w, v);
	ac_jw_key(&w, "facts");
	ac_jw_obj(&w);
	if (v->area != NULL) {
		ac_jw_key(&w, "area");
		ac_jw_arr(&w);
		ac_jw_str(&w, ac_str_c(v->area));
		ac_jw_end_arr(&w);
	}
	ac_jw_end_obj(&w);
	ac_jw_end_obj(&w);
	return ac_buf_str(&b);
}

KIT struct ac_actor
as(enum ac_role role)
{
	return (struct ac_actor){ .user = ac_str_c(ac_role_word(role)), .role = role };
}

KIT enum ac_code
try_put_json(struct kit *k, struct ac_str json, struct ac_intake *ret, struct ac_err *e)
{
	struct ac_actor who = as(AC_ROLE_SYSTEM);
	struct enc_warnings warnings = { 0 };
	struct encounter *enc;
	enum ac_code rc;

	if ((rc = ac_worker_begin(k->w, e)) != AC_OK)
		return rc;
	if ((rc = enc_snapshot_decode(json, k->w->arena, &enc, &warnings, e)) != AC_OK)
		return rc;
	return ac_intake_put(k->w, &who, enc, &warnings, ret, e);
}

KIT enum ac_code
try_put(struct kit *k, const struct visit *v, struct ac_intake *ret, struct ac_err *e)
{
	AC_AUTO(ac_arena) a = ac_arena_new();

	return try_put_json(k, visit_json(v, a), ret, e);
}

KIT struct ac_intake
put(struct kit *k, struct visit v)
{
	struct ac_err e = { 0 };
	struct ac_intake r = { 0 };

	need(try_put(k, &v, &r, &e), &e);
	return r;
}

/* The record of a plan; valid until the next request of the kit's worker. */
KIT struct ac_record *
record_of(struct kit *k, struct ac_uuid plan, int64_t version)
{
	struct ac_err e = { 0 };
	struct ac_record *r = NULL;

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_record_load(k->w, plan, version, &r, &e), &e);
	return r;
}

KIT enum ac_code
try_issue(struct kit *k, struct ac_uuid plan, int64_t seen, enum ac_role role, struct ac_issue_row *row,
    struct ac_str *bytes, struct ac_err *e)
{
	struct ac_actor who = as(role);
	struct ac_issue_request rq = { .plan = plan, .seen_version = seen };
	enum ac_code rc = ac_worker_begin(k->w, e);

	return rc != AC_OK ? rc : ac_intake_issue(k->w, &who, &rq, row, bytes, e);
}

KIT struct ac_issue_row
issue(struct kit *k, struct ac_uuid plan, int64_t seen)
{
	struct ac_err e = { 0 };
	struct ac_issue_row row = { 0 };
	struct ac_str bytes;

	need(try_issue(k, plan, seen, AC_ROLE_NURSE, &row, &bytes, &e), &e);
	return row;
}

KIT enum ac_code
try_answer(struct kit *k, const char *encounter, int64_t seen, const char *name, const char *value,
    struct ac_intake *ret, struct ac_err *e)
{
	struct ac_actor who = as(AC_ROLE_NURSE);
	struct ac_str v = ac_str_c(value);
	struct ac_answer answer = { .name = ac_str_c(name), .values = { &v, value == NULL ? 0 : 1 } };
	enum ac_code rc = ac_worker_begin(k->w, e);

	return rc != AC_OK ? rc
			   : ac_intake_answer(
				 k->w, &who, AC_S("default"), ac_str_c(encounter), &answer, 1, seen, -1, ret, e);
}

KIT int64_t
timer(struct kit *k)
{
	struct ac_err e = { 0 };
	int64_t done = 0;

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_intake_timer(k->w, k->now_ms, &done, &e), &e);
	return done;
}

/* An open or finished task whose name starts so; NULL: none. */
KIT const struct ac_task_row *
task_named(const struct ac_record *r, const char *prefix)
{
	for (size_t i = 0; i < r->ntasks; i++)
		if (ac_str_starts(r->tasks[i].name, ac_str_c(prefix)))
			return &r->tasks[i];
	return NULL;
}

KIT enum ac_code
try_done(
    struct kit *k, struct ac_uuid plan, const char *name, int64_t seq, const char *status, struct ac_err *e)
{
	struct ac_actor who = as(AC_ROLE_NURSE);
	enum ac_code rc = ac_worker_begin(k->w, e);

	return rc != AC_OK ? rc
			   : ac_intake_task(
				 k->w, &who, plan, ac_str_c(name), seq, ac_str_c(status), AC_S("reached"), e);
}

#endif
