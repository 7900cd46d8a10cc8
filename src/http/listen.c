/*
 * The listening unix socket. A socket file left behind by a process that was
 * killed is taken away, one that somebody answers on is not, and a file that is
 * no socket is never touched.
 */
#include <errno.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "http/http.h"

#define BACKLOG     511
#define SOCKET_MODE 0660

static enum http_listen_result failed(const char *path, const char *step)
{
	log_event(LOG_LEVEL_ERROR, "listen_failed", "path", path, "step", step, "error",
		  strerrorname_np(errno), NULL);
	return HTTP_LISTEN_FAILED;
}

/* Makes room at the address: OK when nothing stands there any more. */
static enum http_listen_result clear_stale(const struct sockaddr_un *address)
{
	struct stat found;

	if (lstat(address->sun_path, &found) != 0)
		return errno == ENOENT ? HTTP_LISTEN_OK : failed(address->sun_path, "stat");
	if (!S_ISSOCK(found.st_mode)) {
		errno = ENOTSOCK;
		return failed(address->sun_path, "stat");
	}
	int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (probe < 0)
		return failed(address->sun_path, "socket");
	int result = connect(probe, (const struct sockaddr *)address, sizeof(*address));
	int reason = errno;
	close(probe);
	/* EAGAIN: somebody listens, and has a full queue. */
	if (result == 0 || reason == EAGAIN)
		return HTTP_LISTEN_BUSY;
	errno = reason;
	if (reason == ECONNREFUSED && unlink(address->sun_path) == 0)
		return HTTP_LISTEN_OK;
	return failed(address->sun_path, "connect");
}

static bool give_to_group(const char *path, const char *group)
{
	struct group entry, *found = NULL;
	char space[4096];

	if (group[0] == '\0')
		return true;
	int result = getgrnam_r(group, &entry, space, sizeof(space), &found);
	if (found == NULL) {
		errno = result != 0 ? result : ENOENT;
		return false;
	}
	return chown(path, (uid_t)-1, found->gr_gid) == 0;
}

static bool bind_closed(int fd, const struct sockaddr_un *address)
{
	/* Nobody gets in between bind and chmod. */
	mode_t previous = umask(0177);
	int result = bind(fd, (const struct sockaddr *)address, sizeof(*address));

	umask(previous);
	return result == 0;
}

enum http_listen_result http_listen(const char *path, const char *group, int *fd_out)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);

	if (length == 0 || length >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return failed(path, "path");
	}
	memcpy(address.sun_path, path, length);
	enum http_listen_result result = clear_stale(&address);
	if (result != HTTP_LISTEN_OK)
		return result;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return failed(path, "socket");
	const char *step = NULL;
	if (!bind_closed(fd, &address))
		step = "bind";
	else if (!give_to_group(path, group))
		step = "group";
	else if (chmod(path, SOCKET_MODE) != 0)
		step = "chmod";
	else if (listen(fd, BACKLOG) != 0)
		step = "listen";
	if (step != NULL) {
		result = failed(path, step);
		close(fd);
		return result;
	}
	*fd_out = fd;
	return HTTP_LISTEN_OK;
}
