"""One whole forum for all HTTP tests: nginx, web, worker, PostgreSQL and a mail
catcher, empty but for what the tests put in. See README.md for how to write one.
"""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.quiet import pytest_runtest_protocol  # noqa: E402, F401
from support.site import Site  # noqa: E402
from support.world import World  # noqa: E402


@pytest.fixture(scope="session")
def site():
    forum = Site("http").start()
    yield forum
    forum.stop()


@pytest.fixture(scope="session")
def mirror_site():
    """A forum of its own that mirrors a Page of the stand-in for Facebook: .graph."""
    from support.mirror import MirrorSite

    forum = MirrorSite().start()
    yield forum
    forum.stop()


@pytest.fixture
def client(site):
    """A new visitor with an English browser and an address of its own."""
    return site.visitor()


@pytest.fixture
def member(site):
    """A visitor who has just logged in with a new customer's account."""
    return site.member()


@pytest.fixture(scope="module")
def asker(site):
    """The people of a module's tests: two who have been here for a while, and the team."""
    return site.member(age_days=10)


@pytest.fixture(scope="module")
def helper(site):
    return site.member(age_days=10)


@pytest.fixture(scope="module")
def advisor(site):
    return site.member(role="advisor")


@pytest.fixture(scope="module")
def moderator(site):
    return site.member(role="moderator")


@pytest.fixture(scope="module")
def world(site):
    # From the machine itself: nginx does not count its requests.
    return World(site, "127.0.0.1")


def pytest_collection_modifyitems(items):
    """Tests marked `last` look at what all the others left behind."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


def pytest_configure(config):
    config.addinivalue_line("markers", "last: runs after all the others")
    config.addinivalue_line("markers", "timed: measures time, see support/quiet.py")
