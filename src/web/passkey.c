/*
 * The forms of passkeys, and the challenge that a browser fetches first. It is made by a
 * POST, so that neither crawlers nor look-aheads fill a table with them.
 */
#include "web/passkey.h"

#include "forum/second_factor.h"
#include "i18n/i18n.h"
#include "templates/templates.h"
#include "web/handlers.h"
#include "web/helpers.h"
#include "web/json.h"
#include "web/pages_security.h"
#include "web/respond.h"
#include "web/sign_in.h"

#define CEREMONY_MILLISECONDS (5 * 60 * 1000)

bool passkey_read_answer(struct request *request, struct passkey_answer *out)
{
	const struct http_request *http = request->http;

	*out = (struct passkey_answer){
		.id = http_form(http, "passkey_id"),
		.client_data = http_form(http, "passkey_client_data"),
		.authenticator_data = http_form(http, "passkey_authenticator_data"),
		.signature = http_form(http, "passkey_signature"),
		.user_handle = http_form(http, "passkey_user_handle"),
	};
	return out->id[0] != '\0';
}

/* Challenges ------------------------------------------------------------------------------ */

/* What for, by who asks: the field says only whether somebody wants a new one. */
static enum err find_purpose(struct request *request, enum passkey_purpose *purpose,
			     int64_t *person_id)
{
	bool is_new = strcmp(http_form(request->http, "for"), "new") == 0;

	*purpose = is_new ? PASSKEY_REGISTER : PASSKEY_CHECK;
	*person_id = request->actor.id;
	if (request->actor.id)
		return OK;
	if (is_new)
		return fail(&request->ctx, ERR_UNAUTHENTICATED, NULL, NULL);
	TRY(sign_in_waiting(request, person_id));
	if (strcmp(http_form(request->http, "for"), "step") != 0)
		*person_id = 0;
	*purpose = *person_id ? PASSKEY_STEP : PASSKEY_SIGN_IN;
	return OK;
}

static void write_person(struct json *json, const struct passkey_options *options)
{
	static const int algorithms[] = { -8, -7, -257 }; /* EdDSA, ES256, RS256 */

	json_object(json, "user");
	json_text(json, "id", options->user_id);
	json_text(json, "name", options->user_name);
	json_text(json, "displayName", options->user_label);
	json_end(json);
	json_list(json, "pubKeyCredParams");
	for (size_t i = 0; i < ARRAY_COUNT(algorithms); i++) {
		json_object(json, NULL);
		json_text(json, "type", "public-key");
		json_i64(json, "alg", algorithms[i]);
		json_end(json);
	}
	json_end(json);
	json_object(json, "authenticatorSelection");
	json_text(json, "residentKey", "preferred");
	json_text(json, "userVerification", "preferred");
	json_end(json);
	json_text(json, "attestation", "none");
	json_object(json, "rp");
	json_text(json, "id", options->rp_id);
	json_text(json, "name", options->rp_name);
	json_end(json);
}

static void write_credentials(struct json *json, const char *key,
			      const struct passkey_options *options)
{
	json_list(json, key);
	for (size_t i = 0; i < options->credential_count; i++) {
		json_object(json, NULL);
		json_text(json, "type", "public-key");
		json_text(json, "id", options->credentials[i]);
		json_end(json);
	}
	json_end(json);
}

/* The dictionaries of the standard (sections 5.4 and 5.5), bytes in base64url. */
enum err passkey_options_post(struct request *request)
{
	struct passkey_options options;
	enum passkey_purpose purpose;
	int64_t person_id;
	struct json json;

	TRY(find_purpose(request, &purpose, &person_id));
	TRY(passkey_begin(&request->ctx, purpose, person_id, request->http->client_address,
			  &options));
	json_begin(&json, request->ctx.arena);
	json_text(&json, "challenge", options.challenge);
	json_i64(&json, "timeout", CEREMONY_MILLISECONDS);
	if (purpose == PASSKEY_REGISTER) {
		write_person(&json, &options);
		write_credentials(&json, "excludeCredentials", &options);
	} else {
		json_text(&json, "rpId", options.rp_id);
		json_text(&json, "userVerification",
			  options.must_verify ? "required" : "preferred");
		write_credentials(&json, "allowCredentials", &options);
	}
	return respond_text(request, 200, "application/json; charset=utf-8", json_finish(&json));
}

/* Signing in ------------------------------------------------------------------------------ */

enum err passkey_sign_in_post(struct request *request)
{
	struct login_page page = {
		.email = "",
		.next = safe_path(request, http_form(request->http, "next"), "/"),
	};
	struct passkey_answer answer;
	int64_t person_id = 0;
	enum err result;

	passkey_read_answer(request, &answer);
	result = passkey_check(&request->ctx, PASSKEY_SIGN_IN, &answer,
			       request->http->client_address, &person_id);
	if (is_form_error(result)) {
		page.error = field_error_take(request);
		page.has_passkeys = true;
		frame_init(request, &page.frame, _("Sign in"));
		template_login(&request->response->body, &page);
		return OK;
	}
	TRY(result);
	return sign_in_at_once(request, person_id, BY_PASSKEY, page.next);
}

/* Settings -------------------------------------------------------------------------------- */

enum err passkey_add_post(struct request *request)
{
	const struct passkey_new passkey = {
		.name = http_form(request->http, "name"),
		.client_data = http_form(request->http, "client_data"),
		.attestation = http_form(request->http, "attestation"),
	};
	struct security_page page = {
		.next = safe_path(request, http_form(request->http, "next"), ""),
		.passkey_name = passkey.name,
		.error = { "", "" },
	};

	return security_page_finish(
		request, &page, passkey_register(&request->ctx, &passkey, &page.codes), "passkey");
}

enum err passkey_remove_post(struct request *request)
{
	struct security_page page = { .next = "", .passkey_name = "", .error = { "", "" } };

	return security_page_finish(request, &page, passkey_remove(&request->ctx, request->id),
				    "passkey_off");
}
