/*
 * What is new in the knowledge base, as an Atom feed: all of it, or a category, in one
 * language. An entry is an article; it comes up again when readers get another version.
 */
#include "forum/article_list.h"
#include "forum/category.h"
#include "i18n/i18n.h"
#include "web/atom.h"
#include "web/brand.h"
#include "web/handlers.h"

/* The number alone stays what it is when the title changes. */
static void write_entry(struct request *request, const struct article *article)
{
	struct arena *arena = request->ctx.arena;

	atom_entry(request,
		   &(struct atom_entry){
			   .id_path = arena_printf(arena, "/kb/%lld", (long long)article->id),
			   .path = article_path(arena, article->id, article->title),
			   .language = article->language,
			   .title = article->title,
			   .published_at = article->published_at,
			   .updated_at = article->changed_at,
			   .summary = article->summary,
			   .category = article->category_slug,
			   .category_name = article->category_name,
		   });
}

static enum err write_feed(struct request *request, const char *title, const char *page_path,
			   const struct article_choice *choice)
{
	struct article_list list;

	TRY(article_list_load(&request->ctx, choice, &list));
	atom_begin(request, &(struct atom_feed){
				    .title = title,
				    .path = arena_printf(request->ctx.arena, "%s/feed", page_path),
				    .page_path = page_path,
				    .updated_at = list.count ? list.items[0].changed_at : 0,
			    });
	for (size_t i = 0; i < list.count; i++)
		write_entry(request, &list.items[i]);
	atom_end(request);
	return OK;
}

enum err articles_feed(struct request *request)
{
	struct article_choice choice = { 0 };

	TRY(atom_choose_language(request));
	choice.language = request->ctx.language;
	/* TRANSLATORS: %s is the brand; the name of a feed. */
	return write_feed(
		request,
		arena_printf(request->ctx.arena, _("Articles of %s"), brand_shown(request)->name),
		"/kb", &choice);
}

enum err articles_category_feed(struct request *request)
{
	struct arena *arena = request->ctx.arena;
	struct article_choice choice = { 0 };
	struct category category;

	TRY(atom_choose_language(request));
	TRY(category_by_slug(&request->ctx, request->slug, &category));
	choice.language = request->ctx.language;
	choice.category_id = category.id;
	return write_feed(request, arena_printf(arena, _("Articles: %s"), category.name),
			  arena_printf(arena, "/kb/c/%s", category.slug), &choice);
}
