"""entraide mirror, the command: sources, replays of stored notices, exports.

What the worker does with a living Page is ../convergence/.
"""

import base64
import hashlib
import hmac
import json
import shutil
import urllib.parse

import pytest

from support.site import shared_folder
from support.waiting import until

SECRET = "a secret of another app"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
PAGE = "900000000000001"
POST = f"{PAGE}_800000000000000001"


@pytest.fixture(scope="module")
def place(site):
    site.sql("insert into categories (slug, name_fr, name_en) values ('mirrored', 'Ailleurs', 'Elsewhere')"
             " on conflict do nothing")
    return "mirrored"


def fixtures(*parts):
    folder = shared_folder()
    folder = folder and folder.joinpath("data", "facebook", *parts)
    if not folder or not folder.is_dir():
        pytest.skip("the shared Facebook fixtures are not beside the checkout")
    return folder


def notice(time, **value):
    change = {"field": "feed", "value": {"post_id": POST, "created_time": time, **value}}
    return json.dumps({"object": "page", "entry": [{"id": PAGE, "time": time, "changes": [change]}]}).encode()


def sign(body, secret=SECRET):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def write(folder, name, body, signature):
    (folder / f"{name}.json").write_bytes(body)
    (folder / f"{name}.json.signature").write_text(signature + "\n")


def replay(site, folder, *options):
    """As the schema's owner: the site's own role may not make schemas."""
    options = (*options, "--database", site.conninfo())
    return json.loads(site.run("mirror", "replay", str(folder), *options).stdout)


def test_a_source_is_added_once(site, place):
    arguments = ("mirror", "add", "facebook", "700000000000001", "--name", "Une page", "--category", place)
    first = site.run(*arguments).stdout.strip()
    assert site.run(*arguments).stdout.strip() == first
    assert "\t700000000000001\tactive\t" in site.run("mirror", "list").stdout
    assert "Une page: active" in site.run("mirror", "status", first).stdout


def test_an_unknown_connector_and_category_are_refused(site, place):
    for connector, category in (("myspace", place), ("facebook", "nowhere")):
        done = site.run("mirror", "add", connector, "1", "--name", "x", "--category", category, check=False)
        assert done.returncode != 0
        assert "there is no c" in done.stderr.lower()


def test_stored_notices_are_replayed_to_their_end_state(site):
    state = replay(site, fixtures("modelled", "webhooks"))
    assert (state["accepted"], state["refused"], state["missing"]) == (21, 0, 0)
    threads = {thread["key"]: thread for thread in state["state"]["threads"]}
    first = threads["122100000000000101"]
    comments = {comment["key"]: comment for comment in first["comments"]}
    # Edited once; the older edit and the add that came again changed nothing.
    assert comments["901000000000201"]["text"].endswith("👍🏽 Danke!")
    assert comments["901000000000201"]["author"] == "Ana Ødegård"
    # Removed before it was added.
    assert "903000000000201" not in comments
    assert {"kind": "comment", "key": "903000000000201", "root": "122100000000000101",
            "why": "removed"} in state["state"]["not_shown"]
    assert comments["905000000000201"]["author"] == "Facebook customer"
    assert threads["122100000000000105"]["text"] == "Mein Rad ist wieder da"
    assert state["state"]["deliveries"] == {"done": 21, "dead": 0, "waiting": 0, "not_understood": 3}


def test_a_replay_takes_the_secret_and_the_page_and_refuses_other_signatures(site, tmp_path):
    add = notice(1767261600, item="status", verb="add", message="Bonjour", published=1,
                 **{"from": {"id": PAGE, "name": "Page"}})
    comment = notice(1767261700, item="comment", verb="add", message="Vrai", parent_id=POST,
                     comment_id="800000000000000001_1", **{"from": {"id": "5", "name": "Zoé"}})
    forged = comment.replace(b"Vrai", b"Faux").replace(b"_1", b"_2")
    write(tmp_path, "01", add, sign(add))
    write(tmp_path, "02", comment, sign(comment))
    write(tmp_path, "03", forged, sign(comment))
    (tmp_path / "04.json").write_bytes(forged)
    state = replay(site, tmp_path, "--secret", SECRET, "--page", PAGE)
    assert (state["accepted"], state["refused"]) == (2, 2)
    (thread,) = state["state"]["threads"]
    assert [comment["text"] for comment in thread["comments"]] == ["Vrai"]


def test_unreadable_bodies_are_kept_and_harm_nothing(site, tmp_path):
    for number, body in enumerate((b"", b"[]", b"{", b'{"object":"page","entry":[{"id":' + b"9" * 400 + b"}]}",
                                   b'{"object":"page","entry":[{"id":"%s","time":1,"changes":[null,3,{}]}]}'
                                   % PAGE.encode(), b"\xff\xfe" * 50)):
        write(tmp_path, f"{number:02}", body, sign(body))
    state = replay(site, tmp_path, "--secret", SECRET, "--page", PAGE)
    assert state["state"]["threads"] == []
    assert sum(state["state"]["deliveries"][word] for word in ("done", "dead", "waiting")) == 6


def test_a_replay_leaves_nothing_behind(site):
    replay(site, fixtures("modelled", "webhooks"))
    found = site.sql("select count(*) as schemas from pg_namespace where starts_with(nspname, 'mirror_replay')")
    assert found[0]["schemas"] == 0


def test_an_export_is_imported_once(site, place, tmp_path):
    folder = tmp_path / "export"
    shutil.copytree(fixtures("modelled", "export", "2025-page"), folder)
    source = site.run("mirror", "add", "facebook", "700000000000002", "--name", "Export", "--category",
                      place).stdout.strip()
    refused = site.run("mirror", "import-export", source, str(folder), check=False)
    assert refused.returncode != 0 and "backfill" in refused.stderr
    # Of a source that is stopped nothing is read meanwhile.
    site.sql(f"update mirror_sources set backfilled_at = now(), state = 'paused' where id = {source}")
    first = site.run("mirror", "import-export", source, str(folder)).stdout
    count = site.sql(f"select count(*) as topics from topics where mirror_source_id = {source}")[0]["topics"]
    assert count > 0 and f"posts imported          {count}\n" in first
    again = site.run("mirror", "import-export", source, str(folder)).stdout
    assert "posts imported          0\n" in again and f"posts known already     {count}\n" in again


def test_pictures_of_an_export_are_copied_and_others_refused(site, place, tmp_path):
    folder = tmp_path / "posts"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "eins.png").write_bytes(PIXEL)
    (folder / "media" / "zwei.jpg").write_bytes(b"<svg onload='alert(1)'/>")
    (tmp_path / "secret.png").write_bytes(PIXEL)
    pictures = ("posts/media/eins.png", "posts/media/zwei.jpg", "posts/media/fort.jpg", "../secret.png")
    posts = [{"timestamp": 1500000000, "data": [{"post": "Quatre images du salon"}], "attachments": [
        {"data": [{"media": {"uri": uri, "creation_timestamp": 1}} for uri in pictures]}]}]
    (folder / "profile_posts_1.json").write_text(json.dumps(posts))
    source = site.run("mirror", "add", "facebook", "700000000000003", "--name", "Images", "--category",
                      place).stdout.strip()
    site.sql(f"update mirror_sources set backfilled_at = now() where id = {source}")
    said = site.run("mirror", "import-export", source, str(tmp_path)).stdout
    assert "pictures copied         1, refused " in said
    stored = site.sql("select m.state, m.file, m.source_url from mirror_media m join mirror_items i on i.id = m.item_id"
                      f" where i.source_id = {source} order by m.position")
    states = {row["source_url"].rpartition("/")[2]: row["state"] for row in stored}
    assert states.pop("eins.png") == "stored"
    assert set(states.values()) == {"refused"}
    (file,) = {row["file"] for row in stored if row["file"]}
    topic = site.sql_value(f"select id from topics where mirror_source_id = {source}")
    shown = site.visitor().get(f"/t/{topic}-").page.find("ul", class_="pictures").find("img")
    assert urllib.parse.unquote(shown["src"]) == f"/media/{file}"
    assert site.visitor().get(shown["src"]).status == 200
    assert "pictures copied         0, refused 0" in site.run("mirror", "import-export", source, str(tmp_path)).stdout


def test_a_notice_reaches_its_page_without_asking_there(site, place):
    """Without a key nothing can be read: what the notice carried is shown."""
    site.run("mirror", "add", "facebook", PAGE, "--name", "Rapide", "--category", place)
    body = notice(1767261600, item="status", verb="add", message="Cela va vite", published=1,
                  **{"from": {"id": PAGE, "name": "Page"}})
    site.sql("insert into mirror_deliveries (connector, body, body_hash) values ('facebook', %s, %s)",
             body, hashlib.sha256(body).digest())
    site.sql("select pg_notify('mirror', '')")
    # Two seconds are promised, and measured by `./dev bench mirror`.
    until(lambda: site.sql("select 1 from topics where title = 'Cela va vite'"))
