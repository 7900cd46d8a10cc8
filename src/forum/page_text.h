/*
 * The brand's own pages: charter, legal notice, about, privacy policy, and free ones at
 * /pages/NAME. The theme brings files; from the first publication on, what administrators
 * wrote counts, in both languages. Versions and publications are kept for good: undo
 * publishes what was in force before.
 */
#ifndef FORUM_PAGE_TEXT_H
#define FORUM_PAGE_TEXT_H

#include "base/ctx.h"

#define PAGE_TEXT_NAME_MAX     60
#define PAGE_TEXT_TITLE_MAX    120
#define PAGE_TEXT_REASON_MAX   200
#define PAGE_TEXTS_MAX         100 /* free ones included */
#define PAGE_TEXT_VERSIONS_MAX 50  /* shown */
#define PAGE_TEXT_CHARTER      "charter"

/* What readers see; title and body are empty while the theme's file counts. */
struct page_text {
	const char *title, *body_md;
	const char *language; /* of the words: the other one where the reader's has none */
	int64_t publication_id;
};

/* name: hostile; one that nobody knows is as one without a publication. */
enum err page_text_load(struct ctx *ctx, const char *name, struct page_text *out) MUST_CHECK;

/* For administrators ------------------------------------------------------------------ */

struct page_text_state {
	const char *name, *path; /* "/charter", "/pages/faq" */
	bool is_free;            /* not one of those that the site links to itself */
	int64_t version_id;      /* in force; 0: the theme's file, or nothing */
	int64_t version_number, version_count;
	int64_t publication_id, published_at, asked_at;
	const char *publisher; /* "" for nobody */
};

struct page_text_version {
	int64_t id, number;
	const char *title_fr, *body_fr, *title_en, *body_en;
	const char *reason, *author;
	int64_t written_at;
};

struct page_text_publication {
	int64_t id, version_number; /* 0: the theme's file */
	bool asks;                  /* everybody who had agreed before */
	const char *publisher;
	int64_t published_at, undoes_id;
};

struct page_text_history {
	struct page_text_state state;
	struct page_text_version *versions; /* newest first, at most PAGE_TEXT_VERSIONS_MAX */
	size_t version_count;
	struct page_text_publication *publications; /* newest first, as many */
	size_t publication_count;
	bool can_undo;
};

/* All, ours first. ERR_FORBIDDEN. */
enum err page_text_list(struct ctx *ctx, struct page_text_state **out, size_t *count) MUST_CHECK;

/* ERR_NOT_FOUND, ERR_FORBIDDEN. */
enum err page_text_history_load(struct ctx *ctx, const char *name,
				struct page_text_history *out) MUST_CHECK;

/* One version, and the one before it for comparing (number 0: there is none). */
enum err page_text_version_load(struct ctx *ctx, const char *name, int64_t number,
				struct page_text_version *out,
				struct page_text_version *before) MUST_CHECK;

struct page_text_form {
	const char *name;
	struct page_text_version words; /* titles, bodies and reason, as typed; cleaned */
	int64_t follows_number;         /* the newest version when the form was made */
	bool is_published, asks;
	int64_t publication_id; /* in force when the form was made */
	const char *form_key;
};

/*
 * A new free page without words. ERR_INVALID: "name" is taken, or no address; or there
 * are PAGE_TEXTS_MAX.
 */
enum err page_text_add(struct ctx *ctx, const char **name, const char *form_key) MUST_CHECK;

/*
 * A new version, and its publication if the form says so; *number: of the version.
 * ERR_INVALID: a field; ERR_CONFLICT: somebody wrote another version meanwhile.
 */
enum err page_text_save(struct ctx *ctx, struct page_text_form *form, int64_t *number) MUST_CHECK;

/*
 * Puts a version in force, number 0 the theme's file. ERR_CONFLICT: another was
 * published meanwhile.
 */
enum err page_text_publish(struct ctx *ctx, const struct page_text_form *form,
			   int64_t number) MUST_CHECK;

/* Back to what was in force before the publication: that one must still be the newest. */
enum err page_text_undo(struct ctx *ctx, const struct page_text_form *form) MUST_CHECK;

#endif
