noinst_LIBRARIES += lib_text.a

# Every .c and .h of src/text, one a line, in alphabetical order.
lib_text_a_SOURCES = \
	src/text/brand.c \
	src/text/diff.c \
	src/text/diff.h \
	src/text/html.c \
	src/text/html.h \
	src/text/html_reader.c \
	src/text/html_reader.h \
	src/text/markup.c \
	src/text/markup.h \
	src/text/sanitize.c \
	src/text/sanitize.h \
	src/text/slug.c \
	src/text/slug.h \
	src/text/template.c \
	src/text/template.h \
	src/text/url.c \
	src/text/url.h
