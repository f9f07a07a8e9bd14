/*
 * page.h - what all pages share: frame, navigation by role, small elements, forms with their token.
 *
 * Shape   HTML without script, without inline style; everything through base/xw, which escapes. A panel is a page for an
 *         iframe: no navigation, links to other pages open in a tab of their own.
 * Rules   every form carries a token for its route and object, and the version that its page showed.
 * PHI     never in a title: titles get into histories.
 */
#ifndef PLUGIN_PAGE_H
#define PLUGIN_PAGE_H

#include "base/xw.h"
#include "core/record.h"
#include "plugin/auth.h"
#include "plugin/routes.h"

#define AC_ROLES_CARE (AC_ROLE_BIT(AC_ROLE_NURSE) | AC_ROLE_BIT(AC_ROLE_CLINICIAN))

enum ac_page_kind { AC_PAGE_WHOLE, AC_PAGE_PANEL };
struct ac_page {
	struct ac_xw w;
	struct ac_http *h;
	struct ac_arena *a;
	enum ac_page_kind kind;
};
void ac_page_begin(struct ac_page *p, struct ac_http *h, enum ac_page_kind kind, const char *title);
void ac_page_end(struct ac_page *p);
void ac_page_conflict(
    struct ac_page *p); /* why this page comes instead of what its form asked for; status 409 only */
/* Of the element just opened: it is read out, and the keys start there, when a page comes back instead of what was asked for. */
void ac_page_told_first(struct ac_page *p);
/* The form's conflict as a sentence; the page that follows is answered 409. `e` says in words what moved. */
void ac_page_set_conflict(struct ac_http *h, const struct ac_err *e);
struct ac_str ac_page_typed(const struct ac_page *p, const char *name); /* what the refused form held; absent: nothing */
/* The page of an error: what happened, what to do next. Replaces what was written. */
void ac_page_problem(struct ac_http *h, const char *title, const struct ac_err *e);

bool ac_page_is_demonstration(const struct ac_page *p);        /* the clinic is one: whole pages say so */
bool ac_page_is_role(const struct ac_page *p, unsigned roles); /* AC_ROLE_BIT(...) */
void ac_page_open(struct ac_page *p, const char *name, const char *class);
void ac_page_close(struct ac_page *p, const char *name);
void ac_page_elem(
    struct ac_page *p, const char *name, const char *class, struct ac_str text); /* left out when absent */
void ac_page_elemc(struct ac_page *p, const char *name, const char *class, const char *text);
void ac_page_link(struct ac_page *p, const char *class, struct ac_str href, struct ac_str text);
void ac_page_chip(struct ac_page *p, const char *class, struct ac_str text);
/* <form method="post"> with its token; `object` is what the handler checks. Leaves the form open. */
void ac_page_form(
    struct ac_page *p, const char *class, const char *route, struct ac_str action, struct ac_str object);
void ac_page_hidden(struct ac_page *p, const char *name, struct ac_str value);
void ac_page_hidden_int(struct ac_page *p, const char *name, int64_t value);
void ac_page_button(
    struct ac_page *p, const char *class, const char *name, const char *value, const char *text);
/* A labelled select: `values` and `labels` side by side. */
void ac_page_select(struct ac_page *p, const char *name, const char *label, const struct ac_str *values,
    const struct ac_str *labels, size_t n, struct ac_str chosen);
/* The same where its label stands above it already: said to screen readers only. */
void ac_page_select_below(struct ac_page *p, const char *name, struct ac_str label, const struct ac_str *values,
    const struct ac_str *labels, size_t n, struct ac_str chosen);

int64_t ac_page_now(const struct ac_page *p); /* seconds */
/* Words for times of the plan's zone: the clock alone when it is today, else with its day. */
struct ac_str ac_page_moment(struct ac_page *p, const struct ac_zone *z, int64_t t);
struct ac_str ac_page_day(struct ac_page *p, const struct ac_zone *z, int64_t t); /* Tue 31 March */
/* "Mon 10:30 to 12:00", "Thu 9 April to Sat 11 April" */
struct ac_str ac_page_span(struct ac_page *p, const struct ac_zone *z, int64_t from, int64_t until);
struct ac_str ac_page_sha(struct ac_page *p, const struct ac_sha256 *s); /* hex */
struct ac_str ac_page_person(struct ac_page *p, struct enc_strs given, struct ac_str family);
struct ac_str ac_page_role(struct ac_str role); /* "front desk" */
struct ac_str ac_page_language(struct ac_str code); /* "Turkish"; a code that is not known here as it is */
/* An English text of a protocol. */
struct ac_str ac_page_text(struct ac_texts t);
struct ac_str ac_page_label(struct ac_texts label, struct ac_texts text); /* label, else text */

struct ac_str ac_plan_home(struct ac_arena *a, struct ac_uuid plan); /* /aftercare/plans/ID */
/* the same and what follows */
struct ac_str ac_plan_path(struct ac_arena *a, struct ac_uuid plan, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
struct ac_str ac_panel_path(struct ac_arena *a, struct ac_str site, struct ac_str encounter);
/* By site, patient and visit; who is bound to a visit sees the plan of the patient whom it names now, no former one's. */
enum ac_code ac_page_may_see(struct ac_http *h, const struct ac_record *r, struct ac_err *reterr) AC_MUST_CHECK;
/* Another plan of the patient that this one counts: by the sensitivity of its visit. */
bool ac_page_names_other(struct ac_http *h, const struct ac_other_plan *o);
bool ac_page_hides_other(struct ac_http *h, const struct ac_plan *p); /* one of those that it counts */
/* The id in the path, its record, and whether this caller may see it. AC_ENOTFOUND PLAN-UNKNOWN. `version` 0: newest. */
enum ac_code ac_page_record(
    struct ac_http *h, int64_t version, struct ac_record **ret, struct ac_err *reterr) AC_MUST_CHECK;
/* One entry in the log, durable before the bytes go out. */
enum ac_code ac_page_log(struct ac_http *h, const char *action, const char *kind, const struct ac_record *r,
    int64_t version, struct ac_err *reterr) AC_MUST_CHECK;

#endif
