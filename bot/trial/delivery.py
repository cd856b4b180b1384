"""How Slack calls the app: signed POSTs or Socket Mode, three seconds to answer, events again when nobody did.

Source: https://docs.slack.dev/apis/events-api (retries) and
https://docs.slack.dev/authentication/verifying-requests-from-slack (signatures), checked 2026-11-23.
"""

from __future__ import annotations

import http.client
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

from bot.trial.errands import Errands
from bot.trial.events import envelope, is_subscribed
from bot.trial.records import Delivery, Payload
from bot.trial.socket_mode import SocketMode
from bot.trial.workspace import Workspace

ACK_SECONDS = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True)
class Signing:
    """How a request is signed; the default is the way Slack does it.

    ``secret`` another signing secret, ``seconds_old`` the age of its timestamp, ``absent`` no signature.
    """

    secret: str = ""
    seconds_old: int = 0
    absent: bool = False


@dataclass(frozen=True)
class Retry:
    """Which attempt this is (0 is the first) and why the one before it failed."""

    attempt: int = 0
    reason: str = ""


SLACKS_OWN = Signing()
FIRST = Retry()


class Courier:
    """
    Carries requests to ``request_url``, or down the connections of ``sockets`` where that is set, and records each in
    ``workspace.deliveries``.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        request_url: str = "",
        ack_seconds: float = ACK_SECONDS,
        retry_delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self.request_url = request_url
        self.ack_seconds = ack_seconds
        self.sockets: SocketMode | None = None
        self._workspace = workspace
        self._retry_delays = tuple(retry_delays)
        self._errands = Errands()

    def close(self) -> None:
        """Stop what runs in the background; what was still to be sent is dropped."""
        if self.sockets is not None:
            self.sockets.close()
        self._errands.close()

    def event(self, event: Payload) -> Delivery | None:
        """Deliver *event* if the app subscribed to it and return the last attempt made now, else None.

        A retry with a delay runs in the background; one without a delay runs before this returns.
        """
        wrapped = self._wrapped(event)
        return None if wrapped is None else self._attempt_event(wrapped, FIRST)

    def event_later(self, event: Payload) -> None:
        """Deliver *event* in the background, as Slack does with what the app itself caused."""
        wrapped = self._wrapped(event)
        if wrapped is not None:
            self._errands.later(0, lambda: self._attempt_event(wrapped, FIRST))

    def command(self, fields: dict[str, str]) -> Delivery:
        """Deliver a slash command."""
        return self._post("command", fields, urlencode(fields), FORM)

    def interaction(self, payload: Payload) -> Delivery:
        """Deliver a click, a form or a shortcut."""
        return self._post(payload["type"], payload, urlencode({"payload": json.dumps(payload)}), FORM)

    def replay(self, delivery: Delivery, signing: Signing = SLACKS_OWN) -> Delivery:
        """Send a past request once more, as it was or signed in another way; an event counts as a retry."""
        retry = Retry(1, delivery.failure or "http_timeout") if delivery.kind == "event" else FIRST
        return self._post(
            delivery.kind, delivery.payload, delivery.sent, delivery.content_type, retry=retry, signing=signing
        )

    def verify_url(self) -> bool:
        """Send ``url_verification`` and return whether the app answered with the challenge."""
        challenge = secrets.token_urlsafe(32)
        token = self._workspace.installation.verification_token
        payload = {"type": "url_verification", "token": token, "challenge": challenge}
        delivery = self._post("url_verification", payload, json.dumps(payload), JSON)
        return delivery.ok and challenge in delivery.body

    def _wrapped(self, event: Payload) -> Payload | None:
        with self._workspace.lock:
            if (self.request_url or self.sockets) and is_subscribed(self._workspace, event):
                return envelope(self._workspace, event)
        return None

    def _attempt_event(self, wrapped: Payload, retry: Retry) -> Delivery:
        delivery = self._post("event", wrapped, json.dumps(wrapped), JSON, retry=retry)
        gives_up = delivery.failure == "no_retry" or retry.attempt >= len(self._retry_delays)
        if delivery.ok or gives_up:
            return delivery
        again = Retry(retry.attempt + 1, delivery.failure)
        delay = self._retry_delays[retry.attempt]
        if not delay:
            return self._attempt_event(wrapped, again)
        self._errands.later(delay, lambda: self._attempt_event(wrapped, again))
        return delivery

    def _post(
        self,
        kind: str,
        payload: Payload,
        body: str,
        content_type: str,
        *,
        retry: Retry = FIRST,
        signing: Signing = SLACKS_OWN,
    ) -> Delivery:
        if self.sockets is not None:
            status, answer, failure = self._down_the_line(self.sockets, kind, payload, retry)
        else:
            headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (stand-in)"}
            headers |= self._signature(body, signing)
            if retry.attempt:
                headers |= {"X-Slack-Retry-Num": str(retry.attempt), "X-Slack-Retry-Reason": retry.reason}
            status, answer, failure = self._exchange(body.encode(), headers)
        delivery = Delivery(kind, payload, retry.attempt, status, answer, failure, body, content_type)
        with self._workspace.change():
            self._workspace.deliveries.append(delivery)
        return delivery

    def _down_the_line(
        self, sockets: SocketMode, kind: str, payload: Payload, retry: Retry
    ) -> tuple[int | None, str, str]:
        """Send an envelope; the status is that of the answer over HTTP which would mean the same."""
        answer = sockets.exchange(kind, payload, (retry.attempt, retry.reason), self.ack_seconds)
        return (None if answer.failure else 200), answer.body, answer.failure

    def _signature(self, body: str, signing: Signing) -> dict[str, str]:
        if signing.absent:
            return {}
        timestamp = str(int(time.time()) - signing.seconds_old)
        secret = signing.secret or self._workspace.installation.signing_secret
        signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature or ""}

    def _exchange(self, body: bytes, headers: dict[str, str]) -> tuple[int | None, str, str]:
        address = urlsplit(self.request_url)
        if not address.hostname:
            return None, "", "connection_failed"
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=self.ack_seconds)
        try:
            connection.request("POST", address.path or "/", body, headers)
            response = connection.getresponse()
            answer = response.read().decode("utf-8", "replace")
            failure = "" if 200 <= response.status < 300 else "http_error"
            if failure and response.headers.get("X-Slack-No-Retry") == "1":
                failure = "no_retry"
            return response.status, answer, failure
        except TimeoutError:
            return None, "", "http_timeout"
        except (OSError, http.client.HTTPException):
            return None, "", "connection_failed"
        finally:
            connection.close()
