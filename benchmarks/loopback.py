"""
A Slack on this machine that takes its time for each call, and notes when what came: for ``benchmarks.load``.

Run as a process of its own: python -m benchmarks.loopback PORT SECONDS
"""

from __future__ import annotations

import json
import socketserver
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TEAM, BOT_USER, BOT, APP = "T0LOAD0001", "U0LOADBOT1", "B0LOADBOT1", "A0LOAD0001"
HELLO = {"ok": True, "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT, "team": "Load", "user": "advisor", "url": ""}


class Loopback(ThreadingHTTPServer):
    """Answers Web API calls and response addresses; ``GET /came`` hands out what came since it was last asked."""

    request_queue_size = 512
    daemon_threads = True

    def __init__(self, port: int, seconds: float) -> None:
        self.seconds = seconds
        self.came: list[tuple[str, float]] = []
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Calls)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def note(self, key: str) -> None:
        """What *key* stands for came now; the clock is the machine's, so other processes can compare."""
        with self.lock:
            self.came.append((key, time.monotonic()))

    def hand_out(self) -> list[tuple[str, float]]:
        """What came, once."""
        with self.lock:
            came, self.came = self.came, []
        return came


class Calls(BaseHTTPRequestHandler):
    """One connection."""

    server: Loopback

    def do_GET(self) -> None:
        """What came."""
        self._answer(self.server.hand_out())

    def do_POST(self) -> None:
        """A call of the Web API, or what a response address is sent."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        method = self.path.rpartition("/")[2]
        if self.path.startswith("/response/"):
            self.server.note(method)
            time.sleep(self.server.seconds)
            self._answer({"ok": True})
            return
        given = _given(body)
        answer = self._call(method, given)
        time.sleep(self.server.seconds)
        self._answer(answer)

    def _call(self, method: str, given: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return HELLO
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": "D" + str(given.get("users", ""))[1:]}}
        if method == "views.open":
            self.server.note(str(given.get("trigger_id", "")))
            return {"ok": True, "view": {"id": "V1"}}
        if method == "chat.postMessage":
            self.server.note(str(given.get("thread_ts") or given.get("channel", "")))
            return {"ok": True, "channel": given.get("channel", ""), "ts": f"{time.time():.6f}"}
        return {"ok": True, "messages": []}

    def _answer(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _given(body: str) -> dict[str, Any]:
    if body.startswith("{"):
        return dict(json.loads(body))
    return {name: values[0] for name, values in parse_qs(body).items()}


if __name__ == "__main__":
    Loopback(int(sys.argv[1]), float(sys.argv[2])).serve_forever()
