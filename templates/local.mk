noinst_LIBRARIES += lib_templates.a

# Every template, one a line, in alphabetical order.
TEMPLATES = \
	templates/account.html \
	templates/admin.html \
	templates/admin_audit.html \
	templates/admin_brand.html \
	templates/admin_categories.html \
	templates/admin_house.html \
	templates/admin_members.html \
	templates/admin_settings.html \
	templates/admin_system.html \
	templates/admin_mails.html \
	templates/admin_desk.html \
	templates/admin_tags.html \
	templates/admin_texts.html \
	templates/articles.html \
	templates/articles_work.html \
	templates/badges.html \
	templates/chart.html \
	templates/comments.html \
	templates/consent.html \
	templates/crawlers.html \
	templates/dashboard.html \
	templates/desk.html \
	templates/desk_reports.html \
	templates/desk_templates.html \
	templates/desk_work.html \
	templates/desk_work_acts.html \
	templates/duplicates.html \
	templates/experts.html \
	templates/files.html \
	templates/export.html \
	templates/holding.html \
	templates/flag.html \
	templates/home.html \
	templates/idea.html \
	templates/incident.html \
	templates/incidents.html \
	templates/layout.html \
	templates/list.html \
	templates/listening.html \
	templates/listening_label.html \
	templates/listening_results.html \
	templates/listening_themes.html \
	templates/mail.html \
	templates/mirror.html \
	templates/mirror_admin.html \
	templates/mirror_erasure.html \
	templates/moderation.html \
	templates/moderation_item.html \
	templates/moderation_person.html \
	templates/notice.html \
	templates/parts.html \
	templates/desk_panels.html \
	templates/desk_questionnaires.html \
	templates/questionnaires.html \
	templates/panels.html \
	templates/personal.html \
	templates/plain.html \
	templates/post.html \
	templates/poll.html \
	templates/privacy.html \
	templates/private.html \
	templates/profile.html \
	templates/ranks.html \
	templates/removal.html \
	templates/revisions.html \
	templates/rings.html \
	templates/search.html \
	templates/security.html \
	templates/settings.html \
	templates/sign_up_defence.html \
	templates/similar.html \
	templates/standing.html \
	templates/statistics.html \
	templates/topic.html \
	templates/topic_acts.html \
	templates/transparency.html \
	templates/write.html

# Those with {% mail %}: they have a header of their own.
MAIL_TEMPLATES = templates/export.html templates/mail.html

# All are compiled in one go, because they check each other's calls; a file
# whose C stays the same is not written, so gcc has only the changed ones to do.
# TEMPLATES_GENERATED is also where `make pot` looks for sentences.
TEMPLATES_GENERATED = $(TEMPLATES:.html=.c) templates/templates.h \
	$(MAIL_TEMPLATES:.html=.h)
TEMPLATE_COMPILER = tools/compile-templates \
	tools/template_compiler/generate.py \
	tools/template_compiler/html.py \
	tools/template_compiler/lint.py \
	tools/template_compiler/places.py \
	tools/template_compiler/source.py \
	tools/template_compiler/translations.py

lib_templates_a_SOURCES =
nodist_lib_templates_a_SOURCES = $(TEMPLATES_GENERATED)
BUILT_SOURCES += $(TEMPLATES_GENERATED)
CLEANFILES += $(TEMPLATES_GENERATED) templates/stamp
EXTRA_DIST += templates

templates/stamp: $(TEMPLATES) $(TEMPLATE_COMPILER) templates/local.mk
	$(AM_V_GEN)$(MKDIR_P) templates && \
		$(PYTHON) $(srcdir)/tools/compile-templates --root $(srcdir) \
			--output templates $(TEMPLATES) && \
		touch $@

# The second half brings back a file that somebody removed by hand.
$(TEMPLATES_GENERATED): templates/stamp
	@test -f $@ || { rm -f templates/stamp; $(MAKE) templates/stamp; }

# The {slots} of translated sentences must be those of the templates.
CHECK_TARGETS += check-sentences
check-sentences:
	@cd $(srcdir) && for file in $(PO_FILES); do test ! -f $$file || \
		$(PYTHON) tools/compile-templates --check-translations $$file \
			$(TEMPLATES) || exit 1; \
	done

CHECK_TARGETS += check-templates
check-templates:
	@if $(PYTHON) -c 'import pytest' 2>/dev/null; then \
		ENTRAIDE_SOURCE_DIR='$(abs_top_srcdir)' $(PYTHON) -B -m pytest -q \
			-p no:cacheprovider $(srcdir)/tests/tools/test_compile_templates.py; \
	else echo "check-templates: python3-pytest is not installed, skipped"; fi
.PHONY: check-sentences check-templates
