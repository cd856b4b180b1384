"""Sixty who wait, three clocks that get killed and a Slack that fails: each hears once, and nothing is kept of it."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select

from bot.answers.reply import Answer
from bot.checkpoints.calendar import LONDON, WorkCalendar, is_working_moment
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.rendering.message import Message
from bot.storage.answers import Answers
from bot.storage.awaited import Awaited, AwaitedAnswers
from bot.storage.checkpoint_tables import notifications
from bot.storage.database import Database
from bot.storage.tables import awaited_answers
from bot.usecases.awaiting import AnswersFound
from bot.usecases.notify import Notifier
from bot.usecases.poster import Posted
from tests.bot.rendering.build import make_answer
from tests.bot.usecases.year import WORKSPACE, FakeSlack, Killed, MortalOutbox, World

MONDAY = dt.date(2027, 1, 11)
WRITTEN = 22
"""The half hour of the week in which the entry is written."""
PEOPLE = [f"U0PERSON{number:02}" for number in range(60)]
ENTRY = Entry(id="guide/drones", title="Drones", summary="Use it.")
BEFORE, AFTER = Library.of([], version="1"), Library.of([ENTRY], version="2")


@dataclass
class Hearing(FakeSlack):
    """The failing Slack, and what each place and thread heard when; other clocks may post while one posts."""

    heard: list[tuple[str, str, str, dt.datetime]] = field(default_factory=list)

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        """Post it, or fail; note it where Slack has it."""
        batch = str((message.metadata or {})["event_payload"]["batch"])
        try:
            return super().post(workspace_id, place, message, thread_ts=thread_ts)
        finally:
            for _, _, at in [one for one in self.posted if one[:2] == (place, batch)]:
                self.heard.append((place, thread_ts, message.text, at))


def place_of(number: int) -> tuple[str, str]:
    """Two in three wait in a thread, where two or three wait together; the others directly."""
    return ("", "") if number % 3 == 0 else (f"C{number % 4}", f"1.{number % 20}")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hearing, Database]]:
    """Slack after a week of it, and what is kept then."""
    folder: Path = tmp_path_factory.mktemp("awaited")
    with closing(Database(f"sqlite:///{folder}/advisor.sqlite3")) as database, pytest.MonkeyPatch.context() as patch:
        database.migrate()
        patch.setattr("bot.usecases.awaiting.answer_to", _answer_to)
        numbers = (f"a{number:02}" for number in count())
        patch.setattr("bot.storage.answers.secrets", SimpleNamespace(token_urlsafe=lambda _: next(numbers)))
        yield live(database), database


def _answer_to(question: str, knowledge: Any) -> Answer | None:
    """Everything is answered once the entry is there."""
    return make_answer(ENTRY) if ENTRY.id in knowledge.library else None


def live(database: Database) -> Hearing:
    """A week: the entry is written on Monday; every half hour three clocks plan and send."""
    world = World(database, seed=11, services=0, kills=60)
    slack, awaited, kept = Hearing(world), AwaitedAnswers(database), Answers(database)
    world.slack = slack
    desks = [AnswersFound(world.rules, awaited) for _ in range(3)]
    world.clocks = [Notifier(world.rules, MortalOutbox(database, world), slack, {"awaited": one}) for one in desks]
    for number, person in enumerate(PEOPLE):
        answer_id = kept.keep(
            WORKSPACE, question=f"drone {number}", entry_ids=[], outcome="decline", confidence=0, knowledge_version="1",
            at=world.now,
        )  # fmt: skip
        awaited.keep(Awaited(WORKSPACE, answer_id, person, *place_of(number), world.now))
    current = cast(Any, world.rules.knowledge_base)
    for half in range(7 * 24 * 2):
        world.now = dt.datetime.combine(MONDAY, dt.time(), LONDON) + dt.timedelta(minutes=30 * half)
        current.current = SimpleNamespace(library=AFTER if half >= WRITTEN else BEFORE)
        world.deadly = half < 6 * 24 * 2
        for number, (clock, desk) in enumerate(world.random.sample(list(zip(world.clocks, desks, strict=True)), 3)):
            world.now += dt.timedelta(seconds=20 * number)
            desk.plan(at=world.now)
            with suppress(Killed):
                clock.send_due(at=world.now)
            world.inside = False
    assert world.kills_left < 60
    return slack


def test_each_hears_once(lived: tuple[Hearing, Database]) -> None:
    heard: Counter[str] = Counter()
    for place, _, text, _ in lived[0].heard:
        named = set(re.findall(r"U0PERSON\d\d", text)) or {place}
        heard.update(named)

    assert heard == dict.fromkeys(PEOPLE, 1)


def test_each_hears_where_they_asked(lived: tuple[Hearing, Database]) -> None:
    direct = {place for place, _, _, _ in lived[0].heard if place in PEOPLE}
    threads = [(place, thread) for place, thread, _, _ in lived[0].heard if place not in PEOPLE]

    assert direct == {person for number, person in enumerate(PEOPLE) if number % 3 == 0}
    assert sorted(threads) == sorted({place_of(number) for number in range(60) if number % 3})


def test_nothing_is_kept_of_it(lived: tuple[Hearing, Database]) -> None:
    with lived[1].reading() as connection:
        left = [connection.execute(select(table)).all() for table in (awaited_answers, notifications)]

    assert left == [[], []]


def test_it_was_an_eventful_week_in_office_hours(lived: tuple[Hearing, Database]) -> None:
    assert lived[0].failed.keys() & {"rate", "lost before", "lost after"}
    assert all(is_working_moment(WorkCalendar(), at=at) for *_, at in lived[0].heard)
