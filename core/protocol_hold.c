/* protocol_hold.c - suspend and resume: nothing made from a suspended version is given out. */
#include "core/protocol_life_parts.h"

struct hold_arg {
	struct ac_str protocol;
	bool has_version;
	struct ac_sha256 version;
};

/* The version meant: the one named, else what stands; `held`: the one that is suspended, when nothing is named. */
static enum ac_code
find_version(struct ac_life_run *r, struct hold_arg *g, bool held, struct ac_err *reterr)
{
	const struct ac_activation *x;

	if (g->has_version) {
		x = ac_book_last_of(&r->book, &g->version);
		const struct ac_suspension *h = held ? ac_book_held(&r->book, &g->version) : NULL;
		if (h != NULL && ac_streq(h->protocol, g->protocol))
			return AC_OK; /* it may have been called off since */
		if (x == NULL || !ac_streq(x->protocol, g->protocol))
			return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN",
			    "no such version of the protocol was published");
		return AC_OK;
	}
	for (size_t i = r->book.nheld; held && i-- > 0;)
		if (ac_streq(r->book.held[i].protocol, g->protocol)) {
			g->version = r->book.held[i].version;
			return AC_OK;
		}
	x = ac_book_current(&r->book, g->protocol);
	if (x == NULL)
		return ac_fail(reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "nothing of that name is active");
	g->version = x->version;
	return AC_OK;
}

static enum ac_code
suspend(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct hold_arg *g = arg;
	enum ac_code rc = find_version(r, g, false, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_book_held(&r->book, &g->version) != NULL)
		return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE", "it is suspended already");
	if (r->c == NULL)
		return AC_OK;
	rc = ac_store_run(r->store, AC_STMT_SUSPENSION_ADD, NULL, NULL, reterr, AC_VTEXT(g->protocol),
	    AC_VSHA(&g->version), AC_VINT(r->now_ms), AC_VTEXT(r->who->account), AC_VTEXT(r->person),
	    AC_VTEXT(r->reason));
	if (rc == AC_OK)
		rc = ac_life_next_generation(r, reterr);
	if (rc != AC_OK)
		return rc;
	return ac_life_note(
	    r, "suspend", g->protocol, &g->version, ac_book_last_of(&r->book, &g->version)->n, reterr);
}

static enum ac_code
resume(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct hold_arg *g = arg;
	enum ac_code rc = find_version(r, g, true, reterr);

	if (rc != AC_OK)
		return rc;
	if (ac_book_held(&r->book, &g->version) == NULL)
		return ac_fail(reterr, AC_ECONFLICT, "LIFE-STATE", "it is not suspended");
	if (r->c == NULL)
		return AC_OK;
	rc = ac_store_run(r->store, AC_STMT_SUSPENSION_END, NULL, NULL, reterr, AC_VINT(r->now_ms),
	    AC_VTEXT(r->who->account), AC_VTEXT(r->reason), AC_VSHA(&g->version));
	if (rc == AC_OK)
		rc = ac_life_next_generation(r, reterr);
	if (rc != AC_OK)
		return rc;
	const struct ac_activation *x = ac_book_last_of(&r->book, &g->version);
	return ac_life_note(r, "resume", g->protocol, &g->version, x == NULL ? 0 : x->n, reterr);
}

static enum ac_code
hold(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    const struct ac_sha256 *version, struct ac_life_how how, ac_life_fn *fn, struct ac_sha256 *ret_version,
    struct ac_err *reterr)
{
	struct hold_arg g = { .protocol = protocol, .has_version = version != NULL };
	enum ac_code rc;

	if (version != NULL)
		g.version = *version;
	rc = ac_life_do(w, who, (struct ac_life_need){ AC_MAY_SUSPEND, true }, how, fn, &g, reterr);
	if (rc == AC_OK)
		*ret_version = g.version;
	return rc;
}

enum ac_code
ac_life_suspend(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    const struct ac_sha256 *version, struct ac_life_how how, struct ac_sha256 *ret_version,
    struct ac_err *reterr)
{
	return hold(w, who, protocol, version, how, suspend, ret_version, reterr);
}

enum ac_code
ac_life_resume(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    const struct ac_sha256 *version, struct ac_life_how how, struct ac_sha256 *ret_version,
    struct ac_err *reterr)
{
	return hold(w, who, protocol, version, how, resume, ret_version, reterr);
}
