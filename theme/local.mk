INSTALL_DATA_TARGETS += install-theme-data
install-theme-data:
	@$(INSTALL_TREE) theme $(pkgdatadir)/theme '! -name local.mk ! -name README.md'
EXTRA_DIST += theme
