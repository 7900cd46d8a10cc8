/*
 * Who may do what. The only place that compares roles, trust or ownership; a pure
 * function over a table, without SQL or HTTP. Pages call it to hide a button,
 * actions to refuse: the same function. docs/permissions.md is printed from the
 * table by a test. What a person may *see* is decided inside the queries.
 */
#ifndef FORUM_POLICY_H
#define FORUM_POLICY_H

#include "base/ctx.h"
#include "forum/actor.h"

enum action {
	MAY_ASK,
	MAY_ANSWER,
	MAY_COMMENT,
	MAY_EDIT_POST,
	MAY_EDIT_TAGS, /* and the category, of a question */
	MAY_WITHDRAW_POST,
	MAY_RESTORE_POST,
	MAY_SEE_WITHDRAWN,
	MAY_SEE_REVISIONS,
	MAY_ACCEPT, /* and undo it */
	MAY_THANK,
	MAY_ME_TOO,
	MAY_FOLLOW,
	MAY_ASK_FOR_INFORMATION,
	MAY_MARK_DUPLICATE,
	MAY_CLOSE,         /* and reopen */
	MAY_MOVE_TOPIC,    /* to another category */
	MAY_MERGE_TOPIC,   /* into another, and split */
	MAY_PIN_TOPIC,     /* on top of lists */
	MAY_LOCK_TOPIC,    /* nobody but moderators writes in it */
	MAY_CHANGE_AUTHOR, /* and the date, of a post; for what was imported */
	MAY_SEE_STATISTICS,
	MAY_MANAGE_PEOPLE,
	MAY_REPLY_OUT,          /* and hide, unhide or delete there, where a topic is mirrored */
	MAY_MANAGE_MIRRORS,     /* sources, their privacy, what was not understood */
	MAY_SEE_ADMINISTRATION, /* the page that leads to the others */
	MAY_EDIT_SYNONYMS,
	MAY_EDIT_MAILS,         /* what they say */
	MAY_MANAGE_TAGS,        /* describe, restrict, rename, merge, delete, forbid */
	MAY_USE_RESTRICTED_TAG, /* put it on a question */
	MAY_EDIT_HOLDING,       /* rules before publication, and what sign-up refuses */
	MAY_CHANGE_SETTINGS,    /* and undo changes; brand and texts are settings too */
	MAY_GIVE_ROLES,         /* find members by address, change their role */
	MAY_RUN_SYSTEM,         /* jobs, dead ones too; versions, sizes, queues */
	MAY_FLAG,               /* say that a post has no place here */
	MAY_SEE_QUEUE,          /* what is held before publication, and let it through */
	MAY_MODERATE,           /* the whole queue: decide, undo; case files */
	MAY_MEASURE,            /* warn, silence, suspend that person */
	MAY_PUBLISH_REPORT,     /* the yearly transparency report; see any year of it */
	MAY_SEE_AUDIT,          /* the audit log, and take it away as CSV */
	MAY_GIVE_TRUST,         /* a level by hand */
	MAY_SEE_STANDING,       /* of others, with the ledger */
	MAY_JUDGE_RINGS,
	MAY_EDIT_RANKS,  /* and when badges are awarded */
	MAY_GIVE_BADGES, /* and take them */
	MAY_NOMINATE,    /* experts; and see who might be one */
	MAY_END_EXPERTS, /* before their term is over */
	MAY_ENDORSE,     /* say that an answer is as good as official */
	MAY_PROPOSE_ARTICLE,
	MAY_WRITE_ARTICLE,   /* versions of articles, which readers do not see yet */
	MAY_PUBLISH_ARTICLE, /* or give back; author_id: who wrote the version */
	MAY_ARCHIVE_ARTICLE, /* and bring back */
	MAY_WORK_DESK,       /* the advisors' queue, and one of its questions */
	MAY_MANAGE_DESK,     /* teams and targets */
	MAY_ADD_POLL,        /* to a topic */
	MAY_VOTE_POLL,
	MAY_REMOVE_POLL,
	MAY_SET_STAGE,       /* of an idea: what the brand makes of it */
	MAY_SHARE_TEMPLATES, /* write reply templates for others at the desk */
	MAY_RUN_INCIDENT,    /* see alerts; open, keep and close an incident */
	MAY_SEE_PANELS,      /* of volunteers: whose they are, who is in them, what came of it */
	MAY_RUN_PANELS,      /* make, change, close them, and invite */
	MAY_JOIN_PANEL,      /* that one was invited to */
	MAY_READ_PRIVATE,    /* a private exchange, whose person is the topic's author here */
	MAY_WRITE_PRIVATE,
	MAY_START_PRIVATE, /* with whoever asked */
	MAY_RUN_PRIVATE,   /* for the team: take over, close */
	ACTION_COUNT,
};

enum topic_status { STATUS_OPEN, STATUS_NEEDS_INFORMATION, STATUS_DUPLICATE, STATUS_CLOSED };
enum visibility { VISIBILITY_VISIBLE, VISIBILITY_WITHDRAWN, VISIBILITY_HELD };
enum post_kind { POST_QUESTION, POST_ANSWER, POST_COMMENT };

/* What is acted upon, reduced to what a rule may look at. */
struct subject {
	int64_t author_id;   /* of the post; 0 when nobody's */
	int64_t category_id; /* where it stands, or is to stand; 0: does not matter */
	int64_t topic_author_id;
	enum post_kind kind;
	enum topic_status status;
	enum visibility visibility; /* of the post */
	enum visibility topic_visibility;
	bool is_accepted;
	bool has_answers;      /* the question was answered */
	bool is_actors_field;  /* the actor is an expert in it */
	bool is_locked;        /* the topic */
	bool is_idea;          /* it stands in a category for ideas: nothing there is solved */
	enum role person_role; /* of whom a measure is for */
	int64_t withdrawn_by;  /* who took the post away; 0 when nobody did */
	int64_t created_at;    /* of the post */
	int64_t topic_created_at;
	int64_t now;
};

/* What the settings say about time, in microseconds. */
int64_t policy_edit_window(bool is_trusted); /* for one's own posts */
int64_t policy_staff_accept_delay(void);     /* then staff may, for an asker who is silent */

bool policy_can(const struct actor *actor, enum action action, const struct subject *subject);

/* Why not, as a sentence for the actor (translated): for the form's refusal. */
const char *policy_reason(const struct actor *actor, enum action action,
			  const struct subject *subject);

/*
 * The same as an error: ERR_UNAUTHENTICATED for a visitor whom signing in would
 * help, else ERR_FORBIDDEN with the reason.
 */
enum err policy_require(struct ctx *ctx, enum action action,
			const struct subject *subject) MUST_CHECK;

/*
 * The conditions under which a role may do an action, in English, for
 * docs/permissions.md: "yes", "no", or "own post, within the edit window". More
 * than one way is joined by "; or ".
 */
const char *policy_describe(struct arena *arena, enum role role, enum action action);

const char *action_name(enum action action); /* "ask", for docs and audit */
const char *topic_status_text(enum topic_status status);
/* _from_text reads columns: the words are known. For forms there is _parse. */
enum topic_status topic_status_from_text(const char *text);
bool topic_status_parse(const char *text, enum topic_status *out);
const char *visibility_text(enum visibility visibility);
enum visibility visibility_from_text(const char *text);
const char *post_kind_text(enum post_kind kind);
enum post_kind post_kind_from_text(const char *text);

#endif
