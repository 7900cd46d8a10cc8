/* The configuration: precedence, secrets, and a sentence for every mistake. */
#include "unit.h"

#include "base/buf.h"
#include "base/config.h"
#include "base/slice.h"

#define KEY   "0123456789abcdef0123456789abcdef"
#define LEAST "[site]\nbase_url = https://forum.example\n[secret]\nkey = " KEY "\n"

static char path[] = "/tmp/entraide-config-XXXXXX";
static char source_dir[4096];
static char secret_path[] = "/tmp/entraide-secret-XXXXXX";

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int make_files(void **state)
{
	int config = mkstemp(path), secret = mkstemp(secret_path);

	(void)state;
	snprintf(source_dir, sizeof(source_dir), "%s", getenv("ENTRAIDE_SOURCE_DIR"));
	/* What the person running the tests has set must not take part. */
	clearenv();
	close(config);
	close(secret);
	return config < 0 || secret < 0;
}

static int remove_files(void **state)
{
	(void)state;
	unlink(path);
	unlink(secret_path);
	return 0;
}

static struct config load(struct arena *arena, const char *text)
{
	struct config config;
	const char *message;

	write_file(path, text);
	if (!config_load(&config, arena, path, &message))
		fail_msg("refused: %s", message);
	return config;
}

static void assert_refused(struct arena *arena, const char *text, const char *line,
			   const char *expected)
{
	struct config config;
	const char *message;
	const char *origin = arena_printf(arena, "%s%s: ", path, line);

	write_file(path, text);
	assert_false(config_load(&config, arena, path, &message));
	if (strncmp(message, origin, strlen(origin)) != 0 || !strstr(message, expected))
		fail_msg("expected \"%s…%s\", got: %s", origin, expected, message);
}

static void test_what_is_not_set_has_its_default(void **state)
{
	struct config config = load(*state, LEAST);

	assert_string_equal(config.site.name, "Entraide");
	assert_string_equal(config.site.base_url, "https://forum.example");
	assert_string_equal(config.site.default_language, "fr");
	assert_string_equal(config.site.timezone, "Europe/Paris");
	assert_int_equal(config.site.session_days, 30);
	assert_int_equal(config.web.pages_workers, 4);
	assert_string_equal(config.mail.password, "");
	assert_string_equal(config.secret.key, KEY);
	assert_string_equal(config.log.level, "info");
}

static void test_the_file_goes_before_the_default(void **state)
{
	struct config config = load(*state,
				    LEAST "[site]\nname = L'Été ; a comment\ndefault_language=en\n"
					  "# a comment\n[database]\nconninfo = host=/run dbname=x\n"
					  "statement_timeout_ms = 600000\n");

	assert_string_equal(config.site.name, "L'Été");
	assert_string_equal(config.site.default_language, "en");
	assert_string_equal(config.database.conninfo, "host=/run dbname=x");
	assert_int_equal(config.database.statement_timeout_ms, 600000);
}

static void test_the_environment_goes_before_the_file(void **state)
{
	struct config config;

	setenv("ENTRAIDE_SITE_NAME", "From outside", 1);
	setenv("ENTRAIDE_WEB_PAGES_WORKERS", "7", 1);
	config = load(*state, LEAST "[site]\nname = From the file\n");
	unsetenv("ENTRAIDE_SITE_NAME");
	unsetenv("ENTRAIDE_WEB_PAGES_WORKERS");
	assert_string_equal(config.site.name, "From outside");
	assert_int_equal(config.web.pages_workers, 7);
}

static void test_a_secret_may_come_from_a_file(void **state)
{
	struct config config;

	write_file(secret_path, "fedcba9876543210 ; fedcba9876543210\n");
	config = load(*state, arena_printf(*state,
					   "[site]\nbase_url = https://forum.example\n"
					   "[secret]\nkey_file = %s\n",
					   secret_path));
	assert_string_equal(config.secret.key, "fedcba9876543210 ; fedcba9876543210");

	setenv("ENTRAIDE_SECRET_KEY_FILE", secret_path, 1);
	config = load(*state, LEAST);
	unsetenv("ENTRAIDE_SECRET_KEY_FILE");
	assert_string_equal(config.secret.key, "fedcba9876543210 ; fedcba9876543210");
}

static void test_a_secrets_file_that_holds_none_is_refused(void **state)
{
	const char *text = arena_printf(*state,
					"[site]\nbase_url = https://forum.example\n"
					"[secret]\nkey_file = %s\n",
					secret_path);
	FILE *file;

	assert_refused(*state, "[secret]\nkey_file = /nowhere/key\n", ":2",
		       "cannot read /nowhere/key: No such file");
	file = fopen(secret_path, "w");
	assert_non_null(file);
	fwrite("0123456789abcdef\0 0123456789abcdef", 1, 34, file);
	fclose(file);
	assert_refused(*state, text, ":4", "does not hold a secret of one line");
	write_file(secret_path, arena_printf(*state, "%05000d", 1));
	assert_refused(*state, text, ":4", "does not hold a secret of one line");
	write_file(secret_path, "0123456789abcdef\n0123456789abcdef");
	assert_refused(*state, text, ":4", "one line of UTF-8");
	write_file(secret_path, "");
	assert_refused(*state, text, ":4", "32 to 1024 characters; it has 0");
}

static void test_everything_may_come_from_the_environment(void **state)
{
	struct config config;
	const char *message;

	/* No file at all, given that the compiled-in one does not exist. */
	if (access(ENTRAIDE_CONFIG_FILE, F_OK) != 0) {
		setenv("ENTRAIDE_SITE_BASE_URL", "https://outside.example", 1);
		setenv("ENTRAIDE_SECRET_KEY", KEY, 1);
		assert_true(config_load(&config, *state, NULL, &message));
		assert_string_equal(config.site.base_url, "https://outside.example");
		unsetenv("ENTRAIDE_SITE_BASE_URL");
		unsetenv("ENTRAIDE_SECRET_KEY");
	}
	write_file(path, LEAST);
	setenv("ENTRAIDE_CONFIG", path, 1);
	assert_true(config_load(&config, *state, NULL, &message));
	assert_string_equal(config.site.base_url, "https://forum.example");
	setenv("ENTRAIDE_SITE_SESSION_DAYS", "often", 1);
	assert_false(config_load(&config, *state, NULL, &message));
	assert_string_equal(message, "ENTRAIDE_SITE_SESSION_DAYS: site.session_days must be "
				     "a whole number from 1 to 365, not \"often\".");
	unsetenv("ENTRAIDE_SITE_SESSION_DAYS");
	unsetenv("ENTRAIDE_CONFIG");
}

static void test_a_long_value_goes_on_in_the_next_line(void **state)
{
	struct config config = load(
		*state,
		LEAST "[database]\nconninfo = host=db1,db2\n\tport=5432,5433\n  dbname=x\n");

	assert_string_equal(config.database.conninfo, "host=db1,db2 port=5432,5433 dbname=x");
}

static void test_a_line_too_long_is_refused_not_cut(void **state)
{
	char *text = arena_printf(*state, LEAST "[database]\nconninfo = dbname=%0300d\n", 1);

	assert_refused(*state, text, ":6", "longer than");
}

static void test_every_mistake_is_named_with_its_line(void **state)
{
	assert_refused(*state, LEAST "[site]\nnmae = x\n", ":6", "no key site.nmae");
	assert_refused(*state, LEAST "[stie]\nname = x\n", ":6", "no key stie.name");
	assert_refused(*state, LEAST "[site]\nname_file = x\n", ":6", "no key site.name_file");
	assert_refused(*state, LEAST "[site]\nname = a\nname = b\n", ":7", "a second time");
	assert_refused(*state, LEAST "[site]\njust words\n", ":6", "neither");
	assert_refused(*state, LEAST "[site]\ndefault_language = de\n", ":6",
		       "one of: fr en; not \"de\"");
	assert_refused(*state, LEAST "[site]\nsession_days = 0\n", ":6", "from 1 to 365");
	assert_refused(*state, LEAST "[site]\nsession_days = 366\n", ":6", "from 1 to 365");
	assert_refused(*state, LEAST "[site]\nsession_days = ten\n", ":6", "not \"ten\"");
	assert_refused(*state, LEAST "[site]\nname =\n", ":6", "1 to 60 characters");
	assert_refused(*state, LEAST "[site]\nname = a\x01z\n", ":6", "one line of UTF-8");
	assert_refused(*state, LEAST "[site]\nname = \xFF\n", ":6", "one line of UTF-8");
}

static void test_what_has_no_default_must_be_set(void **state)
{
	assert_refused(*state, "[secret]\nkey = " KEY "\n", "", "site.base_url is not set");
	assert_refused(*state, "[site]\nbase_url = http://x.example\n", "",
		       "secret.key is not set");
}

static void test_the_site_address_is_checked(void **state)
{
	static const char *const bad[] = {
		"ftp://x.example",
		"https://x.example/",
		"x.example/forum",
		"https://a b.example",
	};

	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		assert_refused(*state,
			       arena_printf(*state,
					    "[secret]\nkey = " KEY "\n[site]\nbase_url = %s\n",
					    bad[i]),
			       ":4", "https:// or http://");
}

static void test_a_message_never_repeats_a_secret(void **state)
{
	struct config config;
	const char *message;

	write_file(path, "[site]\nbase_url = https://x.example\n[secret]\nkey = hunter2\n");
	assert_false(config_load(&config, *state, path, &message));
	assert_null(strstr(message, "hunter2"));
	assert_non_null(strstr(message, "secret.key must have 32 to 1024 characters"));
}

static void test_a_misspelt_variable_is_refused(void **state)
{
	struct config config;
	const char *message;

	write_file(path, LEAST);
	setenv("ENTRAIDE_WEB_PAGE_WORKERS", "7", 1);
	assert_false(config_load(&config, *state, path, &message));
	assert_non_null(strstr(message, "no key for ENTRAIDE_WEB_PAGE_WORKERS;"));
	unsetenv("ENTRAIDE_WEB_PAGE_WORKERS");
	/* Other tools' variables are none of our business. */
	setenv("ENTRAIDE_SHARED", "/somewhere", 1);
	assert_true(config_load(&config, *state, path, &message));
	unsetenv("ENTRAIDE_SHARED");
}

static void test_a_missing_file_is_named(void **state)
{
	struct config config;
	const char *message;

	assert_false(config_load(&config, *state, "/nowhere/entraide.conf", &message));
	assert_string_equal(message, "/nowhere/entraide.conf: cannot be read: "
				     "No such file or directory.");
}

static void print_all(void *unused)
{
	(void)unused;
	config_print();
}

/* What is printed is itself a configuration, once its must-haves are set. */
static void test_the_printed_list_is_a_valid_file(void **state)
{
	static struct unit_outcome outcome;
	struct config config;

	unit_watch(print_all, NULL, &outcome);
	unit_assert_printed(&outcome, "\n[site]\n");
	unit_assert_printed(&outcome, "\n# name = Entraide\n");
	unit_assert_printed(&outcome, "\n# One of: fr en.\n");
	config = load(*state, arena_printf(*state, "%s" LEAST, outcome.text));
	assert_string_equal(config.site.name, "Entraide");
}

/* The table of docs/operations.md as the printed list would have it. */
static void write_table(struct buf *table, const char *printed)
{
	struct slice rest = slice_of(printed);
	bool is_first = true;

	buf_text(table, "| section | keys |\n|---|---|\n");
	while (rest.data) {
		struct slice line = slice_cut(&rest, '\n');
		struct slice name = line;

		if (slice_starts_with(line, "[")) {
			buf_printf(table, "%s| `%.*s` | ", is_first ? "" : " |\n",
				   (int)line.length - 2, line.data + 1);
			is_first = true;
		} else if (slice_starts_with(line, "# ") &&
			   memmem(line.data, line.length, " = ", 3)) {
			name = slice_trim(slice_cut(&name, '='));
			buf_printf(table, "%s`%.*s`", is_first ? "" : ", ", (int)name.length - 2,
				   name.data + 2);
			is_first = false;
		}
	}
	buf_text(table, " |\n\n");
}

static void test_the_operators_manual_lists_every_key(void **state)
{
	static struct unit_outcome outcome;
	static char manual[65536];
	struct buf table;
	FILE *file;

	file = fopen(arena_printf(*state, "%s/docs/operations.md", source_dir), "r");
	assert_non_null(file);
	manual[fread(manual, 1, sizeof(manual) - 1, file)] = '\0';
	fclose(file);
	unit_watch(print_all, NULL, &outcome);
	buf_init(&table, *state, 65536);
	write_table(&table, outcome.text);
	if (!strstr(manual, table.data))
		fail_msg("docs/operations.md should have:\n%s", table.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_not_set_has_its_default),
		TEST(test_the_file_goes_before_the_default),
		TEST(test_the_environment_goes_before_the_file),
		TEST(test_a_secret_may_come_from_a_file),
		TEST(test_a_secrets_file_that_holds_none_is_refused),
		TEST(test_everything_may_come_from_the_environment),
		TEST(test_a_long_value_goes_on_in_the_next_line),
		TEST(test_a_line_too_long_is_refused_not_cut),
		TEST(test_every_mistake_is_named_with_its_line),
		TEST(test_what_has_no_default_must_be_set),
		TEST(test_the_site_address_is_checked),
		TEST(test_a_message_never_repeats_a_secret),
		TEST(test_a_misspelt_variable_is_refused),
		TEST(test_a_missing_file_is_named),
		TEST(test_the_printed_list_is_a_valid_file),
		TEST(test_the_operators_manual_lists_every_key),
	};
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
