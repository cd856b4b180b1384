"""What fits a service area, with the reason; and the line that the check leaves in the history."""

from __future__ import annotations

import pytest

from bot.checkpoints.refusals import Refused
from bot.knowledge.entry import Entry
from bot.network.alike import is_alike
from bot.network.reuse import fitting_cases, fitting_platforms, reuse_line

CASE = {
    "organisations": ["Leeds"], "years": "2025", "verdict": "failed", "problem": "p", "did": "d", "outcome": "o",
}  # fmt: skip


def make_case(id: str, *areas: str, points: tuple[str, ...] = (), related: tuple[str, ...] = ()) -> Entry:
    case = {**CASE, "service_areas": areas, "illustrates": points}
    return Entry.model_validate({"id": f"case/{id}", "title": id, "summary": "s", "case": case, "related": related})


def make_platform(id: str, *tags: str, status: str = "live", councils: str = "yes") -> Entry:
    platform = {"status": status, "councils": councils, "audience": "all", "cost": "free"}
    given = {"id": f"platform/{id}", "title": id, "summary": "s", "tags": tags, "platform": platform}
    return Entry.model_validate(given)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("parking", "Parking permits", True),
        ("revenues and benefits", "benefits", True),
        ("council tax", "tax", True),
        ("housing repairs", "repairs to housing", True),
        ("adult social care", "adult education", False),
        ("waste", "parking", False),
        ("council services", "online services of the council", False),
        ("", "parking", False),
    ],
)
def test_areas_that_mean_one_need(one: str, other: str, alike: bool) -> None:
    assert is_alike(one, other) is alike
    assert is_alike(other, one) is alike


def test_cases_in_the_area_come_before_cases_about_an_unmet_point() -> None:
    cases = [make_case("a", "tax", points=("service-standard/05",)), make_case("b", "parking"), make_case("c", "tax")]

    found = fitting_cases(cases, "parking permits", ["service-standard/05"])

    assert [(fit.entry.id, fit.why) for fit in found] == [
        ("case/b", "same service area: parking"),
        ("case/a", "about point 5, which is not met yet"),
    ]


def test_platforms_that_councils_may_use_come_first_and_closed_ones_last() -> None:
    platforms = [
        make_platform("old", "payments", status="closed"),
        make_platform("theirs", "payments", councils="no"),
        make_platform("pay", "payments"),
        make_platform("maps", "maps"),
    ]

    assert [fit.entry.id for fit in fitting_platforms(platforms, "payments")] == [
        "platform/pay",
        "platform/theirs",
        "platform/old",
    ]


def test_a_platform_fits_by_a_need_or_by_what_a_case_used() -> None:
    platforms = [make_platform("pay"), make_platform("notify"), make_platform("maps")]
    cases = fitting_cases([make_case("a", "parking", related=("platform/notify",))], "parking")
    guide = Entry.model_validate(
        {"id": "guide/payments", "title": "Payments", "summary": "s", "related": ["platform/pay"]}
    )

    found = fitting_platforms(platforms, "parking", cases=cases, near=[("takes payments", guide)])

    assert {fit.entry.id: fit.why for fit in found} == {
        "platform/pay": "fits: takes payments",
        "platform/notify": "named by the case study “a”",
    }


@pytest.mark.parametrize(
    ("finding", "reason", "line"),
    [
        ("reuse", "GOV.UK Pay", "will reuse: GOV.UK Pay"),
        ("does not fit", "no  Welsh", "looked, not fit because: no Welsh"),
        ("nothing found", "", "looked, found nothing that fits"),
        ("nothing found", "asked Leeds too", "looked, found nothing that fits: asked Leeds too"),
    ],
)
def test_the_line_in_the_history(finding: str, reason: str, line: str) -> None:
    assert reuse_line(finding, reason) == line


@pytest.mark.parametrize(
    ("finding", "reason", "field"),
    [("", "x", "finding"), ("reuse", " ", "reason"), ("does not fit", "", "reason"), ("reuse", "x" * 501, "reason")],
)
def test_a_check_without_a_reason_is_refused_at_its_field(finding: str, reason: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        reuse_line(finding, reason)

    assert list(refused.value.faults) == [field]
