/*
 * The bytes of a picture, from Facebook's media hosts only.
 */
#ifndef CONNECT_FACEBOOK_MEDIA_H
#define CONNECT_FACEBOOK_MEDIA_H

#include "connect/connector.h"

enum err facebook_media(struct ctx *ctx, struct source *source, const char *url, size_t max_bytes,
			const char **bytes, size_t *length, struct connect_error *error) MUST_CHECK;

/*
 * Is "host:port" in the list of facebook.media_hosts? A name there stands for itself
 * and all below it, at the usual ports; "host:port" for that place alone, which may
 * be in a private network.
 */
bool facebook_media_host_is_known(const char *hosts, const char *place, bool *may_be_private);

#endif
