"""Fixtures: a stand-in without an app, and one whose app records."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.trial.server import StandIn

from .build import Clock, Recorder, make_manifest


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[StandIn]:
    """Yield a strict stand-in; events come at most twice, at once."""
    with StandIn(make_manifest(), clock=clock, retry_delays=(0,)) as stand_in:
        yield stand_in


@pytest.fixture
def lenient(clock: Clock) -> Iterator[StandIn]:
    """Yield a stand-in that notes complaints and lets the test look at them."""
    with StandIn(make_manifest(), clock=clock, retry_delays=(), strict=False) as stand_in:
        yield stand_in


@pytest.fixture
def app(slack: StandIn) -> Recorder:
    """Return the app behind ``slack``: it acknowledges everything."""
    recorder = Recorder()
    slack.attach(recorder)
    return recorder
