"""How Slack calls the app over Socket Mode: envelopes, acknowledgements, connections that come and go.

The frames on the wire are somebody else's: a connection is given as a ``Wire``.

Source: https://docs.slack.dev/apis/events-api/using-socket-mode, checked 2026-11-23.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Protocol

from bot.trial.records import Payload, Refusal
from bot.trial.workspace import Workspace

CONNECTIONS = 10
"""How many an app may hold at once."""

ENVELOPES = {"event": "events_api", "command": "slash_commands"}
"""Kind of delivery to type of envelope; every other kind is ``interactive``."""

ANSWERED_IN_PLACE = frozenset({"command", "view_submission", "block_suggestion"})
"""Kinds whose acknowledgement may carry an answer."""


class Wire(Protocol):
    """One open WebSocket, as the stand-in needs it."""

    def send(self, message: str) -> None:
        """Send a text; OSError where the other end is gone."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(eq=False)
class Link:
    """A connection of the app; one that is *leaving* was told to, and gets nothing more."""

    wire: Wire
    leaving: bool = False


@dataclass(frozen=True)
class Answer:
    """How an envelope ended: ``body`` is what came with the acknowledgement, ``failure`` is empty or says why not."""

    body: str = ""
    failure: str = ""


@dataclass
class _Sent:
    link: Link
    takes_answer: bool
    answer: Answer | None = None


class SocketMode:
    """The connections of one app, and what was sent down them and is not acknowledged yet."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._changed = workspace.changed
        self._tickets: set[str] = set()
        self._links: list[Link] = []
        self._open: dict[str, _Sent] = {}
        self._closed = False

    @property
    def connections(self) -> int:
        """Return how many connections can be sent to."""
        with self._workspace.lock:
            return len([link for link in self._links if not link.leaving])

    def ticket(self) -> str:
        """Return a word that lets one connection in."""
        with self._workspace.lock:
            self._tickets.add(ticket := secrets.token_urlsafe(16))
            return ticket

    def join(self, ticket: str, wire: Wire) -> Link:
        """Let a connection in and greet it. Raises: Refusal: nobody was given that ticket, or it was used before."""
        with self._workspace.change():
            if ticket not in self._tickets:
                raise Refusal("invalid_ticket")
            if len(self._links) >= CONNECTIONS:
                raise Refusal("too_many_websockets")
            self._tickets.remove(ticket)
            self._links.append(link := Link(wire))
            hello = {
                "type": "hello",
                "num_connections": len(self._links),
                "connection_info": {"app_id": self._workspace.app_id},
                "debug_info": {"host": "stand-in", "approximate_connection_time": 18060},
            }
        self._send(link, hello)
        return link

    def heard(self, link: Link, text: str) -> None:
        """Take what the app sent: the acknowledgement of an envelope. Anything else is a complaint."""
        try:
            told = json.loads(text)
            envelope_id = str(told["envelope_id"])
        except (ValueError, TypeError, KeyError):
            self._workspace.complain("Socket Mode", "the app sent what is no acknowledgement")
            return
        payload = told.get("payload") or None
        with self._workspace.change():
            sent = self._open.get(envelope_id)
            if sent is None or sent.answer is not None:
                return  # too late, or twice: Slack takes no notice
            if payload is not None and not sent.takes_answer:
                self._workspace.complain("Socket Mode", "this envelope takes no answer in its acknowledgement")
            sent.answer = Answer(body="" if payload is None else json.dumps(payload))

    def left(self, link: Link) -> None:
        """Forget a connection that has ended; what it had not acknowledged has failed."""
        with self._workspace.change():
            if link in self._links:
                self._links.remove(link)
            for sent in self._open.values():
                if sent.link is link and sent.answer is None:
                    sent.answer = Answer(failure="connection_failed")

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to come again: for ``refresh_requested``, as a ``warning``, or as ``link_disabled``."""
        with self._workspace.change():
            told = list(self._links)
            for link in told:
                link.leaving = True
        for link in told:
            self._send(link, {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}})

    def drop(self) -> None:
        """Close every connection without having told it to come again."""
        with self._workspace.lock:
            ended = list(self._links)
        for link in ended:
            self.left(link)
            link.wire.close()

    def close(self) -> None:
        """Wait for nobody any more; what is not acknowledged by now has failed."""
        with self._workspace.change():
            self._closed = True

    def exchange(self, kind: str, payload: Payload, retry: tuple[int, str], seconds: float) -> Answer:
        """
        Send *payload* down one connection and return the app's answer.

        Args: *retry*: which attempt this is, 0 the first, and why the one before failed; *seconds* until somebody is
        connected, and again until it is acknowledged.
        """
        envelope_id = secrets.token_hex(16)
        takes_answer = kind in ANSWERED_IN_PLACE
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._next() is not None, seconds)
            if (link := self._next()) is None:
                return Answer(failure="connection_failed")
            self._links.append(self._links.pop(self._links.index(link)))  # each in turn
            sent = self._open[envelope_id] = _Sent(link, takes_answer)
        message = {
            "envelope_id": envelope_id,
            "type": ENVELOPES.get(kind, "interactive"),
            "accepts_response_payload": takes_answer,
            "payload": payload,
        }
        if kind == "event":
            message |= {"retry_attempt": retry[0], "retry_reason": retry[1]}
        self._send(link, message)
        with self._changed:
            self._changed.wait_for(lambda: self._closed or sent.answer is not None, seconds)
            del self._open[envelope_id]
            return sent.answer or Answer(failure="timeout")

    def _next(self) -> Link | None:
        return next((link for link in self._links if not link.leaving), None)

    def _send(self, link: Link, message: Payload) -> None:
        try:
            link.wire.send(json.dumps(message))
        except OSError:
            self.left(link)
