noinst_LIBRARIES += lib_search.a

# search.h is plain C; the C++ stays in the .cc files.
lib_search_a_SOURCES = \
	search/build.cc \
	search/careful.cc \
	search/careful.hh \
	search/clauses.cc \
	search/clauses.hh \
	search/cursors.cc \
	search/cursors.hh \
	search/document.cc \
	search/document.hh \
	search/entries.cc \
	search/expand.cc \
	search/expand.hh \
	search/explain.cc \
	search/facets.cc \
	search/facets.hh \
	search/filter.cc \
	search/filter.hh \
	search/hits.cc \
	search/hits.hh \
	search/intents.cc \
	search/intents.hh \
	search/keywords.cc \
	search/parse.cc \
	search/place.cc \
	search/place.hh \
	search/places.cc \
	search/places.hh \
	search/question_source.cc \
	search/ranking.cc \
	search/ranking.hh \
	search/reader.cc \
	search/reader.hh \
	search/roots.cc \
	search/roots.hh \
	search/run.cc \
	search/search.h \
	search/similar.cc \
	search/snippet.cc \
	search/snippet.hh \
	search/sources.cc \
	search/sources.hh \
	search/sound.cc \
	search/sound.hh \
	search/spelling.cc \
	search/spelling.hh \
	search/stored.cc \
	search/stored.hh \
	search/suggest.cc \
	search/synonyms.cc \
	search/synonyms.hh \
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

# The synonyms that come with the program: administrators begin with these, so
# they are kept as they are written.
SEARCH_SYNONYM_LISTS = search/synonyms.en.inc search/synonyms.fr.inc
BUILT_SOURCES += $(SEARCH_SYNONYM_LISTS)
CLEANFILES += $(SEARCH_SYNONYM_LISTS)
search/synonyms.$(OBJEXT): $(SEARCH_SYNONYM_LISTS)
SEARCH_TEXT_TO_C = $(AM_V_GEN)$(MKDIR_P) search && \
	sed -e 's/["\\]/\\&/g' -e 's/.*/"&\\n"/'
search/synonyms.en.inc: $(srcdir)/search/synonyms.en.txt
	$(SEARCH_TEXT_TO_C) $(srcdir)/search/synonyms.en.txt >$@
search/synonyms.fr.inc: $(srcdir)/search/synonyms.fr.txt
	$(SEARCH_TEXT_TO_C) $(srcdir)/search/synonyms.fr.txt >$@

# What decides about terms: an index that was made with other ones is built anew.
SEARCH_TERM_FILES = document.cc facets.cc filter.cc intents.cc places.cc roots.cc stored.cc \
	terms.cc words.cc stopwords.en.txt stopwords.fr.txt
BUILT_SOURCES += search/fingerprint.inc
CLEANFILES += search/fingerprint.inc
search/writer.$(OBJEXT): search/fingerprint.inc
search/fingerprint.inc: $(addprefix $(srcdir)/search/, $(SEARCH_TERM_FILES))
	$(AM_V_GEN)$(MKDIR_P) search && \
	cat $^ | sha256sum | sed -e 's/^\(.\{16\}\).*/"\1"/' >$@

EXTRA_DIST += search
