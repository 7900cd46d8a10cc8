/* Every handler of the site, for the table in routes.c. One file an area. */
#ifndef WEB_HANDLERS_H
#define WEB_HANDLERS_H

#include "web/request.h"

/* home.c */
handler home_show, language_set, text_charter, text_about, text_legal, text_free;
/* sitemap.c */
handler sitemap_index_show, sitemap_file_show, robots_show, indexnow_show;
/* feeds.c */
handler questions_feed, category_feed, tag_feed, ideas_feed, profile_feed;
/* consent.c */
handler charter_agree_show, charter_agree_post;
/* admin_categories.c */
handler categories_show, category_admin_show, category_admin_post;
/* admin_desk.c */
handler admin_desk_show, admin_desk_post;
/* admin_tags.c */
handler tags_admin_show, tag_admin_show, tag_admin_post, tags_forbidden_show, tags_forbidden_post;
/* admin_texts.c */
handler texts_show, texts_post, text_edit_show, text_edit_post, text_version_show;
/* admin_mails.c */
handler mails_show, mail_edit_show, mail_edit_post;
/* articles.c */
handler articles_show, articles_category_show, articles_product_show, articles_old_show,
	article_page_show, article_helpful_post;
/* article_work.c */
handler articles_work_show, article_new_show, article_new_post, article_work_show,
	article_work_post, article_files_post, article_from_topic_post, article_version_show;
/* lists.c */
handler questions_show, category_show, tags_show, tag_show, follow_change;
/* topic.c */
handler topic_show, topic_me_too_change, topic_status_change_post, post_show, comments_show,
	history_show, post_withdraw_post, post_restore_post, post_accept_post, post_thank_post,
	import_redirect_question, import_redirect_answer;
/* topic_acts.c, topic_batch.c */
handler poll_new_show, poll_new_post, poll_vote_post, poll_remove_post;
handler ideas_show, idea_stage_post;
handler topic_acts_show, topic_acts_post, topic_act_undo_post, topic_batch_show, topic_batch_post;
/* ask.c */
handler ask_show, ask_post;
/* similar.c */
handler similar_post, similar_opened_post, similar_solved_post, similar_follow_post;
/* statistics.c */
handler dashboard_show, dashboard_csv;
/* crawlers.c */
handler crawlers_show, crawlers_csv;
handler desk_reports_show, desk_reports_csv;
handler statistics_show, statistics_csv, statistics_words_csv;
/* write.c */
handler answer_show, answer_post, comment_show, comment_post, edit_show, edit_post_form,
	preview_post, drafts_show, drafts_post;
/* account.c */
handler login_show, login_post, logout_post, sign_up_show, sign_up_post, confirm_show, confirm_post,
	reset_show, reset_post, reset_set_show, reset_set_post, unsubscribe_show, unsubscribe_post;
/* settings.c */
handler settings_show, settings_profile_post, settings_email_post, settings_password_post,
	settings_sessions_post, settings_resend_post, notifications_show, notifications_read_post;
/* standing.c */
handler standing_show, trust_give_post, levels_show, ranking_post;
/* experts.c */
handler experts_show, candidates_show, nominate_post, consent_show, consent_post, expert_end_post,
	expert_queue_show, post_endorse_post, article_propose_post;
/* leaders.c */
handler leaders_show;
/* badges.c */
handler badges_show, badge_show, badge_post;
/* ranks.c */
handler ranks_show, ranks_post;
/* rings.c */
handler rings_show, ring_show, ring_post;
/* sign_in.c */
handler second_step_show, second_step_post;
/* security.c */
handler security_show, security_begin_post, security_confirm_post, security_codes_post,
	security_remove_post;
/* passkey.c */
handler passkey_options_post, passkey_sign_in_post, passkey_add_post, passkey_remove_post;
/* privacy.c */
handler privacy_show, privacy_export_show, privacy_export_post, privacy_erase_post,
	privacy_keep_post, register_show, admin_privacy_show;
/* recheck.c */
handler check_show, check_post;
/* profile.c */
handler profile_show;
/* moderation.c, moderation_item.c, moderation_people.c */
handler moderation_show, moderation_next_post, moderation_batch_post, moderation_item_show,
	moderation_claim_post, moderation_decide_post, moderation_undo_post, moderation_person_show,
	moderation_measure_post, moderation_measure_end_post, case_show, case_complaint_post,
	warnings_show, warnings_post;
/* notice.c */
handler notice_form_show, notice_form_post, notice_status_show, notice_complaint_post, notices_show,
	notices_post;
/* transparency.c */
handler transparency_show, transparency_csv, admin_transparency_show, admin_transparency_post,
	admin_transparency_csv;
/* incidents.c */
handler incidents_show, alert_show, incident_new_show, incident_new_post, incident_show,
	incident_post, incident_csv;
/* desk.c */
handler desk_show, desk_counts_show, desk_claim_post, desk_filters_post;
/* desk_work.c */
handler desk_work_show, desk_work_post;
/* listening.c, listening_label.c, listening_themes.c */
handler listening_show, listening_csv;
handler listening_label_show, listening_label_post;
handler listening_themes_show, listening_theme_show, listening_theme_post;
/* private.c */
handler private_list_show, private_show, private_post, private_message_post, desk_private_show;
/* desk_templates.c */
handler desk_templates_show, desk_template_show, desk_template_post;
/* desk_panels.c */
handler desk_panels_show, desk_panel_form_show, desk_panel_form_post, desk_panel_show,
	desk_panel_post, desk_panel_people_show, desk_panel_people_post;
/* desk_questionnaires.c */
handler desk_questionnaire_new_show, desk_questionnaire_new_post, desk_questionnaire_edit_show,
	desk_questionnaire_edit_post, desk_questionnaire_show, desk_questionnaire_csv;
/* questionnaires.c */
handler questionnaire_show, questionnaire_post;
/* panels.c */
handler panels_show, panel_show, panel_answer_post;
/* flag.c */
handler flag_show, flag_post;
/* duplicates.c */
handler duplicates_show;
/* search.c */
handler search_show, search_opened_post;
/* suggest.c */
handler suggest_show, opensearch_show;
/* admin.c */
handler admin_show;
/* admin_audit.c */
handler admin_audit_show, admin_audit_csv;
/* admin_brand.c */
handler admin_brand_show, admin_brand_post, admin_brand_css, admin_brand_logo_post;
handler file_show, file_small_show;
/* brand.c */
handler brand_file_show, theme_file_show;
handler card_show;
/* admin_members.c */
handler admin_members_show, admin_member_show, admin_member_post;
/* admin_system.c */
handler admin_jobs_show, admin_jobs_post, admin_system_show;
/* admin_settings.c */
handler admin_settings_show, admin_settings_section_show, admin_settings_section_post,
	admin_settings_undo_post;
/* removal.c */
handler removal_show, removal_post;
/* holding.c */
handler sign_up_defence_show, sign_up_defence_post, sign_up_block_post;
handler holding_show, holding_post, holding_rule_show, holding_rule_post;
/* synonyms.c */
handler synonyms_show, synonyms_post;
/* mirror_hooks.c */
handler hook_verify, hook_receive;
/* mirror_admin.c */
handler mirrors_show, mirror_deliveries_post, mirror_new_show, mirror_new_post, mirror_one_show,
	mirror_one_post;
/* mirror_erasure.c */
handler hook_deletion, hook_deauthorize, erasure_ask_show, erasure_ask_post, erasure_show,
	erasures_show, erasures_post;
/* mirror_posts.c */
handler mirror_there_post, mirror_outbox_post, mirror_claim_show, mirror_claim_post,
	mirror_erase_show, mirror_erase_post;
/* api.c */
handler api_topics, api_topic, api_comments, api_categories, api_tags, api_person, api_description,
	api_articles, api_article;
handler articles_feed, articles_category_feed;
/* operator.c */
handler healthz_show, readyz_show, metrics_show, error_show;

#endif
