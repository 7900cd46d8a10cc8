# shellcheck shell=bash
# ./dev audit: what a browser says of the pages (tests/audit/README.md). It shares build and
# tools with ./dev test; the forum that is looked at is one of its own.

command_audit() {
	[[ " $* " != *" --help "* ]] || exec /usr/bin/python3 "$ROOT/tests/audit/audit.py" --help
	options_take var= ... -- "$@"
	place_open "$(option var "$ROOT/var/test")"
	packages_need build run test
	build_program --enable-werror
	test_environment
	npm_fetch npm "$ROOT/tests/package.json"
	npm_fetch npm-audit "$ROOT/tests/audit/package.json"
	export ENTRAIDE_AUDIT_NPM=$VAR/npm-audit/node_modules
	/usr/bin/python3 "$ROOT/tests/audit/audit.py" "${REST[@]}"
}
