/*
 * The table. Order matters: the first signature that stands in a user agent counts, so
 * the special one comes before the general ("Google-InspectionTool" before "Googlebot").
 * The last rows are words by which the rest give themselves away.
 */
#include "http/crawler.h"

#include <strings.h>

/* clang-format off */
#define GOOGLE  "https://developers.google.com/search/docs/crawling-indexing/verifying-googlebot"
#define GOOGLES { "googlebot.com", "google.com" } /* below googleusercontent.com are Google's customers too */
#define BING    "https://www.bing.com/webmasters/help/verify-bingbot-2195837f"
#define OPENAI  "https://platform.openai.com/docs/bots"
#define META    "https://developers.facebook.com/docs/sharing/webmasters/web-crawlers"
#define CLAUDE  "https://support.anthropic.com/en/articles/8896518"

const struct crawler crawlers[] = {
	/* Search engines */
	{ "google-inspection", "Google-InspectionTool", CRAWLER_SEARCH, "Google-InspectionTool", GOOGLES, GOOGLE },
	{ "googleother",  "GoogleOther",     CRAWLER_MODEL,   "GoogleOther",    GOOGLES, GOOGLE },
	{ "adsbot",       "AdsBot-Google",   CRAWLER_TOOL,    "AdsBot-Google",  GOOGLES, GOOGLE },
	{ "googlebot",    "Googlebot",       CRAWLER_SEARCH,  "Googlebot",      GOOGLES, GOOGLE },
	{ "bingbot",      "Bingbot",         CRAWLER_SEARCH,  "bingbot",        { "search.msn.com" }, BING },
	{ "applebot",     "Applebot",        CRAWLER_SEARCH,  "Applebot",       { "applebot.apple.com" }, "https://support.apple.com/en-us/119829" },
	{ "duckduckbot",  "DuckDuckBot",     CRAWLER_SEARCH,  "DuckDuckBot",    { NULL }, "https://duckduckgo.com/duckduckgo-help-pages/results/duckduckbot" },
	{ "qwantbot",     "Qwantbot",        CRAWLER_SEARCH,  "Qwantbot",       { "qwant.com" }, "https://help.qwant.com/bot/" },
	{ "yandexbot",    "YandexBot",       CRAWLER_SEARCH,  "Yandex",         { "yandex.ru", "yandex.net", "yandex.com" }, "https://yandex.com/support/webmaster/robot-workings/check-yandex-robots.html" },
	{ "baiduspider",  "Baiduspider",     CRAWLER_SEARCH,  "Baiduspider",    { "baidu.com", "baidu.jp" }, "https://help.baidu.com/question?prod_id=99" },
	{ "seznambot",    "SeznamBot",       CRAWLER_SEARCH,  "SeznamBot",      { "seznam.cz" }, "https://o-seznam.cz/napoveda/vyhledavani/en/seznambot-crawler/" },
	{ "petalbot",     "PetalBot",        CRAWLER_SEARCH,  "PetalBot",       { "petalsearch.com" }, "https://webmaster.petalsearch.com/site/petalbot" },
	{ "mojeekbot",    "MojeekBot",       CRAWLER_SEARCH,  "MojeekBot",      { "mojeek.com" }, "https://www.mojeek.com/bot.html" },

	/* Previews of links */
	{ "facebook",     "facebookexternalhit", CRAWLER_PREVIEW, "facebookexternalhit", { NULL }, META },
	{ "twitterbot",   "Twitterbot",      CRAWLER_PREVIEW, "Twitterbot",     { NULL }, "https://developer.x.com/en/docs/x-for-websites/cards/guides/getting-started" },
	{ "linkedinbot",  "LinkedInBot",     CRAWLER_PREVIEW, "LinkedInBot",    { NULL }, "https://www.linkedin.com/help/linkedin/answer/a521928" },
	{ "whatsapp",     "WhatsApp",        CRAWLER_PREVIEW, "WhatsApp/",      { NULL }, META },
	{ "slackbot",     "Slackbot",        CRAWLER_PREVIEW, "Slackbot",       { NULL }, "https://api.slack.com/robots" },
	{ "discordbot",   "Discordbot",      CRAWLER_PREVIEW, "Discordbot",     { NULL }, "https://discord.com/developers/docs/reference" },
	{ "telegrambot",  "TelegramBot",     CRAWLER_PREVIEW, "TelegramBot",    { NULL }, "https://core.telegram.org/bots" },

	/* Language models */
	{ "gptbot",       "GPTBot",          CRAWLER_MODEL,   "GPTBot",         { NULL }, OPENAI },
	{ "oai-searchbot", "OAI-SearchBot",  CRAWLER_MODEL,   "OAI-SearchBot",  { NULL }, OPENAI },
	{ "chatgpt-user", "ChatGPT-User",    CRAWLER_MODEL,   "ChatGPT-User",   { NULL }, OPENAI },
	{ "claudebot",    "ClaudeBot",       CRAWLER_MODEL,   "ClaudeBot",      { NULL }, CLAUDE },
	{ "claude-user",  "Claude-User",     CRAWLER_MODEL,   "Claude-",        { NULL }, CLAUDE },
	{ "perplexity",   "PerplexityBot",   CRAWLER_MODEL,   "Perplexity",     { NULL }, "https://docs.perplexity.ai/guides/bots" },
	{ "meta-agent",   "meta-externalagent", CRAWLER_MODEL, "meta-external", { NULL }, META },
	{ "bytespider",   "Bytespider",      CRAWLER_MODEL,   "Bytespider",     { NULL }, "https://bytespider.bytedance.com/" },
	{ "amazonbot",    "Amazonbot",       CRAWLER_MODEL,   "Amazonbot",      { "crawl.amazonbot.amazon" }, "https://developer.amazon.com/amazonbot" },
	{ "ccbot",        "CCBot",           CRAWLER_MODEL,   "CCBot",          { "crawl.commoncrawl.org" }, "https://commoncrawl.org/ccbot" },
	{ "mistral",      "MistralAI-User",  CRAWLER_MODEL,   "MistralAI",      { NULL }, "https://docs.mistral.ai/robots" },

	/* Tools and archives */
	{ "ahrefsbot",    "AhrefsBot",       CRAWLER_TOOL,    "AhrefsBot",      { "ahrefs.com", "ahrefs.net" }, "https://ahrefs.com/robot" },
	{ "semrushbot",   "SemrushBot",      CRAWLER_TOOL,    "SemrushBot",     { NULL }, "https://www.semrush.com/bot/" },
	{ "mj12bot",      "MJ12bot",         CRAWLER_TOOL,    "MJ12bot",        { NULL }, "https://mj12bot.com/" },
	{ "dotbot",       "DotBot",          CRAWLER_TOOL,    "DotBot",         { NULL }, "https://moz.com/help/moz-procedures/crawlers/dotbot" },
	{ "archive-org",  "archive.org_bot", CRAWLER_TOOL,    "archive.org_bot", { "archive.org" }, "https://archive.org/details/archive.org_bot" },
	{ "feedly",       "Feedly",          CRAWLER_TOOL,    "Feedly",         { NULL }, "https://www.feedly.com/fetcher.html" },
	{ "uptimerobot",  "UptimeRobot",     CRAWLER_TOOL,    "UptimeRobot",    { NULL }, "https://uptimerobot.com/help/locations/" },

	/* The rest */
	{ "unknown-bot",  "…bot",            CRAWLER_UNKNOWN, "bot",            { NULL }, "" },
	{ "unknown-crawl", "…crawler",       CRAWLER_UNKNOWN, "crawl",          { NULL }, "" },
	{ "unknown-spider", "…spider",       CRAWLER_UNKNOWN, "spider",         { NULL }, "" },
	{ "scrapy",       "Scrapy",          CRAWLER_UNKNOWN, "Scrapy",         { NULL }, "https://scrapy.org/" },
};
/* clang-format on */
const size_t crawler_count = ARRAY_COUNT(crawlers);

const char *crawler_class_text(enum crawler_class crawler_class)
{
	static const char *const texts[CRAWLER_CLASS_COUNT] = {
		[CRAWLER_SEARCH] = "search",   [CRAWLER_PREVIEW] = "preview",
		[CRAWLER_MODEL] = "model",     [CRAWLER_TOOL] = "tool",
		[CRAWLER_UNKNOWN] = "unknown",
	};

	return texts[crawler_class];
}

/* Whether two bytes may be the same letter; others of the same bits may be, too. */
static bool may_be_same(char one, char other)
{
	return (((unsigned char)one ^ (unsigned char)other) & 0xDF) == 0;
}

/*
 * Two letters are looked at before more is compared: every view is held against every
 * word (measured: a tenth of a page's instructions without).
 */
bool crawler_has_word(const char *text, size_t length, const char *word)
{
	size_t word_length = strlen(word);

	for (size_t at = 0; at + word_length <= length; at++)
		if (may_be_same(text[at], word[0]) && may_be_same(text[at + 1], word[1]) &&
		    strncasecmp(text + at, word, word_length) == 0)
			return true;
	return false;
}

const struct crawler *crawler_of(const char *agent, size_t length)
{
	for (size_t i = 0; i < crawler_count; i++)
		if (crawler_has_word(agent, length, crawlers[i].signature))
			return &crawlers[i];
	return NULL;
}

const struct crawler *crawler_find(const char *slug)
{
	for (size_t i = 0; i < crawler_count; i++)
		if (strcmp(crawlers[i].slug, slug) == 0)
			return &crawlers[i];
	return NULL;
}

bool crawler_owns_host(const struct crawler *crawler, const char *host)
{
	size_t length = strlen(host);

	/* DNS writes names with a dot at the end, or without. */
	if (length > 0 && host[length - 1] == '.')
		length--;
	for (size_t i = 0; i < CRAWLER_HOSTS_MAX && crawler->hosts[i]; i++) {
		size_t end = strlen(crawler->hosts[i]);

		if (length > end && host[length - end - 1] == '.' &&
		    strncasecmp(host + length - end, crawler->hosts[i], end) == 0)
			return true;
	}
	return false;
}
