# Unit files are written with @bindir@ and @sysconfdir@, filled in at install.
INSTALL_DATA_TARGETS += install-systemd-units
install-systemd-units:
	@$(MKDIR_P) "$(DESTDIR)$(systemdsystemunitdir)"
	@for unit in $(srcdir)/systemd/*.service $(srcdir)/systemd/*.target $(srcdir)/systemd/*.timer; do \
		test -f "$$unit" || continue; \
		sed -e 's|@bindir[@]|$(bindir)|g' -e 's|@sysconfdir[@]|$(entraidesysconfdir)|g' \
			"$$unit" > "$(DESTDIR)$(systemdsystemunitdir)/$$(basename "$$unit")" || exit 1; \
	done

UNINSTALL_DATA_TARGETS += uninstall-systemd-units
uninstall-systemd-units:
	@for unit in $(srcdir)/systemd/*.service $(srcdir)/systemd/*.target $(srcdir)/systemd/*.timer; do \
		rm -f "$(DESTDIR)$(systemdsystemunitdir)/$$(basename "$$unit")"; \
	done
EXTRA_DIST += systemd
