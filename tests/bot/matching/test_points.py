"""A number names a point of a standard only where it is meant to."""

from __future__ import annotations

import pytest

from bot.matching.points import find_points
from bot.matching.wording import tokenize

KNOWN = {f"{name}/{number:02d}" for name in ("service-standard", "local-standard", "technology-code")
         for number in range(1, 15)}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "points"),
    [
        ("point 5", ["service-standard/05"]),
        ("what does ss5 ask for", ["service-standard/05"]),
        ("service standard 12, what evidence", ["service-standard/12"]),
        ("point five please", ["service-standard/05"]),
        ("local standard 10", ["local-standard/10"]),
        ("LGDSS point 6 n personal data", ["local-standard/06"]),
        ("local government digital service standard point 3", ["local-standard/03"]),
        ("how does that look against point 3 of the councils' own standard", ["local-standard/03"]),
        ("TCoP 5", ["technology-code/05"]),
        ("point 8 of the technology code", ["technology-code/08"]),
        ("point 5 and point 6", ["service-standard/05", "service-standard/06"]),
        ("ss5 and lgdss 10", ["service-standard/05", "local-standard/10"]),
        ("local standard point 5 and point 6", ["local-standard/05", "local-standard/06"]),
        ("lgdss 99", []),
        ("the local one", []),
        ("we have 5 services", []),
        ("at some point 2 teams merged", ["service-standard/02"]),
        ("version 2.1 of WCAG", []),
        ("", []),
    ],
)
def test_points_are_recognised(question: str, points: list[str]) -> None:
    assert find_points(tokenize(question), KNOWN) == points
