/*
 * Sending one mail of the outbox. Its Message-ID comes from the row's key, so a
 * retry after a lost answer is the same mail to whoever receives it.
 */
#include "jobs/kinds.h"

#include "base/buf.h"
#include "base/log.h"
#include "forum/brand.h"
#include "forum/letter.h"
#include "forum/mail.h"
#include "i18n/i18n.h"
#include "net/mail.h"
#include "templates/mail.h"

#define HTML_MAX_BYTES ((size_t)2 << 20)

/* "reset:1f3a…" at the site's host: "reset.1f3a…@forum.example". */
static const char *message_id(struct ctx *ctx, const char *key)
{
	const char *host = strstr(ctx->config->site.base_url, "://") + 3;
	char *id = arena_printf(ctx->arena, "%s@%.*s", key, (int)strcspn(host, ":/"), host);

	for (char *c = id; *c; c++)
		if (*c == ':')
			*c = '.';
	return id;
}

static const char *html_part(struct ctx *ctx, const struct letter *letter)
{
	const struct mail_page page = {
		.language = ctx->language,
		.brand = brand_name(ctx->config),
		.heading = letter->heading,
		.greeting = letter->greeting,
		.paragraphs = letter->paragraphs,
		.paragraph_count = letter->paragraph_count,
		.button_text = letter->button_text,
		.link = letter->link,
		.footer = letter->footer,
		.unsubscribe_link = letter->unsubscribe_link,
	};
	struct buf html;

	buf_init(&html, ctx->arena, HTML_MAX_BYTES);
	template_mail(&html, &page);
	return html.data;
}

static enum err send_letter(struct ctx *ctx, const struct outgoing_mail *outgoing)
{
	struct letter letter;

	letter_write(ctx, outgoing, &letter);
	return mail_send(ctx, &(struct mail){
				      .to = outgoing->address,
				      .to_name = outgoing->parameters.name,
				      .subject = letter.subject,
				      .text = letter_text(ctx, &letter),
				      .html = html_part(ctx, &letter),
				      .message_id = message_id(ctx, outgoing->key),
				      .list_unsubscribe_url = letter.unsubscribe_link[0]
								      ? letter.unsubscribe_link
								      : NULL,
			      });
}

enum err job_mail(struct ctx *ctx, const struct job *job)
{
	struct outgoing_mail mail;
	enum err result = mail_load(ctx, job->subject_id, &mail);

	if (result == ERR_GONE) {
		error_clear(ctx);
		return OK;
	}
	TRY(result);
	i18n_use(mail.language);
	ctx->language = i18n_language();
	result = send_letter(ctx, &mail);
	if (result == ERR_INVALID) {
		const char *why = ctx->error.details ? ctx->error.details : "refused";
		log_event(LOG_LEVEL_WARNING, "mail_refused", "mail", log_i64(mail.id), "why", why,
			  NULL);
		error_clear(ctx);
		return mail_refused(ctx, mail.id, why);
	}
	TRY(result);
	return mail_sent(ctx, mail.id);
}
