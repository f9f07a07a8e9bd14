/*
 * plan_cda_people.c - the patient, the guardian, who treated, the clinic: and the ids by which an EHR knows
 * them.
 */
#include "core/plan_cda_map.h"
#include "hl7/codes.h"

/* A namespace for ids that the EHR gives: the same for every document of this installation and site. */
struct ac_str
ac_map_ehr_root(struct ac_map *m, const char *kind)
{
	struct ac_str name = AC_MAP_JOIN(m, AC_S("ehr/"), m->e->site, AC_S("/"), ac_str_c(kind));

	return ac_uuid_str(m->a, ac_uuid5(m->in->id_root, name));
}

struct ids {
	struct cda_id *v;
	size_t n, cap;
};

static void
add_id(struct ac_map *m, struct ids *ids, struct cda_id id)
{
	AC_PUSH(m->a, ids, id);
}

/* A system that is no OID and no UUID (a URI, a name) becomes a root of its own; its name stays beside it. */
static struct cda_id
identifier(struct ac_map *m, const struct enc_identifier *i)
{
	struct codes_system s;
	struct ac_str root = i->system;

	if (ac_str_starts(root, AC_S("urn:uuid:")))
		root = (struct ac_str){ root.p + 9, root.n - 9 };
	else if (codes_find_system(root, &s))
		root = s.oid;
	if (cda_root_is_ok(root))
		return (struct cda_id){ .root = root, .extension = i->value };
	root = ac_uuid_str(m->a, ac_uuid5(m->in->id_root, AC_MAP_JOIN(m, AC_S("system/"), i->system)));
	return (struct cda_id){ .root = root, .extension = i->value, .authority = ac_str_trim(i->system) };
}

static bool
is_us(const struct ac_map *m)
{
	struct ac_str c = ac_map_is_blank(m->clinic->country) ? m->e->clinic_country : m->clinic->country;

	return ac_streq_c(c, "US") || ac_streq_c(c, "USA");
}

static struct cda_id
npi(const struct ac_map *m, struct ac_str number)
{
	struct cda_id id = { .root = AC_S(CODES_NPI), .extension = number };

	if (ac_map_is_blank(number)) /* the number exists in the US only */
		id.null = is_us(m) ? "UNK" : "NA";
	return id;
}

static struct ac_str
first_of(struct ac_str a, struct ac_str b)
{
	return ac_map_is_blank(a) ? b : a;
}

static void
set_clinic(struct ac_map *m)
{
	const struct ac_clinic *c = m->clinic;
	struct cda_addr *addr = ac_new(m->a, struct cda_addr, 1);
	struct ac_str *line = ac_new(m->a, struct ac_str, 1);
	struct ids ids = { 0 };

	if (cda_root_is_ok(c->oid))
		add_id(m, &ids, (struct cda_id){ .root = c->oid });
	add_id(m, &ids, npi(m, (struct ac_str){ 0 }));
	if (!ac_map_is_blank(m->e->clinic_id))
		add_id(m, &ids,
		    (struct cda_id){ .root = ac_map_ehr_root(m, "clinic"), .extension = m->e->clinic_id });
	*line = c->address;
	*addr = (struct cda_addr){
		.use = "WP",
		.line = ac_map_is_blank(c->address) ? m->e->clinic_address_line.v : line,
		.nlines = ac_map_is_blank(c->address) ? m->e->clinic_address_line.n : 1,
		.city = first_of(c->city, m->e->clinic_city),
		.state = first_of(c->state, m->e->clinic_state),
		.postal_code = first_of(c->postal_code, m->e->clinic_postal_code),
		.country = first_of(c->country, m->e->clinic_country),
	};
	m->org = (struct cda_org){
		.ids = ids.v,
		.nids = ids.n,
		.name = first_of(c->name, m->e->clinic_name),
		.telecom = { "WP",
		    "tel:", first_of(c->phone, first_of(c->clinic.number, m->e->clinic_phone)) },
		.addr = addr,
	};
}

bool
ac_map_is_nobody(const struct enc_person *p)
{
	return ac_map_is_blank(p->id) && ac_map_is_blank(p->npi) && ac_map_is_blank(p->family) &&
	       p->given.n == 0;
}

const struct cda_party *
ac_map_person(struct ac_map *m, const struct enc_person *p)
{
	struct cda_party *party = ac_new(m->a, struct cda_party, 1);
	struct cda_telecom *t = ac_new(m->a, struct cda_telecom, 1);
	struct ids ids = { 0 };

	if (!ac_map_is_blank(p->id))
		add_id(m, &ids, (struct cda_id){ .root = ac_map_ehr_root(m, "person"), .extension = p->id });
	add_id(m, &ids, npi(m, p->npi));
	*t = m->org.telecom;
	if (!ac_map_is_blank(p->phone))
		t->value = p->phone;
	*party = (struct cda_party){
		.ids = ids.v,
		.nids = ids.n,
		.addr = m->org.addr,
		.telecoms = t,
		.ntelecoms = 1,
		.name = { p->given.v, p->given.n, p->family },
		.org = &m->org,
	};
	return party;
}

/* BCP 47 as an EHR may write it: "en", "pt_BR", "zh-Hans"; a word ("English") is no code. */
static struct ac_str
language(struct ac_map *m, struct ac_str s)
{
	char *p;
	size_t part = 0;

	s = ac_str_trim(s);
	if (s.n < 2 || s.n > 35)
		return (struct ac_str){ 0 };
	p = ac_alloc(m->a, s.n);
	for (size_t i = 0; i < s.n; i++, part++) {
		p[i] = s.p[i] == '_' ? '-' : s.p[i];
		bool is_letter = (p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'z',
		     is_digit = p[i] >= '0' && p[i] <= '9';
		bool is_first = i == part;
		if (p[i] == '-') {
			if (part < 2 || i + 1 == s.n)
				return (struct ac_str){ 0 };
			part = (size_t)-1;
		} else if ((is_first && !is_letter) || (!is_letter && !is_digit) ||
			   part >= (is_first ? 3 : 8)) {
			return (struct ac_str){ 0 };
		}
	}
	return (struct ac_str){ p, s.n };
}

static const struct cda_party *
guardian(struct ac_map *m)
{
	const struct enc_patient *p = &m->e->patient;
	struct cda_party *g = ac_new(m->a, struct cda_party, 1);
	struct cda_code *code = ac_new(m->a, struct cda_code, 1);
	struct cda_addr *addr = ac_new(m->a, struct cda_addr, 1);
	struct cda_telecom *t = ac_new(m->a, struct cda_telecom, 1);
	const char *role = codes_relation(p->guardian_relation);

	*code = (struct cda_code){ .text = p->guardian_relation };
	if (role != NULL) {
		code->code = ac_str_c(role);
		code->system = AC_S(CODES_ROLE);
	} else {
		code->null = ac_map_is_blank(p->guardian_relation) ? "UNK" : "OTH";
	}
	*addr = (struct cda_addr){ .use = "HP" };
	*t = (struct cda_telecom){ "HP", "tel:", p->guardian_phone };
	*g = (struct cda_party){ .code = code,
		.addr = addr,
		.telecoms = t,
		.ntelecoms = 1,
		.name = { .family = p->guardian_name } };
	return g;
}

static void
set_patient(struct ac_map *m)
{
	const struct enc_patient *p = &m->e->patient;
	struct cda_patient *to = &m->d.patient;
	struct cda_telecom *t = ac_new(m->a, struct cda_telecom, 2);
	const char *display = NULL, *gender = codes_gender(p->sex, &display);
	struct ids ids = { 0 };

	add_id(m, &ids, (struct cda_id){ .root = ac_map_ehr_root(m, "patient"), .extension = p->id });
	for (size_t i = 0; i < p->nidentifiers; i++)
		if (!ac_map_is_blank(p->identifiers[i].value))
			add_id(m, &ids, identifier(m, &p->identifiers[i]));
	t[0] = (struct cda_telecom){ p->sms == ENC_YES ? "MC" : "HP", "tel:", p->phone };
	t[1] = (struct cda_telecom){ "HP", "mailto:", p->email };
	*to = (struct cda_patient){
		.ids = ids.v,
		.nids = ids.n,
		.addr = { "HP", p->address_line.v, p->address_line.n, p->city, p->state, p->postal_code,
		    p->country },
		.telecoms = t,
		.ntelecoms = 2,
		.name = { p->given.v, p->given.n, p->family },
		.birth = ac_map_stamp_ts(m, &p->birth_date),
		.deceased = ac_map_stamp_ts(m, &p->deceased),
		.language = language(m, p->language),
	};
	if (gender != NULL)
		to->gender = (struct cda_code){
			.code = ac_str_c(gender), .display = ac_str_c(display), .system = AC_S(CODES_GENDER)
		};
	if (p->has_guardian)
		to->guardian = guardian(m);
}

/* Everybody who treated, each once. */
static void
set_performers(struct ac_map *m)
{
	struct {
		const struct cda_party **v;
		size_t n, cap;
	} all = { 0 };
	const struct enc_person *provider =
	    m->e->has_provider && !ac_map_is_nobody(&m->e->provider) ? &m->e->provider : NULL;

	if (provider != NULL) {
		m->provider = ac_map_person(m, provider);
		AC_PUSH(m->a, &all, m->provider);
	}
	for (size_t i = 0; i < m->p->ntreatments; i++) {
		const struct enc_procedure *pr = m->p->treatments[i].procedure;
		bool is_new = pr != NULL && !ac_map_is_nobody(&pr->performer) &&
			      (provider == NULL || ac_map_is_blank(pr->performer.id) ||
				  !ac_streq(pr->performer.id, provider->id));
		for (size_t j = 0; is_new && j < i; j++)
			if (m->p->treatments[j].procedure != NULL &&
			    ac_streq(m->p->treatments[j].procedure->performer.id, pr->performer.id))
				is_new = false;
		if (is_new)
			AC_PUSH(m->a, &all, ac_map_person(m, &pr->performer));
	}
	m->d.performers = all.v;
	m->d.nperformers = all.n;
}

void
ac_map_people(struct ac_map *m)
{
	struct cda_party *nobody = ac_new(m->a, struct cda_party, 1);

	set_clinic(m);
	set_patient(m);
	set_performers(m);
	*nobody = (struct cda_party){
		.addr = m->org.addr, .telecoms = &m->org.telecom, .ntelecoms = 1, .org = &m->org
	};
	m->somebody = nobody;
}
