/*
 * Passkeys on pages: static/passkey.js asks /passkey/options for a challenge, lets the
 * browser answer it, fills hidden fields of a form with that, and sends the form as it
 * would be sent without it.
 */
#ifndef WEB_PASSKEY_H
#define WEB_PASSKEY_H

#include "forum/passkey.h"
#include "web/request.h"

struct security_page;

/* The fields passkey_… of a form. False: there is no answer in it. */
bool passkey_read_answer(struct request *request, struct passkey_answer *out);

/* /settings/security, for its forms in two files. notice: of respond.c, when it went well. */
enum err security_page_show(struct request *request, struct security_page *page) MUST_CHECK;
enum err security_page_finish(struct request *request, struct security_page *page, enum err result,
			      const char *notice) MUST_CHECK;

#endif
