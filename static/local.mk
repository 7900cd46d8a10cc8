INSTALL_DATA_TARGETS += install-static-data
install-static-data:
	@$(INSTALL_TREE) static $(pkgdatadir)/static '! -name local.mk ! -name README.md'
EXTRA_DIST += static
