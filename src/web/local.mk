noinst_LIBRARIES += lib_web.a

# Every .c and .h of src/web, one a line, in alphabetical order.
lib_web_a_SOURCES = \
	src/web/account.c \
	src/web/admin.c \
	src/web/api.c \
	src/web/ask.c \
	src/web/duplicates.c \
	src/web/errors.c \
	src/web/gate.c \
	src/web/gate.h \
	src/web/handlers.h \
	src/web/helpers.c \
	src/web/helpers.h \
	src/web/home.c \
	src/web/json.c \
	src/web/json.h \
	src/web/lists.c \
	src/web/marked.c \
	src/web/marked.h \
	src/web/mirror_admin.c \
	src/web/mirror_erasure.c \
	src/web/mirror_hooks.c \
	src/web/mirror_marks.c \
	src/web/mirror_marks.h \
	src/web/mirror_posts.c \
	src/web/operator.c \
	src/web/pages.h \
	src/web/pages_standing.h \
	src/web/profile.c \
	src/web/request.h \
	src/web/respond.c \
	src/web/respond.h \
	src/web/rings.c \
	src/web/routes.c \
	src/web/routes.h \
	src/web/search.c \
	src/web/search_asked.c \
	src/web/search_asked.h \
	src/web/search_facets.c \
	src/web/search_facets.h \
	src/web/serve.c \
	src/web/serve.h \
	src/web/settings.c \
	src/web/similar.c \
	src/web/similar.h \
	src/web/standing.c \
	src/web/statistics.c \
	src/web/suggest.c \
	src/web/synonyms.c \
	src/web/texts.c \
	src/web/texts.h \
	src/web/topic.c \
	src/web/write.c \
	src/web/write_form.c \
	src/web/write_form.h
