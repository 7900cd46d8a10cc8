/*
 * The HTML that people may write, and a writer for it that cannot write anything
 * else. One table is the allow-list of elements; the writer keeps the content
 * model: whatever order things come in, what it writes is a tree that an HTML 5
 * parser reads back exactly as it was meant. (A block in a paragraph ends the
 * paragraph; a cell without a row gets one; a link in a link is only words;
 * emphasis around blocks is written again inside each.)
 */
#ifndef TEXT_MARKUP_H
#define TEXT_MARKUP_H

#include "base/buf.h"

#define MARKUP_BLOCKS_MAX  200 /* browsers flatten what is deeper than 512 */
#define MARKUP_INLINES_MAX 64

/* What an element is to the writer: where it may stand and what it may hold. */
enum markup_kind {
	MARKUP_INLINE,    /* em, a, code: words */
	MARKUP_VOID,      /* br, img: stands among words */
	MARKUP_RULE,      /* hr: stands among blocks */
	MARKUP_CONTAINER, /* blockquote, div, li, td: blocks and words */
	MARKUP_PARAGRAPH, /* p: words; a block ends it */
	MARKUP_HOLDER,    /* h3, pre, summary: words; blocks in it lose their tags */
	MARKUP_LIST,      /* ul, ol: li */
	MARKUP_TERMS,     /* dl: dt, dd */
	MARKUP_DETAILS,   /* a summary, then as a container */
	MARKUP_TABLE,     /* caption, sections */
	MARKUP_SECTION,   /* thead, tbody, tfoot: rows */
	MARKUP_ROW,       /* cells */
};

struct markup_element {
	const char *source; /* name as it is read */
	const char *name;   /* name as it is written */
	enum markup_kind kind;
	/* Bits of the kinds that may hold it; 0: wherever blocks or words may. */
	unsigned parents;
};

/* NULL for what is not in the allow-list: its words are kept, its tags are not. */
const struct markup_element *markup_find(const char *source_name);

struct markup_block {
	const struct markup_element *element;
	uint32_t serial;
	bool is_implied; /* nobody wrote it: ends as soon as something needs it to */
	bool is_begun;   /* details: has its summary; table: has a section */
};

struct markup_inline {
	const struct markup_element *element;
	const char *attributes;
	bool is_written; /* at least once */
};

struct markup_writer {
	struct buf *out;
	struct markup_block blocks[MARKUP_BLOCKS_MAX];
	size_t block_count; /* blocks[0] is the root */
	struct markup_inline inlines[MARKUP_INLINES_MAX];
	size_t inline_count;
	size_t open_count; /* the first ones, written and not ended */
	uint32_t last_serial;
	bool is_at_pre_start;
	bool is_too_deep; /* what was written is of no use */
};

/* What was opened, to be closed with. */
struct markup_token {
	enum { TOKEN_NOTHING, TOKEN_INLINE, TOKEN_BLOCK } kind;
	size_t index;
	uint32_t serial;
};

void markup_init(struct markup_writer *writer, struct buf *out);

/*
 * attributes: escaped, each with a space before it; must live until the token is
 * closed. Tokens are closed in reverse order.
 */
struct markup_token markup_open(struct markup_writer *writer, const struct markup_element *element,
				const char *attributes) MUST_CHECK;
void markup_close(struct markup_writer *writer, struct markup_token token);

/* For MARKUP_VOID and MARKUP_RULE. */
void markup_void(struct markup_writer *writer, const struct markup_element *element,
		 const char *attributes);
void markup_text(struct markup_writer *writer, const char *text, size_t length);

/* Ends a paragraph, as the start of a block does. */
void markup_break(struct markup_writer *writer);

/* Whether words written now would stand in a link. */
bool markup_is_in_link(const struct markup_writer *writer);

/* Ends everything. */
void markup_finish(struct markup_writer *writer);

#endif
