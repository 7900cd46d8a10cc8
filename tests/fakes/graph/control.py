"""The control port: what people do on the Page, what goes wrong, and what is so.

POST /_ctl/NAME takes a JSON object and answers with one; GET /_ctl/NAME shows. The
commands are the functions below; README.md lists them. Other paths are the web page.
"""
import asyncio
import json
import urllib.parse

from . import bulk, page_html, settings, tokens
from .http1 import Response
from .media import MODES
from .state import Comment, Photo, Post

GET, POST = {}, {}


class ControlError(Exception):
    pass


def shows(name):
    return lambda function: GET.setdefault(name, function)


def does(name):
    return lambda function: POST.setdefault(name, function)


class Control:
    def __init__(self, fake):
        self.fake = fake

    async def answer(self, request):
        """The handler of the control port. Only for pages of its own origin and programs."""
        origin = request.headers.get("origin")
        if origin and urllib.parse.urlsplit(origin).netloc != request.headers.get("host"):
            return Response(403, "Not from another site", content_type="text/plain")
        if not request.path.startswith("/_ctl/"):
            return page_html.answer(self.fake, request)
        name = request.path[len("/_ctl/"):]
        command = (GET if request.method == "GET" else POST).get(name)
        if command is None:
            return self.reply(404, {"error": f"there is no command '{name}'"})
        try:
            if request.method == "GET":
                arguments = request.parameters()
            else:
                arguments = json.loads(request.body or b"{}")
            found = command(self.fake, **arguments)
            if asyncio.iscoroutine(found):
                found = await found
            return self.reply(200, {"ok": True} if found is None else found)
        except (ControlError, ValueError, TypeError, KeyError) as error:
            return self.reply(400, {"error": str(error)})

    def reply(self, status, value):
        return Response(status, json.dumps(value), content_type="application/json")


# Helpers

def person(fake, who):
    """"page", an id, or a name (somebody new when nobody has it)."""
    if who in (None, "page", fake.world.page.id):
        return fake.world.page
    return fake.world.people.get(who) or fake.world.person_named(who)


def thing(fake, name, kinds=(Post, Comment)):
    found = fake.world.find(name)
    if not isinstance(found, kinds):
        raise ControlError(f"there is no such object: {name}")
    return found


def token_of(fake, token):
    """A token's text, or the word page, user or system."""
    words = {"page": fake.page_token, "user": fake.user_token, "system": fake.system_token}
    found = words.get(token) or fake.tokens.by_text.get(token)
    if found is None:
        raise ControlError("there is no such token")
    return found


# Looking

@shows("config")
def config(fake):
    return fake.describe()


@shows("state")
def state(fake):
    """The public state: what a mirror must equal."""
    return fake.world.public_state()


@shows("object")
def show_object(fake, id):
    found = thing(fake, id)
    return {"id": found.id, "kind": found.kind, "message": found.message, "author": found.author.id,
            "created_time": found.created, "hidden": found.hidden, "removed": found.removed,
            "public": found.public(), "post": found.post.id,
            "reactions": found.reactions.counts() if found.reactions else {}}


@shows("calls")
def calls(fake, since="0", path="", method=None, last="1000"):
    return {"calls": fake.log.select(int(since), path, method, int(last)),
            "calls_while_throttled": fake.usage.calls_while_throttled, "total": fake.graph.calls}


@shows("webhooks")
def webhooks(fake):
    return fake.sender.describe()


@shows("deliveries")
def deliveries(fake, last="1000"):
    return {"deliveries": list(fake.sender.log)[-int(last):]}


@shows("settings")
def show_settings(fake):
    return fake.settings


@shows("faults")
def show_faults(fake):
    return {"faults": fake.faults.describe()}


@shows("clock")
def show_clock(fake):
    return {"now": fake.clock.exact(), "runs": fake.clock.runs}


# What people do

@does("person")
def add_person(fake, name, withholds_from=False):
    found = fake.world.add_person(name, withholds_from)
    return {"id": found.id, "asid": found.asid}


@does("post")
def add_post(fake, message=None, who="page", **details):
    found = fake.acts.post(person(fake, who), message, **details)
    return {"id": found.id, "photos": [photo.id for photo in found.photos]}


@does("comment")
def add_comment(fake, target, message="", who="Visiteur", **details):
    found = fake.acts.comment(person(fake, who), thing(fake, target, (Post, Comment, Photo)),
                              message, **details)
    return {"id": found.id, "photo": found.photo.id if found.photo else None}


@does("edit")
def edit(fake, id, message, silent=False):
    fake.acts.edit(thing(fake, id), message, silent)


@does("hide")
def hide(fake, id, silent=False):
    fake.acts.hide(thing(fake, id), True, silent)


@does("unhide")
def unhide(fake, id, silent=False):
    fake.acts.hide(thing(fake, id), False, silent)


@does("delete")
def delete(fake, id, silent=False):
    fake.acts.remove(thing(fake, id), silent)


@does("trash")
def trash(fake, id, silent=False):
    fake.acts.trash(thing(fake, id, (Post,)), silent)


@does("publish")
def publish(fake, id, silent=False):
    fake.acts.publish(thing(fake, id, (Post,)), silent)


@does("expire")
def expire(fake, id, expired=True):
    thing(fake, id, (Post,)).expired = expired


@does("privacy")
def privacy(fake, id, value):
    thing(fake, id, (Post,)).privacy = value


@does("close")
def close(fake, id, closed=True):
    thing(fake, id).closed = closed


@does("unreadable")
def unreadable(fake, id, unreadable=True):
    fake.acts.set_unreadable(thing(fake, id, (Comment,)), unreadable)


@does("shares")
def shares(fake, id, count):
    thing(fake, id, (Post,)).shares = count


@does("reaction")
def reaction(fake, id, who, type="LIKE", silent=False):
    fake.acts.react(person(fake, who), thing(fake, id), type, silent)


@does("rating")
def rating(fake, who, recommends=True, text="", silent=False):
    fake.acts.rate(person(fake, who), recommends, text, silent)


@does("mention")
def mention(fake, message, silent=False):
    fake.acts.mention(message, silent)


@does("media")
def media(fake, photo, mode):
    if mode not in MODES:
        raise ControlError(f"mode must be one of {', '.join(MODES)}")
    thing(fake, photo, (Photo,)).mode = mode


@does("bulk")
def bulk_posts(fake, posts=1000, comments=50, **details):
    return bulk.create(fake, posts, comments, **details)


# Tokens

@does("token/new")
def token_new(fake, kind="USER", page_id=None, scopes=tokens.SCOPES, lifetime_seconds=0,
              public_content=False, text=None):
    if kind not in tokens.KINDS:
        raise ControlError(f"kind must be one of {', '.join(tokens.KINDS)}")
    if kind == "PAGE" and (page_id or fake.world.page.id) not in fake.world.pages:
        fake.world.add_page(page_id, "Another Page")
    made = fake.tokens.make(kind, fake.clock.now(), text=text, person_id=fake.admin.id,
                            page_id=(page_id or fake.world.page.id) if kind == "PAGE" else None,
                            scopes=scopes, lifetime_seconds=lifetime_seconds,
                            public_content=public_content)
    return {"token": made.text}


@does("token/ban")
def token_ban(fake, token="page", subcode=460):
    fake.tokens.kill(token_of(fake, token), subcode)


@does("token/renew")
def token_renew(fake, token="page"):
    """The same text lives again; who wants a new text makes a new token."""
    fake.tokens.revive(token_of(fake, token))


@does("token/scopes")
def token_scopes(fake, scopes, token="page"):
    token_of(fake, token).scopes = list(scopes)


# Trouble, moods, time

@does("faults")
def add_faults(fake, faults):
    fake.faults.add(faults)


@does("faults/clear")
def clear_faults(fake):
    fake.faults.clear()


@does("settings")
def change_settings(fake, **changes):
    settings.change(fake.settings, changes)
    return fake.settings


@does("usage")
def usage(fake, percent, minutes=10, scope="page"):
    if scope not in ("page", "app"):
        raise ControlError("scope must be page or app")
    fake.usage.force(scope, percent, minutes)


@does("clock")
def clock(fake, advance=None, set=None, runs=None):
    if set is not None:
        fake.clock.set(set)
    if runs is not None:
        fake.clock.run(runs)
    if advance is not None:
        fake.clock.advance(advance)
    return show_clock(fake)


@does("reset")
def reset(fake, seed=None):
    fake.reset(fake.world.seed if seed is None else seed)
    return fake.describe()


# Webhooks and the callbacks

@does("webhooks/pause")
def pause(fake):
    fake.sender.pause()


@does("webhooks/resume")
def resume(fake):
    fake.sender.pause(False)


@does("webhooks/shuffle")
def shuffle(fake):
    fake.sender.shuffle()


@does("webhooks/duplicate")
def duplicate(fake):
    fake.sender.duplicate()


@does("webhooks/drop")
def drop(fake):
    return {"dropped": fake.sender.drop()}


@does("webhooks/flush")
async def flush(fake, retry_now=False, timeout_seconds=30):
    done = await fake.sender.flush(retry_now, timeout_seconds)
    return dict(fake.sender.describe(), done=done)


@does("webhooks/send")
def send(fake, body):
    """Any JSON value, or a text taken as the bytes to send."""
    fake.sender.send_raw(body)


@does("subscribe")
def subscribe(fake, callback_url, verify_token="", fields=("feed", "mention", "ratings")):
    fake.subscribe(callback_url, verify_token, fields)


@does("unsubscribe")
def unsubscribe(fake):
    fake.sender.unsubscribe()


def callback_url(fake, url, name):
    found = url or getattr(fake.options, name)
    if not found:
        raise ControlError(f"no url given, and no --{name.replace('_', '-')}")
    return found


@does("erasure")
async def erasure(fake, who=None, url=None, secret=None, payload=None):
    """Somebody asks Facebook that an app delete what it has: the id is app-scoped."""
    now = fake.clock.now()
    payload = payload or {"user_id": person(fake, who).asid, "algorithm": "HMAC-SHA256",
                          "issued_at": now, "expires": now + 3600}
    return await fake.sender.post_signed_request(callback_url(fake, url, "data_deletion"), payload,
                                                 secret)


@does("deauthorize")
async def deauthorize(fake, who=None, url=None, secret=None, payload=None):
    """A login removed the app; its tokens die. issued_at is a text here."""
    user = fake.admin if who is None else person(fake, who)
    if payload is None:
        for token in fake.tokens.by_text.values():
            if token.person_id == user.id:
                fake.tokens.kill(token, 458)
    payload = payload or {"algorithm": "HMAC-SHA256", "issued_at": str(fake.clock.now()),
                          "profile_id": None, "user_id": user.asid}
    return await fake.sender.post_signed_request(callback_url(fake, url, "deauthorize"), payload,
                                                 secret)
