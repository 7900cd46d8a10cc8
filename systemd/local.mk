# Unit files name places by @bindir@ and the like, filled in at install.
INSTALL_DATA_TARGETS += install-systemd-units
install-systemd-units:
	@$(MKDIR_P) "$(DESTDIR)$(systemdsystemunitdir)"
	@for unit in $(srcdir)/systemd/*.service $(srcdir)/systemd/*.target $(srcdir)/systemd/*.timer; do \
		test -f "$$unit" || continue; \
		sed -e 's|@bindir[@]|$(bindir)|g' -e 's|@sysconfdir[@]|$(entraidesysconfdir)|g' \
			-e 's|@docdir[@]|$(docdir)|g' "$$unit" > "$(DESTDIR)$(systemdsystemunitdir)/$$(basename "$$unit")" || exit 1; \
	done

UNINSTALL_DATA_TARGETS += uninstall-systemd-units
uninstall-systemd-units:
	@for unit in $(srcdir)/systemd/*.service $(srcdir)/systemd/*.target $(srcdir)/systemd/*.timer; do \
		rm -f "$(DESTDIR)$(systemdsystemunitdir)/$$(basename "$$unit")"; \
	done
# The units' Documentation= names it.
dist_doc_DATA = docs/operations.md
EXTRA_DIST += systemd
