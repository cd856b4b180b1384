"""What the words of a question are taken to be: spellings, compounds, repairs, and the concepts behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.vocabulary import Vocabulary
from bot.matching.features import stems
from bot.matching.repair import Speller
from bot.matching.wording import tokenize

_SHORTEST_COMPOUND, _LONGEST_COMPOUND = 6, 24

Neighbours = Callable[[str, str], bool]


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
    """The words of one knowledge base: spellings, known words and concepts."""

    def __init__(
        self, vocabulary: Vocabulary, phrases: Iterable[Sequence[str]] = (), *, counts: Mapping[str, int] | None = None
    ) -> None:
        """Args: phrases: as they are written. counts: in their place, the known words and how often each occurs."""
        self._spellings = {key.casefold(): value.casefold() for key, value in vocabulary.spellings.items()}
        self._concepts = Concepts(vocabulary)
        self.speller = Speller(
            (word for phrase in phrases for word in self.respell(phrase)) if counts is None else counts
        )

    def respell(self, words: Sequence[str]) -> list[str]:
        """*words* with the vocabulary's spellings ("organization" as "organisation")."""
        return [self._spellings.get(word, word) for word in words]

    def concepts(self, words: Sequence[str]) -> list[str]:
        """The concepts of the vocabulary that *words* name."""
        return list(dict.fromkeys(name for name, _ in self._concepts.find(words)))

    def read(self, words: Sequence[str], neighbours: Neighbours) -> Reading:
        """
        *words* of a question as known words where that can be told, with every change that was made.

        *neighbours* says whether two words stand side by side anywhere in the knowledge base.
        """
        read: list[str] = []
        changes: list[tuple[str, str]] = []
        for word in words:
            now = self._spellings.get(word) or self._known_form(word, neighbours)
            if now != word:
                changes.append((word, now))
            read += now.split()
        joined = self._join(read, neighbours)
        return Reading(tuple(joined), tuple(changes), tuple(self._concepts.find(joined)))

    def _known_form(self, word: str, neighbours: Neighbours) -> str:
        """A known word as it is; an unknown one split into two known neighbours ("signoff"), else repaired."""
        if word in self.speller:
            return word
        return self._split(word, neighbours) or self.speller.repair(word)

    def _split(self, word: str, neighbours: Neighbours) -> str | None:
        if not word.isalpha() or not _SHORTEST_COMPOUND <= len(word) <= _LONGEST_COMPOUND:
            return None
        for at in range(2, len(word) - 1):
            first, second = word[:at], word[at:]
            if first in self.speller and second in self.speller and neighbours(first, second):
                return f"{first} {second}"
        return None

    def _join(self, words: Sequence[str], neighbours: Neighbours) -> list[str]:
        """Two neighbours that are known only as one word ("work flow" where the base has "workflow") become it."""
        joined: list[str] = []
        for word in words:
            if joined and joined[-1] + word in self.speller and not neighbours(joined[-1], word):
                joined[-1] += word
            else:
                joined.append(word)
        return joined
