"""Work for other processes, all of which begin at the same moment; what each found is its exit code."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from threading import Barrier

from sqlalchemy import insert

from bot.storage.database import Database
from bot.storage.deliveries import Deliveries
from bot.storage.tables import processed_deliveries
from bot.storage.welcomes import Welcomes

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DONE, YES, NO, KILLED = 0, 10, 11, 9
_SPAWN = multiprocessing.get_context("spawn")  # nothing is inherited, as between web and clock
_PATIENCE_S = 60

Work = Callable[[str, Barrier], None]


def run_together(work: Work, address: str, count: int) -> list[int | None]:
    """The exit codes of *count* processes that do *work*, lowest first."""
    barrier = _SPAWN.Barrier(count)
    processes = [_SPAWN.Process(target=work, args=(address, barrier)) for _ in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(_PATIENCE_S)
    return sorted((process.exitcode for process in processes), key=str)


def migrate(address: str, barrier: Barrier) -> None:
    with closing(Database(address)) as database:
        barrier.wait(_PATIENCE_S)
        database.migrate()


def open_and_check(address: str, barrier: Barrier) -> None:
    with closing(Database(address)) as database:
        barrier.wait(_PATIENCE_S)
        database.check()


def claim(address: str, barrier: Barrier) -> None:
    with closing(Database(address)) as database:
        barrier.wait(_PATIENCE_S)
        claimed = Deliveries(database).claim("T1", "Ev1", at=NOON)
    sys.exit(YES if claimed else NO)


def welcome(address: str, barrier: Barrier) -> None:
    with closing(Database(address)) as database:
        barrier.wait(_PATIENCE_S)
        first = Welcomes(database).first_time("T1", "U1", at=NOON)
    sys.exit(YES if first else NO)


def die_in_a_transaction(address: str, barrier: Barrier) -> None:
    with Database(address).writing() as connection:
        row = {"workspace_id": "T1", "delivery_id": "Ev1", "at": NOON}
        connection.execute(insert(processed_deliveries).values(row))
        os._exit(KILLED)


def die_after_claiming(address: str, barrier: Barrier) -> None:
    Deliveries(Database(address)).claim("T1", "Ev1", at=NOON)
    os._exit(KILLED)
