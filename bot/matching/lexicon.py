"""What the words of a question are taken to be: spellings, compounds, repairs, and the concepts behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.vocabulary import Vocabulary
from bot.matching.features import stems
from bot.matching.repair import Speller
from bot.matching.wording import tokenize

_LONGEST_COMPOUND = 24


@dataclass(frozen=True)
class Reading:
    """A question as it was understood: its words after repair, what changed, each concept with the stems naming it."""

    words: tuple[str, ...]
    changes: tuple[tuple[str, str], ...] = ()
    named: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that the words name."""
        return tuple(dict.fromkeys(concept for concept, _ in self.named))


class Concepts:
    """The vocabulary as a lookup from a run of stems to the one idea that it names."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._by_stems: dict[tuple[str, ...], list[str]] = {}
        self._longest = 0
        groups: list[Sequence[str]] = [*vocabulary.synonyms]
        groups += [pair for mapping in (vocabulary.acronyms, vocabulary.older_names) for pair in mapping.items()]
        for group in groups:
            name = group[-1] if len(group) == 2 else group[0]
            for wording in group:
                key = tuple(stems(tokenize(wording)))
                if key and name not in self._by_stems.setdefault(key, []):
                    self._by_stems[key].append(name)
                    self._longest = max(self._longest, len(key))

    def find(self, words: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
        """The concepts named in *words* with the stems that do, the longest wording at each place, in order."""
        roots = stems(words)
        found: list[tuple[str, tuple[str, ...]]] = []
        at = 0
        while at < len(roots):
            for length in range(min(self._longest, len(roots) - at), 0, -1):
                run = tuple(roots[at : at + length])
                if names := self._by_stems.get(run):
                    found += [(name, run) for name in names]
                    at += length - 1
                    break
            at += 1
        return found


class Lexicon:
    """The words of one knowledge base: known words, pairs of neighbours, spellings and concepts."""

    def __init__(self, vocabulary: Vocabulary, phrases: Iterable[Sequence[str]]) -> None:
        self._spellings = {key.casefold(): value.casefold() for key, value in vocabulary.spellings.items()}
        self._concepts = Concepts(vocabulary)
        self._known: list[str] = []
        self._pairs: set[tuple[str, str]] = set()
        for phrase in phrases:
            words = self.respell(phrase)
            self._known += words
            self._pairs.update(pairwise(words))
        self.speller = Speller(self._known)
        self._compounds = self._find_compounds()

    def respell(self, words: Sequence[str]) -> list[str]:
        """*words* with the vocabulary's spellings ("organization" as "organisation")."""
        return [self._spellings.get(word, word) for word in words]

    def concepts(self, words: Sequence[str]) -> list[str]:
        """The concepts of the vocabulary that *words* name."""
        return list(dict.fromkeys(name for name, _ in self._concepts.find(words)))

    def read(self, words: Sequence[str]) -> Reading:
        """*words* of a question as known words where that can be told, with every change that was made."""
        read: list[str] = []
        changes: list[tuple[str, str]] = []
        for word in words:
            now = self._spellings.get(word) or self._known_form(word)
            if now != word:
                changes.append((word, now))
            read += now.split()
        joined = self._join(read)
        return Reading(tuple(joined), tuple(changes), tuple(self._concepts.find(joined)))

    def _known_form(self, word: str) -> str:
        """A known word as it is; an unknown one split into a known pair ("signoff"), else repaired."""
        if word in self.speller:
            return word
        return self._compounds.get(word) or self.speller.repair(word)

    def _join(self, words: Sequence[str]) -> list[str]:
        """Two neighbours that are known only as one word ("work flow" where the base has "workflow") become it."""
        joined: list[str] = []
        for word in words:
            if joined and (joined[-1], word) not in self._pairs and joined[-1] + word in self.speller:
                joined[-1] += word
            else:
                joined.append(word)
        return joined

    def _find_compounds(self) -> dict[str, str]:
        compounds: dict[str, str] = {}
        for first, second in sorted(self._pairs):
            joined = first + second
            if first.isalpha() and second.isalpha() and 6 <= len(joined) <= _LONGEST_COMPOUND:
                compounds.setdefault(joined, f"{first} {second}")
        return compounds
