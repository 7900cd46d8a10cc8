/*
 * What several processes do at once, each with its own connection: nothing is
 * lost, nothing is done twice, and nobody waits for ever.
 */
#include "forum_fixture.h"

#define PROCESSES 4
#define TURNS     12

/* One process's part; turn and process tell it apart from the others. */
typedef enum err (*part)(struct ctx *ctx, int process, int turn, void *data);

static void be_a_process(struct ctx *parent, int process, int turns, part act, void *data)
{
	struct ctx ctx = *parent;

	ctx.arena = arena_new(FORUM_ARENA_BYTES);
	ctx.db = forum_connect();
	for (int turn = 0; turn < turns; turn++) {
		enum err result = act(&ctx, process, turn, data);

		if (result != OK) {
			fprintf(stderr, "process %d, turn %d: %s %s\n", process, turn,
				err_name(result), ctx.error.details ? ctx.error.details : "");
			_exit(1);
		}
	}
	_exit(0);
}

static void at_once(struct ctx *ctx, int turns, part act, void *data)
{
	pid_t children[PROCESSES];
	int status, failed = 0;

	fflush(NULL);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0)
			be_a_process(ctx, i, turns, act, data);
	}
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	}
	assert_int_equal(failed, 0);
}

struct scene {
	struct actor *people[PROCESSES];
	int64_t topics[PROCESSES];
	int64_t answers[PROCESSES]; /* one under each, by somebody from elsewhere */
};

static struct scene make_scene(struct ctx *ctx)
{
	struct scene scene;

	for (int i = 0; i < PROCESSES; i++) {
		scene.people[i] = forum_person(ctx, "Personne", ROLE_CUSTOMER);
		scene.people[i]->is_automatic = true;
		scene.topics[i] = forum_ask(ctx, scene.people[i]);
	}
	return scene;
}

static enum err answer_first_topic(struct ctx *ctx, int process, int turn, void *data)
{
	const struct scene *scene = data;
	struct answer_new form = { .topic_id = scene->topics[0] };
	const char *path;
	int64_t id;

	form.body_md = arena_printf(ctx->arena, "Réponse %d de la personne %d.", turn, process);
	ctx->actor = scene->people[process];
	return answer_create(ctx, &form, &id, &path);
}

static void test_answers_given_at_once_are_all_kept_and_counted(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t topic_id = scene.topics[0];

	at_once(ctx, TURNS, answer_first_topic, &scene);
	assert_int_equal(
		forum_number(ctx, "select count(distinct number) from posts where topic_id = $1",
			     topic_id),
		PROCESSES * TURNS + 1);
	assert_int_equal(forum_number(ctx, "select answer_count::bigint from topics where id = $1",
				      topic_id),
			 PROCESSES * TURNS);
	assert_int_equal(
		forum_number(ctx, "select last_number::bigint from topics where id = $1", topic_id),
		PROCESSES * TURNS + 1);
}

/* Everybody answers, comments and thanks under everybody's question. */
static enum err take_part(struct ctx *ctx, int process, int turn, void *data)
{
	const struct scene *scene = data;
	int64_t topic_id = scene->topics[(process + turn) % PROCESSES], answer_id, comment_id;
	struct answer_new answer = { .topic_id = topic_id };
	struct comment_new comment;
	const char *path;

	ctx->actor = scene->people[process];
	answer.body_md = arena_printf(ctx->arena, "Réponse %d de la personne %d.", turn, process);
	TRY(answer_create(ctx, &answer, &answer_id, &path));
	comment = (struct comment_new){ .post_id = answer_id,
					.body_md = "Un complément à ma réponse." };
	TRY(comment_create(ctx, &comment, &comment_id, &path));
	ctx->actor = scene->people[(process + 1) % PROCESSES];
	TRY(post_thank(ctx, answer_id, true));
	/* Under everybody's first answer: what others thank and accept meanwhile. */
	TRY(post_thank(ctx, scene->answers[(process + turn) % PROCESSES], turn % 2 == 0));
	comment.post_id = scene->answers[(process + turn + 1) % PROCESSES];
	TRY(comment_create(ctx, &comment, &comment_id, &path));
	ctx->actor = scene->people[(process + turn) % PROCESSES];
	return post_accept(ctx, answer_id, true);
}

static void test_people_who_notify_each_other_do_not_block_each_other(void **state)
{
	struct ctx *ctx = *state;
	struct actor *stranger = forum_person(ctx, "Répond partout", ROLE_CUSTOMER);
	struct scene scene = make_scene(ctx);
	int64_t answers = 0;

	for (int i = 0; i < PROCESSES; i++)
		forum_put_answers(ctx, scene.topics[i], stranger->id, 1, &scene.answers[i]);
	at_once(ctx, TURNS, take_part, &scene);
	for (int i = 0; i < PROCESSES; i++) {
		answers += forum_number(ctx,
					"select answer_count::bigint from people where id = $1",
					scene.people[i]->id);
		assert_int_equal(
			forum_number(ctx, "select thanks_count::bigint from people where id = $1",
				     scene.people[i]->id),
			TURNS);
	}
	assert_int_equal(answers, PROCESSES * TURNS);
}

static enum err send_the_same_form(struct ctx *ctx, int process, int turn, void *data)
{
	const struct scene *scene = data;
	struct answer_new form = { .topic_id = scene->topics[0], .body_md = FORUM_BODY };
	const char *path;
	int64_t id;

	(void)process;
	form.form_key = arena_printf(ctx->arena, "0123456789abcdef-%lld-%d",
				     (long long)scene->topics[0], turn);
	form.body_md = arena_printf(ctx->arena, "%s %d", FORUM_BODY, turn);
	ctx->actor = scene->people[0];
	TRY(answer_create(ctx, &form, &id, &path));
	return strstr(path, arena_printf(ctx->arena, "#p%lld", (long long)id)) ? OK : ERR_INTERNAL;
}

static void test_form_sent_by_several_processes_at_once_answers_once(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);

	at_once(ctx, TURNS, send_the_same_form, &scene);
	assert_int_equal(forum_number(ctx, "select answer_count::bigint from topics where id = $1",
				      scene.topics[0]),
			 TURNS);
}

static enum err edit_first_question(struct ctx *ctx, int process, int turn, void *data)
{
	const struct scene *scene = data;
	struct post_edit form = { .id = forum_question_of(ctx, scene->topics[0]) };
	const char *path;
	struct topic topic;
	struct post post;
	enum err result;

	ctx->actor = scene->people[0];
	TRY(post_load(ctx, form.id, &post, &topic));
	form.revision_count = post.revision_count;
	form.body_md = arena_printf(ctx->arena, "%s %d-%d", FORUM_BODY, process, turn);
	result = post_edit(ctx, &form, &path);
	error_clear(ctx);
	return result == ERR_CONFLICT ? OK : result;
}

static void test_edits_made_at_once_lose_no_version(void **state)
{
	struct ctx *ctx = *state;
	struct scene scene = make_scene(ctx);
	int64_t post_id = forum_question_of(ctx, scene.topics[0]);

	at_once(ctx, TURNS, edit_first_question, &scene);
	assert_int_equal(
		forum_number(ctx, "select count(*) from revisions where post_id = $1", post_id),
		forum_post(ctx, post_id).revision_count + 1);
	assert_true(forum_post(ctx, post_id).revision_count >= TURNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_answers_given_at_once_are_all_kept_and_counted),
		FORUM_TEST(test_people_who_notify_each_other_do_not_block_each_other),
		FORUM_TEST(test_form_sent_by_several_processes_at_once_answers_once),
		FORUM_TEST(test_edits_made_at_once_lose_no_version),
	};

	return forum_run(tests, ARRAY_COUNT(tests), "test_forum_together");
}
