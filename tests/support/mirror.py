"""A forum that mirrors a Page, with the stand-in for Facebook beside it."""

import hashlib
import hmac
import json
import pathlib
import re
import sys

from support.forum import category
from support.site import ROOT, Site, free_port
from support.waiting import until

sys.path.insert(0, str(ROOT / "tests" / "fakes" / "graph"))

from client import FakeGraph  # noqa: E402

HOOK = "/hooks/facebook"
PAGE_NAME = "Tramelune"


class MirrorSite(Site):
    """The fake comes first: the forum's settings name its addresses and secrets."""

    def __init__(self, name="mirror", **fake):
        super().__init__(name)
        self.port = free_port()
        self.verify_token = "a word that only Meta and we know"
        hook = self.url + HOOK
        self.graph = FakeGraph(seed=5, page_name=PAGE_NAME, callback=hook, verify_token=self.verify_token,
                               data_deletion=f"{hook}/deletion", deauthorize=f"{hook}/deauthorize", **fake)
        config = self.graph.config
        self.page_id, self.secret = config["page_id"], config["app_secret"]
        self.environment = {
            "ENTRAIDE_FACEBOOK_APP_ID": config["app_id"],
            "ENTRAIDE_FACEBOOK_APP_SECRET": self.secret,
            "ENTRAIDE_FACEBOOK_PAGE_TOKENS": config["page_token"],
            "ENTRAIDE_FACEBOOK_VERIFY_TOKEN": self.verify_token,
            "ENTRAIDE_FACEBOOK_BASE_URL": config["graph"],
            "ENTRAIDE_FACEBOOK_MEDIA_HOSTS": config["media"].split("//")[1],
            # Between two writes a Page is left in peace for eight seconds; here for one.
            "ENTRAIDE_MIRROR_WRITE_SECONDS": "1",
            "ENTRAIDE_MIRROR_MEDIA_DIR": str(pathlib.Path(self.var / "media")),
        }

    def stop(self):
        try:
            super().stop()
        finally:
            self.graph.stop()

    def source(self, **changed):
        """The mirror of the fake's Page; its number."""
        self.sql("insert into mirror_sources (connector, account, name, category_id, language)"
                 " values ('facebook', %s, %s, %s, 'fr') on conflict do nothing",
                 self.page_id, PAGE_NAME, category(self))
        for column, value in changed.items():
            self.sql(f"update mirror_sources set {column} = %s", value)
        return self.sql_value("select id from mirror_sources where account = %s", self.page_id)

    def sign(self, body):
        return "sha256=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()

    def notice(self, visitor, body, **headers):
        """Posts these bytes as Meta would, signed."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        sent = {"Content-Type": "application/json", "X-Hub-Signature-256": self.sign(body), **headers}
        sent = {name: value for name, value in sent.items() if value is not None}
        return visitor.request("POST", HOOK, data=body, headers=sent)


def topic_of(site, post_id):
    """The path of the topic that the Page's post became."""
    key = post_id.rpartition("_")[2]
    row = until(lambda: site.sql("select t.id, t.visibility from mirror_items i join topics t on t.id = i.topic_id"
                                " where i.kind = 'post' and i.key = %s", key), what=post_id)[0]
    return site.visitor().get(f"/t/{row['id']}-").path


def post_of(site, comment_id):
    key = comment_id.rpartition("_")[2]
    return until(lambda: site.sql("select post_id from mirror_items where kind = 'comment' and key = %s"
                                 " and post_id is not null", key), what=comment_id)[0]["post_id"]


class Thread:
    """A question on the Page, with a comment of a customer, an answer of the Page below it."""

    def __init__(self, site, question="Ma box redémarre sans cesse depuis hier soir, que faire ?",
                 comment="Même chose ici depuis la mise à jour."):
        graph = site.graph
        self.post = graph.do("post", message=question, photos=1)["id"]
        self.person = graph.do("person", name="Camille Durand")["id"]
        self.comment = graph.do("comment", target=self.post, who=self.person, message=comment)["id"]
        self.answer = graph.do("comment", target=self.comment, who="page",
                               message="Bonjour, maintenez le bouton dix secondes puis attendez le voyant vert.")["id"]
        self.path = topic_of(site, self.post)
        self.comment_post = post_of(site, self.comment)
        self.answer_post = post_of(site, self.answer)
        self.id = int(re.match(r"/t/(\d+)", self.path)[1])
