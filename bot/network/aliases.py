"""Names that a person has judged to be one, or two: nothing is merged before, and no name is ever written over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

from bot.matching.alike_names import name_key

Kind = Literal["supplier", "system", "area"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@dataclass(frozen=True)
class Judgement:
    """What an editor said of two names of a kind: that they are one (*same*), or two."""

    kind: Kind
    first: str
    second: str
    same: bool


def kind_of(word: str) -> Kind:
    """The kind that goes by this word. Raises: ValueError: there is none."""
    for kind in KINDS:
        if kind == word:
            return kind
    raise ValueError(f"no names are of the kind {word!r}")


class Aliases:
    """
    What a name stands for, by the judgements of a workspace.

    Kinds are kept apart: "Civica" the supplier and "Civica" the system are two names, whatever was said of one of them.
    """

    def __init__(self, judgements: Iterable[Judgement] = ()) -> None:
        self._stands_for: dict[tuple[Kind, str], str] = {}
        for one in judgements:
            if one.same:
                self._join(one.kind, name_key(one.first), name_key(one.second))

    def key(self, kind: Kind, name: str) -> str:
        """What every name of one thing has in common; for a name nobody judged, the name itself."""
        key = name_key(name)
        while (kind, key) in self._stands_for:
            key = self._stands_for[kind, key]
        return key

    def is_same(self, kind: Kind, one: str, other: str) -> bool:
        """Whether two names are one by somebody's judgement, or but for case and blanks; empty names never are."""
        return bool(one.strip()) and self.key(kind, one) == self.key(kind, other)

    def _join(self, kind: Kind, one: str, other: str) -> None:
        first, second = sorted((self.key(kind, one), self.key(kind, other)))
        if first != second:
            self._stands_for[kind, second] = first
