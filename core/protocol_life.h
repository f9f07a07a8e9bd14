/*
 * protocol_life.h - the life of a protocol version: draft -> in-review -> approved -> active -> retired. Every front (CLI,
 * pages of the EHR) calls these functions and no others; each act is checked and written in one transaction.
 *
 * States  draft: imported, or returned with a comment. in-review: its author or another editor submitted it. approved: a
 *         second person approved exactly this version, compared with what stood then. active: the activation in force.
 *         retired: was active. An activation has a number of its own for each protocol: v1, v2, v3 ... ; rolling back is
 *         a new activation of an older version. A future effective date comes by itself: what is active is judged by the
 *         time (ac_config.until_ms), nothing has to run at that moment. Until it comes it can be called off, and the version
 *         published for another time or at once; so can one that another overtook, which is called off by that act.
 * Persons the author never approves (core/person.h says who is the same person); held in the row by a CHECK as well. Whose
 *         accounts they are is entered for both of them, or both are users of this machine and neither is entered; else
 *         PUB-PERSON: an account of the EHR that is nobody's approves nothing. Two
 *         exceptions, both shown in lint, doctor, pages and documents: a clinic of one doctor that declared it
 *         ([rules] solo = 24 h: the waiting time from submitting to approving), and break-glass: published with a reason
 *         and without approval, to be approved afterwards.
 * Stale   a version is written on top of an activation (base_n). When another was published meanwhile, submitting,
 *         approving and publishing are refused: PROTOCOL-STALE. Importing the same text again takes it on top of what
 *         stands now, and its review begins anew.
 * Suspend nothing made from a suspended version is given out (PROTOCOL-SUSPENDED); events match it still. Rolling back
 *         does not lift it: plans that were made from that version stay so until they are taken to another (ac_plan_repin).
 * Errors  AC_ENOTFOUND PROTOCOL-UNKNOWN. AC_ECONFLICT LIFE-STATE (not possible in this state), PROTOCOL-STALE,
 *         REVIEW-MOVED (what was reviewed is not what is there). AC_EDENIED LIFE-ROLE (no right by configuration),
 *         PUB-SECOND-PERSON, PUB-PERSON, PUB-NOT-APPROVED, SOLO-WAIT. AC_EINPUT PUB-LINT, PUB-CONTACT, LIFE-REASON (a reason is
 *         needed, or too long), LIFE-TIME (an effective or review date that cannot be).
 * Threads as struct ac_worker. A dry run checks everything and writes nothing.
 */
#ifndef CORE_PROTOCOL_LIFE_H
#define CORE_PROTOCOL_LIFE_H

#include "core/rights.h"
#include "core/service.h"


struct ac_life_who {
	struct ac_str account; /* os:alice, ehr:default/3; a bare name is an os account */
	enum ac_role role;     /* for the log */
	unsigned may;          /* AC_MAY_*: ac_rights_of for the CLI, | ac_rights_of_role for the EHR */
};

/* Who asks from the EHR: ehr:SITE/USER, with what the role brings and what [roles] of STATE/aftercare.conf gives this account
 * or its person beside. AC_EDENIED LIFE-ACCOUNT (the names cannot be an account); those of core/rights.h. */
enum ac_code ac_life_who_ehr(struct ac_worker *w, const struct ac_actor *actor, struct ac_life_who *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

enum ac_life_state { AC_LIFE_DRAFT, AC_LIFE_IN_REVIEW, AC_LIFE_APPROVED, AC_LIFE_SCHEDULED, AC_LIFE_ACTIVE, AC_LIFE_RETIRED };
const char *ac_life_state_word(enum ac_life_state s); /* "in-review"; scheduled: approved, with a date to come */

/* One version and where it stands now. Times in ms, 0: not. */
struct ac_life_row {
	struct ac_sha256 version, source; /* source: SHA-256 of the exact bytes */
	struct ac_str protocol, author, author_person, submitter, approver, approver_person;
	enum ac_life_state state;
	int64_t created_ms, submitted_ms, approved_ms;
	int64_t base_n;              /* written on top of this activation; 0: the first */
	int64_t n;                   /* its newest activation; 0: never */
	int64_t effective_ms, review_due_ms;
	int64_t latest_n;            /* the newest activation of the protocol */
	bool stale;                  /* not yet published, and base_n is not latest_n */
	bool solo;                   /* approved by its author in a clinic of one doctor */
	bool unapproved;             /* published by break-glass, and nobody approved it yet */
	bool suspended;
	struct ac_str suspend_reason, break_glass_reason, comment; /* comment: with which it was returned last */
};
struct ac_life_rows {
	struct ac_life_row *v;
	size_t n;
};
/* By protocol, newest first. `protocol` absent: all. */
enum ac_code ac_life_list(struct ac_worker *w, struct ac_str protocol, struct ac_life_rows *ret,
    struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_life_get(struct ac_worker *w, const struct ac_sha256 *version, struct ac_life_row *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* ---- the review ---- */

/* What an approval binds to: sent back by the form or the caller that showed it. */
struct ac_review_seen {
	struct ac_sha256 version, source;
	int64_t base_n; /* the activation that the differences were shown against */
};
struct ac_life_act { /* one entry of a history */
	struct ac_str action, actor, person, reason; /* "import", "submit", "approve", "return", "publish" ... */
	int64_t at_ms, n;                            /* n: the activation it made or ended; 0: none */
	bool has_version;
	struct ac_sha256 version;
};
struct ac_review {
	struct ac_life_row row;
	const struct ac_protocol *protocol; /* until ac_worker_end */
	const struct ac_protocol *base;     /* what stands now: the meaning diff is base -> protocol; NULL: none */
	struct ac_findings findings;        /* lint with the clinic: open decisions and errors by line */
	size_t open;                        /* of them, those that block publishing */
	struct ac_life_act *acts;           /* of this version, oldest first: submitted why, returned with which comment */
	size_t nacts;
	struct ac_review_seen seen;
	const char *refused_rule;   /* NULL: `who` may approve; else the rule that stands in the way */
	struct ac_str refused_text; /* in words */
};
/* What waits for an approver: versions in review, and those published by break-glass. Oldest first. */
enum ac_code ac_review_list(struct ac_worker *w, struct ac_life_rows *ret, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_review_get(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sha256 *version,
    struct ac_review *ret, struct ac_err *reterr) AC_MUST_CHECK;

enum ac_code ac_life_submit(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sha256 *version,
    struct ac_life_how how, struct ac_err *reterr) AC_MUST_CHECK;
/* `seen` as ac_review_get gave it. A version that was published by break-glass is approved afterwards by the same call. */
enum ac_code ac_life_approve(struct ac_worker *w, const struct ac_life_who *who, const struct ac_review_seen *seen,
    struct ac_life_how how, struct ac_err *reterr) AC_MUST_CHECK;
/* Back to draft; the reason is the comment, and is demanded. From in-review and approved. */
enum ac_code ac_life_return(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sha256 *version,
    struct ac_life_how how, struct ac_err *reterr) AC_MUST_CHECK;

/* ---- in force ---- */

struct ac_life_publish {
	struct ac_life_how how;
	int64_t effective_ms;  /* 0: now; not in the past */
	int64_t review_due_ms; /* 0: none; after effective */
	bool break_glass;      /* without approval; demands a reason */
};
#define AC_LIFE_NAMED_MAX 16
struct ac_life_done {
	struct ac_str protocol;
	struct ac_sha256 version; /* put in force; zeros: retired */
	int64_t n;             /* the activation made (dry run: that would be) */
	int64_t effective_ms;
	int64_t replaced_n;    /* what stood before; 0: nothing */
	int64_t unscheduled[AC_LIFE_NAMED_MAX]; /* what was to come and now never will: the first of them */
	size_t nunscheduled;                     /* how many there are */
};
/* Approved versions. One in draft or review: approved and published by the same second person in one act (needs both
 * rights). Idempotent for what is active already; what is to come is called off, and comes then or now instead. */
enum ac_code ac_life_publish(struct ac_worker *w, const struct ac_life_who *who, const struct ac_sha256 *version,
    const struct ac_life_publish *p, struct ac_life_done *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* `to`: an activation's number; 0: the last good one before what stands (approved, not suspended). At once. */
enum ac_code ac_life_rollback(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol, int64_t to,
    struct ac_life_how how, struct ac_life_done *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* No new plans; those there are keep running. */
enum ac_code ac_life_retire(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    struct ac_life_how how, struct ac_life_done *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* What was published for later does not come: `version`, or NULL for everything to come. What is in force stays so. The
 * reason is demanded. ret->n, version: none. */
enum ac_code ac_life_unschedule(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    const struct ac_sha256 *version, struct ac_life_how how, struct ac_life_done *ret, struct ac_err *reterr) AC_MUST_CHECK;
/* The active version, or `version` when not NULL. Reasons are demanded. */
enum ac_code ac_life_suspend(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    const struct ac_sha256 *version, struct ac_life_how how, struct ac_sha256 *ret_version, struct ac_err *reterr) AC_MUST_CHECK;
enum ac_code ac_life_resume(struct ac_worker *w, const struct ac_life_who *who, struct ac_str protocol,
    const struct ac_sha256 *version, struct ac_life_how how, struct ac_sha256 *ret_version, struct ac_err *reterr) AC_MUST_CHECK;

/* "v3", "3", a hash's first digits (8 or more), or the protocol alone (what is active). */
enum ac_code ac_life_resolve(struct ac_worker *w, struct ac_str protocol, struct ac_str which, struct ac_life_row *ret,
    struct ac_err *reterr) AC_MUST_CHECK;

/* ---- looking back ---- */

struct ac_life_acts {
	struct ac_life_act *v;
	size_t n;
};
enum ac_code ac_life_history(struct ac_worker *w, struct ac_str protocol, struct ac_life_acts *ret,
    struct ac_err *reterr) AC_MUST_CHECK; /* oldest first; AC_ENOTFOUND when there never was one */
struct ac_blame {
	struct ac_str line;        /* the line's id */
	const char *kind;          /* "restriction", "task", ... */
	struct ac_sha256 version;  /* which changed it last */
	int64_t n, at_ms;          /* its first activation and when it was published; 0: not published */
	struct ac_str author, reason;
};
/* Of each line of `version`: the newest change, found by walking back through what was in force. */
enum ac_code ac_life_blame(struct ac_worker *w, const struct ac_sha256 *version, struct ac_blame **ret, size_t *ret_n,
    struct ac_err *reterr) AC_MUST_CHECK;

#endif
