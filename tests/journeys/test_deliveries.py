"""What Slack delivers, and what only looks like it: once each, acknowledged in time, signed, and not too large."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select, text
from werkzeug.test import Client

from bot.slack import LISTENER_THREADS
from bot.storage.deliveries import LEASE, POSTING_LEASE, Deliveries
from bot.storage.tables import processed_deliveries
from bot.trial.delivery import Signing
from bot.trial.events import uninstall_events
from bot.trial.records import Delivery
from bot.web import LARGEST_BODY_BYTES, SLACK_PATH, wsgi_app
from tests.journeys.council import PARKING, WORKSPACE, Council, Gate

NOBODY_LISTENS = "http://127.0.0.1:9/slack/events"
QUESTION = "xylophone what is GOV.UK Notify"
"""A question with a word that stands nowhere else."""

Act = Callable[[Council], object]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Every question stops here until the gate is opened."""
    return Gate(monkeypatch, "bot.usecases.advise", "ask")


def lost(council: Council, text: str = QUESTION) -> Delivery:
    """A direct message that Slack could not deliver, for nobody listened; it can be delivered again."""
    address, council.slack.request_url = council.slack.request_url, NOBODY_LISTENS
    council.sam.dm(text)
    council.slack.request_url = address
    return council.last_event()


def again(council: Council, delivery: Delivery, signing: Signing | None = None) -> int | None:
    """The status with which a past delivery is answered when it comes once more."""
    replayed = council.slack.delivery.replay(delivery, signing or Signing())
    council.settle()
    return replayed.status


def test_a_repeated_event_is_answered_once(council: Council) -> None:
    council.dm(council.sam, "what is alpha?")

    statuses = [again(council, council.last_event()) for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert len(council.sam.answers()) == 1


def test_a_repeated_mention_is_answered_once(council: Council) -> None:
    council.mention(council.sam, "what is alpha?")

    again(council, council.last_event())

    assert len(council.sam.answers(PARKING)) == 1


def test_a_repeated_event_is_answered_once_also_after_a_restart(council: Council) -> None:
    council.dm(council.sam, "what is alpha?")
    delivered = council.last_event()
    council.restart()

    assert again(council, delivered) == 200
    assert len(council.sam.answers()) == 1


def test_the_same_words_in_a_new_event_are_answered_again(council: Council) -> None:
    council.dm(council.sam, "what is alpha?")
    council.dm(council.sam, "what is alpha?")

    assert len(council.sam.answers()) == 2


def test_a_delivery_that_was_lost_is_answered_when_it_comes_again(council: Council) -> None:
    delivered = lost(council)

    assert again(council, delivered) == 200
    assert len(council.sam.answers()) == 1


def killed_before_the_answer(council: Council, text: str = QUESTION) -> Delivery:
    """A direct message that was acknowledged by a process which then died."""
    delivered = lost(council, text)
    event_id, body = delivered.payload["event_id"], delivered.payload
    assert Deliveries(council.running.database).claim(WORKSPACE, event_id, at=council.clock(), body=body)
    return delivered


@pytest.fixture
def killed_after_the_answer(council: Council, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From here on whoever answers dies before it is written down; what is given lets the next one live."""
    monkeypatch.setattr(Deliveries, "done", lambda *_: None)
    return monkeypatch.undo


def take_over(council: Council, seconds: float) -> int:
    """How many deliveries another process takes over, so many seconds later."""
    council.noisy = True
    council.clock.forward(seconds=seconds)
    taken = council.running.answer_left()
    council.settle()
    return taken


def test_while_an_event_is_being_answered_slack_need_not_come_again(council: Council, gate: Gate) -> None:
    council.sam.dm("what is alpha?")
    gate.wait()

    meanwhile = council.slack.delivery.replay(council.last_event()).status
    gate.open()
    council.settle()

    assert meanwhile == 200
    assert again(council, council.last_event()) == 200
    assert len(council.sam.answers()) == 1


def test_while_an_event_that_is_not_kept_is_worked_on_slack_is_asked_to_come_again(council: Council) -> None:
    delivered = lost(council)
    event_id = delivered.payload["event_id"]
    assert Deliveries(council.running.database).claim(WORKSPACE, event_id, at=council.clock())

    too_early = again(council, delivered)
    council.clock.forward(seconds=LEASE.total_seconds())
    in_time = again(council, delivered)
    late = again(council, delivered)

    assert (too_early, in_time, late) == (503, 200, 200)
    assert len(council.sam.answers()) == 1


def test_what_a_killed_process_had_acknowledged_is_answered_by_another(council: Council) -> None:
    delivered = killed_before_the_answer(council)

    too_early = take_over(council, 0)
    in_time = take_over(council, LEASE.total_seconds())
    late = take_over(council, 10 * LEASE.total_seconds())

    assert (too_early, in_time, late) == (0, 1, 0)
    assert [council.subject_of(answer) for answer in council.sam.answers()] == ["platform/notify"]
    assert again(council, delivered) == 200
    assert len(council.sam.answers()) == 1


def test_what_slack_delivers_again_after_a_kill_is_answered_once(council: Council) -> None:
    delivered = killed_before_the_answer(council)

    council.clock.forward(seconds=LEASE.total_seconds())

    assert again(council, delivered) == 200
    assert take_over(council, LEASE.total_seconds()) == 0
    assert len(council.sam.answers()) == 1


def test_what_was_answered_before_the_kill_is_not_answered_again(
    council: Council, killed_after_the_answer: Callable[[], None]
) -> None:
    council.dm(council.sam, "what is alpha?")
    council.mention(council.sam, "what is beta?")
    thread = council.mention(council.sam, "what is discovery?").thread_ts
    council.mention(council.sam, "what is live?", thread_ts=thread)
    killed_after_the_answer()

    taken = take_over(council, POSTING_LEASE.total_seconds())

    assert taken == 4
    assert (len(council.sam.answers()), len(council.sam.answers(PARKING))) == (1, 3)
    assert take_over(council, 10 * POSTING_LEASE.total_seconds()) == 0


def test_where_the_channel_cannot_be_read_late_beats_lost(
    council: Council, killed_after_the_answer: Callable[[], None]
) -> None:
    council.mention(council.sam, "what is beta?")
    installed = council.slack.workspace.installation
    installed.limit(installed.scopes - {"channels:history"})
    killed_after_the_answer()

    assert take_over(council, POSTING_LEASE.total_seconds()) == 1
    assert len(council.sam.answers(PARKING)) == 2


def test_whoever_is_overtaken_does_not_answer_any_more(council: Council, gate: Gate) -> None:
    council.sam.dm("what is alpha?")
    gate.wait()
    council.clock.forward(seconds=LEASE.total_seconds())
    council.noisy = True

    taken = council.running.answer_left()
    gate.open()
    council.settle()

    assert taken == 1
    assert len(council.sam.answers()) == 1


def test_an_uninstall_that_was_acknowledged_is_not_lost(council: Council) -> None:
    council.dm(council.sam, "what is alpha?")
    [event] = [event for event in uninstall_events(council.slack.workspace) if event["type"] == "app_uninstalled"]
    address, council.slack.request_url = council.slack.request_url, NOBODY_LISTENS
    council.slack.delivery.event(event)
    council.slack.request_url = address
    body = council.last_event().payload
    assert Deliveries(council.running.database).claim(WORKSPACE, body["event_id"], at=council.clock(), body=body)

    assert take_over(council, LEASE.total_seconds()) == 1
    assert council.kept() == []


def test_nothing_of_what_was_asked_is_kept_after_the_answer(council: Council) -> None:
    council.dm(council.sam, QUESTION)

    with council.running.database.reading() as connection:
        kept = connection.execute(select(processed_deliveries)).mappings().all()

    assert [(row["done"], row["body"]) for row in kept] == [(True, None)]


def test_an_event_is_forgotten_with_the_rest_when_its_time_is_over(council: Council) -> None:
    council.dm(council.sam, "what is alpha?")
    event_id = council.last_event().payload["event_id"]

    council.clock.forward(days=council.settings.retention_days + 1)
    council.running.forget_old()

    assert not Deliveries(council.running.database).is_done(WORKSPACE, event_id)


def test_over_socket_mode_a_repeated_event_is_answered_once(council: Council) -> None:
    delivered = lost(council)

    statuses = []
    for attempt in ("0", "1"):
        headers: dict[str, str | Sequence[str]] = {"x-slack-retry-num": attempt}
        request = BoltRequest(mode="socket_mode", body=delivered.payload, headers=headers)
        statuses.append(council.running.app.dispatch(request).status)
        council.settle()

    assert statuses == [200, 200]
    assert len(council.sam.answers()) == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda council: council.sam.dm("what is alpha?"),
        lambda council: council.sam.mention(PARKING, "what is alpha?"),
        lambda council: council.sam.command("/advisor", "what is alpha?", channel=PARKING),
        lambda council: council.sam.command("/standard", "how do we test?", channel=PARKING),
        lambda council: council.sam.shortcut("ask_about_message", council.sam.say("#digital-leaders", "alpha?")),
        lambda council: council.sam.click(council.home(council.sam), "example:1"),
    ],
    ids=["direct message", "mention", "/advisor", "/standard", "shortcut", "click"],
)
def test_everything_is_acknowledged_while_the_answer_is_still_to_be_found(
    council: Council, gate: Gate, act: Act
) -> None:
    act(council)
    gate.wait()
    delivered = council.slack.deliveries[-1]
    gate.open()
    council.settle()

    assert delivered.status == 200
    assert len(council.kept()) == 1


def test_commands_and_clicks_are_acknowledged_also_when_every_thread_is_taken(council: Council, gate: Gate) -> None:
    home = council.home(council.sam)
    for _ in range(LISTENER_THREADS):
        council.priya.dm("what is alpha?")
    gate.wait()

    asked = council.sam.command("/advisor", "what is beta?", channel=PARKING)
    browsed = council.sam.click(home, "ask_modal")
    gate.open()
    council.settle()

    assert asked.ok
    assert browsed.ok
    assert council.subject_of(council.sam.answers(PARKING)[0]) == "guide/beta"
    assert council.sam.modal() is not None


def test_a_form_is_acknowledged_while_the_answer_is_still_to_be_found(council: Council, gate: Gate) -> None:
    council.form(council.sam, council.home(council.sam), "ask_modal")

    outcome = council.sam.submit(values={"question": "what is alpha?"})
    gate.wait()
    gate.open()
    council.settle()

    assert outcome.ok
    assert len(council.sam.answers()) == 1


def test_what_is_under_way_is_finished_before_the_app_stops(council: Council, gate: Gate) -> None:
    council.sam.dm("what is alpha?")
    gate.wait()

    gate.open()
    council.running.close()

    assert len(council.sam.answers()) == 1
    council.start()


@pytest.mark.parametrize(
    "signing",
    [Signing(secret="0" * 32), Signing(seconds_old=301), Signing(seconds_old=-301), Signing(absent=True)],
    ids=["forged", "stale", "from the future", "absent"],
)
def test_a_request_that_slack_did_not_sign_lately_is_refused_and_nothing_happens(
    council: Council, caplog: pytest.LogCaptureFixture, signing: Signing
) -> None:
    delivered = lost(council)
    caplog.clear()

    assert again(council, delivered, signing) == 401
    assert council.sam.answers() == []
    assert council.slack.calls == []
    assert "xylophone" not in caplog.text
    assert [record.getMessage() for record in caplog.records] == [
        "A request that Slack did not sign, or not lately, was refused."
    ]


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_the_log_never_holds_what_people_type_nor_a_secret(
    council: Council, caplog: pytest.LogCaptureFixture, level: int
) -> None:
    caplog.set_level(level)
    council.restart()
    answer = council.dm(council.sam, QUESTION)
    council.click(council.sam, answer, "feedback_not_helpful")
    council.command(council.sam, "/advisor", QUESTION)
    again(council, lost(council), Signing(secret="0" * 32))

    typed = [record for record in caplog.records if "xylophone" in record.getMessage()]
    secrets = (council.slack.bot_token, council.slack.signing_secret)
    assert typed == []
    assert not any(secret in caplog.text for secret in secrets)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe", "application/json"),
        (b"", "application/json"),
        (b"null", "application/json"),
        (b'{"authorizations": 5}', "application/json"),
        (b'{"type": "url_verification", "challenge": "x"}', "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"ssl_check=1&token=x", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"{", "text/plain"),
        (b"[" * 100_000, "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=\xff", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_without_a_signature_is_refused_unread(
    council: Council, caplog: pytest.LogCaptureFixture, body: bytes, content_type: str
) -> None:
    client = Client(wsgi_app(council.running))

    answer = client.post(SLACK_PATH, data=body, content_type=content_type)

    assert answer.status_code == 401
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("timestamp", ["", "now", "9" * 5000, "\u00b2"])
def test_a_timestamp_that_is_none_is_refused(council: Council, timestamp: str) -> None:
    client = Client(wsgi_app(council.running))
    headers = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": "v0=0"}

    assert client.post(SLACK_PATH, data=b"{}", headers=headers).status_code == 401


@pytest.mark.parametrize(("method", "path"), [("GET", SLACK_PATH), ("POST", "/"), ("GET", "/slack/install")])
def test_there_is_nothing_at_other_addresses(council: Council, method: str, path: str) -> None:
    assert Client(wsgi_app(council.running)).open(path, method=method).status_code == 404


@pytest.mark.parametrize("length", [str(LARGEST_BODY_BYTES + 1), "9" * 5000, "-1", "many"])
def test_a_body_that_is_too_large_is_refused_unread(council: Council, length: str) -> None:
    client = Client(wsgi_app(council.running))

    answer = client.post(SLACK_PATH, data=b"{}", environ_overrides={"CONTENT_LENGTH": length})

    assert answer.status_code == 413


def test_slacks_question_whether_we_are_here_is_answered(council: Council) -> None:
    assert council.slack.delivery.verify_url()


def test_an_event_that_cannot_be_claimed_comes_again_and_is_answered_then(council: Council) -> None:
    council.noisy = True
    lose_database(council)
    council.sam.dm("what is alpha?")
    delivered = council.last_event()
    [told] = council.sam.answers()

    still_lost = again(council, delivered)
    council.restart()
    back = again(council, delivered)

    assert delivered.status == still_lost == 500
    assert back == 200
    assert "reference" in told.text
    assert [council.subject_of(message) for message in council.sam.answers()[1:]] == ["guide/alpha"]


def lose_database(council: Council) -> None:
    """Take the database away from under the app."""
    database = council.running.database
    if database.is_embedded:
        database.close()
        Path(council.settings.database_url.removeprefix("sqlite:///")).unlink()
        return
    with database.writing() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
