"""Socket Mode: who is let in, what an envelope carries, and what happens without an acknowledgement."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.trial.records import Refusal
from bot.trial.server import StandIn
from bot.trial.socket_mode import CONNECTIONS, SocketMode

from .build import make_manifest

Answering = Callable[[dict[str, Any]], str]


def acknowledge(envelope: dict[str, Any]) -> str:
    """The acknowledgement of an envelope."""
    return json.dumps({"envelope_id": envelope["envelope_id"]})


class Wired:
    """An app at the end of a connection: it keeps what comes and answers each envelope at once."""

    def __init__(self, sockets: SocketMode, answering: Answering = acknowledge) -> None:
        self.heard: list[dict[str, Any]] = []
        self._sockets = sockets
        self._answering = answering
        self.link = sockets.join(sockets.ticket(), self)

    @property
    def envelopes(self) -> list[dict[str, Any]]:
        """What came that must be acknowledged."""
        return [message for message in self.heard if "envelope_id" in message]

    def send(self, message: str) -> None:
        """Take what the stand-in sends."""
        self.heard.append(json.loads(message))
        if "envelope_id" in self.heard[-1] and (words := self._answering(self.heard[-1])):
            self._sockets.heard(self.link, words)

    def close(self) -> None:
        """Hang up."""
        self._sockets.left(self.link)


@pytest.fixture
def sockets(slack: StandIn) -> SocketMode:
    return slack.open_socket_mode("ws://127.0.0.1:9")


def test_the_app_token_opens_an_address_that_lets_in_once(slack: StandIn, sockets: SocketMode) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)

    url = str(client.apps_connections_open(app_token=slack.app_token)["url"])
    ticket = url.partition("ticket=")[2].partition("&")[0]

    class Silent:
        def send(self, message: str) -> None: ...
        def close(self) -> None: ...

    sockets.join(ticket, Silent())
    with pytest.raises(Refusal, match="invalid_ticket"):
        sockets.join(ticket, Silent())


def test_whoever_connects_is_greeted(slack: StandIn, sockets: SocketMode) -> None:
    first, second = Wired(sockets), Wired(sockets)

    assert [first.heard[0]["type"], first.heard[0]["num_connections"]] == ["hello", 1]
    assert second.heard[0]["num_connections"] == 2
    assert sockets.connections == 2


def test_there_is_a_most_of_connections(slack: StandIn, sockets: SocketMode) -> None:
    for _ in range(CONNECTIONS):
        Wired(sockets)

    with pytest.raises(Refusal, match="too_many_websockets"):
        Wired(sockets)


def test_each_kind_has_its_envelope(slack: StandIn, sockets: SocketMode) -> None:
    app, sam = Wired(sockets), slack.person("Sam")
    sam.dm("hello")
    sam.command("/advisor", "hello")
    sam.shortcut("ask_anywhere")

    event, command, shortcut = app.envelopes
    assert (event["type"], event["accepts_response_payload"], event["retry_attempt"]) == ("events_api", False, 0)
    assert event["payload"]["event"]["text"] == "hello"
    assert (command["type"], command["accepts_response_payload"]) == ("slash_commands", True)
    assert command["payload"]["text"] == "hello"
    assert (shortcut["type"], shortcut["payload"]["type"]) == ("interactive", "shortcut")
    assert [one.status for one in slack.deliveries] == [200, 200, 200]


def test_each_envelope_goes_down_one_connection_and_they_take_turns(slack: StandIn, sockets: SocketMode) -> None:
    first, second = Wired(sockets), Wired(sockets)
    for _ in range(4):
        slack.person("Sam").dm("hello")

    assert (len(first.envelopes), len(second.envelopes)) == (2, 2)


def test_the_answer_to_a_command_may_come_with_its_acknowledgement(slack: StandIn, sockets: SocketMode) -> None:
    Wired(sockets, lambda one: json.dumps({"envelope_id": one["envelope_id"], "payload": {"text": "Yes."}}))
    sam = slack.person("Sam")

    assert sam.command("/advisor", "hello", channel="#parking-permits").ok
    assert [one.text for one in sam.messages("#parking-permits")] == ["Yes."]


def test_an_answer_where_none_is_taken_is_complained_about(lenient: StandIn) -> None:
    sockets = lenient.open_socket_mode("ws://127.0.0.1:9")
    Wired(sockets, lambda one: json.dumps({"envelope_id": one["envelope_id"], "payload": {"text": "Yes."}}))

    lenient.person("Sam").dm("hello")

    assert "takes no answer" in str(lenient.complaints)


@pytest.mark.parametrize("words", ["", "{", "[]", '{"payload": {}}', '{"envelope_id": "another"}'])
def test_what_is_not_acknowledged_in_time_fails_and_an_event_comes_again(words: str) -> None:
    with StandIn(make_manifest(), retry_delays=(0,), ack_seconds=0.05, strict=False) as slack:
        sockets = slack.open_socket_mode("ws://127.0.0.1:9")
        app = Wired(sockets, lambda _: words)
        sam = slack.person("Sam")
        sam.dm("hello")
        outcome = sam.command("/advisor", "hello")

    first, second, _ = app.envelopes
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert first["envelope_id"] != second["envelope_id"]
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert outcome.notice == "operation_timeout"
    assert bool(slack.complaints) == (words in ("{", "[]", '{"payload": {}}'))


def test_a_connection_that_is_told_to_leave_gets_nothing_more(slack: StandIn, sockets: SocketMode) -> None:
    old = Wired(sockets)
    sockets.disconnect("refresh_requested")
    new = Wired(sockets)

    slack.person("Sam").dm("hello")

    assert [old.heard[-1]["type"], old.heard[-1]["reason"]] == ["disconnect", "refresh_requested"]
    assert (len(old.envelopes), len(new.envelopes)) == (0, 1)


def test_an_acknowledgement_of_a_connection_that_is_leaving_still_counts(slack: StandIn, sockets: SocketMode) -> None:
    def leave_first(envelope: dict[str, Any]) -> str:
        sockets.disconnect()
        return acknowledge(envelope)

    Wired(sockets, leave_first)
    slack.person("Sam").dm("hello")

    assert [one.status for one in slack.deliveries] == [200]


def test_without_a_connection_nothing_is_delivered() -> None:
    with StandIn(make_manifest(), retry_delays=(), ack_seconds=0.05) as slack:
        sockets = slack.open_socket_mode("ws://127.0.0.1:9")
        app = Wired(sockets)
        sockets.drop()
        outcome = slack.person("Sam").command("/advisor", "hello")

    assert sockets.connections == 0
    assert app.envelopes == []
    assert outcome.notice == "dispatch_failed"
