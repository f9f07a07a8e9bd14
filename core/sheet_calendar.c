/* sheet_calendar.c - see sheet_calendar.h. */
#include "core/sheet_calendar.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "core/handout_parts.h"

#define LINE_OCTETS 75 /* RFC 5545 3.1, without the CRLF */

struct calendar {
	struct ac_buf b;
	struct ac_arena *a;
	const struct ac_plan *p;
	const struct ac_calendar_options *o;
	struct ac_str words;
	AC_VEC(struct ac_str) uids; /* written so far */
};

/* A content line, folded between characters: the space that begins the next one counts. */
static void
line(struct calendar *c, struct ac_str s)
{
	size_t from = 0, used = 0;

	for (size_t i = 0; i < s.n;) {
		size_t next = i;

		(void)ac_utf8_next(s, &next);
		if (used + (next - i) > LINE_OCTETS) {
			ac_buf_add(&c->b, (struct ac_str){ s.p + from, i - from });
			ac_buf_addz(&c->b, "\r\n ");
			from = i;
			used = 1;
		}
		used += next - i;
		i = next;
	}
	ac_buf_add(&c->b, (struct ac_str){ s.p + from, s.n - from });
	ac_buf_addz(&c->b, "\r\n");
}

static void
linec(struct calendar *c, const char *s)
{
	line(c, ac_str_c(s));
}

/* RFC 5545 3.3.11: a text's own commas, semicolons, backslashes and line ends. Other controls are left out. */
static struct ac_str
escaped(struct ac_str s, struct ac_arena *a)
{
	struct ac_buf b;

	ac_buf_init(&b, a, s.n + 16, 0);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];

		if (ch == '\n')
			ac_buf_addz(&b, "\\n");
		else if (ch < 0x20 || ch == 0x7f)
			continue;
		else {
			if (ch == ',' || ch == ';' || ch == '\\')
				ac_buf_addc(&b, '\\');
			ac_buf_addc(&b, (char)ch);
		}
	}
	return ac_buf_str(&b);
}

static struct ac_str
utc(struct ac_arena *a, int64_t t)
{
	struct ac_wall w = ac_wall_at(NULL, t);

	return ac_strf(
	    a, "%04d%02d%02dT%02d%02d%02dZ", (int)w.year, w.month, w.day, w.hour, w.min, w.sec);
}

static struct ac_str
uid_of(const struct calendar *c, const char *kind, struct ac_str key)
{
	return ac_uuid_str(c->a, ac_uuid5(c->p->id, ac_strf(c->a, "calendar/%s/%.*s", kind, AC_FMT(key))));
}

static bool
is_written(const struct calendar *c, struct ac_str uid)
{
	for (size_t i = 0; i < c->uids.n; i++)
		if (ac_streq(c->uids.v[i], uid))
			return true;
	return false;
}

static void
event(struct calendar *c, struct ac_str uid, int64_t at, struct ac_str summary, bool cancelled)
{
	if (at == AC_INSTANT_NONE || is_written(c, uid))
		return;
	AC_PUSH(c->a, &c->uids, uid);
	linec(c, "BEGIN:VEVENT");
	line(c, ac_strf(c->a, "UID:%.*s", AC_FMT(uid)));
	line(c, ac_strf(c->a, "DTSTAMP:%.*s", AC_FMT(utc(c->a, c->o->stamp))));
	line(c, ac_strf(c->a, "SEQUENCE:%lld", (long long)c->o->sequence));
	line(c, ac_strf(c->a, "DTSTART:%.*s", AC_FMT(utc(c->a, at))));
	linec(c, "DURATION:PT15M"); /* so that it is seen; nothing takes 15 minutes */
	line(c, ac_strf(c->a, "SUMMARY;LANGUAGE=%.*s:%s%s%.*s", AC_FMT(c->words),
		    c->p->demonstration ? ac_word(AC_W_DEMONSTRATION, c->words) : "", c->p->demonstration ? ": " : "",
		    AC_FMT(escaped(summary, c->a))));
	linec(c, cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
	linec(c, "CLASS:PRIVATE");
	linec(c, "TRANSP:TRANSPARENT");
	linec(c, "END:VEVENT");
}

/* The rows of the sheet, by the number that stands before each; named by the first line in them. */
static void
rows(struct calendar *c, const struct ac_plan *p, bool cancelled)
{
	int number = 0;

	for (size_t i = 0; i < p->nlines; i++) {
		const struct ac_plan_line *l = &p->lines[i];

		if (!ac_sheet_is_first_of_row(p, i))
			continue;
		number++;
		event(c, uid_of(c, "line", l->key), ac_sheet_end(p->in->zone, l->until),
		    ac_strf(c->a, "%s %lld, %s %d: %s", ac_word(AC_W_SHEET, c->words), (long long)c->o->sheet,
			ac_word(AC_W_ROW, c->words), number, ac_word(AC_W_PAST, c->words)),
		    cancelled);
	}
}

static void
appointments(struct calendar *c, const struct ac_plan *p, bool cancelled)
{
	const struct encounter *e = p->in->encounter;

	for (size_t i = 0; i < e->nappointments; i++) {
		const struct enc_appointment *ap = &e->appointments[i];

		if (ac_streq_c(ap->status, "booked") && ap->start.precision == 14)
			event(c, uid_of(c, "appointment", ap->id), ap->start.t,
			    ac_str_c(ac_word(AC_W_BOOKED_VISIT, c->words)), cancelled);
	}
}

struct ac_str
ac_sheet_calendar(const struct ac_plan *p, const struct ac_calendar_options *o, struct ac_arena *a)
{
	struct calendar c = { .a = a, .p = p, .o = o, .words = ac_word_language(o->language) };

	ac_buf_init(&c.b, a, 4096, 0);
	linec(&c, "BEGIN:VCALENDAR");
	linec(&c, "VERSION:2.0");
	linec(&c, "PRODID:-//Aftercare//Sheet//EN");
	linec(&c, "CALSCALE:GREGORIAN");
	linec(&c, "METHOD:PUBLISH");
	rows(&c, p, o->withdrawn);
	appointments(&c, p, o->withdrawn);
	if (o->before != NULL) {
		rows(&c, o->before, true);
		appointments(&c, o->before, true);
	}
	linec(&c, "END:VCALENDAR");
	return ac_buf_str(&c.b);
}
