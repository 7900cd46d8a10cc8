/*
 * One rule and one text. Pure: what is looked at was gathered before, so that a dry run
 * over old posts asks the same questions as the page.
 */
#include "forum/holding.h"

#include "base/slice.h"
#include "i18n/i18n.h"
#include "text/word_list.h"

static const struct {
	const char *text, *label;
} kinds[] = {
	[HOLD_FIRST_POSTS] = { "first_posts", N_("First posts") },
	[HOLD_LINKS] = { "links", N_("Number of links") },
	[HOLD_HOSTS] = { "hosts", N_("Links to certain sites") },
	[HOLD_WORDS] = { "words", N_("Words") },
	[HOLD_CATEGORY] = { "category", N_("Categories") },
	[HOLD_TRUST] = { "trust", N_("Trust level") },
	[HOLD_REPUTATION] = { "reputation", N_("Reputation") },
	[HOLD_HOURS] = { "hours", N_("Time of day") },
	[HOLD_FILL_TIME] = { "fill_time", N_("Time taken to write") },
	[HOLD_DORMANT] = { "dormant", N_("Silent accounts") },
	[HOLD_SIMILAR] = { "similar", N_("Likeness to removed posts") },
	[HOLD_SPAM] = { "spam", N_("Spam score") },
	[HOLD_LISTED] = { "listed", N_("On the lists of sign-up") },
};
_Static_assert(ARRAY_COUNT(kinds) == HOLDING_KIND_COUNT, "every kind has its words");

const char *holding_kind_text(enum holding_kind kind)
{
	return kinds[kind].text;
}

const char *holding_kind_label(enum holding_kind kind)
{
	return _(kinds[kind].label);
}

/* As the migrations wrote them. */
static const char *const first_names[] = {
	N_("First posts of new members"),
	N_("Links of new members"),
	N_("Written in under three seconds"),
	N_("Long silent, and back"),
	N_("Like something that was removed"),
	N_("Reads like spam"),
	N_("On the lists of sign-up, and silent until now"),
};

const char *holding_rule_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_COUNT(first_names); i++)
		if (strcmp(name, first_names[i]) == 0)
			return _(first_names[i]);
	return name;
}

bool holding_kind_parse(const char *text, enum holding_kind *out)
{
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		if (strcmp(kinds[i].text, text) == 0) {
			*out = (enum holding_kind)i;
			return true;
		}
	}
	return false;
}

static const char *const acts[] = { "", "mark", "hold", "refuse" };

const char *holding_act_text(enum holding_act act)
{
	return acts[act];
}

bool holding_act_parse(const char *text, enum holding_act *out)
{
	for (size_t i = HOLDING_MARKS; i < ARRAY_COUNT(acts); i++) {
		if (strcmp(acts[i], text) == 0) {
			*out = (enum holding_act)i;
			return true;
		}
	}
	return false;
}

/* Links ------------------------------------------------------------------------------- */

/* The next "://host"; false: no more. *at moves behind it. */
static bool next_host(const char **at, struct slice *host)
{
	const char *found = strstr(*at, "://");

	if (!found)
		return false;
	found += 3;
	*host = slice_make(found, strcspn(found, "/?#: \t\n\"<>()[]"));
	*at = found + host->length;
	return true;
}

static int64_t count_links(const struct holding_text *text)
{
	const char *at = text->body_md;
	struct slice host;
	int64_t count = 0;

	while (next_host(&at, &host))
		count++;
	for (at = strstr(text->body_md, "www."); at; at = strstr(at + 4, "www."))
		count += at < text->body_md + 3 || strncmp(at - 3, "://", 3) != 0;
	return count;
}

/* "evil.example" is also "www.evil.example", and not "devil.example". */
static bool is_at_host(struct slice host, struct slice listed)
{
	size_t start = host.length - listed.length;

	if (listed.length == 0 || listed.length > host.length)
		return false;
	return strncasecmp(host.data + start, listed.data, listed.length) == 0 &&
	       (start == 0 || host.data[start - 1] == '.');
}

static bool catches_host(struct arena *arena, const struct holding_rule *rule,
			 const struct holding_text *text, const char **why)
{
	const char *at = text->body_md;
	struct slice host;

	while (next_host(&at, &host)) {
		struct slice rest = slice_of(rule->words);

		while (rest.data) {
			if (!is_at_host(host, slice_trim(slice_cut(&rest, '\n'))))
				continue;
			*why = arena_strndup(arena, host.data, host.length);
			return true;
		}
	}
	return false;
}

/* Words, places, hours ------------------------------------------------------------------ */

/* The matcher holds all rules' words; list_id is the rule's. */
static bool catches_word(struct arena *arena, const struct holding_rule *rule,
			 const struct word_matcher *words, const struct holding_text *text,
			 const char **why)
{
	const char *const places[] = { text->title, text->body_md };

	for (size_t place = 0; words && place < ARRAY_COUNT(places); place++) {
		struct word_match *matches;
		size_t count = word_matcher_find(words, arena, places[place], text->language,
						 &matches);

		for (size_t i = 0; i < count; i++) {
			if (matches[i].list_id != rule->id)
				continue;
			*why = matches[i].entry;
			return true;
		}
	}
	return false;
}

static bool catches_category(const struct holding_rule *rule, int64_t category_id)
{
	struct slice rest = slice_of(rule->words);
	int64_t id;

	while (rest.data)
		if (slice_to_i64(slice_trim(slice_cut(&rest, '\n')), &id) && id == category_id)
			return true;
	return false;
}

/* "22-6" goes over midnight; the last hour is not in it. */
static bool catches_hour(const struct holding_rule *rule, int64_t hour)
{
	struct slice until = slice_of(rule->words), from = slice_cut(&until, '-');
	int64_t first, last;

	if (!until.data || !slice_to_i64(slice_trim(from), &first) ||
	    !slice_to_i64(slice_trim(until), &last))
		return false;
	if (first <= last)
		return hour >= first && hour < last;
	return hour >= first || hour < last;
}

static bool catches_number(const struct holding_rule *rule, const struct holding_text *text,
			   const struct holding_facts *facts)
{
	switch (rule->kind) {
	case HOLD_FIRST_POSTS:
		return facts->post_count < rule->number;
	case HOLD_LINKS:
		return rule->number > 0 && count_links(text) >= rule->number;
	case HOLD_TRUST:
		return facts->trust_level < rule->number;
	case HOLD_REPUTATION:
		return facts->reputation < rule->number;
	case HOLD_FILL_TIME:
		return text->fill_seconds > 0 && text->fill_seconds < rule->number;
	case HOLD_DORMANT:
		return facts->silent_days >= rule->number;
	case HOLD_SIMILAR:
		return rule->number > 0 && facts->similar_percent >= rule->number;
	case HOLD_SPAM:
		return rule->number > 0 && facts->spam_percent >= rule->number;
	case HOLD_LISTED:
		return facts->is_listed && facts->silent_days >= rule->number;
	default:
		return false;
	}
}

bool holding_rule_catches(struct arena *arena, const struct holding_rule *rule,
			  const struct word_matcher *words, const struct holding_text *text,
			  const struct holding_facts *facts, const char **why)
{
	*why = "";
	if (facts->trust_level > rule->trust_most)
		return false;
	switch (rule->kind) {
	case HOLD_HOSTS:
		return catches_host(arena, rule, text, why);
	case HOLD_WORDS:
		return catches_word(arena, rule, words, text, why);
	case HOLD_CATEGORY:
		return catches_category(rule, text->category_id);
	case HOLD_HOURS:
		return catches_hour(rule, facts->hour);
	default:
		return catches_number(rule, text, facts);
	}
}
