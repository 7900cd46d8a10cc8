/*
 * What the pages of the team's acts on questions show.
 */
#ifndef WEB_PAGES_ACTS_H
#define WEB_PAGES_ACTS_H

#include "forum/topic_act.h"
#include "web/pages.h"

/* An act in words. */
struct act_row {
	const struct topic_act *act;
	const char *what;
};

struct topic_acts_page {
	struct frame frame;
	struct topic topic;
	const char *path; /* of the topic */
	struct topic_tools tools;
	struct categories categories;
	struct act_post *posts; /* the question, then what can be split off */
	size_t post_count;
	struct act_row *acts;
	size_t act_count;
	struct field_error error; /* of the form named "refused" */
	const char *refused;
	/* As typed. */
	const char *into, *title, *member, *reason;
};

/* Several questions at once. */
struct batch_row {
	struct topic_row *topic;
	const char *problem; /* why it was refused; "" */
};

struct topic_batch_page {
	struct frame frame;
	struct batch_row *rows;
	size_t count;
	int64_t refused_count;
	struct categories categories;
	bool can_move, can_close, can_lock, can_merge;
	bool is_done; /* something was tried: the rows say what came of it */
	struct field_error error;
	const char *reason, *into;
};

#endif
