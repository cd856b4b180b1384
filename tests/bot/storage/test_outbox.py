"""What is due is taken once, written down before and after it is posted, and found again by whoever comes next."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text, update

from bot.checkpoints.dispatch import Collapsed
from bot.storage.checkpoint_tables import notifications
from bot.storage.database import Database
from bot.storage.ledger import Ledger
from bot.storage.outbox import Claim, Outbox
from tests.bot.storage.checkpoint_rows import make_planned

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
LEASE = dt.timedelta(minutes=5)
MINUTE = dt.timedelta(minutes=1)
_PATIENCE_SECONDS = 20


@pytest.fixture
def outbox(database: Database) -> Outbox:
    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("s1", [make_planned("k1"), make_planned("k2")], at=NOON)
        later = make_planned("k3", service_id="s2", channel_id="C2", send_at=NOON + MINUTE)
        pages.plans.replan("s2", [later], at=NOON)
    return Outbox(database)


def states(database: Database, service_id: str = "s1") -> dict[str, str]:
    with Ledger(database).reading("T1") as pages:
        return {kept.planned.key: kept.state for kept in pages.plans.of_service(service_id)}


def claimed(outbox: Outbox, at: dt.datetime = NOON) -> Claim:
    [claim] = outbox.claim_due(at=at, lease=LEASE)
    return claim


def test_only_what_is_due_is_claimed_and_only_once(outbox: Outbox) -> None:
    first, second = outbox.claim_due(at=NOON, lease=LEASE), outbox.claim_due(at=NOON, lease=LEASE)

    assert [claim.place_id for claim in first] == ["C1"]
    assert second == []


def test_a_place_is_free_again_when_its_lease_ends(outbox: Outbox) -> None:
    first = claimed(outbox)

    [again, _] = outbox.claim_due(at=NOON + LEASE, lease=LEASE)

    assert again.place_id == first.place_id
    assert again.token != first.token


def test_a_place_holds_all_that_is_due_in_it(outbox: Outbox) -> None:
    due = outbox.due(claimed(outbox), at=NOON)

    assert [one.key for one in due.waiting] == ["k1", "k2"]
    assert due.waiting[0] == make_planned("k1")


def test_what_was_begun_and_not_finished_is_handed_to_the_next(outbox: Outbox) -> None:
    claim = claimed(outbox)
    assert outbox.begin(claim, "b1", outbox.due(claim, at=NOON).waiting, ["slot"], at=NOON)

    due = outbox.due(claimed_again(outbox), at=NOON + LEASE)

    assert due.waiting == ()
    assert [(one.batch, one.begun_at, len(one.items)) for one in due.begun] == [("b1", NOON, 2)]


def claimed_again(outbox: Outbox) -> Claim:
    return outbox.claim_due(at=NOON + LEASE, lease=LEASE)[0]


def test_a_clock_whose_lease_has_ended_posts_nothing(outbox: Outbox) -> None:
    late = claimed(outbox)
    waiting = outbox.due(late, at=NOON).waiting

    assert not outbox.begin(late, "b1", waiting, [], at=NOON + LEASE)
    claimed_again(outbox)
    assert not outbox.begin(late, "b1", waiting, [], at=NOON)


def test_a_slot_of_the_budget_is_taken_once_and_nothing_is_half_done(outbox: Outbox, database: Database) -> None:
    claim = claimed(outbox)
    first, second = outbox.due(claim, at=NOON).waiting
    assert outbox.begin(claim, "b1", [first], ["one"], at=NOON)

    assert not outbox.begin(claim, "b2", [second], ["two", "one"], at=NOON)

    assert states(database) == {"k1": "posting", "k2": "planned"}
    assert outbox.begin(claim, "b3", [second], ["two"], at=NOON)


def test_what_is_posted_stays_posted(outbox: Outbox, database: Database) -> None:
    claim = claimed(outbox)
    outbox.begin(claim, "b1", outbox.due(claim, at=NOON).waiting, [], at=NOON)
    outbox.record_posted(claim, "b1", channel_id="C1", message_ts="1.1", at=NOON)
    outbox.take_back(claim, "b1")
    outbox.give_back(claim, {})

    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("s1", [make_planned("k1"), make_planned("k2")], at=NOON)

    assert states(database) == {"k1": "posted", "k2": "posted"}
    assert outbox.claim_due(at=NOON, lease=LEASE) == []


def test_taking_back_frees_the_budget(outbox: Outbox) -> None:
    claim = claimed(outbox)
    waiting = outbox.due(claim, at=NOON).waiting
    outbox.begin(claim, "b1", waiting, ["slot"], at=NOON)

    outbox.take_back(claim, "b1")

    assert outbox.due(claim, at=NOON).waiting == waiting
    assert outbox.begin(claim, "b2", waiting, ["slot"], at=NOON)


def test_what_is_held_comes_back_when_its_wait_ends(outbox: Outbox) -> None:
    claim = claimed(outbox)
    outbox.give_back(claim, {"k1": NOON + 3 * MINUTE, "k2": NOON + 2 * MINUTE})

    places = [claim.place_id for claim in outbox.claim_due(at=NOON + MINUTE, lease=LEASE)]

    assert places == ["C2"]
    assert [one.place_id for one in outbox.claim_due(at=NOON + 2 * MINUTE, lease=LEASE)] == ["C1"]


def test_something_new_is_not_held_with_the_rest(outbox: Outbox, database: Database) -> None:
    claim = claimed(outbox)
    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("s9", [make_planned("new", service_id="s9")], at=NOON)

    outbox.give_back(claim, {"k1": NOON + LEASE, "k2": NOON + LEASE})

    assert [one.place_id for one in outbox.claim_due(at=NOON, lease=LEASE)] == ["C1"]


def test_the_collapsed_are_kept_with_the_reason(outbox: Outbox, database: Database) -> None:
    claim = claimed(outbox)
    outbox.collapse(claim, [Collapsed(make_planned("k1"), "k2", "newer")], at=NOON)

    assert states(database) == {"k1": "collapsed", "k2": "planned"}


def test_planning_again_withdraws_what_is_not_wanted_and_takes_it_up_again(outbox: Outbox, database: Database) -> None:
    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("s1", [make_planned("k2")], at=NOON)
    withdrawn = states(database)
    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("s1", [make_planned("k1"), make_planned("k2")], at=NOON)

    assert withdrawn == {"k1": "withdrawn", "k2": "planned"}
    assert states(database) == {"k1": "planned", "k2": "planned"}


def test_a_gone_place_is_told_once(outbox: Outbox) -> None:
    claim = claimed(outbox)
    items = outbox.due(claim, at=NOON).waiting
    outbox.mark_gone(claim, "is_archived")
    outbox.redirect(claim, items[:1], {"k1": "UOWNER"}, "gone")
    outbox.redirect(claim, items[1:], {"k2": "UOWNER"}, "gone")
    outbox.give_back(claim, {})

    person = claimed(outbox)
    due = outbox.due(person, at=NOON)

    assert person.place_id == "UOWNER"
    assert [(one.key, one.channel_id) for one in due.waiting] == [("k1", ""), ("k2", "")]
    assert dict(due.notes) == {"k1": "gone"}


def test_a_recall_takes_nothing_of_a_budget(outbox: Outbox, database: Database) -> None:
    recall = make_planned("r1", service_id="", subject="recall", owner_id="", thread_ts="1.2")
    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("", [recall], at=NOON)
    claim = claimed(outbox)
    assert outbox.begin(claim, "b1", [recall], [], at=NOON)
    begun = outbox.due(claim, at=NOON).begun
    outbox.record_posted(claim, "b1", channel_id="C1", message_ts="1.3", at=NOON)

    assert [one.thread_ts for one in begun] == ["1.2"]
    with Ledger(database).reading("T1") as pages:
        assert pages.plans.sent_around("C1", [make_planned("k1")], since=NOON - MINUTE) == []


def test_what_a_clock_has_begun_is_not_withdrawn_by_a_plan_that_was_read_before(
    outbox: Outbox, database: Database
) -> None:
    claim = claimed(outbox)
    with Ledger(database).writing("T1") as pages:
        read = pages.plans._rows
        pages.plans._rows = lambda *conditions: [{**row, "state": "planned"} for row in read(*conditions)]  # type: ignore[method-assign]
        ours = pages.plans
        change = update(notifications).where(notifications.c.key == "k1")
        ours._connection.execute(change.values(state="posting", batch="b1"))
        ours.replan("s1", [make_planned("k2")], at=NOON)

    assert claim.place_id == "C1"
    assert states(database) == {"k1": "posting", "k2": "planned"}


def test_clocks_that_plan_and_send_at_once_wait_for_each_other_and_post_once(database: Database) -> None:
    plan = [make_planned(f"k{at:02}", channel_id=f"C{at % 5}") for at in range(40)]
    posted: Counter[str] = Counter()
    together = threading.Barrier(4)

    def run(shift: int) -> None:
        outbox = Outbox(database)
        together.wait(_PATIENCE_SECONDS)
        for step in range(6):
            with Ledger(database).writing("T1") as pages:
                pages.plans.replan("s1", plan[shift * step :] + plan[: shift * step], at=NOON)
            for claim in outbox.claim_due(at=NOON, lease=LEASE, most=2):
                waiting = outbox.due(claim, at=NOON).waiting[:3]
                if outbox.begin(claim, f"b{shift}-{step}-{claim.place_id}", waiting, [], at=NOON):
                    posted.update(one.key for one in waiting)
                    batch = f"b{shift}-{step}-{claim.place_id}"
                    outbox.record_posted(claim, batch, channel_id=claim.place_id, message_ts="1.1", at=NOON)
                outbox.give_back(claim, {})

    with ThreadPoolExecutor(4) as clocks:
        for done in [clocks.submit(run, shift) for shift in range(4)]:
            done.result()

    assert set(posted.values()) == {1}
    assert {key for key, state in states(database).items() if state == "posted"} == set(posted)


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_what_is_planned_while_a_place_is_given_back_is_not_forgotten(outbox: Outbox, database: Database) -> None:
    claim = claimed(outbox)
    outbox.collapse(claim, [Collapsed(one, "", "done") for one in outbox.due(claim, at=NOON).waiting], at=NOON)

    with ThreadPoolExecutor(1) as clock:
        with Ledger(database).writing("T1") as pages:
            pages.plans.replan("s9", [make_planned("new", service_id="s9")], at=NOON)
            given_back = clock.submit(outbox.give_back, claim, {})
            wait_until_somebody_waits(database)
        given_back.result(_PATIENCE_SECONDS)

    assert [one.place_id for one in outbox.claim_due(at=NOON, lease=LEASE)] == ["C1"]


def wait_until_somebody_waits(database: Database) -> None:
    """Return when a transaction waits for another one."""
    for _ in range(_PATIENCE_SECONDS * 100):
        with database.reading() as connection:
            if connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                return
        threading.Event().wait(0.01)
    raise TimeoutError("nobody waits")


def test_a_moment_without_a_time_zone_is_refused(outbox: Outbox) -> None:
    with pytest.raises(ValueError, match="time zone"):
        outbox.claim_due(at=dt.datetime(2026, 11, 23), lease=LEASE)  # noqa: DTZ001
