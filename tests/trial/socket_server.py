"""WebSockets for the stand-in's Socket Mode, on this machine alone; the library is there for tests only."""

from __future__ import annotations

import threading
from http import HTTPStatus
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from bot.trial.records import Refusal
from bot.trial.server import StandIn
from bot.trial.socket_mode import SocketMode


class SocketServer:
    """Socket Mode for *slack*, from ``with`` to the end of its block; yields its connections."""

    def __init__(self, slack: StandIn) -> None:
        self._server = serve(self._talk, "127.0.0.1", 0, process_request=self._greet, ping_interval=None)
        port = self._server.socket.getsockname()[1]
        self._sockets = slack.open_socket_mode(f"ws://127.0.0.1:{port}")
        self._thread = threading.Thread(target=self._server.serve_forever, name="sockets", daemon=True)

    def __enter__(self) -> SocketMode:
        self._thread.start()
        return self._sockets

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()

    def _greet(self, connection: ServerConnection, request: Request) -> Response | None:
        return None if _ticket(request) else connection.respond(HTTPStatus.FORBIDDEN, "no ticket\n")

    def _talk(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        wire = _Wire(connection)
        try:
            link = self._sockets.join(_ticket(connection.request), wire)
        except Refusal as refusal:
            connection.close(1008, refusal.code)
            return
        try:
            for message in connection:
                self._sockets.heard(link, str(message))
        except ConnectionClosed:
            pass  # without a closing handshake: the built-in client of slack_sdk just hangs up
        finally:
            self._sockets.left(link)


class _Wire:
    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    def send(self, message: str) -> None:
        try:
            self._connection.send(message)
        except ConnectionClosed as error:
            raise OSError("the app has hung up") from error

    def close(self) -> None:
        self._connection.close(1001)


def _ticket(request: Request) -> str:
    return parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
