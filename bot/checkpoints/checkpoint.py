"""A checkpoint: the types that a service team fills, and the states it can be in (the rules: progress and signoff).

Every value here is frozen and made of text, numbers, dates and tuples, so that it can be stored as it is
(``pydantic.TypeAdapter(Checkpoint)`` reads and writes it). Functions take a checkpoint and give a ``Step``: the next
checkpoint and the line for its history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from bot.checkpoints.templates import FrozenTemplate

State = Literal["planned", "open", "submitted", "returned", "met", "met with conditions", "waived", "cancelled"]
Value = Literal["met", "partly", "not yet", "does not apply"]
Outcome = Literal["met", "met with conditions", "returned", "waived"]

STATES: Final[tuple[State, ...]] = get_args(State)
VALUES: Final[tuple[Value, ...]] = get_args(Value)
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

MOVES: Final[Mapping[State, tuple[State, ...]]] = {
    "planned": ("open", "cancelled"),
    "open": ("submitted", "cancelled"),
    "submitted": ("met", "met with conditions", "returned", "waived", "open"),
    "returned": ("submitted", "cancelled"),
    "met": (),
    "met with conditions": (),
    "waived": ("open",),
    "cancelled": (),
}
"""The whole graph. submitted -> open: taken back by the team. waived -> open: the waiver's end date has passed."""

ANSWERABLE: Final[tuple[State, ...]] = ("planned", "open", "returned")
"""The states in which the team may answer; the first answer to a planned checkpoint opens it."""

DECIDED: Final[tuple[State, ...]] = ("met", "met with conditions", "waived")

LONGEST_NOTE: Final = 3000
"""Characters a note or reason takes: what a Slack text field takes."""


@dataclass(frozen=True)
class Answer:
    """
    What stands at one prompt. A new answer replaces it; the history keeps every one.

    ``version`` counts from 1 and is the lock: who saves says which version they saw. ``note`` is the reason where the
    value is "does not apply". ``prefilled`` says where the text came from when it was filled in from facts already held
    and a person has only confirmed it. ``lapsed`` are the ids of evidence that has expired since: the point is to be
    checked again.
    """

    prompt_id: str
    value: Value
    note: str
    evidence_ids: tuple[str, ...]
    who: str
    at: dt.datetime
    version: int = 1
    prefilled: str = ""
    lapsed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Action:
    """A condition of a decision: what one person will do by a day. ``id`` is the checkpoint's id and a number."""

    id: str
    checkpoint_id: str
    what: str
    owner_id: str
    due_on: dt.date
    prompt_id: str = ""
    done_at: dt.datetime | None = None
    done_by: str = ""


@dataclass(frozen=True)
class Waiver:
    """Leave not to meet some prompts (none named: the whole checkpoint), by whom, why, and until when."""

    reason: str
    approver_id: str
    until: dt.date
    prompt_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What the sponsor decided. Actions belong to "met with conditions"; a reason to "returned" and "waived"."""

    outcome: Outcome
    by: str
    at: dt.datetime
    reason: str = ""
    actions: tuple[Action, ...] = ()
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True)
class Checkpoint:
    """A dated set of prompts for one service, its answers so far, and what was decided (the last decision)."""

    id: str
    workspace_id: str
    service_id: str
    template: FrozenTemplate
    due_on: dt.date
    created_by: str
    created_at: dt.datetime
    state: State = "planned"
    answers: Mapping[str, Answer] = field(default_factory=dict)
    submitted_by: str = ""
    submitted_at: dt.datetime | None = None
    decision: Decision | None = None


EventKind = Literal[
    "created",
    "opened",
    "answered",
    "date moved",
    "submitted",
    "taken back",
    "decided",
    "action done",
    "action moved",
    "check again",
    "restored",
    "waiver ended",
    "panel note",
    "cancelled",
]


@dataclass(frozen=True)
class Event:
    """
    One line of the append-only history: who did what when, with what stood there before and after.

    ``who`` is empty for what time alone did (evidence expired, a waiver ended). ``answer`` is the whole answer as
    given, so that no earlier answer is ever lost.
    """

    checkpoint_id: str
    kind: EventKind
    who: str
    at: dt.datetime
    subject: str = ""
    before: str = ""
    after: str = ""
    answer: Answer | None = None


@dataclass(frozen=True)
class Step:
    """What a rule gives: the checkpoint after it, and the lines to append to the history, in order."""

    checkpoint: Checkpoint
    events: tuple[Event, ...]
