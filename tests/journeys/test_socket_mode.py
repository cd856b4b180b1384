"""Socket Mode, as a council's own machine uses it: asked and answered, a connection that is renewed, a clean end."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.manifest import manifest
from bot.trial.server import StandIn
from bot.trial.socket_mode import SocketMode
from tests.journeys.conftest import MakeCouncil
from tests.journeys.council import PARKING, Council, Gate
from tests.journeys.test_serving import environment, serving
from tests.trial.socket_server import SocketServer

PATIENCE_SECONDS = 60.0
BINS = "how do we text residents about their bins"


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Every question stops here until the gate is opened."""
    return Gate(monkeypatch, "bot.usecases.advise", "ask")


@contextmanager
def connection(council: Council, *, ping_seconds: float = 10.0) -> Iterator[SocketServer]:
    """Socket Mode, to which the Advisor of *council* is connected; its own server for HTTP hears nothing."""
    with SocketServer(council.slack) as server:
        handler = SocketModeHandler(council.running.app, council.slack.app_token, ping_interval=ping_seconds)
        handler.connect()  # type: ignore[no-untyped-call]
        council.slack.wait_for(lambda: server.sockets.connections == 1, PATIENCE_SECONDS)
        try:
            yield server
        finally:
            handler.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def connected(make_council: MakeCouncil) -> Iterator[tuple[Council, SocketMode]]:
    """A council over Socket Mode, and its connections."""
    council = make_council(slack={"retry_delays": (0,)})
    with connection(council) as server:
        yield council, server.sockets


def test_everything_a_person_does_is_answered(connected: tuple[Council, SocketMode]) -> None:
    council, _ = connected
    answer = council.dm(council.sam, BINS)
    in_channel = council.mention(council.sam, "what is alpha?")
    for_sam = council.command(council.sam, "/platforms", "taking payments")
    form = council.form(council.sam, council.home(council.sam), "ask_modal")
    asked = council.sam.submit(form, {"question": "what is beta?"})
    council.settle()

    assert "GOV.UK Notify" in answer.text
    assert in_channel.thread_ts
    assert for_sam.is_ephemeral
    assert asked.ok
    assert [council.subject_of(one) for one in council.sam.answers()][-1] == "guide/beta"
    assert {one.status for one in council.slack.deliveries} == {200}
    assert council.sam.notices(PARKING) == []


def test_a_connection_is_renewed_while_an_answer_is_being_found(
    connected: tuple[Council, SocketMode], gate: Gate
) -> None:
    council, sockets = connected
    council.sam.dm("what is alpha?")
    gate.wait()

    sockets.disconnect("refresh_requested")
    council.slack.wait_for(lambda: sockets.connections == 1, PATIENCE_SECONDS)
    gate.open()
    council.settle()
    council.dm(council.sam, "what is beta?")

    assert [council.subject_of(one) for one in council.sam.answers()] == ["guide/alpha", "guide/beta"]
    assert len(council.slack.calls_of("apps.connections.open")) == 2


def test_a_connection_that_ends_without_a_word_is_made_anew(council: Council) -> None:
    council.noisy = True  # the client tells of each ping that failed

    with connection(council, ping_seconds=0.5) as server:
        server.cut()
        council.slack.wait_for(lambda: server.sockets.connections == 0, PATIENCE_SECONDS)
        council.slack.wait_for(lambda: server.sockets.connections == 1, PATIENCE_SECONDS)

        assert "Alpha" in council.dm(council.sam, "what is alpha?").text


class Deaf:
    """The connection of another process that hangs: it takes an envelope and goes without a word."""

    def __init__(self, sockets: SocketMode) -> None:
        self.taken: list[dict[str, Any]] = []
        self._sockets = sockets
        self.link = sockets.join(sockets.ticket(), self)

    def send(self, message: str) -> None:
        """Take what comes, and hang up on the first envelope."""
        envelope = json.loads(message)
        if "envelope_id" in envelope:
            self.taken.append(envelope)
            raise OSError("gone")

    def close(self) -> None:
        """There is nothing to close."""


def test_what_was_not_acknowledged_comes_again_and_is_answered_once(connected: tuple[Council, SocketMode]) -> None:
    council, sockets = connected
    council.dm(council.sam, "what is alpha?")
    council.settle()  # the answer comes back as an event too, and must not be what the other takes
    other = Deaf(sockets)

    council.dm(council.sam, "what is beta?")
    late = council.slack.delivery.replay(council.last_event())
    council.settle()

    [taken] = other.taken
    lost, again = [
        one for one in council.slack.deliveries if one.payload.get("event_id") == taken["payload"]["event_id"]
    ]
    assert (taken["type"], taken["retry_attempt"]) == ("events_api", 0)
    assert (lost.failure, again.attempt, again.status, late.status) == ("connection_failed", 1, 200, 200)
    assert [council.subject_of(one) for one in council.sam.answers()] == ["guide/alpha", "guide/beta"]


def test_the_signal_ends_it_and_what_was_acknowledged_is_finished(tmp_path: Path, snapshots: Path) -> None:
    with StandIn(manifest(), ack_seconds=PATIENCE_SECONDS) as slack, SocketServer(slack) as server:
        sockets, given = server.sockets, environment(slack, tmp_path, snapshots, SLACK_APP_TOKEN=slack.app_token)
        sam = slack.person("Sam")
        with serving(given, tmp_path) as process:
            slack.wait_for(lambda: sockets.connections == 1, PATIENCE_SECONDS)
            slack.fail_next("chat.postMessage", delay=0.5)
            sam.dm(BINS)
            slack.wait_for(lambda: slack.calls_of("chat.postMessage"), PATIENCE_SECONDS)
            process.send_signal(signal.SIGTERM)
            code = process.wait(PATIENCE_SECONDS)

        assert code == 0
        assert sockets.connections == 0
        assert slack.deliveries[0].status == 200
        assert ["Notify" in one.text for one in sam.answers()] == [True]
