/*
 * The brand: from seven colours a scheme to a style sheet. The names are the theme's
 * (docs/theming.md); what is not chosen keeps the theme's value, and the shades that
 * belong to a colour (hover, soft ground) are mixed from it.
 */
#include "forum/brand.h"

#include <math.h>

#include "base/buf.h"
#include "i18n/i18n.h"
#include "text/sanitize.h"

#define CSS_MAX_BYTES ((size_t)16 * 1024)

/* Large letters, WCAG 2.2. */
#define ACCENT_CONTRAST 3.0

enum colour { PAGE, TEXT, LINK, BUTTON, ON_BUTTON, ACCENT, ON_ACCENT };

static const char *const properties[BRAND_COLOURS] = {
	"--page", "--text", "--link", "--brand", "--on-brand", "--accent", "--on-accent",
};

/* What the theme that comes along says, for what is not chosen; then its cards. */
static const char *const theme_light[BRAND_COLOURS] = { "#f6f6fb", "#1c1b2b", "#3a3fa6", "#2b2f77",
							"#ffffff", "#ffcb5c", "#2a2140" };
static const char *const theme_dark[BRAND_COLOURS] = { "#12121b", "#ecebf6", "#b9bdf8", "#b9bdf5",
						       "#191b4a", "#ffcb5c", "#2a2140" };
static const char *const surface_light[] = { "#ffffff", "#f0f0f8" };
static const char *const surface_dark[] = { "#1b1b28", "#262637" };

static const struct {
	const char *word, *stack;
} fonts[] = {
	{ "system",
	  "system-ui, -apple-system, \"Segoe UI\", Roboto, \"Noto Sans\", Arial, sans-serif" },
	{ "humanist",
	  "Seravek, \"Gill Sans Nova\", Ubuntu, Calibri, \"DejaVu Sans\", source-sans-pro, sans-serif" },
	{ "geometric",
	  "Avenir, Montserrat, Corbel, \"URW Gothic\", \"Century Gothic\", source-sans-pro, sans-serif" },
	{ "grotesque", "\"Helvetica Neue\", Helvetica, Arial, \"Liberation Sans\", sans-serif" },
	{ "transitional",
	  "Charter, \"Bitstream Charter\", \"Sitka Text\", Cambria, \"Liberation Serif\", serif" },
	{ "old_style",
	  "\"Iowan Old Style\", \"Palatino Linotype\", \"URW Palladio L\", P052, serif" },
	{ "rounded",
	  "ui-rounded, \"Hiragino Maru Gothic ProN\", Quicksand, Nunito, Manjari, sans-serif" },
};

const char *brand_name(const struct config *config)
{
	const char *name = site_text(SITE_BRAND_NAME);

	return name[0] ? name : config->site.name;
}

enum site_setting_id brand_colour_setting(bool is_dark, size_t colour)
{
	return (enum site_setting_id)((is_dark ? SITE_BRAND_PAGE_DARK : SITE_BRAND_PAGE) + colour);
}

struct brand_look brand_look_in_force(void)
{
	struct brand_look look = { .font = site_text(SITE_BRAND_FONT),
				   .font_headings = site_text(SITE_BRAND_FONT_HEADINGS) };

	for (size_t i = 0; i < BRAND_COLOURS; i++) {
		look.light[i] = site_text(brand_colour_setting(false, i));
		look.dark[i] = site_text(brand_colour_setting(true, i));
	}
	return look;
}

/* Colours ------------------------------------------------------------------------- */

struct rgb {
	double parts[3]; /* 0 to 255 */
};

static struct rgb rgb_of(const char *colour)
{
	long number = strtol(colour + 1, NULL, 16);

	return (struct rgb){ { (double)(number >> 16 & 255), (double)(number >> 8 & 255),
			       (double)(number & 255) } };
}

/* WCAG 2.2, "relative luminance". */
static double luminance(const char *colour)
{
	static const double weights[] = { 0.2126, 0.7152, 0.0722 };
	struct rgb rgb = rgb_of(colour);
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double part = rgb.parts[i] / 255;

		sum += weights[i] *
		       (part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

double colour_contrast(const char *one, const char *other)
{
	double a = luminance(one), b = luminance(other);

	return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

/* So many percent of one, the rest of the other. */
static const char *mix(struct arena *arena, const char *one, const char *other, int percent)
{
	struct rgb a = rgb_of(one), b = rgb_of(other);
	int parts[3];

	for (int i = 0; i < 3; i++)
		parts[i] = (int)lround((a.parts[i] * percent + b.parts[i] * (100 - percent)) / 100);
	return arena_printf(arena, "#%02x%02x%02x", (unsigned)parts[0], (unsigned)parts[1],
			    (unsigned)parts[2]);
}

/* What must be told apart ----------------------------------------------------------- */

static const struct {
	enum colour words, ground;
	int least_tenths;
} pairs[] = {
	{ TEXT, PAGE, 45 },        { LINK, PAGE, 45 },   { ON_BUTTON, BUTTON, 45 },
	{ ON_ACCENT, ACCENT, 45 }, { BUTTON, PAGE, 30 },
};

static const char *colour_of(const char *const *chosen, const char *const *theme,
			     enum colour colour)
{
	return chosen[colour][0] ? chosen[colour] : theme[colour];
}

/* "2.9": cut, not rounded, so that 4.49 is not shown as enough. */
static const char *ratio_text(struct arena *arena, double ratio)
{
	int tenths = (int)floor(ratio * 10);

	return arena_printf(arena, _("%1$d.%2$d"), tenths / 10, tenths % 10);
}

static const char *complaint(struct arena *arena, enum site_setting_id words, const char *ground,
			     double ratio, int least_tenths)
{
	return arena_printf(arena,
			    _("“%1$s” on “%2$s” has a contrast of %3$s to 1, and people with weak "
			      "eyes need %4$s to 1. Make one of them darker or lighter."),
			    _(site_settings[words].label), ground, ratio_text(arena, ratio),
			    ratio_text(arena, least_tenths / 10.0));
}

struct problems {
	struct arena *arena;
	struct brand_problem *out;
	size_t count, max;
};

static void judge(struct problems *problems, enum site_setting_id words, const char *word_colour,
		  const char *ground_name, const char *ground, int least_tenths)
{
	double ratio = colour_contrast(word_colour, ground);

	if (ratio * 10 >= least_tenths || problems->count == problems->max)
		return;
	problems->out[problems->count++] = (struct brand_problem){
		words, complaint(problems->arena, words, ground_name, ratio, least_tenths)
	};
}

static void judge_scheme(struct problems *problems, bool is_dark, const char *const *chosen)
{
	const char *const *theme = is_dark ? theme_dark : theme_light;
	const char *const *surfaces = is_dark ? surface_dark : surface_light;

	for (size_t i = 0; i < ARRAY_COUNT(pairs); i++) {
		enum site_setting_id ground = brand_colour_setting(is_dark, pairs[i].ground);

		judge(problems, brand_colour_setting(is_dark, pairs[i].words),
		      colour_of(chosen, theme, pairs[i].words), _(site_settings[ground].label),
		      colour_of(chosen, theme, pairs[i].ground), pairs[i].least_tenths);
	}
	for (size_t i = 0; i < ARRAY_COUNT(surface_light); i++) {
		judge(problems, brand_colour_setting(is_dark, TEXT), colour_of(chosen, theme, TEXT),
		      _("cards"), surfaces[i], 45);
		judge(problems, brand_colour_setting(is_dark, LINK), colour_of(chosen, theme, LINK),
		      _("cards"), surfaces[i], 45);
	}
}

size_t brand_problems(struct arena *arena, const struct brand_look *look, struct brand_problem *out,
		      size_t max)
{
	struct problems problems = { .arena = arena, .out = out, .max = max };

	judge_scheme(&problems, false, look->light);
	judge_scheme(&problems, true, look->dark);
	return problems.count;
}

static bool is_readable(struct arena *arena, bool is_dark, const char *const *chosen)
{
	struct brand_problem problem;
	struct problems problems = { .arena = arena, .out = &problem, .max = 1 };

	judge_scheme(&problems, is_dark, chosen);
	return problems.count == 0;
}

/* The style sheet -------------------------------------------------------------------- */

static void put(struct buf *out, const char *property, const char *value)
{
	buf_printf(out, "%s:%s;", property, value);
}

/* The shades of the brand's colour: stronger under the pointer, soft as a ground. */
static void put_shades(struct arena *arena, struct buf *out, bool is_dark,
		       const char *const *chosen)
{
	const char *const *theme = is_dark ? theme_dark : theme_light;
	const char *button = colour_of(chosen, theme, BUTTON);
	const char *on_button = colour_of(chosen, theme, ON_BUTTON);
	const char *away = luminance(on_button) > luminance(button) ? "#000000" : "#ffffff";
	const char *surface = is_dark ? surface_dark[0] : surface_light[0];
	const char *soft = mix(arena, button, surface, is_dark ? 25 : 10);
	const char *strong = mix(arena, button, away, 80);
	bool is_clear = colour_contrast(button, soft) >= 4.5;

	put(out, "--brand-hover", strong);
	put(out, "--brand-soft", soft);
	put(out, "--on-brand-soft", is_clear ? button : colour_of(chosen, theme, TEXT));
	put(out, "--hero-ground",
	    arena_printf(arena, "linear-gradient(160deg,%s 0%%,%s 62%%)",
			 mix(arena, button, away, 60), button));
	put(out, "--hero-text", on_button);
	put(out, "--hero-text-soft", on_button);
}

static void put_scheme(struct arena *arena, struct buf *out, bool is_dark,
		       const char *const *chosen)
{
	if (!is_readable(arena, is_dark, chosen))
		return;
	for (size_t i = 0; i < BRAND_COLOURS; i++)
		if (chosen[i][0])
			put(out, properties[i], chosen[i]);
	if (chosen[LINK][0])
		put(out, "--focus", chosen[LINK]);
	if (chosen[BUTTON][0] || chosen[ON_BUTTON][0])
		put_shades(arena, out, is_dark, chosen);
	if (chosen[ACCENT][0] || chosen[ON_ACCENT][0]) {
		const char *const *theme = is_dark ? theme_dark : theme_light;
		const char *accent = colour_of(chosen, theme, ACCENT);
		const char *on_accent = colour_of(chosen, theme, ON_ACCENT);

		put(out, "--accent-hover",
		    mix(arena, accent,
			luminance(on_accent) > luminance(accent) ? "#000000" : "#ffffff", 85));
	}
}

static void put_font(struct buf *out, const char *property, const char *word)
{
	for (size_t i = 0; i < ARRAY_COUNT(fonts); i++)
		if (strcmp(fonts[i].word, word) == 0)
			put(out, property, fonts[i].stack);
}

const char *brand_css(struct arena *arena, const struct brand_look *look)
{
	struct buf all, light, dark, css;

	buf_init(&all, arena, CSS_MAX_BYTES);
	buf_init(&light, arena, CSS_MAX_BYTES);
	buf_init(&dark, arena, CSS_MAX_BYTES);
	buf_init(&css, arena, CSS_MAX_BYTES);
	put_font(&all, "--font", look->font);
	put_font(&all, "--font-headings", look->font_headings);
	put_scheme(arena, &light, false, look->light);
	put_scheme(arena, &dark, true, look->dark);
	if (all.length > 0)
		buf_printf(&css, ":root{%s}\n", all.data);
	/* Each in its scheme: it stands after the theme, whose dark values it would hide. */
	if (light.length > 0)
		buf_printf(&css, "@media (prefers-color-scheme:light){:root{%s}}\n", light.data);
	if (dark.length > 0)
		buf_printf(&css, "@media (prefers-color-scheme:dark){:root{%s}}\n", dark.data);
	return buf_to_arena(&css, arena);
}

enum err brand_fragment(struct ctx *ctx, const char *html, struct html_fragment *out)
{
	const struct sanitize_options options = { .are_links_followed = true };

	out->html = "";
	return html[0] ? sanitize_html(ctx, html, &options, out) : OK;
}

void brand_card_colours(const char **ground, const char **ink, const char **accent)
{
	const struct brand_look look = brand_look_in_force();
	const char *colours[BRAND_COLOURS];

	for (size_t i = 0; i < BRAND_COLOURS; i++)
		colours[i] = look.light[i][0] ? look.light[i] : theme_light[i];
	*ground = colours[BUTTON];
	*ink = colours[ON_BUTTON];
	*accent = colour_contrast(colours[ACCENT], colours[BUTTON]) >= ACCENT_CONTRAST
			  ? colours[ACCENT]
			  : *ink;
}
