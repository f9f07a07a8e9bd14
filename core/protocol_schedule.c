/* protocol_schedule.c - what is to come: where a new activation stands among the others, and what never will. */
#include "core/protocol_life_parts.h"

/* It is to come, and with one of `version` from `from_ms` on it never would: that one has the greater number, or is it. */
static bool
is_overtaken(const struct ac_life_run *r, const struct ac_activation *x, struct ac_str protocol,
    const struct ac_sha256 *version, int64_t from_ms)
{
	if (x->off || x->effective_ms <= r->now_ms || !ac_streq(x->protocol, protocol))
		return false;
	return x->effective_ms >= from_ms ||
	       (version != NULL && x->has_version && ac_sha256_eq(&x->version, version));
}

static void
name_it(struct ac_life_done *d, const struct ac_activation *x)
{
	if (d->nunscheduled < AC_LIFE_NAMED_MAX)
		d->unscheduled[d->nunscheduled] = x->n;
	d->nunscheduled++;
}

void
ac_life_place(struct ac_life_run *r, struct ac_str protocol, const struct ac_sha256 *version,
    int64_t effective_ms, struct ac_life_done *ret)
{
	const struct ac_activation *now = ac_book_current(&r->book, protocol);

	ret->n = ac_book_next_n(&r->book, protocol);
	ret->effective_ms = effective_ms == 0 ? r->now_ms : effective_ms;
	ret->replaced_n = now == NULL ? 0 : now->n;
	ret->nunscheduled = 0;
	for (size_t i = 0; i < r->book.n; i++) /* one that comes before this one has its time all the same */
		if (is_overtaken(r, &r->book.v[i], protocol, version, ret->effective_ms))
			name_it(ret, &r->book.v[i]);
}

/* Off; a version that no activation is left of was not published, and is what it was before; `coming` gets another. */
static enum ac_code
put_off(struct ac_life_run *r, struct ac_activation *x, const struct ac_sha256 *coming, struct ac_err *reterr)
{
	enum ac_code rc = ac_store_run(r->store, AC_STMT_ACTIVATION_OFF, NULL, NULL, reterr,
	    AC_VINT(r->now_ms), AC_VTEXT(x->protocol), AC_VINT(x->n));

	x->off = true;
	bool is_coming = coming != NULL && x->has_version && ac_sha256_eq(&x->version, coming);
	if (rc == AC_OK && x->has_version && !is_coming && ac_book_last_of(&r->book, &x->version) == NULL)
		rc = ac_store_run(
		    r->store, AC_STMT_PROTOCOL_UNPUBLISH, NULL, NULL, reterr, AC_VSHA(&x->version));
	return rc != AC_OK ? rc
			   : ac_life_note(r, "unschedule", x->protocol,
				 x->has_version ? &x->version : NULL, x->n, reterr);
}

enum ac_code
ac_life_call_off(struct ac_life_run *r, struct ac_str protocol, const struct ac_sha256 *version,
    int64_t from_ms, bool is_publishing, struct ac_err *reterr)
{
	enum ac_code rc = AC_OK;

	for (size_t i = 0; i < r->book.n && rc == AC_OK; i++)
		if (is_overtaken(r, &r->book.v[i], protocol, version, from_ms))
			rc = put_off(r, &r->book.v[i], is_publishing ? version : NULL, reterr);
	return rc;
}

/* ---- unschedule ---- */

struct unschedule_arg {
	struct ac_str protocol;
	const struct ac_sha256 *version; /* NULL: everything */
	struct ac_life_done done;
};

static enum ac_code
unschedule(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct unschedule_arg *g = arg;
	int64_t from_ms = g->version != NULL ? INT64_MAX : r->now_ms;
	const struct ac_activation *now = ac_book_current(&r->book, g->protocol);
	enum ac_code rc;

	g->done = (struct ac_life_done){ .replaced_n = now == NULL ? 0 : now->n };
	if (ac_book_next_n(&r->book, g->protocol) == 1)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "nothing of that name was published");
	for (size_t i = 0; i < r->book.n; i++)
		if (is_overtaken(r, &r->book.v[i], g->protocol, g->version, from_ms))
			name_it(&g->done, &r->book.v[i]);
	if (g->done.nunscheduled == 0)
		return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE", "%s",
		    g->version != NULL ? "this version is not one that is to come" : "nothing is to come");
	if (r->c == NULL)
		return AC_OK;
	if ((rc = ac_life_call_off(r, g->protocol, g->version, from_ms, false, reterr)) != AC_OK)
		return rc;
	return ac_life_next_generation(r, reterr);
}

enum ac_code
ac_life_unschedule(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    const struct ac_sha256 *version, struct ac_life_how how, struct ac_life_done *ret, struct ac_err *reterr)
{
	struct unschedule_arg g = { .protocol = protocol, .version = version };
	enum ac_code rc = ac_life_do(
	    w, who, (struct ac_life_need){ AC_MAY_PUBLISH, true }, how, unschedule, &g, reterr);

	if (rc != AC_OK)
		return rc;
	*ret = g.done;
	ret->protocol = protocol;
	return AC_OK;
}
