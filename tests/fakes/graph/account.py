"""Apps, tokens and subscriptions: everything about access that is not content."""
import random

from . import errors, wire
from .tokens import LONG_SECONDS


# Tokens

def access_token(call):
    """GET /oauth/access_token: needs the app's secret, not a token."""
    params = call.params
    if params.get("client_id") != call.tokens.app_id:
        raise errors.GraphError(101, "Error validating application. Cannot get application info due "
                                     "to a system error.")
    if params.get("client_secret") != call.tokens.app_secret:
        raise errors.GraphError(1, "Error validating client secret.")
    grant = params.get("grant_type")
    if grant == "client_credentials":
        return {"access_token": f"{call.tokens.app_id}|{call.tokens.app_secret}",
                "token_type": "bearer"}
    if grant != "fb_exchange_token":
        raise errors.parameter("Invalid grant_type")
    token = call.tokens.by_text.get(params.get("fb_exchange_token"))
    problem = call.tokens.problem(token, call.now)
    if problem:
        raise problem
    longer = call.tokens.make(token.kind, call.now, person_id=token.person_id,
                              scopes=token.scopes, lifetime_seconds=LONG_SECONDS)
    return {"access_token": longer.text, "token_type": "bearer", "expires_in": LONG_SECONDS - 37}


def debug_token(call):
    """Wants the app's token, or one of the same person."""
    text = call.params.get("input_token")
    if not text:
        raise errors.parameter("The parameter input_token is required")
    inspected = call.tokens.by_text.get(text)
    if call.token.kind != "APP" and (
            inspected is None or inspected.person_id != call.token.person_id):
        raise errors.parameter("You must provide an app access token, or a user access token that "
                               "is an owner or developer of the app")
    call.tokens.debug_calls += 1
    mode = call.settings["numeric_ids"]
    numeric = mode == "always" or (mode == "sometimes" and call.tokens.debug_calls % 2 == 0)
    return {"data": call.tokens.describe(inspected, call.now, numeric)}


def accounts(call):
    """GET /me/accounts: the Pages of a person, each with its own token."""
    if call.token.kind not in ("USER", "SYSTEM_USER"):
        raise errors.unknown_field("accounts", "Page" if call.token.kind == "PAGE" else "Application")
    pages = []
    if call.has("pages_show_list"):
        for page in call.world.pages.values():
            pages.append({"access_token": call.tokens.page_token(call.token, page, call.now).text,
                          "category": page.category,
                          "category_list": [{"id": "2250", "name": page.category}],
                          "name": page.name, "id": page.id, "tasks": call.token.tasks})
    wanted = call.params.get("fields")
    if wanted:
        names = [name.strip() for name in wanted.split(",")] + ["id"]
        pages = [{key: value for key, value in page.items() if key in names} for page in pages]
    if not pages:
        return {"data": []}
    return {"data": pages, "paging": {"cursors": {"before": wire.cursor_encode("0"),
                                                  "after": wire.cursor_encode(str(len(pages)))}}}


def permissions(call):
    return {"data": [{"permission": scope, "status": "granted"} for scope in call.token.scopes]}


# The app's subscription (layer 1)

class Subscriptions:
    """What the app subscribed to; the Page's own layer is in Page.subscribed."""

    def __init__(self, seed):
        self.by_object = {}
        self.chance = random.Random(seed)

    def set(self, kind, callback_url, fields, verify_token="", include_values=True):
        self.by_object[kind] = {"object": kind, "callback_url": callback_url, "active": True,
                                "fields": list(fields), "verify_token": verify_token,
                                "include_values": include_values}

    def describe(self):
        return [{"object": one["object"], "callback_url": one["callback_url"],
                 "active": one["active"],
                 "fields": [{"name": name, "version": "v25.0"} for name in one["fields"]]}
                for one in self.by_object.values()]


def needs_app_token(call):
    if call.token.kind != "APP":
        raise errors.GraphError(15, "(#15) This method must be called with an app access_token.")


async def app_subscriptions(call):
    needs_app_token(call)
    subscriptions = call.subscriptions
    if call.method == "GET":
        return {"data": subscriptions.describe()}
    kind = call.params.get("object")
    if call.method == "DELETE":
        if kind:
            subscriptions.by_object.pop(kind, None)
        else:
            subscriptions.by_object.clear()
        return {"success": True}
    for name in ("object", "callback_url", "fields", "verify_token"):
        if not call.params.get(name):
            raise errors.parameter(f"The parameter {name} is required")
    fields = [name.strip() for name in call.params["fields"].split(",") if name.strip()]
    await verify(call, call.params["callback_url"], call.params["verify_token"])
    subscriptions.set(kind, call.params["callback_url"], fields, call.params["verify_token"],
                      call.params.get("include_values", "true").lower() in ("true", "1"))
    return {"success": True}


async def verify(call, callback_url, verify_token):
    """The verification GET: the callback must give the challenge back as sent."""
    challenge = str(call.subscriptions.chance.randrange(10 ** 8, 2 * 10 ** 9))
    status, content = await call.fetch_challenge(callback_url, challenge, verify_token)
    if status is None:
        raise errors.callback_refused(f"Curl Error = {content}")
    if status != 200:
        raise errors.callback_refused(f"HTTP Status Code = {status}")
    if content.strip() != challenge.encode():
        raise errors.callback_refused("The challenge was not returned")


# The Page's subscription (layer 2)

def subscribed_apps(call, page):
    if call.token.kind != "PAGE" or call.token.page_id != page.id:
        raise errors.page_token_needed()
    call.needs("pages_manage_metadata", 200)
    app_id = call.tokens.app_id
    if call.method == "GET":
        return {"data": [{"category": "Business", "link": "https://example.org/",
                          "name": call.tokens.app_name, "id": app_id, "subscribed_fields": fields}
                         for app_id, fields in page.subscribed.items()]}
    if call.method == "DELETE":
        page.subscribed.pop(app_id, None)
        return {"success": True}
    fields = [name.strip() for name in call.params.get("subscribed_fields", "").split(",")
              if name.strip()]
    if not fields:
        raise errors.parameter("The parameter subscribed_fields is required")
    page.subscribed[app_id] = fields
    return {"success": True}


# People: app-scoped and page-scoped ids

def ids_for_pages(call, asid):
    """GET /{asid}/ids_for_pages: which commenter the person of a login is."""
    needs_app_token(call)
    if "appsecret_proof" not in call.params:
        raise errors.proof_missing()
    only = call.params.get("page")
    for person in call.world.people.values():
        if person.asid == asid:
            page = call.world.page
            if only and only != page.id:
                return {"data": []}
            return {"data": [{"id": person.id, "page": {"name": page.name, "id": page.id}}]}
    raise errors.missing_object("get", asid)
