"""The log of calls: what was asked of the Graph port, in order, without any token."""
import collections
import re

CALLS_MAX = 100_000
SECRETS = ("access_token", "appsecret_proof", "input_token", "fb_exchange_token", "client_secret",
           "verify_token")


class CallLog:
    def __init__(self, clock):
        self.clock = clock
        self.calls = collections.deque(maxlen=CALLS_MAX)

    def add(self, call, response, fault, seconds):
        """Called for every call; kept cheap, made readable only when asked."""
        self.calls.append((call.number, self.clock.exact(), call.method, call.path, call.params,
                           call.token.label() if call.token else None,
                           None if response.close else response.status, fault, seconds))

    def select(self, since=0, path="", method=None, last=1000):
        wanted = re.compile(path)
        found = [entry for entry in self.calls if entry[0] > since and wanted.search(entry[3])
                 and method in (None, entry[2])]
        return [describe(entry) for entry in found[-last:]]


def describe(entry):
    number, at, method, path, params, token, status, fault, seconds = entry
    return {"number": number, "at": round(at, 3), "method": method, "path": path,
            "parameters": {name: "…" if name in SECRETS else value
                           for name, value in params.items()},
            "token": token, "status": status, "fault": fault or None,
            "milliseconds": round(seconds * 1000, 3)}
