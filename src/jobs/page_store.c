/*
 * Generations are folders named by the time they were made; the link is swapped by a
 * rename, so that nginx finds one or the other and never none. The one before stays for
 * requests that are looking at it; older ones go.
 *
 * A purge is a request like any other, with the page's key in a header
 * (nginx/purge.conf). Many go one after the other over one connection without waiting,
 * and each is answered by 200 or, when there was no such page, 404 or 412.
 */
#include "jobs/page_store.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"

#define LINK_NAME       "generation"
/* What the link leads to while nothing is kept: nginx/store.conf knows it. */
#define NO_GENERATION   "none"
#define GENERATION_MODE 0755
/* What one connection takes: nginx's keepalive_requests is larger. */
#define PURGES_AT_ONCE  50
#define PURGE_SECONDS   2
#define ANSWER_BYTES    (64 * 1024)

/* As nginx/cached.conf makes a key. */
static const char *const languages[] = { "fr", "en", "-" };
static const char *const codings[] = { "", "gzip", "br" };
#define FORMS (ARRAY_COUNT(languages) * ARRAY_COUNT(codings))

static const char *place(struct ctx *ctx, const char *name)
{
	return arena_printf(ctx->arena, "%s/%s", ctx->config->cache.generation_dir, name);
}

/* Generations --------------------------------------------------------------------------- */

static bool is_generation(const char *name)
{
	return strlen(name) == 16 && strspn(name, "0123456789abcdef") == 16;
}

/* Empty folders all; where somebody put something in, it stays. */
static void remove_others(struct ctx *ctx, const char *present, const char *previous)
{
	DIR *folder = opendir(ctx->config->cache.generation_dir);
	struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder)))
		if (is_generation(entry->d_name) && strcmp(entry->d_name, present) != 0 &&
		    strcmp(entry->d_name, previous) != 0)
			rmdir(place(ctx, entry->d_name));
	closedir(folder);
}

static bool swap_link(struct ctx *ctx, const char *name)
{
	const char *made = place(ctx, LINK_NAME ".new");

	if (mkdir(place(ctx, name), GENERATION_MODE) != 0 && errno != EEXIST)
		return false;
	/* Whatever the umask is: nginx looks at it. */
	if (chmod(place(ctx, name), GENERATION_MODE) != 0)
		return false;
	unlink(made);
	return symlink(name, made) == 0 && rename(made, place(ctx, LINK_NAME)) == 0;
}

static const char *present_name(struct ctx *ctx)
{
	char name[64] = "";
	ssize_t length = readlink(place(ctx, LINK_NAME), name, sizeof(name) - 1);

	return length > 0 ? arena_strndup(ctx->arena, name, (size_t)length) : "";
}

void page_store_close(struct ctx *ctx)
{
	if (!swap_link(ctx, NO_GENERATION) && unlink(place(ctx, LINK_NAME)) != 0 && errno != ENOENT)
		log_event(LOG_LEVEL_ERROR, "page_store", "end", strerrorname_np(errno), NULL);
}

void page_store_end(struct ctx *ctx, const struct page_store *store)
{
	if (strcmp(present_name(ctx), store->generation) == 0)
		page_store_close(ctx);
}

void page_store_begin(struct ctx *ctx, struct page_store *store, const char *why)
{
	const char *previous = present_name(ctx);
	const char *name = arena_printf(ctx->arena, "%016llx", (unsigned long long)clock_now());

	if (!swap_link(ctx, name)) {
		log_event(LOG_LEVEL_ERROR, "page_store", "begin", strerrorname_np(errno), "place",
			  ctx->config->cache.generation_dir, NULL);
		page_store_close(ctx);
		return;
	}
	snprintf(store->generation, sizeof(store->generation), "%s", name);
	remove_others(ctx, name, previous);
	log_event(LOG_LEVEL_INFO, "page_store", "generation", name, "why", why, NULL);
}

/* Single pages -------------------------------------------------------------------------- */

static int connect_to_nginx(struct ctx *ctx)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = PURGE_SECONDS };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", ctx->config->cache.purge_socket);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool send_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		length -= (size_t)sent;
	}
	return true;
}

static size_t count_of(const char *text, const char *word)
{
	size_t count = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		count++;
	return count;
}

/* Reads until nginx closes; how many were answered as a purge is. */
static size_t read_answers(struct ctx *ctx, int fd)
{
	struct buf answers;
	char chunk[4096];
	ssize_t length;

	buf_init(&answers, ctx->arena, ANSWER_BYTES);
	while ((length = recv(fd, chunk, sizeof(chunk), 0)) > 0)
		buf_bytes(&answers, chunk, (size_t)length);
	if (length < 0 || answers.is_overflown || answers.length == 0)
		return 0;
	return count_of(answers.data, "HTTP/1.1 200 ") + count_of(answers.data, "HTTP/1.1 404 ") +
	       count_of(answers.data, "HTTP/1.1 412 ");
}

/* As many addresses as fit into one connection. */
static bool purge_some(struct ctx *ctx, const char *generation, const char *const *addresses,
		       size_t count)
{
	int fd = connect_to_nginx(ctx);
	struct buf requests;
	bool is_done;

	if (fd < 0)
		return false;
	buf_init(&requests, ctx->arena, 8 * 1024 * 1024);
	for (size_t i = 0; i < count * FORMS; i++)
		buf_printf(&requests,
			   "GET /purge HTTP/1.1\r\nHost: purge\r\nX-Key: %s %s %s %s\r\n%s\r\n",
			   generation, languages[i % FORMS % ARRAY_COUNT(languages)],
			   codings[i % FORMS / ARRAY_COUNT(languages)], addresses[i / FORMS],
			   i + 1 == count * FORMS ? "Connection: close\r\n" : "");
	is_done = !requests.is_overflown && send_all(fd, requests.data, requests.length) &&
		  read_answers(ctx, fd) == count * FORMS;
	close(fd);
	return is_done;
}

bool page_store_purge(struct ctx *ctx, const char *const *addresses, size_t count)
{
	const size_t most = PURGES_AT_ONCE / FORMS;
	char generation[PATH_MAX];

	/* Nothing is kept without it. */
	if (!realpath(place(ctx, LINK_NAME), generation))
		return errno == ENOENT;
	for (size_t done = 0; done < count; done += most)
		if (!purge_some(ctx, generation, addresses + done,
				count - done < most ? count - done : most))
			return false;
	return true;
}
