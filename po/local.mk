# Translations. English is the msgids themselves; every other language is a
# gettext domain of its own, entraide-LANGUAGE, so that src/i18n can change the
# language of a request by changing a pointer (see src/i18n/i18n.h).

LINGUAS = fr
PO_FILES = $(LINGUAS:%=po/%.po)

# The folder that i18n_init is given when running from the build tree.
LOCALE_BUILD_DIR = locale
CATALOGUES = $(foreach language,$(LINGUAS),$(LOCALE_BUILD_DIR)/$(language)/LC_MESSAGES/entraide-$(language).mo)

all-local: $(CATALOGUES)
CLEANFILES += $(CATALOGUES) po/entraide.pot

$(CATALOGUES): $(PO_FILES)
	$(AM_V_GEN)language=$(patsubst entraide-%,%,$(basename $(@F))); \
		$(MKDIR_P) $(@D) && \
		$(MSGFMT) --check -o $@.new $(top_srcdir)/po/$$language.po && mv $@.new $@

INSTALL_DATA_TARGETS += install-catalogues
install-catalogues: $(CATALOGUES)
	@for language in $(LINGUAS); do \
		folder="$(DESTDIR)$(localedir)/$$language/LC_MESSAGES"; \
		$(MKDIR_P) "$$folder" && $(INSTALL_DATA) \
			"$(LOCALE_BUILD_DIR)/$$language/LC_MESSAGES/entraide-$$language.mo" \
			"$$folder/" || exit 1; \
	done

UNINSTALL_DATA_TARGETS += uninstall-catalogues
uninstall-catalogues:
	@for language in $(LINGUAS); do \
		rm -f "$(DESTDIR)$(localedir)/$$language/LC_MESSAGES/entraide-$$language.mo"; \
	done

XGETTEXT_FLAGS = --from-code=UTF-8 --language=C --add-comments=TRANSLATORS: \
	--keyword= --keyword=_ --keyword=N_ --keyword=ngettext:1,2 \
	--keyword=pgettext:1c,2 --sort-by-file --no-wrap \
	--package-name=entraide --copyright-holder='' --msgid-bugs-address=entraide

# Extracted anew each time: sources come and go. Generated template C carries
# #line, so a sentence is shown with its template's own line. Without the time: two
# people who add a sentence each would meet in that line.
pot: $(TEMPLATES_GENERATED)
	@$(MKDIR_P) po
	@{ (cd $(top_srcdir) && find src templates \( -name '*.c' -o -name '*_table.h' \) -printf '$(abs_top_srcdir)/%p\n'); \
	   for file in $(TEMPLATES_GENERATED); do echo "$(abs_top_builddir)/$$file"; done; } | \
		LC_ALL=C sort -u > po/files
	@$(XGETTEXT) $(XGETTEXT_FLAGS) --files-from=po/files -o po/entraide.pot.new
	@sed -e 's|$(abs_top_srcdir)/||g' -e 's|$(abs_top_builddir)/||g' -e '/^"POT-Creation-Date:/d' \
		po/entraide.pot.new > po/entraide.pot && rm po/entraide.pot.new po/files

# Writes into the source tree, as its name says.
update-po: pot
	@for file in $(PO_FILES); do \
		$(MSGMERGE) --quiet --no-wrap --no-fuzzy-matching --sort-by-file \
			--no-location --update --backup=none $(top_srcdir)/$$file po/entraide.pot && \
		$(MSGFMT) --statistics -o /dev/null $(top_srcdir)/$$file || exit 1; \
	done

# Complete means: each sentence of the program has a translation that is not
# fuzzy, and its placeholders agree.
check-po: pot
	@for file in $(PO_FILES); do \
		$(MSGFMT) --check -o /dev/null $(top_srcdir)/$$file && \
		$(MSGCMP) $(top_srcdir)/$$file po/entraide.pot || exit 1; \
		echo "$$file: complete"; \
	done

.PHONY: pot update-po check-po
EXTRA_DIST += $(PO_FILES)
