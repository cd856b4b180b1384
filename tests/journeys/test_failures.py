"""When something breaks: the person is told in plain words, the log has one trace, and one code ties the two."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.http_retry import builtin_handlers

from bot.trial.records import Message
from bot.usecases.advise import Advisor
from tests.journeys.council import PARKING, Council, Gate
from tests.journeys.test_deliveries import lose_database

_REFERENCE = re.compile(r"\b[0-9A-F]{8}\b")

Act = Callable[[Council], object]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds for which Slack made us wait; nobody waits them."""
    waited: list[float] = []
    monkeypatch.setattr(builtin_handlers, "time", SimpleNamespace(sleep=waited.append))
    return waited


def break_advisor(monkeypatch: pytest.MonkeyPatch, *methods: str) -> None:
    """Make these use cases fail, with words that nobody outside should read."""

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("inner workings")

    for method in methods:
        monkeypatch.setattr(Advisor, method, fail)


def traces(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What is said of each failure that is logged with its trace."""
    return [record.getMessage() for record in caplog.records if record.exc_info]


def assert_told(caplog: pytest.LogCaptureFixture, message: Message) -> None:
    """Assert that *message* tells of the one failure that is logged, with its code, and of nothing inside."""
    [code] = _REFERENCE.findall(message.text)
    assert traces(caplog) == [f"A listener failed. Reference {code}."]
    assert "inner workings" in caplog.text
    assert "That did not work" in message.text
    assert "inner workings" not in message.text
    assert "Error" not in message.text


def failing(council: Council) -> Council:
    """The same council, in which failures are meant to be logged."""
    council.noisy = True
    return council


@pytest.mark.parametrize(
    ("broken", "act", "channel"),
    [
        ("advise", lambda council: council.sam.dm("what is alpha?"), None),
        ("advise", lambda council: council.sam.mention(PARKING, "what is alpha?"), PARKING),
        ("advise", lambda council: council.sam.command("/advisor", "what is alpha?", channel=PARKING), PARKING),
        ("operations", lambda council: council.sam.command("/advisor", "health", channel=PARKING), PARKING),
        ("browse", lambda council: council.sam.command("/cases", "", channel=PARKING), PARKING),
        ("browse", lambda council: council.sam.command("/standard", "", channel=PARKING), PARKING),
        ("advise", lambda council: council.sam.click(council.home(council.sam), "example:1"), None),
        ("list_form", lambda council: council.sam.click(council.home(council.sam), "browse", value="case"), None),
        ("ask_form", lambda council: council.sam.click(council.home(council.sam), "ask_modal"), None),
        ("home", lambda council: council.sam.open_home(), None),
        ("welcome", lambda council: council.sam.open_messages_tab(), None),
    ],
)
def test_a_failure_is_told_where_the_person_looks(
    council: Council,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    broken: str,
    act: Act,
    channel: str | None,
) -> None:
    break_advisor(monkeypatch, broken)

    told = failing(council).answer(council.sam, lambda: act(council), channel)

    assert_told(caplog, told)


def test_a_failing_mention_is_told_in_its_thread(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_advisor(monkeypatch, "advise")

    told = failing(council).mention(council.sam, "what is alpha?")

    assert_told(caplog, told)
    assert told.thread_ts == council.sam.messages(PARKING)[0].ts


@pytest.mark.parametrize(
    ("broken", "action_id"),
    [("show", "ask_entry:1"), ("entry", "open_entry"), ("why", "why"), ("rate", "feedback_helpful")],
)
def test_a_failing_button_is_told_to_the_one_who_pressed_it(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, broken: str, action_id: str
) -> None:
    answer = council.mention(council.sam, "what is alpha?")
    break_advisor(monkeypatch, broken)

    told = failing(council).click(council.sam, answer, action_id)

    assert_told(caplog, told)
    assert told.reader == council.sam.id


def test_a_listener_that_fails_at_once_has_acknowledged_all_the_same(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_advisor(monkeypatch, "advise", "list_form")
    home = failing(council).home(council.sam)

    outcomes = [council.sam.command("/advisor", "what is alpha?", channel=PARKING)]
    outcomes += [council.sam.click(home, "browse", value="case") for _ in range(3)]
    council.settle()

    assert [outcome.notice for outcome in outcomes] == [""] * 4
    assert "ack()" not in caplog.text


def test_a_failing_form_is_told_in_direct_messages(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing(council).form(council.sam, council.home(council.sam), "ask_modal")
    break_advisor(monkeypatch, "advise")

    told = council.answer(council.sam, lambda: council.sam.submit(values={"question": "what is alpha?"}))

    assert_told(caplog, told)


def test_a_failing_shortcut_is_told_to_the_one_who_used_it(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    message = failing(council).priya.say(PARKING, "what is alpha?")
    break_advisor(monkeypatch, "advise")

    told = council.answer(council.sam, lambda: council.sam.shortcut("ask_about_message", message), PARKING)

    assert_told(caplog, told)
    assert told.reader == council.sam.id


def test_a_failing_uninstall_is_told_to_nobody_and_logged(council: Council, caplog: pytest.LogCaptureFixture) -> None:
    failing(council)
    lose_database(council)

    council.slack.uninstall()
    council.settle()

    assert len(traces(caplog)) == 2
    assert council.sam.answers() == []


def test_without_a_database_a_command_is_told_so(council: Council, caplog: pytest.LogCaptureFixture) -> None:
    lose_database(failing(council))

    told = council.command(council.sam, "/advisor", "what is alpha?")

    [code] = _REFERENCE.findall(told.text)
    assert traces(caplog) == [f"A listener failed. Reference {code}."]


def test_a_rate_limit_is_waited_out_as_long_as_slack_says(council: Council, waits: list[float]) -> None:
    council.slack.fail_next("chat.postMessage", error="ratelimited", retry_after=7)

    answer = council.dm(council.sam, "what is alpha?")

    assert council.subject_of(answer) == "guide/alpha"
    assert [int(wait) for wait in waits] == [7]


def test_a_rate_limit_that_does_not_end_is_told_when_it_does(
    council: Council, waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    failing(council).slack.fail_next("chat.postMessage", error="ratelimited", retry_after=30, times=3)

    told = council.dm(council.sam, "what is alpha?")

    assert _REFERENCE.findall(told.text)
    assert "ratelimited" in caplog.text
    assert len(waits) == 2


@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_of_slacks_server_is_told(council: Council, caplog: pytest.LogCaptureFixture, status: int) -> None:
    failing(council).slack.fail_next("chat.postMessage", status=status)

    told = council.dm(council.sam, "what is alpha?")

    [code] = _REFERENCE.findall(told.text)
    assert traces(caplog) == [f"A listener failed. Reference {code}."]


def test_where_slack_takes_nothing_the_log_says_that_nobody_was_told(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    failing(council).slack.fail_next("chat.postMessage", status=500, times=99)

    council.sam.dm("what is alpha?")
    council.settle()

    [trace] = traces(caplog)
    [code] = _REFERENCE.findall(trace)
    assert [record.getMessage() for record in caplog.records if getattr(record, "action", "") == "telling_failed"] == [
        f"Nobody could be told. Reference {code}."
    ]


def test_where_a_channel_takes_no_answer_the_person_is_told_directly(council: Council) -> None:
    failing(council).slack.fail_next("chat.postMessage", error="restricted_action", times=2)

    told = council.answer(council.sam, lambda: council.sam.mention(PARKING, "what is alpha?"))

    assert _REFERENCE.findall(told.text)
    assert council.sam.answers(PARKING) == []


def test_an_answer_that_comes_too_late_for_its_address_is_told_directly(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate(monkeypatch, "bot.usecases.advise", "ask")
    failing(council).sam.command("/advisor", "what is alpha?", channel=PARKING)
    gate.wait()

    council.clock.forward(minutes=31)
    gate.open()
    council.settle()

    assert council.sam.answers(PARKING) == []
    [told] = council.sam.answers()
    [code] = _REFERENCE.findall(told.text)
    assert traces(caplog) == [f"A listener failed. Reference {code}."]


def test_a_form_that_cannot_be_opened_in_time_is_told(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = council.mention(council.sam, "what is alpha?")
    failing(council).slack.fail_next("views.open", error="expired_trigger_id")

    told = council.click(council.sam, answer, "open_entry")

    assert _REFERENCE.findall(told.text)
    assert told.reader == council.sam.id
    assert "expired_trigger_id" in caplog.text


def test_a_token_that_slack_does_not_know_is_said_in_plain_words(
    council: Council, caplog: pytest.LogCaptureFixture
) -> None:
    failing(council).slack.fail_next("auth.test", error="invalid_auth")

    council.sam.command("/advisor", "what is alpha?", channel=PARKING)

    [told] = council.sam.answers(PARKING)
    assert told.text.startswith("Advisor cannot use its connection to Slack")
    assert "invalid_auth" in caplog.text


def test_a_failure_is_logged_with_an_action_to_look_for(
    council: Council, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_advisor(monkeypatch, "advise")

    failing(council).dm(council.sam, "what is alpha?")

    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert getattr(record, "action", "") == "listener_failed"
