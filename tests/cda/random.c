/* random.c - texts and encounters. */
#include <string.h>

#include "base/utf8.h"
#include "hl7/snapshot.h"
#include "tests/cda/random.h"

/* splitmix64 */
static uint64_t
next(struct gen *g)
{
	uint64_t z = (g->state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* The first number of the seed's own stream is where a run begins: from the seeds themselves, which splitmix64 counts up in the
 * same steps, neighbours would be one stream that begins a number later. */
void
gen_seed(struct gen *g, uint64_t seed, struct ac_arena *a)
{
	*g = (struct gen){ .state = seed * 0x9E3779B97F4A7C15u + 0x1234567, .a = a };
	g->state = next(g);
}

uint64_t
gen_below(struct gen *g, uint64_t n)
{
	return next(g) % n;
}

bool
gen_chance(struct gen *g, unsigned percent)
{
	return gen_below(g, 100) < percent;
}

static const char *const pieces[] = {
	"Ada",
	"Example",
	"O'Brien",
	"van der \"Berg\"",
	"Müller-Lüdenscheidt",
	"Nguyễn Thị Minh Khai",
	"李小龍",
	"עדה לדוגמה",
	"آدا مثال",
	"Αικατερίνη",
	"Їжакевич",
	"अदा उदाहरण",
	"🧑‍⚕️🩹",
	"e\xCC\x81\xCC\xA3",
	"\u202Eevil\u202C",
	"<script>alert(1)</script>",
	"]]>",
	"<!-- no -->",
	"<?pi?>",
	"a & b &amp; &#60; &lt;",
	"100 %",
	"tab\there",
	"line\nbreak",
	"cr\rhere",
	"'single' \"double\"",
	"\x01\x02\x1F",
	"\xEF\xBF\xBE",
	"\xEF\xBF\xBD",
	"\xC2\xA0",
	"\xE2\x80\x8B",
	"\\back\\slash",
	"${jndi}",
	"%s%n",
	"a,b;c|d^e~f",
	"Zoë",
	"İstanbul ıI",
	"ﷺ",
	"𝕬𝖉𝖆",
	"https://example.org/?a=1&b=2",
	"#ref",
	"-",
	"0",
};

struct ac_str
gen_text(struct gen *g, size_t max)
{
	struct ac_str s = { "", 0 };

	if (gen_chance(g, 3))
		return AC_S("");
	if (gen_chance(g, 3))
		return AC_S(" \t\n ");
	for (uint64_t n = 1 + gen_below(g, gen_chance(g, 5) ? 200 : 4); n > 0; n--) {
		struct ac_str piece = ac_str_c(pieces[gen_below(g, sizeof(pieces) / sizeof(pieces[0]))]);
		if (s.n + piece.n + 1 > max)
			break;
		s = s.n == 0 ? piece : ac_strf(g->a, "%.*s %.*s", AC_FMT(s), AC_FMT(piece));
	}
	return s;
}

struct ac_str
gen_words(struct gen *g, size_t max)
{
	struct ac_str s = gen_text(g, max);

	return ac_utf8_is_blank(s) ? AC_S("words") : s;
}

struct ac_str
gen_maybe(struct gen *g, unsigned percent, size_t max)
{
	return gen_chance(g, percent) ? gen_text(g, max) : (struct ac_str){ 0 };
}

#define PICK(g, ...) \
	pick((g), (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))
static struct ac_str
pick(struct gen *g, const char *const *v, size_t n)
{
	return ac_str_c(v[gen_below(g, n)]);
}

static struct enc_strs
texts(struct gen *g, size_t most, size_t max)
{
	struct enc_strs s = { .n = gen_below(g, most + 1) };

	s.v = ac_new(g->a, struct ac_str, most + 1);
	for (size_t i = 0; i < s.n; i++)
		s.v[i] = gen_text(g, max);
	return s;
}

static struct ac_stamp
stamp_at(int64_t t)
{
	return (struct ac_stamp){ .t = t, .precision = 14 };
}

static struct ac_stamp
partial(struct gen *g)
{
	static const char *const v[] = { "1988", "1988-04", "1988-04-02", "2024-02-29", "1900-01-01" };
	struct ac_stamp s = { .t = AC_INSTANT_NONE };

	if (gen_chance(g, 70) && !ac_date_parse(pick(g, v, sizeof(v) / sizeof(v[0])), &s))
		s = (struct ac_stamp){ .t = AC_INSTANT_NONE };
	return s;
}

static struct ac_str
phone(struct gen *g)
{
	if (gen_chance(g, 20))
		return gen_text(g, 60);
	return PICK(g, "+49 30 5550100", "(555) 555-0199", "030/555 01 02 ext. 5", "tel 5", " ",
	    "+1-555-555-0100;ext=7");
}

static struct enc_person
some_person(struct gen *g)
{
	struct enc_person p = { 0 };

	if (gen_chance(g, 80))
		p.id = PICK(g, "3", "4", "dr & co", "x y");
	if (gen_chance(g, 50))
		p.npi = PICK(g, "1234567893", "", "not a number");
	p.family = gen_maybe(g, 85, 200);
	p.given = texts(g, 3, 60);
	if (gen_chance(g, 60))
		p.phone = phone(g);
	return p;
}

static enum enc_tri
tri(struct gen *g)
{
	return (enum enc_tri)gen_below(g, 3);
}

static void
fill_patient(struct gen *g, struct enc_patient *p)
{
	p->id = PICK(g, "1", "A-17", "Ω<&>\"'", "00000000000000000000000000000000001");
	p->family = gen_words(g, 3000);
	p->given = texts(g, 4, 500);
	if (gen_chance(g, 70))
		p->sex = PICK(g, "female", "male", "other", "unknown", "F", "<x>");
	p->birth_date = partial(g);
	if (gen_chance(g, 5))
		p->deceased = stamp_at(1774000000);
	if (gen_chance(g, 70))
		p->language =
		    PICK(g, "en", "de", "pt_BR", "zh-Hans", "English", "e", "en-", "ar", "x y", "de-AT-1996");
	if (gen_chance(g, 70))
		p->phone = phone(g);
	if (gen_chance(g, 60))
		p->email = PICK(
		    g, "ada@example.org", "a b@example.org", "ünï@exämple.org", "<x>@y", " ", "\"q\"@e.org");
	p->interpreter = tri(g);
	p->sms = tri(g);
	p->voice = tri(g);
	if (gen_chance(g, 70)) {
		p->has_address = true;
		p->address_line = texts(g, 7, 120);
		p->city = gen_maybe(g, 80, 60);
		p->state = gen_maybe(g, 50, 30);
		p->postal_code = gen_maybe(g, 70, 20);
		if (gen_chance(g, 80))
			p->country = PICK(g, "DE", "US", "USA", "Deutschland", "", "XX");
	}
	if (gen_chance(g, 30)) {
		p->has_guardian = true;
		p->guardian_name = gen_maybe(g, 90, 100);
		if (gen_chance(g, 80))
			p->guardian_relation =
			    PICK(g, "mother", "Father", "legal guardian", "step-aunt", "", "<rel>");
		if (gen_chance(g, 80))
			p->guardian_phone = phone(g);
	}
	p->nidentifiers = gen_below(g, 4);
	p->identifiers = ac_new(g->a, struct enc_identifier, 4);
	for (size_t i = 0; i < p->nidentifiers; i++) {
		p->identifiers[i].system = PICK(g, "urn:oid:2.16.840.1.113883.19.5",
		    "urn:uuid:5D0ABDDB-d351-5b5b-8bc3-c96866e0c61a", "http://x.org/mrn", "urn:oid:1.02.3",
		    "urn:oid:", "MRN & co", "2.16.840.1.113883.19.5", "3.4.5");
		p->identifiers[i].value = PICK(g, "A-17", "ä<&>\"'", "🩹 17", "  x", "0", "٣٤٥");
	}
}

static void
fill_procedures(struct gen *g, struct encounter *e, size_t nprotocols)
{
	e->procedures = ac_new(g->a, struct enc_procedure, nprotocols + 2);
	e->nprocedures = nprotocols + gen_below(g, 3);
	for (size_t i = 0; i < e->nprocedures; i++) {
		struct enc_procedure *p = &e->procedures[i];
		p->id = ac_strf(g->a, "b%zu", i + 1);
		p->system =
		    PICK(g, "CPT4", "CPT4", "SNOMED-CT", "LOCAL", "urn:oid:2.16.840.1.113883.19.9", "a & b");
		p->code = ac_strf(g->a, "C%zu", i % nprotocols + 1);
		p->text = gen_maybe(g, 80, 300);
		if (gen_chance(g, 70))
			p->performed = stamp_at(e->start.t + (int64_t)gen_below(g, 7200));
		if (gen_chance(g, 60))
			p->performer = some_person(g);
		p->nproducts = gen_below(g, 4);
		p->products = ac_new(g->a, struct enc_product, 4);
		for (size_t j = 0; j < p->nproducts; j++) {
			p->products[j].name = gen_maybe(g, 90, 100);
			p->products[j].lot = gen_maybe(g, 70, 40);
			if (gen_chance(g, 50))
				p->products[j].expires = PICK(g, "2027-01", "2026", "2027-01-31");
		}
	}
}

static void
fill_facts(struct gen *g, struct encounter *e)
{
	static const char *const names[] = { "area", "indication", "technique", "session", "sessions" };

	e->facts = ac_new(g->a, struct enc_fact, 5);
	for (size_t i = 0; i < 5; i++) {
		struct enc_fact *f = &e->facts[e->nfacts];
		if (gen_chance(g, 50))
			continue;
		e->nfacts++;
		f->name = ac_str_c(names[i]);
		f->s = (struct enc_strs){ ac_new(g->a, struct ac_str, 3), 1 };
		if (i >= 3) {
			f->type = ENC_FACT_NUMBER;
			f->s.v[0] = PICK(g, "1", "2", "6", "0", "-3", "2.5");
		} else if (i == 0) {
			f->type = ENC_FACT_STRINGS;
			f->s.n = gen_below(g, 4);
			for (size_t j = 0; j < f->s.n; j++)
				f->s.v[j] = PICK(g, "face", "scalp", "décolleté", "thigh", "<area>", "neck");
		} else {
			f->s.v[0] = gen_text(g, 100);
		}
	}
}

static void
fill_clinic(struct gen *g, struct encounter *e)
{
	e->has_clinic = true;
	if (gen_chance(g, 60))
		e->clinic_id = PICK(g, "1", "<id>");
	e->clinic_name = gen_maybe(g, 70, 200);
	if (gen_chance(g, 60))
		e->clinic_phone = phone(g);
	if (gen_chance(g, 60))
		e->clinic_country = PICK(g, "DE", "US", "AT");
	e->clinic_address_line = texts(g, 2, 100);
	e->clinic_city = gen_maybe(g, 60, 60);
	e->clinic_state = gen_maybe(g, 40, 20);
	e->clinic_postal_code = gen_maybe(g, 60, 20);
}

static void
fill_encounter(struct gen *g, struct encounter *e, struct ac_str zone)
{
	/* a year around two changes of clocks */
	int64_t start = 1759276800 + (int64_t)gen_below(g, 366 * 86400);

	e->system = AC_S("test");
	e->site = PICK(g, "default", "s/1 & 2");
	e->id = PICK(g, "5", "enc<>&\"'", "0");
	e->zone = zone;
	e->revision = 1 + (int64_t)gen_below(g, 1000);
	e->status = gen_chance(g, 70) ? ENC_FINISHED : ENC_IN_PROGRESS;
	e->start = stamp_at(gen_chance(g, 10) ? start / 86400 * 86400 : start);
	if (gen_chance(g, 60))
		e->end = stamp_at(start + 3600);
	e->category = gen_maybe(g, 60, 60);
	e->reason = gen_maybe(g, 60, 500);
	if (gen_chance(g, 50))
		e->sensitivity = PICK(g, "normal", "high", "", "<x>");
	if (gen_chance(g, 60)) {
		e->signed_at = stamp_at(start + 9000);
		e->has_signed_by = gen_chance(g, 90);
		if (e->has_signed_by)
			e->signed_by = some_person(g);
	}
	e->has_provider = gen_chance(g, 70);
	if (e->has_provider)
		e->provider = some_person(g);
	e->nappointments = gen_below(g, 3);
	e->appointments = ac_new(g->a, struct enc_appointment, 3);
	for (size_t i = 0; i < e->nappointments; i++) {
		struct enc_appointment *ap = &e->appointments[i];
		ap->id = ac_strf(g->a, "a%zu", i);
		ap->category = gen_maybe(g, 70, 60);
		ap->status = PICK(g, "booked", "cancelled", "booked");
		ap->start = stamp_at(start + 86400 * (int64_t)(1 + gen_below(g, 30)));
	}
}

const struct encounter *
gen_encounter(struct gen *g, struct ac_str zone, size_t nprotocols)
{
	struct encounter *e = ac_new(g->a, struct encounter, 1);

	fill_encounter(g, e, zone);
	fill_patient(g, &e->patient);
	fill_procedures(g, e, nprotocols);
	fill_facts(g, e);
	if (gen_chance(g, 60))
		fill_clinic(g, e);
	return e;
}
