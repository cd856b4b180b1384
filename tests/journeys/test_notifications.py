"""The clock's messages in Slack: at their time, once, with buttons to do, move or wait; and when Slack fails."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.checkpoints.calendar import LONDON
from bot.clock import TICK_SECONDS, Clock
from bot.rendering.nudges import EVENT_TYPE
from bot.trial import cast
from bot.trial.records import Message
from bot.usecases.notify import LEASE
from bot.usecases.tally import Tally
from tests.journeys.council import PARKING, Council, action_ids, words_of
from tests.journeys.test_checkpoints import Team

DUE = dt.date(2027, 1, 15)
WEEK_BEFORE = dt.datetime(2027, 1, 8, 9, 31, tzinfo=LONDON)


@pytest.fixture
def team(council: Council) -> Team:
    team = Team(council)
    team.plan(team.start(), due=DUE.isoformat())
    return team


def tick(team: Team, at: dt.datetime) -> Tally:
    """One pass of the clock at that moment."""
    team.council.clock.moment = at
    return team.council.running.notifier.send_due(at=at)


def nudges(team: Team, channel: str | None = PARKING) -> list[Message]:
    """What the bot has started by itself."""
    return [one for one in team.council.sam.answers(channel) if (one.metadata or {}).get("event_type") == EVENT_TYPE]


def test_a_nudge_comes_at_its_time_and_once(team: Team) -> None:
    tick(team, dt.datetime(2026, 12, 18, 9, 31, tzinfo=LONDON))
    early = tick(team, WEEK_BEFORE - dt.timedelta(minutes=2))
    first, second = tick(team, WEEK_BEFORE), tick(team, WEEK_BEFORE)

    nudge = nudges(team)[-1]
    assert (early.messages, first.messages, second.messages) == (0, 1, 0)
    assert nudge.text.startswith(f"<@{cast.SAM}>: please *answer the points of End of discovery*, for Parking permits.")
    assert "15 January 2027 (in 7 days)" in nudge.text
    assert action_ids(nudge) == {"checkpoint_walk", "checkpoint_move", "checkpoint_snooze", "open_entry"}


def test_a_nudge_about_what_is_done_never_comes(team: Team) -> None:
    [opened] = [one for one in team.council.sam.answers(PARKING) if "checkpoint_walk" in action_ids(one)]
    team.open(team.council.sam, opened)
    team.walk(team.council.sam)
    team.fill(team.council.sam)

    tick(team, WEEK_BEFORE)

    assert all("hand in" not in one.text and "answer" not in one.text for one in nudges(team))


def test_its_buttons_answer_move_and_wait(team: Team) -> None:
    sam = team.council.sam
    tick(team, WEEK_BEFORE)
    [nudge] = nudges(team)

    quiet = team.council.click(sam, nudge, "checkpoint_snooze")
    team.council.form(sam, nudge, "checkpoint_move")
    moved = team.council.answer(sam, lambda: team.fill(sam, due_on="2027-02-26"), PARKING)

    assert "Nothing more about this for 7 days" in quiet.text
    assert "to 26 February 2027" in moved.text
    assert "Friday 26 February 2027, 09:30" in team.council.command(sam, "/checkpoint", "plan").text
    assert "Led to: snoozed" in team.council.command(sam, "/checkpoint", "nudges").text
    assert tick(team, dt.datetime(2027, 1, 15, 10, tzinfo=LONDON)).messages == 0


def test_its_counts_stay_true(team: Team) -> None:
    sam = team.council.sam
    tick(team, WEEK_BEFORE)
    [nudge] = nudges(team)
    team.open(sam, nudge)
    team.walk(sam, stop_after=2)

    [changed] = nudges(team)

    assert "0 of 12 points answered" in nudge.text
    assert "2 of 12 points answered: 2 met" in changed.text
    assert changed.metadata == nudge.metadata
    assert [call.arguments["ts"] for call in team.council.slack.calls_of("chat.update")].count(nudge.ts) == 2


def test_two_checkpoints_of_a_day_are_one_message(team: Team) -> None:
    [told] = [one for one in team.council.sam.answers(PARKING) if "checkpoint_plan_one" in action_ids(one)]
    team.plan(told, due=DUE.isoformat(), template="checkpoint/accessibility-review")

    tally = tick(team, WEEK_BEFORE)

    assert (tally.messages, tally.posted) == (1, 2)
    assert "Accessibility review" in words_of(nudges(team)[0])


def test_at_night_and_on_holidays_nothing_comes(team: Team) -> None:
    tick(team, dt.datetime(2027, 1, 9, 12, tzinfo=LONDON))
    assert nudges(team) == []

    assert tick(team, dt.datetime(2027, 1, 11, 9, 30, tzinfo=LONDON)).messages == 1


def test_a_clock_killed_after_posting_posts_nothing_twice(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = team.council.running.notifier._outbox
    monkeypatch.setattr(outbox, "finish", _die)
    with pytest.raises(KeyboardInterrupt):
        tick(team, WEEK_BEFORE)
    monkeypatch.undo()

    in_lease = tick(team, WEEK_BEFORE + dt.timedelta(minutes=1))
    after = tick(team, WEEK_BEFORE + LEASE)

    assert (in_lease.messages, after.found) == (0, 1)
    assert len(nudges(team)) == 1


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_lost_answer_of_slack_posts_nothing_twice(team: Team) -> None:
    team.council.noisy = True
    team.council.slack.fail_next("chat.postMessage", status=500, after=True)
    tick(team, WEEK_BEFORE)

    tally = tick(team, WEEK_BEFORE + dt.timedelta(minutes=2))

    assert tally.found == 1
    assert len(nudges(team)) == 1


def test_a_rate_limit_is_waited_out(team: Team) -> None:
    team.council.noisy = True
    team.council.slack.fail_next("chat.postMessage", error="ratelimited", retry_after=90)

    refused = tick(team, WEEK_BEFORE)
    too_soon = tick(team, WEEK_BEFORE + dt.timedelta(seconds=60))
    later = tick(team, WEEK_BEFORE + dt.timedelta(seconds=91))

    assert (refused.failed, too_soon.messages, later.messages) == (1, 0, 1)


def test_where_the_bot_was_removed_the_owner_is_told_directly_once(team: Team) -> None:
    team.council.sam.remove_bot(PARKING)
    tick(team, WEEK_BEFORE)
    tick(team, dt.datetime(2027, 1, 15, 9, 31, tzinfo=LONDON))

    first, second = nudges(team, None)
    assert "cannot write in the channel of this service any more (not_in_channel)" in first.text
    assert "cannot write" not in second.text
    assert nudges(team) == []


def test_after_an_outage_only_the_newest_of_a_checkpoint_comes(team: Team) -> None:
    tally = tick(team, dt.datetime(2027, 1, 15, 9, 31, tzinfo=LONDON))

    assert (tally.messages, tally.collapsed) == (1, 2)
    listed = team.council.command(team.council.sam, "/checkpoint", "nudges").text
    assert "Not sent: A newer one about the same thing is sent instead." in listed


def test_the_first_nudge_opens_a_planned_checkpoint(team: Team) -> None:
    tick(team, WEEK_BEFORE)

    assert "Under way" in team.council.command(team.council.sam, "/checkpoint").text


def test_the_clock_goes_round_again_when_slack_takes_messages_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.council.noisy = True
    clock, waits = Clock(team.council.running), list[float]()

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        team.council.clock.forward(seconds=seconds)
        return len(waits) == 3

    monkeypatch.setattr(clock._stop, "wait", wait)
    team.council.slack.fail_next("chat.postMessage", error="ratelimited", retry_after=5)
    team.council.slack.fail_next("chat.postMessage", error="ratelimited", retry_after=900)
    team.council.clock.moment = WEEK_BEFORE

    clock.run()

    assert waits == [5.0, TICK_SECONDS, TICK_SECONDS]
