/*
 * entraide mirror replay: notices of a folder, in their order, into a scratch schema;
 * prints what the forum would show in the end. Nothing is read from the network: what
 * the notices carried is all there is.
 */
#include "cmd/mirror.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cmd/options.h"
#include "db/db.h"
#include "db/migrate.h"
#include "forum/category.h"
#include "jobs/mirror.h"

#include <jansson.h>

#define FILE_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define FILES_MAX      10000

static const char usage[] =
	"usage: entraide mirror replay DIRECTORY [OPTIONS]\n\n"
	"Works in webhook bodies as if they came now, in a schema of its own that is taken\n"
	"away afterwards, and prints as JSON what would be shown (docs/mirroring-inside.md).\n"
	"The order and the signatures are read from DIRECTORY/_order.json; without it all\n"
	"*.json files in the order of their names, with the signature in NAME.signature.\n"
	"  --secret SECRET      the app's secret that signed them (default: app_secret of\n"
	"                       _order.json, else the configuration's)\n"
	"  --page ID            the Page (default: page_id of _order.json)\n"
	"  --database CONNINFO  where the scratch schema is made, by a role that may (default:\n"
	"                       configuration)\n"
	"  --unsigned           takes bodies without a signature too\n";

struct file {
	const char *name, *signature;
};

struct replay {
	struct ctx *ctx;
	const char *directory, *secret, *page;
	bool takes_unsigned;
	struct file *files;
	size_t count;
	int64_t accepted, refused, missing;
};

/* Files ----------------------------------------------------------------------------- */

static const char *read_file(struct ctx *ctx, const char *directory, const char *name,
			     size_t *length)
{
	const char *path = arena_printf(ctx->arena, "%s/%s", directory, name);
	FILE *file = fopen(path, "rbe");
	struct buf bytes;
	char piece[16384];
	size_t got;

	if (!file)
		return NULL;
	buf_init(&bytes, ctx->arena, FILE_MAX_BYTES);
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_bytes(&bytes, piece, got);
	(void)fclose(file);
	*length = bytes.length;
	return bytes.is_overflown ? NULL : bytes.data;
}

static const char *text_of(const json_t *object, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_object_get(object, names[i]));

		if (text)
			return text;
	}
	return NULL;
}

/* "sha256=…" stands beside the file's name, or among its headers. */
static const char *signature_of(const json_t *entry)
{
	static const char *const names[] = { "signature", "X-Hub-Signature-256",
					     "x-hub-signature-256", "HTTP_X_HUB_SIGNATURE_256" };
	const json_t *headers = json_object_get(entry, "headers");
	const char *direct = text_of(entry, names, ARRAY_COUNT(names));
	const char *header = text_of(headers, names, ARRAY_COUNT(names));

	return direct ? direct : header ? header : "";
}

static void add_entry(struct replay *replay, const json_t *entry)
{
	static const char *const names[] = { "file", "name", "path", "body_file" };
	const char *name = json_is_string(entry) ? json_string_value(entry)
						 : text_of(entry, names, ARRAY_COUNT(names));
	struct arena *arena = replay->ctx->arena;

	/* A name leads into the folder, and nowhere else. */
	if (!name || strstr(name, "..") || name[0] == '/' || replay->count == FILES_MAX)
		return;
	replay->files[replay->count++] = (struct file){
		.name = arena_strdup(arena, name),
		.signature = arena_strdup(arena, signature_of(entry)),
	};
}

static const json_t *order_list(const json_t *root)
{
	static const char *const names[] = { "deliver_in_this_order", "deliveries", "order",
					     "files" };

	if (json_is_array(root))
		return root;
	for (size_t i = 0; i < ARRAY_COUNT(names); i++)
		if (json_is_array(json_object_get(root, names[i])))
			return json_object_get(root, names[i]);
	return NULL;
}

static void release_json(void *root)
{
	json_decref(root);
}

static bool read_order(struct replay *replay)
{
	size_t length, i;
	const char *text = read_file(replay->ctx, replay->directory, "_order.json", &length);
	json_t *root = text ? json_loadb(text, length, 0, NULL) : NULL, *entry;
	static const char *const secrets[] = { "app_secret", "secret" };
	static const char *const pages[] = { "page_id", "page", "account" };

	if (!root)
		return false;
	arena_defer(replay->ctx->arena, release_json, root);
	if (!replay->secret)
		replay->secret = text_of(root, secrets, ARRAY_COUNT(secrets));
	if (!replay->page)
		replay->page = text_of(root, pages, ARRAY_COUNT(pages));
	json_array_foreach(order_list(root), i, entry) add_entry(replay, entry);
	return true;
}

static int is_body(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_name[0] != '_' && entry->d_name[0] != '.' && length > 5 &&
	       strcmp(entry->d_name + length - 5, ".json") == 0;
}

static const char *signature_file(struct replay *replay, const char *name)
{
	size_t length;
	const char *path = arena_printf(replay->ctx->arena, "%s.signature", name);
	const char *text = read_file(replay->ctx, replay->directory, path, &length);

	return text ? arena_strndup(replay->ctx->arena, text, strcspn(text, " \r\n")) : "";
}

static bool list_files(struct replay *replay)
{
	struct dirent **found;
	int count = scandir(replay->directory, &found, is_body, alphasort);

	for (int i = 0; i < count; i++) {
		if (replay->count < FILES_MAX)
			replay->files[replay->count++] = (struct file){
				.name = arena_strdup(replay->ctx->arena, found[i]->d_name),
				.signature = signature_file(replay, found[i]->d_name),
			};
		free(found[i]);
	}
	if (count >= 0)
		free(found);
	return count >= 0;
}

/* Playing ---------------------------------------------------------------------------- */

static enum err receive(struct replay *replay, const struct connector *connector,
			const struct file *file)
{
	struct ctx *ctx = replay->ctx;
	struct push_request request = { .query = "", .signature = file->signature };
	const char *answer;

	request.body = read_file(ctx, replay->directory, file->name, &request.length);
	if (!request.body) {
		fprintf(stderr, "entraide mirror replay: %s is not there\n", file->name);
		replay->missing++;
		return OK;
	}
	if (connector->push_verify(ctx, &request, &answer) != PUSH_ACCEPTED &&
	    !(replay->takes_unsigned && !file->signature[0])) {
		replay->refused++;
		return OK;
	}
	replay->accepted++;
	TRY(mirror_receive(ctx, connector->name, request.body, request.length));
	return mirror_do_deliveries(ctx);
}

/* Paused: nothing is called, and what notices carry is taken as it is. */
static enum err make_source(struct replay *replay, struct mirror *mirror)
{
	struct ctx *ctx = replay->ctx;
	struct mirror_new form = {
		.connector = "facebook", .account = replay->page, .name = "Replay", .language = "en"
	};
	int64_t id;

	TRY(category_put(ctx,
			 &(struct category_new){
				 .slug = "replay", .name_fr = "Replay", .name_en = "Replay" },
			 &form.category_id));
	TRY(mirror_create(ctx, &form, &id));
	TRY(mirror_load(ctx, id, mirror));
	mirror->show_authors = AUTHORS_NAME;
	TRY(mirror_configure(ctx, mirror));
	TRY(mirror_set_state(ctx, id, MIRROR_PAUSED, "replay"));
	return mirror_load(ctx, id, mirror);
}

static enum err play(struct replay *replay)
{
	const struct connector *connector = connector_find("facebook");
	struct mirror mirror;
	const char *json;

	TRY(make_source(replay, &mirror));
	for (size_t i = 0; i < replay->count; i++)
		TRY(receive(replay, connector, &replay->files[i]));
	TRY(mirror_dump(replay->ctx, &mirror, &json));
	printf("{\"accepted\":%lld,\"refused\":%lld,\"missing\":%lld,\n\"state\":%s}\n",
	       (long long)replay->accepted, (long long)replay->refused, (long long)replay->missing,
	       json);
	return OK;
}

/* The scratch schema --------------------------------------------------------------------- */

static bool open_db(struct command_session *session, bool is_unprepared)
{
	struct db_options options = { .conninfo = session->config.database.conninfo,
				      .is_unprepared = is_unprepared };
	const char *message = "";

	if (db_open(&session->ctx.db, &options, &message) && db_is_connected(session->ctx.db))
		return true;
	fprintf(stderr, "entraide mirror replay: the database: %s\n", message);
	return false;
}

static void close_db(struct command_session *session)
{
	db_close(session->ctx.db);
	session->ctx.db = NULL;
}

static enum err migrate(struct command_session *session, const char *schema)
{
	struct migrate_result result;

	TRY(mirror_scratch_make(&session->ctx, schema));
	return migrate_run(&session->ctx, session->config.paths.migrations_dir, &result);
}

/* Both forms of a connection string; what stands last counts. */
static const char *with_schema(struct arena *arena, const char *conninfo, const char *schema)
{
	if (strncmp(conninfo, "postgres", 8) == 0 && strstr(conninfo, "://"))
		return arena_printf(arena, "%s%coptions=-c%%20search_path%%3D%s", conninfo,
				    strchr(conninfo, '?') ? '&' : '?', schema);
	return arena_printf(arena, "%s options='-c search_path=%s'", conninfo, schema);
}

static enum err run_in_schema(struct command_session *session, struct replay *replay,
			      const char *schema)
{
	enum err result;

	session->config.database.conninfo = with_schema(session->arena,
							session->config.database.conninfo, schema);
	if (!open_db(session, true))
		return ERR_UNAVAILABLE;
	result = migrate(session, schema);
	close_db(session);
	if (result != OK || !open_db(session, false))
		return result != OK ? result : ERR_UNAVAILABLE;
	result = play(replay);
	db_rollback(&session->ctx);
	if (mirror_scratch_drop(&session->ctx, schema) != OK)
		fprintf(stderr, "entraide mirror replay: the schema %s could not be removed\n",
			schema);
	return result;
}

static bool prepare(struct command_session *session, struct options *options, struct replay *replay)
{
	*replay = (struct replay){
		.ctx = &session->ctx,
		.directory = options->rest[0],
		.secret = options_text(options, "secret"),
		.page = options_text(options, "page"),
		.takes_unsigned = options_is_set(options, "unsigned"),
		.files = arena_array_of(session->arena, FILES_MAX, struct file),
	};
	if (!read_order(replay) && !list_files(replay)) {
		fprintf(stderr, "entraide mirror replay: cannot read %s\n", replay->directory);
		return false;
	}
	if (!replay->page) {
		fputs("entraide mirror replay: which Page? Give --page\n", stderr);
		return false;
	}
	if (replay->secret)
		session->config.facebook.app_secret = replay->secret;
	session->config.database.conninfo = options_text_or(options, "database",
							    session->config.database.conninfo);
	return true;
}

int mirror_command_replay(int argc, char **argv)
{
	static const char *const known[] = { "secret=", "page=", "database=", "unsigned", NULL };
	struct command_session session;
	struct options options;
	struct replay replay;
	enum err result;

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (!options_read(&options, known, argc - 1, argv + 1) || options.rest_count != 1) {
		fputs(usage, stderr);
		return EXIT_FAILURE;
	}
	if (!command_configure(&session))
		return EXIT_FAILURE;
	if (!prepare(&session, &options, &replay)) {
		command_close(&session);
		return EXIT_FAILURE;
	}
	result = run_in_schema(&session, &replay,
			       arena_printf(session.arena, "mirror_replay_%ld", (long)getpid()));
	if (result != OK)
		return command_failed(&session, result);
	command_close(&session);
	return EXIT_SUCCESS;
}
