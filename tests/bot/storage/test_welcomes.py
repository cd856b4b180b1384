"""A person is welcomed once in each workspace, and known only by a hash."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.tables import settings, welcomed
from bot.storage.welcomes import Welcomes
from tests.bot.storage.processes import NO, NOON, YES, run_together, welcome


def test_a_person_is_met_for_the_first_time_once(database: Database) -> None:
    welcomes = Welcomes(database)

    assert [welcomes.first_time("T1", "U1", at=NOON) for _ in range(2)] == [True, False]
    assert welcomes.first_time("T1", "U2", at=NOON)


def test_of_two_processes_one_welcomes_and_both_use_one_salt(database: Database, address: str) -> None:
    assert run_together(welcome, address, 2) == [YES, NO]

    with database.reading() as connection:
        assert len(connection.execute(select(settings)).all()) == 1


def test_the_same_person_is_another_hash_elsewhere(database: Database) -> None:
    for workspace_id in ("T1", "T2"):
        Welcomes(database).first_time(workspace_id, "U1", at=NOON)

    with database.reading() as connection:
        here, there = connection.execute(select(welcomed.c.user_hash)).scalars()
    assert here != there
    assert len(here) == 64
