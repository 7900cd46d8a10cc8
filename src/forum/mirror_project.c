/*
 * What people see of the items of a thread: those that are public, there, and under
 * nothing that is not. A pure function of the rows, so that however they came about,
 * the same is shown.
 */
#include "forum/mirror_parts.h"

/* Facebook nests two levels, sometimes more; nobody reads beyond this. */
#define DEPTH_MAX 100

struct mirror_item *mirror_root_of(const struct mirror_batch *batch, const struct mirror_item *item)
{
	return item->root_key[0] ? mirror_batch_find(batch, ITEM_POST, item->root_key) : NULL;
}

static bool is_top_level(const struct mirror_item *item)
{
	return !item->parent_key[0] || strcmp(item->parent_key, item->root_key) == 0;
}

struct mirror_item *mirror_parent_of(const struct mirror_batch *batch,
				     const struct mirror_item *item)
{
	if (item->kind == ITEM_POST)
		return NULL;
	if (is_top_level(item))
		return mirror_root_of(batch, item);
	return mirror_batch_find(batch, ITEM_COMMENT, item->parent_key);
}

struct mirror_item *mirror_answer_of(const struct mirror_batch *batch, struct mirror_item *item)
{
	for (int depth = 0; item && depth < DEPTH_MAX; depth++) {
		if (item->kind == ITEM_POST || is_top_level(item))
			return item;
		item = mirror_parent_of(batch, item);
	}
	return NULL;
}

/* Seen by notices only, and not there when it was looked for. */
static bool is_rumour(const struct mirror_item *item)
{
	return item->confirmed_at == 0 && item->missing_at != 0;
}

static bool is_fit_by_itself(const struct mirror_batch *batch, const struct mirror_item *item)
{
	bool is_brands = item->is_self || item->is_ours;

	if (item->removed_at || item->visibility != ITEM_PUBLIC || item->is_author_erased)
		return false;
	if (item->is_held_here || (!item->text_at && !item->has_media))
		return false;
	return !is_rumour(item) && (is_brands || batch->mirror->show_authors != AUTHORS_NOBODY);
}

/* A chain of parents that leads back to itself shows nothing. */
static void decide(struct mirror_batch *batch, struct mirror_item *item, int depth)
{
	struct mirror_item *parent;

	if (item->shown != SHOWN_UNKNOWN)
		return;
	item->shown = SHOWN_VISITING;
	if (item->kind == ITEM_POST) {
		item->shown = is_fit_by_itself(batch, item) ? SHOWN_YES : SHOWN_NO;
		return;
	}
	parent = mirror_parent_of(batch, item);
	if (parent && depth < DEPTH_MAX)
		decide(batch, parent, depth + 1);
	item->is_waiting = !parent || parent->is_waiting;
	/* Its parent went for good, and it with it: there will be no notice of its own. */
	if (parent && parent->removed_at && !item->removed_at) {
		item->removed_at = parent->removed_at;
		item->is_removal_final = parent->is_removal_final;
		item->is_changed = true;
	}
	item->shown = parent && parent->shown == SHOWN_YES && is_fit_by_itself(batch, item)
			      ? SHOWN_YES
			      : SHOWN_NO;
}

void mirror_project(struct mirror_batch *batch)
{
	for (size_t i = 0; i < batch->count; i++)
		batch->items[i]->shown = SHOWN_UNKNOWN;
	for (size_t i = 0; i < batch->count; i++)
		decide(batch, batch->items[i], 0);
}
