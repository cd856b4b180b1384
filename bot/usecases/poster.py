"""The way out to Slack as the clock needs it, and Slack's words for why a message cannot be posted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Protocol

from bot.rendering.message import Message

UNSURE: Final = "unsure"
"""The code of a PostingError after which nobody knows whether the message is in Slack."""

CANNOT_LOOK: Final = "cannot_look"
"""The code of a PostingError of a poster that may not read the channel: late beats lost, so it is posted again."""

GONE: Final = frozenset(
    "channel_not_found not_in_channel is_archived channel_is_archived restricted_action user_not_found user_disabled "
    "user_not_visible cannot_dm_bot messages_tab_disabled read_only_channel".split()
)
"""Slack's words for a place in which the bot cannot write and will not be able to by waiting."""

THREAD_GONE: Final = frozenset("thread_not_found message_not_found cannot_reply_to_message".split())
"""Slack's words for a thread in which nobody can write any more."""


@dataclass(frozen=True)
class Posted:
    """Where a message stands: the conversation, Slack's timestamp of it, and that as a moment."""

    channel_id: str
    message_ts: str
    at: dt.datetime


class Poster(Protocol):
    """*place* is a channel, or a person to be told directly. Several threads post at once, each in another place."""

    def post(self, workspace_id: str, place: str, message: Message, *, thread_ts: str = "") -> Posted:
        """
        Post a message, in a thread where one is given.

        Raises: PostingError: its ``code`` and ``retry_after`` say what to do.
        """

    def find(
        self, workspace_id: str, place: str, batch: str, *, since: dt.datetime, thread_ts: str = ""
    ) -> Posted | None:
        """The message with that batch in its metadata. Raises: PostingError: it could not be looked for."""
