/*
 * The private side of the desk. For what is nobody else's business (an account, a bill) an
 * advisor goes on one to one with whoever asked, under the public thread, which says that
 * it goes on privately and no more. Two sides: the person who asked, and the team, whose
 * advisors read all exchanges and take over from each other; one of them is in charge.
 * Experts are members of the public, and read none.
 *
 * Nothing of it is in search, API, feeds or site map. What is said is Markdown as in posts,
 * but the rules that hold posts back and the search for personal data do not apply: that is
 * what it is for. A message is never taken back. It ends with a summary that becomes an
 * answer of the team in the thread, or with a reason why there is nothing to say.
 *
 * Closed, it can go on for SITE_DESK_PRIVATE_REOPEN_DAYS: writing opens it again.
 * SITE_DESK_PRIVATE_DAYS after it was closed, what was said is deleted (private_purge); the
 * erasure of who asked deletes it at once. Files hang on messages (attachment.h), are read
 * by the same two sides, and go with them.
 */
#ifndef FORUM_PRIVATE_H
#define FORUM_PRIVATE_H

#include "db/db.h"
#include "forum/attachment.h"
#include "forum/author.h"
#include "text/html.h"

#define PRIVATE_BODY_MAX_BYTES 16000
#define PRIVATE_REASON_MAX     300 /* code points */
#define PRIVATE_SHOWN          50  /* messages, newest; exchanges of a list */

struct private_exchange {
	int64_t id, topic_id;
	const char *topic_title;
	int64_t person_id; /* who asked; 0: erased */
	const char *person_name;
	bool is_open, waits_for_team;
	int64_t in_charge; /* 0: nobody */
	const char *in_charge_name;
	int64_t started_at, said_at, closed_at;
	int64_t person_read_at, team_read_at;
	int64_t summary_post_id; /* 0: none */
	const char *closing_reason;
	int64_t emptied_at; /* what was said is deleted; 0: it is there */
	bool is_asker;      /* the actor's own, not the team's */
	bool is_unread;     /* by the actor's side */
	bool is_closed_by_actor;
	struct {
		bool write, close, take;
	} can; /* write: in a closed one it opens it again */
};

struct private_message {
	int64_t id, created_at;
	struct author author;
	bool is_from_team, is_read; /* by the other side */
	struct html_fragment body;
	struct attachment_list files;
};

struct private_view {
	struct private_exchange exchange;
	struct private_message *messages; /* oldest first */
	size_t count;
	bool has_earlier;
};

/*
 * Those before a message, or the newest (0). It marks them as read by the actor's side; an
 * advisor who is not in charge leaves a line in the audit log (one an hour).
 * ERR_NOT_FOUND for everybody else.
 */
enum err private_load(struct ctx *ctx, int64_t id, int64_t before_id,
		      struct private_view *out) MUST_CHECK;

/*
 * For the question's page at the desk: the newest exchange, with its messages only when the
 * actor is in charge of it. Queued; read after db_run. exchange.id 0: there is none.
 */
struct private_rows {
	struct rows exchange, messages, files;
};
void private_at_desk_add(struct ctx *ctx, int64_t topic_id, struct private_rows *out);
void private_at_desk_read(struct ctx *ctx, struct private_rows *rows, struct private_view *out);

struct private_list {
	struct private_exchange *items;
	size_t count;
	bool has_more;
	int64_t next; /* before_id of the next page */
};
/* The actor's own, newest first. */
enum err private_list_own(struct ctx *ctx, int64_t before_id, struct private_list *out) MUST_CHECK;
/* For the team: open ones, those that wait for it first, then the oldest word. */
enum err private_list_open(struct ctx *ctx, struct private_list *out) MUST_CHECK;
/* The actor's newest under that question; 0: none. */
enum err private_of_topic(struct ctx *ctx, int64_t topic_id, int64_t *id) MUST_CHECK;

/*
 * Begins one with its first message, at the desk: who asked is told, the question counts as
 * answered for the first time. ERR_INVALID at "private"; ERR_CONFLICT: there is an open one,
 * who asked has no account, or a colleague has the question in hand; ERR_FORBIDDEN.
 */
enum err private_start(struct ctx *ctx, int64_t topic_id, const char *body_md, const char *form_key,
		       int64_t *id) MUST_CHECK;

/*
 * ERR_INVALID at "body" or "file"; ERR_CONFLICT: closed too long ago, or another one is
 * open; ERR_THROTTLED; ERR_NOT_FOUND. The first of the team to answer for nobody is in
 * charge.
 */
enum err private_write(struct ctx *ctx, int64_t id, const char *body_md,
		       const char *form_key) MUST_CHECK;
enum err private_write_with(struct ctx *ctx, int64_t id, const char *body_md,
			    const struct attachment_uploads *files,
			    const char *form_key) MUST_CHECK;

/*
 * For what belongs to an exchange and is asked for by itself: ERR_NOT_FOUND for whoever may
 * not read it. A colleague of who is in charge leaves a line in the audit log, as of reading.
 */
enum err private_check_reader(struct ctx *ctx, int64_t id) MUST_CHECK;

/* An advisor takes over. Twice is once. */
enum err private_take(struct ctx *ctx, int64_t id, const char *form_key) MUST_CHECK;

struct private_closing {
	int64_t id;
	bool is_silent; /* nothing to say in public: the reason counts, else the summary */
	const char *summary_md, *reason, *form_key;
};
/*
 * ERR_INVALID at "summary" (also for personal data in it, as of any answer) or "reason";
 * ERR_CONFLICT: closed by somebody else; ERR_FORBIDDEN: nobody may answer there.
 */
enum err private_close(struct ctx *ctx, const struct private_closing *form) MUST_CHECK;

/* What was said in those that were closed long ago. */
enum err private_purge(struct ctx *ctx) MUST_CHECK;

#endif
