/*
 * Who is told what, once, and what becomes of the mail.
 */
#include "forum_fixture.h"

#include "forum/follow.h"
#include "forum/mail.h"
#include "forum/notification.h"
#include "forum/post.h"
#include "forum/session.h"

static int64_t ask(struct ctx *ctx, const struct actor *asker, int64_t category_id)
{
	static int number;
	const char *path, *body;
	int64_t id;

	body = arena_printf(ctx->arena, "Ma box redémarre toutes les nuits, %d fois de suite.",
			    ++number);
	forum_sql(ctx, "delete from throttles");
	ctx->actor = asker;
	assert_ok(ctx, topic_create(ctx,
				    &(struct topic_new){ .title = "Ma box redémarre chaque nuit",
							 .body_md = body,
							 .tags = "box",
							 .category_id = category_id },
				    &id, &path));
	return id;
}

static int64_t answer(struct ctx *ctx, const struct actor *writer, int64_t topic_id,
		      const char *body)
{
	const char *path;
	int64_t id;

	forum_sql(ctx, "delete from throttles");
	ctx->actor = writer;
	assert_ok(ctx,
		  answer_create(ctx, &(struct answer_new){ .topic_id = topic_id, .body_md = body },
				&id, &path));
	return id;
}

static int64_t told(struct ctx *ctx, const struct actor *person, const char *kind)
{
	return forum_number(ctx,
			    arena_printf(ctx->arena,
					 "select count(*) from notifications"
					 " where person_id = $1 and kind = '%s'",
					 kind),
			    person->id);
}

static int64_t mail_of(struct ctx *ctx, const struct actor *person)
{
	return forum_number(ctx, "select coalesce(max(id), 0) from mails where person_id = $1",
			    person->id);
}

static void test_answer_tells_asker_and_followers_but_not_its_writer(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER),
		     *writer = forum_person(ctx, "writer", ROLE_CUSTOMER);
	struct actor *follower = forum_person(ctx, "follower", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker, forum_category(ctx));

	ctx->actor = follower;
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, topic_id, true));
	ctx->actor = writer;
	assert_ok(ctx, follow_set(ctx, FOLLOW_TOPIC, topic_id, true));
	answer(ctx, writer, topic_id, "Changez l'alimentation de la box, elle fatigue.");
	assert_int_equal(told(ctx, asker, "answer"), 1);
	assert_int_equal(told(ctx, follower, "answer"), 1);
	assert_int_equal(told(ctx, writer, "answer"), 0);
	/* The mail waits for ten minutes. */
	assert_true(mail_of(ctx, asker) > 0 && mail_of(ctx, follower) > 0);
	assert_int_equal(mail_of(ctx, writer), 0);
	assert_int_equal(
		forum_number(
			ctx,
			"select count(*) from jobs where kind = 'mail' and (payload ->> 'id')::bigint = $1"
			" and run_at between now() + interval '9 minutes' and now() + interval '11 minutes'",
			mail_of(ctx, asker)),
		1);
}

static void test_mentioned_follower_is_told_once_of_a_post(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER),
		     *writer = forum_person(ctx, "writer", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker, forum_category(ctx));

	answer(ctx, writer, topic_id,
	       arena_printf(ctx->arena, "@%s changez l'alimentation de la box.", asker->handle));
	assert_int_equal(told(ctx, asker, "answer") + told(ctx, asker, "mention"), 1);
	answer(ctx, writer, topic_id, "Et redémarrez-la une fois la nouvelle en place.");
	assert_int_equal(told(ctx, asker, "answer") + told(ctx, asker, "mention"), 2);
}

static void test_new_question_tells_followers_of_its_places(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER);
	struct actor *of_parent = forum_person(ctx, "parent", ROLE_CUSTOMER),
		     *of_tag = forum_person(ctx, "tag", ROLE_CUSTOMER);
	int64_t parent = forum_category(ctx), child = forum_category(ctx);

	forum_sql(ctx,
		  arena_printf(ctx->arena, "update categories set parent_id = %lld where id = %lld",
			       (long long)parent, (long long)child));
	ask(ctx, asker, child);
	ctx->actor = of_parent;
	assert_ok(ctx, follow_set(ctx, FOLLOW_CATEGORY, parent, true));
	assert_ok(ctx, follow_set(ctx, FOLLOW_CATEGORY, child, true));
	ctx->actor = of_tag;
	assert_ok(ctx,
		  follow_set(ctx, FOLLOW_TAG,
			     forum_number(ctx,
					  "select id + 0 * $1::bigint from tags where name = 'box'",
					  0),
			     true));
	ctx->actor = asker;
	assert_ok(ctx, follow_set(ctx, FOLLOW_CATEGORY, child, true));
	ask(ctx, asker, child);
	assert_int_equal(told(ctx, of_parent, "question"), 1);
	assert_int_equal(told(ctx, of_tag, "question"), 1);
	assert_int_equal(told(ctx, asker, "question"), 0);
}

static void test_only_confirmed_willing_people_get_mail(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER),
		     *writer = forum_person(ctx, "writer", ROLE_CUSTOMER);
	struct actor automatic = *writer;
	int64_t topic_id = ask(ctx, asker, forum_category(ctx));

	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set wants_mail = false where id = %lld",
			       (long long)asker->id));
	answer(ctx, writer, topic_id, "Changez l'alimentation de la box, elle fatigue.");
	assert_int_equal(told(ctx, asker, "answer"), 1);
	assert_int_equal(mail_of(ctx, asker), 0);
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set wants_mail = true where id = %lld",
			       (long long)asker->id));
	automatic.is_automatic = true;
	answer(ctx, &automatic, topic_id, "Une réponse de la communauté de démonstration.");
	assert_int_equal(told(ctx, asker, "answer"), 2);
	assert_int_equal(mail_of(ctx, asker), 0);
	forum_sql(ctx,
		  arena_printf(ctx->arena, "update people set state = 'suspended' where id = %lld",
			       (long long)asker->id));
	answer(ctx, writer, topic_id, "Et redémarrez-la une fois la nouvelle en place.");
	assert_int_equal(told(ctx, asker, "answer"), 2);
}

static void test_two_thousand_followers_are_told_in_one_statement(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER),
		     *writer = forum_person(ctx, "writer", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker, forum_category(ctx)), post_id;

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"with made as (insert into people (name, email, email_key, state, email_confirmed_at)"
			" select 'follower ' || n, 'many.' || n || '@example.org', 'many.' || n || '@example.org', 'active', now()"
			" from generate_series(1, 2100) n returning id)"
			" insert into follows (person_id, kind, target_id) select id, 'topic', %lld from made",
			(long long)topic_id));
	post_id = answer(ctx, writer, topic_id, "Changez l'alimentation de la box, elle fatigue.");
	assert_int_equal(
		forum_number(ctx, "select count(*) from notifications where post_id = $1", post_id),
		2000);
	ctx->actor = writer;
	db_count_reset(ctx->db);
	notify_followers(ctx, NOTIFY_COMMENT, topic_id, post_id);
	assert_ok(ctx, db_run(ctx));
	assert_int_equal(db_counts(ctx->db).statements, 1);
}

static void test_state_changed_again_is_news_again(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER),
		     *advisor = forum_person(ctx, "advisor", ROLE_ADVISOR);
	int64_t topic_id = ask(ctx, asker, forum_category(ctx));

	ctx->actor = advisor;
	for (int i = 0; i < 2; i++) {
		notify_followers(ctx, NOTIFY_STATUS, topic_id, 0);
		notify_person(ctx, asker->id, NOTIFY_THANKS, topic_id, 0);
		assert_ok(ctx, db_run(ctx));
		assert_int_equal(
			forum_number(ctx,
				     "select count(*) from notifications where person_id = $1"
				     " and read_at is null and kind = 'status'",
				     asker->id),
			1);
		assert_int_equal(
			forum_number(ctx,
				     "select count(*) from notifications where person_id = $1"
				     " and read_at is null and kind = 'thanks'",
				     asker->id),
			i == 0);
		forum_sql(ctx, "update notifications set read_at = now()");
	}
	assert_int_equal(told(ctx, asker, "status"), 1);
	assert_int_equal(
		forum_number(ctx, "select count(*) from mails where person_id = $1", asker->id), 2);
}

static void test_list_counts_and_reads(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER),
		     *writer = forum_person(ctx, "writer", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker, forum_category(ctx)),
		other = ask(ctx, asker, forum_category(ctx));
	struct notification_list list, older;
	struct actor actor;
	const char *token;

	forum_sql(
		ctx,
		arena_printf(
			ctx->arena,
			"insert into notifications (person_id, kind, topic_id, actor_id, post_id)"
			" select %lld, 'thanks', %lld, %lld, id from (select id from posts limit 1) p;"
			"insert into notifications (person_id, kind, topic_id, actor_id, created_at)"
			" select %lld, 'status', %lld, id, now() from (select id from people order by id desc limit %d) p",
			(long long)asker->id, (long long)topic_id, (long long)writer->id,
			(long long)asker->id, (long long)other, NOTIFICATIONS_SHOWN + 2));
	assert_ok(ctx,
		  session_create(ctx,
				 &(struct session_new){ asker->id, "192.0.2.1", "browser", NULL },
				 &token));
	assert_ok(ctx, session_load(ctx, token, &actor));
	assert_int_equal(actor.unread_count, NOTIFICATIONS_SHOWN + 3);
	ctx->actor = &actor;
	assert_ok(ctx, notification_list(ctx, 0, &list));
	assert_int_equal(list.count, NOTIFICATIONS_SHOWN);
	assert_true(list.has_more);
	assert_int_equal(list.items[0].kind, NOTIFY_STATUS);
	assert_string_equal(list.items[0].topic_title, "Ma box redémarre chaque nuit");
	assert_false(list.items[0].is_read);
	assert_ok(ctx, notification_list(ctx, list.next, &older));
	assert_int_equal(older.count, 3);
	assert_false(older.has_more);
	assert_int_equal(older.items[2].kind, NOTIFY_THANKS);
	assert_int_equal(older.items[2].actor.id, writer->id);

	assert_ok(ctx, notification_read_topic(ctx, topic_id));
	assert_ok(ctx, session_load(ctx, token, &actor));
	assert_int_equal(actor.unread_count, NOTIFICATIONS_SHOWN + 2);
	assert_ok(ctx, notification_read_all(ctx));
	assert_ok(ctx, session_load(ctx, token, &actor));
	assert_int_equal(actor.unread_count, 0);
	/* Nothing unread: opening a topic costs no statement. */
	db_count_reset(ctx->db);
	assert_ok(ctx, notification_read_topic(ctx, topic_id));
	assert_int_equal(db_counts(ctx->db).statements, 0);
}

static void test_mail_says_what_is_true_when_it_is_sent(void **state)
{
	struct ctx *ctx = *state;
	struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER),
		     *writer = forum_person(ctx, "writer", ROLE_CUSTOMER);
	int64_t topic_id = ask(ctx, asker, forum_category(ctx)), post_id;
	struct outgoing_mail mail;

	post_id = answer(ctx, writer, topic_id,
			 "Changez l'**alimentation** de la box, elle fatigue.");
	forum_sql(ctx, arena_printf(ctx->arena,
				    "update people set email = 'moved@example.org' where id = %lld",
				    (long long)asker->id));
	assert_ok(ctx, mail_load(ctx, mail_of(ctx, asker), &mail));
	assert_int_equal(mail.kind, MAIL_NOTIFICATION);
	assert_string_equal(mail.address, "moved@example.org");
	assert_string_equal(mail.parameters.notification, "answer");
	assert_string_equal(mail.parameters.actor, "writer");
	assert_string_equal(mail.parameters.title, "Ma box redémarre chaque nuit");
	assert_string_equal(mail.parameters.excerpt,
			    "Changez l'alimentation de la box, elle fatigue.");
	assert_string_equal(
		mail.parameters.link,
		arena_printf(ctx->arena, "https://entraide.example/p/%lld", (long long)post_id));
	assert_int_equal(mail.person_id, asker->id);
}

static void assert_cancelled(struct ctx *ctx, int64_t mail_id)
{
	struct outgoing_mail mail;

	assert_err(ctx, ERR_GONE, mail_load(ctx, mail_id, &mail));
	assert_int_equal(
		forum_number(ctx,
			     "select count(*) from mails where id = $1 and state = 'cancelled'",
			     mail_id),
		1);
}

static void test_mail_is_cancelled_when_it_has_become_pointless(void **state)
{
	/* What happens in the ten minutes, to the person $1. */
	static const char *const changes[] = {
		"update notifications set read_at = now() where person_id = $1 returning id",
		"update people set wants_mail = false where id = $1 returning id",
		"update people set state = 'suspended' where id = $1 returning id",
		"update posts set visibility = 'withdrawn' where id ="
		" (select max(post_id) from notifications where person_id = $1) returning id",
		"update topics set visibility = 'withdrawn' where author_id = $1 returning id",
	};
	struct ctx *ctx = *state;
	struct actor *writer = forum_person(ctx, "writer", ROLE_CUSTOMER);

	for (size_t i = 0; i < ARRAY_COUNT(changes); i++) {
		struct actor *asker = forum_person(ctx, "asker", ROLE_CUSTOMER);
		int64_t topic_id = ask(ctx, asker, forum_category(ctx));

		answer(ctx, writer, topic_id,
		       arena_printf(ctx->arena, "Changez l'alimentation numéro %zu de la box.", i));
		assert_true(forum_number(ctx, changes[i], asker->id) > 0);
		assert_cancelled(ctx, mail_of(ctx, asker));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_answer_tells_asker_and_followers_but_not_its_writer),
		FORUM_TEST(test_mentioned_follower_is_told_once_of_a_post),
		FORUM_TEST(test_new_question_tells_followers_of_its_places),
		FORUM_TEST(test_only_confirmed_willing_people_get_mail),
		FORUM_TEST(test_two_thousand_followers_are_told_in_one_statement),
		FORUM_TEST(test_state_changed_again_is_news_again),
		FORUM_TEST(test_list_counts_and_reads),
		FORUM_TEST(test_mail_says_what_is_true_when_it_is_sent),
		FORUM_TEST(test_mail_is_cancelled_when_it_has_become_pointless),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_notifications");
}
