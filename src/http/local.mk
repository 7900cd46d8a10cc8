noinst_LIBRARIES += lib_http.a

# Every .c and .h of src/http, one a line, in alphabetical order.
lib_http_a_SOURCES = \
	src/http/compress.c \
	src/http/compress.h \
	src/http/crawl_line.c \
	src/http/crawl_line.h \
	src/http/crawler.c \
	src/http/crawler.h \
	src/http/guard.c \
	src/http/guard.h \
	src/http/handover.c \
	src/http/handover.h \
	src/http/http.h \
	src/http/listen.c \
	src/http/metrics.c \
	src/http/metrics.h \
	src/http/multipart.c \
	src/http/notify.c \
	src/http/notify.h \
	src/http/parse.c \
	src/http/parse.h \
	src/http/process.c \
	src/http/process.h \
	src/http/request.c \
	src/http/request.h \
	src/http/response.c \
	src/http/server.c \
	src/http/supervisor.c \
	src/http/supervisor.h
