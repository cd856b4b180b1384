"""Forty threads, two changes, three clocks that get killed and a Slack that fails: each thread hears each line once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.checkpoints.calendar import LONDON, WorkCalendar, is_working_moment
from bot.knowledge.entry import Change, Entry
from bot.knowledge.library import Library
from bot.rendering.message import Message
from bot.storage.database import Database
from bot.storage.given import GivenAnswer, GivenAnswers
from bot.usecases.notify import Notifier
from bot.usecases.poster import Posted
from bot.usecases.recall import Recalls
from tests.bot.usecases.year import WORKSPACE, FakeSlack, Killed, MortalOutbox, World

MONDAY = dt.date(2027, 1, 11)
FIRST = Change(on=MONDAY, what="It is dearer", material=True)
SECOND = Change(on=MONDAY, what="It is closed", material=True)
THREADS = [(f"C{number % 4}", f"1.{number}") for number in range(40)]
UP_TO_DATE = THREADS[0]
"""A thread that is answered anew after the first change."""


@dataclass
class Hearing(FakeSlack):
    """The failing Slack, and what each thread heard when."""

    heard: list[tuple[str, str, str, dt.datetime]] = field(default_factory=list)

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        before = len(self.posted)
        try:
            return super().post(workspace_id, place, message, thread_ts=thread_ts)
        finally:
            for _, _, at in self.posted[before:]:
                self.heard.append((place, thread_ts, message.text, at))


def make_library(*changes: Change) -> Library:
    """The knowledge with one entry, after those changes."""
    return Library.of([Entry(id="guide/a", title="A", summary="Use it.", changes=changes)])


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hearing]:
    """Slack after a week of it."""
    folder: Path = tmp_path_factory.mktemp("recall")
    with closing(Database(f"sqlite:///{folder}/advisor.sqlite3")) as database:
        database.migrate()
        yield live(database)


def live(database: Database) -> Hearing:
    """A week: the entry changes twice on Monday; every half hour three clocks plan and send."""
    world = World(database, seed=8, services=0, kills=60)
    slack, given = Hearing(world), GivenAnswers(database)
    recalls = Recalls(world.rules, given)
    world.slack = slack
    world.clocks = [Notifier(world.rules, MortalOutbox(database, world), slack, {"recall": recalls}) for _ in range(3)]
    for channel, thread in THREADS:
        given.keep(GivenAnswer(WORKSPACE, channel, thread, "guide/a", "older", (), world.now))
    current = cast(Any, world.rules.knowledge_base)
    changes: tuple[Change, ...] = ()
    for half in range(7 * 24 * 2):
        world.now = dt.datetime.combine(MONDAY, dt.time(), LONDON) + dt.timedelta(minutes=30 * half)
        if half == 22:
            changes = (FIRST,)
            renewed = GivenAnswer(WORKSPACE, *UP_TO_DATE, "guide/a", "newer", ("2027-01-11",), world.now)
            given.keep(renewed)
        elif half == 24:
            changes = (FIRST, SECOND)
        current.current = SimpleNamespace(library=make_library(*changes))
        world.deadly = half < 6 * 24 * 2
        recalls.plan(at=world.now)
        for number, clock in enumerate(world.random.sample(world.clocks, 3)):
            world.now += dt.timedelta(seconds=20 * number)
            with suppress(Killed):
                clock.send_due(at=world.now)
            world.inside = False
    assert world.kills_left < 60
    return slack


def test_each_thread_hears_each_line_once(slack: Hearing) -> None:
    for change in (FIRST, SECOND):
        count = Counter((channel, thread) for channel, thread, text, _ in slack.heard if change.what in text)
        wanted = {one for one in THREADS if change is SECOND or one != UP_TO_DATE}
        assert count == dict.fromkeys(wanted, 1)


def test_it_was_an_eventful_week(slack: Hearing) -> None:
    assert slack.failed.keys() >= {"rate", "lost before", "lost after"}
    assert any(FIRST.what in text and SECOND.what in text for _, _, text, _ in slack.heard)
    assert any(FIRST.what not in text for _, _, text, _ in slack.heard)


def test_nobody_hears_outside_hours(slack: Hearing) -> None:
    assert all(is_working_moment(WorkCalendar(), at=at) for *_, at in slack.heard)
