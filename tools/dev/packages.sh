# shellcheck shell=bash
# Debian packages: tools/dev/packages is the list; what is missing is named with
# its reason and installed by apt.

# packages_list GROUP…: lines "PACKAGE COMMAND what for", COMMAND being - where
# only the package will do.
packages_list() {
	awk -v groups=" $* " '/^#/ || NF < 3 { next }
		index(groups, " " $1 " ") && !seen[$2]++ {
			command = "-"; from = 3
			if ($3 ~ /^cmd:/) { command = substr($3, 5); from = 4 }
			line = $2 " " command
			for (i = from; i <= NF; i++) line = line " " $i
			print line
		}' "$ROOT/tools/dev/packages"
}

# packages_missing GROUP…: lines "PACKAGE what for".
packages_missing() {
	local package command reason
	packages_list "$@" | while read -r package command reason; do
		package_is_installed "$package" || command -v "$command" >/dev/null ||
			printf '%s %s\n' "$package" "$reason"
	done
}

package_is_installed() {
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# packages_root_command: what runs a command as root (nothing for root itself);
# fails when there is no way.
packages_root_command() {
	[ "$(id -u)" -ne 0 ] || return 0
	command -v sudo >/dev/null || return 1
	# Without a terminal nobody could type the password.
	[ -t 0 ] || sudo -n true 2>/dev/null || return 1
	echo sudo
}

# packages_install ROOT_COMMAND PACKAGE…
packages_install() {
	local as_root=()
	[ -z "$1" ] || as_root=("$1")
	shift
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get -q install -y --no-install-recommends "$@"
}

# packages_need GROUP…: installs what is missing, or says how to.
packages_need() {
	local missing names root_command package reason
	command -v dpkg-query >/dev/null || fail "this is not Debian: dpkg is missing" \
		"Entraide is built on Debian 12; tools/dev/packages lists what it needs."
	missing=$(packages_missing "$@")
	[ -n "$missing" ] || return 0

	note "  Debian packages that are missing:"
	while read -r package reason; do
		printf '    %-30s %s\n' "$package" "$reason"
	done <<<"$missing"
	mapfile -t names < <(cut -d' ' -f1 <<<"$missing")
	root_command=$(packages_root_command) || fail "only an administrator can install them" \
		"Ask for: apt-get install --no-install-recommends ${names[*]}"
	# The password is asked for before the step hides the screen.
	[ -z "$root_command" ] || sudo -v
	step "Installing Debian packages" \
		"Is the network there? By hand: apt-get install ${names[*]}" \
		packages_install "$root_command" "${names[@]}"
}
