noinst_LIBRARIES += lib_i18n.a

# Every .c and .h of src/i18n, one a line, in alphabetical order.
lib_i18n_a_SOURCES =
