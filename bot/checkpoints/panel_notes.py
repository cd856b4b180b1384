"""The notes of a review panel, read from the history of the checkpoint on which they landed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.checkpoints.checkpoint import Event, EventKind

KIND: Final[EventKind] = "panel note"


@dataclass(frozen=True)
class PanelNote:
    """What somebody on the panel of a checkpoint wrote about one of its points, and when."""

    checkpoint_id: str
    prompt_id: str
    by: str
    at: dt.datetime
    words: str


Notes = Mapping[str, tuple[PanelNote, ...]]
"""The notes on a checkpoint by the id of the point, each point's oldest first."""

NO_NOTES: Final[Notes] = MappingProxyType({})


def panel_notes(history: Iterable[Event]) -> tuple[PanelNote, ...]:
    """The notes among the lines of a history, in their order."""
    return tuple(
        PanelNote(one.checkpoint_id, one.subject, one.who, one.at, one.after) for one in history if one.kind == KIND
    )


def by_point(notes: Iterable[PanelNote]) -> Notes:
    """The notes on one checkpoint by point."""
    found: dict[str, tuple[PanelNote, ...]] = {}
    for one in notes:
        found[one.prompt_id] = (*found.get(one.prompt_id, ()), one)
    return found
