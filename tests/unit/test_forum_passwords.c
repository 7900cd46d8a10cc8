/*
 * Which passwords are refused. The list of the three thousand most common ones is
 * read from where it lies beside the checkout; it is not part of the project.
 */
#include "unit.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "forum/account_parts.h"
#include "forum/actor.h"
#include "forum/password_strength.h"

static const char *list_path(struct arena *arena)
{
	const char *shared = getenv("ENTRAIDE_SHARED"), *source = getenv("ENTRAIDE_SOURCE_DIR");

	if (!shared)
		shared = arena_printf(arena, "%s/../shared", source ? source : ".");
	return arena_printf(arena, "%s/data/security/passwords/top_8plus_3000.txt", shared);
}

static void test_every_common_password_is_refused(void **state)
{
	const char *path = list_path(*state);
	FILE *file = fopen(path, "r");
	char line[256];
	int seen = 0, accepted = 0;

	if (!file) {
		printf("skipped: the list of common passwords is not at %s\n", path);
		skip();
	}
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!line[0])
			continue;
		seen++;
		if (!password_problem(line)) {
			print_error("accepted: %s (%d half bits)\n", line,
				    password_half_bits(line, NULL, 0));
			accepted++;
		}
	}
	fclose(file);
	assert_true(seen >= 3000);
	assert_int_equal(accepted, 0);
}

static void test_what_is_common_in_france_is_refused_too(void **state)
{
	static const char *const bad[] = {
		"motdepasse",
		"MotDePasse1!",
		"azertyuiop",
		"Azerty123!",
		"qsdfghjklm",
		"wxcvbn123",
		"12345678",
		"01020304",
		"14071789",
		"00000000",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"jetaime123",
		"soleil2024",
		"Marseille13",
		"Toulouse31",
		"loulou123",
		"1234azer",
		"azerqsdf",
		"abcabcabc",
		"p4ssw0rd",
		"P@ssw0rd123",
		"nopqrstu9876",
		"20102011",
		"anniversaire",
		"bonjour1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		if (!password_problem(bad[i]))
			fail_msg("accepted: %s (%d half bits)", bad[i],
				 password_half_bits(bad[i], NULL, 0));
}

static void test_phrases_and_random_passwords_pass(void **state)
{
	static const char *const good[] = {
		"correct horse battery staple",
		"correcthorsebatterystaple",
		"trois petits chats",
		"le chat dort sur le toit",
		"brouette violette",
		"une tasse de thé",
		"riviere-lampe-cactus",
		"la box rouge",
		"chien-vert-42",
		"entraide-demo-2026",
		"Jai2chatsroux!",
		"anticonstitutionnellement",
		"GgwNxDXj",
		"k7Tq-mm2p",
		"v9#Lw!eR2p",
		"j aime le café",
		"пароль из четырёх слов",
		"密码是一句很长的话",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(good); i++)
		if (password_problem(good[i]))
			fail_msg("refused: %s (%d half bits)", good[i],
				 password_half_bits(good[i], NULL, 0));
}

static void test_length_is_counted_in_characters(void **state)
{
	char text[4 * PASSWORD_MAX + 8] = "";

	(void)state;
	assert_non_null(password_problem(""));
	assert_non_null(password_problem("k7Tq-mm"));
	assert_non_null(password_problem("éàü日本語"));
	for (size_t i = 0; i < PASSWORD_MAX; i++)
		text[i] = (char)('a' + (i * i * 7 + i / 3) % 26);
	assert_null(password_problem(text));
	text[PASSWORD_MAX] = 'x';
	assert_non_null(password_problem(text));
	memset(text, 'x', sizeof(text) - 1);
	assert_non_null(password_problem(text));
}

/* "Tramelune2024" is fine on another site; on that brand's it is the first try. */
static void test_own_name_address_and_brand_are_refused(void **state)
{
	struct config config = { .site = { .name = "La Veillée" } };
	struct ctx ctx = {
		.arena = *state, .config = &config, .actor = &actor_visitor, .language = "en"
	};
	const char *name = "Hortense Quillfeather", *email = "hquillfeather.9@example.org";

	assert_int_equal(account_check_password(&ctx, "password", "quillfeather2024", name, email),
			 ERR_INVALID);
	assert_string_equal(ctx.error.field, "password");
	assert_int_equal(
		account_check_password(&ctx, "password", "HortenseQuillfeather", name, email),
		ERR_INVALID);
	assert_int_equal(account_check_password(&ctx, "password", "hquillfeather9", name, email),
			 ERR_INVALID);
	assert_int_equal(account_check_password(&ctx, "password", "LaVeillee123", name, email),
			 ERR_INVALID);
	assert_int_equal(account_check_password(&ctx, "password", "quillfeather2024", "Zoé",
						"z@example.org"),
			 OK);
}

/* What this process used; what else runs on the machine does not count. */
static int64_t processor_time(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return used.tv_sec * CLOCK_SECOND + used.tv_nsec / 1000;
}

static void test_unknown_accounts_cost_the_same_hash(void **state)
{
	const char *hash;
	int64_t began, took, known, unknown;

	assert_true(crypto_init());
	hash = crypto_password_hash(*state, "trois petits chats");
	assert_true(account_password_matches(hash, "trois petits chats"));
	assert_false(account_password_matches(hash, "trois petits chiens"));
	assert_false(account_password_matches("", ""));
	assert_false(account_password_matches("", "trois petits chats"));
	known = unknown = INT64_MAX;
	/* The least of some. */
	for (int i = 0; i < 7; i++) {
		began = processor_time();
		assert_false(account_password_matches(hash, "x"));
		took = processor_time() - began;
		known = took < known ? took : known;
		began = processor_time();
		assert_false(account_password_matches("", "x"));
		took = processor_time() - began;
		unknown = took < unknown ? took : unknown;
	}
	if (unknown < known * 8 / 10 || unknown > known * 12 / 10)
		fail_msg("known %lld us, unknown %lld us", (long long)known, (long long)unknown);
}

/* A form field is as long as a body may be. */
static void test_judging_is_quick_for_any_text(void **state)
{
	static char text[65536];
	int64_t began = processor_time();

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	assert_non_null(password_problem(text));
	for (size_t i = 0; i < 127; i++)
		text[i] = "azertyuiopqsdfghjklmwxcvbn0123456789"[i * 13 % 36];
	text[127] = '\0';
	assert_null(password_problem(text));
	assert_true(processor_time() - began < CLOCK_SECOND / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_common_password_is_refused),
		TEST(test_what_is_common_in_france_is_refused_too),
		TEST(test_phrases_and_random_passwords_pass),
		TEST(test_length_is_counted_in_characters),
		TEST(test_own_name_address_and_brand_are_refused),
		TEST(test_unknown_accounts_cost_the_same_hash),
		TEST(test_judging_is_quick_for_any_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
