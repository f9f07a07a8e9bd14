/* protocol_admin.c - what administrators change: protocols, the clinic's configuration, channels. Each change is one commit. */
#include "core/rows.h"
#include "core/service_parts.h"

struct admin_work {
	struct ac_str actor, bytes, stored, name; /* stored: `bytes` as a blob; name: protocol or site */
	struct ac_sha256 version, source;
	bool was_there;
};

static enum ac_code
note(struct ac_commit *c, const struct admin_work *w, const char *action, const char *kind,
    struct ac_str object, struct ac_err *reterr)
{
	struct ac_audit_entry e = {
		.action = action, .kind = kind, .actor = w->actor, .role = AC_S("admin"), .object = object
	};

	if (!ac_str_is_set(object)) /* a site's name stays out of the leaf */
		e.id = ac_hex(c->arena, w->version.b, sizeof(w->version.b));

	return ac_audit_append(c, &e, reterr);
}

static enum ac_code
commit_import(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct admin_work *w = arg;
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(c->store, AC_STMT_PROTOCOL_GET, c->arena, &rows, reterr, AC_VSHA(&w->version));
	if (rc != AC_OK)
		return rc;
	w->was_there = rows.n > 0;
	if (w->was_there)
		return AC_OK;
	if ((rc = ac_blob_put_encoded(c->store, &w->source, w->stored, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(c->store, AC_STMT_PROTOCOL_ADD, NULL, NULL, reterr, AC_VSHA(&w->version),
	    AC_VTEXT(w->name), AC_VSHA(&w->source), AC_VTEXT(w->actor), AC_VINT(c->now_ms));
	if (rc != AC_OK)
		return rc;
	return note(c, w, "import", "protocol", (struct ac_str){ 0 }, reterr);
}

enum ac_code
ac_protocol_import(struct ac_worker *w, struct ac_str actor, struct ac_str xml, struct ac_sha256 *ret_version,
    bool *ret_was_there, struct ac_err *reterr)
{
	struct admin_work work = { .actor = actor };
	const struct ac_protocol *p;
	enum ac_code rc;

	if ((rc = ac_protocol_load(xml, w->arena, &p, reterr)) != AC_OK)
		return rc;
	work.version = p->version;
	work.name = p->id;
	work.stored = ac_blob_encode(xml, w->service->dictionaries, w->arena);
	ac_sha256(xml, &work.source);
	if ((rc = ac_committer_run(w->service->committer, commit_import, &work, reterr)) != AC_OK)
		return rc;
	*ret_version = work.version;
	*ret_was_there = work.was_there;
	return AC_OK;
}

/* Make it the active one in place of whichever was. */
static enum ac_code
replace_active(struct ac_commit *c, const struct admin_work *w, struct ac_err *reterr)
{
	struct ac_rows rows;
	struct ac_sha256 old;
	enum ac_code rc;

	rc = ac_rows_read(c->store, AC_STMT_ACTIVE_GET, c->arena, &rows, reterr, AC_VTEXT(w->name));
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_store_run(c->store, AC_STMT_ACTIVE_ADD, NULL, NULL, reterr, AC_VTEXT(w->name),
		    AC_VSHA(&w->version));
	if (!ac_val_sha(&ac_row(&rows, 0)[0], &old))
		return ac_fail(reterr, AC_EINTEGRITY, "ROW-TYPE", "protocol_active.version is not a digest");
	if ((rc = ac_store_run(c->store, AC_STMT_PROTOCOL_RETIRE, NULL, NULL, reterr, AC_VSHA(&old))) !=
	    AC_OK)
		return rc;
	return ac_store_run(
	    c->store, AC_STMT_ACTIVE_SET, NULL, NULL, reterr, AC_VSHA(&w->version), AC_VTEXT(w->name));
}

static enum ac_code
check_approver(const struct ac_val *author, struct ac_str approver, struct ac_err *reterr)
{
	if (ac_streq(author->s, approver))
		return ac_fail(
		    reterr, AC_EDENIED, "PUB-SECOND-PERSON", "who wrote a version cannot approve it");
	return AC_OK;
}

static enum ac_code
commit_publish(struct ac_commit *c, void *arg, struct ac_err *reterr)
{
	struct admin_work *w = arg;
	struct ac_rows rows;
	enum ac_code rc;

	rc = ac_rows_read(c->store, AC_STMT_PROTOCOL_GET, c->arena, &rows, reterr, AC_VSHA(&w->version));
	if (rc != AC_OK)
		return rc;
	if (rows.n == 0)
		return ac_fail(
		    reterr, AC_ENOTFOUND, "PROTOCOL-UNKNOWN", "no protocol version with this hash");
	const struct ac_val *col = ac_row(&rows, 0);
	if ((rc = check_approver(&col[3], w->actor, reterr)) != AC_OK)
		return rc;
	if (ac_streq_c(col[2].s, "active")) {
		w->was_there = true;
		return AC_OK;
	}
	w->name = col[0].s;
	if ((rc = replace_active(c, w, reterr)) != AC_OK)
		return rc;
	rc = ac_store_run(c->store, AC_STMT_PROTOCOL_SET, NULL, NULL, reterr, AC_VTEXT(AC_S("active")),
	    AC_VTEXT(w->actor), AC_VINT(c->now_ms), AC_VSHA(&w->version));
	if (rc != AC_OK)
		return rc;
	if ((rc = ac_store_run_n(c->store, AC_STMT_GENERATION_NEXT, NULL, 0, NULL, NULL, NULL, reterr)) !=
	    AC_OK)
		return rc;
	return note(c, w, "publish", "protocol", (struct ac_str){ 0 }, reterr);
}

/* Names the first thing that stands in the way; lint lists them all. */
static enum ac_code
check_publishable(struct ac_worker *w, const struct ac_protocol *p, struct ac_err *reterr)
{
	const struct ac_clinic *clinic = w->config->clinic;
	struct ac_findings found;

	if (clinic == NULL || !clinic->out_of_hours.is_set || !clinic->emergency.is_set)
		return ac_fail(reterr, AC_EINPUT, "PUB-CONTACT",
		    "the clinic's out-of-hours and emergency numbers are not configured");
	ac_protocol_lint(p, clinic, w->arena, &found);
	if (!ac_findings_block_publish(&found))
		return AC_OK;
	for (size_t i = 0; i < found.n; i++)
		if (found.v[i].level != AC_LINT_WARNING)
			return ac_fail_at(reterr, AC_EINPUT, "PUB-LINT", found.v[i].line, found.v[i].col,
			    NULL, "%s: %.*s", found.v[i].rule, AC_FMT(found.v[i].message));
	return ac_fail(reterr, AC_EINPUT, "PUB-LINT", "lint does not allow this version to be published");
}

enum ac_code
ac_protocol_publish_check(
    struct ac_worker *w, struct ac_str approver, const struct ac_sha256 *version, struct ac_err *reterr)
{
	const struct ac_protocol *p;
	struct ac_rows rows;
	enum ac_code rc;

	if ((rc = ac_service_protocol(w, version, &p, reterr)) != AC_OK)
		return rc;
	if (approver.n == 0)
		return ac_fail(reterr, AC_EDENIED, "PUB-SECOND-PERSON", "nobody is named as approver");
	if ((rc = check_publishable(w, p, reterr)) != AC_OK)
		return rc;
	rc = ac_rows_read(w->reader, AC_STMT_PROTOCOL_GET, w->arena, &rows, reterr, AC_VSHA(version));
	return rc != AC_OK || rows.n == 0 ? rc : check_approver(&ac_row(&rows, 0)[3], approver, reterr);
}

enum ac_code
ac_protocol_publish(
    struct ac_worker *w, struct ac_str approver, const struct ac_sha256 *version, struct ac_err *reterr)
{
	struct admin_work work = { .actor = approver, .version = *version };
	enum ac_code rc = ac_protocol_publish_check(w, approver, version, reterr);

	if (rc != AC_OK)
		return rc;
	return ac_committer_run(w->service->committer, commit_publish, &work, reterr);
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
ac_clinic_set(struct ac_worker *w, struct ac_str actor, struct ac_str ini, struct ac_err *reterr)
{
	struct admin_work work = { .actor = actor };
	const struct ac_clinic *clinic;
	enum ac_code rc;

	if ((rc = ac_clinic_load(ini, w->arena, &clinic, reterr)) != AC_OK)
		return rc;
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

enum ac_code
ac_channel_add(struct ac_worker *w, struct ac_str actor, struct ac_str site, struct ac_err *reterr)
{
	struct admin_work work = { .actor = actor, .name = site };

	return ac_committer_run(w->service->committer, commit_channel, &work, reterr);
}
