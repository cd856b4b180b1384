"""Files on their way to Slack: uploaded in the two steps that Slack asks for, each picture with its alt text."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.errors import PostingError
from bot.rendering.files import File
from handlers.posting import slacks_word


def send_files(client: WebClient, channel_id: str, files: Sequence[File], *, thread_ts: str | None = None) -> None:
    """
    Post files in a conversation (its own id: a user's id is none), as one message.

    Raises: PostingError: Slack refused; ``code`` is its word for why.
    Source: https://docs.slack.dev/messaging/working-with-files, checked 2026-11-23.
    """
    uploads = [
        {"filename": one.name, "title": one.title, "content": one.content, **({"alt_txt": one.alt} if one.alt else {})}
        for one in files
    ]
    try:
        client.files_upload_v2(channel=channel_id, file_uploads=uploads, thread_ts=thread_ts)
    except SlackApiError as error:
        code = slacks_word(error)
        raise PostingError(f"Slack did not take the file: {code}.", code=code) from error
    except SlackRequestError as error:
        raise PostingError("Slack did not take the file.", code="upload_failed") from error
