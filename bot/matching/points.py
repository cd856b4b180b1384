"""References to a numbered point of a standard: "point 5", "ss5", "local standard 10", "TCoP point 5"."""

from __future__ import annotations

import re
from collections.abc import Container

_NUMBERS = ("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen").split()
_IN_WORDS = {word: number for number, word in enumerate(_NUMBERS, start=1)}
_DIGITS = r"(\d{1,2}|" + "|".join(_NUMBERS) + r")"
_STANDARDS = (
    (
        "local-standard",
        r"(?:lgdss|(?:local(?: government| gov| authority)?)(?: digital)?(?: service)?(?: standard)?)",
    ),
    ("technology-code", r"(?:tcop|(?:tech(?:nology)?|technology) code(?: of practice)?|code of practice)"),
)
_POINT = r" ?(?:point|points|pt|no|number|criterion|principle)? ?"
_PATTERNS = tuple((name, re.compile(rf"\b{words}{_POINT}{_DIGITS}\b")) for name, words in _STANDARDS)
_BARE = re.compile(rf"\b(?:point|pt|criterion) {_DIGITS}\b")
_REVERSED = re.compile(
    rf"\b(?:point|pt) {_DIGITS} (?:of|in|from|on) (?:the )?(?:new |old )?"
    r"(local|lgdss|tcop|tech|technology|code|service|gds|gov)"
)
_REVERSED_NAME = {"local": "local-standard", "lgdss": "local-standard"} | dict.fromkeys(
    ("tcop", "tech", "technology", "code"), "technology-code"
)


def find_points(words: list[str], known: Container[str]) -> list[str]:
    """
    The ids of the standard points that *words* name and that are *known*, in order, each once.

    A bare "point 5" is the GOV.UK Service Standard's. "lgdss 99" names no point that exists, and so gives nothing.
    """
    text = " ".join(words)
    found: dict[str, None] = {}
    for match in _REVERSED.finditer(text):
        found[_id(_REVERSED_NAME.get(match[2], "service-standard"), match[1])] = None
    if not found:
        for name, pattern in _PATTERNS:
            found |= {_id(name, match[1]): None for match in pattern.finditer(text)}
    if not found:
        found |= {_id("service-standard", match[1]): None for match in _service_points(text)}
    return [one for one in found if one in known]


def _service_points(text: str) -> list[re.Match[str]]:
    named = [
        match for match in re.finditer(rf"\b(?:ss|service standard|standard|gds standard){_POINT}{_DIGITS}\b", text)
    ]
    return named or list(_BARE.finditer(text))


def _id(standard: str, number: str) -> str:
    return f"{standard}/{int(_IN_WORDS.get(number, 0) or number):02d}"
