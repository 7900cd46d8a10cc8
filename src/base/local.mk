noinst_LIBRARIES += lib_base.a

# Every .c and .h of src/base, one a line, in alphabetical order.
lib_base_a_SOURCES =
