/*
 * libfcgi behind our interface. We wait and accept ourselves, look at the
 * request before libfcgi does (guard.h), and only then hand it the connection:
 * that is how it neither blocks in accept() past a stop signal nor waits for
 * ever on a silent peer.
 *
 * Handing over uses three fields that fcgiapp.h calls private (ipcFd,
 * keepConnection, detached). Debian 12 has one version, 2.4.2, and the tests in
 * tests/unit/test_http_server.c fail should their meaning change.
 */
#include <assert.h>
#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/guard.h"
#include "http/http.h"
#include "http/request.h"

/* nginx sends a request at once, and takes an answer as fast as it comes. */
#define SILENCE_MAX_SECONDS 2
#define REQUEST_MAX_MS      5000
#define SEND_MAX_SECONDS    30

struct http_server {
	int listen_fd;
	FCGX_Request fcgi;
	bool is_body_unread; /* refused before the body was taken off */
	struct guard guard;
};

struct http_server *http_server_new(int listen_fd)
{
	struct http_server *server = calloc(1, sizeof(*server));

	/* libfcgi is told no listening socket: it is never to accept by itself. */
	if (server == NULL || FCGX_Init() != 0 || FCGX_InitRequest(&server->fcgi, -1, 0) != 0) {
		log_event(LOG_LEVEL_ERROR, "fastcgi_start_failed", NULL);
		exit(EXIT_FAILURE);
	}
	signal(SIGPIPE, SIG_IGN);
	server->fcgi.ipcFd = -1;
	server->listen_fd = listen_fd;
	return server;
}

void http_server_free(struct http_server *server)
{
	if (server == NULL)
		return;
	FCGX_Free(&server->fcgi, 1);
	free(server);
}

/* Time until `deadline` (0: never), in the form ppoll wants; NULL waits for ever. */
static struct timespec *time_left(int64_t deadline, struct timespec *out)
{
	if (deadline == 0)
		return NULL;
	int64_t left = deadline - clock_monotonic();
	if (left < 0)
		left = 0;
	out->tv_sec = left / CLOCK_SECOND;
	out->tv_nsec = (left % CLOCK_SECOND) * 1000;
	return out;
}

/* A connection, or -1 with *result set; -1 and HTTP_ACCEPT_REQUEST: try again. */
static int next_connection(struct http_server *server, const sigset_t *wait_mask,
			   const volatile int *should_stop, int64_t deadline,
			   enum http_accept_result *result)
{
	struct pollfd waited = { .fd = server->listen_fd, .events = POLLIN };
	struct timespec left;
	int stop = *should_stop;

	*result = HTTP_ACCEPT_STOPPED;
	if (stop == HTTP_STOP_NOW)
		return -1;
	if (stop == HTTP_STOP_NOT) {
		int ready = ppoll(&waited, 1, time_left(deadline, &left), wait_mask);
		/* A signal: the flag is looked at on the next round. */
		*result = ready == 0 ? HTTP_ACCEPT_IDLE : HTTP_ACCEPT_REQUEST;
		if (ready <= 0)
			return -1;
	}
	int fd = accept4(server->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		return fd;
	if (errno == EBADF || errno == EINVAL || errno == ENOTSOCK) {
		log_event(LOG_LEVEL_ERROR, "accept_failed", "error", strerrorname_np(errno), NULL);
		*result = HTTP_ACCEPT_STOPPED;
	} else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
		/* Out of descriptors or memory: not in a busy loop. */
		log_event(LOG_LEVEL_WARNING, "accept_failed", "error", strerrorname_np(errno),
			  NULL);
		usleep(50 * 1000);
	}
	return -1;
}

static void set_timeouts(int fd)
{
	struct timeval receive = { .tv_sec = SILENCE_MAX_SECONDS };
	struct timeval send = { .tv_sec = SEND_MAX_SECONDS };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &receive, sizeof(receive));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &send, sizeof(send));
}

/* Gives the connection to libfcgi, if what it holds is a request. */
static bool begin_request(struct http_server *server, int fd)
{
	set_timeouts(fd);
	const char *problem = guard_request(&server->guard, fd, REQUEST_MAX_MS);
	if (problem != NULL) {
		log_event(LOG_LEVEL_WARNING, "fastcgi_dropped", "reason", problem, NULL);
		close(fd);
		return false;
	}
	/* Like a kept-alive connection on which the next request has come. */
	server->fcgi.ipcFd = fd;
	server->fcgi.keepConnection = 1;
	if (FCGX_Accept_r(&server->fcgi) != 0) {
		log_event(LOG_LEVEL_WARNING, "fastcgi_dropped", "reason", "library", NULL);
		return false;
	}
	/* Whatever the client asked for: limits.md, keep-alive starves others. */
	server->fcgi.keepConnection = 0;
	return true;
}

static enum http_accept_result read_request(struct http_server *server, struct arena *arena,
					    struct http_request *request, enum err *refusal)
{
	*refusal = http_request_read(&server->fcgi, arena, request);
	if (*refusal == OK && server->guard.is_ambiguous)
		*refusal = ERR_BAD_REQUEST;
	server->is_body_unread = *refusal != OK;
	return *refusal == OK ? HTTP_ACCEPT_REQUEST : HTTP_ACCEPT_REFUSED;
}

enum http_accept_result http_accept(struct http_server *server, struct arena *arena,
				    const void *wait_mask, const volatile int *should_stop,
				    int wait_ms, struct http_request *request, enum err *refusal)
{
	int64_t deadline = wait_ms < 0 ? 0 : clock_monotonic() + wait_ms * (int64_t)1000;
	enum http_accept_result result;

	assert(server->fcgi.in == NULL); /* the last request was answered */
	for (;;) {
		int fd = next_connection(server, wait_mask, should_stop, deadline, &result);

		if (fd >= 0 && begin_request(server, fd))
			return read_request(server, arena, request, refusal);
		if (fd < 0 && result != HTTP_ACCEPT_REQUEST)
			return result;
	}
}

static void put(struct http_server *server, const char *bytes, size_t length)
{
	/* A client that went away shows at the end, and then does not matter. */
	if (length > 0)
		FCGX_PutStr(bytes, (int)length, server->fcgi.out);
}

static void put_text(struct http_server *server, const char *text)
{
	put(server, text, strlen(text));
}

static void put_response(struct http_server *server, const struct http_request *request,
			 const struct http_response *response)
{
	bool has_body = response->status >= 200 && response->status != 204 &&
			response->status != 304;
	char line[64];

	snprintf(line, sizeof(line), "Status: %d\r\n", response->status);
	put_text(server, line);
	if (has_body) {
		put_text(server, "Content-Type: ");
		put_text(server, response->content_type);
		snprintf(line, sizeof(line), "\r\nContent-Length: %zu\r\n", response->body.length);
		put_text(server, line);
	}
	put(server, response->headers.data, response->headers.length);
	put_text(server, "\r\n");
	if (has_body && request->method != HTTP_HEAD)
		put(server, response->body.data, response->body.length);
}

/*
 * Ends the request. Bytes left unread would turn into a reset that overtakes the
 * answer, so what is there is taken off. Only where more may be on its way does
 * libfcgi close in its own manner: it waits, up to 2 s, for the client to be first.
 */
static void finish(struct http_server *server)
{
	bool is_all_here = !server->is_body_unread || server->guard.is_whole;

	if (server->is_body_unread)
		while (recv(server->fcgi.ipcFd, server->guard.chunk, sizeof(server->guard.chunk),
			    MSG_DONTWAIT) > 0)
			;
	server->fcgi.detached = is_all_here;
	FCGX_Finish_r(&server->fcgi);
}

void http_send(struct http_server *server, const struct http_request *request,
	       const struct http_response *response)
{
	if (response->status < 100 || response->status > 599 || response->content_type == NULL ||
	    response->body.is_overflown || response->headers.is_overflown) {
		log_event(LOG_LEVEL_ERROR, "response_unusable", "id", request->request_id, "status",
			  log_i64(response->status), NULL);
		put_text(server, "Status: 500\r\nContent-Type: text/plain\r\n"
				 "Content-Length: 0\r\n\r\n");
	} else {
		put_response(server, request, response);
	}
	finish(server);
}
