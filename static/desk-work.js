/*
 * A question at the desk: the claim is renewed while the page is open, and a template's text
 * or a link to an article is put where the cursor is, so that nothing that was typed is lost.
 * Without this script the claim ends after ten minutes, and choosing one loads the page with it.
 */
"use strict";

(() => {
	const RENEW_MS = 4 * 60 * 1000;
	const renewed = document.querySelector("form[data-renew]");
	const chooser = document.querySelector("form[data-templates]");
	const body = document.getElementById("body");

	/* The key that leads to the reply; see moderation.js. */
	if (body)
		body.dataset.key = "r";

	if (renewed) {
		const timer = setInterval(async () => {
			const fields = new FormData(renewed);

			fields.set("on", "1");
			try {
				const answer = await fetch(renewed.action, {
					method: "POST",
					body: new URLSearchParams(fields),
					redirect: "manual",
				});

				if (answer.status >= 400)
					clearInterval(timer);
			} catch (error) {
				/* The network is away: the next time may go better. */
			}
		}, RENEW_MS);
	}

	const insert = (text) => {
		const before = body.value.slice(0, body.selectionStart);
		const gap = before && !before.endsWith("\n\n") ? (before.endsWith("\n") ? "\n" : "\n\n") : "";

		body.setRangeText(gap + text, body.selectionStart, body.selectionEnd, "end");
		body.dispatchEvent(new Event("input", { bubbles: true }));
		body.focus();
	};

	/* What the form asks for, as text; if that fails, the page comes anew with it. */
	const fetched = async (form, name, value) => {
		const address = new URL(form.action);
		address.hash = "";
		address.searchParams.set(name, value);
		address.searchParams.set("as", "text");

		const answer = await fetch(address);

		if (!answer.ok)
			throw new Error(answer.statusText);
		insert(await answer.text());
	};

	if (chooser && body) {
		chooser.addEventListener("submit", async (event) => {
			const id = chooser.elements.template.value;

			event.preventDefault();
			try {
				await fetched(chooser, "template", id);
				body.form.elements.desk.value = id;
			} catch (error) {
				chooser.submit();
			}
		});
	}

	for (const form of body ? document.querySelectorAll("form[data-insert]") : [])
		form.addEventListener("submit", async (event) => {
			const button = form.querySelector("button");

			event.preventDefault();
			try {
				await fetched(form, button.name, button.value);
			} catch (error) {
				window.location = `?${button.name}=${button.value}#answer`;
			}
		});
})();
