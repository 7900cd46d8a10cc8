"""What is answered once need not be answered again: a question is taken at the desk,
escalated, answered by an expert, solved, made an article of, and the next asker has the
answer before the question is published. Four ways (ways.py)."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from support.forum import category, rest
from ways import WAYS, is_sound

# A question of its own for each way, so that no way is offered another one's article.
QUESTIONS = dict(zip(map(str, WAYS), (
    ("Mon thermostat solaire clignote pendant les orages", "Débranchez la sonde du *toit*, puis rebranchez-la."),
    ("My weather station forgets the barometer overnight", "Replace the *coin battery* below the barometer."),
    ("My garden robot mows in circles around the apple tree", "Move the *guide wire* two metres from the tree."),
    ("Ma sonnette connectée réveille le voisin du dessous", "Baissez le volume dans *Sonnerie*, puis *Nuit*."),
)))


@pytest.fixture
def words(catalogue, way):
    """The sentence of the templates as this language has it."""
    return catalogue(way.language)


@pytest.fixture
def become(browser, site, way):
    """The browser goes on as that visitor."""

    def change(visitor):
        rest(site)
        browser.forget()
        browser.speak(way.language)
        site.sql("update people set language = %s where id = %s", way.language, visitor.person.id)
        browser.take_cookies(visitor)

    return change


@pytest.fixture
def place(site, way):
    """A category of the way's own, so that its queue has this question alone; it leaves all lists afterwards."""
    number = category(site, f"desk-journey-{list(map(str, WAYS)).index(str(way))}")
    site.sql("update categories set position = 999, archived_at = null where id = %s", number)
    yield number
    site.sql("update categories set archived_at = now() where id = %s", number)


def told(browser, sentence):
    """What the site says after something was done."""
    assert browser.says(sentence), browser.find("main > [role=status]").text


def fill_question(browser, words, way, place, title):
    browser.open("/ask")
    browser.fill(words("Your question in one sentence"), title)
    Select(browser.field(words("Subject"))).select_by_value(str(place))
    browser.fill(words("The details"), f"Depuis mardi, chaque fois / since Tuesday, every time ({way}).")


def asks(browser, words, way, place, title):
    """The number of the published question."""
    fill_question(browser, words, way, place, title)
    browser.press(words("Publish the question"))
    if browser.path == "/ask":  # Something looks like it, and there is no script.
        browser.press(words("None of these helps: publish my question"))
    return int(browser.path.split("/")[2].partition("-")[0])


def escalates(browser, site, words, place, topic, title, expert):
    browser.wait(lambda: site.sql("select 1 from desk_questions where topic_id = %s", topic))
    browser.open(f"/desk?category={place}")
    browser.press(f"{words('Take it')} {title}")
    browser.leave(browser.find(f".desk-row a[href='/desk/{topic}']"))
    assert browser.says(words("You have it in hand; it stays yours while this page is open, and for ten minutes after."))
    is_sound(browser)
    browser.press(words("Escalate"), within=".desk-acts")
    Select(browser.find("#escalate-to")).select_by_visible_text(expert.person.name)
    browser.press(words("Escalate it"))
    told(browser, words("The question is escalated."))


def answers(browser, words, topic, text):
    browser.open("/notifications")
    browser.leave(browser.find(f"a[href='/desk/{topic}']"))
    browser.find("#body").send_keys(text)
    browser.press(words("Publish the answer"))
    told(browser, words("Thank you! Your answer is published."))


def makes_an_article(browser, site, words, topic, title, summary):
    """Of the solved question, as it stands but for the summary; its number."""
    browser.open(f"/t/{topic}")
    browser.press(words("Make an article of this"))
    assert browser.find("#title").get_attribute("value") == title
    is_sound(browser)
    browser.fill(words("In short"), summary)
    browser.press(words("Save this version"))
    browser.press(words("Publish the newest version"))
    told(browser, words("Readers see this version now."))
    number = int(browser.path.rpartition("/")[2])
    browser.open(f"/t/{topic}")
    assert browser.find("#official-heading").text == words("Official article")
    is_sound(browser)
    browser.leave(browser.find(f".official-article a[href^='/kb/{number}-']"))
    assert browser.find("h1").text == title
    assert browser.all(f".article-credit a[href^='/t/{topic}-']"), "it names the thread that it settles"
    is_sound(browser)
    site.sql("notify search")
    browser.wait(lambda: not site.sql("select 1 from search_article_marks where article_id = %s", number), 30)
    return number


def is_deflected(browser, words, way, place, title, article):
    """Writes what was asked before, and presses the button of the article that is offered."""
    offered = f".similar-article[data-article='{article}']"

    fill_question(browser, words, way, place, title)
    if not way.scripts:
        browser.press(words("Publish the question"))
        assert browser.find("h1").text == words("These look like your question")
    browser.wait(lambda: browser.all(offered))
    is_sound(browser)
    item = browser.find(offered)
    if item.find_element(By.TAG_NAME, "details").get_attribute("open") is None:
        item.find_element(By.TAG_NAME, "summary").click()
    browser.press(words("This answered my question"), offered)


def test_question_claim_escalate_expert_solved_article_and_the_next_asker_is_deflected(
        browser, site, words, way, become, place):
    asker, advisor, expert, next_asker = (site.member(age_days=9, role=role)
                                          for role in ("customer", "advisor", "customer", "customer"))
    title, text = QUESTIONS[str(way)]
    site.sql("insert into experts (person_id, category_id, state, reason, answered_at, ends_at)"
             " values (%s, %s, 'active', 'x', now(), now() + interval '1 year')", expert.person.id, place)

    become(asker)
    topic = asks(browser, words, way, place, title)
    become(advisor)
    escalates(browser, site, words, place, topic, title, expert)
    become(expert)
    answers(browser, words, topic, text)
    become(asker)
    browser.open(f"/t/{topic}")
    browser.press(words("This solved it"))
    assert site.sql_value("select is_solved from topics where id = %s", topic)
    become(advisor)
    article = makes_an_article(browser, site, words, topic, title, text.replace("*", ""))

    become(next_asker)
    is_deflected(browser, words, way, place, title, article)
    assert browser.path.startswith(f"/kb/{article}-")
    told(browser, words("Good to hear that this helped! What you had begun to write is kept in your drafts."))
    is_sound(browser)
    assert site.sql_value("select count(*) from deflection_articles where article_id = %s and is_solved", article) == 1
    assert not site.sql("select 1 from topics where author_id = %s", next_asker.person.id), "nothing had to be asked"
