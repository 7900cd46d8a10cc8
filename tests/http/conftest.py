"""One whole forum for all HTTP tests: nginx, web, worker, PostgreSQL and a mail
catcher, empty but for what the tests put in. See README.md for how to write one.
"""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from support.site import Site  # noqa: E402


@pytest.fixture(scope="session")
def site():
    forum = Site("http").start()
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


def pytest_collection_modifyitems(items):
    """Tests marked `last` look at what all the others left behind."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


def pytest_configure(config):
    config.addinivalue_line("markers", "last: runs after all the others")
