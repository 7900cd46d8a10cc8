"""Every kind of page that the site can show: who looks at it, and how to get there.

A path leads there directly. Where a form has to be sent first (refused, or
previewed), `act` sends it from that path, without the browser's own checks: what
counts is what the server says.
"""

from typing import Callable, NamedTuple, Optional

from support.site import PASSWORD


class Kind(NamedTuple):
    name: str
    who: str  # visitor, or a person of scene.py
    path: Callable
    act: Optional[Callable] = None
    status: int = 200

    @property
    def label(self):
        return f"{self.name}:{self.who}"


def at(path):
    return lambda scene: path.format(scene=scene)


def send(action, button=None, **fields):
    """Sends the page's form of that action; {scene} stands in values too."""

    def act(browser, scene):
        values = {name: value.format(scene=scene) for name, value in fields.items()}
        browser.send(action.format(scene=scene), values, button)

    return act


def add_nothing(browser, _scene):
    """No file was chosen."""
    browser.press("Ajouter le fichier")


def refuse_joining(browser, _scene):
    """The form that joins a question, with an address that is none."""
    browser.fill("Adresse ou numéro de l’autre question", "rien")
    browser.press("Réunir")


def refuse_target(browser, _scene):
    """Several forms of the page have its address: this is the one that sets a target."""
    browser.fill("Heures jusqu’à la première réponse", "demain")
    browser.fill("Heures jusqu’à la solution", "8")
    browser.press("Fixer le délai")


def first_step(browser, scene):
    """With the right password, as far as the page that asks for the code."""
    browser.send("/login", {"email": scene.careful.email, "password": PASSWORD})


def wrong_code(browser, scene):
    first_step(browser, scene)
    browser.send("/login/second-step", {"code": "000000"})


def asked_again(browser, scene):
    """A form that waits, sent in a session whose last check was long ago."""
    scene.grow_old("careful")
    browser.send("/settings/security/codes", {})


def wrong_password(browser, scene):
    asked_again(browser, scene)
    browser.complaints()
    browser.send("/check", {"check_password": "faux"})


def leave_without_reason(browser, _scene):
    """A legal notice that comes to nothing, without a word to whoever sent it."""
    browser.press("Maintenir : notification manifestement infondée")


def _kinds(who, *rows):
    for name, path, *rest in rows:
        act, status = None, 200
        for part in rest:
            if callable(part):
                act = part
            else:
                status = part
        yield Kind(name, who, at(path) if isinstance(path, str) else path, act, status)


LONG = "mot " * 45

READING = (
    ("home", "/"),
    ("questions", "/questions"),
    ("topic-solved", "/t/{scene.solved}"),
    ("topic-long", "/t/{scene.long}"),
    ("topic-hostile", "/t/{scene.hostile.id}"),
    ("comments", "/p/{scene.busy_post}/comments"),
    ("history", "/p/{scene.own_answer}/history"),
)

KINDS = (
    *_kinds(
        "visitor",
        *READING,
        ("questions-unanswered", "/questions?filter=unanswered"),
        ("questions-unsolved", "/questions?filter=unsolved"),
        ("questions-solved", "/questions?filter=solved"),
        ("questions-useful", "/questions?filter=useful"),
        ("questions-further", lambda scene: scene.next_page("/questions")),
        ("category", "/c/box-internet"),
        ("category-below", "/c/wifi"),
        ("category-empty", "/c/{scene.quiet_category}?filter=unanswered"),
        ("tags", "/tags"),
        ("tag", "/tag/box-t3"),
        ("topic-new", "/t/{scene.fresh}"),
        ("topic-long-2", "/t/{scene.long}?page=2"),
        ("topic-by-usefulness", "/t/{scene.long}?sort=votes"),
        ("topic-duplicate", "/t/{scene.duplicate}?view=duplicate"),
        ("ask-start", "/ask"),
        ("ask-start-found", "/ask?title=Pourquoi+ma+box+red%C3%A9marre-t-elle+chaque+nuit"),
        ("topic-closed", "/t/{scene.closed}"),
        ("topic-waiting", "/t/{scene.waiting}"),
        ("topic-english", "/t/{scene.english}"),
        ("topic-imported", "/t/{scene.imported}"),
        ("profile-questions", "/u/{scene.other.id}"),
        ("profile-answers", "/u/{scene.other.id}?tab=answers"),
        ("profile-empty", "/u/{scene.reader.id}"),
        ("profile-staff", "/u/{scene.staff.id}"),
        ("badges", "/badges"),
        ("badge", "/badges/premiere-reponse"),
        ("levels", "/levels"),
        ("ideas", "/ideas"),
        ("ideas-studied", "/ideas?stage=study&sort=new"),
        ("topic-idea", "/t/{scene.idea}"),
        ("topic-poll", "/t/{scene.polled}"),
        ("ask-start-idea", "/ask?category=idees"),
        ("articles", "/kb"),
        ("articles-category", "/kb/c/box-internet"),
        ("articles-product", "/kb/p/box-lanterne"),
        ("article", "/kb/{scene.article}"),
        ("experts", "/experts"),
        ("leaderboard", "/leaderboard"),
        ("search", "/search"),
        ("search-results", "/search?q=box"),
        ("search-nothing", "/search?q=zygomatique+xylophone"),
        ("search-filtered", "/search?q=wifi&category=wifi&state=solved&after=2020-01-01&sort=newest"),
        ("search-further", "/search?q=box&page=2"),
        ("search-no-author", "/search?q=box+auteur:personne-de-ce-nom"),
        ("search-mine", "/search?q=is:mine"),
        ("search-hostile", "/search?q=%3Cscript%3Ealert(1)%3C/script%3E+%E2%80%AEdroite"),
        ("search-too-deep", "/search?q=box&page=101", 404),
        ("search-too-long", "/search?q=" + LONG),
        ("charter", "/charter"),
        ("page-free", "/pages/premiers-pas"),
        ("about", "/about"),
        ("legal", "/legal"),
        ("register", "/privacy"),
        ("second-step", "/login?next=/drafts", first_step),
        ("second-step-refused", "/login", wrong_code, 422),
        ("notice", "/legal/notice?address=/t/{scene.fresh}"),
        ("transparency", "/legal/transparency"),
        ("notice-refused", "/legal/notice", send("/legal/notice", addresses="/n-existe-pas", category="other",
                                                 explanation="Trop court", email="@"), 422),
        ("notice-trapped", "/legal/notice", send("/legal/notice", trap="x"), 422),
        ("notice-sent", "/legal/notice",
         send("/legal/notice", addresses="/t/{scene.fresh}", category="fraud", faith="1",
              explanation="Ce message reproduit une page de connexion qui n’est pas la nôtre.")),
        ("notice-decided", "/legal/notice/{scene.notice}"),
        ("login", "/login?next=/ask"),
        ("login-refused", "/login", send("/login", email="personne@example.org", password="faux"), 422),
        ("signup", "/signup"),
        ("signup-refused", "/signup", send("/signup", name="x", email="pas une adresse", password="court"), 422),
        ("signup-done", "/signup",
         send("/signup", name="Lou Verne", email="lou@example.org", password="une phrase assez longue", consent="1")),
        ("reset", "/reset"),
        ("reset-refused", "/reset", send("/reset", email="@"), 422),
        ("reset-sent", "/reset", send("/reset", email="{scene.member.email}")),
        ("reset-password", lambda scene: scene.reset_link()),
        ("reset-password-refused", lambda scene: scene.reset_link(), send("/reset/password", password="court"), 422),
        ("link-too-old", "/reset/password?token=" + "a" * 43, 410),
        ("not-found", "/n-existe-pas", 404),
        ("topic-mirrored", "/t/{scene.mirrored.topic}"),
        ("erasure", "/erasure"),
        ("erasure-refused", "/erasure", send("/erasure", address="", name=""), 422),
        ("erasure-received", "/erasure/{scene.mirrored.request}"),
        ("erasure-done", "/erasure/00000000000000000000000000000002"),
        ("erasure-turned-down", "/erasure/00000000000000000000000000000003"),
        ("erasure-unknown", "/erasure/00000000000000000000000000000004"),
        ("withdrawn", "/t/{scene.withdrawn}", 410),
    ),
    *_kinds(
        "member",
        ("standing", "/u/{scene.member.id}/standing"),
        ("private-list", "/private"),
        ("private", "/private/{scene.private}"),
        ("private-refused", "/private/{scene.private}", send("/private/{scene.private}/message", body="  "), 422),
        ("private-closed", "/private/{scene.closed_private}"),
        ("panels", "/panels"),
        ("panel-joined", "/panels/{scene.panel}"),
        ("panel-asked", "/panels/{scene.asked_panel}"),
        ("questionnaire", "/panels/questions/{scene.questionnaire}"),
        ("questionnaire-refused", "/panels/questions/{scene.questionnaire}",
         send("/panels/questions/{scene.questionnaire}", **{"q-4": "beaucoup"}), 422),
        ("questionnaire-closed", "/panels/questions/{scene.closed_questionnaire}"),
        *READING,
        ("questions-followed", "/questions?filter=followed"),
        ("category", "/c/box-internet"),
        ("tag", "/tag/box-t3"),
        ("topic-own", "/t/{scene.question.id}"),
        ("topic-answered", "/t/{scene.own.id}"),
        ("profile-own", "/u/{scene.member.id}?tab=answers"),
        ("ask", "/ask?category=wifi"),
        ("ask-refused", "/ask", send("/ask", title="Court", body="Trop court", tags="<b>", category=""), 422),
        ("ask-preview", "/ask", send("/ask", "preview", title="Une question ?", body="Un **essai** de texte.\n\n- un\n- deux")),
        ("ask-found", "/ask?title=Pourquoi+ma+box+red%C3%A9marre-t-elle+chaque+nuit"),
        ("ask-similar", "/ask",
         send("/ask", title="Pourquoi ma box redémarre-t-elle chaque nuit", body="Depuis lundi, à 3 h, la box redémarre.",
              category="{scene.category}")),
        ("answer", "/t/{scene.fresh}/answer"),
        ("answer-quote", "/t/{scene.question.id}/answer?quote={scene.answer}"),
        ("answer-refused", "/t/{scene.fresh}/answer", send("/t/{scene.fresh}/answer", body="non"), 422),
        ("answer-preview", "/t/{scene.fresh}/answer", send("/t/{scene.fresh}/answer", "preview", body="> cité\n\nEt `répondu`.")),
        ("comment", "/p/{scene.answer}/comment"),
        ("comment-refused", "/p/{scene.answer}/comment", send("/p/{scene.answer}/comment", body=""), 422),
        ("edit-question", "/p/{scene.question.post}/edit"),
        ("edit-answer", "/p/{scene.own_answer}/edit"),
        ("edit-refused", "/p/{scene.own_answer}/edit", send("/p/{scene.own_answer}/edit", body="", reason="r" * 300), 422),
        ("charter-agree", "/charter/agree"),
        ("settings", "/settings"),
        ("settings-profile-refused", "/settings", send("/settings/profile", bio="b" * 4001), 422),
        ("settings-email-refused", "/settings",
         send("/settings/email", email="pas une adresse", password="faux"), 422),
        ("settings-password-refused", "/settings",
         send("/settings/password", password="faux", new_password="court"), 422),
        ("notifications", "/notifications"),
        ("drafts", "/drafts"),
        ("security", "/settings/security"),
        ("privacy", "/settings/privacy"),
        ("check", "/check?next=/settings/privacy/export"),
        ("forbidden", "/p/{scene.answer}/edit", 403),
        ("throttled", "/t/{scene.fresh}/answer",
         send("/t/{scene.fresh}/answer", body="Un texte qui ne doit pas se perdre."), 429),
    ),
    *_kinds(
        "newcomer",
        ("home", "/"),
        ("questions-followed-none", "/questions?filter=followed"),
        ("topic-new", "/t/{scene.fresh}"),
        ("profile-own-empty", "/u/{scene.newcomer.id}"),
        ("notifications-none", "/notifications"),
        ("drafts-none", "/drafts"),
        ("ask-not-yet", "/ask", 403),
    ),
    *_kinds(
        "setting_up",
        ("security-setting-up", "/settings/security"),
        ("security-setting-up-refused", "/settings/security", send("/settings/security/confirm", code="000000"), 422),
    ),
    *_kinds(
        "careful",
        ("security-on", "/settings/security"),
        ("recovery-codes", "/settings/security", send("/settings/security/codes")),
        ("check-form", "/settings/security", asked_again, 403),
        ("check-refused", "/settings/security", wrong_password, 422),
    ),
    *_kinds(
        "leaving",
        ("privacy-leaving", "/settings/privacy"),
    ),
    *_kinds(
        "staff",
        ("privacy-of-the-team", "/settings/privacy"),
        *READING,
        ("topic-own", "/t/{scene.own.id}"),
        ("topic-withdrawn", "/t/{scene.withdrawn}"),
        ("topic-closed", "/t/{scene.closed}"),
        ("topic-fresh", "/t/{scene.fresh}"),
        ("topic-duplicate", "/t/{scene.duplicate}"),
        ("duplicates", "/t/{scene.fresh}/duplicates?q=box"),
        ("duplicates-none", "/t/{scene.fresh}/duplicates?q=zygomatique+xylophone"),
        ("standing-of-other", "/u/{scene.other.id}/standing"),
        ("standing-refused", "/u/{scene.other.id}/standing",
         send("/u/{scene.other.id}/trust", level="4", reason=""), 422),
        ("desk", "/desk"),
        ("desk-filter-refused", "/desk?show=mine", send("/desk/filters", name=" "), 422),
        ("desk-reports", "/desk/reports?days=90"),
        ("rings", "/mod/rings"),
        ("articles-work", "/kb/work?show=public"),
        ("articles-work-empty", "/kb/work?show=archived"),
        ("article-new", "/kb/work/new"),
        ("article-work", "/kb/work/{scene.article}"),
        ("article-version", "/kb/work/{scene.article}/1"),
        ("article-file-refused", "/kb/work/{scene.article}", add_nothing, 422),
        ("desk-templates", "/desk/templates"),
        ("desk-template-refused", "/desk/templates/new",
         send("/desk/templates/new", "save", title="Titre", body="Bonjour {{nom}}"), 422),
        ("desk-template", "/desk/templates/{scene.template}"),
        ("desk-work", "/desk/{scene.worked}"),
        ("desk-work-template", "/desk/{scene.fresh}?template={scene.template}"),
        ("desk-work-hostile", "/desk/{scene.hostile.id}"),
        ("desk-private", "/desk/private"),
        ("private-team", "/private/{scene.private}"),
        ("desk-panels", "/desk/panels"),
        ("desk-panel-new", "/desk/panels/new"),
        ("desk-panel-refused", "/desk/panels/new",
         send("/desk/panels/new", title="Trop long", body="", months="99"), 422),
        ("desk-panel", "/desk/panels/{scene.panel}"),
        ("desk-questionnaire-new", "/desk/panels/{scene.panel}/questions"),
        ("desk-questionnaire-refused", "/desk/panels/{scene.panel}/questions",
         send("/desk/panels/{scene.panel}/questions", "save", title="Titre", text="one: Un seul | choix"), 422),
        ("desk-questionnaire-preview", "/desk/panels/{scene.panel}/questions",
         send("/desk/panels/{scene.panel}/questions", "preview", title="Titre", text="note: Alors ?\ntexte: Et ?")),
        ("desk-questionnaire", "/desk/panels/questions/{scene.questionnaire}"),
        ("desk-questionnaire-words", "/desk/panels/questions/{scene.questionnaire}?question=5"),
        ("desk-questionnaire-few", "/desk/panels/questions/{scene.closed_questionnaire}"),
        ("desk-panel-people", "/desk/panels/{scene.panel}/people"),
        ("listening", "/desk/listening?weeks=13"),
        ("listening-year", "/desk/listening?weeks=52"),
        ("listening-label", "/desk/listening/label"),
        ("listening-themes", "/desk/listening/themes"),
        ("listening-theme", "/desk/listening/themes/{scene.theme}"),
        ("listening-theme-refused", "/desk/listening/themes/new",
         send("/desk/listening/themes/new", name="Trop court", words="a*"), 422),
        ("incidents", "/desk/incidents"),
        ("incident-new", "/desk/incidents/new"),
        ("incident-new-refused", "/desk/incidents/new",
         send("/desk/incidents/new", title="Trop court", body="", banner_fr="", banner_en="", link="ici"), 422),
        ("incident", "/desk/incidents/{scene.incident}"),
        ("incident-past", "/desk/incidents/{scene.past_incident}"),
        ("alert", "/desk/alerts/{scene.alert}"),
        ("candidates", "/admin/experts?category=box-internet"),
        ("notices", "/mod/notices"),
        ("notice-item", "/mod/items/{scene.notice_item}"),
        ("notice-item-refused", "/mod/items/{scene.notice_item}", leave_without_reason, 422),
        ("badge-refused", "/badges/ambassadeur",
         send("/badges/ambassadeur", handle="personne-de-ce-nom", reason="Pour tout"), 422),
        ("admin-search", "/admin/search"),
        ("dashboard", "/admin/dashboard"),
        ("dashboard-category", "/admin/dashboard?period=months&category=box-internet"),
        ("topic-mirrored", "/t/{scene.mirrored.topic}"),
        ("answer-mirrored", "/t/{scene.mirrored.topic}/answer",
         send("/t/{scene.mirrored.topic}/answer", "preview", body="Un **mot** et [un lien](https://exemple.fr) 🙂")),
        ("claim", "/p/{scene.mirrored.comment}/claim"),
        ("claim-refused", "/p/{scene.mirrored.comment}/claim",
         send("/p/{scene.mirrored.comment}/claim", member="personne-de-ce-nom"), 422),
        ("erase-author", "/p/{scene.mirrored.comment}/erase-author"),
        ("erasures", "/admin/erasures"),
        ("topic-status-refused", "/t/{scene.fresh}",
         send("/t/{scene.fresh}/status", status="duplicate", duplicate_of="999999999"), 422),
        ("edit-question", "/p/{scene.question.post}/edit"),
    ),
    *_kinds(
        "staff",
        ("administration", "/admin"),
        ("questions", "/questions"),
        ("acts", "/t/{scene.long}/acts"),
        ("acts-refused", "/t/{scene.long}/acts", refuse_joining, 422),
        ("acts-several", "/topics/acts?t-{scene.long}=1&t-{scene.fresh}=1"),
        ("acts-none-chosen", "/topics/acts"),
    ),
    *_kinds(
        "administrator",
        ("administration", "/admin"),
        ("admin-privacy", "/admin/privacy"),
        ("admin-crawlers", "/admin/crawlers"),
        ("admin-crawlers-long", "/admin/crawlers?days=90"),
        ("categories-admin", "/admin/categories"),
        ("category-new-refused", "/admin/categories/new", send("/admin/categories/new", name_fr="", slug="É"), 422),
        ("category-admin", "/admin/categories/{scene.category}"),
        ("desk-admin", "/admin/desk"),
        ("desk-admin-refused", "/admin/desk", refuse_target, 422),
        ("tags-admin", "/admin/tags"),
        ("tags-admin-found", "/admin/tags?q=wifi&sort=use"),
        ("tags-admin-none", "/admin/tags?q=rien-de-tel"),
        ("tag-admin", "/admin/tags/{scene.tag}"),
        ("tag-admin-refused", "/admin/tags/{scene.tag}",
         send("/admin/tags/{scene.tag}", description_fr="é" * 301), 422),
        ("tag-admin-merged", "/admin/tags/{scene.merged_tag}"),
        ("tags-forbidden", "/admin/tags/forbidden"),
        ("tags-forbidden-refused", "/admin/tags/forbidden", send("/admin/tags/forbidden", word="a,b", reason=""), 422),
        ("texts", "/admin/texts"),
        ("texts-refused", "/admin/texts", send("/admin/texts", name="Pas une adresse"), 422),
        ("text-charter", "/admin/texts/charter"),
        ("text-free", "/admin/texts/premiers-pas"),
        ("text-preview", "/admin/texts/premiers-pas",
         send("/admin/texts/premiers-pas", "preview", title_fr="Premiers pas", body_fr="## Un titre\n\nEt un [lien](/charter).")),
        ("text-refused", "/admin/texts/premiers-pas",
         send("/admin/texts/premiers-pas", "publish", title_fr="", title_en=""), 422),
        ("text-version", "/admin/texts/premiers-pas/2"),
        ("mails", "/admin/mails"),
        ("mail", "/admin/mails/notification-thanks-fr"),
        ("mail-preview", "/admin/mails/notification-answer-fr",
         send("/admin/mails/notification-answer-fr", "preview", subject="Une réponse pour {{name}}",
              body="{{actor}} vous a répondu.\n\n{{excerpt}}\n\n{{link}}")),
        ("mail-refused", "/admin/mails/reset-fr",
         send("/admin/mails/reset-fr", "save", body="Choisissez un nouveau mot de passe."), 422),
        ("ranks", "/admin/ranks"),
        ("transparency", "/admin/transparency?year=2026"),
        ("ranks-refused", "/admin/ranks", send("/admin/ranks", ladder="points: x 1"), 422),
        ("holding", "/admin/holding"),
        ("holding-rule-new", "/admin/holding/new"),
        ("holding-rule-refused", "/admin/holding/new", send("/admin/holding/new", name="", number="beaucoup"), 422),
        ("holding-rule", "/admin/holding/1"),
        ("sign-up-defence", "/admin/sign-up"),
        ("sign-up-defence-refused", "/admin/sign-up", send("/admin/sign-up", **{"sign_up.networks": "partout"}), 422),
        ("sign-up-kept-refused", "/admin/sign-up",
         send("/admin/sign-up/kept", "do", address="rien", block_reason=""), 422),
        ("mirrors", "/admin/mirror"),
        ("mirror-new", "/admin/mirror/new"),
        ("mirror-new-refused", "/admin/mirror/new", send("/admin/mirror/new", account="", name=""), 422),
        ("mirror", "/admin/mirror/{scene.mirrored.source}"),
        ("synonyms", "/admin/synonyms"),
        ("synonyms-refused", "/admin/synonyms", send("/admin/synonyms", french="seul"), 422),
        ("synonyms-tried", "/admin/synonyms",
         send("/admin/synonyms", "do", **{"try": "ma box est en panne"})),
    ),
)
