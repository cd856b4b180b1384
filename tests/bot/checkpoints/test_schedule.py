"""What is planned: the days, the keys, and what happens when something is planned again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checkpoints.calendar import Period, WorkCalendar, is_working_moment
from bot.checkpoints.checkpoint import Action, Checkpoint, Decision, Waiver
from bot.checkpoints.evidence import relying_on
from bot.checkpoints.notifications import Planned, Sent, Settings, Snooze, replanned, snooze_faults
from bot.checkpoints.radar import read_radar
from bot.checkpoints.schedule import (
    Known,
    ask_of,
    plan,
    plan_action,
    plan_contract,
    plan_digest,
    plan_evidence,
    plan_waiver,
    still_holds,
)
from bot.checkpoints.services import Service
from tests.bot.checkpoints.build import (
    LIVES,
    MEMBER,
    NOW,
    OWNER,
    SPONSOR,
    TODAY,
    answered,
    handed_in,
    make_answer,
    make_checkpoint,
    make_contract,
    make_evidence,
    make_sent,
    make_service,
    moment,
)

D = dt.date
CALENDAR, SETTINGS, SERVICE = WorkCalendar(), Settings(), make_service()


def days(planned: list[Planned]) -> list[tuple[str, str]]:
    return [(one.rung, one.send_at.date().isoformat()) for one in planned]


def planned(checkpoint: Checkpoint | None = None, at: dt.datetime = NOW, **known: Any) -> list[Planned]:
    return plan(checkpoint or make_checkpoint(), SERVICE, CALENDAR, SETTINGS, at=at, known=Known(**known))


def test_the_default_plan_of_a_checkpoint() -> None:
    found = planned()

    assert days(found) == [
        ("before-28", "2027-02-01"),
        ("before-7", "2027-02-22"),
        ("due", "2027-03-01"),
        ("overdue-1", "2027-03-03"),
        ("overdue-2", "2027-03-10"),
        ("overdue-3", "2027-03-17"),
        ("overdue-4", "2027-03-24"),
        ("note", "2027-03-31"),
    ]
    assert {one.send_at.time() for one in found} == {dt.time(9, 30)}


def test_each_names_one_ask_its_owner_and_where_it_goes() -> None:
    found = planned()

    assert {(one.ask, one.owner_id, one.channel_id) for one in found[:-1]} == {("answer", OWNER, "C1")}
    assert (found[-1].ask, found[-1].owner_id, found[-1].channel_id) == ("know it is overdue", SPONSOR, "")
    assert found[1].key == "s1/checkpoint/c1/2027-03-01/before-7"


def test_what_warns_of_a_date_never_comes_after_it() -> None:
    easter_monday = D(2027, 3, 29)

    found = planned(make_checkpoint(due_on=easter_monday))

    assert days(found)[:4] == [
        ("before-28", "2027-03-01"),
        ("before-7", "2027-03-22"),
        ("due", "2027-03-25"),
        ("overdue-1", "2027-03-31"),
    ]


def test_scottish_easter_monday_is_worked() -> None:
    calendar = WorkCalendar("scotland")

    found = plan(make_checkpoint(due_on=D(2027, 3, 29)), SERVICE, calendar, SETTINGS, at=NOW)

    assert days(found)[2] == ("due", "2027-03-29")


def test_a_calm_period_moves_warnings_before_it_and_the_rest_behind() -> None:
    calendar = WorkCalendar(calm=(Period(D(2027, 3, 22), D(2027, 5, 6), "Local election"),))

    found = plan(make_checkpoint(due_on=D(2027, 4, 12)), SERVICE, calendar, SETTINGS, at=NOW)

    assert days(found)[:4] == [
        ("before-28", "2027-03-15"),
        ("due", "2027-03-19"),
        ("overdue-1", "2027-05-10"),
        ("overdue-2", "2027-05-17"),
    ]


def test_a_date_close_by_plans_only_what_is_still_to_come() -> None:
    assert days(planned(make_checkpoint(due_on=D(2027, 1, 13))))[0] == ("due", "2027-01-13")


def test_what_is_overdue_when_first_planned_begins_at_the_next_moment() -> None:
    found = planned(make_checkpoint(due_on=D(2026, 6, 1)))

    assert days(found) == [
        ("overdue-1", "2027-01-12"),
        ("overdue-2", "2027-01-19"),
        ("overdue-3", "2027-01-26"),
        ("overdue-4", "2027-02-02"),
        ("note", "2027-02-09"),
    ]


def test_the_series_goes_on_after_what_was_sent() -> None:
    overdue = planned(make_checkpoint(due_on=D(2026, 6, 1)))
    at = moment(D(2027, 1, 20), 12)

    found = planned(
        make_checkpoint(due_on=D(2026, 6, 1)), at=at, sent=[make_sent(one, led_to="x") for one in overdue[:2]]
    )

    assert days(found) == days(overdue)[2:]


def test_after_two_ignored_it_comes_less_often_and_the_note_still_comes() -> None:
    overdue = planned(make_checkpoint(due_on=D(2026, 6, 1)))

    found = planned(
        make_checkpoint(due_on=D(2026, 6, 1)),
        at=moment(D(2027, 1, 20), 12),
        sent=[make_sent(one) for one in overdue[:2]],
    )

    assert days(found) == [("overdue-3", "2027-02-02"), ("overdue-4", "2027-02-16"), ("note", "2027-03-02")]


def test_nothing_comes_after_the_note() -> None:
    sent = [make_sent(one) for one in planned()]

    assert planned(at=moment(D(2027, 6, 1), 12), sent=sent) == []


@pytest.mark.parametrize("state", ["met", "met with conditions", "waived", "cancelled"])
def test_an_empty_nudge_is_never_planned(state: str) -> None:
    assert planned(make_checkpoint(state=state)) == []


def test_what_is_asked_follows_how_far_the_team_is() -> None:
    assert ask_of(make_checkpoint(), SERVICE) == ("answer", OWNER)
    assert ask_of(answered(make_checkpoint()), SERVICE) == ("hand in", OWNER)
    assert ask_of(handed_in(), SERVICE) == ("decide", SPONSOR)
    assert ask_of(make_checkpoint(state="met"), SERVICE) is None


def test_the_sponsor_is_asked_to_decide_and_the_owner_told_at_the_end() -> None:
    found = planned(handed_in())

    assert days(found) == [
        ("overdue-1", "2027-01-13"),
        ("overdue-2", "2027-01-20"),
        ("overdue-3", "2027-01-27"),
        ("overdue-4", "2027-02-03"),
        ("note", "2027-02-10"),
    ]
    assert {(one.ask, one.owner_id, one.channel_id) for one in found[:-1]} == {("decide", SPONSOR, "")}
    assert found[-1].owner_id == OWNER


def test_a_moved_date_gives_other_keys_and_replaces_the_old_ones() -> None:
    old = planned()
    new = planned(make_checkpoint(due_on=D(2027, 4, 1)), stored=old)

    change = replanned(old, new)

    assert set(change.remove) == {one.key for one in old}
    assert {one.key for one in change.add} == {one.key for one in new}
    assert change.change == ()


def test_planning_again_without_a_change_changes_nothing() -> None:
    first = planned()

    change = replanned(first, planned(at=NOW + dt.timedelta(hours=3), stored=first))

    assert (change.add, change.change, change.remove) == ((), (), ())


def test_an_answer_changes_what_is_asked_under_the_same_key() -> None:
    before = planned()
    change = replanned(before, planned(answered(make_checkpoint()), stored=before))

    assert (change.add, change.remove) == ((), ())
    assert {one.ask for one in change.change} == {"hand in"}


def test_what_is_due_and_not_sent_yet_is_not_lost_by_planning_again() -> None:
    stored = planned()
    at = moment(D(2027, 3, 3), 14)

    found = planned(at=at, stored=stored)

    assert found[:4] == stored[:4]
    assert planned(at=at)[0].rung == "overdue-1"


def test_a_new_day_off_moves_what_is_stored() -> None:
    away = WorkCalendar(days_off=(Period(D(2027, 2, 22), D(2027, 2, 22), "Team away"),))
    stored = planned()

    found = plan(make_checkpoint(), SERVICE, away, SETTINGS, at=NOW, known=Known(stored=stored))

    assert days(found)[1] == ("before-7", "2027-02-19")
    assert [one.key for one in replanned(stored, found).change] == [stored[1].key]


def test_a_snooze_moves_what_falls_before_its_end_and_leaves_one() -> None:
    snooze = Snooze("checkpoint", "c1", D(2027, 3, 6), OWNER, NOW)

    found = planned(snooze=snooze)

    assert days(found)[:2] == [("overdue-1", "2027-03-08"), ("overdue-2", "2027-03-10")]


@pytest.mark.parametrize(
    ("until", "fine"), [(TODAY, False), (D(2027, 1, 12), True), (D(2027, 2, 8), True), (D(2027, 2, 9), False)]
)
def test_a_snooze_ends_within_four_weeks(until: D, fine: bool) -> None:
    assert (snooze_faults(until, SETTINGS, today=TODAY) == {}) is fine


def test_a_notification_holds_until_something_changes() -> None:
    checkpoint = make_checkpoint()
    first, note = planned()[0], planned()[-1]

    assert still_holds(first, checkpoint, SERVICE)
    assert still_holds(note, checkpoint, SERVICE)
    assert not still_holds(first, answered(checkpoint), SERVICE)
    assert not still_holds(first, replace(checkpoint, due_on=D(2027, 5, 1)), SERVICE)
    assert not still_holds(first, checkpoint, make_service(owner_id="UNEW"))
    assert not still_holds(note, replace(checkpoint, state="met"), SERVICE)


def test_a_checkpoint_returned_after_its_date_is_chased_anew() -> None:
    sent = [make_sent(one) for one in planned()]
    at = moment(D(2027, 4, 20), 12)
    decision = Decision("returned", SPONSOR, at, "Show the test.")

    found = planned(make_checkpoint(state="returned", decision=decision), at=at, sent=sent)

    assert days(found)[:2] == [("overdue-1", "2027-04-22"), ("overdue-2", "2027-04-29")]
    assert found[0].channel_id == "C1"
    assert still_holds(found[0], make_checkpoint(state="returned", decision=decision), SERVICE)


def test_a_checkpoint_returned_before_its_date_keeps_its_plan() -> None:
    decision = Decision("returned", SPONSOR, NOW, "Show the test.")

    assert days(planned(make_checkpoint(state="returned", decision=decision))) == days(planned())


def test_a_note_about_the_sponsor_ends_when_the_sponsor_has_decided() -> None:
    waiting = handed_in()
    note = planned(waiting)[-1]

    assert still_holds(note, waiting, SERVICE)
    assert not still_holds(note, replace(waiting, state="returned"), SERVICE)


def test_an_action_is_chased_with_its_owner() -> None:
    action = Action("c1-a1", "c1", "Fix the form", MEMBER, D(2027, 2, 12))

    found = plan_action(action, SERVICE, CALENDAR, SETTINGS, at=NOW)

    assert days(found)[:3] == [("before-28", "2027-01-15"), ("before-7", "2027-02-05"), ("due", "2027-02-12")]
    assert {one.owner_id for one in found[:-1]} == {MEMBER}
    assert found[-1].owner_id == SPONSOR
    assert plan_action(replace(action, done_at=NOW), SERVICE, CALENDAR, SETTINGS, at=NOW) == []


def test_evidence_is_announced_before_and_when_it_expires() -> None:
    checkpoint = make_checkpoint(state="met", answers={"owner": make_answer("owner", evidence_ids=("e1",))})
    knock_on = relying_on(make_evidence(), [checkpoint], LIVES)
    assert knock_on is not None

    found = plan_evidence(knock_on, SERVICE, CALENDAR, SETTINGS, at=NOW)

    assert days(found) == [("before-28", "2027-05-04"), ("expired", "2027-06-01")]
    assert [one.ask for one in found] == ["renew the evidence", "check again"]
    assert plan_evidence(knock_on, make_service(id="s2"), CALENDAR, SETTINGS, at=NOW) == []
    sent = Known(sent=[make_sent(one) for one in found])
    assert plan_evidence(knock_on, SERVICE, CALENDAR, SETTINGS, at=moment(D(2027, 6, 2)), known=sent) == []


def test_a_contract_has_a_nudge_at_each_date_of_its_ladder() -> None:
    service = make_service(contract=make_contract(value="medium"))
    radar = read_radar(make_contract(value="medium"), "bought", today=TODAY)

    found = plan_contract(radar, service, CALENDAR, SETTINGS, at=NOW)

    assert days(found) == [
        ("decide-by", "2027-03-30"),
        ("start-buying", "2027-06-30"),
        ("start-moving", "2027-10-29"),
        ("give-notice", "2027-12-31"),
        ("end", "2028-03-31"),
    ]


def test_of_contract_dates_that_have_passed_only_the_newest_is_told_once() -> None:
    contract = make_contract(ends_on=D(2027, 8, 31), value="medium")
    radar = read_radar(contract, "bought", today=TODAY)

    found = plan_contract(radar, SERVICE, CALENDAR, SETTINGS, at=NOW)

    assert days(found)[0] == ("start-buying", "2027-01-12")
    told = Known(sent=[make_sent(found[0])])
    assert days(plan_contract(radar, SERVICE, CALENDAR, SETTINGS, at=NOW, known=told)) == days(found)[1:]


def test_the_end_of_a_waiver_is_announced() -> None:
    waiver = Waiver("Later", "UX", D(2027, 6, 30))

    found = plan_waiver(make_checkpoint(state="waived"), waiver, SERVICE, CALENDAR, SETTINGS, at=NOW)

    assert [rung for rung, _ in days(found)] == ["before-28", "before-7", "due"]


DUE = st.dates(D(2026, 6, 1), D(2029, 12, 31))
AT = st.datetimes(dt.datetime(2026, 6, 1), dt.datetime(2029, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001
PERIODS = st.builds(
    lambda first, length: Period(first, first + dt.timedelta(days=length)),
    st.dates(D(2026, 6, 1), D(2030, 1, 1)),
    st.integers(0, 50),
)
CALENDARS = st.builds(
    WorkCalendar,
    nation=st.sampled_from(["england", "wales", "scotland", "northern_ireland"]),
    days_off=st.lists(PERIODS, max_size=3).map(tuple),
    calm=st.lists(PERIODS, max_size=2).map(tuple),
)


@given(DUE, AT, CALENDARS, st.booleans(), st.none() | st.dates(D(2026, 6, 1), D(2030, 1, 1)))
def test_every_plan_keeps_to_the_rules(
    due_on: D, at: dt.datetime, calendar: WorkCalendar, waits: bool, until: D | None
) -> None:
    checkpoint = make_checkpoint(due_on=due_on)
    if waits:
        checkpoint = replace(handed_in(checkpoint), submitted_at=at)
    snooze = Snooze("checkpoint", "c1", until, OWNER, at) if until else None

    found = plan(checkpoint, SERVICE, calendar, SETTINGS, at=at, known=Known(snooze=snooze))

    assert all(is_working_moment(calendar, at=one.send_at) for one in found)
    assert all(one.send_at > at for one in found)
    assert len({one.key for one in found}) == len(found) <= 8
    assert len({(one.send_at, one.owner_id) for one in found}) == len(found)
    assert all(one.ask and one.owner_id for one in found)
    assert sum(one.ask == "know it is overdue" for one in found) == 1
    if snooze is None:
        assert all(one.send_at.date() <= due_on for one in found if one.rung.startswith(("before", "due")))
    else:
        assert all(one.send_at.date() >= snooze.until for one in found)


@given(DUE, AT, CALENDARS, st.integers(0, 7), st.integers(0, 400))
def test_a_team_that_is_late_always_hears_and_the_sponsor_once(
    due_on: D, at: dt.datetime, calendar: WorkCalendar, told: int, later: int
) -> None:
    checkpoint = make_checkpoint(due_on=due_on)
    sent: list[Sent] = [make_sent(one) for one in plan(checkpoint, SERVICE, calendar, SETTINGS, at=at)[:told]]
    now = max([at, *(one.at for one in sent)]) + dt.timedelta(days=later)

    rest = plan(checkpoint, SERVICE, calendar, SETTINGS, at=now, known=Known(sent=sent))

    keys = [*(one.key for one in sent), *(one.key for one in rest)]
    assert len(set(keys)) == len(keys)
    assert sum(key.endswith("/note") for key in keys) == 1
    assert sum("/overdue-" in key for key in keys) == 4


def digest_days(service: Service, at: dt.datetime, **known: object) -> list[dt.datetime]:
    planned = plan_digest(service, WorkCalendar(), Settings(), at=at, known=Known(**known))  # type: ignore[arg-type]
    return [one.send_at for one in planned]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (dt.date(2027, 1, 11), dt.date(2027, 1, 18)),  # Monday at ten: this week's has gone by
        (dt.date(2027, 1, 14), dt.date(2027, 1, 18)),
        (dt.date(2027, 1, 17), dt.date(2027, 1, 18)),
        (dt.date(2027, 3, 26), dt.date(2027, 3, 30)),  # Easter Monday is none to work on
    ],
)
def test_the_next_digest_is_planned_for_a_monday_or_the_first_working_day_after(now: dt.date, day: dt.date) -> None:
    assert digest_days(make_service(), moment(now, 10)) == [moment(day)]


def test_a_digest_goes_to_the_sponsor_directly() -> None:
    [planned] = plan_digest(make_service(), WorkCalendar(), Settings(), at=NOW)

    assert (planned.owner_id, planned.channel_id, planned.ask) == (SPONSOR, "", "know the exceptions")


def test_a_digest_that_is_due_and_waits_stays_planned() -> None:
    [waiting] = plan_digest(make_service(), WorkCalendar(), Settings(), at=moment(dt.date(2027, 1, 17)))

    kept = plan_digest(
        make_service(), WorkCalendar(), Settings(), at=moment(dt.date(2027, 1, 19)), known=Known(stored=[waiting])
    )

    assert kept == [waiting]


def test_no_digest_is_planned_for_who_stopped_it_nor_of_what_is_retired_nor_where_it_is_switched_off() -> None:
    stopped = Snooze("digest", SPONSOR, dt.date.max, SPONSOR, NOW)

    assert digest_days(make_service(), NOW, snooze=stopped) == []
    assert digest_days(make_service(phase="retired"), NOW) == []
    assert plan_digest(make_service(), WorkCalendar(), Settings(digest=False), at=NOW) == []
