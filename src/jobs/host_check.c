/*
 * Looking hosts up. The resolver's library waits as long as it likes and parses answers of
 * strangers, so it does that in a child with limits (jobs/child.h).
 */
#include "jobs/host_check.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/slice.h"
#include "jobs/child.h"

#define HOSTS_FILE_MAX ((size_t)256 * 1024)
#define OUTPUT_MAX     ((size_t)64 * 1024)
/* Of the system's resolver: two seconds, once. */
#define RESOLVER       "timeout:2 attempts:1"

/* DNS ---------------------------------------------------------------------------------------- */

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} as;
	socklen_t length;
};

static bool address_read(const char *text, struct address *out)
{
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, &out->as.four.sin_addr) == 1) {
		out->as.four.sin_family = AF_INET;
		out->length = sizeof(out->as.four);
		return true;
	}
	if (inet_pton(AF_INET6, text, &out->as.six.sin6_addr) == 1) {
		out->as.six.sin6_family = AF_INET6;
		out->length = sizeof(out->as.six);
		return true;
	}
	return false;
}

static enum host_answer answer_of(int error)
{
	if (error == 0)
		return HOST_YES;
	return error == EAI_NONAME || error == EAI_NODATA ? HOST_NO : HOST_UNKNOWN;
}

static enum host_answer dns_name_of(const void *data, const char *address, char *name)
{
	struct address where;

	(void)data;
	if (!address_read(address, &where))
		return HOST_NO;
	return answer_of(getnameinfo(&where.as.any, where.length, name, CRAWL_HOST_MAX + 1, NULL, 0,
				     NI_NAMEREQD));
}

static bool is_equal(const struct addrinfo *found, const struct address *wanted)
{
	if (found->ai_family != wanted->as.any.sa_family || found->ai_addrlen < wanted->length)
		return false;
	if (found->ai_family == AF_INET) {
		struct sockaddr_in four;

		memcpy(&four, found->ai_addr, sizeof(four));
		return memcmp(&four.sin_addr, &wanted->as.four.sin_addr, sizeof(four.sin_addr)) ==
		       0;
	}
	struct sockaddr_in6 six;

	memcpy(&six, found->ai_addr, sizeof(six));
	return memcmp(&six.sin6_addr, &wanted->as.six.sin6_addr, sizeof(six.sin6_addr)) == 0;
}

static enum host_answer dns_has_address(const void *data, const char *name, const char *address)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	enum host_answer answer;
	struct address wanted;

	(void)data;
	if (!address_read(address, &wanted))
		return HOST_NO;
	hints.ai_family = wanted.as.any.sa_family;
	answer = answer_of(getaddrinfo(name, NULL, &hints, &found));
	if (answer != HOST_YES)
		return answer;
	answer = HOST_NO;
	for (const struct addrinfo *one = found; one; one = one->ai_next)
		if (is_equal(one, &wanted))
			answer = HOST_YES;
	freeaddrinfo(found);
	return answer;
}

const struct host_resolver host_resolver_dns = { .name_of = dns_name_of,
						 .has_address = dns_has_address };

/* A text instead ------------------------------------------------------------------------------ */

static bool next_pair(struct slice *rest, struct slice *address, struct slice *name)
{
	while (rest->data) {
		struct slice line = slice_cut(rest, '\n');

		line = slice_trim(slice_cut(&line, '#'));
		*address = slice_cut(&line, ' ');
		*name = slice_trim(line);
		if (address->length > 0 && name->length > 0 && name->length <= CRAWL_HOST_MAX)
			return true;
	}
	return false;
}

static enum host_answer text_name_of(const void *data, const char *address, char *name)
{
	struct slice rest = slice_of(data), listed, listed_name;

	while (next_pair(&rest, &listed, &listed_name)) {
		if (!slice_is(listed, address))
			continue;
		memcpy(name, listed_name.data, listed_name.length);
		name[listed_name.length] = '\0';
		return HOST_YES;
	}
	return HOST_NO;
}

static enum host_answer text_has_address(const void *data, const char *name, const char *address)
{
	struct slice rest = slice_of(data), listed, listed_name;

	while (next_pair(&rest, &listed, &listed_name))
		if (slice_is(listed, address) && slice_is(listed_name, name))
			return HOST_YES;
	return HOST_NO;
}

struct host_resolver host_resolver_of_text(const char *lines)
{
	return (struct host_resolver){ .name_of = text_name_of,
				       .has_address = text_has_address,
				       .data = lines };
}

/* The check ------------------------------------------------------------------------------------- */

/* What DNS says is a stranger's text. */
static bool is_host_name(const char *name)
{
	for (const char *c = name; *c; c++)
		if ((*c < 'a' || *c > 'z') && (*c < 'A' || *c > 'Z') && (*c < '0' || *c > '9') &&
		    *c != '.' && *c != '-' && *c != '_')
			return false;
	return name[0] != '\0';
}

enum crawl_verdict host_check(const struct host_resolver *resolver, const struct crawler *crawler,
			      const char *address, char *host)
{
	enum host_answer answer = resolver->name_of(resolver->data, address, host);

	if (answer != HOST_YES || !is_host_name(host)) {
		host[0] = '\0';
		return answer == HOST_UNKNOWN ? CRAWL_UNKNOWN : CRAWL_FALSE;
	}
	if (!crawler_owns_host(crawler, host))
		return CRAWL_FALSE;
	switch (resolver->has_address(resolver->data, host, address)) {
	case HOST_YES:
		return CRAWL_VERIFIED;
	case HOST_NO:
		return CRAWL_FALSE;
	default:
		return CRAWL_UNKNOWN;
	}
}

/* All of them, in a child ------------------------------------------------------------------------ */

struct work {
	const struct host_resolver *resolver;
	const struct crawl_claim *claims;
	size_t count;
};

/* A line for each, at once: what comes later may take too long. */
static void look_up(int fd, const void *data)
{
	const struct work *work = data;
	char host[CRAWL_HOST_MAX + 1], line[CRAWL_HOST_MAX + 32];

	/* Nobody else reads the environment of this process. */
	setenv("RES_OPTIONS", RESOLVER, 1); /* NOLINT(concurrency-mt-unsafe) */
	for (size_t i = 0; i < work->count; i++) {
		enum crawl_verdict verdict = host_check(work->resolver, work->claims[i].crawler,
							work->claims[i].address, host);
		int length = snprintf(line, sizeof(line), "%s %s\n", crawl_verdict_text(verdict),
				      host);

		child_put(fd, line, (size_t)length);
	}
	_exit(0);
}

static void take_over(struct ctx *ctx, struct slice rest, struct crawl_claim *claims, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct slice host = slice_cut(&rest, '\n'), verdict;

		if (!rest.data)
			return;
		verdict = slice_cut(&host, ' ');
		claims[i].verdict = crawl_verdict_from_text(
			arena_strndup(ctx->arena, verdict.data, verdict.length));
		claims[i].host = arena_strndup(ctx->arena, host.length ? host.data : "",
					       host.length);
	}
}

/* "" for what cannot be read: then nobody has a name. */
static const char *text_of_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(arena, HOSTS_FILE_MAX + 1);

	if (!file)
		return "";
	text[fread(text, 1, HOSTS_FILE_MAX, file)] = '\0';
	fclose(file);
	return text;
}

void host_check_all(struct ctx *ctx, struct crawl_claim *claims, size_t count)
{
	const char *path = ctx->config->crawlers.hosts_file;
	struct host_resolver resolver = host_resolver_dns;
	struct buf output;
	int status;

	for (size_t i = 0; i < count; i++) {
		claims[i].verdict = CRAWL_UNKNOWN;
		claims[i].host = "";
	}
	if (count == 0)
		return;
	if (path[0])
		resolver = host_resolver_of_text(text_of_file(ctx->arena, path));
	buf_init(&output, ctx->arena, OUTPUT_MAX);
	/* Whether it ended well or not: what it said before counts. */
	(void)child_run(look_up,
			&(struct work){ .resolver = &resolver, .claims = claims, .count = count },
			&output, &status);
	take_over(ctx, slice_make(output.data, output.length), claims, count);
}
