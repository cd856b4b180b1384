"""Panels: 10,000 draws without a conflict, the load spread, and a reason for everybody who sits and who does not."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from bot.checkpoints.refusals import Refused
from bot.network.aliases import Aliases, Judgement
from bot.network.panels import (
    SIZE,
    SKILLS,
    Panel,
    Past,
    Reviewed,
    Reviewer,
    answer,
    fill,
    ledger,
    loads,
    missing_skills,
    past_of,
)

NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
TODAY = NOW.date()
NOTHING = Aliases()
NO_PAST = Past({}, {})


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
    assert (second.left_out or {})[leaving] == "cannot this time"
    assert loads([second])[leaving] == 0
    with pytest.raises(Refused, match="somebody else has been asked"):
        answer(second, leaving, "accepted")


def test_among_equals_who_brings_a_missing_skill_is_drawn_first() -> None:
    many = [Reviewer(f"U{number}", "YOR") for number in range(20)]
    expert = Reviewer("UX", "YOR", skills=("accessibility",))

    made = drawn([*many, expert], skills=("accessibility", "security"))

    assert made.seats[0].user_id == "UX"
    assert made.seats[0].why == "brings accessibility; has sat on 0 panels, the fewest of who may"
    assert missing_skills(made, reviewed(skills=("accessibility", "security")), [*many, expert]) == ("security",)


def test_the_past_counts_open_panels_and_closed_ones_by_themselves() -> None:
    open_one, over = drawn(FREE), replace(drawn(FREE), id="p2", done=True)

    past = past_of([open_one, over, panel("p3")], panel("p3"))

    assert (past.load["U0"], past.now["U0"]) == (2, 1)
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


def test_ten_thousand_draws() -> None:
    """
    No conflict, nobody drawn while somebody who could sit has sat on fewer, and every reviewer accounted for.

    In between the spread may be 2 for a while, where those who have sat on fewest are all in conflict with a service:
    a full panel counts for more. In the end nobody has sat on more than one panel more than another.
    """
    chance = random.Random(20261123)
    councils = [f"C{number}" for number in range(20)]
    suppliers = [f"Supplier {number}" for number in range(12)]
    reviewers = [
        Reviewer(
            f"U{number:02}", councils[number % 20], tuple(chance.sample(SKILLS, 3)), most_at_once=10**6,
            interests=tuple(chance.sample(suppliers, chance.randint(0, 2))),
        )
        for number in range(40)
    ]  # fmt: skip
    by_id = {one.user_id: one for one in reviewers}
    load: Counter[str] = Counter({one.user_id: 0 for one in reviewers})
    last: dict[str, Panel] = {}
    widest = 0
    for number in range(10_000):
        place = chance.randrange(100)
        service = Reviewed(
            f"s{place}", councils[place % 20], frozenset({f"U{place % 40:02}"}), (suppliers[place % 12],),
            tuple(chance.sample(SKILLS, 2)),
        )  # fmt: skip
        at = NOW + dt.timedelta(hours=number + 1)
        made = fill(
            panel(f"p{number}", service_id=service.id, council=service.council, asked_at=at), service, reviewers,
            Past(load, {}, who(last[service.id]) if service.id in last else frozenset()), NOTHING, today=TODAY,
        )  # fmt: skip
        sitting, left_out = who(made), made.left_out or {}

        assert len(sitting) == SIZE
        assert sitting | set(left_out) == by_id.keys()
        assert not sitting & set(left_out)
        assert all(left_out.values())
        for user in sitting:
            one = by_id[user]
            assert one.council != service.council
            assert user not in service.people
            assert not set(one.interests) & set(service.suppliers)
            assert service.id not in last or user not in who(last[service.id])
        could = [user for user, why in left_out.items() if why.startswith("not drawn")]
        assert max(load[user] for user in sitting) <= min((load[user] for user in could), default=10**6)
        load.update(sitting)
        last[service.id] = replace(made, done=True)
        widest = max(widest, max(load.values()) - min(load.values()))

    assert sum(load.values()) == 10_000 * SIZE
    spread = max(load.values()) - min(load.values())
    print(f"10,000 draws: load {min(load.values())} to {max(load.values())}, widest ever {widest}")
    assert spread <= 1
    assert widest <= 2
