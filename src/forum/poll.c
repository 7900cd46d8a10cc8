/*
 * Polls: asking, voting, removing. Votes of one poll wait for each other at its row, which
 * the counting triggers change anyway.
 */
#include "forum/poll.h"

#include "base/clock.h"
#include "base/slice.h"
#include "db/db.h"
#include "forum/audit.h"
#include "forum/field.h"
#include "forum/once.h"
#include "forum/topic_columns.h"
#include "forum/writing.h"
#include "i18n/i18n.h"

/* $2: whose vote. */
DB_STATEMENT(
	poll_of_topic,
	"select p.id, p.question, p.is_multiple, p.shows, p.closes_at, p.voter_count,\n"
	"	p.removed_at is not null, p.removal_reason, v.poll_id is not null,\n"
	"	c.position, c.label, c.vote_count, coalesce(c.position = any (v.choices), false)\n"
	"from polls p join poll_choices c on c.poll_id = p.id\n"
	"left join poll_votes v on v.poll_id = p.id and v.person_id = $2\n"
	"where p.topic_id = $1 order by c.position",
	2);

/* $3 and $4: the choices' places and words. No row: there is a poll already. */
DB_STATEMENT(
	poll_insert,
	"with made as (\n"
	"	insert into polls (topic_id, author_id, question, is_multiple, shows, closes_at, created_at)\n"
	"	values ($1, $2, $3, $4::boolean, $5, $6, $7)\n"
	"	on conflict (topic_id) do nothing returning id\n"
	")\n"
	"insert into poll_choices (poll_id, position, label)\n"
	"select made.id, c.position, c.label\n"
	"from made cross join unnest($8::text[]) with ordinality c (label, position)\n"
	"returning poll_id",
	8);

DB_STATEMENT(poll_lock,
	     "select p.id from polls p where p.topic_id = $1 and p.removed_at is null\n"
	     "	and p.closes_at > $2::timestamptz for no key update",
	     2);

DB_STATEMENT(
	poll_vote_put,
	"insert into poll_votes (poll_id, person_id, choices, voted_at)\n"
	"select p.id, $2::bigint, $3::bigint[]::smallint[], $4 from polls p where p.topic_id = $1\n"
	"on conflict (poll_id, person_id) do update set choices = excluded.choices,\n"
	"	voted_at = excluded.voted_at",
	4);

DB_STATEMENT(poll_removal,
	     "update polls set removed_at = $2, removed_by = $3, removal_reason = $4\n"
	     "where topic_id = $1 and removed_at is null returning id",
	     4);

static const char *const shows_texts[POLL_SHOWS_COUNT] = {
	[POLL_ALWAYS] = "always",
	[POLL_VOTED] = "voted",
	[POLL_CLOSED] = "closed",
};

bool poll_shows_parse(const char *text, enum poll_shows *out)
{
	for (int i = 0; i < POLL_SHOWS_COUNT; i++) {
		if (strcmp(shows_texts[i], text) != 0)
			continue;
		*out = (enum poll_shows)i;
		return true;
	}
	return false;
}

const char *poll_shows_text(enum poll_shows shows)
{
	return shows_texts[shows];
}

/* Reading ----------------------------------------------------------------------------- */

void poll_add(struct ctx *ctx, int64_t topic_id, struct rows *rows)
{
	db_add(ctx, &poll_of_topic, rows, param_i64(topic_id), param_i64(ctx->actor->id));
}

static void read_head(struct rows *rows, struct poll *poll)
{
	poll->id = col_i64(rows);
	poll->question = col_text(rows);
	poll->is_multiple = col_bool(rows);
	if (!poll_shows_parse(col_text(rows), &poll->shows))
		poll->shows = POLL_CLOSED;
	poll->closes_at = col_time(rows);
	poll->voter_count = col_i64(rows);
	poll->is_removed = col_bool(rows);
	poll->removal_reason = col_text(rows);
	poll->has_voted = col_bool(rows);
}

static void read_choice(struct rows *rows, struct poll *poll)
{
	struct poll_choice *choice = &poll->choices[poll->choice_count++];

	choice->position = col_i64(rows);
	choice->label = col_text(rows);
	choice->votes = col_i64(rows);
	choice->is_mine = col_bool(rows);
	if (poll->voter_count > 0)
		choice->percent = (choice->votes * 100 + poll->voter_count / 2) / poll->voter_count;
}

static void decide(const struct ctx *ctx, const struct topic *topic, struct poll *poll)
{
	struct subject subject = topic_subject(ctx, topic);

	poll->is_open = !poll->is_removed && poll->closes_at > ctx->now;
	poll->can_vote = poll->is_open && policy_can(ctx->actor, MAY_VOTE_POLL, &subject);
	poll->can_remove = !poll->is_removed && policy_can(ctx->actor, MAY_REMOVE_POLL, &subject);
	poll->is_public = !poll->is_removed && (!poll->is_open || poll->shows == POLL_ALWAYS);
	poll->shows_results = poll->is_public || poll->can_remove ||
			      (!poll->is_removed && poll->has_voted && poll->shows == POLL_VOTED);
}

void poll_read(struct ctx *ctx, struct rows *rows, const struct topic *topic, struct poll *out)
{
	*out = (struct poll){ .question = "", .removal_reason = "" };
	while (out->choice_count < POLL_CHOICES_MAX && rows_next(rows)) {
		read_head(rows, out);
		read_choice(rows, out);
	}
	if (out->id)
		decide(ctx, topic, out);
}

enum err poll_load(struct ctx *ctx, const struct topic *topic, struct poll *out)
{
	struct rows rows;

	poll_add(ctx, topic->id, &rows);
	TRY(db_run(ctx));
	poll_read(ctx, &rows, topic, out);
	return OK;
}

/* Asking ------------------------------------------------------------------------------ */

static bool is_among(const char *label, const char *const *labels, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(labels[i], label) == 0)
			return true;
	return false;
}

static enum err wrong_choices(struct ctx *ctx)
{
	return fail(ctx, ERR_INVALID, "choices",
		    _("Write %1$d to %2$d different choices, one a line."), POLL_CHOICES_MIN,
		    POLL_CHOICES_MAX);
}

/* Empty lines are passed over. */
static enum err clean_choices(struct ctx *ctx, const char *typed, const char **labels,
			      size_t *count)
{
	struct slice rest = slice_of(typed ? typed : "");

	*count = 0;
	while (rest.data) {
		struct slice line = slice_cut(&rest, '\n');
		const char *label = "";

		TRY(field_line(ctx, "choices", arena_strndup(ctx->arena, line.data, line.length), 0,
			       POLL_CHOICE_MAX, &label));
		if (!label[0])
			continue;
		if (*count == POLL_CHOICES_MAX || is_among(label, labels, *count))
			return wrong_choices(ctx);
		labels[(*count)++] = label;
	}
	return *count >= POLL_CHOICES_MIN ? OK : wrong_choices(ctx);
}

struct clean {
	const char *question, *labels[POLL_CHOICES_MAX];
	size_t count;
};

static enum err clean(struct ctx *ctx, const struct poll_new *form, struct clean *out)
{
	TRY(field_line(ctx, "question", form->question, 1, POLL_QUESTION_MAX, &out->question));
	TRY(clean_choices(ctx, form->choices, out->labels, &out->count));
	if (form->closes_at <= ctx->now || form->closes_at > ctx->now + POLL_DAYS_MAX * CLOCK_DAY)
		return fail(ctx, ERR_INVALID, "closes",
			    _("Choose a day to come, at most %d days from now."), POLL_DAYS_MAX);
	return OK;
}

static enum err create(struct ctx *ctx, const struct poll_new *form, const char **path)
{
	struct clean texts = { .question = "" };
	struct subject subject;
	struct rows topics, made;
	const char *earlier;
	struct topic topic;

	db_begin(ctx);
	topic_add_lock(ctx, form->topic_id, &topics);
	TRY(writing_claim(ctx, form->form_key, &earlier));
	if (earlier) {
		*path = earlier;
		return OK;
	}
	TRY(topic_take(ctx, &topics, &topic));
	subject = topic_subject(ctx, &topic);
	TRY(policy_require(ctx, MAY_ADD_POLL, &subject));
	TRY(clean(ctx, form, &texts));
	TRY(db_query(ctx, &poll_insert, &made, param_i64(topic.id), param_id(ctx->actor->id),
		     param_text(texts.question), param_bool(form->is_multiple),
		     param_text(shows_texts[form->shows]), param_time(form->closes_at),
		     param_time(ctx->now), param_texts(ctx->arena, texts.labels, texts.count)));
	if (made.count == 0)
		return fail(ctx, ERR_INVALID, "question", "%s", _("There is a poll here already."));
	*path = topic_path(ctx->arena, topic.id, topic.title);
	once_result(ctx, form->form_key, *path);
	return db_commit(ctx);
}

enum err poll_create(struct ctx *ctx, const struct poll_new *form, const char **path)
{
	*path = "/";
	return writing_end(ctx, create(ctx, form, path));
}

/* Voting ------------------------------------------------------------------------------ */

static bool has_position(const struct poll *poll, int64_t position)
{
	for (size_t i = 0; i < poll->choice_count; i++)
		if (poll->choices[i].position == position)
			return true;
	return false;
}

static enum err check_ballot(struct ctx *ctx, const struct poll *poll, const int64_t *positions,
			     size_t count)
{
	if (!poll->id || poll->is_removed)
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	if (!poll->is_open)
		return fail(ctx, ERR_INVALID, "poll", "%s", _("This poll is closed."));
	for (size_t i = 0; i < count; i++)
		if (!has_position(poll, positions[i]))
			return fail(ctx, ERR_BAD_REQUEST, NULL, NULL);
	if (count == 0 || (count > 1 && !poll->is_multiple))
		return fail(ctx, ERR_INVALID, "poll", "%s",
			    poll->is_multiple ? _("Choose at least one answer.")
					      : _("Choose one answer."));
	return OK;
}

static enum err put_vote(struct ctx *ctx, int64_t topic_id, const int64_t *positions, size_t count)
{
	struct rows locked;

	db_begin(ctx);
	TRY(db_query(ctx, &poll_lock, &locked, param_i64(topic_id), param_time(ctx->now)));
	if (locked.count == 0)
		return fail(ctx, ERR_INVALID, "poll", "%s", _("This poll is closed."));
	db_add(ctx, &poll_vote_put, NULL, param_i64(topic_id), param_id(ctx->actor->id),
	       param_i64s(ctx->arena, positions, count), param_time(ctx->now));
	return db_commit(ctx);
}

enum err poll_vote(struct ctx *ctx, int64_t topic_id, const int64_t *positions, size_t count)
{
	struct subject subject;
	struct topic topic;
	struct poll poll;

	TRY(topic_load(ctx, topic_id, &topic));
	subject = topic_subject(ctx, &topic);
	TRY(policy_require(ctx, MAY_VOTE_POLL, &subject));
	TRY(poll_load(ctx, &topic, &poll));
	TRY(check_ballot(ctx, &poll, positions, count));
	return writing_end(ctx, put_vote(ctx, topic_id, positions, count));
}

/* Removing ---------------------------------------------------------------------------- */

static enum err remove_poll(struct ctx *ctx, int64_t topic_id, const char *reason)
{
	struct rows removed;
	int64_t id;

	db_begin(ctx);
	TRY(db_query(ctx, &poll_removal, &removed, param_i64(topic_id), param_time(ctx->now),
		     param_id(ctx->actor->id), param_text(reason)));
	if (!rows_next(&removed))
		return fail(ctx, ERR_NOT_FOUND, NULL, NULL);
	id = col_i64(&removed);
	audit_write(ctx, &(struct audit_entry){ .action = "poll_removed",
						.subject = "poll",
						.subject_id = id,
						.reason = reason });
	return db_commit(ctx);
}

enum err poll_remove(struct ctx *ctx, int64_t topic_id, const char *reason)
{
	struct subject subject;
	const char *cleaned;
	struct topic topic;

	TRY(topic_load(ctx, topic_id, &topic));
	subject = topic_subject(ctx, &topic);
	TRY(policy_require(ctx, MAY_REMOVE_POLL, &subject));
	TRY(field_line(ctx, "poll-reason", reason ? reason : "", 1, POLL_REASON_MAX, &cleaned));
	return writing_end(ctx, remove_poll(ctx, topic_id, cleaned));
}
