/*
 * Keys for whoever works through the queue: one letter presses the button (or opens, or
 * focuses what) carries it in data-key. Never while something is typed, never together
 * with another key, and they can be switched off (WCAG 2.1.4), so that they are in
 * nobody's way who speaks or has a screen reader. Without this script the same buttons
 * are pressed by hand.
 */
"use strict";

(() => {
	const help = document.getElementById("key-help");
	const off = document.getElementById("keys-off");
	const rows = [...document.querySelectorAll("[data-row]")];
	const STORED = "moderation-keys-off";

	if (!help)
		return;
	help.hidden = false;

	const stored = () => {
		try {
			return localStorage.getItem(STORED) === "1";
		} catch (error) {
			return false; /* storage is not allowed: keys stay as the page has them */
		}
	};
	off.checked = stored();
	off.addEventListener("change", () => {
		try {
			localStorage.setItem(STORED, off.checked ? "1" : "0");
		} catch (error) {
			/* It holds until the next page. */
		}
	});

	/* Where letters are letters. */
	const isTyping = (element) =>
		element.isContentEditable || element.closest("input:not([type=checkbox]), textarea, select");

	const press = (element) => {
		if (element.matches("summary"))
			element.parentElement.open = !element.parentElement.open;
		if (element.matches("textarea, summary, select"))
			element.focus();
		else
			element.click();
		if (element.matches("summary") && element.parentElement.open)
			(element.parentElement.querySelector("textarea") || element).focus();
	};

	const current = () => rows.findIndex((row) => row.contains(document.activeElement));

	const move = (step) => {
		const from = current();
		const to = from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + step));

		if (rows[to])
			rows[to].querySelector("a").focus();
	};

	const tick = () => {
		const row = rows[current()];
		const box = row && row.querySelector("input[type=checkbox]");

		if (box)
			box.checked = !box.checked;
	};

	const pressIn = (selector) => {
		const wanted = rows[current()] && rows[current()].querySelector(selector);

		if (wanted)
			wanted.click();
	};

	/* o and c: of the desk's queue, where a line can be claimed. */
	const lists = { j: () => move(1), k: () => move(-1), x: tick,
		o: () => pressIn("a"), c: () => pressIn("[data-claim]") };

	document.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat)
			return;
		if (isTyping(event.target) || event.defaultPrevented)
			return;
		if (event.key === "?") {
			help.open = !help.open;
			help.querySelector("summary").focus();
			event.preventDefault();
			return;
		}
		if (off.checked || event.key.length !== 1)
			return;
		if (rows.length > 0 && lists[event.key]) {
			lists[event.key]();
			event.preventDefault();
			return;
		}
		const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);

		if (wanted) {
			event.preventDefault();
			press(wanted);
		}
	});
})();
