"""/desk/listening/label: one text at a time, by its form; and what labels say. How samples are drawn
and weighed: tests/unit/test_forum_listening_label.c."""

import csv
import io
import re

import pytest

from support.forum import ask, category

PAGE = "/desk/listening/label"


@pytest.fixture
def sample(site):
    """Four texts of last week, the first to be labelled by two; the only sample there is."""
    writer = site.member()
    topics = [ask(writer, slug="ecoute") for _ in range(4)]
    site.sql("delete from listening_samples")
    number = site.sql_value("insert into listening_samples (week, seed)"
                            " values (date_trunc('week', now() at time zone 'Europe/Paris')::date - 7, 5) returning id")
    site.sql("insert into listening_strata (sample_id, source_id, theme_id, size) values (%s, 0, 0, 40)", number)
    for place, topic in enumerate(topics):
        site.sql("insert into listening_texts (sample_id, post_id, source_id, theme_id, probability, is_double)"
                 " values (%s, %s, 0, 0, 0.1, %s)", number, topic.post, place == 0)
    yield topics, writer
    site.sql("delete from listening_samples where id = %s", number)


def shown(page):
    """The number of the text that is asked for, or None."""
    field = page.find("input", name="text")
    return int(field["value"]) if field else None


def press(visitor, label, page=None):
    form = next(form for form in (page or visitor.get(PAGE).page).forms
                if form.action == PAGE and ("text" in form.fields) == (label != "undo"))
    sent = visitor.post(PAGE, {**form.fields, "label": label})
    assert sent.status == 200, sent
    return sent.page


def test_team_labels_all_without_a_name_and_may_take_one_back(site, advisor, sample):
    topics, writer = sample
    page = advisor.get(PAGE).page
    assert "0 of 5" in page.text
    first = shown(page)
    main = page.find("main").text
    assert writer.person.name not in main
    assert not [link for link in page.find("main").all("a") if re.match(r"/(t|u)/", link["href"])]
    page = press(advisor, "negative", page)
    assert "1 of 5" in page.text and shown(page) != first
    assert shown(press(advisor, "undo")) == first
    assert site.sql_value("select count(*) from listening_labels") == 0
    for label in ("negative", "neutral", "positive", "other"):
        page = press(advisor, label)
    assert "4 of 5" in page.text and shown(page) is None
    assert "Nothing is left for you" in page.text


def test_second_label_is_asked_of_somebody_else_who_does_not_see_the_first(site, advisor, sample):
    other = site.member(role="advisor")
    for _ in range(4):
        page = press(advisor, "negative")
    assert shown(page) is None
    page = other.get(PAGE).page
    double = site.sql_value("select id from listening_texts where is_double")
    assert shown(page) == double
    form = next(form for form in page.forms if "text" in form.fields and form.action == PAGE)
    assert "negative" not in str(form.fields)
    assert shown(press(other, "neutral", page)) is None
    page = advisor.get("/desk/listening?weeks=4").page
    agreement = page.find("section", aria_labelledby="agreement-heading").text
    assert "1 text was labelled by two people" in agreement and "agree on 0" in agreement


def test_skipped_text_goes_to_others_and_a_withdrawn_one_to_nobody(site, advisor, sample):
    topics, _ = sample
    other = site.member(role="advisor")
    skipped = shown(advisor.get(PAGE).page)
    for _ in range(4):
        page = press(advisor, "skipped")
    assert shown(page) is None and "0 of 5" in page.text
    seen = set()
    site.sql("update posts set visibility = 'withdrawn' where id = %s", topics[3].post)
    for _ in range(3):
        seen.add(shown(other.get(PAGE).page))
        page = press(other, "neutral")
    assert shown(page) is None
    gone = site.sql_value("select id from listening_texts where post_id = %s", topics[3].post)
    assert gone not in seen and (skipped in seen or skipped == gone)


def test_labels_become_a_share_with_its_interval(site, advisor, sample):
    for label in ("negative", "neutral", "neutral", "neutral"):
        press(advisor, label)
    page = advisor.get("/desk/listening?weeks=4").page
    section = page.find("section", aria_labelledby="sentiment-heading")
    week = [cell.text for cell in section.find("tbody").all("tr")[1].all("td")]
    assert week[0] == "25%" and week[2:] == ["1", "4", "4", "4"]
    low, high = (int(number) for number in re.findall(r"(\d+)%", week[1]))
    assert low < 25 < high
    lines = list(csv.reader(io.StringIO(advisor.get("/desk/listening.csv?weeks=4&table=sentiment").text)))
    assert lines[0][:4] == ["week", "share", "low", "high"]
    assert lines[1][1] == "0.2500" and len(lines) == 2


def test_without_a_sample_the_pages_invite(site, advisor):
    site.sql("delete from listening_samples")
    assert "There is no sample to label" in advisor.get(PAGE).page.text
    assert "not guessed by a machine" in advisor.get("/desk/listening").page.text
    assert advisor.get(PAGE + "?text=x").status == 404


def test_wrong_labels_are_refused(site, advisor, asker, sample):
    form = next(form for form in advisor.get(PAGE).page.forms if "text" in form.fields)
    for fields, status in (({"label": "angry"}, 400), ({"label": "negative", "text": "999999"}, 404)):
        assert advisor.post(PAGE, {**form.fields, **fields}).status == status
    assert asker.get(PAGE).status == 403
