/* reserve_frame.c - one frame of the reserve: an entry of the log as bytes, and back; and all of them in a file. */
#include "core/reserve_parts.h"

#define NTEXTS 8 /* of an entry; its reason stands behind them, where it has one */

size_t
rsv_whole(size_t payload)
{
	return RSV_SLOT + (payload + RSV_SLOT - 1) / RSV_SLOT * RSV_SLOT;
}

static void
add_text(struct ac_buf *b, struct ac_str s)
{
	uint16_t n = ac_str_is_set(s) ? (uint16_t)s.n : UINT16_MAX;

	ac_buf_add(b, (struct ac_str){ (const char *)&n, sizeof(n) });
	ac_buf_add(b, s);
}

enum ac_code
rsv_write(struct ac_buf *b, const struct ac_audit_entry *e, int64_t at_ms, struct ac_err *reterr)
{
	int64_t numbers[2] = { at_ms, e->version };
	const struct ac_str texts[NTEXTS] = { ac_str_c(e->action), ac_str_c(e->kind), e->actor, e->role,
		e->id, e->patient, e->object, ac_str_c(e->outcome) };
	struct ac_str reason = ac_str_trim(e->reason);
	size_t n = sizeof(numbers) + (NTEXTS + 1) * sizeof(uint16_t) + reason.n;

	for (size_t i = 0; i < NTEXTS; i++)
		n += texts[i].n;
	if (n > RSV_PAYLOAD_MAX || e->digest != NULL)
		return ac_fail(
		    reterr, AC_ELIMIT, "LOG-SIZE", "an entry about %s does not fit the reserve", e->kind);
	ac_buf_add(b, (struct ac_str){ (const char *)numbers, sizeof(numbers) });
	for (size_t i = 0; i < NTEXTS; i++)
		add_text(b, texts[i]);
	if (reason.n > 0)
		add_text(b, reason);
	return AC_OK;
}

static bool
take_bytes(struct ac_str *from, void *ret, size_t n)
{
	if (from->n < n)
		return false;
	memcpy(ret, from->p, n);
	*from = (struct ac_str){ from->p + n, from->n - n };
	return true;
}

static bool
take_text(struct ac_str *p, struct ac_arena *a, struct ac_str *ret)
{
	uint16_t n;

	if (!take_bytes(p, &n, sizeof(n)) || (n != UINT16_MAX && n > p->n))
		return false;
	if (n == UINT16_MAX)
		return true;
	*ret = ac_str_dup(a, (struct ac_str){ p->p, n });
	*p = (struct ac_str){ p->p + n, p->n - n };
	return true;
}

bool
rsv_read(struct ac_str p, struct ac_arena *a, struct ac_audit_entry *ret, int64_t *ret_ms)
{
	int64_t numbers[2];
	struct ac_str texts[NTEXTS] = { 0 }, reason = { 0 };

	if (!take_bytes(&p, numbers, sizeof(numbers)))
		return false;
	for (size_t i = 0; i < NTEXTS; i++)
		if (!take_text(&p, a, &texts[i]))
			return false;
	if (p.n > 0 && !take_text(&p, a, &reason))
		return false;
	*ret_ms = numbers[0];
	*ret = (struct ac_audit_entry){ .action = ac_cstr(a, texts[0]),
		.kind = ac_cstr(a, texts[1]),
		.actor = texts[2],
		.role = texts[3],
		.id = texts[4],
		.version = numbers[1],
		.patient = texts[5],
		.object = texts[6],
		.reason = reason,
		.outcome = ac_str_is_set(texts[7]) ? ac_cstr(a, texts[7]) : NULL };
	return true;
}

static bool
is_frame(const char *file, size_t at, const struct rsv_filling *g, struct rsv_frame *ret)
{
	struct ac_sha256 sha;

	memcpy(ret, file + at, sizeof(*ret));
	if (ret->magic != RSV_MAGIC || ret->n > RSV_PAYLOAD_MAX || rsv_whole(ret->n) > AC_RESERVE_BYTES - at)
		return false;
	if (g->any && memcmp(ret->epoch, g->epoch, RSV_EPOCH_BYTES) != 0)
		return false;
	ac_sha256_2(
	    (struct ac_str){ file + at, RSV_SIGNED_BYTES }, (struct ac_str){ file + at + RSV_SLOT, ret->n }, &sha);
	return ac_sha256_eq(&sha, &ret->sha);
}

enum ac_code
rsv_walk(const char *file, rsv_frame_fn *fn, void *arg, struct rsv_filling *ret, struct ac_err *reterr)
{
	struct rsv_filling g = { 0 };
	struct rsv_frame f;

	memcpy(&f, file, sizeof(f));
	for (size_t at = f.magic == RSV_TAKEN ? AC_RESERVE_BYTES : 0; at < AC_RESERVE_BYTES;) {
		if (!is_frame(file, at, &g, &f)) {
			at += RSV_SLOT;
			continue;
		}
		memcpy(g.epoch, f.epoch, RSV_EPOCH_BYTES);
		g.any = true;
		enum ac_code code =
		    fn == NULL ? AC_OK : fn(&f, (struct ac_str){ file + at + RSV_SLOT, f.n }, arg, reterr);
		if (code != AC_OK)
			return code;
		at += rsv_whole(f.n);
		g.end = at;
		g.next = f.seq + 1;
	}
	*ret = g;
	return AC_OK;
}
