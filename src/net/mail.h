/*
 * Sending one mail by SMTP (libcurl), text and HTML parts, UTF-8. Only the worker
 * calls it. Addresses and subjects with line breaks are refused (header injection).
 */
#ifndef NET_MAIL_H
#define NET_MAIL_H

#include "base/buf.h"
#include "base/ctx.h"

struct mail {
	const char *to; /* bare address */
	const char *to_name;
	const char *subject;
	const char *text;
	const char *html;                 /* may be NULL */
	const char *message_id;           /* without <>: stable, so a retry is the same mail */
	const char *in_reply_to;          /* or NULL */
	const char *list_unsubscribe_url; /* or NULL (RFC 8058) */
};

/*
 * The whole message (RFC 5322, MIME multipart/alternative, base64 parts, RFC 2047
 * headers, Auto-Submitted, X-Auto-Response-Suppress), with CRLF.
 * ERR_INVALID: an address or header that cannot be.
 */
enum err mail_compose(struct ctx *ctx, const struct mail *mail, struct buf *out) MUST_CHECK;

/*
 * Over TLS, with a certificate that holds, unless the server is this machine.
 * ERR_UNAVAILABLE: try again later (connection, 4xx, and what the operator has to
 *                  mend: login or sender refused)
 * ERR_INVALID:     never (5xx for this address or this message)
 * ERR_INTERNAL:    the configuration is wrong
 * Bounded at 30 seconds. After a timeout the mail may have gone all the same: its
 * stable message_id lets the receiver see that it is the same one.
 */
enum err mail_send(struct ctx *ctx, const struct mail *mail) MUST_CHECK;

/* One address of the form local@domain, as browsers' type=email accepts it. */
bool mail_address_is_valid(const char *address);

#endif
