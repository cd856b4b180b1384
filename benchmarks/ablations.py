"""The engine with one ingredient taken out, from the outside: the engine itself has no switches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import numpy as np

from bot.matching import corpus, features, index, learning, scoring
from bot.matching.lexicon import Concepts, Lexicon
from bot.matching.names import Names
from bot.matching.repair import Speller
from bot.matching.scoring import Vector

_Swap = tuple[object, str, object]


def _nothing(*_: object) -> tuple[str, ...]:
    return ()


def _none(*_: object, **__: object) -> None:
    return None


def _same(word: str) -> str:
    return word


def _unchanged(_: object, word: str) -> str:
    return word


def _as_they_are(_: object, words: Sequence[str], __: object) -> list[str]:
    return list(words)


def _by_phrases(phrases: Sequence[Vector], owners: Sequence[int], classes: int, features: int) -> Any:
    """Each feature weighed by in how few phrases it is, as a search engine does."""
    counts = np.bincount(np.concatenate([one.at for one in phrases]), minlength=features)
    return np.maximum(np.log((len(phrases) + 1) / (counts + 0.5)), 0.0).astype(np.float32)


def _all_alike(phrases: Sequence[Vector], owners: Sequence[int], classes: int, features: int) -> Any:
    return np.ones(features, np.float32)


def _as_they_stand(roots: list[str]) -> list[str]:
    return roots


def _kept(words: Sequence[str], _: object) -> list[str]:
    return list(words)


ABLATIONS: dict[str, tuple[_Swap, ...]] = {
    "a weight for common words": ((scoring, "COMMON_WEIGHT", 0.0),),
    "the ends of a phrase": ((features, "_ends", _as_they_stand),),
    "word pairs": ((features, "pairwise", _nothing),),
    "pieces of words": ((features, "_pieces", _nothing),),
    "weight by few entries: by few phrases instead": ((scoring, "telling", _by_phrases),),
    "weight by few entries: all alike": ((scoring, "telling", _all_alike),),
    "stems": ((features, "stem", _same),),
    "perceptron": ((learning, "_perceptron", _none),),
    "spelling repair": ((Speller, "repair", _unchanged),),
    "compounds": ((Lexicon, "_split", _none), (Lexicon, "_join", _as_they_are)),
    "concepts of the vocabulary": ((Concepts, "find", _nothing),),
    "exact names and points": ((Names, "find", _none), (index, "find_points", _nothing)),
    "bonus for a name in passing": ((index, "_NAME_BONUS", 0.0),),
    "points of a named standard": ((index.Index, "_weigh_points", _none),),
    "names that are excluded": ((index, "without_excluded", _kept),),
    "whole text as a phrase": ((corpus, "_whole_text", lambda _: ""),),
}
"""By the ingredient that is taken out: what is swapped for what while it is."""


@contextmanager
def without(*ingredients: str) -> Iterator[None]:
    """The engine without *ingredients* (keys of ``ABLATIONS``), for building and for asking."""
    with ExitStack() as stack:
        for ingredient in ingredients:
            for place, name, other in ABLATIONS[ingredient]:
                stack.enter_context(mock.patch.object(place, name, other))
        yield
