"""The whole of one entry in a modal."""

from __future__ import annotations

import json
from typing import Final

from slack_sdk.models.blocks import Block

from bot.knowledge.entry import Entry
from bot.knowledge.library import Library
from bot.rendering.blocks import actions, button, context, divider, headed_list, header, section, sections
from bot.rendering.entry_parts import parts
from bot.rendering.limits import METADATA, MODAL_TITLE, VIEW_BLOCKS
from bot.rendering.message import Payload, View, as_data, modal
from bot.rendering.mrkdwn import cut, escape, from_markdown, link
from bot.rendering.words import closed_note, day, named

CALLBACK: Final = "entry"
_MOST_RELATED = 6
_LARGEST = 150_000  # bytes, which leaves room for the sources in Slack's 250 kB


def entry_view(entry: Entry, library: Library) -> View:
    """Everything that *entry* says, in a modal; its related entries open in the same modal."""
    middle = [block for text in parts(entry, library) for block in sections(text)]
    closing = _closing(entry, library)
    blocks = _fitting([header(entry.title), *_opening(entry, library), *middle], entry, room=VIEW_BLOCKS - len(closing))
    title = cut(entry.title, MODAL_TITLE)
    return modal(title, [*blocks, divider(), *closing], callback_id=CALLBACK, private_metadata=entry.id[:METADATA])


def _fitting(blocks: list[Block], entry: Entry, *, room: int) -> list[Block | Payload]:
    """As many of *blocks* as leave one of *room* free and keep the view small enough; what is left out is said."""
    kept: list[Block | Payload] = []
    size = 0
    for block in blocks:
        data = as_data(block)
        size += len(json.dumps(data))
        if (len(kept) == room - 2 and block is not blocks[-1]) or size > _LARGEST:
            return [*kept, context(f"There is more in the file of {escape(cut(entry.id, 200))}.")]
        kept.append(data)
    return kept


def _opening(entry: Entry, library: Library) -> list[Block]:
    closed = closed_note(entry, library)
    blocks: list[Block] = [section(f"*{escape(closed)}*")] if closed else []
    blocks += sections(from_markdown(entry.summary))
    blocks += sections(from_markdown(entry.body))
    blocks += sections(headed_list("Do next:", entry.next_steps))
    return blocks


def _closing(entry: Entry, library: Library) -> list[Block]:
    """Where it can be checked, when it is looked at again, and where to go from here."""
    blocks: list[Block] = sections(_sources(entry))[:20]
    if entry.review_by:
        blocks.append(context(f"Due for review by {day(entry.review_by)}."))
    related = library.related(entry.id)[:_MOST_RELATED] if entry.id in library else ()
    if related:
        buttons = [button(named(other), f"view_entry:{at}", other.id) for at, other in enumerate(related, 1)]
        blocks += [section("*Related*"), actions("related", buttons)]
    return blocks


def _sources(entry: Entry) -> str:
    if not entry.sources:
        return "*Sources*\nNone given."
    listed = [f"• {link(source.url, source.title)}, checked {day(source.checked)}" for source in entry.sources]
    return "\n".join(["*Sources*", *listed])
