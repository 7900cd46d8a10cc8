/*
 * The Facebook connector: what it can do, and where each part is.
 */
#include "connect/facebook.h"

#include "connect/facebook_media.h"
#include "connect/facebook_push.h"
#include "connect/facebook_read.h"
#include "connect/facebook_setup.h"
#include "connect/facebook_write.h"

static int64_t reply_max(struct ctx *ctx)
{
	return ctx->config->facebook.reply_max;
}

const struct connector facebook_connector = {
	.name = "facebook",
	.title = "Facebook",
	.has_push = true,
	.has_comments = true,
	.can_reply = true,
	.can_edit = true,
	.can_hide = true,
	.can_delete = true,
	.reply_depth = 1,
	.text_max = reply_max,
	.tells_missing = true,
	.configured = facebook_configured,
	.health = facebook_health,
	.read_posts = facebook_read_posts,
	.read_comments = facebook_read_comments,
	.read_items = facebook_read_items,
	.write = facebook_write,
	.find_own = facebook_find_own,
	.media = facebook_media,
	.push_verify = facebook_push_verify,
	.push_events = facebook_push_events,
};
