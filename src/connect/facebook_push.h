/*
 * Facebook's notices (webhooks): whether they are genuine, and what they say.
 * Nothing here reaches out; every byte is hostile until it is verified.
 */
#ifndef CONNECT_FACEBOOK_PUSH_H
#define CONNECT_FACEBOOK_PUSH_H

#include "connect/connector.h"

/* The path below site.base_url that Facebook is told to call. */
#define FACEBOOK_CALLBACK_PATH "/hooks/facebook"

enum push_verdict facebook_push_verify(struct ctx *ctx, const struct push_request *request,
				       const char **answer);
enum err facebook_push_events(struct ctx *ctx, const struct source *source, const char *body,
			      size_t length, int64_t received_at, const struct event_sink *sink,
			      int64_t *unknown) MUST_CHECK;

#endif
