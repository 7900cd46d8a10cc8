/*
 * The ask page: while the title and then the details are written, questions like it
 * appear with their solutions. Quietly: the field somebody writes in does not move,
 * what somebody reads is not replaced, and the news is told once.
 */
"use strict";

(() => {
	const WAIT_MS = 500;
	const TITLE_MIN = 8;
	const BODY_MAX = 4000;

	const region = document.querySelector("[data-similar]");
	const form = document.querySelector("form[data-ask]");
	const solved = document.getElementById("similar-solved");

	const fields = (more) => new URLSearchParams({ csrf: solved.elements.csrf.value,
		view: solved.elements.view.value, ...more });

	/* What was unfolded or followed is counted: which question, never by whom. */
	const tellOpened = (event) => {
		const item = event.target.closest(".similar-item");
		const isLink = event.target.closest(".similar-link");
		const summary = event.target.closest("summary");

		if (!item || item.dataset.told || !(isLink || (summary && !summary.parentElement.open)))
			return;
		item.dataset.told = "yes";
		navigator.sendBeacon("/ask/opened", fields(item.dataset.article ? { article: item.dataset.article }
			: { topic: item.dataset.topic }));
	};

	if (solved)
		document.addEventListener("click", tellOpened);
	if (!region || !form || !solved)
		return;

	const state = region.querySelector(".similar-state");
	const results = region.querySelector(".similar-results");
	const hint = region.querySelector(".similar-hint");
	const title = form.elements.title;
	const body = form.elements.body;
	let asked = "";
	let latest = 0;
	let timer = 0;
	let waiting = null;

	/* On a phone the list stands under the title, beside the form on a desk. */
	const placeRegion = () => {
		const isNarrow = window.matchMedia("(max-width: 59.99rem)").matches;
		const place = title.closest(".field");
		const aside = document.querySelector(".ask-columns > .column-side");

		if (aside && isNarrow)
			place.after(region);
		else if (aside && region.parentElement !== aside)
			aside.prepend(region);
	};

	/* Whatever grows above a field, the field stays where the eyes are. */
	const keepInPlace = (change) => {
		const field = document.activeElement;
		const isBelow = field && form.contains(field) &&
			region.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING;
		const before = isBelow ? field.getBoundingClientRect().top : 0;

		change();
		if (isBelow)
			window.scrollBy({ top: field.getBoundingClientRect().top - before, behavior: "instant" });
	};

	/* Questions by their numbers, articles with an "a" before theirs. */
	const numbers = (root) => [...root.querySelectorAll(".similar-item")]
		.map((item) => item.dataset.topic ?? `a${item.dataset.article}`).join();

	/* What was shown need not be shown again before publishing. */
	const remember = () => {
		const seen = form.elements.seen;

		if (seen)
			seen.value = [...new Set([...seen.value.split(","), ...numbers(results).split(",")])]
				.filter(Boolean).slice(-50).join();
	};

	const show = (html) => {
		const list = document.createRange().createContextualFragment(html);
		const found = [...list.querySelectorAll(".similar-list")].map((each) => each.dataset.found);

		if (numbers(list) === numbers(results))
			return;
		/* On a phone an open answer would push the form out of sight. */
		for (const details of form.contains(region) ? list.querySelectorAll("details[open]") : [])
			details.open = false;
		keepInPlace(() => {
			results.replaceChildren(list);
			region.hidden = found.length === 0 && !hint;
			if (hint)
				hint.hidden = found.length > 0;
			state.textContent = found.join(" ");
			remember();
		});
	};

	/* Nobody loses the line they are reading. */
	const showWhenFree = (html) => {
		waiting = region.contains(document.activeElement) ? html : null;
		if (waiting === null)
			show(html);
	};

	const look = async () => {
		const text = { title: title.value.trim(), body: body ? body.value.trim().slice(0, BODY_MAX) : "" };
		const mine = ++latest;

		if (JSON.stringify(text) === asked)
			return;
		asked = JSON.stringify(text);
		if (text.title.length < TITLE_MIN) {
			showWhenFree("");
			return;
		}
		if (form.elements.language)
			text.language = form.elements.language.value;
		try {
			const answer = await fetch("/ask/similar", { method: "POST", body: fields(text),
				credentials: "same-origin", redirect: "error" });

			if (answer.ok && mine === latest)
				showWhenFree(await answer.text());
		} catch {
			/* Offline: what is shown stays. */
		}
	};

	/* A visitor's sentence comes along to signing in and up. */
	const carry = () => {
		const again = `/ask?title=${encodeURIComponent(title.value.trim())}&view=${form.elements.view.value}`;

		for (const link of document.querySelectorAll("a[data-next]"))
			link.href = `${link.dataset.next}?next=${encodeURIComponent(again)}`;
	};

	const soon = () => {
		clearTimeout(timer);
		timer = setTimeout(look, WAIT_MS);
		carry();
	};

	region.addEventListener("focusout", () => setTimeout(() => {
		if (waiting !== null)
			showWhenFree(waiting);
	}));
	form.addEventListener("submit", () => clearTimeout(timer));
	title.addEventListener("input", soon);
	if (body)
		body.addEventListener("input", soon);
	window.matchMedia("(max-width: 59.99rem)").addEventListener("change", placeRegion);
	placeRegion();
	if (title.value.trim() && !results.querySelector(".similar-item"))
		look();
})();
