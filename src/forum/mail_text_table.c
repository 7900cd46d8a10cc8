/*
 * Every mail of the site, and its default words. Whole sentences, so that they can be
 * translated; each tells somebody who did not ask for it what to do: nothing.
 */
#include "forum/mail_text.h"

#include "i18n/i18n.h"

const struct mail_place_info mail_places[MAIL_PLACE_COUNT] = {
	[MAIL_PLACE_NAME] = { "name", N_("The name of whoever gets this mail."), true },
	[MAIL_PLACE_BRAND] = { "brand", N_("The name of this site."), true },
	[MAIL_PLACE_LINK] = { "link",
			      N_("Where the mail leads. On a line of its own it is the button."),
			      false },
	[MAIL_PLACE_CONTACT] = { "contact",
				 N_("A sentence with your address for mail, if there is one."),
				 false },
	[MAIL_PLACE_ACTOR] = { "actor", N_("The name of whoever did it."), true },
	[MAIL_PLACE_TITLE] = { "title", N_("The title of the question."), true },
	[MAIL_PLACE_EXCERPT] = { "excerpt", N_("How the post begins, in quotation marks."), false },
	[MAIL_PLACE_STATEMENT] = { "statement",
				   N_("The statement of reasons in full, as the law asks for it."),
				   false },
	[MAIL_PLACE_ANSWER] = { "answer", N_("The answer to the complaint, in full."), false },
	[MAIL_PLACE_NUMBER] = { "number", N_("The number of the notice."), true },
	[MAIL_PLACE_OUTCOME] = { "outcome", N_("What was decided, in one or two sentences."),
				 false },
	[MAIL_PLACE_WARNING] = { "warning",
				 N_("A warning to whoever sends unfounded notices; mostly empty."),
				 false },
	[MAIL_PLACE_REDRESS] = { "redress",
				 N_("How one can complain and to whom one can turn, as the law asks for it."),
				 false },
	[MAIL_PLACE_MIRROR] = { "mirror", N_("The name of the mirror."), true },
	[MAIL_PLACE_DETAILS] = { "details", N_("What the other network said, if it said anything."),
				 false },
};

const char *const mail_group_names[MAIL_GROUP_COUNT] = {
	[MAIL_GROUP_ACCOUNT] = N_("Accounts"),
	[MAIL_GROUP_NEWS] = N_("News about questions"),
	[MAIL_GROUP_MODERATION] = N_("Decisions of moderators"),
	[MAIL_GROUP_SECURITY] = N_("Two-step sign-in"),
	[MAIL_GROUP_PRIVACY] = N_("Privacy"),
	[MAIL_GROUP_NOTICES] = N_("Legal notices"),
	[MAIL_GROUP_MIRRORS] = N_("Mirrors, to administrators"),
};

#define BIT(place) (1u << MAIL_PLACE_##place)
#define ANYBODY    (BIT(NAME) | BIT(BRAND) | BIT(LINK) | BIT(CONTACT))
#define NOBODY     (BIT(BRAND) | BIT(LINK) | BIT(CONTACT)) /* an address without a name */

#define NO_LINK_NEEDED \
	N_("If it was you, there is nothing to do. If not, choose another password at once.")

/* The rows ------------------------------------------------------------------------------ */

#define ACCOUNT(name_) .name = (name_), .what = "", .group = MAIL_GROUP_ACCOUNT

#define NEWS(what_) \
	.name = "notification-" what_, .kind = MAIL_NOTIFICATION, .what = (what_), \
	.group = MAIL_GROUP_NEWS, .button = N_("Read it on the site"), .needed = BIT(LINK), \
	.example_path = "/questions"

#define NEWS_PLACES (ANYBODY | BIT(TITLE))

#define SECURITY(what_) \
	.name = "second_factor-" what_, .kind = MAIL_SECOND_FACTOR, .what = (what_), \
	.group = MAIL_GROUP_SECURITY, .button = N_("Look at the settings"), .places = ANYBODY, \
	.example_path = "/settings/security"

/* What every mail about two-step sign-in ends with, so that nobody changes it unseen. */
#define SECURITY_PARAGRAPHS(sentence) \
	.paragraphs = { sentence, NO_LINK_NEEDED, "{contact}", "{link}" }

#define MIRROR(what_) \
	.name = "mirror-" what_, .kind = MAIL_MIRROR, .what = (what_), \
	.group = MAIL_GROUP_MIRRORS, .button = N_("Look at the mirrors"), \
	.places = ANYBODY | BIT(MIRROR) | BIT(DETAILS), .example_path = "/admin/mirror"

#define MIRROR_PARAGRAPHS(sentence) .paragraphs = { sentence, "{details}", "{link}" }

/* Of a kind with several, the last stands for what is not known here. */
const struct mail_text mail_texts[] = {
	{ ACCOUNT("confirm"), .kind = MAIL_CONFIRM, .label = N_("Confirm your address"),
	  .when = N_("After sign-up, with the link that opens the account."),
	  .subject = N_("Confirm your address"),
	  .paragraphs = { N_("Welcome to {brand}! One more click and you can take part."),
			  N_("The link is valid for 24 hours. If you did not sign up, there is nothing to do: without the click the account stays closed."),
			  "{link}" },
	  .button = N_("Confirm my address"), .places = ANYBODY, .needed = BIT(LINK),
	  .example_path = "/confirm" },
	{ ACCOUNT("reset"), .kind = MAIL_RESET, .label = N_("Forgotten password"),
	  .when = N_("When somebody asks for a new password, with the link to choose it."),
	  .subject = N_("Choose a new password"),
	  .paragraphs = { N_("Somebody, probably you, asked for a new password for your account at {brand}."),
			  N_("The link works once, within one hour. If it was not you, there is nothing to do: your password stays as it is."),
			  "{link}" },
	  .button = N_("Choose a new password"), .places = ANYBODY, .needed = BIT(LINK),
	  .example_path = "/reset" },
	{ ACCOUNT("exists"), .kind = MAIL_EXISTS, .label = N_("Account already there"),
	  .when = N_("When somebody signs up with the address of an existing account."),
	  .subject = N_("You have an account already"),
	  .paragraphs = { N_("Somebody, probably you, wanted to use this address for an account at {brand}. It has one already."),
			  N_("Sign in as usual, or choose a new password with this link, which works once, within one hour. If it was not you, there is nothing to do."),
			  "{link}" },
	  .button = N_("Choose a new password"), .places = ANYBODY, .needed = BIT(LINK),
	  .example_path = "/reset" },
	{ ACCOUNT("change_email"), .kind = MAIL_CHANGE_EMAIL, .label = N_("New address"),
	  .when = N_("To the new address, when a member changes it in the settings."),
	  .subject = N_("Confirm your new address"),
	  .paragraphs = { N_("From now on, your account at {brand} is to use this address."),
			  N_("The link is valid for 24 hours. If you did not ask for it, there is nothing to do."),
			  "{link}" },
	  .button = N_("Confirm my address"), .places = ANYBODY, .needed = BIT(LINK),
	  .example_path = "/confirm" },
	{ ACCOUNT("email_changed"), .kind = MAIL_EMAIL_CHANGED, .label = N_("Address changed"),
	  .when = N_("To the former address, once the new one is confirmed. It leads nowhere."),
	  .subject = N_("Your address was changed"),
	  .paragraphs = { N_("Your account at {brand} now uses another e-mail address. We will not write to this one again."),
			  N_("If it was not you, somebody else is using your account: tell us at once."),
			  "{contact}" },
	  .button = "", .places = BIT(NAME) | BIT(BRAND) | BIT(CONTACT), .example_path = "" },
	{ ACCOUNT("password_changed"), .kind = MAIL_PASSWORD_CHANGED,
	  .label = N_("Password changed"), .when = N_("Right after a password was changed."),
	  .subject = N_("Your password was changed"),
	  .paragraphs = { N_("The password of your account at {brand} was changed just now."),
			  N_("If it was you, there is nothing to do. If not, choose another one at once."),
			  "{contact}", "{link}" },
	  .button = N_("Choose a new password"), .places = ANYBODY, .example_path = "/reset" },

	{ NEWS("answer"), .label = N_("New answer"),
	  .when = N_("To the asker and the followers of a question that was answered."),
	  .subject = N_("New answer to “{title}”"),
	  .paragraphs = { N_("{actor} has answered the question “{title}”."), "{excerpt}",
			  "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) | BIT(EXCERPT) },
	{ NEWS("comment"), .label = N_("New comment"),
	  .when = N_("To the author of the post that was commented on, and to the asker."),
	  .subject = N_("New comment on “{title}”"),
	  .paragraphs = { N_("{actor} has commented on “{title}”."), "{excerpt}", "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) | BIT(EXCERPT) },
	{ NEWS("mention"), .label = N_("Mention"),
	  .when = N_("To whoever is named with @ in a post."),
	  .subject = N_("You were mentioned in “{title}”"),
	  .paragraphs = { N_("{actor} mentioned you in “{title}”."), "{excerpt}", "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) | BIT(EXCERPT) },
	{ NEWS("accepted"), .label = N_("Answer accepted"),
	  .when = N_("To the author of an answer that solved the question."),
	  .subject = N_("Your answer to “{title}” was accepted"),
	  .paragraphs = { N_("{actor} has accepted your answer to “{title}”. Thank you for your help!"),
			  "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) },
	{ NEWS("thanks"), .label = N_("Thanks"),
	  .when = N_("To the author of an answer that somebody gave thanks for."),
	  .subject = N_("Thanks for your answer to “{title}”"),
	  .paragraphs = { N_("{actor} thanks you for your answer to “{title}”."), "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) },
	{ NEWS("desk_note"), .label = N_("Named in a note at the desk"),
	  .when = N_("To a colleague who is named with @ in an internal note."),
	  .subject = N_("You were named in a note on “{title}”"),
	  .paragraphs = { N_("{actor} named you in an internal note on “{title}”."), "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) },
	{ NEWS("desk_handed"), .label = N_("Question handed over at the desk"),
	  .when = N_("To an advisor or expert whom a question is handed over or escalated to."),
	  .subject = N_("A question for you: “{title}”"),
	  .paragraphs = { N_("{actor} hands the question “{title}” over to you."), "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) },
	{ NEWS("held"), .label = N_("Post held"),
	  .when = N_("To the author of a post that the team checks before it is shown."),
	  .subject = N_("Your post under “{title}” is being checked"),
	  .paragraphs = { N_("The team looks at it before it is shown (again) to others. There is nothing to do: we will tell you as soon as it is."),
			  "{link}" },
	  .places = NEWS_PLACES },
	{ NEWS("released"), .label = N_("Post released"),
	  .when = N_("To the author of a post that was held, once it is shown."),
	  .subject = N_("Your post under “{title}” is shown"),
	  .paragraphs = { N_("The team has looked at it: everything is fine, and everybody can read it. Thank you for your patience."),
			  "{link}" },
	  .places = NEWS_PLACES },
	{ NEWS("question"), .label = N_("New question"),
	  .when = N_("To the followers of a category or a tag."),
	  .subject = N_("New question: “{title}”"),
	  .paragraphs = { N_("{actor} has asked “{title}”."), "{excerpt}", "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) | BIT(EXCERPT) },
	{ NEWS("status"), .label = N_("State of a question"),
	  .when = N_("To the asker and the followers of a question whose state was changed."),
	  .subject = N_("News about “{title}”"),
	  .paragraphs = { N_("{actor} has changed the state of “{title}”."), "{link}" },
	  .places = NEWS_PLACES | BIT(ACTOR) },

	{ NEWS("desk_warning"), .label = N_("Clock runs out soon"),
	  .when = N_("To the advisor who has the question in hand, or to the team it belongs to."),
	  .subject = N_("An answer is due soon: “{title}”"),
	  .paragraphs = { N_("Most of the time promised for the question “{title}” is used. There is still some left."),
			  "{link}" },
	  .places = NEWS_PLACES },
	{ NEWS("desk_late"), .label = N_("Clock has run out"),
	  .when = N_("To the advisor who has the question in hand, or to the team it belongs to."),
	  .subject = N_("Too late: “{title}”"),
	  .paragraphs = { N_("The time promised for the question “{title}” is over. Somebody still waits."),
			  "{link}" },
	  .places = NEWS_PLACES },

	{ .name = "moderation-complaint",
	  .kind = MAIL_MODERATION,
	  .what = "complaint",
	  .group = MAIL_GROUP_MODERATION,
	  .label = N_("Complaint decided"),
	  .when = N_("To the member whose complaint about a decision was answered."),
	  .subject = N_("Your complaint was decided"),
	  .paragraphs = { "{answer}", "{contact}", "{link}" },
	  .button = N_("See the decision"),
	  .places = ANYBODY | BIT(ANSWER),
	  .needed = BIT(ANSWER) | BIT(LINK),
	  .example_path = "/settings" },
	{ .name = "moderation",
	  .kind = MAIL_MODERATION,
	  .what = "",
	  .group = MAIL_GROUP_MODERATION,
	  .label = N_("Statement of reasons"),
	  .when = N_("To the member whose post or rights a decision limits."),
	  .subject = N_("A decision of our moderators"),
	  .paragraphs = { "{statement}", "{contact}", "{link}" },
	  .button = N_("See the decision"),
	  .places = ANYBODY | BIT(STATEMENT),
	  .needed = BIT(STATEMENT) | BIT(LINK),
	  .example_path = "/settings" },

	{ SECURITY("on"), .label = N_("App switched on"),
	  .when = N_("When a member sets up one-time codes."),
	  .subject = N_("Two-step sign-in is on"),
	  SECURITY_PARAGRAPHS(N_(
		  "From now on, your account at {brand} asks for a code of your app beside the password.")) },
	{ SECURITY("off"), .label = N_("Switched off"),
	  .when = N_("When a member takes two-step sign-in off."),
	  .subject = N_("Two-step sign-in is off"),
	  SECURITY_PARAGRAPHS(
		  N_("From now on, the password alone opens your account at {brand}.")) },
	{ SECURITY("app_off"), .label = N_("App removed"),
	  .when = N_("When a member with passkeys takes the app off."),
	  .subject = N_("Your app is no longer asked for"),
	  SECURITY_PARAGRAPHS(N_(
		  "The one-time codes of your app no longer open your account at {brand}. Your passkeys do.")) },
	{ SECURITY("codes"), .label = N_("New recovery codes"),
	  .when = N_("When a member makes new recovery codes."),
	  .subject = N_("New recovery codes"),
	  SECURITY_PARAGRAPHS(N_(
		  "New recovery codes were made for your account at {brand}. The old ones are void.")) },
	{ SECURITY("recovery"), .label = N_("Recovery code used"),
	  .when = N_("When somebody signs in with a recovery code."),
	  .subject = N_("A recovery code was used"),
	  SECURITY_PARAGRAPHS(N_(
		  "One of the recovery codes of your account at {brand} was used. It does not work again.")) },
	{ SECURITY("passkey"), .label = N_("Passkey added"),
	  .when = N_("When a member adds a passkey."), .subject = N_("A passkey was added"),
	  SECURITY_PARAGRAPHS(N_("A new passkey opens your account at {brand} from now on.")) },
	{ SECURITY("passkey_off"), .label = N_("Passkey removed"),
	  .when = N_("When a member removes a passkey."), .subject = N_("A passkey was removed"),
	  SECURITY_PARAGRAPHS(
		  N_("One of the passkeys of your account at {brand} opens it no longer.")) },
	{ SECURITY("passkey_copied"), .label = N_("Passkey refused"),
	  .when = N_("When somebody uses what may be a copy of a passkey."),
	  .subject = N_("A passkey was refused"),
	  SECURITY_PARAGRAPHS(N_(
		  "Somebody tried to sign in to your account at {brand} with what may be a copy of one of your passkeys. It was refused. Remove that passkey, and add it again on your own device.")) },
	{ SECURITY("reset"), .label = N_("Reset by the team"),
	  .when = N_(
		  "When the operator takes two-step sign-in off an account, as its owner asked."),
	  .subject = N_("Two-step sign-in was reset"),
	  SECURITY_PARAGRAPHS(N_(
		  "The team of {brand} has taken two-step sign-in off your account, as was asked for. Sign in with your password and set it up again.")) },

	{ .name = "privacy-export",
	  .kind = MAIL_PRIVACY,
	  .what = "export",
	  .group = MAIL_GROUP_PRIVACY,
	  .label = N_("Copy ready"),
	  .when = N_("When the copy of everything about a member can be fetched."),
	  .subject = N_("Your copy is ready"),
	  .paragraphs = { N_("The copy of everything that {brand} holds about you is ready. You can fetch it within seven days."),
			  N_("If you did not ask for it, somebody else is using your account: choose another password at once."),
			  "{contact}", "{link}" },
	  .button = N_("Privacy settings"),
	  .places = ANYBODY,
	  .needed = BIT(LINK),
	  .example_path = "/settings/privacy" },
	{ .name = "privacy-erasure",
	  .kind = MAIL_PRIVACY,
	  .what = "erasure",
	  .group = MAIL_GROUP_PRIVACY,
	  .label = N_("Erasure asked for"),
	  .when = N_(
		  "When a member asks for the account to be erased, with the way to take it back."),
	  .subject = N_("Your account will be erased"),
	  .paragraphs = { N_("You asked for your account at {brand} to be erased. The day stands in your privacy settings; until then you can take it back there."),
			  N_("If it was not you, take it back and choose another password at once."),
			  "{contact}", "{link}" },
	  .button = N_("Privacy settings"),
	  .places = ANYBODY,
	  .needed = BIT(LINK),
	  .example_path = "/settings/privacy" },

	{ .name = "notice-received",
	  .kind = MAIL_NOTICE,
	  .what = "received",
	  .group = MAIL_GROUP_NOTICES,
	  .label = N_("Receipt"),
	  .when = N_("To whoever sent a legal notice and left an address, at once."),
	  .subject = N_("We have received your legal notice"),
	  .paragraphs = { N_("Its number is {number}."),
			  N_("A person of our team examines it, without undue delay. You will be told what was decided, and how you can complain."),
			  N_("If you did not send us a notice, somebody else has typed your address: there is nothing to do."),
			  "{link}" },
	  .button = N_("See what becomes of it"),
	  .places = NOBODY | BIT(NUMBER),
	  .needed = BIT(NUMBER) | BIT(LINK),
	  .example_path = "/legal/notice/EXAMPLE" },
	{ .name = "notice-decided",
	  .kind = MAIL_NOTICE,
	  .what = "decided",
	  .group = MAIL_GROUP_NOTICES,
	  .label = N_("Notice decided"),
	  .when = N_("To whoever sent a legal notice, when it was decided."),
	  .subject = N_("Your legal notice was decided"),
	  .paragraphs = { "{outcome}", "{warning}", "{redress}", "{link}" },
	  .button = N_("See the decision"),
	  .places = NOBODY | BIT(NUMBER) | BIT(OUTCOME) | BIT(WARNING) | BIT(REDRESS),
	  .needed = BIT(OUTCOME) | BIT(WARNING) | BIT(REDRESS) | BIT(LINK),
	  .example_path = "/legal/notice/EXAMPLE" },
	{ .name = "notice-complaint",
	  .kind = MAIL_NOTICE,
	  .what = "complaint",
	  .group = MAIL_GROUP_NOTICES,
	  .label = N_("Complaint about a notice decided"),
	  .when = N_("To whoever complained about the decision on a notice."),
	  .subject = N_("Your complaint was decided"),
	  .paragraphs = { "{outcome}", "{answer}", "{link}" },
	  .button = N_("See the decision"),
	  .places = NOBODY | BIT(NUMBER) | BIT(OUTCOME) | BIT(ANSWER),
	  .needed = BIT(OUTCOME) | BIT(ANSWER) | BIT(LINK),
	  .example_path = "/legal/notice/EXAMPLE" },

	{ MIRROR("token"), .label = N_("Key no longer accepted"),
	  .when = N_("When a network no longer accepts the key to a page."),
	  .subject = N_("“{mirror}” is no longer mirrored"),
	  MIRROR_PARAGRAPHS(N_(
		  "The key to this page is no longer accepted, so nothing is read or sent. What was mirrored stays as it is. Make a new key; everything goes on by itself within some minutes.")) },
	{ MIRROR("subscription"), .label = N_("Something to mend"),
	  .when = N_("When the daily check of a mirror finds something wrong."),
	  .subject = N_("“{mirror}” needs your attention"),
	  MIRROR_PARAGRAPHS(N_(
		  "A check of this mirror found something to be mended. Until then new comments may come late.")) },
	{ MIRROR("brake"), .label = N_("Much is gone"),
	  .when = N_("When so much seems to be gone that nothing was taken away here."),
	  .subject = N_("Much seems to be gone from “{mirror}”"),
	  MIRROR_PARAGRAPHS(N_(
		  "So many posts and comments can no longer be read that something else may have happened, for example a lost permission. Nothing was taken away here. Please look at the page, then decide.")) },
	{ MIRROR("lag"), .label = N_("Mirror late"),
	  .when = N_("When notices of a network wait longer than the limit."),
	  .subject = N_("The mirror of “{mirror}” is late"),
	  MIRROR_PARAGRAPHS(
		  N_("Notices have been waiting for longer than the limit that you set.")) },
};
const size_t mail_text_count = ARRAY_COUNT(mail_texts);
