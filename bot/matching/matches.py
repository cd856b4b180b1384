"""What a search gives: the ranking, how sure it is, and why."""

from __future__ import annotations

from dataclasses import dataclass

from bot.matching.beliefs import Resting
from bot.matching.confidence import Evidence
from bot.matching.lexicon import Reading
from bot.matching.names import Rule


@dataclass(frozen=True)
class Match:
    """One entry in the ranking; ``score`` is its share (0..1) among the nearest ten."""

    entry_id: str
    score: float


@dataclass(frozen=True)
class RestsOn:
    """
    A wrong belief that a question may rest on: the entry that corrects it, its position there, the probability (0..1)
    that the question does, and what shows it: the likeness, or the name that is out of date.
    """

    entry_id: str
    position: int
    chance: float
    old_name: str | None = None
    resting: Resting | None = None


@dataclass(frozen=True)
class Matches:
    """
    The entries nearest to a question, best first, at most ten.

    ``confidence``: the probability (0..1) that the first is right. ``rule``: what put it first. ``named``: the ids that
    the rule named. ``rests_on``: the wrong beliefs that the question may rest on, the likeliest first. ``decline_id``:
    the decline topic that is nearer than any entry, and ``decline_confidence`` the share (0..1) by which it is.
    """

    ranked: tuple[Match, ...]
    confidence: float
    rule: Rule
    reading: Reading
    evidence: Evidence
    named: tuple[str, ...] = ()
    rests_on: tuple[RestsOn, ...] = ()
    decline_id: str | None = None
    decline_confidence: float = 0.0

    @property
    def best(self) -> str | None:
        """The id of the first entry, or None where nothing was near at all."""
        return self.ranked[0].entry_id if self.ranked else None


@dataclass(frozen=True)
class WordShare:
    """How much one word of the question spoke for an entry (log odds; below 0: against it)."""

    word: str
    share: float


@dataclass(frozen=True)
class Explanation:
    """Why the first entry is first: its words, the runner-up and its words, the distance, the repairs."""

    matches: Matches
    best_words: tuple[WordShare, ...]
    runner_up: str | None
    runner_up_words: tuple[WordShare, ...]
    lead: float
