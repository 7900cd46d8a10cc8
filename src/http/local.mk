noinst_LIBRARIES += lib_http.a

# Every .c and .h of src/http, one a line, in alphabetical order.
lib_http_a_SOURCES =
