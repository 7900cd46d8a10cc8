/*
 * For whoever writes: a toolbar, a count, a preview and drafts. Every form works without
 * them. Words come from the page (data attributes of the editor), so they are translated.
 */
"use strict";

(() => {
	const icons = document.currentScript.src.replace(/[^/]*$/, "icons.svg");
	const language = document.documentElement.lang;

	const later = (wait_ms, run) => {
		let timer = 0;
		const start = () => {
			clearTimeout(timer);
			timer = setTimeout(run, wait_ms);
		};
		start.cancel = () => clearTimeout(timer);
		return start;
	};

	/* Toolbar ---------------------------------------------------------------- */

	/* Replaces through the browser's own undo history where that is possible. */
	const replaceSelection = (textarea, text) => {
		textarea.focus();
		if (!document.execCommand("insertText", false, text)) {
			textarea.setRangeText(text, textarea.selectionStart, textarea.selectionEnd, "end");
			textarea.dispatchEvent(new Event("input", { bubbles: true }));
		}
	};

	const wrapSelection = (textarea, before, after) => {
		const start = textarea.selectionStart;
		const chosen = textarea.value.slice(start, textarea.selectionEnd);

		replaceSelection(textarea, before + chosen + after);
		textarea.setSelectionRange(start + before.length, start + before.length + chosen.length);
	};

	const prefixLines = (textarea, prefixOf) => {
		const value = textarea.value;
		const start = value.lastIndexOf("\n", textarea.selectionStart - 1) + 1;
		let end = value.indexOf("\n", textarea.selectionEnd);

		if (end < 0)
			end = value.length;
		textarea.setSelectionRange(start, end);
		replaceSelection(textarea, value.slice(start, end).split("\n")
			.map((line, index) => prefixOf(index) + line).join("\n"));
	};

	const writeLink = (textarea) => {
		const chosen = textarea.value.slice(textarea.selectionStart, textarea.selectionEnd);

		if (/^https?:\/\/\S+$/.test(chosen))
			wrapSelection(textarea, "[](", ")");
		else
			wrapSelection(textarea, "[", "](https://)");
	};

	const writeCode = (textarea) => {
		const chosen = textarea.value.slice(textarea.selectionStart, textarea.selectionEnd);

		if (chosen.includes("\n"))
			wrapSelection(textarea, "```\n", "\n```");
		else
			wrapSelection(textarea, "`", "`");
	};

	const tools = [
		{ name: "bold", key: "b", run: (textarea) => wrapSelection(textarea, "**", "**") },
		{ name: "italic", key: "i", run: (textarea) => wrapSelection(textarea, "*", "*") },
		{ name: "link", key: "k", run: writeLink },
		{ name: "quote", run: (textarea) => prefixLines(textarea, () => "> ") },
		{ name: "code", run: writeCode },
		{ name: "list", run: (textarea) => prefixLines(textarea, () => "- ") },
		{ name: "steps", run: (textarea) => prefixLines(textarea, (index) => `${index + 1}. `) },
	];

	const makeIcon = (name) => {
		const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
		const use = document.createElementNS("http://www.w3.org/2000/svg", "use");

		svg.setAttribute("class", "icon");
		svg.setAttribute("aria-hidden", "true");
		use.setAttribute("href", `${icons}#${name}`);
		svg.append(use);
		return svg;
	};

	const makeTool = (tool, label, textarea) => {
		const button = document.createElement("button");

		button.type = "button";
		button.title = label;
		button.setAttribute("aria-label", label);
		button.tabIndex = -1;
		button.append(makeIcon(tool.name));
		button.addEventListener("click", () => tool.run(textarea));
		return button;
	};

	/* One stop for Tab; the arrows move inside (WAI-ARIA's toolbar pattern). */
	const moveInToolbar = (event) => {
		const buttons = [...event.currentTarget.children];
		const here = buttons.indexOf(document.activeElement);
		const steps = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 };
		const next = buttons[(steps[event.key] + buttons.length) % buttons.length];

		if (!next)
			return;
		event.preventDefault();
		buttons[here].tabIndex = -1;
		next.tabIndex = 0;
		next.focus();
	};

	const addToolbar = (editor, textarea) => {
		const toolbar = document.createElement("div");

		toolbar.className = "toolbar";
		toolbar.setAttribute("role", "toolbar");
		toolbar.setAttribute("aria-label", editor.dataset.toolbar);
		toolbar.setAttribute("aria-controls", textarea.id);
		toolbar.append(...tools.map((tool) => makeTool(tool, editor.dataset[tool.name], textarea)));
		toolbar.firstChild.tabIndex = 0;
		toolbar.addEventListener("keydown", moveInToolbar);
		textarea.before(toolbar);
		textarea.addEventListener("keydown", (event) => {
			const tool = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey &&
				tools.find((candidate) => candidate.key === event.key);

			if (tool) {
				event.preventDefault();
				tool.run(textarea);
			}
		});
	};

	/* How much room is left: the limit is one of bytes, as on the server. */
	const addCount = (editor, textarea) => {
		const place = editor.querySelector(".count");
		const max = Number(editor.dataset.max);
		const number = new Intl.NumberFormat(language);
		const show = () => {
			const left = max - new TextEncoder().encode(textarea.value).length;
			const words = left < 0 ? editor.dataset.over : editor.dataset.left;

			place.textContent = left > max / 4 ? "" : words.replace("{count}", number.format(Math.abs(left)));
			place.classList.toggle("is-over", left < 0);
			textarea.setCustomValidity(left < 0 ? place.textContent : "");
		};

		textarea.addEventListener("input", show);
		show();
	};

	/* Preview ---------------------------------------------------------------- */

	const postForm = (path, form, fields) => {
		const body = new URLSearchParams({ csrf: form.elements.csrf.value });

		for (const [name, value] of Object.entries(fields))
			body.set(name, value);
		return fetch(path, { method: "POST", body, credentials: "same-origin", redirect: "error" });
	};

	/* Below the whole form: it grows a moment after the last key, and would push the
	 * button away under the finger that is about to press it. */
	const makePreview = (form, title) => {
		const region = document.createElement("section");
		const heading = document.createElement("h2");
		const content = document.createElement("div");

		region.className = "preview";
		region.hidden = true;
		region.setAttribute("aria-label", title);
		region.setAttribute("aria-live", "polite");
		heading.className = "preview-title";
		heading.append(makeIcon("eye"), ` ${title}`);
		content.className = "prose";
		region.append(heading, content);
		form.append(region);
		return { region, content };
	};

	/* What comes back went through the server's sanitiser, as a published post does. */
	const addPreview = (form, textarea) => {
		const button = form.querySelector("[data-preview-button]");
		const { region, content } = makePreview(form, button.textContent);
		/* One that came with the page stays until there is a newer one: nothing moves before. */
		const first = document.querySelector(".narrow > .preview");
		let latest = 0;
		/* The box to send it to another network as well, where there is one. */
		const network = () => form.elements.send?.checked ? form.elements.send.value : "";
		const refresh = later(600, async () => {
			const mine = ++latest;

			if (!textarea.value.trim()) {
				first?.remove();
				region.hidden = true;
				return;
			}
			try {
				const answer = await postForm("/preview", form, { body: textarea.value, send: network() });

				if (answer.ok && mine === latest) {
					content.innerHTML = await answer.text();
					first?.remove();
					region.hidden = false;
				}
			} catch {
				/* Offline: the old preview stays. */
			}
		});

		button.hidden = true;
		textarea.addEventListener("input", refresh);
		form.elements.send?.addEventListener("change", refresh);
		if (!first && textarea.value.trim())
			refresh();
	};

	/* Drafts ----------------------------------------------------------------- */

	const draftFields = (form) => {
		const fields = { place: form.dataset.draft };

		for (const name of ["title", "body", "tags", "category"])
			if (form.elements[name])
				fields[name] = form.elements[name].value;
		return fields;
	};

	const addDrafts = (form, editor) => {
		const state = form.querySelector(".draft-state");
		const clock = new Intl.DateTimeFormat(language, { timeStyle: "short" });
		let saved = JSON.stringify(draftFields(form));
		let isLeaving = false;
		const save = async () => {
			const fields = draftFields(form);
			const text = JSON.stringify(fields);

			if (isLeaving || text === saved)
				return;
			try {
				const answer = await postForm("/drafts", form, fields);

				if (!answer.ok)
					throw new Error(answer.statusText);
				saved = text;
				state.textContent = editor.dataset.saved.replace("{time}", clock.format(new Date()));
			} catch {
				state.textContent = editor.dataset.unsaved;
			}
		};
		const soon = later(3000, save);

		form.addEventListener("input", soon);
		form.addEventListener("change", soon);
		/* A closing tab: the browser still sends this. */
		document.addEventListener("visibilitychange", () => {
			const fields = draftFields(form);

			if (!document.hidden || isLeaving || JSON.stringify(fields) === saved)
				return;
			saved = JSON.stringify(fields);
			navigator.sendBeacon("/drafts",
				new URLSearchParams({ ...fields, csrf: form.elements.csrf.value }));
		});
		/* Publishing drops the draft; a late saving must not bring it back. */
		form.addEventListener("submit", () => {
			isLeaving = true;
			soon.cancel();
		});
		/* Back from the next page: the form is in use again. */
		window.addEventListener("pageshow", () => {
			isLeaving = false;
		});
	};

	for (const editor of document.querySelectorAll(".editor")) {
		const form = editor.closest("form");
		const textarea = editor.querySelector("textarea");

		addToolbar(editor, textarea);
		addCount(editor, textarea);
		addPreview(form, textarea);
		if (form.dataset.draft)
			addDrafts(form, editor);
	}
})();
