"""What a rule says when it refuses: plain words for each field, so that a form can show them where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.errors import AdvisorError

if TYPE_CHECKING:
    from bot.checkpoints.checkpoint import Answer

FORM = "form"
"""The field of a message that belongs to no single field."""


class Refused(AdvisorError):
    """A rule says no. ``faults`` has one plain message a field; nothing that was typed is lost by it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


class Overtaken(Refused):
    """Somebody else answered the prompt in the meantime; ``theirs`` is what stands there now (None: it was removed)."""

    def __init__(self, message: str, theirs: Answer | None) -> None:
        super().__init__({FORM: message})
        self.theirs = theirs


def refuse(field: str, message: str) -> Refused:
    """A refusal about one field."""
    return Refused({field: message})
