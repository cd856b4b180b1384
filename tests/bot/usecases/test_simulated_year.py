"""Services, three clocks that are killed and a Slack that fails: every notification once, or said why not."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from bot.checkpoints.calendar import day_of
from bot.storage.database import Database
from tests.bot.usecases.year import WORKSPACE, World, in_hours
from tests.faults.conftest import WANTED

pytestmark = pytest.mark.xdist_group("year")  # one process lives through it for all of these tests

_WHOLE = os.environ.get(WANTED, "") not in ("", "0")
SIZES = {"sqlite": (60, 200) if _WHOLE else (20, 60), "postgresql": (4, 24)}
"""Services and kills: whole with the long faults. The server is further away than the file, so its year is smaller."""


@pytest.fixture(scope="module", params=SIZES)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    services, kills = SIZES[request.param]
    with ExitStack() as stack:
        address = f"sqlite:///{tmp_path_factory.mktemp('year')}/advisor.sqlite3"
        if request.param == "postgresql":
            address = stack.enter_context(request.getfixturevalue("postgres").database())
        database = stack.enter_context(closing(Database(address)))
        database.migrate()
        made = World(database, seed=20270104, services=services, kills=kills)
        made.run()
        yield made


def sendings(world: World) -> Counter[str]:
    """How many messages in Slack hold each notification."""
    return Counter(key for _, batch, _ in world.slack.posted for key, _ in world.batches[batch])


def week_of(at: dt.datetime) -> tuple[int, int]:
    return day_of(at).isocalendar()[:2]


def test_the_year_was_eventful(world: World) -> None:
    services, kills = len(world.services), sum(world.kills.values())
    assert (services, kills) in SIZES.values()
    assert len(world.kills) >= 6
    assert world.slack.failed.keys() >= {"rate", "lost before", "lost after", "down", "gone", "find"}
    assert len(world.slack.posted) > 8 * services


def test_each_notification_is_posted_exactly_once_or_said_why_not(world: World) -> None:
    count = sendings(world)
    wrong = [
        (kept.planned.key, kept.state, count[kept.planned.key])
        for kept in world.kept()
        if count[kept.planned.key] != (1 if kept.state == "posted" else 0)
    ]

    assert wrong == []
    assert all(kept.why for kept in world.kept() if kept.state in ("collapsed", "withdrawn"))


def test_nothing_is_left_behind(world: World) -> None:
    states = Counter(kept.state for kept in world.kept())
    late = [
        kept.planned.key
        for kept in world.kept()
        if kept.state == "planned" and kept.planned.send_at < world.now - dt.timedelta(days=21)
    ]

    assert states["posting"] == 0
    assert late == []


def test_nothing_is_posted_outside_hours(world: World) -> None:
    assert [(place, at) for place, _, at in world.slack.posted if not in_hours(world, place, at)] == []


def test_a_place_gets_one_message_a_day_and_three_a_week_at_most(world: World) -> None:
    days = Counter((place, day_of(at)) for place, _, at in world.slack.posted)
    weeks = Counter((place, week_of(at)) for place, _, at in world.slack.posted)

    assert max(days.values()) == 1
    assert max(weeks.values()) <= 3


def test_nobody_is_named_in_more_than_three_messages_a_week(world: World) -> None:
    named = Counter(
        (person, week_of(at))
        for _, batch, at in world.slack.posted
        for person in {owner for _, owner in world.batches[batch]}
    )

    assert max(named.values()) <= 3


def test_every_overdue_checkpoint_reached_a_person(world: World) -> None:
    reached = {kept.planned.subject_id for kept in world.kept() if kept.state == "posted"}
    long_ago = day_of(world.now) - dt.timedelta(days=30)
    with world.ledger.reading(WORKSPACE) as pages:
        overdue = [
            one.id for one in pages.checkpoints.all() if one.state in ("planned", "open") and one.due_on < long_ago
        ]

    assert len(overdue) > len(world.services) // 6
    assert [id for id in overdue if id not in reached] == []
