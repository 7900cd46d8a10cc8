/*
 * Writing an Atom feed (RFC 4287) into the answer's body: atom_begin, atom_entry for each,
 * atom_end. What is new comes first; ids are addresses that stay when titles change.
 */
#ifndef WEB_ATOM_H
#define WEB_ATOM_H

#include "web/request.h"

/* "?lang=": readers of feeds send no language of theirs. ERR_NOT_FOUND: not one of ours. */
enum err atom_choose_language(struct request *request) MUST_CHECK;

struct atom_feed {
	const char *title;
	const char *path;      /* of the feed, with its query but without "lang" */
	const char *page_path; /* of the page whose news they are */
	int64_t updated_at;    /* of the newest entry; 0: there is none */
};
struct atom_entry {
	const char *id_path;  /* as short as it can be: it never changes */
	const char *path;     /* where a reader goes */
	const char *language; /* of its words */
	const char *title;
	int64_t published_at, updated_at;
	const char *author, *author_path;     /* NULL: the feed's own; "" for no page of theirs */
	const char *summary;                  /* plain words; "" for none */
	const char *content;                  /* HTML that the sanitiser made; NULL: none */
	const char *category, *category_name; /* "" for none */
};

void atom_begin(struct request *request, const struct atom_feed *feed);
void atom_entry(struct request *request, const struct atom_entry *entry);
/* Ends it, with an ETag of all its bytes: a 304 for whoever has them. */
void atom_end(struct request *request);

#endif
