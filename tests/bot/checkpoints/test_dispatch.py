"""What goes out: merged, inside the budget, never out of date."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checkpoints.calendar import WorkCalendar, is_working_moment
from bot.checkpoints.dispatch import NEWER, Dispatch, Limits, dispatch, slots
from bot.checkpoints.notifications import Planned, Sent, Settings
from bot.checkpoints.schedule import Known, plan
from tests.bot.checkpoints.build import OWNER, SPONSOR, make_checkpoint, make_sent, make_service, moment

D = dt.date
CALENDAR, SETTINGS = WorkCalendar(), Settings()
LIMITS = Limits(SETTINGS)
MONDAY = moment(D(2027, 3, 1))
TUESDAY = moment(D(2027, 3, 2))


def make_planned(id: str = "c1", rung: str = "due", **fields: Any) -> Planned:
    defaults: dict[str, Any] = {
        "key": f"s1/checkpoint/{id}/2027-03-01/{rung}",
        "workspace_id": "T1",
        "service_id": "s1",
        "subject": "checkpoint",
        "subject_id": id,
        "rung": rung,
        "ask": "answer",
        "owner_id": OWNER,
        "channel_id": "C1",
        "about_on": D(2027, 3, 1),
        "send_at": MONDAY,
    }
    return Planned(**defaults | fields)


def go(due: list[Planned], sent: list[Sent] | None = None, at: dt.datetime = MONDAY) -> Dispatch:
    return dispatch(due, sent or [], CALENDAR, LIMITS, at=at)


def sent_on(*days: D, **fields: Any) -> list[Sent]:
    return [make_sent(make_planned(f"x{place}", **fields), moment(day)) for place, day in enumerate(days)]


def test_what_falls_together_is_one_message() -> None:
    found = go([make_planned("c1"), make_planned("c2", "overdue-1", about_on=D(2027, 3, 5)), make_planned("c3")])

    assert found.post is not None
    assert [item.subject_id for item in found.post.items] == ["c2", "c1", "c3"]
    assert (found.post.channel_id, found.post.person_id) == ("C1", "")


def test_after_an_outage_only_the_newest_of_a_checkpoint_is_sent() -> None:
    old = make_planned(rung="before-28", send_at=moment(D(2027, 2, 1)))
    middle = make_planned(rung="before-7", send_at=moment(D(2027, 2, 22)))
    new = make_planned()

    found = go([new, old, middle])

    assert found.post is not None
    assert found.post.items == (new,)
    assert [(one.planned, one.into, one.why) for one in found.collapse] == [
        (old, new.key, NEWER),
        (middle, new.key, NEWER),
    ]


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (moment(D(2027, 3, 1), 8, 59), moment(D(2027, 3, 1))),
        (moment(D(2027, 3, 1), 17, 0), TUESDAY),
        (moment(D(2027, 3, 6), 11), moment(D(2027, 3, 8))),
        (moment(D(2027, 3, 26), 11), moment(D(2027, 3, 30))),
    ],
)
def test_outside_working_hours_everything_waits(at: dt.datetime, until: dt.datetime) -> None:
    found = go([make_planned()], at=at)

    assert found.post is None
    assert [(one.until, one.why) for one in found.hold] == [(until, "Outside working hours.")]


def test_a_late_message_is_sent_the_same_day_inside_the_hours() -> None:
    assert go([make_planned()], at=moment(D(2027, 3, 1), 16, 59)).post is not None


def test_a_channel_has_one_message_a_day() -> None:
    found = go([make_planned()], sent_on(D(2027, 3, 1)), at=moment(D(2027, 3, 1), 11))

    assert [(one.until, one.why) for one in found.hold] == [(TUESDAY, "There was a message today.")]


def test_a_channel_has_three_messages_a_week() -> None:
    sent = sent_on(D(2027, 3, 1), D(2027, 3, 2), D(2027, 3, 3), owner_id="UOTHER")

    found = go([make_planned()], sent, at=moment(D(2027, 3, 4)))

    assert found.hold[0].until == moment(D(2027, 3, 8))
    assert go([make_planned()], sent, at=moment(D(2027, 3, 8))).post is not None


def test_a_person_is_named_three_times_a_week_over_all_channels() -> None:
    sent = [one for channel in ("C7", "C8", "C9") for one in sent_on(D(2027, 3, 1), channel_id=channel)]
    other = make_planned("c2", owner_id="UOTHER")

    found = go([make_planned(), other], sent, at=TUESDAY)

    assert found.post is not None
    assert found.post.items == (other,)
    assert [(one.until, one.why) for one in found.hold] == [
        (moment(D(2027, 3, 8)), "The person was named 3 times this week.")
    ]


def test_what_was_merged_counts_once() -> None:
    merged = [make_sent(make_planned(f"x{number}"), moment(D(2027, 3, 1))) for number in range(5)]

    assert go([make_planned()], merged, at=TUESDAY).post is not None


def test_an_overdue_nudge_backs_off_after_two_that_were_ignored() -> None:
    third = make_planned(rung="overdue-3", send_at=moment(D(2027, 3, 17)))
    ignored = [
        make_sent(make_planned(rung="overdue-1"), moment(D(2027, 3, 3))),
        make_sent(make_planned(rung="overdue-2"), moment(D(2027, 3, 10))),
    ]
    heard = [ignored[0], make_sent(make_planned(rung="overdue-2"), moment(D(2027, 3, 10)), led_to="answered")]

    assert go([third], ignored, at=moment(D(2027, 3, 17))).hold[0].until == moment(D(2027, 3, 24))
    assert go([third], ignored, at=moment(D(2027, 3, 24))).post is not None
    assert go([third], heard, at=moment(D(2027, 3, 17))).post is not None


def test_a_warning_and_the_note_do_not_back_off() -> None:
    ignored = [make_sent(make_planned(rung=f"overdue-{number}"), moment(D(2027, 2, number))) for number in (22, 24)]
    note = make_planned(rung="note", owner_id=SPONSOR, channel_id="", ask="know it is overdue")

    found = go([note], ignored)

    assert found.post is not None
    assert (found.post.channel_id, found.post.person_id) == ("", SPONSOR)


def test_one_destination_at_a_time() -> None:
    with pytest.raises(ValueError, match="one destination"):
        go([make_planned(), make_planned("c2", channel_id="C2")])


def test_nothing_due_is_nothing_to_do() -> None:
    assert go([]) == Dispatch(None, (), ())


def test_the_slots_of_a_message_keep_the_budgets_between_clocks() -> None:
    found = go([make_planned(), make_planned("c2", owner_id="UOTHER")])
    assert found.post is not None

    mine = slots(found.post, [], at=MONDAY)

    assert mine == (
        "T1/channel/C1/2027-03-01",
        "T1/channel/C1/2027-W09/1",
        "T1/person/UOTHER/2027-W09/1",
        f"T1/person/{OWNER}/2027-W09/1",
    )
    later = slots(found.post, sent_on(D(2027, 3, 1)), at=TUESDAY)
    assert not set(mine) & {slot for slot in later if "UOTHER" not in slot}


@given(
    st.lists(st.tuples(st.integers(0, 5), st.dates(D(2027, 1, 4), D(2027, 7, 1))), min_size=1, max_size=12), st.data()
)
@settings(max_examples=30)
def test_half_a_year_of_a_channel_keeps_every_promise(dates: list[tuple[int, D]], data: st.DataObject) -> None:
    """The clock comes at odd hours, or not for days; teams answer now and then. Each promise is checked at the end."""
    start = moment(D(2027, 1, 4), 8)
    service = make_service()
    checkpoints = {f"c{place}": make_checkpoint(id=f"c{place}", due_on=due) for place, (_, due) in enumerate(dates)}
    sent: list[Sent] = []
    posted: list[dt.datetime] = []
    done: set[str] = set()
    at = start
    while at < moment(D(2027, 12, 1)):
        at += dt.timedelta(hours=data.draw(st.sampled_from([5, 11, 24, 24, 24, 100, 400])))
        due = []
        for id, checkpoint in checkpoints.items():
            mine = [one for one in sent if one.subject_id == id]
            before = at - dt.timedelta(days=3)
            for one in plan(checkpoint, service, CALENDAR, SETTINGS, at=before, known=Known(sent=mine)):
                if one.send_at <= at and one.channel_id:
                    due.append(one)
        found = dispatch(due, sent, CALENDAR, LIMITS, at=at)
        keys = [one.key for one in due]
        out = [item.key for item in found.post.items] if found.post else []
        assert sorted(keys) == sorted(
            [*out, *(h.planned.key for h in found.hold), *(c.planned.key for c in found.collapse)]
        )
        assert all(held.until > at and is_working_moment(CALENDAR, at=held.until) for held in found.hold)
        if found.post:
            posted.append(at)
            led_to = "answered" if data.draw(st.integers(0, 3)) == 0 else ""
            sent += [make_sent(item, at, led_to) for item in found.post.items]
            done |= {item.key for item in found.post.items}
            assert len({item.subject_id for item in found.post.items}) == len(found.post.items)

    assert all(is_working_moment(CALENDAR, at=one) for one in posted)
    assert len({one.date() for one in posted}) == len(posted)
    assert max(Counter(one.isocalendar()[:2] for one in posted).values(), default=0) <= SETTINGS.channel_a_week
    assert len({one.key for one in sent}) == len(sent) == len(done)
    assert {one.subject_id for one in sent} == set(checkpoints)
