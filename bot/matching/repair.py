"""Spelling: an unknown word becomes the nearest known one, a known word is never touched.

Source: the rule and its limits follow the measurements in docs/quality.md (one edit under eight letters, two from
eight on; same first letter first, then the commoner word; numbers never).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST_REPAIRED = 4
_LONG_WORD = 8
_REMEMBERED = 20_000


class Speller:
    """The words of the knowledge base by length, ready to repair others."""

    def __init__(self, words: Iterable[str] | Mapping[str, int]) -> None:
        """Args: words: those of all phrases, or each with how often it occurs."""
        self._counts = Counter(words)
        by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(self._counts):
            if len(word) >= SHORTEST_REPAIRED - 1 and word.isalpha():
                by_length[len(word)].append(word)
        self._by_length = dict(by_length)
        self._repairs: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    @property
    def counts(self) -> dict[str, int]:
        """How often each known word occurs."""
        return dict(self._counts)

    def repair(self, word: str) -> str:
        """The nearest known word within the limit, or *word* itself; known words, numbers and short words stay."""
        if word in self._counts or len(word) < SHORTEST_REPAIRED or not word.isalpha():
            return word
        if word not in self._repairs:
            if len(self._repairs) >= _REMEMBERED:
                self._repairs.clear()
            self._repairs[word] = self._nearest(word)
        return self._repairs[word]

    def _nearest(self, word: str) -> str:
        limit = 1 if len(word) < _LONG_WORD else 2
        best: tuple[int, bool, int, str] | None = None
        for length in range(len(word) - limit, len(word) + limit + 1):
            candidates = self._by_length.get(length, ())
            for known, distance, _ in process.extract_iter(word, candidates, scorer=OSA.distance, score_cutoff=limit):
                rank = (int(distance), known[0] != word[0], -self._counts[known], known)
                best = rank if best is None or rank < best else best
        return best[3] if best else word
