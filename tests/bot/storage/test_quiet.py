"""What councils, channels and people have set is kept with every change, and in one workspace only."""

from __future__ import annotations

import datetime as dt

from bot.checkpoints.calendar import Period
from bot.checkpoints.quiet import NOTHING_SET, CalmPeriod, CouncilQuiet, Quiet
from bot.storage.database import Database
from bot.storage.ledger import Ledger
from bot.storage.outbox import Outbox
from tests.bot.storage.checkpoint_rows import make_planned

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
CHRISTMAS = Period(dt.date(2026, 12, 24), dt.date(2027, 1, 1), "Christmas")
SET = Quiet(opted_out=True, days_off=(CHRISTMAS,), weekdays_off=(4,), a_week=1)
CALM = CalmPeriod("Local elections", dt.date(2027, 3, 23), dt.date(2027, 5, 6), "england")


def test_what_a_place_has_set_comes_back_as_it_was_with_its_history(database: Database) -> None:
    with Ledger(database).writing("T1") as pages:
        assert pages.quiet.of("C1") == NOTHING_SET
        pages.quiet.keep("C1", SET, who="U1", at=NOON)
        assert pages.quiet.keep("C1", SET, who="U2", at=NOON) == ()

    with Ledger(database).reading("T1") as pages:
        assert pages.quiet.of_all(["C1", "C2"]) == {"C1": SET}
        lines = [(one.who, one.change.field, one.change.after) for one in pages.quiet.history("C1")]
        assert pages.quiet.seen("C1") == 4
    assert lines == [
        ("U1", "opted_out", "yes"),
        ("U1", "days_off", "24 December 2026 to 1 January 2027: Christmas"),
        ("U1", "weekdays_off", "Friday"),
        ("U1", "a_week", "1"),
    ]


def test_what_the_council_sets_counts_its_changes(database: Database) -> None:
    wanted = CouncilQuiet(closes_at=dt.time(16, 30), calm=(CALM,))
    with Ledger(database).writing("T1") as pages:
        pages.quiet.mark_planned("0/x")
        pages.quiet.keep_council(wanted, who="U1", at=NOON)
        pages.quiet.keep_council(wanted, who="U1", at=NOON)

    with Ledger(database).reading("T1") as pages:
        assert pages.quiet.council() == wanted
        assert (pages.quiet.planning().version, pages.quiet.planning().planned_for) == (1, "0/x")
        assert pages.quiet.history()[1].change.after == ("Local elections, 23 March 2027 to 6 May 2027, for england")


def test_no_other_workspace_sees_it(database: Database) -> None:
    with Ledger(database).writing("T1") as pages:
        pages.quiet.keep("C1", SET, who="U1", at=NOON)
        pages.quiet.keep_council(CouncilQuiet(person_a_week=1), who="U1", at=NOON)

    with Ledger(database).reading("T2") as pages:
        assert pages.quiet.of("C1") == NOTHING_SET
        assert pages.quiet.council() == CouncilQuiet()
        assert pages.quiet.history() == pages.quiet.history("C1") == []


def test_locking_sets_nothing(database: Database) -> None:
    with Ledger(database).writing("T1") as pages:
        pages.quiet.lock("C1")
        pages.quiet.lock()

    with Ledger(database).reading("T1") as pages:
        assert pages.quiet.of_all(["C1"]) == {}
        assert pages.quiet.council() == CouncilQuiet()


def test_who_opted_out_or_is_gone_cannot_be_reached(database: Database) -> None:
    outbox = Outbox(database)
    with Ledger(database).writing("T1") as pages:
        pages.quiet.keep("U1", Quiet(opted_out=True), who="U1", at=NOON)
        pages.plans.replan("s1", [make_planned("k1", channel_id="", owner_id="U2")], at=NOON)
    [claim] = outbox.claim_due(at=NOON, lease=dt.timedelta(minutes=5))
    outbox.mark_gone(claim, "user_disabled")

    assert outbox.reachable(claim, ["U1", "U2", "U3"]) == ["U3"]


def test_what_may_be_there_twice_is_kept_by_place_and_service(database: Database) -> None:
    outbox = Outbox(database)
    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("s1", [make_planned("k1"), make_planned("k2")], at=NOON)
    [claim] = outbox.claim_due(at=NOON, lease=dt.timedelta(minutes=5))
    outbox.begin(claim, "b1", outbox.due(claim, at=NOON).waiting, [], at=NOON)

    outbox.take_back(claim, "b1", doubted_at=NOON)

    with Ledger(database).reading("T1") as pages:
        [found] = pages.plans.doubted(since=NOON)
        assert pages.plans.doubted(since=NOON + dt.timedelta(seconds=1)) == []
    assert (found.place_id, found.service_id, found.at) == ("C1", "s1", NOON)


def test_finishing_records_and_lets_go_at_once(database: Database) -> None:
    outbox, later = Outbox(database), NOON + dt.timedelta(hours=1)
    with Ledger(database).writing("T1") as pages:
        pages.plans.replan("s1", [make_planned("k1"), make_planned("k2")], at=NOON)
    [claim] = outbox.claim_due(at=NOON, lease=dt.timedelta(minutes=5))
    first, second = outbox.due(claim, at=NOON).waiting
    outbox.begin(claim, "b1", [first], ["slot", "another"], at=NOON)

    outbox.finish(claim, "b1", {second.key: later}, channel_id="C1", message_ts="1.1", at=NOON)

    assert outbox.claim_due(at=later - dt.timedelta(seconds=1), lease=dt.timedelta(minutes=5)) == []
    [again] = outbox.claim_due(at=later, lease=dt.timedelta(minutes=5))
    assert [one.key for one in outbox.due(again, at=later).waiting] == [second.key]
