/* scores.c - see scores.h. */
#include "core/scores.h"

#include "core/timeline.h"

#define WIDTH 640
#define ROW 112
#define LEFT 40
#define RIGHT 20
#define TOP 42
#define HEIGHT 50 /* of 0 to 10 */
#define DAY_S 86400

struct point {
	int64_t t;
	int64_t score;
};
struct series {
	struct ac_str key, words;
	AC_VEC(struct point) points;
};
struct picture {
	struct ac_arena *a;
	const struct ac_plan *p;
	struct series series[AC_SCORES_MAX];
	size_t n;
	int64_t until; /* seconds since the treatment */
};

static bool
is_score(const struct ac_plan *p, struct ac_str key, struct ac_arena *a)
{
	for (size_t i = 0; i < p->in->nprotocols; i++) {
		const struct ac_protocol *of = p->in->protocols[i].protocol;
		for (size_t c = 0; c < of->ncheck_ins; c++) {
			struct ac_questions q = { of, &of->check_ins[c] };
			for (size_t k = 0; k < q.check_in->nquestions; k++)
				if (ac_streq_c(q.check_in->questions[k].type, "score") &&
				    ac_streq(ac_question_key(a, &q, &q.check_in->questions[k]), key))
					return true;
		}
	}
	return false;
}

static void
add(struct picture *x, const struct ac_call_entry *e)
{
	struct point point = { .t = e->at_ms / 1000 };
	size_t i = 0;

	if (e->kind != AC_ENTRY_ANSWER || !ac_str_int(e->value, 0, 10, &point.score) ||
	    !is_score(x->p, e->name, x->a))
		return;
	while (i < x->n && !ac_streq(x->series[i].key, e->name))
		i++;
	if (i == AC_SCORES_MAX)
		return;
	if (i == x->n)
		x->series[x->n++] = (struct series){ .key = e->name, .words = e->words };
	AC_PUSH(x->a, &x->series[i].points, point);
	if (point.t - x->p->anchor > x->until)
		x->until = point.t - x->p->anchor;
}

static int
x_of(const struct picture *x, int64_t t)
{
	int64_t since = t < x->p->anchor ? 0 : t - x->p->anchor;

	return LEFT + (int)(since * (WIDTH - LEFT - RIGHT) / x->until);
}

static int
y_of(size_t row, int64_t score)
{
	return (int)row * ROW + TOP + HEIGHT - (int)(score * HEIGHT / 10);
}

static struct ac_str
describe(struct picture *x)
{
	struct ac_str s = { "", 0 };

	for (size_t i = 0; i < x->n; i++) {
		s = ac_strf(x->a, "%.*s%s%.*s ", AC_FMT(s), i > 0 ? " " : "", AC_FMT(x->series[i].words));
		for (size_t k = 0; k < x->series[i].points.n; k++) {
			const struct point *q = &x->series[i].points.v[k];
			s = ac_strf(x->a, "%.*s%s%lld on %.*s", AC_FMT(s), k > 0 ? ", " : "",
			    (long long)q->score,
			    AC_FMT(ac_time_words(x->a, x->p->in->zone, q->t, AC_TIME_SHORT, AC_S("en"))));
		}
		s = ac_strf(x->a, "%.*s.", AC_FMT(s));
	}
	return s;
}

static void
words(struct ac_xw *w, const char *class, const char *anchor, int x, int y, struct ac_str text)
{
	ac_xw_open(w, "text");
	ac_xw_attrc(w, "class", class);
	ac_xw_attrc(w, "text-anchor", anchor);
	ac_xw_attrf(w, "x", "%d", x);
	ac_xw_attrf(w, "y", "%d", y);
	ac_xw_text(w, text);
	ac_xw_close(w);
}

static void
put_series(struct picture *x, struct ac_xw *w, size_t row)
{
	const struct series *s = &x->series[row];

	words(w, "sc-name", "start", 0, (int)row * ROW + 14, s->words);
	words(w, "sc-axis", "end", LEFT - 8, y_of(row, 10) + 4, AC_S("10"));
	words(w, "sc-axis", "end", LEFT - 8, y_of(row, 0) + 4, AC_S("0"));
	ac_axis_line(w, "sc-grid", LEFT, y_of(row, 10), WIDTH - RIGHT, y_of(row, 10));
	ac_axis_line(w, "sc-grid", LEFT, y_of(row, 0), WIDTH - RIGHT, y_of(row, 0));
	for (size_t k = 1; k < s->points.n; k++)
		ac_axis_line(w, "sc-line", x_of(x, s->points.v[k - 1].t), y_of(row, s->points.v[k - 1].score),
		    x_of(x, s->points.v[k].t), y_of(row, s->points.v[k].score));
	for (size_t k = 0; k < s->points.n; k++) {
		int px = x_of(x, s->points.v[k].t), py = y_of(row, s->points.v[k].score);
		ac_xw_open(w, "circle");
		ac_xw_attrc(w, "class", "sc-point");
		ac_xw_attrf(w, "cx", "%d", px);
		ac_xw_attrf(w, "cy", "%d", py);
		ac_xw_attrc(w, "r", "4");
		ac_xw_close(w);
		words(w, "sc-value", px > WIDTH - 60 ? "end" : "start", px > WIDTH - 60 ? px - 8 : px + 8,
		    py + 4, ac_strf(x->a, "%lld", (long long)s->points.v[k].score));
	}
}

/* Days under the last row: at most about ten names. */
static void
put_days(struct picture *x, struct ac_xw *w)
{
	int64_t days = x->until / DAY_S, step = days / 10 + 1;

	for (int64_t d = 0; d <= days; d += step)
		words(w, "sc-axis", d == 0 ? "start" : "middle", x_of(x, x->p->anchor + d * DAY_S),
		    (int)x->n * ROW + 4, ac_strf(x->a, "day %lld", (long long)d));
}

struct ac_str
ac_scores_svg(const struct ac_plan *p, const struct ac_call *calls, size_t n, struct ac_arena *a)
{
	struct picture x = { .a = a, .p = p, .until = 2 * DAY_S };
	struct ac_buf b;
	struct ac_xw w;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < calls[i].nentries; k++)
			add(&x, &calls[i].entries[k]);
	if (x.n == 0)
		return (struct ac_str){ 0 };
	ac_buf_init(&b, a, 2048, 0);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "svg");
	ac_xw_attrc(&w, "xmlns", "http://www.w3.org/2000/svg");
	ac_xw_attrc(&w, "class", "sc");
	ac_xw_attrf(&w, "viewBox", "0 0 %d %d", WIDTH, (int)x.n * ROW + 12);
	ac_xw_attrc(&w, "role", "img");
	ac_xw_attrc(&w, "aria-labelledby", "sc-title sc-desc");
	ac_xw_open(&w, "title");
	ac_xw_attrc(&w, "id", "sc-title");
	ac_xw_textc(&w, "Scores since the treatment, 0 to 10");
	ac_xw_close(&w);
	ac_xw_open(&w, "desc");
	ac_xw_attrc(&w, "id", "sc-desc");
	ac_xw_text(&w, describe(&x));
	ac_xw_close(&w);
	for (size_t i = 0; i < x.n; i++)
		put_series(&x, &w, i);
	put_days(&x, &w);
	ac_xw_close(&w);
	return ac_buf_str(&b);
}
