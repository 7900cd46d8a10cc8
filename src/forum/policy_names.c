/*
 * The words of policy.h's enums: as they stand in the database, in forms and in
 * the documentation.
 */
#include "forum/policy.h"

#include <assert.h>

static const char *const action_names[ACTION_COUNT] = {
	[MAY_ASK] = "ask",
	[MAY_ANSWER] = "answer",
	[MAY_COMMENT] = "comment",
	[MAY_EDIT_POST] = "edit_post",
	[MAY_EDIT_TAGS] = "edit_tags",
	[MAY_WITHDRAW_POST] = "withdraw_post",
	[MAY_RESTORE_POST] = "restore_post",
	[MAY_SEE_WITHDRAWN] = "see_withdrawn",
	[MAY_SEE_REVISIONS] = "see_revisions",
	[MAY_ACCEPT] = "accept",
	[MAY_THANK] = "thank",
	[MAY_ME_TOO] = "me_too",
	[MAY_FOLLOW] = "follow",
	[MAY_ASK_FOR_INFORMATION] = "ask_for_information",
	[MAY_MARK_DUPLICATE] = "mark_duplicate",
	[MAY_CLOSE] = "close",
	[MAY_MOVE_TOPIC] = "move_topic",
	[MAY_MERGE_TOPIC] = "merge_topic",
	[MAY_PIN_TOPIC] = "pin_topic",
	[MAY_LOCK_TOPIC] = "lock_topic",
	[MAY_CHANGE_AUTHOR] = "change_author",
	[MAY_SEE_STATISTICS] = "see_statistics",
	[MAY_GIVE_TRUST] = "give_trust",
	[MAY_SEE_STANDING] = "see_standing",
	[MAY_JUDGE_RINGS] = "judge_rings",
	[MAY_EDIT_RANKS] = "edit_ranks",
	[MAY_GIVE_BADGES] = "give_badges",
	[MAY_NOMINATE] = "nominate",
	[MAY_END_EXPERTS] = "end_experts",
	[MAY_ENDORSE] = "endorse",
	[MAY_PROPOSE_ARTICLE] = "propose_article",
	[MAY_WRITE_ARTICLE] = "write_article",
	[MAY_PUBLISH_ARTICLE] = "publish_article",
	[MAY_ARCHIVE_ARTICLE] = "archive_article",
	[MAY_WORK_DESK] = "work_desk",
	[MAY_MANAGE_DESK] = "manage_desk",
	[MAY_ADD_POLL] = "add_poll",
	[MAY_VOTE_POLL] = "vote_poll",
	[MAY_REMOVE_POLL] = "remove_poll",
	[MAY_SET_STAGE] = "set_stage",
	[MAY_SHARE_TEMPLATES] = "share_templates",
	[MAY_RUN_INCIDENT] = "run_incident",
	[MAY_SEE_PANELS] = "see_panels",
	[MAY_RUN_PANELS] = "run_panels",
	[MAY_JOIN_PANEL] = "join_panel",
	[MAY_READ_PRIVATE] = "read_private",
	[MAY_WRITE_PRIVATE] = "write_private",
	[MAY_START_PRIVATE] = "start_private",
	[MAY_RUN_PRIVATE] = "run_private",
	[MAY_MANAGE_PEOPLE] = "manage_people",
	[MAY_REPLY_OUT] = "reply_out",
	[MAY_MANAGE_MIRRORS] = "manage_mirrors",
	[MAY_SEE_ADMINISTRATION] = "see_administration",
	[MAY_EDIT_SYNONYMS] = "edit_synonyms",
	[MAY_EDIT_MAILS] = "edit_mails",
	[MAY_MANAGE_TAGS] = "manage_tags",
	[MAY_USE_RESTRICTED_TAG] = "use_restricted_tag",
	[MAY_EDIT_HOLDING] = "edit_holding",
	[MAY_CHANGE_SETTINGS] = "change_settings",
	[MAY_GIVE_ROLES] = "give_roles",
	[MAY_RUN_SYSTEM] = "run_system",
	[MAY_FLAG] = "flag",
	[MAY_SEE_QUEUE] = "see_queue",
	[MAY_MODERATE] = "moderate",
	[MAY_MEASURE] = "measure",
	[MAY_PUBLISH_REPORT] = "publish_report",
	[MAY_SEE_AUDIT] = "see_audit",
};

static const char *const statuses[] = {
	[STATUS_OPEN] = "open",
	[STATUS_NEEDS_INFORMATION] = "needs_information",
	[STATUS_DUPLICATE] = "duplicate",
	[STATUS_CLOSED] = "closed",
};

static const char *const visibilities[] = {
	[VISIBILITY_VISIBLE] = "visible",
	[VISIBILITY_WITHDRAWN] = "withdrawn",
	[VISIBILITY_HELD] = "held",
};

static const char *const kinds[] = {
	[POST_QUESTION] = "question",
	[POST_ANSWER] = "answer",
	[POST_COMMENT] = "comment",
};

static bool find_word(const char *const *words, size_t count, const char *text, int *index)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(words[i], text)) {
			*index = (int)i;
			return true;
		}
	}
	return false;
}

/* Of a column: the schema's check constraints allow no other word. */
static int word_index(const char *const *words, size_t count, const char *text)
{
	int index = 0;
	bool is_known = find_word(words, count, text, &index);

	assert(is_known);
	(void)is_known;
	return index;
}

const char *action_name(enum action action)
{
	return action_names[action];
}

const char *topic_status_text(enum topic_status status)
{
	return statuses[status];
}

enum topic_status topic_status_from_text(const char *text)
{
	return (enum topic_status)word_index(statuses, ARRAY_COUNT(statuses), text);
}

bool topic_status_parse(const char *text, enum topic_status *out)
{
	int index;

	if (!find_word(statuses, ARRAY_COUNT(statuses), text, &index))
		return false;
	*out = (enum topic_status)index;
	return true;
}

const char *visibility_text(enum visibility visibility)
{
	return visibilities[visibility];
}

enum visibility visibility_from_text(const char *text)
{
	return (enum visibility)word_index(visibilities, ARRAY_COUNT(visibilities), text);
}

const char *post_kind_text(enum post_kind kind)
{
	return kinds[kind];
}

enum post_kind post_kind_from_text(const char *text)
{
	return (enum post_kind)word_index(kinds, ARRAY_COUNT(kinds), text);
}
