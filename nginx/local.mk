INSTALL_DATA_TARGETS += install-nginx-data
install-nginx-data:
	@$(INSTALL_TREE) nginx $(pkgdatadir)/nginx '! -name local.mk ! -name README.md'
EXTRA_DIST += nginx
