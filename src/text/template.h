/*
 * What compiled templates call besides text/html.h (templates/README.md has the
 * language). The macros choose the writer by the C type of the expression, so
 * that a type which has no text, such as bool, does not compile.
 */
#ifndef TEXT_TEMPLATE_H
#define TEXT_TEMPLATE_H

#include "text/html.h"

/*
 * No value fits it, so gcc says at the template's line that a bool, a char, a
 * double or a struct is an "incompatible type for argument 2 of" this.
 */
struct template_no_value {
	int unused;
};
void template_refuses_this_type(struct buf *out, struct template_no_value value);

#define TEMPLATE_INTEGERS \
	signed char : html_number, \
		      unsigned char : html_number, \
				      short : html_number, \
					      unsigned short : html_number, \
							       int : html_number, \
								     unsigned int : html_number, \
										    long \
	    : html_number, \
	      long long : html_number, \
			  unsigned long : template_unsigned, \
					  unsigned long long : template_unsigned

/* {{ x }} in element text or a quoted attribute. */
#define template_text(out, value) \
	_Generic((value), char *: html_text, const char *: html_text, \
		 TEMPLATE_INTEGERS, default: template_refuses_this_type)(out, value)

/* {{ x }} at the beginning of an address: the whole of it, of a safe kind. */
#define template_url(out, value) \
	_Generic((value), char *: html_url, const char *: html_url, \
		 default: template_refuses_this_type)(out, value)

/* {{ x }} further on in an address: percent-encoded, so that it stays a part. */
#define template_url_part(out, value) \
	_Generic((value), char *: buf_url, const char *: buf_url, \
		 TEMPLATE_INTEGERS, default: template_refuses_this_type)(out, value)

void template_unsigned(struct buf *out, uint64_t number);

/*
 * A translated sentence with {slots}: writes the text up to the next slot,
 * escaped, moves *rest behind it and returns the slot's index in names; count
 * at the end. Braces that hold none of the names are written as they are.
 */
size_t template_sentence_next(struct buf *out, const char **rest, const char *const *names,
			      size_t count);

#endif
