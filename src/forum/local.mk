noinst_LIBRARIES += lib_forum.a

# Every .c and .h of src/forum, one a line, in alphabetical order.
lib_forum_a_SOURCES =
