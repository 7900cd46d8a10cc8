noinst_LIBRARIES += lib_cmd.a

# Every .c and .h of src/cmd, one a line, in alphabetical order.
lib_cmd_a_SOURCES =
