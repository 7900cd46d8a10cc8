/*
 * entraide privacy: the pair of keys for what the law keeps of erased accounts, and
 * opening it when an authority asks. The secret half belongs off the site.
 */
#include "cmd/command.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "forum/privacy.h"

static const char usage[] =
	"usage: entraide privacy keys           a new pair of keys\n"
	"       entraide privacy open < SECRET  prints what stands sealed\n\n"
	"The public half goes into privacy.seal_key. Keep the secret half where the site\n"
	"cannot read it; open reads it from its input and needs the owner's role in the\n"
	"database, for the application's own may not read the table.\n";

static int make_keys(void)
{
	struct arena *arena = arena_new((size_t)1 << 20);
	const char *public_key, *secret_key;

	if (!crypto_init())
		return EXIT_FAILURE;
	crypto_box_new_keys(arena, &public_key, &secret_key);
	printf("public: %s\nsecret: %s\n", public_key, secret_key);
	arena_free(arena);
	return EXIT_SUCCESS;
}

static void print_record(struct command_session *session, const struct sealed_record *record,
			 const char *secret_key)
{
	size_t length = 0;
	const uint8_t *text = crypto_box_open_with(session->arena, session->config.privacy.seal_key,
						   secret_key, record->sealed, record->length,
						   &length);

	printf("%lld %s until %s: ", (long long)record->id, record->class,
	       clock_rfc3339(session->arena, record->keep_until));
	if (text)
		printf("%.*s\n", (int)length, (const char *)text);
	else
		printf("(sealed to another key)\n");
}

static int open_records(void)
{
	struct command_session session;
	struct sealed_record *records;
	char secret_key[128] = "";
	size_t count;
	enum err failure;

	if (!fgets(secret_key, sizeof(secret_key), stdin))
		return EXIT_FAILURE;
	secret_key[strcspn(secret_key, "\r\n")] = '\0';
	if (!command_open(&session, false))
		return EXIT_FAILURE;
	failure = privacy_sealed_list(&session.ctx, &records, &count);
	if (failure != OK)
		return command_failed(&session, failure);
	for (size_t i = 0; i < count; i++)
		print_record(&session, &records[i], secret_key);
	command_close(&session);
	return EXIT_SUCCESS;
}

int command_privacy(int argc, char **argv)
{
	const char *verb = argc == 2 ? argv[1] : "";

	if (command_wants_help(argc, argv, usage))
		return EXIT_SUCCESS;
	if (strcmp(verb, "keys") == 0)
		return make_keys();
	if (strcmp(verb, "open") == 0)
		return open_records();
	fputs(usage, stderr);
	return EXIT_FAILURE;
}
