"""Blind rounds: nothing readable before the end, then the disputed points first."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints.blind import (
    MOST_PEOPLE,
    RATINGS,
    Card,
    Compared,
    Mark,
    Rating,
    Round,
    call_off,
    check_call_off,
    check_early,
    close,
    disagreement,
    end_of,
    give,
    lose,
    open_round,
    waiting_for,
    why_it_ends,
    withdraw,
)
from bot.checkpoints.calendar import LONDON
from bot.checkpoints.refusals import Refused
from tests.bot.checkpoints.build import (
    NOW,
    OWNER,
    TODAY,
    answered,
    make_checkpoint,
    make_prompt,
    make_service,
    make_template,
)

LAST_DAY = TODAY + dt.timedelta(days=7)
PEOPLE = ("UANN", "UBOB", "UCAT")
CHECKPOINT, SERVICE = make_checkpoint(), make_service()
PROMPTS = CHECKPOINT.template.prompts


def opened(people: tuple[str, ...] = PEOPLE, last_day: dt.date = LAST_DAY, **changes: Any) -> Round:
    given: dict[str, Any] = {"named": False, "by": "UMEMBER", "at": NOW}
    return open_round("b1", CHECKPOINT, SERVICE, people, last_day, **given | changes)


def card(owner: Rating = "met", tested: Rating = "met", money: Rating = "met", note: str = "") -> Card:
    return Card({"owner": Mark(owner, note), "tested": Mark(tested), "money": Mark(money)})


def filled(one: Round, *people: str) -> Round:
    for person in people:
        one = give(one, card(), PROMPTS, by=person, at=NOW)
    return one


def result_of(cards: dict[str, Card], *, named: bool = False) -> tuple[Compared, ...]:
    one = filled(opened(tuple(cards), named=named), *cards)
    return close(one, cards, PROMPTS, ending="all are in", at=NOW).result


def test_a_round_and_a_card_give_nothing_away_to_a_log() -> None:
    one = filled(opened(), "UANN", "UBOB")

    assert "met" not in repr(one)
    assert repr(card(note="secret")) == "Card()"


def test_it_ends_when_everybody_is_in_and_not_before() -> None:
    two = filled(opened(), "UANN", "UBOB")

    assert (why_it_ends(two, at=NOW), waiting_for(two)) == ("", ("UCAT",))
    assert why_it_ends(filled(two, "UCAT"), at=NOW) == "all are in"


def test_its_last_day_counts_whole() -> None:
    last_second = dt.datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 23, 59, 59, tzinfo=LONDON)

    assert why_it_ends(opened(), at=last_second) == ""
    assert why_it_ends(opened(), at=last_second + dt.timedelta(seconds=1)) == "its last day is over"
    assert opened().last_day == LAST_DAY


def test_the_last_day_is_londons_also_when_the_clocks_go_back() -> None:
    one = opened(last_day=dt.date(2027, 10, 31))

    assert end_of(dt.date(2027, 10, 31)).utcoffset() == dt.timedelta(0)
    assert one.last_day == dt.date(2027, 10, 31)


def test_after_the_end_nothing_is_taken() -> None:
    one = opened()

    with pytest.raises(Refused, match="is closed"):
        give(one, card(), PROMPTS, by="UANN", at=one.closes_at)
    with pytest.raises(Refused, match="was called off"):
        withdraw(call_off(one, at=NOW), by="UANN", at=NOW)


def test_a_second_card_counts_once() -> None:
    assert filled(opened(), "UANN", "UANN").given == ("UANN",)


def test_only_named_people_answer_and_every_point_needs_one_of_the_ratings() -> None:
    with pytest.raises(Refused, match="named people"):
        filled(opened(), "UEVE")
    with pytest.raises(Refused) as caught:
        give(opened(), Card({"owner": Mark("met", "x" * 501), "money": Mark("splendid")}), PROMPTS, by="UANN", at=NOW)  # type: ignore[arg-type]

    assert caught.value.faults.keys() == {"note.owner", "rating.tested", "rating.money"}
    assert "Take out 1" in caught.value.faults["note.owner"]


def test_who_withdraws_is_not_waited_for_and_may_come_back() -> None:
    away = withdraw(filled(opened(), "UANN", "UBOB"), by="UANN", at=NOW)

    assert (away.given, waiting_for(away)) == (("UBOB",), ("UCAT",))
    assert filled(away, "UANN").given == ("UBOB", "UANN")
    with pytest.raises(Refused, match="named people"):
        withdraw(away, by="UEVE", at=NOW)


def test_who_has_left_is_not_waited_for_and_what_they_gave_counts() -> None:
    one = filled(opened(), "UANN", "UBOB")

    assert why_it_ends(lose(one, "UCAT"), at=NOW) == "all are in"
    assert lose(one, "UANN") == one
    assert lose(call_off(one, at=NOW), "UCAT") == call_off(one, at=NOW)


def test_the_most_disputed_points_come_first_and_equal_ones_in_their_order() -> None:
    cards = {"UANN": card(money="met"), "UBOB": card(tested="partly", money="not yet"), "UCAT": card(money="not yet")}

    found = result_of(cards)

    assert [point.prompt_id for point in found] == ["money", "tested", "owner"]
    assert [point.prompt_id for point in result_of({"UANN": card(), "UBOB": card()})] == ["owner", "tested", "money"]
    assert (found[0].count("met"), found[0].count("not yet")) == (1, 2)


def test_names_are_in_the_result_only_where_that_was_said_before() -> None:
    cards = {"UANN": card("not yet", note="No owner"), "UBOB": card("met")}

    bare, named = result_of(cards)[0], result_of(cards, named=True)[0]

    assert [(one.rating, one.note, one.person_id) for one in bare.voices] == [
        ("met", "", ""),
        ("not yet", "No owner", ""),
    ]
    assert [one.person_id for one in named.voices] == ["UBOB", "UANN"]


@pytest.mark.parametrize("people", [(), ("UANN",)])
def test_one_answer_alone_is_never_in_a_result(people: tuple[str, ...]) -> None:
    one = filled(opened(), *people)

    closed = close(one, dict.fromkeys(people, card()), PROMPTS, ending="its last day is over", at=one.closes_at)

    assert (closed.state, closed.result) == ("closed", ())


def test_a_card_of_somebody_who_is_not_in_does_not_count() -> None:
    one = filled(opened(), "UANN", "UBOB")
    cards = {"UANN": card(), "UBOB": card(), "UCAT": card("not yet")}

    closed = close(one, cards, PROMPTS, ending="its last day is over", at=one.closes_at)

    assert all(len(point.voices) == 2 for point in closed.result)


def test_a_round_is_closed_once() -> None:
    with pytest.raises(ValueError, match="closed once"):
        close(call_off(opened(), at=NOW), {}, PROMPTS, ending="all are in", at=NOW)


def test_the_owner_alone_closes_early_and_not_with_one_card() -> None:
    one = filled(opened(), "UANN")

    with pytest.raises(Refused, match="1 of 3 are in"):
        check_early(one, SERVICE, by=OWNER, at=NOW)
    with pytest.raises(Refused, match="Only the service owner"):
        check_early(filled(one, "UBOB"), SERVICE, by="UANN", at=NOW)
    check_early(filled(one, "UBOB"), SERVICE, by=OWNER, at=NOW)


def test_who_opened_it_or_the_owner_calls_it_off() -> None:
    check_call_off(opened(), SERVICE, by="UMEMBER", at=NOW)
    check_call_off(opened(), SERVICE, by=OWNER, at=NOW)
    with pytest.raises(Refused, match="call it off"):
        check_call_off(opened(), SERVICE, by="UANN", at=NOW)


@pytest.mark.parametrize(
    ("people", "last_day", "field"),
    [
        (PEOPLE[:1], LAST_DAY, "people"),
        (("UANN", "UANN", ""), LAST_DAY, "people"),
        (tuple(f"U{number}" for number in range(MOST_PEOPLE + 1)), LAST_DAY, "people"),
        (PEOPLE, TODAY - dt.timedelta(days=1), "last_day"),
    ],
)
def test_a_round_needs_people_and_a_day_to_come(people: tuple[str, ...], last_day: dt.date, field: str) -> None:
    with pytest.raises(Refused) as caught:
        opened(people, last_day)

    assert list(caught.value.faults) == [field]


def test_what_takes_no_answers_or_fits_in_no_form_is_not_rated() -> None:
    long = make_checkpoint(make_template(*(make_prompt(f"p{number}") for number in range(41))))
    given: dict[str, Any] = {"named": False, "by": OWNER, "at": NOW}

    with pytest.raises(Refused, match="is met: there is nothing to rate"):
        open_round("b1", make_checkpoint(state="met"), SERVICE, PEOPLE, LAST_DAY, **given)
    with pytest.raises(Refused, match="over 40 points"):
        open_round("b1", long, SERVICE, PEOPLE, LAST_DAY, **given)
    assert open_round("b1", answered(CHECKPOINT), SERVICE, PEOPLE, LAST_DAY, **given).state == "open"


@given(st.lists(st.sampled_from(RATINGS), min_size=2, max_size=8))
def test_disagreement_lies_between_0_and_1_and_ignores_the_order(ratings: list[Rating]) -> None:
    measure = disagreement(ratings)

    assert 0 <= measure <= 1
    assert (measure == 0) == (len(set(ratings)) == 1)
    assert disagreement(ratings[::-1]) == pytest.approx(measure)
