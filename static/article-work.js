// The editor of articles: the code of a picture or file goes where the cursor is. Without
// this script it is copied out of its field.
(() => {
	"use strict";

	const body = document.getElementById("body");
	if (!body) {
		return;
	}

	// A block of its own, unless it goes into a line.
	const around = (text, at) => {
		const before = body.value.slice(0, at);
		return before === "" || before.endsWith("\n") ? `${text}\n` : text;
	};

	for (const button of document.querySelectorAll("[data-insert-code]")) {
		const code = button.parentElement.querySelector("input");
		button.hidden = false;
		button.addEventListener("click", () => {
			body.focus();
			const text = around(code.value, body.selectionStart);
			if (!document.execCommand("insertText", false, text)) {
				body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
				body.dispatchEvent(new Event("input", { bubbles: true }));
			}
		});
		code.addEventListener("focus", () => code.select());
	}
})();
