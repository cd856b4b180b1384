"""A delivery is claimed once, whoever else tries; only one that nobody finished may be claimed again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage.database import Database
from bot.storage.deliveries import LEASE, MOST_TRIES, POSTING_LEASE, Deliveries, Taken
from bot.storage.sealing import Sealer, new_key
from bot.storage.tables import processed_deliveries
from tests.bot.storage.processes import NO, NOON, YES, claim, run_together

THREADS = 16
MOMENT, NOTHING = timedelta(microseconds=1), timedelta()

EVENT = {"event": {"type": "app_mention", "text": "xylophone"}}


def take(deliveries: Deliveries, *, body: dict[str, Any] | None = None, at: datetime = NOON) -> Taken:
    """The delivery, taken for the first time or after its lease."""
    taken = deliveries.claim("T1", "Ev1", at=at, body=body)
    assert taken is not None
    return taken


def bodies(database: Database) -> list[str | None]:
    """What is kept of each delivery."""
    with database.reading() as connection:
        return list(connection.execute(select(processed_deliveries.c.body)).scalars())


def test_a_delivery_is_claimed_once(database: Database) -> None:
    deliveries = Deliveries(database)

    claimed = [deliveries.claim("T1", "Ev1", at=NOON) is not None for _ in range(3)]

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

    too_early, in_time = (deliveries.claim("T1", "Ev1", at=NOON + LEASE + more) for more in (-MOMENT, NOTHING))

    assert too_early is None
    assert in_time is not None
    assert not deliveries.is_done("T1", "Ev1")


def test_a_lease_that_was_taken_over_begins_anew(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "Ev1", at=NOON)
    deliveries.claim("T1", "Ev1", at=NOON + LEASE)

    assert not deliveries.claim("T1", "Ev1", at=NOON + 2 * LEASE - MOMENT)


def test_a_finished_delivery_is_never_claimed_again(database: Database) -> None:
    deliveries = Deliveries(database)
    taken = take(deliveries)

    deliveries.done(taken)

    assert deliveries.is_done("T1", "Ev1")
    assert not deliveries.claim("T1", "Ev1", at=NOON + 100 * LEASE)


def test_finishing_concerns_one_delivery_of_one_workspace(database: Database) -> None:
    deliveries = Deliveries(database)
    taken = take(deliveries)
    for workspace_id, delivery_id in (("T1", "Ev2"), ("T2", "Ev1")):
        deliveries.claim(workspace_id, delivery_id, at=NOON)

    deliveries.done(taken)

    assert not deliveries.is_done("T1", "Ev2")
    assert not deliveries.is_done("T2", "Ev1")


def test_a_delivery_that_is_forgotten_stays_so_when_it_is_finished(database: Database) -> None:
    deliveries = Deliveries(database)
    taken = take(deliveries)
    deliveries.forget_before(NOON + MOMENT)

    deliveries.done(taken)

    assert not deliveries.is_done("T1", "Ev1")
    assert deliveries.claim("T1", "Ev1", at=NOON)


def test_what_is_given_back_may_be_claimed_at_once(database: Database) -> None:
    deliveries = Deliveries(database)
    taken = take(deliveries)

    deliveries.give_back(taken)

    assert deliveries.claim("T1", "Ev1", at=NOON)


def test_of_many_threads_one_takes_over_what_was_left(database: Database) -> None:
    deliveries = Deliveries(database)
    deliveries.claim("T1", "Ev1", at=NOON)

    with ThreadPoolExecutor(THREADS) as threads:
        claimed = list(threads.map(lambda _: deliveries.claim("T1", "Ev1", at=NOON + LEASE), range(THREADS)))

    assert sum(taken is not None for taken in claimed) == 1


def test_of_many_threads_one_has_the_delivery(database: Database) -> None:
    barrier = Barrier(THREADS)
    deliveries = Deliveries(database)

    def claim_with_the_others(number: int) -> bool:
        barrier.wait()
        return deliveries.claim("T1", "Ev1", at=NOON) is not None

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


def test_what_was_taken_and_not_finished_is_handed_to_somebody_else_after_the_lease(database: Database) -> None:
    deliveries = Deliveries(database)
    first = take(deliveries, body=EVENT)

    too_early = deliveries.take_over(at=NOON + LEASE - MOMENT, most=10)
    [second] = deliveries.take_over(at=NOON + LEASE, most=10)

    assert too_early == []
    assert (second.body, second.tries) == (EVENT, 2)
    assert (deliveries.begin(first, at=NOON + LEASE), deliveries.begin(second, at=NOON + LEASE)) == (False, True)


def test_whoever_was_too_slow_does_not_finish_it_for_the_other(database: Database) -> None:
    deliveries = Deliveries(database)
    slow = take(deliveries, body=EVENT)
    [other] = deliveries.take_over(at=NOON + LEASE, most=10)

    deliveries.done(slow)

    assert not deliveries.is_done("T1", "Ev1")
    assert deliveries.begin(other, at=NOON + LEASE)


def test_whoever_has_begun_to_post_has_longer(database: Database) -> None:
    deliveries = Deliveries(database)
    taken = take(deliveries, body=EVENT)
    deliveries.begin(taken, at=NOON)

    early, late = (deliveries.take_over(at=NOON + POSTING_LEASE + more, most=10) for more in (-MOMENT, NOTHING))

    assert (len(early), len(late)) == (0, 1)


def test_what_was_asked_is_kept_only_until_it_is_answered(database: Database) -> None:
    deliveries = Deliveries(database)
    taken = take(deliveries, body=EVENT)
    kept = bodies(database)

    deliveries.done(taken)

    assert "xylophone" in str(kept)
    assert bodies(database) == [None]
    assert deliveries.take_over(at=NOON + 100 * LEASE, most=10) == []


def test_what_has_no_body_waits_for_slack_to_deliver_it_again(database: Database) -> None:
    deliveries = Deliveries(database)
    take(deliveries)

    assert deliveries.take_over(at=NOON + LEASE, most=10) == []
    assert not deliveries.is_safe("T1", "Ev1")
    assert take(deliveries, at=NOON + LEASE).tries == 2


def test_what_everybody_dies_of_is_given_up_and_said_so(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    deliveries = Deliveries(database)
    take(deliveries, body=EVENT)

    taken = [deliveries.take_over(at=NOON + number * LEASE, most=10) for number in range(1, MOST_TRIES + 2)]

    assert [len(each) for each in taken] == [1] * (MOST_TRIES - 1) + [0, 0]
    assert bodies(database) == [None]
    assert deliveries.is_done("T1", "Ev1")
    assert "delivery_given_up" in [getattr(record, "action", "") for record in caplog.records]


def test_with_a_key_what_was_asked_is_sealed(database: Database) -> None:
    deliveries = Deliveries(database, Sealer([new_key()]))
    take(deliveries, body=EVENT)

    [kept] = bodies(database)
    [taken] = deliveries.take_over(at=NOON + LEASE, most=10)

    assert "xylophone" not in str(kept)
    assert taken.body == EVENT


def test_what_was_sealed_with_a_lost_key_is_given_up(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    take(Deliveries(database, Sealer([new_key()])), body=EVENT)

    assert Deliveries(database, Sealer([new_key()])).take_over(at=NOON + LEASE, most=10) == []
    assert Deliveries(database).is_done("T1", "Ev1")
    assert "ADVISOR_SECRET_KEYS" in caplog.text


def test_of_many_threads_each_takes_over_something_else(database: Database) -> None:
    deliveries = Deliveries(database)
    for number in range(3 * THREADS):
        assert deliveries.claim("T1", f"Ev{number}", at=NOON, body=EVENT)
    barrier = Barrier(THREADS)

    def take_over_with_the_others(number: int) -> list[str]:
        barrier.wait()
        return [taken.delivery_id for taken in deliveries.take_over(at=NOON + LEASE, most=5)]

    with ThreadPoolExecutor(THREADS) as threads:
        found = [id for each in threads.map(take_over_with_the_others, range(THREADS)) for id in each]

    assert len(found) == len(set(found)) == 3 * THREADS
