/*
 * The words of all mails. Whole sentences, so that they can be translated; each
 * tells somebody who did not ask for it what to do: nothing.
 */
#include "jobs/letter.h"

#include "base/buf.h"
#include "forum/brand.h"
#include "forum/account.h"
#include "i18n/i18n.h"

#define TEXT_MAX_BYTES ((size_t)64 * 1024)

static void add(struct letter *letter, const char *paragraph)
{
	letter->paragraphs[letter->paragraph_count++] = paragraph;
}

static void set_title(struct letter *letter, const char *sentence)
{
	letter->subject = letter->heading = sentence;
}

static void write_confirm(struct ctx *ctx, struct letter *letter)
{
	const char *brand = brand_name(ctx->config);

	set_title(letter, _("Confirm your address"));
	add(letter, arena_printf(ctx->arena,
				 _("Welcome to %s! One more click and you can take part."), brand));
	add(letter,
	    _("The link is valid for 24 hours. If you did not sign up, there is nothing to do: without the click the account stays closed."));
	letter->button_text = _("Confirm my address");
}

static void write_reset(struct ctx *ctx, struct letter *letter)
{
	set_title(letter, _("Choose a new password"));
	add(letter,
	    arena_printf(
		    ctx->arena,
		    _("Somebody, probably you, asked for a new password for your account at %s."),
		    brand_name(ctx->config)));
	add(letter,
	    _("The link works once, within one hour. If it was not you, there is nothing to do: your password stays as it is."));
	letter->button_text = _("Choose a new password");
}

static void write_exists(struct ctx *ctx, struct letter *letter)
{
	set_title(letter, _("You have an account already"));
	add(letter,
	    arena_printf(
		    ctx->arena,
		    _("Somebody, probably you, wanted to use this address for an account at %s. It has one already."),
		    brand_name(ctx->config)));
	add(letter,
	    _("Sign in as usual, or choose a new password with this link, which works once, within one hour. If it was not you, there is nothing to do."));
	letter->button_text = _("Choose a new password");
}

static void write_change_email(struct ctx *ctx, struct letter *letter)
{
	set_title(letter, _("Confirm your new address"));
	add(letter,
	    arena_printf(ctx->arena, _("From now on, your account at %s is to use this address."),
			 brand_name(ctx->config)));
	add(letter,
	    _("The link is valid for 24 hours. If you did not ask for it, there is nothing to do."));
	letter->button_text = _("Confirm my address");
}

static void add_contact(struct ctx *ctx, struct letter *letter)
{
	if (ctx->config->site.contact_email[0])
		add(letter, arena_printf(ctx->arena, _("You can also write to us: %s"),
					 ctx->config->site.contact_email));
}

static void write_email_changed(struct ctx *ctx, struct letter *letter)
{
	set_title(letter, _("Your address was changed"));
	add(letter,
	    arena_printf(
		    ctx->arena,
		    _("Your account at %s now uses another e-mail address. We will not write to this one again."),
		    brand_name(ctx->config)));
	add(letter, _("If it was not you, somebody else is using your account: tell us at once."));
	add_contact(ctx, letter);
	letter->link = "";
}

static void write_password_changed(struct ctx *ctx, struct letter *letter)
{
	set_title(letter, _("Your password was changed"));
	add(letter,
	    arena_printf(ctx->arena, _("The password of your account at %s was changed just now."),
			 brand_name(ctx->config)));
	add(letter,
	    _("If it was you, there is nothing to do. If not, choose another one at once."));
	add_contact(ctx, letter);
	letter->button_text = _("Choose a new password");
}

/* Notifications ------------------------------------------------------------------- */

/* A sentence about who did it ("%1$s") to what ("%2$s"), and the subject. */
static void write_news(struct ctx *ctx, const struct mail_parameters *news, struct letter *letter)
{
	struct arena *arena = ctx->arena;
	const char *kind = news->notification, *title = news->title;
	const char *actor = news->actor[0] ? news->actor : brand_name(ctx->config);

	if (strcmp(kind, "answer") == 0) {
		set_title(letter, arena_printf(arena, _("New answer to “%s”"), title));
		add(letter,
		    arena_printf(arena, _("%1$s has answered the question “%2$s”."), actor, title));
	} else if (strcmp(kind, "comment") == 0) {
		set_title(letter, arena_printf(arena, _("New comment on “%s”"), title));
		add(letter, arena_printf(arena, _("%1$s has commented on “%2$s”."), actor, title));
	} else if (strcmp(kind, "mention") == 0) {
		set_title(letter, arena_printf(arena, _("You were mentioned in “%s”"), title));
		add(letter, arena_printf(arena, _("%1$s mentioned you in “%2$s”."), actor, title));
	} else if (strcmp(kind, "accepted") == 0) {
		set_title(letter,
			  arena_printf(arena, _("Your answer to “%s” was accepted"), title));
		add(letter,
		    arena_printf(
			    arena,
			    _("%1$s has accepted your answer to “%2$s”. Thank you for your help!"),
			    actor, title));
	} else if (strcmp(kind, "thanks") == 0) {
		set_title(letter, arena_printf(arena, _("Thanks for your answer to “%s”"), title));
		add(letter, arena_printf(arena, _("%1$s thanks you for your answer to “%2$s”."),
					 actor, title));
	} else if (strcmp(kind, "held") == 0) {
		set_title(letter,
			  arena_printf(arena, _("Your post under “%s” is being checked"), title));
		add(letter,
		    _("The team looks at it before it is shown (again) to others. There is nothing to do: we will tell you as soon as it is."));
	} else if (strcmp(kind, "released") == 0) {
		set_title(letter, arena_printf(arena, _("Your post under “%s” is shown"), title));
		add(letter,
		    _("The team has looked at it: everything is fine, and everybody can read it. Thank you for your patience."));
	} else if (strcmp(kind, "question") == 0) {
		set_title(letter, arena_printf(arena, _("New question: “%s”"), title));
		add(letter, arena_printf(arena, _("%1$s has asked “%2$s”."), actor, title));
	} else {
		set_title(letter, arena_printf(arena, _("News about “%s”"), title));
		add(letter,
		    arena_printf(arena, _("%1$s has changed the state of “%2$s”."), actor, title));
	}
}

/* An excerpt helps to decide whether to come; one's own answer need not be read again. */
static bool shows_excerpt(const struct mail_parameters *news)
{
	return strcmp(news->notification, "accepted") != 0 &&
	       strcmp(news->notification, "thanks") != 0 &&
	       strcmp(news->notification, "held") != 0 &&
	       strcmp(news->notification, "released") != 0 &&
	       strcmp(news->notification, "status") != 0 && news->excerpt[0];
}

static void write_notification(struct ctx *ctx, const struct outgoing_mail *mail,
			       struct letter *letter)
{
	write_news(ctx, &mail->parameters, letter);
	if (shows_excerpt(&mail->parameters))
		/* TRANSLATORS: the quotation marks around what somebody wrote. */
		add(letter, arena_printf(ctx->arena, _("“%s”"), mail->parameters.excerpt));
	letter->button_text = _("Read it on the site");
	letter->footer = arena_printf(
		ctx->arena,
		_("You get this mail because you take part in %s, or follow this question."),
		brand_name(ctx->config));
	letter->unsubscribe_link = arena_printf(
		ctx->arena, "%s/unsubscribe?person=%lld&token=%s", ctx->config->site.base_url,
		(long long)mail->person_id, account_unsubscribe_token(ctx, mail->person_id));
}

/* A mirror needs a person: what happened, and where to look. */
static void write_mirror(struct ctx *ctx, const struct mail_parameters *news, struct letter *letter)
{
	struct arena *arena = ctx->arena;
	const char *what = news->notification, *name = news->title;

	if (strcmp(what, "token") == 0) {
		set_title(letter, arena_printf(arena, _("“%s” is no longer mirrored"), name));
		add(letter,
		    _("The key to this page is no longer accepted, so nothing is read or sent. What was mirrored stays as it is. Make a new key; everything goes on by itself within some minutes."));
	} else if (strcmp(what, "subscription") == 0) {
		set_title(letter, arena_printf(arena, _("“%s” needs your attention"), name));
		add(letter,
		    _("A check of this mirror found something to be mended. Until then new comments may come late."));
	} else if (strcmp(what, "brake") == 0) {
		set_title(letter, arena_printf(arena, _("Much seems to be gone from “%s”"), name));
		add(letter,
		    _("So many posts and comments can no longer be read that something else may have happened, for example a lost permission. Nothing was taken away here. Please look at the page, then decide."));
	} else {
		set_title(letter, arena_printf(arena, _("The mirror of “%s” is late"), name));
		add(letter, _("Notices have been waiting for longer than the limit that you set."));
	}
	if (news->excerpt[0])
		/* TRANSLATORS: what the other network answered, in English. */
		add(letter, arena_printf(arena, _("What was said: %s"), news->excerpt));
	letter->button_text = _("Look at the mirrors");
}

/* A decision: the statement of reasons as it was kept, in full. */
static void write_moderation(struct ctx *ctx, const struct mail_parameters *news,
			     struct letter *letter)
{
	set_title(letter, strcmp(news->notification, "complaint") == 0
				  ? _("Your complaint was decided")
				  : _("A decision of our moderators"));
	add(letter, news->excerpt);
	letter->button_text = _("See the decision");
	add_contact(ctx, letter);
}

/* A sentence of a table, which no format of the compiler's may be: %s is the site's name. */
static void add_about_brand(struct ctx *ctx, struct letter *letter, const char *sentence)
{
	const char *at = strstr(sentence, "%s");

	add(letter, at ? arena_printf(ctx->arena, "%.*s%s%s", (int)(at - sentence), sentence,
				      ctx->config->site.name, at + 2)
		       : sentence);
}

/* What happened to two-step sign-in, so that nobody changes it unseen. The last stands
 * for what is not known here. */
static const struct {
	const char *what, *title, *sentence;
} security_news[] = {
	{ "on", N_("Two-step sign-in is on"),
	  N_("From now on, your account at %s asks for a code of your app beside the password.") },
	{ "off", N_("Two-step sign-in is off"),
	  N_("From now on, the password alone opens your account at %s.") },
	{ "app_off", N_("Your app is no longer asked for"),
	  N_("The one-time codes of your app no longer open your account at %s. Your passkeys do.") },
	{ "codes", N_("New recovery codes"),
	  N_("New recovery codes were made for your account at %s. The old ones are void.") },
	{ "recovery", N_("A recovery code was used"),
	  N_("One of the recovery codes of your account at %s was used. It does not work again.") },
	{ "passkey", N_("A passkey was added"),
	  N_("A new passkey opens your account at %s from now on.") },
	{ "passkey_off", N_("A passkey was removed"),
	  N_("One of the passkeys of your account at %s opens it no longer.") },
	{ "passkey_copied", N_("A passkey was refused"),
	  N_("Somebody tried to sign in to your account at %s with what may be a copy of one of your passkeys. It was refused. Remove that passkey, and add it again on your own device.") },
	{ "reset", N_("Two-step sign-in was reset"),
	  N_("The team of %s has taken two-step sign-in off your account, as was asked for. Sign in with your password and set it up again.") },
};

static void write_second_factor(struct ctx *ctx, const char *what, struct letter *letter)
{
	size_t i = 0;

	while (i + 1 < ARRAY_COUNT(security_news) && strcmp(security_news[i].what, what) != 0)
		i++;
	set_title(letter, _(security_news[i].title));
	add_about_brand(ctx, letter, _(security_news[i].sentence));
	add(letter,
	    _("If it was you, there is nothing to do. If not, choose another password at once."));
	add_contact(ctx, letter);
	letter->button_text = _("Look at the settings");
}

static void write_privacy(struct ctx *ctx, const char *what, struct letter *letter)
{
	const char *brand = ctx->config->site.name;

	letter->button_text = _("Privacy settings");
	if (strcmp(what, "export") == 0) {
		set_title(letter, _("Your copy is ready"));
		add(letter,
		    arena_printf(
			    ctx->arena,
			    _("The copy of everything that %s holds about you is ready. You can fetch it within seven days."),
			    brand));
		add(letter,
		    _("If you did not ask for it, somebody else is using your account: choose another password at once."));
	} else {
		set_title(letter, _("Your account will be erased"));
		add(letter,
		    arena_printf(
			    ctx->arena,
			    _("You asked for your account at %s to be erased. The day stands in your privacy settings; until then you can take it back there."),
			    brand));
		add(letter,
		    _("If it was not you, take it back and choose another password at once."));
	}
	add_contact(ctx, letter);
}

/* What came of a legal notice; title is the word of its outcome (forum/notice.h). */
static const char *notice_outcome_sentence(const char *outcome)
{
	if (strcmp(outcome, "removed") == 0)
		return _(
			"We have removed what you told us about, or it was changed so that it is lawful. Whoever wrote it was told the reasons, not who you are.");
	if (strcmp(outcome, "partly") == 0)
		return _(
			"We have removed some of what you told us about. The rest stays: the page of your notice says why.");
	if (strcmp(outcome, "unfounded") == 0)
		return _(
			"What you told us about stays: your notice was manifestly unfounded. Its page says why.");
	return _(
		"What you told us about stays: we did not find that it is against the law. The page of your notice says why.");
}

static void write_notice_decided(struct letter *letter, const struct mail_parameters *news)
{
	set_title(letter, _("Your legal notice was decided"));
	add(letter, notice_outcome_sentence(news->title));
	if (strcmp(news->excerpt, "warning") == 0)
		add(letter,
		    _("This is a warning: if further notices are manifestly unfounded, we will stop handling yours for some time."));
	else if (strcmp(news->excerpt, "suspension") == 0)
		add(letter,
		    _("As this happened again after a warning, your notices and complaints are not handled for some time. The page of your notice says until when."));
	add(letter,
	    _("The decision was taken by a person. If you do not agree, you can complain free of charge within six months, from the page of your notice: somebody else decides. You can also turn to a certified out-of-court dispute settlement body, or to a court."));
}

/* To an address that somebody typed: nothing of what they wrote is in it. */
static void write_notice(struct ctx *ctx, const struct mail_parameters *news, struct letter *letter)
{
	letter->button_text = _("See what becomes of it");
	if (strcmp(news->notification, "received") == 0) {
		set_title(letter, _("We have received your legal notice"));
		add(letter,
		    arena_printf(ctx->arena, _("Its number is %s."), strrchr(news->link, '/') + 1));
		add(letter,
		    _("A person of our team examines it, without undue delay. You will be told what was decided, and how you can complain."));
		add(letter,
		    _("If you did not send us a notice, somebody else has typed your address: there is nothing to do."));
		return;
	}
	letter->button_text = _("See the decision");
	if (strcmp(news->notification, "decided") == 0) {
		write_notice_decided(letter, news);
		return;
	}
	set_title(letter, _("Your complaint was decided"));
	add(letter,
	    strcmp(news->title, "upheld") == 0
		    ? _("You were right: what you told us about is removed now.")
		    : _("The decision stands. You can still turn to a certified out-of-court dispute settlement body, or to a court."));
	add(letter, news->excerpt);
}

void letter_write(struct ctx *ctx, const struct outgoing_mail *mail, struct letter *out)
{
	*out = (struct letter){
		.greeting = mail->parameters.name[0] ? arena_printf(ctx->arena, _("Hello %s,"),
								    mail->parameters.name)
						     : "",
		.button_text = "",
		.link = mail->parameters.link,
		.footer = "",
		.unsubscribe_link = "",
	};
	switch (mail->kind) {
	case MAIL_CONFIRM:
		write_confirm(ctx, out);
		break;
	case MAIL_RESET:
		write_reset(ctx, out);
		break;
	case MAIL_EXISTS:
		write_exists(ctx, out);
		break;
	case MAIL_CHANGE_EMAIL:
		write_change_email(ctx, out);
		break;
	case MAIL_EMAIL_CHANGED:
		write_email_changed(ctx, out);
		break;
	case MAIL_PASSWORD_CHANGED:
		write_password_changed(ctx, out);
		break;
	case MAIL_NOTIFICATION:
		write_notification(ctx, mail, out);
		break;
	case MAIL_MODERATION:
		write_moderation(ctx, &mail->parameters, out);
		break;
	case MAIL_PRIVACY:
		write_privacy(ctx, mail->parameters.notification, out);
		break;
	case MAIL_SECOND_FACTOR:
		write_second_factor(ctx, mail->parameters.notification, out);
		break;
	case MAIL_NOTICE:
		write_notice(ctx, &mail->parameters, out);
		break;
	case MAIL_MIRROR:
		write_mirror(ctx, &mail->parameters, out);
		break;
	}
}

const char *letter_text(struct ctx *ctx, const struct letter *letter)
{
	struct buf text;

	buf_init(&text, ctx->arena, TEXT_MAX_BYTES);
	if (letter->greeting[0])
		buf_printf(&text, "%s\n\n", letter->greeting);
	for (size_t i = 0; i < letter->paragraph_count; i++)
		buf_printf(&text, "%s\n\n", letter->paragraphs[i]);
	if (letter->link[0])
		buf_printf(&text, "%s:\n%s\n\n", letter->button_text, letter->link);
	buf_printf(&text, "-- \n%s\n%s\n", brand_name(ctx->config), ctx->config->site.base_url);
	if (letter->footer[0])
		buf_printf(&text, "\n%s\n", letter->footer);
	if (letter->unsubscribe_link[0])
		buf_printf(&text, "%s:\n%s\n", _("No more mails like this"),
			   letter->unsubscribe_link);
	return text.data;
}
