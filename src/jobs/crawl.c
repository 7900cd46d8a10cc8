/*
 * A round: read some of the log, look up who is new, count, and write it all down at once.
 * What fails is read again from where it was; so a round may be repeated at any point.
 */
#include "jobs/crawl.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "jobs/host_check.h"
#include "jobs/slot.h"

#define CRAWL_MEMORY ((size_t)64 * 1024 * 1024)
#define LOOK_SECONDS 2
/* Without news it is written down so often that the log was looked at. */
#define SAY_EVERY    CLOCK_MINUTE
/* DNS that had no answer for anybody is left alone for so long. */
#define HOSTS_PAUSE  (5 * CLOCK_MINUTE)
#define NO_CLAIM     SIZE_MAX
/* A line has a time, a method, a status…: shorter ones are none, and need no room. */
#define LINE_LEAST   30

struct round {
	struct crawl_line *lines;
	size_t *claim_of; /* of each line; NO_CLAIM */
	size_t line_count;
	int64_t skipped;
	struct crawl_claim *claims;
	size_t claim_count;
};

/* Lines ----------------------------------------------------------------------------------------- */

static size_t find_claim(struct round *round, const struct crawl_line *line)
{
	struct crawl_claim claim = { .crawler = line->crawler, .address = line->address };

	if (!line->crawler || !crawl_can_be_checked(line->crawler) ||
	    !crawl_network_of(line->address, claim.network))
		return NO_CLAIM;
	for (size_t i = 0; i < round->claim_count; i++)
		if (round->claims[i].crawler == claim.crawler &&
		    strcmp(round->claims[i].network, claim.network) == 0)
			return i;
	if (round->claim_count == CRAWL_ROUND_CLAIMS)
		return NO_CLAIM;
	round->claims[round->claim_count] = claim;
	return round->claim_count++;
}

static void add_line(struct round *round, struct slice text)
{
	struct crawl_line *line = &round->lines[round->line_count];

	if (text.length < LINE_LEAST || !crawl_line_read(text, line)) {
		round->skipped++;
		return;
	}
	round->claim_of[round->line_count] = find_claim(round, line);
	if (round->claim_of[round->line_count] != NO_CLAIM)
		round->claims[round->claim_of[round->line_count]].requests++;
	round->line_count++;
}

static struct round *read_lines(struct arena *arena, const struct followed *followed)
{
	const size_t most = followed->length / LINE_LEAST + 1;
	struct round *round = arena_new_of(arena, struct round);
	struct slice rest = slice_make(followed->data, followed->length);

	round->lines = arena_array_of(arena, most, struct crawl_line);
	round->claim_of = arena_array_of(arena, most, size_t);
	round->claims = arena_array_of(arena, CRAWL_ROUND_CLAIMS, struct crawl_claim);
	while (rest.length > 0)
		add_line(round, slice_cut(&rest, '\n'));
	return round;
}

/* Who they are ------------------------------------------------------------------------------------ */

static bool has_any_verdict(const struct crawl_claim *claims, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (claims[i].verdict != CRAWL_UNKNOWN)
			return true;
	return count == 0;
}

/* Those that are not known are looked up together, and put back. */
static enum err look_up(struct ctx *ctx, struct crawl_follower *follower, struct round *round)
{
	struct crawl_claim asked[CRAWL_ROUND_HOSTS];
	size_t places[CRAWL_ROUND_HOSTS], count = 0;

	TRY(crawl_claims_load(ctx, round->claims, round->claim_count));
	if (clock_monotonic() < follower->hosts_after)
		return OK;
	for (size_t i = 0; i < round->claim_count && count < CRAWL_ROUND_HOSTS; i++)
		if (!round->claims[i].is_known) {
			places[count] = i;
			asked[count++] = round->claims[i];
		}
	host_check_all(ctx, asked, count);
	if (!has_any_verdict(asked, count))
		follower->hosts_after = clock_monotonic() + HOSTS_PAUSE;
	for (size_t i = 0; i < count; i++)
		round->claims[places[i]] = asked[i];
	return crawl_claims_store(ctx, asked, count);
}

static enum crawl_verdict verdict_of(const struct round *round, size_t line)
{
	const struct crawler *crawler = round->lines[line].crawler;

	if (!crawler || !crawl_can_be_checked(crawler))
		return CRAWL_NONE;
	if (round->claim_of[line] == NO_CLAIM)
		return CRAWL_UNKNOWN;
	return round->claims[round->claim_of[line]].verdict;
}

/* A round --------------------------------------------------------------------------------------------- */

static bool has_moved(const struct follow_place *from, const struct follow_place *to)
{
	return from->inode != to->inode || from->offset != to->offset ||
	       from->is_in_long_line != to->is_in_long_line;
}

static enum err take_in(struct ctx *ctx, struct crawl_follower *follower,
			const struct follow_place *place, const struct followed *followed)
{
	struct round *round = read_lines(ctx->arena, followed);
	struct crawl_counts counts;

	TRY(look_up(ctx, follower, round));
	crawl_counts_init(&counts, ctx->arena, round->line_count);
	counts.skipped = round->skipped;
	for (size_t i = 0; i < round->line_count; i++)
		crawl_counts_add(&counts, &round->lines[i], verdict_of(round, i));
	TRY(crawl_store(ctx, &follower->log, place, &counts, round->claims, round->claim_count));
	follower->trouble = "";
	follower->looked_at = clock_monotonic();
	return OK;
}

/* What has not changed is written down now and then, so that it is known to be so still. */
static enum err say(struct ctx *ctx, struct crawl_follower *follower, const char *trouble)
{
	bool is_news = !follower->trouble || strcmp(follower->trouble, trouble) != 0;

	if (!is_news && clock_monotonic() - follower->looked_at < SAY_EVERY)
		return OK;
	if (is_news && trouble[0])
		log_event(LOG_LEVEL_WARNING, "crawl_log", "trouble", trouble, "path",
			  ctx->config->crawlers.log, NULL);
	TRY(crawl_log_looked(ctx, follower->node, trouble));
	follower->trouble = trouble;
	follower->looked_at = clock_monotonic();
	return OK;
}

static enum err load(struct ctx *ctx, struct crawl_follower *follower)
{
	char host[HOST_NAME_MAX + 1] = "";

	if (follower->is_loaded)
		return OK;
	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	if (snprintf(follower->node, sizeof(follower->node), "%s:%s", host,
		     ctx->config->crawlers.log) >= (int)sizeof(follower->node))
		return fail_log(ctx, ERR_INTERNAL, "the log's path is too long");
	TRY(crawl_log_load(ctx, follower->node, &follower->log));
	follower->is_loaded = true;
	return OK;
}

enum err crawl_round(struct ctx *ctx, struct crawl_follower *follower, bool *worked)
{
	char *room = arena_alloc(ctx->arena, CRAWL_ROUND_BYTES);
	struct followed followed;
	struct follow_place place;
	enum err result;

	*worked = false;
	TRY(load(ctx, follower));
	place = follower->log.place;
	switch (follow_read(ctx->config->crawlers.log, ctx->now, &place, room, CRAWL_ROUND_BYTES,
			    &followed)) {
	case FOLLOW_MISSING:
		return say(ctx, follower, "missing");
	case FOLLOW_REFUSED:
		return say(ctx, follower, "refused");
	case FOLLOW_READ:
		break;
	}
	if (followed.was_lost)
		log_event(LOG_LEVEL_WARNING, "crawl_log", "lost", "some lines", "path",
			  ctx->config->crawlers.log, NULL);
	if (!has_moved(&follower->log.place, &place))
		return say(ctx, follower, "");
	result = take_in(ctx, follower, &place, &followed);
	/* Wherever it is now, that stands in the database. */
	follower->is_loaded = result == OK;
	*worked = followed.has_more && result == OK;
	return result;
}

static enum err step(struct ctx *ctx, void *state, bool *worked)
{
	return crawl_round(ctx, state, worked);
}

int crawl_work(const struct supervisor_worker *worker)
{
	struct crawl_follower follower = { 0 };
	const struct slot slot = {
		.worker = worker,
		.name = "crawl",
		.poll_seconds = LOOK_SECONDS,
		.memory_max_bytes = CRAWL_MEMORY,
		.step = step,
		.state = &follower,
	};

	return slot_work(&slot);
}
