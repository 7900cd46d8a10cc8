/*
 * What the tests of accounts share: people who sign up, and their mailboxes.
 */
#ifndef TESTS_ACCOUNT_FIXTURE_H
#define TESTS_ACCOUNT_FIXTURE_H

#include "forum_fixture.h"

#define PASSWORD     "trois petits chats"
#define NEW_PASSWORD "quatre grands chiens"

/* An address of its own for each account. */
const char *new_email(struct ctx *ctx);

/* Signs up with PASSWORD; acts as a visitor from then on. */
void sign_up_as(struct ctx *ctx, const char *name, const char *email);

/* A confirmed account with PASSWORD. */
int64_t confirmed(struct ctx *ctx, const char *name, const char *email);

/* 0: there is none. */
int64_t find(struct ctx *ctx, const char *email);

int64_t mails_of(struct ctx *ctx, const char *kind, int64_t person_id);

/* The token of the newest mail of that kind, as it stands in its link. */
const char *mailed_token(struct ctx *ctx, const char *kind, int64_t person_id);

enum err try_login(struct ctx *ctx, const char *email, const char *password);
enum err try_login_from(struct ctx *ctx, const char *email, const char *password,
			const char *address, const char *device);

/* The person acts from then on. */
struct actor *act_as(struct ctx *ctx, int64_t id);

#endif
