/*
 * One walk over the document. Elements are known by namespace and name, not by
 * where they stand, but for the few that mean another thing inside <author> or
 * outside an entry.
 */
#include "connect/feed_parse.h"

#include <libxml/uri.h>
#include <libxml/xmlreader.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "connect/foreign.h"
#include "text/dump.h"
#include "text/html_reader.h"

#define KEY_MAX_BYTES    300
#define PIECE_BYTES      4096
#define TITLE_MAX_POINTS 200
#define NAME_MAX_POINTS  100

#define ATOM    "http://www.w3.org/2005/Atom"
#define CONTENT "http://purl.org/rss/1.0/modules/content/"
#define DC      "http://purl.org/dc/elements/1.1/"
#define RSS1    "http://purl.org/rss/1.0/"
#define RDF     "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define SLASH   "http://purl.org/rss/1.0/modules/slash/"
#define THREAD  "http://purl.org/syndication/thread/1.0"
#define WFW     "http://wellformedweb.org/CommentAPI/"

struct text {
	const char *value;
	bool is_markup;
};

struct entry {
	struct text title, summary, content;
	const char *id, *link, *author, *author_uri, *reply_to, *comments_feed;
	int64_t created_at, updated_at, comment_count;
	struct item_media media[ITEM_MEDIA_MAX];
	size_t media_count;
};

struct walk {
	struct ctx *ctx;
	xmlTextReaderPtr reader;
	xmlDocPtr document; /* once it was looked at; NULL */
	const char *url;
	struct feed *out;
	struct entry *entry; /* NULL outside of one */
	int entry_depth;
	int author_depth; /* of the open <author>; 0: none */
	bool is_feed;
	size_t capacity;
};

/* ---- the reader -------------------------------------------------------- */

static void note_error(void *data, const char *message, xmlParserSeverities severity,
		       xmlTextReaderLocatorPtr locator)
{
	struct walk *walk = data;

	if (walk->out->problem || severity == XML_PARSER_SEVERITY_VALIDITY_WARNING ||
	    severity == XML_PARSER_SEVERITY_WARNING)
		return;
	walk->out->problem = arena_printf(walk->ctx->arena, "line %d: %s",
					  xmlTextReaderLocatorLineNumber(locator),
					  foreign_line(walk->ctx->arena, message, 200));
}

static bool is_element(const struct walk *walk, const char *space, const char *name)
{
	const char *its_space = (const char *)xmlTextReaderConstNamespaceUri(walk->reader);
	const char *its_name = (const char *)xmlTextReaderConstLocalName(walk->reader);

	return !strcmp(its_name, name) && !strcmp(its_space ? its_space : "", space);
}

/* RSS 2.0 has no namespace, RSS 1.0 has one, and some writers invent one. */
static bool is_rss(const struct walk *walk, const char *name)
{
	return is_element(walk, "", name) || is_element(walk, RSS1, name) ||
	       is_element(walk, "http://backend.userland.com/RSS2", name);
}

static const char *attribute(struct walk *walk, const char *name)
{
	xmlChar *value = xmlTextReaderGetAttribute(walk->reader, (const xmlChar *)name);
	char *copy;

	if (!value)
		return NULL;
	copy = arena_strdup(walk->ctx->arena, (char *)value);
	xmlFree(value);
	return copy;
}

/* The text inside the element where the reader stands; it moves to its end. */
static const char *text_inside(struct walk *walk)
{
	int depth = xmlTextReaderDepth(walk->reader);
	struct buf text;

	buf_init(&text, walk->ctx->arena, FEED_TEXT_MAX_BYTES);
	if (xmlTextReaderIsEmptyElement(walk->reader))
		return "";
	while (xmlTextReaderRead(walk->reader) == 1 && xmlTextReaderDepth(walk->reader) > depth) {
		int type = xmlTextReaderNodeType(walk->reader);

		if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
		    type == XML_READER_TYPE_WHITESPACE ||
		    type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE)
			buf_text(&text, (const char *)xmlTextReaderConstValue(walk->reader));
	}
	/* Cut where it is still whole characters. */
	return arena_strndup(walk->ctx->arena, text.data,
			     utf8_is_valid(text.data, text.length) ? text.length : 0);
}

static const char *markup_inside(struct walk *walk)
{
	xmlChar *markup = xmlTextReaderReadInnerXml(walk->reader);
	char *copy;

	if (!markup || xmlStrlen(markup) > (int)FEED_TEXT_MAX_BYTES) {
		xmlFree(markup);
		return "";
	}
	copy = arena_strdup(walk->ctx->arena, (char *)markup);
	xmlFree(markup);
	return copy;
}

/* ---- values ------------------------------------------------------------ */

static void add_words(void *data, const char *text, size_t length)
{
	buf_bytes(data, text, length);
}

static void add_space(void *data, const char *name)
{
	/* Words in two cells or lines are two words. */
	if (strcmp(name, "b") != 0 && strcmp(name, "i") != 0 && strcmp(name, "em") != 0 &&
	    strcmp(name, "strong") != 0 && strcmp(name, "a") != 0 && strcmp(name, "span") != 0)
		buf_char(data, ' ');
}

static void begin_element(void *data, const char *name, const char **attributes)
{
	(void)attributes;
	add_space(data, name);
}

/* The words of a title that is markup. */
static const char *plain(struct ctx *ctx, const struct text *text)
{
	struct html_handler handler = { .start = begin_element,
					.end = add_space,
					.text = add_words };
	struct buf words;

	if (!text->value)
		return "";
	if (!text->is_markup)
		return foreign_line(ctx->arena, text->value, TITLE_MAX_POINTS);
	buf_init(&words, ctx->arena, FEED_TEXT_MAX_BYTES * 2);
	handler.data = &words;
	if (html_read(ctx, text->value, FEED_TEXT_MAX_BYTES, &handler) != OK)
		error_clear(ctx);
	return foreign_line(ctx->arena, words.data, TITLE_MAX_POINTS);
}

static const char *absolute(struct walk *walk, const char *address)
{
	const char *trimmed = address ? foreign_line(walk->ctx->arena, address, 2000) : "";
	xmlChar *built;
	const char *out;

	if (!*trimmed)
		return "";
	built = xmlBuildURI((const xmlChar *)trimmed, (const xmlChar *)walk->url);
	if (!built)
		return "";
	out = foreign_web_url(arena_strdup(walk->ctx->arena, (char *)built));
	xmlFree(built);
	return out;
}

static int64_t time_of(const char *text)
{
	struct slice trimmed = slice_trim(slice_of(text));
	char moment[64];
	int64_t time;

	if (trimmed.length >= sizeof(moment))
		return 0;
	snprintf(moment, sizeof(moment), "%.*s", (int)trimmed.length, trimmed.data);
	time = foreign_time(moment);
	return time ? time : foreign_mail_time(moment);
}

/* "mail@example.org (Name)" and "Name <mail@example.org>": the name alone. */
static const char *name_of(struct ctx *ctx, const char *text)
{
	const char *open = strchr(text, '('), *close = open ? strchr(open, ')') : NULL;
	const char *angle = strchr(text, '<');

	if (open && close && memchr(text, '@', (size_t)(open - text)))
		text = arena_strndup(ctx->arena, open + 1, (size_t)(close - open - 1));
	else if (angle && angle > text)
		text = arena_strndup(ctx->arena, text, (size_t)(angle - text));
	text = foreign_line(ctx->arena, text, NAME_MAX_POINTS);
	return strchr(text, '@') ? "" : text;
}

static void add_enclosure(struct entry *entry, const char *url, const char *type)
{
	struct item_media media = { .kind = "file", .url = "", .link = url, .title = "" };

	if (!*url || entry->media_count == ITEM_MEDIA_MAX)
		return;
	if (type && !strncasecmp(type, "image/", 6)) {
		media.kind = "photo";
		media.url = url;
	} else if (type && !strncasecmp(type, "video/", 6)) {
		media.kind = "video";
	}
	entry->media[entry->media_count++] = media;
}

/* ---- elements ---------------------------------------------------------- */

/* Atom says what kind of text it is; RSS leaves it to be guessed: markup. */
static struct text atom_text(struct walk *walk)
{
	const char *type = attribute(walk, "type");

	if (type && !strcasecmp(type, "xhtml"))
		return (struct text){ markup_inside(walk), true };
	return (struct text){ text_inside(walk), type && strcasestr(type, "html") };
}

static void take_atom_link(struct walk *walk)
{
	struct entry *entry = walk->entry;
	const char *rel = attribute(walk, "rel"), *type = attribute(walk, "type");
	const char *url = absolute(walk, attribute(walk, "href"));

	if (!entry) {
		if (rel && (!strcmp(rel, "next") || !strcmp(rel, "prev-archive")))
			walk->out->next = url;
		return;
	}
	if (!rel || !strcmp(rel, "alternate")) {
		if (!entry->link)
			entry->link = url;
	} else if (!strcmp(rel, "enclosure")) {
		add_enclosure(entry, url, type);
	} else if (!strcmp(rel, "replies") && type && strstr(type, "xml")) {
		entry->comments_feed = url;
	}
}

static int64_t count_inside(struct walk *walk)
{
	int64_t count;

	return slice_to_i64(slice_trim(slice_of(text_inside(walk))), &count) && count >= 0 ? count
											   : -1;
}

static bool take_atom(struct walk *walk)
{
	struct entry *entry = walk->entry;

	if (is_element(walk, ATOM, "link"))
		take_atom_link(walk);
	else if (is_element(walk, ATOM, "id"))
		entry->id = text_inside(walk);
	else if (is_element(walk, ATOM, "title"))
		entry->title = atom_text(walk);
	else if (is_element(walk, ATOM, "summary"))
		entry->summary = atom_text(walk);
	else if (is_element(walk, ATOM, "content") && !attribute(walk, "src"))
		entry->content = atom_text(walk);
	else if (is_element(walk, ATOM, "published"))
		entry->created_at = time_of(text_inside(walk));
	else if (is_element(walk, ATOM, "updated"))
		entry->updated_at = time_of(text_inside(walk));
	else if (is_element(walk, THREAD, "in-reply-to"))
		entry->reply_to = attribute(walk, "ref");
	else if (is_element(walk, THREAD, "total"))
		entry->comment_count = count_inside(walk);
	else
		return false;
	return true;
}

static bool take_rss_extension(struct walk *walk)
{
	struct entry *entry = walk->entry;

	if (is_element(walk, CONTENT, "encoded"))
		entry->content = (struct text){ text_inside(walk), true };
	else if (is_element(walk, DC, "creator"))
		entry->author = name_of(walk->ctx, text_inside(walk));
	else if (is_element(walk, DC, "date"))
		entry->created_at = time_of(text_inside(walk));
	else if (is_element(walk, SLASH, "comments"))
		entry->comment_count = count_inside(walk);
	else if (is_element(walk, WFW, "commentRss") || is_element(walk, WFW, "commentRSS"))
		entry->comments_feed = absolute(walk, text_inside(walk));
	else
		return false;
	return true;
}

static void take_rss(struct walk *walk)
{
	struct entry *entry = walk->entry;

	if (is_rss(walk, "title"))
		entry->title = (struct text){ text_inside(walk), true };
	else if (is_rss(walk, "link"))
		entry->link = absolute(walk, text_inside(walk));
	else if (is_rss(walk, "guid"))
		entry->id = text_inside(walk);
	else if (is_rss(walk, "description"))
		entry->summary = (struct text){ text_inside(walk), true };
	else if (is_rss(walk, "pubDate"))
		entry->created_at = time_of(text_inside(walk));
	else if (is_rss(walk, "author") && !entry->author)
		entry->author = name_of(walk->ctx, text_inside(walk));
	else if (is_rss(walk, "enclosure"))
		add_enclosure(entry, absolute(walk, attribute(walk, "url")),
			      attribute(walk, "type"));
}

/* ---- an entry as an item ----------------------------------------------- */

static const char *hash_of(struct ctx *ctx, const char *text)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	crypto_sha256(hash, text, strlen(text));
	return arena_printf(ctx->arena, "sha256:%s", crypto_hex(ctx->arena, hash, sizeof(hash)));
}

/* An id as a key of bounded length; "" if it says nothing. */
static const char *key_of_id(struct ctx *ctx, const char *id)
{
	const char *key = id ? foreign_line(ctx->arena, id, 4000) : "";

	return strlen(key) <= KEY_MAX_BYTES ? key : hash_of(ctx, key);
}

/* What has no id is known by its address, or by its words. */
static const char *key_of(struct ctx *ctx, const struct entry *entry, const char *title)
{
	const char *key = key_of_id(ctx, entry->id), *words = entry->content.value;

	if (!*key)
		key = key_of_id(ctx, entry->link);
	if (*key)
		return key;
	if (!words)
		words = entry->summary.value ? entry->summary.value : "";
	return hash_of(ctx, arena_printf(ctx->arena, "%s %s", title, words));
}

static void set_text(struct ctx *ctx, const struct entry *entry, struct item *item)
{
	const struct text *text = entry->content.value ? &entry->content : &entry->summary;

	item->has_text = true;
	item->text = item->html = "";
	if (text->value && text->is_markup)
		item->html = text->value;
	else if (text->value)
		item->text = foreign_text(ctx->arena, text->value);
}

static void set_author(struct ctx *ctx, const struct entry *entry, struct item *item)
{
	const char *name = entry->author ? entry->author : "";

	item->author_name = name;
	item->author_key = entry->author_uri && strlen(entry->author_uri) <= KEY_MAX_BYTES
				   ? entry->author_uri
			   : *name ? arena_printf(ctx->arena, "name:%s", name)
				   : "";
}

static void close_entry(struct walk *walk)
{
	const struct entry *entry = walk->entry;
	struct ctx *ctx = walk->ctx;
	struct feed *out = walk->out;
	struct item *item = &out->items[out->item_count++];
	const char *parent = key_of_id(ctx, entry->reply_to);

	*item = (struct item){ .kind = ITEM_POST,
			       .parent_key = "",
			       .title = plain(ctx, &entry->title),
			       .created_at = entry->created_at ? entry->created_at
							       : entry->updated_at,
			       .url = entry->link ? entry->link : "",
			       .address = entry->comments_feed ? entry->comments_feed : "",
			       .comment_count = entry->comment_count,
			       .can_comment = false,
			       .has_media = true };
	item->key = item->root_key = key_of(ctx, entry, item->title);
	if (*parent && strcmp(parent, item->key) != 0) {
		item->kind = ITEM_COMMENT;
		item->parent_key = item->root_key = parent;
	}
	item->is_self = item->kind == ITEM_POST;
	if (entry->updated_at > item->created_at + CLOCK_SECOND)
		item->edited_at = entry->updated_at;
	set_text(ctx, entry, item);
	set_author(ctx, entry, item);
	memcpy(item->media, entry->media, sizeof(entry->media));
	item->media_count = entry->media_count;
}

static bool has_room(struct walk *walk)
{
	struct item *larger;

	if (walk->out->item_count < walk->capacity)
		return true;
	if (walk->capacity == FEED_ENTRIES_MAX)
		return false;
	walk->capacity = walk->capacity ? walk->capacity * 4 : 32;
	if (walk->capacity > FEED_ENTRIES_MAX)
		walk->capacity = FEED_ENTRIES_MAX;
	larger = arena_array_of(walk->ctx->arena, walk->capacity, struct item);
	if (walk->out->item_count)
		memcpy(larger, walk->out->items, walk->out->item_count * sizeof(*larger));
	walk->out->items = larger;
	return true;
}

/* ---- the walk ---------------------------------------------------------- */

static void open_entry(struct walk *walk)
{
	const char *about = attribute(walk, "rdf:about");

	if (xmlTextReaderIsEmptyElement(walk->reader))
		return;
	walk->entry = arena_new_of(walk->ctx->arena, struct entry);
	walk->entry->comment_count = -1;
	walk->entry->id = about;
	walk->entry_depth = xmlTextReaderDepth(walk->reader);
	walk->author_depth = 0;
}

static void take_author(struct walk *walk)
{
	if (is_element(walk, ATOM, "name"))
		walk->entry->author = foreign_line(walk->ctx->arena, text_inside(walk),
						   NAME_MAX_POINTS);
	else if (is_element(walk, ATOM, "uri"))
		walk->entry->author_uri = absolute(walk, text_inside(walk));
}

static void take_element(struct walk *walk)
{
	int depth = xmlTextReaderDepth(walk->reader);

	if (depth == 0)
		walk->is_feed = is_element(walk, ATOM, "feed") || is_element(walk, RDF, "RDF") ||
				is_element(walk, "", "rss");
	if (!walk->entry) {
		if (is_rss(walk, "item") || is_element(walk, ATOM, "entry"))
			open_entry(walk);
		else if (is_element(walk, ATOM, "link"))
			take_atom_link(walk);
		else if (depth <= 2 && !*walk->out->title &&
			 (is_rss(walk, "title") || is_element(walk, ATOM, "title")))
			walk->out->title = foreign_line(walk->ctx->arena, text_inside(walk),
							TITLE_MAX_POINTS);
	} else if (walk->author_depth) {
		take_author(walk);
	} else if (depth == walk->entry_depth + 1) {
		if (is_element(walk, ATOM, "author") && !xmlTextReaderIsEmptyElement(walk->reader))
			walk->author_depth = depth;
		else if (!take_atom(walk) && !take_rss_extension(walk))
			take_rss(walk);
	}
}

static void take_end(struct walk *walk)
{
	int depth = xmlTextReaderDepth(walk->reader);

	if (!walk->entry)
		return;
	if (depth == walk->author_depth)
		walk->author_depth = 0;
	if (depth > walk->entry_depth)
		return;
	if (has_room(walk))
		close_entry(walk);
	walk->entry = NULL;
}

/* A document type that declares entities is a bomb or a way to read files. */
static bool declares_entities(struct walk *walk)
{
	/* Who looks at the document has to free it: the reader does not any more. */
	walk->document = xmlTextReaderCurrentDoc(walk->reader);
	return walk->document && walk->document->intSubset &&
	       (walk->document->intSubset->entities || walk->document->intSubset->pentities);
}

static void walk_all(struct walk *walk)
{
	while (!walk->out->problem && xmlTextReaderRead(walk->reader) == 1) {
		int type = xmlTextReaderNodeType(walk->reader);

		if (type == XML_READER_TYPE_DOCUMENT_TYPE && declares_entities(walk)) {
			walk->out->problem = "it declares entities, which no feed needs";
			walk->is_feed = false;
			return;
		}
		if (type == XML_READER_TYPE_ELEMENT)
			take_element(walk);
		/* A text that was read to its end leaves the reader there: look again. */
		type = xmlTextReaderNodeType(walk->reader);
		if (type == XML_READER_TYPE_END_ELEMENT)
			take_end(walk);
		if (xmlTextReaderDepth(walk->reader) == 0 && type == XML_READER_TYPE_ELEMENT &&
		    !walk->is_feed)
			walk->out->problem = "this is no feed";
	}
}

/* The root of what an answer answers, if that is an answer of this feed too. */
static const char *root_above(const struct feed *feed, const struct item *item)
{
	for (size_t i = 0; i < feed->item_count; i++)
		if (feed->items[i].kind == ITEM_COMMENT && &feed->items[i] != item &&
		    !strcmp(feed->items[i].key, item->root_key))
			return feed->items[i].root_key;
	return item->root_key;
}

/* An answer to an answer hangs on what that one hangs on; a circle is left alone. */
static void find_roots(struct feed *feed)
{
	bool has_changed = true;

	for (int round = 0; has_changed && round < 10; round++) {
		has_changed = false;
		for (size_t i = 0; i < feed->item_count; i++) {
			const char *root = feed->items[i].root_key;

			if (feed->items[i].kind == ITEM_COMMENT)
				feed->items[i].root_key = root_above(feed, &feed->items[i]);
			has_changed = has_changed || feed->items[i].root_key != root;
		}
	}
}

/* Characters that XML does not allow are mended; UTF-16 is left as it is. */
static void mend(const char *bytes, size_t length, struct buf *out)
{
	struct dump_mend state = { 0 };
	char piece[DUMP_MENDED_MAX(PIECE_BYTES)];

	if (length >= 2 && (!memcmp(bytes, "\xfe\xff", 2) || !memcmp(bytes, "\xff\xfe", 2))) {
		buf_bytes(out, bytes, length);
		return;
	}
	for (size_t done = 0; done < length; done += PIECE_BYTES) {
		size_t left = length - done;

		buf_bytes(out, piece,
			  dump_mend(&state, bytes + done, left < PIECE_BYTES ? left : PIECE_BYTES,
				    piece));
	}
	buf_bytes(out, piece, dump_mend(&state, NULL, 0, piece));
}

bool feed_parse(struct ctx *ctx, const char *url, const char *bytes, size_t length,
		struct feed *out)
{
	struct walk walk = { .ctx = ctx, .url = url, .out = out };
	struct buf mended;

	*out = (struct feed){ .title = "", .next = "" };
	if (length > FEED_MAX_BYTES) {
		out->problem = "it is too large";
		return false;
	}
	buf_init(&mended, ctx->arena, DUMP_MENDED_MAX(FEED_MAX_BYTES));
	mend(bytes, length, &mended);
	walk.reader = xmlReaderForMemory(mended.data, (int)mended.length, url, NULL,
					 XML_PARSE_NONET | XML_PARSE_NOCDATA);
	if (!walk.reader) {
		out->problem = "it cannot be read";
		return false;
	}
	xmlTextReaderSetErrorHandler(walk.reader, note_error, &walk);
	walk_all(&walk);
	xmlFreeTextReader(walk.reader);
	xmlFreeDoc(walk.document);
	find_roots(out);
	if (!walk.is_feed && !out->problem)
		out->problem = "this is no feed";
	return walk.is_feed;
}
