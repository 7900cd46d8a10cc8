/*
 * Polls: a question with two to ten choices on a topic's page, asked by the topic's author
 * or the team, open until a day. A vote can be changed until then; nobody sees whose it is.
 * A poll goes with its topic: hidden with it, joined with it (where the other one has
 * none), and closed by the clock alone.
 */
#ifndef FORUM_POLL_H
#define FORUM_POLL_H

#include "forum/topic.h"

struct rows;

#define POLL_CHOICES_MIN  2
#define POLL_CHOICES_MAX  10
#define POLL_QUESTION_MAX 200
#define POLL_CHOICE_MAX   100
#define POLL_DAYS_MAX     366
#define POLL_REASON_MAX   300

/* When people see what came of it. Whoever may remove it always does. */
enum poll_shows { POLL_ALWAYS, POLL_VOTED, POLL_CLOSED, POLL_SHOWS_COUNT };
bool poll_shows_parse(const char *text, enum poll_shows *out);
const char *poll_shows_text(enum poll_shows shows);

struct poll_choice {
	int64_t position, votes; /* from 1 */
	int64_t percent;         /* of those who voted; of several choices, more than 100 in all */
	const char *label;
	bool is_mine;
};

struct poll {
	int64_t id; /* 0: the topic has none */
	const char *question, *removal_reason;
	bool is_multiple, is_removed, is_open, has_voted;
	bool shows_results; /* to the actor */
	bool is_public;     /* what came of it is for everybody */
	enum poll_shows shows;
	int64_t closes_at, voter_count;
	struct poll_choice choices[POLL_CHOICES_MAX];
	size_t choice_count;
	bool can_vote, can_remove;
};

/* Queues one statement; _read after db_run. For topics with topic.has_poll. */
void poll_add(struct ctx *ctx, int64_t topic_id, struct rows *rows);
void poll_read(struct ctx *ctx, struct rows *rows, const struct topic *topic, struct poll *out);
enum err poll_load(struct ctx *ctx, const struct topic *topic, struct poll *out) MUST_CHECK;

struct poll_new {
	int64_t topic_id;
	const char *question;
	const char *choices; /* one a line */
	bool is_multiple;
	enum poll_shows shows;
	int64_t closes_at;
	const char *form_key;
};
/*
 * ERR_FORBIDDEN; ERR_INVALID at "question", "choices", "closes", or without a field when
 * the topic has one already. *path: of the topic.
 */
enum err poll_create(struct ctx *ctx, const struct poll_new *form, const char **path) MUST_CHECK;

/* Gives the actor's vote, or another one. ERR_INVALID at "poll": no choice, or closed. */
enum err poll_vote(struct ctx *ctx, int64_t topic_id, const int64_t *positions,
		   size_t count) MUST_CHECK;

/* For moderators; the reason is shown in its place. ERR_INVALID at "poll-reason". */
enum err poll_remove(struct ctx *ctx, int64_t topic_id, const char *reason) MUST_CHECK;

#endif
