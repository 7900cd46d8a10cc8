/* The parsers at the border: what browsers send is read, the rest is refused. */
#include "unit.h"

#include "http/http.h"

static struct slice text(const char *bytes)
{
	return slice_of(bytes);
}

static const char *find(const struct http_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(pairs->items[i].name, name) == 0)
			return pairs->items[i].value;
	return NULL;
}

/* urlencoded ------------------------------------------------------------------ */

static void test_form_fields_are_decoded(void **state)
{
	struct http_pairs pairs;

	assert_true(http_parse_pairs(
		*state, text("a=1&title=Caf%C3%A9+%26+th%c3%a9&empty=&flag&&x=a=b"), &pairs));
	assert_int_equal(pairs.count, 5);
	assert_string_equal(find(&pairs, "a"), "1");
	assert_string_equal(find(&pairs, "title"), "Café & thé");
	assert_string_equal(find(&pairs, "empty"), "");
	assert_string_equal(find(&pairs, "flag"), "");
	assert_string_equal(find(&pairs, "x"), "a=b");
}

static void test_line_ends_of_a_value_become_newlines(void **state)
{
	struct http_pairs pairs;

	assert_true(http_parse_pairs(*state, text("t=a%0D%0Ab%0Dc%0Ad%0D%0D%0Ae"), &pairs));
	assert_string_equal(find(&pairs, "t"), "a\nb\nc\nd\n\ne");
}

static void test_an_empty_form_has_no_fields(void **state)
{
	struct http_pairs pairs;

	assert_true(http_parse_pairs(*state, text(""), &pairs));
	assert_int_equal(pairs.count, 0);
	assert_true(http_parse_pairs(*state, slice_make(NULL, 0), &pairs));
	assert_true(http_parse_pairs(*state, text("&&&"), &pairs));
	assert_int_equal(pairs.count, 0);
}

static void test_broken_form_fields_are_refused(void **state)
{
	static const char *const broken[] = {
		"a=%",     "a=%4",    "a=%zz",    "a=%4g",       "a=1%",
		"%=1",                         /* escapes */
		"a=%00",   "a=b%00c", "%00=1", /* NUL */
		"a=%FF",   "a=%C3",   "a=%C0%AF", "a=%ED%A0%80", "a=%F5%80%80%80",
		"a=\xff",  "\xc3=1",                          /* UTF-8 */
		"a=%07",   "a=%1B",   "a=%7F",    "a=%C2%85", /* control */
		"a%0Ab=1",                                    /* line end in a name */
	};

	for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
		struct http_pairs pairs;

		if (http_parse_pairs(*state, text(broken[i]), &pairs))
			fail_msg("accepted: %s", broken[i]);
	}
}

static void test_the_field_limit_holds_exactly(void **state)
{
	struct http_pairs pairs;
	struct buf form;

	buf_init(&form, *state, 10000);
	for (int i = 0; i < HTTP_FIELDS_MAX; i++)
		buf_printf(&form, "&f%d=%d", i, i);
	assert_true(http_parse_pairs(*state, slice_make(form.data, form.length), &pairs));
	assert_int_equal(pairs.count, HTTP_FIELDS_MAX);
	buf_text(&form, "&one=more");
	assert_false(http_parse_pairs(*state, slice_make(form.data, form.length), &pairs));
}

static void test_the_first_of_two_equal_names_counts(void **state)
{
	struct http_request request = { 0 };

	assert_true(
		http_parse_pairs(*state, text("role=customer&role=administrator"), &request.form));
	assert_string_equal(http_form(&request, "role"), "customer");
	assert_string_equal(http_form(&request, "none"), "");
	assert_true(http_has(&request.form, "role"));
	assert_false(http_has(&request.form, "none"));
}

/* Cookies --------------------------------------------------------------------- */

static void test_cookies_are_read(void **state)
{
	struct http_pairs pairs;

	assert_true(http_parse_cookies(
		*state,
		text("a=1; __Host-session=x.y_z-; nameless;  q=\"quoted\" ; =none; b=c=d;e="),
		&pairs));
	assert_int_equal(pairs.count, 5);
	assert_string_equal(find(&pairs, "a"), "1");
	assert_string_equal(find(&pairs, "__Host-session"), "x.y_z-");
	assert_string_equal(find(&pairs, "q"), "quoted");
	assert_string_equal(find(&pairs, "b"), "c=d");
	assert_string_equal(find(&pairs, "e"), "");
}

static void test_cookies_are_not_percent_decoded(void **state)
{
	struct http_pairs pairs;

	assert_true(http_parse_cookies(*state, text("a=%00%zz"), &pairs));
	assert_string_equal(find(&pairs, "a"), "%00%zz");
}

static void test_broken_cookies_are_refused(void **state)
{
	struct http_pairs pairs;
	struct buf many;

	assert_false(http_parse_cookies(*state, text("a=\xff"), &pairs));
	assert_false(http_parse_cookies(*state, text("a=\x01"), &pairs));
	assert_false(http_parse_cookies(*state, text("a=1\r\nX: y"), &pairs));
	assert_false(http_parse_cookies(*state, slice_make("a=\0b", 4), &pairs));
	buf_init(&many, *state, 10000);
	for (int i = 0; i < HTTP_COOKIES_MAX; i++)
		buf_printf(&many, "c%d=%d;", i, i);
	assert_true(http_parse_cookies(*state, slice_make(many.data, many.length), &pairs));
	buf_text(&many, "more=1");
	assert_false(http_parse_cookies(*state, slice_make(many.data, many.length), &pairs));
}

/* Path ------------------------------------------------------------------------ */

static void test_paths_are_decoded(void **state)
{
	static const char *const good[][2] = {
		{ "/", "/" },
		{ "/t/12-slug", "/t/12-slug" },
		{ "/t/12-slug/", "/t/12-slug/" },
		{ "/tags/%C3%A9t%c3%a9", "/tags/été" },
		{ "/a+b", "/a+b" },
		{ "/a%20b", "/a b" },
		{ "/...", "/..." },
		{ "/.well-known/x", "/.well-known/x" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
		const char *path;

		assert_true(http_decode_path(*state, text(good[i][0]), &path));
		assert_string_equal(path, good[i][1]);
	}
}

static void test_ambiguous_paths_are_refused(void **state)
{
	static const char *const bad[] = {
		"",      "t/1",         "*",      "http://other/", "//",      "//evil.example",
		"/a//b", "/a//",        "/..",    "/../etc",       "/a/../b", "/a/.",
		"/./a",  "/%2e%2e/etc", "/a%2Fb", "/a%2fb",        "/%",      "/%4",
		"/%GG",  "/%00",        "/a%0Ab", "/a%0d",         "/a%09b",  "/%FF",
		"/\xff", "/%C0%AE",
	};

	for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
		const char *path = NULL;

		if (http_decode_path(*state, text(bad[i]), &path))
			fail_msg("accepted: %s", bad[i]);
		assert_string_equal(path, "");
	}
}

/* Multipart ------------------------------------------------------------------- */

#define TYPE "multipart/form-data; boundary=XyZ"
#define FIELD(name, value) \
	"--XyZ\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define END "--XyZ--\r\n"

static void test_multipart_text_fields_are_read(void **state)
{
	struct http_pairs pairs;

	assert_true(http_parse_multipart(
		*state,
		text(FIELD("title", "Café") FIELD("body", "a\r\n--Xy\r\nb") FIELD("empty", "") END),
		TYPE, &pairs));
	assert_int_equal(pairs.count, 3);
	assert_string_equal(find(&pairs, "title"), "Café");
	assert_string_equal(find(&pairs, "body"), "a\n--Xy\nb");
	assert_string_equal(find(&pairs, "empty"), "");
}

static void test_multipart_boundary_may_be_quoted_and_end_without_newline(void **state)
{
	struct http_pairs pairs;

	assert_true(http_parse_multipart(
		*state,
		text("--a=b\r\ncontent-disposition:form-data;name=x\r\nContent-Type: "
		     "text/plain; charset=UTF-8\r\n\r\n1\r\n--a=b--"),
		"Multipart/Form-Data; charset=utf-8; Boundary=\"a=b\"", &pairs));
	assert_string_equal(find(&pairs, "x"), "1");
	assert_true(http_parse_multipart(*state, text("--XyZ--"), TYPE, &pairs));
	assert_int_equal(pairs.count, 0);
}

static void test_a_file_field_without_a_file_is_skipped(void **state)
{
	struct http_pairs pairs;

	assert_true(http_parse_multipart(
		*state,
		text("--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n"
		     "Content-Type: application/octet-stream\r\n\r\n\r\n" FIELD("a", "1") END),
		TYPE, &pairs));
	assert_int_equal(pairs.count, 1);
	assert_string_equal(find(&pairs, "a"), "1");
}

static void test_a_file_comes_as_bytes_of_any_kind(void **state)
{
	static const char body[] = "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; "
				   "filename=\"x.png\"\r\n\r\n\x89P\0\xff\r\n" FIELD("a", "1") END;
	struct http_request request = { 0 };
	const char *bytes;
	size_t length;

	assert_true(http_parse_multipart(*state, slice_make(body, sizeof body - 1), TYPE,
					 &request.form));
	bytes = http_file(&request, "f", &length);
	assert_int_equal(length, 4);
	assert_memory_equal(bytes, "\x89P\0\xff", 4);
	assert_string_equal(http_form(&request, "f"), "");
	assert_string_equal(http_form(&request, "a"), "1");
	assert_null(http_file(&request, "a", &length));
	assert_null(http_file(&request, "none", &length));
	assert_int_equal(length, 0);
}

static void test_broken_multipart_is_refused(void **state)
{
	static const char *const broken[] = {
		"",
		"--XyZ",
		"--XyZ\r\n",
		"--XyZ--x",
		"--XyZ--\r\nepilogue",
		"preamble\r\n" END,
		FIELD("a", "1"),              /* no end */
		"--XyZ\r\n\r\nvalue\r\n" END, /* no header */
		"--XyZ\r\nContent-Type: text/plain\r\n\r\nv\r\n" END,
		"--XyZ\r\nContent-Disposition: form-data\r\n\r\nv\r\n" END,
		"--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nv\r\n" END,
		"--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\nv\r\n" END,
		"--XyZ\r\nContent-Disposition: form-data; name=\"a\" x\r\n\r\nv\r\n" END,
		"--XyZ\r\nnonsense\r\n\r\nv\r\n" END,
		FIELD("a", "\xff"),
		FIELD("a", "\x01") END,
		FIELD("\xff", "1") END,
		FIELD("a\tb", "1") END,
		"--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\nv\r\n" END,
		"--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n"
		"Content-Disposition: form-data; name=\"b\"\r\n\r\nv\r\n" END,
	};

	for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
		struct http_pairs pairs;

		if (http_parse_multipart(*state, text(broken[i]), TYPE, &pairs))
			fail_msg("accepted: %s", broken[i]);
	}
}

static void test_a_bad_boundary_is_refused(void **state)
{
	static const char *const types[] = {
		"multipart/form-data",
		"multipart/form-data;",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"\"",
		"multipart/form-data; boundary=\"a b\"",
		"multipart/mixed; boundary=XyZ",
		"multipart/form-data; boundary=\"XyZ",
		"multipart/form-data; boundary=012345678901234567890123456789"
		"01234567890123456789012345678901234567890", /* 71 */
	};

	for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
		struct http_pairs pairs;

		if (http_parse_multipart(*state, text(END), types[i], &pairs))
			fail_msg("accepted: %s", types[i]);
	}
}

static void test_the_multipart_limits_hold(void **state)
{
	struct http_pairs pairs;
	struct buf body;

	buf_init(&body, *state, 100000);
	for (int i = 0; i < HTTP_FIELDS_MAX; i++)
		buf_text(&body, FIELD("a", "1"));
	buf_text(&body, END);
	assert_true(http_parse_multipart(*state, slice_make(body.data, body.length), TYPE, &pairs));
	assert_int_equal(pairs.count, HTTP_FIELDS_MAX);
	buf_clear(&body);
	for (int i = 0; i <= HTTP_FIELDS_MAX; i++)
		buf_text(&body, "--XyZ\r\nContent-Disposition: form-data; name=f; "
				"filename=\"\"\r\n\r\n\r\n");
	buf_text(&body, END);
	assert_false(
		http_parse_multipart(*state, slice_make(body.data, body.length), TYPE, &pairs));
	buf_clear(&body);
	buf_text(&body, "--XyZ\r\nContent-Disposition: form-data; name=f\r\nX: ");
	for (int i = 0; i < 1024; i++)
		buf_char(&body, 'x');
	buf_text(&body, "\r\n\r\nv\r\n" END);
	assert_false(
		http_parse_multipart(*state, slice_make(body.data, body.length), TYPE, &pairs));
}

/* Answers --------------------------------------------------------------------- */

static void test_a_header_is_known_by_its_whole_name(void **state)
{
	struct http_response response = { .status = 200 };

	buf_init(&response.headers, *state, 1000);
	assert_false(http_has_header(&response, "ETag"));
	http_header(&response, "X-ETag", "ETag: 1");
	http_header(&response, "ETagged", "1");
	assert_false(http_has_header(&response, "ETag"));
	http_header(&response, "ETag", "1");
	http_header(&response, "Vary", "Cookie");
	assert_true(http_has_header(&response, "ETag"));
	assert_true(http_has_header(&response, "Vary"));
}

static void test_headers_that_would_split_are_dropped(void **state)
{
	struct http_response response = { 0 };

	buf_init(&response.headers, *state, 1000);
	http_header(&response, "X-Good", "yes");
	http_header(&response, "X-Bad", "a\r\nSet-Cookie: stolen=1");
	http_header(&response, "X-Bad", "a\x7f");
	http_header(&response, "X Bad", "name");
	http_header(&response, "", "name");
	assert_string_equal(response.headers.data, "X-Good: yes\r\n");
}

static void test_cookies_are_written_safe_by_default(void **state)
{
	struct http_response response = { 0 };

	buf_init(&response.headers, *state, 1000);
	http_set_cookie(&response, "__Host-s", "abc",
			(struct http_cookie_options){
				.max_age_seconds = 60, .is_secure = true, .is_strict = true });
	http_set_cookie(&response, "lang", "fr",
			(struct http_cookie_options){ .is_readable = true });
	http_set_cookie(&response, "old", "",
			(struct http_cookie_options){ .max_age_seconds = -1 });
	http_set_cookie(&response, "bad", "a; Domain=x", (struct http_cookie_options){ 0 });
	http_set_cookie(&response, "bad", "é", (struct http_cookie_options){ 0 });
	assert_string_equal(
		response.headers.data,
		"Set-Cookie: __Host-s=abc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Strict\r\n"
		"Set-Cookie: lang=fr; Path=/; SameSite=Lax\r\n"
		"Set-Cookie: old=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_form_fields_are_decoded),
		TEST(test_line_ends_of_a_value_become_newlines),
		TEST(test_an_empty_form_has_no_fields),
		TEST(test_broken_form_fields_are_refused),
		TEST(test_the_field_limit_holds_exactly),
		TEST(test_the_first_of_two_equal_names_counts),
		TEST(test_cookies_are_read),
		TEST(test_cookies_are_not_percent_decoded),
		TEST(test_broken_cookies_are_refused),
		TEST(test_paths_are_decoded),
		TEST(test_ambiguous_paths_are_refused),
		TEST(test_multipart_text_fields_are_read),
		TEST(test_multipart_boundary_may_be_quoted_and_end_without_newline),
		TEST(test_a_file_field_without_a_file_is_skipped),
		TEST(test_a_file_comes_as_bytes_of_any_kind),
		TEST(test_broken_multipart_is_refused),
		TEST(test_a_bad_boundary_is_refused),
		TEST(test_the_multipart_limits_hold),
		TEST(test_headers_that_would_split_are_dropped),
		TEST(test_a_header_is_known_by_its_whole_name),
		TEST(test_cookies_are_written_safe_by_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
