/*
 * Files of messages and of articles: who may read them, when they become public, how many
 * there may be, and when they go.
 */
#include "forum_fixture.h"

#include "forum/article_work.h"
#include "forum/attachment.h"
#include "forum/private.h"

#define PICTURE "\xFF\xD8\xFF\xE0 the bytes of a photograph"
#define TEXT    "Nom;Montant\nAliz\xc3\xa9;12,50"

static const struct attachment_upload upload_picture = { .name = "Ma box.jpg",
							 .alt = "La box, voyant rouge",
							 .bytes = PICTURE,
							 .length = sizeof(PICTURE) - 1 };
static const struct attachment_upload upload_text = {
	.name = "relev\xc3\xa9.csv", .alt = "", .bytes = TEXT, .length = sizeof(TEXT) - 1
};

static struct attachment_uploads one(const struct attachment_upload *upload)
{
	return (struct attachment_uploads){ .items = upload, .count = 1 };
}

static struct actor *advisor(struct ctx *ctx, const char *name)
{
	return forum_person(ctx, name, ROLE_ADVISOR);
}

/* What the worker does, with pictures of one byte. */
static void make_ready(struct ctx *ctx, int64_t id, bool has_small)
{
	const struct attachment_picture big = { "B", 1, 1200, 900 };
	const struct attachment_picture small = { has_small ? "S" : NULL, has_small,
						  has_small ? 640 : 0, has_small ? 480 : 0 };

	assert_ok(ctx, attachment_ready(ctx, id, &big, &small));
}

static int64_t newest(struct ctx *ctx)
{
	return forum_number(ctx, "select max(id) from attachments where id > $1", 0);
}

static void assert_opens(struct ctx *ctx, struct actor *reader, int64_t id, bool is_public)
{
	struct attachment_file file;

	ctx->actor = reader;
	assert_ok(ctx, attachment_open(ctx, id, false, &file));
	assert_true(file.length > 0);
	assert_int_equal(file.is_public, is_public);
}

static void assert_hidden(struct ctx *ctx, const struct actor *reader, int64_t id)
{
	struct attachment_file file;

	ctx->actor = reader;
	assert_err(ctx, ERR_NOT_FOUND, attachment_open(ctx, id, false, &file));
}

/* Private exchanges ------------------------------------------------------------------------ */

static int64_t put_exchange(struct ctx *ctx, struct actor *asker, struct actor *writer)
{
	int64_t topic, id = 0;

	forum_sql(ctx, "update posts set body_md = body_md || '.' || id");
	forum_sql(ctx, "delete from throttles");
	topic = forum_ask(ctx, asker);
	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into desk_questions (topic_id, stage, category_id, top_category_id,"
			" asked_at, order_at) select t.id, 'unanswered', t.category_id,"
			" t.top_category_id, t.created_at, t.created_at from topics t where t.id = %lld"
			" on conflict do nothing",
			(long long)topic));
	ctx->actor = writer;
	assert_ok(ctx, private_start(ctx, topic, "Montrez-nous la box.", NULL, &id));
	forum_sql(ctx, "delete from throttles");
	return id;
}

static enum err send(struct ctx *ctx, struct actor *writer, int64_t id,
		     const struct attachment_uploads *files)
{
	ctx->actor = writer;
	forum_sql(ctx, "delete from throttles");
	return private_write_with(ctx, id, "La voici.", files, NULL);
}

static void test_both_sides_read_a_message_s_files_and_nobody_else(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Nina", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Abel"), *colleague = advisor(ctx, "Bea"),
		     *other = forum_person(ctx, "Carl", ROLE_CUSTOMER);
	int64_t id = put_exchange(ctx, asker, writer), file;
	struct attachment_uploads files = one(&upload_picture);
	struct private_view view;

	assert_ok(ctx, send(ctx, asker, id, &files));
	file = newest(ctx);
	/* Until the worker made it anew nobody sees it, its owner neither. */
	assert_hidden(ctx, asker, file);
	make_ready(ctx, file, true);
	assert_opens(ctx, asker, file, false);
	assert_opens(ctx, writer, file, false);
	assert_hidden(ctx, other, file);
	assert_hidden(ctx, &actor_visitor, file);
	assert_opens(ctx, colleague, file, false);
	assert_int_equal(forum_number(ctx,
				      "select count(*) from audit_log where action = 'private_read'"
				      " and actor_id = $1",
				      colleague->id),
			 1);
	files = one(&upload_text);
	assert_ok(ctx, send(ctx, writer, id, &files));
	ctx->actor = asker;
	assert_ok(ctx, private_load(ctx, id, 0, &view));
	assert_int_equal(view.count, 3);
	assert_int_equal(view.messages[0].files.count, 0);
	assert_int_equal(view.messages[1].files.count, 1);
	assert_string_equal(view.messages[1].files.items[0].name, "Ma box.webp");
	assert_string_equal(
		view.messages[1].files.items[0].small_path,
		arena_printf(ctx->arena, "/files/%lld/small/ma-box.webp", (long long)file));
	assert_string_equal(view.messages[2].files.items[0].name, "relev\xc3\xa9.csv");
	assert_int_equal(view.messages[2].files.items[0].state, ATTACHMENT_READY);
}

static void test_what_is_too_much_or_of_another_kind_is_refused_at_its_field(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Noe", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Aude");
	int64_t id = put_exchange(ctx, asker, writer);
	char *large = arena_alloc(ctx->arena, ATTACHMENT_MAX_BYTES + 1);
	struct attachment_upload program = { .name = "a.png",
					     .alt = "",
					     .bytes = "MZ\x90\0",
					     .length = 4 },
				 heavy = { .name = "a.txt",
					   .alt = "",
					   .bytes = large,
					   .length = ATTACHMENT_MAX_BYTES + 1 };
	struct attachment_upload many[5] = { upload_text, upload_text, upload_text, upload_text,
					     upload_text };
	struct attachment_uploads refused[] = { one(&program), one(&heavy), { many, 5 } };

	memset(large, 'x', ATTACHMENT_MAX_BYTES + 1);
	for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
		assert_int_equal(send(ctx, asker, id, &refused[i]), ERR_INVALID);
		assert_string_equal(ctx->error.field, "file");
		error_clear(ctx);
	}
	refused[2].count = 4;
	assert_ok(ctx, send(ctx, asker, id, &refused[2]));
	/* A day's worth: nothing of the message is kept either. */
	forum_sql(
		ctx,
		"insert into attachments (message_id, owner_id, kind, state, name, bytes, content, uploaded_at)"
		" select message_id, owner_id, kind, state, name, bytes, content, uploaded_at"
		" from attachments, generate_series(1, 24)");
	assert_int_equal(send(ctx, asker, id, &refused[2]), ERR_THROTTLED);
	error_clear(ctx);
	assert_int_equal(
		forum_number(ctx, "select count(*) from private_messages where exchange_id = $1",
			     id),
		2);
	forum_sql(ctx, "update attachments set uploaded_at = uploaded_at - interval '25 hours'");
	assert_ok(ctx, send(ctx, asker, id, &refused[2]));
}

static void test_files_go_with_what_was_said(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Nils", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Ada");
	int64_t id = put_exchange(ctx, asker, writer), file;
	struct attachment_uploads files = one(&upload_text);

	assert_ok(ctx, send(ctx, asker, id, &files));
	file = newest(ctx);
	ctx->actor = writer;
	assert_ok(ctx, private_close(ctx, &(struct private_closing){ .id = id,
								     .is_silent = true,
								     .summary_md = "",
								     .reason = "Rien de public" }));
	assert_opens(ctx, asker, file, false);
	ctx->now += 181 * CLOCK_DAY;
	assert_ok(ctx, private_purge(ctx));
	assert_int_equal(forum_number(ctx, "select count(*) from attachments where id = $1", file),
			 0);
}

static void test_pictures_that_were_never_made_are_given_up(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "Naim", ROLE_CUSTOMER),
		     *writer = advisor(ctx, "Alma");
	int64_t id = put_exchange(ctx, asker, writer);
	struct attachment_uploads files = one(&upload_picture);
	const char *bytes;
	size_t length;

	assert_ok(ctx, send(ctx, asker, id, &files));
	assert_ok(ctx, attachment_original(ctx, newest(ctx), &bytes, &length));
	assert_int_equal(length, sizeof(PICTURE) - 1);
	ctx->now += 3 * CLOCK_DAY;
	assert_ok(ctx, attachment_sweep(ctx));
	assert_ok(ctx, attachment_original(ctx, newest(ctx), &bytes, &length));
	assert_null(bytes);
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from attachments where id = $1 and state = 'refused'"
			     " and original is null",
			     newest(ctx)),
		1);
	assert_hidden(ctx, asker, newest(ctx));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_both_sides_read_a_message_s_files_and_nobody_else),
		FORUM_TEST(test_what_is_too_much_or_of_another_kind_is_refused_at_its_field),
		FORUM_TEST(test_files_go_with_what_was_said),
		FORUM_TEST(test_pictures_that_were_never_made_are_given_up),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_attachment");
}
