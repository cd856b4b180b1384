"""local-slack, by somebody else: its process, and a person at its page.

Source: https://github.com/parvalabs/local-slack (MIT), checked 2026-11-23.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from websockets.sync.client import ClientConnection, connect

T = TypeVar("T")
Mode = Literal["socket", "events"]
BOT, SAM, PRIYA = "U0ADVISOR", "U0SAM", "U0PRIYA"
PARKING = "C0PARKING"
APP_ID = "A0ADVISOR"
PATIENCE_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True)
class OtherSlack:
    """Where it listens, and what an app needs to know of it."""

    port: int
    bot_token: str = "xoxb-second-opinion"
    app_token: str = "xapp-second-opinion"
    signing_secret: str = "second-opinion"

    @property
    def api_url(self) -> str:
        """The address of its Web API."""
        return f"http://127.0.0.1:{self.port}/api/"


@contextmanager
def other_slack(program: Path, folder: Path, *, port: int, mode: Mode, request_url: str) -> Iterator[OtherSlack]:
    """*program* from the moment it listens on *port* to the end of the block; the app is called by *mode*."""
    slack = OtherSlack(port)
    config = folder / "workspace.json"
    config.write_text(json.dumps(_workspace(slack, mode, request_url)), encoding="utf-8")
    command = [str(program), "--config", str(config), "--port", str(port), "--base-host", "127.0.0.1"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        try:
            yield slack
        finally:
            process.kill()


def _workspace(slack: OtherSlack, mode: Mode, request_url: str) -> dict[str, Any]:
    app = {
        "appId": APP_ID,
        "botUserId": BOT,
        "botName": "advisor",
        "botToken": slack.bot_token,
        "appToken": slack.app_token,
        "signingSecret": slack.signing_secret,
        "mode": mode,
        "requestUrl": request_url,
    }
    users = [{"id": SAM, "name": "sam", "real_name": "Sam Okoro"}, {"id": PRIYA, "name": "priya"}]
    channels = [{"id": PARKING, "name": "parking-permits", "members": [SAM, PRIYA, BOT]}]
    return {"workspace": {"name": "Council"}, "app": app, "users": users, "channels": channels}


class Page:
    """Its page, as a person uses it: what they do goes down a WebSocket, and what changes comes back up."""

    def __init__(self, wire: ClientConnection) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.modals: list[dict[str, Any]] = []
        self.homes: dict[str, dict[str, Any]] = {}
        self.log: list[dict[str, Any]] = []
        self._wire = wire

    def do(self, act: str, user: str, **fields: Any) -> None:
        """Do something as *user*."""
        self._wire.send(json.dumps({"t": act, "user": user, **fields}))

    def until(self, found: Callable[[], T | None]) -> T:
        """Return the first true value of *found*, looked at after everything that comes. Raises: TimeoutError."""
        while not (value := found()):
            self._take(json.loads(self._wire.recv(PATIENCE_SECONDS)))
        return value

    def said(self, channel: str = "") -> list[dict[str, Any]]:
        """What the app wrote (in *channel*, or anywhere), oldest first."""
        found = [one for one in self.messages.values() if one["user"] == BOT]
        return [one for one in found if channel in ("", one["channel"])]

    def _take(self, news: dict[str, Any]) -> None:
        kind = news["t"]
        if kind in ("message", "message_update"):
            self.messages[news["message"]["ts"]] = news["message"]
        elif kind == "view":
            self.modals = news["stack"]
        elif kind == "home":
            self.homes[news["user"]] = news["view"]
        elif kind == "log":
            self.log.append(news["entry"])


@contextmanager
def page_of(slack: OtherSlack) -> Iterator[Page]:
    """Its page, as soon as somebody listens: the process says nothing when it is ready. Raises: OSError."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with ExitStack() as stack:
        while True:
            try:
                wire = stack.enter_context(connect(f"ws://127.0.0.1:{slack.port}/ui", max_size=None))
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_LOOK_AGAIN_SECONDS)
        yield Page(wire)
