"""The webhook sender: packs events, signs the exact bytes, delivers, tries again.

Facebook promises no order, no single delivery and no batching, so each of these can
be made worse by settings.py's webhook_… or by a command: pause, shuffle, duplicate,
drop, flush. Times of retries are on the fake's clock.
"""
import asyncio
import collections
import random
import time
import urllib.parse

from . import wire
from .http1 import Client

RETRY_SECONDS = (0, 15, 60, 300, 900, 3600)  # then every hour
HELD_SECONDS = 5          # the longest that webhook_reorder holds an event back
GIVE_UP_SECONDS = 36 * 3600
USER_AGENT = "facebookexternalua"
FOREIGN_PAGE = "999999999999999"
LOG_MAX = 20_000


class Delivery:
    __slots__ = ("number", "raw", "headers", "first_at", "attempts", "changes")

    def __init__(self, number, raw, headers, first_at, changes):
        self.number = number
        self.raw = raw
        self.headers = headers
        self.first_at = first_at
        self.attempts = 0
        self.changes = changes


class Sender:
    def __init__(self, world, clock, settings, subscriptions, app_id, app_secret):
        self.world = world
        self.clock = clock
        self.settings = settings
        self.subscriptions = subscriptions
        self.app_id = app_id
        self.app_secret = app_secret
        self.chance = random.Random(world.seed + 1)
        self.queue = []                      # (page, field, value) not packed yet
        self.delayed = []                    # … and not due yet
        self.held = []                       # … and to be overtaken by another
        self.ready = collections.deque()     # deliveries to send now
        self.waiting = []                    # deliveries to try again later
        self.in_flight = 0
        self.paused = False
        self.failing_since = None
        self.made = 0
        self.counts = collections.Counter()
        self.log = collections.deque(maxlen=LOG_MAX)
        self.notices = []
        self.work = asyncio.Event()
        self.clients = []
        self.tasks = set()

    # Events in

    def subscription(self, page, field):
        """The app's subscription if the field is on in both layers, else None."""
        app = self.subscriptions.by_object.get("page")
        if not app or not app["active"] or field not in app["fields"]:
            return None
        return app if field in page.subscribed.get(self.app_id, ()) else None

    def happens(self, setting):
        share = self.settings[setting]
        return share > 0 and self.chance.random() < share

    def emit(self, page, field, value):
        if self.subscription(page, field) is None:
            self.counts["not_subscribed"] += 1
            return
        self.counts["events"] += 1
        if self.happens("webhook_lose"):
            self.counts["lost"] += 1
            return
        self.enqueue((page, field, value))
        if self.happens("webhook_duplicate"):
            self.counts["duplicated"] += 1
            self.enqueue((page, field, value))

    def enqueue(self, event):
        delay = self.settings["webhook_delay_seconds"]
        if delay:
            self.delayed.append(event)
            self.clock.call_at(self.clock.exact() + delay, lambda: self.undelay(event))
            return
        if self.happens("webhook_reorder"):
            self.held.append(event)
            self.clock.call_at(self.clock.exact() + HELD_SECONDS, self.release)
            return
        self.queue.append(event)
        self.release()

    def release(self):
        """Held events go after the one that came after them."""
        self.chance.shuffle(self.held)
        self.queue += self.held
        self.held = []
        self.work.set()

    def undelay(self, event):
        if any(event is other for other in self.delayed):
            self.delayed = [other for other in self.delayed if other is not event]
            self.queue.append(event)
            self.work.set()

    def send_raw(self, value):
        """A delivery of any JSON value, signed: what the settings cannot make."""
        raw = value.encode() if isinstance(value, str) else wire.body(value)
        self.ready.append(self.delivery(raw, 1))
        self.work.set()

    # Packing

    def pack(self):
        """The first events of the queue as one delivery; one entry for each Page."""
        size = max(1, self.settings["webhook_batch"])
        events, self.queue = self.queue[:size], self.queue[size:]
        entries = {}
        for page, field, value in events:
            entry = entries.setdefault(page.id, {"id": page.id, "time": self.clock.now()})
            if self.includes_values():
                change = {"value": self.altered(value), "field": field}
                entry.setdefault("changes", []).append(change)
            elif field not in entry.setdefault("changed_fields", []):
                entry["changed_fields"].append(field)
        found = list(entries.values())
        if self.happens("webhook_numeric_ids"):
            found = [dict(entry, id=int(entry["id"])) for entry in found]
        if self.happens("webhook_foreign"):
            found.append({"id": FOREIGN_PAGE, "time": self.clock.now(), "changes": [
                {"value": {"item": "status", "verb": "add", "post_id": f"{FOREIGN_PAGE}_1",
                           "message": "another Page", "published": 1,
                           "created_time": self.clock.now()}, "field": "feed"}]})
        return self.delivery(wire.body({"entry": found, "object": "page"}), len(events))

    def includes_values(self):
        app = self.subscriptions.by_object.get("page") or {}
        return self.settings["webhook_values"] and app.get("include_values", True)

    def altered(self, value):
        value = dict(value)
        if self.happens("webhook_omit_from"):
            value.pop("from", None)
        if self.happens("webhook_omit_post"):
            value.pop("post", None)
        if "from" in value and self.happens("webhook_numeric_ids"):
            value["from"] = dict(value["from"], id=int(value["from"]["id"]))
        return value

    def delivery(self, raw, changes):
        self.made += 1
        headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
        headers.update(wire.signatures(self.app_secret, raw))
        if self.happens("webhook_bad_signature"):
            self.counts["bad_signatures"] += 1
            headers.update(wire.signatures("another secret", raw))
        return Delivery(self.made, raw, headers, self.clock.exact(), changes)

    # Sending

    def busy(self):
        return bool(self.in_flight or ((self.queue or self.ready) and not self.paused))

    async def keep(self):
        """Runs for ever: one task for each delivery on its way."""
        while True:
            await self.work.wait()
            self.work.clear()
            while (not self.paused and self.in_flight < max(1, self.settings["webhook_concurrency"])
                   and (self.queue or self.ready)):
                delivery = self.ready.popleft() if self.ready else self.pack()
                self.in_flight += 1
                task = asyncio.get_running_loop().create_task(self.deliver(delivery))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)

    async def deliver(self, delivery):
        try:
            app = self.subscriptions.by_object.get("page")
            if app and app["active"]:
                status, milliseconds = await self.post(app["callback_url"], delivery)
                self.note(delivery, status, milliseconds)
        finally:
            self.in_flight -= 1
            self.work.set()

    async def post(self, url, delivery):
        """(status or a word, milliseconds)."""
        client = self.clients.pop() if self.clients else Client()
        client.timeout_seconds = self.settings["webhook_timeout_seconds"]
        started = time.perf_counter()
        try:
            status, _, _ = await client.request("POST", url, delivery.headers, delivery.raw)
        except (asyncio.TimeoutError, TimeoutError):
            status = "timeout"
        except OSError:
            status = "unreachable"
        self.clients.append(client)
        return status, (time.perf_counter() - started) * 1000

    def note(self, delivery, status, milliseconds):
        delivery.attempts += 1
        self.log.append({"number": delivery.number, "at": self.clock.now(), "status": status,
                         "attempt": delivery.attempts, "changes": delivery.changes,
                         "bytes": len(delivery.raw), "milliseconds": round(milliseconds, 3)})
        if status == 200:
            self.counts["delivered"] += 1
            self.counts["delivered_changes"] += delivery.changes
            self.failing_since = None
            return
        self.counts["failed_attempts"] += 1
        now = self.clock.exact()
        self.failing_since = self.failing_since or now
        longest = self.settings["webhook_unsubscribe_after_seconds"]
        if longest and now - self.failing_since >= longest:
            self.unsubscribe()
        self.try_again(delivery, now)

    def try_again(self, delivery, now):
        """Ever less often, over 36 hours, then never."""
        wait = RETRY_SECONDS[min(delivery.attempts, len(RETRY_SECONDS)) - 1]
        if now + wait > delivery.first_at + GIVE_UP_SECONDS:
            self.counts["given_up"] += 1
            return
        self.waiting.append(delivery)
        self.clock.call_at(now + wait, lambda: self.wake(delivery))

    def wake(self, delivery):
        if delivery in self.waiting:
            self.waiting.remove(delivery)
            self.ready.append(delivery)
            self.work.set()

    def unsubscribe(self):
        self.notices.append({"at": self.clock.now(), "notice": "Webhooks Disabled"})
        self.subscriptions.by_object["page"]["active"] = False
        for page in self.world.pages.values():
            page.subscribed.pop(self.app_id, None)

    # Commands

    def pause(self, paused=True):
        self.paused = paused
        self.work.set()

    def shuffle(self):
        self.chance.shuffle(self.queue)

    def duplicate(self):
        self.queue += list(self.queue)

    def drop(self):
        dropped = len(self.queue) + len(self.delayed) + len(self.held)
        self.queue, self.delayed, self.held = [], [], []
        self.counts["lost"] += dropped
        return dropped

    async def flush(self, retry_now=False, timeout_seconds=30):
        """Waits until nothing is due; retry_now makes everything due that waits."""
        if retry_now:
            for event in list(self.delayed):
                self.undelay(event)
            for delivery in list(self.waiting):
                self.wake(delivery)
        self.release()
        self.pause(False)
        end = time.monotonic() + timeout_seconds
        while self.busy() and time.monotonic() < end:
            await asyncio.sleep(0.003)
        return not self.busy()

    def describe(self):
        return {"queued": len(self.queue), "delayed": len(self.delayed), "held": len(self.held),
                "ready": len(self.ready), "waiting": len(self.waiting),
                "in_flight": self.in_flight, "paused": self.paused, "notices": self.notices, **self.counts}

    # Other calls to the site

    async def fetch_challenge(self, url, challenge, verify_token):
        """The verification GET: (status, body), or (None, what went wrong)."""
        query = urllib.parse.urlencode({"hub.mode": "subscribe", "hub.challenge": challenge,
                                        "hub.verify_token": verify_token})
        client = Client(self.settings["webhook_timeout_seconds"])
        try:
            joint = "&" if "?" in url else "?"
            status, _, content = await client.request("GET", url + joint + query,
                                                      {"User-Agent": USER_AGENT})
            return status, content
        except (OSError, asyncio.TimeoutError, ValueError) as error:
            return None, str(error) or type(error).__name__
        finally:
            client.close()

    async def post_signed_request(self, url, payload, secret=None):
        """The erasure and deauthorize callbacks: {"status", "body"} of the answer."""
        form = urllib.parse.urlencode({
            "signed_request": wire.signed_request(secret or self.app_secret, payload)}).encode()
        client = Client(self.settings["webhook_timeout_seconds"])
        try:
            status, _, content = await client.request("POST", url, {
                "Content-Type": "application/x-www-form-urlencoded", "User-Agent": USER_AGENT}, form)
            return {"status": status, "body": content.decode("utf-8", "replace")}
        except (OSError, asyncio.TimeoutError) as error:
            return {"status": None, "body": str(error) or type(error).__name__}
        finally:
            client.close()
