noinst_LIBRARIES += lib_text.a

# Every .c and .h of src/text, one a line, in alphabetical order.
lib_text_a_SOURCES = \
	src/text/brand.c \
	src/text/diff.c \
	src/text/diff.h \
	src/text/dump.c \
	src/text/dump.h \
	src/text/html.c \
	src/text/html.h \
	src/text/html_reader.c \
	src/text/html_reader.h \
	src/text/letters.c \
	src/text/letters.h \
	src/text/lookalike.c \
	src/text/lookalike.h \
	src/text/markdown.h \
	src/text/markdown_excerpt.c \
	src/text/markdown_from_html.c \
	src/text/markdown_guard.c \
	src/text/markdown_guard.h \
	src/text/markdown_literal.c \
	src/text/markdown_literal.h \
	src/text/markdown_mention.c \
	src/text/markdown_mention.h \
	src/text/markdown_render.c \
	src/text/markdown_table.c \
	src/text/markdown_table.h \
	src/text/markdown_tree.c \
	src/text/markdown_tree.h \
	src/text/markdown_writer.c \
	src/text/markdown_writer.h \
	src/text/markup.c \
	src/text/markup.h \
	src/text/personal_data.c \
	src/text/personal_data.h \
	src/text/personal_number.c \
	src/text/personal_number.h \
	src/text/personal_pattern.c \
	src/text/personal_pattern.h \
	src/text/sanitize.c \
	src/text/sanitize.h \
	src/text/scrub.c \
	src/text/scrub.h \
	src/text/slug.c \
	src/text/slug.h \
	src/text/template.c \
	src/text/template.h \
	src/text/url.c \
	src/text/url.h \
	src/text/word_fold.c \
	src/text/word_fold.h \
	src/text/word_list.c \
	src/text/word_list.h
