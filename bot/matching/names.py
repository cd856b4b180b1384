"""Whole phrases that settle a question by themselves: an alias, a title, or a question word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from bot.matching.corpus import Phrase
from bot.matching.features import stems

Rule = Literal["words", "phrase", "alias", "point"]

_LONGEST_NAME = 5
_LONGEST_CARRIED = 25
"""Words: a longer text is no mere name, and looking for one in it would take long."""
_CARRIERS = frozenset(
    "what whats is are was the a an about tell me us explain please does do mean means of on define definition "
    "info information describe show give can you i need to know who whos hi hello advisor for".split()
)


class Wording(NamedTuple):
    """
    A title, alias, question or belief of *owner*: its stems with a space between them, whether it is a name (a title or
    an alias), and which of the owner's beliefs it repeats. A tuple, for there are tens of thousands at every start.
    """

    owner: int
    roots: str
    is_name: bool
    belief: int | None = None


def wordings(phrases: Iterable[Phrase]) -> Iterator[Wording]:
    """The wordings among *phrases*: all of them but the whole texts of entries."""
    for phrase in phrases:
        if phrase.field != "text":
            yield Wording(phrase.owner, _roots(phrase.words), phrase.field in ("alias", "title"), phrase.belief)


class Names:
    """A lookup from the stems of a phrase to the owners that it names."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self._phrases: dict[str, tuple[int, ...]] = {}
        self._names: dict[str, tuple[int, ...]] = {}
        alone: dict[int, tuple[int, ...]] = {}  # one tuple for all the wordings of an owner
        for owner, roots, is_name, _ in wordings:
            own = alone.setdefault(owner, (owner,))
            for known in (self._phrases, self._names) if is_name else (self._phrases,):
                owners = known.setdefault(roots, own)
                if owner not in owners:
                    known[roots] = (*owners, owner)

    def find(self, words: Sequence[str]) -> tuple[Rule, tuple[int, ...]] | None:
        """
        The owners that *words* name outright and how, or None.

        ``phrase``: word for word a phrase of the knowledge base; ``alias``: nothing but a name, with or without
        "what is" and the like before it. More than one owner means that the name is shared.
        """
        if owners := self._phrases.get(_roots(words)):
            return "phrase", tuple(sorted(owners))
        for core in _cores(words):
            if owners := self._names.get(_roots(core)):
                return "alias", tuple(sorted(owners))
        return None

    def mentioned(self, words: Sequence[str]) -> dict[int, int]:
        """The one owner of each name that stands in *words*, in order, with the words in its longest name there."""
        found: dict[int, int] = {}
        at = 0
        while at < len(words):
            length = self.length_at(words[at:])
            owners = self._names.get(_roots(words[at : at + length]), ()) if length else ()
            if len(owners) == 1:
                owner = owners[0]
                found[owner] = max(found.get(owner, 0), length)
            at += length or 1
        return found

    def length_at(self, words: Sequence[str]) -> int:
        """How many of the first *words* are the name of something (an alias or a title); 0 where they are none."""
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            if _roots(words[:length]) in self._names:
                return length
        return 0


def _roots(words: Sequence[str]) -> str:
    return " ".join(stems(words))


def _cores(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """*words* with ever more of those taken away that only carry a name: "what is a" before it, "please" behind it."""
    front = next((at for at, word in enumerate(words) if word not in _CARRIERS), len(words))
    back = next((at for at, word in enumerate(reversed(words)) if word not in _CARRIERS), len(words))
    if len(words) > _LONGEST_CARRIED:
        return
    for start in range(front + 1):
        for stop in range(len(words), max(start, len(words) - back - 1), -1):
            yield words[start:stop]
