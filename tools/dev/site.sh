# shellcheck shell=bash
# The forum itself: its configuration file, its processes and nginx before them.

MAILCATCHER=$ROOT/tests/fakes/mailcatcher.py

site_url() {
	printf 'http://%s:%s' "$(setting host 127.0.0.1)" "$(setting port 8080)"
}

# site_program ARGUMENTS…: entraide with this copy's configuration.
site_program() {
	ENTRAIDE_CONFIG=$VAR/entraide.conf "$PREFIX/bin/entraide" "$@"
}

# The same as the owner of the tables: to migrate, import and seed.
site_program_as_owner() {
	ENTRAIDE_DATABASE_CONNINFO=$(postgres_conninfo entraide) site_program "$@"
}

# The key outlives restarts, or every session would end with them.
site_secret() {
	if [ ! -s "$VAR/secret" ]; then
		(umask 077 && head -c 36 /dev/urandom | base64 -w0 >"$VAR/secret")
	fi
	cat "$VAR/secret"
}

# Both halves of the key for what the law keeps of erased accounts (privacy.seal_key):
# a real site keeps the secret one elsewhere, a demo wants to show what it opens.
site_seal_key() {
	if [ ! -s "$VAR/seal_keys" ]; then
		(umask 077 && "$PREFIX/bin/entraide" privacy keys >"$VAR/seal_keys.new")
		mv "$VAR/seal_keys.new" "$VAR/seal_keys"
	fi
	sed -n 's/^public: //p' "$VAR/seal_keys"
}

# Where the link to the present generation of kept pages stands. nginx follows it at each
# request, a call of the kernel for each folder on the way.
site_generations() {
	echo "${ENTRAIDE_DEV_GENERATIONS:-$VAR/cache}"
}

site_configure() {
	site_make_theme
	mkdir -p "$VAR/cache" "$(site_generations)"
	[ -e "$VAR/crawler-hosts" ] || : >"$VAR/crawler-hosts"
	(umask 077 && site_configuration >"$VAR/entraide.conf")
	site_nginx_main >"$VAR/nginx/nginx.conf"
	site_nginx_site >"$VAR/nginx/site.conf"
	site_nginx -t
}

site_configuration() {
	cat <<END
; Written by ./dev at each start; \`entraide config\` explains every key.
[site]
name = $(site_name)
base_url = $(site_url)
default_language = fr
contact_email = $(site_contact)
theme_dir = $(site_theme)

[database]
conninfo = $(postgres_conninfo entraide_app)

[web]
pages_socket = $RUN/pages.sock
slow_socket = $RUN/slow.sock
pages_workers = 4
slow_workers = 2
metrics_allow = 127.0.0.1,::1

[cache]
pages = ${ENTRAIDE_DEV_PAGE_CACHE:-on}
generation_dir = $(site_generations)
purge_socket = $RUN/purge.sock

; Crawlers' hosts are looked up in that file, so a copy never asks DNS.
[crawlers]
log = $VAR/log/crawl.log
hosts_file = $VAR/crawler-hosts

[mail]
url = smtp://127.0.0.1:$(setting mail_port)
from = $(site_name) <no-reply@entraide.example>

[search]
index_dir = $VAR/index

[mirror]
media_dir = $VAR/media

[secret]
key = $(site_secret)

[privacy]
seal_key = $(site_seal_key)

; The team may be tried out without a telephone at hand. Never set this on a real site.
[security]
staff_without_second_factor = allowed
END
	! facebook_is_wanted || facebook_configuration
}

# The invented brand of the demo community, or ours.
site_name() {
	if [ "$(setting content)" = demo ]; then
		site_brand name
	else
		printf 'Entraide'
	fi
}

site_contact() {
	if [ "$(setting content)" = demo ]; then
		site_brand contact_email
	else
		printf 'contact@entraide.example'
	fi
}

site_brand() {
	/usr/bin/python3 -c 'import json, sys
print(json.load(open(sys.argv[1], encoding="utf-8"))[sys.argv[2]], end="")' \
		"$ROOT/demo/brand.json" "$1"
}

# The theme as installed, with the demo's charter and other texts, which a brand
# writes itself, in their place.
site_theme() {
	printf '%s/theme' "$VAR"
}

site_make_theme() {
	rm -rf -- "${VAR:?}/theme"
	cp -r "$PREFIX/share/entraide/theme" "$VAR/theme"
	mkdir -p "$VAR/theme/pages"
	cp "$ROOT"/demo/*.*.md "$VAR/theme/pages/"
}

# As root, nginx's workers stay root: they must reach sockets and files of a
# checkout that may be closed to every other user.
site_nginx_main() {
	local user='# an ordinary user: nginx stays that one'
	[ "$(id -u)" -ne 0 ] || user='user root;'
	sed -e "s|@user@|$user|" -e "s|@run@|$RUN|g" -e "s|@var@|$VAR|g" -e "s|@prefix@|$PREFIX|g" \
		"$ROOT/tools/dev/nginx.conf.in"
}

site_nginx_site() {
	local port listen
	port=$(setting port)
	listen="listen 127.0.0.1:$port;"
	[ ! -e /proc/net/if_inet6 ] || ! grep -q '^0*1 ' /proc/net/if_inet6 ||
		listen+=" listen [::1]:$port;"
	sed -e "s|@listen@|	$listen|" -e "s|@server_name@|_|" -e "s|@run@|$RUN|g" \
		-e "s|@host@|$(setting host 127.0.0.1):$port|g" -e "s|@base_url@|$(site_url)|g" \
		-e "s|@theme@|$(site_theme)|g" -e "s|@media@|$VAR/media|g" -e "s|@cache@|$(site_generations)|g" -e "s|@purge@|$RUN/purge.sock|g" -e "s|@kept@|$VAR/cache/nginx|g" \
		-e "s|@access_log@|$VAR/log/access.log|g" -e "s|@crawl_log@|$VAR/log/crawl.log|g" \
		"$PREFIX/share/entraide/nginx/site.conf.in"
}

site_nginx() {
	nginx -p "$VAR/nginx" -e "$VAR/log/nginx.log" -c "$VAR/nginx/nginx.conf" "$@"
}

# What web and worker are made from: they are restarted when it changed.
site_fingerprint() {
	local catalogues
	mapfile -t catalogues < <(find "$PREFIX/share/locale" -name 'entraide-*.mo' | sort)
	process_fingerprint "$PREFIX/bin/entraide" "$VAR/entraide.conf" "${catalogues[@]}"
}

site_start_mail() {
	process_keep mail TERM "$(process_fingerprint "$MAILCATCHER") $(setting mail_port)" \
		/usr/bin/python3 "$MAILCATCHER" serve --port "$(setting mail_port)" "$VAR/mail"
}

site_start_worker() {
	process_keep worker TERM "$(site_fingerprint)" \
		env ENTRAIDE_CONFIG="$VAR/entraide.conf" "$PREFIX/bin/entraide" worker
}

site_start_web() {
	process_keep web TERM "$(site_fingerprint)" \
		env ENTRAIDE_CONFIG="$VAR/entraide.conf" "$PREFIX/bin/entraide" web
}

# New settings of nginx's own are taken over without losing a connection.
site_start_nginx() {
	local pid fingerprint
	fingerprint=$(process_fingerprint "$VAR"/nginx/*.conf "$PREFIX"/share/entraide/nginx/*)
	if pid=$(process_pid nginx) && [ "$(setting nginx_port)" = "$(setting port)" ]; then
		[ "$(cat "$RUN/nginx.made-from")" = "$fingerprint" ] || kill -HUP "$pid"
		printf '%s\n' "$fingerprint" >"$RUN/nginx.made-from"
		return
	fi
	process_keep nginx QUIT "$fingerprint" \
		nginx -p "$VAR/nginx" -e "$VAR/log/nginx.log" -c "$VAR/nginx/nginx.conf"
	setting_put nginx_port "$(setting port)"
}

site_is_ready() {
	curl -fsS --noproxy '*' --max-time 5 -o /dev/null "$(site_url)/readyz" 2>&1
}

site_wait() {
	local tries=150 answer=''
	until answer=$(site_is_ready); do
		tries=$((tries - 1))
		if [ $tries -eq 0 ]; then
			echo "$(site_url)/readyz: $answer"
			tail -n 5 "$VAR/log/web.log" "$VAR/log/nginx.log"
			return 1
		fi
		process_is_running web || { tail -n 15 "$VAR/log/web.log"; return 1; }
		sleep 0.2
	done
}

# In this order nobody is left waiting: readers first, the database last.
site_stop() {
	process_stop nginx QUIT 5
	process_stop web TERM 20
	process_stop worker TERM 30
	process_stop facebook TERM 10
	process_stop mail TERM 5
	postgres_stop
}
