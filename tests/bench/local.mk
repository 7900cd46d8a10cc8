# Programs of the benches; built when one of them is run.
EXTRA_PROGRAMS = tests/bench/bare_index tests/bench/rate tests/bench/search_speed
tests_bench_bare_index_SOURCES = tests/bench/bare_index.cc
tests_bench_bare_index_LDADD = $(XAPIAN_LIBS)
tests_bench_rate_SOURCES = tests/bench/rate.c
tests_bench_search_speed_SOURCES = tests/bench/search_speed.cc \
	tests/bench/search_topics.cc tests/bench/search_topics.hh
tests_bench_search_speed_LDADD = $(SEARCH_LIBS)
