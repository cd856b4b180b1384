"""Slack's mrkdwn: what people and entries wrote, made safe to show; our Markdown subset turned into it.

Source: https://docs.slack.dev/messaging/formatting-message-text, checked 2026-11-23.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token

_LONGEST_ADDRESS = 2000
_LEFT_OUT = ("heading", "lheading", "hr", "blockquote", "fence", "code", "reference", "image")
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).disable(list(_LEFT_OUT))

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_ATOM = re.compile(r"<[^<>\n]*>|&(?:amp|lt|gt);")
_PARAGRAPH = re.compile(r"\n\s*\n\s*")
_LINE = re.compile(r"\n\s*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"\s+")

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters, but for tab and line feed
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # soft hyphen, zero-width, direction overrides
    "\ud800-\udfff\ufffe\uffff]"  # halves of characters, and the two that are none and that no XML can hold
)


def visible(text: str) -> str:
    """*text* without control, zero-width and direction characters, which can hide or turn round what is said."""
    return _UNSEEN.sub("", _LINE_END.sub("\n", text))


def escape(text: str) -> str:
    """*text* as mrkdwn that shows it as written: it can be no mention, no link and no channel-wide alarm."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What ``escape`` made, undone."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


_NEVER_IN_AN_ADDRESS = re.compile(r"[\s<>|]")
"""Every white space, also the one that does not break, and the signs that end a link in mrkdwn."""


def link(url: str, label: str) -> str:
    """A link in mrkdwn; only the label where *url* is no web address, or a longer one than Slack takes."""
    shown = escape(" ".join(label.replace("|", "/").split()))
    address = visible(url.strip())
    address = _NEVER_IN_AN_ADDRESS.sub(lambda sign: quote(sign[0]), address)
    if not _WEB.match(address) or len(address) > _LONGEST_ADDRESS:
        return shown
    address = address.replace("&", "&amp;")
    return f"<{address}|{shown}>" if shown else f"<{address}>"


@dataclass(frozen=True)
class _Style:
    """How the pieces of our Markdown are written in one kind of text."""

    text: Callable[[str], str]
    bold: str
    italic: str
    code: str
    link: Callable[[str, str], str]


def _label(url: str, label: str) -> str:
    return label or url


def _label_and_address(url: str, label: str) -> str:
    return url if label in ("", url) else f"{label} ({url})"


_SLACK = _Style(escape, "*", "_", "`", link)
_PLAIN = _Style(visible, "", "", "", _label)
_TERMINAL = _Style(visible, "", "", "", _label_and_address)


def from_markdown(text: str) -> str:
    """Our Markdown subset (paragraphs, bold, italics, lists, links, code) as mrkdwn; all else is shown as written."""
    return _render(text, _SLACK)


def plain(markdown: str, *, addresses: bool = False) -> str:
    """The words of *markdown* without its marks, for fallback text; with *addresses* each link is followed by its."""
    return _render(markdown, _TERMINAL if addresses else _PLAIN)


def cut(text: str, limit: int) -> str:
    """*text* in at most *limit* characters, cut at a word end with "…", never inside a link or an escape."""
    if len(text) <= limit:
        return text
    head, _ = _first(text.strip(), limit - 1, (_WORD,))
    return head.rstrip(" ,;:-") + "…"


def split(text: str, limit: int) -> list[str]:
    """
    *text* in pieces of at most *limit* characters: at paragraph ends, else line, sentence or word ends.

    No piece ends inside a link or an escape; a link that is longer than *limit* becomes its label.
    """
    pieces: list[str] = []
    rest = text.strip()
    while rest:
        piece, rest = _first(rest, limit, (_PARAGRAPH, _LINE, _SENTENCE, _WORD))
        if piece:
            pieces.append(piece)
    return pieces


def _render(text: str, style: _Style) -> str:
    return "\n".join(_blocks(_MARKDOWN.parse(visible(text)), style)).strip()


def _blocks(tokens: Sequence[Token], style: _Style) -> Iterator[str]:
    """Lines of mrkdwn; an empty one between paragraphs, none inside a list."""
    counts: list[int | None] = []
    marker = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = token.attrGet("start")
            counts.append(None if token.type == "bullet_list_open" else int(start or 1))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            counts.pop()
            if not counts:
                yield ""
        elif token.type == "list_item_open":
            marker = _marker(counts)
        elif token.type == "inline":
            yield (marker or "    " * len(counts)) + _inline(token.children or (), style)
            marker = ""
        elif token.type == "paragraph_close" and not counts:
            yield ""


def _marker(counts: list[int | None]) -> str:
    indent = "    " * (len(counts) - 1)
    number = counts[-1]
    if number is None:
        return indent + ("• " if len(counts) == 1 else "◦ ")
    counts[-1] = number + 1
    return f"{indent}{number}. "


def _inline(tokens: Sequence[Token], style: _Style) -> str:
    parts: list[str] = []
    marks = {"strong_open": style.bold, "strong_close": style.bold, "em_open": style.italic, "em_close": style.italic}
    label: list[str] | None = None
    address = ""
    for token in tokens:
        if token.type == "link_open":
            label, address = [], str(token.attrGet("href") or "")
        elif token.type == "link_close":
            parts.append(style.link(address, "".join(label or ())))
            label = None
        elif label is not None:
            label.append(token.content or " ")
        else:
            parts.append(marks[token.type] if token.type in marks else _words(token, style))
    return "".join(parts)


def _words(token: Token, style: _Style) -> str:
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak":
        return "\n"
    if token.type == "code_inline":
        return style.code + style.text(token.content.replace("`", "'")) + style.code
    return style.text(token.content)


def _first(text: str, limit: int, ends: Sequence[re.Pattern[str]]) -> tuple[str, str]:
    """The first piece of *text* that fits, and the rest; the earlier a pattern in *ends*, the better a place."""
    if len(text) <= limit:
        return text, ""
    if limit <= 0:
        return "", ""
    atoms = [match.span() for match in _ATOM.finditer(text, 0)]
    for end in ends:
        places = [at for at in _places(end, text, limit) if not any(start < at < stop for start, stop in atoms)]
        if places and (end is _WORD or places[-1] >= limit // 3):
            return text[: places[-1]].rstrip(), text[places[-1] :].lstrip()
    at = next((start for start, stop in atoms if start < limit < stop), limit)
    if at == 0:
        return _first(_without_first_atom(text, atoms[0][1]), limit, ends)
    return text[:at].rstrip(), text[at:].lstrip()


def _places(end: re.Pattern[str], text: str, limit: int) -> list[int]:
    return [match.start() for match in end.finditer(text) if 0 < match.start() <= limit]


def _without_first_atom(text: str, stop: int) -> str:
    """*text* whose first link, too long to fit, is only its label."""
    atom = text[:stop]
    label = atom.strip("<>").partition("|")[2] if atom.startswith("<") else ""
    return label + text[stop:]
