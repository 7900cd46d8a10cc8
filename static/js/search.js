/*
 * The search field as a combobox (WAI-ARIA 1.2, list autocomplete with manual
 * selection): suggestions while one types, by keyboard, finger or mouse. Without it
 * the field is a plain form's. Words come from the page (data attributes).
 */
"use strict";

(() => {
	const icons = document.currentScript.src.replace(/[^/]*$/, "icons.svg");
	const language = document.documentElement.lang;
	const LETTERS_MIN = 2;
	const WAIT_MS = 120;
	const REMEMBERED = 40;
	const pictures = { topic: "answer", article: "idea", category: "folder", tag: "tag" };

	/* Answers to what was typed a moment ago: erasing a letter asks nobody. */
	const known = new Map();

	const remember = (words, suggestions) => {
		known.set(words, suggestions);
		if (known.size > REMEMBERED)
			known.delete(known.keys().next().value);
	};

	const fetchSuggestions = async (words, signal) => {
		if (known.has(words))
			return known.get(words);
		const query = new URLSearchParams({ lang: language, q: words });
		const answer = await fetch(`/search/suggest?${query}`, { signal, credentials: "omit" });

		/* Too many, or away: one can still search. */
		if (!answer.ok)
			return [];
		const { suggestions } = await answer.json();

		remember(words, suggestions);
		return suggestions;
	};

	const makeElement = (tag, attributes, ...children) => {
		const element = document.createElement(tag);

		for (const [name, value] of Object.entries(attributes))
			element.setAttribute(name, value);
		element.append(...children);
		return element;
	};

	const makeIcon = (name) => {
		const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
		const use = document.createElementNS("http://www.w3.org/2000/svg", "use");

		svg.setAttribute("class", "icon");
		svg.setAttribute("aria-hidden", "true");
		use.setAttribute("href", `${icons}#${name}`);
		svg.append(use);
		return svg;
	};

	/* Only ever text: what people wrote is not markup. */
	const makeTitle = (pieces) => makeElement("span", { class: "suggestion-title" },
		...pieces.map((piece) => (piece.match ? makeElement("mark", {}, piece.text) : piece.text)));

	const makeOption = (suggestion, id) => {
		const look = suggestion.solved ? "suggestion is-solved" : "suggestion";
		const picture = suggestion.solved ? "check" : pictures[suggestion.kind] ?? "answer";
		const option = makeElement("li", { role: "option", id, class: look, "aria-selected": "false" },
			makeIcon(picture), makeTitle(suggestion.title),
			" ", makeElement("span", { class: "suggestion-note" }, suggestion.note));

		option.dataset.path = suggestion.path;
		return option;
	};

	class Combobox {
		constructor(field) {
			this.field = field;
			this.input = field.querySelector("input[type=search]");
			this.chosen = -1;
			this.timer = 0;
			this.request = null;
			this.addParts();
			this.listen();
		}

		addParts() {
			const id = `${this.input.id}-suggestions`;

			this.list = makeElement("ul", { id, role: "listbox", class: "suggestions", "aria-label": this.field.dataset.suggest });
			this.list.hidden = true;
			this.status = makeElement("div", { role: "status", class: "visually-hidden" });
			this.field.append(this.list, this.status);
			for (const [name, value] of Object.entries({
				role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
				"aria-haspopup": "listbox", "aria-controls": id,
			}))
				this.input.setAttribute(name, value);
		}

		listen() {
			this.input.addEventListener("input", () => this.later());
			this.input.addEventListener("keydown", (event) => this.press(event));
			this.input.addEventListener("blur", () => this.close());
			/* The field keeps the focus. */
			this.list.addEventListener("pointerdown", (event) => event.preventDefault());
			this.list.addEventListener("click", (event) => this.follow(event.target.closest("[role=option]")));
			this.input.form.addEventListener("submit", () => this.close());
			window.addEventListener("pagehide", () => this.close());
		}

		get words() {
			return this.input.value.trim().replace(/\s+/g, " ");
		}

		get isOpen() {
			return !this.list.hidden;
		}

		later() {
			clearTimeout(this.timer);
			this.request?.abort();
			if (this.words.length < LETTERS_MIN)
				this.close();
			else
				this.timer = setTimeout(() => this.ask(), WAIT_MS);
		}

		async ask() {
			const words = this.words;

			this.request?.abort();
			this.request = new AbortController();
			try {
				const suggestions = await fetchSuggestions(words, this.request.signal);

				if (words === this.words && document.activeElement === this.input)
					this.show(suggestions);
			} catch {
				/* Given up for a newer one, or offline. */
			}
		}

		show(suggestions) {
			const { one, many, none } = this.field.dataset;

			this.choose(-1);
			this.list.replaceChildren(...suggestions.map((suggestion, index) => makeOption(suggestion, `${this.list.id}-${index}`)));
			this.list.hidden = suggestions.length === 0;
			this.input.setAttribute("aria-expanded", String(this.isOpen));
			this.status.textContent = suggestions.length === 0 ? none
				: suggestions.length === 1 ? one : many.replace("{count}", suggestions.length);
		}

		close() {
			clearTimeout(this.timer);
			this.request?.abort();
			this.choose(-1);
			this.list.hidden = true;
			this.input.setAttribute("aria-expanded", "false");
			this.status.textContent = "";
		}

		choose(index) {
			const options = this.list.children;

			options[this.chosen]?.setAttribute("aria-selected", "false");
			this.chosen = index;
			if (index < 0) {
				this.input.removeAttribute("aria-activedescendant");
				return;
			}
			options[index].setAttribute("aria-selected", "true");
			options[index].scrollIntoView({ block: "nearest" });
			this.input.setAttribute("aria-activedescendant", options[index].id);
		}

		follow(option) {
			if (option)
				location.assign(option.dataset.path);
		}

		/* From the field (-1) to the first, from the last back to the field. */
		move(step) {
			const stops = this.list.children.length + 1;

			this.choose((this.chosen + 1 + step + stops) % stops - 1);
		}

		press(event) {
			const keys = {
				ArrowDown: () => (this.isOpen ? event.altKey || this.move(1) : this.words.length >= LETTERS_MIN && this.ask()),
				ArrowUp: () => (event.altKey ? this.close() : this.move(-1)),
				Escape: () => this.close(),
				Enter: () => this.follow(this.list.children[this.chosen]),
			};
			const needsList = { ArrowUp: true, Escape: true, Enter: true };

			if (event.isComposing || event.ctrlKey || event.metaKey)
				return;
			/* The cursor's keys are the text's: nothing is chosen any more. */
			if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key))
				this.choose(-1);
			if (!keys[event.key] || (needsList[event.key] && !this.isOpen))
				return;
			if (event.key === "Enter" && this.chosen < 0)
				return;
			event.preventDefault();
			keys[event.key]();
		}
	}

	for (const field of document.querySelectorAll(".search-field[data-suggest]"))
		new Combobox(field);

	/* Which place of the list was opened is counted, without saying by whom. */
	document.addEventListener("click", (event) => {
		const link = event.target.closest?.(".result a[data-position]");

		if (link)
			navigator.sendBeacon("/search/opened", new URLSearchParams({ position: link.dataset.position }));
	});
})();
