"""From words to features: stems, pairs of neighbouring stems, and pieces of three and four letters inside words.

Stems carry the meaning, pairs the order, pieces survive typing slips. The start and the end of a phrase pair with their
neighbours too: how a question opens ("who has ...", "can we ...") tells a rule from an example. docs/quality.md has
what each is worth.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import Stemmer

STEM_WEIGHT = 2.0
PAIR_WEIGHT = 1.5
PIECE_WEIGHT = 0.7
CONCEPT_WEIGHT = 2.0
_PIECE_LENGTHS = (3, 4)
_START, _END = "^", "$"
_WEIGHTS = {"w": STEM_WEIGHT, "p": PAIR_WEIGHT, "c": PIECE_WEIGHT, "v": CONCEPT_WEIGHT}
_per_thread = threading.local()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball English stem of one lower-case word."""
    stemmer = getattr(_per_thread, "stemmer", None)
    if stemmer is None:  # a PyStemmer object must not be shared between threads
        stemmer = _per_thread.stemmer = Stemmer.Stemmer("english", 0)
    return str(stemmer.stemWord(word))


def stems(words: Iterable[str]) -> list[str]:
    """The stems of *words*, in order."""
    return [stem(word) for word in words]


def extract(words: Sequence[str], concepts: Iterable[str] = ()) -> dict[str, float]:
    """
    The features of a phrase with their weights: (1 + log of how often it occurs) x the weight of its sort.

    Keys: ``w:`` + stem, ``p:`` + two stems (or a stem and an end of the phrase, ^ or $), ``c:`` + piece of a word whose
    ends are marked < and >, ``v:`` + concept of the vocabulary (so that two words for one thing share a feature).
    """
    roots = stems(words)
    counts: Counter[str] = Counter(f"w:{root}" for root in roots)
    if roots:
        counts.update(f"p:{first} {second}" for first, second in pairwise(_ends(roots)))
    counts.update(f"v:{concept}" for concept in concepts)
    for word in words:
        counts.update(_pieces(word))
    return {feature: (1.0 + math.log(count)) * _WEIGHTS[feature[0]] for feature, count in counts.items()}


def _ends(roots: list[str]) -> list[str]:
    return [_START, *roots, _END]


@lru_cache(maxsize=100_000)
def _pieces(word: str) -> tuple[str, ...]:
    marked = f"<{word}>"
    return tuple(f"c:{marked[at : at + length]}" for length in _PIECE_LENGTHS for at in range(len(marked) - length + 1))
