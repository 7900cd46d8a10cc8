/*
 * What mails say: the default words of each in both languages, words that administrators
 * put in their place, and the frame around them.
 */
#include "jobs_fixture.h"

#include "forum/letter.h"
#include "i18n/i18n.h"

#define LINK "https://entraide.example/x"

static struct ctx *start(void **state, const char *language)
{
	struct ctx *ctx = jobs_with_mail(state, "smtp://127.0.0.1:1");

	i18n_use(language);
	ctx->language = i18n_language();
	ctx->actor = forum_person(ctx, "Zoé", ROLE_ADMINISTRATOR);
	return ctx;
}

static const char *text_of(struct ctx *ctx, const struct outgoing_mail *mail)
{
	struct letter letter;

	letter_write(ctx, mail, &letter);
	return letter_text(ctx, &letter);
}

/* About an answer, in somebody's words. */
static struct letter answer_letter(struct ctx *ctx, const char *subject, const char *body)
{
	const struct mail_words words = { subject, body };
	struct outgoing_mail mail = letter_example(ctx, mail_text_find("notification-answer"),
						   subject ? &words : NULL);
	struct letter letter;

	mail.person_id = 7;
	mail.parameters.link = LINK;
	mail.parameters.actor = "Karim";
	mail.parameters.title = "Ma box redémarre";
	mail.parameters.excerpt = "Changez l'alimentation.";
	letter_write(ctx, &mail, &letter);
	return letter;
}

/* Defaults ------------------------------------------------------------------------------------ */

static void check_default(struct ctx *ctx, const struct mail_text *text)
{
	struct outgoing_mail mail = letter_example(ctx, text, NULL);
	struct mail_words words = mail_text_default(ctx, text);
	const char *field, *problem = mail_text_problem(ctx, text, &words, &field), *body;
	struct letter letter;

	if (problem)
		fail_msg("%s in %s: %s", text->name, ctx->language, problem);
	letter_write(ctx, &mail, &letter);
	body = letter_text(ctx, &letter);
	assert_true(letter.subject[0] && letter.heading[0] && letter.paragraph_count > 0);
	assert_null(strpbrk(letter.subject, "\r\n{}"));
	assert_null(strpbrk(body, "{}"));
	assert_true(!letter.link[0] == !letter.button_text[0]);
	assert_true(!letter.unsubscribe_link[0] == (text->kind != MAIL_NOTIFICATION));
	assert_true(!strstr(body, ctx->actor->name) == (text->kind == MAIL_NOTICE));
	if (text->button[0])
		assert_non_null(strstr(body, arena_printf(ctx->arena, "%s:\n%s\n",
							  letter.button_text, letter.link)));
	assert_true(strlen(words.body) <= MAIL_BODY_MAX);
}

static void test_every_letter_is_whole_in_both_languages(void **state)
{
	struct ctx *ctx = start(state, "en");

	for (size_t i = 0; i < mail_text_count; i++) {
		const char *in_english;

		i18n_use("en");
		ctx->language = "en";
		check_default(ctx, &mail_texts[i]);
		in_english = mail_text_default(ctx, &mail_texts[i]).subject;
		i18n_use("fr");
		ctx->language = "fr";
		check_default(ctx, &mail_texts[i]);
		assert_string_not_equal(in_english, mail_text_default(ctx, &mail_texts[i]).subject);
	}
}

static void test_each_mail_has_a_row_of_its_own(void **state)
{
	(void)state;
	for (int kind = 0; kind < MAIL_TEST; kind++)
		assert_int_equal(mail_text_of((enum mail_kind)kind, "")->kind, kind);
	for (size_t i = 0; i < mail_text_count; i++) {
		const struct mail_text *text = &mail_texts[i];

		assert_ptr_equal(mail_text_find(text->name), text);
		assert_ptr_equal(mail_text_of(text->kind, text->what), text);
		assert_int_equal(text->needed & ~text->places, 0);
		assert_true(!text->button[0] == !(text->places & 1u << MAIL_PLACE_LINK));
	}
	assert_null(mail_text_find("nothing"));
	assert_string_equal(mail_text_of(MAIL_NOTIFICATION, "unheard_of")->name,
			    "notification-status");
}

static void test_letter_about_an_answer_in_french(void **state)
{
	struct ctx *ctx = start(state, "fr");
	struct letter letter = answer_letter(ctx, NULL, NULL);
	const char *text = letter_text(ctx, &letter);

	assert_string_equal(letter.subject, "Nouvelle réponse à «\u00A0Ma box redémarre\u00A0»");
	assert_non_null(strstr(
		text, "\n\nKarim a répondu à la question «\u00A0Ma box redémarre\u00A0».\n\n"));
	assert_non_null(strstr(text, "\n\n«\u00A0Changez l'alimentation.\u00A0»\n\n"));
	assert_non_null(strstr(letter.unsubscribe_link,
			       "https://entraide.example/unsubscribe?person=7&token="));
}

/* Words of one's own --------------------------------------------------------------------------- */

static void test_own_words_are_filled_within_the_frame(void **state)
{
	struct ctx *ctx = start(state, "fr");
	struct letter letter = answer_letter(
		ctx, "{brand} : {actor} pour {name}",
		"Du nouveau {{ici}} : {title}\nà lire.\n\n  {link} \n\nÀ bientôt");
	const char *text = letter_text(ctx, &letter);

	assert_int_equal(letter.paragraph_count, 3);
	assert_non_null(strstr(letter.subject, " : Karim pour Zoé"));
	assert_non_null(
		strstr(text, "Bonjour Zoé,\n\nDu nouveau {ici} : Ma box redémarre\nà lire."));
	assert_non_null(
		strstr(text, "à lire.\n\nLire sur le site:\n" LINK "\n\nÀ bientôt\n\n-- \n"));
	assert_true(letter.paragraphs[1].is_button);
	assert_true(letter.unsubscribe_link[0]);
}

static void test_a_link_within_a_sentence_is_no_button(void **state)
{
	struct ctx *ctx = start(state, "en");
	struct letter letter = answer_letter(ctx, "News", "Look at {link}, soon.");

	assert_int_equal(letter.paragraph_count, 1);
	assert_false(letter.paragraphs[0].is_button);
	assert_int_equal(letter.paragraphs[0].count, 3);
	assert_true(letter.paragraphs[0].pieces[1].is_link);
	assert_non_null(strstr(letter_text(ctx, &letter), "Look at " LINK ", soon.\n\n"));
}

static void test_a_paragraph_of_empty_places_is_left_out(void **state)
{
	struct ctx *ctx = start(state, "en");
	const struct mail_words words = { "S", "{contact}\n\n{details}\n\nWords {details}" };
	struct outgoing_mail mail = letter_example(ctx, mail_text_find("mirror-token"), &words);
	struct letter letter;

	mail.parameters.excerpt = "No";
	letter_write(ctx, &mail, &letter);
	assert_int_equal(letter.paragraph_count, 3);
	mail.parameters.excerpt = "";
	letter_write(ctx, &mail, &letter);
	assert_int_equal(letter.paragraph_count, 2);
}

/* What people write is put into places, and never looked at for more. */
static void test_values_are_text(void **state)
{
	struct ctx *ctx = start(state, "en");
	struct outgoing_mail mail = letter_example(ctx, mail_text_find("notification-answer"),
						   NULL);
	struct letter letter;

	mail.parameters.title = "{link} {{ %s\r\nBcc: all@example.org";
	mail.parameters.excerpt = "{name}\n\n{link}";
	letter_write(ctx, &mail, &letter);
	assert_string_equal(letter.subject, "New answer to “{link} {{ %s  Bcc: all@example.org”");
	assert_non_null(strstr(letter_text(ctx, &letter), "“{name}\n\n{link}”"));
}

static void test_words_that_cannot_go_out_give_way_to_the_default(void **state)
{
	static const struct mail_words broken[] = {
		{ "Hello", "{removed_in_this_release} {link}" },
		{ "Hello", "No way to choose a password" },
		{ "Hello {link}", "{link}" },
		{ "Hello", "{link} {" },
	};
	struct ctx *ctx = start(state, "en");
	const struct mail_text *text = mail_text_find("reset");
	struct outgoing_mail mail = letter_example(ctx, text, NULL);
	const char *standard = text_of(ctx, &mail);

	for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
		mail.words = broken[i];
		assert_string_equal(text_of(ctx, &mail), standard);
	}
	mail.words = (struct mail_words){ "Hello", "Here: {link}" };
	assert_string_not_equal(text_of(ctx, &mail), standard);
}

/* A mail in the outbox, as whoever sends that kind puts it there. */
static int64_t outbox_mail(struct ctx *ctx, const struct mail_text *text, int64_t topic_id)
{
	const char *kind = arena_strndup(ctx->arena, text->name, strcspn(text->name, "-"));
	const char *notification = "select null::bigint as id";

	if (text->kind == MAIL_NOTIFICATION)
		notification = arena_printf(
			ctx->arena,
			"insert into notifications (person_id, kind, topic_id) values (%lld, '%s', %lld) returning id",
			(long long)ctx->actor->id, text->what, (long long)topic_id);
	return forum_number(
		ctx,
		arena_printf(
			ctx->arena,
			"with n as (%s), m as (insert into mails (person_id, address, language, kind, notification_id,\n"
			"	key, parameters) select $1, 'zoe@example.org', 'fr', '%s', n.id, 'test-%s',\n"
			"	case when n.id is null then '{\"notification\": \"%s\"}'::jsonb else '{}' end\n"
			"from n returning id) select id from m",
			notification, kind, text->name, text->what),
		ctx->actor->id);
}

static void test_the_outbox_brings_the_newest_words_of_each_mail(void **state)
{
	struct ctx *ctx = start(state, "fr");
	int64_t topic_id = forum_ask(ctx, ctx->actor);

	for (size_t i = 0; i < mail_text_count; i++) {
		const struct mail_text *text = &mail_texts[i];
		int64_t id = outbox_mail(ctx, text, topic_id);
		struct outgoing_mail mail;

		assert_ok(ctx, mail_load(ctx, id, &mail));
		assert_null(mail.words.subject);
		assert_ptr_equal(mail_text_of(mail.kind, mail.parameters.notification), text);
		forum_sql(
			ctx,
			arena_printf(
				ctx->arena,
				"insert into mail_text_changes (name, language, subject, body) values\n"
				"('%s', 'fr', 'old', 'b'), ('%s', 'en', 'english', 'b'), ('%s', 'fr', '%s', 'b')",
				text->name, text->name, text->name, text->name));
		assert_ok(ctx, mail_load(ctx, id, &mail));
		assert_string_equal(mail.words.subject, text->name);
		assert_string_equal(mail.words.body, "b");
		forum_sql(
			ctx,
			arena_printf(
				ctx->arena,
				"insert into mail_text_changes (name, language) values ('%s', 'fr')",
				text->name));
		assert_ok(ctx, mail_load(ctx, id, &mail));
		assert_null(mail.words.subject);
	}
}

/* Checking what is typed ------------------------------------------------------------------------ */

static void assert_refused(struct ctx *ctx, const char *name, const char *subject, const char *body,
			   const char *field, const char *says)
{
	struct mail_words words = { subject, body };

	assert_int_equal(mail_text_check(ctx, mail_text_find(name), &words), ERR_INVALID);
	assert_string_equal(ctx->error.field, field);
	if (!strstr(ctx->error.message, says))
		fail_msg("\"%s\" does not say \"%s\"", ctx->error.message, says);
	error_clear(ctx);
}

static void test_words_are_refused_with_the_reason(void **state)
{
	struct ctx *ctx = start(state, "en");
	char *much = arena_alloc(ctx->arena, MAIL_BODY_MAX + 20);

	assert_refused(ctx, "reset", "", "{link}", "subject", "fill in");
	assert_refused(ctx, "reset", "Password", " \r\n ", "body", "fill in");
	assert_refused(ctx, "reset", "Password", "Choose one.", "body", "{link} is missing");
	assert_refused(ctx, "reset", "Password", "{{link}}", "body", "{link} is missing");
	assert_refused(ctx, "reset", "Password", "{link} {title}", "body", "placeholder {title}");
	assert_refused(ctx, "reset", "{surname}", "{link}", "subject", "placeholder {surname}");
	assert_refused(ctx, "reset", "{link}", "{link}", "subject", "not in the subject");
	assert_refused(ctx, "reset", "P", "{link} { and so on", "body", "“{ and so on”");
	assert_refused(ctx, "notice-decided", "P", "{outcome} {link} {warning}", "body",
		       "{redress} is missing");
	memset(much, 'x', MAIL_BODY_MAX + 1);
	memcpy(much, "{link}", 6);
	assert_refused(ctx, "reset", "P", much, "body", "long");
	much[MAIL_SUBJECT_MAX + 1] = '\0';
	memcpy(much, "xxxxxx", 6);
	assert_refused(ctx, "reset", much, "{link}", "subject", "long");
}

static void test_line_ends_are_made_plain(void **state)
{
	struct ctx *ctx = start(state, "en");
	struct mail_words words = { " A\r\nBcc: all@example.org ", "One\r\ntwo\r\r{link}\r\n" };

	assert_ok(ctx, mail_text_check(ctx, mail_text_find("reset"), &words));
	assert_string_equal(words.subject, "A Bcc: all@example.org");
	assert_string_equal(words.body, "One\ntwo\n\n{link}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORUM_TEST(test_each_mail_has_a_row_of_its_own),
		FORUM_TEST(test_every_letter_is_whole_in_both_languages),
		FORUM_TEST(test_letter_about_an_answer_in_french),
		FORUM_TEST(test_own_words_are_filled_within_the_frame),
		FORUM_TEST(test_a_link_within_a_sentence_is_no_button),
		FORUM_TEST(test_a_paragraph_of_empty_places_is_left_out),
		FORUM_TEST(test_values_are_text),
		FORUM_TEST(test_words_that_cannot_go_out_give_way_to_the_default),
		FORUM_TEST(test_the_outbox_brings_the_newest_words_of_each_mail),
		FORUM_TEST(test_words_are_refused_with_the_reason),
		FORUM_TEST(test_line_ends_are_made_plain),
	};

	return jobs_run(tests, ARRAY_COUNT(tests), "test_letters");
}
