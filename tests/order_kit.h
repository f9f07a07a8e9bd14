/*
 * order_kit.h - many events in any order, and the state that they must end in.
 *
 * Shape   visit number v has REVISIONS revisions; what each says is a function of (seed, v, revision) alone. An event is
 *         one of them; some are sent twice. The state is SHA-256 over, per visit: highest revision, plan status, plan
 *         content, open tasks.
 * Rules   a revoked plan and no plan at all count as the same: who never heard of the procedure has nothing to revoke.
 *         Once signed, a visit stays signed in this generator: what an unsigned change after final does depends, by
 *         contract, on whether the plan was final when it came.
 */
#ifndef TESTS_ORDER_KIT_H
#define TESTS_ORDER_KIT_H

#include "tests/intake_kit.h"

#define REVISIONS 6

struct event {
	uint32_t visit, revision; /* from 0, from 1 */
};

KIT uint64_t
order_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* REVISIONS events of each visit, and `percent` of them once more. Odd orders are shuffled over their whole length (most
 * events come too late), even ones within a few places (most change something). */
KIT size_t
order_events(uint32_t visits, unsigned percent, uint64_t seed, struct event **ret)
{
	size_t n = 0, most = (size_t)visits * REVISIONS * 2, window = seed % 2 == 1 ? most : 3;
	struct event *v = calloc(most, sizeof(*v));

	if (v == NULL)
		abort();
	for (size_t i = 0; i < most / 2; i++) {
		v[n++] = (struct event){ (uint32_t)(i / REVISIONS), (uint32_t)(i % REVISIONS) + 1 };
		if (order_random(&seed) % 100 < percent) {
			v[n] = v[n - 1 - order_random(&seed) % (n < 8 ? n : 8)];
			n++;
		}
	}
	for (size_t i = n; i > 1; i--) {
		size_t k = i - 1 - order_random(&seed) % (i < window ? i : window);
		struct event e = v[i - 1];
		v[i - 1] = v[k];
		v[k] = e;
	}
	*ret = v;
	return n;
}

/* each revision is signed anew: what changes under the same signature waits */
#define SIGNED_AT(n) "2026-03-28T23:4" n ":00+01:00"

KIT struct ac_str
order_json(struct event ev, uint64_t seed, struct ac_arena *a)
{
	static const char *const areas[] = { "face", "scalp", "neck", "thigh" };
	static const char *const at[] = { "2026-03-28T14:35:00+01:00", "2026-03-28T14:10:00+01:00", "" };
	static const char *const patients[] = { "1", "2" };
	uint64_t s = seed ^ ((uint64_t)ev.visit << 8 | ev.revision), who = seed ^ (uint64_t)ev.visit << 8;
	uint64_t sign_from = order_random(&who) % (REVISIONS + 4); /* some are never signed */
	static const char *const signed_at[10] = { SIGNED_AT("0"), SIGNED_AT("1"), SIGNED_AT("2"), SIGNED_AT("3"),
		SIGNED_AT("4"), SIGNED_AT("5"), SIGNED_AT("6"), SIGNED_AT("7"), SIGNED_AT("8"), SIGNED_AT("9") };
	char id[16];

	snprintf(id, sizeof(id), "%u", (unsigned)ev.visit);
	struct visit v = { .id = id,
		.revision = (int64_t)ev.revision * 1000,
		.area = areas[order_random(&s) % 4],
		.performed = at[order_random(&s) % 3],
		.patient = patients[order_random(&s) % 8 == 0] };
	switch (order_random(&s) % 10) {
	case 0:
		v.code = ""; /* the category alone is left */
		break;
	case 1:
		v.status = "entered-in-error";
		break;
	case 2:
		v.procedure = "planned";
		break;
	case 3:
		v.consultation = true;
		break;
	default:
		break;
	}
	if (sign_from <= ev.revision)
		v.signed_at = signed_at[ev.revision % 10];
	return visit_json(&v, a);
}

KIT enum ac_code
order_send(struct ac_worker *w, struct ac_str json, struct ac_intake *ret, struct ac_err *e)
{
	struct ac_actor who = as(AC_ROLE_SYSTEM);
	struct enc_warnings warnings = { 0 };
	struct encounter *enc;
	enum ac_code rc = ac_worker_begin(w, e);

	if (rc != AC_OK || (rc = enc_snapshot_decode(json, w->arena, &enc, &warnings, e)) != AC_OK)
		return rc;
	return ac_intake_put(w, &who, enc, &warnings, ret, e);
}

KIT bool
order_is_open(const struct ac_task_row *t)
{
	return !ac_streq_c(t->status, "completed") && !ac_streq_c(t->status, "cancelled");
}

/* The chain of a plan's documents: 1..n, the last one current, every other replaced. */
KIT bool
order_chain_is_whole(const struct ac_record *r)
{
	for (size_t i = 0; i < r->ndocuments; i++)
		if (r->documents[i].version != (int64_t)i + 1 ||
		    !ac_streq_c(r->documents[i].status, i + 1 == r->ndocuments ? "current" : "replaced"))
			return false;
	return r->row.document_version == (int64_t)r->ndocuments;
}

KIT void
order_plan_state(struct ac_worker *w, const struct ac_encounter_row *row, struct ac_buf *b, struct ac_err *e)
{
	struct ac_uuid id = ac_plan_id(w->config->id_root, row->site, row->id, row->patient);
	struct ac_record *r;
	struct ac_sha256 content;

	enum ac_code rc = ac_record_load(w, id, 0, &r, e);
	if (rc == AC_ENOTFOUND || (rc == AC_OK && ac_streq_c(r->row.status, "revoked"))) {
		ac_buf_addz(b, "none");
		return;
	}
	need(rc, e);
	if (!order_chain_is_whole(r)) {
		fprintf(stderr, "a chain of documents is broken\n");
		abort();
	}
	ac_plan_content_hash(r->plan, w->arena, &content);
	/* plan ids differ between installations; nothing else in here knows which one it is */
	ac_buf_addf(
	    b, "%.*s %.*s", AC_FMT(r->row.status), AC_FMT(ac_hex(w->arena, content.b, sizeof(content.b))));
	for (size_t i = 0; i < r->ntasks; i++)
		if (order_is_open(&r->tasks[i]))
			ac_buf_addf(b, " %.*s:%lld:%lld:%d", AC_FMT(r->tasks[i].name),
			    (long long)r->tasks[i].not_before, (long long)r->tasks[i].due,
			    r->tasks[i].urgent);
}

KIT struct ac_sha256
order_state(struct ac_worker *w, uint32_t visits)
{
	struct ac_sha256 all = { 0 }, one;
	struct ac_encounter_row row;
	struct ac_err e = { 0 };
	struct ac_buf b;
	char id[16];

	for (uint32_t v = 0; v < visits; v++) {
		snprintf(id, sizeof(id), "%u", (unsigned)v);
		need(ac_worker_begin(w, &e), &e);
		need(ac_encounter_get(w, AC_S("default"), ac_str_c(id), &row, &e), &e);
		ac_buf_init(&b, w->arena, 1024, 0);
		ac_buf_addf(&b, "%s %lld %.*s ", id, (long long)row.revision, AC_FMT(row.patient));
		order_plan_state(w, &row, &b, &e);
		ac_sha256(ac_buf_str(&b), &one);
		ac_sha256_2((struct ac_str){ (const char *)all.b, 32 },
		    (struct ac_str){ (const char *)one.b, 32 }, &all);
	}
	return all;
}

#endif
