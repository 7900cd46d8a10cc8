/*
 * Handing a mail to the SMTP server of the configuration, by libcurl.
 *
 * What matters to the caller is whether to try again. A refusal for good (5xx)
 * of this recipient or this message is final; a refusal of us (login, sender) is
 * not the mail's fault: it waits until the operator has mended that.
 */
#include "net/mail.h"

#include <curl/curl.h>

#include "base/buf.h"
#include "net/mail_parts.h"

#define CONNECT_TIMEOUT_SECONDS 10L
#define SEND_TIMEOUT_SECONDS    30L

struct upload {
	const char *data;
	size_t left;
};

struct transfer {
	CURL *curl;
	struct curl_slist *recipients;
	struct upload upload;
	char message[CURL_ERROR_SIZE];
};

static size_t read_upload(char *out, size_t size, size_t count, void *context)
{
	struct upload *upload = context;
	size_t length = size * count < upload->left ? size * count : upload->left;

	memcpy(out, upload->data, length);
	upload->data += length;
	upload->left -= length;
	return length;
}

static void transfer_free(void *thing)
{
	struct transfer *transfer = thing;

	curl_slist_free_all(transfer->recipients);
	curl_easy_cleanup(transfer->curl);
}

static struct transfer *transfer_new(struct ctx *ctx, const char *recipient)
{
	struct transfer *transfer = arena_new_of(ctx->arena, struct transfer);

	transfer->curl = curl_easy_init();
	transfer->recipients = curl_slist_append(NULL, recipient);
	if (!transfer->curl || !transfer->recipients)
		abort();
	arena_defer(ctx->arena, transfer_free, transfer);
	return transfer;
}

static bool is_loopback(const char *host)
{
	bool is_ipv4 = host[strspn(host, "0123456789.")] == '\0';

	return !strcmp(host, "localhost") || !strcmp(host, "[::1]") ||
	       (is_ipv4 && !strncmp(host, "127.", 4));
}

struct server {
	const char *url; /* with the name we greet with as its path */
	bool is_local;
};

/*
 * libcurl takes the URL's path as the name for EHLO; the sender's domain is
 * better there than the host's name, which may be anything.
 */
static enum err read_server(struct ctx *ctx, const struct mailbox *from, struct server *out)
{
	CURLU *parts = curl_url();
	char *host = NULL, *path = NULL;
	enum err code = OK;

	*out = (struct server){ 0 };
	if (!parts)
		abort();
	if (curl_url_set(parts, CURLUPART_URL, ctx->config->mail.url, 0) != CURLUE_OK ||
	    curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
	    curl_url_get(parts, CURLUPART_PATH, &path, 0) != CURLUE_OK) {
		code = fail_log(ctx, ERR_INTERNAL,
				"mail: the server in the configuration is wrong");
	} else {
		const char *domain = strlen(path) > 1 ? "" : strrchr(from->address, '@') + 1;
		size_t length = strlen(ctx->config->mail.url);
		bool has_slash = length > 0 && ctx->config->mail.url[length - 1] == '/';

		out->is_local = is_loopback(host);
		out->url = arena_printf(ctx->arena, "%s%s%s", ctx->config->mail.url,
					has_slash || !*domain ? "" : "/", domain);
	}
	curl_free(host);
	curl_free(path);
	curl_url_cleanup(parts);
	return code;
}

/* On this machine nobody listens in, and the certificate is often home-made. */
static long tls_of(const struct server *server)
{
	return server->is_local ? CURLUSESSL_NONE : CURLUSESSL_ALL;
}

static void prepare(struct ctx *ctx, struct transfer *transfer, const struct server *server,
		    const struct mailbox *from)
{
	CURL *curl = transfer->curl;
	const char *user = ctx->config->mail.user;

	curl_easy_setopt(curl, CURLOPT_URL, server->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL, tls_of(server));
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_TIMEOUT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, SEND_TIMEOUT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->message);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_printf(ctx->arena, "<%s>", from->address));
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, transfer->recipients);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_upload);
	curl_easy_setopt(curl, CURLOPT_READDATA, &transfer->upload);
	if (user && *user) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, user);
		curl_easy_setopt(curl, CURLOPT_PASSWORD, ctx->config->mail.password);
	}
}

static enum err classify(struct ctx *ctx, const struct transfer *transfer, CURLcode result)
{
	const char *why = *transfer->message ? transfer->message : curl_easy_strerror(result);
	long answer = 0;
	bool is_about_us;

	if (result == CURLE_OK)
		return OK;
	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &answer);
	/* libcurl has no code of its own for a sender that was refused. */
	is_about_us = result == CURLE_LOGIN_DENIED || result == CURLE_USE_SSL_FAILED ||
		      !strncmp(transfer->message, "MAIL failed", 11);
	if (answer >= 500 && !is_about_us)
		return fail_log(ctx, ERR_INVALID, "mail: refused for good: %s (%ld)", why, answer);
	if (result == CURLE_URL_MALFORMAT || result == CURLE_UNSUPPORTED_PROTOCOL)
		return fail_log(ctx, ERR_INTERNAL, "mail: %s", why);
	return fail_log(ctx, ERR_UNAVAILABLE, "mail: %s (%ld)", why, answer);
}

enum err mail_send(struct ctx *ctx, const struct mail *mail)
{
	struct buf message;
	struct mailbox from;
	struct server server;
	struct transfer *transfer;

	buf_init(&message, ctx->arena, MAIL_MAX_BYTES);
	TRY(mail_compose(ctx, mail, &message));
	TRY(mail_sender(ctx, &from));
	TRY(read_server(ctx, &from, &server));
	transfer = transfer_new(ctx, arena_printf(ctx->arena, "<%s>", mail->to));
	transfer->upload = (struct upload){ message.data, message.length };
	prepare(ctx, transfer, &server, &from);
	return classify(ctx, transfer, curl_easy_perform(transfer->curl));
}
