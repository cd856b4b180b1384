"""What a host and a monitor ask: alive, ready, metrics; and the headers that every page of ours carries."""

from __future__ import annotations

import hmac
import json
import logging
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from bot.app import Running
from bot.errors import SettingsError, StorageError
from bot.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PROBES: Final = ("/healthz", "/readyz", "/metrics")
CLOCK_LATE_SECONDS: Final = 300
"""Ten passes of a clock that goes round twice a minute."""

SOCKET_LATE_SECONDS: Final = 60
"""Twenty of the pings of ``bot.serving``: what is given up after five of them has had time to come back."""

SECURITY_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("Strict-Transport-Security", "max-age=31536000"),
)
"""
For pages that load nothing: a page that needs more sets its own policy. Browsers heed the last over https alone.
Source: https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html, checked 2026-11-23.
"""

SocketAge = Callable[[], float | None]
"""Seconds since Slack last answered on the socket; None where there is no connection now."""

_log = logging.getLogger(__name__)


def with_security_headers(app: WSGIApplication) -> WSGIApplication:
    """The application with ``SECURITY_HEADERS`` on every answer that does not set them itself."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            own = {name.casefold() for name, _ in headers}
            added = [(name, value) for name, value in SECURITY_HEADERS if name.casefold() not in own]
            return start_response(status, [*headers, *added], exc_info)

        return app(environ, start)

    return serve


def probes(running: Running, *, socket_age: SocketAge | None = None) -> WSGIApplication:
    """
    The WSGI application of ``PROBES``, and 404 for the rest. *socket_age* is for Socket Mode alone.

    ``/metrics`` wants ``Authorization: Bearer`` with ADVISOR_METRICS_TOKEN, and is not there where none is set.
    """

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return as_json(start_response, 200, {"status": "alive"})
        if path == "/readyz":
            return _ready(start_response, running, socket_age)
        if path == "/metrics" and running.settings.metrics_token is not None:
            return _metrics(environ, start_response, running)
        return as_json(start_response, 404, {"error": "there is nothing here"})

    return serve


def as_json(start_response: StartResponse, status: int, content: dict[str, Any]) -> Iterable[bytes]:
    """An answer in JSON."""
    return _answer(start_response, status, "application/json", json.dumps(content).encode())


def _ready(start_response: StartResponse, running: Running, socket_age: SocketAge | None) -> Iterable[bytes]:
    """200 where people would be answered. A late clock is told and does not count: restarting us would not help it."""
    library, faults = running.knowledge_base.current.library, running.knowledge_base.faults
    facts: dict[str, Any] = {"status": "ready", "entries": len(library), "reload_faults": len(faults)}
    try:
        running.database.check()
        beat = running.beat()
    except StorageError as error:
        _log.warning("Not ready: %s", error, extra={"action": "not_ready"})
        return as_json(start_response, 503, facts | {"status": "database"})
    age = None if beat.clock_at is None else round((running.now() - beat.clock_at).total_seconds())
    facts["clock"] = "never" if age is None else "late" if age > CLOCK_LATE_SECONDS else "on time"
    facts |= {"clock_age": age, "notifications_late": beat.late}
    if socket_age is not None:
        seconds = socket_age()
        facts["socket_age"] = None if seconds is None else round(seconds)
        if seconds is None or seconds > SOCKET_LATE_SECONDS:
            _log.warning("Not ready: the connection to Slack is down.", extra={"action": "not_ready"})
            return as_json(start_response, 503, facts | {"status": "socket"})
    return as_json(start_response, 200, facts)


def _metrics(environ: WSGIEnvironment, start_response: StartResponse, running: Running) -> Iterable[bytes]:
    token = running.settings.metrics_token
    given = str(environ.get("HTTP_AUTHORIZATION", ""))
    wanted = f"Bearer {token.get_secret_value() if token else ''}"
    if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        return as_json(start_response, 401, {"error": "give the token: Authorization: Bearer ..."})
    return _answer(start_response, 200, CONTENT_TYPE, running.metrics.page())


def _answer(start_response: StartResponse, status: int, content_type: str, body: bytes) -> Iterable[bytes]:
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [body]


class ProbeServer:
    """The probes on a port of their own, for Socket Mode and the clock: nothing else of those listens."""

    def __init__(self, app: WSGIApplication, *, port: int) -> None:
        """Raises: SettingsError: the port cannot be had."""
        try:
            self._server = make_server("", port, with_security_headers(app), _Server, _Quiet)
        except OSError as error:
            raise SettingsError(f"ADVISOR_HEALTH_PORT: port {port} cannot be used ({error.strerror}).") from error
        self.port = int(self._server.server_port)
        self._thread = threading.Thread(target=self._server.serve_forever, name="probes", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """End, and let go of the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    timeout = 10  # seconds for somebody who says nothing

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a host asks every few seconds."""
