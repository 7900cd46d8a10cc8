/*
 * Filling the words of a mail. A paragraph with nothing in it but empty places is left out,
 * so that words need no conditions: a site without an address for mail has no sentence about
 * it. What is put into a place is text, and never looked at for further places.
 */
#include "forum/letter.h"

#include "base/buf.h"
#include "base/log.h"
#include "forum/account.h"
#include "forum/actor.h"
#include "forum/brand.h"
#include "i18n/i18n.h"
#include "text/placeholder.h"

#define TEXT_MAX_BYTES    ((size_t)1 << 20)
#define SUBJECT_MAX_BYTES 4096

/* What stands in the places ---------------------------------------------------------------- */

/* What came of a legal notice; title is the word of its outcome (forum/notice.h). */
static const char *notice_outcome(const char *outcome)
{
	if (strcmp(outcome, "removed") == 0)
		return _(
			"We have removed what you told us about, or it was changed so that it is lawful. Whoever wrote it was told the reasons, not who you are.");
	if (strcmp(outcome, "partly") == 0)
		return _(
			"We have removed some of what you told us about. The rest stays: the page of your notice says why.");
	if (strcmp(outcome, "unfounded") == 0)
		return _(
			"What you told us about stays: your notice was manifestly unfounded. Its page says why.");
	return _(
		"What you told us about stays: we did not find that it is against the law. The page of your notice says why.");
}

static const char *complaint_outcome(const char *outcome)
{
	return strcmp(outcome, "upheld") == 0
		       ? _("You were right: what you told us about is removed now.")
		       : _("The decision stands. You can still turn to a certified out-of-court dispute settlement body, or to a court.");
}

static const char *outcome(const struct mail_parameters *news)
{
	return strcmp(news->notification, "complaint") == 0 ? complaint_outcome(news->title)
							    : notice_outcome(news->title);
}

static const char *warning(const char *measure)
{
	if (strcmp(measure, "warning") == 0)
		return _(
			"This is a warning: if further notices are manifestly unfounded, we will stop handling yours for some time.");
	if (strcmp(measure, "suspension") == 0)
		return _(
			"As this happened again after a warning, your notices and complaints are not handled for some time. The page of your notice says until when.");
	return "";
}

static const char *contact(struct ctx *ctx)
{
	const char *email = ctx->config->site.contact_email;

	return email[0] ? arena_printf(ctx->arena, _("You can also write to us: %s"), email) : "";
}

static const char *excerpt(struct ctx *ctx, const char *words)
{
	/* TRANSLATORS: the quotation marks around what somebody wrote. */
	return words[0] ? arena_printf(ctx->arena, _("“%s”"), words) : "";
}

static const char *details(struct ctx *ctx, const char *words)
{
	/* TRANSLATORS: what the other network answered, in English. */
	return words[0] ? arena_printf(ctx->arena, _("What was said: %s"), words) : "";
}

/* What a notice's address ends with. */
static const char *number_of(const char *link)
{
	const char *slash = strrchr(link, '/');

	return slash ? slash + 1 : "";
}

static const char *value_of(struct ctx *ctx, const struct mail_parameters *news,
			    enum mail_place place)
{
	switch (place) {
	case MAIL_PLACE_NAME:
		return news->name;
	case MAIL_PLACE_BRAND:
		return brand_name(ctx->config);
	case MAIL_PLACE_LINK:
		return news->link;
	case MAIL_PLACE_CONTACT:
		return contact(ctx);
	case MAIL_PLACE_ACTOR:
		return news->actor[0] ? news->actor : brand_name(ctx->config);
	case MAIL_PLACE_TITLE:
	case MAIL_PLACE_MIRROR:
		return news->title;
	case MAIL_PLACE_EXCERPT:
		return excerpt(ctx, news->excerpt);
	case MAIL_PLACE_STATEMENT:
	case MAIL_PLACE_ANSWER:
		return news->excerpt;
	case MAIL_PLACE_NUMBER:
		return number_of(news->link);
	case MAIL_PLACE_OUTCOME:
		return outcome(news);
	case MAIL_PLACE_WARNING:
		return warning(news->excerpt);
	case MAIL_PLACE_REDRESS:
		return _(
			"The decision was taken by a person. If you do not agree, you can complain free of charge within six months, from the page of your notice: somebody else decides. You can also turn to a certified out-of-court dispute settlement body, or to a court.");
	case MAIL_PLACE_DETAILS:
		return details(ctx, news->excerpt);
	case MAIL_PLACE_COUNT:
		break;
	}
	return "";
}

static struct letter_piece fill(struct ctx *ctx, const struct mail_parameters *news,
				const struct placeholder_piece *piece)
{
	if (!piece->is_place)
		return (struct letter_piece){ piece->text, false };
	for (int place = 0; place < MAIL_PLACE_COUNT; place++)
		if (strcmp(mail_places[place].name, piece->text) == 0)
			return (struct letter_piece){ value_of(ctx, news, (enum mail_place)place),
						      place == MAIL_PLACE_LINK };
	return (struct letter_piece){ "", false };
}

/* Words ---------------------------------------------------------------------------------- */

static bool is_blank(const char *text)
{
	return text[strspn(text, " \t\n")] == '\0';
}

/* Line ends in a value (a title of another network) must not end the header. */
static const char *fill_subject(struct ctx *ctx, const struct mail_parameters *news,
				const char *words)
{
	struct placeholder_text parsed;
	struct buf subject;

	buf_init(&subject, ctx->arena, SUBJECT_MAX_BYTES);
	if (!placeholder_parse(ctx->arena, words, &parsed))
		return "";
	for (size_t i = 0; i < parsed.count; i++)
		buf_text(&subject, fill(ctx, news, &parsed.pieces[i]).text);
	for (char *sign = subject.data; *sign; sign++)
		if ((unsigned char)*sign < ' ' || *sign == '\x7f')
			*sign = ' ';
	return subject.data;
}

/* False: there is nothing in it. */
static bool fill_paragraph(struct ctx *ctx, const struct mail_parameters *news, const char *words,
			   struct letter_paragraph *out)
{
	struct placeholder_text parsed;
	size_t filled = 0;

	*out = (struct letter_paragraph){ 0 };
	if (!placeholder_parse(ctx->arena, words, &parsed))
		return false;
	out->pieces = arena_array_of(ctx->arena, parsed.count + 1, struct letter_piece);
	for (size_t i = 0; i < parsed.count; i++) {
		struct letter_piece piece = fill(ctx, news, &parsed.pieces[i]);

		out->pieces[out->count++] = piece;
		if (is_blank(piece.text))
			continue;
		out->is_button = piece.is_link && filled == 0;
		filled++;
	}
	out->is_button = filled == 1 && out->is_button;
	return filled > 0;
}

/* Paragraphs are parted by empty lines. */
static void fill_body(struct ctx *ctx, const struct mail_parameters *news, const char *words,
		      struct letter *out)
{
	size_t most = 1;

	for (const char *at = words; (at = strstr(at, "\n\n")); at += 2)
		most++;
	out->paragraphs = arena_array_of(ctx->arena, most, struct letter_paragraph);
	for (;;) {
		const char *end = strstr(words, "\n\n");
		const char *paragraph = end ? arena_strndup(ctx->arena, words,
							    (size_t)(end - words))
					    : words;

		if (fill_paragraph(ctx, news, paragraph, &out->paragraphs[out->paragraph_count]))
			out->paragraph_count++;
		if (!end)
			break;
		words = end + 2;
	}
}

/* Words of another release may have a place that this one does not know. */
static struct mail_words words_of(struct ctx *ctx, const struct mail_text *text,
				  const struct outgoing_mail *mail)
{
	const char *field;

	if (!mail->words.subject)
		return mail_text_default(ctx, text);
	if (!mail_text_problem(ctx, text, &mail->words, &field))
		return mail->words;
	log_event(LOG_LEVEL_WARNING, "mail_text", "ignored", text->name, "language", ctx->language,
		  NULL);
	return mail_text_default(ctx, text);
}

/* The frame ---------------------------------------------------------------------------------- */

static void add_unsubscribing(struct ctx *ctx, int64_t person_id, struct letter *out)
{
	out->footer = arena_printf(
		ctx->arena,
		_("You get this mail because you take part in %s, or follow this question."),
		brand_name(ctx->config));
	out->unsubscribe_link = arena_printf(ctx->arena, "%s/unsubscribe?person=%lld&token=%s",
					     ctx->config->site.base_url, (long long)person_id,
					     account_unsubscribe_token(ctx, person_id));
}

static void write_letter(struct ctx *ctx, const struct outgoing_mail *mail, struct letter *out)
{
	const struct mail_text *text = mail_text_of(mail->kind, mail->parameters.notification);
	struct mail_words words = words_of(ctx, text, mail);

	*out = (struct letter){
		.greeting = mail->parameters.name[0] ? arena_printf(ctx->arena, _("Hello %s,"),
								    mail->parameters.name)
						     : "",
		.button_text = text->button[0] ? _(text->button) : "",
		.link = text->button[0] ? mail->parameters.link : "",
		.footer = "",
		.unsubscribe_link = "",
	};
	out->subject = out->heading = fill_subject(ctx, &mail->parameters, words.subject);
	fill_body(ctx, &mail->parameters, words.body, out);
	if (mail->kind == MAIL_NOTIFICATION)
		add_unsubscribing(ctx, mail->person_id, out);
}

/* Examples --------------------------------------------------------------------------------- */

/* What each kind keeps in title and excerpt. */
static void example_parameters(const struct mail_text *text, struct mail_parameters *out)
{
	bool is_notice = text->kind == MAIL_NOTICE;

	out->actor = _("Camille");
	if (is_notice) {
		out->title = strcmp(text->what, "complaint") == 0 ? "upheld" : "unfounded";
		out->excerpt = strcmp(text->what, "complaint") == 0
				       ? _("We have looked at it again, with what you wrote.")
				       : "warning";
	} else if (text->kind == MAIL_MIRROR) {
		out->title = _("Our page");
		out->excerpt = "(#190) This method must be called with a Page Access Token";
	} else if (text->kind == MAIL_MODERATION) {
		out->title = "";
		out->excerpt = _("Here stand the reasons, as the team wrote them.");
	} else {
		out->title = _("How do I restart my box?");
		out->excerpt = _("Pull the plug, wait ten seconds, and put it in again.");
	}
}

struct outgoing_mail letter_example(struct ctx *ctx, const struct mail_text *text,
				    const struct mail_words *words)
{
	struct outgoing_mail mail = {
		.person_id = ctx->actor->id,
		.kind = text->kind,
		.address = "",
		.language = ctx->language,
		.key = "",
		.words = words ? *words : (struct mail_words){ 0 },
		.parameters = { .name = text->kind == MAIL_NOTICE ? "" : ctx->actor->name,
				.link = arena_printf(ctx->arena, "%s%s", ctx->config->site.base_url,
						     text->example_path),
				.notification = text->what },
	};

	example_parameters(text, &mail.parameters);
	return mail;
}

/* A mail that this release no longer sends is shown as another. */
static void write_test(struct ctx *ctx, const struct outgoing_mail *mail, struct letter *out)
{
	const struct mail_text *text = mail_text_find(mail->parameters.notification);
	struct outgoing_mail example;

	if (!text)
		text = &mail_texts[0];
	example = letter_example(ctx, text, mail->words.subject ? &mail->words : NULL);
	example.person_id = mail->person_id;
	if (text->kind != MAIL_NOTICE)
		example.parameters.name = mail->parameters.name;
	write_letter(ctx, &example, out);
	out->subject = arena_printf(ctx->arena, _("Test: %s"), out->subject);
}

void letter_write(struct ctx *ctx, const struct outgoing_mail *mail, struct letter *out)
{
	if (mail->kind == MAIL_TEST)
		write_test(ctx, mail, out);
	else
		write_letter(ctx, mail, out);
}

/* The text part ------------------------------------------------------------------------- */

static void write_paragraph(struct buf *text, const struct letter *letter,
			    const struct letter_paragraph *paragraph)
{
	if (paragraph->is_button)
		buf_printf(text, "%s:\n%s", letter->button_text, letter->link);
	else
		for (size_t i = 0; i < paragraph->count; i++)
			buf_text(text, paragraph->pieces[i].text);
	buf_text(text, "\n\n");
}

const char *letter_text(struct ctx *ctx, const struct letter *letter)
{
	struct buf text;

	buf_init(&text, ctx->arena, TEXT_MAX_BYTES);
	if (letter->greeting[0])
		buf_printf(&text, "%s\n\n", letter->greeting);
	for (size_t i = 0; i < letter->paragraph_count; i++)
		write_paragraph(&text, letter, &letter->paragraphs[i]);
	buf_printf(&text, "-- \n%s\n%s\n", brand_name(ctx->config), ctx->config->site.base_url);
	if (letter->footer[0])
		buf_printf(&text, "\n%s\n", letter->footer);
	if (letter->unsubscribe_link[0])
		buf_printf(&text, "%s:\n%s\n", _("No more mails like this"),
			   letter->unsubscribe_link);
	return text.data;
}
