/*
 * Keeps nginx's store of visitors' pages true: whatever changes a page takes it away, on
 * this node as on every other, within a fraction of a second.
 */
#ifndef JOBS_PAGE_CACHE_H
#define JOBS_PAGE_CACHE_H

#include "base/config.h"
#include "http/supervisor.h"

/* Work of a pool of one process; pool->data is the const struct config. */
int page_cache_work(const struct supervisor_worker *worker);

/* Instead of it, where pages are not to be kept: what was kept before is not shown. */
void page_cache_off(const struct config *config);

#endif
