# What browsers load: CSS and the one script from their parts, other scripts, the icons. Everything
# has one prefix, /static/HASH, so that it may be kept for ever: another file is
# another address (nginx takes the HASH out again).

# In the order of the cascade: of every page.
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
	static/css/panels.css \
	static/css/print.css
# Of who is signed in, read after the others; what is for paper stays the last word.
CSS_MEMBER_PARTS = \
	static/css/admin.css \
	static/css/dashboard.css \
	static/css/moderation.css \
	static/css/desk.css \
	static/css/desk-work.css \
	static/css/print.css
SCRIPT_PARTS = static/js/page.js static/js/search.js
STATIC_FILES = static/article-work.js static/ask.js static/brand.js static/desk.js static/desk-work.js static/icons.svg static/moderation.js static/passkey.js static/write.js
THEME_FILES = theme/favicon.svg theme/hero.svg theme/logo.svg theme/theme.css

# Without their comments, which are a fifth of what a phone would wait for.
CSS_JOIN = $(MKDIR_P) static && join_css() { (cd $(srcdir) && cat "$$@") | \
	sed -e 's|/\*[^*]*\*/||g' -e '/\/\*/,/\*\//d' -e '/^[[:space:]]*$$/d'; }; join_css

static/app.css: $(CSS_PARTS) static/local.mk
	$(AM_V_GEN)$(CSS_JOIN) $(CSS_PARTS) > $@

static/member.css: $(CSS_MEMBER_PARTS) static/local.mk
	$(AM_V_GEN)$(CSS_JOIN) $(CSS_MEMBER_PARTS) > $@

static/app.js: $(SCRIPT_PARTS) static/local.mk
	$(AM_V_GEN)$(MKDIR_P) static && (cd $(srcdir) && cat $(SCRIPT_PARTS)) > $@

STATIC_INPUTS = $(CSS_PARTS) $(CSS_MEMBER_PARTS) $(SCRIPT_PARTS) $(STATIC_FILES) $(THEME_FILES)
STATIC_MADE = static/app.css static/member.css static/app.js
static_version.h: $(STATIC_INPUTS)
	$(AM_V_GEN)hash=$$(cd $(srcdir) && cat $(STATIC_INPUTS) | \
		sha256sum | cut -c 1-16) && \
		printf '/* Made by static/local.mk. */\n#define STATIC_PREFIX "/static/%s"\n' $$hash > $@

all-local: $(STATIC_MADE)
BUILT_SOURCES += static_version.h
CLEANFILES += $(STATIC_MADE) static_version.h

INSTALL_DATA_TARGETS += install-static-data
install-static-data: $(STATIC_MADE)
	@$(INSTALL_TREE) static/errors $(pkgdatadir)/static/errors
	@cd $(srcdir) && $(INSTALL_DATA) $(STATIC_FILES) "$(DESTDIR)$(pkgdatadir)/static/"
	@$(INSTALL_DATA) $(STATIC_MADE) "$(DESTDIR)$(pkgdatadir)/static/"
EXTRA_DIST += static
