# shellcheck shell=bash
# What ./dev says: one line a step with its duration, and on failure the last
# lines of the log and what to do.

# Where quiet steps write; place_open sets it to the copy's own log.
STEP_LOG=/dev/null

# shellcheck disable=SC2034 # BOLD is used by the commands
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
	GREEN=$'\e[32m' RED=$'\e[31m' BOLD=$'\e[1m' PLAIN=$'\e[0m'
else
	GREEN='' RED='' BOLD='' PLAIN=''
fi

note() {
	printf '%s\n' "$*"
}

# fail MESSAGE [WHAT TO DO]: says it and ends.
fail() {
	printf '%s✗ %s%s\n' "$RED" "$1" "$PLAIN" >&2
	[ $# -lt 2 ] || printf '  %s\n' "$2" >&2
	exit 1
}

# seconds_since START: START is an $EPOCHREALTIME (the separator is the
# locale's, so both kinds are taken out).
seconds_since() {
	local now=${EPOCHREALTIME/[.,]/} start=${1/[.,]/}
	local tenths=$(((now - start) / 100000))
	printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# step TITLE WHAT_TO_DO COMMAND…: runs the command (mostly a function) with its
# output in the log. Not to be called in a condition: that would switch set -e
# off inside the command.
step() {
	local title=$1 advice=$2 started=$EPOCHREALTIME status first_line
	shift 2
	first_line=$(($(wc -l <"$STEP_LOG") + 1))
	printf '  %-46s' "$title …"
	set +e
	(
		set -e
		"$@"
	) >>"$STEP_LOG" 2>&1 </dev/null
	status=$?
	set -e
	if [ $status -eq 0 ]; then
		printf '%s✓%s %s\n' "$GREEN" "$PLAIN" "$(seconds_since "$started")"
		return
	fi
	printf '%s✗%s %s\n' "$RED" "$PLAIN" "$(seconds_since "$started")"
	tail -n "+$first_line" "$STEP_LOG" | tail -n 20 | sed 's/^/    | /' >&2
	printf '    the whole log: %s\n' "$STEP_LOG" >&2
	fail "$title failed" "$advice"
}

# step_live TITLE WHAT_TO_DO COMMAND…: the same for what shows its own progress.
step_live() {
	local title=$1 advice=$2 started=$EPOCHREALTIME status
	shift 2
	printf '  %s …\n' "$title"
	set +e
	(
		set -e
		"$@"
	)
	status=$?
	set -e
	[ $status -eq 0 ] || fail "$title failed" "$advice"
	printf '  %-46s%s✓%s %s\n' "$title" "$GREEN" "$PLAIN" "$(seconds_since "$started")"
}
