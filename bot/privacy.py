"""What must not be kept: personal details that people type into a question are masked before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_MARKED: Final = (
    # Slack's own mark-up comes first, whole: <mailto:jo@example.org|jo@example.org>, <tel:+44...|0117 ...>, <@U012|jo>.
    # The end may be missing: text is cut off somewhere, and what is nested falls in one turn.
    (re.compile(r"<mailto:[^<>]*>?", re.IGNORECASE), "[e-mail]"),
    (re.compile(r"<tel:[^<>]*>?", re.IGNORECASE), "[phone]"),
    (re.compile(r"<@[UW][A-Z0-9]*(?:\|[^<>]*)?>?", re.IGNORECASE), "[person]"),
    # jo.o'brien+bins@example.gov.uk; not "3@10.99 each", for the last part of a domain starts with a letter. The part
    # before the @ is bounded (as RFC 5321 bounds it), or a long text without any @ would take very long.
    (re.compile(r"[\w+][\w.+%&'’-]{0,63}+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_][\w-]*"), "[e-mail]"),
    # QQ 12 34 56 C, ab123456d. Prefixes that are never issued count too: people mistype.
    (
        re.compile(r"(?<![^\W_])(?:[A-Z]{2}(?:[ \u00a0-]?[0-9]{2}){3}[ \u00a0-]?[A-D])+(?![^\W_])", re.IGNORECASE),
        "[National Insurance number]",
    ),
)

# Groups of digits that may be one number: 0117 922 2000, (020) 7946-0958, +44 (0)7700 900123, 020.7946.0958.
# Not joined by a comma, a slash or a colon: 10,000 and 23/11/2026 and 09:30.
_RUN: Final = re.compile(r"[0-9]+(?:(?:[ \t\u00a0\u2009\u202f()\u2010-\u2015-]{1,3}|\.)[0-9]+)*")
_GROUP: Final = re.compile(r"[0-9]+")
_MOST_GROUPS: Final = 15

_UK: Final = re.compile(r"0[1-35789][0-9]{9}|0[158][0-9]{8}")
# An area code has at least three digits, so that "points 01 02 03 04 05" and "01-02-2026 10" are no telephone numbers.
_AREA: Final = re.compile(r"[0-9]{3}|07 [0-9]{3}")
_UK_FROM_ABROAD: Final = re.compile(r"440?[1-35789][0-9]{8,9}")
_UK_WITHOUT_PLUS: Final = re.compile(r"44(?:7|0[1-35789])[0-9]{9}")
_ABROAD: Final = re.compile(r"(?!44)[1-9][0-9]{7,14}")  # E.164: at most 15 digits
_GROUPED_CARD: Final = re.compile(r"(?:[3-6]|2[2-7])[0-9]{12,18}")


def mask(text: str) -> str:
    """
    The text with every personal detail replaced by what it was: ``[e-mail]``, ``[phone]``, ``[card]``,
    ``[National Insurance number]``, ``[NHS number]`` or ``[person]``.

    Years, money, points and standards ("2026", "£10,000", "point 5", "ISO 27001") stay. In doubt it masks: an editor
    who reads ``[phone]`` for a contract number loses less than the person whose number is kept. Masking twice changes
    nothing more.
    """
    masked = _mask_once(text)
    while masked != text:
        # What stood beside a masked piece can be seen as a whole only now. This ends: each turn takes away a digit,
        # an @ or a colon, and none comes back.
        text, masked = masked, _mask_once(masked)
    return text


@dataclass(frozen=True)
class _Number:
    """Groups of digits in a row, and the character before them."""

    groups: tuple[str, ...]
    before: str

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(map(len, self.groups))


def _mask_once(text: str) -> str:
    for pattern, label in _MARKED:
        text = pattern.sub(label, text)
    pieces, done = [], 0
    for start, end, label in _numbers(text):
        pieces += [text[done:start], label]
        done = end
    return "".join(pieces) + text[done:]


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each number that must be masked starts and ends, and its label; from left to right, the longest first."""
    for run in _RUN.finditer(text):
        spans = [group.span() for group in _GROUP.finditer(text, *run.span())]
        first = 0
        while first < len(spans):
            for last in reversed(range(first, min(first + _MOST_GROUPS, len(spans)))):
                if label := _label(_number(text, spans, first, last)):
                    yield _start(text, spans[first][0], spans[last][1]), spans[last][1], label
                    first = last
                    break
            first += 1


def _number(text: str, spans: list[tuple[int, int]], first: int, last: int) -> _Number:
    start = spans[first][0]
    return _Number(tuple(text[one:end] for one, end in spans[first : last + 1]), text[max(start - 1, 0) : start])


def _start(text: str, start: int, end: int) -> int:
    """Where the number starts with its plus, and with the bracket that is closed within it: (0117) 922 2000."""
    if text[start - 1 : start] == "+":
        start -= 1
    if text.count(")", start, end) > text.count("(", start, end) and text[start - 1 : start] == "(":
        start -= 1
    return start


def _label(number: _Number) -> str | None:
    if number.before in ("£", "$", "€"):
        return None
    if _is_nhs(number):
        return "[NHS number]"
    if _is_phone(number):
        return "[phone]"
    return "[card]" if _is_card(number) else None


def _is_nhs(number: _Number) -> bool:
    """
    Whether these are ten digits, 943 476 5919 or 9434765919, the last of which checks the others.

    Source: NHS Data Dictionary, "NHS number" (modulus 11 algorithm).
    """
    if number.shape not in ((10,), (3, 3, 4)):
        return False
    *others, check = map(int, number.digits)
    remainder = sum(digit * weight for digit, weight in zip(others, range(10, 1, -1), strict=True)) % 11
    return (11 - remainder) % 11 == check


def _is_phone(number: _Number) -> bool:
    """Whether this is a telephone number: +44 or another country, 0044, 0117, 07..., or 44 7... without the plus."""
    digits, head = number.digits, number.groups[0]
    if number.before == "+":
        return _is_international(digits)
    if digits.startswith("00"):
        return _is_international(digits[2:])
    if digits.startswith("0"):
        return (_UK.fullmatch(digits) and _AREA.match(" ".join(number.groups))) is not None
    # Not 4477 0090 0123 4567, which is a card.
    return (head == "44" or len(head) > 4) and _UK_WITHOUT_PLUS.fullmatch(digits) is not None


def _is_international(digits: str) -> bool:
    return (_UK_FROM_ABROAD.fullmatch(digits) or _ABROAD.fullmatch(digits)) is not None


def _is_card(number: _Number) -> bool:
    """
    Whether these are 13 to 19 digits that pass the Luhn check. In groups they must look like a card: four digits
    first, at most five groups, an issuer's first digits; or a tenth of all lists of years and points would pass.
    """
    digits, groups = number.digits, number.groups
    if not 13 <= len(digits) <= 19:
        return False
    if len(groups) > 1 and (len(groups) > 5 or len(groups[0]) != 4 or not _GROUPED_CARD.fullmatch(digits)):
        return False
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0
