/*
 * call_page.h - the pages of a talk with the patient: on_call.c, call_head.c, call_form.c, call_list.c. Nobody else
 * includes it but the panel, the plan and the worklist, for the links at its end.
 *
 * Shape   above all what must be done now: whom the patient must phone, and that the urgent task is there. Then whom one
 *         speaks with and what was done, hours since; then what to ask; then what was said, by whom, and how it is judged.
 *         The yes to a red flag is a button of its own: it is recorded with all that the form holds, and the page comes
 *         again. No script is needed.
 */
#ifndef PLUGIN_CALL_PAGE_H
#define PLUGIN_CALL_PAGE_H

#include "core/call_about.h"
#include "plugin/page.h"

struct ac_call_page {
	struct ac_page p;
	const struct ac_record *r;
	const struct ac_zone *z;
	struct ac_call_about about;
	const struct ac_call *c; /* NULL: it is not begun */
	enum ac_call_kind kind;
	struct ac_str task;              /* name; absent: none */
	const struct ac_task_row *row;   /* its row; NULL: none */
	const struct ac_plan_task *t;    /* as planned; NULL: not in the plan now */
	struct ac_questions *q;
	size_t nq;
	bool may_write; /* this role, and the call is not over */
	struct ac_call_checks checks; /* all that one conversation goes through; those above are of the one turned to */
	size_t at;
};

/* call_head.c */
void ac_call_urgent(struct ac_call_page *n);
void ac_call_who(struct ac_call_page *n);
void ac_call_about_treatments(struct ac_call_page *n);
/* call_together.c */
enum ac_code ac_call_gather(struct ac_call_page *n, struct ac_http *h, struct ac_err *reterr); /* who may not see one is not shown it */
void ac_call_turn_to(struct ac_call_page *n, size_t i); /* r, z, c, task, row, t, q, nq become those of check i */
bool ac_call_is_asked(const struct ac_call_page *n);    /* the check turned to is not over */
bool ac_call_is_new_plan(const struct ac_call_page *n); /* no check before it is of the same plan */
enum ac_triage_level ac_call_gravest(const struct ac_call_page *n);
struct ac_str ac_call_field(const struct ac_call_page *n, struct ac_str name); /* of the check turned to */
void ac_call_check_head(struct ac_call_page *n, const char *element); /* nothing where there is one check */
void ac_call_later(struct ac_call_page *n);             /* checks that this form has no room for, or not yet */
void ac_call_earlier_lots(struct ac_call_page *n);      /* rows of sessions that no running plan stands for */
/* The acts of a form, the first's own filled in already; those in which nothing is said are left out. */
enum ac_code ac_call_read_with(struct ac_http *h, struct ac_call_act *acts, size_t *n, struct ac_err *reterr);
size_t ac_call_read_answers(const struct ac_http *h, struct ac_str prefix, struct ac_call_answer *v); /* on_call.c */
/* call_form.c */
void ac_call_form(struct ac_call_page *n);
/* call_list.c */
void ac_call_said_so_far(struct ac_call_page *n);
void ac_call_judgement(struct ac_call_page *n);
void ac_call_others(struct ac_page *p, const struct ac_record *r, const struct ac_call *but);
void ac_call_scores(struct ac_page *p, const struct ac_record *r);
struct ac_str ac_call_level_words(enum ac_triage_level l);
const char *ac_call_level_chip(enum ac_triage_level l);
struct ac_str ac_call_words(struct ac_str value); /* of how a call ended, or was judged */
struct ac_str ac_call_title(const struct ac_call *c);

/* on_visit.c: what was recorded of a patient who came, and the answer to a question that has none yet */
struct ac_str ac_visit_title(const struct ac_call *c);
void ac_visit_reply(struct ac_page *p, const struct ac_record *r, const struct ac_call *c);

/* For panel, plan and worklist: the urgent calls that nobody has finished with, and the one click to a call. */
void ac_call_alarm(struct ac_page *p, const struct ac_record *r);
void ac_call_link(struct ac_page *p, struct ac_uuid plan, const char *class);
/* The link to go through the questions of a check-in, from a day before its time; nothing for who may not. */
void ac_call_task_link(struct ac_page *p, const struct ac_task_row *t, const char *class);

#endif
