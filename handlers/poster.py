"""The way out to Slack when nobody asked first: the clock's messages, posted once and found again by their metadata."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.errors import PostingError
from bot.rendering.message import Message
from bot.usecases.poster import CANNOT_LOOK, UNSURE, Posted

_PAGE = 200
_MOST_PAGES = 10
_MARGIN = dt.timedelta(minutes=2)
"""Slack's clock and ours may differ."""

_PERHAPS_TAKEN = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
_DEFAULT_WAIT_SECONDS = 60


class SlackPoster:
    """Posts through the client of each workspace; that client must not wait out rate limits by itself."""

    def __init__(self, client_of: Callable[[str], WebClient]) -> None:
        self._client_of = client_of

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        """Post in a channel or a thread of it, or to a person directly. Raises: PostingError."""
        client, thread = self._client_of(workspace_id), thread_ts or None
        try:
            answer = client.chat_postMessage(channel=place, thread_ts=thread, **message.payload())
        except (SlackClientError, OSError, HTTPException) as error:
            raise _posting_error(error) from error
        return _posted(str(answer["channel"]), str(answer["ts"]))

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        """The message that carries *batch*, where the bot may read what it wrote. Raises: PostingError."""
        client = self._client_of(workspace_id)
        try:
            channel = _channel(client, place)
            cursor = ""
            for _ in range(_MOST_PAGES):
                page = _page(client, channel, thread_ts, since - _MARGIN, cursor)
                for message in page["messages"]:
                    if _batch_of(message) == batch:
                        return _posted(channel, str(message["ts"]))
                cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
                if not cursor:
                    return None
        except SlackApiError as error:
            if error.response.get("error") == "missing_scope":
                raise PostingError("Advisor may not read the channel.", code=CANNOT_LOOK) from error
            raise _posting_error(error) from error
        except (SlackClientError, OSError, HTTPException) as error:
            raise _posting_error(error) from error
        return None


def _channel(client: WebClient, place: str) -> str:
    """The conversation of a place: a person's direct messages have an id of their own."""
    if not place.startswith(("U", "W")):
        return place
    return str(client.conversations_open(users=place)["channel"]["id"])


def _page(client: WebClient, channel: str, thread_ts: str, oldest: dt.datetime, cursor: str) -> SlackResponse:
    """A page of a channel, whose history holds no replies, or of one of its threads."""
    read = partial(client.conversations_replies, ts=thread_ts) if thread_ts else client.conversations_history
    since = f"{oldest.timestamp():.6f}"
    return read(channel=channel, oldest=since, include_all_metadata=True, limit=_PAGE, cursor=cursor or None)


def _batch_of(message: Mapping[str, Any]) -> str:
    return str(((message.get("metadata") or {}).get("event_payload") or {}).get("batch", ""))


def _posted(channel: str, ts: str) -> Posted:
    return Posted(channel, ts, dt.datetime.fromtimestamp(float(ts), dt.UTC))


def _posting_error(error: Exception) -> PostingError:
    """What went wrong, sorted by what it means: refused for sure, come back later, or nobody knows."""
    if not isinstance(error, SlackApiError):
        return PostingError(f"Slack did not answer: {type(error).__name__}.", code=UNSURE)
    response = error.response
    status = getattr(response, "status_code", 200)
    code = str(response.get("error") or "") if isinstance(response.data, dict) else ""
    if status == 429 or code == "ratelimited":
        headers = {name.casefold(): value for name, value in (response.headers or {}).items()}
        wait = str(headers.get("retry-after", ""))
        seconds = int(wait) if wait.isdigit() else _DEFAULT_WAIT_SECONDS
        return PostingError("Slack asked us to wait.", code="ratelimited", retry_after=seconds)
    if status >= 500 or not code or code in _PERHAPS_TAKEN:
        return PostingError(f"Slack failed: HTTP {status} {code}.", code=UNSURE)
    return PostingError(f"Slack did not take the message: {code}.", code=code)
