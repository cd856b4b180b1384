"""How a wrong belief is put right in words: first where the question rests on it, below where it may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from bot.answers.reply import Answer, Choice, Correction
from bot.knowledge.entry import Entry
from bot.rendering.mrkdwn import escape, from_markdown, plain

BELIEF: Final = "A common belief, but not so:"
MAYBE_BELIEF: Final = "Often believed, but not so:"


@dataclass(frozen=True)
class Markup:
    """How a text is written: its heading, words as they stand, and an entry's Markdown."""

    heading: Callable[[str], str]
    words: Callable[[str], str]
    markdown: Callable[[str], str]


MRKDWN: Final = Markup(lambda text: f"*{escape(text)}*", escape, from_markdown)
PLAIN: Final = Markup(str, str, plain)
WITH_ADDRESSES: Final = Markup(str, str, partial(plain, addresses=True))
"""Plain text in which each link is followed by its address."""


def sure_lines(reply: Answer | Choice, markup: Markup) -> list[str]:
    """
    A line for each wrong belief that the question rests on, to be said before all else. The belief is quoted: who asks
    "is it legal?" would read a bare "not so" as the answer.
    """
    return [_line(one, correction_heading(one), reply, markup) for one in reply.corrections if one.sure]


def maybe_lines(reply: Answer | Choice, markup: Markup, entry: Entry | None = None) -> list[str]:
    """
    A line for each wrong belief that the question may rest on. With *entry* those to be said below it: its own, and
    below the first entry also those of entries that are not shown.
    """
    maybe = [one for one in reply.corrections if not one.sure]
    if entry is not None and isinstance(reply, Answer):
        maybe = [one for one in maybe if _is_below(one, entry, reply)]
    return [_line(one, MAYBE_BELIEF, reply, markup) for one in maybe]


def correction_heading(one: Correction) -> str:
    """What is said before a correction: that the name is out of date, or that the belief is wrong."""
    return f"“{one.old_name}” is out of date." if one.old_name else BELIEF


def _line(one: Correction, heading: str, reply: Answer | Choice, markup: Markup) -> str:
    quote = "" if one.old_name else f"{markup.words(f'“{one.belief.said[0]}”.')} "
    source = markup.words(_where_from(one, reply))
    return f"{markup.heading(heading)} {quote}{markup.markdown(one.belief.correction)}{source}"


def _where_from(one: Correction, reply: Answer | Choice) -> str:
    """The entry that a correction is from, where the reply does not show it: there its sources are."""
    shown = reply.entries if isinstance(reply, Answer) else reply.options
    return "" if one.entry in shown else f" From: {one.entry.title.rstrip('.')}."


def _is_below(one: Correction, entry: Entry, reply: Answer) -> bool:
    return one.entry is entry or (entry is reply.entry and one.entry not in reply.entries)
