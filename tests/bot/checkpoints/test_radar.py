"""The contract radar: dates counted back, options, and what has passed said plainly."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints.dates import add_months
from bot.checkpoints.radar import TIMES, Times, read_radar, review_dates
from bot.checkpoints.services import ROUTES, VALUE_BANDS
from tests.bot.checkpoints.build import TODAY, make_contract

D = dt.date


def test_a_ladder_counts_back_from_the_end() -> None:
    radar = read_radar(make_contract(value="medium"), "bought", today=TODAY)

    assert [(step.name, step.on) for step in radar.steps] == [
        ("decide-by", D(2027, 3, 30)),
        ("start-buying", D(2027, 6, 30)),
        ("start-moving", D(2027, 10, 31)),
        ("give-notice", D(2027, 12, 31)),
        ("end", D(2028, 3, 31)),
    ]
    assert radar.headline == "Decide by 30 March 2027 (in 2 months); the contract ends on 31 March 2028."
    assert all(step.assumption for step in radar.steps)


def test_long_notice_counts_more_than_moving() -> None:
    short = read_radar(make_contract(value="small", notice_months=0), "bought", today=TODAY)
    long = read_radar(make_contract(value="small", notice_months=12), "bought", today=TODAY)

    assert short.decide_by == D(2027, 9, 30)
    assert long.decide_by == D(2026, 12, 31)
    assert "give-notice" not in {step.name for step in short.steps}


@pytest.mark.parametrize(("value", "months"), [("medium", 12), ("very large", 24)])
def test_the_defaults_add_up_to_what_the_knowledge_suggests(value: str, months: int) -> None:
    times = TIMES["bought", value]  # type: ignore[index]

    assert times.discovery + times.buying + times.moving == months


def test_a_leap_day_end_is_counted_with_real_dates() -> None:
    contract = make_contract(ends_on=D(2028, 2, 29), notice_months=12)

    radar = read_radar(contract, "configured", today=TODAY)

    assert next(step.on for step in radar.steps if step.name == "give-notice") == D(2027, 2, 28)


def test_each_option_gives_a_later_day_to_decide() -> None:
    contract = make_contract(ends_on=D(2027, 8, 31), value="medium", extensions=(12, 6))

    radar = read_radar(contract, "bought", today=TODAY)

    assert [(option.ends_on, option.decide_by) for option in radar.options] == [
        (D(2028, 8, 31), D(2027, 8, 30)),
        (D(2029, 2, 28), D(2028, 2, 28)),
    ]
    assert radar.headline == (
        "The day to decide was 30 August 2026 (4 months ago); the contract ends on 31 August 2027. "
        "An extension option would give the time, if it may be taken: ask procurement now."
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": D(2027, 2, 28)}, "The notice date has passed too"),
        ({"ends_on": D(2027, 9, 30), "notice_months": 1}, "Start now"),
        ({"ends_on": D(2024, 3, 31)}, "ended on 31 March 2024 (2 years ago). Ask procurement"),
        ({"ends_on": TODAY, "notice_months": 0}, "Start now"),
    ],
)
def test_what_has_passed_is_said_plainly(fields: dict[str, object], words: str) -> None:
    radar = read_radar(make_contract(**fields), "bought", today=TODAY)

    assert words in radar.headline
    assert radar.steps[0].past
    assert "has passed" in radar.steps[0].remark


def test_a_term_shorter_than_leaving_takes_is_said() -> None:
    contract = make_contract(starts_on=D(2027, 9, 1), ends_on=D(2028, 3, 31), value="very large")

    assert "before the contract even started" in read_radar(contract, "bought", today=TODAY).steps[0].remark


def test_a_council_sets_its_own_times() -> None:
    own = {**TIMES, ("bought", "unknown"): Times(0, 0, 0)}

    assert read_radar(make_contract(notice_months=0), "bought", today=TODAY, times=own).decide_by == D(2028, 3, 31)


@given(
    st.dates(D(2020, 1, 1), D(2045, 12, 31)),
    st.integers(0, 36),
    st.lists(st.integers(1, 60), max_size=4),
    st.sampled_from(ROUTES),
    st.sampled_from(list(VALUE_BANDS)),
)
def test_dates_are_in_order_and_deciding_comes_first(end: D, notice: int, options: list[int], route, value) -> None:  # type: ignore[no-untyped-def]
    contract = make_contract(ends_on=end, notice_months=notice, extensions=tuple(options), value=value)
    radar = read_radar(contract, route, today=TODAY)

    assert [step.on for step in radar.steps] == sorted(step.on for step in radar.steps)
    assert radar.decide_by == radar.steps[0].on == min(step.on for step in radar.steps)
    assert radar.decide_by <= add_months(end, -notice)
    assert [option.ends_on for option in radar.options] == sorted(option.ends_on for option in radar.options)
    assert {step.past for step in radar.steps if step.on < TODAY} <= {True}


def test_the_renewal_checkpoint_falls_twelve_and_six_months_before() -> None:
    assert review_dates(make_contract()) == (D(2027, 3, 31), D(2027, 9, 30))
