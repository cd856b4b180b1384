"""What Slack lends out for a short while: trigger ids, response addresses, upload places, install codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from mimetypes import guess_type

from bot.trial.records import Refusal

TRIGGER_LIFE = timedelta(seconds=3)
"""Source: https://docs.slack.dev/reference/methods/views.open, checked 2026-11-23."""

RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5
"""Source: https://docs.slack.dev/interactivity/handling-user-interaction, checked 2026-11-23."""

CODE_LIFE = timedelta(minutes=10)
"""Source: https://docs.slack.dev/authentication/installing-with-oauth, checked 2026-11-23."""


@dataclass
class Trigger:
    """What a click or a command entitles the app to: one modal for one person."""

    user: str
    born_at: datetime
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """Where the app may answer a command or a click; ``ts`` is the message that was clicked, if any."""

    user: str
    channel: str
    born_at: datetime
    ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass
class Upload:
    """A place for one file; ``content`` is None until the bytes arrived."""

    id: str
    filename: str
    length: int
    content: bytes | None = None
    title: str = ""
    shared: bool = False
    alt_txt: str = ""

    @property
    def is_picture(self) -> bool:
        """Return whether its name says that it is a picture."""
        return (guess_type(self.filename)[0] or "").startswith("image/")


@dataclass
class InstallCode:
    """The code that OAuth hands to the app for one installation."""

    user: str
    born_at: datetime
    scopes: frozenset[str]
    redirect_uri: str
    used: bool = False


class Handles:
    """Everything lent out, by its token; the workspace's lock is held by whoever calls."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._responses: dict[str, ResponseUrl] = {}
        self._codes: dict[str, InstallCode] = {}
        self.uploads: dict[str, Upload] = {}

    def lend_trigger(self, user: str, view_id: str | None = None) -> str:
        """Return a trigger id that opens one modal for *user* within 3 seconds."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, self._clock(), view_id)
        return trigger_id

    def use_trigger(self, trigger_id: str) -> Trigger:
        """Return what the trigger was for; refused when unknown, used before, or over 3 seconds old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self._clock() - trigger.born_at > TRIGGER_LIFE:
            raise Refusal("expired_trigger_id")
        trigger.used = True
        return trigger

    def lend_response(self, user: str, channel: str, ts: str | None = None, thread_ts: str | None = None) -> str:
        """Return the unguessable token of a response address."""
        token = secrets.token_urlsafe(24)
        self._responses[token] = ResponseUrl(user, channel, self._clock(), ts, thread_ts)
        return token

    def use_response(self, token: str) -> ResponseUrl:
        """Return where to answer; refused after five uses or 30 minutes."""
        response = self._responses.get(token)
        if response is None:
            raise Refusal("invalid_url")
        if self._clock() - response.born_at > RESPONSE_LIFE:
            raise Refusal("expired_url")
        if response.uses >= RESPONSE_USES:
            raise Refusal("used_url")
        response.uses += 1
        return response

    def lend_upload(self, filename: str, length: int) -> Upload:
        """Return a new place for a file of *length* bytes."""
        upload = Upload(f"F{secrets.token_hex(5).upper()}", filename, length)
        self.uploads[upload.id] = upload
        return upload

    def lend_code(self, user: str, scopes: frozenset[str], redirect_uri: str) -> str:
        """Return an install code for *redirect_uri*."""
        code = secrets.token_hex(24)
        self._codes[code] = InstallCode(user, self._clock(), scopes, redirect_uri)
        return code

    def use_code(self, code: str) -> InstallCode:
        """Return the installation behind *code*; refused when unknown, used or over 10 minutes old."""
        found = self._codes.get(code)
        if found is None or found.used or self._clock() - found.born_at > CODE_LIFE:
            raise Refusal("invalid_code")
        found.used = True
        return found
