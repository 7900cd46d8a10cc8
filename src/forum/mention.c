/*
 * Mentions and the rendering of a body with them.
 */
#include "forum/mention.h"

#include "forum/actor.h"
#include "forum/author.h"
#include "forum/post.h"
#include "text/slug.h"

DB_STATEMENT(mention_people,
	     "select p.handle, p.id, p.name from people p"
	     " where p.handle = any($1::text[]) and p.state <> 'anonymised'",
	     1);

void mentions_add(struct ctx *ctx, const char *body_md, struct mentions *mentions)
{
	const char *names[MARKDOWN_MENTIONS_MAX];

	*mentions = (struct mentions){ .ctx = ctx, .people = { .current = -1 } };
	mentions->count = markdown_mentions(ctx->arena, body_md, names);
	for (size_t i = 0; i < mentions->count; i++)
		mentions->handles[i] = slug_from(ctx->arena, names[i]);
	if (mentions->count > 0)
		db_add(ctx, &mention_people, &mentions->people,
		       param_texts(ctx->arena, mentions->handles, mentions->count));
}

/* What markdown.h asks for each name: the path of a profile, or NULL. */
static const char *mention_path(void *data, const char *name)
{
	struct mentions *mentions = data;
	struct arena *arena = mentions->ctx->arena;
	const char *handle = slug_from(arena, name);

	rows_rewind(&mentions->people);
	while (rows_next(&mentions->people)) {
		if (!strcmp(col_text(&mentions->people), handle)) {
			int64_t id = col_i64(&mentions->people);

			return author_path(arena, id, col_text(&mentions->people));
		}
	}
	return NULL;
}

enum err mentions_render(struct mentions *mentions, const char *field, const char *body_md,
			 bool are_links_followed, struct html_fragment *out)
{
	struct markdown_options options = {
		.are_links_followed = are_links_followed,
		.mention = mention_path,
		.mention_data = mentions,
	};

	return markdown_render(mentions->ctx, field, body_md, &options, out);
}

enum err post_render(struct ctx *ctx, const char *field, const char *body_md,
		     struct html_fragment *out)
{
	struct mentions mentions;

	mentions_add(ctx, body_md, &mentions);
	TRY(db_run(ctx));
	return mentions_render(&mentions, field, body_md, ctx->actor->is_trusted, out);
}
