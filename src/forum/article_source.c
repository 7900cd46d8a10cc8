/*
 * From a thread to a draft, and the credit for it.
 */
#include "forum/article_source.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "db/db.h"
#include "forum/article_work.h"
#include "forum/author.h"
#include "forum/policy.h"
#include "forum/topic.h"
#include "i18n/i18n.h"
#include "text/markdown.h"
#include "text/slug.h"

/* Room for headings in what a body may be long. */
#define HEADINGS_BYTES 400

DB_STATEMENT(article_of_topic,
	     "select a.id from article_sources s join articles a on a.id = s.article_id\n"
	     "where s.topic_id = $1 and a.state <> 'archived'\n"
	     "order by a.id limit 1",
	     1);

/* The question first, then what was accepted, then what is the team's. */
DB_STATEMENT(
	article_posts_of_topic,
	"select p.id, p.body_md\n"
	"from posts p left join people w on w.id = p.author_id\n"
	"where p.topic_id = $1 and p.visibility = 'visible' and (p.kind = 'question'\n"
	"	or (p.kind = 'answer' and (p.accepted_at is not null or p.is_official\n"
	"		or w.role in ('advisor', 'moderator', 'administrator'))))\n"
	"order by p.kind = 'question' desc, p.accepted_at is null, p.score desc, p.accepted_at, p.id\n"
	"limit $2::bigint",
	2);

DB_STATEMENT(article_credit_rows,
	     "select t.id, t.title, t.language, p.kind = 'answer', " AUTHOR_COLUMNS(
		     "w", "p") "\n"
			       "from article_sources s\n"
			       "join posts p on p.id = s.post_id and p.visibility = 'visible'\n"
			       "join topics t on t.id = s.topic_id and t.visibility = 'visible'\n"
			       "left join people w on w.id = p.author_id\n"
			       "where s.article_id = $1\n"
			       "order by s.created_at, s.post_id limit $2::bigint",
	     2);

/* The draft ------------------------------------------------------------------------------- */

struct thread_texts {
	int64_t ids[1 + ARTICLE_SOURCE_ANSWERS];
	const char *texts[1 + ARTICLE_SOURCE_ANSWERS];
	size_t count;
};

static void texts_read(struct rows *rows, struct thread_texts *out)
{
	out->count = 0;
	while (out->count < ARRAY_COUNT(out->ids) && rows_next(rows)) {
		out->ids[out->count] = col_i64(rows);
		out->texts[out->count++] = col_text(rows);
	}
}

/* At most so many bytes, and no half of a letter. */
static size_t whole_letters(const char *text, size_t max_bytes)
{
	size_t length = strnlen(text, max_bytes);

	while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
		length--;
	return length;
}

/* What does not fit whole is cut: whoever writes sees the thread beside it. */
static void add_part(struct buf *body, const char *heading, const char *text)
{
	size_t room = MARKDOWN_MAX_BYTES - HEADINGS_BYTES;

	if (body->length >= room)
		return;
	buf_printf(body, "%s## %s\n\n", body->length ? "\n\n" : "", heading);
	buf_bytes(body, text, whole_letters(text, MARKDOWN_MAX_BYTES - body->length));
}

/* With headings in the thread's language, whatever the actor's. */
static const char *compose(struct ctx *ctx, const char *language, const struct thread_texts *thread)
{
	struct buf body;

	i18n_use(language);
	buf_init(&body, ctx->arena, MARKDOWN_MAX_BYTES);
	add_part(&body, _("The question"), thread->texts[0]);
	for (size_t i = 1; i < thread->count; i++)
		add_part(&body, i == 1 ? _("The answer") : _("More on it"), thread->texts[i]);
	i18n_use(ctx->language);
	return buf_to_arena(&body, ctx->arena);
}

static enum err check_thread(struct ctx *ctx, int64_t topic_id, struct topic *topic)
{
	struct subject subject;

	TRY(topic_load(ctx, topic_id, topic));
	subject = topic_subject(ctx, topic);
	TRY(policy_require(ctx, MAY_WRITE_ARTICLE, &subject));
	if (topic->visibility != VISIBILITY_VISIBLE)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	return OK;
}

static enum err save_draft(struct ctx *ctx, const struct topic *topic,
			   const struct thread_texts *thread, const char *form_key, int64_t *id)
{
	struct article_form form = {
		.language = i18n_is_supported(topic->language) ? topic->language : ctx->language,
		.category_id = topic->category_id,
		.product = "",
		.title = arena_strndup(ctx->arena, topic->title,
				       utf8_prefix(topic->title, ARTICLE_TITLE_MAX)),
		.summary = "",
		.reason = _("Made of a question and its answers"),
		.form_key = form_key,
		.source_topic_id = topic->id,
		.source_ids = thread->ids,
		.source_count = thread->count,
	};

	form.body_md = compose(ctx, form.language, thread);
	return article_save(ctx, &form, id);
}

enum err article_from_topic(struct ctx *ctx, int64_t topic_id, const char *form_key, int64_t *id)
{
	struct thread_texts thread;
	struct rows earlier, posts;
	struct topic topic;

	*id = 0;
	TRY(check_thread(ctx, topic_id, &topic));
	db_add(ctx, &article_of_topic, &earlier, param_i64(topic_id));
	db_add(ctx, &article_posts_of_topic, &posts, param_i64(topic_id),
	       param_i64(1 + ARTICLE_SOURCE_ANSWERS));
	TRY(db_run(ctx));
	if (rows_next(&earlier)) {
		*id = col_i64(&earlier);
		return OK;
	}
	texts_read(&posts, &thread);
	if (thread.count < 2)
		return fail(ctx, ERR_CONFLICT, NULL, "%s",
			    _("There is nothing to make an article of yet: no answer was accepted "
			      "or given by the team."));
	return save_draft(ctx, &topic, &thread, form_key, id);
}

/* Credit ---------------------------------------------------------------------------------- */

void article_credit_add(struct ctx *ctx, int64_t id, struct rows *rows)
{
	db_add(ctx, &article_credit_rows, rows, param_i64(id), param_i64(ARTICLE_SOURCES_SHOWN));
}

static void add_thread(struct ctx *ctx, const struct article_thread *thread,
		       struct article_credit *out)
{
	for (size_t i = 0; i < out->thread_count; i++)
		if (out->threads[i].id == thread->id)
			return;
	out->threads[out->thread_count] = *thread;
	out->threads[out->thread_count++].slug = slug_from(ctx->arena, thread->title);
}

/* Who has no account, or none any more, is not named. */
static void add_person(const struct author *author, struct article_credit *out)
{
	if (!author->id)
		return;
	for (size_t i = 0; i < out->people_count; i++)
		if (out->people[i].id == author->id)
			return;
	out->people[out->people_count++] = *author;
}

void article_credit_read(struct ctx *ctx, struct rows *rows, struct article_credit *out)
{
	size_t most = (size_t)rows->count + 1;

	*out = (struct article_credit){
		.threads = arena_array_of(ctx->arena, most, struct article_thread),
		.people = arena_array_of(ctx->arena, most, struct author),
	};
	while (rows_next(rows)) {
		struct article_thread thread = { .id = col_i64(rows) };
		struct author author = { 0 };
		bool is_answer;

		thread.title = col_text(rows);
		thread.language = col_text(rows);
		is_answer = col_bool(rows);
		author_read(ctx, rows, &author);
		add_thread(ctx, &thread, out);
		if (is_answer)
			add_person(&author, out);
	}
}
