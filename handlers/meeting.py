"""Bringing two people together: a conversation of both where Slack lets us, else a letter to each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.errors import PostingError
from bot.usecases.introducing import Letter, Meeting, Outcome
from handlers.posting import send, slacks_word

ClientOf = Callable[[str], WebClient]
_log = logging.getLogger(__name__)


def carry_out(outcome: Outcome, client_of: ClientOf) -> None:
    """Send the letters and open the meeting. What Slack does not take is logged; who acted sees no difference."""
    _deliver(outcome.letters, client_of)
    if outcome.meeting is not None and not _open(outcome.meeting, client_of):
        _deliver(outcome.meeting.instead, client_of)


def _open(meeting: Meeting, client_of: ClientOf) -> bool:
    """Whether the conversation is open, with its first message in it."""
    client = client_of(meeting.workspace_id)
    people = sorted(set(meeting.user_ids))
    if len(people) < 2:
        return False
    try:
        opened = client.conversations_open(users=people)
        send(client, str(opened["channel"]["id"]), meeting.message)
    except SlackApiError as error:
        _log.info("A conversation could not be opened: %s.", slacks_word(error), extra={"action": "no_meeting"})
        return False
    except PostingError as error:
        _log.info("A first message was not taken: %s.", error.code, extra={"action": "no_meeting"})
        return False
    return True


def _deliver(letters: Iterable[Letter], client_of: ClientOf) -> None:
    for letter in letters:
        try:
            send(client_of(letter.workspace_id), letter.user_id, letter.message)
        except PostingError as error:
            _log.info("A letter was not taken: %s.", error.code, extra={"action": "no_letter"})
