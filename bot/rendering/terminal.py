"""Replies and Slack payloads as terminal text, without colour codes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from bot.answers.reply import Answer, Choice, Decline, Reply
from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.rendering.corrections import WITH_ADDRESSES, maybe_lines, sure_lines
from bot.rendering.declines import NEAREST, declined_words
from bot.rendering.drawing import Element, draw_message
from bot.rendering.mrkdwn import plain, visible
from bot.rendering.words import (
    asked_parts,
    closed_note,
    day,
    description,
    status_line,
)

__all__ = ["Element", "draw_message", "reply_text"]

_NARROWEST: Final = 20


def reply_text(reply: Reply, library: Library, width: int = 80) -> str:
    """The reply as ``advisor ask`` prints it; addresses and ids in full, so that they can be copied."""
    if isinstance(reply, Choice):
        lines = _choice(reply)
    elif isinstance(reply, Decline):
        lines = _decline(reply)
    else:
        lines = _answer(reply, library)
    return "\n".join(_wrap(visible(line), width) for line in lines).strip()


def _answer(reply: Answer, library: Library) -> Iterator[str]:
    if len(reply.entries) > 1:
        yield f"{' and '.join(entry.title for entry in reply.entries)}, side by side"
        yield ""
    for entry in reply.entries:
        yield from _entry(entry, reply, library)
        yield ""


def _entry(entry: Entry, reply: Answer, library: Library) -> Iterator[str]:
    """Notes first, then title, summary, the aspect asked for, what to do next, sources, related ids."""
    if closed := closed_note(entry, library):
        yield closed
    yield from sure_lines(reply, WITH_ADDRESSES) if entry is reply.entry else ()
    yield f"{entry.title} ({entry.id})"
    yield ""
    yield plain(entry.summary, addresses=True)
    yield from maybe_lines(reply, WITH_ADDRESSES, entry)
    if len(reply.entries) > 1 and entry.platform:
        yield f"{status_line(entry.platform)} Cost: {plain(entry.platform.cost, addresses=True)}"
    for part in asked_parts(entry, reply):
        yield from _listed(part.heading, _plain(part.lines))
    yield from _listed("Do next", _plain(entry.next_steps))
    sources = [f"{source.title}, checked {day(source.checked)}\n  {source.url}" for source in entry.sources]
    yield from _listed("Sources", sources)
    related = library.related(entry.id) if entry.id in library else ()
    if related:
        yield ""
        yield f"Related: {', '.join(other.id for other in related)}"


def _listed(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{heading}:"
        yield from (f"- {line}" for line in lines)


def _plain(lines: Sequence[str]) -> list[str]:
    return [plain(line, addresses=True) for line in lines]


def _choice(reply: Choice) -> Iterator[str]:
    yield from sure_lines(reply, WITH_ADDRESSES)
    yield from maybe_lines(reply, WITH_ADDRESSES)
    yield "Did you mean:"
    for at, entry in enumerate(reply.options, 1):
        yield f"{at}. {entry.title} ({entry.id})"
        yield f"   {description(entry)}"


def _decline(reply: Decline) -> Iterator[str]:
    yield plain(declined_words(reply), addresses=True)
    if reply.nearest and reply.reason in ("no_entry", "person"):
        yield from _listed(NEAREST.rstrip(":"), [f"{entry.title} ({entry.id})" for entry in reply.nearest])


def _wrap(text: str, width: int) -> str:
    """Each line of *text* folded at word ends, under its own first word where it is an item of a list."""
    folded = []
    for line in text.split("\n"):
        words = line.lstrip(" ")
        indent = " " * (len(line) - len(words))
        hang = indent + ("  " if words.startswith(("- ", "• ", "◦ ")) else "   " if words[:1].isdigit() else "")
        folded.append(_fold(words, width, indent, hang))
    return "\n".join(folded)


def _fold(words: str, width: int, indent: str, hang: str) -> str:
    return textwrap.fill(
        words,
        max(width, _NARROWEST),
        initial_indent=indent,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
