"""People who write and read while something breaks, and what they were told.

A writer notes the key of an answer in a file, flushed to disk, once it was told that the
answer is there, and only then. verify.py holds that file against the database.
"""

import http.client
import itertools
import os
import threading
import time
import urllib.parse

SECONDS = 15  # a browser waits longer; a request that takes this long has failed
PAUSE = 0.02
TRIES = 5  # each waits two seconds where something is held
PATIENCE = 0.2  # before the next, of whose answer failed


class Journal:
    """What was acknowledged, one key a line; survives whatever happens to us."""

    def __init__(self, path):
        self.file = open(path, "a", encoding="ascii")
        self.lock = threading.Lock()

    def note(self, key):
        with self.lock:
            self.file.write(key + "\n")
            self.file.flush()
            os.fsync(self.file.fileno())

    def keys(self):
        with open(self.file.name, encoding="ascii") as file:
            return file.read().split()


class Asker:
    """One kept-alive connection, opened anew whenever it broke. Status 0: no answer."""

    def __init__(self, site):
        self.site, self.connection = site, None

    def ask(self, method, path, headers=None, body=None):
        """A used connection that was closed without a byte of an answer is tried again on a
        new one, as browsers do (RFC 9112, 9.3.1): the server may close it at any time."""
        is_used = self.connection is not None
        try:
            return self._ask(method, path, headers, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.close()
            if is_used:
                return self.ask(method, path, headers, body)
        except (OSError, http.client.HTTPException):
            self.close()
        return 0, {}

    def _ask(self, method, path, headers, body):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=SECONDS)
        self.connection.request(method, path, body, {"Accept-Language": "fr", **(headers or {})})
        answer = self.connection.getresponse()
        answer.read()
        return answer.status, answer.headers

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Load:
    """with Load(…): from the first line to the last, people write and read."""

    def __init__(self, site, journal, writers=4, readers=4):
        self.site, self.journal = site, journal
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.outcomes = []  # (when, "read" or "write", status, seconds)
        self.in_doubt = []  # (member, topic, key): not acknowledged
        self.threads = [threading.Thread(target=self._write, args=(number,)) for number in range(writers)]
        self.threads += [threading.Thread(target=self._read, args=(number,)) for number in range(readers)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def _took(self, what, status, began):
        with self.lock:
            self.outcomes.append((time.monotonic(), what, status, time.monotonic() - began))

    def _read(self, number):
        asker = Asker(self.site)
        for path in itertools.islice(itertools.cycle(self.site.paths), number, None):
            if self.stopping.is_set():
                return asker.close()
            began = time.monotonic()
            self._took("read", asker.ask("GET", path)[0], began)
            time.sleep(PAUSE)
        return None

    def _write(self, number):
        asker = Asker(self.site)
        for count in itertools.count():
            if self.stopping.is_set():
                return asker.close()
            topic = self.site.topics_of(number)[count % len(self.site.topics_of(number))]
            key = self.site.new_key(number)
            began = time.monotonic()
            is_told = post_answer(self.site, asker, number, topic, key, self._took_of(began))
            if is_told:
                self.journal.note(key)
            else:
                with self.lock:
                    self.in_doubt.append((number, topic, key))
            time.sleep(PAUSE if is_told else PATIENCE)
        return None

    def _took_of(self, began):
        return lambda status: self._took("write", status, began)

    def settle(self):
        """Everybody whose answer was not acknowledged sends it again, as a person would; and
        again, for who died last may still hold what the answer needs (a dump of its memory
        takes seconds)."""
        asker = Asker(self.site)
        left = []
        for member, topic, key in self.in_doubt:
            if any(post_answer(self.site, asker, member, topic, key, lambda _: None) for _ in range(TRIES)):
                self.journal.note(key)
            else:
                left.append((member, topic, key))
        asker.close()
        sent, self.in_doubt = len(self.in_doubt), left
        return sent, len(left)

    # ---- what it was like -----------------------------------------------------

    def failed(self, what, since=0.0):
        return sum(1 for when, kind, status, _ in self.outcomes
                   if kind == what and when >= since and not 200 <= status < 400)

    def count(self, what):
        return sum(1 for _, kind, status, _ in self.outcomes if kind == what and 200 <= status < 400)

    @staticmethod
    def now():
        return time.monotonic()

    def seconds_since(self, what, since):
        """What each took that succeeded."""
        return [took for when, kind, status, took in self.outcomes
                if kind == what and when >= since and 200 <= status < 400]

    def first_after(self, what, moment):
        """Seconds from that moment to the first success that began after it; None: none."""
        found = [when for when, kind, status, took in self.outcomes
                 if kind == what and 200 <= status < 400 and when - took >= moment]
        return min(found) - moment if found else None

    def statuses(self, what):
        counts = {}
        for _, kind, status, _ in self.outcomes:
            if kind == what:
                counts[status] = counts.get(status, 0) + 1
        return counts


def post_answer(site, asker, member, topic, key, took):
    """True: acknowledged. The key is the form's own and stands in the text too."""
    fields = {"csrf": site.members[member].csrf, "key": key, "body": f"{site.reply} {key}"}
    status, headers = asker.ask("POST", f"/t/{topic}/answer", {
        "Cookie": site.members[member].cookie, "Origin": site.url,
        "Content-Type": "application/x-www-form-urlencoded"}, urllib.parse.urlencode(fields))
    took(status)
    return status == 303 and "#p" in (headers.get("Location") or "")
