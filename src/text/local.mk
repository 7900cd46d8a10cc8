noinst_LIBRARIES += lib_text.a

# Every .c and .h of src/text, one a line, in alphabetical order.
lib_text_a_SOURCES =

# What compiled templates call.
lib_text_a_SOURCES += src/text/template.c src/text/template.h
