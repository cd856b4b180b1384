"""Quiet times: how they are written, what is wrong with them, and what they do to plans and to what is due."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.checkpoints.calendar import Period, WorkCalendar, is_working_day
from bot.checkpoints.checkpoint import Checkpoint
from bot.checkpoints.dispatch import Limits, dispatch
from bot.checkpoints.notifications import Planned, Settings
from bot.checkpoints.quiet import (
    CalmPeriod,
    CouncilQuiet,
    Quiet,
    applies_words,
    calendar_naming,
    calendar_of,
    calm_faults,
    changes_of,
    days_off_words,
    hours_faults,
    quiet_faults,
    read_days_off,
)
from bot.checkpoints.schedule import Known, plan
from tests.bot.checkpoints.build import (
    OWNER,
    SPONSOR,
    TODAY,
    handed_in,
    make_checkpoint,
    make_sent,
    make_service,
    moment,
)

D = dt.date
CALM = CalmPeriod("Senedd election", D(2027, 3, 22), D(2027, 5, 6), "wales")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("24 December 2026", Period(D(2026, 12, 24), D(2026, 12, 24))),
        ("24 dec 2026 to 1 January 2027: Christmas", Period(D(2026, 12, 24), D(2027, 1, 1), "Christmas")),
        ("24/12/2026 – 2027-01-01 : why: so", Period(D(2026, 12, 24), D(2027, 1, 1), "why: so")),
    ],
)
def test_days_off_are_read_as_people_write_them(line: str, wanted: Period) -> None:
    assert read_days_off(f"\n{line}\n \n") == ((wanted,), "")
    assert read_days_off(days_off_words([wanted])) == ((wanted,), "")


@pytest.mark.parametrize(
    "line", ["31 February 2027", "next week", "3 March", "3 March 2027 to", "24 - 26 December 2026"]
)
def test_a_line_that_is_no_date_is_named(line: str) -> None:
    periods, wrong = read_days_off(f"1 March 2027\n{line}")

    assert periods == ()
    assert wrong.startswith("Line 2: ")


@pytest.mark.parametrize(
    ("quiet", "field", "words"),
    [
        (Quiet(weekdays_off=(0, 1, 2, 3, 4)), "weekdays_off", "No weekday would be left"),
        (Quiet(a_week=11), "a_week", "from 1 to 10"),
        (Quiet(days_off=(Period(D(2027, 3, 2), D(2027, 3, 1)),)), "days_off", "ends before it begins"),
        (Quiet(days_off=(Period(D(2026, 1, 1), D(2026, 1, 2)),)), "days_off", "is over already"),
        (Quiet(days_off=(Period(D(2030, 1, 1), D(2030, 1, 2)),)), "days_off", "more than 2 years away"),
        (Quiet(days_off=(Period(D(2027, 2, 1), D(2028, 2, 2)),)), "days_off", "366 is the most"),
        (Quiet(days_off=(Period(D(2027, 2, 1), D(2027, 5, 2)),)), "days_off", "91 days long. If that is meant"),
    ],
)
def test_each_fault_is_said_at_its_field(quiet: Quiet, field: str, words: str) -> None:
    found = quiet_faults(quiet, Quiet(), today=TODAY, meant=False)

    assert list(found) == [field]
    assert words in found[field]


def test_what_was_kept_before_or_is_meant_is_no_fault() -> None:
    old = Quiet(days_off=(Period(D(2026, 1, 1), D(2026, 1, 2)),))
    long = Quiet(days_off=(Period(D(2027, 2, 1), D(2027, 5, 2)),))

    assert quiet_faults(old, old, today=TODAY, meant=False) == {}
    assert quiet_faults(long, Quiet(), today=TODAY, meant=True) == {}


@pytest.mark.parametrize(
    ("calm", "field", "words"),
    [
        (CalmPeriod("", D(2027, 3, 1), D(2027, 3, 2)), "calm.name", "Say what it is"),
        (CalmPeriod("x" * 101, D(2027, 3, 1), D(2027, 3, 2)), "calm.name", "100 is the most"),
        (CalmPeriod("Vote", D(2027, 3, 2), D(2027, 3, 1)), "calm.last_on", "ends before it begins"),
        (CalmPeriod("Vote", D(2027, 2, 1), D(2027, 6, 1)), "calm.last_on", "If that is meant, tick the box"),
        (CalmPeriod("Again", CALM.first_on, CALM.last_on, "wales"), "calm.first_on", "for these days already"),
    ],
)
def test_a_calm_period_that_cannot_be_so_is_said_at_its_field(calm: CalmPeriod, field: str, words: str) -> None:
    found = calm_faults(calm, CouncilQuiet(calm=(CALM,)), today=TODAY, meant=False)

    assert list(found) == [field]
    assert words in found[field]


@pytest.mark.parametrize(
    ("own", "field"),
    [
        (CouncilQuiet(opens_at=dt.time(17), closes_at=dt.time(9)), "closes_at"),
        (CouncilQuiet(sends_at=dt.time(17)), "sends_at"),
        (CouncilQuiet(person_a_week=0), "person_a_week"),
        (CouncilQuiet(channel_a_week=11), "channel_a_week"),
    ],
)
def test_office_hours_and_budgets_have_bounds(own: CouncilQuiet, field: str) -> None:
    assert list(hours_faults(own)) == [field]
    assert hours_faults(CouncilQuiet()) == {}


@pytest.mark.parametrize(
    ("applies_to", "nation", "council", "quiet"),
    [
        ("", "england", "LDS", True),
        ("wales", "wales", "CRF", True),
        ("wales", "scotland", "GLG", False),
        ("LDS", "england", "LDS", True),
        ("LDS", "england", "CMD", False),
    ],
)
def test_a_calm_period_holds_for_those_it_is_for(applies_to: str, nation: str, council: str, quiet: bool) -> None:
    own = CouncilQuiet(calm=(CalmPeriod("Vote", D(2027, 3, 22), D(2027, 5, 6), applies_to),))
    calendar = calendar_of(nation, council, own)  # type: ignore[arg-type]

    assert is_working_day(calendar, D(2027, 4, 14)) is not quiet
    assert is_working_day(calendar, D(2027, 5, 7))


def test_weekdays_off_and_own_hours_are_in_the_calendar() -> None:
    own = CouncilQuiet(opens_at=dt.time(8), closes_at=dt.time(16), sends_at=dt.time(8, 15))
    calendar = calendar_of("england", "LDS", own, Quiet(weekdays_off=(4,)))

    assert (calendar.opens_at, calendar.closes_at, calendar.sends_at) == (dt.time(8), dt.time(16), dt.time(8, 15))
    assert not is_working_day(calendar, D(2027, 1, 15))
    assert is_working_day(calendar, D(2027, 1, 14))


def away(days: int) -> Quiet:
    return Quiet(days_off=(Period(D(2027, 2, 22), D(2027, 2, 22) + dt.timedelta(days=days - 1)),))


def days_of(checkpoint: Checkpoint, **people: Quiet) -> dict[str, str]:
    planned = plan(checkpoint, make_service(), WorkCalendar(), Settings(), at=moment(TODAY), known=Known(people=people))
    return {one.rung: one.send_at.date().isoformat() for one in planned}


def test_short_leave_of_the_owner_moves_what_names_them_in_a_channel() -> None:
    checkpoint = make_checkpoint(due_on=D(2027, 3, 5))

    without, short, long = (
        days_of(checkpoint),
        days_of(checkpoint, UOWNER=away(8)),
        days_of(checkpoint, UOWNER=away(15)),
    )

    assert without["before-7"] == "2027-02-26"
    assert short["before-7"] == "2027-02-19"
    assert long == without


def test_what_goes_to_somebody_directly_waits_for_the_end_of_their_leave() -> None:
    waiting = handed_in(make_checkpoint(due_on=D(2027, 3, 5)))

    assert days_of(waiting)["overdue-1"] == "2027-01-13"
    gone = Quiet(days_off=(Period(D(2027, 1, 12), D(2027, 2, 12)),))
    assert days_of(waiting, USPONSOR=gone)["overdue-1"] == "2027-02-16"


def test_the_note_to_the_sponsor_waits_for_the_sponsor_alone() -> None:
    checkpoint = make_checkpoint(due_on=D(2027, 1, 29))
    gone = Quiet(days_off=(Period(D(2027, 2, 15), D(2027, 3, 31)),))

    before, after = days_of(checkpoint), days_of(checkpoint, USPONSOR=gone)

    assert after.pop("note") == "2027-04-01"
    assert before.pop("note") < "2027-03-31"
    assert after == before


def test_weekdays_of_channel_and_person_together_leave_a_day() -> None:
    channel = WorkCalendar(weekdays_off=(0, 1))

    both = calendar_naming(channel, Quiet(weekdays_off=(2, 3, 4)), direct=False)

    assert both.weekdays_off == (0, 1)
    assert calendar_naming(channel, Quiet(weekdays_off=(3,)), direct=False).weekdays_off == (0, 1, 3)


def due(number: int, at: dt.datetime, owner: str = OWNER) -> Planned:
    key = f"s1/checkpoint/c{number}/2027-03-01/due"
    return Planned(key, "T1", "s1", "checkpoint", f"c{number}", "due", "answer", owner, "C1", D(2027, 3, 1), at)


@pytest.mark.parametrize(
    ("quiet", "why"),
    [
        ({}, ""),
        ({"C1": Quiet(a_week=1)}, "There were 1 messages this week."),
        ({OWNER: Quiet(a_week=1)}, "The person was named 1 times this week."),
        ({OWNER: Quiet(days_off=(Period(D(2027, 2, 24), D(2027, 2, 25)),))}, "The person who is asked is away."),
        ({SPONSOR: Quiet(a_week=1)}, ""),
    ],
)
def test_what_people_have_set_holds_what_is_due(quiet: dict[str, Quiet], why: str) -> None:
    monday, wednesday = moment(D(2027, 2, 22)), moment(D(2027, 2, 24))
    sent = [make_sent(due(1, monday))]

    found = dispatch([due(2, wednesday)], sent, WorkCalendar(), Limits(Settings(), quiet), at=wednesday)

    assert [one.why for one in found.hold] == ([why] if why else [])
    assert (found.post is None) == bool(why)
    if "away" in why:
        assert found.hold[0].until == moment(D(2027, 2, 26))


def test_changes_are_told_as_people_read_them() -> None:
    before, after = CouncilQuiet(), CouncilQuiet(closes_at=dt.time(16, 30), calm=(CALM,))

    assert [(one.field, one.before, one.after) for one in changes_of(before, after)] == [
        ("closes_at", "17:00", "16:30"),
        ("calm", "", "Senedd election, 22 March 2027 to 6 May 2027, for wales"),
    ]
    assert [applies_words(one, {}) for one in ("", "wales", "LDS")] == ["everybody", "Wales", "LDS"]
