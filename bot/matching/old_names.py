"""Names that are out of date: whoever uses one rests on a belief that time has made wrong ("ask DLUHC")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.knowledge.library import Library
from bot.matching.wording import clean, tokenize

_SHORTEST_PLURAL = 3


class OldName(NamedTuple):
    """A name as editors write it, the id of the entry whose belief it gives away, and the position of that belief."""

    name: str
    entry_id: str
    position: int


class OldNames:
    """A lookup of the ``names`` of all beliefs in the words of a question, as they are written but for a plural s."""

    def __init__(self, library: Library) -> None:
        self._names: dict[tuple[str, ...], OldName] = {}
        for entry in library:
            for at, belief in enumerate(entry.beliefs):
                for name in belief.names:
                    self._names.setdefault(_key(tokenize(clean(name))), OldName(name, entry.id, at))
        self._names.pop((), None)
        self._longest = max(map(len, self._names), default=0)

    def find(self, words: Sequence[str]) -> tuple[OldName, ...]:
        """The old names in *words* in their order, the longest at each place, and each belief once."""
        found = {(one.entry_id, one.position): one for one in reversed([*self._all(words)])}
        return tuple(reversed(found.values()))

    def _all(self, words: Sequence[str]) -> Iterator[OldName]:
        written = _key(words)
        at = 0
        while at < len(written):
            lengths = range(min(self._longest, len(written) - at), 0, -1)
            length = next((one for one in lengths if written[at : at + one] in self._names), 0)
            if length:
                yield self._names[written[at : at + length]]
            at += length or 1


def _key(words: Sequence[str]) -> tuple[str, ...]:
    """The words as they are compared: "govuk" as two, and without the s of a plural (but not that of "business")."""
    apart = " ".join(words).replace("govuk", "gov uk").split()
    return tuple(one[:-1] if len(one) > _SHORTEST_PLURAL and one[-1] == "s" != one[-2] else one for one in apart)
