/*
 * Experts: people who know a field, a category (with those below it) or a tag. An
 * advisor nominates one of the candidates, the person agrees to the experts' charter,
 * and for a term their answers in that field carry a mark; they may accept when the
 * asker stays silent, mark answers as being as good as official, and propose articles.
 */
#ifndef FORUM_EXPERT_H
#define FORUM_EXPERT_H

#include "forum/person.h"
#include "forum/topic.h"

#define EXPERTS_SHOWN    200
#define CANDIDATES_SHOWN 30

struct expert_field {
	int64_t category_id, tag_id; /* one of them */
	const char *name, *path;     /* "Box", "/c/box" */
};

struct expert {
	int64_t id, answered_at, ends_at, nominated_at;
	const char *state; /* "nominated", "active", "declined", "ended" */
	struct author author;
	struct expert_field field;
	const char *reason;
};
struct experts {
	struct expert *items;
	size_t count;
};

/* Those in office, field by field. */
enum err expert_list(struct ctx *ctx, struct experts *out) MUST_CHECK;
/* Nominated and in office, for advisors. */
enum err expert_list_for_team(struct ctx *ctx, struct experts *out) MUST_CHECK;
/* The actor's own nomination or office. ERR_NOT_FOUND for anybody else's. */
enum err expert_load_own(struct ctx *ctx, int64_t id, struct expert *out) MUST_CHECK;

/*
 * Who might become one in a field, the best first: what they did there in the last
 * year. Their share accepted, reach (questions), thanks, response time, tone (posts
 * removed as abuse), presence (days here in 90) make the score, 0 to 100.
 */
struct candidate {
	struct author author;
	int64_t answers, accepted_share, reach, thanks, response_minutes, abuses, days;
	int64_t score;
};
struct candidates {
	struct expert_field field;
	struct candidate *items;
	size_t count;
};
/* category_id or tag_id. For advisors. ERR_NOT_FOUND: no such field. */
enum err candidate_list(struct ctx *ctx, int64_t category_id, int64_t tag_id,
			struct candidates *out) MUST_CHECK;
/* Pure. */
int64_t candidate_score(const struct candidate *candidate);

/* ERR_INVALID: no reason, is one already, wants no rankings, is on the team. */
enum err expert_nominate(struct ctx *ctx, int64_t person_id, int64_t category_id, int64_t tag_id,
			 const char *reason) MUST_CHECK;
/* The person's own answer. ERR_CONFLICT: it was answered, or taken back. */
enum err expert_answer(struct ctx *ctx, int64_t id, bool is_yes) MUST_CHECK;
/* By a moderator, with a reason, or by the person, without one. */
enum err expert_end(struct ctx *ctx, int64_t id, const char *reason) MUST_CHECK;
/* Whose term is over; the nightly job. */
enum err experts_end_terms(struct ctx *ctx) MUST_CHECK;

/* Unanswered questions in the actor's fields, the oldest first, behind that key. */
enum err expert_queue(struct ctx *ctx, struct list_key after, struct topic_list *out) MUST_CHECK;

/* "As good as official", and back. */
enum err post_endorse(struct ctx *ctx, int64_t post_id, bool is_on) MUST_CHECK;
/* Once a post; a second proposal changes nothing. */
enum err article_propose(struct ctx *ctx, int64_t post_id, const char *note) MUST_CHECK;

/* Leaderboards ------------------------------------------------------------------------ */

struct leader {
	struct author author;
	int64_t points, accepted, thanks;
};
#define LEADERS_SHOWN 20
struct leaders {
	struct leader *items;
	size_t count;
};
/* A month by its first moment and the next one's; category_id 0: everywhere. */
enum err leader_list(struct ctx *ctx, int64_t from, int64_t until, int64_t category_id,
		     struct leaders *out) MUST_CHECK;

#endif
