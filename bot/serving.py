"""Running the bot until it is told to stop: Socket Mode or HTTP, with the housekeeping beside it."""

from __future__ import annotations

import logging
import signal
import threading
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.app import build
from bot.clock import Housekeeper
from bot.settings import Settings
from bot.web import WebServer, wsgi_app

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

_log = logging.getLogger(__name__)


def serve_socket(settings: Settings) -> None:
    """Serve over Socket Mode until SIGTERM or SIGINT; what is under way is finished first."""
    running = build(settings)
    housekeeper = Housekeeper(running)
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    handler = SocketModeHandler(running.app, token)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    housekeeper.start()
    handler.connect()  # type: ignore[no-untyped-call]
    _log.info("Advisor is connected over Socket Mode.", extra={"action": "started"})
    stop.wait()
    handler.close()  # type: ignore[no-untyped-call]
    housekeeper.stop()
    running.close()
    _log.info("Advisor has stopped.", extra={"action": "stopped"})


def serve_http(settings: Settings) -> None:
    """Serve Slack's requests over HTTP under gunicorn until it is told to stop."""

    def build_in_worker() -> WSGIApplication:
        running = build(settings)
        Housekeeper(running).start()
        _log.info("Advisor listens on port %d.", settings.port, extra={"action": "started"})
        return wsgi_app(running)

    WebServer(build_in_worker, port=settings.port).run()
