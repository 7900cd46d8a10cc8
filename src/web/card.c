/*
 * /t/12/card/…: a thread's card. The worker draws it when it is first asked for; whoever
 * asks waits a moment for it. That is in the slow pool, and short, so that a crowd that asks
 * for pictures of everything holds up nobody who reads.
 */
#include "web/card.h"

#include <time.h>

#include "forum/card.h"
#include "web/brand.h"
#include "web/handlers.h"
#include "web/respond.h"

#define LOOKS      12
#define LOOK_EVERY 125 /* milliseconds */

const char *card_path(struct request *request, const struct topic *topic)
{
	struct ctx *ctx = &request->ctx;
	const struct card_words words = card_words_of(ctx, topic);

	return arena_printf(ctx->arena, "/t/%lld/card/%s.png", (long long)topic->id,
			    card_version(ctx, &words));
}

void card_fill_frame(struct request *request, const struct topic *topic, struct frame *frame)
{
	if (topic->visibility == VISIBILITY_VISIBLE)
		frame->picture = (struct frame_picture){
			.url = site_url(request, card_path(request, topic)),
			.alt = topic->title,
			.width = CARD_WIDTH,
			.height = CARD_HEIGHT,
		};
}

static void wait_a_moment(void)
{
	const struct timespec moment = { .tv_nsec = LOOK_EVERY * 1000000L };

	nanosleep(&moment, NULL);
}

static bool is_current(const struct card *card, const char *path)
{
	return card->png && strstr(path, card->version) != NULL;
}

static enum err wait_for(struct request *request, const char *path, struct card *card)
{
	TRY(card_load(&request->ctx, request->id, card));
	if (is_current(card, path))
		return OK;
	TRY(card_ask(&request->ctx, request->id));
	for (int look = 0; look < LOOKS && !is_current(card, path); look++) {
		wait_a_moment();
		TRY(card_load(&request->ctx, request->id, card));
	}
	return OK;
}

enum err card_show(struct request *request)
{
	struct topic topic;
	struct card card;
	const char *path;

	TRY(topic_load(&request->ctx, request->id, &topic));
	if (topic.visibility != VISIBILITY_VISIBLE)
		return fail(&request->ctx, ERR_GONE, NULL, NULL);
	path = card_path(request, &topic);
	if (strcmp(path, request->http->path) != 0)
		return respond_redirect(request, 302, path);
	TRY(wait_for(request, path, &card));
	if (!is_current(&card, path))
		return respond_redirect(request, 302, brand_shown(request)->logo_path);
	request->response->content_type = "image/png";
	buf_bytes(&request->response->body, card.png, card.length);
	return OK;
}
