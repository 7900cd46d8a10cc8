/* See supervised_program.h. */
#include "supervised_program.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/crypto.h"
#include "base/slice.h"
#include "http/http.h"
#include "http/supervisor.h"

#define WORKERS 2

static char *in_folder(struct arena *arena, const char *folder, const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

/* The number in a file, or `otherwise` when there is no such file. */
static int64_t number_in(const char *folder, const char *name, int64_t otherwise)
{
	char path[256], text[32] = "";
	int64_t number = otherwise;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return otherwise;
	if (fgets(text, sizeof(text), file) != NULL)
		text_to_i64(text, &number);
	fclose(file);
	return number;
}

struct site {
	const char *folder;
	int64_t generation;
};

static void answer(struct http_server *server, struct arena *arena,
		   const struct supervisor_worker *worker, const struct http_request *request)
{
	const struct site *site = worker->pool->data;
	struct http_response response = { .status = 200, .content_type = "text/plain" };
	struct metrics_totals *totals = arena_new_of(arena, struct metrics_totals);

	if (strcmp(request->path, "/crash") == 0)
		raise(SIGKILL);
	if (strcmp(request->path, "/slow") == 0)
		usleep(400 * 1000);
	if (strcmp(request->path, "/stuck") == 0)
		sleep(20);
	for (int i = 0; strcmp(request->path, "/busy") == 0 && i < 2000; i++)
		if (supervisor_should_stop(worker) || usleep(10 * 1000) != 0)
			break;
	metrics_count(worker->slot, (struct metrics_sample){ .status = 200 });
	metrics_sum(worker->metrics, totals);
	buf_init(&response.headers, arena, 1000);
	buf_init(&response.body, arena, 1000);
	buf_printf(&response.body, "%d %d %d %d", (int)getpid(), (int)site->generation,
		   (int)totals->requests[0][0], (int)totals->pools[0].restarts);
	http_send(server, request, &response);
}

static void refuse(struct http_server *server, struct arena *arena,
		   const struct http_request *request)
{
	struct http_response response = { .status = 400, .content_type = "text/plain" };

	buf_init(&response.headers, arena, 1000);
	buf_init(&response.body, arena, 1000);
	http_send(server, request, &response);
}

static int work(const struct supervisor_worker *worker)
{
	const struct site *site = worker->pool->data;
	struct http_server *server = http_server_new(worker->listen_fd);
	struct arena *arena = arena_new((size_t)1024 * 1024);
	enum http_accept_result result = HTTP_ACCEPT_IDLE;
	struct http_request request;
	enum err refusal;
	int64_t served = 0;

	if (number_in(site->folder, "workers-die", 0) != 0) {
		int fd = open(in_folder(arena, site->folder, "starts"),
			      O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
		_exit(write(fd, ".", 1) == 1 ? 3 : 4);
	}
	while (result != HTTP_ACCEPT_STOPPED &&
	       (worker->request_limit == 0 || served < worker->request_limit)) {
		arena_reset(arena);
		result = http_accept(server, arena, worker->wait_mask, worker->should_stop, 1000,
				     &request, &refusal);
		if (result == HTTP_ACCEPT_REQUEST) {
			answer(server, arena, worker, &request);
			served++;
		}
		if (result == HTTP_ACCEPT_REFUSED)
			refuse(server, arena, &request);
	}
	arena_free(arena);
	http_server_free(server);
	return 0;
}

static int serve(char **argv, const char *folder)
{
	struct arena *arena = arena_new((size_t)1024 * 1024);
	struct site site = { folder, number_in(folder, "generation", 1) };
	struct supervisor_pool pool = {
		.name = "pages",
		.socket_path = in_folder(arena, folder, "socket"),
		.socket_group = "",
		.workers = (int)number_in(folder, "workers", WORKERS),
		.requests_per_worker = number_in(folder, "requests", 0),
		.niceness = (int)number_in(folder, "niceness", 0),
		.work = work,
		.data = &site,
	};
	int status = supervisor_run(&(struct supervisor_options){ .pools = &pool,
								  .pool_count = 1,
								  .argv = argv,
								  .check_argument = "--check",
								  .drain_ms = 1000 });
	arena_free(arena);
	return status;
}

bool supervised_program(int argc, char **argv, int *status)
{
	if (argc < 3 || strcmp(argv[1], "serve") != 0)
		return false;
	if (argc == 4 && strcmp(argv[3], "--check") == 0)
		*status = (int)number_in(argv[2], "check-fails", 0);
	else
		*status = crypto_init() ? serve(argv, argv[2]) : EXIT_FAILURE;
	return true;
}
