"""Each request gets an id, and its way is logged and measured: from Slack's request to the end of our work."""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.listener.listener_completion_handler import ListenerCompletionHandler
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState

from bot.logs import begin_request
from bot.metrics import Metrics

_log = logging.getLogger(__name__)
_KINDS = ("block_actions", "view_submission", "view_closed", "message_action", "shortcut", "block_suggestion")
_OUTCOMES = {200: "taken", 401: "replayed", 429: "limited", 503: "under way"}


class ObservedApp(App):
    """
    Bolt's app with a watch at its door. Not a middleware: Bolt runs those one after another, none around the next, and
    its own come first.
    """

    def __init__(self, metrics: Metrics, **given: Any) -> None:
        self._metrics = metrics
        super().__init__(**given)

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """As Bolt's, with an id for the request; how long Slack waits for its acknowledgement is measured."""
        begin_request()
        kind = kind_of(req.body)
        req.context["begun"], req.context["kind"] = time.perf_counter(), kind
        _log.info("A request came.", extra={"action": "request", **_about(req, kind)})
        response = super().dispatch(req)
        self._metrics.requested(kind, _OUTCOMES.get(response.status, "failed"), _since(req.context))
        return response


def watch_listeners(app: App, metrics: Metrics) -> None:
    """Measure each listener when it has ended; to be called when nobody sets Bolt's completion handler any more."""
    runner = app.listener_runner
    runner.listener_completion_handler = _Watched(runner.listener_completion_handler, metrics)


def kind_of(body: dict[str, Any]) -> str:
    """What sort of request this is: one of a few words, whatever the body says."""
    if "command" in body:
        return "command"
    if "event" in body:
        return "event"
    return str(body["type"]) if body.get("type") in _KINDS else "other"


class SlackCalls(RetryHandler):
    """Counts and logs every call of Slack's Web API; it never asks for a retry itself, and must be the first."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(max_retry_count=0)
        self._metrics = metrics

    def can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        """No; but it is noted what came of the call."""
        method, word = urlsplit(request.url).path.rpartition("/")[2], _word_of(response)
        self._metrics.called_slack(method, word)
        _log.info("Slack was called.", extra={"action": "slack_call", "method": method, "code": word})
        return False


class _Watched(ListenerCompletionHandler):
    """Bolt's handler for the end of a listener, with a watch in its hand."""

    def __init__(self, inner: ListenerCompletionHandler, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    def handle(self, request: BoltRequest, response: BoltResponse | None) -> None:
        """Do what was to be done, then measure."""
        try:
            self._inner.handle(request, response)
        finally:
            seconds = _since(request.context)
            self._metrics.replied(request.context["kind"], seconds)
            _log.debug("The request is answered.", extra={"action": "answered", "ms": round(seconds * 1000)})


def _about(request: BoltRequest, kind: str) -> dict[str, str]:
    """What the log may say of a request: Slack's own ids and names of things, nothing of people."""
    retry = "".join(request.headers.get("x-slack-retry-num", []))
    return {"kind": kind, "event": str(request.body.get("event_id", "")), "retry": retry}


def _since(context: BoltContext) -> float:
    return float(time.perf_counter() - context["begun"])


def _word_of(response: HttpResponse | None) -> str:
    """Slack's word for why it refused; empty where it did not."""
    if response is None:
        return "unreachable"
    if response.status_code != 200:
        return "ratelimited" if response.status_code == 429 else f"http_{response.status_code}"
    body = response.body or {}
    return "" if body.get("ok", True) else str(body.get("error") or "unknown")
