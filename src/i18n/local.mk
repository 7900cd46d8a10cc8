noinst_LIBRARIES += lib_i18n.a

# Every .c and .h of src/i18n, one a line, in alphabetical order.
lib_i18n_a_SOURCES = \
	src/i18n/format.c \
	src/i18n/i18n.c \
	src/i18n/i18n.h
