# shellcheck shell=bash
# A PostgreSQL cluster of the copy's own: it listens on a unix socket only, in a
# folder that nobody else may enter, and knows a person by the operating system
# (peer), so there is no password to keep. PostgreSQL refuses to run as root;
# then it runs as Debian's user postgres.

readonly PG_BIN=/usr/lib/postgresql/15/bin
readonly PG_DATABASE=entraide

# postgres_home: where the cluster and its socket live. Under $VAR when the user
# that runs PostgreSQL can get there; a checkout in /root, say, is closed to it.
# Decided once for a copy, and remembered.
postgres_home() {
	local home
	home=$(setting postgres_home)
	if [ -n "$home" ]; then
		printf '%s' "$home"
	elif [ "$(id -u)" -ne 0 ] || (cd / && runuser -u postgres -- test -x "$VAR"); then
		printf '%s' "$VAR"
	else
		printf '/var/lib/entraide-dev/%s' "$(sha256sum <<<"$VAR" | cut -c1-16)"
	fi
}

postgres_data() {
	printf '%s/postgres' "$(postgres_home)"
}

postgres_socket_folder() {
	local home
	home=$(postgres_home)
	if [ "$home" = "$VAR" ]; then
		printf '%s/postgres' "$RUN"
	else
		printf '%s/socket' "$home"
	fi
}

# as_postgres COMMAND…: as the user that owns the cluster.
as_postgres() {
	if [ "$(id -u)" -eq 0 ]; then
		(cd / && runuser -u postgres -- env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@")
	else
		(cd / && "$@")
	fi
}

# postgres_conninfo ROLE [DATABASE]: entraide owns the tables and migrates; entraide_app is what web
# and worker are, and may only add to the audit log; postgres is the superuser.
postgres_conninfo() {
	printf 'host=%s port=5432 dbname=%s user=%s' \
		"$(postgres_socket_folder)" "${2:-$PG_DATABASE}" "$1"
}

# postgres_psql ROLE ARGUMENTS…
postgres_psql() {
	local role=$1
	shift
	"$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -d "$(postgres_conninfo "$role")" "$@"
}

postgres_is_running() {
	[ -d "$(postgres_data)" ] && as_postgres "$PG_BIN/pg_ctl" -D "$(postgres_data)" status >/dev/null 2>&1
}

postgres_make_folder() {
	local folder=$1
	mkdir -p "$folder"
	[ "$(id -u)" -ne 0 ] || chown postgres:postgres "$folder"
	chmod 0700 "$folder"
}

postgres_initialise() {
	local data unsynced=()
	data=$(postgres_data)
	[ ! -f "$data/PG_VERSION" ] || return 0
	setting_put postgres_home "$(postgres_home)"
	mkdir -p "$(postgres_home)"
	postgres_make_folder "$data"
	[ "$data" = "$VAR/postgres" ] || ln -sfn "$data" "$VAR/postgres"
	# Where data may be lost with the machine, its disk need not be waited for.
	[ "${ENTRAIDE_DEV_FSYNC:-on}" = on ] || unsynced=(--no-sync)
	as_postgres "$PG_BIN/initdb" -D "$data" --username=postgres --encoding=UTF8 \
		--locale=C.UTF-8 --data-checksums --auth=reject --no-instructions "${unsynced[@]}"
}

# Written anew at each start, so a changed value reaches old clusters too.
postgres_configure() {
	local data
	data=$(postgres_data)
	postgres_settings | postgres_write "$data/entraide.conf"
	grep -q "^include 'entraide.conf'" "$data/postgresql.conf" ||
		echo "include 'entraide.conf'" >>"$data/postgresql.conf"
	echo 'local all all peer map=entraide' | postgres_write "$data/pg_hba.conf"
	postgres_identities | postgres_write "$data/pg_ident.conf"
}

postgres_write() {
	cat >"$1"
	[ "$(id -u)" -ne 0 ] || chown postgres:postgres "$1"
}

postgres_settings() {
	cat <<END
listen_addresses = ''
unix_socket_directories = '$(postgres_socket_folder)'
unix_socket_permissions = 0700
port = 5432
cluster_name = 'entraide'
max_connections = 60
# Modest: a laptop runs this beside a browser. What 20,000 questions are read from fits.
shared_buffers = 128MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
# A page is written whole at its first change after a checkpoint; pglz would take longer than
# all else that an answer costs.
wal_compression = lz4
random_page_cost = 1.1
# Our statements take milliseconds; compiling them would take longer.
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = 'time=%m pid=%p user=%u '
log_min_duration_statement = 500
log_checkpoints = off
# Test data may be lost with the machine; a person's may not.
fsync = ${ENTRAIDE_DEV_FSYNC:-on}
full_page_writes = ${ENTRAIDE_DEV_FSYNC:-on}
END
}

postgres_identities() {
	local person role
	for person in $(printf '%s\n' "$(id -un)" postgres | sort -u); do
		for role in entraide entraide_app postgres; do
			printf 'entraide %s %s\n' "$person" "$role"
		done
	done
}

# pg_ctl waits until it accepts connections. Closing 9 lets go of our lock.
postgres_start() {
	local log=$VAR/log/postgres.log
	postgres_configure
	if postgres_is_running; then
		as_postgres "$PG_BIN/pg_ctl" -D "$(postgres_data)" reload
		return
	fi
	postgres_make_folder "$(postgres_socket_folder)"
	touch "$log"
	[ "$(id -u)" -ne 0 ] || chown postgres "$log"
	# The log is opened here: the server's user need not reach the folder.
	as_postgres "$PG_BIN/pg_ctl" -D "$(postgres_data)" -s -w -t 60 start >>"$log" 2>&1 9>&- ||
		{ tail -n 15 "$log"; return 1; }
}

postgres_stop() {
	if postgres_is_running; then
		as_postgres "$PG_BIN/pg_ctl" -D "$(postgres_data)" -w -t 60 -m fast stop
	fi
}

postgres_create_database() {
	postgres_psql postgres -d "$(postgres_conninfo postgres postgres)" <<END
select format('create role %I login', name) from (values ('entraide'), ('entraide_app')) as wanted (name)
where not exists (select from pg_roles where rolname = name) \gexec
select 'create database $PG_DATABASE owner entraide encoding ''UTF8'' template template0'
where not exists (select from pg_database where datname = '$PG_DATABASE') \gexec
END
}

postgres_delete() {
	local home
	home=$(postgres_home)
	rm -rf -- "${home:?}/postgres" "$VAR/postgres"
	[ "$home" = "$VAR" ] || rm -rf -- "${home:?}"
}
