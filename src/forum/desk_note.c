/*
 * Internal notes.
 */
#include "forum/desk_note.h"

#include "base/clock.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/desk.h"
#include "forum/field.h"
#include "forum/mention.h"
#include "forum/notification.h"
#include "forum/once.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

DB_STATEMENT(desk_notes_of,
	     "select n.id, n.created_at, n.edited_at, n.body_html, n.body_md,\n"
	     "	" PERSON_AUTHOR_COLUMNS(
		     "a") "\n"
			  "from desk_notes n left join people a on a.id = n.author_id\n"
			  "where n.topic_id = $1 order by n.id desc limit $2::bigint",
	     2);

DB_STATEMENT(desk_note_insert,
	     "insert into desk_notes (topic_id, author_id, body_md, body_html, created_at)\n"
	     "values ($1, $2, $3, $4, $5) returning id",
	     5);

DB_STATEMENT(desk_note_one,
	     "select n.created_at, n.body_md from desk_notes n\n"
	     "where n.topic_id = $1 and n.id = $2 and n.author_id = $3 for update",
	     3);

DB_STATEMENT(desk_note_update,
	     "update desk_notes set body_md = $2, body_html = $3, edited_at = $4 where id = $1", 4);

DB_STATEMENT(desk_note_drop, "delete from desk_notes where id = $1", 1);

/* Reading ------------------------------------------------------------------------------- */

static bool is_changeable(const struct ctx *ctx, int64_t author_id, int64_t created_at)
{
	return author_id && author_id == ctx->actor->id &&
	       ctx->now - created_at < DESK_NOTE_EDIT_MINUTES * CLOCK_MINUTE;
}

void desk_notes_add(struct ctx *ctx, int64_t topic_id, struct rows *rows)
{
	db_add(ctx, &desk_notes_of, rows, param_i64(topic_id), param_i64(DESK_NOTES_SHOWN + 1));
}

static void note_read(struct ctx *ctx, struct rows *rows, struct desk_note *note)
{
	*note = (struct desk_note){ .id = col_i64(rows) };
	note->created_at = col_time(rows);
	note->edited_at = col_time(rows);
	note->body = html_fragment_from_stored_sanitised(col_text(rows));
	note->body_md = col_text(rows);
	author_read(ctx, rows, &note->author);
	note->can_change = is_changeable(ctx, note->author.id, note->created_at);
}

/* They come newest first. */
void desk_notes_read(struct ctx *ctx, struct rows *rows, struct desk_note **out, size_t *count,
		     bool *has_more)
{
	size_t place;

	*has_more = rows->count > DESK_NOTES_SHOWN;
	*count = *has_more ? DESK_NOTES_SHOWN : (size_t)rows->count;
	*out = arena_array_of(ctx->arena, *count + 1, struct desk_note);
	for (place = *count; place > 0 && rows_next(rows); place--)
		note_read(ctx, rows, &(*out)[place - 1]);
}

/* Writing --------------------------------------------------------------------------------- */

struct draft {
	const char *body_md;
	struct html_fragment body;
	struct mentions mentions;
};

static const char *path_of(struct ctx *ctx, int64_t topic_id)
{
	return arena_printf(ctx->arena, "/desk/%lld", (long long)topic_id);
}

/* Who is meant, was this sent before, may the actor work on the question? */
static enum err begin(struct ctx *ctx, int64_t topic_id, const char *form_key, struct draft *draft,
		      const char **earlier)
{
	struct desk_question question;

	db_begin(ctx);
	if (draft)
		mentions_add(ctx, draft->body_md, &draft->mentions);
	TRY(writing_claim(ctx, form_key, earlier));
	if (*earlier)
		return OK;
	/* Not desk_lock: a note is also for who finds that somebody else has it in hand. */
	TRY(desk_load(ctx, topic_id, &question));
	if (!draft)
		return OK;
	return mentions_render(&draft->mentions, "note", draft->body_md, true, &draft->body);
}

static enum err clean(struct ctx *ctx, const char *typed, struct draft *draft)
{
	*draft = (struct draft){ 0 };
	return field_text(ctx, "note", typed, 1, DESK_NOTE_MAX_BYTES, &draft->body_md);
}

static void add_audit(struct ctx *ctx, const char *action, int64_t topic_id, int64_t note_id)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "topic",
				 .subject_id = topic_id,
				 .details = arena_printf(ctx->arena, "{\"note\":%lld}",
							 (long long)note_id),
			 });
}

static enum err finish(struct ctx *ctx, int64_t topic_id, int64_t note_id, const char *form_key)
{
	once_result(
		ctx, form_key,
		arena_printf(ctx->arena, "%s#n%lld", path_of(ctx, topic_id), (long long)note_id));
	return db_commit(ctx);
}

static enum err create(struct ctx *ctx, int64_t topic_id, struct draft *draft, const char *form_key,
		       int64_t *id)
{
	const char *earlier;
	struct rows rows;

	TRY(begin(ctx, topic_id, form_key, draft, &earlier));
	if (earlier)
		return OK;
	db_add(ctx, &desk_note_insert, &rows, param_i64(topic_id), param_id(ctx->actor->id),
	       param_text(draft->body_md), param_text(draft->body.html), param_time(ctx->now));
	TRY(db_run(ctx));
	rows_next(&rows);
	*id = col_i64(&rows);
	notify_desk_mentioned(ctx, draft->mentions.handles, draft->mentions.count, topic_id);
	add_audit(ctx, "desk_note_written", topic_id, *id);
	return finish(ctx, topic_id, *id, form_key);
}

enum err desk_note_create(struct ctx *ctx, int64_t topic_id, const char *body_md,
			  const char *form_key, int64_t *id)
{
	struct draft draft;

	*id = 0;
	TRY(clean(ctx, body_md, &draft));
	return writing_end(ctx, create(ctx, topic_id, &draft, form_key, id));
}

/* The note, if it is the actor's and still fresh. */
static enum err take(struct ctx *ctx, int64_t topic_id, int64_t note_id)
{
	struct rows rows;

	TRY(db_query(ctx, &desk_note_one, &rows, param_i64(topic_id), param_i64(note_id),
		     param_id(ctx->actor->id)));
	if (!rows_next(&rows))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (is_changeable(ctx, ctx->actor->id, col_time(&rows)))
		return OK;
	return fail(ctx, ERR_CONFLICT, NULL,
		    _("A note can be changed for %d minutes. Write another one instead."),
		    DESK_NOTE_EDIT_MINUTES);
}

static enum err change(struct ctx *ctx, int64_t topic_id, int64_t note_id, struct draft *draft,
		       const char *form_key)
{
	const char *earlier;

	TRY(begin(ctx, topic_id, form_key, draft, &earlier));
	if (earlier)
		return OK;
	TRY(take(ctx, topic_id, note_id));
	db_add(ctx, &desk_note_update, NULL, param_i64(note_id), param_text(draft->body_md),
	       param_text(draft->body.html), param_time(ctx->now));
	notify_desk_mentioned(ctx, draft->mentions.handles, draft->mentions.count, topic_id);
	add_audit(ctx, "desk_note_changed", topic_id, note_id);
	return finish(ctx, topic_id, note_id, form_key);
}

enum err desk_note_change(struct ctx *ctx, int64_t topic_id, int64_t note_id, const char *body_md,
			  const char *form_key)
{
	struct draft draft;

	TRY(clean(ctx, body_md, &draft));
	return writing_end(ctx, change(ctx, topic_id, note_id, &draft, form_key));
}

static enum err drop(struct ctx *ctx, int64_t topic_id, int64_t note_id, const char *form_key)
{
	const char *earlier;

	TRY(begin(ctx, topic_id, form_key, NULL, &earlier));
	if (earlier)
		return OK;
	TRY(take(ctx, topic_id, note_id));
	db_add(ctx, &desk_note_drop, NULL, param_i64(note_id));
	add_audit(ctx, "desk_note_deleted", topic_id, note_id);
	return finish(ctx, topic_id, note_id, form_key);
}

enum err desk_note_delete(struct ctx *ctx, int64_t topic_id, int64_t note_id, const char *form_key)
{
	return writing_end(ctx, drop(ctx, topic_id, note_id, form_key));
}
