# The files are installed with their own places filled in. site.conf.in, which
# differs by site, is installed twice: as it is, and filled in for a server of
# its own (what remains to be edited there is the name and the certificate).
NGINX_FILL = -e 's|@nginxdir[@]|$(pkgdatadir)/nginx|g' -e 's|@pkgdatadir[@]|$(pkgdatadir)|g'
NGINX_FILL_SITE = -e 's|@run[@]|$(runstatedir)/entraide|g' \
	-e 's|@theme[@]|$(pkgdatadir)/theme|g' \
	-e 's|@media[@]|$(localstatedir)/lib/entraide/media|g' \
	-e 's|@cache[@]|$(localstatedir)/cache/entraide|g' \
	-e 's|@kept[@]|$(localstatedir)/cache/entraide|g' \
	-e 's|@purge[@]|$(runstatedir)/entraide-purge.sock|g' \
	-e 's|@access_log[@]|/var/log/nginx/entraide.log|g' \
	-e 's|@crawl_log[@]|$(localstatedir)/log/entraide/crawl.log|g' \
	-e 's|@listen[@]|	include $(pkgdatadir)/nginx/listen.conf;|' \
	-e 's|@base_url[@]|https://entraide.example.org|g' \
	-e 's|@host[@]|entraide.example.org|g' \
	-e 's|@server_name[@]|entraide.example.org|g'

INSTALL_DATA_TARGETS += install-nginx-data
install-nginx-data:
	@$(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/nginx"
	@cd $(srcdir)/nginx && for file in *.conf *.conf.in; do \
		sed $(NGINX_FILL) "$$file" > "$(DESTDIR)$(pkgdatadir)/nginx/$$file" || exit 1; \
	done
	@sed $(NGINX_FILL) $(NGINX_FILL_SITE) $(srcdir)/nginx/site.conf.in \
		> "$(DESTDIR)$(pkgdatadir)/nginx/site.conf"

# nginx sends the .br or .gz beside a file to browsers that take it: compressed once,
# as well as can be, instead of at every request. Not the theme: whoever edits a copy of it
# would go on seeing what the compressed file beside it says (an earlier install left some).
install-data-hook:
	@cd "$(DESTDIR)$(pkgdatadir)" && for file in $(THEME_FILES); do rm -f "$$file.gz"; done
	@cd "$(DESTDIR)$(pkgdatadir)" && find static -type f \( -name '*.css' -o -name '*.js' \
		-o -name '*.svg' -o -name '*.html' -o -name '*.json' -o -name '*.txt' \) \
		-exec gzip -9nkf {} + -exec brotli -q 11 -nkf {} +
EXTRA_DIST += nginx
