noinst_LIBRARIES += lib_search.a

# search.h is plain C; the C++ stays in the .cc files.
lib_search_a_SOURCES = \
	search/document.cc \
	search/document.hh \
	search/hits.cc \
	search/hits.hh \
	search/keywords.cc \
	search/ranking.cc \
	search/ranking.hh \
	search/reader.cc \
	search/reader.hh \
	search/run.cc \
	search/search.h \
	search/similar.cc \
	search/synonyms.cc \
	search/terms.cc \
	search/terms.hh \
	search/words.cc \
	search/words.hh \
	search/writer.cc

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

EXTRA_DIST += search
