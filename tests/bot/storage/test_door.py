"""The door in the database: exact under many hands at once, and each workspace and person apart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.storage.access_tables import allowances
from bot.storage.database import Database
from bot.storage.door import REMEMBERED, Door, Found
from bot.storage.heartbeat import LATE, Heartbeat
from bot.storage.retention import erase_workspace, known_workspaces
from tests.bot.storage.checkpoint_rows import fill_checkpoints
from tests.bot.storage.processes import NOON

SECOND = timedelta(seconds=1)


@pytest.fixture
def door(database: Database) -> Door:
    return Door(database)


def enter(door: Door, *, who: str = "U1", workspace: str = "T1", limit: int = 3, at: datetime = NOON) -> Found:
    return door.enter(workspace, who, signature="", per_minute=limit, at=at)


def test_so_many_at_once_and_then_one_after_another(door: Door) -> None:
    at_once = [enter(door).wait_seconds for _ in range(5)]
    a_third_later = [enter(door, at=NOON + 20 * SECOND).wait_seconds for _ in range(2)]

    assert at_once == [0, 0, 0, 20, 20]
    assert a_third_later == [0, 20]


def test_after_a_minute_of_quiet_the_whole_allowance_is_there_again(door: Door) -> None:
    for _ in range(4):
        enter(door)

    assert [bool(enter(door, at=NOON + 60 * SECOND).wait_seconds) for _ in range(4)] == [False, False, False, True]


def test_it_is_said_once_until_somebody_is_served_again(door: Door) -> None:
    first = [enter(door).first_time for _ in range(5)]
    later = [enter(door, at=NOON + 20 * SECOND).first_time for _ in range(2)]

    assert first == [False, False, False, True, False]
    assert later == [False, True]


def test_people_and_workspaces_are_apart(door: Door) -> None:
    for _ in range(4):
        enter(door)

    assert enter(door, who="U2").wait_seconds == 0
    assert enter(door, workspace="T2").wait_seconds == 0


def test_of_many_at_the_same_moment_exactly_the_allowance_is_served(door: Door) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: enter(door, limit=20), range(60)))

    assert sum(one.wait_seconds == 0 for one in found) == 20
    assert sum(one.first_time for one in found) == 1


def test_of_the_same_signature_at_the_same_moment_exactly_one_gets_in(door: Door) -> None:
    def knock(_: int) -> Found:
        return door.enter("T1", "U1", signature="v0=abc", per_minute=0, at=NOON)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(knock, range(24)))

    assert sum(not one.replayed for one in found) == 1


def test_without_a_limit_nothing_is_kept_of_anybody(door: Door, database: Database) -> None:
    for _ in range(50):
        assert enter(door, limit=0) == Found()

    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(allowances)).scalar_one() == 0


def test_what_is_no_longer_needed_is_forgotten(door: Door) -> None:
    enter(door)
    door.enter("T1", "U1", signature="v0=abc", per_minute=0, at=NOON)

    assert door.forget(at=NOON) == 0
    assert door.forget(at=NOON + REMEMBERED + SECOND) == 2


@settings(max_examples=30, deadline=None)
@given(limit=st.integers(1, 60), gaps=st.lists(st.floats(0, 30), min_size=1, max_size=60))
def test_nobody_ever_gets_more_than_twice_the_allowance_in_a_minute(
    tmp_path_factory: pytest.TempPathFactory, limit: int, gaps: list[float]
) -> None:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('door')}/advisor.sqlite3")
    database.migrate()
    door, moment, served = Door(database), NOON, []
    for gap in gaps:
        moment += timedelta(seconds=gap)
        if not enter(door, limit=limit, at=moment).wait_seconds:
            served.append(moment)
    database.close()

    most = max(sum(0 <= (other - one).total_seconds() < 60 for other in served) for one in served)
    assert most <= 2 * limit


def test_the_newest_pass_of_any_clock_counts(database: Database) -> None:
    heartbeat = Heartbeat(database)
    assert heartbeat.beat(at=NOON).clock_at is None

    for at in (NOON, NOON - 90 * SECOND):  # two clocks, one of them slow
        heartbeat.clock_went_round(at=at)

    assert heartbeat.beat(at=NOON).clock_at == NOON


def test_what_waits_is_counted_by_place(database: Database) -> None:
    fill_checkpoints(database, "T1", "a", at=NOON)
    fill_checkpoints(database, "T2", "b", at=NOON)
    heartbeat = Heartbeat(database)

    due = [heartbeat.beat(at=NOON + shift) for shift in (-SECOND, SECOND, LATE + SECOND)]

    assert [(beat.due, beat.late) for beat in due] == [(0, 0), (2, 0), (2, 2)]


def test_the_installation_is_no_workspace(database: Database, door: Door) -> None:
    Heartbeat(database).clock_went_round(at=NOON)
    enter(door, workspace="T1")

    assert known_workspaces(database) == ["T1"]
    erase_workspace(database, "T1")
    assert known_workspaces(database) == []
    assert Heartbeat(database).beat(at=NOON).clock_at == NOON
