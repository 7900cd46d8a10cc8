/*
 * Foreign pictures: what is one becomes a small WebP, what is not costs nothing.
 */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>

#include "base/arena.h"
#include "jobs/picture.h"

/* A GIF of 2 by 1 points. */
static const char tiny_gif[] = "GIF89a\x02\x00\x01\x00\x80\x00\x00\xFF\xFF\xFF\x00\x00\x00,\x00\x00"
			       "\x00\x00\x02\x00\x01\x00\x00\x02\x02\x44\x0A\x00;";

static struct ctx make_ctx(void)
{
	return (struct ctx){ .arena = arena_new((size_t)64 << 20) };
}

static void assert_refused(const char *bytes, size_t length, const char *wanted)
{
	struct ctx ctx = make_ctx();
	struct picture picture;
	const char *why;

	assert_false(picture_make(&ctx, bytes, length, &picture, &why));
	assert_string_equal(why, wanted);
	arena_free(ctx.arena);
}

static void test_a_picture_becomes_a_webp(void **state)
{
	struct ctx ctx = make_ctx();
	struct picture picture;
	const char *why;

	(void)state;
	assert_true(picture_make(&ctx, tiny_gif, sizeof(tiny_gif) - 1, &picture, &why));
	assert_memory_equal(picture.bytes, "RIFF", 4);
	assert_memory_equal(picture.bytes + 8, "WEBP", 4);
	assert_int_equal(picture.width, 2);
	assert_int_equal(picture.height, 1);
	arena_free(ctx.arena);
}

static void test_other_types_are_refused_by_their_first_bytes(void **state)
{
	static const char *const others[] = { "<svg xmlns='http://www.w3.org/2000/svg'/>",
					      "<!doctype html><title>x</title>",
					      "BM______________",
					      "%PDF-1.7 ___________",
					      "II*\0____________",
					      "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(others); i++)
		assert_refused(others[i], strlen(others[i]), "not a JPEG, PNG, GIF or WebP");
}

static void test_a_broken_picture_is_refused(void **state)
{
	(void)state;
	assert_refused("\xFF\xD8\xFF nothing of the kind", 24, "not a picture that can be read");
	assert_refused(tiny_gif, 12, "not a picture that can be read");
}

/* A header that promises 60,000 by 60,000 points. */
static void test_a_bomb_is_refused_before_it_is_unpacked(void **state)
{
	char bomb[sizeof(tiny_gif)];

	(void)state;
	memcpy(bomb, tiny_gif, sizeof(bomb));
	memcpy(bomb + 6, "\x60\xEA\x60\xEA", 4);
	memcpy(bomb + 24, "\x60\xEA\x60\xEA", 4);
	assert_refused(bomb, sizeof(bomb) - 1, "more than 50 million points");
}

static void test_a_smaller_one_fits_its_side(void **state)
{
	struct ctx ctx = make_ctx();
	struct picture picture;
	const char *why;

	(void)state;
	assert_true(picture_make_within(&ctx, 1, tiny_gif, sizeof(tiny_gif) - 1, &picture, &why));
	assert_int_equal(picture.width, 1);
	assert_int_equal(picture.height, 1);
	arena_free(ctx.arena);
}

/* Collections of broken, hostile and talkative pictures --------------------------------- */

static const char *folder_of(struct arena *arena, const char *name)
{
	const char *shared = getenv("ENTRAIDE_SHARED"), *source = getenv("ENTRAIDE_SOURCE_DIR");

	if (!shared)
		shared = arena_printf(arena, "%s/../shared", source ? source : ".");
	return arena_printf(arena, "%s/data/security/images/%s", shared, name);
}

static char *read_file(struct arena *arena, const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *bytes = arena_alloc(arena, 4000000);

	assert_non_null(file);
	*length = fread(bytes, 1, 4000000, file);
	fclose(file);
	return bytes;
}

/* Whatever was in it besides points is gone: cameras, places, scripts, other files. */
static void assert_clean(const struct picture *picture)
{
	static const char *const traces[] = { "Exif",    "EXIF",       "GPS",     "ICCP",
					      "XMP ",    "Photoshop",  "<script", "<?php",
					      "onclick", "onmouseover" };

	assert_memory_equal(picture->bytes, "RIFF", 4);
	assert_true(picture->width <= PICTURE_SIDE_MAX && picture->height <= PICTURE_SIDE_MAX);
	for (size_t i = 0; i < ARRAY_COUNT(traces); i++)
		if (memmem(picture->bytes, picture->length, traces[i], strlen(traces[i])))
			fail_msg("%s is still in it", traces[i]);
}

static size_t try_folder(const char *name, size_t *made)
{
	struct ctx ctx = make_ctx();
	const char *folder = folder_of(ctx.arena, name), *why;
	DIR *entries = opendir(folder);
	struct picture picture;
	struct dirent *entry;
	size_t tried = 0, length;

	if (!entries) {
		print_message("no pictures in %s: skipped\n", folder);
		skip();
	}
	while ((entry = readdir(entries)) != NULL) {
		struct ctx one = make_ctx();

		if (entry->d_name[0] != '.') {
			char *bytes = read_file(
				one.arena, arena_printf(one.arena, "%s/%s", folder, entry->d_name),
				&length);
			tried++;
			if (picture_make(&one, bytes, length, &picture, &why)) {
				assert_clean(&picture);
				(*made)++;
			} else {
				assert_true(why[0] != '\0');
			}
		}
		arena_free(one.arena);
	}
	closedir(entries);
	arena_free(ctx.arena);
	return tried;
}

static void test_broken_pictures_cost_nothing_and_whole_ones_tell_nothing(void **state)
{
	size_t made = 0, tried;

	(void)state;
	tried = try_folder("pillow", &made);
	assert_true(tried >= 20 && made >= 8 && made < tried);
}

static void test_what_is_hidden_in_a_picture_does_not_survive(void **state)
{
	size_t made = 0, tried;

	(void)state;
	tried = try_folder("polyglot", &made);
	assert_true(tried >= 10 && made < tried); /* SVG is no picture here */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_picture_becomes_a_webp),
		cmocka_unit_test(test_other_types_are_refused_by_their_first_bytes),
		cmocka_unit_test(test_a_broken_picture_is_refused),
		cmocka_unit_test(test_a_bomb_is_refused_before_it_is_unpacked),
		cmocka_unit_test(test_a_smaller_one_fits_its_side),
		cmocka_unit_test(test_broken_pictures_cost_nothing_and_whole_ones_tell_nothing),
		cmocka_unit_test(test_what_is_hidden_in_a_picture_does_not_survive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
