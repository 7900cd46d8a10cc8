# What browsers load: CSS from its parts, the one script, the icons. Everything
# has one prefix, /static/HASH, so that it may be kept for ever: another file is
# another address (nginx takes the HASH out again).

# In the order of the cascade.
CSS_PARTS = \
	static/css/base.css \
	static/css/frame.css \
	static/css/layout.css \
	static/css/controls.css \
	static/css/lists.css \
	static/css/prose.css \
	static/css/topic.css \
	static/css/mirror.css \
	static/css/pages.css \
	static/css/articles.css \
	static/css/search.css \
	static/css/admin.css \
	static/css/dashboard.css \
	static/css/moderation.css \
	static/css/desk.css \
	static/css/desk-work.css \
	static/css/panels.css \
	static/css/print.css
STATIC_FILES = static/app.js static/article-work.js static/ask.js static/brand.js static/desk.js static/desk-work.js static/icons.svg static/moderation.js static/passkey.js static/search.js
THEME_FILES = theme/favicon.svg theme/hero.svg theme/logo.svg theme/theme.css

# Without its comments, which are a fifth of what a phone would wait for.
static/app.css: $(CSS_PARTS) static/local.mk
	$(AM_V_GEN)$(MKDIR_P) static && (cd $(srcdir) && cat $(CSS_PARTS)) | \
		sed -e 's|/\*[^*]*\*/||g' -e '/\/\*/,/\*\//d' -e '/^[[:space:]]*$$/d' > $@

static_version.h: $(CSS_PARTS) $(STATIC_FILES) $(THEME_FILES)
	$(AM_V_GEN)hash=$$(cd $(srcdir) && cat $(CSS_PARTS) $(STATIC_FILES) $(THEME_FILES) | \
		sha256sum | cut -c 1-16) && \
		printf '/* Made by static/local.mk. */\n#define STATIC_PREFIX "/static/%s"\n' $$hash > $@

all-local: static/app.css
BUILT_SOURCES += static_version.h
CLEANFILES += static/app.css static_version.h

INSTALL_DATA_TARGETS += install-static-data
install-static-data: static/app.css
	@$(INSTALL_TREE) static/errors $(pkgdatadir)/static/errors
	@cd $(srcdir) && $(INSTALL_DATA) $(STATIC_FILES) "$(DESTDIR)$(pkgdatadir)/static/"
	@$(INSTALL_DATA) static/app.css "$(DESTDIR)$(pkgdatadir)/static/"
EXTRA_DIST += static
