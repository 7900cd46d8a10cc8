/*
 * A connector: what the forum has to know of another network to keep a mirror of
 * the conversations there. The interface is the same for all of them; the table
 * `connectors` is the list. A connector knows its network and nothing of forums:
 * it reads, writes and translates. Store, threads, tombstones, outbox, search and
 * pages are forum/mirror.h's.
 *
 * Ids are opaque texts, never numbers (Facebook's pass 2^53). Within a source an
 * item's key is the same however its network spells the id on that day; its
 * address is what calls to the network need.
 *
 * Only the worker calls what reads or writes the network. push_verify and
 * push_events are pure: no network, no clock but ctx->now.
 */
#ifndef CONNECT_CONNECTOR_H
#define CONNECT_CONNECTOR_H

#include "base/ctx.h"

/* Whom we mirror: a row of mirror_sources, as a connector sees it. */
struct source {
	int64_t id;
	const char *connector; /* "facebook", "feed" */
	const char *account;   /* Facebook: the Page's id; feed: its address */
	const char *name;      /* for people */
	int64_t usage_percent; /* of the rate limit, as last told; filled by calls */
	int64_t usage_until;   /* no call before that time; 0: none */
};

/* What comes in -------------------------------------------------------------- */

enum item_kind { ITEM_POST, ITEM_COMMENT };

enum item_visibility {
	ITEM_PUBLIC,
	ITEM_HIDDEN,      /* by the Page: seen by its author's friends at most */
	ITEM_PRIVATE,     /* for a few */
	ITEM_UNPUBLISHED, /* scheduled, expired, an advertisement nobody scrolls to */
};

#define ITEM_MEDIA_MAX 20
struct item_media {
	const char *kind; /* "photo", "video", "link", "sticker", "file" */
	const char *url;  /* of the bytes; expires: copy at once. "" if there are none */
	const char *link; /* where a link leads; "" */
	const char *title;
	int64_t width, height; /* 0: not known */
};

#define ITEM_REACTIONS_MAX 16
struct item_reaction {
	const char *name; /* "like", "love" … lower case; "all": of every kind together */
	int64_t count;
};

struct item {
	enum item_kind kind;
	const char *key, *address;
	/*
	 * Of a comment: what it answers, a comment or the post itself. "": the post it
	 * hangs on, also where root_key is not known; and always for a post.
	 */
	const char *parent_key;
	const char *root_key;   /* the post it hangs on; a post's own key. "": not known */
	const char *author_key; /* scoped id; "": not told (often so) */
	const char *author_name;
	bool is_self;       /* written by the account itself: the brand */
	bool is_by_visitor; /* a post that somebody else put on the account's page */
	bool has_text;      /* false: text was not told, which is not the same as "" */
	const char *text;   /* plain, valid UTF-8, no NUL */
	const char *title;  /* where the network has one (feeds); "" */
	const char *html;   /* where the text is markup (feeds): foreign, to be sanitised; "" */
	enum item_visibility visibility;
	int64_t created_at;    /* microseconds; 0: not told */
	int64_t edited_at;     /* 0: not told */
	const char *url;       /* for people; "" */
	int64_t comment_count; /* -1: not told. May be larger than what can be read, for ever */
	bool can_comment;
	/*
	 * False: not told. They stand before the arrays on purpose: gcc 12 clears padding
	 * behind arrays of structs at the wrong place (-ftrivial-auto-var-init=zero), and
	 * with it a pointer in the first element.
	 */
	bool has_media, has_reactions;
	struct item_media media[ITEM_MEDIA_MAX];
	size_t media_count;
	struct item_reaction reactions[ITEM_REACTIONS_MAX];
	size_t reaction_count;
};

enum event_kind {
	EVENT_ITEM,       /* it is there, like this */
	EVENT_REMOVED,    /* it is gone, and the network says so */
	EVENT_MISSING,    /* it could not be read: gone, or we may not see it */
	EVENT_VISIBILITY, /* item.key, item.visibility; nothing else is told */
	/*
	 * Something changed: read it again (item.kind, .key, .address; for a comment
	 * .root_key and .parent_key too, "" if not told). Follows what the notice said
	 * about it as an unconfirmed event, to be used if it cannot be read.
	 */
	EVENT_STALE,
	/* Only its counts changed: read again when convenient, if it is known. */
	EVENT_COUNTS,
	/* Something changed, and it is not told what: read the newest soon. No item. */
	EVENT_GAP,
};

struct source_event {
	enum event_kind kind;
	/*
	 * Read from the network itself, so it is the truth of observed_at; else it is
	 * what a notice carried: a hint. A hint never overwrites what was read later.
	 */
	bool is_confirmed;
	int64_t observed_at; /* of a read: when the question was sent; of a notice: its time */
	struct item item;
};

/* Called for each event, in order. A result other than OK ends the reading. */
struct event_sink {
	enum err (*take)(void *data, const struct source_event *event);
	void *data;
};

/* What can go wrong ---------------------------------------------------------- */

enum connect_failure {
	CONNECT_OK,
	CONNECT_RETRY,     /* nobody's fault: again in a while */
	CONNECT_THROTTLED, /* not before retry_at */
	CONNECT_TOKEN,     /* the key is dead: stop all calls, tell the operator */
	CONNECT_OPERATOR,  /* a permission or setting is missing: tell the operator */
	CONNECT_MISSING,   /* gone, or not for us: says nothing about which */
	CONNECT_PERMANENT, /* this call will never work */
	CONNECT_BLOCKED,   /* writing is refused for hours */
	CONNECT_DUPLICATE, /* the network thinks it has this text: look for it */
	CONNECT_UNKNOWN,   /* a write whose outcome nobody knows: look for it, never resend */
};

struct connect_error {
	enum connect_failure failure;
	const char *message;  /* for operators, in English; no token in it */
	const char *trace_id; /* the network's; "" */
	int code, subcode;
	int64_t retry_at; /* 0: the caller decides */
};

/*
 * The calls below return OK and CONNECT_OK, or OK and a failure of the network in
 * *error; anything but OK is ours (the sink's result, memory, a bad setting).
 */

struct posts_reading {
	const char *cursor; /* "" to begin; then what next held. Not stored over runs */
	/*
	 * What an earlier run left in next_watermark, kept by the caller when all its
	 * events were applied; "" to read everything. Nothing new: no event, next "".
	 */
	const char *watermark;
	int64_t since, until; /* created; 0: open */
	int64_t limit;        /* how many at a time; the connector may lower it */
	/* What came of it. */
	const char *next;           /* "" at the end */
	const char *next_watermark; /* "": the connector needs none */
};

struct comments_reading {
	const char *cursor, *next;
	int64_t limit;
	bool is_complete; /* with next "": all that can be read was read */
};

/* An address may be lacking ("") where the key says enough: Facebook's posts. */
struct item_address {
	enum item_kind kind;
	const char *key, *address;
};
#define CONNECT_ITEMS_MAX 50

enum write_kind { WRITE_REPLY, WRITE_EDIT, WRITE_HIDE, WRITE_UNHIDE, WRITE_DELETE };
struct source_write {
	enum write_kind kind;
	const char *address;      /* what is answered, edited, hidden or deleted */
	const char *root_address; /* of its post */
	const char *text;
	int64_t asked_at;              /* when the first try was sent: find_own looks from there */
	const char *const *known_keys; /* own items that are somebody else's already */
	size_t known_count;
};
struct write_result {
	const char *key, *address, *parent_key, *url; /* of what was made; "" if not told */
};

#define HEALTH_ARGUMENTS 2

struct source_health {
	bool is_well;
	/*
	 * Each line: what was looked at, whether it is well, and what to do if not. They are
	 * kept, and shown later to people of different languages: the sentences are marked
	 * for translation, N_("…"), and what belongs into advice stands beside it.
	 */
	struct health_line {
		bool is_well;
		const char *what, *advice;
		const char *arguments[HEALTH_ARGUMENTS]; /* of advice's %s, in order; NULL */
	} lines[16];
	size_t line_count;
	int64_t token_expires_at; /* 0: never, or not known */
};

enum push_verdict {
	PUSH_ACCEPTED,  /* genuine: store it, answer 200 */
	PUSH_CHALLENGE, /* answer 200 with the text in *answer */
	PUSH_REFUSED,   /* 403 */
	PUSH_MALFORMED, /* 400: who asks may ask, but not so */
};
struct push_request {
	bool is_get;
	const char *query;     /* the raw query string */
	const char *signature; /* X-Hub-Signature-256; "" */
	const char *body;
	size_t length;
};

/* Capabilities ---------------------------------------------------------------- */

struct connector {
	const char *name, *title; /* title: for people, still to be translated */
	bool has_push, has_comments, can_reply, can_edit, can_hide, can_delete;
	int reply_depth; /* 1: answers to top-level comments at most */
	/* Of a reply, in UTF-16 units; NULL: there are none. */
	int64_t (*text_max)(struct ctx *ctx);
	bool is_markup;     /* texts come as HTML */
	bool tells_missing; /* false: what read_items does not find may still be there */

	/*
	 * Settings and secrets are there; a sentence about the first that is not, marked for
	 * translation (N_), or NULL.
	 */
	const char *(*configured)(struct ctx *ctx, const struct source *source);
	enum err (*health)(struct ctx *ctx, struct source *source, struct source_health *out,
			   struct connect_error *error);
	enum err (*read_posts)(struct ctx *ctx, struct source *source,
			       struct posts_reading *reading, const struct event_sink *sink,
			       struct connect_error *error);
	/* All levels below the post (or photo), flat, oldest first. NULL: there are none. */
	enum err (*read_comments)(struct ctx *ctx, struct source *source,
				  const struct item_address *post, struct comments_reading *reading,
				  const struct event_sink *sink, struct connect_error *error);
	/*
	 * At most CONNECT_ITEMS_MAX. Each gives EVENT_ITEM or, where tells_missing,
	 * EVENT_MISSING; or nothing (and a line in the log), when the network refuses
	 * it for good or it is nobody's we mirror. A comment's root_key is often not
	 * told here. With a failure, those given before it are done.
	 */
	enum err (*read_items)(struct ctx *ctx, struct source *source,
			       const struct item_address *items, size_t count,
			       const struct event_sink *sink, struct connect_error *error);
	/*
	 * One call that changes something there. Only WRITE_REPLY ends in
	 * CONNECT_UNKNOWN: the others may be sent again. CONNECT_MISSING of a
	 * WRITE_DELETE: it is gone already.
	 */
	enum err (*write)(struct ctx *ctx, struct source *source, const struct source_write *write,
			  struct write_result *out, struct connect_error *error);
	/* For a WRITE_REPLY of unknown outcome. *found false: it is not there (now). */
	enum err (*find_own)(struct ctx *ctx, struct source *source,
			     const struct source_write *write, struct write_result *out,
			     bool *found, struct connect_error *error);
	/* The bytes of a picture, at most max_bytes, from the network's media hosts only. */
	enum err (*media)(struct ctx *ctx, struct source *source, const char *url, size_t max_bytes,
			  const char **bytes, size_t *length, struct connect_error *error);

	enum push_verdict (*push_verify)(struct ctx *ctx, const struct push_request *request,
					 const char **answer);
	/*
	 * What a stored body says about this source; what is about others is left out.
	 * *unknown counts what was not understood. ERR_INVALID: not readable at all.
	 */
	enum err (*push_events)(struct ctx *ctx, const struct source *source, const char *body,
				size_t length, int64_t received_at, const struct event_sink *sink,
				int64_t *unknown);
};

extern const struct connector *const connectors[];
extern const size_t connector_count;
const struct connector *connector_find(const char *name); /* NULL: none of that name */

const char *connect_failure_name(enum connect_failure failure); /* "throttled", for logs */

/* For connectors: nothing is known of it but this. CONNECT_OK with "": all is well. */
void connect_error_set(struct connect_error *error, enum connect_failure failure,
		       const char *message);

#endif
