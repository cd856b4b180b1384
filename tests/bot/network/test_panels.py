"""Panels: who may not sit, who is drawn, and a reason for everybody who sits and who does not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.checkpoints.refusals import Refused
from bot.network.aliases import Aliases, Judgement
from bot.network.panels import (
    SIZE,
    Panel,
    Past,
    Reviewed,
    Reviewer,
    answer,
    begin_at,
    fill,
    ledger,
    level,
    loads,
    missing_skills,
    moved_along,
    past_of,
)

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
TODAY = NOW.date()
NOTHING = Aliases()
NO_PAST = Past()


def panel(id: str = "p1", **fields: Any) -> Panel:
    return Panel(
        **{
            "id": id, "checkpoint_id": "c1", "service_id": "s1", "council": "LDS", "asked_by": "U1", "asked_at": NOW,
            **fields,
        }
    )  # fmt: skip


def reviewed(**fields: Any) -> Reviewed:
    return Reviewed(**{"id": "s1", "council": "LDS", "people": frozenset({"UOWN"}), **fields})


def drawn(reviewers: list[Reviewer], panels: list[Panel] | None = None, **fields: Any) -> Panel:
    return fill(panel(), reviewed(**fields), reviewers, past_of(panels or [], panel()), NOTHING, today=TODAY)


def who(one: Panel) -> frozenset[str]:
    return frozenset(seat.user_id for seat in one.sitting)


FREE = [Reviewer(f"U{number}", "YOR") for number in range(SIZE)]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (Reviewer("UX", "LDS"), "of the same council"),
        (Reviewer("UOWN", "YOR"), "owns or sponsors the service"),
        (Reviewer("UX", "YOR", interests=("ACME ",)), "has declared an interest in a supplier of this service"),
        (Reviewer("UX", "YOR", away_until=TODAY), "away"),
        (Reviewer("UX", "YOR", most_at_once=0), "sits on as many panels at once as they offer"),
        (Reviewer("UX", "YOR", offers=False), "does not offer to review at present"),
    ],
)
def test_who_may_not_sit_is_not_drawn_and_the_reason_is_given(one: Reviewer, reason: str) -> None:
    made = drawn([*FREE[:2], one], suppliers=("Acme",))

    assert who(made) == {"U0", "U1"}
    assert made.left_out == {one.user_id: reason}


def test_a_supplier_by_another_name_counts_once_somebody_has_said_that_it_is_one() -> None:
    interested = Reviewer("UX", "YOR", interests=("Acme Ltd",))
    judged = Aliases([Judgement("supplier", "Acme", "Acme Ltd", same=True)])

    made = fill(panel(), reviewed(suppliers=("Acme",)), [interested], NO_PAST, judged, today=TODAY)

    assert who(made) == set()


def test_a_name_of_a_system_is_no_interest_in_a_supplier() -> None:
    interested = Reviewer("UX", "YOR", interests=("Acme Pay",))
    judged = Aliases([Judgement("system", "Acme", "Acme Pay", same=True)])

    made = fill(panel(), reviewed(suppliers=("Acme",)), [interested], NO_PAST, judged, today=TODAY)

    assert who(made) == {"UX"}


def test_nobody_sits_twice_in_a_row_for_one_service() -> None:
    first = drawn(FREE)
    later = panel("p2", asked_at=NOW + dt.timedelta(days=90))

    second = fill(later, reviewed(), FREE, past_of([replace(first, done=True)], later), NOTHING, today=TODAY)

    assert who(second) == set()
    assert set((second.left_out or {}).values()) == {"sat on the last panel of this service"}


def test_who_declines_is_replaced_and_loses_nothing_by_it() -> None:
    reviewers = [*FREE, Reviewer("U9", "CMD")]
    first = drawn(reviewers)
    [spare] = {one.user_id for one in reviewers} - who(first)
    leaving = first.seats[0].user_id

    second = fill(answer(first, leaving, "declined"), reviewed(), reviewers, NO_PAST, NOTHING, today=TODAY)

    assert who(second) == who(first) - {leaving} | {spare}
    assert second.left_out == {leaving: "cannot this time"}
    assert second.seats[-1].why == "has had no turn yet"
    assert loads([second])[leaving] == 0
    assert past_of([second]).turns[leaving] == 1
    with pytest.raises(Refused, match="somebody else has been asked"):
        answer(second, leaving, "accepted")


def test_among_equals_who_brings_a_missing_skill_is_drawn_first() -> None:
    many = [Reviewer(f"U{number}", "YOR") for number in range(20)]
    expert = Reviewer("UX", "YOR", skills=("accessibility",))

    made = drawn([*many, expert], skills=("accessibility", "security"))

    assert made.seats[0].user_id == "UX"
    assert made.seats[0].why == "brings accessibility; has had no turn yet"
    assert missing_skills(made, reviewed(skills=("accessibility", "security")), [*many, expert]) == ("security",)


def test_the_past_counts_open_panels_and_closed_ones_by_themselves() -> None:
    open_one, over = drawn(FREE), replace(drawn(FREE), id="p2", done=True)

    past = past_of([open_one, over, panel("p3")], panel("p3"))

    assert (past.turns["U0"], past.now["U0"]) == (2, 1)
    assert past.last == {"U0", "U1", "U2"}


def test_the_ledger_counts_what_was_accepted_given_and_received() -> None:
    first = drawn(FREE)
    first = answer(answer(first, "U0", "accepted"), "U1", "accepted")

    assert ledger([first, panel("p2", council="CMD")]) == {"CMD": (0, 0), "LDS": (0, 2), "YOR": (2, 0)}


def test_a_stranger_cannot_answer_and_nobody_after_the_end() -> None:
    made = drawn(FREE)

    with pytest.raises(Refused, match="not yours"):
        answer(made, "USTRANGER", "accepted")
    with pytest.raises(Refused, match="over"):
        answer(replace(made, done=True), "U0", "accepted")


@pytest.mark.parametrize(
    ("one", "turns", "why"),
    [
        (Reviewer("UX", "YOR"), {"UX": 1}, "not drawn: has had 1 turn, more than anybody who was"),
        (
            Reviewer("UX", "YOR", passed=1),
            {},
            "not drawn: has had no turn yet and counts as 1 for the time before or away, more than anybody who was",
        ),
        (
            Reviewer("UX", "YOR"),
            {},
            "not drawn: has had no turn yet, as whoever was drawn last, who brings more of the skills that were "
            "missing",
        ),
    ],
)
def test_who_could_have_sat_is_told_what_was_against_it(one: Reviewer, turns: dict[str, int], why: str) -> None:
    skilled = [Reviewer(f"U{number}", "YOR", (skill,)) for number, skill in enumerate(("data", "security", "delivery"))]

    made = fill(
        panel(), reviewed(skills=("data", "security", "delivery")), [*skilled, one], Past(turns), NOTHING, today=TODAY
    )

    assert made.left_out == {"UX": why}


def test_among_equals_who_was_drawn_longest_ago_is_drawn_then_the_lot_decides() -> None:
    many = [Reviewer(f"U{number}", "YOR") for number in range(5)]
    drawn_at = {one.user_id: NOW - dt.timedelta(days=number) for number, one in enumerate(many)}

    waited = fill(panel(), reviewed(), many, Past(drawn_at=drawn_at), NOTHING, today=TODAY)
    lots = {who(fill(panel(f"p{n}"), reviewed(), many, NO_PAST, NOTHING, today=TODAY)) for n in range(20)}

    assert who(waited) == {"U2", "U3", "U4"}
    assert (waited.left_out or {})["U0"].endswith("as whoever was drawn last, who had waited longer")
    assert len(lots) > 1
    assert drawn(many) == drawn(many)
    assert set((drawn(many).left_out or {}).values()) == {
        "not drawn: has had no turn yet, as whoever was drawn last, by lot"
    }


def test_who_is_new_begins_in_the_middle_of_the_others() -> None:
    others = [Reviewer("U0", "YOR"), Reviewer("U1", "YOR"), Reviewer("U2", "YOR"), Reviewer("U3", "YOR", offers=False)]
    past = Past({"U1": 5, "U2": 6, "U3": 90})

    reached = level(others, past, today=TODAY)

    assert reached == 5
    assert begin_at(reached, Reviewer("UNEW", "YOR"), past).passed == 5
    assert level([], past, today=TODAY) == 0


def test_whose_turns_passed_while_they_were_away_does_not_come_back_to_all_of_them() -> None:
    away = Reviewer("UA", "YOR", away_until=TODAY)
    ahead = Reviewer("UB", "YOR", offers=False)
    past = Past({"UA": 1, "UB": 9, "U0": 4, "U1": 4, "U2": 5})

    assert moved_along([*FREE, away, ahead], past, today=TODAY) == (replace(away, passed=3),)
