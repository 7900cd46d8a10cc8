/* What the machine room shows: versions, sizes, what waits, mail. */
#ifndef FORUM_SYSTEM_STATE_H
#define FORUM_SYSTEM_STATE_H

#include "forum/index_state.h"
#include "forum/spam_service.h"

#define SYSTEM_TABLES_SHOWN 12

struct system_state {
	const char *database_version; /* "15.14 (Debian …)" */
	int64_t migration;            /* the schema's number */
	int64_t database_bytes, connections;
	int64_t started_at; /* PostgreSQL */
	struct system_table {
		const char *name;
		int64_t bytes, rows;   /* rows: as last estimated */
	} tables[SYSTEM_TABLES_SHOWN]; /* the largest */
	size_t table_count;
	struct index_state index;
	int64_t jobs_queued, jobs_running, jobs_dead, oldest_job_seconds;
	int64_t mails_queued, mails_sent_day, mails_refused_day;
	int64_t sessions;
	struct spam_service_state spam;
};
/* ERR_FORBIDDEN. */
enum err system_state_load(struct ctx *ctx, struct system_state *out) MUST_CHECK;

#endif
