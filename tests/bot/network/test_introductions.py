"""Introductions: both say yes or nothing happens, and a no cannot be told from silence by anything the asker sees."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.checkpoints.refusals import Refused
from bot.network.introductions import (
    COOL_OFF,
    OPEN_FOR,
    Introduction,
    Side,
    ask,
    draw,
    has_asked,
    is_blocked,
    say_no,
    say_yes,
    standing,
)
from bot.network.sharing import Party

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
TODAY = NOW.date()
LEEDS, YORK, CAMDEN = Party("T1", "LDS"), Party("T2", "YOR"), Party("T1", "CMD")
ASKING, ASKED = Side(LEEDS, "s1", "U1", "sam@leeds.example"), Side(YORK, "s2")
POINT = "service-standard/05"


def asked(known: list[Introduction] | None = None, **changes: Side) -> Introduction:
    sides = {"asking": ASKING, "asked": ASKED, **changes}
    return ask("i1", POINT, sides["asking"], sides["asked"], known=known or [], at=NOW, today=TODAY)


def test_who_asks_has_said_yes_and_the_other_nothing() -> None:
    one = asked()

    assert (one.asking.said, one.asked.said, one.opened_at) == ("yes", "", None)
    assert standing(one, TODAY) == "waiting"


def test_a_yes_opens_it() -> None:
    one = say_yes(asked(), "U2", "jo@york.example", at=NOW, today=TODAY)

    assert standing(one, TODAY) == "introduced"
    assert (one.asked.user_id, one.asked.contact) == ("U2", "jo@york.example")


def test_a_no_may_become_a_yes_and_a_yes_no_no() -> None:
    no = say_no(asked(), "U2", today=TODAY)
    yes = say_yes(no, "U2", "jo@york.example", at=NOW, today=TODAY)

    assert standing(yes, TODAY) == "introduced"
    with pytest.raises(Refused, match="introduced already"):
        say_no(yes, "U2", today=TODAY)


def test_nothing_can_be_said_after_its_day() -> None:
    late = TODAY + OPEN_FOR + dt.timedelta(days=1)

    with pytest.raises(Refused, match="ended on 7 December 2026"):
        say_no(asked(), "U2", today=late)
    with pytest.raises(Refused, match="ended on 7 December 2026"):
        say_yes(asked(), "U2", "x", at=NOW, today=late)


@given(days=some.integers(0, 400))
def test_a_no_and_silence_are_the_same_to_the_asker_on_every_day(days: int) -> None:
    day = TODAY + dt.timedelta(days=days)
    silence, no = asked(), say_no(asked(), "U2", today=TODAY)

    def seen(one: Introduction) -> tuple[object, ...]:
        other = replace(ASKING, service_id="s9")
        blocked = is_blocked(LEEDS, YORK, [one], today=day)
        return standing(one, day), one.closes_on, blocked, has_asked(other.service_id, LEEDS, POINT, [one], today=day)

    assert seen(silence) == seen(no)


def test_one_request_a_pair_and_none_again_before_the_cool_off_is_over() -> None:
    one = asked()
    end = one.closes_on + COOL_OFF

    assert is_blocked(LEEDS, YORK, [one], today=TODAY)
    assert is_blocked(LEEDS, YORK, [one], today=end)
    assert not is_blocked(LEEDS, YORK, [one], today=end + dt.timedelta(days=1))
    with pytest.raises(Refused, match="nobody else to ask"):
        asked([one])


def test_being_asked_keeps_nobody_from_asking() -> None:
    assert not is_blocked(YORK, LEEDS, [asked()], today=TODAY)


def test_two_who_ask_each_other_are_introduced() -> None:
    theirs = asked()
    mine = Side(YORK, "s2", "U2", "jo@york.example")

    one = ask("i2", "service-standard/07", mine, replace(ASKING, said=""), known=[theirs], at=NOW, today=TODAY)

    assert (one.id, one.asked.said, one.asked.user_id) == ("i1", "yes", "U2")
    assert standing(one, TODAY) == "introduced"


def test_who_has_been_introduced_is_not_asked_again_by_either() -> None:
    one = say_yes(asked(), "U2", "x", at=NOW, today=TODAY)
    years_on = TODAY + dt.timedelta(days=2000)

    assert is_blocked(LEEDS, YORK, [one], today=years_on)
    assert is_blocked(YORK, LEEDS, [one], today=years_on)


@pytest.mark.parametrize("contact", ["", "  ", "x" * 151])
def test_without_a_way_to_be_reached_nobody_asks_and_nobody_says_yes(contact: str) -> None:
    with pytest.raises(Refused) as refused:
        asked(asking=replace(ASKING, contact=contact))
    assert list(refused.value.faults) == ["contact"]

    with pytest.raises(Refused):
        say_yes(asked(), "U2", contact, at=NOW, today=TODAY)


def test_the_draw_is_the_same_each_time_and_spreads() -> None:
    candidates = [Side(Party(f"T{number}", "YOR"), f"s{number}") for number in range(10)]

    drawn = {draw(f"service{number}", POINT, candidates) for number in range(200)}

    assert draw("s1", POINT, candidates) == draw("s1", POINT, candidates[::-1])
    assert len(drawn) == 10
    assert draw("s1", POINT, []) is None
