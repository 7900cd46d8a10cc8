noinst_LIBRARIES += lib_connect.a

# Every .c and .h of src/connect, one a line, in alphabetical order.
lib_connect_a_SOURCES = \
	src/connect/connector.c \
	src/connect/connector.h
