/*
 * What each page shows: one struct a template. A handler fills it wholly; the
 * template can neither query nor fail. Strings live in the request's arena.
 */
#ifndef WEB_PAGES_H
#define WEB_PAGES_H

#include "forum/badge.h"
#include "forum/category.h"
#include "forum/draft.h"
#include "forum/erasure.h"
#include "forum/idea.h"
#include "forum/mirror_topic.h"
#include "forum/notification.h"
#include "forum/poll.h"
#include "forum/post.h"
#include "forum/search_result.h"
#include "forum/search_scope.h"
#include "forum/session.h"
#include "forum/synonyms.h"
#include "forum/article_similar.h"
#include "forum/similar.h"
#include "forum/statistics.h"
#include "text/diff.h"
#include "i18n/i18n.h"

/* The same page's words in a language, itself included: absolute addresses. */
struct frame_language {
	const char *language, *url;
};

/*
 * What a topic's page is to programs that read it, as schema.org has it; its markup
 * carries that as microdata (thread_data.h).
 */
enum thread_data { DATA_NONE, DATA_QUESTION, DATA_DISCUSSION };

/* What every page has around its own content. */
struct frame {
	struct arena *arena;             /* for i18n_ago and its like, in templates */
	const char *language;            /* "fr" */
	const char *other_language;      /* "en" */
	const char *other_language_name; /* "English", in its own language */
	const char *brand;
	const char *title;                /* of the page; the brand is added by the layout */
	const char *description;          /* meta description; "" for none */
	const char *canonical;            /* absolute address; "" for none */
	const char *kind;                 /* Open Graph's: "website", "article", "profile" */
	int64_t published_at, changed_at; /* of an "article"; 0: not said */
	struct frame_picture {
		const char *url, *alt; /* absolute; "" for none */
		int64_t width, height;
	} picture;                             /* for cards elsewhere */
	const char *previous_path, *next_path; /* of a list's pages; "" for none */
	const char *feed_path;                 /* of the page's news; "" for none */
	struct frame_language *languages;      /* for hreflang; none for most pages */
	size_t language_count;
	bool is_indexable;               /* else <meta name=robots content=noindex> */
	const char *path;                /* this page with its query: where forms come back to */
	const char *style;               /* "/theme/HASH.css", all of it; "": in parts */
	const char *brand_css;           /* of the brand alone, beside the parts; "" for none */
	const char *logo;                /* address of the logo */
	const char *assets;              /* "/static/HASH": prefix of CSS, scripts, icons */
	const char *search_words;        /* what stands in the header's search field */
	const char *section;             /* "home", "questions", "tags", "ask"…: marks the menu */
	const struct admin_house *house; /* pages_admin.h; on pages of /admin, else NULL */
	const struct actor *actor;
	bool is_signed_in, is_staff;
	bool has_ideas;       /* there is a category for them */
	const char *csrf;     /* for forms; "" where there is no form */
	const char *form_key; /* random; template form_fields adds the form's name */
	const char *notice;   /* a sentence on top after an action; "" */
	const char *request_id;
	int64_t now;
	/* Official notices of open incidents; those of a category stand on its pages alone. */
	struct frame_incident {
		const char *severity, *label, *words, *thread, *link; /* link: "" for none */
		const char *category_slug;                            /* "" for all pages */
	} * incidents;
	size_t incident_count;
	const char *category_slug, *parent_category_slug; /* of this page; "" for none */
	enum thread_data thread_data;
	const char *data;    /* for programs: JSON-LD; "" for none */
	int64_t open_alerts; /* for the team */
	struct html_fragment head_extra, header_extra, footer_extra; /* the brand's */
};

/* Of all pages, or of this page's category. */
static inline bool frame_shows_incident(const struct frame *frame,
					const struct frame_incident *incident)
{
	return !incident->category_slug[0] ||
	       strcmp(incident->category_slug, frame->category_slug) == 0 ||
	       strcmp(incident->category_slug, frame->parent_category_slug) == 0;
}
static inline bool frame_has_incident(const struct frame *frame)
{
	for (size_t i = 0; i < frame->incident_count; i++)
		if (frame_shows_incident(frame, &frame->incidents[i]))
			return true;
	return false;
}

/* A form's field after a refusal: what was typed, and what is wrong with it. */
struct field_error {
	const char *field, *message;
};
/* "" when that field is fine. Here, because templates link nothing of src/web. */
static inline const char *field_message(const struct field_error *error, const char *field)
{
	return error->field && strcmp(error->field, field) == 0 ? error->message : "";
}

struct home_page {
	struct frame frame;
	struct categories categories;
	struct topic_list pinned, newest, unanswered;
	struct helper *helpers;
	size_t helper_count;
};

enum list_kind { LIST_ALL, LIST_CATEGORY, LIST_TAG };

struct list_page {
	struct frame frame;
	enum list_kind kind;
	struct category category;  /* LIST_CATEGORY */
	struct category *children; /* its own, if any */
	size_t children_count;
	struct tag tag; /* LIST_TAG */
	struct tag_about about;
	const char *base_path; /* "/questions", "/c/internet", "/tag/wifi" */
	enum topic_filter filter;
	struct topic_list pinned; /* on top of the first page, newest first */
	struct topic_list topics;
	bool is_first_page;
	bool can_choose; /* boxes for the team's acts on several */
	bool can_follow, is_followed;
	const char *follow_kind; /* "tag" or "category" */
	int64_t follow_id;
	const char *next_path; /* "" on the last page */
};

struct tags_page {
	struct frame frame;
	struct tags tags;
	const char *next_path;
};

/* A link of a pager: number 0 stands for the gap "…". */
struct page_link {
	int64_t number;
	const char *path;
	bool is_current;
};

/* Sending an answer to the mirrored network too: the choice at the form. */
struct send_choice {
	bool is_offered, is_chosen;
	const char *connector, *network;
	int64_t length_max;
	/* As the network will show it, where a preview was asked for. */
	bool has_text;
	const char *text;
	int64_t length;
};

struct topic_page {
	struct frame frame;
	struct topic_view view;
	struct mirror_topic mirror;
	struct send_choice send;
	struct page_link *pages; /* of answers; none when there is one page */
	size_t pages_count;
	const char *path;                                     /* "/t/12-slug" */
	const char *topic_path_by_date, *topic_path_by_score; /* first page in that order */
	const char *login_path;                               /* "/login?next=…" */
	const char *answer_reason; /* why this person cannot answer; "" if they can */
	bool can_manage;           /* the page of the team's acts */
	struct field_error error;  /* of the status form, and what was chosen there */
	enum topic_status chosen_status;
	const char *chosen_duplicate;
	/* Of an idea: what was decided, newest first; and the form's fields. */
	struct idea_changes stages;
	enum idea_stage chosen_stage;
	const char *stage_reason;
	struct field_error stage_error;
	/* Of an open incident's thread: the team's newest update. */
	struct topic_official {
		int64_t post_id, at; /* 0: none */
		const char *words;
	} official;
	struct poll poll; /* id 0: none */
	struct field_error poll_error;
};

/* An accepted answer stands twice where it is among the page's own. */
static inline bool topic_page_has_answer(const struct topic_page *page, int64_t id)
{
	for (size_t i = 0; i < page->view.answer_count; i++)
		if (page->view.answers[i].id == id)
			return true;
	return false;
}

/* For the team: which question does this one repeat? */
struct duplicates_page {
	struct frame frame;
	struct topic topic;
	const char *path, *words;
	struct similar_list similar;
	struct article_similar_list articles; /* that may answer it */
	bool can_mark;
};

struct comments_page {
	struct frame frame;
	struct topic topic;
	struct post post;
	struct post *comments;
	size_t count;
	const char *next_path;
	bool can_comment;
};

/* Ask, answer, comment, edit: one form, with what each of them needs. */
enum form_kind { FORM_ASK, FORM_ANSWER, FORM_COMMENT, FORM_EDIT };

struct write_page {
	struct frame frame;
	enum form_kind kind;
	const char *action; /* where the form posts to */
	const char *cancel_path;
	struct topic topic; /* not for FORM_ASK */
	struct post post;   /* what is answered, commented or edited */
	bool has_title, has_category, has_tags, has_reason;
	bool is_from_desk;        /* an answer: goes back there */
	int64_t desk_template_id; /* that its text came of; 0 */
	struct categories categories;
	const char *title, *body_md, *tags, *reason;
	const char *tags_withheld; /* restricted ones, when the writer may not use them; "" */
	const char *language;      /* of the question, for FORM_ASK */
	int64_t category_id, revision_count;
	const char *draft_place; /* "" for no drafts */
	int64_t draft_saved_at;  /* 0: none */
	bool has_preview;
	struct html_fragment preview;
	struct send_choice send;
	int body_max_bytes;
	struct field_error error;
	const char *opened; /* form_opened */
	/* Personal data that was found; the form asks what to do with it. */
	struct personal_place *personal;
	size_t personal_count;
	/* For FORM_ASK: */
	bool is_idea;       /* the chosen category is for ideas */
	const char *view;   /* the page's number for counting */
	bool is_considered; /* questions like it were looked at: never a second time */
	struct similar_list similar;
	struct article_similar_list articles; /* that may answer it */
};

/* What the ask page's script puts under the title. */
struct similar_page {
	struct frame frame;
	struct similar_list similar;
	struct article_similar_list articles; /* that may answer it */
};

/* The ask page of a visitor: the title, what is like it, then signing in. */
struct ask_start_page {
	struct frame frame;
	const char *category_slug; /* "": none chosen */
	bool is_idea;              /* it is for ideas */
	const char *title, *view;
	struct similar_list similar;
	struct article_similar_list articles; /* that may answer it */
	const char *again_path;               /* this page, once signed in */
};

struct revision_view {
	struct revision revision;
	struct diff_run *body_diff, *title_diff;
	size_t body_diff_count, title_diff_count;
	bool is_first;
};
struct revisions_page {
	struct frame frame;
	struct topic topic;
	struct post post;
	const char *post_path;
	struct revision_view *revisions; /* newest first */
	size_t count;
};

struct profile_page {
	struct frame frame;
	struct person person;
	struct topic_list questions;
	struct answer_list answers;
	bool is_own, shows_answers; /* which tab */
	bool can_see_standing;
	bool can_remove_all; /* everything by this person, removal.c */
	struct badges badges;
	bool can_moderate; /* see their history as the team does */
	const char *path, *next_path;
};

struct login_page {
	struct frame frame;
	const char *email, *next;
	bool has_passkeys; /* browsers take them at this site's address */
	struct field_error error;
};
struct sign_up_page {
	struct frame frame;
	const char *name, *email, *next;
	const char *opened; /* form_opened */
	bool has_consented;
	struct field_error error;
};
/* A page with a heading, some sentences and perhaps one link or button. */
struct message_page {
	struct frame frame;
	const char *heading, *text, *link_path, *link_text;
	/* A button that posts: for confirmation links (scanners follow a GET). */
	const char *button_action, *button_text, *button_token;
	bool is_good_news;
};
struct reset_page {
	struct frame frame;
	const char *token; /* "" for asking the link, else for the new password */
	const char *email;
	struct field_error error;
};
struct settings_page {
	struct frame frame;
	struct person person;
	const char *bio_md;
	struct session *sessions;
	size_t session_count;
	const char *new_email;
	const char *form; /* which form was refused: "profile", "email", "password" */
	struct field_error error;
};
struct notifications_page {
	struct frame frame;
	struct notification_list list;
	const char *next_path;
};
struct drafts_page {
	struct frame frame;
	struct draft_row {
		struct draft draft;
		const char *path, *label, *excerpt;
	} * drafts;
	size_t count;
};
/* A text with some of its words marked; marked.h makes it. */
struct marked_piece {
	const char *text;
	bool is_match;
};
struct marked {
	struct marked_piece *pieces;
	size_t count;
};

/* This search with one thing changed: a filter more or less, another order. */
struct search_link {
	const char *label, *path;
	int64_t count; /* of results; 0: not said */
	bool is_on;
};
struct search_group {
	const char *heading;
	struct search_link *links;
	size_t count;
};
struct search_pair {
	const char *name, *value;
};
struct search_pairs {
	struct search_pair *items;
	size_t count;
};
struct search_row {
	const struct topic_row *topic; /* NULL: an article */
	const struct article *article; /* NULL: a question */
	const char *path;              /* to the very answer, where that is what matches */
	struct marked title;
	struct marked solution;      /* what solved it; no pieces: nothing did */
	struct marked snippet;       /* what matches, unless that is the solution */
	bool is_answer, is_official; /* what the snippet is from */
};
#define SEARCH_CHIPS_MAX  12
#define SEARCH_GROUPS_MAX 6
struct search_page {
	struct frame frame;
	const char *words; /* without the filters among them */
	const struct search_typed *typed;
	struct search_pairs hidden; /* filters that go along with other words */
	bool is_asked;              /* for something: else only the field is shown */
	bool is_long;               /* more was typed than is looked at */
	bool has_no_keywords;       /* only words that stand in every question */
	enum scope_problem problem;
	bool is_by_title; /* the index is away */
	struct search_row *rows;
	size_t row_count;
	int64_t estimate;
	bool is_exact;
	const char *correction, *correction_path; /* "" if none */
	bool is_corrected;                        /* the rows are the correction's */
	struct search_link sorts[SEARCH_MOST_USEFUL + 1];
	struct search_link chips[SEARCH_CHIPS_MAX];
	size_t chip_count;
	struct search_group groups[SEARCH_GROUPS_MAX];
	size_t group_count;
	const char *previous_path, *next_path;
	bool is_at_the_end;     /* there may be more, but nobody gets there */
	int64_t first_position; /* of the first row, over all pages */
	const char *ask_path, *login_path;
	struct categories categories; /* where to go on without a result */
};
struct synonyms_page {
	struct frame frame;
	struct synonym_history history;
	const char *french, *english; /* what stands in the fields */
	const char *tried;            /* words to try the lists on; "" */
	bool has_trial;
	struct search_explained *tried_french, *tried_english; /* with has_trial */
	bool is_old; /* history.shown is no longer in force */
	struct field_error error;
};
struct statistics_page {
	struct frame frame;
	struct statistics statistics;
	bool is_empty;
	struct statistics_bar {
		const struct statistics_week *week;
		int x, solved_height, asked_height, shown_height; /* in the picture's units */
		int solved_percent;
	} bars[STATISTICS_WEEKS]; /* oldest first */
	int64_t bars_top;         /* what the top of the picture stands for */
	int64_t positions_opened;
	int position_percents[STATISTICS_POSITIONS + 1];
};
/* Mirrors (mirror*.c) */
struct claim_page {
	struct frame frame;
	struct topic topic;
	struct post post;
	struct mirror_person person;
	const char *typed;
	struct field_error error;
};
struct erase_page { /* asks once more, before all of an author goes */
	struct frame frame;
	struct topic topic;
	struct post post;
	struct mirror_person person;
	struct field_error error;
};
struct erasure_ask_page {
	struct frame frame;
	const char *address, *name, *contact, *reason;
	struct field_error error;
};
struct erasure_page {
	struct frame frame;
	struct erasure erasure;
};
struct erasures_page {
	struct frame frame;
	struct erasures list;
	int64_t refused_id; /* whose form the error is about */
	const char *typed_address, *typed_reason;
	struct field_error error;
};
struct mirror_row {
	struct mirror mirror;
	struct mirror_status status;
	const char *network;
	int64_t lag_since; /* of the oldest that waits; 0: nothing does */
};
struct mirrors_page {
	struct frame frame;
	struct mirror_row *rows;
	size_t count;
	struct mirror_delivery *dead;
	size_t dead_count;
	int64_t open_erasures;
};
struct mirror_page {
	struct frame frame;
	struct mirror_row row;
	struct mirror_trouble trouble;
	struct categories categories;
	const char *configured; /* what is missing in the configuration file; "" */
	const char *webhook_url, *deletion_url, *deauthorize_url; /* "": has none */
	bool is_backfilling;
	struct field_error error;
	struct mirror form; /* what stands in the fields */
};
struct mirror_new_page {
	struct frame frame;
	struct categories categories;
	struct mirror_new form;
	struct field_error error;
};
struct text_page { /* charter, about, legal notice */
	struct frame frame;
	const char *heading;
	const char *language; /* of the words */
	struct html_fragment body;
};
struct error_page {
	struct frame frame;
	int status;
	const char *heading, *message, *advice;
	int retry_after_seconds;
	/* What was typed into a form that could not be accepted, to be copied; "". */
	const char *kept_title, *kept_body;
	bool shows_login; /* signing in (in another tab) would help */
};

#endif
