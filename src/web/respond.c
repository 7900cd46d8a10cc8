/*
 * From a page or an error to an HTTP answer: the frame, redirects, notices and
 * the headers that every answer carries.
 */
#include "web/respond.h"

#include "base/crypto.h"
#include "base/log.h"
#include "forum/crisis_now.h"
#include "i18n/i18n.h"
#include "static_version.h"
#include "text/slug.h"
#include "web/admin_house.h"
#include "web/brand.h"
#include "web/gate.h"
#include "web/routes.h"
#include "web/shared_page.h"

/* Sentences after an action, by the code that travels in a cookie. */
static const struct {
	const char *code, *sentence;
} notices[] = {
	{ "asked", N_("Your question is published. You will be told when somebody answers.") },
	{ "answered", N_("Thank you! Your answer is published.") },
	{ "commented", N_("Your comment is published.") },
	{ "article_from_topic",
	  N_("This draft was made of the thread: put it into the team's words, then publish "
	     "it. The thread shows it from then on.") },
	{ "article_saved",
	  N_("The version is saved. Readers do not see it before it is published.") },
	{ "article_review", N_("It waits for somebody to look at it.") },
	{ "article_returned", N_("It is a draft again, with what you said in the log.") },
	{ "article_published", N_("Readers see this version now.") },
	{ "article_archived", N_("Readers no longer find this article.") },
	{ "article_restored",
	  N_("The earlier version is the newest again. Publish it to show it.") },
	{ "article_done", N_("It is changed.") },
	{ "article_vote", N_("Thank you: that is how our articles get better.") },
	{ "desk_noted", N_("The note is kept. Only the desk sees it.") },
	{ "desk_note_gone", N_("The note is taken back.") },
	{ "desk_information",
	  N_("Whoever asked is told what is needed. The clocks stand still until they write.") },
	{ "desk_resumed", N_("The question is open again, and its clocks go on.") },
	{ "desk_handed", N_("The question is handed over.") },
	{ "desk_escalated", N_("The question is escalated.") },
	{ "desk_follow_up", N_("It is noted when to look at it again.") },
	{ "desk_settled", N_("The question is settled.") },
	{ "desk_cause", N_("The cause is noted.") },
	{ "desk_undone", N_("It is undone.") },
	{ "private_started",
	  N_("It goes on privately. Whoever asked is told; the public page says no more than that.") },
	{ "private_said", N_("It is sent. Only you and the other side can read it.") },
	{ "private_taken", N_("You are in charge of this exchange now.") },
	{ "private_closed", N_("The exchange is closed.") },
	{ "desk_targets",
	  N_("The targets are changed; the clocks of open questions follow within a minute.") },
	{ "desk_teams", N_("The teams are changed.") },
	{ "desk_template_saved", N_("The template is saved.") },
	{ "desk_template_undone", N_("The change is undone.") },
	{ "theme_saved", N_("The theme is saved. All weeks are being counted anew.") },
	{ "theme_deleted", N_("The theme is deleted.") },
	{ "desk_template_deleted",
	  N_("The template is deleted. For 30 days it stands at the end of this list, to be brought back.") },
	{ "removal", N_("It is under way. This page shows how far it is.") },
	{ "removal_undo", N_("The posts are being put back. This page shows how far it is.") },
	{ "sign_up_block", N_("It is done, and counts at once.") },
	{ "holding", N_("The rules are saved. They count at once.") },
	{ "holding_trial", N_("The dry run has begun. This page shows how far it is.") },
	{ "held", N_("Thank you. Somebody of the team reads this before it is published; until "
		     "then only you and the team see it. You will be told.") },
	{ "edited", N_("Your changes are saved.") },
	{ "withdrawn", N_("The message is withdrawn.") },
	{ "restored", N_("The message is visible again.") },
	{ "accepted", N_("Marked as the solution. Thank you for saying what helped!") },
	{ "unaccepted", N_("This answer is no longer marked as the solution.") },
	{ "solved", N_("Good to hear that this helped!") },
	{ "solved_kept", N_("Good to hear that this helped! What you had begun to write is kept in "
			    "your drafts.") },
	{ "solved_thanked",
	  N_("Good to hear that this helped! We have thanked its author for you. What you had "
	     "begun to write is kept in your drafts.") },
	{ "followed", N_("You follow this question now: you will be told of every answer.") },
	{ "duplicate",
	  N_("Marked as a duplicate. Visitors are led to the other question, and whoever "
	     "followed this one or had it too is told of its answers.") },
	{ "duplicate_undone",
	  N_("This question stands for itself again. Whoever followed it goes on "
	     "following the other one as well.") },
	{ "status", N_("The state of this question is changed.") },
	{ "stage",
	  N_("The stage is set, and everybody concerned is told. “Manage the question” can undo it.") },
	{ "poll_added", N_("Your poll is there.") },
	{ "voted", N_("Your vote counts. You can change it until the poll closes.") },
	{ "panel_saved", N_("The panel is saved.") },
	{ "panel_closed", N_("The panel is closed: nobody joins or answers any more.") },
	{ "panel_opened", N_("The panel is open again.") },
	{ "panel_invited",
	  N_("They are invited, here and by mail. Whoever says nothing has said no.") },
	{ "panel_joined",
	  N_("Thank you! You are in the panel, and will be told when there is something to answer.") },
	{ "panel_left", N_("It is noted. You can change your mind as long as the panel is open.") },
	{ "questionnaire_saved",
	  N_("The questionnaire is saved. The panel is told when it opens.") },
	{ "questionnaire_answered",
	  N_("Thank you for your answer! You can change it until the questionnaire closes.") },
	{ "questionnaire_back", N_("Your answer is gone.") },
	{ "poll_removed", N_("The poll is removed; the reason stands in its place.") },
	{ "act_done", N_("Done. The page “Manage the question” can undo it.") },
	{ "act_undone", N_("Undone: it is as it was before.") },
	{ "acts_done", N_("Done, for all the questions that were chosen.") },
	{ "draft", N_("Your draft is saved.") },
	{ "draft_gone", N_("The draft is deleted.") },
	{ "signed_in", N_("You are signed in.") },
	{ "signed_out", N_("You are signed out.") },
	{ "confirmed", N_("Your address is confirmed. Welcome!") },
	{ "settings", N_("Your settings are saved.") },
	{ "email_sent",
	  N_("We have sent a link to the new address. It is changed once you open it.") },
	{ "password", N_("Your password is changed. All your other sessions have ended.") },
	{ "session_ended", N_("That session has ended.") },
	{ "sessions_ended", N_("All your sessions have ended.") },
	{ "export_asked", N_("Your copy is being made. A mail tells you when it is ready.") },
	{ "erasure_asked", N_("Noted. Until the day comes you can take it back here.") },
	{ "erasure_taken_back", N_("Good that you stay: your account is kept.") },
	{ "second_factor", N_("Two-step sign-in is on. All your other sessions have ended.") },
	{ "second_factor_off", N_("Two-step sign-in is off.") },
	{ "passkey", N_("The passkey is added: it opens your account from now on.") },
	{ "passkey_off", N_("The passkey is removed.") },
	{ "resent", N_("We have sent the confirmation link again.") },
	{ "trust", N_("The level is given.") },
	{ "badge", N_("Done. It is in the log.") },
	{ "ranks", N_("The ladder is in force; everybody’s rank is being worked out.") },
	{ "ranking", N_("It is as you wish.") },
	{ "nominated", N_("The person was asked. Nothing happens before they agree.") },
	{ "expert", N_("Thank you! From now on your answers here carry the mark.") },
	{ "expert_declined", N_("That is fine. Thank you for having considered it.") },
	{ "expert_ended", N_("The term is over.") },
	{ "endorsed", N_("The answer is marked as being as good as official.") },
	{ "unendorsed", N_("The mark is gone.") },
	{ "proposed", N_("Thank you: the team will look at it for an article.") },
	{ "ring", N_("The decision is in force.") },
	{ "synonyms", N_("The lists are saved, and in force at the next search.") },
	{ "role_given", N_("The role is given. The member signs in again with the new rights.") },
	{ "job_retry", N_("It is tried again in a moment.") },
	{ "job_drop", N_("It is dropped.") },
	{ "logo_uploaded",
	  N_("The logo is being made ready. It is shown everywhere in a moment.") },
	{ "agreed", N_("Thank you. You can write again.") },
	{ "text_saved", N_("The version is saved. Nobody sees it before it is published.") },
	{ "text_published", N_("The text is in force.") },
	{ "text_undone", N_("What was in force before is in force again.") },
	{ "mail_saved", N_("The words are saved. They count from the next mail on.") },
	{ "mail_same", N_("Nothing was changed: the mail says this already.") },
	{ "mail_undone", N_("What the mail said before counts again.") },
	{ "mail_reset", N_("The default text counts again.") },
	{ "category_saved", N_("The category is saved. It counts at once.") },
	{ "category_archived",
	  N_("The category is archived. Its questions move in the background.") },
	{ "category_undone", N_("The change is undone.") },
	{ "tag_saved", N_("The tag is saved. It counts at once.") },
	{ "tag_renamed", N_("The tag is renamed. Its questions follow in the background.") },
	{ "tag_merged", N_("The tag is merged. Its questions follow in the background.") },
	{ "tag_undone", N_("It is undone. The questions follow in the background.") },
	{ "tag_word_added", N_("The synonym counts at once.") },
	{ "tag_word_removed", N_("The word no longer leads to this tag.") },
	{ "tag_deleted", N_("The tag is deleted.") },
	{ "tag_forbidden", N_("The word can no longer become a tag.") },
	{ "tag_allowed", N_("The word can be a tag again.") },
	{ "incident_opened", N_("The incident is open. Readers see it within some seconds.") },
	{ "incident_updated", N_("The update is published, and whoever follows is told.") },
	{ "incident_banner", N_("The banner is as you wish, everywhere within some seconds.") },
	{ "incident_gathered", N_("The questions are gathered. Each can be let go again.") },
	{ "incident_released", N_("The question stands for itself again.") },
	{ "incident_closed", N_("The incident is closed. Below is its report.") },
	{ "incident_reopened", N_("The incident is open again, without its banner.") },
	{ "setting_saved",
	  N_("The settings are saved. They count everywhere within two seconds.") },
	{ "setting_same", N_("Nothing was different, so nothing was changed.") },
	{ "setting_undone", N_("The change is undone.") },
	{ "there", N_("Asked for. It shows here once it is done there.") },
	{ "outbox_retry", N_("It is sent once more.") },
	{ "outbox_cancel", N_("It is not sent.") },
	{ "claimed", N_("Noted. The pages follow in a moment.") },
	{ "erasing", N_("It is out of sight, and is being deleted now.") },
	{ "erasure_refused", N_("The request is closed, with your reason.") },
	{ "mirror_made",
	  N_("The mirror is set up. Make your choices below, then read everything.") },
	{ "mirror_saved", N_("The choices are saved. What is shown follows in a moment.") },
	{ "mirror_asked", N_("Asked for. The worker does it in a moment.") },
	{ "delivery_retry", N_("It is worked in once more.") },
	{ "delivery_drop", N_("It is dropped.") },
	{ "desk_claimed",
	  N_("You have this question in hand for ten minutes. Others see that you are working on it.") },
	{ "filter_kept", N_("The filter is kept: you find it above the queue.") },
	{ "filter_dropped", N_("The filter is dropped.") },
	{ "desk_let_go", N_("The question is free again.") },
	{ "queue_empty", N_("Nothing is left here that is free. Well done!") },
	{ "decided", N_("Decided.") },
	{ "undone", N_("The decision is undone, and waits again.") },
	{ "batch_done", N_("All that were ticked are decided.") },
	{ "batch_some",
	  N_("Some are decided; the others are looked at by somebody else, or were decided already.") },
	{ "batch_none", N_("Nothing was decided: tick some that nobody else is looking at.") },
	{ "measured", N_("The measure is in force, and the person is told.") },
	{ "measure_ended", N_("The measure is ended, and the person is told.") },
	{ "complained", N_("Your complaint is with the team. You will be told what comes of it.") },
	{ "notice_received",
	  N_("Thank you: your notice is with the team. This page is your receipt.") },
	{ "notice_taken_up", N_("The notice is in the queue.") },
	{ "notifier_heard", N_("Notices of that person are handled again.") },
	{ "report_published", N_("The report is published.") },
	{ "report_withdrawn", N_("The report is no longer public.") },
	{ "acknowledged", N_("Thank you for reading it.") },
	{ "flagged", N_("Thank you: the team looks at it.") },
	{ "read", N_("All notifications are marked as read.") },
};

static const char *take_notice(struct request *request)
{
	const char *code = gate_cookie(request, "notice");

	if (!code[0])
		return "";
	gate_set_cookie(request, "notice", "", -1);
	for (size_t i = 0; i < ARRAY_COUNT(notices); i++)
		if (strcmp(code, notices[i].code) == 0)
			return _(notices[i].sentence);
	return "";
}

void respond_notice(struct request *request, const char *code)
{
	gate_set_cookie(request, "notice", code, 60);
}

char *site_url(struct request *request, const char *path)
{
	return arena_printf(request->ctx.arena, "%s%s", request->site->config->site.base_url, path);
}

const char *present_path(struct request *request)
{
	const struct http_request *http = request->http;

	if (!http->query[0])
		return http->path;
	return arena_printf(request->ctx.arena, "%s?%s", http->path, http->query);
}

/* A visitor's page that may be cached must not carry what is made for one person. */
static bool has_forms(const struct request *request)
{
	return request->actor.id || (request->route && request->route->cache == CACHE_NONE &&
				     request->route->access != ACCESS_OPERATOR);
}

/* Those whose banner is up; the layout shows what belongs on the page. */
static void fill_incidents(struct request *request, struct frame *frame)
{
	const struct crisis_now *now = crisis_now();
	struct arena *arena = request->ctx.arena;

	if (now->count == 0)
		return;
	frame->incidents = arena_array_of(arena, now->count, struct frame_incident);
	for (size_t i = 0; i < now->count; i++) {
		const struct crisis_banner *banner = &now->banners[i];

		if (!banner->is_on)
			continue;
		frame->incidents[frame->incident_count++] = (struct frame_incident){
			.severity = incident_severity_text(banner->severity),
			.label = _(incident_severity_label(banner->severity)),
			.words = crisis_banner_words(banner, frame->language),
			.thread = arena_printf(arena, "/t/%lld-%s", (long long)banner->topic_id,
					       banner->topic_slug),
			.link = banner->link,
			.category_slug = banner->category_slug,
		};
	}
}

/* The theme's is no picture that other sites take. */
static struct frame_picture brand_picture(struct request *request, const struct brand_shown *brand)
{
	bool is_uploaded = strncmp(brand->logo_path, "/brand/", strlen("/brand/")) == 0;

	return (struct frame_picture){
		.url = is_uploaded ? site_url(request, brand->logo_path) : "",
		.alt = brand->name,
	};
}

void frame_init(struct request *request, struct frame *frame, const char *title)
{
	const struct brand_shown *brand = brand_shown(request);
	bool is_french = strcmp(request->ctx.language, "fr") == 0;

	*frame = (struct frame){
		.arena = request->ctx.arena,
		.language = request->ctx.language,
		.other_language = is_french ? "en" : "fr",
		.other_language_name = i18n_language_name(is_french ? "en" : "fr"),
		.brand = brand->name,
		.style = brand->css_path,
		.brand_css = "",
		.logo = brand->logo_path,
		.title = title,
		.description = "",
		.canonical = "",
		.kind = "website",
		.picture = brand_picture(request, brand),
		.previous_path = "",
		.next_path = "",
		.feed_path = "",
		.path = present_path(request),
		.assets = STATIC_PREFIX,
		.search_words = "",
		.section = "",
		.house = admin_house_of(request),
		.actor = &request->actor,
		.is_signed_in = request->actor.id != 0,
		.is_staff = role_is_staff(request->actor.role),
		.has_ideas = site_has_ideas(),
		.csrf = has_forms(request) ? gate_csrf(request) : "",
		.form_key = has_forms(request) ? crypto_token(request->ctx.arena) : "",
		.notice = take_notice(request),
		.request_id = request->http->request_id,
		.now = request->ctx.now,
		.head_extra = request->site->head_extra,
		.header_extra = brand->header,
		.footer_extra = brand->footer,
		.category_slug = "",
		.parent_category_slug = "",
		.data = "",
		.open_alerts = role_is_staff(request->actor.role) ? crisis_now()->open_alerts : 0,
	};
	fill_incidents(request, frame);
}

static bool is_own_path(const char *path)
{
	/* "//host" and "/\host" are other hosts to a browser. */
	if (path[0] != '/' || path[1] == '/' || path[1] == '\\')
		return false;
	for (const char *c = path; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == '\\' || *c == 127)
			return false;
	return true;
}

const char *safe_path(struct request *request, const char *path, const char *fallback)
{
	(void)request;
	return path[0] && strlen(path) < 2000 && is_own_path(path) ? path : fallback;
}

enum err respond_redirect(struct request *request, int status, const char *path)
{
	const char *target = path_encode(request->ctx.arena, is_own_path(path) ? path : "/");

	request->response->status = status;
	request->response->content_type = "text/plain; charset=utf-8";
	http_header(request->response, "Location", site_url(request, target));
	return OK;
}

enum err respond_text(struct request *request, int status, const char *content_type,
		      const char *text)
{
	request->response->status = status;
	request->response->content_type = content_type;
	buf_text(&request->response->body, text);
	return OK;
}

enum err respond_json(struct request *request, const char *json)
{
	uint8_t hash[CRYPTO_HASH_BYTES];
	const char *tag;

	crypto_sha256(hash, json, strlen(json));
	tag = arena_printf(request->ctx.arena, "W/\"%s\"",
			   crypto_hex(request->ctx.arena, hash, 12));
	http_header(request->response, "ETag", tag);
	if (strstr(request->http->if_none_match, tag))
		return respond_text(request, 304, "application/json; charset=utf-8", "");
	return respond_text(request, 200, "application/json; charset=utf-8", json);
}

/*
 * No inline script or style anywhere; pictures of posts may come from https
 * elsewhere; forms only go home.
 */
#define SECURITY_POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; " \
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " \
	"frame-ancestors 'none'; manifest-src 'self'"

/* What people uploaded is no page of ours: nothing in it may run or load anything. */
#define FILE_POLICY "default-src 'none'; sandbox"

static bool is_file(const struct request *request)
{
	return request->file != FILE_NONE && request->response->status == 200;
}

static const char *cache_control(const struct request *request)
{
	if (is_file(request))
		return request->file == FILE_PUBLIC ? "public, max-age=31536000, immutable"
						    : "private, no-store";
	if (request->route && request->route->cache == CACHE_FOREVER)
		return request->response->status == 200 ? "public, max-age=31536000, immutable"
							: "no-store";
	if (request->actor.id || !request->route || request->response->status >= 400 ||
	    request->set_csrf_cookie)
		return "private, no-store";
	switch (request->route->cache) {
	case CACHE_NONE:
	case CACHE_FOREVER: /* above */
		return "private, no-store";
	case CACHE_SHORT:
		return "public, max-age=60";
	case CACHE_PAGE:
		return "public, max-age=0, must-revalidate";
	}
	return "private, no-store";
}

void respond_finish(struct request *request)
{
	struct http_response *response = request->response;

	if (request->set_csrf_cookie)
		gate_set_cookie(request, "visitor", request->set_csrf_cookie, 0);
	http_header(response, "Cache-Control", cache_control(request));
	if (!is_file(request) || request->file != FILE_PUBLIC)
		http_header(response, "Vary", "Accept-Language, Accept-Encoding, Cookie");
	http_header(response, "Content-Security-Policy",
		    is_file(request) ? FILE_POLICY : SECURITY_POLICY);
	http_header(response, "X-Content-Type-Options", "nosniff");
	http_header(response, "Referrer-Policy", "strict-origin-when-cross-origin");
	http_header(response, "Cross-Origin-Opener-Policy", "same-origin");
	http_header(response, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
	http_header(response, "X-Request-Id", request->http->request_id);
	shared_page_finish(request);
	if (gate_is_https(request))
		http_header(response, "Strict-Transport-Security",
			    "max-age=31536000; includeSubDomains");
}
