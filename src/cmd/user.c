/*
 * entraide user: makes people, changes their roles, lists them. The first
 * administrator comes from here.
 */
#include "cmd/command.h"

#include <errno.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "cmd/options.h"
#include "forum/account.h"
#include "forum/second_factor.h"
#include "i18n/i18n.h"

static const char usage[] =
	"usage: entraide user create --email ADDRESS --name NAME [--role ROLE]\n"
	"                            [--password-file FILE | --password-stdin]\n"
	"                            [--language fr|en] [--title TITLE]\n"
	"       entraide user role ADDRESS ROLE\n"
	"       entraide user reset-second-factor ADDRESS\n"
	"       entraide user list\n\n"
	"ROLE is customer, advisor, moderator or administrator. Without a password on a\n"
	"terminal, create asks for one; an empty one, or no terminal, and it makes one up\n"
	"and prints it. A new role ends the person's sessions. reset-second-factor is for who\n"
	"lost telephone and recovery codes: be sure who asks.\n";

#define PASSWORD_BYTES_MAX 1024

static int fail_usage(const char *message)
{
	fprintf(stderr, "entraide user: %s\n\n%s", message, usage);
	return EXIT_FAILURE;
}

/* Passwords ------------------------------------------------------------------------ */

/* One line, without its end. */
static char *read_line(struct arena *arena, FILE *file)
{
	char line[PASSWORD_BYTES_MAX];

	if (!fgets(line, sizeof(line), file))
		return arena_strdup(arena, "");
	line[strcspn(line, "\r\n")] = '\0';
	return arena_strdup(arena, line);
}

static const char *ask(struct arena *arena, const char *question)
{
	struct termios shown, hidden;
	const char *answer;
	bool is_hidden = tcgetattr(STDIN_FILENO, &shown) == 0;

	fputs(question, stderr);
	if (is_hidden) {
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	answer = read_line(arena, stdin);
	if (is_hidden)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
	fputc('\n', stderr);
	return answer;
}

/* NULL: the two differ. "": none was given. */
static const char *ask_twice(struct arena *arena)
{
	const char *password = ask(arena, "Password (empty: make one up): ");

	if (password[0] && strcmp(password, ask(arena, "Once more: ")) != 0)
		return NULL;
	return password;
}

static const char *read_password_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "re");
	const char *password;

	if (!file) {
		fprintf(stderr, "entraide user: cannot read %s: %s\n", path, strerror(errno));
		return NULL;
	}
	password = read_line(arena, file);
	fclose(file);
	return password;
}

struct password {
	const char *text;
	bool is_made_up;
};

/* False: the reason was printed. */
static bool find_password(struct arena *arena, const struct options *options, struct password *out)
{
	const char *path = options_text(options, "password-file");

	*out = (struct password){ "", false };
	if (path)
		out->text = read_password_file(arena, path);
	else if (options_is_set(options, "password-stdin"))
		out->text = read_line(arena, stdin);
	else if (isatty(STDIN_FILENO))
		out->text = ask_twice(arena);
	if (!out->text) {
		if (!path)
			fprintf(stderr, "entraide user: the two passwords differ\n");
		return false;
	}
	if (!out->text[0]) {
		out->text = crypto_token(arena);
		out->is_made_up = true;
	}
	return true;
}

/* The verbs -------------------------------------------------------------------- */

static int create_person(struct command_session *session, const struct options *options,
			 enum role role)
{
	struct password password;
	int64_t id;
	enum err failure;

	if (!find_password(session->arena, options, &password)) {
		command_close(session);
		return EXIT_FAILURE;
	}
	failure = account_create(
		&session->ctx,
		&(struct account_create){
			.name = options_text(options, "name"),
			.email = options_text(options, "email"),
			.password = password.text,
			.role = role,
			.language = options_text_or(options, "language",
						    session->config.site.default_language),
			.title = options_text_or(options, "title", "") },
		&id);
	if (failure != OK)
		return command_failed(session, failure);
	printf("person %lld: %s <%s>, %s\n", (long long)id, options_text(options, "name"),
	       options_text(options, "email"), role_text(role));
	if (password.is_made_up)
		printf("password: %s\n", password.text);
	command_close(session);
	return EXIT_SUCCESS;
}

static int create(int argc, char **argv)
{
	static const char *const known[] = {
		"email=",         "name=",     "role=",  "password-file=",
		"password-stdin", "language=", "title=", NULL
	};
	struct command_session session;
	struct options options;
	enum role role = ROLE_CUSTOMER;

	if (!options_read(&options, known, argc, argv) || options.rest_count > 0)
		return fail_usage(options.message);
	if (!options_text(&options, "email") || !options_text(&options, "name"))
		return fail_usage("create needs --email and --name");
	if (!role_from_text(options_text_or(&options, "role", "customer"), &role) ||
	    role == ROLE_VISITOR)
		return fail_usage("there is no such role");
	if (!i18n_is_supported(options_text_or(&options, "language", "fr")))
		return fail_usage("there is no such language");
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	return create_person(&session, &options, role);
}

static int change_role(int argc, char **argv)
{
	struct command_session session;
	enum role role;
	enum err failure;

	if (argc != 2 || !role_from_text(argv[1], &role) || role == ROLE_VISITOR)
		return fail_usage("role needs an address and a role");
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	failure = account_set_role(&session.ctx, argv[0], role);
	if (failure != OK)
		return command_failed(&session, failure);
	printf("%s is now %s\n", argv[0], role_text(role));
	command_close(&session);
	return EXIT_SUCCESS;
}

static int reset_second_factor(const char *email)
{
	struct command_session session;
	enum err failure;

	if (!command_open(&session, false))
		return EXIT_FAILURE;
	failure = second_factor_reset(&session.ctx, email);
	if (failure != OK)
		return command_failed(&session, failure);
	printf("%s signs in with the password alone now\n", email);
	command_close(&session);
	return EXIT_SUCCESS;
}

static int list(void)
{
	struct command_session session;
	struct account_row *rows;
	size_t count;
	enum err failure;

	if (!command_open(&session, false))
		return EXIT_FAILURE;
	failure = account_list(&session.ctx, &rows, &count);
	if (failure != OK)
		return command_failed(&session, failure);
	for (size_t i = 0; i < count; i++)
		printf("%8lld  %-13s %-11s %.10s  %s <%s>\n", (long long)rows[i].id, rows[i].role,
		       rows[i].state, clock_rfc3339(session.arena, rows[i].created_at),
		       rows[i].name, rows[i].email);
	command_close(&session);
	return EXIT_SUCCESS;
}

int command_user(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (strcmp(verb, "create") == 0)
		return create(argc - 2, argv + 2);
	if (strcmp(verb, "role") == 0)
		return change_role(argc - 2, argv + 2);
	if (strcmp(verb, "reset-second-factor") == 0 && argc == 3)
		return reset_second_factor(argv[2]);
	if (strcmp(verb, "list") == 0 && argc == 2)
		return list();
	return fail_usage("what should be done?");
}
