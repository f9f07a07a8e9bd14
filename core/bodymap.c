/* bodymap.c - outlines as literals, hatched where something was done. An area without a drawing is told in words alone. */
#include "core/bodymap.h"

#include "base/xw.h"
#include "core/handout.h"

#define HATCH "ac-hatch-body"
#define FACE_WIDTH 120
#define BODY_WIDTH 100
#define FACE_HEIGHT 210
#define BODY_HEIGHT 230

enum view { VIEW_FACE, VIEW_FRONT, VIEW_BACK, VIEW__COUNT };

static const int widths[VIEW__COUNT] = { FACE_WIDTH, BODY_WIDTH, BODY_WIDTH };

static const struct {
	const char *code;
	enum view view;
	const char *path;
} areas[] = {
	{ "scalp", VIEW_FACE,
	    "M13 84C9 38 30 16 60 16C90 16 111 38 107 84C101 60 88 46 60 46C32 46 19 60 13 84Z" },
	{ "forehead", VIEW_FACE, "M29 66C40 54 80 54 91 66L88 82C76 76 44 76 32 82Z" },
	{ "face", VIEW_FACE, "M21 74C32 54 88 54 99 74C104 118 84 160 60 160C36 160 16 118 21 74Z" },
	{ "cheek", VIEW_FACE,
	    "M24 106C30 98 46 100 50 108C51 122 46 134 38 138C29 132 24 120 24 106ZM96 106C90 98 74 100 70 "
	    "108C69 122 74 134 82 138C91 132 "
	    "96 120 96 106Z" },
	{ "chin", VIEW_FACE, "M47 148C54 144 66 144 73 148C70 157 66 160 60 160C54 160 50 157 47 148Z" },
	{ "neck", VIEW_FACE, "M42 158C52 168 68 168 78 158L80 196H40Z" },
	{ "decollete", VIEW_FACE, "M34 200H86L78 226H42Z" },
	{ "chest", VIEW_FRONT, "M34 52H66L68 76H32Z" },
	{ "abdomen", VIEW_FRONT, "M34 82H66L67 112H33Z" },
	{ "arm", VIEW_FRONT, "M21 58L29 62L23 112L15 110ZM79 58L71 62L77 112L85 110Z" },
	{ "thigh", VIEW_FRONT, "M32 126H48L46 168H34ZM52 126H68L66 168H54Z" },
	{ "back", VIEW_BACK, "M33 48H67L68 92H32Z" },
	{ "buttock", VIEW_BACK,
	    "M32 104C40 100 47 102 49 106C50 118 46 126 39 127C32 125 30 114 32 104ZM68 104C60 100 53 102 51 "
	    "106C50 118 54 126 61 127C68 125 70 114 68 104Z" },
};
#define NAREAS (sizeof(areas) / sizeof(areas[0]))

static const char face_outline[] = "M60 16C28 16 10 40 12 86C14 126 36 164 60 164C84 164 106 126 108 86C110 "
				   "40 92 16 60 16ZM42 154V182C40 196 24 200 8 208M78 154V182C80 196 "
				   "96 200 112 208";
static const char face_features[] = "M32 92C37 87 45 87 50 92M70 92C75 87 83 87 88 92M60 96V118C60 122 56 "
				    "123 53 122M47 138C54 143 66 143 73 138";
static const char body_outline[] =
    "M50 8C41 8 38 16 38 22C38 30 43 36 50 36C57 36 62 30 62 22C62 16 59 8 50 8ZM45 35V41C33 43 24 45 22 "
    "58L12 112L19 115L29 74L31 104L29 "
    "140L34 222H45L49 136H51L55 222H66L71 140L69 104L71 74L81 115L88 112L78 58C76 45 67 43 55 41V35";

struct enc_strs
ac_plan_areas(const struct ac_plan *p)
{
	const struct encounter *e = p->in->encounter;

	for (size_t i = 0; i < e->nfacts; i++)
		if (ac_streq_c(e->facts[i].name, "area"))
			return e->facts[i].s;
	for (size_t i = 0; i < p->in->nanswers; i++)
		if (ac_streq_c(p->in->answers[i].name, "area"))
			return p->in->answers[i].values;
	return (struct enc_strs){ 0 };
}

struct ac_texts
ac_plan_area_label(const struct ac_plan *p, struct ac_str code)
{
	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_protocol *pr = p->in->protocols[i].protocol;
		for (size_t f = 0; f < pr->nfacts; f++) {
			if (!ac_streq_c(pr->facts[f].name, "area"))
				continue;
			for (size_t v = 0; v < pr->facts[f].nvalues; v++)
				if (ac_streq(pr->facts[f].values[v].code, code))
					return pr->facts[f].values[v].label;
		}
	}
	return (struct ac_texts){ 0 };
}

static struct ac_str
label_of(const struct ac_plan *p, struct ac_str code, struct ac_str lang)
{
	struct ac_str label = ac_text_pick(ac_plan_area_label(p, code), lang, NULL);

	return label.n > 0 ? label : code;
}

struct ac_str
ac_plan_area_words(const struct ac_plan *p, struct ac_str lang, struct ac_arena *a)
{
	struct enc_strs codes = ac_plan_areas(p);
	struct ac_str s = { 0 };

	for (size_t i = 0; i < codes.n; i++) {
		struct ac_str label = label_of(p, codes.v[i], lang);
		s = i == 0 ? label : ac_strf(a, "%.*s, %.*s", AC_FMT(s), AC_FMT(label));
	}
	return s;
}

static bool
is_treated(struct enc_strs codes, const char *code)
{
	for (size_t i = 0; i < codes.n; i++)
		if (ac_streq_c(codes.v[i], code))
			return true;
	return false;
}

static void
path(struct ac_xw *w, const char *class, const char *fill, const char *d)
{
	ac_xw_open(w, "path");
	ac_xw_attrc(w, "class", class);
	ac_xw_attrc(w, "fill", fill);
	ac_xw_attrc(w, "d", d);
	ac_xw_close(w);
}

static void
draw_view(struct ac_xw *w, enum view v, int left, struct enc_strs codes)
{
	ac_xw_open(w, "g");
	ac_xw_attrf(w, "transform", "translate(%d 0)", left);
	path(w, "bm-outline", "none", v == VIEW_FACE ? face_outline : body_outline);
	for (size_t i = 0; i < NAREAS; i++)
		if (areas[i].view == v && is_treated(codes, areas[i].code))
			path(w, "bm-area", "url(#" HATCH ")", areas[i].path);
	if (v == VIEW_FACE)
		path(w, "bm-outline", "none", face_features);
	ac_xw_end(w, "g");
}

static void
hatch(struct ac_xw *w)
{
	ac_xw_open(w, "defs");
	ac_xw_open(w, "pattern");
	ac_xw_attrc(w, "id", HATCH);
	ac_xw_attrc(w, "width", "6");
	ac_xw_attrc(w, "height", "6");
	ac_xw_attrc(w, "patternUnits", "userSpaceOnUse");
	ac_xw_attrc(w, "patternTransform", "rotate(45)");
	ac_xw_open(w, "line");
	ac_xw_attrc(w, "class", "bm-hatch");
	ac_xw_attrc(w, "x1", "0");
	ac_xw_attrc(w, "y1", "0");
	ac_xw_attrc(w, "x2", "0");
	ac_xw_attrc(w, "y2", "6");
	ac_xw_close(w);
	ac_xw_end(w, "pattern");
	ac_xw_end(w, "defs");
}

struct ac_str
ac_bodymap_svg(const struct ac_plan *p, struct ac_str lang, struct ac_arena *a)
{
	struct enc_strs codes = ac_plan_areas(p);
	bool seen[VIEW__COUNT] = { false };
	int width = 0;
	struct ac_buf b;
	struct ac_xw w;

	for (size_t i = 0; i < NAREAS; i++)
		if (is_treated(codes, areas[i].code))
			seen[areas[i].view] = true;
	for (int v = 0; v < VIEW__COUNT; v++)
		width += seen[v] ? widths[v] : 0;
	if (width == 0)
		return (struct ac_str){ 0 };
	ac_buf_init(&b, a, 4096, 0);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "svg");
	ac_xw_attrc(&w, "xmlns", "http://www.w3.org/2000/svg");
	ac_xw_attrc(&w, "class", "bm");
	ac_xw_attrf(&w, "viewBox", "0 0 %d %d", width,
	    seen[VIEW_FRONT] || seen[VIEW_BACK] ? BODY_HEIGHT : FACE_HEIGHT);
	ac_xw_attrc(&w, "role", "img");
	ac_xw_elem(&w, "title", ac_plan_area_words(p, lang, a));
	hatch(&w);
	int left = 0;
	for (int v = 0; v < VIEW__COUNT; v++) {
		if (!seen[v])
			continue;
		draw_view(&w, (enum view)v, left, codes);
		left += widths[v];
	}
	ac_xw_end(&w, "svg");
	return ac_buf_str(&b);
}
