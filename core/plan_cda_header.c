/* plan_cda_header.c - which document, about what, by whom: the document's header. */
#include <string.h>

#include "core/plan_cda.h"
#include "core/plan_cda_map.h"
#include "hl7/codes.h"

static int64_t
later(int64_t a, int64_t b)
{
	if (a == AC_INSTANT_NONE)
		return b;
	return b != AC_INSTANT_NONE && b > a ? b : a;
}

/* What the care covers: from the treatment to the last thing that is planned. */
static void
set_service(struct ac_map *m)
{
	const struct ac_plan *p = m->p;
	int64_t low = p->ntreatments != 0 ? p->anchor : m->e->start.t, high = AC_INSTANT_NONE;

	if (low == AC_INSTANT_NONE)
		low = m->in->made_at;
	for (size_t i = 0; i < p->nlines; i++)
		high = later(high, p->lines[i].until);
	for (size_t i = 0; i < p->nexpectations; i++)
		high = later(high, p->expectations[i].until);
	for (size_t i = 0; i < p->ntasks; i++)
		high = later(high, p->tasks[i].due);
	if (m->revoked)
		high = later(low, m->in->made_at);
	m->from = low;
	m->since = ac_map_ts(m, low);
	m->d.service = (struct cda_time){ .low = m->since };
	if (high != AC_INSTANT_NONE && high >= low)
		m->d.service.high = ac_map_ts(m, high);
}

/* A visit at which the plan is looked at again; the reviewer is the provider. */
static const struct ac_plan_task *
review(const struct ac_map *m)
{
	for (size_t i = 0; i < m->p->ntasks; i++) {
		const struct ac_plan_task *t = &m->p->tasks[i];
		if ((t->kind == AC_TASK_VISIT || t->kind == AC_TASK_REVIEW) && t->due != AC_INSTANT_NONE)
			return t;
	}
	return NULL;
}

static void
set_participants(struct ac_map *m)
{
	static const struct cda_code review_of_plan = { .code = { "425268008", 9 },
		.display = { "Review of Care Plan", 19 },
		.system = { CODES_SNOMED, sizeof(CODES_SNOMED) - 1 } };
	struct cda_participant *v = ac_new(m->a, struct cda_participant, 2);
	const struct ac_plan_task *t = m->revoked ? NULL : review(m);
	size_t n = 0;

	if (t != NULL && m->provider != NULL)
		v[n++] = (struct cda_participant){ "VRF", "ASSIGNED", &review_of_plan, ac_map_ts(m, t->due),
			m->provider };
	if (m->d.patient.guardian != NULL)
		v[n++] = (struct cda_participant){
			.type = "IND", .role_class = "PRS", .party = m->d.patient.guardian
		};
	m->d.participants = v;
	m->d.nparticipants = n;
}

/*
 * CONTRACTS: signed by a person only where that person confirmed this very content, or where the clinic recorded that the
 * encounter's signature covers the plan.
 */
bool
ac_plan_is_authenticated(const struct ac_plan *p)
{
	const struct ac_plan_input *in = p->in;
	const struct encounter *e = in->encounter;

	if (!e->has_signed_by || ac_map_is_nobody(&e->signed_by) || e->signed_at.precision < 8 ||
	    in->stage != AC_STAGE_FINAL || p->status == AC_PLAN_REVOKED)
		return false;
	if (in->confirmed_at != 0)
		return true;
	if (!in->clinic->signature_covers_plan)
		return false;
	int64_t covered_ms = (e->signed_at.t + (e->signed_at.precision == 14 ? 1 : 86400)) * 1000;
	for (size_t i = 0; i < in->nanswers; i++)
		if (in->answers[i].at_ms >= covered_ms)
			return false; /* said after the signature: it does not cover that */
	for (size_t i = 0; i < in->overrides.n; i++)
		if (in->overrides.v[i].at_ms >= covered_ms)
			return false; /* decided after the signature */
	return true;
}

static void
set_signature(struct ac_map *m)
{
	if (!ac_plan_is_authenticated(m->p))
		return;
	m->d.legal_authenticator = ac_map_person(m, &m->e->signed_by);
	m->d.signed_at = m->in->confirmed_at != 0 ? ac_map_ts(m, m->in->confirmed_at)
						  : ac_map_stamp_ts(m, &m->e->signed_at);
}

static struct ac_str
protocol_titles(struct ac_map *m)
{
	struct ac_str all = { 0 };

	for (size_t i = 0; i < m->in->nprotocols; i++) {
		struct ac_str t = ac_map_english(&m->in->protocols[i].protocol->title);
		all = i == 0 ? t : AC_MAP_JOIN(m, all, AC_S(" and "), t);
	}
	return all;
}

static struct ac_str
title(struct ac_map *m)
{
	struct ac_str what = protocol_titles(m);

	bool says_so = memmem(what.p == NULL ? "" : what.p, what.n, "emonstration", 12) != NULL;

	return AC_MAP_JOIN(m,
	    m->revoked				? AC_S("REVOKED: Aftercare plan")
	    : m->p->status == AC_PLAN_ON_HOLD	? AC_S("ON HOLD: Aftercare plan")
	    : m->p->status == AC_PLAN_COMPLETED ? AC_S("COMPLETED: Aftercare plan")
						: AC_S("Aftercare plan"),
	    what.n != 0 ? AC_S(": ") : AC_S(""), what,
	    m->p->demonstration && !says_so ? AC_S(" (demonstration)") : AC_S(""));
}

/* CONTRACTS: the author is the device, with the protocol versions and who approved them. */
static void
set_author(struct ac_map *m)
{
	struct cda_id *id = ac_new(m->a, struct cda_id, 1);
	struct ac_str software = AC_S("Aftercare, document writer 0");

	for (size_t i = 0; i < m->in->nprotocols; i++) {
		const struct ac_plan_protocol *pp = &m->in->protocols[i];
		software = AC_MAP_JOIN(m, software, AC_S("; protocol "), pp->protocol->id, AC_S(" "),
		    ac_hex(m->a, pp->protocol->version.b, sizeof(pp->protocol->version.b)),
		    ac_map_approval(pp), pp->approver);
	}
	id->root = ac_uuid_str(m->a, ac_uuid5(m->in->id_root, AC_S("author/aftercare")));
	m->d.author = (struct cda_device){
		.ids = id, .nids = 1, .org = &m->org, .maker = AC_S("Aftercare"), .software = software
	};
	m->by_device = (struct cda_said){ .time = m->made_at, .ids = id, .nids = 1 };
}

static const char *
confidentiality(const struct ac_map *m)
{
	struct ac_str s = ac_str_trim(m->e->sensitivity);

	return s.n == 0 || ac_streq_c(s, "normal") ? "N" : "R";
}

/* CONTRACTS "Time": a start of exactly 00:00 is a date. */
static struct ac_str
start(struct ac_map *m)
{
	struct ac_str ts = ac_map_stamp_ts(m, &m->e->start);

	if (ts.n > 14 && ac_streq((struct ac_str){ ts.p + 8, 6 }, AC_S("000000")))
		ts.n = 8;
	return ts;
}

void
ac_map_header(struct ac_map *m)
{
	struct cda_document *d = &m->d;

	m->made_at = ac_map_ts(m, m->in->made_at);
	d->id = m->p->document_id;
	d->set_id = m->p->id;
	d->version = m->in->document_version;
	d->code = (struct cda_code){
		.code = AC_S("18776-5"), .display = AC_S("Plan of care note"), .system = AC_S(CODES_LOINC)
	};
	d->title = title(m);
	d->time = m->made_at;
	d->language = AC_S("en-US");
	d->confidentiality = confidentiality(m);
	ac_map_people(m);
	set_author(m);
	d->custodian = m->org;
	d->recipient = m->provider != NULL ? m->provider : m->somebody;
	set_signature(m);
	set_service(m);
	set_participants(m);
	if (m->in->former_document_version != 0) {
		d->replaces = true;
		d->former_version = m->in->former_document_version;
		d->former_id = ac_document_id(m->p->id, d->former_version);
	}
	d->encounter = (struct cda_id){ .root = ac_map_ehr_root(m, "encounter"), .extension = m->e->id };
	d->encounter_time = (struct cda_time){ .low = start(m), .high = ac_map_stamp_ts(m, &m->e->end) };
}
