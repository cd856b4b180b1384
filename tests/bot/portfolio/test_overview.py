"""What a leader sees: overdue actions, contracts in order, the trend by quarter; and the exceptions of a Monday."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.checkpoints.checkpoint import Action, Decision, Event
from bot.checkpoints.radar import read_radar
from bot.portfolio.concerns import concerns
from bot.portfolio.overview import look_across, quarter_of, quarters
from bot.portfolio.portfolio import Portfolio
from tests.bot.checkpoints.build import (
    NOW,
    OWNER,
    SPONSOR,
    TODAY,
    make_answer,
    make_checkpoint,
    make_contract,
    make_service,
)
from tests.bot.portfolio.build import POINTS, make_portfolio


def decided_event(day: dt.date, outcome: str, id: str = "c1") -> Event:
    return Event(id, "decided", SPONSOR, dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC), "", "submitted", outcome)


def test_the_trend_ends_with_this_quarter_and_leaves_no_quarter_out() -> None:
    history = [
        decided_event(dt.date(2026, 4, 1), "met"),
        decided_event(dt.date(2026, 6, 30), "returned", "c2"),
        decided_event(dt.date(2026, 12, 31), "met", "c3"),
        decided_event(dt.date(2020, 1, 1), "met"),
    ]

    found = quarters(history, today=TODAY)

    assert [one.name for one in found] == ["Q4 2025/26", "Q1 2026/27", "Q2 2026/27", "Q3 2026/27", "Q4 2026/27"]
    assert [one.decided for one in found] == [0, 2, 0, 1, 0]
    assert found[1].decisions == {"met": 1, "returned": 1}
    assert found[1].checkpoint_ids == ("c1", "c2")


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (dt.date(2026, 3, 31), dt.date(2026, 1, 1)),
        (dt.date(2026, 4, 1), dt.date(2026, 4, 1)),
        (dt.date(2026, 12, 31), dt.date(2026, 10, 1)),
    ],
)
def test_a_quarter_begins_where_finance_says(day: dt.date, first: dt.date) -> None:
    assert quarter_of(day) == first


def test_a_decision_just_before_midnight_in_summer_is_counted_on_the_day_it_is_in_london() -> None:
    late = Event("c1", "decided", SPONSOR, dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC), "", "submitted", "met")

    assert [one.decided for one in quarters([late], today=TODAY)] == [0, 0, 1, 0, 0]


def test_contracts_come_by_the_day_to_decide_and_retired_services_have_none() -> None:
    portfolio = make_portfolio(40)
    services = tuple(replace(one, phase="retired") if one.id == "s1" else one for one in portfolio.services)

    found = look_across(replace(portfolio, services=services), POINTS, today=TODAY)

    days = [radar.decide_by for _, radar in found.contracts]
    assert days == sorted(days)
    assert "s1" not in {service.id for service, _ in found.contracts}
    assert sum(found.phases.values()) == 40


def test_only_what_is_late_and_open_is_overdue() -> None:
    late = Action("c1-a1", "c1", "Late", OWNER, TODAY - dt.timedelta(days=1))
    done = replace(late, id="c1-a2", done_at=NOW)
    today = replace(late, id="c1-a3", due_on=TODAY)
    decision = Decision("met with conditions", SPONSOR, NOW, "", (late, done, today))
    checkpoint = make_checkpoint(state="met with conditions", decision=decision)
    portfolio = Portfolio((make_service(directorate="Housing"),), {"s1": (checkpoint,)})

    found = look_across(portfolio, POINTS, today=TODAY).overdue

    assert {name: [one.action.id for one in late] for name, late in found.items()} == {"Housing": ["c1-a1"]}


def test_a_service_in_order_gives_no_concern() -> None:
    contract = make_contract(ends_on=dt.date(2031, 1, 1))
    service = make_service(contract=contract)
    waiting = make_checkpoint(state="submitted", submitted_at=NOW, submitted_by=OWNER)

    assert concerns(service, [waiting], read_radar(contract, "built", today=TODAY), today=TODAY) == ()


def test_every_exception_is_told_once_with_its_record() -> None:
    contract = make_contract(ends_on=TODAY - dt.timedelta(days=3))
    action = Action("c2-a1", "c2", "Test it", OWNER, TODAY - dt.timedelta(days=1))
    late = make_checkpoint(id="c1", state="open", due_on=TODAY - dt.timedelta(days=2))
    decided = make_checkpoint(
        id="c2", state="met with conditions", decision=Decision("met with conditions", SPONSOR, NOW, "", (action,)),
        answers={"owner": make_answer("owner", lapsed=("e1",))},
    )  # fmt: skip
    decided = replace(decided, template=replace(decided.template, id="checkpoint/live"))
    waiting = make_checkpoint(
        id="c3", state="submitted", submitted_at=NOW - dt.timedelta(days=9), due_on=dt.date(2027, 4, 1)
    )
    waiting = replace(waiting, template=replace(waiting.template, id="checkpoint/retire"))
    radar = read_radar(contract, "built", today=TODAY)

    found = concerns(make_service(contract=contract), [late, decided, waiting], radar, today=TODAY)

    assert [one.record_id for one in found] == ["s1", "c3", "c1", "c2-a1", "c2"]


def test_a_retired_service_gives_no_concern() -> None:
    late = make_checkpoint(state="open", due_on=TODAY - dt.timedelta(days=2))

    assert concerns(make_service(phase="retired"), [late], None, today=TODAY) == ()
