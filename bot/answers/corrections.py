"""Which wrong beliefs a reply corrects. A question that rests on one must never be answered past it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from bot.answers.reply import Correction
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.matching.matches import Matches, RestsOn

SURE_FROM: Final = 0.50
"""From this probability on a belief is corrected before anything else is said."""
MENTION_FROM: Final = 0.10
"""From here on a belief of the entry that is shown is named below the summary: a line too many does little harm."""
MENTION_OTHERS_FROM: Final = 0.20
"""From here on so is one of another entry, which is named with it."""
_MOST_OLD_NAMES = 2
_MOST_BELIEFS = 2


def corrections(matches: Matches, shown: Collection[Entry], library: Library) -> tuple[Correction, ...]:
    """
    What a reply that shows *shown* corrects: old names that the question uses, the one belief that it rests on for
    sure, and those that it may rest on, the likeliest first; at most two beliefs.
    """
    by_name = tuple(_old_names(matches, shown, library))[:_MOST_OLD_NAMES]
    sure = sure_belief(matches, library)
    first = () if sure is None else (sure,)
    ids = {entry.id for entry in shown}
    maybe = [
        one for one in _unnamed(matches) if one.chance >= (MENTION_FROM if one.entry_id in ids else MENTION_OTHERS_FROM)
    ]
    rest = (_correction(one, library, sure=False) for one in maybe)
    others = [one for one in rest if sure is None or one.belief is not sure.belief]
    return (*by_name, *first, *others[: _MOST_BELIEFS - len(first)])


def sure_belief(matches: Matches, library: Library) -> Correction | None:
    """The belief that the question rests on for sure, whichever entry corrects it; None where there is none."""
    first = next(_unnamed(matches), None)
    return _correction(first, library) if first is not None and first.chance >= SURE_FROM else None


def _old_names(matches: Matches, shown: Collection[Entry], library: Library) -> Iterator[Correction]:
    """Those that an old name gives away; where the closed thing itself is shown, its first line says so already."""
    for one in matches.rests_on:
        if one.old_name is not None:
            found = _correction(one, library)
            platform = found.entry.platform
            if found.entry not in shown or platform is None or platform.status != "closed":
                yield found


def _unnamed(matches: Matches) -> Iterator[RestsOn]:
    return (one for one in matches.rests_on if one.old_name is None)


def _correction(one: RestsOn, library: Library, *, sure: bool = True) -> Correction:
    entry = library[one.entry_id]
    return Correction(entry, entry.beliefs[one.position], sure, one.old_name)
