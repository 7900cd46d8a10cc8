/*
 * A thread's card is drawn, when somebody has asked for it.
 */
#include "jobs/kinds.h"

#include "base/log.h"
#include "forum/card.h"
#include "jobs/card_draw.h"

/* What is hidden since, or has its card already, needs none. */
enum err job_card(struct ctx *ctx, const struct job *job)
{
	struct card_words words;
	struct card card, kept;
	struct topic topic;
	enum err result = topic_load(ctx, job->subject_id, &topic);

	if (result == ERR_NOT_FOUND || result == ERR_GONE) {
		error_clear(ctx);
		return OK;
	}
	TRY(result);
	words = card_words_of(ctx, &topic);
	card.version = card_version(ctx, &words);
	TRY(card_load(ctx, topic.id, &kept));
	if (kept.png && strcmp(kept.version, card.version) == 0)
		return OK;
	if (!card_draw(ctx, &words, &card.png, &card.length))
		return fail_log(ctx, ERR_INTERNAL, "the card of topic %lld could not be drawn",
				(long long)topic.id);
	return card_store(ctx, topic.id, &card);
}
