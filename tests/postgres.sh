#!/bin/sh
# A private, throw-away PostgreSQL for tests: its own cluster in its own folder,
# reachable by a unix socket only, so that it meets no other server.
#
#     tests/postgres.sh start DIR [--unsafe]   starts it, prints the conninfo
#     tests/postgres.sh stop DIR               stops it and removes DIR
#
# --unsafe trades the data's safety for speed (fsync off): tests only.
# Started twice it does no harm. PostgreSQL refuses to run as root, so root
# runs it as the user "postgres" (or $ENTRAIDE_POSTGRES_USER).
set -eu

usage() {
	sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
	exit "$1"
}

fail() {
	echo "postgres.sh: $*" >&2
	exit 1
}

# Debian keeps each version's programs apart; the newest wins.
find_programs() {
	for programs in /usr/lib/postgresql/*/bin; do :; done
	[ -x "${programs:-}/initdb" ] ||
		fail "PostgreSQL is missing. On Debian: apt install postgresql"
}

as_server() {
	if [ "$(id -u)" -eq 0 ]; then
		runuser -u "$server_user" -- "$@"
	else
		"$@"
	fi
}

make_cluster() {
	mkdir -p "$directory/socket"
	if [ "$(id -u)" -eq 0 ]; then
		id "$server_user" >/dev/null 2>&1 || fail "there is no user $server_user"
		chown -R "$server_user" "$directory"
		as_server test -w "$directory/socket" ||
			fail "user $server_user cannot reach $directory; take a folder below /tmp"
	fi
	chmod 700 "$directory"
	as_server "$programs/initdb" --pgdata="$directory/data" --username=entraide \
		--auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
		>"$directory/initdb.log" 2>&1 ||
		fail "initdb failed, see $directory/initdb.log"
	cat >>"$directory/data/postgresql.conf" <<-END
		listen_addresses = ''
		unix_socket_directories = '$directory/socket'
		unix_socket_permissions = 0700
		max_connections = 60
		shared_buffers = 64MB
		log_timezone = 'UTC'
		timezone = 'UTC'
	END
}

start() {
	find_programs
	# The kernel allows 107 bytes for the path of a socket.
	[ ${#directory} -le 80 ] || fail "$directory is too long for a unix socket"
	[ -d "$directory/data" ] || make_cluster
	if ! as_server "$programs/pg_ctl" status --pgdata="$directory/data" >/dev/null; then
		as_server "$programs/pg_ctl" start --wait --timeout=60 --silent \
			--pgdata="$directory/data" --log="$directory/server.log" \
			--options="$settings" >/dev/null ||
			fail "the server did not start, see $directory/server.log"
	fi
	psql="$programs/psql -X -q -h $directory/socket -U entraide"
	if [ -z "$($psql -At -d postgres -c \
		"select 1 from pg_database where datname = 'entraide'")" ]; then
		$psql -d postgres -c "create database entraide"
	fi
	echo "host=$directory/socket user=entraide dbname=entraide"
}

stop() {
	find_programs
	[ -d "$directory" ] || return 0
	[ -d "$directory/socket" ] || fail "$directory was not made by this script"
	if as_server "$programs/pg_ctl" status --pgdata="$directory/data" >/dev/null 2>&1; then
		as_server "$programs/pg_ctl" stop --mode=immediate --silent \
			--pgdata="$directory/data" >/dev/null
	fi
	rm -rf "$directory"
}

[ "${1:-}" != --help ] || usage 0
[ $# -ge 2 ] || usage 2
command=$1
mkdir -p "$(dirname "$2")"
directory=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
server_user=${ENTRAIDE_POSTGRES_USER:-postgres}
settings=
if [ "${3:-}" = --unsafe ]; then
	settings="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
fi

case $command in
start) start ;;
stop) stop ;;
*) usage 2 ;;
esac
