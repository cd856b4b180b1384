"""What a person reads when something broke: plain words, what to do, and a reference."""

from __future__ import annotations

from bot.rendering.blocks import section
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import escape


def failure_message(reference: str) -> Message:
    """Something failed on our side; *reference* is what the person who runs Advisor looks for in the log."""
    code = escape(reference)
    text = (
        "That did not work: something failed inside Advisor, not in what you did. Please try once more. If it fails "
        f"again, tell the person who runs Advisor, and give this reference: {code}"
    )
    return message(text, [section(text.replace(f"reference: {code}", f"reference: `{code}`"))])
