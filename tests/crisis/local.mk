# Years of questions with planted incidents; ./dev test crisis runs them.
EXTRA_PROGRAMS += tests/crisis/year
tests_crisis_year_SOURCES = tests/crisis/year.c
tests_crisis_year_LDADD = $(FORUM_LIBS)
