/*
 * The watched words, compiled once a process and anew when settings have changed.
 */
#include "forum/desk_watch.h"

#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "text/word_list.h"

#define MEMORY_MAX_BYTES ((size_t)8 << 20)

static struct {
	struct arena *arena;
	struct arena *text; /* what looking through one text takes: 16 times its length */
	struct word_matcher *matcher;
	int64_t version;
} kept = { .version = -1 };

static const struct list {
	enum site_setting_id id;
	enum desk_watch watch;
	unsigned language;
} lists[] = {
	{ SITE_DESK_CRISIS_FR, DESK_CRISIS, WORD_FRENCH },
	{ SITE_DESK_CRISIS_EN, DESK_CRISIS, WORD_ENGLISH },
	{ SITE_DESK_LEGAL_FR, DESK_LEGAL, WORD_FRENCH },
	{ SITE_DESK_LEGAL_EN, DESK_LEGAL, WORD_ENGLISH },
	{ SITE_DESK_SAFETY_FR, DESK_SAFETY, WORD_FRENCH },
	{ SITE_DESK_SAFETY_EN, DESK_SAFETY, WORD_ENGLISH },
};

static const struct list *list_of(enum site_setting_id id)
{
	for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
		if (lists[i].id == id)
			return &lists[i];
	return NULL;
}

static size_t parse(struct arena *arena, const struct list *list, const char *text,
		    struct word_entry **out, size_t *bad_line)
{
	const struct word_entry like = { .list_id = list->watch, .languages = list->language };

	return word_list_parse(arena, text, &like, out, bad_line);
}

static void make(void)
{
	struct word_entry *all;
	size_t count = 0, most = 0, bad_line;

	if (!kept.arena) {
		kept.arena = arena_new(MEMORY_MAX_BYTES);
		kept.text = arena_new(MEMORY_MAX_BYTES);
	}
	if (kept.matcher)
		word_matcher_free(kept.matcher);
	arena_reset(kept.arena);
	for (size_t i = 0; i < ARRAY_COUNT(lists); i++)
		most += strlen(site_text(lists[i].id)) + 1;
	/* An entry is at least a letter and the end of its line. */
	all = arena_array_of(kept.arena, most / 2 + 1, struct word_entry);
	for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
		const char *text = arena_strdup(kept.arena, site_text(lists[i].id));
		struct word_entry *entries;
		size_t found = parse(kept.arena, &lists[i], text, &entries, &bad_line);

		for (size_t k = 0; k < found; k++)
			all[count++] = entries[k];
	}
	kept.matcher = word_matcher_new(all, count);
	kept.version = site_settings_version();
}

static int gravity(enum desk_watch watch)
{
	return watch == DESK_SAFETY ? 3 : watch == DESK_CRISIS ? 2 : watch == DESK_LEGAL ? 1 : 0;
}

enum desk_watch desk_watch_find(const char *text, const char *language)
{
	enum desk_watch gravest = DESK_NOT_WATCHED;
	struct word_match *matches;
	size_t count;

	if (kept.version != site_settings_version())
		make();
	arena_reset(kept.text);
	count = word_matcher_find(kept.matcher, kept.text, text, language, &matches);
	for (size_t i = 0; i < count; i++)
		if (gravity((enum desk_watch)matches[i].list_id) > gravity(gravest))
			gravest = (enum desk_watch)matches[i].list_id;
	return gravest;
}

const char *desk_watch_problem(struct arena *arena, enum site_setting_id id, const char *value)
{
	const struct list *list = list_of(id);
	struct word_entry *entries;
	size_t bad_line;

	if (!list)
		return NULL;
	(void)parse(arena, list, value, &entries, &bad_line);
	return bad_line ? arena_printf(arena, _("Line %d: %s"), (int)bad_line,
				       _("This is not a word or a phrase that can be looked for."))
			: NULL;
}
