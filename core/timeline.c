/* timeline.c - see timeline.h and handout.h. */
#include "core/timeline.h"

#include "base/utf8.h"
#include "base/xw.h"
#include "core/handout.h"
#include "core/handout_words.h"
#include "core/sheet_time.h"

#define BAR_HEIGHT 12
#define AXIS_HEIGHT 18
#define AXIS_DAYS_MAX 400
#define DATE_WIDTH 52 /* room that a date wants */
#define PICTURE_WIDTH 600
#define DAY_MIN_WIDTH 8
#define SHORT_NAMES_DAYS 9 /* up to here names alone tell the days apart */
#define ROW_HEIGHT 40
#define PICTURE_TOP 34
#define LABEL_CHARS 44
#define HATCH "ac-hatch"
#define PICTURE_HATCH "ac-hatch-picture"

static int64_t
midnight(const struct ac_zone *z, int64_t day)
{
	struct ac_wall w = { 0 };

	ac_civil_from_days(day, &w.year, &w.month, &w.day);
	return ac_wall_instant(z, w, AC_FOLD_EARLIER);
}

static int64_t
day_of(const struct ac_zone *z, int64_t t)
{
	struct ac_wall w = ac_wall_at(z, t);

	return ac_days_from_civil(w.year, w.month, w.day);
}

static int
name_step(int days, int width, struct ac_str lang)
{
	int room = days <= SHORT_NAMES_DAYS ? ac_sheet_name_width(lang) : DATE_WIDTH;

	static const int steps[] = { 1, 2, 7, 14, 28, 56, 112 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (width * steps[i] / days >= room)
			return steps[i];
	return days;
}

bool
ac_axis_make(const struct ac_plan *p, struct ac_str lang, struct ac_axis *ret)
{
	struct ac_axis x = { .zone = p->in->zone, .lang = lang, .width = AC_AXIS_WIDTH };

	x.mirrored = ac_language_is_rtl(lang);
	int64_t end = AC_INSTANT_NONE;

	for (size_t i = 0; i < p->nlines; i++)
		if (p->lines[i].def->kind == AC_RESTRICTION && p->lines[i].until > end)
			end = p->lines[i].until;
	for (size_t i = 0; i < p->nlines && end == AC_INSTANT_NONE; i++)
		if (p->lines[i].until != AC_INSTANT_NONE)
			end = p->lines[i].until;
	if (end == AC_INSTANT_NONE || p->anchor == AC_INSTANT_NONE || end <= p->anchor)
		return false;
	x.first_day = day_of(x.zone, p->anchor);
	int64_t last = day_of(x.zone, end - 1);
	if (last - x.first_day >= AXIS_DAYS_MAX)
		last = x.first_day + AXIS_DAYS_MAX - 1;
	x.days = (int)(last - x.first_day) + 1;
	x.step = name_step(x.days, x.width, lang);
	x.from = midnight(x.zone, x.first_day);
	x.until = midnight(x.zone, last + 1);
	x.has_change = ac_zone_next_change(x.zone, x.from, x.until, &x.change_at, &x.change_delta_s);
	*ret = x;
	return true;
}

/* From the side on which reading begins. */
static int
along(const struct ac_axis *x, int64_t t)
{
	if (t <= x->from)
		return 0;
	if (t >= x->until)
		return x->width;
	return (int)((t - x->from) * x->width / (x->until - x->from));
}

static int
at(const struct ac_axis *x, int64_t t)
{
	return x->mirrored ? x->width - along(x, t) : along(x, t);
}

void
ac_axis_line(struct ac_xw *w, const char *class, int x1, int y1, int x2, int y2)
{
	ac_xw_open(w, "line");
	ac_xw_attrc(w, "class", class);
	ac_xw_attrf(w, "x1", "%d", x1);
	ac_xw_attrf(w, "y1", "%d", y1);
	ac_xw_attrf(w, "x2", "%d", x2);
	ac_xw_attrf(w, "y2", "%d", y2);
	ac_xw_close(w);
}

static void
hatch(struct ac_xw *w, const char *id)
{
	ac_xw_open(w, "defs");
	ac_xw_open(w, "pattern");
	ac_xw_attrc(w, "id", id);
	ac_xw_attrc(w, "width", "5");
	ac_xw_attrc(w, "height", "5");
	ac_xw_attrc(w, "patternUnits", "userSpaceOnUse");
	ac_xw_attrc(w, "patternTransform", "rotate(45)");
	ac_axis_line(w, "tl-hatch", 0, 0, 0, 5);
	ac_xw_end(w, "pattern");
	ac_xw_end(w, "defs");
}

static void
svg(struct ac_xw *w, const char *class, int width, int height)
{
	ac_xw_open(w, "svg");
	ac_xw_attrc(w, "xmlns", "http://www.w3.org/2000/svg");
	ac_xw_attrc(w, "class", class);
	ac_xw_attrf(w, "viewBox", "0 0 %d %d", width, height);
}

/* Each day, unless there are too many to tell apart. */
static int
tick_step(const struct ac_axis *x)
{
	return x->width / x->days >= DAY_MIN_WIDTH ? 1 : x->step;
}

static void
day_lines(struct ac_xw *w, const struct ac_axis *x, int step, int y1, int y2)
{
	for (int d = 0; d <= x->days; d += step) {
		int px = at(x, midnight(x->zone, x->first_day + d));

		ac_axis_line(w, "tl-day", px, y1, px, y2);
	}
}

/* A rectangle, then its far edge: straight when the end is on the axis, an arrow when it lies beyond. */
static void
bar(struct ac_xw *w, const struct ac_axis *x, int y, int height, int64_t from, int64_t until,
    const char *class, const char *pattern)
{
	bool open = until == AC_INSTANT_NONE || until > x->until;
	int x1 = along(x, from), x2 = open ? x->width : along(x, until), tip;

	if (x2 < x1 + 3)
		x2 = x1 + 3;
	tip = x2;
	if (open)
		x2 -= height / 2;
	if (x->mirrored) {
		x1 = x->width - x1;
		x2 = x->width - x2;
		tip = x->width - tip;
	}
	ac_xw_open(w, "path");
	ac_xw_attrc(w, "class", class);
	if (pattern != NULL)
		ac_xw_attrf(w, "fill", "url(#%s)", pattern);
	if (open)
		ac_xw_attrf(w, "d", "M%d %dH%dL%d %dL%d %dH%dZ", x1, y, x2, tip, y + height / 2, x2, y + height, x1);
	else
		ac_xw_attrf(w, "d", "M%d %dH%dV%dH%dZ", x1, y, x2, y + height, x1);
	ac_xw_close(w);
}

struct ac_str
ac_axis_bar(const struct ac_axis *x, int64_t from, int64_t until, bool assumed, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_xw w;

	ac_buf_init(&b, a, 512, 0);
	ac_xw_init(&w, &b, false);
	svg(&w, "tl-row", x->width, BAR_HEIGHT);
	ac_xw_attrc(&w, "aria-hidden", "true"); /* the words beside it say the same */
	day_lines(&w, x, tick_step(x), 0, BAR_HEIGHT);
	bar(&w, x, 2, BAR_HEIGHT - 4, from, until, assumed ? "tl-assumed" : "tl-bar", assumed ? HATCH : NULL);
	ac_xw_end(&w, "svg");
	return ac_buf_str(&b);
}

static void
day_names(struct ac_xw *w, const struct ac_axis *x, int y, struct ac_arena *a)
{
	bool by_name = x->days <= SHORT_NAMES_DAYS;
	int room = (by_name ? ac_sheet_name_width(x->lang) : DATE_WIDTH) - 6;

	for (int d = 0; d < x->days; d += x->step) {
		int64_t t = midnight(x->zone, x->first_day + d);

		if (x->width - along(x, t) < room)
			break;
		ac_xw_open(w, "text");
		ac_xw_attrc(w, "class", "tl-name");
		ac_xw_attrf(w, "x", "%d", at(x, t) + (x->mirrored ? -3 : 3));
		ac_xw_attrf(w, "y", "%d", y);
		if (x->mirrored)
			ac_xw_attrc(w, "text-anchor", "end");
		if (by_name)
			ac_xw_text(w, ac_sheet_weekday(ac_weekday(x->first_day + d), true, x->lang));
		else
			ac_xw_text(w, ac_sheet_date_alone(a, x->zone, t, x->lang));
		ac_xw_close(w);
	}
}

struct ac_str
ac_axis_days(const struct ac_axis *x, struct ac_arena *a)
{
	struct ac_buf b;
	struct ac_xw w;

	ac_buf_init(&b, a, 1024, 0);
	ac_xw_init(&w, &b, false);
	svg(&w, "tl-days", x->width, AXIS_HEIGHT);
	ac_xw_attrc(&w, "aria-hidden", "true");
	hatch(&w, HATCH);
	day_lines(&w, x, x->step, 0, AXIS_HEIGHT); /* no line through a name */
	day_names(&w, x, AXIS_HEIGHT - 5, a);
	ac_xw_end(&w, "svg");
	return ac_buf_str(&b);
}

struct ac_str
ac_axis_change_words(const struct ac_axis *x, struct ac_arena *a)
{
	if (!x->has_change)
		return (struct ac_str){ 0 };
	const char *verb = ac_word(x->change_delta_s > 0 ? AC_W_CLOCKS_FORWARD : AC_W_CLOCKS_BACK, x->lang);
	struct ac_wall w = ac_wall_at(x->zone, x->change_at);
	struct ac_str day =
	    ac_sheet_weekday(ac_weekday(ac_days_from_civil(w.year, w.month, w.day)), false, x->lang);

	return ac_strf(a, "%s %.*s %.*s", verb, AC_FMT(day),
	    AC_FMT(ac_sheet_date_alone(a, x->zone, x->change_at, x->lang)));
}

/* At most `max` characters; a cut is shown. */
static struct ac_str
shortened(struct ac_str s, int max, struct ac_arena *a)
{
	size_t i = 0;

	for (int n = 0; i < s.n; n++) {
		if (n == max - 1)
			return ac_strf(a, "%.*s…", (int)i, s.p);
		(void)ac_utf8_next(s, &i);
	}
	return s;
}

static struct ac_str
label_of(const struct ac_plan_line *l, struct ac_str lang)
{
	struct ac_str s = ac_text_pick(l->def->label, lang, NULL);

	return s.n > 0 ? s : ac_text_pick(l->def->text, lang, NULL);
}

static void
picture_row(struct ac_xw *w, const struct ac_plan_line *l, const struct ac_axis *x, int y, struct ac_arena *a)
{
	struct ac_str when = l->until == AC_INSTANT_NONE
				 ? ac_str_c(ac_word(AC_W_NO_END, x->lang))
				 : ac_strf(a, "%s %.*s", ac_word(AC_W_UNTIL, x->lang),
				       AC_FMT(ac_sheet_time(a, x->zone, l->until, AC_TIME_SHORT, x->lang)));

	ac_xw_open(w, "text");
	ac_xw_attrc(w, "class", "tl-label");
	ac_xw_attrf(w, "x", "%d", x->mirrored ? x->width : 0);
	if (x->mirrored)
		ac_xw_attrc(w, "text-anchor", "end");
	ac_xw_attrf(w, "y", "%d", y + 17);
	ac_xw_text(w, shortened(label_of(l, x->lang), LABEL_CHARS, a));
	ac_xw_close(w);
	ac_xw_open(w, "text");
	ac_xw_attrc(w, "class", "tl-when");
	ac_xw_attrf(w, "x", "%d", x->mirrored ? 0 : x->width);
	ac_xw_attrc(w, "text-anchor", x->mirrored ? "start" : "end");
	ac_xw_attrf(w, "y", "%d", y + 17);
	ac_xw_text(w, when);
	if (l->assumed)
		ac_xw_textf(w, " (%s)", ac_word(AC_W_SAFE_SIDE, x->lang));
	ac_xw_close(w);
	bar(w, x, y + 24, 9, l->from == AC_INSTANT_NONE ? l->treatment->anchor : l->from, l->until,
	    l->assumed                       ? "tl-assumed"
	    : l->def->kind == AC_RESTRICTION ? "tl-bar"
					     : "tl-care",
	    l->assumed ? PICTURE_HATCH : NULL);
}

static bool
is_drawn(const struct ac_plan_line *l)
{
	return l->until != AC_INSTANT_NONE && (l->def->kind == AC_RESTRICTION || l->def->kind == AC_CARE);
}

struct ac_str
ac_timeline_svg(const struct ac_plan *p, struct ac_str lang, struct ac_arena *a)
{
	struct ac_axis x;
	struct ac_buf b;
	struct ac_xw w;
	int rows = 0, y = PICTURE_TOP;

	if (!ac_axis_make(p, lang, &x))
		return (struct ac_str){ 0 };
	x.width = PICTURE_WIDTH;
	x.step = name_step(x.days, x.width, lang);
	for (size_t i = 0; i < p->nlines; i++)
		rows += is_drawn(&p->lines[i]);
	ac_buf_init(&b, a, 8192, 0);
	ac_xw_init(&w, &b, false);
	svg(&w, "tl", x.width, PICTURE_TOP + rows * ROW_HEIGHT + 8);
	ac_xw_attrc(&w, "role", "img");
	struct ac_str change = ac_axis_change_words(&x, a);
	ac_xw_elem(&w, "title",
	    change.n > 0 ? ac_strf(a, "%s: %.*s", ac_word(AC_W_NOT_YET, lang), AC_FMT(change))
			 : ac_str_c(ac_word(AC_W_NOT_YET, lang)));
	hatch(&w, PICTURE_HATCH);
	day_lines(&w, &x, x.step, 4, PICTURE_TOP + rows * ROW_HEIGHT + 4);
	day_names(&w, &x, 18, a);
	for (size_t i = 0; i < p->nlines; i++) {
		if (!is_drawn(&p->lines[i]))
			continue;
		picture_row(&w, &p->lines[i], &x, y, a);
		y += ROW_HEIGHT;
	}
	ac_xw_end(&w, "svg");
	return ac_buf_str(&b);
}
