/*
 * One walk over the document. Elements are known by namespace and name, not by
 * where they stand, but for the few that mean another thing inside <author> or
 * outside an entry.
 */
#include "connect/feed_parse.h"

#include <libxml/uri.h>
#include <strings.h>

#include "base/slice.h"
#include "connect/feed_entry.h"
#include "connect/feed_xml.h"
#include "connect/foreign.h"

#define ATOM    "http://www.w3.org/2005/Atom"
#define CONTENT "http://purl.org/rss/1.0/modules/content/"
#define DC      "http://purl.org/dc/elements/1.1/"
#define RSS1    "http://purl.org/rss/1.0/"
#define RDF     "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define SLASH   "http://purl.org/rss/1.0/modules/slash/"
#define THREAD  "http://purl.org/syndication/thread/1.0"
#define WFW     "http://wellformedweb.org/CommentAPI/"

struct walk {
	struct ctx *ctx;
	struct feed_xml xml;
	const char *url;
	struct feed *out;
	struct feed_entry *entry; /* NULL outside of one */
	int entry_depth;
	int author_depth; /* of the open <author>; 0: none */
	bool is_feed;
	size_t capacity;
};

/* RSS 2.0 has no namespace, RSS 1.0 has one, and some writers invent one. */
static bool is_rss(const struct walk *walk, const char *name)
{
	return feed_xml_is(&walk->xml, "", name) || feed_xml_is(&walk->xml, RSS1, name) ||
	       feed_xml_is(&walk->xml, "http://backend.userland.com/RSS2", name);
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

/* ---- elements ---------------------------------------------------------- */

/* Atom says what kind of text it is; RSS leaves it to be guessed: markup. */
static struct feed_text atom_text(struct walk *walk)
{
	const char *type = feed_xml_attribute(&walk->xml, "type");

	if (type && !strcasecmp(type, "xhtml"))
		return (struct feed_text){ feed_xml_markup(&walk->xml), true };
	return (struct feed_text){ feed_xml_text(&walk->xml), type && strcasestr(type, "html") };
}

static void take_atom_link(struct walk *walk)
{
	struct feed_entry *entry = walk->entry;
	const char *rel = feed_xml_attribute(&walk->xml, "rel"),
		   *type = feed_xml_attribute(&walk->xml, "type");
	const char *url = absolute(walk, feed_xml_attribute(&walk->xml, "href"));

	if (!entry) {
		if (rel && (!strcmp(rel, "next") || !strcmp(rel, "prev-archive")))
			walk->out->next = url;
		return;
	}
	if (!rel || !strcmp(rel, "alternate")) {
		if (!entry->link)
			entry->link = url;
	} else if (!strcmp(rel, "enclosure")) {
		feed_entry_add_enclosure(entry, url, type);
	} else if (!strcmp(rel, "replies") && type && strstr(type, "xml")) {
		entry->comments_feed = url;
	}
}

static int64_t count_inside(struct walk *walk)
{
	int64_t count;

	return slice_to_i64(slice_trim(slice_of(feed_xml_text(&walk->xml))), &count) && count >= 0
		       ? count
		       : -1;
}

static bool take_atom(struct walk *walk)
{
	struct feed_entry *entry = walk->entry;

	if (feed_xml_is(&walk->xml, ATOM, "link"))
		take_atom_link(walk);
	else if (feed_xml_is(&walk->xml, ATOM, "id"))
		entry->id = feed_xml_text(&walk->xml);
	else if (feed_xml_is(&walk->xml, ATOM, "title"))
		entry->title = atom_text(walk);
	else if (feed_xml_is(&walk->xml, ATOM, "summary"))
		entry->summary = atom_text(walk);
	else if (feed_xml_is(&walk->xml, ATOM, "content") && !feed_xml_attribute(&walk->xml, "src"))
		entry->content = atom_text(walk);
	else if (feed_xml_is(&walk->xml, ATOM, "published"))
		entry->created_at = feed_time(feed_xml_text(&walk->xml));
	else if (feed_xml_is(&walk->xml, ATOM, "updated"))
		entry->updated_at = feed_time(feed_xml_text(&walk->xml));
	else if (feed_xml_is(&walk->xml, THREAD, "in-reply-to"))
		entry->reply_to = feed_xml_attribute(&walk->xml, "ref");
	else if (feed_xml_is(&walk->xml, THREAD, "total"))
		entry->comment_count = count_inside(walk);
	else
		return false;
	return true;
}

static bool take_rss_extension(struct walk *walk)
{
	struct feed_entry *entry = walk->entry;

	if (feed_xml_is(&walk->xml, CONTENT, "encoded"))
		entry->content = (struct feed_text){ feed_xml_text(&walk->xml), true };
	else if (feed_xml_is(&walk->xml, DC, "creator"))
		entry->author = feed_name(walk->ctx, feed_xml_text(&walk->xml));
	else if (feed_xml_is(&walk->xml, DC, "date"))
		entry->created_at = feed_time(feed_xml_text(&walk->xml));
	else if (feed_xml_is(&walk->xml, SLASH, "comments"))
		entry->comment_count = count_inside(walk);
	else if (feed_xml_is(&walk->xml, WFW, "commentRss") ||
		 feed_xml_is(&walk->xml, WFW, "commentRSS"))
		entry->comments_feed = absolute(walk, feed_xml_text(&walk->xml));
	else
		return false;
	return true;
}

static void take_rss(struct walk *walk)
{
	struct feed_entry *entry = walk->entry;

	if (is_rss(walk, "title"))
		entry->title = (struct feed_text){ feed_xml_text(&walk->xml), true };
	else if (is_rss(walk, "link"))
		entry->link = absolute(walk, feed_xml_text(&walk->xml));
	else if (is_rss(walk, "guid"))
		entry->id = feed_xml_text(&walk->xml);
	else if (is_rss(walk, "description"))
		entry->summary = (struct feed_text){ feed_xml_text(&walk->xml), true };
	else if (is_rss(walk, "pubDate"))
		entry->created_at = feed_time(feed_xml_text(&walk->xml));
	else if (is_rss(walk, "author") && !entry->author)
		entry->author = feed_name(walk->ctx, feed_xml_text(&walk->xml));
	else if (is_rss(walk, "enclosure"))
		feed_entry_add_enclosure(entry,
					 absolute(walk, feed_xml_attribute(&walk->xml, "url")),
					 feed_xml_attribute(&walk->xml, "type"));
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
	const char *about = feed_xml_attribute(&walk->xml, "rdf:about");

	if (xmlTextReaderIsEmptyElement(walk->xml.reader))
		return;
	walk->entry = arena_new_of(walk->ctx->arena, struct feed_entry);
	walk->entry->comment_count = -1;
	walk->entry->id = about;
	walk->entry_depth = feed_xml_depth(&walk->xml);
	walk->author_depth = 0;
}

static void take_author(struct walk *walk)
{
	if (feed_xml_is(&walk->xml, ATOM, "name"))
		walk->entry->author = foreign_line(walk->ctx->arena, feed_xml_text(&walk->xml),
						   FEED_NAME_MAX_POINTS);
	else if (feed_xml_is(&walk->xml, ATOM, "uri"))
		walk->entry->author_uri = absolute(walk, feed_xml_text(&walk->xml));
}

static void take_element(struct walk *walk)
{
	int depth = feed_xml_depth(&walk->xml);

	if (depth == 0)
		walk->is_feed = feed_xml_is(&walk->xml, ATOM, "feed") ||
				feed_xml_is(&walk->xml, RDF, "RDF") ||
				feed_xml_is(&walk->xml, "", "rss");
	if (!walk->entry) {
		if (is_rss(walk, "item") || feed_xml_is(&walk->xml, ATOM, "entry"))
			open_entry(walk);
		else if (feed_xml_is(&walk->xml, ATOM, "link"))
			take_atom_link(walk);
		else if (depth <= 2 && !*walk->out->title &&
			 (is_rss(walk, "title") || feed_xml_is(&walk->xml, ATOM, "title")))
			walk->out->title = foreign_line(walk->ctx->arena, feed_xml_text(&walk->xml),
							FEED_TITLE_MAX_POINTS);
	} else if (walk->author_depth) {
		take_author(walk);
	} else if (depth == walk->entry_depth + 1) {
		if (feed_xml_is(&walk->xml, ATOM, "author") &&
		    !xmlTextReaderIsEmptyElement(walk->xml.reader))
			walk->author_depth = depth;
		else if (!take_atom(walk) && !take_rss_extension(walk))
			take_rss(walk);
	}
}

static void take_end(struct walk *walk)
{
	int depth = feed_xml_depth(&walk->xml);

	if (!walk->entry)
		return;
	if (depth == walk->author_depth)
		walk->author_depth = 0;
	if (depth > walk->entry_depth)
		return;
	if (has_room(walk))
		feed_entry_item(walk->ctx, walk->entry, &walk->out->items[walk->out->item_count++]);
	walk->entry = NULL;
}

static void walk_all(struct walk *walk)
{
	while (!walk->xml.problem && xmlTextReaderRead(walk->xml.reader) == 1) {
		int type = xmlTextReaderNodeType(walk->xml.reader);

		if (type == XML_READER_TYPE_DOCUMENT_TYPE &&
		    feed_xml_declares_entities(&walk->xml)) {
			walk->xml.problem = "it declares entities, which no feed needs";
			walk->is_feed = false;
			return;
		}
		if (type == XML_READER_TYPE_ELEMENT)
			take_element(walk);
		/* A text that was read to its end leaves the reader there: look again. */
		type = xmlTextReaderNodeType(walk->xml.reader);
		if (type == XML_READER_TYPE_END_ELEMENT)
			take_end(walk);
		if (feed_xml_depth(&walk->xml) == 0 && type == XML_READER_TYPE_ELEMENT &&
		    !walk->is_feed)
			walk->xml.problem = "this is no feed";
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

bool feed_parse(struct ctx *ctx, const char *url, const char *bytes, size_t length,
		struct feed *out)
{
	struct walk walk = { .ctx = ctx, .url = url, .out = out };

	*out = (struct feed){ .title = "", .next = "" };
	if (feed_xml_open(&walk.xml, ctx, url, bytes, length)) {
		walk_all(&walk);
		feed_xml_close(&walk.xml);
	}
	find_roots(out);
	out->problem = walk.xml.problem;
	if (!walk.is_feed && !out->problem)
		out->problem = "this is no feed";
	return walk.is_feed;
}
