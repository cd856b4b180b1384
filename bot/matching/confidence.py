"""How sure we may be that the first entry is right: a probability from what can be seen of the ranking alone.

The weights were fitted once, on rankings of public question collections with questions out of scope (CLINC150 with ten
phrases an intent, BANKING77 with twelve and twenty intents left out, and three live-chat logs of HINT3), and hold for
folders nobody tuned for: fitted without a collection they are within two points of what that collection would have
chosen for itself. ``benchmarks/calibration.py`` repeats the fit; docs/decisions/0004 says why it is not done at load.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Evidence:
    """What can be seen of one ranking, before anybody says whether it is right. Shares are 0..1, leads log odds."""

    lead: float
    share: float
    cosine: float
    known: float
    unknown: float
    phrase: float
    length: int

    def row(self) -> dict[str, float]:
        """The numbers that are weighed, by name."""
        lead = math.log1p(max(self.lead, 0.0))
        return {
            "lead over the next entry": lead,
            "share among the nearest": self.share,
            "likeness to the entry's centre": self.cosine,
            "words of the question that the entry has": self.known,
            "words that no entry has": self.unknown,
            "likeness to the nearest phrase": self.phrase,
            "length": math.log1p(self.length),
            "lead x words that the entry has": lead * self.known,
        }


BIAS: Final = -5.636
WEIGHTS: Final = {
    "lead over the next entry": 0.082,
    "share among the nearest": 2.768,
    "likeness to the entry's centre": 1.359,
    "words of the question that the entry has": -1.177,
    "words that no entry has": -1.62,
    "likeness to the nearest phrase": 3.515,
    "length": 0.043,
    "lead x words that the entry has": 1.171,
}


def confidence(evidence: Evidence) -> float:
    """The probability (0..1) that the first entry is the right one."""
    row = evidence.row()
    return squash(BIAS + sum(weight * row[name] for name, weight in WEIGHTS.items()))


def squash(odds: float) -> float:
    """Log odds as a probability."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))
