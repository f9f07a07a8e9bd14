/* check_code.c - see check_code.h. */
#include "core/check_code.h"

#include <string.h>

#include <qrencode.h>

#include "base/xw.h"

#define PLAN_DIGITS 8
#define HASH_DIGITS 12
#define QUIET 4 /* modules of white around the picture */

struct ac_str
ac_check_code(struct ac_uuid plan, int64_t sheet, struct ac_str bytes, struct ac_arena *a)
{
	struct ac_sha256 h;

	ac_sha256(bytes, &h);
	return ac_strf(a, "AC-%02X%02X%02X%02X-%lld-%02X%02X%02X%02X%02X%02X", plan.b[0], plan.b[1], plan.b[2], plan.b[3],
	    (long long)sheet, h.b[0], h.b[1], h.b[2], h.b[3], h.b[4], h.b[5]);
}

/* One path: a rectangle for each run of dark modules. */
static void
modules(struct ac_xw *w, const QRcode *qr, struct ac_arena *a)
{
	struct ac_buf d;

	ac_buf_init(&d, a, 4096, 0);
	for (int y = 0; y < qr->width; y++)
		for (int x = 0; x < qr->width;) {
			int from = x;

			while (x < qr->width && (qr->data[y * qr->width + x] & 1) != 0)
				x++;
			if (x > from)
				ac_buf_addf(&d, "M%d %dH%dV%dH%dZ", from + QUIET, y + QUIET, x + QUIET, y + QUIET + 1, from + QUIET);
			else
				x++;
		}
	ac_xw_open(w, "path");
	ac_xw_attrc(w, "class", "qr-dark");
	ac_xw_attr(w, "d", ac_buf_str(&d));
	ac_xw_close(w);
}

struct ac_str
ac_check_svg(struct ac_str code, struct ac_arena *a)
{
	QRcode *qr = QRcode_encodeString(ac_cstr(a, code), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	struct ac_buf b;
	struct ac_xw w;

	if (qr == NULL)
		return (struct ac_str){ 0 };
	ac_buf_init(&b, a, 8192, 0);
	ac_xw_init(&w, &b, false);
	ac_xw_open(&w, "svg");
	ac_xw_attrc(&w, "xmlns", "http://www.w3.org/2000/svg");
	ac_xw_attrc(&w, "class", "qr");
	ac_xw_attrf(&w, "viewBox", "0 0 %d %d", qr->width + 2 * QUIET, qr->width + 2 * QUIET);
	ac_xw_attrc(&w, "role", "img");
	ac_xw_elem(&w, "title", code);
	modules(&w, qr, a);
	ac_xw_end(&w, "svg");
	QRcode_free(qr);
	return ac_buf_str(&b);
}

struct parts {
	struct ac_str plan, code; /* code: as it is printed */
	int64_t sheet;
};

static bool
is_hex(struct ac_str s, size_t n)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr("0123456789ABCDEF", s.p[i]) == NULL || s.p[i] == '\0')
			return false;
	return s.n == n;
}

/* As somebody read it out or typed it. */
static bool
parse(struct ac_str typed, struct ac_arena *a, struct parts *ret)
{
	char clean[AC_CHECK_MAX];
	struct ac_str rest, head, sheet, hash;
	size_t n = 0;

	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];

		if (c == ' ' || c == '\t')
			continue;
		if (n == sizeof(clean))
			return false;
		clean[n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	ret->code = ac_str_dup(a, (struct ac_str){ clean, n });
	rest = ac_cut(ret->code, '-', &head);
	rest = ac_cut(rest, '-', &ret->plan);
	hash = ac_cut(rest, '-', &sheet);
	return ac_streq_c(head, "AC") && is_hex(ret->plan, PLAN_DIGITS) && ac_str_int(sheet, 1, INT64_MAX, &ret->sheet) &&
	       is_hex(hash, HASH_DIGITS);
}

/* Nothing tells a wrong plan, a wrong sheet and a wrong digit apart: a code is good or it is not. */
static enum ac_code
unknown(struct ac_err *reterr)
{
	return ac_fail(reterr, AC_ENOTFOUND, "CHECK-UNKNOWN", "no sheet of this clinic carries this code");
}

enum ac_code
ac_check_find(struct ac_worker *w, struct ac_str typed, struct ac_checked *ret, struct ac_err *reterr)
{
	struct ac_checked c = { 0 };
	struct ac_record *r;
	struct ac_uuid plan;
	struct ac_str bytes;
	struct parts p;
	enum ac_code rc;

	if (!parse(typed, w->arena, &p))
		return ac_fail(reterr, AC_EINPUT, "CHECK-CODE", "a code looks like AC-3F2A9C01-2-9B1E44D07A63");
	rc = ac_plan_find(w, p.plan, &plan, reterr);
	if (rc == AC_EINPUT || rc == AC_ENOTFOUND)
		return unknown(reterr);
	if (rc != AC_OK)
		return rc;
	rc = ac_issue_bytes(w, plan, p.sheet, &c.issue, &bytes, reterr);
	if (rc == AC_ENOTFOUND)
		return unknown(reterr);
	if (rc != AC_OK || (rc = ac_record_load(w, plan, 0, &r, reterr)) != AC_OK)
		return rc;
	struct ac_str printed = ac_strf(w->arena, "<code>%.*s</code>", AC_FMT(p.code));
	if (memmem(bytes.p, bytes.n, printed.p, printed.n) == NULL)
		return unknown(reterr);
	c.plan = r->row;
	for (size_t i = 0; i < r->nissues; i++)
		if (r->issues[i].n > c.newest)
			c.newest = r->issues[i].n;
	*ret = c;
	return AC_OK;
}
