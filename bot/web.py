"""HTTP: Slack's requests, and what a host asks to see whether we are well."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from gunicorn.app.base import BaseApplication
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.app import Running
from bot.manifest import INSTALL_PATH, REDIRECT_PATH
from bot.metrics import SharedCounts
from bot.probes import PROBES, as_json, probes, with_security_headers

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

SLACK_PATH = "/slack/events"
LARGEST_BODY_BYTES = 1_000_000
"""Slack's own payloads stay far below: a view has at most 250 kB."""
_LONGEST_LENGTH = 9  # digits; of far more Python would make no number
_THREADS = 8
_GRACE_SECONDS = 25  # hosts give 30 (Heroku, Kubernetes) before they kill
_KEEP_ALIVE_SECONDS = 75
"""
How long a connection is kept without a request. Longer than a host's router keeps it (60 seconds is usual): the router
must be the one who closes first, or it sends a request into a connection that is closed at that moment, and Slack gets
a 502. Gunicorn's own 2 seconds are for clients that connect directly
(https://docs.gunicorn.org/en/stable/settings.html, checked 2026-11-23).
"""
_log = logging.getLogger(__name__)


def wsgi_app(running: Running) -> WSGIApplication:
    """
    The WSGI application: ``/slack/events`` for Slack, the pages of an installation where many may install Advisor, and
    the probes of ``bot.probes`` for whoever runs it.
    """
    health = probes(running)
    slack = SlackRequestHandler(running.app, path=SLACK_PATH)

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "GET")
        if path in PROBES:
            return health(environ, start_response)
        if method == "GET" and path in (INSTALL_PATH, REDIRECT_PATH) and running.settings.many_workspaces:
            return slack(environ, start_response)
        if path != SLACK_PATH or method != "POST":
            return as_json(start_response, 404, {"error": "there is nothing here"})
        if _too_large(environ):
            return as_json(start_response, 413, {"error": "the request is larger than 1 MB"})
        if not _is_signed(environ, running):
            return as_json(start_response, 401, {"error": "the request is not signed by Slack, or too old"})
        return slack(environ, start_response)

    return with_security_headers(serve)


def _too_large(environ: WSGIEnvironment) -> bool:
    length = str(environ.get("CONTENT_LENGTH") or "0")
    return not length.isdecimal() or len(length) > _LONGEST_LENGTH or int(length) > LARGEST_BODY_BYTES


def _is_signed(environ: WSGIEnvironment, running: Running) -> bool:
    """Whether the signature fits. Bolt looks too, but only after it has read the body, whoever sent it."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    timestamp, signature = (environ.get(f"HTTP_X_SLACK_{name}", "") for name in ("REQUEST_TIMESTAMP", "SIGNATURE"))
    signed = running.is_signed_by_slack(body, timestamp, signature)
    if not signed:
        _log.info("A request that Slack did not sign, or not lately, was refused.", extra={"action": "request_refused"})
    return signed


class WebServer(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with threads. A worker that is told to stop answers what it has acknowledged, then leaves."""

    def __init__(
        self, build: Callable[[], WSGIApplication], stop: Callable[[], None], *, port: int, workers: int
    ) -> None:
        """
        Args: build: makes the application, in each worker. stop: called in each worker when it takes no more requests;
        ``_GRACE_SECONDS`` after the signal whoever has not left is killed. workers: several count together.
        """
        self._counts = SharedCounts() if workers > 1 else None
        self._build = build
        self._stop = stop
        self._port = port
        self._workers = workers
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs; nothing is read from a file or the command line."""
        options = {
            "bind": f"0.0.0.0:{self._port}",
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": _THREADS,
            "graceful_timeout": _GRACE_SECONDS,
            "timeout": 60,
            "keepalive": _KEEP_ALIVE_SECONDS,
            "loglevel": "warning",
            "worker_exit": lambda _server, _worker: self._stop(),
        }
        if counts := self._counts:
            options |= {
                "child_exit": lambda _server, worker: counts.left(worker.pid),
                "on_exit": lambda _server: counts.close(),
            }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Build the application, in the worker: threads and connections do not survive a fork."""
        return self._build()
