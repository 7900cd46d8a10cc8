/*
 * The table of grants: an action, the least role that this row is for, and the
 * conditions that must all hold. Any one row that fits is enough. Roles rise in
 * order of rights, so a row for customers is one for everybody above them too.
 *
 * A condition is one row of another table: its name for the printed matrix, the
 * sentence for whom it refuses, and a predicate. Nothing else compares roles,
 * trust or ownership.
 */
#include "forum/policy.h"

#include "base/buf.h"
#include "base/clock.h"
#include "forum/site_setting.h"
#include "i18n/i18n.h"

enum condition {
	SIGNED_IN = 1 << 0,
	CONFIRMED = 1 << 1,
	NOT_SUSPENDED = 1 << 2,
	TOPIC_VISIBLE = 1 << 3,
	POST_VISIBLE = 1 << 4,
	POST_HIDDEN = 1 << 5,
	OWN_POST = 1 << 6,
	OTHERS_POST = 1 << 7,
	ASKER = 1 << 8,
	OTHERS_TOPIC = 1 << 9,
	AN_ANSWER = 1 << 10,
	TOPIC_OPEN = 1 << 11,
	EDIT_WINDOW = 1 << 12,
	ASKERS_WINDOW = 1 << 13,
	NO_ANSWERED_QUESTION = 1 << 14,
	WITHDRAWN_BY_ACTOR = 1 << 15,
	ASKER_HAD_TIME = 1 << 16,
	LEVEL_1 = 1 << 17,
	POLL_LEVEL = 1 << 18,
	LEVEL_3 = 1 << 19,
	LEVEL_4 = 1 << 20,
	NOT_LOCKED = 1 << 21,
	ACTORS_FIELD = 1 << 22,
	LOWER_ROLE = 1 << 23,
	NOT_SILENCED = 1 << 24,
	NOT_BARRED_HERE = 1 << 25,
	AGREED = 1 << 26,
	CATEGORY_ASKS = 1 << 27,
	CATEGORY_ANSWERS = 1 << 28,
	OTHERS_WORDS = 1 << 29,
	A_QUESTION = 1 << 30,
};

/* What everybody who writes must be. */
#define MEMBER (SIGNED_IN | CONFIRMED | NOT_SUSPENDED)

/* Whoever writes must not be kept from it, here or anywhere, and know the charter. */
#define WRITER (MEMBER | NOT_SILENCED | NOT_BARRED_HERE | AGREED)

/* The post, and the topic around it. */
#define VISIBLE (TOPIC_VISIBLE | POST_VISIBLE)

struct grant {
	enum action action;
	enum role least_role;
	unsigned conditions;
};

/* clang-format off */
static const struct grant grants[] = {
	{ MAY_ASK,                 ROLE_CUSTOMER,  WRITER | CATEGORY_ASKS },

	{ MAY_ANSWER,              ROLE_CUSTOMER,  WRITER | CATEGORY_ANSWERS | TOPIC_VISIBLE | TOPIC_OPEN | NOT_LOCKED },
	{ MAY_ANSWER,              ROLE_ADVISOR,   WRITER | CATEGORY_ANSWERS | TOPIC_VISIBLE | NOT_LOCKED },
	{ MAY_ANSWER,              ROLE_MODERATOR, WRITER | CATEGORY_ANSWERS | TOPIC_VISIBLE },

	{ MAY_COMMENT,             ROLE_CUSTOMER,  WRITER | CATEGORY_ANSWERS | VISIBLE | TOPIC_OPEN | NOT_LOCKED },
	{ MAY_COMMENT,             ROLE_ADVISOR,   WRITER | CATEGORY_ANSWERS | VISIBLE | NOT_LOCKED },
	{ MAY_COMMENT,             ROLE_MODERATOR, WRITER | CATEGORY_ANSWERS | VISIBLE },

	{ MAY_EDIT_POST,           ROLE_CUSTOMER,  WRITER | VISIBLE | OWN_POST | EDIT_WINDOW | NOT_LOCKED },
	{ MAY_EDIT_POST,           ROLE_ADVISOR,   WRITER | OWN_POST | NOT_LOCKED },
	{ MAY_EDIT_POST,           ROLE_MODERATOR, WRITER },

	{ MAY_EDIT_TAGS,           ROLE_CUSTOMER,  WRITER | TOPIC_VISIBLE | TOPIC_OPEN | LEVEL_3 | NOT_LOCKED },
	{ MAY_EDIT_TAGS,           ROLE_CUSTOMER,  WRITER | TOPIC_VISIBLE | ASKER | ASKERS_WINDOW | NOT_LOCKED },
	{ MAY_EDIT_TAGS,           ROLE_ADVISOR,   WRITER | NOT_LOCKED },
	{ MAY_EDIT_TAGS,           ROLE_MODERATOR, WRITER },

	{ MAY_WITHDRAW_POST,       ROLE_CUSTOMER,  MEMBER | POST_VISIBLE | OWN_POST | NO_ANSWERED_QUESTION | NOT_LOCKED },
	{ MAY_WITHDRAW_POST,       ROLE_MODERATOR, MEMBER | POST_VISIBLE },

	{ MAY_RESTORE_POST,        ROLE_CUSTOMER,  MEMBER | POST_HIDDEN | OWN_POST | WITHDRAWN_BY_ACTOR },
	{ MAY_RESTORE_POST,        ROLE_MODERATOR, MEMBER | POST_HIDDEN },

	{ MAY_SEE_WITHDRAWN,       ROLE_CUSTOMER,  SIGNED_IN | OWN_POST },
	{ MAY_SEE_WITHDRAWN,       ROLE_ADVISOR,   SIGNED_IN | NOT_SUSPENDED },

	{ MAY_SEE_REVISIONS,       ROLE_VISITOR,   VISIBLE },
	{ MAY_SEE_REVISIONS,       ROLE_CUSTOMER,  SIGNED_IN | OWN_POST },
	{ MAY_SEE_REVISIONS,       ROLE_ADVISOR,   SIGNED_IN | NOT_SUSPENDED },

	{ MAY_ACCEPT,              ROLE_CUSTOMER,  MEMBER | VISIBLE | A_QUESTION | AN_ANSWER | OTHERS_POST | ACTORS_FIELD | ASKER_HAD_TIME },
	{ MAY_ACCEPT,              ROLE_CUSTOMER,  MEMBER | VISIBLE | A_QUESTION | AN_ANSWER | ASKER | NOT_LOCKED },
	{ MAY_ACCEPT,              ROLE_ADVISOR,   MEMBER | VISIBLE | A_QUESTION | AN_ANSWER | ASKER_HAD_TIME | NOT_LOCKED },
	{ MAY_ACCEPT,              ROLE_MODERATOR, MEMBER | VISIBLE | A_QUESTION | AN_ANSWER | ASKER_HAD_TIME },

	{ MAY_THANK,               ROLE_CUSTOMER,  MEMBER | VISIBLE | AN_ANSWER | OTHERS_POST },
	{ MAY_ME_TOO,              ROLE_CUSTOMER,  MEMBER | TOPIC_VISIBLE | OTHERS_TOPIC },
	{ MAY_FOLLOW,              ROLE_CUSTOMER,  SIGNED_IN | TOPIC_VISIBLE },
	{ MAY_ASK_FOR_INFORMATION, ROLE_ADVISOR,   MEMBER | TOPIC_VISIBLE },
	{ MAY_MARK_DUPLICATE,      ROLE_ADVISOR,   MEMBER | TOPIC_VISIBLE },
	{ MAY_MARK_DUPLICATE,      ROLE_CUSTOMER,  MEMBER | TOPIC_VISIBLE | TOPIC_OPEN | LEVEL_4 },
	{ MAY_CLOSE,               ROLE_ADVISOR,   MEMBER | TOPIC_VISIBLE },
	{ MAY_MOVE_TOPIC,          ROLE_ADVISOR,   MEMBER | TOPIC_VISIBLE },
	{ MAY_MERGE_TOPIC,         ROLE_MODERATOR, MEMBER },
	{ MAY_PIN_TOPIC,           ROLE_MODERATOR, MEMBER | TOPIC_VISIBLE },
	{ MAY_LOCK_TOPIC,          ROLE_MODERATOR, MEMBER | TOPIC_VISIBLE },
	{ MAY_CHANGE_AUTHOR,       ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_SEE_STATISTICS,      ROLE_ADVISOR,   MEMBER },
	{ MAY_MANAGE_PEOPLE,       ROLE_MODERATOR, MEMBER },
	{ MAY_REPLY_OUT,           ROLE_ADVISOR,   MEMBER | TOPIC_VISIBLE },
	{ MAY_MANAGE_MIRRORS,      ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_SEE_ADMINISTRATION,  ROLE_ADVISOR,   MEMBER },
	{ MAY_EDIT_SYNONYMS,       ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_EDIT_MAILS,          ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_MANAGE_TAGS,         ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_USE_RESTRICTED_TAG,  ROLE_ADVISOR,   MEMBER },
	{ MAY_EDIT_HOLDING,        ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_CHANGE_SETTINGS,     ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_GIVE_TRUST,          ROLE_MODERATOR, MEMBER },
	{ MAY_SEE_STANDING,        ROLE_CUSTOMER,  SIGNED_IN | OWN_POST },
	{ MAY_SEE_STANDING,        ROLE_MODERATOR, MEMBER },
	{ MAY_JUDGE_RINGS,         ROLE_MODERATOR, MEMBER },
	{ MAY_EDIT_RANKS,          ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_GIVE_BADGES,         ROLE_MODERATOR, MEMBER },
	{ MAY_NOMINATE,            ROLE_ADVISOR,   MEMBER },
	{ MAY_END_EXPERTS,         ROLE_MODERATOR, MEMBER },
	{ MAY_ENDORSE,             ROLE_CUSTOMER,  MEMBER | VISIBLE | A_QUESTION | AN_ANSWER | OTHERS_POST | ACTORS_FIELD },
	{ MAY_ENDORSE,             ROLE_ADVISOR,   MEMBER | VISIBLE | A_QUESTION | AN_ANSWER | OTHERS_POST },
	{ MAY_PROPOSE_ARTICLE,     ROLE_CUSTOMER,  MEMBER | VISIBLE | A_QUESTION | AN_ANSWER | ACTORS_FIELD },
	{ MAY_PROPOSE_ARTICLE,     ROLE_ADVISOR,   MEMBER | VISIBLE | A_QUESTION | AN_ANSWER },
	{ MAY_WRITE_ARTICLE,       ROLE_CUSTOMER,  WRITER | ACTORS_FIELD },
	{ MAY_WRITE_ARTICLE,       ROLE_ADVISOR,   WRITER },
	{ MAY_PUBLISH_ARTICLE,     ROLE_ADVISOR,   MEMBER | OTHERS_WORDS },
	{ MAY_PUBLISH_ARTICLE,     ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_ARCHIVE_ARTICLE,     ROLE_MODERATOR, MEMBER },
	{ MAY_WORK_DESK,           ROLE_CUSTOMER,  MEMBER | ACTORS_FIELD },
	{ MAY_WORK_DESK,           ROLE_ADVISOR,   MEMBER },
	{ MAY_MANAGE_DESK,         ROLE_MODERATOR, MEMBER },
	{ MAY_ADD_POLL,            ROLE_CUSTOMER,  WRITER | TOPIC_VISIBLE | TOPIC_OPEN | ASKER | POLL_LEVEL | NOT_LOCKED },
	{ MAY_ADD_POLL,            ROLE_ADVISOR,   WRITER | TOPIC_VISIBLE | NOT_LOCKED },
	{ MAY_ADD_POLL,            ROLE_MODERATOR, WRITER | TOPIC_VISIBLE },
	{ MAY_VOTE_POLL,           ROLE_CUSTOMER,  MEMBER | TOPIC_VISIBLE | TOPIC_OPEN | NOT_LOCKED },
	{ MAY_REMOVE_POLL,         ROLE_MODERATOR, MEMBER },
	{ MAY_SET_STAGE,           ROLE_ADVISOR,   MEMBER | TOPIC_VISIBLE },
	{ MAY_SHARE_TEMPLATES,     ROLE_ADVISOR,   MEMBER },
	{ MAY_RUN_INCIDENT,        ROLE_ADVISOR,   MEMBER },
	{ MAY_SEE_PANELS,          ROLE_ADVISOR,   MEMBER },
	{ MAY_RUN_PANELS,          ROLE_MODERATOR, MEMBER },
	{ MAY_JOIN_PANEL,          ROLE_CUSTOMER,  MEMBER },
	{ MAY_READ_PRIVATE,        ROLE_CUSTOMER,  SIGNED_IN | ASKER },
	{ MAY_READ_PRIVATE,        ROLE_ADVISOR,   MEMBER },
	{ MAY_WRITE_PRIVATE,       ROLE_CUSTOMER,  MEMBER | ASKER },
	{ MAY_WRITE_PRIVATE,       ROLE_ADVISOR,   MEMBER },
	{ MAY_START_PRIVATE,       ROLE_ADVISOR,   MEMBER | TOPIC_VISIBLE | OTHERS_TOPIC },
	{ MAY_RUN_PRIVATE,         ROLE_ADVISOR,   MEMBER },
	{ MAY_GIVE_ROLES,          ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_RUN_SYSTEM,          ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_FLAG,                ROLE_CUSTOMER,  MEMBER | VISIBLE | OTHERS_POST },
	{ MAY_SEE_QUEUE,           ROLE_ADVISOR,   MEMBER },
	{ MAY_MODERATE,            ROLE_MODERATOR, MEMBER },
	{ MAY_MEASURE,             ROLE_MODERATOR, MEMBER | LOWER_ROLE },
	{ MAY_PUBLISH_REPORT,      ROLE_ADMINISTRATOR, MEMBER },
	{ MAY_SEE_AUDIT,           ROLE_ADMINISTRATOR, MEMBER },
};
/* clang-format on */

int64_t policy_edit_window(bool is_trusted)
{
	return CLOCK_HOUR *
	       site_number(is_trusted ? SITE_WRITING_EDIT_HOURS_TRUSTED : SITE_WRITING_EDIT_HOURS);
}

int64_t policy_staff_accept_delay(void)
{
	return CLOCK_HOUR * site_number(SITE_WRITING_STAFF_ACCEPT_HOURS);
}

static int64_t edit_window(const struct actor *actor)
{
	return policy_edit_window(actor->trust_level >= TRUST_MEMBER);
}

/* A visitor and the system have the id 0, as posts of nobody have: never "own". */
static bool is_person(const struct actor *actor, int64_t id)
{
	return actor->id != 0 && actor->id == id;
}

/* ",12,15," has 12 and 15. */
static bool is_barred(const struct actor *actor, int64_t category_id)
{
	char needle[24];

	if (!actor->barred_categories || !actor->barred_categories[0] || !category_id)
		return false;
	snprintf(needle, sizeof(needle), ",%lld,", (long long)category_id);
	return strstr(actor->barred_categories, needle) != NULL;
}

/*
 * The least role for asking (place 0) or answering (1) in the category. Of ",12=23," the
 * digits of 12 are 2 and 3; whatever is not named there is open to all members.
 */
static bool is_role_enough(const struct actor *actor, int64_t category_id, size_t place)
{
	char needle[24];
	const char *found;

	if (!actor->category_rights || !actor->category_rights[0] || !category_id)
		return true;
	snprintf(needle, sizeof(needle), ",%lld=", (long long)category_id);
	found = strstr(actor->category_rights, needle);
	return !found || (int)actor->role >= found[strlen(needle) + place] - '0';
}

static bool holds(enum condition condition, const struct actor *actor,
		  const struct subject *subject)
{
	switch (condition) {
	case SIGNED_IN:
		return actor->role != ROLE_VISITOR;
	case CONFIRMED:
		return actor->is_confirmed;
	case NOT_SUSPENDED:
		return !actor->is_suspended;
	case TOPIC_VISIBLE:
		return subject->topic_visibility == VISIBILITY_VISIBLE;
	case POST_VISIBLE:
		return subject->visibility == VISIBILITY_VISIBLE;
	case POST_HIDDEN:
		return subject->visibility != VISIBILITY_VISIBLE;
	case OWN_POST:
		return is_person(actor, subject->author_id);
	case OTHERS_POST:
		return !is_person(actor, subject->author_id);
	case ASKER:
		return is_person(actor, subject->topic_author_id);
	case OTHERS_TOPIC:
		return !is_person(actor, subject->topic_author_id);
	case AN_ANSWER:
		return subject->kind == POST_ANSWER;
	case TOPIC_OPEN:
		return subject->status == STATUS_OPEN ||
		       subject->status == STATUS_NEEDS_INFORMATION;
	case NOT_LOCKED:
		return !subject->is_locked;
	case EDIT_WINDOW:
		return subject->now - subject->created_at <= edit_window(actor);
	case ASKERS_WINDOW:
		return subject->now - subject->topic_created_at <= edit_window(actor);
	case NO_ANSWERED_QUESTION:
		return subject->kind != POST_QUESTION || !subject->has_answers;
	case WITHDRAWN_BY_ACTOR:
		return is_person(actor, subject->withdrawn_by);
	case ASKER_HAD_TIME:
		return subject->now - subject->created_at >= policy_staff_accept_delay();
	case ACTORS_FIELD:
		return subject->is_actors_field;
	case NOT_SILENCED:
		return !actor->is_silenced;
	case NOT_BARRED_HERE:
		return !is_barred(actor, subject->category_id);
	case CATEGORY_ASKS:
		return is_role_enough(actor, subject->category_id, 0);
	case CATEGORY_ANSWERS:
		return is_role_enough(actor, subject->category_id, 1);
	case OTHERS_WORDS:
		return !site_switch(SITE_ARTICLES_TWO_PEOPLE) ||
		       !is_person(actor, subject->author_id);
	case A_QUESTION:
		return !subject->is_idea;
	case AGREED:
		return !actor->lacks_consent;
	case LOWER_ROLE:
		return actor->role > subject->person_role;
	case LEVEL_1:
		return actor->trust_level >= TRUST_BASIC;
	case POLL_LEVEL:
		return actor->trust_level >= site_number(SITE_POLLS_LEVEL);
	case LEVEL_3:
		return actor->trust_level >= TRUST_REGULAR;
	case LEVEL_4:
		return actor->trust_level >= TRUST_LEADER;
	}
	return false;
}

#define LEVEL_SENTENCE \
	N_("This is for people whom this community has known for a while. Your page " \
	   "shows where you stand.")

/* In the order in which a reader is told: what they can mend themselves first. */
static const struct {
	enum condition condition;
	const char *name; /* in docs/permissions.md */
	const char *sentence;
} conditions[] = {
	{ SIGNED_IN, "signed in", N_("Sign in to do this.") },
	{ CONFIRMED, "address confirmed",
	  N_("Confirm your e-mail address first: open the link that we sent you. "
	     "Your account page can send it again.") },
	{ AGREED, "agreed to the charter",
	  N_("The charter has changed. Read it and say whether you agree: then you can write again.") },
	{ NOT_SUSPENDED, "not suspended",
	  N_("Your account is suspended: you can read, but not take part.") },
	{ NOT_SILENCED, "not silenced",
	  N_("You may read, thank and follow for now, but not write. Your notifications say why.") },
	{ NOT_BARRED_HERE, "not barred from the category",
	  N_("You may not write in this category for now. Your notifications say why.") },
	{ CATEGORY_ASKS, "where the category lets the role ask",
	  N_("In this category only the team asks. Choose another one.") },
	{ CATEGORY_ANSWERS, "where the category lets the role answer",
	  N_("In this category only the team writes; you can read it.") },
	{ TOPIC_VISIBLE, "visible", N_("This question was withdrawn.") },
	{ POST_VISIBLE, "visible", N_("This post was withdrawn.") },
	{ POST_HIDDEN, "withdrawn", N_("This post is visible already.") },
	{ A_QUESTION, "to a question", N_("Nothing is solved here: this is an idea.") },
	{ AN_ANSWER, "an answer", N_("This is only for answers.") },
	{ OWN_POST, "own post", N_("Only its author may do this.") },
	{ OTHERS_POST, "somebody else's post", N_("This is for other people's answers.") },
	{ ASKER, "own question", N_("Only the person who asked may do this.") },
	{ OTHERS_TOPIC, "somebody else's question", N_("This is your own question.") },
	{ TOPIC_OPEN, "open", N_("This question is closed.") },
	{ NOT_LOCKED, "not locked",
	  N_("This question is locked: only moderators can change something here.") },
	{ EDIT_WINDOW, "within the edit window of the post",
	  N_("It is too late to change this post. Add a comment instead.") },
	{ ASKERS_WINDOW, "within the edit window of the question",
	  N_("It is too late to change this question. Add a comment instead.") },
	{ NO_ANSWERED_QUESTION, "not a question with answers",
	  N_("People have answered this question: it can no longer be withdrawn.") },
	{ WITHDRAWN_BY_ACTOR, "withdrawn by oneself",
	  N_("This post was withdrawn by the moderators.") },
	{ ACTORS_FIELD, "expert in the field", N_("This is for experts in this field.") },
	{ OTHERS_WORDS, "written by somebody else, where the brand wants it",
	  N_("Somebody else publishes what you wrote: two people look at every article here.") },
	{ LOWER_ROLE, "on somebody of a lower role",
	  N_("Measures on the team are for those above them.") },
	{ LEVEL_1, "trust level 1", LEVEL_SENTENCE },
	{ POLL_LEVEL, "the trust level that the settings ask of polls", LEVEL_SENTENCE },
	{ LEVEL_3, "trust level 3", LEVEL_SENTENCE },
	{ LEVEL_4, "trust level 4", LEVEL_SENTENCE },
	{ ASKER_HAD_TIME, "three days after the answer",
	  N_("Leave the person who asked three days to accept this answer.") },
};

/* The first of the needed conditions that fails, as a place in the table; or -1. */
static int first_failure(unsigned needed, const struct actor *actor, const struct subject *subject)
{
	for (size_t i = 0; i < ARRAY_COUNT(conditions); i++) {
		enum condition condition = conditions[i].condition;

		if ((needed & condition) && !holds(condition, actor, subject))
			return (int)i;
	}
	return -1;
}

bool policy_can(const struct actor *actor, enum action action, const struct subject *subject)
{
	for (size_t i = 0; i < ARRAY_COUNT(grants); i++) {
		const struct grant *grant = &grants[i];

		if (grant->action == action && actor->role >= grant->least_role &&
		    first_failure(grant->conditions, actor, subject) < 0)
			return true;
	}
	return false;
}

/*
 * The row that comes nearest is the one for the highest role the actor reaches.
 * A visitor reaches none of most actions: signing in is the first thing to do.
 */
const char *policy_reason(const struct actor *actor, enum action action,
			  const struct subject *subject)
{
	const struct grant *nearest = NULL;
	int failure;

	for (size_t i = 0; i < ARRAY_COUNT(grants); i++)
		if (grants[i].action == action && actor->role >= grants[i].least_role)
			nearest = &grants[i];
	if (!nearest && actor->role == ROLE_VISITOR)
		return _("Sign in to do this.");
	if (!nearest)
		return _("Only the team may do this.");
	failure = first_failure(nearest->conditions, actor, subject);
	return failure < 0 ? "" : _(conditions[failure].sentence);
}

enum err policy_require(struct ctx *ctx, enum action action, const struct subject *subject)
{
	if (policy_can(ctx->actor, action, subject))
		return OK;
	if (ctx->actor->role == ROLE_VISITOR)
		return fail(ctx, ERR_UNAUTHENTICATED, NULL, "%s", _("Sign in to do this."));
	return fail(ctx, ERR_FORBIDDEN, NULL, "%s", policy_reason(ctx->actor, action, subject));
}

/* Conditions of a grant in words; what every member fulfils goes without saying. */
static void describe_grant(struct buf *out, const struct grant *grant)
{
	unsigned spoken = grant->conditions & ~(unsigned)WRITER;
	const char *last = NULL;

	for (size_t i = 0; i < ARRAY_COUNT(conditions); i++) {
		const char *name = conditions[i].name;

		if (!(spoken & conditions[i].condition) || (last && !strcmp(last, name)))
			continue;
		if (last)
			buf_text(out, ", ");
		buf_text(out, name);
		last = name;
	}
	if (!last)
		buf_text(out, "yes");
}

static bool is_reached(const struct grant *grant, enum role role, enum action action)
{
	return grant->action == action && role >= grant->least_role;
}

/* Another row of the role asks for less: this one adds nothing worth saying. */
static bool is_idle(const struct grant *grant, enum role role)
{
	unsigned spoken = grant->conditions & ~(unsigned)WRITER;

	for (size_t i = 0; i < ARRAY_COUNT(grants); i++) {
		unsigned others = grants[i].conditions & ~(unsigned)WRITER;

		if (others != spoken && (others & ~spoken) == 0 &&
		    is_reached(&grants[i], role, grant->action))
			return true;
	}
	return false;
}

const char *policy_describe(struct arena *arena, enum role role, enum action action)
{
	struct buf out;

	buf_init(&out, arena, 4096);
	for (size_t i = 0; i < ARRAY_COUNT(grants); i++) {
		if (!is_reached(&grants[i], role, action) || is_idle(&grants[i], role))
			continue;
		if (out.length > 0)
			buf_text(&out, "; or ");
		describe_grant(&out, &grants[i]);
	}
	return out.length > 0 ? buf_to_arena(&out, arena) : "no";
}
