/*
 * What the operator sets: one INI file (libinih), every key overridable by an
 * environment variable ENTRAIDE_SECTION_KEY, secrets also from a file named by
 * KEY_file (systemd credentials). Read once at start; a wrong or unknown key is
 * an error that names the file, the line and what is allowed. A long value goes
 * on in lines that start with white space, joined by one space; what follows
 * " ;" is a comment, in a secret's file it is not. The table in
 * config.c is the list of all keys, with defaults and ranges; `entraide config`
 * prints it, and docs/operations.md is held against it by a test.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/arena.h"

struct config {
	struct {
		const char *name;     /* brand, shown everywhere */
		const char *base_url; /* "https://entraide.example.fr", no slash at the end */
		const char *default_language; /* "fr" or "en" */
		const char *timezone;         /* IANA name, for dates shown to people */
		const char *contact_email;
		const char *theme_dir;
		const char *charter_version; /* recorded with every consent */
		int64_t session_days;        /* idle limit of a session */
	} site;
	struct {
		const char *conninfo; /* libpq connection string */
		int64_t statement_timeout_ms;
	} database;
	struct {
		const char *pages_socket; /* unix socket paths */
		const char *slow_socket;
		int64_t pages_workers;
		int64_t slow_workers;
		int64_t requests_per_worker; /* then it is replaced; 0 = never */
		const char *socket_group;    /* nginx's group, or empty */
		const char *metrics_allow;   /* addresses, comma-separated */
	} web;
	struct {
		int64_t slots;        /* jobs at a time */
		int64_t poll_seconds; /* when no NOTIFY comes */
	} worker;
	struct {
		const char *pages;          /* "on" or "off" */
		const char *generation_dir; /* nginx reads a link in it */
		const char *purge_socket;   /* of nginx */
	} cache;
	struct {
		const char *url; /* smtp://host:port or smtps:// */
		const char *user;
		const char *password; /* secret */
		const char *from;     /* "Entraide <no-reply@example.fr>" */
	} mail;
	struct {
		const char *index_dir; /* Xapian database */
	} search;
	struct {
		const char *app_id;
		const char *app_secret;   /* secret */
		const char *page_tokens;  /* secret: one token, or "PAGE=TOKEN, PAGE=TOKEN" */
		const char *verify_token; /* secret */
		const char *base_url;     /* of the Graph API; tests have their own */
		const char *version;      /* "v25.0" */
		const char *media_hosts;  /* ends of names, or whole "host:port" */
		int64_t reply_max;        /* UTF-16 units */
	} facebook;
	struct {
		const char *private_hosts; /* "host:port" that may stand in a private network */
	} feed;
	struct {
		int64_t slots;
		const char *media_dir;
		int64_t absence_hours, brake_percent;
		int64_t write_seconds, look_seconds, lag_minutes;
	} mirror;
	struct {
		const char *key; /* at least 32 characters: signs tokens */
	} secret;
	struct {
		const char *staff_without_second_factor; /* "refused" or "allowed" */
	} security;
	struct {
		const char *seal_key; /* public half; "" for none */
	} privacy;
	struct {
		const char *service_url; /* no slash at the end */
		const char *service_key; /* "" for none */
	} spam;
	struct {
		const char *indexnow_url;
		const char *log;        /* nginx's lean log; "" for none */
		const char *hosts_file; /* instead of DNS; "" for DNS */
	} crawlers;
	struct {
		const char *level; /* debug, info, warning, error */
	} log;
	struct {
		const char *locale_dir; /* compiled catalogues */
		const char *migrations_dir;
		const char *openapi; /* description of /api/v1 */
	} paths;
};

/*
 * Reads path (NULL: $ENTRAIDE_CONFIG, else the compiled-in default), then the
 * environment. False: *message says in a sentence what is wrong. Strings live
 * in the arena.
 */
bool config_load(struct config *config, struct arena *arena, const char *path,
		 const char **message) MUST_CHECK;

/* Prints every key with its default and meaning, as a commented INI file. */
void config_print(void);

#endif
