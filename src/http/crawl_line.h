/*
 * A line of the lean log that nginx keeps beside its access log (nginx/http.conf,
 * entraide_crawl): requests of programs that say who they are, and threads and articles
 * that people were shown from nginx's store. Eight fields, one space between them:
 *
 *	1795440313.123 GET 200 4211 HIT /t/12 "Mozilla/5.0 (compatible; Googlebot/2.1)" 66.249.66.1
 *	1795440313.124 GET 200 4211 HIT /t/12 "-" -
 *
 * when (Unix time), method, status, bytes of the body, what nginx's store said, where: the
 * first word of the address, with the number of a thread or article; agent and address of
 * crawlers alone. Of people there is nothing to read them by: no address, no program, no
 * page that is not public.
 *
 * Pure and strict: what is not just so is refused, whatever was meant.
 */
#ifndef HTTP_CRAWL_LINE_H
#define HTTP_CRAWL_LINE_H

#include "base/slice.h"
#include "http/crawler.h"

/* An agent is at most 400 bytes in the log, each of them four when it is odd. */
#define CRAWL_LINE_MAX    2048
#define CRAWL_ADDRESS_MAX 46

enum crawl_kind {
	CRAWL_TOPIC,
	CRAWL_ARTICLE,
	CRAWL_LIST, /* home, lists, categories, tags, the knowledge base's places */
	CRAWL_PERSON,
	CRAWL_FEED,
	CRAWL_SITEMAP,
	CRAWL_ROBOTS, /* robots.txt */
	CRAWL_SEARCH,
	CRAWL_API,
	CRAWL_FILE, /* pictures, styles, cards */
	CRAWL_OTHER,
	CRAWL_KIND_COUNT,
};
const char *crawl_kind_text(enum crawl_kind kind);
/* False: no such kind; *out is CRAWL_OTHER. */
bool crawl_kind_from_text(const char *text, enum crawl_kind *out);

enum crawl_answer {
	CRAWL_OK,      /* 2xx */
	CRAWL_SAME,    /* 304 */
	CRAWL_MOVED,   /* other 3xx */
	CRAWL_GONE,    /* 404, 410 */
	CRAWL_REFUSED, /* 403, 429 */
	CRAWL_FAILED,  /* 5xx */
	CRAWL_ODD,     /* other 4xx, those that hung up (499) too */
	CRAWL_ANSWER_COUNT,
};
const char *crawl_answer_text(enum crawl_answer answer);

struct crawl_line {
	int64_t at; /* microseconds, UTC */
	bool is_get;
	int status;
	int64_t bytes;
	bool is_kept; /* came from nginx's store: the program has not heard of it */
	enum crawl_kind kind;
	int64_t id;                          /* of a topic or an article; else 0 */
	const struct crawler *crawler;       /* NULL: a person */
	char address[CRAWL_ADDRESS_MAX + 1]; /* of a crawler: IPv4 or IPv6; else "" */
};

/* The line without its line feed; at most CRAWL_LINE_MAX bytes, hostile. False: it is none. */
bool crawl_line_read(struct slice line, struct crawl_line *out);

enum crawl_answer crawl_answer_of(int status);

#endif
