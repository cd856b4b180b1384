"""What a rule says when it refuses: plain words for each field, so that a form can show them where they belong."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errors import AdvisorError

FORM = "form"
"""The field of a message that belongs to no single field."""


class Refused(AdvisorError):
    """A rule says no. ``faults`` has one plain message a field; nothing that was typed is lost by it."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


def refuse(field: str, message: str) -> Refused:
    """A refusal about one field."""
    return Refused({field: message})
