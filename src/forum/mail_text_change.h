/*
 * Words of administrators in place of a mail's default ones, by language. Each change is
 * kept for good; the newest of a mail and language counts from the next mail on, wherever it
 * is sent: mail_load reads it with the mail itself.
 */
#ifndef FORUM_MAIL_TEXT_CHANGE_H
#define FORUM_MAIL_TEXT_CHANGE_H

#include "forum/mail_text.h"

#define MAIL_TEXT_REASON_MAX 200
#define MAIL_TEXT_SHOWN      50 /* changes */

struct mail_text_state {
	const struct mail_text *text;
	const char *language;
	int64_t change_id;       /* the newest; 0: there never was one */
	struct mail_words words; /* subject NULL: the default ones */
	int64_t changed_at;
	const char *changed_by; /* "" for nobody */
	const char *problem;    /* why the default goes out all the same; NULL: it does not */
};

/* Each mail in each language, as i18n_languages has them. ERR_FORBIDDEN. */
enum err mail_text_list(struct ctx *ctx, struct mail_text_state **out, size_t *count) MUST_CHECK;

struct mail_text_version {
	int64_t id;
	struct mail_words words; /* subject NULL: the default ones */
	int64_t changed_at;
	const char *changed_by, *reason;
	int64_t undoes_id;
};

struct mail_text_history {
	struct mail_text_state state;
	struct mail_text_version *versions; /* newest first, at most MAIL_TEXT_SHOWN */
	size_t count;
};

/* ERR_FORBIDDEN. */
enum err mail_text_history_load(struct ctx *ctx, const struct mail_text *text, const char *language,
				struct mail_text_history *out) MUST_CHECK;

struct mail_text_form {
	const struct mail_text *text;
	const char *language;
	struct mail_words words; /* as typed; cleaned. subject NULL: back to the default */
	const char *reason;
	int64_t follows_id; /* the newest change when the form was made */
	const char *form_key;
};

/*
 * *is_changed: not what was in force already.
 * ERR_INVALID: a field; ERR_CONFLICT: somebody changed these words meanwhile.
 */
enum err mail_text_save(struct ctx *ctx, struct mail_text_form *form, bool *is_changed) MUST_CHECK;

/* Back to what counted before the newest change, which must still be follows_id. */
enum err mail_text_undo(struct ctx *ctx, const struct mail_text_form *form) MUST_CHECK;

/*
 * Mails these words, filled with examples, to the one who acts.
 * ERR_INVALID, ERR_THROTTLED: ten an hour.
 */
enum err mail_text_try(struct ctx *ctx, struct mail_text_form *form) MUST_CHECK;

#endif
