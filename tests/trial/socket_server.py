"""WebSockets for the stand-in's Socket Mode, on this machine alone; the library is there for tests only."""

from __future__ import annotations

import socket
import threading
from http import HTTPStatus
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from bot.trial.records import Refusal
from bot.trial.server import StandIn


class SocketServer:
    """Socket Mode for *slack*, from ``with`` to the end of its block; ``sockets`` are its connections."""

    def __init__(self, slack: StandIn) -> None:
        self._server = serve(self._talk, "127.0.0.1", 0, process_request=self._greet, ping_interval=None)
        port = self._server.socket.getsockname()[1]
        self.sockets = slack.open_socket_mode(f"ws://127.0.0.1:{port}")
        self._open: list[ServerConnection] = []
        self._thread = threading.Thread(target=self._server.serve_forever, name="sockets", daemon=True)

    def __enter__(self) -> SocketServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()

    def cut(self) -> None:
        """End every connection without a word, as a proxy does that is restarted."""
        for connection in list(self._open):
            connection.socket.shutdown(socket.SHUT_RDWR)

    def _greet(self, connection: ServerConnection, request: Request) -> Response | None:
        return None if _ticket(request) else connection.respond(HTTPStatus.FORBIDDEN, "no ticket\n")

    def _talk(self, connection: ServerConnection) -> None:
        assert connection.request is not None
        wire = _Wire(connection)
        self._open.append(connection)
        try:
            link = self.sockets.join(_ticket(connection.request), wire)
        except Refusal as refusal:
            self._open.remove(connection)
            connection.close(1008, refusal.code)
            return
        try:
            for message in connection:
                self.sockets.heard(link, str(message))
        except ConnectionClosed:
            pass  # without a closing handshake: the built-in client of slack_sdk just hangs up
        finally:
            self._open.remove(connection)
            self.sockets.left(link)


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
