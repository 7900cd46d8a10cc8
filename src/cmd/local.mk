noinst_LIBRARIES += lib_cmd.a

# Every .c and .h of src/cmd, one a line, in alphabetical order.
lib_cmd_a_SOURCES = \
	src/cmd/activity.c \
	src/cmd/articles.c \
	src/cmd/check.c \
	src/cmd/command.c \
	src/cmd/command.h \
	src/cmd/config.c \
	src/cmd/demo.c \
	src/cmd/demo_articles.c \
	src/cmd/demo_articles.h \
	src/cmd/demo_crisis.c \
	src/cmd/demo_crisis.h \
	src/cmd/demo_desk.c \
	src/cmd/demo_desk.h \
	src/cmd/demo_files.c \
	src/cmd/demo_files.h \
	src/cmd/demo_holding.c \
	src/cmd/demo_holding.h \
	src/cmd/demo_listening.c \
	src/cmd/demo_listening.h \
	src/cmd/demo_moderation.c \
	src/cmd/demo_moderation.h \
	src/cmd/demo_private.c \
	src/cmd/demo_private.h \
	src/cmd/demo_tags.c \
	src/cmd/demo_tags.h \
	src/cmd/demo_templates.c \
	src/cmd/demo_templates.h \
	src/cmd/demo_texts.c \
	src/cmd/demo_texts.h \
	src/cmd/evaluate_files.c \
	src/cmd/evaluate_files.h \
	src/cmd/import.c \
	src/cmd/measures.c \
	src/cmd/measures.h \
	src/cmd/migrate.c \
	src/cmd/mirror.c \
	src/cmd/mirror.h \
	src/cmd/mirror_export.c \
	src/cmd/mirror_replay.c \
	src/cmd/options.c \
	src/cmd/options.h \
	src/cmd/privacy.c \
	src/cmd/progress.c \
	src/cmd/progress.h \
	src/cmd/search.c \
	src/cmd/search_check.c \
	src/cmd/search_evaluate.c \
	src/cmd/search_parts.h \
	src/cmd/search_query.c \
	src/cmd/search_rebuild.c \
	src/cmd/topic.c \
	src/cmd/user.c \
	src/cmd/web.c \
	src/cmd/worker.c
