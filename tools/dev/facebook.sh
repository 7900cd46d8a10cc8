# shellcheck shell=bash
# ./dev up --with-facebook: the stand-in for Facebook (tests/fakes/graph) beside the
# forum, with a Page on which things happen, and a mirror of that Page, set up as
# docs/mirroring.md says. A copy that began with it keeps it.

readonly FACEBOOK=$ROOT/tests/fakes/graph
readonly FACEBOOK_APP=410000000000001
readonly FACEBOOK_PAGE=615000000000001
readonly FACEBOOK_NAME=Tramelune
readonly FACEBOOK_PORTS='facebook_port facebook_media_port facebook_graph_port'

facebook_is_wanted() {
	[ "$(setting facebook)" = yes ]
}

# facebook_url: the Page for a person to look at, with forms to write there.
facebook_url() {
	printf 'http://127.0.0.1:%s' "$(setting facebook_port)"
}

# facebook_secret app|page|verify: made once; both sides read it from the file.
facebook_secret() {
	local file=$VAR/facebook/$1.secret
	if [ ! -s "$file" ]; then
		(umask 077 && mkdir -p "$VAR/facebook" && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$file")
	fi
	cat "$file"
}

# The Page's addresses are in the mirrored topics, so the ports stay what they were.
facebook_settings() {
	local name
	for name in $FACEBOOK_PORTS; do
		if [ -z "$(setting "$name")" ] || { ! process_is_running facebook && port_is_taken "$(setting "$name")"; }; then
			setting_put "$name" "$(facebook_free_port)"
		fi
	done
}

# A port that the kernel has to spare and that is not promised to another of ours.
facebook_free_port() {
	local port
	port=$(free_port)
	while grep -q "_port=$port\$" "$SETTINGS"; do
		port=$(free_port)
	done
	printf '%s' "$port"
}

# The part of entraide.conf, as a brand writes it with the real ids and secrets;
# with the real Facebook the last two lines are not needed.
facebook_configuration() {
	cat <<END

[facebook]
app_id = $FACEBOOK_APP
app_secret = $(facebook_secret app)
page_tokens = $FACEBOOK_PAGE=$(facebook_secret page)
verify_token = $(facebook_secret verify)
base_url = http://127.0.0.1:$(setting facebook_graph_port)
media_hosts = 127.0.0.1:$(setting facebook_media_port)
END
}

facebook_start() {
	local hook
	hook=$(site_url)/hooks/facebook
	touch "$VAR/log/facebook.log"
	# Its first line says its tokens.
	chmod 0600 "$VAR/log/facebook.log"
	process_keep facebook TERM "$(process_fingerprint "$FACEBOOK"/*.py) $hook $(setting facebook_port)" \
		/usr/bin/python3 "$FACEBOOK" --living --permalink-base self --keep "$VAR/facebook/page.json" \
		--port "$(setting facebook_graph_port)" --media-port "$(setting facebook_media_port)" \
		--control-port "$(setting facebook_port)" --app "$FACEBOOK_APP" --page "$FACEBOOK_PAGE" \
		--page-name "$FACEBOOK_NAME" --secret "$(facebook_secret app)" --page-token "$(facebook_secret page)" \
		--data-deletion "$hook/deletion" --deauthorize "$hook/deauthorize"
}

# The documented commands. Each once more changes nothing; the address that notices go
# to may have changed with the port.
facebook_mirror() {
	local source
	source=$(site_program mirror add facebook "$FACEBOOK_PAGE" --name "$FACEBOOK_NAME" \
		--category "$(facebook_category)" --language fr)
	site_program mirror subscribe "$source"
	site_program mirror check "$source"
	if [ "$(setting facebook_read)" != yes ]; then
		site_program mirror backfill "$source"
		setting_put facebook_read yes
	fi
}

# Where the topics go: the demo has a place for what belongs nowhere else, an empty forum
# gets a first category.
facebook_category() {
	if [ "$(setting content)" = demo ]; then
		printf communaute
		return
	fi
	postgres_psql entraide <<'END'
insert into categories (slug, name_fr, name_en) values ('facebook', 'Facebook', 'Facebook') on conflict do nothing
END
	printf facebook
}
