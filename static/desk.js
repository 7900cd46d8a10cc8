/*
 * The counts of the desk's queue, kept true while the page is looked at: one small answer
 * every twenty seconds, none while the tab is hidden, none any more after a refusal. The
 * list itself stays as it was opened, so that nothing moves under a finger.
 */
"use strict";

(() => {
	const EVERY_MS = 20000;
	const MOST = 1000; /* and more, as the server counts */
	const places = [...document.querySelectorAll("[data-count]")];
	const number = new Intl.NumberFormat(document.documentElement.lang);

	if (places.length === 0)
		return;

	const show = (counts) => {
		for (const place of places) {
			const count = counts[place.dataset.count];

			if (Number.isInteger(count))
				place.textContent = number.format(count) + (count >= MOST ? "+" : "");
		}
	};

	const ask = async () => {
		if (!document.hidden) {
			try {
				const answer = await fetch("/desk/counts", { credentials: "same-origin", redirect: "error" });

				if (!answer.ok)
					return;
				show(await answer.json());
			} catch (error) {
				/* Away for a moment: the next time it may be back. */
			}
		}
		setTimeout(ask, EVERY_MS);
	};

	setTimeout(ask, EVERY_MS);
})();
