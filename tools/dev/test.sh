# shellcheck shell=bash
# ./dev test: builds with warnings as errors in var/test and runs the parts, the
# quick ones first. Each part's own runner speaks; at the end the closing lines
# of all stand together. The exit code is true only when all passed.

readonly TEST_PARTS='lint layers unit fuzz tools crisis convergence chaos simulation http browser'
# Each keeps one processor busy, so one of TEST_BEHIND runs beside that in front.
readonly TEST_LONG='tools crisis convergence simulation http browser' TEST_BEHIND='browser http'
PYTEST_ARGUMENTS=()
TEST_STORIES=()
TEST_YEAR=()
TEST_CRISIS=()
declare -A TEST_SECONDS TEST_CLOSING TEST_STATUS TEST_PROCESS

command_test() {
	local parts=() word flags=(--enable-werror) name=test
	options_take var= sanitize from= seeds= steps= seed= full ... -- "$@"
	TEST_STORIES=(--from "$(option from 1)" --seeds "$(option seeds 3)" --steps "$(option steps 60)")
	TEST_YEAR=(--seed "$(option seed 1)")
	# A year that is named is one year; without a name they are three.
	TEST_CRISIS=(--seed "$(option seed 1)" --seeds "$(option seeds "$([ -n "$(option seed)" ] && echo 1 || echo 3)")")
	[ "$(option full)" != yes ] || TEST_YEAR+=(--full)
	for word in "${REST[@]}"; do
		if [[ " $TEST_PARTS " == *" $word "* ]] && [ ${#PYTEST_ARGUMENTS[@]} -eq 0 ]; then
			parts+=("$word")
		else
			PYTEST_ARGUMENTS+=("$word")
		fi
	done
	[ ${#PYTEST_ARGUMENTS[@]} -eq 0 ] || [[ " $* " == *' -- '* ]] ||
		fail "there is no test part '${PYTEST_ARGUMENTS[0]}'" "One of: $TEST_PARTS"
	[ ${#parts[@]} -gt 0 ] || read -r -a parts <<<"$TEST_PARTS"
	if [ "$(option sanitize)" = yes ]; then
		flags+=(--enable-sanitize)
		name=test-sanitize
	fi
	place_open "$(option var "$ROOT/var/$name")"
	note "Testing ${parts[*]}, in $VAR"
	packages_need build run test
	build_program "${flags[@]}"
	test_environment
	for word in "${parts[@]}"; do
		test_prepare_part "$word"
	done
	for word in "${parts[@]}"; do
		test_begin_beside "$word" "${parts[@]}"
		test_begin_part "$word"
		test_end_part "$word"
	done
	test_say "${parts[@]}"
}

# What the tests in Python read (tests/support/site.py).
test_environment() {
	export ENTRAIDE_TEST_PREFIX=$PREFIX
	export ENTRAIDE_TEST_VAR=$VAR
	export ENTRAIDE_TEST_BUILD=$VAR/build
	export ENTRAIDE_TEST_NPM=$VAR/npm/node_modules
	export PYTHONDONTWRITEBYTECODE=1
	# Test data may be lost with the machine: not waiting for the disk is faster.
	export ENTRAIDE_DEV_FSYNC=off
}

# test_begin_beside NAME PART…: when a long part is about to run, starts the longest of the
# others beside it; two of them where there are three processors. They step back for the one
# in front: the browser's tests have time, some of HTTP measure it.
test_begin_beside() {
	local front=$1 name free=$(($(nproc) - 1))
	[[ " $TEST_LONG " == *" $front "* ]] || return 0
	shift
	for name in $TEST_BEHIND; do
		if [ "$name" != "$front" ] && [ $free -gt 0 ] && [[ " $* " == *" $name "* ]]; then
			test_begin_part "$name" nice
			free=$((free - 1))
		fi
	done
}

# test_begin_part NAME [nice]: starts it, its words go to its log.
test_begin_part() {
	local name=$1 how=${2:-} log=$VAR/log/test-$1.log
	[ -z "${TEST_PROCESS[$name]:-}" ] || return 0
	: >"$log"
	# A process group of its own, so that an interrupted run leaves nothing behind.
	set -m
	(
		set +e
		[ "$how" != nice ] || renice -n 5 -p "$BASHPID" >/dev/null
		started=$EPOCHREALTIME
		(
			set -e
			"test_part_$name"
		)
		status=$?
		seconds_since "$started" >"$log.seconds"
		exit $status
	) </dev/null >"$log" 2>&1 9>&- &
	TEST_PROCESS[$name]=$!
	set +m
	trap test_interrupted INT TERM
}

test_interrupted() {
	local process
	for process in "${TEST_PROCESS[@]}"; do
		kill -TERM -- "-$process" 2>/dev/null || true
	done
	exit 130
}

# test_end_part NAME: shows what it says until it ends, keeps its closing line.
test_end_part() {
	local name=$1 log=$VAR/log/test-$1.log
	printf '\n%s== %s%s\n' "$BOLD" "$name" "$PLAIN"
	tail -n +1 -f --pid="${TEST_PROCESS[$name]}" "$log"
	TEST_STATUS[$name]=0
	wait "${TEST_PROCESS[$name]}" || TEST_STATUS[$name]=$?
	TEST_SECONDS[$name]=$(cat "$log.seconds")
	TEST_CLOSING[$name]=$(grep -E '(passed|failed|error|no tests ran)' "$log" |
		grep -E '^(=+ .* in [0-9.]+s.* =+|[a-z]+: [0-9]+ passed, .*)$' | tail -n 1 || true)
}

# What both need is fetched once, before they start.
test_prepare_part() {
	case $1 in
	http | browser) test_npm ;;
	esac
}

test_part_lint() {
	test_checks lint \
		"format|make -C $VAR/build format-check" \
		"analysis|make -C $VAR/build -s -k -j$(nproc) lint" \
		"shell|shellcheck -x dev .ci/run tools/dev/*.sh tests/*.sh" \
		"translations|make -C $VAR/build check-po" \
		"demo texts|/usr/bin/python3 demo/check.py"
}

test_part_layers() {
	test_checks layers \
		"who includes whom|make -C $VAR/build check-layers" \
		"what make check looks at besides|make -C $VAR/build check-local"
}

# test_checks NAME 'TITLE|COMMAND'…: runs each in the checkout, shows the output
# of those that failed, and ends with a closing line.
test_checks() {
	local name=$1 check output passed=0 failed=0 started
	shift
	cd "$ROOT"
	for check in "$@"; do
		started=$EPOCHREALTIME
		if output=$(bash -c "${check#*|}" 2>&1); then
			printf '  %-46s✓ %s\n' "${check%%|*}" "$(seconds_since "$started")"
			passed=$((passed + 1))
		else
			printf '  %-46s✗ %s\n%s\n' "${check%%|*}" "$(seconds_since "$started")" "$output"
			failed=$((failed + 1))
		fi
	done
	printf '%s: %d passed, %d failed\n' "$name" $passed $failed
	[ $failed -eq 0 ]
}

# The unit tests have a cluster of their own, thrown away at the end.
test_part_unit() {
	# Not local: the trap, at the end of this part's shell, reads it.
	cluster=$(mktemp -d /tmp/entraide-unit.XXXXXX)
	# PostgreSQL's user may not be able to enter the checkout.
	cd /
	trap '"$ROOT/tests/postgres.sh" stop "$cluster/postgres"; rm -rf -- "$cluster"' EXIT
	chmod 0755 "$cluster"
	ENTRAIDE_TEST_DATABASE=$("$ROOT/tests/postgres.sh" start "$cluster/postgres" --unsafe)
	export ENTRAIDE_TEST_DATABASE
	test_make_check unit
}

test_part_fuzz() {
	test_make_check fuzz
}

# test_make_check FOLDER: the programs that tests/FOLDER/local.mk lists.
test_make_check() {
	local folder=$1 programs status=0 program
	programs=$(sed -n "s|^check_PROGRAMS += *\(tests/$folder/[^ ]*\)|\1|p" \
		"$ROOT/tests/$folder/local.mk" | tr '\n' ' ')
	[ -n "$programs" ] || fail "tests/$folder/local.mk lists no program"
	build_locked build_make -s -k check-TESTS VERBOSE=1 TESTS="$programs" || status=1
	for program in $programs; do
		printf '%s\n' "$program"
		test_program_closing "$VAR/build/$program.log"
	done
	test_count_programs "$folder" "$programs"
	return $status
}

# What cmocka says at the end; where a program said nothing of the kind, its end.
test_program_closing() {
	if [ ! -f "$1" ]; then
		echo "did not run"
		return
	fi
	grep -hE '^\[ *(=+|PASSED|FAILED|SKIPPED|ERROR) *\] ' "$1" | grep -E 'test\(s\)|FAILED|ERROR' ||
		tail -n 2 "$1"
}

test_count_programs() {
	local name=$1 program log passed=0 failed=0 skipped=0
	for program in $2; do
		log=$VAR/build/$program.log
		if grep -qE '^\[==========\] .*test\(s\) run' "$log" 2>/dev/null; then
			passed=$((passed + $(test_sum "$log" PASSED)))
			failed=$((failed + $(test_sum "$log" FAILED)))
			skipped=$((skipped + $(test_sum "$log" SKIPPED)))
		elif grep -q ':test-result: PASS' "${log%.log}.trs" 2>/dev/null; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
		fi
	done
	printf '%s: %d passed, %d failed, %d skipped\n' "$name" $passed $failed $skipped
}

test_sum() {
	awk -v word="$2" '$2 == word && $5 ~ /^test\(s\)/ { sum += $4 } END { print sum + 0 }' "$1"
}

# Stories on a fake Page with our worker dying under them; few here, more by --seeds.
test_part_convergence() {
	cd "$ROOT"
	/usr/bin/python3 tests/convergence/converge.py --build "$VAR/build" "${TEST_STORIES[@]}"
}

# Few rounds of what ./dev chaos breaks, on the program that the other parts use.
test_part_chaos() {
	cd "$ROOT"
	ENTRAIDE_DEV_FSYNC=on /usr/bin/python3 tests/chaos/chaos.py --short --prefix "$PREFIX" --var "$VAR/chaos"
}

# A year of a small community through the rules, worked out a second time at the end.
test_part_simulation() {
	cd "$ROOT"
	build_locked build_make -s tests/simulation/driver
	/usr/bin/python3 tests/simulation/simulate.py --build "$VAR/build" "${TEST_YEAR[@]}"
}

# Made-up years of questions with ten incidents each, which must all be seen.
test_part_crisis() {
	cd "$ROOT"
	build_locked build_make -s tests/crisis/year
	"$VAR/build/tests/crisis/year" "${TEST_CRISIS[@]}"
}

test_part_tools() {
	test_pytest tools
}

test_part_http() {
	test_pytest http
}

test_part_browser() {
	test_pytest browser
}

test_pytest() {
	cd "$ROOT"
	/usr/bin/python3 -m pytest -p no:cacheprovider -ra --tb=short --color=no \
		--durations=10 "tests/$1" "${PYTEST_ARGUMENTS[@]}"
}

# axe-core and the HTML checker.
test_npm() {
	npm_fetch npm "$ROOT/tests/package.json"
}

# npm_fetch NAME PACKAGE_JSON: what that lists is in $VAR/NAME/node_modules. Test tools only,
# kept outside the sources.
npm_fetch() {
	local folder=$VAR/$1 list=$2
	cmp -s "$list" "$folder/package.json" && return 0
	mkdir -p "$folder/try"
	echo "Fetching test tools with npm: $(sed -n 's/.*"description": "\(.*\)".*/\1/p' "$list")"
	cp "$list" "$folder/try/package.json"
	if ! npm install --prefix "$folder/try" --no-package-lock --ignore-scripts \
		--no-audit --no-fund --loglevel=error; then
		echo "npm could not fetch the test tools: is its registry reachable?"
		return 1
	fi
	rm -rf -- "${folder:?}/node_modules"
	mv "$folder/try/node_modules" "$folder/"
	mv "$folder/try/package.json" "$folder/package.json"
	rm -rf -- "${folder:?}/try"
}

# test_say PART…: what each runner said last, then the sum of all.
test_say() {
	local name mark failed_parts=() all=''
	printf '\n%s== all parts%s\n' "$BOLD" "$PLAIN"
	for name in "$@"; do
		mark="$GREEN✓$PLAIN"
		if [ "${TEST_STATUS[$name]}" -ne 0 ]; then
			mark="$RED✗$PLAIN"
			failed_parts+=("$name")
		fi
		printf '%s %-8s %8s  %s\n' "$mark" "$name" "${TEST_SECONDS[$name]}" \
			"${TEST_CLOSING[$name]:-no closing line}"
		all+="${TEST_CLOSING[$name]}"$'\n'
	done
	for name in "$@"; do
		[ -z "${TEST_CLOSING[$name]}" ] || printf '%s\n' "${TEST_CLOSING[$name]}"
	done
	test_total "$all" ${#failed_parts[@]}
	[ ${#failed_parts[@]} -eq 0 ] || fail "failed: ${failed_parts[*]}" \
		"The logs: $VAR/log/test-PART.log; one part alone: ./dev test ${failed_parts[0]}"
}

# A part that failed without counting a failure counts as one.
test_total() {
	local word passed=0 failed=0 skipped=0 number=0
	for word in $1; do
		case ${word%,} in
		passed) passed=$((passed + number)) ;;
		failed | error | errors) failed=$((failed + number)) ;;
		skipped) skipped=$((skipped + number)) ;;
		esac
		number=${word//[!0-9]/}
		number=${number:-0}
	done
	[ "$failed" -ge "$2" ] || failed=$2
	printf '%d passed, %d failed, %d skipped\n' $passed "$failed" $skipped
}
