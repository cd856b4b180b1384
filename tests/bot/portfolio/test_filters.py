"""Which services are looked at, as people type it."""

from __future__ import annotations

import pytest

from bot.checkpoints.refusals import Refused
from bot.portfolio.filters import Filter, choices, chosen_from, passes, read_filter
from tests.bot.checkpoints.build import make_service
from tests.bot.portfolio.build import make_portfolio


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Filter()),
        ("directorate:Housing", Filter(directorate="Housing")),
        ('phase:"private beta" route=bought', Filter(phase="private beta", route="bought")),
        ("phase: Private Beta, area: “Bins and waste”", Filter(phase="private beta", area="Bins and waste")),
        ("standard:local-standard", Filter(standard="local-standard")),
    ],
)
def test_what_people_type_is_understood(typed: str, expected: Filter) -> None:
    assert read_filter(typed) == expected


@pytest.mark.parametrize("typed", ["Housing", "bins phase:live", "phase:gamma", "route:stolen"])
def test_what_is_not_understood_is_refused_with_what_may_be_written(typed: str) -> None:
    with pytest.raises(Refused, match=r"Write directorate:|Choose one of"):
        read_filter(typed)


def test_a_filter_in_words_is_read_back_the_same() -> None:
    chosen = Filter("Adults & health", "Meals", "private beta", "bought", "technology-code")

    assert read_filter(chosen.words()) == chosen


def test_capitals_do_not_matter_and_nothing_given_can_be_chosen() -> None:
    assert passes(make_service(directorate="Housing"), Filter(directorate="HOUSING"))
    assert passes(make_service(directorate=""), Filter(directorate="not given"))
    assert not passes(make_service(directorate="Place"), Filter(directorate="Housing"))


def test_what_belongs_to_other_services_is_left_out() -> None:
    portfolio = make_portfolio(40)

    found = chosen_from(portfolio, Filter(directorate="Housing"))

    ids = {one.id for one in found.services}
    checkpoints = {one.id for kept in found.checkpoints.values() for one in kept}
    assert {one.directorate for one in found.services} == {"Housing"}
    assert set(found.checkpoints) == ids
    assert {event.checkpoint_id for event in found.history} <= checkpoints
    assert set(found.receipts) <= checkpoints
    assert {found.evidence_of[id] for id in found.evidence} <= ids


def test_directorates_are_offered_once_whatever_their_capitals() -> None:
    services = [make_service(directorate=one) for one in ("Housing", "HOUSING", "", "Place")]

    assert choices(services)["directorate"] == ("Housing", "not given", "Place")
