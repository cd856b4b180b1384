"""Emoji by Slack's names, as characters with their name for whoever cannot see them."""

from __future__ import annotations

from markupsafe import Markup
from rich.emoji import Emoji

OWN = {
    "large_green_circle": "\U0001f7e2",
    "large_yellow_circle": "\U0001f7e1",
    "large_orange_circle": "\U0001f7e0",
    "thinking_face": "\U0001f914",
    "warning": "\u26a0\ufe0f",
}
"""Names of Slack that the table of rich has not, or has without the variant in colour."""


def emoji_named(name: str) -> str:
    """Return the character of an emoji; empty where the name is not known."""
    if name in OWN:
        return OWN[name]
    code = f":{name}:"
    found = Emoji.replace(code)
    return "" if found == code else found


def draw_emoji(name: str) -> Markup:
    """Return an emoji as HTML, or its name between colons where it is not known."""
    character = emoji_named(name)
    if not character:
        return Markup(":{}:").format(name)
    words = name.replace("_", " ")
    return Markup('<span class="emoji" role="img" aria-label="{}" title=":{}:">{}</span>').format(
        words, name, character
    )
