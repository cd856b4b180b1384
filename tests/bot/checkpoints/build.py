"""Services, templates and checkpoints for tests, with defaults for all that a test does not talk about."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from bot.checkpoints.calendar import LONDON
from bot.checkpoints.checkpoint import Answer, Checkpoint, Value
from bot.checkpoints.evidence import Evidence
from bot.checkpoints.notifications import Planned, Sent
from bot.checkpoints.progress import Given, answer, start, submit
from bot.checkpoints.services import Contract, Service
from bot.checkpoints.templates import FrozenPrompt, FrozenTemplate
from bot.knowledge.shelf_lives import shipped_shelf_lives

LIVES = shipped_shelf_lives()
TODAY = dt.date(2027, 1, 11)
NOW = dt.datetime(2027, 1, 11, 10, 0, tzinfo=LONDON)
OWNER, SPONSOR, MEMBER = "UOWNER", "USPONSOR", "UMEMBER"


def make_contract(**fields: Any) -> Contract:
    defaults: dict[str, Any] = {"supplier": "Acme", "ends_on": dt.date(2028, 3, 31), "notice_months": 3}
    return Contract(**defaults | fields)


def make_service(**fields: Any) -> Service:
    defaults: dict[str, Any] = {
        "id": "s1",
        "workspace_id": "T1",
        "channel_id": "C1",
        "name": "Report a missed bin",
        "council": "CMD",
        "owner_id": OWNER,
        "sponsor_id": SPONSOR,
    }
    return Service(**defaults | fields)


def make_prompt(id: str, **fields: Any) -> FrozenPrompt:
    defaults: dict[str, Any] = {"question": f"Is {id} done?", "evidence": f"A note on {id}.", "help": "guide/alpha"}
    return FrozenPrompt(id=id, **defaults | fields)


def make_template(*prompts: FrozenPrompt, **fields: Any) -> FrozenTemplate:
    defaults: dict[str, Any] = {
        "id": "checkpoint/end-of-alpha",
        "title": "Checkpoint: end of alpha",
        "falls": "When alpha ends.",
        "decides": "The sponsor.",
        "prompts": prompts or (make_prompt("owner"), make_prompt("tested"), make_prompt("money")),
        "knowledge_version": "abc",
        "taken_on": TODAY,
    }
    return FrozenTemplate(**defaults | fields)


def make_checkpoint(template: FrozenTemplate | None = None, **fields: Any) -> Checkpoint:
    due_on = fields.pop("due_on", dt.date(2027, 3, 1))
    service = fields.pop("service", make_service())
    made = start(
        fields.pop("id", "c1"), service, template or make_template(), due_on, by=OWNER, at=NOW, today=min(due_on, TODAY)
    )
    return replace(made.checkpoint, **fields)


def make_evidence(id: str = "e1", **fields: Any) -> Evidence:
    defaults: dict[str, Any] = {
        "workspace_id": "T1",
        "type": "penetration test",
        "title": "Penetration test of the form",
        "link": "https://council.example.gov.uk/test.pdf",
        "dated_on": dt.date(2026, 6, 1),
        "added_by": MEMBER,
        "added_at": NOW,
    }
    return Evidence(id, **defaults | fields)


def make_answer(prompt_id: str, value: Value = "met", **fields: Any) -> Answer:
    defaults: dict[str, Any] = {"note": "", "evidence_ids": (), "who": MEMBER, "at": NOW}
    return Answer(prompt_id, value, **defaults | fields)


def answered(checkpoint: Checkpoint, service: Service | None = None, value: Value = "met") -> Checkpoint:
    """The checkpoint with an answer at every prompt."""
    service = service or make_service()
    for prompt in checkpoint.template.prompts:
        given = Given(prompt.id, value, "Because." if value == "does not apply" else "")
        checkpoint = answer(checkpoint, service, given, by=MEMBER, at=NOW, evidence={}).checkpoint
    return checkpoint


def handed_in(checkpoint: Checkpoint | None = None, value: Value = "met", by: str = OWNER) -> Checkpoint:
    """A checkpoint, answered and handed in."""
    ready = answered(checkpoint or make_checkpoint(), value=value)
    return submit(ready, make_service(), by=by, at=NOW).checkpoint


def make_sent(planned: Planned, at: dt.datetime | None = None, led_to: str = "") -> Sent:
    return Sent(
        planned.key,
        planned.subject,
        planned.subject_id,
        planned.channel_id,
        planned.owner_id,
        at or planned.send_at,
        led_to,
    )


def moment(day: dt.date, hour: int = 9, minute: int = 30) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=LONDON)
