noinst_LIBRARIES += lib_forum.a

# Every .c and .h of src/forum, one a line, in alphabetical order.
lib_forum_a_SOURCES = \
	src/forum/actor.c \
	src/forum/actor.h \
	src/forum/author.c \
	src/forum/author.h \
	src/forum/category.h \
	src/forum/draft.h \
	src/forum/field.c \
	src/forum/field.h \
	src/forum/follow.h \
	src/forum/policy.c \
	src/forum/policy.h \
	src/forum/policy_names.c \
	src/forum/post.h \
	src/forum/tag.h \
	src/forum/topic.h
