/*
 * One connection after the other, one request after the other: what tests ask for
 * comes in order.
 */
#include "http_stub.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t body_length(const char *head)
{
	const char *found = strcasestr(head, "\r\ncontent-length:");

	return found ? strtoul(found + 17, NULL, 10) : 0;
}

/* Reads one request; false at the end of the connection. */
static bool read_request(int fd, struct stub_request *request)
{
	static char text[4 * STUB_TEXT_MAX];
	size_t length = 0, head, wanted;
	char *end;

	do {
		ssize_t got = read(fd, text + length, sizeof(text) - 1 - length);

		if (got <= 0)
			return false;
		length += (size_t)got;
		text[length] = '\0';
	} while (!(end = strstr(text, "\r\n\r\n")));
	head = (size_t)(end - text) + 4;
	wanted = head + body_length(text);
	while (length < wanted && length < sizeof(text) - 1) {
		ssize_t got = read(fd, text + length, sizeof(text) - 1 - length);

		if (got <= 0)
			return false;
		length += (size_t)got;
		text[length] = '\0';
	}
	snprintf(request->body, sizeof(request->body), "%s", text + head);
	end[2] = '\0';
	snprintf(request->headers, sizeof(request->headers), "%s", strstr(text, "\r\n"));
	*strstr(text, "\r\n") = '\0';
	end = strchr(text, ' ');
	*end = '\0';
	snprintf(request->method, sizeof(request->method), "%.15s", text);
	*strchr(end + 1, ' ') = '\0';
	snprintf(request->target, sizeof(request->target), "%s", end + 1);
	return true;
}

static void write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t done = send(fd, bytes, length, MSG_NOSIGNAL);

		if (done <= 0)
			return;
		bytes += done;
		length -= (size_t)done;
	}
}

/* False: the connection ends here. */
static bool write_reply(int fd, const struct stub_reply *reply)
{
	size_t length = reply->length || !reply->body ? reply->length : strlen(reply->body);
	char head[STUB_TEXT_MAX];

	if (reply->delay_ms)
		poll(NULL, 0, reply->delay_ms);
	if (reply->is_cut)
		return false;
	if (!reply->is_raw) {
		snprintf(head, sizeof(head), "HTTP/1.1 %d X\r\n%sContent-Length: %zu\r\n\r\n",
			 reply->status ? reply->status : 200, reply->headers ? reply->headers : "",
			 length);
		write_all(fd, head, strlen(head));
	}
	write_all(fd, reply->body, reply->is_half ? length / 2 : length);
	return !reply->is_half && !reply->is_closing && !reply->is_raw;
}

static void serve(int listener, struct stub_shared *shared, stub_answer *answer)
{
	for (int connection = 1;; connection++) {
		int fd = accept(listener, NULL, NULL);
		bool goes_on = fd >= 0;

		while (goes_on && shared->count < STUB_REQUESTS_MAX) {
			struct stub_request *request = &shared->requests[shared->count];
			struct stub_reply reply = { .body = "" };

			/* Another connection waits: its client has no use for this one any more. */
			struct pollfd waiting[2] = { { .fd = fd, .events = POLLIN },
						     { .fd = listener, .events = POLLIN } };

			poll(waiting, 2, -1);
			if (!waiting[0].revents)
				break;
			if (!read_request(fd, request))
				break;
			request->connection = connection;
			answer(shared->count, request, &reply);
			shared->count++;
			goes_on = write_reply(fd, &reply);
		}
		if (fd >= 0)
			close(fd);
	}
}

void stub_start(struct stub *stub, stub_answer *answer)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(listener, 16) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &length) != 0)
		abort();
	stub->port = ntohs(address.sin_port);
	snprintf(stub->url, sizeof(stub->url), "http://127.0.0.1:%d", stub->port);
	stub->shared = mmap(NULL, sizeof(*stub->shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stub->shared == MAP_FAILED)
		abort();
	fflush(NULL);
	stub->child = fork();
	if (stub->child < 0)
		abort();
	if (stub->child == 0) {
		/* A test that failed did not stop it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(listener, stub->shared, answer);
		_exit(0);
	}
	close(listener);
}

void stub_stop(struct stub *stub)
{
	kill(stub->child, SIGKILL);
	waitpid(stub->child, NULL, 0);
	munmap(stub->shared, sizeof(*stub->shared));
}
