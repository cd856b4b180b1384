"""References to a numbered point of a standard: "point 5", "ss5", "local standard 10", "TCoP point 5"."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
_IN_WORDS = {word: number for number, word in enumerate(_NUMBERS, start=1)}
_DIGITS = r"(\d{1,2})"
_ANY = rf"(\d{{1,2}}|{'|'.join(_NUMBERS)})"
_POINT = r"(?:points?|pt|criterion|principle|number|no)"
_SHORT_POINT = r"(?:points?|pt|criterion)"
_NAMES = (
    ("local-standard", r"(?:lgdss|(?:councils? (?:own )?|local ?(?:gov |government |authority )?)(?:digital )?"
                       r"(?:service )?standards?)"),
    ("technology-code", r"(?:tcop|tech(?:nology)? code(?: of practice)?|code of practice)"),
    ("service-standard", r"(?:ss|dss|gds standard|(?:gov uk |government )?service standard|standard)"),
)  # fmt: skip
_SHORT_NAMES = {
    "local-standard": r"(?:local|lgdss|council|councils)",
    "technology-code": r"(?:tcop|tech|technology)",
    "service-standard": r"(?:service|gds|gov)",
}


def find_points(words: Sequence[str], known: Container[str]) -> list[str]:
    """
    The ids of the standard points that *words* name and that are *known*, in order, each once.

    A number in digits may follow a standard's name ("local standard 10", "ss 5"); written out it needs the word "point"
    before it ("point five"), for "the local one" names no point. A bare "point 5" is the GOV.UK Service Standard's.
    """
    text = " ".join(words)
    found: dict[int, str] = {}

    def take(standard: str, pattern: str) -> None:
        """Note every point that *pattern* names, and blot it out so that no plainer pattern reads it again."""
        nonlocal text
        for match in re.finditer(pattern, text):
            found[match.start()] = _id(standard, match[1])
        text = re.sub(pattern, lambda match: "." * len(match[0]), text)

    for standard, name in _NAMES:
        for pattern in _patterns(name, _SHORT_NAMES[standard]):
            take(standard, pattern)
    take(_standard_of(list(found.values())), rf"\b{_SHORT_POINT} {_ANY}\b")
    return [one for one in dict.fromkeys(found[at] for at in sorted(found)) if one in known]


def _standard_of(found: Sequence[str]) -> str:
    """A bare "point 6" beside a named point is of the same standard; alone it is the GOV.UK Service Standard's."""
    return found[0].split("/")[0] if found else "service-standard"


def _patterns(name: str, short: str) -> tuple[str, ...]:
    """The ways to name a point of one standard, the plainest last."""
    return (
        rf"\b{_SHORT_POINT} {_ANY} (?:of|in|from|on|under) (?:the |our )?(?:new |old )?{short}\b",
        rf"\b(?:{name}|{short}) {_POINT} {_ANY}\b",
        rf"\b{name} {_DIGITS}\b",
    )


def _id(standard: str, number: str) -> str:
    return f"{standard}/{int(_IN_WORDS.get(number, 0) or number):02d}"
