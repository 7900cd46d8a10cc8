# What keeps the code in shape: make format, format-check, lint, check-layers.

FIND_C = (cd $(top_srcdir) && find src search templates tests \
	\( -name '*.c' -o -name '*.h' -o -name '*.cc' \) | LC_ALL=C sort)

format:
	cd $(top_srcdir) && $(FIND_C) | xargs $(CLANG_FORMAT) -i --style=file

format-check:
	@test -n "$(CLANG_FORMAT)" || { echo "clang-format is missing; Debian package: clang-format"; exit 1; }
	@cd $(top_srcdir) && $(FIND_C) | xargs $(CLANG_FORMAT) --dry-run --Werror --style=file

# Both analysers, whichever are there, with a bound on their time. NULL ends
# the pairs of log_event, which cppcheck takes for an int.
LINT_FLAGS = -std=gnu17 $(DEFS) $(AM_CPPFLAGS)

lint: lint-cppcheck lint-tidy

lint-cppcheck:
	@test -n "$(CPPCHECK)" || { \
		echo "lint: cppcheck is not installed (Debian package: cppcheck), skipped"; exit 0; }; \
	cd $(top_srcdir) && timeout 300 $(CPPCHECK) --quiet -j 2 \
		--std=c11 --enable=warning,portability,performance --inline-suppr \
		--suppress=missingIncludeSystem --suppress=varFuncNullUB \
		--library=tools/cppcheck.cfg --error-exitcode=1 \
		-Isrc -I. -I$(abs_builddir) src search

# A file is looked at again only when it, or a header of it, changed: its object
# file knows. With -j several at once.
TIDY_STAMPS = $(patsubst $(top_srcdir)/%.c,%.tidy,$(shell find $(top_srcdir)/src -name '*.c'))

lint-tidy: $(TIDY_STAMPS)
	@test -n "$(CLANG_TIDY)" || \
		echo "lint: clang-tidy is not installed (Debian package: clang-tidy), skipped"

%.tidy: %.o
	@test -z "$(CLANG_TIDY)" || timeout 300 $(CLANG_TIDY) --quiet --warnings-as-errors='*' \
		$(top_srcdir)/$*.c -- $(LINT_FLAGS) > $@.log 2>&1 || { cat $@.log; exit 1; }
	@touch $@

CLEANFILES += $(TIDY_STAMPS) $(TIDY_STAMPS:=.log)

CHECK_TARGETS += check-layers
check-layers:
	@$(PYTHON) $(top_srcdir)/tools/check-layers --self-test
	@$(PYTHON) $(top_srcdir)/tools/check-layers $(top_srcdir)

# The sanitizers replace what is looked for.
if !ENABLE_SANITIZE
CHECK_TARGETS += check-hardening
endif
check-hardening: entraide
	@$(PYTHON) $(top_srcdir)/tools/check-hardening entraide

.PHONY: check-hardening format format-check lint lint-cppcheck lint-tidy
EXTRA_DIST += tools
