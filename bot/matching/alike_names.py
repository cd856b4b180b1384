"""Names that may be one (of a supplier, a system, a service area), written in two ways: for a person to judge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from bot.matching.features import stems
from bot.matching.wording import clean, tokenize

ALIKE_FROM: Final = 86.0
"""rapidfuzz's ratio of the names without legal forms from which a pair is worth a look.

Source: tests/bot/matching/test_alike_names.py: every pair there that is one supplier is at 86 or more, or begins alike;
of the pairs that are two, none is.
"""
_MOST_NAMES: Final = 400
_LEGAL: Final = frozenset("ltd limited plc llp llc inc uk group holdings the co company cic gmbh and services".split())
_FILLERS: Final = frozenset(
    stems("a an the for of to and in on my your our council service online apply request".split())
)
"""What stands in the names of half of all services, and tells none from another."""
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Suggestion:
    """Two names that may be one, and how alike they are, from 0 to 100."""

    first: str
    second: str
    score: float


def name_key(name: str) -> str:
    """A name without what nobody means by it: case and blanks."""
    return _BLANKS.sub(" ", name).strip().casefold()


def suggest_aliases(names: Iterable[str], judged: Iterable[tuple[str, str]] = ()) -> list[Suggestion]:
    """
    The pairs of *names* that may be one, the most alike first; those that somebody has *judged* are left out.

    Two names that differ in case and blanks alone are one name already. The first 400 names are compared.
    """
    known = {frozenset((name_key(one), name_key(other))) for one, other in judged}
    different = {name_key(name): name for name in sorted(names, reverse=True) if name.strip()}
    rows = [(key, different[key], _core(key)) for key in sorted(different)][:_MOST_NAMES]
    found: list[Suggestion] = []
    for at, (key, name, core) in enumerate(rows):
        for other_key, other, other_core in rows[at + 1 :]:
            score = _score(core, other_core)
            if score >= ALIKE_FROM and frozenset((key, other_key)) not in known:
                found.append(Suggestion(name, other, round(score, 1)))
    return sorted(found, key=lambda one: (-one.score, one.first, one.second))


def _core(key: str) -> tuple[str, ...]:
    words = tokenize(clean(key))
    return tuple(word for word in words if word not in _LEGAL) or tuple(words)


def _score(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two names are: as wholes, or by one being the beginning of the other ("NEC", "NEC Software")."""
    shorter, longer = sorted((one, other), key=len)
    if shorter and tuple(longer[: len(shorter)]) == tuple(shorter) and len("".join(shorter)) > 2:
        return max(ALIKE_FROM, fuzz.ratio("".join(one), "".join(other)))
    return max(fuzz.ratio("".join(one), "".join(other)), fuzz.token_sort_ratio(" ".join(one), " ".join(other)))


def likeness(one: str, other: str) -> float:
    """
    How alike two names of services are, from 0 to 1: half by the stems that they share, half by their letters.

    "Apply for a Blue Badge" and "Blue badge applications" have two of four stems in common and most letters.
    """
    mine, theirs = (" ".join(sorted(set(stems(tokenize(clean(name)))) - _FILLERS)) for name in (one, other))
    if not mine or not theirs:
        return 0.0
    both = set(mine.split()) & set(theirs.split())
    shared = len(both) / min(len(mine.split()), len(theirs.split()))
    return 0.5 * shared + 0.5 * fuzz.ratio(mine, theirs) / 100
