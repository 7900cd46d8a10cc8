/*
 * entraide demo: seeds the demo community through the same rules as the pages,
 * each act by its author at its time. Acts carry keys (forum/once.h), so a seeding
 * that was interrupted goes on where it stopped.
 */
#include "cmd/command.h"

#include "base/clock.h"
#include "cmd/demo_articles.h"
#include "cmd/demo_crawl.h"
#include "cmd/demo_crisis.h"
#include "cmd/demo_listening.h"
#include "cmd/demo_desk.h"
#include "cmd/demo_files.h"
#include "cmd/demo_holding.h"
#include "cmd/demo_moderation.h"
#include "cmd/demo_private.h"
#include "cmd/demo_panels.h"
#include "cmd/demo_tags.h"
#include "cmd/demo_templates.h"
#include "cmd/demo_texts.h"
#include "cmd/progress.h"
#include "forum/account.h"
#include "forum/activity.h"
#include "forum/desk_report.h"
#include "forum/expert.h"
#include "forum/standing.h"
#include "forum/category.h"
#include "forum/check.h"
#include "forum/follow.h"
#include "forum/idea.h"
#include "forum/poll.h"
#include "forum/post.h"
#include "forum/setting.h"
#include "forum/topic_act.h"
#include "forum/view_count.h"

/* Of everybody in the demo; printed by ./dev up. Never used anywhere else. */
#define DEMO_PASSWORD "entraide-demo-2026"

static const char usage[] =
	"usage: entraide demo [DIRECTORY]\n\n"
	"Fills an empty forum with the invented community of DIRECTORY (demo/): people,\n"
	"categories and threads. Run again, it changes nothing.\n"
	"Everybody's password is " DEMO_PASSWORD ".\n";

struct seeding {
	struct ctx *ctx;
	struct demo demo;
	int64_t now;
	int64_t *category_ids;
	struct actor actor; /* of the act in hand */
};

static int64_t at(const struct seeding *seeding, double hours_ago)
{
	return seeding->now - (int64_t)(hours_ago * (double)CLOCK_HOUR);
}

static const struct demo_person *find_person(const struct seeding *seeding, const char *key)
{
	for (size_t i = 0; i < seeding->demo.person_count; i++)
		if (strcmp(seeding->demo.people[i].key, key) == 0)
			return &seeding->demo.people[i];
	return NULL;
}

/* From here on the context acts as that person, at that time. */
static enum err become(struct seeding *seeding, const char *key, int64_t time)
{
	const struct demo_person *person = find_person(seeding, key);

	if (!person)
		return fail_log(seeding->ctx, ERR_INVALID, "no person \"%s\" in people.json", key);
	seeding->actor = (struct actor){
		.id = person->id,
		.name = person->name,
		.handle = "",
		.language = person->language,
		.is_confirmed = true,
		.trust_level = TRUST_LEVEL_MAX,
		.is_trusted = true,
		.is_automatic = true,
		.csrf_token = "",
		.created_at = at(seeding, person->joined_days_ago * 24),
	};
	if (!role_from_text(person->role, &seeding->actor.role))
		return fail_log(seeding->ctx, ERR_INVALID, "no role \"%s\"", person->role);
	seeding->ctx->actor = &seeding->actor;
	seeding->ctx->now = time;
	seeding->ctx->language = person->language;
	return OK;
}

static void become_system(struct seeding *seeding)
{
	seeding->ctx->actor = &actor_system;
	seeding->ctx->now = seeding->now;
}

static enum err seed_people(struct seeding *seeding)
{
	for (size_t i = 0; i < seeding->demo.person_count; i++) {
		struct demo_person *person = &seeding->demo.people[i];
		struct account_create form = {
			.name = person->name,
			.email = person->email,
			.password = DEMO_PASSWORD,
			.language = person->language,
			.title = person->title,
			.bio_md = person->bio,
			.created_at = at(seeding, person->joined_days_ago * 24),
		};

		if (!role_from_text(person->role, &form.role))
			return fail_log(seeding->ctx, ERR_INVALID, "no role \"%s\"", person->role);
		TRY(account_find(seeding->ctx, person->email, &person->id));
		if (!person->id)
			TRY(account_create(seeding->ctx, &form, &person->id));
	}
	return OK;
}

static size_t find_category(const struct seeding *seeding, const char *slug)
{
	size_t i = 0;

	while (i < seeding->demo.category_count &&
	       strcmp(seeding->demo.categories[i].slug, slug) != 0)
		i++;
	return i;
}

static enum err seed_categories(struct seeding *seeding)
{
	size_t count = seeding->demo.category_count;

	seeding->category_ids = arena_array_of(seeding->ctx->arena, count + 1, int64_t);
	for (size_t i = 0; i < count; i++) {
		const struct demo_category *category = &seeding->demo.categories[i];
		size_t parent = find_category(seeding, category->parent_slug);
		const struct category_new form = {
			.slug = category->slug,
			.icon = category->icon,
			.name_fr = category->name_fr,
			.name_en = category->name_en,
			.description_fr = category->description_fr,
			.description_en = category->description_en,
			.parent_id = parent < count ? seeding->category_ids[parent] : 0,
			.position = (int)i,
			.is_for_ideas = category->is_for_ideas,
		};
		TRY(category_put(seeding->ctx, &form, &seeding->category_ids[i]));
	}
	return OK;
}

static const char *key_of(const struct seeding *seeding, const struct demo_thread *thread,
			  size_t answer, size_t comment)
{
	return arena_printf(seeding->ctx->arena, "demo-community-%zu-%zu-%zu",
			    (size_t)(thread - seeding->demo.threads), answer, comment);
}

static enum err seed_comments(struct seeding *seeding, const struct demo_thread *thread,
			      size_t answer, int64_t post_id, const struct demo_comment *comments,
			      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct comment_new form = {
			.post_id = post_id,
			.body_md = comments[i].body,
			.form_key = key_of(seeding, thread, answer, i + 1),
			.created_at = at(seeding, comments[i].hours_ago),
		};
		const char *path;
		int64_t id;

		TRY(become(seeding, comments[i].author, form.created_at));
		TRY(comment_create(seeding->ctx, &form, &id, &path));
	}
	return OK;
}

static enum err seed_thanks(struct seeding *seeding, int64_t post_id,
			    const struct demo_answer *answer)
{
	for (size_t i = 0; i < answer->thanks.count; i++) {
		TRY(become(seeding, answer->thanks.items[i], at(seeding, answer->hours_ago * 0.9)));
		TRY(post_thank(seeding->ctx, post_id, true));
	}
	return OK;
}

static enum err seed_edit(struct seeding *seeding, int64_t post_id,
			  const struct demo_answer *answer)
{
	const struct post_edit form = {
		.id = post_id,
		.body_md = answer->edited.body,
		.reason = answer->edited.reason,
		.edited_at = at(seeding, answer->edited.hours_ago),
	};
	struct post post;
	struct topic topic;
	const char *path;

	if (!answer->edited.body)
		return OK;
	TRY(become(seeding, answer->author, form.edited_at));
	TRY(post_load(seeding->ctx, post_id, &post, &topic));
	/* Edited by the seeding that was interrupted. */
	return post.revision_count ? OK : post_edit(seeding->ctx, &form, &path);
}

static enum err seed_answer(struct seeding *seeding, const struct demo_thread *thread, size_t index)
{
	struct demo_answer *answer = &thread->answers[index];
	const struct answer_new form = {
		.topic_id = thread->id,
		.body_md = answer->body,
		.form_key = key_of(seeding, thread, index + 1, 0),
		.created_at = at(seeding, answer->hours_ago),
	};
	const char *path;
	int64_t id;

	TRY(become(seeding, answer->author, form.created_at));
	TRY(answer_create(seeding->ctx, &form, &id, &path));
	answer->id = id;
	TRY(seed_comments(seeding, thread, index + 1, id, answer->comments, answer->comment_count));
	TRY(seed_thanks(seeding, id, answer));
	TRY(seed_edit(seeding, id, answer));
	if (!answer->is_accepted)
		return OK;
	TRY(become(seeding, thread->author, at(seeding, answer->hours_ago * 0.8)));
	return post_accept(seeding->ctx, id, true);
}

static enum err seed_reactions(struct seeding *seeding, const struct demo_thread *thread)
{
	for (size_t i = 0; i < thread->me_too.count; i++) {
		TRY(become(seeding, thread->me_too.items[i], at(seeding, thread->hours_ago * 0.9)));
		TRY(topic_me_too(seeding->ctx, thread->id, true));
	}
	for (size_t i = 0; i < thread->followers.count; i++) {
		TRY(become(seeding, thread->followers.items[i],
			   at(seeding, thread->hours_ago * 0.9)));
		TRY(follow_set(seeding->ctx, FOLLOW_TOPIC, thread->id, true));
	}
	return OK;
}

static enum err seed_thread(struct seeding *seeding, struct demo_thread *thread)
{
	struct topic_new form = {
		.title = thread->title,
		.body_md = thread->body,
		.tags = thread->tags,
		.language = thread->language,
		.form_key = key_of(seeding, thread, 0, 0),
		.created_at = at(seeding, thread->hours_ago),
	};
	struct topic_view view;
	const char *path;

	form.category_id = seeding->category_ids[find_category(seeding, thread->category)];
	TRY(become(seeding, thread->author, form.created_at));
	TRY(topic_create(seeding->ctx, &form, &thread->id, &path));
	TRY(topic_view_load(seeding->ctx, thread->id, 1, ORDER_DATE, &view));
	TRY(seed_comments(seeding, thread, 0, view.question.id, thread->comments,
			  thread->comment_count));
	for (size_t i = 0; i < thread->answer_count; i++)
		TRY(seed_answer(seeding, thread, i));
	return seed_reactions(seeding, thread);
}

/* After all threads: a duplicate's original may be the younger one. */
static enum err seed_status(struct seeding *seeding, const struct demo_thread *thread)
{
	struct topic_status_change form = {
		.id = thread->id,
		.duplicate_of = "",
	};

	if (!thread->status[0])
		return OK;
	if (!topic_status_parse(thread->status, &form.status))
		return fail_log(seeding->ctx, ERR_INVALID, "no state \"%s\"", thread->status);
	for (size_t i = 0; i < seeding->demo.thread_count; i++)
		if (strcmp(seeding->demo.threads[i].title, thread->duplicate_of) == 0)
			form.duplicate_of = arena_printf(seeding->ctx->arena, "%lld",
							 (long long)seeding->demo.threads[i].id);
	TRY(become(seeding, "mod", at(seeding, thread->hours_ago * 0.5)));
	return topic_set_status(seeding->ctx, &form);
}

static enum err seed_split(struct seeding *seeding, const struct demo_thread *thread)
{
	int64_t ids[SPLIT_MAX];
	struct topic_split split = {
		.post_ids = ids,
		.title = thread->split_title,
		.category_id = seeding->category_ids[find_category(seeding, thread->category)],
	};
	const char *path;

	for (size_t i = 0; i < thread->split_count && split.count < SPLIT_MAX; i++)
		if (thread->split_answers[i] < thread->answer_count)
			ids[split.count++] = thread->answers[thread->split_answers[i]].id;
	return topic_split(
		seeding->ctx,
		&(struct topic_act_form){ .topic_id = thread->id, .reason = "Un autre sujet" },
		&split, &path);
}

/* What the team did with whole questions, so that "Manage the question" has a history. */
static enum err seed_acts(struct seeding *seeding, const struct demo_thread *thread)
{
	struct topic_act_form form = { .topic_id = thread->id };
	const struct demo_thread *other = seeding->demo.threads;
	const char *path;

	TRY(become(seeding, "mod", at(seeding, thread->hours_ago * 0.4)));
	if (thread->pinned[0])
		TRY(topic_set_pin(seeding->ctx, &form, topic_pin_from_text(thread->pinned), 0));
	if (thread->split_count > 0)
		TRY(seed_split(seeding, thread));
	for (size_t i = 0; thread->joined_with[0] && i < seeding->demo.thread_count; i++)
		if (strcmp(other[i].title, thread->joined_with) == 0)
			return topic_merge(
				seeding->ctx, &form,
				arena_printf(seeding->ctx->arena, "%lld", (long long)other[i].id),
				&path);
	return OK;
}

/* What the team makes of ideas; once, as each says something new. */
static enum err seed_stages(struct seeding *seeding, const struct demo_thread *thread)
{
	for (size_t i = 0; i < thread->stage_count; i++) {
		const struct demo_stage *stage = &thread->stages[i];
		const struct topic_act_form form = {
			.topic_id = thread->id,
			.reason = stage->reason,
			.form_key = arena_printf(seeding->ctx->arena,
						 "demo-community-stage-%zu-%zu",
						 (size_t)(thread - seeding->demo.threads), i),
		};

		TRY(become(seeding, stage->person, at(seeding, stage->hours_ago)));
		TRY(idea_set_stage(seeding->ctx, &form, idea_stage_from_text(stage->stage)));
	}
	return OK;
}

/* Votes are given before it closes, at a time when all of them are open. */
static enum err seed_poll(struct seeding *seeding, const struct demo_thread *thread)
{
	const struct demo_poll *poll = &thread->poll;
	int64_t asked_at = at(seeding, thread->hours_ago);
	struct poll_new form = {
		.topic_id = thread->id,
		.question = poll->question,
		.choices = poll->choices,
		.is_multiple = poll->is_multiple,
		.closes_at = asked_at + (int64_t)(poll->open_days * (double)CLOCK_DAY),
		.form_key = arena_printf(seeding->ctx->arena, "demo-community-poll-%zu",
					 (size_t)(thread - seeding->demo.threads)),
	};
	const char *path;

	if (!poll->question)
		return OK;
	if (!poll_shows_parse(poll->shows, &form.shows))
		return fail_log(seeding->ctx, ERR_INVALID, "no such poll \"%s\"", poll->shows);
	TRY(become(seeding, thread->author, asked_at));
	TRY(poll_create(seeding->ctx, &form, &path));
	for (size_t i = 0; i < poll->vote_count; i++) {
		TRY(become(seeding, poll->votes[i].person, asked_at + CLOCK_HOUR));
		TRY(poll_vote(seeding->ctx, thread->id, poll->votes[i].choices,
			      poll->votes[i].count));
	}
	return OK;
}

static enum err seed_threads(struct seeding *seeding)
{
	struct progress progress;

	progress_begin(&progress, "threads", (int64_t)seeding->demo.thread_count);
	for (size_t i = 0; i < seeding->demo.thread_count; i++) {
		TRY(seed_thread(seeding, &seeding->demo.threads[i]));
		progress_show(&progress, (int64_t)i + 1);
	}
	progress_end(&progress);
	for (size_t i = 0; i < seeding->demo.thread_count; i++)
		TRY(seed_status(seeding, &seeding->demo.threads[i]));
	for (size_t i = 0; i < seeding->demo.thread_count; i++)
		TRY(seed_acts(seeding, &seeding->demo.threads[i]));
	for (size_t i = 0; i < seeding->demo.thread_count; i++)
		TRY(seed_stages(seeding, &seeding->demo.threads[i]));
	for (size_t i = 0; i < seeding->demo.thread_count; i++)
		TRY(seed_poll(seeding, &seeding->demo.threads[i]));
	return OK;
}

/* Level 3 looks no further back. */
#define DAYS_MAX 100

static enum err seed_days(struct seeding *seeding)
{
	for (size_t i = 0; i < seeding->demo.person_count; i++) {
		const struct demo_person *person = &seeding->demo.people[i];
		double days = person->joined_days_ago < DAYS_MAX ? person->joined_days_ago
								 : DAYS_MAX;

		TRY(standing_add_days(seeding->ctx, person->id, (int64_t)days));
	}
	return OK;
}

static const char *key_of_person(const struct seeding *seeding, int64_t id)
{
	for (size_t i = 0; i < seeding->demo.person_count; i++)
		if (seeding->demo.people[i].id == id)
			return seeding->demo.people[i].key;
	return "";
}

/* The team asks who helps most in a category, and is told yes. */
static enum err seed_expert(struct seeding *seeding, int64_t category_id)
{
	struct candidates candidates;
	struct experts asked;

	TRY(become(seeding, "mod", seeding->now));
	TRY(candidate_list(seeding->ctx, category_id, 0, &candidates));
	if (candidates.count == 0)
		return OK;
	TRY(expert_nominate(seeding->ctx, candidates.items[0].author.id, category_id, 0,
			    "Des réponses exactes, rapides et aimables"));
	TRY(expert_list_for_team(seeding->ctx, &asked));
	TRY(become(seeding, key_of_person(seeding, asked.items[0].author.id), seeding->now));
	return expert_answer(seeding->ctx, asked.items[0].id, true);
}

#define EXPERTS_SEEDED 3

static enum err seed_experts(struct seeding *seeding)
{
	for (size_t i = 0, seeded = 0; i < seeding->demo.category_count && seeded < EXPERTS_SEEDED;
	     i++) {
		if (seeding->demo.categories[i].parent_slug[0])
			continue;
		TRY(seed_expert(seeding, seeding->category_ids[i]));
		seeded++;
	}
	return OK;
}

/* A year of readers: fewer on weekends, more from month to month. */
#define VIEW_DAYS 365

static enum err seed_views(struct seeding *seeding)
{
	for (int64_t day = VIEW_DAYS; day >= 0; day--) {
		struct view_count views = { 0 };
		int weekday = clock_split(seeding->now - day * CLOCK_DAY, 0).weekday;

		for (size_t i = 0; i < seeding->demo.category_count && i < VIEW_COUNT_CATEGORIES;
		     i++) {
			int64_t count = (40 + (VIEW_DAYS - day) / 8 + day * 13 % 17) /
					(int64_t)(1 + i % 5) / (weekday % 6 == 0 ? 2 : 1);

			views.entries[views.count++] = (struct view_count_entry){
				seeding->category_ids[i],
				count,
			};
			views.views += count;
		}
		seeding->ctx->now = seeding->now - day * CLOCK_DAY;
		view_count_store(seeding->ctx, &views);
	}
	seeding->ctx->now = seeding->now;
	return OK;
}

static enum err seed(struct seeding *seeding, bool *was_there)
{
	const char *done;
	int64_t written;

	TRY(setting_load(seeding->ctx, "demo", &done));
	*was_there = done[0] != '\0';
	if (*was_there)
		return OK;
	TRY(seed_people(seeding));
	TRY(seed_categories(seeding));
	TRY(seed_threads(seeding));
	TRY(seed_experts(seeding));
	become_system(seeding);
	TRY(demo_seed_moderation(seeding->ctx, &seeding->demo));
	become_system(seeding);
	TRY(demo_seed_texts(seeding->ctx));
	TRY(demo_seed_tags(seeding->ctx));
	TRY(demo_seed_articles(seeding->ctx));
	TRY(demo_seed_templates(seeding->ctx));
	TRY(demo_seed_crisis(seeding->ctx, &seeding->demo));
	TRY(demo_seed_panels(seeding->ctx, &seeding->demo));
	TRY(demo_seed_listening(seeding->ctx, &seeding->demo));
	TRY(demo_seed_holding(seeding->ctx, &seeding->demo));
	become_system(seeding);
	TRY(seed_days(seeding));
	TRY(seed_views(seeding));
	TRY(demo_seed_crawl(seeding->ctx));
	TRY(demo_seed_desk(seeding->ctx, &seeding->demo));
	TRY(demo_seed_private(seeding->ctx, &seeding->demo));
	TRY(counts_refresh(seeding->ctx));
	TRY(activity_refresh(seeding->ctx, ACTIVITY_SHOWN, &written));
	TRY(desk_reports_refresh(seeding->ctx));
	return setting_store(seeding->ctx, "demo", "seeded");
}

int command_demo(int argc, char **argv)
{
	struct command_session session;
	struct seeding seeding = { 0 };
	const char *message = "";
	bool was_there;
	enum err result;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	if (!demo_read(session.arena, argc > 1 ? argv[1] : "demo", &seeding.demo, &message)) {
		fprintf(stderr, "entraide demo: %s\n", message);
		command_close(&session);
		return EXIT_FAILURE;
	}
	seeding.ctx = &session.ctx;
	seeding.now = session.ctx.now;
	result = seed(&seeding, &was_there);
	if (result != OK)
		return command_failed(&session, result);
	printf("demo: %zu people, %zu categories, %zu threads%s\n", seeding.demo.person_count,
	       seeding.demo.category_count, seeding.demo.thread_count,
	       was_there ? " (already there)" : "");
	command_close(&session);
	return EXIT_SUCCESS;
}
