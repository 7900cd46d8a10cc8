/*
 * What the tour asks of a page; each is a function, called by its name and run in
 * the page. None but unfold and layOver change what the next one sees.
 */
const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) &&
	element.getClientRects().length > 0;

const name = (element) => {
	const words = (element.getAttribute("aria-label") || element.textContent || element.id).trim();
	return `${element.tagName.toLowerCase()}.${element.className.baseVal ?? element.className} "${words.slice(0, 40)}"`;
};

const controls = () => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
	/* Hidden from everybody (a field for programs, the button that Return presses): nobody's target. */
	.filter((element) => element.type !== "hidden" && !element.closest("[aria-hidden=true]") && isShown(element));

/* A link in a sentence may be as small as its words (WCAG 2.5.8). */
const isInSentence = (element) => element.tagName === "A" && getComputedStyle(element).display === "inline" &&
	[...element.parentElement.childNodes].some((node) => node !== element && node.textContent.trim());

/* A card's link lies over the whole card by its ::after. */
const isSmall = (element) => {
	const box = element.getBoundingClientRect();

	return (box.width < 24 || box.height < 24) && !isInSentence(element) &&
		getComputedStyle(element, "::after").position !== "absolute";
};

const judge = {
	/* Status, weight, foreign hosts, shifts of the layout, small targets. */
	async facts() {
		const [page] = performance.getEntriesByType("navigation");
		const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
		const shifts = await new Promise((resolve) => {
			let sum = 0;
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries())
					sum += entry.value;
			}).observe({ type: "layout-shift", buffered: true });
			/* Buffered entries are handed over before the frame after next. */
			requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
		});
		const own = [...document.querySelectorAll(".prose")]
			.reduce((sum, element) => sum + new TextEncoder().encode(element.innerHTML).length, 0);

		return {
			status: page.responseStatus,
			title: document.title,
			language: document.documentElement.lang,
			bytes: page.decodedBodySize,
			written: own,
			posts: document.querySelectorAll("article.post").length,
			shifts,
			foreign: loaded.filter((address) => new URL(address).origin !== location.origin),
			small: controls().filter(isSmall).map((element) => `${name(element)} ${element.offsetWidth}×${element.offsetHeight}`),
		};
	},

	/* Controls that look the same with the keyboard's focus as without. */
	focus() {
		const look = (element) => {
			const field = element.closest(".search-field, .toolbar") ?? element;
			const style = getComputedStyle(element);

			return [style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 ? style.outlineColor : "",
				getComputedStyle(field).boxShadow].join();
		};
		const had = document.activeElement;
		const same = controls().filter((element) => {
			had.blur();
			const before = look(element);
			element.focus();
			const after = look(element);
			element.blur();
			return before === after && !element.disabled;
		});

		had.focus();
		return same.map(name);
	},

	/* Every sentence that a person sees or hears, less what is marked as another language. */
	sentences() {
		const said = new Set();
		const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT);

		for (let element = walker.currentNode; element; element = walker.nextNode()) {
			if (element.closest("[lang]") !== document.documentElement)
				continue;
			for (const node of element.childNodes)
				if (node.nodeType === Node.TEXT_NODE)
					said.add(node.data.trim().replace(/[ \t\n]+/g, " "));
			for (const attribute of ["aria-label", "title", "placeholder", "alt"])
				said.add(element.getAttribute(attribute) ?? "");
		}
		said.delete("");
		return [...said];
	},

	/* How far the page is wider than the window, and what sticks out. */
	measure() {
		const width = document.documentElement.clientWidth;
		const over = document.documentElement.scrollWidth - width;
		const scrolls = (element) => element.closest(".table-wrap, pre, .filters, .visually-hidden, .skip-link, [aria-hidden]");
		const out = [...document.body.querySelectorAll("*")].filter((element) => isShown(element) && !scrolls(element) &&
			element.getBoundingClientRect().right > width + 1 + scrollX);

		return over > 0 || out.length > 0 ? `${over} px: ${out.slice(0, 3).map(name).join("; ")}` : "";
	},

	/* Opens every menu. */
	/* All at once, which nobody can see: a panel would lie over the next one's button. */
	unfold() {
		for (const details of document.querySelectorAll("details"))
			details.open = true;
		for (const panel of document.querySelectorAll(".menu-panel"))
			panel.style.position = "static";
	},

	/* Panels where they are when open. */
	layOver() {
		for (const panel of document.querySelectorAll(".menu-panel"))
			panel.style.position = "";
	},
};
