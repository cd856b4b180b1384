"""What operations brings, one fault at a time: the person hears something true, and nothing is lost or doubled."""

from __future__ import annotations

import datetime as dt
import socket
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.http_retry import builtin_handlers, handler
from sqlalchemy import event

from bot.app import build
from bot.checkpoints.calendar import LONDON
from bot.errors import StorageError
from bot.storage.deliveries import POSTING_LEASE, Deliveries
from bot.trial.records import Delivery
from tests.journeys.council import PARKING, WORKSPACE, Council, Gate, words_of
from tests.journeys.test_checkpoints import Team
from tests.journeys.test_deliveries import again, lost, take_over
from tests.journeys.test_notifications import DUE, WEEK_BEFORE, nudges, tick
from tests.journeys.test_recall import TEXTS, Editor, editor

__all__ = ("editor",)

SLACKS_WORDS = ("ratelimited", "channel_not_found", "account_inactive", "invalid_auth", "internal_error")
AN_HOUR = dt.timedelta(hours=1, minutes=1)


@pytest.fixture
def team(council: Council) -> Team:
    team = Team(council)
    team.plan(team.start(), due=DUE.isoformat())
    council.noisy = True
    return team


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What slack_sdk would wait before it tries again is not waited."""
    for module in (builtin_handlers, handler):
        monkeypatch.setattr(module, "time", SimpleNamespace(sleep=lambda _: None))


def refuse_everything(council: Council, word: str) -> None:
    """Slack refuses every call, until it is healed."""
    council.noisy = True
    council.slack.fail_next("*", error=word, status=500 if word == "internal_error" else None, times=10_000)


@contextmanager
def without_dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No name is found by whoever answers; Slack itself still finds us."""
    found = socket.getaddrinfo

    def look_up(*given: Any, **named: Any) -> Any:
        if threading.current_thread().name.startswith("listener"):
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return found(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up)
        yield


def is_done(council: Council, delivery: Delivery) -> bool:
    return Deliveries(council.running.database).is_done(WORKSPACE, delivery.payload["event_id"])


# Slack


@pytest.mark.parametrize("word", SLACKS_WORDS)
def test_what_slack_lets_nobody_answer_is_answered_when_it_does(council: Council, word: str) -> None:
    council.dm(council.sam, "what is beta?")
    refuse_everything(council, word)
    council.sam.dm("what is alpha?")
    council.settle()
    unanswered = council.last_event()
    during = len(council.sam.answers()), is_done(council, unanswered)

    council.slack.heal()
    taken = take_over(council, POSTING_LEASE.total_seconds() + 1)
    later = take_over(council, POSTING_LEASE.total_seconds() + 1)

    assert (during, taken, later) == ((1, False), 1, 0)
    assert [council.subject_of(one) for one in council.sam.answers()] == ["guide/beta", "guide/alpha"]
    assert is_done(council, unanswered)


def test_a_slack_that_takes_nothing_for_long_is_given_up(council: Council, caplog: pytest.LogCaptureFixture) -> None:
    council.dm(council.sam, "what is beta?")
    refuse_everything(council, "internal_error")
    council.sam.dm("what is alpha?")
    council.settle()

    taken = [take_over(council, POSTING_LEASE.total_seconds() + 1) for _ in range(5)]

    assert taken == [1, 1, 1, 0, 0]
    assert [one for one in caplog.records if getattr(one, "action", "") == "delivery_given_up"] != []
    assert is_done(council, council.last_event())


def test_what_a_name_server_that_is_gone_kept_from_being_answered_is_answered_later(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.noisy = True
    council.dm(council.sam, "what is beta?")
    with without_dns(monkeypatch):
        council.sam.mention(PARKING, "what is alpha?")
        council.settle()
    during = council.sam.answers(PARKING)

    take_over(council, POSTING_LEASE.total_seconds() + 1)

    assert during == []
    assert len(council.sam.answers(PARKING)) == 1


def test_an_answer_that_slack_took_too_slowly_is_not_posted_again(council: Council) -> None:
    council.noisy = True
    council.running.app.client.timeout = 0.2  # type: ignore[assignment]
    council.slack.fail_next("chat.postMessage", delay=0.4, times=3)
    council.sam.dm("what is alpha?")
    council.settle()

    taken = take_over(council, POSTING_LEASE.total_seconds() + 1)

    answers = [one for one in council.sam.answers() if one.text.startswith("Alpha")]
    assert (taken, len(answers)) == (1, 1)
    assert is_done(council, council.last_event())


@pytest.mark.parametrize("word", SLACKS_WORDS)
def test_the_clock_sends_once_when_slack_takes_calls_again(team: Team, word: str) -> None:
    refuse_everything(team.council, word)
    refused = tick(team, WEEK_BEFORE)
    team.council.slack.heal()

    tallies = [tick(team, WEEK_BEFORE + AN_HOUR * number) for number in (1, 2, 3)]

    assert refused.posted == 0
    assert sum(tally.posted + tally.found for tally in tallies) == 1
    assert len(nudges(team)) == 1


def test_a_channel_that_slack_does_not_find_has_its_owner_told_directly_once(team: Team) -> None:
    team.council.slack.fail_next("chat.postMessage", error="channel_not_found")

    for number in range(3):
        tick(team, WEEK_BEFORE + AN_HOUR * number)

    assert (len(nudges(team)), len(nudges(team, None))) == (0, 1)


# The database

FULL, READ_ONLY = "PRAGMA max_page_count = 1", "PRAGMA query_only = ON"


@contextmanager
def spoilt(council: Council, pragma: str) -> Iterator[None]:
    """The file takes nothing more: SQLite finds no room (it never shrinks a file for it), or may not write."""
    database = council.running.database

    def spoil(driver: sqlite3.Connection, _record: object) -> None:
        driver.execute(pragma)

    council.noisy = True
    database.close()
    event.listen(database.engine, "connect", spoil)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", spoil)
        database.close()


@pytest.mark.parametrize("pragma", [FULL, READ_ONLY])
def test_where_nothing_can_be_written_the_person_hears_it_and_slack_comes_again(council: Council, pragma: str) -> None:
    # Enough to need another page of the file, whatever is free in those that it has.
    question = "what is alpha? " + "please " * 900
    with spoilt(council, pragma):
        council.sam.dm(question)
        council.settle()
        delivered = council.last_event()
        told = council.command(council.sam, "/advisor", "what is alpha?")
        status = Deliveries(council.running.database).is_safe(WORKSPACE, delivered.payload["event_id"])
    [heard] = council.sam.answers()

    assert (delivered.status, status) == (500, False)
    assert "That did not work" in heard.text
    assert words_of(told)
    assert [again(council, delivered) for _ in range(2)] == [200, 200]
    assert len(council.sam.answers()) == 2


@pytest.mark.parametrize("pragma", [FULL, READ_ONLY])
def test_where_nothing_can_be_written_the_clock_sends_nothing_twice(team: Team, pragma: str) -> None:
    with spoilt(team.council, pragma):
        sent: list[int | str] = []
        for _ in range(2):
            try:
                sent.append(tick(team, WEEK_BEFORE).messages)
            except StorageError as error:
                sent.append(str(error))
    before = len(nudges(team))

    tick(team, WEEK_BEFORE + AN_HOUR)

    assert (before, len(nudges(team))) in ((0, 1), (1, 1))
    if pragma == READ_ONLY:
        assert before == 0
        assert all("cannot be used: attempt to write a readonly database" in str(one) for one in sent)


# Time


def test_clocks_that_are_90_seconds_apart_send_a_message_once(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    council = team.council
    other = build(council.settings, now=council.clock, knowledge_base=council.knowledge_base, migrate=False)
    gate = Gate(monkeypatch, "bot.usecases.notify_place", "new_id")
    ahead = WEEK_BEFORE + dt.timedelta(seconds=90)

    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(council.running.notifier.send_due, at=WEEK_BEFORE)
        gate.wait()  # it has the place, and has not begun to post
        fast = other.notifier.send_due(at=ahead)
        gate.open()
        tally = slow.result()
    again_later = [clock.notifier.send_due(at=ahead + AN_HOUR) for clock in (council.running, other)]
    other.close()

    assert (fast.messages, tally.messages) == (0, 1)
    assert [one.messages for one in again_later] == [0, 0]
    assert len(nudges(team)) == 1


@pytest.mark.parametrize(
    ("due", "before"),
    [
        # Clocks went forward on Sunday 28 March 2027, back on 31 October: half past nine is where people are.
        ("2027-04-06", dt.datetime(2027, 3, 30, 8, 29, tzinfo=dt.UTC)),
        ("2027-11-09", dt.datetime(2027, 11, 2, 9, 29, tzinfo=dt.UTC)),
    ],
)
def test_across_a_clock_change_a_nudge_comes_at_half_past_nine_and_once(
    council: Council, due: str, before: dt.datetime
) -> None:
    team = Team(council)
    team.plan(team.start(), due=due)
    moment = before + dt.timedelta(minutes=2)

    tick(team, before - dt.timedelta(days=1))  # what came before it
    sent = [tick(team, each).messages for each in (before, moment, moment + AN_HOUR)]

    assert sent == [0, 1, 0]
    assert moment.astimezone(LONDON).strftime("%H:%M") == "09:31"


# Deliveries and knowledge


def test_events_that_come_in_the_wrong_order_are_each_answered_once(council: Council) -> None:
    first = lost(council, "what is alpha?")
    second = lost(council, "what is beta?")

    statuses = [again(council, each) for each in (second, first, second, first)]

    assert statuses == [200] * 4
    assert [council.subject_of(one) for one in council.sam.answers()] == ["guide/beta", "guide/alpha"]


def test_knowledge_that_is_replaced_while_a_question_is_answered_gives_one_whole_answer(
    editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    council, question = editor.council, f"{TEXTS} for a test"
    gate = Gate(monkeypatch, "bot.usecases.advise", "ask")
    council.sam.dm(question)
    gate.wait()

    editor.change(summary="Use the newer product.")
    gate.open()
    council.settle()
    council.dm(council.sam, question)

    during, after = council.sam.answers()
    assert council.subject_of(during) == council.subject_of(after) == "guide/texting"
    assert ("newer" in words_of(during), "newer" in words_of(after)) == (False, True)
