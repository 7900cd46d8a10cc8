/*
 * /admin/brand: colours are tried on while they are typed, on the page itself. Without
 * it there is the button "Show a preview".
 */
(function () {
	"use strict";

	var properties = {
		page: "--page", text: "--text", link: "--link", button: "--brand",
		on_button: "--on-brand", accent: "--accent", on_accent: "--on-accent"
	};
	var isDark = window.matchMedia("(prefers-color-scheme: dark)").matches;

	function tryOn(field) {
		var name = field.name.replace(/^brand\./, "");
		var ofDark = /_dark$/.test(name);
		var property = properties[name.replace(/_dark$/, "")];
		if (!property || ofDark !== isDark)
			return;
		if (/^#[0-9a-f]{6}$/i.test(field.value))
			document.documentElement.style.setProperty(property, field.value);
		else
			document.documentElement.style.removeProperty(property);
	}

	document.addEventListener("input", function (event) {
		if (event.target.classList.contains("colour-field"))
			tryOn(event.target);
	});
})();
