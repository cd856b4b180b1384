"""The .ics file opens as a calendar, with a stable name for each day."""

from __future__ import annotations

import datetime as dt

from icalendar import Calendar

from bot.checkpoints.calendar_file import DueDate, calendar_file, due_dates
from bot.checkpoints.checkpoint import Action, Decision
from bot.checkpoints.radar import read_radar
from tests.bot.checkpoints.build import MEMBER, NOW, SPONSOR, TODAY, make_checkpoint, make_contract, make_service


def test_due_dates_are_what_is_still_to_come() -> None:
    action = Action("c2-a1", "c2", "Fix the form", MEMBER, dt.date(2027, 2, 1))
    decided = make_checkpoint(
        id="c2",
        state="met with conditions",
        decision=Decision("met with conditions", SPONSOR, NOW, actions=(action,)),
    )
    radar = read_radar(make_contract(ends_on=dt.date(2027, 3, 31), notice_months=1), "bought", today=TODAY)

    found = due_dates(make_service(), [make_checkpoint(), decided, make_checkpoint(id="c3", state="cancelled")], radar)

    assert [due.uid for due in found] == ["action-c2-a1", "contract-s1-give-notice", "checkpoint-c1", "contract-s1-end"]


def test_the_file_is_read_back_with_whole_days() -> None:
    due = DueDate(
        "checkpoint-c1", dt.date(2027, 3, 1), "Bins; trees, and\nBEGIN:VEVENT", "x" * 300, "https://x.example"
    )

    written = calendar_file([due], name="My services", at=NOW)

    events = list(Calendar.from_ical(written).walk("VEVENT"))
    assert len(events) == 1
    assert events[0].decoded("dtstart") == dt.date(2027, 3, 1)
    assert str(events[0]["uid"]) == "checkpoint-c1@advisor"
    assert str(events[0]["summary"]) == "Bins; trees, and\nBEGIN:VEVENT"
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))


def test_the_same_dates_give_the_same_file() -> None:
    due = [DueDate("a", dt.date(2027, 3, 1), "A"), DueDate("b", dt.date(2028, 2, 29), "B")]

    assert calendar_file(due, name="x", at=NOW) == calendar_file(due, name="x", at=NOW.astimezone(dt.UTC))
