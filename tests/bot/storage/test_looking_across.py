"""What is read across the services of a workspace, and nothing of another one."""

from __future__ import annotations

import datetime as dt

from bot.storage.database import Database
from bot.storage.ledger import Ledger
from tests.bot.storage.checkpoint_rows import fill_checkpoints, make_planned

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def test_what_is_read_across_is_of_one_workspace(database: Database) -> None:
    fill_checkpoints(database, "T1", "1", at=NOW)
    fill_checkpoints(database, "T2", "2", at=NOW)

    with Ledger(database).reading("T1") as pages:
        history = pages.checkpoints.happened(("decided", "action done"))
        codes = pages.receipts.codes()
        homes, sponsors = pages.evidence.homes(), pages.services.sponsors()
        checkpoints = pages.checkpoints.all()

    assert [(one.checkpoint_id, one.kind) for one in history] == [("c1", "decided")]
    assert list(codes) == ["c1"]
    assert len(codes["c1"]) == 1
    assert homes == {"e1": "s1"}
    assert sponsors == {"USPONSOR"}
    assert [one.id for one in checkpoints] == ["c1"]
    assert checkpoints[0].template.prompts[0].id == "owner"


def test_a_service_waits_for_its_digest_until_it_is_sent_or_withdrawn(database: Database) -> None:
    digest = make_planned("k9", subject="digest", subject_id="USPONSOR", channel_id="", owner_id="USPONSOR")
    ledger = Ledger(database)
    with ledger.writing("T1") as pages:
        pages.plans.replan("s1", [digest, make_planned("k1")], at=NOW)
        planned = pages.plans.waiting("digest")
        pages.plans.replan("s1", [make_planned("k1")], at=NOW)
        after = pages.plans.waiting("digest")

    assert (planned, after) == ({"s1"}, set())
