noinst_LIBRARIES += lib_connect.a

# Every .c and .h of src/connect, one a line, in alphabetical order.
lib_connect_a_SOURCES = \
	src/connect/connector.c \
	src/connect/connector.h \
	src/connect/facebook.c \
	src/connect/facebook.h \
	src/connect/facebook_call.c \
	src/connect/facebook_call.h \
	src/connect/facebook_error.c \
	src/connect/facebook_error.h \
	src/connect/facebook_events.c \
	src/connect/facebook_export.c \
	src/connect/facebook_export.h \
	src/connect/facebook_health.c \
	src/connect/facebook_item.c \
	src/connect/facebook_item.h \
	src/connect/facebook_list.c \
	src/connect/facebook_list.h \
	src/connect/facebook_media.c \
	src/connect/facebook_media.h \
	src/connect/facebook_push.c \
	src/connect/facebook_push.h \
	src/connect/facebook_read.c \
	src/connect/facebook_read.h \
	src/connect/facebook_repair.c \
	src/connect/facebook_setup.c \
	src/connect/facebook_setup.h \
	src/connect/facebook_signed.c \
	src/connect/facebook_signed.h \
	src/connect/facebook_token.c \
	src/connect/facebook_token.h \
	src/connect/facebook_usage.c \
	src/connect/facebook_usage.h \
	src/connect/facebook_write.c \
	src/connect/facebook_write.h \
	src/connect/feed.c \
	src/connect/feed.h \
	src/connect/feed_entry.c \
	src/connect/feed_entry.h \
	src/connect/feed_parse.c \
	src/connect/feed_parse.h \
	src/connect/feed_xml.c \
	src/connect/feed_xml.h \
	src/connect/foreign.c \
	src/connect/foreign.h
