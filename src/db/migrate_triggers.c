/*
 * What is left to do of a script that makes triggers.
 */
#include "db/migrate_triggers.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/slice.h"
#include "db/db.h"

#define BEGINNING        "create or replace trigger "
#define SCRIPT_MAX_BYTES ((size_t)8 << 20)

/* In the schema that the script is for; those of partitions and of keys are not ours. */
static const struct stmt trigger_comments = {
	NULL,
	"select t.tgname::text, coalesce(obj_description(t.oid, 'pg_trigger'), '')\n"
	"from pg_trigger t join pg_class c on c.oid = t.tgrelid\n"
	"where not t.tgisinternal and c.relnamespace = current_schema()::regnamespace",
	0
};

struct known {
	const char *name, *hash;
};
struct known_triggers {
	struct known *items;
	size_t count;
};

static enum err load_known(struct ctx *ctx, struct known_triggers *out)
{
	struct rows rows;

	TRY(db_query(ctx, &trigger_comments, &rows));
	*out = (struct known_triggers){
		.items = arena_array_of(ctx->arena, (size_t)rows.count + 1, struct known),
	};
	while (rows_next(&rows)) {
		out->items[out->count].name = col_text(&rows);
		out->items[out->count++].hash = col_text(&rows);
	}
	return OK;
}

static bool is_known(const struct known_triggers *known, const char *name, const char *hash)
{
	for (size_t i = 0; i < known->count; i++)
		if (strcmp(known->items[i].name, name) == 0 &&
		    strcmp(known->items[i].hash, hash) == 0)
			return true;
	return false;
}

/* The letters, digits and underscores there. */
static char *word_at(struct arena *arena, const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return arena_strndup(arena, text, length);
}

/* Behind the line that ends with a semicolon, or the end. */
static const char *end_of_statement(const char *text)
{
	const char *end = strstr(text, ";\n");

	return end ? end + 2 : text + strlen(text);
}

static enum err put_trigger(struct ctx *ctx, const struct known_triggers *known,
			    const char *statement, size_t length, struct buf *out)
{
	const char *text = arena_strndup(ctx->arena, statement, length);
	const char *name = word_at(ctx->arena, text + strlen(BEGINNING));
	const char *on = strstr(text, " on "), *hash;
	uint8_t bytes[CRYPTO_HASH_BYTES];

	if (!on || !name[0])
		return fail_log(ctx, ERR_INTERNAL, "a trigger without name or table: %s", text);
	crypto_sha256(bytes, text, length);
	hash = crypto_hex(ctx->arena, bytes, sizeof bytes);
	if (is_known(known, name, hash))
		return OK;
	buf_printf(out, "%scomment on trigger %s on %s is '%s';\n", text, name,
		   word_at(ctx->arena, on + strlen(" on ")), hash);
	return OK;
}

enum err triggers_left(struct ctx *ctx, const char *sql, const char **out)
{
	struct known_triggers known;
	struct buf script;
	const char *line = sql;

	TRY(load_known(ctx, &known));
	buf_init(&script, ctx->arena, SCRIPT_MAX_BYTES);
	while (*line) {
		const char *end = strchr(line, '\n');

		end = end ? end + 1 : line + strlen(line);
		if (strncmp(line, BEGINNING, strlen(BEGINNING)) == 0) {
			end = end_of_statement(line);
			TRY(put_trigger(ctx, &known, line, (size_t)(end - line), &script));
		} else {
			buf_bytes(&script, line, (size_t)(end - line));
		}
		line = end;
	}
	if (script.is_overflown)
		return fail_log(ctx, ERR_INTERNAL, "the functions are too long");
	*out = script.data;
	return OK;
}
