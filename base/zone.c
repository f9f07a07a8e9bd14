/*
 * zone.c - time zones from TZif bytes. Source: RFC 8536 (version 2 and later), POSIX.1 TZ for the footer.
 *
 * The bytes may come from a store or an upload: every count is checked against what is there before it is
 * used. Files with leap seconds ("right/...") are refused, because an instant here is POSIX time.
 */
#include "base/time.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/zone_rule.h"

#define DAY_S INT64_C(86400)
#define OFFSET_MAX (26 * 3600) /* RFC 8536 section 3.2: an offset lies between -25 h and +26 h */
/* Start of year -1, end of year 10000: every year that can be written, whatever its offset. */
#define INSTANT_MIN (-719893 * DAY_S)
#define INSTANT_MAX (2933262 * DAY_S)

struct ac_zone {
	struct ac_str name;
	size_t n;
	int64_t *at;     /* ascending */
	int32_t *offset; /* from at[i] on */
	int32_t first;   /* before at[0] */
	bool has_rule;   /* from at[n - 1] on; always when n is 0 */
	struct ac_zone_rule rule;
};

bool
ac_zone_name_is_ok(struct ac_str name)
{
	bool start = true; /* of a part between slashes */

	if (name.n == 0 || name.n > 64)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9') ||
			      c == '_' || c == '+';

		if (c == '/' ? start : c == '-' ? start : !letter)
			return false;
		start = c == '/';
	}
	return !start;
}

enum ac_code
ac_zone_read(
    struct ac_str name, const char *dir, struct ac_arena *a, struct ac_str *ret_bytes, struct ac_err *reterr)
{
	struct stat st;

	if (!ac_zone_name_is_ok(name))
		return ac_fail(reterr, AC_ENOTFOUND, "ZONE-UNKNOWN", "this is not the name of a time zone");
	struct ac_str path = ac_strf(a, "%s/%.*s", dir != NULL ? dir : "/usr/share/zoneinfo", AC_FMT(name));
	const char *file = ac_cstr(a, path);
	if (stat(file, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > AC_ZONE_BYTES_MAX)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "ZONE-UNKNOWN", "no time zone of this name is installed");
	return ac_file_read(file, AC_ZONE_BYTES_MAX, a, ret_bytes, reterr);
}

static enum ac_code
bad(struct ac_err *reterr, const char *what)
{
	return ac_fail(
	    reterr, AC_EINPUT, "ZONE-TZIF", "not a time zone file of version 2 or later: %s", what);
}

static int64_t
big_endian(const char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = v << 8 | (unsigned char)p[i];
	return n == 4 ? (int64_t)(int32_t)(uint32_t)v : (int64_t)v;
}

struct header {
	size_t ut, std, leap, time, type, chars;
};

/* The header at the front of *s, which moves past it; `time_size` is 4 in the first block, then 8. */
static bool
take_header(struct ac_str *s, size_t time_size, struct header *h, size_t *ret_body)
{
	size_t count[6];

	if (s->n < 44 || !ac_str_starts(*s, AC_S("TZif")) || s->p[4] < '2' || s->p[4] > '9')
		return false;
	for (size_t i = 0; i < 6; i++) {
		count[i] = (size_t)(uint32_t)big_endian(s->p + 20 + 4 * i, 4);
		if (count[i] > AC_ZONE_BYTES_MAX)
			return false;
	}
	*h = (struct header){ count[0], count[1], count[2], count[3], count[4], count[5] };
	*s = (struct ac_str){ s->p + 44, s->n - 44 };
	*ret_body =
	    h->time * (time_size + 1) + h->type * 6 + h->chars + h->leap * (time_size + 4) + h->std + h->ut;
	return *ret_body <= s->n;
}

static bool
read_offset(const char *types, size_t i, int32_t *ret)
{
	int64_t v = big_endian(types + 6 * i, 4);

	*ret = (int32_t)v;
	return v > -OFFSET_MAX && v < OFFSET_MAX;
}

/* The second block: transitions and their offsets. */
static const char *
read_block(const char *p, const struct header *h, struct ac_arena *a, struct ac_zone *z)
{
	const char *index = p + 8 * h->time, *types = index + h->time;

	if (h->type == 0 || h->type > 256 || h->leap != 0)
		return h->leap != 0 ? "it counts leap seconds" : "it has no types";
	z->n = h->time;
	z->at = ac_new(a, int64_t, h->time);
	z->offset = ac_new(a, int32_t, h->time);
	for (size_t i = 0; i < h->time; i++) {
		size_t type = (unsigned char)index[i];

		z->at[i] = big_endian(p + 8 * i, 8);
		if (i > 0 && z->at[i] <= z->at[i - 1])
			return "transitions are not in order";
		if (type >= h->type || !read_offset(types, type, &z->offset[i]))
			return "a type is out of range";
	}
	return read_offset(types, 0, &z->first) ? NULL : "a type is out of range";
}

enum ac_code
ac_zone_open(struct ac_str name, struct ac_str tzif, struct ac_arena *a, const struct ac_zone **ret,
    struct ac_err *reterr)
{
	struct ac_str s = tzif;
	struct ac_zone *z = ac_new(a, struct ac_zone, 1);
	struct header h;
	size_t body;
	const char *why;

	if (tzif.n > AC_ZONE_BYTES_MAX)
		return ac_fail(reterr, AC_ELIMIT, "ZONE-SIZE",
		    "a time zone of %zu bytes, at most %d are read", tzif.n, AC_ZONE_BYTES_MAX);
	if (!take_header(&s, 4, &h, &body))
		return bad(reterr, "its first header");
	s = (struct ac_str){ s.p + body, s.n - body };
	if (!take_header(&s, 8, &h, &body))
		return bad(reterr, "its second header");
	if ((why = read_block(s.p, &h, a, z)) != NULL)
		return bad(reterr, why);
	s = (struct ac_str){ s.p + body, s.n - body };
	if (s.n < 2 || s.p[0] != '\n' || s.p[s.n - 1] != '\n')
		return bad(reterr, "its footer");
	s = (struct ac_str){ s.p + 1, s.n - 2 };
	z->has_rule = s.n > 0;
	if (z->has_rule && !ac_zone_rule_parse(s, &z->rule))
		return bad(reterr, "its footer's rule");
	z->name = ac_str_dup(a, name);
	*ret = z;
	return AC_OK;
}

struct ac_str
ac_zone_name(const struct ac_zone *z)
{
	return z->name;
}

/* How many transitions are at or before t. */
static size_t
passed(const struct ac_zone *z, int64_t t)
{
	size_t low = 0, high = z->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (z->at[mid] <= t)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int64_t
clamp(int64_t t)
{
	return t < INSTANT_MIN ? INSTANT_MIN : t > INSTANT_MAX ? INSTANT_MAX : t;
}

int32_t
ac_zone_offset(const struct ac_zone *z, int64_t t)
{
	size_t i = passed(z, t);

	if (i == z->n && z->has_rule)
		return ac_zone_rule_offset(&z->rule, clamp(t));
	return i == 0 ? z->first : z->offset[i - 1];
}

/* The next transition after t, INT64_MAX when there is none. The offset may stay the same at one. */
static int64_t
next_transition(const struct ac_zone *z, int64_t t)
{
	size_t i = passed(z, t);

	if (i < z->n)
		return z->at[i];
	int64_t next = z->has_rule ? ac_zone_rule_next(&z->rule, clamp(t)) : INT64_MAX;
	return next > t ? next : INT64_MAX; /* a rule ends with the years that can be written */
}

struct ac_wall
ac_wall_at(const struct ac_zone *z, int64_t t)
{
	int64_t local = clamp(t) + (z == NULL ? 0 : ac_zone_offset(z, t));
	int64_t s = (local % DAY_S + DAY_S) % DAY_S;
	struct ac_wall w;

	ac_civil_from_days((local - s) / DAY_S, &w.year, &w.month, &w.day);
	w.hour = (int8_t)(s / 3600);
	w.min = (int8_t)(s / 60 % 60);
	w.sec = (int8_t)(s % 60);
	return w;
}

int64_t
ac_wall_instant(const struct ac_zone *z, struct ac_wall w, enum ac_fold fold)
{
	int64_t local = ac_wall_utc(w);
	/* Whatever the offset: the wall clock shows at most `local` at `t`, and at least `local` at `end`. */
	int64_t t = local - OFFSET_MAX, end = local + OFFSET_MAX;
	int64_t found = AC_INSTANT_NONE, gap = AC_INSTANT_NONE;
	int32_t offset = z == NULL ? 0 : ac_zone_offset(z, t);

	for (;;) {
		int64_t next = z == NULL ? INT64_MAX : next_transition(z, t);
		int64_t candidate = local - offset;

		if (candidate >= t && candidate < next) {
			found = candidate;
			if (fold == AC_FOLD_EARLIER)
				return found;
		}
		if (next > end)
			break;
		int32_t after = ac_zone_offset(z, next);
		if (gap == AC_INSTANT_NONE && next + offset <= local && local < next + after)
			gap = next;
		t = next;
		offset = after;
	}
	return found != AC_INSTANT_NONE ? found : gap;
}

bool
ac_zone_next_change(const struct ac_zone *z, int64_t from, int64_t to, int64_t *ret_at, int32_t *ret_delta_s)
{
	int64_t t = clamp(from), last = clamp(to);
	int32_t offset = ac_zone_offset(z, t);

	for (;;) {
		int64_t next = next_transition(z, t);
		if (next > last)
			return false;
		int32_t after = ac_zone_offset(z, next);
		if (after != offset) {
			*ret_at = next;
			*ret_delta_s = after - offset;
			return true;
		}
		t = next;
	}
}
