# shellcheck shell=bash
# Processes that go on after ./dev has ended. A pid file holds the process id
# and its start time, so that a number used again by the system is never taken
# for ours, let alone killed.

# process_started_at PID: its start in clock ticks since boot; fails when gone.
process_started_at() {
	local stat
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	# The name, in brackets, may hold anything: start after its end.
	read -r -a stat <<<"${stat##*) }"
	[ "${stat[0]}" != Z ] || return 1
	printf '%s' "${stat[19]}"
}

# process_pid NAME: its process id; fails when it does not run.
process_pid() {
	local pid noted started
	read -r pid noted 2>/dev/null <"$RUN/$1.pid" || return 1
	started=$(process_started_at "$pid") || return 1
	[ "$noted" = "$started" ] || return 1
	printf '%s' "$pid"
}

process_is_running() {
	process_pid "$1" >/dev/null
}

# process_start NAME COMMAND…: in a session of its own, without terminal, its
# output in log/NAME.log. Fails when it ends within a moment.
process_start() {
	local name=$1 pid
	shift
	setsid "$@" </dev/null >>"$VAR/log/$name.log" 2>&1 9>&- &
	pid=$!
	printf '%s %s\n' "$pid" "$(process_started_at "$pid")" >"$RUN/$name.pid"
	sleep 0.2
	if ! process_is_running "$name"; then
		echo "$name ended at once; its log, $VAR/log/$name.log, says:"
		tail -n 15 "$VAR/log/$name.log"
		return 1
	fi
}

# process_stop NAME SIGNAL SECONDS: asks, waits, then insists.
process_stop() {
	local name=$1 signal=$2 tenths=$(($3 * 10)) pid
	if pid=$(process_pid "$name"); then
		kill -s "$signal" "$pid" 2>/dev/null || true
		while process_is_running "$name" && [ $tenths -gt 0 ]; do
			sleep 0.1
			tenths=$((tenths - 1))
		done
		if process_is_running "$name"; then
			echo "$name (process $pid) did not stop by itself: killed"
			kill -s KILL "$pid" 2>/dev/null || true
		fi
	fi
	rm -f "$RUN/$name.pid"
}

# process_fingerprint FILE…: changes when one of the files did.
process_fingerprint() {
	cat -- "$@" | sha256sum | cut -c1-64
}

# process_keep NAME SIGNAL FINGERPRINT COMMAND…: leaves it alone when it runs
# with the same fingerprint; else (re)starts it.
process_keep() {
	local name=$1 signal=$2 fingerprint=$3
	shift 3
	if process_is_running "$name" && [ "$(cat "$RUN/$name.made-from" 2>/dev/null)" = "$fingerprint" ]; then
		return 0
	fi
	process_stop "$name" "$signal" 20
	process_start "$name" "$@"
	printf '%s\n' "$fingerprint" >"$RUN/$name.made-from"
}

# process_describe PID: how many it is with its descendants, memory and age.
process_describe() {
	local leader=$1 family=() kilobytes=0 pid age
	process_family "$leader"
	for pid in "${family[@]}"; do
		kilobytes=$((kilobytes + $(process_kilobytes "$pid")))
	done
	age=$(($(cut -d. -f1 /proc/uptime) - $(process_started_at "$leader") / $(getconf CLK_TCK)))
	printf 'process %s, %d in all, %d MB resident, for %dh%02dm%02ds' "$leader" ${#family[@]} \
		$((kilobytes / 1024)) $((age / 3600)) $((age / 60 % 60)) $((age % 60))
}

# Adds the process and what it started to the caller's array `family`.
process_family() {
	local children=() child
	family+=("$1")
	read -r -a children 2>/dev/null <"/proc/$1/task/$1/children" || true
	for child in "${children[@]}"; do
		process_family "$child"
	done
}

process_kilobytes() {
	awk '/^VmRSS:/ { found = $2 } END { print found + 0 }' "/proc/$1/status" 2>/dev/null || echo 0
}
