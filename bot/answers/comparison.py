"""Two things side by side: "alpha or beta?", "notify vs pay", "the difference between X and Y"."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_SIDE = 6
"""Words: what is longer is a sentence with an "or" in it, not a comparison."""

_BETWEEN = re.compile(
    r"\b(?:differences?|differs?|compare|comparing|choose|choice)\b(?: between| from)? (.+?) "
    r"(?:and|with|to|or|from|versus|vs) (.+)"
)
_TRAILING = re.compile(
    r"^(?:so |and |are |is |how (?:is|are|do|does) )?(.+?) (?:and|or|vs|versus) (.+?) "
    r"(?:whats the difference|what is the difference|differ|different|compared?|which|difference)\b"
)
_VERSUS = re.compile(r"(.+?) (?:vs|versus|or|compared (?:to|with)|rather than|against|differ from|different from) (.+)")
_LEAD_IN = re.compile(
    r"^(?:so |and )?(?:is it|are we in|are we|is this|what is|whats|should we (?:use|do|be in|pick|choose|go for)"
    r"|do we (?:want|need|use)|which should we (?:use|do)"
    r"|which (?:\w+ ){0,2}(?:better|worse|\w+er|best|more|less|first)(?: the)?"
    r"|which|use|pick|how does|how do|how is|the)\b ?"
)
_TAIL = re.compile(
    r" (?:differ|different|better|first|which|the same|for us|for a|please|whats|what is|what do|in plain)\b.*$"
)


_CUES = frozenset("difference differences differ differs different compare compared versus vs overlap overlaps".split())
_LOOSE_CUES = frozenset("or worse better same".split())
_CUE_PHRASES = ("who does what", "which does what", "which is which", "which one is", "what is each")


def compares(words: Sequence[str]) -> bool:
    """Whether *words* hold a word or a phrase that says nothing else than that things are set side by side."""
    return not _CUES.isdisjoint(words) or any(phrase in " ".join(words) for phrase in _CUE_PHRASES)


def may_compare(words: Sequence[str]) -> bool:
    """Whether *words* hold a word that may set things side by side, or may join anything else: "or", "better"."""
    return not _LOOSE_CUES.isdisjoint(words)


def sides(words: Sequence[str]) -> tuple[str, str] | None:
    """
    The two sides of a comparison as text to look up each by itself, or None where *words* make none.

    "The local one" beside "the service standard" is read as "local standard".
    """
    text = " ".join(words)
    for pattern in (_BETWEEN, _TRAILING, _VERSUS):
        if match := pattern.search(text):
            left, right = (_TAIL.sub("", _LEAD_IN.sub("", side.strip())).strip() for side in match.groups()[:2])
            if left and right and left != right:
                return left, _with_noun(right, left)
    return None


def _with_noun(side: str, other: str) -> str:
    """*side* with the last word of *other* in the place of "one"."""
    return f"{side.removesuffix('one').strip()} {other.split()[-1]}" if side.split()[-1] == "one" else side
