/*
 * What uploaded bytes are, and under which names they are given back.
 */
#include "unit.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "forum/attachment_kind.h"

#define PDF_HEAD "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
#define PDF_END  "trailer\n<<>>\nstartxref\n9\n%%EOF"

static void assert_kind(const char *bytes, size_t length, enum attachment_kind wanted)
{
	enum attachment_kind kind = ATTACHMENT_KIND_COUNT;
	const char *why = "";

	assert_true(attachment_kind_of(bytes, length, &kind, &why));
	assert_int_equal(kind, wanted);
}
#define IS(literal, kind) assert_kind(literal, sizeof(literal) - 1, kind)

static void assert_none(const char *bytes, size_t length, const char *said)
{
	enum attachment_kind kind;
	const char *why = "";

	assert_false(attachment_kind_of(bytes, length, &kind, &why));
	assert_non_null(strstr(why, said));
}
#define NONE(literal, said) assert_none(literal, sizeof(literal) - 1, said)

static void test_kinds_are_told_by_bytes(void **state)
{
	(void)state;
	IS("\xFF\xD8\xFF\xE0 JFIF", ATTACHMENT_PICTURE);
	IS("\x89PNG\r\n\x1A\n IHDR", ATTACHMENT_PICTURE);
	IS("GIF89a\1\0\1\0", ATTACHMENT_PICTURE);
	IS("RIFF\x10\0\0\0WEBPVP8 ", ATTACHMENT_PICTURE);
	IS(PDF_HEAD PDF_END, ATTACHMENT_PDF);
	IS(PDF_HEAD PDF_END "\r\n\0 ", ATTACHMENT_PDF);
	IS("Nom;Montant\r\nAlizé;12,50 €\r\n", ATTACHMENT_TEXT);
	/* Text it is, and as text it is saved: see the names below. */
	IS("<script>alert(1)</script>", ATTACHMENT_TEXT);
}

static void test_other_kinds_are_refused(void **state)
{
	(void)state;
	NONE("MZ\x90\0\3\0\0\0", "This kind of file");
	NONE("PK\3\4\24\0\0\0\10\0", "This kind of file");
	NONE("\x7f"
	     "ELF\2\1\1\0",
	     "This kind of file");
	NONE("RIFF\x10\0\0\0AVI LIST", "This kind of file");
	NONE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "This kind of file");
	/* Text of another encoding, of another width, with a NUL or an escape in it. */
	NONE("Montant : 12 \x80", "UTF-8");
	NONE("\xFF\xFEN\0o\0m\0", "UTF-8");
	NONE("Nom\0Montant", "UTF-8");
	NONE("\x1b]0;title\x07", "UTF-8");
}

static void test_what_may_be_two_things_is_neither(void **state)
{
	(void)state;
	NONE(PDF_HEAD, "not whole");
	NONE(PDF_HEAD PDF_END "<script>alert(1)</script>", "something else is hidden");
	NONE(PDF_HEAD PDF_END "PK\5\6\0\0\0\0\1\0\1\0", "something else is hidden");
	/* A zip whose comment ends like a PDF. */
	NONE(PDF_HEAD PDF_END "PK\5\6\0\0\0\0\1\0\1\0\5\0\n%%EOF", "something else is hidden");
	/* A PDF that begins later is none, and no text either. */
	NONE("\xFE\xFE" PDF_HEAD PDF_END, "This kind of file");
	NONE("%PDF-9.9\n\x80" PDF_END, "This kind of file");
}

static void assert_named(const char *typed, enum attachment_kind kind, const char *wanted)
{
	struct arena *arena = arena_new(100000);

	assert_string_equal(attachment_name(arena, typed, kind), wanted);
	arena_free(arena);
}

static void test_a_name_fits_its_kind(void **state)
{
	(void)state;
	assert_named("facture.PDF", ATTACHMENT_PDF, "facture.pdf");
	assert_named("relevé.csv", ATTACHMENT_TEXT, "relevé.csv");
	assert_named("IMG_1234.JPG", ATTACHMENT_PICTURE, "IMG_1234.webp");
	assert_named("box.tar.gz", ATTACHMENT_PDF, "box.tar.gz.pdf");
	assert_named("page.html", ATTACHMENT_TEXT, "page.html.txt");
	assert_named("tool.exe", ATTACHMENT_PICTURE, "tool.exe.webp");
	assert_named("C:\\fakepath\\notes.txt", ATTACHMENT_TEXT, "notes.txt");
	assert_named("../../etc/passwd", ATTACHMENT_TEXT, "passwd.txt");
	assert_named(".htaccess", ATTACHMENT_TEXT, "htaccess.txt");
	assert_named("", ATTACHMENT_PICTURE, "picture.webp");
	assert_named(" . .pdf", ATTACHMENT_PDF, "pdf.pdf");
	assert_named("a%22b\"c\r\nSet-Cookie: d.txt", ATTACHMENT_TEXT, "a22bcSet-Cookie d.txt");
	/* U+202E turns what follows round: "gpj.exe" would read as "exe.jpg". */
	assert_named("photo\xe2\x80\xae"
		     "gpj.exe",
		     ATTACHMENT_PICTURE, "photogpj.exe.webp");
}

static void test_a_long_name_keeps_its_ending(void **state)
{
	struct arena *arena = arena_new(100000);
	char typed[1000];
	const char *name;

	(void)state;
	memset(typed, 'x', sizeof(typed));
	memcpy(typed + sizeof(typed) - 5, ".csv", 5);
	name = attachment_name(arena, typed, ATTACHMENT_TEXT);
	assert_true(utf8_count(name) <= ATTACHMENT_NAME_MAX);
	assert_string_equal(strrchr(name, '.'), ".csv");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_are_told_by_bytes),
		cmocka_unit_test(test_other_kinds_are_refused),
		cmocka_unit_test(test_what_may_be_two_things_is_neither),
		cmocka_unit_test(test_a_name_fits_its_kind),
		cmocka_unit_test(test_a_long_name_keeps_its_ending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
