/*
 * The desk's reports over the last 7, 30 or 90 days: how fast questions were answered and
 * solved, and by whom; what is still open, by age; when the work comes; what articles
 * answered before it was asked; whom to thank and whom to look after. The worker works them out every hour, so a page reads as many rows
 * as it shows. What each figure means: docs/reports.md.
 *
 * The two lists of people are for the team alone. They say why each person is there, leave
 * out minors and who wants no rankings, and are gone with the account.
 */
#ifndef FORUM_DESK_REPORT_H
#define FORUM_DESK_REPORT_H

#include "forum/person.h"

#define DESK_REPORT_SPANS     3
#define DESK_REPORT_FIGURES   8
#define DESK_BACKLOG_AGES     7
#define DESK_REPORT_PEOPLE    30
#define DESK_REPORT_LINES_MAX 440

extern const int desk_report_days[DESK_REPORT_SPANS]; /* 7, 30, 90 */

enum desk_report {
	/* A line for everything (subject 0) and one for each category of the first level:
	 * first answers that were due, and in time; solutions due, and in time. */
	DESK_REPORT_TARGETS,
	/* The same by team; subject 0: no team has had them. */
	DESK_REPORT_TEAMS,
	/* By place in desk_causes, those that there were: targets missed whose time ran out in
	 * this time; of them first answers, solutions; causes that a person corrected. */
	DESK_REPORT_CAUSES,
	/* A line for everything (subject 0) and one for each category of the first level:
	 * questions; answered, median, p90; solved, median, p90 (seconds). */
	DESK_REPORT_TIMES,
	/* Places 1 to 4, customers, experts, the team, askers themselves: first answers,
	 * median, p90; solutions, median, p90; of all four: first answers, solutions. */
	DESK_REPORT_SIDES,
	/* By place, up to 4 hours, 1, 3, 7, 30, 365 days, older: unanswered, answered but not
	 * solved; of both, those that wait for the asker. */
	DESK_REPORT_BACKLOG,
	/* Place 0 is Monday at midnight, 167 Sunday at 23: questions, the team's answers. */
	DESK_REPORT_LOAD,
	/* Pages on which questions were begun. A line for all that offered articles (subject
	 * 0), and one for each of the 20 articles that answered most: offered, opened,
	 * answered the question, asked although it was offered. */
	DESK_REPORT_ARTICLES,
	DESK_REPORT_COUNT,
};

struct desk_report_line {
	int64_t place, subject_id;
	const char *name; /* of the subject; "" */
	int64_t figures[DESK_REPORT_FIGURES];
};
struct desk_report_lines {
	struct desk_report_line *items; /* by place */
	size_t count;
};

/* A helper whom the brand may want to thank, or to ask for more. */
struct desk_ambassador {
	struct author author;
	int64_t answers, accepted_share, reach, thanks, response_minutes, abuses, days;
	int64_t score; /* candidate_score (expert.h) */
};
/* Somebody whose questions keep failing. */
struct desk_care {
	struct author author;
	int64_t questions, failed, unanswered;
	int64_t latest_id; /* their newest question */
	const char *latest_title;
};

struct desk_reports {
	struct desk_report_lines of[DESK_REPORT_COUNT];
	struct desk_ambassador *ambassadors; /* the highest score first */
	size_t ambassador_count;
	struct desk_care *care;
	size_t care_count;
	int64_t worked_out_at; /* 0: never yet */
};

/* span: index into desk_report_days. One round trip. ERR_FORBIDDEN but for the team. */
enum err desk_reports_load(struct ctx *ctx, size_t span, struct desk_reports *out) MUST_CHECK;

/* For the hourly job: all spans, in one transaction. */
enum err desk_reports_refresh(struct ctx *ctx) MUST_CHECK;

#endif
