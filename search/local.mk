noinst_LIBRARIES += lib_search.a

# search.h is plain C; the C++ stays in the .cc files.
lib_search_a_SOURCES = \
	search/build.cc \
	search/careful.cc \
	search/careful.hh \
	search/clauses.cc \
	search/clauses.hh \
	search/document.cc \
	search/document.hh \
	search/entries.cc \
	search/expand.cc \
	search/expand.hh \
	search/facets.cc \
	search/facets.hh \
	search/filter.cc \
	search/filter.hh \
	search/hits.cc \
	search/hits.hh \
	search/keywords.cc \
	search/parse.cc \
	search/place.cc \
	search/place.hh \
	search/ranking.cc \
	search/ranking.hh \
	search/reader.cc \
	search/reader.hh \
	search/run.cc \
	search/search.h \
	search/similar.cc \
	search/snippet.cc \
	search/snippet.hh \
	search/stored.cc \
	search/stored.hh \
	search/suggest.cc \
	search/synonyms.cc \
	search/terms.cc \
	search/terms.hh \
	search/text.cc \
	search/text.hh \
	search/words.cc \
	search/words.hh \
	search/writer.cc \
	search/writer.hh

# The stop words become part of the program, so an index and those who ask it
# cannot disagree about them.
SEARCH_WORD_LISTS = search/stopwords.en.inc search/stopwords.fr.inc
BUILT_SOURCES += $(SEARCH_WORD_LISTS)
CLEANFILES += $(SEARCH_WORD_LISTS)
search/terms.$(OBJEXT): $(SEARCH_WORD_LISTS)
SEARCH_WORDS_TO_C = $(AM_V_GEN)$(MKDIR_P) search && \
	sed -e '/^\#/d' -e '/^$$/d' -e 's/.*/"&",/'
search/stopwords.en.inc: $(srcdir)/search/stopwords.en.txt
	$(SEARCH_WORDS_TO_C) $(srcdir)/search/stopwords.en.txt >$@
search/stopwords.fr.inc: $(srcdir)/search/stopwords.fr.txt
	$(SEARCH_WORDS_TO_C) $(srcdir)/search/stopwords.fr.txt >$@

# What decides about terms: an index that was made with other ones is built anew.
SEARCH_TERM_FILES = document.cc terms.cc words.cc stopwords.en.txt stopwords.fr.txt
BUILT_SOURCES += search/fingerprint.inc
CLEANFILES += search/fingerprint.inc
search/writer.$(OBJEXT): search/fingerprint.inc
search/fingerprint.inc: $(addprefix $(srcdir)/search/, $(SEARCH_TERM_FILES))
	$(AM_V_GEN)$(MKDIR_P) search && \
	cat $^ | sha256sum | sed -e 's/^\(.\{16\}\).*/"\1"/' >$@

EXTRA_DIST += search
