"""A question that is nothing but a word or two of several titles, "hackney": nobody can say which is meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from bot.answers.aspect import only_filler
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.matching.features import stem, stems
from bot.matching.matches import Matches
from bot.matching.wording import clean, tokenize

_MOST_WORDS = 3
"""With small words; a longer question says more than a name."""
_MOST_TOLD = 2
_OWNER = frozenset(stems(["gov", "uk"]))


def sharing_title(matches: Matches, words: Sequence[str], library: Library) -> tuple[Entry, ...]:
    """
    The entries that a question may mean that is nothing but words of their titles: the nearest of all, then those with
    such a title. Empty where fewer than two have one, where the nearest is named by just these words ("Registers" is
    GOV.UK Registers), and where a name or a question word for word settles it.
    """
    told = {stem(word) for word in words if not only_filler([word])}
    if matches.rule != "words" or len(words) > _MOST_WORDS or not 0 < len(told) <= _MOST_TOLD:
        return ()
    found = [entry for entry in library if told <= _title(entry)]
    if len(found) < 2 or matches.best is None or _is_named(library[matches.best], told):
        return ()
    order = {match.entry_id: at for at, match in enumerate(matches.ranked)}
    found.sort(key=lambda entry: (order.get(entry.id, len(order)), entry.id))
    return (library[matches.best], *(entry for entry in found if entry.id != matches.best))


@lru_cache(maxsize=4_000)
def _stems_of(name: str) -> frozenset[str]:
    return frozenset(stems(tokenize(clean(name))))


def _title(entry: Entry) -> frozenset[str]:
    return _stems_of(entry.title)


def _is_named(entry: Entry, told: Collection[str]) -> bool:
    """Whether *told* is the whole of a name of *entry*; GOV.UK before it is not told apart."""
    return any(_stems_of(name) - _OWNER == told for name in (entry.title, *entry.aliases))
