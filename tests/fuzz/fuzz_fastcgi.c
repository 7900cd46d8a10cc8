/*
 * Whole connections: the input is what a peer writes to the socket before it
 * stops sending. It goes through the same accept, guard and libfcgi as nginx's
 * requests do, and whatever is accepted is answered.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/log.h"
#include "http_properties.h"

#define INPUT_MAX_BYTES ((size_t)64 * 1024) /* fits in a socket's queue */

static struct {
	struct sockaddr_un address;
	socklen_t address_length;
	struct http_server *server;
} world;

/* The kernel picks an abstract address, so no file is left anywhere. */
static void start(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	must(crypto_init());
	log_set_level(LOG_LEVEL_ERROR);
	world.address.sun_family = AF_UNIX;
	must(bind(fd, (struct sockaddr *)&world.address, sizeof(sa_family_t)) == 0);
	must(listen(fd, 8) == 0);
	world.address_length = sizeof(world.address);
	must(getsockname(fd, (struct sockaddr *)&world.address, &world.address_length) == 0);
	world.server = http_server_new(fd);
}

static int send_all(const uint8_t *data, size_t size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(connect(fd, (struct sockaddr *)&world.address, world.address_length) == 0);
	must(size == 0 || send(fd, data, size, MSG_NOSIGNAL) == (ssize_t)size);
	must(shutdown(fd, SHUT_WR) == 0);
	return fd;
}

static void check_request(const struct http_request *request)
{
	const char *const lines[] = {
		request->method_name,    request->query,           request->content_type,
		request->client_address, request->accept_language, request->accept,
		request->user_agent,     request->referer,         request->origin,
		request->sec_fetch_site, request->if_none_match,   request->if_modified_since,
		request->authorization,
	};

	for (size_t i = 0; i < ARRAY_COUNT(lines); i++)
		must_be_one_line(lines[i]);
	must_be_good_path(request->path);
	must_be_good_pairs(&request->parameters, HTTP_FIELDS_MAX);
	must_be_good_pairs(&request->form, HTTP_FIELDS_MAX);
	must_be_good_pairs(&request->cookies, HTTP_COOKIES_MAX);
	must(request->body_length <= HTTP_BODY_MAX_BYTES);
	must(request->body[request->body_length] == '\0');
}

static void answer(struct arena *arena, const struct http_request *request)
{
	struct http_response response = { .status = 200, .content_type = "text/plain" };

	buf_init(&response.headers, arena, 1000);
	buf_init(&response.body, arena, 1000);
	buf_text(&response.body, "answer");
	http_send(world.server, request, &response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const volatile int should_stop = HTTP_STOP_NOT;
	struct http_request request;
	enum err refusal;

	if (size > INPUT_MAX_BYTES)
		return 0;
	if (world.server == NULL)
		start();
	int fd = send_all(data, size);
	struct arena *arena = arena_new(FUZZ_ARENA_BYTES);
	enum http_accept_result result = http_accept(world.server, arena, NULL, &should_stop, 0,
						     &request, &refusal);
	if (result == HTTP_ACCEPT_REQUEST)
		check_request(&request);
	if (result == HTTP_ACCEPT_REFUSED) {
		must(refusal == ERR_BAD_REQUEST || refusal == ERR_TOO_LARGE ||
		     refusal == ERR_UNSUPPORTED);
		must_be_one_line(request.path);
	}
	if (result == HTTP_ACCEPT_REQUEST || result == HTTP_ACCEPT_REFUSED) {
		must(strlen(request.request_id) == 32);
		answer(arena, &request);
	}
	close(fd);
	arena_free(arena);
	return 0;
}
