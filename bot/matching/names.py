"""Whole phrases that settle a question by themselves: an alias, a title, or a question word for word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from bot.matching.corpus import Phrase
from bot.matching.features import stems

Rule = Literal["words", "phrase", "alias", "point"]

_CARRIERS = frozenset(
    "what whats is are was the a an about tell me us explain please does do mean means of on define definition "
    "info information describe show give can you i need to know who whos hi hello advisor for".split()
)


class Names:
    """A lookup from the stems of a phrase to the one owner that it names."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases: dict[tuple[str, ...], set[int]] = {}
        self._names: dict[tuple[str, ...], set[int]] = {}
        for phrase in phrases:
            if phrase.field == "text":
                continue
            self._phrases.setdefault(tuple(stems(phrase.words)), set()).add(phrase.owner)
            if phrase.field in ("alias", "title"):
                self._names.setdefault(_core(phrase.words), set()).add(phrase.owner)

    def find(self, words: Sequence[str]) -> tuple[Rule, tuple[int, ...]] | None:
        """
        The owners that *words* name outright and how, or None.

        ``phrase``: word for word a phrase of the knowledge base; ``alias``: nothing but a name, with or without
        "what is" and the like before it. More than one owner means that the name is shared.
        """
        if owners := self._phrases.get(tuple(stems(words))):
            return "phrase", tuple(sorted(owners))
        core = _core(words)
        if core and (owners := self._names.get(core)):
            return "alias", tuple(sorted(owners))
        return None


def _core(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(stems(word for word in words if word not in _CARRIERS))
