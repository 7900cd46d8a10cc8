noinst_LIBRARIES += lib_forum.a

# Every .c and .h of src/forum, one a line, in alphabetical order.
lib_forum_a_SOURCES = \
	src/forum/account.h \
	src/forum/actor.c \
	src/forum/actor.h \
	src/forum/audit.c \
	src/forum/audit.h \
	src/forum/author.c \
	src/forum/author.h \
	src/forum/category.c \
	src/forum/category.h \
	src/forum/check.h \
	src/forum/draft.c \
	src/forum/draft.h \
	src/forum/field.c \
	src/forum/field.h \
	src/forum/follow.c \
	src/forum/follow.h \
	src/forum/helpers.h \
	src/forum/import.h \
	src/forum/import_find.c \
	src/forum/indexing.h \
	src/forum/job.c \
	src/forum/job.h \
	src/forum/mail.h \
	src/forum/mention.c \
	src/forum/mention.h \
	src/forum/notification.h \
	src/forum/once.c \
	src/forum/once.h \
	src/forum/person.h \
	src/forum/policy.c \
	src/forum/policy.h \
	src/forum/policy_names.c \
	src/forum/post.c \
	src/forum/post.h \
	src/forum/post_columns.h \
	src/forum/post_view.c \
	src/forum/post_write.c \
	src/forum/session.c \
	src/forum/session.h \
	src/forum/setting.c \
	src/forum/setting.h \
	src/forum/tag.c \
	src/forum/tag.h \
	src/forum/throttle.c \
	src/forum/throttle.h \
	src/forum/topic.c \
	src/forum/topic.h \
	src/forum/topic_columns.h \
	src/forum/topic_create.c \
	src/forum/topic_list.c \
	src/forum/topic_write.h \
	src/forum/writing.c \
	src/forum/writing.h
