/*
 * The life of a worker process.
 */
#include "jobs/slot.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "forum/actor.h"
#include "forum/site_setting.h"

#define FREE_MEMORY_KEPT_BYTES ((size_t)4 << 20)

struct life {
	const struct slot *slot;
	struct db *db;
	struct arena *arena; /* one step */
	bool is_listening;
	size_t free_bytes; /* of the heap, when it was last looked at */
};

const char *slot_why(const struct error *error)
{
	if (error->details)
		return error->details;
	if (error->message)
		return error->message;
	return error->constraint ? error->constraint : err_name(error->code);
}

static struct ctx context(const struct life *life)
{
	return (struct ctx){
		.arena = life->arena,
		.config = life->slot->worker->pool->data,
		.db = life->db,
		.actor = &actor_system,
		.language = "en",
		.request_id = life->slot->name,
		.now = clock_now(),
	};
}

static enum err start_listening(struct life *life, struct ctx *ctx)
{
	if (life->is_listening)
		return OK;
	for (size_t i = 0; i < SLOT_CHANNELS_MAX && life->slot->channels[i]; i++)
		TRY(db_listen(ctx, life->slot->channels[i]));
	life->is_listening = true;
	return OK;
}

/* True if something was notified; takes all there is. */
static bool was_notified(struct ctx *ctx)
{
	const char *channel, *payload;
	bool any = false;

	while (db_notification(ctx, &channel, &payload)) {
		site_settings_hear(channel);
		any = true;
	}
	return any;
}

static struct timespec wait_of(int milliseconds)
{
	return (struct timespec){ .tv_sec = milliseconds / 1000,
				  .tv_nsec = (long)(milliseconds % 1000) * 1000000 };
}

/*
 * What a large job freed would stay with the process for as long as it lives: 100 MB after
 * an index was made anew. Pages that went back still count as free, hence the difference.
 */
static void give_memory_back(struct life *life)
{
	size_t free_bytes = mallinfo2().fordblks;

	if (free_bytes > life->free_bytes + FREE_MEMORY_KEPT_BYTES) {
		(void)malloc_trim(0);
		free_bytes = mallinfo2().fordblks;
	}
	life->free_bytes = free_bytes;
}

/* Until a notice comes, a signal, or the time for looking anyway. */
static void wait_for_work(struct life *life, struct ctx *ctx)
{
	struct pollfd socket = { .fd = db_socket(life->db), .events = POLLIN };
	struct timespec limit = { .tv_sec = life->slot->poll_seconds };

	if (life->slot->wait_ms)
		limit = wait_of(life->slot->wait_ms(life->slot->state));
	if (was_notified(ctx))
		return;
	give_memory_back(life);
	/* Without a connection there is nothing to watch: the fd is -1 and ignored. */
	if (ppoll(&socket, 1, &limit, life->slot->worker->wait_mask) < 0 && errno != EINTR)
		log_event(LOG_LEVEL_WARNING, "poll_failed", "error", strerrorname_np(errno), NULL);
	was_notified(ctx);
}

static enum err step(struct life *life, struct ctx *ctx, bool *worked)
{
	TRY(start_listening(life, ctx));
	TRY(site_settings_refresh(ctx));
	return life->slot->step(ctx, life->slot->state, worked);
}

static void live(struct life *life)
{
	const struct supervisor_worker *worker = life->slot->worker;
	int64_t done = 0, limit = worker->request_limit;

	while (!supervisor_should_stop(worker) && (limit == 0 || done < limit)) {
		struct ctx ctx = context(life);
		bool worked = false;
		enum err result = step(life, &ctx, &worked);

		/* A database that is away is said by the connection itself. */
		if (result != OK && result != ERR_UNAVAILABLE)
			log_event(LOG_LEVEL_ERROR, life->slot->name, "error", err_name(result),
				  "details", slot_why(&ctx.error), NULL);
		if (result != OK || !worked)
			wait_for_work(life, &ctx);
		else
			done++;
		arena_reset(life->arena);
	}
}

int slot_work(const struct slot *slot)
{
	const struct config *config = slot->worker->pool->data;
	struct life life = { .slot = slot };
	/* Counting a large forum, or writing a whole thread, takes longer than a page may. */
	struct db_options options = { .conninfo = config->database.conninfo,
				      .statement_timeout_ms = 0,
				      .is_repeatable = slot->is_repeatable };
	const char *message = "";

	if (!db_open(&life.db, &options, &message)) {
		log_event(LOG_LEVEL_ERROR, "start", "error", message, NULL);
		return EXIT_FAILURE;
	}
	life.arena = arena_new(slot->memory_max_bytes);
	live(&life);
	arena_free(life.arena);
	db_close(life.db);
	return EXIT_SUCCESS;
}
