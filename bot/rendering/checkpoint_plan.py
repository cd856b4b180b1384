"""What will be sent, and what was: the preview and the list of nudges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block

from bot.checkpoints.notifications import Ask, Planned
from bot.rendering.blocks import context, header, section, sections
from bot.rendering.checkpoint_words import moment_words
from bot.rendering.fields import mention
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape

ASKS: Final[Mapping[Ask, str]] = {
    "answer": "answer the points of",
    "hand in": "hand in",
    "decide": "decide on",
    "know it is overdue": "know that this is overdue:",
    "do the action": "do",
    "check again": "check what relied on",
    "renew the evidence": "renew",
    "decide on the contract": "decide on the contract of",
    "know the exceptions": "read the Monday digest, if something is out of order, of",
    "end the waiver": "end the waiver of",
    "know it has changed": "know that it has changed:",
    "rate the points": "rate, unseen by others, the points of",
    "talk about the ratings": "talk about the ratings of",
    "open another round": "open another blind round, or go on without one, for",
}
"""What a notification asks, before the name of what it is about."""

_LONGEST_TEXT = 3900
_MOST = 40


@dataclass(frozen=True)
class PlanLine:
    """One notification and what it is about, as people call it."""

    planned: Planned
    about: str


@dataclass(frozen=True)
class NudgeLine:
    """One that was sent (or will not be), when, and what it led to."""

    planned: Planned
    about: str
    state: str
    at: dt.datetime
    why: str
    led_to: str


def plan_message(lines: Sequence[PlanLine], *, quiet: Sequence[str] = ()) -> Message:
    """Everything that will be sent about a channel's services: when, to whom, what; *quiet* (mrkdwn) is why."""
    if not lines:
        text = "Nothing is planned. Plan a checkpoint, and what will be sent is listed here."
        return message(text, [section(text)])
    rows = [f"• {_plan_row(line)}" for line in lines[:_MOST]]
    if len(lines) > _MOST:
        rows.append(f"and {len(lines) - _MOST} more, later.")
    small = (
        "What falls on one day is sent as one message, at most one a day. What is done is not asked. Outside office "
        "hours, at weekends and on bank holidays nothing is sent. `/checkpoint settings` says what else is quiet."
    )
    held = f"*Quiet times*\n{chr(10).join(quiet)}" if quiet else ""
    blocks: list[Block] = [header("What will be sent"), *sections("\n".join(rows))]
    blocks += [*sections(held)] if held else []
    text = "\n".join(["What will be sent.", *quiet, *rows])
    return message(cut(text, _LONGEST_TEXT), [*blocks, context(small)])


def nudges_message(lines: Sequence[NudgeLine]) -> Message:
    """What was sent about the services of a channel, and what came of it."""
    if not lines:
        text = "Nothing has been sent yet."
        return message(text, [section(text)])
    rows = [f"• {_nudge_row(line)}" for line in lines[-_MOST:]]
    blocks: list[Block] = [header("What was sent"), *sections("\n".join(rows))]
    return message(cut("\n".join(["What was sent.", *rows]), _LONGEST_TEXT), blocks)


def ask_words(planned: Planned, about: str) -> str:
    """What is asked, in plain text: "answer the points of End of discovery"."""
    return f"{ASKS[planned.ask]} {about}"


def _plan_row(line: PlanLine) -> str:
    where = "in this channel" if line.planned.channel_id else "directly"
    return (
        f"{moment_words(line.planned.send_at)}, {where}, to {_whom(line.planned)}: "
        f"{escape(ask_words(line.planned, line.about))}"
    )


def _whom(planned: Planned) -> str:
    """The person; nobody by name where it is about a blind round, of which only counts are shown."""
    return mention(planned.owner_id) if planned.owner_id else "those who are not in yet"


def _nudge_row(line: NudgeLine) -> str:
    asked = f"{moment_words(line.at)}, to {_whom(line.planned)}: {escape(ask_words(line.planned, line.about))}"
    if line.planned.ask == "rate the points":
        return f"{asked}. What it led to is not shown before the end."
    if line.state == "posted":
        return f"{asked}. Led to: {escape(line.led_to) or 'nothing yet'}."
    return f"{asked}. Not sent: {escape(line.why)}"
