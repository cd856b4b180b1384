"""What is said when a file or a picture is on its way, and when it cannot be."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rendering.blocks import section
from bot.rendering.message import Message, View, message, modal
from bot.rendering.mrkdwn import cut, escape

_LONGEST = 2900


def file_sent(titles: Sequence[str]) -> Message:
    """The files are in the person's direct messages."""
    return _words(f"In your direct messages with Advisor: {escape('; '.join(titles))}.")


def picture_posted() -> Message:
    """The picture stands in the channel."""
    return _words("The picture is in this channel, with words for those who do not see it.")


def digest_set(*, wanted: bool) -> Message:
    """Whether the Monday digest comes from now on, and how to change that."""
    if wanted:
        return _words("The Monday digest comes when something is out of order with a service that you sponsor.")
    return _words("The Monday digest is stopped. `/advisor digest on` lets it come again.")


def digest_usage() -> Message:
    """How the digest is turned on and off."""
    return _words("Write `/advisor digest on` or `/advisor digest off`. It is for sponsors, on Mondays.")


def no_files() -> Message:
    """Slack has not given Advisor leave to send files."""
    return _words(
        "Advisor may not send files in this workspace yet. Whoever manages the app can add the scope files:write "
        "(`advisor manifest` prints the manifest that has it) and install the app again."
    )


def cannot(why: str) -> Message:
    """Why something cannot be done; what somebody typed is in it as typed."""
    return _words(cut(escape(why), _LONGEST))


def cannot_view(why: str) -> View:
    """The same in a form, for the Home tab."""
    return modal("That cannot be done", [section(cut(escape(why), _LONGEST))], callback_id="portfolio_words")


def _words(text: str) -> Message:
    return message(text, [section(text)])
