"""Blind rounds: nothing readable before the end, then the disputed points first."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints.blind import (
    VIEWS,
    Round,
    Seat,
    View,
    compare,
    disagreement,
    give_views,
    is_closed,
    open_round,
    waiting_for,
)
from bot.checkpoints.refusals import Refused
from tests.bot.checkpoints.build import NOW, make_checkpoint, make_service

END = NOW + dt.timedelta(days=7)
SEATS = (Seat("UANN", "delivery manager"), Seat("UBOB", "developer"), Seat("UCAT", "designer"))
CHECKPOINT, SERVICE = make_checkpoint(), make_service()


def opened() -> Round:
    return open_round("b1", CHECKPOINT, SEATS, END, at=NOW)


def filled(*people: str, **views: View) -> Round:
    one = opened()
    for person in people:
        one = give_views(one, views or {"owner": "met"}, by=person, at=NOW)
    return one


def test_nothing_can_be_read_before_all_are_in() -> None:
    one = filled("UANN", "UBOB")

    with pytest.raises(Refused, match="Nothing can be read"):
        compare(one, CHECKPOINT, SERVICE, at=END - dt.timedelta(seconds=1))
    assert [seat.person_id for seat in waiting_for(one)] == ["UCAT"]
    assert "met" not in repr(one)


def test_all_in_closes_the_round_early() -> None:
    one = filled("UANN", "UBOB", "UCAT")

    assert is_closed(one, at=NOW)
    with pytest.raises(Refused, match="is closed"):
        give_views(one, {"owner": "not yet"}, by="UANN", at=NOW)


def test_the_most_disputed_points_come_first() -> None:
    one = give_views(opened(), {"owner": "met", "tested": "met", "money": "met"}, by="UANN", at=NOW)
    one = give_views(one, {"owner": "met", "tested": "partly", "money": "not yet"}, by="UBOB", at=NOW)
    one = give_views(one, {"owner": "met", "tested": "met", "money": "not yet"}, by="UCAT", at=NOW)

    found = compare(one, CHECKPOINT, SERVICE, at=NOW)

    assert [point.prompt.id for point in found.points] == ["money", "tested", "owner"]
    assert found.points[-1].disagreement == 0
    assert dict(found.points[0].views)[SEATS[0]] == "met"


def test_when_the_end_comes_those_missing_are_named() -> None:
    found = compare(filled("UANN", "UBOB"), CHECKPOINT, SERVICE, at=END)

    assert [seat.role for seat in found.missing] == ["designer"]


def test_one_answer_alone_is_never_shown() -> None:
    with pytest.raises(Refused, match="1 of 3 answered"):
        compare(filled("UANN"), CHECKPOINT, SERVICE, at=END)


def test_a_person_may_change_their_mind_until_the_end() -> None:
    one = give_views(filled("UANN"), {"owner": "not yet"}, by="UANN", at=NOW)

    assert one.views["UANN"] == {"owner": "not yet"}
    with pytest.raises(Refused, match="is closed"):
        give_views(one, {"owner": "met"}, by="UBOB", at=END)


def test_only_named_people_answer_and_only_known_views() -> None:
    with pytest.raises(Refused, match="named people"):
        filled("UEVE")
    with pytest.raises(Refused, match="Answer each point"):
        filled("UANN", owner="splendid")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seats", "closes_at", "field"),
    [
        (SEATS[:1], END, "seats"),
        ((SEATS[0], SEATS[0]), END, "seats"),
        ((SEATS[0], Seat("", "developer")), END, "seats"),
        (SEATS, NOW, "closes_at"),
    ],
)
def test_a_round_needs_people_and_an_end_to_come(seats: tuple[Seat, ...], closes_at: dt.datetime, field: str) -> None:
    with pytest.raises(Refused) as caught:
        open_round("b1", CHECKPOINT, seats, closes_at, at=NOW)

    assert list(caught.value.faults) == [field]


@given(st.lists(st.sampled_from(VIEWS), min_size=2, max_size=8))
def test_disagreement_lies_between_0_and_1_and_ignores_the_order(views: list[View]) -> None:
    measure = disagreement(tuple(views))

    assert 0 <= measure <= 1
    assert (measure == 0) == (len(set(views)) == 1)
    assert disagreement(tuple(reversed(views))) == pytest.approx(measure)
