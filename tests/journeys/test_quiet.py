"""Quiet times, set by people in Slack: the plan shows the effect, and nothing is started in them."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.checkpoints.calendar import LONDON
from bot.clock import Clock
from bot.trial import cast
from bot.trial.acting import Outcome
from bot.trial.person import Person
from bot.trial.records import Message, View
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import PARKING, Council, action_ids, words_of
from tests.journeys.test_checkpoints import Team
from tests.journeys.test_notifications import WEEK_BEFORE, nudges, tick

DUE = "2027-01-15"


@pytest.fixture
def team(council: Council) -> Team:
    team = Team(council)
    team.plan(team.start(), due=DUE)
    return team


def settings(team: Team, person: Person) -> Message:
    return team.council.command(person, "/checkpoint", "settings")


def open_form(team: Team, person: Person, which: str) -> View:
    return team.council.form(person, settings(team, person), f"checkpoint_quiet_{which}")


def plan_of(team: Team) -> str:
    return team.council.command(team.council.sam, "/checkpoint", "plan").text


def fill_alone(team: Team, person: Person, **values: object) -> Outcome:
    """Send a form after which nothing is said in the channel."""
    return team.fill(person, **values)


def test_days_off_of_a_channel_move_the_plan_and_the_channel_is_told(team: Team) -> None:
    sam = team.council.sam
    assert "Friday 8 January 2027, 09:30" in plan_of(team)
    open_form(team, sam, "here")

    told = team.council.answer(
        sam,
        lambda: team.fill(sam, days_off="7 January 2027 to 11 January 2027: Team days", weekdays_off=["2"]),
        PARKING,
    )

    assert "has changed the quiet times of this channel" in told.text
    plan = plan_of(team)
    assert "Friday 8 January 2027" not in plan
    assert "Tuesday 5 January 2027, 09:30" in plan
    assert "Days off of this channel: 7 January 2027 to 11 January 2027: Team days." in plan
    assert "Never here on a Wednesday." in plan
    assert tick(team, WEEK_BEFORE).messages == 0
    assert "Changed last" in words_of(open_form(team, sam, "here"))


def test_days_that_hold_a_date_are_pointed_out(team: Team) -> None:
    sam = team.council.sam
    open_form(team, sam, "here")

    team.council.answer(sam, lambda: team.fill(sam, days_off="14 January 2027 to 15 January 2027"), PARKING)

    view = sam.modal()
    assert view is not None
    assert "End of discovery of Parking permits is due on 15 January 2027, which is one of these days" in words_of(view)


def test_what_cannot_be_so_is_said_in_the_form_and_nothing_is_lost(team: Team) -> None:
    sam = team.council.sam
    open_form(team, sam, "here")

    turned = fill_alone(team, sam, days_off="12 January 2027 to 11 January 2027")
    long = fill_alone(team, sam, days_off="1 February 2027 to 30 June 2027", weekdays_off=["0", "1", "2", "3", "4"])
    kept = team.council.answer(sam, lambda: team.fill(sam, weekdays_off=[], meant=["yes"]), PARKING)

    assert "ends before it begins" in turned.errors["days_off"]
    assert "150 days long. If that is meant" in long.errors["days_off"]
    assert "No weekday would be left" in long.errors["weekdays_off"]
    assert "1 February 2027 to 30 June 2027" in kept.text


def test_a_channel_that_wants_no_messages_gets_none_and_the_owner_does(team: Team) -> None:
    sam = team.council.sam
    open_form(team, sam, "here")
    team.council.answer(sam, lambda: team.fill(sam, opted_out=["yes"]), PARKING)
    before = len(nudges(team))

    tick(team, WEEK_BEFORE)

    assert "This channel wants no messages" in plan_of(team)
    assert len(nudges(team)) == before
    [direct] = nudges(team, None)
    assert direct.text.startswith(f"<@{cast.SAM}>: please *answer the points of End of discovery*")


def test_leave_moves_what_names_a_person_and_the_plan_says_so(team: Team) -> None:
    sam = team.council.sam
    open_form(team, sam, "mine")

    assert fill_alone(team, sam, days_off="6 January 2027 to 13 January 2027", a_week="1").ok

    plan = plan_of(team)
    assert "Tuesday 5 January 2027, 09:30" in plan
    assert f"<@{cast.SAM}> is away 6 January 2027 to 13 January 2027." in plan
    mine = settings(team, sam).text
    assert "At most 1 messages a week. Away: 6 January 2027 to 13 January 2027." in mine
    assert "Away" not in settings(team, team.council.priya).text


def test_who_wants_no_direct_messages_gets_none(team: Team) -> None:
    sam = team.council.sam
    open_form(team, sam, "mine")
    fill_alone(team, sam, opted_out=["yes"])
    sam.remove_bot(PARKING)

    tick(team, WEEK_BEFORE)

    assert nudges(team, None) == []
    [to_sponsor] = [one for one in team.council.priya.answers() if one.metadata]
    assert "cannot write in the channel" in to_sponsor.text


def test_two_people_never_overwrite_each_others_settings_unseen(team: Team) -> None:
    sam, priya = team.council.sam, team.council.priya
    open_form(team, sam, "here")
    open_form(team, priya, "here")
    team.council.answer(priya, lambda: team.fill(priya, weekdays_off=["0"]), PARKING)

    late = fill_alone(team, sam, weekdays_off=["4"])

    assert "Somebody changed these settings in the meantime" in "".join(late.errors.values())


def test_a_pre_election_period_holds_at_once_and_moves_every_plan(team: Team) -> None:
    council, sam = team.council, team.council.sam
    open_form(team, sam, "all")
    period = {"calm.name": "By-election", "calm.first_on": "2027-01-06", "calm.last_on": "2027-01-14"}

    assert fill_alone(team, sam, **period, **{"calm.applies_to": "england"}).ok
    Clock(council.running).tick()
    plan = plan_of(team)
    tally = tick(team, WEEK_BEFORE)

    assert tally.messages == 0
    assert "By-election: nothing is sent from 6 January 2027 to 14 January 2027, for England." in plan
    assert "Friday 8 January" not in plan
    assert "Tuesday 5 January 2027, 09:30" in plan
    assert "Friday 15 January 2027, 09:30, in this channel" in plan_of(team).split("Date")[0]


def test_a_long_pre_election_period_is_asked_about_and_can_be_taken_out(team: Team) -> None:
    sam = team.council.sam
    open_form(team, sam, "all")
    period = {"calm.name": "Elections", "calm.first_on": "2027-02-01", "calm.last_on": "2027-05-31"}

    asked = fill_alone(team, sam, **period)
    assert "120 days long. If that is meant, tick the box" in asked.errors["calm.last_on"]
    fill_alone(team, sam, meant=["yes"])
    sam.close()
    assert "Elections: nothing is sent" in settings(team, sam).text
    open_form(team, sam, "all")
    fill_alone(team, sam, kept=[])
    sam.close()

    assert "Elections" not in settings(team, sam).text
    assert "Elections, 1 February 2027 to 31 May 2027, for everybody to nothing" in words_of(
        open_form(team, sam, "all")
    )


def test_office_hours_move_the_usual_time(team: Team) -> None:
    council, sam = team.council, team.council.sam
    open_form(team, sam, "all")

    wrong = fill_alone(team, sam, opens_at="10:00", sends_at="09:30")
    assert "outside the office hours" in wrong.errors["sends_at"]
    assert fill_alone(team, sam, sends_at="10:15").ok
    council.clock.moment = dt.datetime(2026, 12, 1, 8, tzinfo=LONDON)
    assert council.running.upkeep.plan_anew(at=council.clock.moment) == 1
    assert council.running.upkeep.plan_anew(at=council.clock.moment) == 0

    assert "Friday 8 January 2027, 10:15" in plan_of(team)


def test_only_administrators_change_what_holds_for_everybody(make_council: MakeCouncil) -> None:
    team = Team(make_council(admins=cast.PRIYA))

    assert "checkpoint_quiet_all" not in action_ids(settings(team, team.council.sam))
    assert "checkpoint_quiet_all" in action_ids(settings(team, team.council.priya))


def test_my_quiet_times_open_from_the_home_tab(team: Team) -> None:
    sam = team.council.sam

    view = team.council.form(sam, team.council.home(sam), "checkpoint_quiet_mine")

    assert "Days on which you are away" in words_of(view)
