/*
 * Every setting that administrators may change, as the pages of /admin/settings read
 * it: one section a subject, one row a setting. To add one, write its row here and read
 * it with site_number(SITE_…), site_switch(SITE_…) or site_text(SITE_…); the page, the
 * history, undo and the audit log come by themselves. A section with a new prefix has a
 * SITE_SECTION first. What stands here once is kept under its name: rename the first
 * argument as you like, never the name in quotes.
 *
 *	SITE_NUMBER(ID, "section.name", default, least, most, label, explanation)
 *	SITE_SWITCH(ID, "section.name", default, label, explanation)
 *	SITE_CHOICE(ID, "section.name", "default", CHOICES("word", N_("What it means"), …),
 *	            label, explanation)
 *	SITE_TEXT(ID, "section.name", "default", most_characters, label, explanation)
 *	SITE_COLOUR(ID, "section.name", label, explanation)   "#2b2f77", or empty
 *	SITE_LONG_TEXT(ID, "section.name", "default", most_bytes, label, explanation)
 *
 * Labels name the unit ("…, in hours"); explanations are one sentence. Both are
 * translated, defaults are not. This file has no guard: it is included several times,
 * each time with what the words above are to mean.
 */
#ifndef SITE_SECTION
#define SITE_SECTION(prefix, label, explanation)
#endif
#ifndef SITE_NUMBER
#define SITE_NUMBER(id, name, default_number, least, most, label, explanation)
#endif
#ifndef SITE_SWITCH
#define SITE_SWITCH(id, name, default_value, label, explanation)
#endif
#ifndef SITE_CHOICE
#define SITE_CHOICE(id, name, default_word, choices, label, explanation)
#endif
#ifndef SITE_TEXT
#define SITE_TEXT(id, name, default_text, most_characters, label, explanation)
#endif
#ifndef SITE_COLOUR
#define SITE_COLOUR(id, name, label, explanation)
#endif
#ifndef SITE_LONG_TEXT
#define SITE_LONG_TEXT(id, name, default_text, most_bytes, label, explanation)
#endif

/* clang-format off */

/* Writing ----------------------------------------------------------------------------- */
SITE_SECTION("writing", N_("Writing"),
	N_("What people may still do with their own posts, and when the team may step in."))
SITE_NUMBER(WRITING_EDIT_HOURS, "writing.edit_hours", 24, 0, 8760,
	N_("Time to edit one's own posts, in hours"),
	N_("After this time, members may no longer change their posts; the team still may."))
SITE_NUMBER(WRITING_EDIT_HOURS_TRUSTED, "writing.edit_hours_trusted", 720, 0, 87600,
	N_("The same from trust level 2 on, in hours"),
	N_("People who have shown that they can be relied on get longer."))
SITE_NUMBER(WRITING_STAFF_ACCEPT_HOURS, "writing.staff_accept_hours", 72, 0, 8760,
	N_("Before the team may accept an answer, in hours"),
	N_("How long the person who asked is given to say which answer helped, before advisors may say it for them."))

/* Personal data ------------------------------------------------------------------------- */
SITE_SECTION("personal", N_("Personal data"),
	N_("What is caught before it is published, so that its writer can take it out."))
SITE_SWITCH(PERSONAL_CHECK, "personal.check", true,
	N_("Look for personal data before publishing"),
	N_("Telephone numbers, e-mail addresses, bank accounts, payment cards and customer numbers are shown to the writer, who may take them out in one press."))
SITE_LONG_TEXT(PERSONAL_PATTERNS, "personal.patterns", "", 2000,
	N_("Customer numbers"),
	N_("One pattern a line: # is a digit, @ a letter, * either, {6,8} repeats the one before, anything else is itself; “FR-@@ #{6,8}” is FR-AB 123456."))
SITE_LONG_TEXT(PERSONAL_ALLOWED, "personal.allowed", "", 4000,
	N_("Numbers and addresses that may be published"),
	N_("Your own, one a line: a telephone number, an e-mail address, or @brand.example for all addresses of a domain."))

/* Trust --------------------------------------------------------------------------------- */
SITE_SECTION("trust", N_("Trust levels"),
	N_("How people rise from level 0 to level 3, and what a level allows. Level 4 is given by hand."))
SITE_SWITCH(TRUST_AUTOMATIC, "trust.automatic", true,
	N_("People rise and fall by these rules"),
	N_("Switched off, everybody stays where they are unless a moderator gives them a level."))
SITE_NUMBER(TRUST_1_AGE_DAYS, "trust.level1_age_days", 1, 0, 3650,
	N_("Level 1: days since joining"),
	N_("Spam comes on the first day; a day of waiting costs nobody else much."))
SITE_NUMBER(TRUST_1_DAYS_VISITED, "trust.level1_days_visited", 2, 0, 365,
	N_("Level 1: days visited"),
	N_("On how many different days somebody was here signed in."))
SITE_NUMBER(TRUST_1_POSTS, "trust.level1_posts", 1, 0, 1000,
	N_("Level 1: questions, answers and comments"),
	N_("How much of theirs stands on the site."))
SITE_NUMBER(TRUST_2_DAYS_VISITED, "trust.level2_days_visited", 15, 0, 3650,
	N_("Level 2: days visited"),
	N_("On how many different days somebody was here signed in."))
SITE_NUMBER(TRUST_2_TOPICS_ANSWERED, "trust.level2_topics_answered", 3, 0, 1000,
	N_("Level 2: other people’s questions answered"),
	N_("Several answers to one question count once."))
SITE_NUMBER(TRUST_2_THANKS, "trust.level2_thanks", 1, 0, 1000,
	N_("Level 2: thanks received"),
	N_("Thanks from the same household or from a ring of friends do not count."))
SITE_NUMBER(TRUST_2_THANKS_GIVEN, "trust.level2_thanks_given", 1, 0, 1000,
	N_("Level 2: thanks given"),
	N_("Whoever says thanks knows how this community works."))
SITE_NUMBER(TRUST_3_WINDOW_DAYS, "trust.level3_window_days", 100, 7, 365,
	N_("Level 3: the days that count"),
	N_("Level 3 is about the last so many days; who stays away comes back to level 2."))
SITE_NUMBER(TRUST_3_DAYS_VISITED, "trust.level3_days_visited", 30, 0, 365,
	N_("Level 3: days visited, of those"),
	N_("On how many different days somebody was here signed in."))
SITE_NUMBER(TRUST_3_TOPICS_ANSWERED, "trust.level3_topics_answered", 10, 0, 1000,
	N_("Level 3: other people’s questions answered"),
	N_("Several answers to one question count once."))
SITE_NUMBER(TRUST_3_ACCEPTED, "trust.level3_accepted", 3, 0, 1000,
	N_("Level 3: accepted answers"),
	N_("Answers to one’s own questions do not count."))
SITE_NUMBER(TRUST_3_THANKS, "trust.level3_thanks", 20, 0, 10000,
	N_("Level 3: thanks received"),
	N_("Thanks from the same household or from a ring of friends do not count."))
SITE_NUMBER(TRUST_3_THANKED_BY, "trust.level3_thanked_by", 5, 0, 1000,
	N_("Level 3: people who said thanks"),
	N_("So that one good friend is not enough."))
SITE_NUMBER(TRUST_3_THANKED_DAYS, "trust.level3_thanked_days", 7, 0, 365,
	N_("Level 3: days on which somebody said thanks"),
	N_("So that one good day is not enough."))
SITE_NUMBER(TRUST_3_THANKS_GIVEN, "trust.level3_thanks_given", 10, 0, 10000,
	N_("Level 3: thanks given"),
	N_("Whoever says thanks knows how this community works."))
SITE_NUMBER(TRUST_3_KEPT_SHARE, "trust.level3_kept_share", 90, 0, 100,
	N_("Level 3 is kept at this share of each figure, in percent"),
	N_("So that a quiet week does not take the level away at once."))
SITE_NUMBER(TRUST_3_GRACE_DAYS, "trust.level3_grace_days", 14, 0, 365,
	N_("Level 3: days of grace"),
	N_("For so long after it was reached, level 3 is kept whatever the figures say."))
SITE_NUMBER(TRUST_FLAGS_MOST, "trust.flags_most", 5, 0, 1000,
	N_("Posts removed as abuse before somebody falls to level 1"),
	N_("Counted over the same days as level 3; one more than this, and the level is lost."))
SITE_NUMBER(TRUST_NEW_LINKS, "trust.new_links", 2, 0, 100,
	N_("Level 0: links in a post"),
	N_("Links are what spam is for. Pictures of other sites count as links."))
SITE_NUMBER(TRUST_NEW_IMAGES, "trust.new_images", 1, 0, 100,
	N_("Level 0: pictures in a post"),
	N_("From level 1 on there is no limit."))
SITE_NUMBER(TRUST_NEW_MENTIONS, "trust.new_mentions", 2, 0, 10,
	N_("Level 0: people mentioned in a post"),
	N_("Each mention is a message to somebody; from level 1 on there is no limit but the usual one."))
SITE_NUMBER(TRUST_2_RATE, "trust.level2_rate", 150, 100, 1000,
	N_("Level 2: posts and thanks in a day, in percent of the usual"),
	N_("100 is as for everybody."))
SITE_NUMBER(TRUST_3_RATE, "trust.level3_rate", 200, 100, 1000,
	N_("Level 3: posts and thanks in a day, in percent of the usual"),
	N_("100 is as for everybody."))
SITE_NUMBER(TRUST_4_RATE, "trust.level4_rate", 300, 100, 1000,
	N_("Level 4: posts and thanks in a day, in percent of the usual"),
	N_("100 is as for everybody."))

/* Ranks and badges ----------------------------------------------------------------------- */
SITE_SECTION("ranks", N_("Ranks"),
	N_("What people see of ranks. The ranks themselves have a page of their own, and so have the badges."))
SITE_SWITCH(RANKS_SHOWN, "ranks.shown", true,
	N_("Ranks stand beside names"),
	N_("Whoever does not want to be in rankings has no rank beside the name."))
SITE_SWITCH(RANKS_SHOW_NEXT, "ranks.show_next", true,
	N_("People see what the next rank takes"),
	N_("Some communities keep it to themselves, so that nobody plays for points."))

/* Experts -------------------------------------------------------------------------------- */
SITE_SECTION("experts", N_("Experts"),
	N_("Members whom the team has asked to look after a field."))
SITE_NUMBER(EXPERTS_TERM_MONTHS, "experts.term_months", 12, 1, 60,
	N_("Term, in months"),
	N_("After it the mark goes, unless the person is nominated again and agrees."))
SITE_LONG_TEXT(EXPERTS_CHARTER_FR, "experts.charter_fr",
	"Je réponds avec exactitude et avec bienveillance, et je dis quand je ne sais pas.\n"
	"Je ne parle pas au nom de la marque et je ne demande jamais de données personnelles.\n"
	"Je signale ce qui doit l’être, et je laisse l’équipe décider.\n"
	"Je peux rendre cette marque à tout moment.", 8000,
	N_("The experts’ charter, in French"),
	N_("What somebody agrees to who becomes an expert."))
SITE_LONG_TEXT(EXPERTS_CHARTER_EN, "experts.charter_en",
	"I answer correctly and kindly, and I say when I do not know.\n"
	"I do not speak for the brand, and I never ask for personal data.\n"
	"I report what should be reported, and leave the decision to the team.\n"
	"I can give this mark back at any time.", 8000,
	N_("The experts’ charter, in English"),
	N_("What somebody agrees to who becomes an expert."))

/* Reputation: functions.sql reads these, with the same defaults (a test compares them) ----- */
SITE_SECTION("reputation", N_("Reputation"),
	N_("What earns points, and what does not. New numbers count from now on; what was earned stays."))
SITE_NUMBER(REPUTATION_ACCEPTED, "reputation.accepted", 15, 0, 1000,
	N_("Points for an answer that is accepted"),
	N_("The limit of a day does not hold for these."))
SITE_NUMBER(REPUTATION_ACCEPTING, "reputation.accepting", 2, 0, 1000,
	N_("Points for accepting somebody’s answer"),
	N_("For whoever asked; accepting one’s own answer earns nothing."))
SITE_NUMBER(REPUTATION_THANKS, "reputation.thanks", 10, 0, 1000,
	N_("Points for a thank-you received"),
	N_("Taken back when the thank-you is."))
SITE_NUMBER(REPUTATION_REMOVED, "reputation.removed", 5, 0, 1000,
	N_("Points lost when the team removes a post"),
	N_("Given back when the post comes back."))
SITE_NUMBER(REPUTATION_ABUSE, "reputation.abuse", 100, 0, 10000,
	N_("Points lost for a post removed as spam or abuse"),
	N_("In addition to those for the removal."))
SITE_NUMBER(REPUTATION_DAILY_MOST, "reputation.daily_most", 200, 1, 100000,
	N_("Most points from thanks in a day"),
	N_("Accepted answers are not limited."))
SITE_NUMBER(REPUTATION_PAIR_WEEK, "reputation.pair_week", 3, 1, 1000,
	N_("Posts of one person that another can reward in a week"),
	N_("More thanks in seven days are still shown, but pay nothing."))
SITE_NUMBER(REPUTATION_RECIPROCAL_FREE, "reputation.reciprocal_free", 2, 1, 1000,
	N_("Favours returned in a month before they pay nothing"),
	N_("Once two people have rewarded each other so often within thirty days, further thanks between them pay nothing."))
SITE_NUMBER(REPUTATION_ONE_SIDED_FROM, "reputation.one_sided_from", 10, 2, 1000,
	N_("One-sided giving is looked at from so many rewards in a month"),
	N_("Below this, nobody is suspected of giving to one person only."))
SITE_NUMBER(REPUTATION_ONE_SIDED_SHARE, "reputation.one_sided_share", 80, 10, 100,
	N_("One-sided giving: share that goes to one person, in percent"),
	N_("Who gives more than this to a single person no longer raises that person."))
SITE_NUMBER(REPUTATION_RING_ACTS, "reputation.ring_acts", 6, 2, 1000,
	N_("Rewards within a group before moderators hear of it"),
	N_("Counted over thirty days, among people who reward mostly each other."))
SITE_NUMBER(REPUTATION_RING_SHARE, "reputation.ring_share", 60, 10, 100,
	N_("Rewards from within the group, in percent, before moderators hear of it"),
	N_("Helpers who thank each other, but are thanked by many others too, are no ring."))
SITE_NUMBER(REPUTATION_ADDRESS_DAYS, "reputation.address_days", 90, 1, 365,
	N_("Days for which sign-in addresses are compared"),
	N_("Kept as a code from which the address cannot be read; two accounts at one address do not raise each other."))
/* Signing up: has a page of its own, /admin/sign-up, with figures and kept addresses. -------- */
SITE_SECTION("sign_up", N_("Signing up"),
	N_("Whom sign-up turns away before there is an account."))
SITE_NUMBER(SIGN_UP_MIN_SECONDS, "sign_up.min_seconds", 3, 0, 60,
	N_("Least time to fill in the form, in seconds"),
	N_("Who is faster is asked to send it again, which programs do not do; 0 switches this off."))
SITE_NUMBER(SIGN_UP_FORM_HOURS, "sign_up.form_hours", 24, 1, 720,
	N_("How long the form may have been open, in hours"),
	N_("So that a program cannot use one form for ever; what was typed is kept."))
SITE_LONG_TEXT(SIGN_UP_DOMAINS, "sign_up.domains", "", 20000,
	N_("Mail domains that may not sign up"),
	N_("One a line; spam.example is also everything below it. What follows # is a comment."))
SITE_LONG_TEXT(SIGN_UP_DISPOSABLE, "sign_up.disposable",
	"mailinator.com\nguerrillamail.com\nguerrillamail.info\nguerrillamail.net\nguerrillamail.org\n"
	"guerrillamailblock.com\nsharklasers.com\ngrr.la\npokemail.net\nspam4.me\n"
	"yopmail.com\nyopmail.fr\nyopmail.net\ncool.fr.nf\njetable.fr.nf\n"
	"courriel.fr.nf\nmoncourrier.fr.nf\nmonemail.fr.nf\nmonmail.fr.nf\nnospam.ze.tc\n"
	"nomail.xl.cx\nmega.zik.dj\nspeed.1s.fr\njetable.org\njetable.com\n"
	"jetable.net\ntemp-mail.org\ntemp-mail.io\ntempmail.com\ntempmail.net\n"
	"tempail.com\ntempr.email\ntempinbox.com\n10minutemail.com\n10minutemail.net\n"
	"20minutemail.com\nminutemail.com\nthrowawaymail.com\ntrashmail.com\ntrashmail.de\n"
	"trashmail.net\ntrash-mail.com\nwegwerfmail.de\nwegwerfmail.net\ndispostable.com\n"
	"discard.email\ndiscardmail.com\nmaildrop.cc\nmailnesia.com\nmailcatch.com\n"
	"mailnull.com\nmintemail.com\nmohmal.com\nmytemp.email\ngetnada.com\n"
	"getairmail.com\nfakeinbox.com\nfakemail.net\nemailondeck.com\nemltmp.com\n"
	"spamgourmet.com\nspambog.com\nspambox.us\ninboxkitten.com\nburnermail.io\n"
	"moakt.com\ndropmail.me", 40000,
	N_("Domains of throw-away mail addresses"),
	N_("One a line. The best-known ones are there already; empty it to let them in."))
SITE_LONG_TEXT(SIGN_UP_NETWORKS, "sign_up.networks", "", 20000,
	N_("Networks that may not sign up"),
	N_("One a line: 203.0.113.7, 203.0.113.0/24 or 2001:db8::/48; an IPv6 address alone stands for its /64. What follows # is a comment."))
SITE_SWITCH(SIGN_UP_BLOCK_REMOVED, "sign_up.block_removed", true,
	N_("Whoever was removed as spam may not sign up again"),
	N_("The mail address and the networks of the last sessions are kept as codes from which they cannot be read; undoing the removal lets them in again."))
SITE_NUMBER(SIGN_UP_ADDRESS_DAYS, "sign_up.address_days", 365, 1, 3650,
	N_("How long such a mail address is kept, in days"),
	N_("After this time it may sign up again, and its code is deleted."))
SITE_NUMBER(SIGN_UP_NETWORK_DAYS, "sign_up.network_days", 14, 1, 365,
	N_("How long such a network is kept, in days"),
	N_("Networks pass from one person to another, and many may share one: keep this short."))
SITE_NUMBER(SIGN_UP_RANGE_FROM, "sign_up.range_from", 5, 0, 1000,
	N_("So many kept networks close the range around them"),
	N_("A range is an IPv4 /24 or an IPv6 /48; 0 never closes a range."))

/* Holding ------------------------------------------------------------------------------- */
SITE_SECTION("holding", N_("Holding before publication"),
	N_("What the rules of the page “Before publication” share."))
SITE_CHOICE(HOLDING_TIME_ZONE, "holding.time_zone", "Europe/Paris",
	CHOICES("Europe/Paris", N_("Paris, Brussels, Madrid"), "Europe/London", N_("London"),
		"America/Montreal", N_("Montreal"), "UTC", N_("Universal time")),
	N_("Clock of the rules by time of day"),
	N_("Rules such as “between 22 and 6” go by the clock of this place."))
/* Brand: has a page of its own, /admin/brand, which looks at the colours together. --------- */
SITE_SECTION("brand", N_("Brand"), N_("Name, logo, colours, fonts, and what stands above and below every page."))
SITE_TEXT(BRAND_NAME, "brand.name", "", 40,
	N_("Name"), N_("Stands beside the logo, in titles and in mails; empty means the name of the configuration file."))
SITE_NUMBER(BRAND_LOGO, "brand.logo", 0, 0, 1000000000,
	N_("Logo"), N_("The number of an uploaded picture; 0 is the theme's logo."))
SITE_COLOUR(BRAND_PAGE, "brand.page",
	N_("The page"), N_("The ground on which everything lies."))
SITE_COLOUR(BRAND_TEXT, "brand.text",
	N_("Text"), N_("What is read most: it wants the strongest contrast."))
SITE_COLOUR(BRAND_LINK, "brand.link",
	N_("Links"), N_("Links in texts, and the ring around what has the keyboard."))
SITE_COLOUR(BRAND_BUTTON, "brand.button",
	N_("Buttons"), N_("Buttons and marks: the brand's own colour."))
SITE_COLOUR(BRAND_ON_BUTTON, "brand.on_button",
	N_("Words on buttons"), N_("What stands on the brand's colour."))
SITE_COLOUR(BRAND_ACCENT, "brand.accent",
	N_("The one thing to do"), N_("The button for asking a question."))
SITE_COLOUR(BRAND_ON_ACCENT, "brand.on_accent",
	N_("Words on the one thing to do"), N_("What stands on the accent."))
SITE_COLOUR(BRAND_PAGE_DARK, "brand.page_dark",
	N_("The page, dark"), N_("The ground on which everything lies."))
SITE_COLOUR(BRAND_TEXT_DARK, "brand.text_dark",
	N_("Text, dark"), N_("What is read most: it wants the strongest contrast."))
SITE_COLOUR(BRAND_LINK_DARK, "brand.link_dark",
	N_("Links, dark"), N_("Links in texts, and the ring around what has the keyboard."))
SITE_COLOUR(BRAND_BUTTON_DARK, "brand.button_dark",
	N_("Buttons, dark"), N_("Buttons and marks: the brand's own colour."))
SITE_COLOUR(BRAND_ON_BUTTON_DARK, "brand.on_button_dark",
	N_("Words on buttons, dark"), N_("What stands on the brand's colour."))
SITE_COLOUR(BRAND_ACCENT_DARK, "brand.accent_dark",
	N_("The one thing to do, dark"), N_("The button for asking a question."))
SITE_COLOUR(BRAND_ON_ACCENT_DARK, "brand.on_accent_dark",
	N_("Words on the one thing to do, dark"), N_("What stands on the accent."))
SITE_CHOICE(BRAND_FONT, "brand.font", "theme", BRAND_FONTS,
	N_("Font"), N_("Fonts that are on people's devices already: nothing is loaded from elsewhere."))
SITE_CHOICE(BRAND_FONT_HEADINGS, "brand.font_headings", "theme", BRAND_FONTS,
	N_("Font of headings"), N_("May differ from that of texts."))
SITE_LONG_TEXT(BRAND_HEADER, "brand.header", "", 8000,
	N_("Above every page"), N_("HTML of texts, lists and links; anything else is taken out."))
SITE_LONG_TEXT(BRAND_FOOTER, "brand.footer", "", 8000,
	N_("Below every page"), N_("HTML of texts, lists and links; anything else is taken out."))

/* Articles ---------------------------------------------------------------------------- */
SITE_SECTION("articles", N_("Knowledge base"),
	N_("How articles are written and kept true."))
SITE_SWITCH(ARTICLES_TWO_PEOPLE, "articles.two_people", false,
	N_("Somebody else publishes than who wrote the version"),
	N_("Two people then look at every article; administrators may publish alone."))
SITE_NUMBER(ARTICLES_REVIEW_MONTHS, "articles.review_months", 12, 1, 60,
	N_("After how many months an article is to be looked at again"),
	N_("What the page suggests when a new article gets its day; the owner is told when it comes."))

/* Polls ------------------------------------------------------------------------------- */
SITE_SECTION("polls", N_("Polls"),
	N_("Questions with choices on a topic’s page."))
SITE_NUMBER(POLLS_LEVEL, "polls.level", 1, 0, 4,
	N_("Level of trust from which people add a poll to their own topics"),
	N_("0: everybody; 4: only those whom the community knows best. The team always may."))

/* Panels ------------------------------------------------------------------------------ */
SITE_SECTION("panels", N_("Panels"),
	N_("Closed groups of volunteers and their questionnaires."))
SITE_NUMBER(PANELS_WORDS_MONTHS, "panels.words_months", 12, 1, 60,
	N_("For how many months answers in people’s own words are kept"),
	N_("From the day on which the questionnaire closed. What was chosen and graded stays counted."))

/* Flags ------------------------------------------------------------------------------- */
SITE_SECTION("flags", N_("Flags"),
	N_("How much members' reports weigh, and what they may do before the team has looked."))
SITE_NUMBER(FLAGS_HIDE_SCORE, "flags.hide_score", 833, 100, 100000,
	N_("What hides a post, in hundredths of a new member's report"),
	N_("A report weighs 1, more with the trust level and with how often the person was right; at this sum the post is hidden until the team has looked."))
SITE_NUMBER(FLAGS_HIDE_PEOPLE, "flags.hide_people", 2, 1, 50,
	N_("At least so many people"),
	N_("However much they weigh, fewer people who are independent of each other hide nothing."))
SITE_NUMBER(FLAGS_HIDDEN_PER_DAY, "flags.hidden_per_day", 3, 0, 100,
	N_("Posts of one person that reports may hide in 24 hours"),
	N_("Beyond this, posts stay visible and go to the top of the queue instead."))
SITE_NUMBER(FLAGS_CLIQUE_POSTS, "flags.clique_posts", 3, 2, 100,
	N_("Posts that people reported together before they count as one"),
	N_("Whoever always reports together is counted as a single person, unless the team mostly agreed with them."))
SITE_NUMBER(FLAGS_CLIQUE_PERCENT, "flags.clique_percent", 50, 10, 100,
	N_("The share of one's reports that must be common, in percent"),
	N_("Of the reports of the one who reported less."))
SITE_NUMBER(FLAGS_PER_DAY, "flags.per_day", 20, 1, 1000,
	N_("Reports a person may make in a day"),
	N_("More from trust level 2 on, as posts and thanks are."))
SITE_NUMBER(FLAGS_PER_DAY_NEW, "flags.per_day_new", 5, 1, 1000,
	N_("The same for new people (trust level 0)"),
	N_("New accounts are made quickly, so they report less."))
SITE_NUMBER(FLAGS_AGAIN_HOURS, "flags.again_hours", 24, 0, 8760,
	N_("Before somebody may report the same post again, in hours"),
	N_("Counted from the team's decision."))
SITE_NUMBER(FLAGS_NETWORK_DAYS, "flags.network_days", 30, 0, 365,
	N_("How long the network of a report is kept, in days"),
	N_("Counted from the team's decision; until then it shows who reports with several accounts."))
/* Spam -------------------------------------------------------------------------------- */
SITE_SECTION("spam", N_("Spam"),
	N_("What the spam score remembers, and who else is asked about what members write."))
SITE_NUMBER(SPAM_LESSONS_MOST, "spam.lessons_most", 50000, 1000, 1000000,
	N_("Decided posts that the spam score remembers, of each language and sort"),
	N_("The oldest are forgotten at night, so that what spam looks like today counts."))
SITE_SWITCH(SPAM_SERVICE, "spam.service", false,
	N_("Ask another service about what new members write"),
	N_("Needs a key in the configuration file. It gets the text, the name shown here, and the address and browser of the newest session; never the mail address. Say so in your privacy notice."))
SITE_NUMBER(SPAM_SERVICE_TRUST_MOST, "spam.service_trust_most", 1, 0, 4,
	N_("Asked about people up to this level of trust"),
	N_("What others write is not sent anywhere."))
SITE_NUMBER(SPAM_SERVICE_SECONDS, "spam.service_seconds", 10, 1, 60,
	N_("How long its answer is waited for, in seconds"),
	N_("By the worker: whoever writes never waits for it."))
SITE_NUMBER(SPAM_SERVICE_DAYS, "spam.service_days", 180, 1, 3650,
	N_("How long its answers are kept, in days"),
	N_("So long it can be told that it was wrong."))

/* Law: legal notices and repeat offenders (Digital Services Act, article 23) --------------- */
SITE_SECTION("law", N_("Law"),
	N_("Legal notices, and what happens to people who misuse them or who often publish what is against the law."))
SITE_NUMBER(LAW_WINDOW_DAYS, "law.window_days", 180, 30, 365,
	N_("The days that count"),
	N_("Notices that were manifestly unfounded, warnings, and posts removed as against the law are counted over so many days."))
SITE_NUMBER(LAW_UNFOUNDED_WARNING, "law.unfounded_warning", 2, 1, 100,
	N_("Manifestly unfounded notices before a warning"),
	N_("Whoever sent them reads the warning with the decision."))
SITE_NUMBER(LAW_UNFOUNDED_SUSPENSION, "law.unfounded_suspension", 3, 2, 100,
	N_("Manifestly unfounded notices before a suspension"),
	N_("Only after a warning: notices of that person are then kept, but not handled for some time."))
SITE_NUMBER(LAW_SUSPENSION_DAYS, "law.suspension_days", 60, 1, 365,
	N_("For how long notices are not handled, in days"),
	N_("A moderator can end it earlier."))
SITE_NUMBER(LAW_ILLEGAL_POSTS, "law.illegal_posts", 3, 1, 100,
	N_("Posts against the law before moderators are told to suspend"),
	N_("Beside each item of the queue stands how many of its author's posts were removed as against the law, and whether there was a warning."))

/* The desk: working_rules.h says what the texts may be ------------------------------------- */
SITE_SECTION("desk", N_("The desk"),
	N_("When advisors work, which is what the clocks of waiting questions count."))
SITE_LONG_TEXT(DESK_HOURS, "desk.hours", "monday-friday 9:00-18:00", 2000,
	N_("Working hours"),
	N_("One line for days with the same hours: “monday-friday 9:00-12:30, 14:00-18:00”. Days that are not named are closed; a night is two spans, until 24:00 and from 0:00."))
SITE_SWITCH(DESK_FRENCH_HOLIDAYS, "desk.french_holidays", true,
	N_("Closed on the public holidays of France"),
	N_("The eleven of the law, with those that go by Easter. The two more of Alsace and Moselle can be written below."))
SITE_LONG_TEXT(DESK_HOLIDAYS, "desk.holidays", "", 8000,
	N_("Other days on which the desk is closed"),
	N_("One a line, with a name if you like: “2026-12-24 to 2027-01-03 Winter break”, “12-26” for every year, “easter-2” for so many days before Easter."))
SITE_LONG_TEXT(DESK_OPENINGS, "desk.openings", "", 8000,
	N_("Days with other hours"),
	N_("One a line: “2026-12-19 10:00-16:00 Saturday before Christmas”. They replace the usual hours and win over holidays."))
SITE_TEXT(DESK_TIME_ZONE, "desk.time_zone", "Europe/Paris", 64,
	N_("Time zone of the desk"),
	N_("Its name in the IANA list, such as Europe/Paris or America/Montreal; summer and winter time come with it."))
SITE_NUMBER(DESK_WARNING_SHARE, "desk.warning_share", 75, 10, 100,
	N_("Warning when this share of the time is used, in percent"),
	N_("So that somebody still has the rest of it to answer in time."))
SITE_NUMBER(DESK_HORIZON_DAYS, "desk.horizon_days", 30, 1, 365,
	N_("Questions older than this when they come in have no clock, in days"),
	N_("Archives that are imported stand in the queue, but nothing was promised for them."))
SITE_NUMBER(DESK_PRIVATE_REOPEN_DAYS, "desk.private_reopen_days", 14, 0, 90,
	N_("A closed private exchange can go on for, in days"),
	N_("Whoever writes in it again opens it; after that, only another one can begin."))
SITE_NUMBER(DESK_PRIVATE_DAYS, "desk.private_days", 180, 1, 3650,
	N_("What was said in private is deleted after, in days"),
	N_("Counted from when the exchange was closed. That there was one stays."))
SITE_LONG_TEXT(DESK_SAFETY_FR, "desk.safety_words_fr", "prend feu\nen feu\nincendie*\nfumée\nbrûlure*\nexplos*\nélectrocut*\ndécharge électrique\nétincelle*", 8000,
	N_("Words of danger, in French"),
	N_("One a line; “explos*” is every word that begins so. A question with one of them is marked and has the shortest clock."))
SITE_LONG_TEXT(DESK_SAFETY_EN, "desk.safety_words_en", "caught fire\non fire\nburnt my\nsmoke\nexplo*\nelectrocut*\nelectric shock\nspark*", 8000,
	N_("Words of danger, in English"),
	N_("Beside English questions, as above."))
SITE_LONG_TEXT(DESK_CRISIS_FR, "desk.crisis_words_fr", "panne générale\npanne nationale\nfuite de données\npiratage\nboycott*\nscandale*", 8000,
	N_("Words of a crisis, in French"),
	N_("What would be in the papers."))
SITE_LONG_TEXT(DESK_CRISIS_EN, "desk.crisis_words_en", "outage\ndata breach\nhacked\nboycott*\nscandal*", 8000,
	N_("Words of a crisis, in English"),
	N_("What would be in the papers."))
SITE_LONG_TEXT(DESK_LEGAL_FR, "desk.legal_words_fr", "avocat*\nhuissier*\nmise en demeure\ntribunal\nporter plainte\nUFC*\n60 millions\nDGCCRF", 8000,
	N_("Words of the law, in French"),
	N_("Who writes them may not wait for an answer much longer."))
SITE_LONG_TEXT(DESK_LEGAL_EN, "desk.legal_words_en", "lawyer*\nsolicitor*\nlegal action\ncourt\nombudsman", 8000,
	N_("Words of the law, in English"),
	N_("Who writes them may not wait for an answer much longer."))

/* Crisis: crisis.h and crisis_detect.h ------------------------------------------------------ */
SITE_SECTION("crisis", N_("Crisis mode"),
	N_("When a sudden rise of questions or of watched words alarms the team."))
SITE_SWITCH(CRISIS_WATCH, "crisis.watch", true,
	N_("Watch for sudden rises"),
	N_("Every five minutes, each category is compared with what is usual there at that hour of the week."))
SITE_CHOICE(CRISIS_SENSITIVITY, "crisis.sensitivity", "usual",
	CHOICES("calm", N_("Calm: only what cannot be overlooked"), "usual", N_("Usual: hardly ever without a cause"),
		"keen", N_("Keen: sooner, and now and then in vain")),
	N_("How soon to raise an alert"),
	N_("How unlikely by chance a rise has to be: one in ten million, one in thirty thousand, one in three thousand."))
SITE_NUMBER(CRISIS_LEAST, "crisis.least", 8, 3, 1000,
	N_("Never for fewer questions than this"),
	N_("Within an hour or two. So that a handful of questions at night wakes nobody."))
SITE_NUMBER(CRISIS_RATIO, "crisis.ratio_percent", 160, 110, 1000,
	N_("Never below so many percent of what is usual"),
	N_("A busy day is no crisis."))
SITE_NUMBER(CRISIS_QUIET_MINUTES, "crisis.quiet_minutes", 120, 15, 1440,
	N_("An alert ends when it has been quiet for so long, in minutes"),
	N_("What comes back before that is the same alert."))
SITE_LONG_TEXT(CRISIS_WORDS, "crisis.words", "", 8000,
	N_("Watched words"),
	N_("One a line, in any language; “outag*” is every word that begins so. Posts that have one are counted by the hour and compared like questions."))
SITE_CHOICE(CRISIS_MAIL, "crisis.mail", "moderators",
	CHOICES("nobody", N_("Nobody"), "administrators", N_("Administrators"), "moderators", N_("Moderators and administrators"),
		"team", N_("The whole team")),
	N_("Who gets a mail when an alert is raised"),
	N_("Everybody of the team sees it on the desk."))

/* Listening: listening_label.h -------------------------------------------------------------- */
SITE_SECTION("listening", N_("Listening"),
	N_("The weekly sample of texts that people of the team label."))
SITE_NUMBER(LISTENING_SAMPLE, "listening.sample_size", 100, 0, 1000,
	N_("Texts in a week’s sample"),
	N_("Drawn on Monday from the week before. A hundred tell the share of negative texts to about eight percent more or less; 0 draws none."))
SITE_NUMBER(LISTENING_DOUBLE, "listening.double_percent", 20, 0, 100,
	N_("Of these labelled by two people, in percent"),
	N_("Neither sees the other’s label; how often they agree says how much the labels can be trusted."))

/* Crawlers: docs/crawlers.md ---------------------------------------------------------------- */
SITE_SECTION("crawlers", N_("Search engines and crawlers"),
	N_("What programs are told that read the whole site."))
SITE_SWITCH(INDEXNOW, "crawlers.indexnow", false,
	N_("Tell search engines of changes (IndexNow)"),
	N_("Bing, Yandex, Seznam and others that take part are sent the addresses of questions that were written, changed or withdrawn. Nothing else is sent."))
SITE_LONG_TEXT(BLOCKED_AGENTS, "crawlers.blocked_agents", "", 4000,
	N_("Programs that are not let in"),
	N_("One a line, at least four letters of what the program calls itself: “GreedyBot”. Members who are signed in, the legal pages and robots.txt are not concerned; “Mozilla” would shut out every visitor."))
SITE_LONG_TEXT(BLOCKED_NETWORKS, "crawlers.blocked_networks", "", 8000,
	N_("Networks that are not let in"),
	N_("One a line: 203.0.113.0/24, 2001:db8::/48, or an address. What follows # is a comment; a line that is none of these counts for nothing."))
SITE_LONG_TEXT(ROBOTS_ADDED, "crawlers.robots", "", 4000,
	N_("More lines for robots.txt"),
	N_("As they are to stand there, after the site’s own: “User-agent: …” and “Disallow: …”. What robots.txt forbids cannot show that it does not want to be found."))

/* clang-format on */

#undef SITE_SECTION
#undef SITE_NUMBER
#undef SITE_SWITCH
#undef SITE_CHOICE
#undef SITE_TEXT
#undef SITE_LONG_TEXT
#undef SITE_COLOUR
