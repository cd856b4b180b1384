"""A channel that Advisor lost: told once, shown where people look, and cleared by whoever mends it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.checkpoints.calendar import LONDON
from bot.trial import cast
from bot.trial.records import View
from bot.usecases.notify import LEASE
from tests.journeys.council import HOUSING, PARKING, Council, action_ids, words_of
from tests.journeys.test_checkpoints import Team
from tests.journeys.test_notifications import WEEK_BEFORE, nudges, tick

GONE = "cannot write in the channel of this service any more"
ON_THE_DAY = dt.datetime(2027, 1, 15, 9, 31, tzinfo=LONDON)


@pytest.fixture
def team(council: Council) -> Team:
    team = Team(council)
    team.plan(team.start(), due="2027-01-15")
    return team


def health(team: Team) -> str:
    return team.council.command(team.council.sam, "/advisor", "health").text


def home(team: Team) -> View:
    return team.council.home(team.council.sam)


@pytest.mark.parametrize(("deed", "word"), [("archive", "is_archived"), ("remove_bot", "not_in_channel")])
def test_it_is_told_once_and_shown_in_home_and_health(team: Team, deed: str, word: str) -> None:
    getattr(team.council.sam, deed)(PARKING)

    tick(team, WEEK_BEFORE)
    tick(team, ON_THE_DAY)

    first, second = nudges(team, None)
    assert f"{GONE} ({word})" in first.text
    assert GONE not in second.text
    assert f"{GONE} ({word})" in words_of(home(team))
    assert "Parking permits (channel" in health(team)
    assert word in health(team)


def test_an_archived_channel_is_shown_at_once_and_told_when_something_is_due(team: Team) -> None:
    sam = team.council.sam
    sam.archive(PARKING)
    sam.archive(HOUSING)
    team.council.settle()
    early = (words_of(home(team)), health(team), len(nudges(team, None)))

    tick(team, WEEK_BEFORE)

    assert f"{GONE} (is_archived)" in early[0]
    assert early[1].count("is_archived") == 1
    assert early[2] == 0
    assert f"{GONE} (is_archived)" in nudges(team, None)[0].text
    assert PARKING not in {call.arguments["channel"] for call in team.council.slack.calls_of("chat.postMessage")[-1:]}


@pytest.mark.parametrize(("now", "kind"), [("#parking-and-roads", "channel"), (PARKING, "group")])
def test_a_channel_that_is_renamed_or_made_private_goes_on(team: Team, now: str, kind: str) -> None:
    council = team.council
    with council.slack.workspace.change():
        channel = council.slack.workspace.channel_named(PARKING)
        channel.name, channel.kind = now.removeprefix("#"), kind
    council.noisy = True
    council.slack.fail_next("chat.postMessage", status=500, after=True)  # so that it is looked up there, too
    tick(team, WEEK_BEFORE)

    tally = tick(team, WEEK_BEFORE + dt.timedelta(minutes=2))

    [nudge] = nudges(team, now)
    assert (tally.found, tally.messages) == (1, 1)
    assert "End of discovery" in council.command(council.sam, "/checkpoint", channel=now).text
    assert "Nothing more about this" in council.click(council.sam, nudge, "checkpoint_snooze").text
    assert GONE not in words_of(home(team))


def test_inviting_advisor_again_clears_it(team: Team) -> None:
    sam = team.council.sam
    sam.remove_bot(PARKING)
    tick(team, WEEK_BEFORE)
    before = len(nudges(team))

    sam.invite(PARKING)
    team.council.settle()
    tick(team, ON_THE_DAY)

    assert GONE not in words_of(home(team))
    assert "cannot be reached" not in health(team)
    assert len(nudges(team)) == before + 1


def test_another_channel_clears_it_and_what_comes_is_said_there(team: Team) -> None:
    council, sam = team.council, team.council.sam
    sam.archive(PARKING)
    tick(team, WEEK_BEFORE)
    council.form(sam, home(team), "checkpoint_edit")

    here = council.slack.workspace.channel_named(HOUSING).id
    told = council.answer(sam, lambda: team.fill(sam, channel_id=here), HOUSING)
    tick(team, ON_THE_DAY)

    assert f"<@{cast.SAM}> has brought Parking permits here" in told.text
    assert GONE not in words_of(home(team))
    assert "cannot be reached" not in health(team)
    assert len(nudges(team, HOUSING)) == 1


def test_trying_again_works_where_it_is_mended_and_tells_where_it_is_not(team: Team) -> None:
    council, sam = team.council, team.council.sam
    sam.remove_bot(PARKING)
    tick(team, WEEK_BEFORE)

    sam.click(home(team), "checkpoint_channel_back")
    council.settle()
    shown = sam.home()
    assert shown is not None
    assert GONE not in words_of(shown)
    tick(team, ON_THE_DAY)

    assert GONE in nudges(team, None)[-1].text
    assert GONE in words_of(home(team))
    assert {"checkpoint_edit", "checkpoint_channel_back"} <= action_ids(home(team))


def test_what_may_have_come_twice_is_shown_in_home_and_health(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    council = team.council
    council.noisy = True
    assert "may have come twice" not in health(team)
    monkeypatch.setattr(council.running.notifier._outbox, "finish", _die)
    with pytest.raises(KeyboardInterrupt):
        tick(team, WEEK_BEFORE)
    monkeypatch.undo()
    council.slack.fail_next("conversations.history", error="missing_scope")

    tally = tick(team, WEEK_BEFORE + LEASE)

    assert (tally.doubted, tally.messages) == (1, 1)
    assert len(nudges(team)) == 2
    said = health(team)
    assert "Messages that may have come twice" in said
    assert "on Friday 8 January 2027, 09:36" in said
    assert "grant channels:history" in said
    assert "may have come twice on 8 January 2027" in words_of(home(team))


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
