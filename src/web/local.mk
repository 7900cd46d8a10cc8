noinst_LIBRARIES += lib_web.a

# Every .c and .h of src/web, one a line, in alphabetical order.
lib_web_a_SOURCES =
