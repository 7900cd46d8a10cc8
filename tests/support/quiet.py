"""Tests that measure time (marked `timed`) have the machine to themselves: a part that
`./dev test` runs beside theirs stands still meanwhile, between two of its tests.

Each test of either part holds one lock, the others together, a timed one alone. The door
before it is shut by whoever waits, or those who share the lock would never all be out.
"""

import contextlib
import fcntl

import pytest

from support.site import VAR


@contextlib.contextmanager
def machine(alone):
    VAR.mkdir(parents=True, exist_ok=True)
    with open(VAR / "machine.door", "w") as door, open(VAR / "machine.lock", "w") as lock:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    with machine(alone=item.get_closest_marker("timed") is not None):
        yield
