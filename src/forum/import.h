/*
 * Taking over another forum's dump. A source (kind and name) is one dump; every
 * record of it that we have has a row in import_map, so an import run again does
 * nothing, and one that was interrupted goes on. Records come in batches; each is
 * one transaction: copied into a temporary table, then joined with the map, so
 * that parents, authors and what is already there are found by the database.
 *
 * Triggers rest meanwhile (entraide.importing); import_finish recomputes.
 * Nobody is notified.
 */
#ifndef FORUM_IMPORT_H
#define FORUM_IMPORT_H

#include "base/ctx.h"

/* ERR_NOT_FOUND. The earliest import wins where two had the same number. */
enum err import_find_post(struct ctx *ctx, int64_t foreign_id, int64_t *post_id) MUST_CHECK;

struct import_source {
	const char *name;     /* of the dump: "history-meta" */
	const char *url;      /* of the original site, no slash at the end; may be "" */
	const char *language; /* of its topics */
	int64_t id;           /* set by import_begin */
	int64_t category_id;  /* where its topics go; set by import_begin */
};

enum err import_begin(struct ctx *ctx, struct import_source *source,
		      const char *category_slug) MUST_CHECK;

/* What became of a batch's rows; they add up with those skipped before. */
struct import_counts {
	int64_t imported; /* new here */
	int64_t present;  /* had been imported before */
	int64_t orphaned; /* its parent is not here */
};

#define IMPORT_BATCH 1000

struct import_person {
	int64_t foreign_id, created_at;
	const char *name, *bio_md, *bio_html;
};
enum err import_people(struct ctx *ctx, const struct import_source *source,
		       const struct import_person *people, size_t count,
		       struct import_counts *counts) MUST_CHECK;

/* A question's or answer's number, given an id here before anything is stored. */
struct import_mapping {
	int64_t foreign_id, parent_id;
	bool is_question;
};
enum err import_map_posts(struct ctx *ctx, const struct import_source *source,
			  const struct import_mapping *posts, size_t count) MUST_CHECK;

/* Our post ids for foreign ones, 0 where there is none; ids may repeat. */
enum err import_post_ids(struct ctx *ctx, const struct import_source *source,
			 const int64_t *foreign_ids, size_t count, int64_t *our_ids) MUST_CHECK;

struct import_post {
	int64_t foreign_id, parent_id; /* parent 0: a question */
	int64_t owner_id;              /* foreign; 0: unknown */
	const char *owner_name;        /* "" when the owner has an account */
	const char *title, *tags;      /* of questions; tags "wifi,fibre" */
	const char *body_md, *body_html, *excerpt;
	int64_t score, views, created_at, edited_at, closed_at;
	int64_t accepted_id; /* of questions: the accepted answer, foreign; 0: none */
	const char *source_url, *licence;
};
/* A question must be stored before its answers: else they are orphans. */
enum err import_posts(struct ctx *ctx, const struct import_source *source,
		      const struct import_post *posts, size_t count,
		      struct import_counts *counts) MUST_CHECK;

struct import_comment {
	int64_t foreign_id, post_id, owner_id, score, created_at;
	const char *owner_name, *body_md, *body_html, *licence;
};
enum err import_comments(struct ctx *ctx, const struct import_source *source,
			 const struct import_comment *comments, size_t count,
			 struct import_counts *counts) MUST_CHECK;

struct import_duplicate {
	int64_t post_id, original_id;
};
enum err import_duplicates(struct ctx *ctx, const struct import_source *source,
			   const struct import_duplicate *links, size_t count,
			   struct import_counts *counts) MUST_CHECK;

struct import_badge {
	int64_t foreign_id, person_id, class_number, awarded_at;
	const char *name;
};
enum err import_badges(struct ctx *ctx, const struct import_source *source,
		       const struct import_badge *badges, size_t count,
		       struct import_counts *counts) MUST_CHECK;

struct import_tag {
	int64_t foreign_id;
	const char *name;
};
enum err import_tags(struct ctx *ctx, const struct import_source *source,
		     const struct import_tag *tags, size_t count,
		     struct import_counts *counts) MUST_CHECK;

/* A version of a post's text; revisions are numbered by import_finish. */
struct import_version {
	int64_t foreign_id, post_id, owner_id, created_at;
	const char *owner_name, *body_md, *reason;
};
enum err import_versions(struct ctx *ctx, const struct import_source *source,
			 const struct import_version *versions, size_t count,
			 struct import_counts *counts) MUST_CHECK;

/* Now and then on the way: tells the database's planner how much there is by now. */
enum err import_learn_sizes(struct ctx *ctx) MUST_CHECK;

/* Counters, the index's marks, planner statistics; report is JSON, kept with the source. */
enum err import_finish(struct ctx *ctx, const struct import_source *source,
		       const char *report) MUST_CHECK;

#endif
