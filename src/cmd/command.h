/*
 * What the subcommands share: their table's row, and the set-up that most of them
 * begin with (configuration, log, languages, database, a context that acts as the
 * system). Each command is a function in a file of its own.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/config.h"
#include "base/ctx.h"

struct command {
	const char *name;
	const char *summary;               /* one line, for `entraide --help` */
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

/* argv of main, whole: what a reload of `web` runs again. */
extern char **command_program_arguments;

int command_activity(int argc, char **argv);
int command_check(int argc, char **argv);
int command_config(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_export(int argc, char **argv);
int command_import(int argc, char **argv);
int command_import_articles(int argc, char **argv); /* argv[0] is "articles" */
int command_migrate(int argc, char **argv);
int command_mirror(int argc, char **argv);
int command_privacy(int argc, char **argv);
int command_search(int argc, char **argv);
int command_search_evaluate(int argc, char **argv); /* argv[0] is "evaluate" */
int command_sitemap(int argc, char **argv);
int command_topic(int argc, char **argv);
int command_user(int argc, char **argv);
int command_web(int argc, char **argv);
int command_worker(int argc, char **argv);

/* A command's surroundings; released by session_close at its end. */
struct command_session {
	struct arena *arena; /* what lives as long as the command */
	struct config config;
	struct ctx ctx;
};

/* Without a database: reads the configuration, says what is wrong with it. */
bool command_configure(struct command_session *session) MUST_CHECK;

/* And with it. is_unprepared: for migrate, before the schema exists. */
bool command_open(struct command_session *session, bool is_unprepared) MUST_CHECK;
/* Once more does nothing. */
void command_close(struct command_session *session);

/* Prints what ctx->error holds to standard error and closes; returns EXIT_FAILURE. */
int command_failed(struct command_session *session, enum err code);

/* True, and the usage is printed, when the first argument is --help or -h. */
bool command_wants_help(int argc, char **argv, const char *usage);

/*
 * For commands without arguments, or with this single option (may be NULL). False,
 * and the usage is printed as an error, when there is anything else.
 */
bool command_takes_only(int argc, char **argv, const char *option, const char *usage) MUST_CHECK;

#endif
