/*
 * Moderation of what is mirrored: a comment that a rule of this site catches is held here
 * and stands in the queue. Nothing of it is sent to the network, where it stays as it is.
 */
#include "forum/mirror_parts.h"

#include "forum/holding.h"

/* What others wrote, is to be seen, and is new or reads differently now. */
static bool is_to_be_read(const struct mirror_batch *batch, const struct mirror_item *item)
{
	if (item->is_self || item->is_ours || item->shown != SHOWN_YES || batch->is_reshown)
		return false;
	return item->post_id == 0 || (item->is_text_changed && item->text_at);
}

static enum err read_text(struct ctx *ctx, const struct mirror_batch *batch,
			  struct mirror_item *item, struct holding *out)
{
	struct mirror_words words;

	TRY(mirror_words_make(ctx, batch, item, &words));
	out->text = (struct holding_text){
		.origin = ORIGIN_MIRROR,
		.post_id = item->post_id,
		.title = item->kind == ITEM_POST ? words.title : "",
		.body_md = words.markdown,
		.language = batch->mirror->language,
		.category_id = batch->mirror->category_id,
	};
	item->held = out;
	return OK;
}

/* A question that people answered here is not taken from under them. */
static void take_verdict(struct mirror_item *item)
{
	if (item->post_id && item->post_kind == POST_QUESTION)
		holding_soften(item->held);
	item->is_held_now = holding_visibility(item->held) == VISIBILITY_HELD;
	item->is_held_here |= item->is_held_now;
	item->is_changed |= item->is_held_now;
}

enum err mirror_hold(struct ctx *ctx, struct mirror_batch *batch)
{
	struct holding *items;
	size_t count = 0;
	bool is_any_held = false;

	for (size_t i = 0; i < batch->count; i++)
		count += is_to_be_read(batch, batch->items[i]);
	if (count == 0)
		return OK;
	items = arena_array_of(ctx->arena, count, struct holding);
	count = 0;
	for (size_t i = 0; i < batch->count; i++)
		if (is_to_be_read(batch, batch->items[i]))
			TRY(read_text(ctx, batch, batch->items[i], &items[count++]));
	TRY(holding_screen(ctx, items, count));
	for (size_t i = 0; i < batch->count; i++) {
		if (!batch->items[i]->held)
			continue;
		take_verdict(batch->items[i]);
		is_any_held |= batch->items[i]->is_held_now;
	}
	if (is_any_held)
		mirror_project(batch);
	batch->held = items;
	batch->held_count = count;
	return OK;
}

/* Their posts have numbers now, and are written. */
enum err mirror_hold_record(struct ctx *ctx, struct mirror_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		if (batch->items[i]->held)
			batch->items[i]->held->text.post_id = batch->items[i]->post_id;
	return holding_record_all(ctx, batch->held, batch->held_count);
}
