"""Two things side by side: "alpha or beta?", "notify vs pay", "the difference between X and Y"."""

from __future__ import annotations

import re
from collections.abc import Sequence

_BETWEEN = re.compile(
    r"\b(?:differences?|differ|compare|comparing|choose|choice)\b(?: between)? (.+?) (?:and|with|to|or|from) (.+)"
)
_VERSUS = re.compile(r"(.+?) (?:vs|versus|or|compared (?:to|with)|rather than|instead of|against) (.+)")
_LEAD_IN = re.compile(
    r"^(?:so |and )?(?:is it|are we|what is|whats|should we (?:use|do|be in|pick|choose)|do we (?:want|need|use)"
    r"|are we in|which is better|which|use|pick) "
)
_TAIL = re.compile(
    r" (?:differ|different|better|first|which|the same|for us|please|whats the difference|what is the difference)\b.*$"
)


def sides(words: Sequence[str]) -> tuple[str, str] | None:
    """The two sides of a comparison as text to look up each by itself, or None where *words* make none."""
    text = " ".join(words)
    for pattern in (_BETWEEN, _VERSUS):
        if match := pattern.search(text):
            left, right = (_TAIL.sub("", _LEAD_IN.sub("", side)).strip() for side in match.groups())
            if left and right and left != right:
                return left, right
    return None
