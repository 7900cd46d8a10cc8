/* Keeping events, finding fixtures. */
#include "unit.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/crypto.h"
#include "connect_fixture.h"

static enum err take(void *data, const struct source_event *event)
{
	struct fixture *fixture = data;

	assert_true(fixture->count < EVENTS_MAX);
	/* Every text is there: the core never looks for NULL. */
	assert_non_null(event->item.key);
	assert_non_null(event->item.address);
	assert_non_null(event->item.parent_key);
	assert_non_null(event->item.root_key);
	assert_non_null(event->item.author_key);
	assert_non_null(event->item.author_name);
	assert_non_null(event->item.text);
	assert_non_null(event->item.title);
	assert_non_null(event->item.html);
	assert_non_null(event->item.url);
	for (size_t i = 0; i < event->item.media_count; i++) {
		assert_non_null(event->item.media[i].kind);
		assert_non_null(event->item.media[i].url);
		assert_non_null(event->item.media[i].link);
		assert_non_null(event->item.media[i].title);
	}
	fixture->events[fixture->count++] = *event;
	return fixture->result;
}

/* One for all: it is larger than a test's arena would like. */
static struct source_event events[EVENTS_MAX];

struct fixture *fixture_new(struct arena *arena)
{
	struct fixture *fixture = arena_new_of(arena, struct fixture);

	assert_true(crypto_init());
	fixture->config.facebook.app_id = "123456789012345";
	fixture->config.facebook.app_secret = SECRET;
	fixture->config.facebook.page_tokens = TOKEN;
	fixture->config.facebook.verify_token = "right";
	fixture->config.facebook.base_url = "https://graph.invalid";
	fixture->config.facebook.version = "v25.0";
	fixture->config.facebook.media_hosts = "fbcdn.net";
	fixture->config.facebook.reply_max = 8000;
	fixture->config.feed.private_hosts = "";
	fixture->config.site.base_url = "https://forum.example";
	fixture->ctx = (struct ctx){ .arena = arena,
				     .config = &fixture->config,
				     .language = "en",
				     .now = INT64_C(1767261600000000) };
	fixture->source = (struct source){
		.id = 1, .connector = "facebook", .account = PAGE, .name = "Nordlicht"
	};
	fixture->events = events;
	fixture->sink = (struct event_sink){ .take = take, .data = fixture };
	return fixture;
}

void fixture_forget(struct fixture *fixture)
{
	fixture->count = 0;
}

const struct source_event *fixture_event(const struct fixture *fixture, enum event_kind kind,
					 const char *key)
{
	for (size_t i = 0; i < fixture->count; i++)
		if (fixture->events[i].kind == kind && !strcmp(fixture->events[i].item.key, key))
			return &fixture->events[i];
	return NULL;
}

const struct item *fixture_item(const struct fixture *fixture, enum event_kind kind,
				const char *key)
{
	const struct source_event *event = fixture_event(fixture, kind, key);

	if (!event)
		fail_msg("no event %d about %s", (int)kind, key);
	return &event->item;
}

const char *fixture_shared(struct arena *arena, const char *name)
{
	const char *shared = getenv("ENTRAIDE_SHARED"), *source = getenv("ENTRAIDE_SOURCE_DIR");
	const char *path;

	path = shared ? arena_printf(arena, "%s/data/facebook/%s", shared, name)
		      : arena_printf(arena, "%s/../shared/data/facebook/%s", source ? source : ".",
				     name);
	if (access(path, R_OK) == 0)
		return path;
	print_message("skipped: ../shared/data/facebook/%s is not there\n", name);
	return NULL;
}

char *fixture_read(struct arena *arena, const char *path, size_t *length)
{
	FILE *file = fopen(path, "re");
	struct stat status;
	char *text;

	if (!file || fstat(fileno(file), &status) != 0)
		fail_msg("%s cannot be opened", path);
	text = arena_alloc(arena, (size_t)status.st_size + 1);
	*length = fread(text, 1, (size_t)status.st_size, file);
	fclose(file);
	return text;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **fixture_names(struct arena *arena, const char *folder)
{
	const char **names = arena_array_of(arena, 500, const char *);
	DIR *stream = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(stream);
	while ((entry = readdir(stream)) && count < 499) {
		size_t length = strlen(entry->d_name);

		if (length > 5 && !strcmp(entry->d_name + length - 5, ".json"))
			names[count++] = arena_strdup(arena, entry->d_name);
	}
	closedir(stream);
	qsort(names, count, sizeof(*names), compare);
	return names;
}
