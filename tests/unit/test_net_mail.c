/*
 * Composing mails, and sending them to a small SMTP server that this test plays
 * itself on the loopback interface, with the answers that each case wants.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sodium.h>
#include <sys/socket.h>

#include "unit.h"

#include "base/buf.h"
#include "base/config.h"
#include "base/crypto.h"
#include "net/mail.h"

static struct config config = { .mail = { .from = "Entraide Télécom <no-reply@example.fr>" } };

static struct ctx ctx_in(struct arena *arena)
{
	return (struct ctx){ .arena = arena, .config = &config, .now = INT64_C(1795359844000000) };
}

static struct mail plain_mail(void)
{
	return (struct mail){ .to = "zoe@example.org",
			      .to_name = "Zoé",
			      .subject = "Bonjour",
			      .text = "Une ligne.\nUne autre.\n",
			      .message_id = "12.ab@example.fr" };
}

static const char *compose(struct ctx *ctx, const struct mail *mail)
{
	struct buf out;

	buf_init(&out, ctx->arena, 4 << 20);
	assert_int_equal(mail_compose(ctx, mail, &out), OK);
	return out.data;
}

/* The value of a header, its folded lines joined; fails when there is none. */
static const char *header(struct ctx *ctx, const char *message, const char *name)
{
	const char *line = arena_printf(ctx->arena, "\r\n%s: ", name);
	const char *all = arena_printf(ctx->arena, "\r\n%s", message);
	const char *start = strstr(all, line), *end = strstr(all, "\r\n\r\n");
	struct buf value;

	assert_non_null(start);
	assert_true(start < end);
	buf_init(&value, ctx->arena, 8192);
	for (start += strlen(line); *start; start++) {
		if (start[0] == '\r' && start[1] == '\n' && start[2] != ' ')
			break;
		if (*start != '\r' && *start != '\n')
			buf_char(&value, *start);
	}
	return value.data;
}

/* Decodes the encoded words of a header as a mail reader would. */
static const char *decode_words(struct ctx *ctx, const char *value)
{
	struct buf out;
	const char *end;

	buf_init(&out, ctx->arena, 8192);
	while (*value) {
		size_t length = 0;
		unsigned char bytes[64];

		if (strncmp(value, "=?UTF-8?B?", 10) != 0) {
			buf_char(&out, *value++);
			continue;
		}
		end = strstr(value + 10, "?=");
		assert_non_null(end);
		assert_true(end + 2 - value <= 75);
		assert_int_equal(sodium_base642bin(bytes, sizeof bytes, value + 10,
						   (size_t)(end - value - 10), NULL, &length, NULL,
						   sodium_base64_VARIANT_ORIGINAL),
				 0);
		buf_bytes(&out, bytes, length);
		value = end + 2;
		/* Space between two encoded words is not shown. */
		if (!strncmp(value, " =?UTF-8?B?", 11))
			value++;
	}
	return out.data;
}

static const char *decode_part(struct ctx *ctx, const char *message, const char *type)
{
	const char *start = strstr(message, arena_printf(ctx->arena, "Content-Type: %s;", type));
	const char *end;
	unsigned char *bytes;
	size_t length = 0;

	assert_non_null(start);
	start = strstr(start, "base64\r\n\r\n");
	assert_non_null(start);
	start += strlen("base64\r\n\r\n");
	end = strstr(start, "\r\n--");
	if (!end)
		end = start + strlen(start);
	bytes = arena_alloc(ctx->arena, (size_t)(end - start) + 1);
	assert_int_equal(sodium_base642bin(bytes, (size_t)(end - start), start,
					   (size_t)(end - start), "\r\n", &length, NULL,
					   sodium_base64_VARIANT_ORIGINAL),
			 0);
	return (const char *)bytes;
}

static void assert_lines_are_short(const char *message)
{
	while (*message) {
		size_t length = strcspn(message, "\r\n");

		assert_true(length <= 78);
		assert_int_equal(message[length], '\r');
		assert_int_equal(message[length + 1], '\n');
		message += length + 2;
	}
}

static void test_plain_mail_has_what_it_needs(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct mail mail = plain_mail();
	const char *message = compose(&ctx, &mail);

	assert_string_equal(header(&ctx, message, "Date"), "Sun, 22 Nov 2026 15:04:04 +0000");
	assert_string_equal(decode_words(&ctx, header(&ctx, message, "From")),
			    "Entraide Télécom <no-reply@example.fr>");
	assert_string_equal(decode_words(&ctx, header(&ctx, message, "To")),
			    "Zoé <zoe@example.org>");
	assert_string_equal(header(&ctx, message, "Subject"), "Bonjour");
	assert_string_equal(header(&ctx, message, "Message-ID"), "<12.ab@example.fr>");
	assert_string_equal(header(&ctx, message, "MIME-Version"), "1.0");
	assert_string_equal(header(&ctx, message, "Auto-Submitted"), "auto-generated");
	assert_string_equal(header(&ctx, message, "X-Auto-Response-Suppress"), "All");
	assert_string_equal(header(&ctx, message, "Content-Type"), "text/plain; charset=utf-8");
	assert_string_equal(decode_part(&ctx, message, "text/plain"),
			    "Une ligne.\r\nUne autre.\r\n");
	assert_null(strstr(message, "List-Unsubscribe"));
	assert_null(strstr(message, "In-Reply-To"));
	assert_lines_are_short(message);
}

static void test_mail_with_html_has_two_parts(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct mail mail = plain_mail();
	const char *message, *boundary;

	mail.html = "<p>Été</p>";
	mail.in_reply_to = "11.aa@example.fr";
	mail.list_unsubscribe_url = "https://example.fr/unsubscribe/abc";
	message = compose(&ctx, &mail);
	assert_string_equal(decode_part(&ctx, message, "text/html"), "<p>Été</p>");
	assert_string_equal(decode_part(&ctx, message, "text/plain"),
			    "Une ligne.\r\nUne autre.\r\n");
	assert_true(strstr(message, "text/plain") < strstr(message, "text/html"));
	assert_string_equal(header(&ctx, message, "In-Reply-To"), "<11.aa@example.fr>");
	assert_string_equal(header(&ctx, message, "References"), "<11.aa@example.fr>");
	assert_string_equal(header(&ctx, message, "List-Unsubscribe"),
			    "<https://example.fr/unsubscribe/abc>");
	assert_string_equal(header(&ctx, message, "List-Unsubscribe-Post"),
			    "List-Unsubscribe=One-Click");
	boundary = strstr(message, "boundary=\"") + strlen("boundary=\"");
	boundary = arena_strndup(ctx.arena, boundary, strcspn(boundary, "\""));
	assert_non_null(strstr(message, arena_printf(ctx.arena, "\r\n--%s--\r\n", boundary)));
	assert_lines_are_short(message);
}

static void test_same_mail_is_composed_the_same(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct mail mail = plain_mail();

	mail.html = "<p>x</p>";
	assert_string_equal(compose(&ctx, &mail), compose(&ctx, &mail));
}

static void check_subject(struct ctx *ctx, const char *subject)
{
	struct mail mail = plain_mail();
	const char *message;

	mail.subject = subject;
	message = compose(ctx, &mail);
	assert_lines_are_short(message);
	assert_string_equal(decode_words(ctx, header(ctx, message, "Subject")), subject);
}

static void test_every_subject_comes_back(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct buf subject;

	check_subject(&ctx, "");
	check_subject(&ctx, "La box clignote en rouge : que faire ?");
	check_subject(&ctx, "Réponse à « Où est passée ma ligne ? »");
	check_subject(&ctx, "looks like =?UTF-8?B?eA==?= but is not");
	check_subject(
		&ctx,
		"plain but very long plain but very long plain but very long plain but very long");
	/* Characters of 1 to 4 bytes at every place where a word may be cut. */
	buf_init(&subject, ctx.arena, 1000);
	for (int i = 0; i < 90; i++) {
		buf_text(&subject, i % 4 == 0 ? "a" : i % 4 == 1 ? "é" : i % 4 == 2 ? "☃" : "🦊");
		check_subject(&ctx, subject.data);
	}
}

static void check_name(struct ctx *ctx, const char *name, const char *expected)
{
	struct mail mail = plain_mail();
	const char *message;

	mail.to_name = name;
	message = compose(ctx, &mail);
	assert_lines_are_short(message);
	assert_string_equal(decode_words(ctx, header(ctx, message, "To")), expected);
}

static void test_names_are_quoted_where_needed(void **state)
{
	struct ctx ctx = ctx_in(*state);

	check_name(&ctx, NULL, "<zoe@example.org>");
	check_name(&ctx, "", "<zoe@example.org>");
	check_name(&ctx, "Zoe Martin", "Zoe Martin <zoe@example.org>");
	check_name(&ctx, "Martin, Zoe", "\"Martin, Zoe\" <zoe@example.org>");
	check_name(&ctx, "a\"b\\c", "\"a\\\"b\\\\c\" <zoe@example.org>");
	check_name(&ctx, "x <evil@example.net>", "\"x <evil@example.net>\" <zoe@example.org>");
	check_name(&ctx, "Zoé, <é>", "Zoé, <é> <zoe@example.org>");
}

static void test_addresses(void **state)
{
	struct arena *arena = *state;
	static const char *const good[] = {
		"a@b", "zoe.martin+forum@example.co.uk", "o'neil@example.fr", "x@1.2", "a@b-c.d",
	};
	static const char *const bad[] = {
		"",
		"a",
		"@b",
		"a@",
		"a@@b",
		"a b@c",
		"a@b c",
		"a@-b",
		"a@b-",
		"a@b..c",
		"a@b.",
		"é@example.fr",
		"a@exämple.fr",
		"a@b\r\nBcc: c@d",
		"<a@b>",
		"a@b,c@d",
		"\"a\"@b",
		"a@[127.0.0.1]",
	};
	char *local = arena_alloc(arena, 80), *label = arena_alloc(arena, 80);

	for (size_t i = 0; i < ARRAY_COUNT(good); i++)
		assert_true(mail_address_is_valid(good[i]));
	for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
		assert_false(mail_address_is_valid(bad[i]));
	memset(local, 'a', 65);
	assert_false(mail_address_is_valid(arena_printf(arena, "%s@b", local)));
	assert_true(mail_address_is_valid(arena_printf(arena, "%s@b", local + 1)));
	memset(label, 'b', 64);
	assert_false(mail_address_is_valid(arena_printf(arena, "a@%s", label)));
	assert_true(mail_address_is_valid(arena_printf(arena, "a@%s", label + 1)));
	label++;
	assert_false(mail_address_is_valid(
		arena_printf(arena, "a@%s.%s.%s.%s", label, label, label, label)));
}

static void check_refused(struct ctx *ctx, const struct mail *mail)
{
	struct buf out;

	buf_init(&out, ctx->arena, 4 << 20);
	assert_int_equal(mail_compose(ctx, mail, &out), ERR_INVALID);
	assert_int_equal(out.length, 0);
}

static void test_no_header_can_be_smuggled_in(void **state)
{
	struct ctx ctx = ctx_in(*state);
	static const char *const injections[] = {
		"x\r\nBcc: all@example.org",
		"x\nBcc: all@example.org",
		"x\rBcc: a@b",
		"x\x01y",
	};

	for (size_t i = 0; i < ARRAY_COUNT(injections); i++) {
		struct mail subject = plain_mail(), name = plain_mail(), id = plain_mail();
		struct mail reply = plain_mail(), url = plain_mail(), to = plain_mail();

		subject.subject = injections[i];
		check_refused(&ctx, &subject);
		name.to_name = injections[i];
		check_refused(&ctx, &name);
		id.message_id = arena_printf(ctx.arena, "1@example.fr%s", injections[i]);
		check_refused(&ctx, &id);
		reply.in_reply_to = injections[i];
		check_refused(&ctx, &reply);
		url.list_unsubscribe_url = arena_printf(ctx.arena, "https://x/%s", injections[i]);
		check_refused(&ctx, &url);
		to.to = arena_printf(ctx.arena, "a@b%s", injections[i]);
		check_refused(&ctx, &to);
	}
}

static void test_unsubscribe_address_is_of_the_web(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct mail mail = plain_mail();

	mail.list_unsubscribe_url = "javascript:alert(1)";
	check_refused(&ctx, &mail);
	mail.list_unsubscribe_url = "https://example.fr/a>b";
	check_refused(&ctx, &mail);
}

static void test_body_may_hold_anything(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct mail mail = plain_mail();

	mail.text = ".\r\n.\nFrom x\n--=_0\n\nBcc: a@b\n";
	mail.html = "--=_0--\n";
	assert_string_equal(decode_part(&ctx, compose(&ctx, &mail), "text/plain"),
			    ".\r\n.\r\nFrom x\r\n--=_0\r\n\r\nBcc: a@b\r\n");
}

static void test_too_long_body_is_refused(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct mail mail = plain_mail();
	size_t length = (1 << 20) + 1;
	char *text = arena_alloc(ctx.arena, length + 1);
	struct buf out;

	memset(text, 'x', length);
	mail.text = text;
	buf_init(&out, ctx.arena, 4 << 20);
	assert_int_equal(mail_compose(&ctx, &mail, &out), ERR_INVALID);
}

/* Sending -------------------------------------------------------------- */

/* The answers of the played server; NULL: hang up instead. */
struct answers {
	const char *greeting, *hello, *from, *recipient, *data, *end;
};

static const struct answers willing = {
	"220 ready", "250 hello", "250 ok", "250 ok", "354 go on", "250 taken",
};

static const char *answer_to(const struct answers *answers, const char *line, bool *is_data)
{
	if (*is_data) {
		if (strcmp(line, ".\r\n") != 0)
			return "";
		*is_data = false;
		return answers->end;
	}
	if (!strncmp(line, "EHLO", 4) || !strncmp(line, "HELO", 4))
		return answers->hello;
	if (!strncmp(line, "MAIL", 4))
		return answers->from;
	if (!strncmp(line, "RCPT", 4))
		return answers->recipient;
	if (!strncmp(line, "QUIT", 4))
		return "221 bye";
	*is_data = !strncmp(line, "DATA", 4) && answers->data && answers->data[0] == '3';
	return !strncmp(line, "DATA", 4) ? answers->data : "500 what?";
}

static void serve(int listener, const struct answers *answers, const char *record)
{
	int connection = accept(listener, NULL, NULL);
	FILE *in = fdopen(connection, "r"), *log = fopen(record, "w");
	char line[2000];
	bool is_data = false;

	if (!in || !log)
		_exit(1);
	dprintf(connection, "%s\r\n", answers->greeting);
	while (fgets(line, sizeof line, in)) {
		const char *answer = answer_to(answers, line, &is_data);

		fputs(line, log);
		fflush(log);
		if (!answer)
			break;
		if (*answer)
			dprintf(connection, "%s\r\n", answer);
	}
	fclose(log);
	_exit(0);
}

/* Sends a mail to a server with these answers; *conversation is what it got. */
static enum err send_to(struct ctx *ctx, const struct answers *answers, const char **conversation)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char record[] = "/tmp/entraide-smtp-XXXXXX";
	struct mail mail = plain_mail();
	struct config own = config;
	char text[8192];
	enum err code;
	pid_t child;
	FILE *log;

	assert_true(mkstemp(record) >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
	child = fork();
	if (child == 0)
		serve(listener, answers, record);
	own.mail.url = arena_printf(ctx->arena, "smtp://127.0.0.1:%d", ntohs(address.sin_port));
	ctx->config = &own;
	code = mail_send(ctx, &mail);
	ctx->config = &config;
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
	close(listener);
	log = fopen(record, "r");
	text[fread(text, 1, sizeof text - 1, log)] = '\0';
	fclose(log);
	remove(record);
	*conversation = arena_strdup(ctx->arena, text);
	return code;
}

static void test_mail_is_sent(void **state)
{
	struct ctx ctx = ctx_in(*state);
	const char *conversation;

	assert_int_equal(send_to(&ctx, &willing, &conversation), OK);
	assert_non_null(strstr(conversation, "EHLO example.fr\r\n"));
	assert_non_null(strstr(conversation, "MAIL FROM:<no-reply@example.fr>"));
	assert_non_null(strstr(conversation, "RCPT TO:<zoe@example.org>"));
	assert_non_null(strstr(conversation, "Subject: Bonjour\r\n"));
}

static void check_send(struct ctx *ctx, struct answers answers, enum err expected)
{
	const char *conversation;

	assert_int_equal(send_to(ctx, &answers, &conversation), expected);
	assert_int_equal(ctx->error.code, expected);
	error_clear(ctx);
}

static void test_refusals_are_sorted(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct answers answers = willing;

	answers.recipient = "550 no such person";
	check_send(&ctx, answers, ERR_INVALID);
	answers.recipient = "450 try later";
	check_send(&ctx, answers, ERR_UNAVAILABLE);
	answers = willing;
	answers.end = "554 looks like spam";
	check_send(&ctx, answers, ERR_INVALID);
	answers.end = "452 disk full";
	check_send(&ctx, answers, ERR_UNAVAILABLE);
	answers.end = NULL;
	check_send(&ctx, answers, ERR_UNAVAILABLE);
	answers = willing;
	answers.from = "550 who are you";
	check_send(&ctx, answers, ERR_UNAVAILABLE);
	answers = willing;
	answers.greeting = "421 busy";
	check_send(&ctx, answers, ERR_UNAVAILABLE);
}

static void test_absent_server_is_tried_again(void **state)
{
	struct ctx ctx = ctx_in(*state);
	struct config own = config;
	struct mail mail = plain_mail();

	own.mail.url = "smtp://127.0.0.1:1";
	ctx.config = &own;
	assert_int_equal(mail_send(&ctx, &mail), ERR_UNAVAILABLE);
	own.mail.url = "http://127.0.0.1:1";
	assert_int_equal(mail_send(&ctx, &mail), ERR_INTERNAL);
	own.mail.url = "not a url";
	assert_int_equal(mail_send(&ctx, &mail), ERR_INTERNAL);
	own.mail.from = "nobody";
	assert_int_equal(mail_send(&ctx, &mail), ERR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_plain_mail_has_what_it_needs),
		TEST(test_mail_with_html_has_two_parts),
		TEST(test_same_mail_is_composed_the_same),
		TEST(test_every_subject_comes_back),
		TEST(test_names_are_quoted_where_needed),
		TEST(test_addresses),
		TEST(test_no_header_can_be_smuggled_in),
		TEST(test_unsubscribe_address_is_of_the_web),
		TEST(test_body_may_hold_anything),
		TEST(test_too_long_body_is_refused),
		TEST(test_mail_is_sent),
		TEST(test_refusals_are_sorted),
		TEST(test_absent_server_is_tried_again),
	};

	if (!crypto_init())
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
