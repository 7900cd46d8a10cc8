/*
 * Pages of signing in in two steps: beside pages.h, which has the rest.
 */
#ifndef WEB_PAGES_SECURITY_H
#define WEB_PAGES_SECURITY_H

#include "forum/passkey.h"
#include "forum/second_factor.h"
#include "web/pages.h"

/* /login/second-step: the code, after the password. */
struct second_step_page {
	struct frame frame;
	const char *next;
	struct second_factor state;
	bool has_passkeys; /* and a browser may use them here */
	struct field_error error;
};

/* /settings/security, and its answer with new recovery codes. */
struct security_page {
	struct frame frame;
	struct second_factor state;
	struct totp_setup setup; /* when state.is_setting_up */
	const char *qr_path;     /* squares of a QR code, or "" */
	int qr_size;
	const char *const *codes; /* new ones, shown this once; NULL */
	size_t code_count;
	struct passkey *passkeys;
	size_t passkey_count;
	bool passkeys_work;       /* browsers take them at this site's address */
	const char *passkey_name; /* as it was typed, when it was refused */
	const char *next;         /* where the one was led here from; "" */
	struct field_error error;
};

/* /check: the password or a code once more, then on with what was asked for. */
struct check_page {
	struct frame frame;
	const char *action; /* the form's address; "" where a page was asked for */
	const char *next;
	bool has_code; /* a code does as well */
	bool has_passkeys;
	/* The form that waits, sent on as it is. */
	struct check_field {
		const char *name, *value;
	} * fields;
	size_t field_count;
	struct field_error error;
};

#endif
