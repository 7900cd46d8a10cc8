"""The Graph port: from an HTTP request to an answer.

A request becomes a Call (version, token, parameters), the fault script has its say,
the right function of reading, writing or account answers, and the headers go on.
"""
import asyncio
import hashlib
import json
import re
import time
import urllib.parse

from . import account, errors, fields as grammar, form, reading, wire, writing
from .http1 import Response
from .state import Page

# Version → the day it stops being usable (None: not announced). Section 1.
VERSIONS = {"v19.0": "2026-05-21", "v20.0": "2026-09-24", "v21.0": "2027-01-21",
            "v22.0": "2027-05-20", "v23.0": "2027-10-08", "v24.0": "2028-02-18",
            "v25.0": "2028-07-29", "v26.0": None}
VERSION = re.compile(r"v(\d{1,2})\.(\d)")
BATCH_MAX = 50


class Call:
    """One request: who asks, with what, and short ways to what answering needs."""

    def __init__(self, fake, method, path, params, *, base_url, version, number, files=None):
        self.fake = fake
        self.world = fake.world
        self.settings = fake.settings
        self.tokens = fake.tokens
        self.media = fake.media
        self.acts = fake.acts
        self.subscriptions = fake.subscriptions
        self.write_rules = fake.write_rules
        self.fetch_challenge = fake.sender.fetch_challenge
        self.permalink_base = fake.permalink_base
        self.method = method
        self.path = path
        self.params = params
        self.files = files or {}
        self.base_url = base_url
        self.version = version
        self.number = number
        self.now = fake.clock.now()
        self.token = None
        self.token_text = None
        self.token_in_parameters = False
        self.oddity = None
        self.sees_people = self.sees_comments = False

    def take_oddity(self):
        """Only the first list of an answer is odd."""
        oddity, self.oddity = self.oddity, None
        return oddity

    def identify(self, authorization):
        """Finds the token and what its kind may see."""
        scheme, _, text = authorization.partition(" ")
        self.token_in_parameters = "access_token" in self.params
        if scheme.lower() in ("bearer", "oauth") and text:
            self.token_text, self.token_in_parameters = text.strip(), False
        else:
            self.token_text = self.params.get("access_token")
        if not self.token_text:
            raise errors.no_token(self.settings["no_token_code"])
        self.token = self.tokens.check(self.token_text, self.params.get("appsecret_proof"),
                                       self.settings["proof_required"], self.now)
        own_page = self.token.kind == "PAGE" and self.token.page_id in self.world.pages
        self.sees_comments = own_page or self.token.public_content
        self.sees_people = own_page and not self.settings["standard_access"]

    @property
    def scope(self):
        """Which limit the call counts against."""
        return "page" if self.token and self.token.kind in ("PAGE", "SYSTEM_USER") else "app"

    def count(self, calls):
        self.fake.usage.count(self.scope, calls)

    def has(self, scope):
        return scope in self.token.scopes

    def needs(self, scope, code):
        if self.token.public_content and scope.startswith("pages_read"):
            return
        if self.token.kind == "APP" or not self.has(scope):
            raise errors.permission(code, scope)

    def may_read(self, thing):
        self.needs("pages_read_engagement", 10)
        if self.token.kind == "PAGE" and thing.post and thing.post.page.id != self.token.page_id:
            raise errors.missing_object(self.method, thing.id)

    def may_read_comments(self):
        self.needs("pages_read_engagement", 10)
        self.needs("pages_read_user_content", 10)

    def check_fields(self, asked):
        """Fields that the settings forbid, or that this version no longer knows."""
        forbidden, unknown = self.settings["forbidden_fields"], self.settings["unknown_fields"]
        if forbidden or unknown:
            for name in grammar.names(asked):
                if name in forbidden:
                    raise errors.permission(forbidden[name], "pages_read_engagement")
                if name in unknown:
                    raise errors.unknown_field(name, "Post")


class Graph:
    def __init__(self, fake):
        self.fake = fake
        self.calls = 0

    # From bytes to a call

    async def answer(self, request):
        """The handler of the Graph port."""
        params, files = request.parameters(), {}
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            values, files = form.read(request)
            params.update(values)
        method = request.method
        if method == "POST" and params.get("method", "").lower() in ("delete", "get"):
            method = params["method"].upper()
        host = request.headers.get("host", "localhost")
        base_url = f"{self.fake.scheme}://{host}"
        if method == "POST" and request.path.strip("/") in ("",) + tuple(VERSIONS) \
                and "batch" in params:
            return await self.batch(params, request.headers, base_url)
        return await self.answer_one(method, request.path, params, request.headers, base_url, files)

    def oldest_version(self):
        today = time.strftime("%Y-%m-%d", time.gmtime(self.fake.clock.now()))
        return next(version for version, until in VERSIONS.items() if not until or until > today)

    def split_version(self, path):
        """(the version that serves, the path's segments). An old one is served, silently,
        by the oldest that is still usable."""
        segments = [segment for segment in path.split("/") if segment]
        oldest = self.oldest_version()
        if not segments or not VERSION.fullmatch(segments[0]):
            return oldest, segments
        wanted = segments.pop(0)
        if wanted in VERSIONS and VERSIONS_ORDER[wanted] >= VERSIONS_ORDER[oldest]:
            return wanted, segments
        if int(VERSION.fullmatch(wanted)[1]) > int(VERSION.fullmatch(list(VERSIONS)[-1])[1]):
            raise errors.unknown_path("/" + wanted)
        return oldest, segments

    async def answer_one(self, method, path, params, headers, base_url, files=None, in_batch=False):
        """One call with its faults; a batch item comes here too."""
        started = time.perf_counter()
        self.calls += 1
        version = self.oldest_version()
        call = Call(self.fake, method, path, params, base_url=base_url, version=version,
                    number=self.calls, files=files)
        fault = self.fake.faults.take(method, path) or {}
        if fault.get("delay"):
            await asyncio.sleep(fault["delay"])
        response = await self.before_commit(fault, in_batch)
        if response is None:
            call.oddity = fault.get("paging")
            response = await self.carry_out(call, headers)
            if fault.get("delay_after"):
                await asyncio.sleep(fault["delay_after"])
            response = self.after_commit(fault, response)
        self.fake.log.add(call, response, fault, time.perf_counter() - started)
        return response

    # Faults

    async def before_commit(self, fault, in_batch):
        """The response of a fault that keeps the call from being carried out, or None."""
        kind = fault.get("kind")
        if kind == "close-before":
            return hang_up()
        if kind == "garbage":
            return Response(200, "<!DOCTYPE html><title>Facebook</title>Sorry, something went wrong.",
                            content_type="text/html; charset=utf-8")
        if kind == "timeout":
            if not in_batch:
                await asyncio.sleep(3600)
            return hang_up()
        if "status" in fault and not fault.get("after_commit"):
            return self.scripted(fault)
        return None

    def after_commit(self, fault, response):
        kind = fault.get("kind")
        if kind == "close-after-commit":
            return hang_up()
        if kind == "500-after-commit":
            unknown = errors.GraphError(1, "An unknown error occurred", status=500)
            return self.error(unknown)
        if kind == "success-without-id":
            return Response(200, wire.body({"success": True}), content_type=JSON)
        if kind == "truncate-body":
            response.cut = True
        if fault.get("after_commit") and ("status" in fault or "body" in fault):
            return self.scripted(fault)
        return response

    def scripted(self, fault):
        content = fault.get("body", b"")
        raw = content.encode() if isinstance(content, str) else wire.body(content)
        return Response(fault.get("status", 200), raw, fault.get("headers"), content_type=JSON)

    # Carrying out

    async def carry_out(self, call, headers):
        try:
            call.version, segments = self.split_version(call.path)
            found = self.route(call, segments, headers.get("authorization", ""))
            if asyncio.iscoroutine(found):
                found = await found
            response = Response(200, wire.body(found), content_type=JSON)
            most = self.fake.settings["answer_max_bytes"]
            if most and len(response.body) > most:
                raise errors.reduce_data()
            self.add_etag(response, call, headers)
        except errors.GraphError as error:
            response = self.error(error)
        response.headers["facebook-api-version"] = call.version
        response.headers["x-fb-trace-id"] = self.trace()
        response.headers["x-fb-rev"] = "1030000000"
        response.headers["Cache-Control"] = "private, no-cache, no-store, must-revalidate"
        if call.token:
            response.headers.update(self.fake.usage.headers(call.scope))
        return response

    def route(self, call, segments, authorization):
        """The answer as a value (or something to await); a GraphError otherwise."""
        path = "/".join(segments)
        if path == "oauth/access_token":
            return account.access_token(call)
        call.identify(authorization)
        self.fake.usage.refuse(call.scope)
        call.count(1)
        if path == "debug_token":
            return account.debug_token(call)
        if path == "me/accounts":
            return account.accounts(call)
        if path == "me/permissions":
            return account.permissions(call)
        if not segments:
            if call.method == "GET" and "ids" in call.params:
                return reading.get_ids(call)
            raise errors.GraphError(100, "Unsupported get request.", kind="GraphMethodException")
        if len(segments) > 2:
            raise errors.unknown_path("/" + path)
        return self.route_object(call, segments[0], segments[1] if len(segments) > 1 else None)

    def route_object(self, call, name, edge):
        if name == self.fake.tokens.app_id:
            if edge == "subscriptions":
                return account.app_subscriptions(call)
            if edge is None and call.method == "GET":
                return {"name": self.fake.tokens.app_name, "id": name}
            raise errors.unknown_field(edge, "Application")
        if edge == "ids_for_pages" and call.method == "GET":
            return account.ids_for_pages(call, name)
        if edge == "subscribed_apps":
            page = reading.find(call, name)
            if not isinstance(page, Page):
                raise errors.unknown_field(edge, "Post")
            return account.subscribed_apps(call, page)
        if call.method == "GET":
            return reading.get_edge(call, name, edge) if edge else reading.get_object(call, name)
        if call.method == "POST":
            return writing.post(call, name, edge)
        if call.method == "DELETE":
            return writing.delete(call, name, edge)
        raise errors.GraphError(100, f"Unsupported {call.method.lower()} request.",
                                kind="GraphMethodException")

    # Answers

    def trace(self):
        digest = hashlib.md5(f"{self.fake.world.seed}:{self.calls}".encode()).digest()
        return "A" + wire.base64url(digest)

    def error(self, error):
        response = Response(error.status, wire.body(error.body(self.trace())), error.headers,
                            content_type=JSON)
        word = "invalid_token" if error.code in (190, 102) else "invalid_request"
        message = error.message.replace('"', "'").replace("\n", " ")
        response.headers["WWW-Authenticate"] = f'OAuth "Facebook Platform" "{word}" "{message}"'
        return response

    def add_etag(self, response, call, headers):
        if call.method != "GET":
            return
        tag = f'"{hashlib.md5(response.body).hexdigest()}"'
        response.headers["ETag"] = tag
        if headers.get("if-none-match") == tag:
            response.status, response.body = 304, b""

    # Batch

    async def batch(self, params, headers, base_url):
        """POST / with batch=[…]: each item is a call of its own; null is one that hung."""
        try:
            items = json.loads(params["batch"])
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise ValueError
        except ValueError:
            return self.error(errors.parameter("batch parameter must be a JSON array"))
        if len(items) > BATCH_MAX:
            return self.error(errors.parameter("Too many requests in batch message. Maximum batch "
                                               f"size is {BATCH_MAX}"))
        with_headers = params.get("include_headers", "true").lower() not in ("false", "0")
        shared = {name: params[name] for name in ("access_token", "appsecret_proof") if name in params}
        answers = [await self.batch_item(item, shared, headers, base_url, with_headers)
                   for item in items]
        return Response(200, wire.body(answers), {"facebook-api-version": self.oldest_version()},
                        content_type=JSON)

    async def batch_item(self, item, shared, headers, base_url, with_headers):
        path, _, query = str(item.get("relative_url", "")).partition("?")
        params = dict(shared, **dict(urllib.parse.parse_qsl(query, keep_blank_values=True)))
        params.update(urllib.parse.parse_qsl(str(item.get("body", "")), keep_blank_values=True))
        response = await self.answer_one(str(item.get("method", "GET")).upper(),
                                         "/" + urllib.parse.unquote(path).lstrip("/"), params,
                                         headers, base_url, in_batch=True)
        if response.close:
            return None
        answer = {"code": response.status}
        if with_headers:
            answer["headers"] = [{"name": name, "value": value}
                                 for name, value in response.headers.items()]
        answer["body"] = response.body.decode("utf-8", "replace")
        return answer


JSON = "application/json; charset=UTF-8"
VERSIONS_ORDER = {version: index for index, version in enumerate(VERSIONS)}


def hang_up():
    response = Response()
    response.close = True
    return response
