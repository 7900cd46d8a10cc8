"""The fault script: what goes wrong, at which call, how often.

An entry: {"match": {"method": "GET", "path": REGEX, "nth": 3, "every": 2},
           "action": {...}, "times": 1, "probability": 1.0}

match: all given parts must fit; nth counts the calls that fit (from 1), every takes
each n-th of them. times: how often it strikes, 0 for always; 1 unless told.

action, any of:
  {"status": 503, "headers": {…}, "body": {…} or "text"}   instead of the answer
  {"delay": 2.5}                   seconds before anything is done
  {"delay_after": 2.5}             seconds between doing and answering
  {"kind": "close-before"}         hang up, nothing done
  {"kind": "close-after-commit"}   done, then hang up
  {"kind": "500-after-commit"}     done, then error 1 with status 500
  {"kind": "success-without-id"}   done, then {"success":true}
  {"kind": "truncate-body"}        half the answer, then hang up
  {"kind": "garbage"}              an HTML page with status 200
  {"kind": "timeout"}              hang for an hour; inside a batch: null
  {"paging": KIND}                 see paging.py
With "after_commit": true a given status and body come after the call was carried out.
"""
import random
import re

from . import paging

KINDS = ("close-before", "close-after-commit", "500-after-commit", "success-without-id",
         "truncate-body", "garbage", "timeout")


class Fault:
    def __init__(self, entry):
        match = entry.get("match", {})
        self.entry = entry
        self.method = match.get("method")
        self.path = re.compile(match.get("path", ""))
        self.nth = match.get("nth")
        self.every = match.get("every")
        self.action = entry["action"]
        self.left = entry.get("times", 1) or None  # None: always
        self.probability = entry.get("probability", 1.0)
        self.seen = self.struck = 0
        self.check(match, entry)

    def check(self, match, entry):
        unknown = (set(match) - {"method", "path", "nth", "every"}
                   | set(entry) - {"match", "action", "times", "probability", "expect"}
                   | set(self.action) - {"status", "headers", "body", "delay", "delay_after", "kind", "paging",
                                         "after_commit"})
        if unknown:
            raise ValueError(f"a fault has no '{sorted(unknown)[0]}'")
        if self.action.get("kind") not in (None,) + KINDS:
            raise ValueError(f"there is no fault '{self.action['kind']}'")
        if self.action.get("paging") not in (None,) + paging.ODDITIES:
            raise ValueError(f"there is no paging '{self.action['paging']}'")

    def strikes(self, method, path, chance):
        if (self.method and self.method != method) or not self.path.search(path):
            return False
        self.seen += 1
        if self.nth and self.seen < self.nth:
            return False
        if self.every and self.seen % self.every:
            return False
        if self.probability < 1 and chance.random() >= self.probability:
            return False
        self.struck += 1
        return True


class Faults:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.entries = []

    def add(self, entries):
        self.entries += [Fault(entry) for entry in entries]

    def clear(self):
        self.entries = []

    def take(self, method, path):
        """The action for this call, or None. The first entry that strikes is it."""
        for fault in self.entries:
            if fault.strikes(method, path, self.chance):
                if fault.left and fault.struck >= fault.left:
                    self.entries.remove(fault)
                return fault.action
        return None

    def describe(self):
        return [dict(fault.entry, seen=fault.seen, struck=fault.struck) for fault in self.entries]
