/*
 * The matcher: a trie of folded entries with links to the longest proper suffix
 * that is in the trie too. Each entry is in it twice, once for each reading
 * (word_fold.h), with a blank before and after, so that words are whole.
 */
#include "text/word_list.h"

#include <unistd.h>

#include "base/log.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "text/word_fold.h"

/* All that entries may make of the trie: a bound on memory, 24 bytes a node. */
#define NODES_MAX 4000000u

/* Matches and exceptions looked at in one text, however hostile it is. */
#define HITS_MAX 4000

struct node {
	uint32_t child, sibling; /* 0: none */
	uint32_t suffix;         /* longest proper suffix in the trie */
	uint32_t ending;         /* nearest suffix with outputs; 0: none */
	uint32_t output;         /* 1 + first of its outputs; 0: none */
	uint16_t depth;
	unsigned char byte;
};

struct output {
	uint32_t entry, next; /* next: as node.output */
	enum word_reading reading;
};

struct word_matcher {
	struct word_entry *entries;
	size_t entry_count;
	struct node *nodes;
	uint32_t node_count, node_room;
	struct output *outputs;
	uint32_t output_count;
	uint32_t second[256]; /* children of the root's only child, by byte */
};

/* A match or exception, while they are being weighed against each other. */
struct hit {
	size_t start, end;
	uint32_t entry;
};

struct hits {
	struct hit *items;
	size_t count;
};

unsigned word_language(const char *language)
{
	if (strcmp(language, "fr") == 0)
		return WORD_FRENCH;
	return strcmp(language, "en") == 0 ? WORD_ENGLISH : WORD_ANY;
}

/* Entries ------------------------------------------------------------------------ */

static bool is_prefix(const char *entry)
{
	size_t length = strlen(entry);

	return length > 0 && entry[length - 1] == '*';
}

static bool is_good_entry(struct arena *arena, const char *entry)
{
	struct word_fold fold;
	size_t points = utf8_count(entry);

	if (points > WORD_ENTRY_MAX_POINTS)
		return false;
	word_fold(arena, entry, WORDS_PLAIN, &fold);
	if (fold.word_count == 0 || fold.word_count > WORD_ENTRY_MAX_WORDS)
		return false;
	return !is_prefix(entry) || points > WORD_PREFIX_MIN_POINTS;
}

static struct slice without_comment(struct slice line)
{
	return slice_trim(slice_cut(&line, '#'));
}

size_t word_list_parse(struct arena *arena, const char *lines, const struct word_entry *like,
		       struct word_entry **out, size_t *bad_line)
{
	struct slice rest = slice_of(lines);
	size_t count = 0, number = 0, room = 1;

	for (const char *at = lines; *at; at++)
		room += *at == '\n';
	room = room < WORD_ENTRIES_MAX ? room : WORD_ENTRIES_MAX;
	*out = arena_array_of(arena, room, struct word_entry);
	*bad_line = 0;
	while (rest.data && count < room) {
		struct slice line = without_comment(slice_cut(&rest, '\n'));
		const char *text = arena_strndup(arena, line.length ? line.data : "", line.length);

		number++;
		if (line.length == 0)
			continue;
		if (is_good_entry(arena, text)) {
			(*out)[count] = *like;
			(*out)[count++].text = text;
		} else if (!*bad_line) {
			*bad_line = number;
		}
	}
	return count;
}

/* The trie ------------------------------------------------------------------------- */

static void *must_have(void *memory)
{
	if (!memory) {
		log_event(LOG_LEVEL_ERROR, "out_of_memory", "wanted", "word lists", NULL);
		_exit(70);
	}
	return memory;
}

static uint32_t child_of(const struct word_matcher *matcher, uint32_t at, unsigned char byte)
{
	uint32_t child = matcher->nodes[at].child;

	while (child && matcher->nodes[child].byte != byte)
		child = matcher->nodes[child].sibling;
	return child;
}

static uint32_t add_child(struct word_matcher *matcher, uint32_t at, unsigned char byte)
{
	uint32_t child = child_of(matcher, at, byte);

	if (child)
		return child;
	if (matcher->node_count == matcher->node_room) {
		matcher->node_room *= 2;
		matcher->nodes = must_have(
			realloc(matcher->nodes, matcher->node_room * sizeof(struct node)));
	}
	child = matcher->node_count++;
	matcher->nodes[child] = (struct node){ .sibling = matcher->nodes[at].child,
					       .depth = (uint16_t)(matcher->nodes[at].depth + 1),
					       .byte = byte };
	matcher->nodes[at].child = child;
	return child;
}

static void add_pattern(struct word_matcher *matcher, const char *pattern, size_t length,
			uint32_t entry, enum word_reading reading)
{
	uint32_t at = 0;

	if (matcher->node_count + length >= NODES_MAX)
		return;
	for (size_t i = 0; i < length; i++)
		at = add_child(matcher, at, (unsigned char)pattern[i]);
	matcher->outputs[matcher->output_count] = (struct output){ entry, matcher->nodes[at].output,
								   reading };
	matcher->nodes[at].output = ++matcher->output_count;
}

static void add_entry(struct word_matcher *matcher, struct arena *arena, uint32_t index)
{
	const char *text = matcher->entries[index].text;

	for (int reading = WORDS_PLAIN; reading <= WORDS_DISGUISED; reading++) {
		struct word_fold fold;

		word_fold(arena, text, (enum word_reading)reading, &fold);
		if (fold.word_count == 0)
			continue;
		add_pattern(matcher, fold.bytes, fold.length - is_prefix(text), index,
			    (enum word_reading)reading);
	}
	arena_reset(arena);
}

/* Where a byte leads from a node, by its suffixes when it has no such child. */
static uint32_t step(const struct word_matcher *matcher, uint32_t at, unsigned char byte,
		     uint32_t blank)
{
	for (;;) {
		uint32_t next = at == blank ? matcher->second[byte] : child_of(matcher, at, byte);

		if (next || at == 0)
			return next;
		at = matcher->nodes[at].suffix;
	}
}

/* Every entry begins with a blank: the root has one child. */
static uint32_t blank_of(const struct word_matcher *matcher)
{
	return matcher->nodes[0].child ? matcher->nodes[0].child : UINT32_MAX;
}

static void link_child(struct word_matcher *matcher, uint32_t parent, uint32_t child,
		       uint32_t blank)
{
	struct node *node = &matcher->nodes[child];
	const struct node *suffix;

	node->suffix = parent == 0
			       ? 0
			       : step(matcher, matcher->nodes[parent].suffix, node->byte, blank);
	suffix = &matcher->nodes[node->suffix];
	node->ending = suffix->output ? node->suffix : suffix->ending;
}

/* Breadth first: a suffix is shorter, so it was linked before. */
static void link_suffixes(struct word_matcher *matcher)
{
	uint32_t *queue = must_have(malloc(matcher->node_count * sizeof(*queue)));
	uint32_t first = 0, last = 0, blank = blank_of(matcher);

	if (blank != UINT32_MAX)
		for (uint32_t child = matcher->nodes[blank].child; child;
		     child = matcher->nodes[child].sibling)
			matcher->second[matcher->nodes[child].byte] = child;
	queue[last++] = 0;
	while (first < last) {
		uint32_t at = queue[first++];

		for (uint32_t child = matcher->nodes[at].child; child;
		     child = matcher->nodes[child].sibling) {
			link_child(matcher, at, child, blank);
			queue[last++] = child;
		}
	}
	free(queue);
}

struct word_matcher *word_matcher_new(const struct word_entry *entries, size_t count)
{
	struct word_matcher *matcher = must_have(calloc(1, sizeof(*matcher)));
	struct arena *scratch = arena_new((size_t)1 << 20);

	matcher->entry_count = count < WORD_ENTRIES_MAX ? count : WORD_ENTRIES_MAX;
	matcher->entries = must_have(calloc(matcher->entry_count + 1, sizeof(*entries)));
	if (matcher->entry_count > 0)
		memcpy(matcher->entries, entries, matcher->entry_count * sizeof(*entries));
	matcher->outputs = must_have(calloc(2 * matcher->entry_count + 1, sizeof(struct output)));
	matcher->node_room = 1024;
	matcher->nodes = must_have(calloc(matcher->node_room, sizeof(struct node)));
	matcher->node_count = 1;
	for (uint32_t i = 0; i < matcher->entry_count; i++)
		add_entry(matcher, scratch, i);
	arena_free(scratch);
	link_suffixes(matcher);
	return matcher;
}

void word_matcher_free(struct word_matcher *matcher)
{
	if (!matcher)
		return;
	free(matcher->entries);
	free(matcher->outputs);
	free(matcher->nodes);
	free(matcher);
}

/* Finding -------------------------------------------------------------------------- */

/* Is the entry meant for this reading, and its place a disguise where it must be one? */
static bool counts(const struct output *output, const struct word_fold *fold, size_t start,
		   size_t end, enum word_reading reading)
{
	return output->reading == reading &&
	       (reading == WORDS_PLAIN || word_fold_is_disguised(fold, start, end));
}

/* What ends at byte last of the folded text, by this node. */
static void add_hits(const struct word_matcher *matcher, const struct word_fold *fold,
		     enum word_reading reading, uint32_t node, size_t last, struct hits *hits)
{
	size_t start = last + 2 - matcher->nodes[node].depth, end = last;

	while (fold->bytes[end] != ' ') /* "arnaqu*": the whole word */
		end++;
	for (uint32_t output = matcher->nodes[node].output; output && hits->count < HITS_MAX;
	     output = matcher->outputs[output - 1].next)
		if (counts(&matcher->outputs[output - 1], fold, start, end, reading))
			hits->items[hits->count++] = (struct hit){
				fold->from[start], fold->until[end - 1],
				matcher->outputs[output - 1].entry
			};
}

static void scan(const struct word_matcher *matcher, struct arena *arena, const char *text,
		 enum word_reading reading, struct hits *hits)
{
	uint32_t at = 0, blank = blank_of(matcher);
	struct word_fold fold;

	word_fold(arena, text, reading, &fold);
	if (reading == WORDS_DISGUISED && !word_fold_is_disguised(&fold, 0, fold.length))
		return;
	for (size_t i = 0; i < fold.length && hits->count < HITS_MAX; i++) {
		at = step(matcher, at, (unsigned char)fold.bytes[i], blank);
		for (uint32_t node = matcher->nodes[at].output ? at : matcher->nodes[at].ending;
		     node; node = matcher->nodes[node].ending)
			add_hits(matcher, &fold, reading, node, i, hits);
	}
}

static int compare_hits(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end > b->end ? -1 : 1;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

/* Does it stand inside an exception of its own list? */
static bool is_excepted(const struct word_matcher *matcher, const struct hits *hits, size_t index,
			unsigned language)
{
	const struct hit *hit = &hits->items[index];

	for (size_t i = 0; i < hits->count && hits->items[i].start <= hit->start; i++) {
		const struct word_entry *entry = &matcher->entries[hits->items[i].entry];

		if (entry->is_exception && (entry->languages & language) &&
		    entry->list_id == matcher->entries[hit->entry].list_id &&
		    hits->items[i].end >= hit->end)
			return true;
	}
	return false;
}

static bool is_known(const struct word_match *matches, size_t count, const struct word_match *match)
{
	for (size_t i = 0; i < count; i++)
		if (matches[i].list_id == match->list_id && matches[i].start <= match->start &&
		    matches[i].end >= match->end)
			return true;
	return false;
}

static size_t weigh(const struct word_matcher *matcher, struct hits *hits, unsigned language,
		    struct word_match *out)
{
	size_t count = 0;

	if (hits->count > 1)
		qsort(hits->items, hits->count, sizeof(hits->items[0]), compare_hits);
	for (size_t i = 0; i < hits->count && count < WORD_MATCHES_MAX; i++) {
		const struct hit *hit = &hits->items[i];
		const struct word_entry *entry = &matcher->entries[hit->entry];
		struct word_match match = { hit->start, hit->end, entry->text, entry->list_id };

		if (entry->is_exception || !(entry->languages & language))
			continue;
		if (!is_known(out, count, &match) && !is_excepted(matcher, hits, i, language))
			out[count++] = match;
	}
	return count;
}

size_t word_matcher_find(const struct word_matcher *matcher, struct arena *arena, const char *text,
			 const char *language, struct word_match **out)
{
	struct hits hits = { arena_array_of(arena, HITS_MAX, struct hit), 0 };

	*out = arena_array_of(arena, WORD_MATCHES_MAX, struct word_match);
	scan(matcher, arena, text, WORDS_PLAIN, &hits);
	scan(matcher, arena, text, WORDS_DISGUISED, &hits);
	return weigh(matcher, &hits, word_language(language), *out);
}
