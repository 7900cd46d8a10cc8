/*
 * Changing what mails say. One lock for all of them: two administrators who write at once
 * are told of each other, and nobody waits for long.
 */
#include "forum/mail_text_change.h"

#include "db/db.h"
#include "forum/actor.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/policy.h"
#include "forum/throttle.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

#define LANGUAGES_MAX 8
#define PLACE         "/admin/mails"

#define CHANGE_COLUMNS \
	"c.id, c.subject, c.body, c.changed_at, coalesce(p.name, ''), c.reason, c.undoes_id"

DB_STATEMENT(mail_text_states,
	     "select distinct on (c.name, c.language) c.name, c.language, " CHANGE_COLUMNS "\n"
	     "from mail_text_changes c left join people p on p.id = c.changed_by\n"
	     "order by c.name, c.language, c.id desc limit 1000",
	     0);

DB_STATEMENT(mail_text_changes_of,
	     "select " CHANGE_COLUMNS "\n"
	     "from mail_text_changes c left join people p on p.id = c.changed_by\n"
	     "where c.name = $1 and c.language = $2\n"
	     "order by c.id desc limit $3",
	     3);

DB_STATEMENT(mail_text_lock, "select pg_advisory_xact_lock(hashtextextended('mail_texts', 0))", 0);

DB_STATEMENT(mail_text_newest,
	     "select c.id, c.subject, c.body from mail_text_changes c\n"
	     "where c.name = $1 and c.language = $2\n"
	     "order by c.id desc limit 1",
	     2);

DB_STATEMENT(
	mail_text_insert,
	"insert into mail_text_changes (name, language, subject, body, reason, changed_by, changed_at)\n"
	"values ($1, $2, $3, $4, $5, $6, $7)",
	7);

/* What counted before; nothing before the first: the default. */
DB_STATEMENT(
	mail_text_undo_insert,
	"insert into mail_text_changes (name, language, subject, body, changed_by, changed_at, undoes_id)\n"
	"select $1, $2, b.subject, b.body, $4::bigint, $5::timestamptz, $3\n"
	"from (select 1) one left join lateral (\n"
	"	select c.subject, c.body from mail_text_changes c\n"
	"	where c.name = $1 and c.language = $2 and c.id < $3\n"
	"	order by c.id desc limit 1) b on true",
	5);

static enum err may_change(struct ctx *ctx)
{
	return policy_require(ctx, MAY_EDIT_MAILS, &(struct subject){ .now = ctx->now });
}

/* Reading ------------------------------------------------------------------------------ */

/* Both are null, or none is. */
static struct mail_words words_read(struct rows *rows)
{
	const struct mail_words none = { 0 };
	bool is_default = col_is_null(rows);
	struct mail_words words = { 0 };

	words.subject = col_text(rows);
	words.body = col_text(rows);
	return is_default ? none : words;
}

static void version_read(struct rows *rows, struct mail_text_version *out)
{
	out->id = col_i64(rows);
	out->words = words_read(rows);
	out->changed_at = col_time(rows);
	out->changed_by = col_text(rows);
	out->reason = col_text(rows);
	out->undoes_id = col_i64(rows);
}

static void state_take(struct ctx *ctx, const struct mail_text_version *newest,
		       struct mail_text_state *out)
{
	const char *field;

	out->change_id = newest->id;
	out->words = newest->words;
	out->changed_at = newest->changed_at;
	out->changed_by = newest->changed_by;
	if (out->words.subject)
		out->problem = mail_text_problem(ctx, out->text, &out->words, &field);
}

static struct mail_text_state *state_find(struct mail_text_state *states, size_t count,
					  const char *name, const char *language)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(states[i].text->name, name) == 0 &&
		    strcmp(states[i].language, language) == 0)
			return &states[i];
	return NULL;
}

static size_t make_states(struct mail_text_state *states)
{
	size_t count = 0;

	for (size_t i = 0; i < mail_text_count; i++)
		for (size_t j = 0; j < LANGUAGES_MAX && i18n_languages[j]; j++)
			states[count++] = (struct mail_text_state){ .text = &mail_texts[i],
								    .language = i18n_languages[j],
								    .changed_by = "" };
	return count;
}

/* Rows of a mail that is no longer sent are passed over. */
enum err mail_text_list(struct ctx *ctx, struct mail_text_state **out, size_t *count)
{
	struct mail_text_version newest;
	struct rows rows;

	*out = arena_array_of(ctx->arena, mail_text_count * LANGUAGES_MAX, struct mail_text_state);
	*count = make_states(*out);
	TRY(may_change(ctx));
	TRY(db_query_params(ctx, &mail_text_states, &rows, NULL, 0));
	while (rows_next(&rows)) {
		const char *name = col_text(&rows), *language = col_text(&rows);
		struct mail_text_state *state = state_find(*out, *count, name, language);

		version_read(&rows, &newest);
		if (state)
			state_take(ctx, &newest, state);
	}
	return OK;
}

enum err mail_text_history_load(struct ctx *ctx, const struct mail_text *text, const char *language,
				struct mail_text_history *out)
{
	struct rows rows;

	*out = (struct mail_text_history){
		.state = { .text = text, .language = language, .changed_by = "" },
	};
	TRY(may_change(ctx));
	TRY(db_query(ctx, &mail_text_changes_of, &rows, param_text(text->name),
		     param_text(language), param_i64(MAIL_TEXT_SHOWN)));
	out->versions = arena_array_of(ctx->arena, MAIL_TEXT_SHOWN, struct mail_text_version);
	while (out->count < MAIL_TEXT_SHOWN && rows_next(&rows))
		version_read(&rows, &out->versions[out->count++]);
	if (out->count > 0)
		state_take(ctx, &out->versions[0], &out->state);
	return OK;
}

/* Writing ------------------------------------------------------------------------------ */

struct present {
	int64_t change_id;
	struct mail_words words;
};

/* The first round trip: *earlier when this very form was sent before. */
static enum err begin(struct ctx *ctx, const struct mail_text_form *form, struct present *present,
		      const char **earlier)
{
	struct rows rows;

	*present = (struct present){ 0 };
	*earlier = NULL;
	db_begin(ctx);
	db_add_params(ctx, &mail_text_lock, NULL, NULL, 0);
	db_add(ctx, &mail_text_newest, &rows, param_text(form->text->name),
	       param_text(form->language));
	TRY(writing_claim(ctx, form->form_key, earlier));
	if (*earlier || !rows_next(&rows))
		return OK;
	present->change_id = col_i64(&rows);
	present->words = words_read(&rows);
	return OK;
}

static void add_audit(struct ctx *ctx, const char *action, const struct mail_text_form *form)
{
	audit_write(ctx, &(struct audit_entry){
				 .action = action,
				 .subject = "mail_text",
				 .reason = form->reason,
				 .details = arena_printf(ctx->arena,
							 "{\"name\":\"%s\",\"language\":\"%s\"}",
							 form->text->name, form->language),
			 });
}

static enum err finish(struct ctx *ctx, const struct mail_text_form *form)
{
	once_result(ctx, form->form_key, PLACE);
	return db_commit(ctx);
}

static enum err somebody_was_faster(struct ctx *ctx)
{
	return fail(
		ctx, ERR_CONFLICT, NULL, "%s",
		_("Somebody else changed this mail in the meantime. Your words are still in the "
		  "fields: look at the history below, then save again."));
}

static bool is_same(const struct mail_words *one, const struct mail_words *other)
{
	if (!one->subject || !other->subject)
		return one->subject == other->subject;
	return strcmp(one->subject, other->subject) == 0 && strcmp(one->body, other->body) == 0;
}

static enum err save(struct ctx *ctx, const struct mail_text_form *form, bool *is_changed)
{
	const struct mail_words *words = &form->words;
	struct present present;
	const char *earlier;

	TRY(begin(ctx, form, &present, &earlier));
	if (earlier)
		return OK;
	if (present.change_id != form->follows_id)
		return somebody_was_faster(ctx);
	*is_changed = !is_same(words, &present.words);
	if (!*is_changed)
		return finish(ctx, form);
	db_add(ctx, &mail_text_insert, NULL, param_text(form->text->name),
	       param_text(form->language), param_text(words->subject), param_text(words->body),
	       param_text(form->reason), param_id(ctx->actor->id), param_time(ctx->now));
	add_audit(ctx, words->subject ? "mail_text_changed" : "mail_text_reset", form);
	return finish(ctx, form);
}

/* Words that say what the default says are the default: a better one will count. */
static void forget_default(struct ctx *ctx, struct mail_text_form *form)
{
	const char *language = i18n_language();
	struct mail_words standard;

	i18n_use(form->language);
	standard = mail_text_default(ctx, form->text);
	i18n_use(language);
	if (is_same(&form->words, &standard))
		form->words = (struct mail_words){ 0 };
}

enum err mail_text_save(struct ctx *ctx, struct mail_text_form *form, bool *is_changed)
{
	*is_changed = true;
	TRY(may_change(ctx));
	if (form->words.subject)
		TRY(mail_text_check(ctx, form->text, &form->words));
	TRY(field_line(ctx, "reason", form->reason, 0, MAIL_TEXT_REASON_MAX, &form->reason));
	forget_default(ctx, form);
	return writing_end(ctx, save(ctx, form, is_changed));
}

static enum err undo(struct ctx *ctx, const struct mail_text_form *form)
{
	struct present present;
	const char *earlier;

	TRY(begin(ctx, form, &present, &earlier));
	if (earlier)
		return OK;
	if (present.change_id != form->follows_id || !form->follows_id)
		return somebody_was_faster(ctx);
	db_add(ctx, &mail_text_undo_insert, NULL, param_text(form->text->name),
	       param_text(form->language), param_i64(form->follows_id), param_id(ctx->actor->id),
	       param_time(ctx->now));
	add_audit(ctx, "mail_text_undone", form);
	return finish(ctx, form);
}

enum err mail_text_undo(struct ctx *ctx, const struct mail_text_form *form)
{
	TRY(may_change(ctx));
	return writing_end(ctx, undo(ctx, form));
}

/* Trying -------------------------------------------------------------------------------- */

static enum err try_out(struct ctx *ctx, const struct mail_text_form *form)
{
	const char *earlier;

	db_begin(ctx);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier)
		return OK;
	mail_queue_test(ctx, form->text->name, form->language, &form->words);
	add_audit(ctx, "mail_text_tried", form);
	return finish(ctx, form);
}

enum err mail_text_try(struct ctx *ctx, struct mail_text_form *form)
{
	TRY(may_change(ctx));
	TRY(mail_text_check(ctx, form->text, &form->words));
	TRY(throttle_take(ctx, &throttle_mail_test,
			  arena_printf(ctx->arena, "%lld", (long long)ctx->actor->id)));
	return writing_end(ctx, try_out(ctx, form));
}
