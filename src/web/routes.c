/*
 * The site map. Order matters only where a literal and a captured segment could
 * both match: the literal stands first. nginx/slow.conf sends what is in
 * POOL_SLOW to the second socket, nginx/uploads.conf lets larger bodies through
 * where GUARD_FILES says so; tests compare them.
 */
#include "web/routes.h"

#include "base/slice.h"
#include "http/metrics.h"
#include "web/handlers.h"

/* clang-format off */
const struct route routes[] = {
	/* Reading */
	{ HTTP_GET,  "/",                      ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, home_show,               "home" },
	{ HTTP_GET,  "/questions",             ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, questions_show,          "questions" },
	{ HTTP_GET,  "/c/:slug",               ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, category_show,           "category" },
	{ HTTP_GET,  "/questions/feed",        ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, questions_feed,          "questions_feed" },
	{ HTTP_GET,  "/c/:slug/feed",          ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, category_feed,           "category_feed" },
	{ HTTP_GET,  "/tag/:slug/feed",        ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, tag_feed,                "tag_feed" },
	{ HTTP_GET,  "/ideas/feed",            ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, ideas_feed,              "ideas_feed" },
	{ HTTP_GET,  "/u/:id/feed",            ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, profile_feed,            "profile_feed" },
	{ HTTP_GET,  "/kb",                    ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, articles_show,           "articles" },
	{ HTTP_GET,  "/kb/c/:slug",            ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, articles_category_show,  "articles_category" },
	{ HTTP_GET,  "/kb/feed",               ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, articles_feed,           "articles_feed" },
	{ HTTP_GET,  "/kb/c/:slug/feed",       ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, articles_category_feed,  "articles_category_feed" },
	{ HTTP_GET,  "/kb/p/:slug",            ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, articles_product_show,   "articles_product" },
	{ HTTP_GET,  "/kb/old/:slug",          ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, articles_old_show,       "article_old" },
	{ HTTP_GET,  "/kb/:id-slug",           ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, article_page_show,       "article" },
	{ HTTP_POST, "/kb/:id/helpful",        ACCESS_ALL,      GUARD_ORIGIN, CACHE_NONE,  POOL_PAGES, article_helpful_post,    "article_helpful" },
	{ HTTP_GET,  "/kb/work",               ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, articles_work_show,      "articles_work" },
	{ HTTP_GET,  "/kb/work/new",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, article_new_show,        "article_new" },
	{ HTTP_POST, "/kb/work/new",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, article_new_post,        "article_new" },
	{ HTTP_GET,  "/kb/work/:id",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, article_work_show,       "article_work" },
	{ HTTP_POST, "/kb/work/:id",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, article_work_post,       "article_work" },
	{ HTTP_GET,  "/kb/work/:id/:slug",     ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, article_version_show,    "article_version" },
	{ HTTP_POST, "/kb/files/:id",          ACCESS_MEMBER,   GUARD_FILES,  CACHE_NONE,  POOL_SLOW,  article_files_post,      "article_files" },
	{ HTTP_GET,  "/files/:id/:slug",       ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, file_show,               "file" },
	{ HTTP_GET,  "/files/:id/small/:slug", ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, file_small_show,         "file_small" },
	{ HTTP_GET,  "/ideas",                 ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, ideas_show,              "ideas" },
	{ HTTP_GET,  "/tags",                  ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, tags_show,               "tags" },
	{ HTTP_GET,  "/tag/:slug",             ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, tag_show,                "tag" },
	{ HTTP_GET,  "/t/:id-slug",            ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, topic_show,              "topic" },
	{ HTTP_GET,  "/p/:id",                 ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, post_show,               "post" },
	{ HTTP_GET,  "/p/:id/comments",        ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, comments_show,           "comments" },
	{ HTTP_GET,  "/p/:id/history",         ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_SLOW,  history_show,            "history" },
	{ HTTP_GET,  "/u/:id-slug",            ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, profile_show,            "profile" },
	{ HTTP_GET,  "/experts",               ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, experts_show,            "experts" },
	{ HTTP_GET,  "/leaderboard",           ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  leaders_show,            "leaderboard" },
	{ HTTP_GET,  "/badges",                ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, badges_show,             "badges" },
	{ HTTP_GET,  "/badges/:slug",          ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, badge_show,              "badge" },
	{ HTTP_GET,  "/levels",                ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, levels_show,             "levels" },
	{ HTTP_GET,  "/search",                ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_SLOW,  search_show,             "search" },
	{ HTTP_GET,  "/search/suggest",        ACCESS_PROGRAM,  GUARD_NONE,   CACHE_SHORT, POOL_PAGES, suggest_show,            "suggest" },
	{ HTTP_GET,  "/opensearch.xml",        ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, opensearch_show,         "opensearch" },
	{ HTTP_POST, "/search/opened",         ACCESS_ALL,      GUARD_ORIGIN, CACHE_NONE,  POOL_PAGES, search_opened_post,      "search_opened" },
	{ HTTP_GET,  "/charter",               ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, text_charter,            "charter" },
	{ HTTP_GET,  "/charter/agree",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, charter_agree_show,      "charter_agree" },
	{ HTTP_POST, "/charter/agree",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, charter_agree_post,      "charter_agree" },
	{ HTTP_GET,  "/pages/:slug",           ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, text_free,               "page" },
	{ HTTP_GET,  "/about",                 ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, text_about,              "about" },
	{ HTTP_GET,  "/legal",                 ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, text_legal,              "legal" },
	{ HTTP_GET,  "/legal/notice",          ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, notice_form_show,        "notice_form" },
	{ HTTP_POST, "/legal/notice",          ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, notice_form_post,        "notice_form" },
	{ HTTP_GET,  "/legal/notice/:slug",    ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, notice_status_show,      "notice" },
	{ HTTP_POST, "/legal/notice/:slug/complaint", ACCESS_ALL, GUARD_TOKEN, CACHE_NONE, POOL_PAGES, notice_complaint_post,   "notice_complaint" },
	{ HTTP_GET,  "/legal/transparency",    ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, transparency_show,       "transparency" },
	{ HTTP_GET,  "/legal/transparency.csv", ACCESS_ALL,     GUARD_NONE,   CACHE_NONE,  POOL_PAGES, transparency_csv,        "transparency_csv" },
	{ HTTP_GET,  "/admin/transparency",    ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  admin_transparency_show, "admin_transparency" },
	{ HTTP_POST, "/admin/transparency",    ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  admin_transparency_post, "admin_transparency" },
	{ HTTP_GET,  "/admin/transparency.csv", ACCESS_MEMBER,  GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  admin_transparency_csv,  "admin_transparency_csv" },
	{ HTTP_GET,  "/brand/:slug",           ACCESS_PROGRAM,  GUARD_NONE,   CACHE_FOREVER, POOL_PAGES, brand_file_show,       "brand_file" },
	{ HTTP_GET,  "/theme/:slug",           ACCESS_PROGRAM,  GUARD_NONE,   CACHE_FOREVER, POOL_PAGES, theme_file_show,       "theme_file" },
	{ HTTP_GET,  "/privacy",               ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, register_show,           "register" },
	{ HTTP_GET,  "/robots.txt",            ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, robots_show,             "robots" },
	{ HTTP_GET,  "/indexnow.txt",          ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, indexnow_show,           "indexnow" },
	{ HTTP_GET,  "/sitemap.xml",           ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, sitemap_index_show,      "sitemap" },
	{ HTTP_GET,  "/sitemap/:slug",         ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, sitemap_file_show,       "sitemap_file" },
	{ HTTP_POST, "/language",              ACCESS_ALL,      GUARD_ORIGIN, CACHE_NONE,  POOL_PAGES, language_set,            "language" },

	/* Addresses of imported questions and answers */
	{ HTTP_GET,  "/questions/:id",         ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, import_redirect_question, "old_question" },
	{ HTTP_GET,  "/questions/:id/:slug",   ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, import_redirect_question, "old_question" },
	{ HTTP_GET,  "/q/:id",                 ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, import_redirect_question, "old_question" },
	{ HTTP_GET,  "/a/:id",                 ACCESS_ALL,      GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, import_redirect_answer,  "old_answer" },

	/* Taking part */
	{ HTTP_GET,  "/ask",                   ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, ask_show,                "ask" },
	{ HTTP_POST, "/ask",                   ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, ask_post,                "ask" },
	{ HTTP_POST, "/ask/similar",           ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, similar_post,            "similar" },
	{ HTTP_POST, "/ask/opened",            ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, similar_opened_post,     "similar_opened" },
	{ HTTP_POST, "/ask/solved",            ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, similar_solved_post,     "similar_solved" },
	{ HTTP_POST, "/ask/me-too",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, similar_follow_post,     "similar_follow" },
	{ HTTP_GET,  "/t/:id/answer",          ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, answer_show,             "answer" },
	{ HTTP_POST, "/t/:id/answer",          ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, answer_post,             "answer" },
	{ HTTP_POST, "/t/:id/me-too",          ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, topic_me_too_change,     "me_too" },
	{ HTTP_GET,  "/t/:id/duplicates",      ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  duplicates_show,         "duplicates" },
	{ HTTP_POST, "/t/:id/status",          ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, topic_status_change_post, "status" },
	{ HTTP_POST, "/t/:id/stage",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, idea_stage_post,         "idea_stage" },
	{ HTTP_GET,  "/t/:id/poll",            ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, poll_new_show,           "poll" },
	{ HTTP_POST, "/t/:id/poll",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, poll_new_post,           "poll" },
	{ HTTP_POST, "/t/:id/poll/remove",     ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, poll_remove_post,        "poll_remove" },
	{ HTTP_POST, "/t/:id/vote",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, poll_vote_post,          "vote" },
	{ HTTP_POST, "/t/:id/article",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, article_from_topic_post, "article_from_topic" },
	{ HTTP_GET,  "/t/:id/card/:slug",      ACCESS_PROGRAM,  GUARD_NONE,   CACHE_FOREVER, POOL_SLOW, card_show,              "card" },
	{ HTTP_GET,  "/t/:id/acts",            ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, topic_acts_show,         "acts" },
	{ HTTP_POST, "/t/:id/acts",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, topic_acts_post,         "acts" },
	{ HTTP_POST, "/acts/:id/undo",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, topic_act_undo_post,     "act_undo" },
	{ HTTP_GET,  "/topics/acts",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, topic_batch_show,        "batch" },
	{ HTTP_POST, "/topics/acts",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, topic_batch_post,        "batch" },
	{ HTTP_GET,  "/p/:id/comment",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, comment_show,            "comment" },
	{ HTTP_POST, "/p/:id/comment",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, comment_post,            "comment" },
	{ HTTP_GET,  "/p/:id/edit",            ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, edit_show,               "edit" },
	{ HTTP_POST, "/p/:id/edit",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, edit_post_form,          "edit" },
	{ HTTP_POST, "/p/:id/withdraw",        ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, post_withdraw_post,      "withdraw" },
	{ HTTP_POST, "/p/:id/restore",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, post_restore_post,       "restore" },
	{ HTTP_POST, "/p/:id/accept",          ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, post_accept_post,        "accept" },
	{ HTTP_POST, "/p/:id/thank",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, post_thank_post,         "thank" },
	{ HTTP_GET,  "/p/:id/flag",            ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, flag_show,               "flag" },
	{ HTTP_POST, "/p/:id/flag",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, flag_post,               "flag" },
	{ HTTP_POST, "/follow",                ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, follow_change,           "follow" },
	{ HTTP_POST, "/preview",               ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  preview_post,            "preview" },
	{ HTTP_GET,  "/drafts",                ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, drafts_show,             "drafts" },
	{ HTTP_POST, "/drafts",                ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, drafts_post,             "drafts" },

	/* One's account */
	{ HTTP_GET,  "/login",                 ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  login_show,              "login" },
	{ HTTP_POST, "/login",                 ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  login_post,              "login" },
	{ HTTP_GET,  "/login/second-step",     ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, second_step_show,        "second_step" },
	{ HTTP_POST, "/login/second-step",     ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, second_step_post,        "second_step" },
	{ HTTP_POST, "/login/passkey",         ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, passkey_sign_in_post,    "passkey_sign_in" },
	{ HTTP_POST, "/passkey/options",       ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, passkey_options_post,    "passkey_options" },
	{ HTTP_POST, "/logout",                ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, logout_post,             "logout" },
	{ HTTP_GET,  "/signup",                ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  sign_up_show,            "signup" },
	{ HTTP_POST, "/signup",                ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  sign_up_post,            "signup" },
	{ HTTP_GET,  "/confirm",               ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  confirm_show,            "confirm" },
	{ HTTP_POST, "/confirm",               ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  confirm_post,            "confirm" },
	{ HTTP_GET,  "/reset",                 ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  reset_show,              "reset" },
	{ HTTP_POST, "/reset",                 ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  reset_post,              "reset" },
	{ HTTP_GET,  "/reset/password",        ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  reset_set_show,          "reset_password" },
	{ HTTP_POST, "/reset/password",        ACCESS_ALL,      GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  reset_set_post,          "reset_password" },
	{ HTTP_GET,  "/unsubscribe",           ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, unsubscribe_show,        "unsubscribe" },
	{ HTTP_POST, "/unsubscribe",           ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, unsubscribe_post,        "unsubscribe" },
	{ HTTP_GET,  "/settings",              ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, settings_show,           "settings" },
	{ HTTP_POST, "/settings/profile",      ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, settings_profile_post,   "settings_profile" },
	{ HTTP_POST, "/settings/email",        ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  settings_email_post,     "settings_email" },
	{ HTTP_POST, "/settings/password",     ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  settings_password_post,  "settings_password" },
	{ HTTP_POST, "/settings/sessions",     ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, settings_sessions_post,  "settings_sessions" },
	{ HTTP_POST, "/settings/resend",       ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, settings_resend_post,    "settings_resend" },
	{ HTTP_GET,  "/u/:id/standing",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, standing_show,           "standing" },
	{ HTTP_POST, "/settings/ranking",      ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, ranking_post,            "ranking" },
	{ HTTP_GET,  "/settings/security",     ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, security_show,           "security" },
	{ HTTP_POST, "/settings/security/begin", ACCESS_MEMBER, GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, security_begin_post,     "security_begin" },
	{ HTTP_POST, "/settings/security/confirm", ACCESS_MEMBER, GUARD_TOKEN, CACHE_NONE, POOL_PAGES, security_confirm_post,   "security_confirm" },
	{ HTTP_POST, "/settings/security/codes", ACCESS_MEMBER, GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, security_codes_post,     "security_codes" },
	{ HTTP_POST, "/settings/security/remove", ACCESS_MEMBER, GUARD_TOKEN, CACHE_NONE,  POOL_PAGES, security_remove_post,    "security_remove" },
	{ HTTP_POST, "/settings/security/passkeys", ACCESS_MEMBER, GUARD_TOKEN, CACHE_NONE, POOL_PAGES, passkey_add_post,       "passkey_add" },
	{ HTTP_POST, "/settings/security/passkeys/:id", ACCESS_MEMBER, GUARD_TOKEN, CACHE_NONE, POOL_PAGES, passkey_remove_post, "passkey_remove" },
	{ HTTP_GET,  "/settings/privacy",      ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, privacy_show,            "privacy" },
	{ HTTP_GET,  "/settings/privacy/export", ACCESS_MEMBER, GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  privacy_export_show,     "privacy_export" },
	{ HTTP_POST, "/settings/privacy/export", ACCESS_MEMBER, GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  privacy_export_post,     "privacy_export" },
	{ HTTP_POST, "/settings/privacy/erase", ACCESS_MEMBER,  GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, privacy_erase_post,      "privacy_erase" },
	{ HTTP_POST, "/settings/privacy/keep", ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, privacy_keep_post,       "privacy_keep" },
	{ HTTP_GET,  "/check",                 ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  check_show,              "check" },
	{ HTTP_POST, "/check",                 ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  check_post,              "check" },
	{ HTTP_GET,  "/notifications",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, notifications_show,      "notifications" },
	{ HTTP_POST, "/notifications/read",    ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, notifications_read_post, "notifications_read" },

	/* The advisors' desk */
	{ HTTP_GET,  "/desk",                  ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_show,               "desk" },
	{ HTTP_GET,  "/desk/counts",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_counts_show,        "desk_counts" },
	{ HTTP_POST, "/desk/filters",          ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_filters_post,       "desk_filters" },
	{ HTTP_GET,  "/desk/incidents",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, incidents_show,          "incidents" },
	{ HTTP_GET,  "/desk/incidents/new",    ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, incident_new_show,       "incident_new" },
	{ HTTP_POST, "/desk/incidents/new",    ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, incident_new_post,       "incident_new" },
	{ HTTP_GET,  "/desk/incidents/:id",    ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, incident_show,           "incident" },
	{ HTTP_POST, "/desk/incidents/:id",    ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, incident_post,           "incident" },
	{ HTTP_GET,  "/desk/incidents/:id/:slug", ACCESS_MEMBER, GUARD_NONE,  CACHE_NONE,  POOL_PAGES, incident_csv,            "incident_csv" },
	{ HTTP_GET,  "/desk/alerts/:id",       ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, alert_show,              "alert" },
	{ HTTP_POST, "/desk/:id/claim",        ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_claim_post,         "desk_claim" },

	/* Moderation: the queue, measures on people, and what people read of it */
	{ HTTP_GET,  "/mod",                   ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, moderation_show,         "mod" },
	{ HTTP_POST, "/mod/next",              ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, moderation_next_post,    "mod_next" },
	{ HTTP_POST, "/mod/batch",             ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, moderation_batch_post,   "mod_batch" },
	{ HTTP_GET,  "/mod/items/:id",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, moderation_item_show,    "mod_item" },
	{ HTTP_POST, "/mod/items/:id/claim",   ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, moderation_claim_post,   "mod_claim" },
	{ HTTP_POST, "/mod/items/:id/decide",  ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, moderation_decide_post,  "mod_decide" },
	{ HTTP_POST, "/mod/items/:id/undo",    ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, moderation_undo_post,    "mod_undo" },
	{ HTTP_GET,  "/mod/people/:id",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, moderation_person_show,  "mod_person" },
	{ HTTP_POST, "/mod/people/:id/measures", ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, moderation_measure_post, "mod_measure" },
	{ HTTP_POST, "/mod/measures/:id/end",  ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, moderation_measure_end_post, "mod_measure_end" },
	{ HTTP_GET,  "/cases/:id",             ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, case_show,               "case" },
	{ HTTP_POST, "/cases/:id/complaint",   ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, case_complaint_post,     "case_complaint" },
	{ HTTP_GET,  "/warnings",              ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, warnings_show,           "warnings" },
	{ HTTP_POST, "/warnings",              ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, warnings_post,           "warnings" },

	/* For the team */
	{ HTTP_GET,  "/admin",                 ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_show,              "admin" },
	{ HTTP_POST, "/u/:id/trust",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, trust_give_post,         "trust_give" },
	{ HTTP_GET,  "/experts/queue",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, expert_queue_show,       "expert_queue" },
	{ HTTP_GET,  "/experts/:id/consent",   ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, consent_show,            "consent" },
	{ HTTP_POST, "/experts/:id/consent",   ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, consent_post,            "consent" },
	{ HTTP_POST, "/experts/:id/end",       ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, expert_end_post,         "expert_end" },
	{ HTTP_GET,  "/admin/experts",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  candidates_show,         "candidates" },
	{ HTTP_POST, "/admin/experts",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  nominate_post,           "nominate" },
	{ HTTP_POST, "/p/:id/endorse",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, post_endorse_post,       "endorse" },
	{ HTTP_POST, "/p/:id/propose",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, article_propose_post,    "propose" },
	{ HTTP_POST, "/badges/:slug",          ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, badge_post,              "badge" },
	{ HTTP_GET,  "/admin/ranks",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, ranks_show,              "ranks" },
	{ HTTP_POST, "/admin/ranks",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, ranks_post,              "ranks" },
	{ HTTP_GET,  "/mod/rings",             ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, rings_show,              "rings" },
	{ HTTP_GET,  "/mod/rings/:id",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, ring_show,               "ring" },
	{ HTTP_POST, "/mod/rings/:id",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, ring_post,               "ring" },
	{ HTTP_GET,  "/admin/members",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_members_show,      "admin_members" },
	{ HTTP_GET,  "/admin/members/:id",     ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_member_show,       "admin_member" },
	{ HTTP_POST, "/admin/members/:id",     ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, admin_member_post,       "admin_member" },
	{ HTTP_GET,  "/admin/jobs",            ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_jobs_show,         "admin_jobs" },
	{ HTTP_POST, "/admin/jobs",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, admin_jobs_post,         "admin_jobs" },
	{ HTTP_GET,  "/admin/system",          ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  admin_system_show,       "admin_system" },
	{ HTTP_GET,  "/admin/brand",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_brand_show,        "admin_brand" },
	{ HTTP_POST, "/admin/brand",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, admin_brand_post,        "admin_brand" },
	{ HTTP_GET,  "/admin/brand/preview.css", ACCESS_MEMBER, GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_brand_css,         "admin_brand_css" },
	{ HTTP_POST, "/admin/brand/logo",      ACCESS_MEMBER,   GUARD_FILES,  CACHE_NONE,  POOL_SLOW,  admin_brand_logo_post,   "admin_brand_logo" },
	{ HTTP_GET,  "/admin/categories",      ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, categories_show,         "admin_categories" },
	{ HTTP_GET,  "/admin/categories/new",  ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, category_admin_show,     "admin_category" },
	{ HTTP_POST, "/admin/categories/new",  ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, category_admin_post,     "admin_category" },
	{ HTTP_GET,  "/admin/categories/:id",  ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, category_admin_show,     "admin_category" },
	{ HTTP_POST, "/admin/categories/:id",  ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, category_admin_post,     "admin_category" },
	{ HTTP_GET,  "/admin/texts",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, texts_show,              "admin_texts" },
	{ HTTP_POST, "/admin/texts",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, texts_post,              "admin_texts" },
	{ HTTP_GET,  "/admin/texts/:slug",     ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, text_edit_show,          "admin_text" },
	{ HTTP_POST, "/admin/texts/:slug",     ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, text_edit_post,          "admin_text" },
	{ HTTP_GET,  "/admin/texts/:slug/:id", ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, text_version_show,       "admin_text_version" },
	{ HTTP_GET,  "/admin/mails",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, mails_show,              "admin_mails" },
	{ HTTP_GET,  "/admin/mails/:slug",     ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, mail_edit_show,          "admin_mail" },
	{ HTTP_POST, "/admin/mails/:slug",     ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, mail_edit_post,          "admin_mail" },
	{ HTTP_GET,  "/admin/settings",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_settings_show,     "admin_settings" },
	{ HTTP_POST, "/admin/undo",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, admin_settings_undo_post, "admin_settings_undo" },
	{ HTTP_GET,  "/admin/settings/:slug",  ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_settings_section_show, "admin_settings" },
	{ HTTP_POST, "/admin/settings/:slug",  ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, admin_settings_section_post, "admin_settings" },
	{ HTTP_GET,  "/admin/privacy",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_privacy_show,      "admin_privacy" },
	{ HTTP_GET,  "/admin/audit",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_audit_show,        "admin_audit" },
	{ HTTP_GET,  "/admin/audit.csv",       ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  admin_audit_csv,         "admin_audit_csv" },
	{ HTTP_GET,  "/admin/desk",            ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, admin_desk_show,         "admin_desk" },
	{ HTTP_POST, "/admin/desk",            ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, admin_desk_post,         "admin_desk" },
	{ HTTP_GET,  "/admin/tags",            ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, tags_admin_show,         "admin_tags" },
	{ HTTP_GET,  "/admin/tags/forbidden",  ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, tags_forbidden_show,     "admin_tags_forbidden" },
	{ HTTP_POST, "/admin/tags/forbidden",  ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, tags_forbidden_post,     "admin_tags_forbidden" },
	{ HTTP_GET,  "/admin/tags/:id",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, tag_admin_show,          "admin_tag" },
	{ HTTP_POST, "/admin/tags/:id",        ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, tag_admin_post,          "admin_tag" },
	{ HTTP_GET,  "/admin/synonyms",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, synonyms_show,           "synonyms" },
	{ HTTP_POST, "/admin/synonyms",        ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, synonyms_post,           "synonyms" },
	{ HTTP_GET,  "/mod/notices",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, notices_show,            "notices" },
	{ HTTP_POST, "/mod/notices",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, notices_post,            "notices" },
	{ HTTP_GET,  "/mod/removal/:id",       ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, removal_show,            "removal" },
	{ HTTP_POST, "/mod/removal/:id",       ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, removal_post,            "removal" },
	{ HTTP_GET,  "/admin/sign-up",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, sign_up_defence_show,    "sign_up_defence" },
	{ HTTP_POST, "/admin/sign-up",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, sign_up_defence_post,    "sign_up_defence" },
	{ HTTP_POST, "/admin/sign-up/kept",    ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, sign_up_block_post,      "sign_up_kept" },
	{ HTTP_GET,  "/admin/holding",         ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, holding_show,            "holding" },
	{ HTTP_POST, "/admin/holding",         ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, holding_post,            "holding" },
	{ HTTP_GET,  "/admin/holding/new",     ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, holding_rule_show,       "holding_rule" },
	{ HTTP_POST, "/admin/holding/new",     ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, holding_rule_post,       "holding_rule" },
	{ HTTP_GET,  "/admin/holding/:id",     ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, holding_rule_show,       "holding_rule" },
	{ HTTP_POST, "/admin/holding/:id",     ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, holding_rule_post,       "holding_rule" },
	{ HTTP_GET,  "/admin/dashboard",       ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, dashboard_show,          "dashboard" },
	{ HTTP_GET,  "/desk/reports",          ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_reports_show,       "desk_reports" },
	{ HTTP_GET,  "/desk/reports.csv",      ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_reports_csv,        "desk_reports_csv" },
	{ HTTP_GET,  "/admin/dashboard.csv",   ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, dashboard_csv,           "dashboard_csv" },
	{ HTTP_GET,  "/admin/crawlers",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, crawlers_show,           "admin_crawlers" },
	{ HTTP_GET,  "/admin/crawlers.csv",    ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  crawlers_csv,            "admin_crawlers_csv" },
	{ HTTP_GET,  "/admin/search",          ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  statistics_show,         "admin_search" },
	{ HTTP_GET,  "/admin/search.csv",      ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  statistics_csv,          "admin_search_csv" },
	{ HTTP_GET,  "/admin/search-words.csv", ACCESS_MEMBER,  GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  statistics_words_csv,    "admin_search_csv" },

	/* Panels of volunteers */
	{ HTTP_GET,  "/desk/panels",          ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_panels_show,        "desk_panels" },
	{ HTTP_GET,  "/desk/panels/new",      ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_panel_form_show,    "desk_panel_form" },
	{ HTTP_POST, "/desk/panels/new",      ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_panel_form_post,    "desk_panel_form" },
	{ HTTP_GET,  "/desk/panels/:id/questions", ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_questionnaire_new_show, "questionnaire_form" },
	{ HTTP_POST, "/desk/panels/:id/questions", ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_questionnaire_new_post, "questionnaire_form" },
	{ HTTP_GET,  "/desk/panels/questions/:id", ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_questionnaire_show, "desk_questionnaire" },
	{ HTTP_GET,  "/desk/panels/questions/:id/edit", ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_questionnaire_edit_show, "questionnaire_form" },
	{ HTTP_POST, "/desk/panels/questions/:id/edit", ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_questionnaire_edit_post, "questionnaire_form" },
	{ HTTP_GET,  "/desk/panels/questions/:id/answers.csv", ACCESS_MEMBER, GUARD_NONE, CACHE_NONE, POOL_PAGES, desk_questionnaire_csv,  "questionnaire_csv" },
	{ HTTP_GET,  "/panels/questions/:id", ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, questionnaire_show,      "questionnaire" },
	{ HTTP_POST, "/panels/questions/:id", ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, questionnaire_post,      "questionnaire" },
	{ HTTP_GET,  "/desk/panels/:id",      ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_panel_show,         "desk_panel" },
	{ HTTP_POST, "/desk/panels/:id",      ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_panel_post,         "desk_panel" },
	{ HTTP_GET,  "/desk/panels/:id/edit", ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_panel_form_show,    "desk_panel_form" },
	{ HTTP_POST, "/desk/panels/:id/edit", ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_panel_form_post,    "desk_panel_form" },
	{ HTTP_GET,  "/desk/panels/:id/people", ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_SLOW,  desk_panel_people_show,  "desk_panel_people" },
	{ HTTP_POST, "/desk/panels/:id/people", ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_SLOW,  desk_panel_people_post,  "desk_panel_people" },
	{ HTTP_GET,  "/panels",               ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, panels_show,             "panels" },
	{ HTTP_GET,  "/panels/:id",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, panel_show,              "panel" },
	{ HTTP_POST, "/panels/:id",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, panel_answer_post,       "panel" },
	/* Working at the desk */
	{ HTTP_GET,  "/desk/templates",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_templates_show,     "desk_templates" },
	{ HTTP_GET,  "/desk/templates/new",    ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_template_show,      "desk_template" },
	{ HTTP_POST, "/desk/templates/new",    ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_template_post,      "desk_template" },
	{ HTTP_GET,  "/desk/templates/:id",    ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_template_show,      "desk_template" },
	{ HTTP_POST, "/desk/templates/:id",    ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_template_post,      "desk_template" },

	{ HTTP_GET,  "/desk/listening",        ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, listening_show,          "listening" },
	{ HTTP_GET,  "/desk/listening.csv",    ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, listening_csv,           "listening_csv" },
	{ HTTP_GET,  "/desk/listening/label",  ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, listening_label_show,    "listening_label" },
	{ HTTP_POST, "/desk/listening/label",  ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, listening_label_post,    "listening_label" },
	{ HTTP_GET,  "/desk/listening/themes", ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, listening_themes_show,   "listening_themes" },
	{ HTTP_GET,  "/desk/listening/themes/new", ACCESS_MEMBER, GUARD_NONE, CACHE_NONE,  POOL_PAGES, listening_theme_show,    "listening_theme" },
	{ HTTP_POST, "/desk/listening/themes/new", ACCESS_MEMBER, GUARD_TOKEN, CACHE_NONE, POOL_PAGES, listening_theme_post,    "listening_theme" },
	{ HTTP_GET,  "/desk/listening/themes/:id", ACCESS_MEMBER, GUARD_NONE, CACHE_NONE,  POOL_PAGES, listening_theme_show,    "listening_theme" },
	{ HTTP_POST, "/desk/listening/themes/:id", ACCESS_MEMBER, GUARD_TOKEN, CACHE_NONE, POOL_PAGES, listening_theme_post,    "listening_theme" },
	{ HTTP_GET,  "/desk/private",          ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_private_show,       "desk_private" },
	{ HTTP_GET,  "/private",               ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, private_list_show,       "private_list" },
	{ HTTP_GET,  "/private/:id",           ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, private_show,            "private" },
	{ HTTP_POST, "/private/:id",           ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, private_post,            "private" },
	{ HTTP_POST, "/private/:id/message",   ACCESS_MEMBER,   GUARD_FILES,  CACHE_NONE,  POOL_SLOW,  private_message_post,    "private_message" },

	{ HTTP_GET,  "/desk/:id",              ACCESS_MEMBER,   GUARD_NONE,   CACHE_NONE,  POOL_PAGES, desk_work_show,          "desk_work" },
	{ HTTP_POST, "/desk/:id",              ACCESS_MEMBER,   GUARD_TOKEN,  CACHE_NONE,  POOL_PAGES, desk_work_post,          "desk_work" },

	/* Conversations from other networks */
	{ HTTP_POST, "/p/:id/there",            ACCESS_MEMBER,   GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, mirror_there_post,       "mirror_there" },
	{ HTTP_POST, "/mirror/outbox/:id",      ACCESS_MEMBER,   GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, mirror_outbox_post,      "mirror_outbox" },
	{ HTTP_GET,  "/p/:id/claim",            ACCESS_MEMBER,   GUARD_NONE,    CACHE_NONE,  POOL_PAGES, mirror_claim_show,       "mirror_claim" },
	{ HTTP_POST, "/p/:id/claim",            ACCESS_MEMBER,   GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, mirror_claim_post,       "mirror_claim" },
	{ HTTP_GET,  "/p/:id/erase-author",     ACCESS_MEMBER,   GUARD_NONE,    CACHE_NONE,  POOL_PAGES, mirror_erase_show,       "mirror_erase" },
	{ HTTP_POST, "/p/:id/erase-author",     ACCESS_MEMBER,   GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, mirror_erase_post,       "mirror_erase" },
	{ HTTP_GET,  "/erasure",                ACCESS_ALL,      GUARD_NONE,    CACHE_NONE,  POOL_PAGES, erasure_ask_show,        "erasure_ask" },
	{ HTTP_POST, "/erasure",                ACCESS_ALL,      GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, erasure_ask_post,        "erasure_ask" },
	{ HTTP_GET,  "/erasure/:slug",          ACCESS_ALL,      GUARD_NONE,    CACHE_NONE,  POOL_PAGES, erasure_show,            "erasure" },
	{ HTTP_GET,  "/admin/erasures",         ACCESS_MEMBER,   GUARD_NONE,    CACHE_NONE,  POOL_PAGES, erasures_show,           "erasures" },
	{ HTTP_POST, "/admin/erasures",         ACCESS_MEMBER,   GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, erasures_post,           "erasures" },
	{ HTTP_GET,  "/admin/mirror",           ACCESS_MEMBER,   GUARD_NONE,    CACHE_NONE,  POOL_PAGES, mirrors_show,            "mirrors" },
	{ HTTP_POST, "/admin/mirror/deliveries", ACCESS_MEMBER,   GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, mirror_deliveries_post,  "mirror_deliveries" },
	{ HTTP_GET,  "/admin/mirror/new",       ACCESS_MEMBER,   GUARD_NONE,    CACHE_NONE,  POOL_PAGES, mirror_new_show,         "mirror_new" },
	{ HTTP_POST, "/admin/mirror/new",       ACCESS_MEMBER,   GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, mirror_new_post,         "mirror_new" },
	{ HTTP_GET,  "/admin/mirror/:id",       ACCESS_MEMBER,   GUARD_NONE,    CACHE_NONE,  POOL_PAGES, mirror_one_show,         "mirror" },
	{ HTTP_POST, "/admin/mirror/:id",       ACCESS_MEMBER,   GUARD_TOKEN,   CACHE_NONE,  POOL_PAGES, mirror_one_post,         "mirror" },

	/* For the networks that are mirrored (nginx passes the first one's body raw) */
	{ HTTP_GET,  "/hooks/:slug",           ACCESS_PROGRAM,  GUARD_NONE,   CACHE_NONE,  POOL_PAGES, hook_verify,             "hook" },
	{ HTTP_POST, "/hooks/:slug",           ACCESS_PROGRAM,  GUARD_NONE,   CACHE_NONE,  POOL_PAGES, hook_receive,            "hook" },
	{ HTTP_POST, "/hooks/facebook/deletion", ACCESS_PROGRAM,  GUARD_NONE,    CACHE_NONE,  POOL_PAGES, hook_deletion,           "hook_deletion" },
	{ HTTP_POST, "/hooks/facebook/deauthorize", ACCESS_PROGRAM,  GUARD_NONE,    CACHE_NONE,  POOL_PAGES, hook_deauthorize,        "hook_deauthorize" },

	/* For programs */
	{ HTTP_GET,  "/api/v1/openapi.json",   ACCESS_PROGRAM,  GUARD_NONE,   CACHE_SHORT, POOL_PAGES, api_description,         "api_description" },
	{ HTTP_GET,  "/api/v1/topics",         ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, api_topics,              "api_topics" },
	{ HTTP_GET,  "/api/v1/topics/:id",     ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, api_topic,               "api_topic" },
	{ HTTP_GET,  "/api/v1/posts/:id/comments", ACCESS_PROGRAM, GUARD_NONE, CACHE_PAGE,  POOL_PAGES, api_comments,            "api_comments" },
	{ HTTP_GET,  "/api/v1/categories",     ACCESS_PROGRAM,  GUARD_NONE,   CACHE_SHORT, POOL_PAGES, api_categories,          "api_categories" },
	{ HTTP_GET,  "/api/v1/tags",           ACCESS_PROGRAM,  GUARD_NONE,   CACHE_SHORT, POOL_PAGES, api_tags,                "api_tags" },
	{ HTTP_GET,  "/api/v1/articles",       ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, api_articles,            "api_articles" },
	{ HTTP_GET,  "/api/v1/articles/:id",   ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, api_article,             "api_article" },
	{ HTTP_GET,  "/api/v1/people/:id",     ACCESS_PROGRAM,  GUARD_NONE,   CACHE_PAGE,  POOL_PAGES, api_person,              "api_person" },

	/* For whoever runs it */
	{ HTTP_GET,  "/healthz",               ACCESS_OPERATOR, GUARD_NONE,   CACHE_NONE,  POOL_PAGES, healthz_show,            "healthz" },
	{ HTTP_GET,  "/readyz",                ACCESS_OPERATOR, GUARD_NONE,   CACHE_NONE,  POOL_PAGES, readyz_show,             "readyz" },
	{ HTTP_GET,  "/metrics",               ACCESS_OPERATOR, GUARD_NONE,   CACHE_NONE,  POOL_PAGES, metrics_show,            "metrics" },
	/* nginx asks for the site's own page when it refuses something itself. */
	{ HTTP_GET,  "/_error/:id",            ACCESS_ALL,      GUARD_NONE,   CACHE_NONE,  POOL_PAGES, error_show,              "error" },
};
/* clang-format on */
const size_t route_count = ARRAY_COUNT(routes);
/* Each is counted by itself. */
_Static_assert(ARRAY_COUNT(routes) < METRICS_ROUTES, "more routes than counters");

/* "12" or "12-some-words"; the number must be positive. */
static bool capture_id(struct request *request, struct slice segment, bool has_slug)
{
	struct slice rest = segment;
	struct slice number = has_slug ? slice_cut(&rest, '-') : segment;
	int64_t id;

	if (number.length == 0 || number.data[0] < '0' || number.data[0] > '9' ||
	    !slice_to_i64(number, &id) || id <= 0)
		return false;
	request->id = id;
	if (has_slug)
		request->slug = rest.data
					? arena_strndup(request->ctx.arena, rest.data, rest.length)
					: "";
	return true;
}

static bool segment_matches(struct request *request, struct slice pattern, struct slice segment)
{
	if (slice_is(pattern, ":id"))
		return capture_id(request, segment, false);
	if (slice_is(pattern, ":id-slug"))
		return capture_id(request, segment, true);
	if (slice_is(pattern, ":slug")) {
		request->slug = arena_strndup(request->ctx.arena, segment.data, segment.length);
		return segment.length > 0;
	}
	return pattern.length == segment.length &&
	       memcmp(pattern.data, segment.data, segment.length) == 0;
}

static bool pattern_matches(struct request *request, const char *pattern)
{
	struct slice wanted = slice_of(pattern + 1), given = slice_of(request->http->path + 1);

	while (wanted.data && given.data) {
		if (!segment_matches(request, slice_cut(&wanted, '/'), slice_cut(&given, '/')))
			return false;
	}
	return !wanted.data && !given.data;
}

const struct route *route_find(struct request *request, bool *is_other_method)
{
	enum http_method method = request->http->method;

	*is_other_method = false;
	if (method == HTTP_HEAD)
		method = HTTP_GET;
	for (size_t i = 0; i < route_count; i++) {
		request->id = 0;
		request->slug = "";
		if (!pattern_matches(request, routes[i].pattern))
			continue;
		if (routes[i].method == method)
			return &routes[i];
		*is_other_method = true;
	}
	return NULL;
}

const char *route_methods(struct request *request)
{
	bool has_get = false, has_post = false;

	for (size_t i = 0; i < route_count; i++) {
		if (!pattern_matches(request, routes[i].pattern))
			continue;
		has_get = has_get || routes[i].method == HTTP_GET;
		has_post = has_post || routes[i].method == HTTP_POST;
	}
	if (has_get && has_post)
		return "GET, HEAD, POST";
	return has_post ? "POST" : "GET, HEAD";
}
