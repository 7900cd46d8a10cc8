/*
 * Internal notes on a question: what the desk says among itself. Markdown, with mentions;
 * a colleague who is named is told. Nobody else ever sees them: not the asker, not search,
 * not the API; whoever may work on the question reads them (desk.h).
 *
 * For DESK_NOTE_EDIT_MINUTES its writer can change a note or take it back; after that it
 * stays, and more is said in another one.
 */
#ifndef FORUM_DESK_NOTE_H
#define FORUM_DESK_NOTE_H

#include "forum/author.h"
#include "text/html.h"

#define DESK_NOTE_MAX_BYTES    4000
#define DESK_NOTE_EDIT_MINUTES 10
#define DESK_NOTES_SHOWN       50

struct rows;

struct desk_note {
	int64_t id, created_at, edited_at; /* edited_at 0: never */
	struct author author;
	struct html_fragment body;
	const char *body_md;
	bool can_change;
};

/* The newest DESK_NOTES_SHOWN, the oldest of them first. Queued; read after db_run. */
void desk_notes_add(struct ctx *ctx, int64_t topic_id, struct rows *rows);
void desk_notes_read(struct ctx *ctx, struct rows *rows, struct desk_note **out, size_t *count,
		     bool *has_more);

/*
 * ERR_INVALID at "note"; ERR_NOT_FOUND, ERR_FORBIDDEN as of the question. *id: of the note.
 * Twice the same form is one note.
 */
enum err desk_note_create(struct ctx *ctx, int64_t topic_id, const char *body_md,
			  const char *form_key, int64_t *id) MUST_CHECK;

/*
 * The actor's own, within its minutes: else ERR_CONFLICT with a sentence, ERR_NOT_FOUND
 * for somebody else's. Who is named only now is told now.
 */
enum err desk_note_change(struct ctx *ctx, int64_t topic_id, int64_t note_id, const char *body_md,
			  const char *form_key) MUST_CHECK;
enum err desk_note_delete(struct ctx *ctx, int64_t topic_id, int64_t note_id,
			  const char *form_key) MUST_CHECK;

#endif
