/* The form in which people write: struct write_page, filled, shown and kept. */
#ifndef WEB_WRITE_FORM_H
#define WEB_WRITE_FORM_H

#include "web/request.h"

/* What all kinds have in common, from the form or empty. page->kind is set before. */
void write_form_init(struct request *request, struct write_page *page);
enum err write_form_show(struct request *request, struct write_page *page,
			 const char *title) MUST_CHECK;
/* The preview button of the form itself: for browsers without scripts. */
enum err write_form_preview(struct request *request, struct write_page *page) MUST_CHECK;
/* A form's "save as draft" button. *is_done: answered, nothing more to do. */
enum err write_form_save_draft(struct request *request, struct write_page *page,
			       bool *is_done) MUST_CHECK;
/* Fills the page with what was kept of it, if anything. */
enum err write_form_load_draft(struct request *request, struct write_page *page) MUST_CHECK;
/* The writer's answer to "this is personal data". */
enum personal_choice write_form_personal(const struct request *request);
/*
 * After a refusal: takes the error, and fills in what the form says about it. earlier:
 * the post's text before an edit, or "".
 */
void write_form_refused(struct request *request, struct write_page *page, const char *earlier_title,
			const char *earlier);
/* Leaves out where this person may not ask; where the question stands is kept. */
void write_form_keep_askable(struct request *request, struct write_page *page);
/* ERR_FORBIDDEN with the reason: before a form is shown that could only be refused. */
enum err write_form_check_may(struct request *request, enum action action,
			      const struct subject *subject) MUST_CHECK;

/* What the head says of a page for asking. */
const char *asking_description(bool is_idea);

#endif
