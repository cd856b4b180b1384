"""The words for where a checkpoint stands, used on every screen alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from bot.checkpoints.calendar import LONDON, day_of
from bot.checkpoints.checkpoint import Answer, Checkpoint, State
from bot.checkpoints.dates import how_far, in_words
from bot.checkpoints.panel_notes import PanelNote
from bot.checkpoints.progress import Progress, progress
from bot.checkpoints.services import Service
from bot.rendering.fields import mention
from bot.rendering.mrkdwn import cut, escape

STATES: Final[Mapping[State, str]] = {
    "planned": "Planned",
    "open": "Under way",
    "submitted": "Handed in, waits for the sponsor",
    "returned": "Returned to the team",
    "met": "Met",
    "met with conditions": "Met with conditions",
    "waived": "Waived",
    "cancelled": "Not needed any more",
}

ENDED: Final = ("met", "met with conditions", "waived", "cancelled")


def title_of(checkpoint: Checkpoint) -> str:
    """What a checkpoint is called: "End of discovery"."""
    text = checkpoint.template.title.removeprefix("Checkpoint: ")
    return text[:1].upper() + text[1:]


def counts_line(one: Progress) -> str:
    """How many points are answered, and how, in words."""
    said = one.total - one.unanswered
    parts = [f"{said} of {one.total} points answered"]
    named = ((one.met, "met"), (one.partly, "partly"), (one.not_yet, "not yet"), (one.does_not_apply, "do not apply"))
    if values := [f"{count} {word}" for count, word in named if count]:
        parts.append(", ".join(values))
    if one.check_again:
        parts.append(f"{one.check_again} to check again")
    return ": ".join(parts[:2]) + (f"; {parts[2]}" if len(parts) > 2 else "")


def state_line(checkpoint: Checkpoint, service: Service, *, today: dt.date) -> str:
    """Where a checkpoint stands, in one line of plain text."""
    when = f"due {in_words(checkpoint.due_on)} ({how_far(checkpoint.due_on, today=today)})"
    late = "Overdue. " if checkpoint.due_on < today and checkpoint.state in ("planned", "open", "returned") else ""
    if checkpoint.state in ENDED:
        return f"{STATES[checkpoint.state]}."
    return f"{late}{STATES[checkpoint.state]}, {when}. {counts_line(progress(checkpoint, service))}."


def answer_line(answer: Answer) -> str:
    """An answer in mrkdwn, without its note: value, who and when."""
    again = " Check again: its evidence has expired." if answer.lapsed else ""
    return f"*{answer.value.capitalize()}*, by {mention(answer.who)} on {in_words(answer.at.date())}.{again}"


def panel_lines(notes: Sequence[PanelNote], *, most: int = 3, longest: int = 300) -> str:
    """What the panel noted on a point, in mrkdwn: the newest notes, a line each, first; "" where there is none."""
    lines = [
        f"Panel, {mention(one.by)} on {in_words(day_of(one.at))}: {escape(cut(' '.join(one.words.split()), longest))}"
        for one in reversed(notes[-most:])
    ]
    if (more := len(notes) - most) > 0:
        lines.append(f"{more} earlier {'note' if more == 1 else 'notes'} of the panel: in the channel of the service.")
    return "\n".join(lines)


def moment_words(at: dt.datetime) -> str:
    """A moment as people in Britain read it: "Monday 1 March 2027, 09:30"."""
    local = at.astimezone(LONDON)
    return f"{local:%A} {in_words(local.date())}, {local:%H:%M}"
