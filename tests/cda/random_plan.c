/* random_plan.c - protocols, clinics and the plan made of all of it. */
#include "base/xw.h"
#include "hl7/snapshot.h"
#include "tests/cda/random.h"

#define PICK(g, ...) \
	pick((g), (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))
static const char *
pick(struct gen *g, const char *const *v, size_t n)
{
	return v[gen_below(g, n)];
}

/* A text element in the protocol's language, sometimes with a translation, which sometimes is stale. */
static void
put_text(struct gen *g, struct ac_xw *w, const char *element, size_t max)
{
	struct ac_str source = { 0 };

	for (int i = gen_chance(g, 30) ? 2 : 1; i > 0; i--) {
		struct ac_str s = gen_words(g, max);
		if (ac_str_trim(s).n < 3)
			s = AC_S("plain words");
		ac_xw_open(w, element);
		ac_xw_attrc(w, "xml:lang", source.n > 0 ? "tr" : g->lang);
		if (source.n > 0 && gen_chance(g, 90))
			ac_xw_attr(w, "of", ac_text_of(g->a, gen_chance(g, 80) ? source : s));
		ac_xw_text(w, s);
		ac_xw_close(w);
		source = s;
	}
}

static void
put_offset(struct gen *g, struct ac_xw *w, const char *name, unsigned percent)
{
	if (gen_chance(g, percent))
		ac_xw_attrc(
		    w, name, PICK(g, "48 h", "90 min", "3 d", "2 w", "3 d 08:00", "72 h", "14 d", "1 d"));
}

static void
put_line(struct gen *g, struct ac_xw *w, const char *element, size_t i)
{
	ac_xw_open(w, element);
	ac_xw_attrf(w, "id", "%.2s-%zu", element, i);
	if (gen_chance(g, 30))
		ac_xw_attrc(w, "when",
		    PICK(g, "fact/area = 'face'", "patient/age > 17", "fact/technique = 'needle'",
			"patient/sex = 'female'", "not(fact/area = 'scalp')"));
	else
		return;
	if (strcmp(element, "instruction") != 0 && strcmp(element, "red-flag") != 0 && gen_chance(g, 50))
		ac_xw_attrc(w, "unknown", PICK(g, "include", "omit"));
}

static void
put_instruction(struct gen *g, struct ac_xw *w, size_t i)
{
	put_line(g, w, "instruction", i);
	ac_xw_attrf(w, "concept", "concept-%u", (unsigned)gen_below(g, 12));
	ac_xw_attrc(w, "kind", PICK(g, "restriction", "restriction", "care", "information", "warning"));
	if (gen_chance(g, 75)) {
		ac_xw_open(w, "window");
		if (gen_chance(g, 20))
			ac_xw_attrc(w, "from", PICK(g, "30 min", "1 h"));
		put_offset(g, w, "until", 90);
		ac_xw_close(w);
	}
	put_text(g, w, "text", 600);
	if (gen_chance(g, 60)) {
		ac_xw_open(w, "why");
		ac_xw_attrc(w, "xml:lang", g->lang);
		ac_xw_attrc(w, "evidence", PICK(g, "uncited", "weak", "good", "clinic"));
		ac_xw_attrc(w, "source", "seed");
		ac_xw_text(w, gen_words(g, 300));
		ac_xw_close(w);
	}
	if (gen_chance(g, 40)) {
		ac_xw_open(w, "except");
		ac_xw_attrc(w, "xml:lang", g->lang);
		ac_xw_text(w, gen_words(g, 100));
		ac_xw_close(w);
	}
	if (gen_chance(g, 10)) {
		ac_xw_open(w, "contradicts");
		ac_xw_attrf(w, "concept", "concept-%u", (unsigned)gen_below(g, 12));
		ac_xw_close(w);
	}
	ac_xw_close(w);
}

static void
put_task(struct gen *g, struct ac_xw *w, size_t i)
{
	put_line(g, w, "task", i);
	ac_xw_attrc(w, "kind",
	    PICK(g, "check-in", "call", "visit", "booking", "session", "education", "review", "record"));
	ac_xw_attrc(w, "role", PICK(g, "front-desk", "nurse", "clinician", "admin"));
	if (gen_chance(g, 15)) {
		ac_xw_attrc(w, "at", PICK(g, "4 w 12 w", "1 d 09:00 3 d 1 w", "36 h"));
		ac_xw_attrc(w, "within", PICK(g, "2 d", "90 min"));
	} else {
		if (gen_chance(g, 40))
			ac_xw_attrc(w, "from", PICK(g, "1 h", "20 min"));
		put_offset(g, w, "until", 90);
	}
	if (gen_chance(g, 60)) {
		ac_xw_attrc(w, "closed", PICK(g, "before", "after", "keep"));
		ac_xw_attrc(w, "shift", PICK(g, "1 d", "3 d"));
	}
	if (gen_chance(g, 20))
		ac_xw_attrc(w, "urgent", "yes");
	put_text(g, w, "text", 300);
	ac_xw_close(w);
}

static void
put_rest(struct gen *g, struct ac_xw *w)
{
	size_t n;

	n = gen_below(g, 4);
	for (size_t i = 0; i < n; i++) {
		put_line(g, w, "expectation", i);
		put_offset(g, w, "until", 60);
		put_text(g, w, "text", 200);
		ac_xw_close(w);
	}
	n = gen_below(g, 5);
	for (size_t i = 0; i < n; i++) {
		put_line(g, w, "red-flag", i);
		ac_xw_attrc(w, "level", PICK(g, "call", "emergency"));
		if (gen_chance(g, 50))
			ac_xw_attrc(w, "contact", PICK(g, "clinic", "out-of-hours", "emergency"));
		if (gen_chance(g, 20))
			ac_xw_attrc(w, "from", PICK(g, "2 d", "36 h"));
		put_text(g, w, "text", 200);
		ac_xw_close(w);
	}
	n = gen_below(g, 7);
	for (size_t i = 0; i < n; i++)
		put_task(g, w, i);
	if (gen_chance(g, 40)) {
		put_line(g, w, "series", 1);
		if (gen_chance(g, 70))
			ac_xw_attrc(w, "sessions", "6");
		if (gen_chance(g, 70))
			ac_xw_attrc(w, "interval", "2 w..3 w");
		ac_xw_close(w);
	}
}

static void
put_fact(struct gen *g, struct ac_xw *w, const char *name)
{
	ac_xw_open(w, "fact");
	ac_xw_attrc(w, "name", name);
	ac_xw_attrc(w, "type", "choice");
	if (name[0] == 'a')
		ac_xw_attrc(w, "many", "yes");
	ac_xw_open(w, "label");
	ac_xw_attrc(w, "xml:lang", g->lang);
	ac_xw_text(w, ac_str_c(name));
	ac_xw_close(w);
	for (int i = 0; i < 2; i++) {
		ac_xw_open(w, "value");
		ac_xw_attrc(w, "code",
		    name[0] == 'a' ? i == 0 ? "face" : "scalp"
		    : i == 0       ? "needle"
				   : "gun");
		ac_xw_open(w, "label");
		ac_xw_attrc(w, "xml:lang", g->lang);
		ac_xw_textc(w, "label");
		ac_xw_close(w);
		ac_xw_close(w);
	}
	ac_xw_close(w);
}

struct ac_str
gen_protocol_xml(struct gen *g, size_t number)
{
	struct ac_buf b;
	struct ac_xw w;
	size_t n;

	g->lang = gen_chance(g, 85) ? "en" : "de";
	ac_buf_init(&b, g->a, 16384, 0);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "protocol");
	ac_xw_attrc(&w, "xmlns", "urn:aftercare:protocol:1");
	ac_xw_attrf(&w, "id", "p-%zu", number);
	ac_xw_attrc(&w, "owner", "test");
	if (gen_chance(g, 30))
		ac_xw_attrc(&w, "demonstration", "yes");
	put_text(g, &w, "title", 120);
	for (int i = 0; i < 5; i++) {
		static const char *const systems[] = { "CPT4", "SNOMED-CT", "LOCAL",
			"urn:oid:2.16.840.1.113883.19.9", "a & b" };
		ac_xw_open(&w, "trigger");
		ac_xw_attrc(&w, "system", systems[i]);
		ac_xw_attrf(&w, "code", "C%zu", number);
		ac_xw_close(&w);
	}
	put_fact(g, &w, "area");
	put_fact(g, &w, "technique");
	n = gen_below(g, 4);
	for (size_t i = 0; i < n; i++) {
		put_line(g, &w, "goal", i);
		put_text(g, &w, "text", 200);
		ac_xw_close(&w);
	}
	n = gen_below(g, 13);
	for (size_t i = 0; i < n; i++)
		put_instruction(g, &w, i);
	put_rest(g, &w);
	ac_xw_close(&w);
	return ac_buf_str(&b);
}

static struct ac_contact
contact(struct gen *g)
{
	struct ac_contact c = { .is_set = gen_chance(g, 70) };

	c.has_hours = gen_chance(g, 50);

	if (!c.is_set)
		return (struct ac_contact){ 0 };
	c.number = ac_str_c(PICK(g, "112", "911", "+49 30 5550199", " "));
	c.name = gen_maybe(g, 60, 100);
	for (int i = 0; i < 7; i++) {
		c.hours.from[i] = 540;
		c.hours.until[i] = gen_chance(g, 70) ? 1080 : 540;
	}
	return c;
}

const struct ac_clinic *
gen_clinic(struct gen *g)
{
	struct ac_clinic *c = ac_new(g->a, struct ac_clinic, 1);

	c->live_since = AC_INSTANT_NONE;
	c->signature_covers_plan = gen_chance(g, 50);
	c->clinic = contact(g);
	c->out_of_hours = contact(g);
	c->emergency = contact(g);
	for (int i = 0; i < 5; i++) {
		c->hours.from[i] = 540;
		c->hours.until[i] = 1080;
	}
	if (gen_chance(g, 20))
		return c;
	c->name = gen_maybe(g, 90, 200);
	c->demonstration = gen_chance(g, 20);
	if (gen_chance(g, 80))
		c->country = ac_str_c(PICK(g, "DE", "US", "USA", "FR"));
	c->address = gen_maybe(g, 70, 200);
	c->city = gen_maybe(g, 70, 60);
	c->state = gen_maybe(g, 40, 20);
	c->postal_code = gen_maybe(g, 70, 20);
	if (gen_chance(g, 70))
		c->phone = ac_str_c(PICK(g, "+49 30 5550103", "(555) 555-0100", "<&>"));
	if (gen_chance(g, 60))
		c->oid = ac_str_c(PICK(g, "2.16.840.1.113883.19.5", "not an oid", "1.2.03"));
	return c;
}

static struct ac_plan_input *
input(struct gen *g)
{
	struct ac_plan_input *in = ac_new(g->a, struct ac_plan_input, 1);

	in->clinic = gen_clinic(g);
	in->version = 1 + (uint32_t)gen_below(g, 5);
	in->document_version = 1 + (uint32_t)gen_below(g, 4);
	in->former_document_version = in->document_version - 1;
	in->stage = gen_chance(g, 80) ? AC_STAGE_FINAL : AC_STAGE_PRELIMINARY;
	in->revoked = gen_chance(g, 15);
	if (in->revoked)
		in->revoke_reason = ac_str_c(PICK(
		    g, "procedure-gone", "entered-in-error", "patient-changed", "cancelled", "other", ""));
	in->id_root = (struct ac_uuid){ { 1, 2, 3 } };
	return in;
}

static enum ac_code
load(struct gen *g, struct ac_plan_input *in, size_t n, struct ac_err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct ac_plan_protocol *p = &in->protocols[in->nprotocols];
		enum ac_code code = ac_protocol_load(gen_protocol_xml(g, i + 1), g->a, &p->protocol, e);
		if (code != AC_OK)
			return code;
		p->approver = gen_maybe(g, 70, 60);
		in->nprotocols++;
	}
	return AC_OK;
}

const struct ac_plan *
gen_plan(struct gen *g, struct ac_err *e)
{
	struct ac_plan_input *in = input(g);
	struct ac_str bytes,
	    zone = ac_str_c(PICK(g, "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia",
		"Australia/Lord_Howe", "America/St_Johns", "UTC", "Asia/Tehran"));
	size_t n = gen_chance(g, 70) ? 1 : 2 + gen_below(g, 2);
	struct enc_warnings warnings = { 0 };
	struct encounter *enc = NULL;
	struct ac_plan *p = NULL;

	if (ac_zone_read(zone, g->zoneinfo, g->a, &bytes, e) != AC_OK ||
	    ac_zone_open(zone, bytes, g->a, &in->zone, e) != AC_OK)
		return NULL;
	if (load(g, in, n, e) != AC_OK)
		return NULL;
	if (enc_snapshot_decode(enc_snapshot_encode(gen_encounter(g, zone, n), true, g->a), g->a, &enc,
		&warnings, e) != AC_OK)
		return NULL;
	in->encounter = enc;
	in->made_at = enc->start.t + (int64_t)gen_below(g, 10 * 86400);
	in->issued_at = gen_chance(g, 60) ? enc->start.t + 4000 : AC_INSTANT_NONE;
	if (gen_life(g, in, e) != AC_OK || gen_overrides(g, in, e) != AC_OK)
		return NULL;
	return ac_plan_make(in, g->a, &p, e) == AC_OK ? p : NULL;
}
