"""The few blocks that every screen is built of, with Slack's limits kept by cutting or splitting the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.rendering import limits
from bot.rendering.mrkdwn import cut, escape, from_markdown, split, visible

_CONTEXT_ELEMENTS: Final = 10


def section(mrkdwn: str, *, button: ButtonElement | None = None, block_id: str | None = None) -> SectionBlock:
    """A paragraph, cut where it is too long, with a button beside it if given."""
    text = MarkdownTextObject(text=cut(mrkdwn, limits.SECTION), verbatim=True)
    return SectionBlock(text=text, accessory=button, block_id=block_id)


def sections(mrkdwn: str) -> list[Block]:
    """The whole of a long text, in as many sections as it takes."""
    return [section(piece) for piece in split(mrkdwn, limits.SECTION)]


def header(text: str) -> HeaderBlock:
    """A heading; plain text, cut to what Slack takes."""
    return HeaderBlock(text=_plain_text(text, limits.HEADER))


def context(mrkdwn: str) -> ContextBlock:
    """Small print, in as many elements as its length needs."""
    pieces = split(mrkdwn, limits.SECTION)[:_CONTEXT_ELEMENTS]
    return ContextBlock(elements=[MarkdownTextObject(text=piece, verbatim=True) for piece in pieces])


def quoted(label: str, words: str) -> ContextBlock:
    """What a person typed, shown exactly as typed: plain text makes no mention, no link and no bold of it."""
    return ContextBlock(elements=[_plain_text(f"{label}: {' '.join(words.split())}", 300)])


def divider() -> DividerBlock:
    """A line between two parts."""
    return DividerBlock()


def button(
    text: str,
    action_id: str,
    value: str,
    *,
    label: str = "",
    primary: bool = False,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """
    A button; *label* is what a screen reader says where the text alone would leave open what is meant, *confirm* what
    is asked once more before it counts.

    The words on the button are always part of it, so that people who speak to their computer can press it by them.
    Source: WCAG 2.2, success criterion 2.5.3 (label in name), checked 2026-11-23.
    """
    named = label if not label or text.casefold() in label.casefold() else f"{text}: {label}"
    return ButtonElement(
        text=_plain_text(text, limits.BUTTON),
        action_id=action_id,
        value=value,
        accessibility_label=cut(visible(named), limits.BUTTON) or None,
        style="primary" if primary else None,
        confirm=confirm,
    )


def actions(block_id: str, buttons: Sequence[ButtonElement]) -> ActionsBlock:
    """A row of buttons."""
    return ActionsBlock(elements=list(buttons), block_id=block_id)


def bullets(lines: Iterable[str]) -> str:
    """Lines of Markdown as a list in mrkdwn."""
    return "\n".join(f"• {from_markdown(line)}" for line in lines)


def headed(heading: str, mrkdwn: str) -> str:
    """A text under a bold heading."""
    return f"*{escape(heading)}*\n{mrkdwn}"


def headed_list(heading: str, lines: Sequence[str]) -> str:
    """Lines of Markdown as a list under a bold heading; empty where there is no line."""
    return headed(heading, bullets(lines)) if lines else ""


def _plain_text(text: str, limit: int) -> PlainTextObject:
    return PlainTextObject(text=cut(visible(text), limit), emoji=False)
