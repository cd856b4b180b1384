"""How sure we may be that the first entry is right: a probability from what can be seen of the ranking alone.

The weights were fitted once, on rankings of public question collections with questions out of scope (CLINC150 with ten
phrases an intent, BANKING77 with twelve and twenty intents left out, three live-chat logs of HINT3) and of the tuned
halves of our own sets. ``benchmarks/calibration.py`` repeats the fit; docs/decisions/0004 says why not at load.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Evidence:
    """
    What can be seen of one ranking, before anybody says whether it is right. Shares are 0..1, leads log odds.

    ``known`` and ``unknown``: the shares of the question's words, by weight, that the entry has and that no entry has;
    ``held`` the weight itself of those it has. ``phrase`` and ``whole_phrase``: likeness to its nearest phrase, where
    what the phrase leaves out does not count against it, and where it does. ``over_declines``: the lead over whatever
    is declined.
    """

    lead: float
    share: float
    cosine: float
    known: float
    unknown: float
    held: float
    phrase: float
    whole_phrase: float
    length: int
    over_declines: float | None

    def row(self) -> dict[str, float]:
        """The numbers that are weighed, by name."""
        lead = math.log1p(max(self.lead, 0.0))
        return {
            "lead over the next entry": lead,
            "share among the nearest": self.share,
            "likeness to the entry's centre": self.cosine,
            "words of the question that the entry has": self.known,
            "words that no entry has": self.unknown,
            "likeness to the nearest phrase as a whole": self.whole_phrase,
            "likeness to the nearest phrase": self.phrase,
            "length": math.log1p(self.length),
            "lead x words that the entry has": lead * self.known,
            "weight of the words that the entry has": math.log1p(self.held),
            "lead over what is declined": 1.0 if self.over_declines is None else math.tanh(self.over_declines / 2),
        }


BIAS: Final = -11.187
WEIGHTS: Final = {
    "lead over the next entry": 0.529,
    "share among the nearest": 0.568,
    "likeness to the entry's centre": -0.563,
    "words of the question that the entry has": -0.025,
    "words that no entry has": -0.149,
    "likeness to the nearest phrase as a whole": 3.356,
    "likeness to the nearest phrase": 3.492,
    "length": 0.622,
    "lead x words that the entry has": 1.154,
    "weight of the words that the entry has": 0.069,
    "lead over what is declined": 3.038,
}


def confidence(evidence: Evidence) -> float:
    """The probability (0..1) that the first entry is the right one."""
    row = evidence.row()
    return squash(BIAS + sum(weight * row[name] for name, weight in WEIGHTS.items()))


def squash(odds: float) -> float:
    """Log odds as a probability."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
