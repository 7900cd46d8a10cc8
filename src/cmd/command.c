/*
 * What the subcommands share.
 */
#include "cmd/command.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"

#define COMMAND_MEMORY_MAX_BYTES ((size_t)1024 * 1024 * 1024)

static bool complain(const char *message)
{
	fprintf(stderr, "entraide: %s\n", message);
	return false;
}

bool command_configure(struct command_session *session)
{
	const char *message = "";
	enum log_level level;

	*session = (struct command_session){ .arena = arena_new(COMMAND_MEMORY_MAX_BYTES) };
	if (!crypto_init())
		return complain("libsodium could not be initialised");
	if (!config_load(&session->config, session->arena, NULL, &message))
		return complain(message);
	if (log_level_from_text(session->config.log.level, &level))
		log_set_level(level);
	if (!i18n_init(session->config.paths.locale_dir, session->config.site.timezone, &message))
		return complain(message);
	session->ctx = (struct ctx){
		.arena = session->arena,
		.config = &session->config,
		.actor = &actor_system,
		.language = session->config.site.default_language,
		.request_id = "command",
		.now = clock_now(),
	};
	i18n_use("en");
	return true;
}

bool command_open(struct command_session *session, bool is_unprepared)
{
	struct db_options options = { .is_unprepared = is_unprepared };
	const char *message = "";

	if (!command_configure(session))
		return false;
	options.conninfo = session->config.database.conninfo;
	/* Commands work on the whole forum: their statements may take their time. */
	options.statement_timeout_ms = 0;
	if (!db_open(&session->ctx.db, &options, &message))
		return complain(message);
	if (!db_is_connected(session->ctx.db))
		return complain(
			"the database does not answer; is it running, and is database.conninfo right?");
	if (!is_unprepared && site_settings_refresh(&session->ctx) != OK)
		return complain("the settings cannot be read from the database");
	return true;
}

void command_close(struct command_session *session)
{
	struct db *db = session->ctx.db;

	if (!session->arena)
		return;
	/* The arena first: its end gives back what it holds of the connection. */
	arena_free(session->arena);
	session->arena = NULL;
	if (db)
		db_close(db);
}

int command_failed(struct command_session *session, enum err code)
{
	const struct error *error = &session->ctx.error;

	fprintf(stderr, "entraide: %s", error->message ? error->message : err_name(code));
	if (error->details)
		fprintf(stderr, " (%s)", error->details);
	if (error->constraint)
		fprintf(stderr, " [%s]", error->constraint);
	fputc('\n', stderr);
	command_close(session);
	return EXIT_FAILURE;
}

bool command_wants_help(int argc, char **argv, const char *usage)
{
	if (argc < 2 || (strcmp(argv[1], "--help") != 0 && strcmp(argv[1], "-h") != 0))
		return false;
	fputs(usage, stdout);
	return true;
}

bool command_takes_only(int argc, char **argv, const char *option, const char *usage)
{
	if (argc < 2 || (argc == 2 && option && strcmp(argv[1], option) == 0))
		return true;
	fputs(usage, stderr);
	return false;
}
