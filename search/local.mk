noinst_LIBRARIES += lib_search.a

# search.h is plain C; the C++ stays in the .cc files.
lib_search_a_SOURCES =

# Word lists that the wrapper loads at run time: installed as they are.
INSTALL_DATA_TARGETS += install-search-data
install-search-data:
	@$(INSTALL_TREE) search $(pkgdatadir)/search '-name *.txt'
EXTRA_DIST += search
