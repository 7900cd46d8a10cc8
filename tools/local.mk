# What keeps the code in shape: make format, format-check, lint, check-layers.

FIND_C = (cd $(top_srcdir) && find src search templates tests \
	\( -name '*.c' -o -name '*.h' -o -name '*.cc' \) | LC_ALL=C sort)

format:
	cd $(top_srcdir) && $(FIND_C) | xargs $(CLANG_FORMAT) -i --style=file

format-check:
	@test -n "$(CLANG_FORMAT)" || { echo "clang-format is missing; Debian package: clang-format"; exit 1; }
	@cd $(top_srcdir) && $(FIND_C) | xargs $(CLANG_FORMAT) --dry-run --Werror --style=file

# Both analysers, whichever are there, at most ten minutes each.
lint: $(BUILT_SOURCES)
	@if test -n "$(CPPCHECK)"; then cd $(top_srcdir) && timeout 600 $(CPPCHECK) --quiet \
		--std=c11 --enable=warning,portability,performance --inline-suppr \
		--suppress=missingIncludeSystem --error-exitcode=1 -Isrc -I. src search; \
	else echo "lint: cppcheck is not installed, skipped"; fi
	@if test -n "$(CLANG_TIDY)"; then cd $(top_srcdir) && find src -name '*.c' | LC_ALL=C sort | \
		timeout 600 xargs $(CLANG_TIDY) --quiet --warnings-as-errors='*' -- \
		-std=gnu17 $(DEFS) -I$(abs_top_builddir) $(AM_CPPFLAGS) -Isrc -I. 2>/dev/null; \
	else echo "lint: clang-tidy is not installed, skipped"; fi

CHECK_TARGETS += check-layers
check-layers:
	@$(PYTHON) $(top_srcdir)/tools/check-layers --self-test
	@$(PYTHON) $(top_srcdir)/tools/check-layers $(top_srcdir)

.PHONY: format format-check lint
EXTRA_DIST += tools
