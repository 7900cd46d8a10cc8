# What the program itself hands out: the description of /api/v1.
INSTALL_DATA_TARGETS += install-docs-data
install-docs-data:
	@$(MKDIR_P) "$(DESTDIR)$(pkgdatadir)"
	@$(INSTALL_DATA) "$(srcdir)/docs/openapi.json" "$(DESTDIR)$(pkgdatadir)/openapi.json"
