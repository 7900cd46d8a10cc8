"""One comment's way from end to end: the signed bytes at the hook, its page, the search,
the interface for programs, and out of all of them again when it is hidden, deleted or its
author is erased. Between these only the worker and the stand-in for Facebook.
"""

import json
import re
import time

import pytest

from support.mirror import HOOK, post_of, topic_of
from support.waiting import until

LONG = ("Débranchez la box pendant dix secondes, rebranchez-la, puis attendez que le voyant soit fixe"
        " avant de relancer le test de débit.")


@pytest.fixture(scope="module")
def site(mirror_site):
    mirror_site.source()
    return mirror_site


def word():
    """One that stands nowhere else."""
    return f"quokka{time.monotonic_ns():x}"


class Told:
    """A post and a comment that exist at Facebook, and of which only our own notice tells."""

    def __init__(self, site, kind="comment"):
        graph = site.graph
        self.site, self.word, self.visitor = site, word(), site.visitor("fr", address="127.0.0.1")
        self.person = graph.do("person", name=f"Personne {self.word}")["id"]
        self.post = graph.do("post", message=f"Conseil du jour : {LONG}")["id"]
        self.path = topic_of(site, self.post)
        self.comment = graph.do("comment", target=self.post, who=self.person, silent=True,
                                message=f"Merci, le mot est {self.word}.")["id"]

    def notify(self, verb="add", **value):
        value = {"item": "comment", "verb": verb, "post_id": self.post, "parent_id": self.post,
                 "comment_id": self.comment, "created_time": int(time.time()), "message": "lu avant d’être cru",
                 "from": {"id": self.person, "name": "x"}, **value}
        body = json.dumps({"object": "page", "entry": [{"id": self.site.page_id, "time": int(time.time()), "changes": [
            {"field": "feed", "value": value}]}]}).replace("/", "\\/").encode()
        return self.site.notice(self.visitor, body)

    def post_id(self):
        return post_of(self.site, self.comment)

    def places(self):
        """Where the comment's own word can be read now."""
        get, number = self.visitor.get, int(re.match(r"/t/(\d+)", self.path)[1])
        # The search says back what was asked for: only a hit counts.
        hits = get(f"/search?q={self.word}").page.all("li", class_="result") or []
        answers = {"page": get(self.path).text, "api": get(f"/api/v1/topics/{number}").text}
        found = {name for name, text in answers.items() if f"{self.word}." in text}
        return found | ({"search"} if any(self.word in hit.text for hit in hits) else set())


def shown(site):
    told = Told(site)
    assert told.notify().status == 200
    until(lambda: {"page", "search"} <= told.places(), what="on its page and in the search")
    return told


def gone(told):
    until(lambda: not told.places(), what="out of everything")
    assert told.visitor.get(f"/p/{told.number}", follow=False).status in (404, 410)


def test_a_signed_notice_leads_to_page_search_and_interface(site):
    told = shown(site)
    text = told.visitor.get(told.path).text
    # What Facebook says when it is asked counts, not what the notice carried.
    assert "lu avant d" not in text
    assert f"Personne {told.word}" not in text
    assert "api" in told.places()
    assert told.visitor.get(f"/p/{told.post_id()}").path == told.path


def test_an_unsigned_notice_leads_nowhere(site):
    told = Told(site)
    refused = told.visitor.request("POST", HOOK, data=b"{}", headers={"X-Hub-Signature-256": "sha256=" + "0" * 64})
    assert refused.status == 403
    time.sleep(1)
    assert not told.places()


@pytest.mark.parametrize("act", ["hide", "delete"])
def test_what_is_taken_away_there_is_gone_everywhere_and_comes_not_back(site, act):
    told = shown(site)
    told.number = told.post_id()
    site.graph.do(act, id=told.comment)
    gone(told)
    # The same notice once more, late: what it carried is not shown.
    assert told.notify().status == 200
    until(lambda: not site.sql("select 1 from mirror_deliveries where state = 'waiting'"), what="worked in")
    time.sleep(0.5)
    assert not told.places()
    if act == "hide":
        site.graph.do("unhide", id=told.comment)
        until(lambda: {"page", "search"} <= told.places(), what="shown again")


def test_a_request_to_be_forgotten_is_asked_for_and_carried_out(site):
    """Facebook names a person as the app knows them: the worker asks who that is on the Page."""
    told = shown(site)
    told.number = told.post_id()
    calls = len(site.graph.get("calls", path="ids_for_pages")["calls"])
    said = site.graph.do("erasure", who=told.person)
    code = json.loads(said["body"])["confirmation_code"]
    gone(told)
    until(lambda: site.sql_value("select state from mirror_erasures where code = %s", code) == "done", what="done")
    assert len(site.graph.get("calls", path="ids_for_pages")["calls"]) > calls
    assert "C’est fait" in told.visitor.get(f"/erasure/{code}").text
    left = site.sql("select 1 from mirror_items where body like %s union all select 1 from posts where body_md like %s"
                    " union all select 1 from mirror_authors where name like %s", *3 * [f"%{told.word}.%"])
    assert not left
    # Read again, all of it: it does not come back.
    site.run("mirror", "poll", str(site.source()))
    assert not told.places()


def test_whom_no_page_knows_is_told_so(site):
    person = site.graph.do("person", name="Jamais Venu")["id"]
    said = site.graph.do("erasure", who=person)
    code = json.loads(said["body"])["confirmation_code"]
    until(lambda: site.sql_value("select state from mirror_erasures where code = %s", code) == "unknown_person", what="told")
    assert site.visitor("fr").get(f"/erasure/{code}").status == 200


def test_whom_facebook_cannot_name_now_is_asked_for_again(site):
    told = shown(site)
    told.number = told.post_id()
    site.graph.do("faults", faults=[{"match": {"path": "ids_for_pages"}, "times": 1,
                                     "action": {"status": 500, "body": {"error": {
                                         "message": "An unknown error", "code": 2, "type": "OAuthException"}}}}])
    said = site.graph.do("erasure", who=told.person)
    code = json.loads(said["body"])["confirmation_code"]
    time.sleep(1)
    assert site.sql_value("select state from mirror_erasures where code = %s", code) != "unknown_person"
    site.sql("update mirror_sources set health_at = null, usage_until = null")
    site.sql("select pg_notify('mirror', '')")
    gone(told)
