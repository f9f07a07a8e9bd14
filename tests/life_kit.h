/* life_kit.h - acts on protocols as sentences, on top of the installation of intake_kit.h. */
#ifndef TESTS_LIFE_KIT_H
#define TESTS_LIFE_KIT_H

#include "core/person.h"
#include "core/protocol_life.h"
#include "tests/expect.h"
#include "tests/intake_kit.h"

struct result { /* of an act */
	enum ac_code code;
	struct ac_err e;
};

KIT void
need_ok(struct result r)
{
	cr_assert(r.code == AC_OK, "%s %s", r.e.rule == NULL ? "" : r.e.rule, r.e.msg);
}

KIT void
refused(struct result r, enum ac_code code, const char *rule)
{
	EXPECT_CODE(r.code, code, r.e);
	EXPECT_RULE(r.e, rule);
}

KIT struct ac_life_who
who_is(const char *account)
{
	return (struct ac_life_who){ .account = ac_str_c(account), .role = AC_ROLE_ADMIN, .may = AC_MAY_ALL };
}

/* The demonstration's protocol with another end of "no sauna", which still carries the signature of the former one. */
KIT struct ac_str
carried(struct kit *k, const char *until)
{
	return kit_changed(k, KIT_MESO, "until=\"72 h\"", ac_cstr(k->a, ac_strf(k->a, "until=\"%s\"", until)));
}

/* The same with this line signed again: by a name of its own for each end, so that none is another version's. */
KIT struct ac_str
changed(struct kit *k, const char *until)
{
	const char *line = "concept=\"sauna\" kind=\"restriction\" seed=\"S02\" signed=\"dr.demo";
	char *text = ac_cstr(k->a, carried(k, until)), *at = strstr(text, line);

	cr_assert(at != NULL);
	at += strlen(line);
	return ac_strf(k->a, "%.*s.%.2s%s", (int)(at - text), text, until, at);
}

KIT struct ac_sha256
draft_of(struct kit *k, const char *author, struct ac_str xml)
{
	struct ac_life_who who = who_is(author);
	struct ac_err e = { 0 };
	struct ac_sha256 v = { 0 };
	bool was_there;

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_protocol_import(k->w, &who, xml, &v, &was_there, &e), &e);
	return v;
}

KIT struct ac_sha256
draft(struct kit *k, const char *author, const char *until)
{
	return draft_of(k, author, changed(k, until));
}

/* Valid until the kit's worker begins again. */
KIT struct ac_life_row
row(struct kit *k, const struct ac_sha256 *v)
{
	struct ac_life_row r = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_life_get(k->w, v, &r, &e), &e);
	return r;
}

KIT struct ac_sha256
in_force(struct kit *k)
{
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	return k->w->config->active[0].protocol->version;
}

KIT enum ac_life_state
state_of(struct kit *k, const struct ac_sha256 *v)
{
	return row(k, v).state;
}

KIT struct result
submit(struct kit *k, const char *account, const struct ac_sha256 *v)
{
	struct ac_life_who who = who_is(account);
	struct ac_life_how how = { 0 };
	struct result r = { 0 };

	need(ac_worker_begin(k->w, &r.e), &r.e);
	r.code = ac_life_submit(k->w, &who, v, how, &r.e);
	return r;
}

KIT struct result
approve(struct kit *k, const char *account, const struct ac_sha256 *v)
{
	struct ac_life_who who = who_is(account);
	struct ac_life_how how = { 0 };
	struct ac_review review = { 0 };
	struct result r = { 0 };

	need(ac_worker_begin(k->w, &r.e), &r.e);
	need(ac_review_get(k->w, &who, v, &review, &r.e), &r.e);
	r.code = ac_life_approve(k->w, &who, &review.seen, how, &r.e);
	return r;
}

KIT struct result
publish(struct kit *k, const char *account, const struct ac_sha256 *v, int64_t effective_ms)
{
	struct ac_life_who who = who_is(account);
	struct ac_life_publish p = { .effective_ms = effective_ms };
	struct ac_life_done done = { 0 };
	struct result r = { 0 };

	need(ac_worker_begin(k->w, &r.e), &r.e);
	r.code = ac_life_publish(k->w, &who, v, &p, &done, &r.e);
	return r;
}

KIT void
suspend(struct kit *k, const char *account)
{
	struct ac_life_who who = who_is(account);
	struct ac_life_how how = { .reason = AC_S("under test") };
	struct ac_sha256 v;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_life_suspend(k->w, &who, AC_S("mesotherapy"), NULL, how, &v, &e), &e);
}

KIT void
resume(struct kit *k, const char *account)
{
	struct ac_life_who who = who_is(account);
	struct ac_life_how how = { .reason = AC_S("looked at") };
	struct ac_sha256 v;
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_life_resume(k->w, &who, AC_S("mesotherapy"), NULL, how, &v, &e), &e);
}

KIT void
account(struct kit *k, const char *id, const char *name)
{
	struct ac_life_who who = who_is("root");
	struct ac_life_how how = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_person_map(k->w, &who, ac_str_c(id), ac_str_c(name), how, &e), &e);
}

KIT void
person(struct kit *k, const char *id, const char *name)
{
	struct ac_life_who who = who_is("root");
	struct ac_life_how how = { 0 };
	struct ac_err e = { 0 };

	need(ac_worker_begin(k->w, &e), &e);
	need(ac_person_add(k->w, &who, ac_str_c(id), AC_S("An Example"), how, &e), &e);
	account(k, id, name);
}

#endif
