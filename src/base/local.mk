noinst_LIBRARIES += lib_base.a

# Every .c and .h of src/base, one a line, in alphabetical order.
lib_base_a_SOURCES = \
	src/base/arena.c \
	src/base/arena.h \
	src/base/banned.h \
	src/base/base.h \
	src/base/buf.c \
	src/base/buf.h \
	src/base/clock.c \
	src/base/clock.h \
	src/base/config.c \
	src/base/config.h \
	src/base/crypto.c \
	src/base/crypto.h \
	src/base/ctx.h \
	src/base/error.c \
	src/base/error.h \
	src/base/follow.c \
	src/base/follow.h \
	src/base/gzip.c \
	src/base/gzip.h \
	src/base/log.c \
	src/base/log.h \
	src/base/slice.c \
	src/base/slice.h \
	src/base/totp.c \
	src/base/totp.h \
	src/base/utf8.c \
	src/base/utf8.h \
	src/base/zip.c \
	src/base/zip.h \
	src/base/zone.c \
	src/base/zone.h
