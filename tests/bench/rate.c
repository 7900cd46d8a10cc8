/*
 * Asks at a fixed rate, whatever the answers do, and counts the time from the moment when a
 * request was due, so that waiting is not hidden ("coordinated omission": Gil Tene, "How NOT
 * to Measure Latency", 2013; wrk waits for an answer before it asks again, so it asks a slow
 * server less).
 *
 *     rate PORT FILE RATE SECONDS CONNECTIONS RUN
 *
 * FILE: load.lua's lines, METHOD, path, cookies and the beginning of a form's body, separated
 * by tabs; they are sent in turn. A form gets a key of its own and that key as the end of its
 * text. At most CONNECTIONS requests are under way; one that is due when none is free waits
 * for one. Whatever is unanswered GRACE seconds after the end has failed. Answers need a
 * Content-Length, as ours and nginx's have.
 *
 * Prints JSON: what was due and answered, by class of status, and times in µs; of what was
 * refused also from when it was sent, for who is refused does not wait for the others'
 * connections in life.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 4096
#define LINES_MAX       20000
#define LINE_MAX_BYTES  16384
#define HEAD_MAX_BYTES  16384
#define REQUEST_BYTES   (LINE_MAX_BYTES + 1024)
#define GRACE_US        10000000
#define SECOND_US       1000000
/* As load.lua's: a phone. */
#define AGENT \
	"User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15" \
	" (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1\r\n"

struct line {
	char *method, *path, *cookies, *body;
};

enum state { CLOSED, CONNECTING, IDLE, SENDING, READING };

struct connection {
	int fd;
	enum state state;
	int64_t due, begun;
	char request[REQUEST_BYTES];
	size_t request_length, sent;
	char head[HEAD_MAX_BYTES + 1];
	size_t head_length;
	bool has_head, is_last;
	int status;
	bool has_retry_after;
	int64_t body_left;
};

/* By class of status; times of the good ones and of those that were refused in time. */
struct tally {
	int64_t due, good, refused, refused_unsaid, failed, other;
	int64_t *good_us, *refused_us, *refused_sent_us;
	int64_t good_count, refused_count, bytes;
};

static struct line lines[LINES_MAX];
static size_t line_count;
static struct connection connections[CONNECTIONS_MAX];
static int connection_count, idle[CONNECTIONS_MAX], idle_count, under_way;
static struct sockaddr_in address;
static struct tally tally;
static const char *run;
static int poller;

static void die(const char *what)
{
	fprintf(stderr, "rate: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* The file ------------------------------------------------------------------------------ */

static char *next_field(char **rest)
{
	char *field = *rest, *tab = strchr(field, '\t');

	*rest = tab ? tab + 1 : field + strlen(field);
	if (tab)
		*tab = '\0';
	return field;
}

static void read_lines(const char *path)
{
	static char text[LINE_MAX_BYTES];
	FILE *file = fopen(path, "re");

	if (!file)
		die(path);
	while (line_count < LINES_MAX && fgets(text, sizeof text, file)) {
		char *rest;

		text[strcspn(text, "\n")] = '\0';
		rest = strdup(text);
		if (!rest)
			die("memory");
		lines[line_count].method = next_field(&rest);
		lines[line_count].path = next_field(&rest);
		lines[line_count].cookies = next_field(&rest);
		lines[line_count++].body = next_field(&rest);
	}
	fclose(file);
	if (line_count == 0) {
		fprintf(stderr, "rate: %s has no lines\n", path);
		exit(2);
	}
}

/* One connection -------------------------------------------------------------------------- */

static void watch(struct connection *connection, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = connection };

	if (epoll_ctl(poller, EPOLL_CTL_MOD, connection->fd, &event) != 0)
		die("epoll_ctl");
}

static void shut(struct connection *connection)
{
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
	connection->state = CLOSED;
}

static void release(struct connection *connection)
{
	under_way--;
	idle[idle_count++] = (int)(connection - connections);
}

static void fail_request(struct connection *connection)
{
	tally.failed++;
	shut(connection);
	release(connection);
}

static bool open_connection(struct connection *connection)
{
	struct epoll_event event = { .events = EPOLLOUT, .data.ptr = connection };
	int on = 1;

	connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (connection->fd < 0)
		return false;
	setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0 &&
	    errno != EINPROGRESS) {
		shut(connection);
		return false;
	}
	if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->fd, &event) != 0)
		die("epoll_ctl");
	connection->state = CONNECTING;
	return true;
}

static void write_request(struct connection *connection, const struct line *line, int64_t number)
{
	char cookie[512] = "", key[64], body[LINE_MAX_BYTES] = "";
	int length, body_length = 0;

	if (line->cookies[0])
		snprintf(cookie, sizeof cookie, "Cookie: %s\r\n", line->cookies);
	if (strcmp(line->method, "POST") == 0) {
		snprintf(key, sizeof key, "rate-%s-%012lld", run, (long long)number);
		body_length = snprintf(body, sizeof body, "%s+%s&key=%s", line->body, key, key);
	}
	length = snprintf(connection->request, sizeof connection->request,
			  "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept-Language: fr\r\n" AGENT
			  "%s%s"
			  "Content-Length: %d\r\n\r\n%s",
			  line->method, line->path, ntohs(address.sin_port), cookie,
			  body_length ? "Content-Type: application/x-www-form-urlencoded\r\n" : "",
			  body_length, body);
	connection->request_length = (size_t)length;
	connection->sent = connection->head_length = 0;
	connection->has_head = false;
}

static void send_more(struct connection *connection)
{
	ssize_t sent = send(connection->fd, connection->request + connection->sent,
			    connection->request_length - connection->sent, MSG_NOSIGNAL);

	if (sent < 0 && errno != EAGAIN) {
		fail_request(connection);
		return;
	}
	connection->sent += sent > 0 ? (size_t)sent : 0;
	connection->state = connection->sent == connection->request_length ? READING : SENDING;
	watch(connection, connection->state == READING ? EPOLLIN : EPOLLOUT);
}

static void begin(int64_t due, int64_t number)
{
	struct connection *connection = &connections[idle[--idle_count]];

	under_way++;
	connection->due = due;
	connection->begun = now_us();
	write_request(connection, &lines[(size_t)number % line_count], number);
	if (connection->state == CLOSED && !open_connection(connection))
		fail_request(connection);
	else if (connection->state == IDLE)
		send_more(connection);
}

/* The answer -------------------------------------------------------------------------------- */

static const char *header(const struct connection *connection, const char *name)
{
	const char *found = strcasestr(connection->head, name);

	return found ? found + strlen(name) : NULL;
}

/* False: not whole yet, or not one that can be read (status stays 0). */
static bool take_head(struct connection *connection)
{
	char *end = strstr(connection->head, "\r\n\r\n");
	const char *length, *closing;

	connection->status = 0;
	if (!end)
		return false;
	length = header(connection, "\r\nContent-Length:");
	closing = header(connection, "\r\nConnection: close");
	if (sscanf(connection->head, "HTTP/1.1 %d", &connection->status) != 1 ||
	    (!length && connection->status != 304 && connection->status != 204)) {
		connection->status = 0;
		return true;
	}
	connection->is_last = closing && closing < end + 2;
	connection->has_retry_after = header(connection, "\r\nRetry-After:") != NULL;
	connection->body_left = length ? strtoll(length, NULL, 10) : 0;
	connection->body_left -= (int64_t)connection->head_length - (end + 4 - connection->head);
	connection->has_head = true;
	return true;
}

static void finish(struct connection *connection, int64_t now)
{
	int status = connection->status;

	if (status >= 200 && status < 400) {
		tally.good++;
		tally.good_us[tally.good_count++] = now - connection->due;
	} else if (status == 429 || status == 503) {
		tally.refused++;
		tally.refused_unsaid += !connection->has_retry_after;
		tally.refused_sent_us[tally.refused_count] = now - connection->begun;
		tally.refused_us[tally.refused_count++] = now - connection->due;
	} else {
		tally.other++;
	}
	if (connection->is_last) {
		shut(connection);
	} else {
		connection->state = IDLE;
		watch(connection, 0);
	}
	release(connection);
}

static void read_more(struct connection *connection)
{
	static char piece[65536];
	size_t room = HEAD_MAX_BYTES - connection->head_length;
	char *to = connection->has_head ? piece : connection->head + connection->head_length;
	ssize_t got = recv(connection->fd, to, connection->has_head ? sizeof piece : room, 0);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0) {
		fail_request(connection);
		return;
	}
	tally.bytes += got;
	if (connection->has_head) {
		connection->body_left -= got;
	} else {
		connection->head_length += (size_t)got;
		connection->head[connection->head_length] = '\0';
		if (take_head(connection) ? connection->status == 0
					  : connection->head_length == HEAD_MAX_BYTES) {
			fail_request(connection);
			return;
		}
	}
	if (connection->has_head && connection->body_left <= 0)
		finish(connection, now_us());
}

static void serve_event(struct connection *connection, uint32_t events)
{
	if (connection->state == IDLE || connection->state == CLOSED) {
		if (events) /* nginx has had enough of this one */
			shut(connection);
	} else if (connection->state == READING) {
		read_more(connection);
	} else if (events & (EPOLLERR | EPOLLHUP)) {
		fail_request(connection);
	} else {
		send_more(connection);
	}
}

/* The run ------------------------------------------------------------------------------------ */

static void wait_for_events(int64_t until)
{
	struct epoll_event events[256];
	int64_t left = until - now_us();
	int count = epoll_wait(poller, events, 256, left > 1000 ? (int)(left / 1000) : 0);

	for (int i = 0; i < count; i++)
		serve_event(events[i].data.ptr, events[i].events);
}

static void ask_all(int64_t total, int64_t rate)
{
	int64_t start = now_us(), end;
	int64_t number = 0;

	while (number < total) {
		int64_t due = start + number * SECOND_US / rate;

		if (now_us() >= due && idle_count > 0)
			begin(due, number++);
		else
			wait_for_events(idle_count > 0 ? due : now_us() + 100000);
		/* What could not even begin a long time after the end has failed too. */
		if (now_us() > start + total * SECOND_US / rate + GRACE_US)
			break;
	}
	tally.failed += total - number;
	end = now_us() + GRACE_US;
	while (under_way > 0 && now_us() < end)
		wait_for_events(now_us() + 100000);
	tally.failed += under_way;
}

static int compare(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

	return (left > right) - (left < right);
}

static long long at(const int64_t *sorted, int64_t count, double share)
{
	int64_t place = (int64_t)((double)count * share);

	return count == 0 ? 0 : (long long)sorted[place < count ? place : count - 1];
}

static void print(double seconds)
{
	qsort(tally.good_us, (size_t)tally.good_count, sizeof(int64_t), compare);
	qsort(tally.refused_us, (size_t)tally.refused_count, sizeof(int64_t), compare);
	qsort(tally.refused_sent_us, (size_t)tally.refused_count, sizeof(int64_t), compare);
	printf("{\"due\": %lld, \"good\": %lld, \"refused\": %lld, \"refused_unsaid\": %lld, "
	       "\"failed\": %lld, \"other\": %lld, \"seconds\": %.3f, \"bytes\": %lld, "
	       "\"p50_us\": %lld, \"p99_us\": %lld, \"p999_us\": %lld, "
	       "\"refused_p50_us\": %lld, \"refused_p99_us\": %lld, "
	       "\"refused_sent_p50_us\": %lld, \"refused_sent_p99_us\": %lld}\n",
	       (long long)tally.due, (long long)tally.good, (long long)tally.refused,
	       (long long)tally.refused_unsaid, (long long)tally.failed, (long long)tally.other,
	       seconds, (long long)tally.bytes, at(tally.good_us, tally.good_count, 0.5),
	       at(tally.good_us, tally.good_count, 0.99),
	       at(tally.good_us, tally.good_count, 0.999),
	       at(tally.refused_us, tally.refused_count, 0.5),
	       at(tally.refused_us, tally.refused_count, 0.99),
	       at(tally.refused_sent_us, tally.refused_count, 0.5),
	       at(tally.refused_sent_us, tally.refused_count, 0.99));
}

int main(int argc, char **argv)
{
	int64_t rate, seconds, began;

	if (argc != 7) {
		fprintf(stderr, "usage: rate PORT FILE RATE SECONDS CONNECTIONS RUN\n");
		return 2;
	}
	address = (struct sockaddr_in){ .sin_family = AF_INET,
					.sin_port = htons((uint16_t)atoi(argv[1])),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	read_lines(argv[2]);
	rate = atoll(argv[3]);
	seconds = atoll(argv[4]);
	connection_count = atoi(argv[5]);
	run = argv[6];
	if (rate < 1 || rate > 200000 || seconds < 1 || seconds > 3600 || connection_count < 1 ||
	    connection_count > CONNECTIONS_MAX || strlen(run) > 20) {
		fprintf(stderr, "rate: out of range\n");
		return 2;
	}
	tally.due = rate * seconds;
	tally.good_us = calloc((size_t)tally.due, sizeof(int64_t));
	tally.refused_us = calloc((size_t)tally.due, sizeof(int64_t));
	tally.refused_sent_us = calloc((size_t)tally.due, sizeof(int64_t));
	poller = epoll_create1(EPOLL_CLOEXEC);
	if (poller < 0 || !tally.good_us || !tally.refused_us || !tally.refused_sent_us)
		die("memory");
	for (int i = 0; i < connection_count; i++) {
		connections[i].fd = -1;
		idle[idle_count++] = i;
	}
	began = now_us();
	ask_all(tally.due, rate);
	print((double)(now_us() - began) / SECOND_US);
	return 0;
}
