/*
 * plan.h - the care plan: a pure function of its recorded inputs. Same inputs, same bytes.
 *
 * Shape   struct ac_plan_input is everything that may reach a plan; ac_plan_make reads nothing else: no clock, no
 *         locale, no TZ, no file. ac_plan_encode is its canonical JSON; the SHA-256 of its clinical part tells whether
 *         a new version is due.
 * Owner   the arena; protocols, clinic and zone are borrowed and must outlive the plan.
 * Errors  AC_EINPUT with rule PLAN-nnn only for inputs that no accepted snapshot can give; an encounter without any
 *         optional member gives a plan.
 * PHI     all of it.
 */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include "base/hash.h"
#include "core/call.h"
#include "core/clinic.h"
#include "core/facts.h"
#include "core/override.h"
#include "core/protocol.h"
#include "hl7/encounter.h"

#define AC_PLAN_PROTOCOLS_MAX 8

enum ac_plan_status {
	AC_PLAN_DRAFT,
	AC_PLAN_ACTIVE,
	AC_PLAN_ON_HOLD,
	AC_PLAN_REVOKED,
	AC_PLAN_COMPLETED,
	AC_PLAN_ENTERED_IN_ERROR
};
enum ac_plan_stage { AC_STAGE_PRELIMINARY, AC_STAGE_FINAL };

struct ac_plan_protocol {
	const struct ac_protocol *protocol;
	struct ac_str approver; /* absent: nobody recorded */
	bool solo;              /* approved by its author after a waiting time: a clinic of one doctor */
};
/* A restriction's end as the sheet that the patient holds says it. */
struct ac_issued_end {
	struct ac_str concept;
	int64_t until;    /* AC_INSTANT_NONE: none was stated */
	int64_t sheet_at; /* seconds; when that sheet was given */
};
/* The panel's answer that a clinician gives to let one end earlier: values "CONCEPT SHEET_AT UNTIL", both in seconds. */
#define AC_ANSWER_EARLIER "earlier-end"

/* What a person, or the timer, made of the plan: core/plan_state.h. */
struct ac_plan_state {
	bool is_set; /* false: what the chart says alone */
	enum ac_plan_status status;
	struct ac_str reason, by, by_role; /* by absent: the chart took back what was completed */
	int64_t at;                        /* seconds */
};

/* An earlier session of the patient under one of the plan's protocols. */
struct ac_prior_session {
	struct ac_uuid plan;
	struct ac_str protocol;
	int64_t anchor;
	int32_t session; /* 0: not recorded */
};
/* The panel's answer that the session's number is right although it does not follow the last one's: the number. */
#define AC_ANSWER_SESSION "session-checked"

/* Another running plan of the patient, as it stood: core/plan_others.c. */
#define AC_OTHER_PLANS_MAX 8
struct ac_plan;
struct ac_other_plan {
	struct ac_uuid id;
	uint32_t version;
	struct ac_sha256 manifest;
	const struct ac_plan *plan;
};

struct ac_plan_input {
	const struct encounter *encounter;
	const struct ac_answer *answers;
	size_t nanswers;
	struct ac_plan_protocol protocols[AC_PLAN_PROTOCOLS_MAX];
	size_t nprotocols;
	const struct ac_clinic *clinic;
	const struct ac_zone *zone;
	int64_t made_at;   /* seconds */
	int64_t issued_at; /* AC_INSTANT_NONE: not yet */
	/* The assumed anchor that an issued sheet was printed with, 0 or AC_INSTANT_NONE: none. Another assumption may move
	 * it later, never earlier: issued times do not become shorter by themselves. */
	int64_t issued_anchor;
	/* The ends on the sheet that was given out: what the chart says later makes none of them earlier by itself. */
	const struct ac_issued_end *issued_ends;
	size_t nissued_ends;
	/* Talks with the patient in which something was found, as they stood. */
	const struct ac_call *calls;
	size_t ncalls;
	const struct ac_other_plan *others;
	size_t nothers;
	struct ac_overrides overrides; /* all acts, undone ones too */
	const struct ac_prior_session *prior; /* the newest first */
	size_t nprior;
	struct ac_uuid id_root;
	/* Made when a task that moved to a later day kept its first hour on a day on which nobody is there: made again so. */
	bool keeps_first_hour;
	/* Made when nobody looked at booked sessions: made again so. */
	bool ignores_booked;
	uint32_t version; /* of the plan, from 1 */
	enum ac_plan_stage stage;
	struct ac_plan_state state;
	bool revoked;
	struct ac_str
	    revoke_reason; /* a rule's word: "procedure-gone", "entered-in-error", "patient-changed", "cancelled" */
	/* the document made from this plan version; version 0: none */
	uint32_t document_version;
	uint32_t former_document_version; /* 0: none */
	int64_t confirmed_at; /* seconds; who signed the chart confirmed the former document of this content; 0: nobody */
};

enum ac_anchor_source {
	AC_ANCHOR_PERFORMED,
	AC_ANCHOR_ANSWER,
	AC_ANCHOR_END,
	AC_ANCHOR_ISSUE,
	AC_ANCHOR_DAY_END
};

/* A procedure that a protocol matched. */
struct ac_treatment {
	const struct enc_procedure *procedure; /* NULL: evidence is a recorded fact, category or product */
	const struct ac_protocol *protocol;
	int64_t anchor;
	enum ac_anchor_source anchor_source;
	bool is_evidence; /* false: category or product alone */
};

/* One instruction as it stands in the merged plan. */
struct ac_plan_line {
	const struct ac_instruction *def; /* the strictest; its text is shown */
	const struct ac_protocol *protocol;
	const struct ac_treatment *treatment;
	int64_t from, until; /* AC_INSTANT_NONE: at once / no end stated */
	struct ac_offset until_offset;
	bool assumed; /* kept, or longer, because a fact is unknown */
	struct ac_str *assumed_paths;
	size_t nassumed;
	/* the same concept from other protocols or procedures, weaker or equal */
	const struct ac_instruction **merged;
	size_t nmerged;
	int64_t kept_from; /* when the sheet was given whose later end is kept; 0: none is */
	int64_t would_end; /* with kept_from: when it would end now; 0: it would not be asked for at all */
	struct ac_str key; /* "mesotherapy/no-sauna": stable across versions */
	const struct ac_other_plan *other; /* whose later end `until` is; NULL: its own */
	int64_t without_other;             /* with `other`: its own end */
	/* Decided for this visit; NULL: not. `def` is then a copy with the new words; `original` is always the protocol's
	 * (of an added line its own). */
	const struct ac_override *window_by, *text_by, *added_by;
	const struct ac_instruction *original;
	int64_t original_from, original_until; /* with window_by: what the protocol says */
	struct ac_offset original_offset;
};
/* A line that the protocols ask for and a clinician left out. */
struct ac_plan_omitted {
	struct ac_plan_line line; /* as it would stand there */
	const struct ac_override *by;
};
enum ac_override_state {
	AC_OVERRIDE_HOLDS,
	AC_OVERRIDE_LINE_GONE, /* it holds when its line comes back */
	AC_OVERRIDE_REPLACED,  /* by a later act of its kind */
	AC_OVERRIDE_UNDONE
};
struct ac_plan_override { /* an act that was not an undoing, and what became of it */
	const struct ac_override *o, *undone_by;
	enum ac_override_state state;
	bool moved; /* the protocol's line says something else now than when it was decided */
};
struct ac_plan_goal {
	const struct ac_goal *def;
	const struct ac_protocol *protocol;
	bool assumed;
};
struct ac_plan_expectation {
	const struct ac_expectation *def;
	const struct ac_protocol *protocol;
	int64_t from, until;
};
struct ac_plan_flag {
	const struct ac_red_flag *def;
	const struct ac_protocol *protocol;
	int64_t from; /* AC_INSTANT_NONE: at once */
};
struct ac_plan_task {
	struct ac_str key; /* "mesotherapy/call-day-2/1": protocol, task, occurrence */
	const struct ac_task_def
	    *def; /* NULL: made by the product itself (tell-the-patient, finish-the-chart) */
	const struct ac_protocol *protocol;
	uint32_t occurrence, occurrences; /* "1 of 2" for a task with several times; 1 of 1 else */
	struct ac_str title, role;        /* English words for the worklist; role as in the protocol */
	enum ac_task_kind kind;
	bool urgent, shifted, unplaced; /* unplaced: no open day within its shift */
	int64_t not_before, due;
	bool assumed;
	const struct enc_appointment *appointment; /* the booked one that `due` was taken from; NULL: none */
	const struct ac_task_def *
	    *merged; /* the same concept from other protocols: their questions count too */
	size_t nmerged;
};
struct ac_contradiction {                 /* shown to the clinician, never resolved */
	const struct ac_plan_line *a, *b; /* into ac_plan.lines */
	const char *rule;                 /* "MERGE-CONTRADICTS" */
};
struct ac_plan_warning {
	const char
	    *rule; /* "ANCHOR-ASSUMED", "PERFORMED-IN-FUTURE", "ANSWER-DIFFERS", "TASK-UNPLACED", ... */
	struct ac_str text; /* for the clinician, English; no free text of the patient */
};
struct ac_plan_missing {
	const struct ac_fact_def
	    *def; /* NULL when it is a vocabulary path of the chart (medication list not reviewed) */
	struct ac_str path;
	bool required;
	bool conflict; /* it is known, and does not fit: is it right? */
};
struct ac_plan {
	const struct ac_plan_input *in;
	struct ac_uuid id, document_id;
	enum ac_plan_status status;
	int64_t anchor; /* earliest of the treatments */
	struct ac_treatment *treatments;
	size_t ntreatments;
	struct ac_plan_line
	    *lines; /* restrictions by end, then care, information, warnings, in protocol order */
	size_t nlines;
	struct ac_plan_goal *goals;
	size_t ngoals;
	struct ac_plan_expectation *expectations;
	size_t nexpectations;
	struct ac_plan_flag *flags; /* emergency first */
	size_t nflags;
	struct ac_plan_task *tasks; /* by due */
	size_t ntasks;
	struct ac_contradiction *contradictions;
	size_t ncontradictions;
	struct ac_plan_omitted *omitted;
	size_t nomitted;
	struct ac_plan_override *overrides;
	size_t noverrides;
	struct ac_plan_warning *warnings;
	size_t nwarnings;
	struct ac_plan_missing *missing;
	size_t nmissing;
	bool demonstration;                          /* a protocol or the clinic is marked so */
	int64_t series_next_from, series_next_until; /* AC_INSTANT_NONE: no series or not decided */
	int32_t session, sessions;                   /* 0: unknown */
	int32_t session_expected;                    /* by the last session; 0: nothing says */
	bool session_checked;                        /* it does not follow, and somebody said that it is right */
};

/*
 * Which of the active protocols match, and how strongly. Evidence is the code of a performed procedure, or a category or
 * product beside which something recorded says that it was done: a trigger's condition on a fact that holds, the fact or
 * answer `performed` = yes, the answer `anchor`. The answer `performed` = no takes a suggestion away.
 */
enum ac_match { AC_MATCH_NONE, AC_MATCH_SUGGESTED, AC_MATCH_EVIDENCE };
enum ac_match ac_plan_match(const struct encounter *e, const struct ac_answer *answers, size_t nanswers,
    const struct ac_protocol *p, struct ac_arena *a);

struct ac_uuid ac_plan_id(
    struct ac_uuid root, struct ac_str site, struct ac_str encounter, struct ac_str patient);
struct ac_uuid ac_document_id(struct ac_uuid plan, uint32_t document_version);

enum ac_code ac_plan_make(const struct ac_plan_input *in, struct ac_arena *a, struct ac_plan **ret,
    struct ac_err *reterr) AC_MUST_CHECK;
/* Canonical JSON of the whole plan: the API's, the CLI's and the tests' view of it. */
struct ac_str ac_plan_encode(const struct ac_plan *p, struct ac_arena *a);
/* Covers clinical content, patient identity and signer: differs exactly when a new version is due. */
void ac_plan_content_hash(const struct ac_plan *p, struct ac_arena *a, struct ac_sha256 *ret);
/* Which of "clinical", "patient", "signer" differ; three bits. */
unsigned ac_plan_changed(const struct ac_plan *before, const struct ac_plan *now, struct ac_arena *a);
#define AC_CHANGED_CLINICAL 1u
#define AC_CHANGED_PATIENT 2u
#define AC_CHANGED_SIGNER 4u

/* "mesotherapy/call-day-2/1" */
struct ac_str ac_task_key(
    struct ac_arena *a, const struct ac_protocol *p, const struct ac_task_def *def, uint32_t occurrence);
uint32_t ac_task_times(const struct ac_task_def *def); /* how often it occurs: 1 without `at` */
const char *ac_plan_status_word(enum ac_plan_status s);
const char *ac_plan_stage_word(enum ac_plan_stage s);
struct ac_str ac_plan_revoke_words(struct ac_str reason); /* "the encounter belongs to another patient"; a person's own words as they are */
const char *ac_override_state_word(enum ac_override_state s); /* "holds", "line-gone", "replaced", "undone" */
size_t ac_plan_overrides_held(const struct ac_plan *p);       /* how many acts hold, their line there or not */

#endif
