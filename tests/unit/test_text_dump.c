/*
 * The dump reader: rows, mended faults, and files that are refused.
 */
#include <stdlib.h>
#include <unistd.h>

#include "text/dump.h"
#include "unit.h"

static char path[] = "/tmp/entraide-dump-XXXXXX";

static struct dump *dump_of(const char *content, size_t length)
{
	int file;

	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
	file = mkstemp(path);
	assert_true(file >= 0);
	assert_int_equal(write(file, content, length), (ssize_t)length);
	close(file);
	return dump_open(path);
}

static void done(struct dump *dump)
{
	dump_close(dump);
	unlink(path);
}

#define DUMP_OF(text) dump_of(text, sizeof(text) - 1)

static void test_rows_come_with_their_attributes(void **state)
{
	struct dump *dump = DUMP_OF(
		"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<posts>\n<row Id=\"1\" Body=\"&lt;p&gt;a&#xA;b\"/>\n"
		"<row Id=\"2\"/>\n</posts>\n");
	struct dump_row row;

	(void)state;
	assert_int_equal(dump_next(dump, &row), DUMP_ROW);
	assert_string_equal(dump_get(&row, "Id"), "1");
	assert_string_equal(dump_get(&row, "Body"), "<p>a\nb");
	assert_null(dump_get(&row, "Title"));
	assert_int_equal(dump_next(dump, &row), DUMP_ROW);
	assert_int_equal(dump_next(dump, &row), DUMP_END);
	assert_int_equal(dump_bytes_read(dump), dump_bytes(dump));
	done(dump);
}

static void test_references_to_forbidden_characters_are_mended(void **state)
{
	struct dump *dump = DUMP_OF(
		"<p><row A=\"x&#x1;y&#0;z&#xD800;&#x9;&#65;&amp;&#xFFFF;\"/></p>");
	struct dump_row row;

	(void)state;
	assert_int_equal(dump_next(dump, &row), DUMP_ROW);
	assert_string_equal(dump_get(&row, "A"),
			    "x\xEF\xBF\xBDy\xEF\xBF\xBDz\xEF\xBF\xBD\tA&\xEF\xBF\xBD");
	assert_int_equal(dump_next(dump, &row), DUMP_END);
	done(dump);
}

/* Every way to cut the same text gives the same result. */
static void test_mending_does_not_depend_on_where_a_piece_ends(void **state)
{
	static const char text[] = "\xEF\xBB\xBF"
				   "a&#x1;b&#12345678901234;&&#x;&#xA;&lt;&";
	char whole[DUMP_MENDED_MAX(sizeof(text))], pieces[DUMP_MENDED_MAX(sizeof(text))];
	struct dump_mend mend = { .held_count = 0 };
	size_t whole_length = dump_mend(&mend, text, sizeof(text) - 1, whole);

	(void)state;
	whole_length += dump_mend(&mend, NULL, 0, whole + whole_length);
	for (size_t cut = 3; cut < sizeof(text) - 1; cut++) {
		size_t length;

		mend = (struct dump_mend){ .held_count = 0 };
		length = dump_mend(&mend, text, cut, pieces);
		length += dump_mend(&mend, text + cut, sizeof(text) - 1 - cut, pieces + length);
		length += dump_mend(&mend, NULL, 0, pieces + length);
		assert_int_equal(length, whole_length);
		assert_memory_equal(pieces, whole, length);
	}
}

static const struct {
	const char *what, *text;
} broken[] = {
	{ "truncated", "<posts><row Id=\"1\"/><row Id=" },
	{ "not closed", "<posts><row Id=\"1\"/>" },
	{ "not XML", "Id,Title\n1,box\n" },
	{ "empty", "" },
	{ "external entity",
	  "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><p><row A=\"&x;\"/></p>" },
	{ "unknown entity", "<p><row A=\"&nothing;\"/></p>" },
	{ "same attribute twice", "<p><row A=\"1\" A=\"2\"/></p>" },
	{ "bad UTF-8", "<p><row A=\"\xC3\x28\"/></p>" },
};

static void test_broken_files_are_refused_with_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
		struct dump *dump = dump_of(broken[i].text, strlen(broken[i].text));
		struct dump_row row;
		enum dump_result result;

		while ((result = dump_next(dump, &row)) == DUMP_ROW)
			;
		if (result != DUMP_BROKEN || !strstr(dump_problem(dump), "line"))
			fail_msg("%s: %s", broken[i].what, dump_problem(dump));
		done(dump);
	}
}

static void test_an_entity_bomb_is_refused(void **state)
{
	struct dump *dump = DUMP_OF(
		"<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaa\">"
		"<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
		"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
		"<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">"
		"<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">"
		"<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">]>"
		"<p><row A=\"&f;\"/></p>");
	struct dump_row row;

	(void)state;
	assert_int_equal(dump_next(dump, &row), DUMP_BROKEN);
	done(dump);
}

static void test_a_row_with_too_much_is_refused(void **state)
{
	struct dump_row row;
	struct dump *dump;
	char *text = malloc(DUMP_VALUE_MAX_BYTES + 100);
	size_t length;

	(void)state;
	length = (size_t)snprintf(text, 100, "<p><row A=\"");
	memset(text + length, 'a', DUMP_VALUE_MAX_BYTES + 1);
	length += DUMP_VALUE_MAX_BYTES + 1;
	length += (size_t)snprintf(text + length, 20, "\"/></p>");
	dump = dump_of(text, length);
	assert_int_equal(dump_next(dump, &row), DUMP_BROKEN);
	done(dump);
	free(text);
}

static void test_a_missing_file_is_no_dump(void **state)
{
	(void)state;
	assert_null(dump_open("/nowhere/Posts.xml"));
	assert_null(dump_open("/tmp"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows_come_with_their_attributes),
		TEST(test_references_to_forbidden_characters_are_mended),
		TEST(test_mending_does_not_depend_on_where_a_piece_ends),
		TEST(test_broken_files_are_refused_with_a_reason),
		TEST(test_an_entity_bomb_is_refused),
		TEST(test_a_row_with_too_much_is_refused),
		TEST(test_a_missing_file_is_no_dump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
