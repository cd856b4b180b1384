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
from bot.rendering.blocks import actions, button, context, divider, section, sections
from bot.rendering.checkpoint_plan import ask_words
from bot.rendering.fields import mention
from bot.rendering.message import Message, Payload, message
from bot.rendering.mrkdwn import cut, escape

EVENT_TYPE: Final = "advisor_notification"
_MOST_ITEMS = 12
_LONGEST_TEXT = 3900
_MOST_LINES = 5
_LONGEST_DIGEST = 8000


@dataclass(frozen=True)
class Nudge:
    """
    One part of the message: what it is about, the service, a line of detail, and the entry that helps.

    ``note`` is what the reader should know first (that the channel is gone). ``help_id`` is empty where no entry helps.
    ``lines`` are the exceptions that a digest tells of its service, in plain text.
    """

    planned: Planned
    about: str
    service: str
    detail: str = ""
    help_id: str = ""
    help_title: str = ""
    note: str = ""
    lines: tuple[str, ...] = ()


def nudge_message(nudges: Sequence[Nudge], *, batch: str, today: dt.date) -> Message:
    """One message for everything that falls together; *batch* is in its metadata, so that it can be found again."""
    blocks: list[Block] = []
    lines: list[str] = []
    digests = [one for one in nudges if one.planned.subject == "digest"]
    nudges = [one for one in nudges if one.planned.subject != "digest"]
    for number, nudge in enumerate(nudges[:_MOST_ITEMS]):
        text = _text(nudge, today)
        blocks += [divider()] if blocks else []
        blocks += [section(text), actions(f"nudge:{number}", _buttons(nudge))]
        lines.append(text)
    if more := len(nudges) - _MOST_ITEMS:
        rest = f"{more} more: `/checkpoint` in the channel shows all of them." if more > 0 else ""
        blocks += [section(rest)] if rest else []
        lines += [rest] if rest else []
    if nudges:
        blocks.append(context("You get this because a date was set. `/checkpoint plan` shows what else will come."))
    if digests:
        blocks += [*([divider()] if blocks else []), *_digest(digests)]
        lines.append(_digest_text(digests))
    return message(cut("\n".join(lines), _LONGEST_TEXT), blocks[:50], metadata=batch_metadata(batch))


def batch_metadata(batch: str) -> Payload:
    """What a message carries unseen, so that a clock can find out whether it was posted."""
    return {"event_type": EVENT_TYPE, "event_payload": {"batch": batch}}


def _digest(nudges: Sequence[Nudge]) -> list[Block]:
    """The Monday digest: the exceptions by service, for one sponsor."""
    stop = button("Stop this digest", "digest_stop", "stop", label="Stop the Monday digest")
    look = button("Open the portfolio", "portfolio_open", "open", primary=True)
    return [
        *sections(cut(_digest_text(nudges), _LONGEST_DIGEST)),
        actions("digest", [look, stop]),
        context("You get this on Mondays because you sponsor these services, and only when something is out of order."),
    ]


def _digest_text(nudges: Sequence[Nudge]) -> str:
    count = "1 of your services needs" if len(nudges) == 1 else f"{len(nudges)} of your services need"
    parts = [f"*Monday digest*: {count} a look."]
    for nudge in nudges[:_MOST_ITEMS]:
        shown = [f"• {escape(cut(line, 300))}" for line in nudge.lines[:_MOST_LINES]]
        if (more := len(nudge.lines) - _MOST_LINES) > 0:
            shown.append(f"• and {more} more")
        parts.append("\n".join([f"*{escape(nudge.service)}*", *shown]))
    if (more := len(nudges) - _MOST_ITEMS) > 0:
        parts.append(f"and {more} more services: `/advisor portfolio` shows them.")
    return "\n\n".join(parts)


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
