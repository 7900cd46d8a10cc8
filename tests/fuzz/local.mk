# Fuzz targets: one function LLVMFuzzerTestOneInput each. With --enable-fuzz
# they are libFuzzer programs; otherwise replay.c is their main, and `make
# check` runs each over its kept corpus, tests/fuzz/corpus/TARGET/.
#
# To add one: write tests/fuzz/fuzz_THING.c and add three lines below,
#     check_PROGRAMS += tests/fuzz/fuzz_THING
#     tests_fuzz_fuzz_THING_SOURCES = tests/fuzz/fuzz_THING.c $(FUZZ_MAIN)
#     tests_fuzz_fuzz_THING_LDADD = $(HTTP_LIBS) $(BASE_LIBS) $(FUZZ_LDFLAGS)

if ENABLE_FUZZ
FUZZ_MAIN =
else
FUZZ_MAIN = tests/fuzz/replay.c
endif

check_PROGRAMS += tests/fuzz/fuzz_base
tests_fuzz_fuzz_base_SOURCES = tests/fuzz/fuzz_base.c $(FUZZ_MAIN)
tests_fuzz_fuzz_base_LDADD = $(I18N_LIBS) $(BASE_LIBS) $(FUZZ_LDFLAGS)
