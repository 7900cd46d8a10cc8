/*
 * The brand's colours: contrast as WCAG counts it, what cannot be read together, and
 * the style sheet that is made of what can.
 */
#include "unit.h"

#include "forum/brand.h"

static struct brand_look nothing_chosen(void)
{
	struct brand_look look = { .font = "theme", .font_headings = "theme" };

	for (size_t i = 0; i < BRAND_COLOURS; i++)
		look.light[i] = look.dark[i] = "";
	return look;
}

static void test_contrast_is_that_of_wcag(void **state)
{
	static const struct {
		const char *one, *other;
		double ratio;
	} known[] = {
		{ "#000000", "#ffffff", 21.0 },  { "#ffffff", "#000000", 21.0 },
		{ "#777777", "#ffffff", 4.478 }, { "#767676", "#FFFFFF", 4.542 },
		{ "#ff0000", "#ffffff", 3.998 }, { "#abcdef", "#abcdef", 1.0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
		double ratio = colour_contrast(known[i].one, known[i].other);

		assert_true(ratio > known[i].ratio - 0.001 && ratio < known[i].ratio + 0.001);
	}
}

static void test_the_theme_itself_has_no_problem_and_needs_no_style_sheet(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct brand_look look = nothing_chosen();
	struct brand_problem problem;

	(void)state;
	assert_int_equal(brand_problems(arena, &look, &problem, 1), 0);
	assert_string_equal(brand_css(arena, &look), "");
	arena_free(arena);
}

static void test_words_that_cannot_be_read_are_named_with_their_ground(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct brand_look look = nothing_chosen();
	struct brand_problem problems[10];

	(void)state;
	look.light[3] = "#ffee00"; /* buttons, with the theme's white words */
	assert_int_equal(brand_problems(arena, &look, problems, 10), 2);
	assert_int_equal(problems[0].field, SITE_BRAND_ON_BUTTON);
	assert_string_equal(
		problems[0].message,
		"“Words on buttons” on “Buttons” has a contrast of 1.2 to 1, and people "
		"with weak eyes need 4.5 to 1. Make one of them darker or lighter.");
	assert_int_equal(problems[1].field, SITE_BRAND_BUTTON);
	/* Not 4.5 by rounding. */
	look = nothing_chosen();
	look.light[0] = "#ffffff";
	look.light[2] = "#777777";
	assert_true(brand_problems(arena, &look, problems, 10) > 0);
	assert_non_null(strstr(problems[0].message, "4.4 to 1"));
	arena_free(arena);
}

static void test_the_style_sheet_keeps_the_schemes_apart(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct brand_look look = nothing_chosen();
	const char *css, *dark;

	(void)state;
	look.light[3] = "#006644";
	look.dark[2] = "#ffd0d0";
	look.font = "transitional";
	css = brand_css(arena, &look);
	dark = strstr(css, "(prefers-color-scheme:dark)");
	assert_non_null(dark);
	assert_non_null(strstr(css, ":root{--font:Charter,"));
	assert_non_null(strstr(css, "(prefers-color-scheme:light){:root{--brand:#006644;"));
	assert_null(strstr(dark, "#006644"));
	assert_non_null(strstr(dark, "--link:#ffd0d0;--focus:#ffd0d0;"));
	arena_free(arena);
}

static void test_a_scheme_that_cannot_be_read_is_left_to_the_theme(void **state)
{
	struct arena *arena = arena_new(1 << 20);
	struct brand_look look = nothing_chosen();

	(void)state;
	look.light[1] = "#eeeeee"; /* text */
	look.dark[5] = "#00ffaa";
	assert_null(strstr(brand_css(arena, &look), "#eeeeee"));
	assert_non_null(strstr(brand_css(arena, &look), "--accent:#00ffaa"));
	arena_free(arena);
}

/* Whatever can be saved: the shades that are mixed from it can be read too. */
static void test_mixed_shades_keep_the_contrast_of_what_stands_on_them(void **state)
{
	struct arena *arena = arena_new(1 << 22);
	char button[8];

	(void)state;
	for (unsigned colour = 0; colour < 0x1000; colour += 37) {
		struct brand_look look = nothing_chosen();
		struct brand_problem problem;
		const char *hover, *css;

		snprintf(button, sizeof button, "#%02x%02x%02x", (colour >> 8) * 17,
			 (colour >> 4 & 15) * 17, (colour & 15) * 17);
		look.light[3] = button;
		if (brand_problems(arena, &look, &problem, 1) > 0)
			continue;
		css = brand_css(arena, &look);
		hover = strstr(css, "--brand-hover:") + strlen("--brand-hover:");
		assert_true(colour_contrast(arena_strndup(arena, hover, 7), "#ffffff") >= 4.5);
		arena_reset(arena);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contrast_is_that_of_wcag),
		cmocka_unit_test(test_the_theme_itself_has_no_problem_and_needs_no_style_sheet),
		cmocka_unit_test(test_words_that_cannot_be_read_are_named_with_their_ground),
		cmocka_unit_test(test_the_style_sheet_keeps_the_schemes_apart),
		cmocka_unit_test(test_a_scheme_that_cannot_be_read_is_left_to_the_theme),
		cmocka_unit_test(test_mixed_shades_keep_the_contrast_of_what_stands_on_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
