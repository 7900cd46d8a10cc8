# shellcheck shell=bash
# ./dev fuzz TARGET SECONDS: libFuzzer on one target, from the kept corpus. What
# it finds interesting goes to a folder of its own; a crash is a file to turn
# into a kept case.

command_fuzz() {
	local targets target seconds program corpus work
	options_take var= -- "$@"
	targets=$(sed -n 's|^check_PROGRAMS += *tests/fuzz/fuzz_||p' "$ROOT/tests/fuzz/local.mk" | tr '\n' ' ')
	target=${REST[0]:-} seconds=${REST[1]:-60}
	if [ -z "$target" ] || [[ " $targets " != *" $target "* ]]; then
		fail "which target?" "./dev fuzz TARGET SECONDS, with one of: $targets"
	fi
	[[ $seconds =~ ^[0-9]+$ ]] || fail "'$seconds' is no number of seconds"
	place_open "$(option var "$ROOT/var/fuzz")"
	packages_need build fuzz
	# shellcheck disable=SC2034 # build_configure names it
	PREFIX=$VAR/prefix
	step "Making configure" "Are autoconf and automake whole?" build_locked build_autoreconf
	step "Configuring for libFuzzer" "$VAR/build/config.log has the details." \
		build_locked build_configure --enable-fuzz CC=clang CXX=clang++
	program=tests/fuzz/fuzz_$target
	step "Building $program" "The log above names the file and the line." \
		build_locked build_make "$program"
	corpus=$ROOT/tests/fuzz/corpus/fuzz_$target
	work=$VAR/corpus/$target
	mkdir -p "$work" "$VAR/crashes"
	[ -d "$corpus" ] || corpus=''
	note "  New inputs go to $work, crashes to $VAR/crashes."
	# Bounds as in docs/security.md: an input slower or larger than these is a find.
	"$VAR/build/$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="$VAR/crashes/$target-" \
		"$work" ${corpus:+"$corpus"}
}
