noinst_LIBRARIES += lib_net.a

# Every .c and .h of src/net, one a line, in alphabetical order.
lib_net_a_SOURCES = \
	src/net/cbor.c \
	src/net/cbor.h \
	src/net/http_client.c \
	src/net/http_client.h \
	src/net/http_guard.c \
	src/net/http_guard.h \
	src/net/json.c \
	src/net/json.h \
	src/net/mail.c \
	src/net/mail.h \
	src/net/mail_parts.h \
	src/net/mail_send.c \
	src/net/webauthn.c \
	src/net/webauthn.h
