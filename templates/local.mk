noinst_LIBRARIES += lib_templates.a

# Generated C goes to nodist_…, hand-written helpers to lib_templates_a_SOURCES.
# TEMPLATES_GENERATED is also where `make pot` looks for sentences.
TEMPLATES_GENERATED =
lib_templates_a_SOURCES =
nodist_lib_templates_a_SOURCES = $(TEMPLATES_GENERATED)
BUILT_SOURCES += $(TEMPLATES_GENERATED)
CLEANFILES += $(TEMPLATES_GENERATED)
EXTRA_DIST += templates
