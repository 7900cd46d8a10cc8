INSTALL_DATA_TARGETS += install-migrations-data
install-migrations-data:
	@$(INSTALL_TREE) migrations $(pkgdatadir)/migrations '! -name local.mk ! -name README.md'
EXTRA_DIST += migrations
