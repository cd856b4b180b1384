"""One row in every table of checkpoints, or one more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import insert

from bot.checkpoints.blind import Card, Mark, Round, Seat
from bot.checkpoints.checkpoint import Action, Decision, Event, Step
from bot.checkpoints.notifications import Planned, Snooze
from bot.checkpoints.quiet import Quiet
from bot.checkpoints.receipts import write_receipt
from bot.checkpoints.services import Change
from bot.storage.checkpoint_tables import budget_slots
from bot.storage.database import Database
from bot.storage.given import GivenAnswer
from bot.storage.ledger import Ledger
from tests.bot.checkpoints.build import SPONSOR, handed_in, make_checkpoint, make_evidence, make_service


def make_planned(key: str = "k1", **fields: object) -> Planned:
    """A notification of a checkpoint, to be sent at noon."""
    defaults: dict[str, object] = {
        "workspace_id": "T1",
        "service_id": "s1",
        "subject": "checkpoint",
        "subject_id": "c1",
        "rung": "due",
        "ask": "answer",
        "owner_id": "UOWNER",
        "channel_id": "C1",
        "about_on": dt.date(2027, 3, 1),
        "send_at": dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC),
    }
    return Planned(key=key, **{**defaults, **fields})  # type: ignore[arg-type]


def make_given(**fields: object) -> GivenAnswer:
    """An answer that was given in a thread at noon."""
    defaults: dict[str, object] = {
        "workspace_id": "T1",
        "channel_id": "C1",
        "thread_ts": "1.2",
        "entry_id": "guide/alpha",
        "version": "v1",
        "changes": ("2026-11-01",),
        "at": dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC),
    }
    return GivenAnswer(**{**defaults, **fields})  # type: ignore[arg-type]


def fill_checkpoints(database: Database, workspace_id: str, mark: str, *, at: dt.datetime) -> None:
    """One row more in every table of checkpoints."""
    service = make_service(id=f"s{mark}", workspace_id=workspace_id, channel_id=f"C{mark}")
    action = Action(f"c{mark}-a1", f"c{mark}", "Do it", SPONSOR, dt.date(2027, 4, 1))
    decision = Decision("met with conditions", SPONSOR, at, "", (action,))
    done = handed_in(make_checkpoint(id=f"c{mark}", service=service))
    decided = replace(done, state="met with conditions", decision=decision)
    with Ledger(database).writing(workspace_id) as pages:
        pages.services.keep(service, [Change("name", "", service.name)], who="U1", at=at)
        pages.checkpoints.keep(Step(decided, (Event(decided.id, "decided", SPONSOR, at),)), at=at)
        pages.evidence.keep(make_evidence(f"e{mark}", workspace_id=workspace_id), service.id, at=at)
        pages.receipts.add(write_receipt(decided, service, {}, previous=pages.receipts.last()), decided.id, at=at)
        planned = make_planned(f"k{mark}", workspace_id=workspace_id, service_id=service.id, channel_id=f"C{mark}")
        pages.plans.replan(service.id, [planned], at=at)
        blind = Round(f"b{mark}", decided.id, service.id, (Seat("U1"), Seat("U2")), at, False, "U1", at)
        pages.blind.keep(blind, at=at)
        pages.blind.keep_card(blind.id, "U1", Card({"owner": Mark("met")}), at=at)
        pages.prompt_messages.keep(decided.id, f"C{mark}", "1.0")
        pages.quiet.keep(f"C{mark}", Quiet(opted_out=True), who="U1", at=at)
        pages.quiet.mark_planned("0/abc")
        pages.plans.snooze(Snooze("checkpoint", decided.id, dt.date(2027, 1, 1), "U1", at))
    with database.writing() as connection:
        connection.execute(insert(budget_slots).values(workspace_id=workspace_id, slot=mark, batch="b"))
