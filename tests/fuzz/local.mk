# Fuzz targets: one function LLVMFuzzerTestOneInput each. With --enable-fuzz
# they are libFuzzer programs; otherwise replay.c is their main, and `make
# check` runs each over its kept corpus, tests/fuzz/corpus/TARGET/.
#
# To add one: write tests/fuzz/fuzz_THING.c and add two lines below,
#     check_PROGRAMS += tests/fuzz/fuzz_THING
#     tests_fuzz_fuzz_THING_LDADD = $(FUZZ_LIBS) $(HTTP_LIBS) $(BASE_LIBS)

if ENABLE_FUZZ
FUZZ_LIBS = $(FUZZ_LDFLAGS)
else
noinst_LIBRARIES += lib_fuzz_main.a
lib_fuzz_main_a_SOURCES = tests/fuzz/replay.c
FUZZ_LIBS = lib_fuzz_main.a
endif

EXTRA_DIST += tests/fuzz/fuzz.h tests/fuzz/http_properties.h tests/fuzz/markup_properties.h

check_PROGRAMS += tests/fuzz/fuzz_base
tests_fuzz_fuzz_base_LDADD = $(FUZZ_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_cookie
tests_fuzz_fuzz_cookie_LDADD = $(FUZZ_LIBS) $(HTTP_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_fastcgi
tests_fuzz_fuzz_fastcgi_LDADD = $(FUZZ_LIBS) $(HTTP_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_form
tests_fuzz_fuzz_form_LDADD = $(FUZZ_LIBS) $(HTTP_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_multipart
tests_fuzz_fuzz_multipart_LDADD = $(FUZZ_LIBS) $(HTTP_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_path
tests_fuzz_fuzz_path_LDADD = $(FUZZ_LIBS) $(HTTP_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_crawl_line
tests_fuzz_fuzz_crawl_line_LDADD = $(FUZZ_LIBS) $(HTTP_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_dump
tests_fuzz_fuzz_dump_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_diff
tests_fuzz_fuzz_diff_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_markdown
tests_fuzz_fuzz_markdown_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_sanitize
tests_fuzz_fuzz_sanitize_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_scrub
tests_fuzz_fuzz_scrub_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_personal
tests_fuzz_fuzz_personal_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_word_list
tests_fuzz_fuzz_word_list_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_address_list
tests_fuzz_fuzz_address_list_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_placeholder
tests_fuzz_fuzz_placeholder_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_spam
tests_fuzz_fuzz_spam_LDADD = $(FUZZ_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_json
tests_fuzz_fuzz_json_LDADD = $(FUZZ_LIBS) $(NET_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_search_query
tests_fuzz_fuzz_search_query_LDADD = $(FUZZ_LIBS) $(SEARCH_LIBS) $(BASE_LIBS)
check_PROGRAMS += tests/fuzz/fuzz_notice_address
tests_fuzz_fuzz_notice_address_LDADD = $(FUZZ_LIBS) $(FORUM_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_article_line
tests_fuzz_fuzz_article_line_LDADD = $(FUZZ_LIBS) $(FORUM_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_questionnaire
tests_fuzz_fuzz_questionnaire_LDADD = $(FUZZ_LIBS) $(FORUM_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_attachment
tests_fuzz_fuzz_attachment_LDADD = $(FUZZ_LIBS) $(FORUM_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_ranks
tests_fuzz_fuzz_ranks_LDADD = $(FUZZ_LIBS) $(FORUM_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_working_rules
tests_fuzz_fuzz_working_rules_LDADD = $(FUZZ_LIBS) $(FORUM_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_synonyms
tests_fuzz_fuzz_synonyms_LDADD = $(FUZZ_LIBS) $(SEARCH_LIBS) $(BASE_LIBS)

FUZZ_CONNECT_LIBS = $(FUZZ_LIBS) $(CONNECT_LIBS) $(NET_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_feed
tests_fuzz_fuzz_feed_LDADD = $(FUZZ_CONNECT_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_notice
tests_fuzz_fuzz_notice_LDADD = $(FUZZ_CONNECT_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_passkey
tests_fuzz_fuzz_passkey_LDADD = $(FUZZ_LIBS) $(NET_LIBS) $(BASE_LIBS)
