/*
 * Passkeys: a form with data-passkey asks the server for a challenge, lets the browser
 * answer it, and is sent with the answer in its hidden fields. Without this script, or in
 * a browser that knows no passkeys, the page goes on saying what works instead.
 */
"use strict";

(() => {
	const forms = document.querySelectorAll("form[data-passkey]");

	/* base64url (RFC 4648 section 5), which is how bytes travel in JSON and in fields. */
	const toBytes = (text) => Uint8Array.from(
		atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
	const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
		.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

	const withBytes = (list) => list.map((item) => ({ ...item, id: toBytes(item.id) }));

	const askServer = async (form) => {
		const answer = await fetch("/passkey/options", {
			method: "POST",
			credentials: "same-origin",
			body: new URLSearchParams({ csrf: form.elements.csrf.value, for: form.dataset.passkey }),
		});

		if (!answer.ok)
			throw new Error(`the server said ${answer.status}`);
		return answer.json();
	};

	const create = async (form, options) => {
		const made = await navigator.credentials.create({ publicKey: { ...options,
			challenge: toBytes(options.challenge),
			user: { ...options.user, id: toBytes(options.user.id) },
			excludeCredentials: withBytes(options.excludeCredentials) } });

		form.elements.client_data.value = toText(made.response.clientDataJSON);
		form.elements.attestation.value = toText(made.response.attestationObject);
	};

	const get = async (form, options) => {
		const found = await navigator.credentials.get({ publicKey: { ...options,
			challenge: toBytes(options.challenge),
			allowCredentials: withBytes(options.allowCredentials) } });
		const { response } = found;
		const fields = form.elements;

		fields.passkey_id.value = toText(found.rawId);
		fields.passkey_client_data.value = toText(response.clientDataJSON);
		fields.passkey_authenticator_data.value = toText(response.authenticatorData);
		fields.passkey_signature.value = toText(response.signature);
		fields.passkey_user_handle.value = response.userHandle ? toText(response.userHandle) : "";
	};

	const show = (form, what, isShown) => {
		for (const element of form.querySelectorAll(`[data-passkey-${what}]`))
			element.hidden = !isShown;
	};

	const run = async (form) => {
		const button = form.querySelector("button[data-passkey-button]");

		show(form, "failed", false);
		show(form, "known", false);
		button.disabled = true;
		try {
			const options = await askServer(form);

			await (form.dataset.passkey === "new" ? create(form, options) : get(form, options));
			form.submit();
		} catch (error) {
			show(form, error.name === "InvalidStateError" ? "known" : "failed", true);
		}
		button.disabled = false;
	};

	if (!window.PublicKeyCredential || !navigator.credentials)
		return;
	for (const form of forms) {
		show(form, "missing", false);
		show(form, "button", true);
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			run(form);
		});
	}
})();
