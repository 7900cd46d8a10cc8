/*
 * Reading the columns of AUTHOR_COLUMNS.
 */
#include "forum/author.h"

#include "db/db.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"
#include "text/slug.h"

void author_read(struct ctx *ctx, struct rows *rows, struct author *author)
{
	const char *role, *french, *english;

	author->id = col_i64(rows);
	author->name = col_text(rows);
	author->title = col_text(rows);
	role = col_text(rows);
	/* Nobody's account: no row was joined. */
	if (!role_from_text(role, &author->role))
		author->role = ROLE_CUSTOMER;
	author->is_suspended = col_bool(rows);
	author->created_at = col_time(rows);
	author->accepted_count = col_i64(rows);
	author->answer_count = col_i64(rows);
	french = col_text(rows);
	english = col_text(rows);
	author->rank = strcmp(ctx->language, "fr") == 0 ? french : english;
	if (!site_switch(SITE_RANKS_SHOWN))
		author->rank = "";
	if (!*author->name)
		author->name = _("Former member");
	author->slug = slug_from(ctx->arena, author->name);
}

char *author_path(struct arena *arena, int64_t id, const char *name)
{
	return arena_printf(arena, "/u/%lld-%s", (long long)id, slug_from(arena, name));
}
