"""What is sent about a blind round: one private reminder each, and the word that it is over."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from bot.checkpoints.blind import Round, Seat, end_of
from bot.checkpoints.blind_schedule import plan_end, plan_reminder, round_id_of
from bot.checkpoints.calendar import WorkCalendar
from bot.checkpoints.schedule import NOTHING_KNOWN, Known
from tests.bot.checkpoints.build import NOW, OWNER, make_checkpoint, make_sent, make_service, moment

CALENDAR = WorkCalendar()
CHECKPOINT, SERVICE = make_checkpoint(), make_service()
FRIDAY = dt.date(2027, 1, 22)


def make_round(last_day: dt.date = FRIDAY, **fields: object) -> Round:
    one = Round("b1", "c1", "s1", (Seat("UANN"), Seat("UBOB")), end_of(last_day), False, OWNER, NOW)
    return replace(one, **fields)  # type: ignore[arg-type]


def reminders(one: Round, *, at: dt.datetime = NOW, known: Known = NOTHING_KNOWN) -> list[dt.datetime]:
    planned = plan_reminder(one, "UANN", CHECKPOINT, SERVICE, CALENDAR, at=at, known=known)
    return [each.send_at for each in planned]


def test_one_reminder_comes_two_days_before_the_last_directly_to_the_person() -> None:
    [planned] = plan_reminder(make_round(), "UANN", CHECKPOINT, SERVICE, CALENDAR, at=NOW, known=NOTHING_KNOWN)

    assert planned.send_at == moment(dt.date(2027, 1, 20))
    assert (planned.channel_id, planned.owner_id, planned.ask) == ("", "UANN", "rate the points")
    assert round_id_of(planned) == "b1"


def test_a_short_round_reminds_on_its_last_day_or_not_at_all() -> None:
    assert reminders(make_round(), at=moment(FRIDAY, 8)) == [moment(FRIDAY)]
    assert reminders(make_round(), at=moment(FRIDAY, 10)) == []
    assert reminders(make_round(dt.date(2027, 1, 17)), at=moment(dt.date(2027, 1, 16))) == []  # a weekend


def test_who_was_reminded_is_not_again_and_what_is_due_stays_due() -> None:
    [planned] = plan_reminder(make_round(), "UANN", CHECKPOINT, SERVICE, CALENDAR, at=NOW, known=NOTHING_KNOWN)
    later = moment(dt.date(2027, 1, 21))

    assert reminders(make_round(), at=later, known=Known(sent=[make_sent(planned)])) == []
    assert reminders(make_round(), at=later, known=Known(stored=[planned])) == [planned.send_at]


def test_who_is_in_or_away_and_what_is_over_gets_no_reminder() -> None:
    assert reminders(make_round(given=("UANN",))) == []
    assert reminders(make_round(seats=(Seat("UANN", "gone"), Seat("UBOB")))) == []
    assert reminders(make_round(state="called off")) == []


def test_the_end_is_said_in_the_channel_on_the_next_working_morning() -> None:
    [planned] = plan_end(make_round(), CHECKPOINT, SERVICE, CALENDAR, known=NOTHING_KNOWN)

    assert planned.send_at == moment(dt.date(2027, 1, 25))
    assert (planned.channel_id, planned.owner_id, planned.ask) == ("C1", OWNER, "talk about the ratings")


def test_an_end_without_a_result_asks_for_something_else() -> None:
    closed = make_round(state="closed", closed_at=end_of(FRIDAY))

    [planned] = plan_end(closed, CHECKPOINT, SERVICE, CALENDAR, known=NOTHING_KNOWN)

    assert planned.ask == "open another round"


def test_an_end_that_is_known_is_not_said_again() -> None:
    [planned] = plan_end(make_round(), CHECKPOINT, SERVICE, CALENDAR, known=NOTHING_KNOWN)

    assert plan_end(make_round(), CHECKPOINT, SERVICE, CALENDAR, known=Known(sent=[make_sent(planned)])) == []
    for silent in (make_round(told=True), make_round(state="called off")):
        assert plan_end(silent, CHECKPOINT, SERVICE, CALENDAR, known=NOTHING_KNOWN) == []
    decided = replace(CHECKPOINT, state="met")
    assert plan_end(make_round(), decided, SERVICE, CALENDAR, known=NOTHING_KNOWN) == []
