/*
 * Answering, changing, hiding and deleting as the Page; and looking for what was
 * sent without an answer.
 */
#ifndef CONNECT_FACEBOOK_WRITE_H
#define CONNECT_FACEBOOK_WRITE_H

#include "connect/connector.h"

enum err facebook_write(struct ctx *ctx, struct source *source, const struct source_write *write,
			struct write_result *out, struct connect_error *error) MUST_CHECK;
enum err facebook_find_own(struct ctx *ctx, struct source *source, const struct source_write *write,
			   struct write_result *out, bool *found,
			   struct connect_error *error) MUST_CHECK;

#endif
