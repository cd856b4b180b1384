"""How services stand at each point, counted against a plain reading of the same answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.checkpoints.checkpoint import Decision, Value, Waiver
from bot.portfolio.portfolio import Portfolio, is_leader
from bot.portfolio.standings import Rating, most_failed, number_of, standings
from tests.bot.checkpoints.build import NOW, SPONSOR, TODAY, make_answer, make_checkpoint, make_prompt, make_template
from tests.bot.checkpoints.build import make_service as service
from tests.bot.portfolio.build import POINTS, make_portfolio

POINT = "service-standard/05"
TEMPLATE = make_template(make_prompt("one", points=(POINT,)), make_prompt("two", points=(POINT,)))


def portfolio_of(*checkpoints: object) -> Portfolio:
    return Portfolio((service(),), {"s1": tuple(checkpoints)})  # type: ignore[arg-type]


def rating_of(*checkpoints: object, today: dt.date = TODAY) -> Rating:
    return standings(portfolio_of(*checkpoints), [POINT], today=today)["s1"][POINT].rating


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("met", "met"), "met"),
        (("met", "partly"), "partly"),
        (("partly", "not yet"), "not yet"),
        (("met", "does not apply"), "met"),
        (("does not apply", "does not apply"), "does not apply"),
    ],
)
def test_of_several_answers_at_a_point_the_worst_stands(values: tuple[Value, Value], expected: Rating) -> None:
    answers = {id: make_answer(id, value) for id, value in zip(("one", "two"), values, strict=True)}

    assert rating_of(make_checkpoint(TEMPLATE, answers=answers)) == expected


def test_what_was_met_is_to_be_checked_again_once_its_evidence_has_expired() -> None:
    answers = {"one": make_answer("one", "met", evidence_ids=("e1",), lapsed=("e1",)), "two": make_answer("two")}

    assert rating_of(make_checkpoint(TEMPLATE, answers=answers)) == "check again"


def test_a_point_nobody_answered_is_not_asked() -> None:
    assert rating_of() == "not asked"
    assert rating_of(make_checkpoint(TEMPLATE)) == "not asked"


def test_the_newest_answer_stands_whatever_the_dates_of_the_checkpoints() -> None:
    old = make_checkpoint(TEMPLATE, answers={"one": make_answer("one", "not yet")}, due_on=dt.date(2027, 9, 1))
    later = make_answer("one", "met", at=NOW + dt.timedelta(days=1))
    new = make_checkpoint(
        replace(TEMPLATE, id="checkpoint/live"), id="c2", answers={"one": later}, due_on=dt.date(2027, 3, 1)
    )

    found = standings(portfolio_of(new, old), [POINT], today=TODAY)["s1"][POINT]

    assert (found.rating, found.checkpoint_id, found.prompt_ids) == ("met", "c2", ("one",))


def test_a_waiver_is_named_until_it_ends() -> None:
    until = TODAY + dt.timedelta(days=3)
    decision = Decision("met with conditions", SPONSOR, NOW, "", (), (Waiver("Why", SPONSOR, until, ("one",)),))
    answers = {"one": make_answer("one", "not yet"), "two": make_answer("two", "met")}
    checkpoint = make_checkpoint(TEMPLATE, state="met with conditions", decision=decision, answers=answers)

    assert rating_of(checkpoint) == "waived"
    assert rating_of(checkpoint, today=until + dt.timedelta(days=1)) == "not yet"


def test_a_cancelled_checkpoint_counts_for_nothing() -> None:
    answers = {"one": make_answer("one", "met")}

    assert rating_of(make_checkpoint(TEMPLATE, state="cancelled", answers=answers)) == "not asked"


def test_the_points_that_fail_most_are_counted_as_a_plain_loop_counts_them() -> None:
    portfolio = make_portfolio(60)
    found = standings(portfolio, POINTS, today=TODAY)

    failing = most_failed(found)

    for one in failing:
        ratings = [row[one.point].rating for row in found.values()]
        assert one.not_yet == ratings.count("not yet")
        assert one.answered == sum(rating not in ("does not apply", "not asked") for rating in ratings)
    assert [one.failed for one in failing] == sorted((one.failed for one in failing), reverse=True)


def test_a_point_is_called_by_its_number() -> None:
    assert number_of("service-standard/05") == "5"
    assert number_of("local-standard/10") == "10"


@pytest.mark.parametrize(("user", "leads"), [("USPONSOR", True), ("UADMIN", True), ("UOWNER", False), ("", False)])
def test_sponsors_and_named_administrators_lead(user: str, leads: bool) -> None:
    assert is_leader(user, frozenset({"USPONSOR"}), frozenset({"UADMIN"})) is leads
