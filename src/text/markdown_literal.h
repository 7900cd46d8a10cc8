/*
 * The parts of Markdown whose content is not words: addresses, titles, code.
 */
#ifndef TEXT_MARKDOWN_LITERAL_H
#define TEXT_MARKDOWN_LITERAL_H

#include "text/markdown_writer.h"

/*
 * Ends a link whose "[words" stand in the output from start on. A link that shows
 * its own address becomes that address, a mention its name. title may be NULL.
 */
void markdown_write_link(struct markdown_writer *writer, size_t start, const char *url,
			 const char *title);

void markdown_write_picture(struct markdown_writer *writer, const char *source, const char *alt,
			    const char *title);

void markdown_write_code(struct markdown_writer *writer, const char *code);

/* language may be NULL. */
void markdown_write_code_block(struct markdown_writer *writer, const char *code,
			       const char *language);

#endif
