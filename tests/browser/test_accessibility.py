"""Every page for everybody: with a screen reader, by keyboard, enlarged, on the
smallest phone, in both schemes. The pages are those of pages.py, each looked at
once by tour.py.
"""

import pytest

from pages import KINDS

pytestmark = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)


def test_the_page_is_the_one_meant(tour, kind):
    facts = tour.see(kind).facts
    assert facts["status"] == kind.status
    assert facts["language"] == "fr"


def test_axe_finds_no_barrier(tour, kind):
    found = {look: barriers for look, barriers in tour.see(kind).barriers.items() if barriers}
    assert not found, "\n".join(f"{look}: {line}" for look, lines in found.items() for line in lines)


def test_nothing_is_wider_than_the_window(tour, kind):
    assert not tour.see(kind).overflow


def test_targets_are_large_enough_for_fingers(tour, kind):
    assert not tour.see(kind).facts["small"]


def test_the_focus_is_seen_on_every_control(tour, kind):
    assert not tour.see(kind).focus
