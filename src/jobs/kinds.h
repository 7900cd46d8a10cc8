/*
 * The kinds of jobs: a row in loop.c's table and a function each. They run with a
 * context of their own; what they return decides whether the job comes again.
 */
#ifndef JOBS_KINDS_H
#define JOBS_KINDS_H

#include "forum/job.h"

/* Sends the mail whose id is the job's subject. */
enum err job_mail(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Somebody forgot a password: the mail with the link, if there is such an account. */
enum err job_reset(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* A held post became public: who follows is told. */
enum err job_post_released(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* The team decided about a post: learnt from. */
enum err job_post_judged(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Another service is asked about a post, or told that the team saw it otherwise. */
enum err job_spam_check(struct ctx *ctx, const struct job *job) MUST_CHECK;
enum err job_spam_tell(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Everything by a person is removed, or put back: a batch. */
enum err job_removal(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Questions of an archived category go elsewhere, or come back: a batch. */
enum err job_category_move(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Questions of a renamed or merged tag follow it, or go back: a batch. */
enum err job_tag_change(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* A dry run of a rule before publication. */
enum err job_holding_trial(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Makes an uploaded picture anew, in two sizes. */
enum err job_attachment(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Draws a thread's card, that somebody has asked for. */
enum err job_card(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Makes an uploaded logo anew and puts it in force. */
enum err job_brand_logo(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Counts that may be some minutes old. */
enum err job_counts(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* All that the dashboards show, worked out anew. */
enum err job_activity(struct ctx *ctx, const struct job *job) MUST_CHECK;
enum err job_desk_reports(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Ends measures on people whose date has passed; comes again every minute. */
enum err job_measures(struct ctx *ctx, const struct job *job) MUST_CHECK;
void measures_schedule(struct ctx *ctx); /* queues it */
/* Articles whose publication was planned, and those to be looked at again; every minute. */
enum err job_articles(struct ctx *ctx, const struct job *job) MUST_CHECK;
void articles_schedule(struct ctx *ctx); /* queues it */
/* What is new at the desk; comes with every step of the worker. *has_more: again at once. */
enum err desk_some(struct ctx *ctx, bool *has_more) MUST_CHECK;
/* Every question of the desk anew, from the id behind the job's subject on. */
enum err job_desk_all(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Is something going on? Every five minutes. */
enum err job_crisis(struct ctx *ctx, const struct job *job) MUST_CHECK;
void crisis_schedule(struct ctx *ctx); /* queues it */
/* Volumes by week and theme, every hour. */
enum err job_listening(struct ctx *ctx, const struct job *job) MUST_CHECK;
void listening_schedule(struct ctx *ctx, bool is_start); /* queues it */
/* The sitemap's files in which something changed; every minute. */
enum err job_sitemap(struct ctx *ctx, const struct job *job) MUST_CHECK;
void sitemap_schedule(struct ctx *ctx, bool is_start); /* queues it */
/* Throws away what has served its time. */
enum err job_purge(struct ctx *ctx, const struct job *job) MUST_CHECK;
/* Where one person stands; everybody, from the id behind the job's subject on. */
enum err job_standing(struct ctx *ctx, const struct job *job) MUST_CHECK;
enum err job_standing_all(struct ctx *ctx, const struct job *job) MUST_CHECK;

/* A copy of everything about a person; the erasure of an account whose time has come. */
enum err job_export(struct ctx *ctx, const struct job *job) MUST_CHECK;
enum err job_erase(struct ctx *ctx, const struct job *job) MUST_CHECK;

/*
 * Queues counts, purge, measures, articles, standing_all, desk_all, activity, desk_reports,
 * listening and sitemap for their next times, unless they wait already: so that however many workers
 * there are, each runs once. is_start: counts at once.
 */
enum err upkeep_schedule(struct ctx *ctx, bool is_start) MUST_CHECK;

#endif
