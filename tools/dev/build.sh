# shellcheck shell=bash
# Builds the program out of tree in $VAR/build and installs it in $VAR/prefix:
# the same make and make install as everywhere, so that what runs here is laid
# out as in production.

PREFIX=''

# Builds of one checkout follow each other: automake may write into it.
build_locked() {
	(
		flock 8
		"$@"
	) 8<"$ROOT/configure.ac"
}

# Makefile.in comes last: with it, an earlier run was not cut short.
build_autoreconf() {
	if [ "$ROOT/configure" -nt "$ROOT/configure.ac" ] && [ -f "$ROOT/Makefile.in" ]; then
		return 0
	fi
	autoreconf -i "$ROOT"
}

# build_configure FLAG…: only when the flags are new.
build_configure() {
	local flags="--prefix=$PREFIX --sysconfdir=$PREFIX/etc --localstatedir=$PREFIX/var $*"
	if [ -f "$VAR/build/Makefile" ] && [ "$(cat "$VAR/build/flags" 2>/dev/null)" = "$flags" ]; then
		return 0
	fi
	mkdir -p "$VAR/build"
	# shellcheck disable=SC2086 # several flags
	(cd "$VAR/build" && "$ROOT/configure" $flags)
	printf '%s\n' "$flags" >"$VAR/build/flags"
}

build_make() {
	make -C "$VAR/build" -j"$(nproc)" "$@"
}

# build_program CONFIGURE_FLAG…: $PREFIX then holds what the sources say.
build_program() {
	PREFIX=$VAR/prefix
	[ ! -f "$ROOT/config.status" ] || fail "this checkout was configured in place" \
		"Clean it first: make -C $ROOT distclean"
	step "Making configure" "Are autoconf and automake whole?" build_locked build_autoreconf
	step "Configuring" "$VAR/build/config.log has the details." build_locked build_configure "$@"
	step "Building" "The log above names the file and the line." build_locked build_make
	step "Installing into $(basename "$VAR")/prefix" "Is the disk full? df -h $VAR" \
		build_locked build_make -s install
}
