/*
 * One walk, item by item: RFC 8949, appendix C, without recursion into what is too deep.
 */
#include "net/cbor.h"

#include <string.h>

/* The major types (RFC 8949 section 3.1), the upper three bits of an item's first byte. */
enum major { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };

struct head {
	enum major major;
	uint64_t argument;
	size_t length; /* of the head itself */
};

/* Indefinite and reserved lengths (28 and up) are none. */
static bool read_head(struct slice bytes, struct head *out)
{
	uint8_t first, more;

	if (bytes.length == 0)
		return false;
	first = (uint8_t)bytes.data[0];
	more = first & 0x1f;
	*out = (struct head){ (enum major)(first >> 5), more, 1 };
	if (more < 24)
		return true;
	if (more > 27)
		return false;
	out->length += (size_t)1 << (more - 24);
	if (bytes.length < out->length)
		return false;
	out->argument = 0;
	for (size_t i = 1; i < out->length; i++)
		out->argument = out->argument << 8 | (uint8_t)bytes.data[i];
	return true;
}

static struct slice after(struct slice bytes, size_t count)
{
	return slice_make(bytes.data + count, bytes.length - count);
}

/* Items still to come at each level, so that depth costs no stack of the machine's. */
struct walk {
	uint64_t waiting[CBOR_DEPTH_MAX];
	int depth, items;
};

static bool go_deeper(struct walk *walk, uint64_t count)
{
	if (count > CBOR_ITEMS_MAX || walk->depth == CBOR_DEPTH_MAX)
		return false;
	walk->waiting[walk->depth++] = count;
	return true;
}

/* Past the head, and past the content of strings. */
static bool step(struct walk *walk, struct slice *rest)
{
	struct head head;

	if (++walk->items > CBOR_ITEMS_MAX || !read_head(*rest, &head))
		return false;
	*rest = after(*rest, head.length);
	walk->waiting[walk->depth - 1]--;
	switch (head.major) {
	case UNSIGNED:
	case NEGATIVE:
	case SIMPLE:
		return true;
	case BYTES:
	case TEXT:
		if (head.argument > rest->length)
			return false;
		*rest = after(*rest, (size_t)head.argument);
		return true;
	case ARRAY:
		return go_deeper(walk, head.argument);
	case MAP:
		return head.argument <= CBOR_ITEMS_MAX && go_deeper(walk, 2 * head.argument);
	case TAG:
		return go_deeper(walk, 1);
	}
	return false;
}

size_t cbor_length(struct slice bytes)
{
	struct walk walk = { .waiting = { 1 }, .depth = 1 };
	struct slice rest = bytes;

	while (walk.depth > 0) {
		if (walk.waiting[walk.depth - 1] == 0)
			walk.depth--;
		else if (!step(&walk, &rest))
			return 0;
	}
	return bytes.length - rest.length;
}

static struct slice take(struct slice *rest)
{
	struct slice item = slice_make(rest->data, cbor_length(*rest));

	*rest = after(*rest, item.length);
	return item;
}

bool cbor_member(struct slice map, const char *key, struct slice *value)
{
	struct slice rest;
	struct head head;

	*value = slice_make(NULL, 0);
	if (!read_head(map, &head) || head.major != MAP || cbor_length(map) != map.length)
		return false;
	rest = after(map, head.length);
	while (rest.length > 0) {
		struct slice name = take(&rest);
		struct slice member = take(&rest);

		if (cbor_is_text(name, key)) {
			*value = member;
			return true;
		}
	}
	return false;
}

static bool content_of(struct slice item, enum major major, struct slice *content)
{
	struct head head;

	*content = slice_make(NULL, 0);
	if (!read_head(item, &head) || head.major != major ||
	    head.argument != item.length - head.length)
		return false;
	*content = after(item, head.length);
	return true;
}

bool cbor_bytes(struct slice item, struct slice *content)
{
	return content_of(item, BYTES, content);
}

bool cbor_is_text(struct slice item, const char *text)
{
	struct slice content;

	return content_of(item, TEXT, &content) && slice_is(content, text);
}

bool cbor_is_empty_map(struct slice item)
{
	struct head head;

	return read_head(item, &head) && head.major == MAP && head.argument == 0 &&
	       item.length == head.length;
}
