"""The transcript in docs/transcript-network.md is what the bot says today, and tells what it is to tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.conftest import MakeShared
from tests.journeys.transcript_network import HEAD, write_network

PAGE = Path(__file__).resolve().parents[2] / "docs" / "transcript-network.md"


@pytest.fixture
def transcript(make_shared: MakeShared) -> str:
    shared = make_shared()
    for council in shared.councils:
        assert shared.install(council).status_code == 200
    return HEAD + write_network(shared)


def test_the_page_is_current(transcript: str) -> None:
    assert PAGE.read_text(encoding="utf-8") == transcript, "run `make transcript`, and read it before you commit it"


def test_a_no_shows_nowhere_and_both_are_named_once_both_have_said_yes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, after = page.partition("## A no that nobody sees")[2].partition("You have both said yes")
    to_leeds = [box for box in before.split("**Advisor** ") if "(Leeds's Slack)" in box.split("\n")[0]]
    to_hull = [box for box in before.split("**Advisor** ") if "(Hull's Slack)" in box.split("\n")[0]]

    assert not [box for box in to_leeds if "Hull" in _box(box) or "Residents" in _box(box) or "said no" in _box(box)]
    assert not [box for box in to_hull if "Leeds" in _box(box) or "Parking" in _box(box) or "Sam" in _box(box)]
    assert "Meet Hull City Council (Residents' permits)" in " ".join(after.split())
    assert "ended on 7 December 2026 without an introduction" in before


def _box(quoted: str) -> str:
    """What stands in the box, without who reads it."""
    return quoted.split("```")[1]
