# shellcheck shell=bash
# The commands around a running copy: up, down, status, logs, psql, mail, run.

# For the log; set by options_take.
COMMAND_LINE=''
# What a copy consists of, besides PostgreSQL.
processes() {
	printf 'nginx web worker mail'
	! facebook_is_wanted || printf ' facebook'
}

# options_take NAMES… -- ARGUMENTS…: reads options into OPTION[name]; a name
# that ends in = takes a value. What is no option, and all after --, ends up in
# REST; with the name '...' so do options that are not ours.
declare -A OPTION
REST=()
options_take() {
	local known=' ' name
	while [ "$1" != -- ]; do
		known+="$1 "
		shift
	done
	shift
	# shellcheck disable=SC2034 # place_open writes it to the log
	COMMAND_LINE="${FUNCNAME[1]#command_} $*"
	while [ $# -gt 0 ]; do
		name=${1#--}
		if [ "$1" = -- ]; then
			shift
			REST+=("$@")
			return
		elif [[ $1 == --*=* && $known == *" ${name%%=*}= "* ]]; then
			OPTION[${name%%=*}]=${name#*=}
		elif [[ $1 == --* && $known == *" $name= "* ]]; then
			[ $# -gt 1 ] || fail "$1 needs a value" "See ./dev help"
			OPTION[$name]=$2
			shift
		elif [[ $1 == --* && $known == *" $name "* ]]; then
			OPTION[$name]=yes
		elif [[ $1 == --* && $known != *" ... "* ]]; then
			fail "${FUNCNAME[1]#command_} does not know $1" "See ./dev help"
		else
			REST+=("$1")
		fi
		shift
	done
}

option() {
	printf '%s' "${OPTION[$1]:-${2:-}}"
}

no_rest() {
	[ ${#REST[@]} -eq 0 ] || fail "what is '${REST[0]}'?" "See ./dev help"
}

# Commands that look at a copy without making one.
place_look() {
	place_name "$(option var "$ROOT/var")"
	[ -f "$SETTINGS" ] || fail "there is no copy in $VAR" "Start one: ./dev up"
	PREFIX=$(setting prefix "$VAR/prefix")
}

command_up() {
	local port import
	options_take var= port= host= empty import= with-facebook prefix= -- "$@"
	no_rest
	import=$(option import)
	[ -z "$import" ] || import=$(up_import_folder "$import")
	place_open "$(option var "$ROOT/var")"
	port=$(option port "$(setting port 8080)")
	up_check_port "$port"

	note "Entraide in $VAR"
	packages_need build run
	up_program
	up_settings "$port"
	step "Starting PostgreSQL" "$VAR/log/postgres.log has the details." up_database
	step "Writing the configuration" "nginx's complaint above names the line." site_configure
	step "Bringing the tables up to date" "If a migration was edited after it ran, start afresh: ./dev down --delete" \
		site_program_as_owner migrate
	up_content "$import"
	step "Starting worker, web and nginx" "./dev logs shows more." up_processes
	step "Waiting for the first page" "./dev logs shows more." site_wait
	! facebook_is_wanted || step "Mirroring the Page" "./dev logs facebook worker shows more." facebook_mirror
	up_say
}

up_import_folder() {
	[ -f "$1/Posts.xml" ] || fail "$1 has no Posts.xml" \
		"--import wants the folder of an unpacked Stack Exchange dump."
	realpath -- "$1"
}

up_check_port() {
	if ! [[ $1 =~ ^[0-9]{1,5}$ ]] || [ "$1" -lt 1 ] || [ "$1" -gt 65535 ]; then
		fail "--port $1 is no port" "Give a number from 1024 to 65535."
	fi
	if process_is_running nginx && [ "$(setting nginx_port)" = "$1" ]; then
		return
	fi
	! port_is_taken "$1" || fail "something else listens on port $1" \
		"Choose another: ./dev up --port $(($1 + 1))"
}

up_program() {
	if [ -n "$(option prefix)" ]; then
		PREFIX=$(realpath -m -- "$(option prefix)")
		[ -x "$PREFIX/bin/entraide" ] || fail "$PREFIX/bin/entraide is not there" \
			"--prefix wants a folder where make install has been."
	else
		build_program
	fi
	setting_put prefix "$PREFIX"
}

up_settings() {
	local mail_port
	setting_put port "$1"
	setting_put host "$(option host "$(setting host 127.0.0.1)")"
	if [ "$(setting content)" = '' ]; then
		setting_put content "$([ "$(option empty)" = yes ] && echo empty || echo demo)"
	fi
	mail_port=$(setting mail_port)
	if [ -z "$mail_port" ] || { ! process_is_running mail && port_is_taken "$mail_port"; }; then
		setting_put mail_port "$(free_port)"
	fi
	[ "$(option with-facebook)" != yes ] || setting_put facebook yes
	! facebook_is_wanted || facebook_settings
}

up_database() {
	postgres_initialise
	postgres_start
	postgres_create_database
}

# The demo community until it is whole, never in a copy that began without it; a
# dump until it was imported once. Both go on where they were interrupted.
up_content() {
	local import=$1
	if [ "$(setting content)" = demo ] && [ "$(setting seeded)" != yes ]; then
		step_live "Making the demo community" "./dev down --delete starts afresh." \
			site_program_as_owner demo "$ROOT/demo"
		setting_put seeded yes
	fi
	if [ -n "$import" ] && [ "$(setting imported)" != "$import" ]; then
		step_live "Importing $(basename "$import")" "Run it again: it goes on where it stopped." \
			site_program_as_owner import stackexchange "$import"
		setting_put imported "$import"
	fi
}

up_processes() {
	site_start_mail
	! facebook_is_wanted || facebook_start
	site_start_worker
	site_start_web
	site_start_nginx
}

up_say() {
	local this=''
	printf '\n%sThe forum is at %s/%s\n' "$BOLD" "$(site_url)" "$PLAIN"
	! facebook_is_wanted || up_say_facebook
	if [ "$(setting content)" = demo ]; then
		note
		up_demo_logins
	fi
	note
	[ "$VAR" = "$ROOT/var" ] || this=" --var $VAR"
	note "Stop it: ./dev down$this"
	note "Mails it sent: ./dev mail$this    What it does: ./dev logs -f$this"
}

up_say_facebook() {
	printf '%sThe "Facebook" Page is at %s/%s\n' "$BOLD" "$(facebook_url)" "$PLAIN"
	note "What is written there appears in the forum; an advisor's answer here, there."
}

up_demo_logins() {
	note "Demo logins (password: entraide-demo-2026):"
	/usr/bin/python3 "$ROOT/tools/dev/demo_logins.py" "$ROOT/demo/people.json"
}

command_down() {
	options_take var= delete -- "$@"
	no_rest
	place_look
	place_open "$VAR"
	step "Stopping what runs" "./dev status shows what is left." site_stop
	if [ "$(option delete)" = yes ]; then
		step "Deleting its data" "" down_delete
	fi
}

# Only what ./dev made; the build stays, it holds no data.
down_delete() {
	local run
	run=$(realpath -- "$VAR/run")
	postgres_delete
	rm -rf -- "${VAR:?}"/{index,mail,tmp,nginx,theme,facebook,media,entraide.conf,secret,settings,run}
	rm -rf -- "${run:?}"
}

command_status() {
	local name pid down=0
	options_take var= -- "$@"
	no_rest
	place_look
	note "Entraide in $VAR, $(site_url)/"
	for name in $(processes); do
		if pid=$(process_pid "$name"); then
			printf '  %-10s %srunning%s  %s\n' "$name" "$GREEN" "$PLAIN" "$(process_describe "$pid")"
		else
			printf '  %-10s %sstopped%s\n' "$name" "$RED" "$PLAIN"
			down=1
		fi
	done
	if postgres_is_running; then
		pid=$(head -n 1 "$(postgres_data)/postmaster.pid")
		printf '  %-10s %srunning%s  %s\n' postgres "$GREEN" "$PLAIN" "$(process_describe "$pid")"
	else
		printf '  %-10s %sstopped%s\n' postgres "$RED" "$PLAIN"
		down=1
	fi
	if [ $down -eq 0 ] && ! site_is_ready >/dev/null; then
		note "  It runs, but $(site_url)/readyz does not say yes."
		down=1
	fi
	return $down
}

command_logs() {
	local files=() name follow=()
	options_take var= -- "$@"
	place_look
	for name in "${REST[@]}"; do
		case $name in
		-f) follow=(-F) ;;
		nginx) files+=("$VAR/log/nginx.log" "$VAR/log/access.log") ;;
		web | worker | postgres | mail | facebook | dev) files+=("$VAR/log/$name.log") ;;
		*) fail "there is no log '$name'" "One of: web worker nginx postgres mail facebook dev" ;;
		esac
	done
	[ ${#files[@]} -gt 0 ] || files=("$VAR"/log/{web,worker,nginx,postgres}.log)
	touch "${files[@]}"
	exec tail -n 40 "${follow[@]}" "${files[@]}"
}

command_psql() {
	options_take var= ... -- "$@"
	place_look
	postgres_is_running || fail "its PostgreSQL does not run" "Start it: ./dev up"
	exec "$PG_BIN/psql" -d "$(postgres_conninfo entraide)" "${REST[@]}"
}

command_mail() {
	options_take var= -- "$@"
	place_look
	[[ ${REST[0]:-5} =~ ^[0-9]+$ ]] || fail "how many mails is '${REST[0]}'?" "./dev mail 3"
	exec /usr/bin/python3 "$MAILCATCHER" show -n "${REST[0]:-5}" "$VAR/mail"
}

command_run() {
	options_take var= ... -- "$@"
	place_look
	site_program "${REST[@]}"
}

command_bench() {
	if [ "${1:-}" = search ]; then
		bench_search "${@:2}"
		return
	fi
	packages_need build run bench
	if [ "${1:-}" = rebuild ]; then
		exec /usr/bin/python3 "$ROOT/tests/bench/rebuild.py" "${@:2}"
	elif [ "${1:-}" = mirror ]; then
		exec /usr/bin/python3 "$ROOT/tests/bench/mirror.py" "${@:2}"
	elif [ "${1:-}" = admin ]; then
		exec /usr/bin/python3 "$ROOT/tests/bench/admin.py" "${@:2}"
	elif [ "${1:-}" = desk ]; then
		exec /usr/bin/python3 "$ROOT/tests/bench/desk.py" "${@:2}"
	fi
	exec /usr/bin/python3 "$ROOT/tests/bench/bench.py" "$@"
}

command_chaos() {
	packages_need build run bench
	exec /usr/bin/python3 "$ROOT/tests/chaos/chaos.py" "$@"
}

# bench_search ARGUMENTS: needs no site, only the program.
bench_search() {
	[[ " $* " != *" --help "* ]] || exec /usr/bin/python3 "$ROOT/tests/bench/search.py" --help
	options_take var= ... -- "$@"
	place_open "$(option var "$ROOT/var/bench-search")"
	packages_need build
	build_program
	exec /usr/bin/python3 "$ROOT/tests/bench/search.py" --var "$VAR" "${REST[@]}"
}
