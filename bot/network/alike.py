"""Whether two service areas mean the same need: by the stems of their words."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from bot.matching.features import stems
from bot.matching.wording import clean, tokenize

_SAY_NOTHING: Final = frozenset(
    stems("service services online digital council team system and of the for in a to".split())
)


@lru_cache(maxsize=20_000)
def need_words(area: str) -> frozenset[str]:
    """The stems of an area that say something: of "the parking permit service" those of parking and permit."""
    return frozenset(words_in_order(area))


def words_in_order(name: str) -> tuple[str, ...]:
    """The same in the order in which they stand: "home care" is not "care homes"."""
    return tuple(stem for stem in stems(tokenize(clean(name))) if stem not in _SAY_NOTHING)


def is_alike(one: str, other: str) -> bool:
    """
    Whether two areas are about one need: they have half of the words of the shorter in common, and at least two where
    it has more than one.

    "parking" is "parking permits"; "revenues and benefits" is "benefits"; "adult social care" is not "adult education".
    """
    mine, theirs = need_words(one), need_words(other)
    shorter = min(len(mine), len(theirs))
    return shorter > 0 and len(mine & theirs) >= (1 if shorter == 1 else max(2, shorter / 2))
