/* Export files: the repair of their encoding, what is read, and what is not followed. */
#include "unit.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "connect/facebook_export.h"
#include "connect/foreign.h"
#include "connect_fixture.h"
#include "i18n/i18n.h"

static void test_faulty_strings_are_mended_and_others_left_alone(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "plain", "plain" },
		{ "", "" },
		{ "\xc3\x83\xc2\xb6", "ö" },
		/* F0 9F 99 82, each byte as a character. */
		{ "\xc3\xb0\xc2\x9f\xc2\x99\xc2\x82", "🙂" },
		/* Twice. */
		{ "\xc3\x83\xc2\x83\xc3\x82\xc2\xb6", "ö" },
		/* Right already: beyond one byte, or no UTF-8 when taken as bytes. */
		{ "Öl 🙂", "Öl 🙂" },
		{ "Öl", "Öl" },
		{ "漢字", "漢字" },
		{ "É", "É" },
		{ "naïve café", "naïve café" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(facebook_repair(*state, cases[i].text), cases[i].expected);
}

struct kept {
	struct arena *arena;
	struct export_item items[50];
	size_t count;
};

static enum err keep(void *data, const struct export_item *item)
{
	struct kept *kept = data;
	struct export_item *copy = &kept->items[kept->count++];

	assert_true(kept->count < 50);
	*copy = *item;
	copy->text = arena_strdup(kept->arena, item->text);
	copy->author = arena_strdup(kept->arena, item->author);
	for (size_t i = 0; i < item->file_count; i++)
		copy->files[i] = arena_strdup(kept->arena, item->files[i]);
	for (size_t i = 0; i < item->link_count; i++)
		copy->links[i] = arena_strdup(kept->arena, item->links[i]);
	return OK;
}

static enum err read_folder(struct fixture *fixture, const char *folder, struct kept *kept,
			    struct export_report *report)
{
	struct export_sink sink = { .take = keep, .data = kept };

	*kept = (struct kept){ .arena = fixture->ctx.arena };
	return facebook_export_read(&fixture->ctx, folder, &sink, report);
}

static void write_file(struct arena *arena, const char *folder, const char *name, const char *text)
{
	FILE *file = fopen(arena_printf(arena, "%s/%s", folder, name), "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static char *make_folder(struct arena *arena)
{
	char *folder = arena_strdup(arena, "/tmp/entraide-export-XXXXXX");

	assert_non_null(mkdtemp(folder));
	mkdir(arena_printf(arena, "%s/wrap", folder), 0700);
	mkdir(arena_printf(arena, "%s/wrap/posts", folder), 0700);
	mkdir(arena_printf(arena, "%s/wrap/posts/media", folder), 0700);
	mkdir(arena_printf(arena, "%s/wrap/comments", folder), 0700);
	return folder;
}

static void remove_folder(struct arena *arena, const char *folder)
{
	assert_int_equal(system(arena_printf(arena, "rm -r '%s'", folder)), 0);
}

static void test_posts_and_comments_are_read_in_their_layouts(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	char *folder = make_folder(*state);
	struct export_report report;
	struct kept kept;
	const char *bytes;
	size_t length;

	write_file(
		*state, folder, "wrap/posts/your_posts_1.json",
		"[{\"timestamp\":1767261600,\"title\":\"t\",\"data\":[{\"post\":\"\\u00c3\\u0096l\"},"
		"{\"update_timestamp\":1767261660}],\"attachments\":[{\"data\":[{\"media\":{\"uri\":"
		"\"posts/media/a.jpg\",\"media_metadata\":{\"photo_metadata\":{\"exif_data\":"
		"[{\"upload_ip\":\"192.0.2.7\"}]}}}},{\"external_context\":{\"url\":"
		"\"https://example.org/x\"}},{\"media\":{\"uri\":\"https://x/y\"}}]}]},"
		"{\"timestamp\":1767261601,\"data\":[{}]},{\"data\":[{\"post\":\"undated\"}]}]");
	write_file(*state, folder, "wrap/posts/media/a.jpg", "JPEG");
	write_file(
		*state, folder, "wrap/comments/comments.json",
		"{\"comments\":[{\"timestamp\":1,\"data\":[{\"comment\":{\"timestamp\":1767261800,"
		"\"comment\":\"Hallo\",\"author\":\"R\\u00c3\\u00a4der\"}}]},{\"timestamp\":2,"
		"\"data\":[{\"comment\":{\"comment\":\"x\",\"author\":\"y\",\"group\":\"G\"}}]}]}");
	write_file(*state, folder, "wrap/posts/profile_posts_2.json", "not json");
	write_file(*state, folder, "wrap/posts/other.json", "[{\"timestamp\":1}]");
	assert_int_equal(symlink("/etc", arena_printf(*state, "%s/wrap/link", folder)), 0);
	assert_int_equal(read_folder(fixture, folder, &kept, &report), OK);
	assert_int_equal(report.files, 3);
	assert_int_equal(report.unreadable, 1);
	assert_int_equal(report.symlinks, 1);
	assert_int_equal(report.entries, 5);
	assert_int_equal(report.entries,
			 report.items + report.empty + report.elsewhere + report.undated);
	assert_int_equal(kept.count, 2);
	assert_string_equal(kept.items[0].text, "Hallo");
	assert_string_equal(kept.items[0].author, "Räder");
	assert_int_equal(kept.items[0].created_at, INT64_C(1767261800) * CLOCK_SECOND);
	assert_string_equal(kept.items[1].text, "Öl");
	assert_int_equal(kept.items[1].edited_at, INT64_C(1767261660) * CLOCK_SECOND);
	assert_int_equal(kept.items[1].file_count, 1);
	assert_string_equal(kept.items[1].files[0], "wrap/posts/media/a.jpg");
	assert_string_equal(kept.items[1].links[0], "https://example.org/x");
	assert_int_equal(facebook_export_file(&fixture->ctx, folder, kept.items[1].files[0], 100,
					      &bytes, &length),
			 OK);
	assert_string_equal(bytes, "JPEG");
	assert_int_equal(facebook_export_file(&fixture->ctx, folder, kept.items[1].files[0], 3,
					      &bytes, &length),
			 ERR_TOO_LARGE);
	remove_folder(*state, folder);
}

static void test_no_path_leads_out_of_the_folder(void **state)
{
	static const char *const paths[] = { "../../etc/passwd",
					     "/etc/passwd",
					     "wrap/../../x",
					     "wrap/link/passwd",
					     "wrap/file",
					     "wrap",
					     "",
					     "wrap//x",
					     "./wrap/posts/p",
					     "wrap/pipe" };
	struct fixture *fixture = fixture_new(*state);
	char *folder = make_folder(*state);
	const char *bytes;
	size_t length;

	assert_int_equal(symlink("/etc", arena_printf(*state, "%s/wrap/link", folder)), 0);
	assert_int_equal(symlink("/etc/passwd", arena_printf(*state, "%s/wrap/file", folder)), 0);
	assert_int_equal(mkfifo(arena_printf(*state, "%s/wrap/pipe", folder), 0600), 0);
	write_file(*state, folder, "wrap/posts/p", "inside");
	for (size_t i = 0; i < ARRAY_COUNT(paths); i++)
		if (facebook_export_file(&fixture->ctx, folder, paths[i], 100000, &bytes,
					 &length) != ERR_NOT_FOUND)
			fail_msg("%s was read", paths[i]);
	assert_int_equal(
		facebook_export_file(&fixture->ctx, folder, "wrap/posts/p", 100, &bytes, &length),
		OK);
	remove_folder(*state, folder);
}

static void test_a_folder_without_an_export_is_named(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	char *folder = make_folder(*state);
	struct export_report report;
	struct kept kept;

	assert_int_equal(read_folder(fixture, folder, &kept, &report), ERR_INVALID);
	assert_non_null(strstr(fixture->ctx.error.message, folder));
	assert_int_equal(read_folder(fixture, "/nowhere", &kept, &report), ERR_NOT_FOUND);
	remove_folder(*state, folder);
}

static void test_the_modelled_exports_are_read(void **state)
{
	struct fixture *fixture = fixture_new(*state);
	const char *folder = fixture_shared(*state, "modelled/export/2025-page");
	struct export_report report;
	struct kept kept;

	if (!folder)
		return;
	assert_int_equal(read_folder(fixture, folder, &kept, &report), OK);
	assert_int_equal(report.unreadable, 0);
	assert_int_equal(kept.count, report.items);
	assert_string_equal(kept.items[0].author, "Nordlicht Räder");
	assert_non_null(strstr(kept.items[0].text, "🚲"));
	assert_string_equal(kept.items[1].text, "Neue Öffnungszeiten ab Montag 🙂");
	for (size_t i = 0; i < kept.count; i++)
		if (strstr(kept.items[i].text, "Ã") || strstr(kept.items[i].text, "â\xc2\x80"))
			fail_msg("not mended: %s", kept.items[i].text);
}

/* ---- what all connectors share ----------------------------------------- */

static void test_foreign_texts_are_made_fit_to_keep(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ " a\r\nb\rc\n", "a\nb\nc" },
		{ "a\x01\x7f\xc2\x81"
		  "b",
		  "ab" },
		{ "a\xc2\x85"
		  "b\xe2\x80\xa8"
		  "c",
		  "a\nb\nc" },
		{ "\xef\xbf\xbe", "\xef\xbf\xbd" },
		{ "a\xef\xbb\xbf"
		  "b",
		  "ab" },
		/* Joiners and directions stay. */
		{ "👩\xe2\x80\x8d💻", "👩\xe2\x80\x8d💻" },
		{ "x\xe2\x80\xae"
		  "exe",
		  "x\xe2\x80\xae"
		  "exe" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
		assert_string_equal(foreign_text(*state, cases[i].text), cases[i].expected);
	assert_string_equal(foreign_text_folded(*state, " a \n\t b\xc2\xa0"
							"c "),
			    "a b c");
	assert_string_equal(foreign_line(*state, "äöü\nx", 3), "äöü");
	assert_int_equal(foreign_utf16_length("aé🙂"), 4);
}

static void test_times_of_all_spellings_are_read(void **state)
{
	static const char *const same[] = { "2026-01-01T10:00:00+0000",     "2026-01-01T10:00:00Z",
					    "2026-01-01T12:00:00+02:00",    "1767261600",
					    "2026-01-01T05:00:00.000-0500", "2026-01-01T10:00Z" };
	static const char *const mail[] = { "Thu, 01 Jan 2026 10:00:00 GMT",
					    "Thu, 1 Jan 2026 11:00:00 +0100",
					    "01 January 2026 10:00 UT",
					    "Thu, 01 Jan 26 05:00:00 EST" };
	static const char *const none[] = { "",
					    "yesterday",
					    "2026-13-01T10:00:00Z",
					    "0",
					    "-5",
					    "2026-01-01T10:00:00+9900",
					    "99999999999999999999" };

	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(same); i++)
		if (foreign_time(same[i]) != INT64_C(1767261600) * CLOCK_SECOND)
			fail_msg("%s", same[i]);
	for (size_t i = 0; i < ARRAY_COUNT(mail); i++)
		if (foreign_mail_time(mail[i]) != INT64_C(1767261600) * CLOCK_SECOND)
			fail_msg("%s", mail[i]);
	for (size_t i = 0; i < ARRAY_COUNT(none); i++)
		if (foreign_time(none[i]) != 0 || foreign_mail_time(none[i]) != 0)
			fail_msg("%s", none[i]);
	assert_int_equal(foreign_time(NULL), 0);
}

static void test_query_strings_are_read_strictly(void **state)
{
	assert_string_equal(foreign_query(*state, "a=1&b=x%20y+z&c", "b"), "x y z");
	assert_string_equal(foreign_query(*state, "a%2Eb=%C3%A9", "a.b"), "é");
	assert_string_equal(foreign_query(*state, "c", "c"), "");
	assert_null(foreign_query(*state, "a=%zz", "a"));
	assert_null(foreign_query(*state, "a=%00", "a"));
	assert_null(foreign_query(*state, "a=%ff", "a"));
	assert_null(foreign_query(*state, "a=%4", "a"));
	assert_null(foreign_query(*state, "", "a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_faulty_strings_are_mended_and_others_left_alone),
		TEST(test_posts_and_comments_are_read_in_their_layouts),
		TEST(test_no_path_leads_out_of_the_folder),
		TEST(test_a_folder_without_an_export_is_named),
		TEST(test_the_modelled_exports_are_read),
		TEST(test_foreign_texts_are_made_fit_to_keep),
		TEST(test_times_of_all_spellings_are_read),
		TEST(test_query_strings_are_read_strictly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
