"""Slack's mrkdwn as HTML. Everything is escaped first and marked up after, so no text can become an element.

Source: https://docs.slack.dev/messaging/formatting-message-text, checked 2026-11-23.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from urllib.parse import urlsplit

from markupsafe import Markup

from bot.trial.pages.dates import draw_date
from bot.trial.pages.emoji import draw_emoji

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", "slack"})
_FENCE = re.compile(r"```(?:\n)?(.+?)(?:\n)?```", re.DOTALL)
_INLINE = re.compile(
    r"(?P<code>`[^`\n]+`)"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|:(?P<emoji>[a-z0-9_+'-]+):"
    r"|(?<![^\W_])(?P<bold>\*(?=[^\s*])[^*\n]*?(?<=[^\s*])\*)(?![^\W_])"
    r"|(?<![^\W_])(?P<italic>_(?=[^\s_])[^\n]*?(?<=[^\s_])_)(?![^\W_])"
    r"|(?<![^\W_])(?P<strike>~(?=[^\s~])[^~\n]*?(?<=[^\s~])~)(?![^\W_])"
)
_TAGS = {"bold": "strong", "italic": "em", "strike": "s"}
_BULLET = re.compile(r"^\s*[•◦▪]\s+")
_NEW_TAB = Markup('<span class="unseen"> (opens in a new tab)</span>')


@dataclass(frozen=True)
class Names:
    """What ids stand for (people and channels), who reads, and the moment that relative dates count from."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    reader: str = ""
    now: datetime = field(default_factory=lambda: datetime.now().astimezone())


def draw_mrkdwn(text: str, names: Names) -> Markup:
    """Return mrkdwn *text* (escaped as Slack has it) as HTML: paragraphs of lines, lists, quotes and code."""
    parts: list[Markup] = []
    for number, piece in enumerate(_FENCE.split(text)):
        if number % 2:
            parts.append(Markup("<pre><code>{}</code></pre>").format(unescaped(piece)))
        elif piece.strip():
            parts.extend(_draw_lines(piece.strip("\n").split("\n"), names))
    return Markup("").join(parts)


def draw_plain(text: str, *, emoji: bool = True) -> Markup:
    """Return plain text as HTML; with *emoji*, names between colons become emoji."""
    if not emoji:
        return Markup("{}").format(text)
    pieces = re.split(r":([a-z0-9_+'-]+):", text)
    drawn = (draw_emoji(piece) if number % 2 else Markup("{}").format(piece) for number, piece in enumerate(pieces))
    return Markup("").join(drawn)


def unescaped(text: str) -> str:
    """Return *text* with Slack's three escapes undone."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def draw_link(address: str, words: Markup | str) -> Markup:
    """Return a link that opens beside this page, or the *words* alone where the address is not one to follow."""
    if _scheme_of(address) not in LINK_SCHEMES:
        return Markup("{}").format(words)
    link = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}{}</a>')
    return link.format(address, words, _NEW_TAB)


def draw_person(user_id: str, names: Names) -> Markup:
    """Return a mention of a person; one of the reader stands out."""
    kind = "mention me" if user_id == names.reader else "mention"
    return Markup('<span class="{}">@{}</span>').format(kind, names.people.get(user_id, "somebody"))


def draw_channel(channel_id: str, names: Names, label: str = "") -> Markup:
    """Return a mention of a channel."""
    return Markup('<span class="mention">#{}</span>').format(names.channels.get(channel_id) or label or "a-channel")


def draw_broadcast(reach: str) -> Markup:
    """Return a mention of everybody (``channel``, ``here``, ``everyone``)."""
    return Markup('<span class="mention me">@{}</span>').format(reach)


def _scheme_of(address: str) -> str:
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return ""


def _draw_lines(lines: list[str], names: Names) -> Iterator[Markup]:
    for kind, group in groupby(lines, _kind_of):
        if kind == "quote":
            inner = Markup("<br>").join(_draw_inline(_unquoted(line), names) for line in group)
            yield Markup("<blockquote>{}</blockquote>").format(inner)
        elif kind == "bullet":
            items = (Markup("<li>{}</li>").format(_draw_inline(_BULLET.sub("", line), names)) for line in group)
            yield Markup("<ul>{}</ul>").format(Markup("").join(items))
        elif kind == "blank":
            yield Markup('<div class="gap"></div>')
        else:
            yield Markup("<p>{}</p>").format(Markup("<br>").join(_draw_inline(line, names) for line in group))


def _kind_of(line: str) -> str:
    if line.startswith(("&gt;", ">")):
        return "quote"
    if _BULLET.match(line):
        return "bullet"
    return "words" if line.strip() else "blank"


def _unquoted(line: str) -> str:
    return line.removeprefix("&gt;").removeprefix(">").removeprefix(" ")


def _draw_inline(text: str, names: Names) -> Markup:
    parts: list[Markup] = []
    end = 0
    for found in _INLINE.finditer(text):
        parts.append(Markup("{}").format(unescaped(text[end : found.start()])))
        parts.append(_draw_token(found, names))
        end = found.end()
    parts.append(Markup("{}").format(unescaped(text[end:])))
    return Markup("").join(parts)


def _draw_token(found: re.Match[str], names: Names) -> Markup:
    kind, words = str(found.lastgroup), found[str(found.lastgroup)]
    if kind == "code":
        return Markup("<code>{}</code>").format(unescaped(words[1:-1]))
    if kind == "angle":
        return _draw_angle(words, names)
    if kind == "emoji":
        return draw_emoji(words)
    return Markup("<{0}>{1}</{0}>").format(Markup(_TAGS[kind]), _draw_inline(words[1:-1], names))


def _draw_angle(inside: str, names: Names) -> Markup:
    target, _, label = inside.partition("|")
    label = unescaped(label)
    if target.startswith("@"):
        return draw_person(target[1:], names)
    if target.startswith("#"):
        return draw_channel(target[1:], names, label)
    if target.startswith("!date^"):
        _, unix, form, *_ = [*target.split("^"), "", ""]
        return draw_date(unix, form, label or unescaped(target), names.now)
    if target.startswith("!"):
        reach = target[1:].partition("^")[0]
        return (
            draw_broadcast(reach) if reach in ("channel", "here", "everyone") else Markup("{}").format(label or reach)
        )
    address = unescaped(target)
    return draw_link(address, label or address.removeprefix("mailto:"))
