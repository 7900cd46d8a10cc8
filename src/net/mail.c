/*
 * Composing a mail. Every part is base64, so no line is too long and no relay
 * has a reason to touch it; every header is plain ASCII of at most 76 columns.
 * Nothing that a person typed reaches a header unchecked: a control character
 * there is refused, because a line break would start a header of its own.
 *
 * RFC 5322 (message), 2045 and 2046 (MIME), 2047 (other letters in headers),
 * 3834 (Auto-Submitted), 8058 (one-click unsubscribe).
 */
#include "net/mail.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/utf8.h"
#include "net/mail_parts.h"

#define PART_MAX_BYTES    (1 << 20)
#define SUBJECT_MAX_BYTES 1000
#define NAME_MAX_BYTES    320
#define URL_MAX_BYTES     900 /* a line may have 998 */
#define ID_MAX_BYTES      250
#define ADDRESS_MAX_BYTES 254 /* RFC 5321 4.5.3.1, less the <> */
#define LOCAL_MAX_BYTES   64
#define LABEL_MAX_BYTES   63

#define LINE_COLUMNS 76
#define WORD_START   "=?UTF-8?B?"
#define WORD_END     "?="
#define WORD_COLUMNS 75 /* RFC 2047 section 2 */

#define LETTERS_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define ATOM           LETTERS_DIGITS "!#$%&'*+-/=?^_`{|}~"

/* Checking ------------------------------------------------------------- */

/* A domain's labels: letters, digits, inner hyphens, at most 63 each. */
static bool is_domain(const char *domain)
{
	for (;;) {
		size_t length = strspn(domain, LETTERS_DIGITS "-");

		if (length == 0 || length > LABEL_MAX_BYTES || domain[0] == '-' ||
		    domain[length - 1] == '-')
			return false;
		if (domain[length] == '\0')
			return true;
		if (domain[length] != '.')
			return false;
		domain += length + 1;
	}
}

bool mail_address_is_valid(const char *address)
{
	size_t local = strspn(address, ATOM ".");

	return local > 0 && local <= LOCAL_MAX_BYTES && address[local] == '@' &&
	       strlen(address) <= ADDRESS_MAX_BYTES && is_domain(address + local + 1);
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			return true;
	return false;
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* What may stand between < and > in a header. */
static bool is_token(const char *text, size_t max_bytes)
{
	return *text && strlen(text) <= max_bytes && is_ascii(text) && !has_control(text) &&
	       strpbrk(text, " <>\"\\") == NULL;
}

static bool is_url(const char *url)
{
	bool is_web = !strncmp(url, "https://", 8) || !strncmp(url, "http://", 7);

	return is_web && is_token(url, URL_MAX_BYTES);
}

static enum err refuse(struct ctx *ctx, const char *what)
{
	return fail_log(ctx, ERR_INVALID, "mail: %s cannot be sent", what);
}

static enum err check(struct ctx *ctx, const struct mail *mail)
{
	if (!mail_address_is_valid(mail->to))
		return refuse(ctx, "the address");
	if (mail->to_name && (has_control(mail->to_name) || strlen(mail->to_name) > NAME_MAX_BYTES))
		return refuse(ctx, "the name");
	if (has_control(mail->subject) || strlen(mail->subject) > SUBJECT_MAX_BYTES)
		return refuse(ctx, "the subject");
	if (!is_token(mail->message_id, ID_MAX_BYTES) || !strchr(mail->message_id, '@'))
		return refuse(ctx, "the message id");
	if (mail->in_reply_to && !is_token(mail->in_reply_to, ID_MAX_BYTES))
		return refuse(ctx, "the id of what it answers");
	if (mail->list_unsubscribe_url && !is_url(mail->list_unsubscribe_url))
		return refuse(ctx, "the unsubscribe address");
	return OK;
}

/* "Name <address>" or "address", from the configuration. */
enum err mail_sender(struct ctx *ctx, struct mailbox *out)
{
	const char *from = ctx->config->mail.from;
	const char *open = strrchr(from, '<');
	size_t length;

	*out = (struct mailbox){ .address = from, .name = "" };
	if (open) {
		const char *name_end = open;

		while (name_end > from && (name_end[-1] == ' ' || name_end[-1] == '"'))
			name_end--;
		while (from < name_end && (*from == ' ' || *from == '"'))
			from++;
		out->name = arena_strndup(ctx->arena, from, (size_t)(name_end - from));
		length = strcspn(open + 1, ">");
		out->address = arena_strndup(ctx->arena, open + 1, length);
	}
	if (!mail_address_is_valid(out->address) || has_control(out->name) ||
	    strlen(out->name) > NAME_MAX_BYTES)
		return fail_log(ctx, ERR_INTERNAL,
				"mail: the sender in the configuration is wrong");
	return OK;
}

/* Base64 --------------------------------------------------------------- */

static void base64(struct buf *out, const char *bytes, size_t length)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)bytes;

	for (size_t i = 0; i < length; i += 3) {
		unsigned int second = i + 1 < length ? in[i + 1] : 0;
		unsigned int third = i + 2 < length ? in[i + 2] : 0;
		unsigned int bits = (unsigned int)in[i] << 16 | second << 8 | third;
		char four[4] = {
			digits[bits >> 18],
			digits[bits >> 12 & 63],
			i + 1 < length ? digits[bits >> 6 & 63] : '=',
			i + 2 < length ? digits[bits & 63] : '=',
		};

		buf_bytes(out, four, 4);
	}
}

static void base64_lines(struct buf *out, const char *bytes, size_t length)
{
	const size_t line_bytes = LINE_COLUMNS / 4 * 3;

	for (size_t start = 0; start < length; start += line_bytes) {
		size_t left = length - start;

		base64(out, bytes + start, left < line_bytes ? left : line_bytes);
		buf_text(out, "\r\n");
	}
}

/* MIME's form of text: every line break is CRLF, also before base64. */
static void with_crlf(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (text[0] == '\r' && text[1] == '\n')
			continue;
		if (*text == '\n')
			buf_char(out, '\r');
		buf_char(out, *text);
	}
}

/* Headers -------------------------------------------------------------- */

/* Bytes of whole characters, at most max_bytes but at least one character. */
static size_t whole_characters(const char *text, size_t max_bytes)
{
	size_t taken = 0;
	uint32_t point;

	for (;;) {
		size_t length = utf8_next(text + taken, &point);

		if (length == 0 || (taken > 0 && taken + length > max_bytes))
			return taken;
		taken += length;
	}
}

/*
 * RFC 2047 encoded words, each with whole characters only, one a line. column is
 * where the first one starts.
 */
static void encoded_words(struct buf *out, const char *text, size_t column)
{
	const size_t around = strlen(WORD_START) + strlen(WORD_END);

	while (*text) {
		size_t columns = LINE_COLUMNS - column;
		size_t length;

		if (columns > WORD_COLUMNS)
			columns = WORD_COLUMNS;
		length = whole_characters(text, (columns - around) / 4 * 3);
		buf_text(out, WORD_START);
		base64(out, text, length);
		buf_text(out, WORD_END);
		text += length;
		if (*text)
			buf_text(out, "\r\n ");
		column = 1;
	}
}

/* Short ASCII goes as it is, unless it looks like an encoded word. */
static bool is_plain(const char *text, size_t column)
{
	return is_ascii(text) && strlen(text) + column <= LINE_COLUMNS && !strstr(text, "=?");
}

static void quoted(struct buf *out, const char *text)
{
	buf_char(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_char(out, '\\');
		buf_char(out, *text);
	}
	buf_char(out, '"');
}

static void display_name(struct buf *out, const char *name, size_t column)
{
	/* Room for the quotes and for every character being escaped. */
	bool is_short = strlen(name) <= LINE_COLUMNS / 3;

	if (!is_short || !is_plain(name, column))
		encoded_words(out, name, column);
	else if (name[strspn(name, ATOM " ")] == '\0')
		buf_text(out, name);
	else
		quoted(out, name);
}

static void header_mailbox(struct buf *out, const char *header, const struct mailbox *mailbox)
{
	buf_printf(out, "%s: ", header);
	if (mailbox->name && mailbox->name[strspn(mailbox->name, " ")]) {
		display_name(out, mailbox->name, strlen(header) + 2);
		buf_text(out, "\r\n ");
	}
	buf_printf(out, "<%s>\r\n", mailbox->address);
}

static void header_subject(struct buf *out, const char *subject)
{
	size_t column = strlen("Subject: ");

	buf_text(out, "Subject: ");
	if (is_plain(subject, column))
		buf_text(out, subject);
	else
		encoded_words(out, subject, column);
	buf_text(out, "\r\n");
}

static void headers(struct ctx *ctx, const struct mail *mail, const struct mailbox *from,
		    struct buf *out)
{
	struct mailbox to = { .address = mail->to, .name = mail->to_name };

	buf_printf(out, "Date: %s\r\n", clock_mail(ctx->arena, ctx->now ? ctx->now : clock_now()));
	header_mailbox(out, "From", from);
	header_mailbox(out, "To", &to);
	header_subject(out, mail->subject);
	buf_printf(out, "Message-ID: <%s>\r\n", mail->message_id);
	if (mail->in_reply_to)
		buf_printf(out, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", mail->in_reply_to,
			   mail->in_reply_to);
	if (mail->list_unsubscribe_url)
		buf_printf(out,
			   "List-Unsubscribe: <%s>\r\n"
			   "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
			   mail->list_unsubscribe_url);
	/* No "out of office" answers, please: RFC 3834, and Exchange's own. */
	buf_text(out, "Auto-Submitted: auto-generated\r\n"
		      "X-Auto-Response-Suppress: All\r\n"
		      "MIME-Version: 1.0\r\n");
}

/* Parts ---------------------------------------------------------------- */

static void part(struct ctx *ctx, struct buf *out, const char *type, const char *text)
{
	struct buf canonical;

	buf_init(&canonical, ctx->arena, PART_MAX_BYTES);
	with_crlf(&canonical, text);
	buf_printf(out,
		   "Content-Type: %s; charset=utf-8\r\n"
		   "Content-Transfer-Encoding: base64\r\n\r\n",
		   type);
	base64_lines(out, canonical.data, canonical.length);
	out->is_overflown |= canonical.is_overflown;
}

/* "=_" cannot occur in base64; the same mail gets the same boundary. */
static const char *boundary_of(struct ctx *ctx, const struct mail *mail)
{
	uint8_t hash[CRYPTO_HASH_BYTES];

	crypto_sha256(hash, mail->message_id, strlen(mail->message_id));
	return arena_printf(ctx->arena, "=_%s", crypto_hex(ctx->arena, hash, 12));
}

static void body(struct ctx *ctx, const struct mail *mail, struct buf *out)
{
	const char *boundary;

	if (!mail->html) {
		part(ctx, out, "text/plain", mail->text);
		return;
	}
	boundary = boundary_of(ctx, mail);
	buf_printf(out,
		   "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n"
		   "--%s\r\n",
		   boundary, boundary);
	part(ctx, out, "text/plain", mail->text);
	buf_printf(out, "--%s\r\n", boundary);
	part(ctx, out, "text/html", mail->html);
	buf_printf(out, "--%s--\r\n", boundary);
}

enum err mail_compose(struct ctx *ctx, const struct mail *mail, struct buf *out)
{
	struct mailbox from;

	TRY(check(ctx, mail));
	TRY(mail_sender(ctx, &from));
	headers(ctx, mail, &from, out);
	body(ctx, mail, out);
	if (out->is_overflown)
		return refuse(ctx, "a text of this length");
	return OK;
}
