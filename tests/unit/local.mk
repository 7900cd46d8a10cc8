# Unit tests: cmocka, no database, no network, milliseconds.
#
# To add one: write tests/unit/test_FOLDER_THING.c and add two lines below,
#     check_PROGRAMS += tests/unit/test_FOLDER_THING
#     tests_unit_test_FOLDER_THING_LDADD = $(TEST_FOLDER_LIBS)
# The program links only what docs/architecture.md allows FOLDER to use, so a
# forbidden call fails here at link time.

TEST_BASE_LIBS = $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_I18N_LIBS = $(I18N_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_HTTP_LIBS = $(HTTP_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_DB_LIBS = $(DB_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_TEXT_LIBS = $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_NET_LIBS = $(NET_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_CONNECT_LIBS = $(CONNECT_LIBS) $(NET_LIBS) $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_SEARCH_LIBS = $(SEARCH_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_FORUM_LIBS = $(FORUM_LIBS) $(CMOCKA_LIBS)
TEST_TEMPLATES_LIBS = lib_templates.a $(TEXT_LIBS) $(I18N_LIBS) $(BASE_LIBS) $(CMOCKA_LIBS)
TEST_WEB_LIBS = $(WEB_LIBS) $(CMOCKA_LIBS)
TEST_JOBS_LIBS = $(JOBS_LIBS) $(CMOCKA_LIBS)
TEST_CMD_LIBS = lib_cmd.a lib_jobs.a $(WEB_LIBS) $(VIPS_LIBS) $(CMOCKA_LIBS)

# Tests find files of the source and the build tree by these.
AM_TESTS_ENVIRONMENT = \
	ENTRAIDE_SOURCE_DIR='$(abs_top_srcdir)'; export ENTRAIDE_SOURCE_DIR; \
	ENTRAIDE_BUILD_DIR='$(abs_top_builddir)'; export ENTRAIDE_BUILD_DIR;

EXTRA_DIST += tests/unit/unit.h

check_PROGRAMS += tests/unit/test_base_arena
tests_unit_test_base_arena_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_buf
tests_unit_test_base_buf_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_clock
tests_unit_test_base_clock_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_config
tests_unit_test_base_config_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_crypto
tests_unit_test_base_crypto_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_follow
tests_unit_test_base_follow_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_log
tests_unit_test_base_log_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_zone
tests_unit_test_base_zone_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_totp
tests_unit_test_base_totp_LDADD = $(TEST_BASE_LIBS)

check_PROGRAMS += tests/unit/test_base_text
tests_unit_test_base_text_LDADD = $(TEST_BASE_LIBS)

DB_FIXTURE = tests/unit/db_fixture.c tests/unit/db_fixture.h

HTTP_STUB = tests/unit/http_stub.c tests/unit/http_stub.h
CONNECT_FIXTURE = tests/unit/connect_fixture.c tests/unit/connect_fixture.h

check_PROGRAMS += tests/unit/test_connect_export
tests_unit_test_connect_export_SOURCES = tests/unit/test_connect_export.c $(CONNECT_FIXTURE)
tests_unit_test_connect_export_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_connect_fake_graph
tests_unit_test_connect_fake_graph_SOURCES = tests/unit/test_connect_fake_graph.c $(CONNECT_FIXTURE)
tests_unit_test_connect_fake_graph_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_connect_feed
tests_unit_test_connect_feed_SOURCES = tests/unit/test_connect_feed.c $(CONNECT_FIXTURE) $(HTTP_STUB)
tests_unit_test_connect_feed_LDADD = $(TEST_CONNECT_LIBS)

GRAPH_SCRIPT = $(CONNECT_FIXTURE) $(HTTP_STUB) tests/unit/graph_script.c tests/unit/graph_script.h

check_PROGRAMS += tests/unit/test_connect_facebook_calls
tests_unit_test_connect_facebook_calls_SOURCES = tests/unit/test_connect_facebook_calls.c \
	$(GRAPH_SCRIPT)
tests_unit_test_connect_facebook_calls_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_connect_facebook_errors
tests_unit_test_connect_facebook_errors_SOURCES = tests/unit/test_connect_facebook_errors.c $(CONNECT_FIXTURE)
tests_unit_test_connect_facebook_errors_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_connect_facebook_items
tests_unit_test_connect_facebook_items_SOURCES = tests/unit/test_connect_facebook_items.c $(CONNECT_FIXTURE)
tests_unit_test_connect_facebook_items_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_connect_facebook_push
tests_unit_test_connect_facebook_push_SOURCES = tests/unit/test_connect_facebook_push.c $(CONNECT_FIXTURE)
tests_unit_test_connect_facebook_push_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_connect_facebook_reading
tests_unit_test_connect_facebook_reading_SOURCES = tests/unit/test_connect_facebook_reading.c \
	$(GRAPH_SCRIPT)
tests_unit_test_connect_facebook_reading_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_connect_facebook_setup
tests_unit_test_connect_facebook_setup_SOURCES = tests/unit/test_connect_facebook_setup.c \
	$(GRAPH_SCRIPT)
tests_unit_test_connect_facebook_setup_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_connect_facebook_writing
tests_unit_test_connect_facebook_writing_SOURCES = tests/unit/test_connect_facebook_writing.c \
	$(GRAPH_SCRIPT)
tests_unit_test_connect_facebook_writing_LDADD = $(TEST_CONNECT_LIBS)

check_PROGRAMS += tests/unit/test_db
tests_unit_test_db_SOURCES = tests/unit/test_db.c $(DB_FIXTURE)
tests_unit_test_db_LDADD = $(TEST_DB_LIBS)

check_PROGRAMS += tests/unit/test_db_bulk
tests_unit_test_db_bulk_SOURCES = tests/unit/test_db_bulk.c $(DB_FIXTURE)
tests_unit_test_db_bulk_LDADD = $(TEST_DB_LIBS)

check_PROGRAMS += tests/unit/test_db_connection
tests_unit_test_db_connection_SOURCES = tests/unit/test_db_connection.c $(DB_FIXTURE)
tests_unit_test_db_connection_LDADD = $(TEST_DB_LIBS)

check_PROGRAMS += tests/unit/test_db_migrate
tests_unit_test_db_migrate_LDADD = $(TEST_DB_LIBS)

check_PROGRAMS += tests/unit/test_db_prepared
tests_unit_test_db_prepared_SOURCES = tests/unit/test_db_prepared.c $(DB_FIXTURE)
tests_unit_test_db_prepared_LDADD = $(TEST_DB_LIBS)

check_PROGRAMS += tests/unit/test_db_wire
tests_unit_test_db_wire_SOURCES = tests/unit/test_db_wire.c $(DB_FIXTURE)
tests_unit_test_db_wire_LDADD = $(TEST_DB_LIBS)

FASTCGI_CLIENT = tests/unit/fastcgi_client.c tests/unit/fastcgi_client.h
HTTP_EXCHANGE = $(FASTCGI_CLIENT) tests/unit/http_exchange.c tests/unit/http_exchange.h

check_PROGRAMS += tests/unit/test_http_metrics
tests_unit_test_http_metrics_LDADD = $(TEST_HTTP_LIBS)

check_PROGRAMS += tests/unit/test_http_parse
tests_unit_test_http_parse_LDADD = $(TEST_HTTP_LIBS)

check_PROGRAMS += tests/unit/test_http_refusals
tests_unit_test_http_refusals_SOURCES = tests/unit/test_http_refusals.c $(HTTP_EXCHANGE)
tests_unit_test_http_refusals_LDADD = $(TEST_HTTP_LIBS)

check_PROGRAMS += tests/unit/test_http_server
tests_unit_test_http_server_SOURCES = tests/unit/test_http_server.c $(HTTP_EXCHANGE)
tests_unit_test_http_server_LDADD = $(TEST_HTTP_LIBS)

check_PROGRAMS += tests/unit/test_http_supervisor
tests_unit_test_http_supervisor_SOURCES = tests/unit/test_http_supervisor.c $(FASTCGI_CLIENT) \
	tests/unit/supervised_program.c tests/unit/supervised_program.h
tests_unit_test_http_supervisor_LDADD = $(TEST_HTTP_LIBS)

check_PROGRAMS += tests/unit/test_i18n
tests_unit_test_i18n_LDADD = $(TEST_I18N_LIBS)

check_PROGRAMS += tests/unit/test_jobs_crawl
tests_unit_test_jobs_crawl_SOURCES = tests/unit/test_jobs_crawl.c $(JOBS_FIXTURE)
tests_unit_test_jobs_crawl_LDADD = $(TEST_JOBS_LIBS)

check_PROGRAMS += tests/unit/test_http_crawl_line
tests_unit_test_http_crawl_line_LDADD = $(TEST_HTTP_LIBS)

check_PROGRAMS += tests/unit/test_jobs
tests_unit_test_jobs_SOURCES = tests/unit/test_jobs.c $(JOBS_FIXTURE)
tests_unit_test_jobs_LDADD = $(TEST_JOBS_LIBS)

check_PROGRAMS += tests/unit/test_letters
tests_unit_test_letters_SOURCES = tests/unit/test_letters.c $(JOBS_FIXTURE)
tests_unit_test_letters_LDADD = $(TEST_JOBS_LIBS)

check_PROGRAMS += tests/unit/test_jobs_index
tests_unit_test_jobs_index_SOURCES = tests/unit/test_jobs_index.c $(JOBS_FIXTURE)
tests_unit_test_jobs_index_LDADD = $(TEST_JOBS_LIBS)

check_PROGRAMS += tests/unit/test_jobs_index_articles
tests_unit_test_jobs_index_articles_SOURCES = tests/unit/test_jobs_index_articles.c $(JOBS_FIXTURE)
tests_unit_test_jobs_index_articles_LDADD = $(TEST_JOBS_LIBS)

check_PROGRAMS += tests/unit/test_jobs_index_trouble
tests_unit_test_jobs_index_trouble_SOURCES = tests/unit/test_jobs_index_trouble.c $(JOBS_FIXTURE)
tests_unit_test_jobs_index_trouble_LDADD = $(TEST_JOBS_LIBS)

check_PROGRAMS += tests/unit/test_net_http_client
tests_unit_test_net_http_client_SOURCES = tests/unit/test_net_http_client.c $(HTTP_STUB)
tests_unit_test_net_http_client_LDADD = $(TEST_NET_LIBS)

AUTHENTICATOR = tests/unit/authenticator.c tests/unit/authenticator.h

check_PROGRAMS += tests/unit/test_net_webauthn
tests_unit_test_net_webauthn_SOURCES = tests/unit/test_net_webauthn.c $(AUTHENTICATOR)
tests_unit_test_net_webauthn_LDADD = $(TEST_NET_LIBS)

check_PROGRAMS += tests/unit/test_net_json
tests_unit_test_net_json_LDADD = $(TEST_NET_LIBS)

check_PROGRAMS += tests/unit/test_net_mail
tests_unit_test_net_mail_LDADD = $(TEST_NET_LIBS)

check_PROGRAMS += tests/unit/test_search
tests_unit_test_search_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_search_build
tests_unit_test_search_build_LDADD = $(TEST_SEARCH_LIBS)

SEARCH_FIXTURE = tests/unit/search_fixture.c tests/unit/search_fixture.h

check_PROGRAMS += tests/unit/test_search_parse
tests_unit_test_search_parse_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_search_snippets
tests_unit_test_search_snippets_SOURCES = tests/unit/test_search_snippets.c $(SEARCH_FIXTURE)
tests_unit_test_search_snippets_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_search_spelling
tests_unit_test_search_spelling_SOURCES = tests/unit/test_search_spelling.c $(SEARCH_FIXTURE)
tests_unit_test_search_spelling_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_search_suggest
tests_unit_test_search_suggest_SOURCES = tests/unit/test_search_suggest.c $(SEARCH_FIXTURE)
tests_unit_test_search_suggest_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_search_clauses
tests_unit_test_search_clauses_SOURCES = tests/unit/test_search_clauses.c $(SEARCH_FIXTURE)
tests_unit_test_search_clauses_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_search_language
tests_unit_test_search_language_SOURCES = tests/unit/test_search_language.c $(SEARCH_FIXTURE)
tests_unit_test_search_language_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_search_many
tests_unit_test_search_many_SOURCES = tests/unit/test_search_many.c $(SEARCH_FIXTURE)
tests_unit_test_search_many_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_search_filters
tests_unit_test_search_filters_SOURCES = tests/unit/test_search_filters.c $(SEARCH_FIXTURE)
tests_unit_test_search_filters_LDADD = $(TEST_SEARCH_LIBS)

check_PROGRAMS += tests/unit/test_web_chart
tests_unit_test_web_chart_LDADD = $(TEST_WEB_LIBS)

check_PROGRAMS += tests/unit/test_templates
tests_unit_test_templates_LDADD = $(TEST_WEB_LIBS)

check_PROGRAMS += tests/unit/test_text_cost
tests_unit_test_text_cost_LDADD = $(TEST_TEXT_LIBS) $(JANSSON_LIBS)

check_PROGRAMS += tests/unit/test_text_diff
tests_unit_test_text_diff_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_excerpt
tests_unit_test_text_excerpt_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_html
tests_unit_test_text_html_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_markdown
tests_unit_test_text_markdown_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_personal
tests_unit_test_text_personal_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_word_list
tests_unit_test_text_word_list_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_sanitize
tests_unit_test_text_sanitize_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_qr
tests_unit_test_text_qr_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_address_list
tests_unit_test_text_address_list_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_placeholder
tests_unit_test_text_placeholder_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_outline
tests_unit_test_text_outline_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_text_slug
tests_unit_test_text_slug_LDADD = $(TEST_TEXT_LIBS)

# What the sanitiser gives, judged by an HTML 5 parser.
if HAVE_GUMBO
MARKUP_ORACLE = tests/unit/markup_oracle.c tests/unit/markup_oracle.h

check_PROGRAMS += tests/unit/test_text_commonmark
tests_unit_test_text_commonmark_SOURCES = tests/unit/test_text_commonmark.c $(MARKUP_ORACLE)
tests_unit_test_text_commonmark_LDADD = $(TEST_TEXT_LIBS) $(JANSSON_LIBS) $(GUMBO_LIBS)

check_PROGRAMS += tests/unit/test_text_vectors
tests_unit_test_text_vectors_SOURCES = tests/unit/test_text_vectors.c $(MARKUP_ORACLE)
tests_unit_test_text_vectors_LDADD = $(TEST_TEXT_LIBS) $(JANSSON_LIBS) $(GUMBO_LIBS)
endif

TESTS += $(check_PROGRAMS)

FORUM_FIXTURE = tests/unit/forum_fixture.c tests/unit/forum_fixture.h

JOBS_FIXTURE = $(FORUM_FIXTURE) tests/unit/jobs_fixture.c tests/unit/jobs_fixture.h

ACCOUNT_FIXTURE = $(FORUM_FIXTURE) tests/unit/account_fixture.c tests/unit/account_fixture.h

check_PROGRAMS += tests/unit/test_forum_accounts
tests_unit_test_forum_accounts_SOURCES = tests/unit/test_forum_accounts.c $(ACCOUNT_FIXTURE)
tests_unit_test_forum_accounts_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_login
tests_unit_test_forum_login_SOURCES = tests/unit/test_forum_login.c $(ACCOUNT_FIXTURE)
tests_unit_test_forum_login_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_spam_service
tests_unit_test_forum_spam_service_SOURCES = tests/unit/test_forum_spam_service.c $(FORUM_FIXTURE) $(HTTP_STUB)
tests_unit_test_forum_spam_service_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_holding
tests_unit_test_forum_holding_SOURCES = tests/unit/test_forum_holding.c $(FORUM_FIXTURE)
tests_unit_test_forum_holding_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_text_spam
tests_unit_test_text_spam_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_forum_privacy
tests_unit_test_forum_privacy_SOURCES = tests/unit/test_forum_privacy.c $(ACCOUNT_FIXTURE)
tests_unit_test_forum_privacy_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_second_factor
tests_unit_test_forum_second_factor_SOURCES = tests/unit/test_forum_second_factor.c $(ACCOUNT_FIXTURE)
tests_unit_test_forum_second_factor_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_erasure
tests_unit_test_forum_erasure_SOURCES = tests/unit/test_forum_erasure.c $(ACCOUNT_FIXTURE)
tests_unit_test_forum_erasure_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_passkeys
tests_unit_test_forum_passkeys_SOURCES = tests/unit/test_forum_passkeys.c $(ACCOUNT_FIXTURE) $(AUTHENTICATOR)
tests_unit_test_forum_passkeys_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_field
tests_unit_test_forum_field_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_notifications
tests_unit_test_forum_notifications_SOURCES = tests/unit/test_forum_notifications.c $(FORUM_FIXTURE)
tests_unit_test_forum_notifications_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_passwords
tests_unit_test_forum_passwords_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_policy
tests_unit_test_forum_policy_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_panels
tests_unit_test_forum_panels_SOURCES = tests/unit/test_forum_panels.c $(FORUM_FIXTURE)
tests_unit_test_forum_panels_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_policy_matrix
tests_unit_test_forum_policy_matrix_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_polls
tests_unit_test_forum_polls_SOURCES = tests/unit/test_forum_polls.c $(FORUM_FIXTURE)
tests_unit_test_forum_polls_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_posts
tests_unit_test_forum_posts_SOURCES = tests/unit/test_forum_posts.c $(FORUM_FIXTURE)
tests_unit_test_forum_posts_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_together
tests_unit_test_forum_together_SOURCES = tests/unit/test_forum_together.c $(FORUM_FIXTURE)
tests_unit_test_forum_together_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_attachment_kind
tests_unit_test_forum_attachment_kind_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_attachment
tests_unit_test_forum_attachment_SOURCES = tests/unit/test_forum_attachment.c $(FORUM_FIXTURE)
tests_unit_test_forum_attachment_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_brand
tests_unit_test_forum_brand_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_changes
tests_unit_test_forum_changes_SOURCES = tests/unit/test_forum_changes.c $(FORUM_FIXTURE)
tests_unit_test_forum_changes_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_article_import
tests_unit_test_forum_article_import_SOURCES = tests/unit/test_forum_article_import.c $(FORUM_FIXTURE)
tests_unit_test_forum_article_import_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_articles
tests_unit_test_forum_articles_SOURCES = tests/unit/test_forum_articles.c $(FORUM_FIXTURE)
tests_unit_test_forum_articles_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_experts
tests_unit_test_forum_experts_SOURCES = tests/unit/test_forum_experts.c $(FORUM_FIXTURE)
tests_unit_test_forum_experts_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_questionnaires
tests_unit_test_forum_questionnaires_SOURCES = tests/unit/test_forum_questionnaires.c $(FORUM_FIXTURE)
tests_unit_test_forum_questionnaires_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_ranks
tests_unit_test_forum_ranks_SOURCES = tests/unit/test_forum_ranks.c $(FORUM_FIXTURE)
tests_unit_test_forum_ranks_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_reputation
tests_unit_test_forum_reputation_SOURCES = tests/unit/test_forum_reputation.c $(FORUM_FIXTURE)
tests_unit_test_forum_reputation_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_trust
tests_unit_test_forum_trust_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_queue
tests_unit_test_forum_queue_SOURCES = tests/unit/test_forum_queue.c $(FORUM_FIXTURE)
tests_unit_test_forum_queue_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_moderation
tests_unit_test_forum_moderation_SOURCES = tests/unit/test_forum_moderation.c $(FORUM_FIXTURE)
tests_unit_test_forum_moderation_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_notices
tests_unit_test_forum_notices_SOURCES = tests/unit/test_forum_notices.c $(FORUM_FIXTURE)
tests_unit_test_forum_notices_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_flags
tests_unit_test_forum_flags_SOURCES = tests/unit/test_forum_flags.c $(FORUM_FIXTURE)
tests_unit_test_forum_flags_LDADD = $(TEST_FORUM_LIBS) -lm

check_PROGRAMS += tests/unit/test_forum_queue_work
tests_unit_test_forum_queue_work_SOURCES = tests/unit/test_forum_queue_work.c $(FORUM_FIXTURE)
tests_unit_test_forum_queue_work_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_desk
tests_unit_test_forum_desk_SOURCES = tests/unit/test_forum_desk.c $(FORUM_FIXTURE)
tests_unit_test_forum_desk_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_upkeep
tests_unit_test_forum_upkeep_SOURCES = tests/unit/test_forum_upkeep.c $(FORUM_FIXTURE)
tests_unit_test_forum_upkeep_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_topics
tests_unit_test_forum_topics_SOURCES = tests/unit/test_forum_topics.c $(FORUM_FIXTURE)
tests_unit_test_forum_topics_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_ideas
tests_unit_test_forum_ideas_SOURCES = tests/unit/test_forum_ideas.c $(FORUM_FIXTURE)
tests_unit_test_forum_ideas_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_lists
tests_unit_test_forum_lists_SOURCES = tests/unit/test_forum_lists.c $(FORUM_FIXTURE)
tests_unit_test_forum_lists_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_text_dump
tests_unit_test_text_dump_LDADD = $(TEST_TEXT_LIBS)

check_PROGRAMS += tests/unit/test_cmd_measures
tests_unit_test_cmd_measures_LDADD = $(TEST_CMD_LIBS) -lm

check_PROGRAMS += tests/unit/test_forum_search
tests_unit_test_forum_search_SOURCES = tests/unit/test_forum_search.c $(FORUM_FIXTURE)
tests_unit_test_forum_search_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_site_settings
tests_unit_test_forum_site_settings_SOURCES = tests/unit/test_forum_site_settings.c $(FORUM_FIXTURE)
tests_unit_test_forum_site_settings_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_desk_report
tests_unit_test_forum_desk_report_SOURCES = tests/unit/test_forum_desk_report.c $(FORUM_FIXTURE)
tests_unit_test_forum_desk_report_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_activity
tests_unit_test_forum_activity_SOURCES = tests/unit/test_forum_activity.c $(FORUM_FIXTURE)
tests_unit_test_forum_activity_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_statistics
tests_unit_test_forum_statistics_SOURCES = tests/unit/test_forum_statistics.c $(FORUM_FIXTURE)
tests_unit_test_forum_statistics_LDADD = $(TEST_FORUM_LIBS)

MIRROR_FIXTURE = $(FORUM_FIXTURE) tests/unit/mirror_fixture.c tests/unit/mirror_fixture.h

check_PROGRAMS += tests/unit/test_mirror_apply
tests_unit_test_mirror_apply_SOURCES = tests/unit/test_mirror_apply.c $(MIRROR_FIXTURE)
tests_unit_test_mirror_apply_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_similar
tests_unit_test_forum_similar_SOURCES = tests/unit/test_forum_similar.c $(FORUM_FIXTURE)
tests_unit_test_forum_similar_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_jobs_picture
tests_unit_test_jobs_picture_LDADD = $(TEST_JOBS_LIBS)

check_PROGRAMS += tests/unit/test_mirror_life
tests_unit_test_mirror_life_SOURCES = tests/unit/test_mirror_life.c $(MIRROR_FIXTURE)
tests_unit_test_mirror_life_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_desk_admin
tests_unit_test_forum_desk_admin_SOURCES = tests/unit/test_forum_desk_admin.c $(FORUM_FIXTURE)
tests_unit_test_forum_desk_admin_LDADD = $(TEST_FORUM_LIBS)
check_PROGRAMS += tests/unit/test_forum_desk_work
tests_unit_test_forum_desk_work_SOURCES = tests/unit/test_forum_desk_work.c $(FORUM_FIXTURE)
tests_unit_test_forum_desk_work_LDADD = $(TEST_FORUM_LIBS)
check_PROGRAMS += tests/unit/test_forum_private
tests_unit_test_forum_private_SOURCES = tests/unit/test_forum_private.c $(FORUM_FIXTURE)
tests_unit_test_forum_private_LDADD = $(TEST_FORUM_LIBS)
check_PROGRAMS += tests/unit/test_forum_crisis
tests_unit_test_forum_crisis_SOURCES = tests/unit/test_forum_crisis.c $(FORUM_FIXTURE)
tests_unit_test_forum_crisis_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_indexnow
tests_unit_test_forum_indexnow_SOURCES = tests/unit/test_forum_indexnow.c $(FORUM_FIXTURE) $(HTTP_STUB)
tests_unit_test_forum_indexnow_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_sitemap
tests_unit_test_forum_sitemap_SOURCES = tests/unit/test_forum_sitemap.c $(FORUM_FIXTURE)
tests_unit_test_forum_sitemap_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_page_changes
tests_unit_test_forum_page_changes_SOURCES = tests/unit/test_forum_page_changes.c $(FORUM_FIXTURE)
tests_unit_test_forum_page_changes_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_tags
tests_unit_test_forum_tags_SOURCES = tests/unit/test_forum_tags.c $(FORUM_FIXTURE)
tests_unit_test_forum_tags_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_topic_acts
tests_unit_test_forum_topic_acts_SOURCES = tests/unit/test_forum_topic_acts.c $(MIRROR_FIXTURE)
tests_unit_test_forum_topic_acts_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_mirror_joined
tests_unit_test_mirror_joined_SOURCES = tests/unit/test_mirror_joined.c $(MIRROR_FIXTURE)
tests_unit_test_mirror_joined_LDADD = $(TEST_FORUM_LIBS)

WORKING_ORACLE = tests/unit/working_oracle.c tests/unit/working_oracle.h

check_PROGRAMS += tests/unit/test_working_time
tests_unit_test_working_time_SOURCES = tests/unit/test_working_time.c $(WORKING_ORACLE)
tests_unit_test_working_time_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_working_rules
tests_unit_test_working_rules_SOURCES = tests/unit/test_working_rules.c $(WORKING_ORACLE)
tests_unit_test_working_rules_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_crisis_detect
tests_unit_test_crisis_detect_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_forum_listening
tests_unit_test_forum_listening_SOURCES = tests/unit/test_forum_listening.c $(FORUM_FIXTURE)
tests_unit_test_forum_listening_LDADD = $(TEST_FORUM_LIBS)
check_PROGRAMS += tests/unit/test_forum_listening_label
tests_unit_test_forum_listening_label_SOURCES = tests/unit/test_forum_listening_label.c $(FORUM_FIXTURE)
tests_unit_test_forum_listening_label_LDADD = $(TEST_FORUM_LIBS)
check_PROGRAMS += tests/unit/test_listening_estimate
tests_unit_test_listening_estimate_LDADD = $(TEST_FORUM_LIBS)

check_PROGRAMS += tests/unit/test_desk_clock
tests_unit_test_desk_clock_SOURCES = tests/unit/test_desk_clock.c $(WORKING_ORACLE)
tests_unit_test_desk_clock_LDADD = $(TEST_FORUM_LIBS)
