/*
 * Reading the demo community's files.
 */
#include "cmd/demo_files.h"

#include <dirent.h>
#include <jansson.h>

#include "base/buf.h"

#define THREADS_MAX    500
#define CATEGORIES_MAX 200

static json_t *read_json(struct arena *arena, const char *path, const char **message)
{
	json_error_t error;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);

	if (!root || !json_is_array(root)) {
		*message = arena_printf(arena, "%s:%d: %s", path, error.line,
					root ? "a list is expected" : error.text);
		json_decref(root);
		return NULL;
	}
	return root;
}

static const char *text_of(struct arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? arena_strdup(arena, text) : "";
}

static double number_of(const json_t *object, const char *key)
{
	return json_number_value(json_object_get(object, key));
}

/* A list of strings, joined. */
static const char *joined(struct arena *arena, const json_t *list, const char *separator)
{
	struct buf text;
	size_t i;
	json_t *line;

	buf_init(&text, arena, 256 * 1024);
	json_array_foreach(list, i, line)
	{
		if (i > 0)
			buf_text(&text, separator);
		buf_text(&text, json_string_value(line) ? json_string_value(line) : "");
	}
	return text.data;
}

static const char *body_of(struct arena *arena, const json_t *object, const char *key)
{
	return joined(arena, json_object_get(object, key), "\n");
}

static struct demo_keys keys_of(struct arena *arena, const json_t *object, const char *key)
{
	const json_t *list = json_object_get(object, key);
	struct demo_keys keys = { .count = json_array_size(list) };

	keys.items = arena_array_of(arena, keys.count, const char *);
	for (size_t i = 0; i < keys.count; i++)
		keys.items[i] = arena_strdup(arena, json_string_value(json_array_get(list, i)));
	return keys;
}

static struct demo_comment *comments_of(struct arena *arena, const json_t *object, size_t *count)
{
	const json_t *list = json_object_get(object, "comments");
	struct demo_comment *comments;

	*count = json_array_size(list);
	comments = arena_array_of(arena, *count, struct demo_comment);
	for (size_t i = 0; i < *count; i++) {
		const json_t *item = json_array_get(list, i);
		comments[i] = (struct demo_comment){
			.author = text_of(arena, item, "author"),
			.body = body_of(arena, item, "body"),
			.hours_ago = number_of(item, "hours_ago"),
		};
	}
	return comments;
}

static struct demo_edit edit_of(struct arena *arena, const json_t *object)
{
	const json_t *edited = json_object_get(object, "edited");

	if (!edited)
		return (struct demo_edit){ .body = NULL };
	return (struct demo_edit){
		.body = body_of(arena, edited, "body"),
		.reason = text_of(arena, edited, "reason"),
		.hours_ago = number_of(edited, "hours_ago"),
	};
}

static struct demo_answer *answers_of(struct arena *arena, const json_t *object, size_t *count)
{
	const json_t *list = json_object_get(object, "answers");
	struct demo_answer *answers;

	*count = json_array_size(list);
	answers = arena_array_of(arena, *count, struct demo_answer);
	for (size_t i = 0; i < *count; i++) {
		const json_t *item = json_array_get(list, i);
		answers[i] = (struct demo_answer){
			.author = text_of(arena, item, "author"),
			.body = body_of(arena, item, "body"),
			.hours_ago = number_of(item, "hours_ago"),
			.is_accepted = json_is_true(json_object_get(item, "accepted")),
			.thanks = keys_of(arena, item, "thanks"),
			.edited = edit_of(arena, item),
		};
		answers[i].comments = comments_of(arena, item, &answers[i].comment_count);
	}
	return answers;
}

static void read_state(struct arena *arena, const json_t *item, struct demo_thread *thread)
{
	const json_t *state = json_object_get(item, "state");

	thread->status = thread->duplicate_of = "";
	if (json_is_string(state)) {
		thread->status = arena_strdup(arena, json_string_value(state));
	} else if (json_is_object(state)) {
		thread->status = "duplicate";
		thread->duplicate_of = text_of(arena, state, "duplicate_of");
	}
}

/* What the team did with the whole question. */
static void read_acts(struct arena *arena, const json_t *item, struct demo_thread *thread)
{
	const json_t *acts = json_object_get(item, "acts"), *split = json_object_get(acts, "split");
	const json_t *answers = json_object_get(split, "answers");

	thread->joined_with = text_of(arena, acts, "joined_with");
	thread->pinned = text_of(arena, acts, "pinned");
	thread->split_title = text_of(arena, split, "title");
	thread->split_count = json_array_size(answers);
	thread->split_answers = arena_array_of(arena, thread->split_count, size_t);
	for (size_t i = 0; i < thread->split_count; i++)
		thread->split_answers[i] = (size_t)json_integer_value(json_array_get(answers, i));
}

static struct demo_stage *stages_of(struct arena *arena, const json_t *object, size_t *count)
{
	const json_t *list = json_object_get(object, "stages");
	struct demo_stage *stages;

	*count = json_array_size(list);
	stages = arena_array_of(arena, *count, struct demo_stage);
	for (size_t i = 0; i < *count; i++) {
		const json_t *item = json_array_get(list, i);

		stages[i] = (struct demo_stage){
			.person = text_of(arena, item, "by"),
			.stage = text_of(arena, item, "stage"),
			.reason = text_of(arena, item, "reason"),
			.hours_ago = number_of(item, "hours_ago"),
		};
	}
	return stages;
}

static void read_vote(struct arena *arena, const char *person, const json_t *chosen,
		      struct demo_vote *vote)
{
	vote->person = arena_strdup(arena, person);
	for (size_t i = 0; i < json_array_size(chosen) && i < ARRAY_COUNT(vote->choices); i++)
		vote->choices[vote->count++] = json_integer_value(json_array_get(chosen, i));
}

static struct demo_poll poll_of(struct arena *arena, const json_t *object)
{
	json_t *item = json_object_get(object, "poll"), *votes = json_object_get(item, "votes");
	struct demo_poll poll = { .question = NULL };
	const char *person;
	json_t *chosen;

	if (!item)
		return poll;
	poll = (struct demo_poll){
		.question = text_of(arena, item, "question"),
		.choices = joined(arena, json_object_get(item, "choices"), "\n"),
		.shows = text_of(arena, item, "shows"),
		.is_multiple = json_is_true(json_object_get(item, "multiple")),
		.open_days = number_of(item, "open_days"),
		.votes = arena_array_of(arena, json_object_size(votes), struct demo_vote),
	};
	json_object_foreach(votes, person, chosen)
		read_vote(arena, person, chosen, &poll.votes[poll.vote_count++]);
	return poll;
}

static void read_thread(struct arena *arena, const json_t *item, struct demo_thread *thread)
{
	*thread = (struct demo_thread){
		.category = text_of(arena, item, "category"),
		.language = text_of(arena, item, "language"),
		.author = text_of(arena, item, "author"),
		.title = text_of(arena, item, "title"),
		.body = body_of(arena, item, "body"),
		.tags = joined(arena, json_object_get(item, "tags"), ", "),
		.hours_ago = number_of(item, "hours_ago"),
		.me_too = keys_of(arena, item, "me_too"),
		.followers = keys_of(arena, item, "followers"),
	};
	read_state(arena, item, thread);
	read_acts(arena, item, thread);
	thread->answers = answers_of(arena, item, &thread->answer_count);
	thread->comments = comments_of(arena, item, &thread->comment_count);
	thread->stages = stages_of(arena, item, &thread->stage_count);
	thread->poll = poll_of(arena, item);
}

static bool read_thread_file(struct arena *arena, const char *path, struct demo *demo,
			     const char **message)
{
	json_t *root = read_json(arena, path, message);

	if (!root)
		return false;
	for (size_t i = 0; i < json_array_size(root) && demo->thread_count < THREADS_MAX; i++)
		read_thread(arena, json_array_get(root, i), &demo->threads[demo->thread_count++]);
	json_decref(root);
	return true;
}

static int older_first(const void *a, const void *b)
{
	const struct demo_thread *left = a, *right = b;

	return (left->hours_ago < right->hours_ago) - (left->hours_ago > right->hours_ago);
}

static int is_json(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

static bool read_threads(struct arena *arena, const char *directory, struct demo *demo,
			 const char **message)
{
	const char *folder = arena_printf(arena, "%s/threads", directory);
	struct dirent **entries;
	int count = scandir(folder, &entries, is_json, alphasort);
	bool is_fine = count > 0;

	if (count < 0) {
		*message = arena_printf(arena, "%s cannot be read", folder);
		return false;
	}
	demo->threads = arena_array_of(arena, THREADS_MAX, struct demo_thread);
	for (int i = 0; i < count; i++) {
		is_fine = is_fine &&
			  read_thread_file(arena,
					   arena_printf(arena, "%s/%s", folder, entries[i]->d_name),
					   demo, message);
		free(entries[i]);
	}
	free(entries);
	qsort(demo->threads, demo->thread_count, sizeof(*demo->threads), older_first);
	return is_fine;
}

static bool read_people(struct arena *arena, const char *directory, struct demo *demo,
			const char **message)
{
	json_t *root = read_json(arena, arena_printf(arena, "%s/people.json", directory), message);

	if (!root)
		return false;
	demo->person_count = json_array_size(root);
	demo->people = arena_array_of(arena, demo->person_count, struct demo_person);
	for (size_t i = 0; i < demo->person_count; i++) {
		const json_t *item = json_array_get(root, i);
		demo->people[i] = (struct demo_person){
			.key = text_of(arena, item, "key"),
			.name = text_of(arena, item, "name"),
			.email = text_of(arena, item, "email"),
			.role = text_of(arena, item, "role"),
			.language = text_of(arena, item, "language"),
			.title = text_of(arena, item, "title"),
			.bio = body_of(arena, item, "bio"),
			.joined_days_ago = number_of(item, "joined_days_ago"),
		};
	}
	json_decref(root);
	return true;
}

static void read_category(struct arena *arena, const json_t *item, const char *parent,
			  struct demo *demo)
{
	const json_t *children = json_object_get(item, "children");
	struct demo_category *category;

	if (demo->category_count == CATEGORIES_MAX)
		return;
	category = &demo->categories[demo->category_count++];
	*category = (struct demo_category){
		.slug = text_of(arena, item, "slug"),
		.parent_slug = parent,
		.icon = text_of(arena, item, "icon"),
		.name_fr = text_of(arena, item, "name_fr"),
		.name_en = text_of(arena, item, "name_en"),
		.description_fr = text_of(arena, item, "description_fr"),
		.description_en = text_of(arena, item, "description_en"),
		.is_for_ideas = strcmp(text_of(arena, item, "purpose"), "ideas") == 0,
	};
	/* Two levels: a child's own children are not looked at. */
	for (size_t i = 0; !parent[0] && i < json_array_size(children); i++)
		read_category(arena, json_array_get(children, i), category->slug, demo);
}

static bool read_categories(struct arena *arena, const char *directory, struct demo *demo,
			    const char **message)
{
	json_t *root = read_json(arena, arena_printf(arena, "%s/categories.json", directory),
				 message);

	if (!root)
		return false;
	demo->categories = arena_array_of(arena, CATEGORIES_MAX, struct demo_category);
	for (size_t i = 0; i < json_array_size(root); i++)
		read_category(arena, json_array_get(root, i), "", demo);
	json_decref(root);
	return true;
}

bool demo_read(struct arena *arena, const char *directory, struct demo *out, const char **message)
{
	*out = (struct demo){ 0 };
	return read_people(arena, directory, out, message) &&
	       read_categories(arena, directory, out, message) &&
	       read_threads(arena, directory, out, message);
}
