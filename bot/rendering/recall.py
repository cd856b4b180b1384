"""The message that tells a thread that an answer given in it has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.checkpoints.dates import in_words
from bot.knowledge.entry import Change
from bot.rendering.blocks import actions, button, context, section
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape
from bot.rendering.nudges import batch_metadata

_MOST_ENTRIES = 10
_LONGEST_TEXT = 3900
_WHY = "An editor marked this as a change to tell. Advisor has noted which answer stands here, not who asked for it."


@dataclass(frozen=True)
class Recalled:
    """An entry that was given on a day and has changed since, with the lines that say what, the oldest first."""

    entry_id: str
    title: str
    given_on: dt.date
    changes: tuple[Change, ...]


def recall_message(recalled: Sequence[Recalled], *, batch: str, in_thread: bool) -> Message:
    """One message for all that changed of a thread's answers; *batch* is in its metadata, to find it again by."""
    blocks: list[Block] = []
    lines: list[str] = []
    for number, one in enumerate(recalled[:_MOST_ENTRIES]):
        text = _text(one, in_thread)
        show = button("Show it as it is now", "open_entry", one.entry_id, label=f"Show it as it is now: {one.title}")
        blocks += [section(text), actions(f"recall:{number}", [show])]
        lines.append(text)
    if (more := len(recalled) - _MOST_ENTRIES) > 0:
        lines.append(f"{more} more answers here have changed too: ask again to see what holds now.")
        blocks.append(section(lines[-1]))
    blocks.append(context(_WHY))
    return message(cut("\n".join(lines), _LONGEST_TEXT), blocks, metadata=batch_metadata(batch))


def _text(one: Recalled, in_thread: bool) -> str:
    where = "Earlier in this thread" if in_thread else "Earlier here"
    told = "\n".join(f"• {in_words(change.on)}: {escape(change.what)}" for change in one.changes)
    given = in_words(one.given_on)
    return f"{where} ({given}) Advisor answered from *{escape(one.title)}*. That has changed:\n{told}"
