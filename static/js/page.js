/*
 * Improvements of every page, which works without them: menus that close, filters in
 * sight, times that stay true. The build joins it with search.js to app.js.
 */
"use strict";

(() => {
	const language = document.documentElement.lang;

	/* Menus ------------------------------------------------------------------ */

	const closeMenus = (except) => {
		for (const menu of document.querySelectorAll("details.menu[open]"))
			if (!menu.contains(except))
				menu.open = false;
	};

	document.addEventListener("click", (event) => closeMenus(event.target));
	document.addEventListener("keydown", (event) => {
		const menu = event.key === "Escape" && event.target.closest("details.menu[open]");

		if (menu) {
			menu.open = false;
			menu.querySelector("summary").focus();
		}
	});

	/* Filters ---------------------------------------------------------------- */

	/* On a phone the chosen one may stand beyond the edge. */
	for (const chosen of document.querySelectorAll(".filters [aria-current]"))
		chosen.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });

	/* Times ------------------------------------------------------------------ */

	/* As i18n_ago on the server does it; older ones change too slowly to matter. */
	const ago = (time_ms, now_ms, format) => {
		const minutes = Math.floor((now_ms - time_ms) / 60000);

		if (minutes < 1)
			return null;
		if (minutes < 60)
			return format.format(-minutes, "minute");
		if (minutes < 12 * 60)
			return format.format(-Math.floor(minutes / 60), "hour");
		return null;
	};

	const refreshTimes = () => {
		const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });

		for (const element of document.querySelectorAll("time.ago")) {
			const text = ago(Date.parse(element.dateTime), Date.now(), format);

			if (text && element.textContent !== text)
				element.textContent = text;
		}
	};

	if (window.Intl && Intl.RelativeTimeFormat) {
		refreshTimes();
		setInterval(refreshTimes, 60000);
		document.addEventListener("visibilitychange", () => document.hidden || refreshTimes());
	}
})();
