/*
 * Reply templates: what the desk writes often, in one language, of one person, of a team
 * or of everybody at the desk. Places in them are filled when one is chosen:
 *
 *	{customer} {question} {category} {me} {link:12} {link:Restart your box}
 *
 * The last ones lead to an article, named by its number or its title. What is filled in
 * is text, never markup: a name cannot lead to another site.
 *
 * Every change is kept with its number; undoing puts back what counted before the newest,
 * also when that was nothing. Everybody at the desk reads those that are shared; who
 * changes them is policy.c's MAY_SHARE_TEMPLATES. One's own nobody else sees.
 */
#ifndef FORUM_DESK_TEMPLATE_H
#define FORUM_DESK_TEMPLATE_H

#include "base/ctx.h"

#define DESK_TEMPLATE_TITLE_MAX 80   /* code points */
#define DESK_TEMPLATE_BODY_MAX  8000 /* bytes */
#define DESK_TEMPLATES_SHOWN    300
#define DESK_TEMPLATES_OFFERED  60 /* at a question */
#define DESK_TEMPLATE_VERSIONS  30 /* shown */
#define DESK_TEMPLATES_OWN_MAX  100

struct rows;

enum desk_template_scope { DESK_TEMPLATE_OWN, DESK_TEMPLATE_TEAM, DESK_TEMPLATE_ALL };

struct desk_template {
	int64_t id, version, team_id; /* team_id: of DESK_TEMPLATE_TEAM */
	enum desk_template_scope scope;
	const char *language, *title, *body_md, *team;
	int64_t use_count, used_at, changed_at; /* used_at 0: never */
	const char *changed_by;                 /* "": nobody any more */
	bool is_deleted, can_change;
};

struct desk_template_version {
	int64_t version, changed_at, undoes; /* undoes 0: an ordinary change */
	const char *changed_by, *title, *body_md;
	bool is_deleted;
};

struct desk_template_view {
	struct desk_template item;
	struct desk_template_version *versions; /* newest first */
	size_t count;
};

/* A place that a text may have, for the list beside the editor. Through _(). */
struct desk_template_place {
	const char *shown; /* "{customer}" */
	const char *explanation;
};
extern const struct desk_template_place desk_template_places[];
extern const size_t desk_template_place_count;

/* What they are filled with. Nothing is NULL. */
struct desk_template_values {
	const char *customer, *question, *category, *me;
};

struct desk_team_choice {
	int64_t id;
	const char *name;
};

/*
 * Own and shared ones, by language and title, those deleted in the last 30 days at the end;
 * the teams there are. ERR_FORBIDDEN.
 */
struct desk_template_list {
	struct desk_template *items; /* without body */
	size_t count;
	struct desk_team_choice *teams;
	size_t team_count;
};
enum err desk_template_list(struct ctx *ctx, struct desk_template_list *out) MUST_CHECK;

/* Also a deleted one, which can be brought back. ERR_NOT_FOUND: or somebody else's own. */
enum err desk_template_load(struct ctx *ctx, int64_t id, struct desk_template_view *out,
			    struct desk_template_list *teams) MUST_CHECK;

/*
 * For a question: the actor's own, their team's, everybody's; those in its language
 * first, the most used before the others. Queued; read after db_run.
 */
void desk_template_offer_add(struct ctx *ctx, int64_t topic_id, struct rows *rows);
void desk_template_offer_read(struct ctx *ctx, struct rows *rows, struct desk_template **out,
			      size_t *count);

struct desk_template_form {
	int64_t id;      /* 0: a new one */
	int64_t version; /* that the form was made from */
	enum desk_template_scope scope;
	int64_t team_id;
	const char *language, *title, *body_md; /* as typed; cleaned */
	const char *form_key;
};

/*
 * Is it fit to be kept? ERR_INVALID at "title" or "body": a place that is not known or a
 * brace alone, with its line; an article that readers cannot find.
 */
enum err desk_template_check(struct ctx *ctx, struct desk_template_form *form) MUST_CHECK;

/*
 * *id: of the template. ERR_CONFLICT: changed meanwhile; ERR_INVALID, ERR_FORBIDDEN,
 * ERR_NOT_FOUND. What others use does not become one's own.
 */
enum err desk_template_save(struct ctx *ctx, struct desk_template_form *form,
			    int64_t *id) MUST_CHECK;
enum err desk_template_delete(struct ctx *ctx, int64_t id, int64_t version,
			      const char *form_key) MUST_CHECK;
enum err desk_template_undo(struct ctx *ctx, int64_t id, int64_t version,
			    const char *form_key) MUST_CHECK;

/*
 * The text with its places filled, as Markdown. An article that is no longer public
 * stands there by its name. No statement unless there are articles in it.
 */
enum err desk_template_fill(struct ctx *ctx, const char *body_md,
			    const struct desk_template_values *values, const char **out) MUST_CHECK;

/* Queued: it was sent once more. */
void desk_template_add_use(struct ctx *ctx, int64_t id);

#endif
