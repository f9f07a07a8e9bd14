/*
 * panel.h - the encounter panel's parts: on_panel.c, panel_open.c, panel_rows.c. Nobody else includes it.
 *
 * Shape   first line: what state it is in, and what can be done. Second line, only when something is open: what, and a form
 *         that answers it. Then what the patient must not do yet, on one axis, beside what follows.
 */
#ifndef PLUGIN_PANEL_H
#define PLUGIN_PANEL_H

#include "plugin/page.h"

struct ac_panel {
	struct ac_page p;
	struct ac_encounter_row e;
	struct ac_record *r;  /* NULL: the encounter has no plan */
	struct ac_str object; /* "site/encounter": of the answer forms */
};

/* panel_open.c */
void ac_panel_open_line(struct ac_panel *n);
void ac_panel_was_it_done(struct ac_panel *n);
void ac_panel_answers(struct ac_panel *n); /* all that can be answered, with what is known now */
/* A form of the panel's answers, left open. */
void ac_panel_form(struct ac_panel *n, const char *class);
/* on_visit.c: what is recorded of a patient who is there; `follow_up`: at the visit that the plan asked for */
void ac_visit_forms(struct ac_page *p, const struct ac_record *r, bool follow_up);
/* on_state.c: what became of the plan as a whole, and the form that changes it; panel and plan page */
void ac_plan_state_notice(struct ac_page *p, const struct ac_record *r);
void ac_plan_state_form(struct ac_page *p, const struct ac_record *r);
void ac_panel_time(struct ac_panel *n); /* nothing where the time is recorded */
/* "No sport, No sauna": the lines that the careful rule holds for while this fact is not known. */
struct ac_str ac_panel_assumed_for(struct ac_panel *n, struct ac_str path);
/* The controls of one fact, with `known` chosen; no button of its own. */
void ac_panel_controls(struct ac_panel *n, const struct ac_fact_def *d, struct enc_strs known);
/* panel_session.c: before the first sheet: everything that is open in one form, with what the last session proposes, and
 * one button that saves and gives the sheet out. False: nothing was written, the questions stand one by one. */
bool ac_panel_session(struct ac_panel *n);
void ac_panel_next_session(struct ac_panel *n); /* before the treatment: when the next session may be */
/* panel_ahead.c: of a visit without a plan */
void ac_panel_ahead(struct ac_panel *n);
/* panel_kept.c */
void ac_panel_kept(struct ac_panel *n);
/* panel_rows.c */
void ac_plan_notices(struct ac_page *p, const struct ac_plan *plan); /* contradictions and warnings; plan page too */
void ac_panel_rows(struct ac_panel *n);
/* "sheet: Sun 29 Mar, 07:00": where the sheet states another end than the exact one; plan page too */
struct ac_str ac_on_sheet_words(struct ac_page *p, const struct ac_zone *z, int64_t until);
void ac_panel_follow_up(struct ac_panel *n);
const struct ac_issue_row *ac_last_issue(const struct ac_record *r); /* NULL: none */
/* What the patient holds was made from an older plan: giving out comes before printing again. */
bool ac_sheet_is_outdated(const struct ac_record *r);
const struct ac_document_row *ac_last_document(const struct ac_record *r);
/* on_version.c: nothing made from one of its protocol versions is given out */
bool ac_plan_is_suspended(const struct ac_page *p, const struct ac_record *r);
/* on_version.c: what was suspended or replaced, and the form that takes the plan elsewhere; `whole`: the plan's own page */
void ac_plan_versions(struct ac_page *p, const struct ac_record *r, bool whole);
/* on_confirm.c: that the current document waits, and the click; `back`: "panel" or "plan" */
void ac_confirm_line(struct ac_page *p, const struct ac_record *r, const char *back);
void ac_confirm_count(struct ac_page *p); /* "3 documents to confirm", for a clinician's follow-up list */
/* plan_override.c: beside a line what a clinician decided for this visit, and whose later end holds */
void ac_override_note(struct ac_page *p, const struct ac_plan *plan, const struct ac_plan_line *l);
bool ac_override_may(const struct ac_page *p, const struct ac_record *r);
/* What was decided, left out, undone: `whole` with all acts; the panel's few words else. Nothing where nothing was. */
void ac_plan_overridden(struct ac_page *p, const struct ac_record *r, bool whole);
struct ac_str ac_override_path(struct ac_page *p, const struct ac_record *r, struct ac_str line); /* line: may be absent */
/* panel_paper.c: "sheet given 14:50, patient holds version 1 of 2" */
struct ac_str ac_paper_words(struct ac_page *p, const struct ac_record *r, bool *ret_warn);
/* What to tell who holds an older sheet, and the form that records it; nothing when nothing is to be told. */
void ac_panel_paper(struct ac_page *p, const struct ac_record *r);
/* on_issue.c: the form that gives out a sheet */
void ac_issue_form(struct ac_page *p, const struct ac_record *r);
void ac_issue_anew(struct ac_page *p, const struct ac_record *r); /* after a sheet in a tab of its own: the panel again */
void ac_issue_sheet_language(struct ac_page *p, const struct ac_record *r); /* the select alone */
/* on_blank_sheet.c: where no sheet was given out: a blank one was, by hand */
void ac_blank_sheet_form(struct ac_page *p, const struct ac_record *r);
struct ac_str ac_issue_language(const struct ac_plan *plan); /* the patient's where there is text in it */
void ac_issue_language_select(struct ac_page *p, const struct ac_record *r);

#endif
