"""A delivery is claimed once, whoever else tries; only one that nobody finished may be claimed again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier

from bot.storage.database import Database
from bot.storage.deliveries import LEASE, Deliveries
from tests.bot.storage.processes import NO, NOON, YES, claim, run_together

THREADS = 16
MOMENT = timedelta(microseconds=1)


def test_a_delivery_is_claimed_once(database: Database) -> None:
    deliveries = Deliveries(database)

    claimed = [deliveries.claim("T1", "Ev1", at=NOON) for _ in range(3)]

    assert claimed == [True, False, False]


def test_the_same_delivery_of_another_workspace_is_another(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "Ev1", at=NOON)

    assert deliveries.claim("T2", "Ev1", at=NOON)


def test_a_delivery_stays_claimed_after_a_restart(database: Database, address: str) -> None:
    Deliveries(database).claim("T1", "Ev1", at=NOON)
    database.close()

    with closing(Database(address)) as restarted:
        assert not Deliveries(restarted).claim("T1", "Ev1", at=NOON)


def test_a_delivery_that_nobody_finished_may_be_claimed_again_after_the_lease(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "Ev1", at=NOON)

    again = [deliveries.claim("T1", "Ev1", at=NOON + LEASE - MOMENT), deliveries.claim("T1", "Ev1", at=NOON + LEASE)]

    assert again == [False, True]
    assert not deliveries.is_done("T1", "Ev1")


def test_a_lease_that_was_taken_over_begins_anew(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "Ev1", at=NOON)
    deliveries.claim("T1", "Ev1", at=NOON + LEASE)

    assert not deliveries.claim("T1", "Ev1", at=NOON + 2 * LEASE - MOMENT)


def test_a_finished_delivery_is_never_claimed_again(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "Ev1", at=NOON)

    deliveries.done("T1", "Ev1")

    assert deliveries.is_done("T1", "Ev1")
    assert not deliveries.claim("T1", "Ev1", at=NOON + 100 * LEASE)


def test_finishing_concerns_one_delivery_of_one_workspace(database: Database) -> None:
    deliveries = Deliveries(database)
    for workspace_id, delivery_id in (("T1", "Ev1"), ("T1", "Ev2"), ("T2", "Ev1")):
        deliveries.claim(workspace_id, delivery_id, at=NOON)

    deliveries.done("T1", "Ev1")

    assert not deliveries.is_done("T1", "Ev2")
    assert not deliveries.is_done("T2", "Ev1")


def test_a_delivery_that_is_forgotten_stays_so_when_it_is_finished(database: Database) -> None:
    deliveries = Deliveries(database)

    deliveries.done("T1", "Ev1")

    assert not deliveries.is_done("T1", "Ev1")
    assert deliveries.claim("T1", "Ev1", at=NOON)


def test_what_is_given_back_may_be_claimed_at_once(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "Ev1", at=NOON)

    deliveries.give_back("T1", "Ev1")

    assert deliveries.claim("T1", "Ev1", at=NOON)


def test_of_many_threads_one_takes_over_what_was_left(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "Ev1", at=NOON)

    with ThreadPoolExecutor(THREADS) as threads:
        claimed = list(threads.map(lambda _: deliveries.claim("T1", "Ev1", at=NOON + LEASE), range(THREADS)))

    assert claimed.count(True) == 1


def test_of_many_threads_one_has_the_delivery(database: Database) -> None:
    barrier = Barrier(THREADS)
    deliveries = Deliveries(database)

    def claim_with_the_others(number: int) -> bool:
        barrier.wait()
        return deliveries.claim("T1", "Ev1", at=NOON)

    with ThreadPoolExecutor(THREADS) as threads:
        claimed = list(threads.map(claim_with_the_others, range(THREADS)))

    assert claimed.count(True) == 1


def test_of_two_processes_one_has_the_delivery(database: Database, address: str) -> None:
    assert run_together(claim, address, 2) == [YES, NO]


def test_old_deliveries_are_forgotten(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "old", at=NOON - timedelta(seconds=1))
    deliveries.claim("T1", "new", at=NOON)

    assert deliveries.forget_before(NOON) == 1
    assert deliveries.claim("T1", "old", at=NOON)
    assert not deliveries.claim("T1", "new", at=NOON)
