"""App Home, and the form in which a question is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement, PlainTextObject

from bot.knowledge.entry import Entry
from bot.rendering.blocks import actions, button, context, divider, headed, header, section
from bot.rendering.browse import kind_blocks
from bot.rendering.help import PRIVACY, PURPOSE, commands, example_buttons, how_to_ask
from bot.rendering.message import Payload, View, home, modal
from bot.rendering.mrkdwn import cut, escape
from bot.rendering.words import description

ASK_CALLBACK: Final = "ask"
_LONGEST_QUESTION = 3000
_MOST_RECENT = 5
_DESCRIPTION = 200


def home_view(
    *,
    counts: Mapping[str, int],
    recent: Sequence[Entry] = (),
    examples: Sequence[str] = (),
    team: Sequence[Payload] = (),
) -> View:
    """
    The Home tab of one person.

    Args:
        counts: how many entries there are of each kind; only these kinds can be browsed.
        recent: entries that were checked lately, the newest first.
        examples: questions to try, at most three are shown.
        team: what this person's services and actions come to (``checkpoint_home.team_blocks``).
    """
    ask = button("Ask a question", "ask_modal", "ask", primary=True)
    blocks: list[Block | Payload] = [header("Advisor"), section(PURPOSE), actions("ask", [ask]), *team]
    if examples:
        blocks += [divider()] if team else []
        blocks += [section("*Try one of these*"), example_buttons(examples)]
    blocks += _recent(recent[:_MOST_RECENT]) + _browse(counts)
    blocks += [divider(), section(f"*How to ask*\n{how_to_ask()}"), section(f"*Commands*\n{commands()}")]
    blocks.append(context(PRIVACY))
    return home(blocks)


def ask_view(question: str = "") -> View:
    """A modal with one field for a question, which may be filled in already."""
    field = PlainTextInputElement(
        action_id="question",
        multiline=True,
        max_length=_LONGEST_QUESTION,
        initial_value=question[:_LONGEST_QUESTION] or None,
    )
    label = PlainTextObject(text="Your question", emoji=False)
    hint = PlainTextObject(text="In your own words. Leave out names and personal details.", emoji=False)
    asked = InputBlock(block_id="question", label=label, hint=hint, element=field)
    return modal("Ask Advisor", [asked], callback_id=ASK_CALLBACK, submit="Ask", close="Cancel")


def _recent(entries: Sequence[Entry]) -> list[Block]:
    blocks: list[Block] = [divider(), section("*Lately checked*")] if entries else []
    for entry in entries:
        more = button("Read more", "open_entry", entry.id, label=f"Read more: {entry.title}")
        blocks.append(section(headed(entry.title, escape(cut(description(entry), _DESCRIPTION))), button=more))
    return blocks


def _browse(counts: Mapping[str, int]) -> list[Block]:
    kinds = kind_blocks(counts)
    return [divider(), section("*Browse*"), *kinds] if kinds else []
