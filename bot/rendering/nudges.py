"""The message that the bot starts by itself: each part names one thing to do and who, with buttons to do it or wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.checkpoints.blind_schedule import round_id_of
from bot.checkpoints.dates import how_far, in_words
from bot.checkpoints.notifications import Planned
from bot.rendering.blocks import actions, button, context, divider, section
from bot.rendering.checkpoint_plan import ask_words
from bot.rendering.fields import mention
from bot.rendering.message import Message, Payload, message
from bot.rendering.mrkdwn import cut, escape

EVENT_TYPE: Final = "advisor_notification"
_MOST_ITEMS = 12
_LONGEST_TEXT = 3900


@dataclass(frozen=True)
class Nudge:
    """
    One part of the message: what it is about, the service, a line of detail, and the entry that helps.

    ``note`` is what the reader should know first (that the channel is gone). ``help_id`` is empty where no entry helps.
    """

    planned: Planned
    about: str
    service: str
    detail: str = ""
    help_id: str = ""
    help_title: str = ""
    note: str = ""


def nudge_message(nudges: Sequence[Nudge], *, batch: str, today: dt.date) -> Message:
    """One message for everything that falls together; *batch* is in its metadata, so that it can be found again."""
    blocks: list[Block] = []
    lines: list[str] = []
    for number, nudge in enumerate(nudges[:_MOST_ITEMS]):
        text = _text(nudge, today)
        blocks += [divider()] if blocks else []
        blocks += [section(text), actions(f"nudge:{number}", _buttons(nudge))]
        lines.append(text)
    if more := len(nudges) - _MOST_ITEMS:
        rest = f"{more} more: `/checkpoint` in the channel shows all of them." if more > 0 else ""
        blocks += [section(rest)] if rest else []
        lines += [rest] if rest else []
    blocks.append(context("You get this because a date was set. `/checkpoint plan` shows what else will come."))
    return message(cut("\n".join(lines), _LONGEST_TEXT), blocks[:50], metadata=batch_metadata(batch))


def batch_metadata(batch: str) -> Payload:
    """What a message carries unseen, so that a clock can find out whether it was posted."""
    return {"event_type": EVENT_TYPE, "event_payload": {"batch": batch}}


def _text(nudge: Nudge, today: dt.date) -> str:
    planned = nudge.planned
    when = f"{in_words(planned.about_on)} ({how_far(planned.about_on, today=today)})"
    note = f"{escape(nudge.note)}\n" if nudge.note else ""
    detail = f" {escape(nudge.detail)}" if nudge.detail else ""
    return (
        f"{note}{mention(planned.owner_id)}: please *{escape(ask_words(planned, nudge.about))}*, for "
        f"{escape(nudge.service)}. Date: {when}.{detail}"
    )


def _buttons(nudge: Nudge) -> list[ButtonElement]:
    found = [_doing(nudge)]
    planned = nudge.planned
    if planned.subject == "checkpoint" and planned.ask in ("answer", "hand in"):
        found.append(button("Move the date", "checkpoint_move", planned.subject_id, label=nudge.about))
    if planned.subject == "blind":
        return found  # it comes once, so there is nothing to move and nothing to wait with
    waiting = f"{planned.subject}|{planned.subject_id}|{planned.service_id}"
    found.append(button("Not this week", "checkpoint_snooze", waiting, label=nudge.about))
    if nudge.help_id:
        found.append(button("Read the help", "open_entry", nudge.help_id, label=nudge.help_title))
    return found


def _doing(nudge: Nudge) -> ButtonElement:
    planned = nudge.planned
    if planned.subject == "action":
        checkpoint_id = planned.subject_id.rpartition("-")[0]
        return button("Done", "checkpoint_action_done", f"{checkpoint_id}|{planned.subject_id}", primary=True)
    if planned.subject == "checkpoint" and planned.ask == "decide":
        return button("Decide", "checkpoint_sign", planned.subject_id, primary=True)
    if planned.subject == "blind":
        round_id = round_id_of(planned)
        if planned.ask == "rate the points":
            return button("Give my ratings", "blind_round", round_id, primary=True)
        return button("Show the ratings", "blind_round", round_id, primary=True)
    if planned.subject in ("checkpoint", "waiver"):
        return button("Continue", "checkpoint_walk", planned.subject_id, primary=True)
    if planned.subject == "evidence":
        return button("Renew it", "checkpoint_renew", planned.subject_id, primary=True)
    return button("Open the service", "checkpoint_edit", planned.service_id, primary=True)
