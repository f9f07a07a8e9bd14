/*
 * clinic.c - the clinic's configuration out of its INI text.
 *
 * inih reads the lines; what it would take in silence (a line cut at 200 bytes, an indented line that continues the
 * value above, a colon for "=") is refused before it sees the text.
 */
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "core/clinic_parts.h"

struct load {
	struct ac_arena *a;
	struct ac_clinic *c;
	AC_VEC(struct ac_closed_day) closed;
	AC_VEC(struct ac_duty) duty;
	uint64_t seen; /* bit per row of `keys` */
	struct ac_err err;
};

typedef bool read_fn(struct load *l, struct ac_str v, void *to);

static void __attribute__((format(printf, 4, 5)))
fault(struct load *l, enum ac_code code, const char *rule, const char *fmt, ...)
{
	char msg[200];
	va_list ap;

	if (l->err.code != AC_OK)
		return;
	va_start(ap, fmt);
	if (vsnprintf(msg, sizeof(msg), fmt, ap) < 0)
		msg[0] = '\0';
	va_end(ap);
	(void)ac_fail(&l->err, code, rule, "%s", msg);
}

static bool
read_text(struct load *l, struct ac_str v, void *to)
{
	*(struct ac_str *)to = ac_str_dup(l->a, v);
	return true;
}

static bool
read_country(struct load *l, struct ac_str v, void *to)
{
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < 'A' || v.p[i] > 'Z')
			return false;
	return v.n == 2 && read_text(l, v, to);
}

static bool
read_zone(struct load *l, struct ac_str v, void *to)
{
	return ac_zone_name_is_ok(v) && read_text(l, v, to);
}

static bool
read_oid(struct load *l, struct ac_str v, void *to)
{
	struct ac_str rest = v, arc;
	int64_t unused;

	while (ac_str_is_set(rest)) {
		rest = ac_cut(rest, '.', &arc);
		if (arc.n == 0 || arc.p[0] == '-' || (arc.n > 1 && arc.p[0] == '0') || arc.n > 39)
			return false;
		for (size_t i = 0; i < arc.n; i++)
			if (!ac_str_int((struct ac_str){ arc.p + i, 1 }, 0, 9, &unused))
				return false;
	}
	return v.p[0] >= '0' && v.p[0] <= '2' && memchr(v.p, '.', v.n) != NULL && read_text(l, v, to);
}

/* A telephone number as people write it: two digits at least, no letters. */
bool
ac_clinic_number_is_ok(struct ac_str v)
{
	size_t digits = 0;

	for (size_t i = 0; i < v.n; i++) {
		if (memchr("0123456789 +-()/.", v.p[i], 17) == NULL)
			return false;
		digits += v.p[i] >= '0' && v.p[i] <= '9';
	}
	return digits >= 2;
}

static bool
read_number(struct load *l, struct ac_str v, void *to)
{
	return ac_clinic_number_is_ok(v) && read_text(l, v, to);
}

static bool
read_yes_no(struct load *l, struct ac_str v, void *to)
{
	(void)l;
	*(bool *)to = ac_streq_c(v, "yes");
	return ac_streq_c(v, "yes") || ac_streq_c(v, "no");
}

static bool
read_signed(struct load *l, struct ac_str v, void *to)
{
	struct ac_str name, date = ac_cut(v, ' ', &name);
	struct ac_stamp day;

	return name.n > 0 && ac_date_parse(date, &day) && day.precision == 8 && read_text(l, v, to);
}

static bool
is_clock(struct ac_str s, int16_t *ret)
{
	struct ac_str h, m = ac_cut(s, ':', &h);
	int64_t hour, min;

	if (h.n != 2 || m.n != 2 || !ac_str_int(h, 0, 24, &hour) || !ac_str_int(m, 0, 59, &min) ||
	    hour * 60 + min > 1440)
		return false;
	*ret = (int16_t)(hour * 60 + min);
	return true;
}

static int
weekday(struct ac_str s)
{
	static const char *const names[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

	for (int i = 0; i < 7; i++)
		if (ac_streq_c(s, names[i]))
			return i;
	return -1;
}

/* "Mon-Fri 09:00-18:00". LIMIT: hours over midnight cannot be written; such a line is given without hours. */
static bool
read_span(struct ac_str v, struct ac_hours *h)
{
	struct ac_str days, times = ac_cut(v, ' ', &days), first, last, from, until;
	int16_t start, end;

	last = ac_cut(days, '-', &first);
	until = ac_cut(ac_str_trim(times), '-', &from);
	int d = weekday(first), stop = ac_str_is_set(last) ? weekday(last) : d;
	if (d < 0 || stop < d || !is_clock(from, &start) || !is_clock(until, &end) || start >= end)
		return false;
	for (; d <= stop; d++) {
		if (h->from[d] < h->until[d])
			return false; /* a day stands once */
		h->from[d] = start;
		h->until[d] = end;
	}
	return true;
}

bool
ac_clinic_hours_read(struct ac_str v, struct ac_hours *ret)
{
	struct ac_hours h = { 0 };
	struct ac_str one;

	while (ac_str_is_set(v)) {
		v = ac_cut(v, ',', &one);
		if (!read_span(ac_str_trim(one), &h))
			return false;
	}
	*ret = h;
	return true;
}

static bool
read_hours(struct load *l, struct ac_str v, void *to)
{
	(void)l;
	return ac_clinic_hours_read(v, to);
}

/* "15 min", "2 h": a minute at least, a day at most. */
static bool
read_minutes(struct load *l, struct ac_str v, void *to)
{
	struct ac_str n, unit = ac_str_trim(ac_cut(v, ' ', &n));
	int64_t count, each = ac_streq_c(unit, "h") ? 3600 : 60;

	(void)l;
	if (!ac_str_int(n, 1, 1440, &count) || (!ac_streq_c(unit, "min") && !ac_streq_c(unit, "h")) ||
	    count * each > 24 * 3600)
		return false;
	*(int32_t *)to = (int32_t)(count * each);
	return true;
}

/* Questions of patients are answered by those who may answer them. */
static bool
read_answer_role(struct load *l, struct ac_str v, void *to)
{
	enum ac_role role;

	(void)l;
	if (!ac_role_parse(v, &role) || (role != AC_ROLE_NURSE && role != AC_ROLE_CLINICIAN))
		return false;
	*(enum ac_role *)to = role;
	return true;
}

static bool
read_clock(struct load *l, struct ac_str v, void *to)
{
	(void)l;
	*(bool *)to = ac_streq_c(v, "open-hours");
	return *(bool *)to || ac_streq_c(v, "elapsed");
}

static bool
read_duty(struct load *l, struct ac_str v, void *to)
{
	struct ac_duty d;

	(void)to;
	if (!ac_duty_read(v, l->a, &d))
		return false;
	if (l->duty.n == AC_CLINIC_DUTY_MAX) {
		fault(l, AC_ELIMIT, "CLN-LIMIT", "there are at most %d duties", AC_CLINIC_DUTY_MAX);
		return false;
	}
	AC_PUSH(l->a, &l->duty, d);
	return true;
}

static bool
read_contact_hours(struct load *l, struct ac_str v, void *to)
{
	struct ac_contact *c = to;

	c->has_hours = true;
	return read_hours(l, v, &c->hours);
}

/* "2026-04-03 Good Friday" */
static bool
read_closed(struct load *l, struct ac_str v, void *to)
{
	struct ac_str date, name = ac_cut(v, ' ', &date);
	struct ac_closed_day day = { .name = ac_str_dup(l->a, ac_str_trim(name)) };
	struct ac_stamp s;

	(void)to;
	if (!ac_date_parse(date, &s) || s.precision != 8)
		return false;
	if (l->closed.n == AC_CLINIC_CLOSED_MAX) {
		fault(l, AC_ELIMIT, "CLN-LIMIT", "there are at most %d closed days", AC_CLINIC_CLOSED_MAX);
		return false;
	}
	day.day = s.t / 86400 - (s.t % 86400 < 0);
	AC_PUSH(l->a, &l->closed, day);
	return true;
}

static bool
read_finalise(struct load *l, struct ac_str v, void *to)
{
	struct ac_str word, n = ac_cut(v, ' ', &word);
	int64_t hours = 24;

	(void)to;
	if (ac_streq_c(v, "signed"))
		l->c->finalise = AC_FINAL_SIGNED;
	else if (ac_streq_c(v, "status-finished"))
		l->c->finalise = AC_FINAL_FINISHED;
	else if (ac_streq_c(word, "hours-after-issue") && ac_str_int(ac_str_trim(n), 0, 720, &hours))
		l->c->finalise = AC_FINAL_HOURS_AFTER_ISSUE;
	else
		return false;
	l->c->finalise_hours = (int32_t)hours;
	return true;
}

/* "24 h": at least an hour, or it would be no waiting. */
static bool
read_solo(struct load *l, struct ac_str v, void *to)
{
	struct ac_str n, unit = ac_str_trim(ac_cut(v, ' ', &n));
	int64_t hours;

	if (!ac_str_int(n, 1, 720, &hours) || !ac_streq_c(unit, "h"))
		fault(l, AC_EINPUT, "CLN-VALUE", "solo in [rules] is a number of hours from 1 h to 720 h, such as 24 h");
	else
		*(int32_t *)to = (int32_t)hours;
	return true;
}

static bool
read_early_issue(struct load *l, struct ac_str v, void *to)
{
	static const char *const words[] = {
		[AC_ISSUE_YES] = "yes", [AC_ISSUE_NO_OVERRIDES] = "no-overrides", [AC_ISSUE_NO] = "no"
	};

	(void)l;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!ac_streq_c(v, words[i]))
			continue;
		*(enum ac_early_issue *)to = (enum ac_early_issue)i;
		return true;
	}
	return false;
}

static bool
read_also_deliver(struct load *l, struct ac_str v, void *to)
{
	struct ac_str word;

	(void)to;
	while (v.n > 0) {
		v = ac_str_trim(ac_cut(v, ' ', &word));
		if (ac_streq_c(word, "care-plan-rows"))
			l->c->deliver_rows = true;
		else if (ac_streq_c(word, "handout"))
			l->c->deliver_handout = true;
		else
			return false;
	}
	return true;
}

static bool
read_instant(struct load *l, struct ac_str v, void *to)
{
	struct ac_stamp s;

	(void)l;
	if (!ac_stamp_parse(v, &s))
		return false;
	*(int64_t *)to = s.t;
	return true;
}

#define AT(member) offsetof(struct ac_clinic, member)
#define CONTACT(section, member) \
	{ "contact " section, "number", AT(member.number), false, read_number }, \
	    { "contact " section, "name", AT(member.name), false, read_text }, \
	    { "contact " section, "hours", AT(member), false, read_contact_hours }, \
	{ \
		"contact " section, "signed", AT(member.signed_by), false, read_signed \
	}

static const struct key {
	const char *section, *name;
	size_t at;
	bool many;
	read_fn *read;
} keys[] = {
	{ "clinic", "name", AT(name), false, read_text },
	{ "clinic", "country", AT(country), false, read_country },
	{ "clinic", "zone", AT(zone), false, read_zone },
	{ "clinic", "demonstration", AT(demonstration), false, read_yes_no },
	{ "clinic", "address", AT(address), false, read_text },
	{ "clinic", "city", AT(city), false, read_text },
	{ "clinic", "state", AT(state), false, read_text },
	{ "clinic", "postal-code", AT(postal_code), false, read_text },
	{ "clinic", "phone", AT(phone), false, read_number },
	{ "clinic", "oid", AT(oid), false, read_oid },
	CONTACT("clinic", clinic),
	CONTACT("out-of-hours", out_of_hours),
	CONTACT("emergency", emergency),
	{ "calendar", "hours", AT(hours), false, read_hours },
	{ "calendar", "closed", 0, true, read_closed },
	{ "rules", "finalise", 0, false, read_finalise },
	{ "rules", "issue-before-signature", AT(early_issue), false, read_early_issue },
	{ "rules", "signature-covers-plan", AT(signature_covers_plan), false, read_yes_no },
	{ "rules", "solo", AT(solo_hours), false, read_solo },
	{ "rules", "also-deliver", 0, false, read_also_deliver },
	{ "rules", "live-since", AT(live_since), false, read_instant },
	{ "on-call", "take-within", AT(take_within_s), false, read_minutes },
	{ "on-call", "answer-within", AT(answer_within_s), false, read_minutes },
	{ "on-call", "answer-by", AT(answer_by), false, read_answer_role },
	{ "on-call", "answer-next", AT(answer_next), false, read_answer_role },
	{ "on-call", "answer-next-after", AT(answer_next_after_s), false, read_minutes },
	{ "on-call", "answer-clock", AT(answer_in_hours), false, read_clock },
	{ "on-call", "duty", 0, true, read_duty },
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))
_Static_assert(NKEYS <= 64, "one bit per key");

/* inih's callback: 0 makes it remember this line as the first bad one. */
static int
on_value(void *arg, const char *section, const char *name, const char *value)
{
	struct load *l = arg;
	struct ac_str v = ac_str_trim(ac_str_c(value));

	if (l->err.code != AC_OK)
		return 0;
	for (size_t i = 0; i < NKEYS; i++) {
		const struct key *k = &keys[i];
		if (strcmp(k->section, section) != 0 || strcmp(k->name, name) != 0)
			continue;
		if (!k->many && (l->seen >> i & 1) != 0) {
			fault(l, AC_EINPUT, "CLN-KEY", "%s in [%s] stands twice", name, section);
			return 0;
		}
		l->seen |= UINT64_C(1) << i;
		if (v.n > 0 && !k->read(l, v, (char *)l->c + k->at))
			fault(l, AC_EINPUT, "CLN-VALUE", "the value of %s in [%s] cannot be read", name,
			    section);
		return l->err.code == AC_OK;
	}
	fault(l, AC_EINPUT, "CLN-KEY", "[%.40s] has no key %.40s", section, name);
	return 0;
}

/* NULL, or what is wrong with a line before inih sees it. */
static const char *
line_fault(struct ac_str line)
{
	struct ac_str name;

	if (line.n > AC_CLINIC_LINE_MAX)
		return "a line has at most 190 bytes";
	if (ac_str_trim(line).n == 0 || line.p[0] == '#' || line.p[0] == ';')
		return NULL;
	if (line.p[0] == ' ' || line.p[0] == '\t')
		return "a line does not start with a blank";
	if (line.p[0] == '[')
		return memchr(line.p, ']', line.n) == NULL ? "a section ends with \"]\"" : NULL;
	if (!ac_str_is_set(ac_cut(line, '=', &name)))
		return "a line is a section, a comment, or a key, \"=\" and a value";
	name = ac_str_trim(name);
	for (size_t i = 0; i < name.n; i++)
		if ((name.p[i] < 'a' || name.p[i] > 'z') && name.p[i] != '-')
			return "a key is small letters and hyphens";
	return name.n == 0 ? "there is no key before \"=\"" : NULL;
}

static enum ac_code
check_lines(struct ac_str ini, struct ac_err *reterr)
{
	uint32_t number = 0;
	size_t bad;

	if (ini.n > AC_CLINIC_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "CLN-LIMIT", "the configuration has at most %d bytes",
		    AC_CLINIC_BYTES_MAX);
	if (!ac_utf8_is_valid(ini, &bad) || (ini.n > 0 && memchr(ini.p, '\0', ini.n) != NULL))
		return ac_fail(reterr, AC_EINPUT, "CLN-SYNTAX", "the configuration is UTF-8 text");
	while (ac_str_is_set(ini)) {
		struct ac_str line;
		ini = ac_cut(ini, '\n', &line);
		const char *what = line_fault(line);
		number++;
		if (what != NULL)
			return ac_fail_at(reterr, AC_EINPUT, "CLN-SYNTAX", number, 1, NULL, "%s", what);
	}
	return AC_OK;
}

static void
set_defaults(struct ac_clinic *c)
{
	c->finalise = AC_FINAL_SIGNED;
	c->finalise_hours = 24;
	c->early_issue = AC_ISSUE_NO_OVERRIDES;
	c->answer_by = AC_ROLE_NURSE;
	c->answer_next = AC_ROLE_CLINICIAN;
	c->live_since = AC_INSTANT_NONE;
	for (int d = 0; d < 7; d++)
		c->hours.until[d] = 1440;
}

enum ac_code
ac_clinic_load(struct ac_str ini, struct ac_arena *a, const struct ac_clinic **ret, struct ac_err *reterr)
{
	struct ac_clinic *c = ac_new(a, struct ac_clinic, 1);
	struct load l = { .a = a, .c = c };
	enum ac_code rc = check_lines(ini, reterr);

	if (rc != AC_OK)
		return rc;
	set_defaults(c);
	c->source = ini.n == 0 ? AC_S("") : ac_str_dup(a, ini);
	int bad = ini_parse_string(ac_cstr(a, c->source), on_value, &l);
	if (bad < 0)
		return ac_fail(reterr, AC_EIO, "CLN-LIBRARY", "inih has no memory");
	if (l.err.code != AC_OK)
		return ac_fail_at(reterr, l.err.code, l.err.rule, (uint32_t)bad, 1, NULL, "%s", l.err.msg);
	if (bad > 0)
		return ac_fail_at(
		    reterr, AC_EINPUT, "CLN-SYNTAX", (uint32_t)bad, 1, NULL, "this line cannot be read");
	if (c->name.n == 0)
		return ac_fail_at(reterr, AC_EINPUT, "CLN-KEY", 1, 1, NULL, "name in [clinic] is missing");
	if (l.duty.n > 0 && c->zone.n == 0)
		return ac_fail_at(reterr, AC_EINPUT, "CLN-KEY", 1, 1, NULL,
		    "zone in [clinic] is missing: times on call are the clinic's");
	c->duty = l.duty.v;
	c->nduty = l.duty.n;
	c->clinic.is_set = c->clinic.number.n > 0;
	c->out_of_hours.is_set = c->out_of_hours.number.n > 0;
	c->emergency.is_set = c->emergency.number.n > 0;
	c->closed = l.closed.v;
	c->nclosed = l.closed.n;
	*ret = c;
	return AC_OK;
}
