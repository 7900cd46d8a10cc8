/*
 * Links that are this search with one filter more, or one less.
 */
#include "web/search_facets.h"

#include "i18n/i18n.h"

#define LINKS_SHOWN 8

static const char *const state_names[] = {
	[SEARCH_ANY_STATE] = "",
	[SEARCH_SOLVED] = N_("Solved"),
	[SEARCH_UNSOLVED] = N_("Not solved yet"),
	[SEARCH_UNANSWERED] = N_("Without an answer"),
};

static const char *const kind_names[] = {
	[SEARCH_TOPIC] = N_("Questions"),
	[SEARCH_ARTICLE] = N_("Articles"),
};

/* Sources as the database has them; others are shown by their own word. */
static const struct {
	const char *source, *name;
} source_names[] = {
	{ "forum", N_("Asked here") },
	{ "stackexchange", N_("Taken over from another forum") },
	{ "facebook", "Facebook" },
	{ "feed", N_("News feed") },
};

static const char *source_name(const char *source)
{
	for (size_t i = 0; i < ARRAY_COUNT(source_names); i++)
		if (strcmp(source_names[i].source, source) == 0)
			return _(source_names[i].name);
	return source;
}

/* What is taken away ---------------------------------------------------------------- */

struct chips {
	struct arena *arena;
	struct search_page *page;
};

static void add_chip(struct chips *chips, const char *label, const struct search_asked *without)
{
	struct search_page *page = chips->page;
	struct search_asked first = *without;

	if (page->chip_count == SEARCH_CHIPS_MAX)
		return;
	first.page = 1;
	page->chips[page->chip_count++] = (struct search_link){
		.label = label,
		.path = search_asked_path(chips->arena, &first),
	};
}

static void add_tag_chips(struct chips *chips, const struct search_asked *asked)
{
	for (size_t i = 0; i < asked->typed.tag_count; i++) {
		struct search_asked without = *asked;
		struct search_typed *typed = &without.typed;

		for (size_t j = i + 1; j < typed->tag_count; j++)
			memcpy(typed->tags[j - 1], typed->tags[j], sizeof(typed->tags[j]));
		typed->tag_count--;
		add_chip(chips,
			 arena_printf(chips->arena, _("Tag: %s"),
				      arena_strdup(chips->arena, asked->typed.tags[i])),
			 &without);
	}
}

static void add_person_chips(struct chips *chips, const struct search_asked *asked,
			     const struct search_scope *scope)
{
	struct search_asked without = *asked;
	const char *name = scope->author_name[0] ? scope->author_name : asked->typed.author;

	without.typed.author[0] = '\0';
	without.typed.is_mine = false;
	if (asked->typed.is_mine)
		add_chip(chips, _("Your own questions"), &without);
	else if (asked->typed.author[0])
		add_chip(chips,
			 arena_printf(chips->arena, _("By %s"), arena_strdup(chips->arena, name)),
			 &without);
}

static void add_time_chips(struct chips *chips, const struct search_asked *asked)
{
	int64_t year = search_asked_year(asked);
	struct search_asked without = *asked;

	without.typed.after = 0;
	if (year) {
		without.typed.before = 0;
		add_chip(chips, arena_printf(chips->arena, "%lld", (long long)year), &without);
		return;
	}
	if (asked->typed.after)
		add_chip(chips,
			 arena_printf(chips->arena, _("From %s on"),
				      i18n_date(chips->arena, asked->typed.after)),
			 &without);
	without = *asked;
	without.typed.before = 0;
	if (asked->typed.before)
		add_chip(chips,
			 arena_printf(chips->arena, _("Before %s"),
				      i18n_date(chips->arena, asked->typed.before)),
			 &without);
}

static void add_word_chips(struct chips *chips, const struct search_asked *asked,
			   const struct search_scope *scope)
{
	struct search_asked without = *asked;

	if (asked->typed.category[0]) {
		without.typed.category[0] = '\0';
		add_chip(chips,
			 scope->category ? scope->category->name
					 : arena_strdup(chips->arena, asked->typed.category),
			 &without);
	}
	without = *asked;
	without.typed.state = SEARCH_ANY_STATE;
	if (asked->typed.state != SEARCH_ANY_STATE)
		add_chip(chips, _(state_names[asked->typed.state]), &without);
	without = *asked;
	without.typed.language[0] = '\0';
	if (asked->typed.language[0])
		add_chip(chips, i18n_language_name(asked->typed.language), &without);
	without = *asked;
	without.source = "";
	if (asked->source[0])
		add_chip(chips, source_name(asked->source), &without);
	without = *asked;
	without.has_kind = false;
	if (asked->has_kind)
		add_chip(chips, _(kind_names[asked->kind]), &without);
}

static void add_sort(struct chips *chips, const struct search_asked *asked, enum search_sort sort,
		     const char *label)
{
	struct search_asked other = *asked;

	other.sort = sort;
	other.page = 1;
	chips->page->sorts[sort] = (struct search_link){
		.label = label,
		.path = search_asked_path(chips->arena, &other),
		.is_on = asked->sort == sort,
	};
}

void search_fill_controls(struct request *request, const struct search_asked *asked,
			  const struct search_scope *scope, struct search_page *page)
{
	struct chips chips = { request->ctx.arena, page };

	add_word_chips(&chips, asked, scope);
	add_tag_chips(&chips, asked);
	add_person_chips(&chips, asked, scope);
	add_time_chips(&chips, asked);
	add_sort(&chips, asked, SEARCH_BEST, pgettext("search order", "Best match"));
	add_sort(&chips, asked, SEARCH_NEWEST, pgettext("search order", "Newest"));
	add_sort(&chips, asked, SEARCH_MOST_USEFUL, pgettext("search order", "Most useful"));
}

/* What can be added ------------------------------------------------------------------- */

static struct search_group *begin_group(struct request *request, struct search_page *page,
					const char *heading)
{
	struct search_group *group = &page->groups[page->group_count];

	*group = (struct search_group){
		.heading = heading,
		.links = arena_array_of(request->ctx.arena, LINKS_SHOWN, struct search_link),
	};
	return group;
}

/* A choice of one is none. */
static void end_group(struct search_page *page, struct search_group *group, size_t least)
{
	if (group->count >= least)
		page->group_count++;
}

static void add_link(struct request *request, struct search_group *group, const char *label,
		     size_t count, struct search_asked *with)
{
	if (count == 0 || group->count == LINKS_SHOWN)
		return;
	with->page = 1;
	group->links[group->count++] = (struct search_link){
		.label = label,
		.path = search_asked_path(request->ctx.arena, with),
		.count = (int64_t)count,
	};
}

static void add_kinds(struct request *request, const struct search_asked *asked,
		      const struct search_facets *facets, struct search_page *page)
{
	const size_t counts[] = {
		[SEARCH_TOPIC] = facets->topics, [SEARCH_ARTICLE] = facets->articles
	};
	struct search_group *group;

	if (asked->has_kind)
		return;
	group = begin_group(request, page, pgettext("search filter", "Kind"));
	for (int kind = SEARCH_TOPIC; kind <= SEARCH_ARTICLE; kind++) {
		struct search_asked with = *asked;

		with.has_kind = true;
		with.kind = (enum search_kind)kind;
		add_link(request, group, _(kind_names[kind]), counts[kind], &with);
	}
	end_group(page, group, 2);
}

static void add_states(struct request *request, const struct search_asked *asked,
		       const struct search_facets *facets, struct search_page *page)
{
	const size_t counts[] = { 0, facets->solved, facets->unsolved, facets->unanswered };
	struct search_group *group;

	if (asked->typed.state != SEARCH_ANY_STATE)
		return;
	group = begin_group(request, page, pgettext("search filter", "State"));
	for (int state = SEARCH_SOLVED; state <= SEARCH_UNANSWERED; state++) {
		struct search_asked with = *asked;

		with.typed.state = (enum search_state)state;
		add_link(request, group, _(state_names[state]), counts[state], &with);
	}
	end_group(page, group, 1);
}

static const struct category *category_of(const struct categories *all, int64_t id)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].id == id)
			return &all->items[i];
	return NULL;
}

static void add_categories(struct request *request, const struct search_asked *asked,
			   const struct search_scope *scope, const struct search_facets *facets,
			   struct search_page *page)
{
	struct search_group *group = begin_group(request, page,
						 pgettext("search filter", "Subject"));

	for (size_t i = 0; i < facets->category_count; i++) {
		const struct search_facet *facet = &facets->categories[i];
		const struct category *category = category_of(&scope->categories, facet->value);
		struct search_asked with = *asked;

		if (!category || category == scope->category)
			continue;
		(void)snprintf(with.typed.category, sizeof(with.typed.category), "%s",
			       category->slug);
		add_link(request, group, category->name, facet->count, &with);
	}
	end_group(page, group, 1);
}

static void add_years(struct request *request, const struct search_asked *asked,
		      const struct search_facets *facets, struct search_page *page)
{
	struct search_group *group;

	if (asked->typed.after || asked->typed.before)
		return;
	group = begin_group(request, page, pgettext("search filter", "Year"));
	for (size_t i = 0; i < facets->year_count; i++) {
		struct search_asked with = *asked;
		long long year = facets->years[i].value;

		search_asked_set_year(&with, year);
		add_link(request, group, arena_printf(request->ctx.arena, "%lld", year),
			 facets->years[i].count, &with);
	}
	end_group(page, group, 2);
}

static void add_languages(struct request *request, const struct search_asked *asked,
			  const struct search_facets *facets, struct search_page *page)
{
	struct search_group *group;

	if (asked->typed.language[0])
		return;
	group = begin_group(request, page, pgettext("search filter", "Language"));
	for (size_t i = 0; i < facets->language_count; i++) {
		struct search_asked with = *asked;
		const char *language = facets->languages[i].name;

		if (!i18n_is_supported(language))
			continue;
		(void)snprintf(with.typed.language, sizeof(with.typed.language), "%s", language);
		add_link(request, group, i18n_language_name(language), facets->languages[i].count,
			 &with);
	}
	end_group(page, group, 2);
}

static void add_sources(struct request *request, const struct search_asked *asked,
			const struct search_facets *facets, struct search_page *page)
{
	struct search_group *group;

	if (asked->source[0])
		return;
	group = begin_group(request, page, pgettext("search filter", "Source"));
	for (size_t i = 0; i < facets->source_count; i++) {
		struct search_asked with = *asked;

		with.source = arena_strdup(request->ctx.arena, facets->sources[i].name);
		add_link(request, group, source_name(with.source), facets->sources[i].count, &with);
	}
	end_group(page, group, 2);
}

void search_fill_facets(struct request *request, const struct search_asked *asked,
			const struct search_scope *scope, const struct search_facets *facets,
			struct search_page *page)
{
	add_kinds(request, asked, facets, page);
	add_states(request, asked, facets, page);
	add_categories(request, asked, scope, facets, page);
	add_years(request, asked, facets, page);
	add_sources(request, asked, facets, page);
	add_languages(request, asked, facets, page);
}
