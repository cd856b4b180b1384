"""The three things that Advisor can say to a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.answers.aspect import Aspect
from bot.knowledge.entry import Belief, Entry, Nation
from bot.knowledge.vocabulary import DeclineReason, DeclineTopic
from bot.matching.matches import Matches

Outcome = Literal["answer", "choice", "decline"]


@dataclass(frozen=True)
class Correction:
    """
    A wrong belief that the question rests on (``sure``) or may rest on, and the entry that corrects it; ``old_name``
    where a name that is out of date gives it away.
    """

    entry: Entry
    belief: Belief
    sure: bool = True
    old_name: str | None = None


@dataclass(frozen=True)
class Answer:
    """One entry, or two for a comparison; the wrong beliefs to correct, the aspect and the nation that were asked."""

    matches: Matches
    entries: tuple[Entry, ...]
    corrections: tuple[Correction, ...] = ()
    aspect: Aspect | None = None
    nation: Nation | None = None
    outcome: Outcome = "answer"

    @property
    def entry(self) -> Entry:
        """The entry, or the first of the two."""
        return self.entries[0]


@dataclass(frozen=True)
class Choice:
    """Two to four entries that may be meant, the likeliest first; the wrong beliefs that are corrected all the same."""

    matches: Matches
    options: tuple[Entry, ...]
    corrections: tuple[Correction, ...] = ()
    outcome: Outcome = "choice"


@dataclass(frozen=True)
class Decline:
    """No answer, and why; the nearest entries are named, never applied. ``topic`` holds the words where one fits."""

    matches: Matches
    reason: DeclineReason
    topic: DeclineTopic | None = None
    nearest: tuple[Entry, ...] = ()
    outcome: Outcome = "decline"


Reply = Answer | Choice | Decline
