/*
 * Is a crawler who it says it is? Its address is looked up for a name, the name must be
 * one of its maker's, and the name must lead back to the address. Anybody may give their
 * own address any name (the first look), but not a name of Google's their address (the
 * second).
 */
#ifndef JOBS_HOST_CHECK_H
#define JOBS_HOST_CHECK_H

#include "forum/crawl.h"

enum host_answer {
	HOST_YES,
	HOST_NO,      /* there is none: an answer */
	HOST_UNKNOWN, /* no answer, or none for now */
};

/* Who is asked; tests have their own. */
struct host_resolver {
	/* The address's name, in name (CRAWL_HOST_MAX + 1 bytes). */
	enum host_answer (*name_of)(const void *data, const char *address, char *name);
	/* Does that name have that address? */
	enum host_answer (*has_address)(const void *data, const char *name, const char *address);
	const void *data;
};
/* The system's; may take seconds each. */
extern const struct host_resolver host_resolver_dns;
/* A text of lines "ADDRESS NAME", which must live as long as the resolver. */
struct host_resolver host_resolver_of_text(const char *lines);

/* host: CRAWL_HOST_MAX + 1 bytes; its name, or "". Never CRAWL_NONE. */
enum crawl_verdict host_check(const struct host_resolver *resolver, const struct crawler *crawler,
			      const char *address, char *host);

/*
 * Sets verdict and host of each, whose crawlers can be checked. The names come from
 * crawlers.hosts_file, or from DNS; in a process of its own, in half a minute at most: what
 * was not reached by then is CRAWL_UNKNOWN. Strings live in the arena.
 */
void host_check_all(struct ctx *ctx, struct crawl_claim *claims, size_t count);

#endif
