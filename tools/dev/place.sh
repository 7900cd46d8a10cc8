# shellcheck shell=bash
# A running copy lives in one folder, $VAR: the build, the database, sockets,
# logs, mails. This file knows its layout and what it remembers between calls.
#
#   build/ prefix/   the program, built and installed
#   postgres/        the cluster (or a link to it, see postgres_home)
#   run/             sockets and pid files (or a link: socket paths are short)
#   nginx/           its configuration, made from nginx/ of the sources
#   theme/           the theme with the demo's texts
#   index/ mail/ log/ tmp/ media/
#   facebook/        with --with-facebook: secrets, and the Page as it was
#   entraide.conf secret settings

VAR=''
RUN=''
SETTINGS=''

# A socket's path may have 107 bytes; the longest of ours follows the folder.
readonly SOCKET_PATH_MAX=107
readonly SOCKET_LONGEST=/postgres/.s.PGSQL.5432.lock

# place_open DIR: makes the folder where needed and takes its lock, so that two
# ./dev on one copy follow each other.
place_open() {
	place_name "$1"
	case $VAR in
	*[[:space:]\'\"\$]*) fail "the path $VAR has a character that make cannot take" \
		"Choose another folder: --var DIR" ;;
	esac
	mkdir -p "$VAR" 2>/dev/null || fail "$VAR cannot be made" "Choose another folder: --var DIR"
	[ -w "$VAR" ] || fail "$VAR belongs to $(stat -c %U "$VAR")" \
		"Run ./dev as that user, or choose another folder: --var DIR"
	exec 9>>"$VAR/lock"
	if ! flock -n 9; then
		note "  Another ./dev works on $VAR; waiting …"
		flock 9
	fi
	mkdir -p "$VAR"/{log,mail,tmp,nginx}
	chmod 0700 "$VAR/mail"
	touch "$SETTINGS"
	STEP_LOG=$VAR/log/dev.log
	printf '\n== %s: ./dev %s\n' "$(date -u +%FT%TZ)" "$COMMAND_LINE" >>"$STEP_LOG"
	place_run_folder
}

# place_name DIR: only the names; for commands that look and do not touch.
place_name() {
	VAR=$(realpath -m -- "$1")
	SETTINGS=$VAR/settings
	RUN=$VAR/run
	[ ! -e "$RUN" ] || RUN=$(realpath -- "$RUN")
}

place_run_folder() {
	if [ $((${#RUN} + ${#SOCKET_LONGEST})) -gt $SOCKET_PATH_MAX ] || [ -L "$VAR/run" ]; then
		# The link outlives /tmp's contents when the machine restarts.
		if [ ! -d "$VAR/run" ] || [ ! -O "$VAR/run" ]; then
			RUN=$(mktemp -d /tmp/entraide.XXXXXX)
			ln -sfn "$RUN" "$VAR/run"
		fi
		RUN=$(realpath -- "$VAR/run")
	else
		mkdir -p "$RUN"
	fi
	chmod 0755 "$RUN"
}

# setting NAME [DEFAULT] / setting_put NAME VALUE: what a copy remembers.
setting() {
	local value=''
	[ ! -f "$SETTINGS" ] || value=$(sed -n "s/^$1=//p" "$SETTINGS")
	printf '%s' "${value:-${2:-}}"
}

setting_put() {
	sed -i "/^$1=/d" "$SETTINGS"
	printf '%s=%s\n' "$1" "$2" >>"$SETTINGS"
}

# free_port: one that the kernel has to spare, on loopback.
free_port() {
	/usr/bin/python3 -c 'import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

# port_is_taken PORT: does anybody accept connections there?
port_is_taken() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
