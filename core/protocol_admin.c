/* protocol_admin.c - what administrators change: protocols, the clinic's configuration, channels. Each change is one commit. */
#include "core/person.h"
#include "core/protocol_life_parts.h"
#include "hl7/encounter.h"

struct admin_work {
	struct ac_str actor, bytes, stored, name,
	    system; /* stored: `bytes` as a blob; name: protocol or site */
	struct ac_sha256 version, source;
	bool was_there, has_base;
	int64_t base_n;
	struct ac_life_how how;
};

static enum ac_code
note(struct ac_commit *c, const struct admin_work *w, const char *action, const char *kind,
    struct ac_str object, struct ac_err *reterr)
{
	struct ac_audit_entry e = {
		.action = action, .kind = kind, .actor = w->actor, .role = AC_S("admin"), .object = object,
		.reason = w->how.reason
	};

	if (!ac_str_is_set(object)) /* a site's name stays out of the leaf */
		e.id = ac_hex(c->arena, w->version.b, sizeof(w->version.b));

	return ac_audit_append(c, &e, reterr);
}

/* The same text again, when others were published since: it is taken on top of what stands now, as a draft. */
static enum ac_code
import_again(struct ac_life_run *r, const struct admin_work *w, struct ac_err *reterr)
{
	struct ac_life_row row;
	enum ac_code rc = ac_life_row_at(r->store, &w->version, &r->book, r->a, &row, reterr);

	if (rc != AC_OK || !row.stale || r->c == NULL)
		return rc;
	rc = ac_store_run(r->store, AC_STMT_PROTOCOL_REBASE, NULL, NULL, reterr, AC_VINT(row.latest_n),
	    AC_VSHA(&w->version));
	return rc != AC_OK ? rc : ac_life_note(r, "import", w->name, &w->version, 0, reterr);
}

static enum ac_code
import(struct ac_life_run *r, void *arg, struct ac_err *reterr)
{
	struct admin_work *w = arg;
	const struct ac_activation *latest = ac_book_latest(&r->book, w->name);
	int64_t n = latest == NULL ? 0 : latest->n;
	struct ac_rows rows;
	enum ac_code rc =
	    ac_rows_read(r->store, AC_STMT_PROTOCOL_GET, r->a, &rows, reterr, AC_VSHA(&w->version));

	if (rc != AC_OK)
		return rc;
	w->was_there = rows.n > 0;
	if (w->was_there)
		return import_again(r, w, reterr);
	if (w->has_base && w->base_n != n)
		return ac_fail(reterr, AC_ECONFLICT, "PROTOCOL-STALE",
		    "v%lld was published since this was written on v%lld", (long long)n,
		    (long long)w->base_n);
	if (r->c == NULL)
		return AC_OK;
	if ((rc = ac_blob_put_encoded(r->store, &w->source, w->stored, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(r->store, AC_STMT_PROTOCOL_ADD, NULL, NULL, reterr, AC_VSHA(&w->version),
	    AC_VTEXT(w->name), AC_VSHA(&w->source), AC_VTEXT(r->who->account), AC_VTEXT(r->person),
	    AC_VINT(r->now_ms), AC_VINT(n));
	return rc != AC_OK ? rc : ac_life_note(r, "import", w->name, &w->version, 0, reterr);
}

enum ac_code
ac_protocol_import_why(struct ac_worker *w, const struct ac_life_who *who, struct ac_str xml,
    const int64_t *base_n, struct ac_life_how how, struct ac_sha256 *ret_version, bool *ret_was_there,
    struct ac_err *reterr)
{
	struct admin_work work = { .has_base = base_n != NULL };
	const struct ac_protocol *p;
	enum ac_code rc;

	if ((rc = ac_life_right(who, AC_MAY_EDIT, reterr)) != AC_OK || /* before the text is looked at */
	    (rc = ac_protocol_load(xml, w->arena, &p, reterr)) != AC_OK)
		return rc;
	work.base_n = base_n == NULL ? 0 : *base_n;
	work.version = p->version;
	work.name = p->id;
	work.stored = ac_blob_encode(xml, w->service->dictionaries, w->arena);
	ac_sha256(xml, &work.source);
	rc = ac_life_do(w, who, (struct ac_life_need){ AC_MAY_EDIT, false }, how, import, &work, reterr);
	if (rc != AC_OK)
		return rc;
	*ret_version = work.version;
	*ret_was_there = work.was_there;
	return AC_OK;
}

enum ac_code
ac_protocol_import_on(struct ac_worker *w, const struct ac_life_who *who, struct ac_str xml,
    const int64_t *base_n, struct ac_sha256 *ret_version, bool *ret_was_there, struct ac_err *reterr)
{
	struct ac_life_how how = { 0 };

	return ac_protocol_import_why(w, who, xml, base_n, how, ret_version, ret_was_there, reterr);
}

enum ac_code
ac_protocol_import(struct ac_worker *w, const struct ac_life_who *who, struct ac_str xml,
    struct ac_sha256 *ret_version, bool *ret_was_there, struct ac_err *reterr)
{
	return ac_protocol_import_on(w, who, xml, NULL, ret_version, ret_was_there, reterr);
}

static struct ac_life_who
second_person(struct ac_str approver)
{
	return (struct ac_life_who){ .account = approver, .role = AC_ROLE_ADMIN, .may = AC_MAY_ALL };
}

enum ac_code
ac_protocol_publish_check(
    struct ac_worker *w, struct ac_str approver, const struct ac_sha256 *version, struct ac_err *reterr)
{
	struct ac_life_who who = second_person(approver);
	struct ac_life_publish p = { .how = { .dry_run = true } };
	struct ac_life_done done;

	return ac_life_publish(w, &who, version, &p, &done, reterr);
}

enum ac_code
ac_protocol_publish(
    struct ac_worker *w, struct ac_str approver, const struct ac_sha256 *version, struct ac_err *reterr)
{
	struct ac_life_who who = second_person(approver);
	struct ac_life_how how = { .reason = AC_S("published again") };
	struct ac_life_publish p = { 0 };
	struct ac_life_done done;
	struct ac_life_row row;
	enum ac_code rc;

	if ((rc = ac_life_get(w, version, &row, reterr)) != AC_OK)
		return rc;
	if (row.state == AC_LIFE_RETIRED)
		return ac_life_rollback(w, &who, row.protocol, row.n, how, &done, reterr);
	return ac_life_publish(w, &who, version, &p, &done, reterr);
}

static enum ac_code
commit_clinic(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct admin_work *w = arg;
	struct ac_rows rows, active;
	enum ac_code rc;

	if ((rc = ac_blob_put_encoded(c->store, &w->version, w->stored, reterr)) != AC_OK)
		return rc;
	rc = ac_rows_read(c->store, AC_STMT_CLINIC_GET, c->arena, &rows, reterr, AC_VSHA(&w->version));
	if (rc == AC_OK && rows.n == 0)
		rc = ac_store_run(c->store, AC_STMT_CLINIC_ADD, NULL, NULL, reterr, AC_VSHA(&w->version),
		    AC_VINT(c->now_ms), AC_VTEXT(w->actor));
	if (rc != AC_OK)
		return rc;
	rc = ac_rows_read_n(c->store, AC_STMT_CLINIC_ACTIVE_GET, NULL, 0, c->arena, &active, reterr);
	if (rc != AC_OK)
		return rc;
	rc = ac_store_run(c->store, active.n == 0 ? AC_STMT_CLINIC_ACTIVE_ADD : AC_STMT_CLINIC_ACTIVE_SET,
	    NULL, NULL, reterr, AC_VSHA(&w->version));
	if (rc != AC_OK)
		return rc;
	if ((rc = ac_store_run_n(c->store, AC_STMT_GENERATION_NEXT, NULL, 0, NULL, NULL, NULL, reterr)) !=
	    AC_OK)
		return rc;
	return note(c, w, "configure", "clinic", (struct ac_str){ 0 }, reterr);
}

enum ac_code
ac_clinic_set(struct ac_worker *w, struct ac_str actor, struct ac_str ini, struct ac_life_how how,
    struct ac_err *reterr)
{
	struct admin_work work = { .actor = actor, .how = how };
	const struct ac_clinic *clinic;
	enum ac_code rc;

	if ((rc = ac_reason_check(how.reason, false, reterr)) != AC_OK ||
	    (rc = ac_clinic_load(ini, w->arena, &clinic, reterr)) != AC_OK)
		return rc;
	if (how.dry_run)
		return AC_OK;
	work.stored = ac_blob_encode(ini, w->service->dictionaries, w->arena);
	ac_sha256(ini, &work.version);
	return ac_committer_run(w->service->committer, commit_clinic, &work, reterr);
}

static enum ac_code
commit_channel(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct admin_work *w = arg;
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(c->store, AC_STMT_CHANNEL_GET, c->arena, &rows, reterr, AC_VTEXT(w->name));
	if (rc != AC_OK || rows.n > 0)
		return rc;
	rc = ac_store_run(
	    c->store, AC_STMT_CHANNEL_ADD, NULL, NULL, reterr, AC_VTEXT(w->name), AC_VINT(c->now_ms));
	if (rc != AC_OK)
		return rc;
	return note(c, w, "configure", "channel", w->name, reterr);
}

static enum ac_code
commit_site(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	const struct admin_work *w = arg;
	int64_t changed = 0;
	const struct ac_val set[] = { AC_VTEXT(w->system), AC_VINT(c->now_ms), AC_VTEXT(w->name) };
	enum ac_code rc = ac_store_run_n(c->store, AC_STMT_SITE_SET, set, 3, NULL, NULL, &changed, reterr);

	if (rc == AC_OK && changed == 0)
		rc = ac_store_run(c->store, AC_STMT_SITE_ADD, NULL, NULL, reterr, AC_VTEXT(w->name),
		    AC_VTEXT(w->system), AC_VINT(c->now_ms));
	if (rc == AC_OK)
		rc = ac_store_run_n(c->store, AC_STMT_GENERATION_NEXT, NULL, 0, NULL, NULL, NULL, reterr);
	return rc == AC_OK ? note(c, w, "configure", "site", w->name, reterr) : rc;
}

enum ac_code
ac_site_set(struct ac_worker *w, struct ac_str actor, struct ac_str site, struct ac_str system,
    struct ac_life_how how, struct ac_err *reterr)
{
	struct admin_work work = { .actor = actor, .name = site, .system = system, .how = how };
	enum ac_code rc = ac_reason_check(how.reason, false, reterr);

	if (rc != AC_OK)
		return rc;
	if (site.n == 0 || site.n > ENC_ID_MAX || system.n == 0 || system.n > ENC_ID_MAX)
		return ac_fail(reterr, AC_EINPUT, "SITE-NAME",
		    "a site and its system are names of 1 to %d bytes", ENC_ID_MAX);
	if (how.dry_run)
		return AC_OK;
	return ac_committer_run(w->service->committer, commit_site, &work, reterr);
}

enum ac_code
ac_channel_add(struct ac_worker *w, struct ac_str actor, struct ac_str site, struct ac_life_how how,
    struct ac_err *reterr)
{
	struct admin_work work = { .actor = actor, .name = site, .how = how };
	enum ac_code rc = ac_reason_check(how.reason, false, reterr);

	if (rc != AC_OK)
		return rc;
	if (site.n == 0 || site.n > ENC_ID_MAX)
		return ac_fail(reterr, AC_EINPUT, "SITE-NAME", "a site is a name of 1 to %d bytes", ENC_ID_MAX);
	if (how.dry_run)
		return AC_OK;
	return ac_committer_run(w->service->committer, commit_channel, &work, reterr);
}
