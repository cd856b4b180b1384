"""What people asked that got no good answer, as a message and as terminal text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import HeaderBlock, MarkdownTextObject, SectionBlock

from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape

_MOST_SHOWN = 20
_LONGEST_QUESTION = 200
_OUTCOMES = {
    "not_helpful": "marked not helpful",
    "choice_none": "none of the choices fitted",
    "no_entry": "no entry",
    "outside": "outside our subject",
    "person": "needs a person",
}


@dataclass(frozen=True)
class GapGroup:
    """
    Like questions together: one of them, how many, what became of them, the nearest entry, the last day asked, and how
    many people wait for the answer.
    """

    question: str
    count: int
    outcomes: tuple[str, ...]
    nearest: str | None
    last_on: dt.date
    waiting: int = 0


def gaps_message(groups: Sequence[GapGroup]) -> Message:
    """The gaps of the last 30 days for ``/advisor gaps``, the most asked first, at most twenty."""
    if not groups:
        return message("Nothing to report: in the last 30 days every question got an answer that nobody marked down.")
    lines = [_line(group) for group in groups[:_MOST_SHOWN]]
    head = f"What people asked in the last 30 days that got no good answer: {len(groups)} subjects"
    sections = [SectionBlock(text=MarkdownTextObject(text=cut(line, 2900))).to_dict() for line in lines]
    text = cut("\n".join([head, *lines]), 3500)
    return message(text, [HeaderBlock(text="Gaps in the knowledge base").to_dict(), *sections])


def gaps_text(groups: Sequence[GapGroup]) -> str:
    """The same for a terminal: a line a group."""
    if not groups:
        return "No gaps: nothing was declined or marked unhelpful."
    return "\n".join(
        f"{group.count:4d}  {group.last_on}  {_became(group):<28}  {group.nearest or '-':<32}  "
        f"{cut(' '.join(group.question.split()), 100)}{f' ({_waiting(group.waiting)})' if group.waiting else ''}"
        for group in groups
    )


def _line(group: GapGroup) -> str:
    question = escape(cut(" ".join(group.question.split()), _LONGEST_QUESTION))
    near = f" Nearest: {escape(group.nearest)}." if group.nearest else ""
    times = "once" if group.count == 1 else f"{group.count} times"
    waiting = f" {_waiting(group.waiting)}." if group.waiting else ""
    return f"*{question}*\nAsked {times}; {_became(group)}.{near}{waiting}"


def _waiting(count: int) -> str:
    return "1 person waits for the answer" if count == 1 else f"{count} people wait for the answer"


def _became(group: GapGroup) -> str:
    return ", ".join(_OUTCOMES.get(outcome, outcome) for outcome in group.outcomes)
