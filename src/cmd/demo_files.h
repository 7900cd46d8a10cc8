/*
 * The demo community's files (demo/README.md), read with jansson into plain
 * structs. Strings live in the arena.
 */
#ifndef CMD_DEMO_FILES_H
#define CMD_DEMO_FILES_H

#include "base/arena.h"

struct demo_person {
	const char *key, *name, *email, *role, *language, *title, *bio;
	double joined_days_ago;
	int64_t id; /* once seeded */
};

struct demo_keys {
	const char **items;
	size_t count;
};

struct demo_edit {
	const char *body, *reason;
	double hours_ago;
};

struct demo_comment {
	const char *author, *body;
	double hours_ago;
};

struct demo_answer {
	const char *author, *body;
	double hours_ago;
	bool is_accepted;
	struct demo_keys thanks;
	struct demo_edit edited; /* body NULL: never */
	struct demo_comment *comments;
	size_t comment_count;
	int64_t id; /* once seeded */
};

/* An idea's stage, said by somebody of the team. */
struct demo_stage {
	const char *person, *stage, *reason;
	double hours_ago;
};

/* A poll; who voted for what, as places from 1. */
struct demo_vote {
	const char *person;
	int64_t choices[10];
	size_t count;
};

struct demo_poll {
	const char *question, *choices, *shows; /* question NULL: none */
	bool is_multiple;
	double open_days; /* from when it was asked */
	struct demo_vote *votes;
	size_t vote_count;
};

struct demo_thread {
	const char *category, *language, *author, *title, *body, *tags;
	double hours_ago;
	struct demo_keys me_too, followers;
	const char *status;       /* "" or as in the database */
	const char *duplicate_of; /* title of the other thread */
	const char *joined_with;  /* the same; "" */
	const char *pinned;       /* "category", "everywhere"; "" */
	const char *split_title;  /* of a question made of answers; "" */
	size_t *split_answers;    /* which, from 0 */
	size_t split_count;
	struct demo_answer *answers;
	size_t answer_count;
	struct demo_comment *comments;
	size_t comment_count;
	struct demo_stage *stages; /* of an idea, oldest first */
	struct demo_poll poll;
	size_t stage_count;
	int64_t id; /* once seeded */
};

struct demo_category {
	const char *slug, *parent_slug, *icon, *name_fr, *name_en, *description_fr, *description_en;
	bool is_for_ideas;
};

struct demo {
	struct demo_person *people;
	size_t person_count;
	struct demo_category *categories; /* parents before their children */
	size_t category_count;
	struct demo_thread *threads; /* oldest first */
	size_t thread_count;
};

/* False: *message names the file and what is wrong in it. */
bool demo_read(struct arena *arena, const char *directory, struct demo *out,
	       const char **message) MUST_CHECK;

#endif
