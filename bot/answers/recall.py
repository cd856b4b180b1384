"""Recall: whether an answer that was given has become an older one that its readers should hear about."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Final

from bot.knowledge.entry import Entry

_NOT_ANSWERED_WITH: Final = {"id", "aliases", "questions", "tags", "sources", "review_by", "changes", "related"}
"""Fields of an entry that find it, place it or vouch for it: what a reader was told is in the others."""


def version_of(entry: Entry) -> str:
    """A hash of what the entry tells its readers (64 hexadecimal digits); a new source changes nothing."""
    return hashlib.sha256(entry.model_dump_json(exclude=_NOT_ANSWERED_WITH).encode()).hexdigest()


def news_since(entry: Entry, *, version: str, known: Sequence[str], given_on: dt.date) -> tuple[str, ...]:
    """
    The keys of the entry's material changes that an answer did not have, the oldest first; empty: nobody needs to hear.

    An answer had a change where the entry named it then (*known*). It had it too where it was given after the day of
    the change (*given_on*) in the very words of today: then the editor wrote the line down later.
    """
    same = version == version_of(entry)
    return tuple(
        key
        for key, change in entry.material_changes.items()
        if key not in known and not (same and given_on > change.on)
    )
