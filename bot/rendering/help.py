"""What Advisor says of itself: help, the first welcome, on joining a channel, and its health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block

from bot.rendering.blocks import actions, button, context, header, section, sections
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import escape

EXAMPLES: Final = (
    "What must we show to leave alpha?",
    "How do we text residents cheaply?",
    "How did Sheffield leave its outsourcing contract?",
)
"""Three questions that show what may be asked: in the help, on Home, and after what is outside our subject."""

PURPOSE: Final = (
    "Advisor answers questions about digital work in councils: standards, shared platforms, and what other councils "
    "have tried. Every answer is written by people, with its sources and the day they were checked."
)
PRIVACY: Final = (
    "Privacy: Advisor reads only what is put to it. It keeps questions for a limited time, without your name (unless "
    "you ask to be told of an answer) and with email addresses and phone numbers masked, so that gaps can be found and "
    "filled. Leave personal details out. "
    "/advisor my data shows what is kept about you, and deletes it."
)
_HOW = (
    "Ask in your own words, here or in a direct message.",
    "In a channel or a thread write @Advisor and your question. It answers in the thread.",
    "Slash commands do not work inside threads. Write @Advisor there instead.",
)
_COMMANDS = (
    ("/advisor", "and a question: an answer that only you see, which you can share"),
    ("/standard", "the points of the standards; add a number or a word to narrow it down"),
    ("/platforms", "shared platforms, and whether councils may use them"),
    ("/cases", "what other councils did and how it turned out; add who and an area for who else has it"),
    ("/advisor portfolio", "for sponsors: every service against the standard; export and paper give files"),
    ("/advisor sharing", "what your council lets others see; introductions in its place asks to meet another team"),
    ("/checkpoint", "where the team of a channel stands, and what comes next; add start to begin"),
)


def help_message(prompts: Sequence[str] = EXAMPLES) -> Message:
    """What Advisor can do and how to ask, with up to three example questions as buttons."""
    return _introduction("What Advisor can do", PURPOSE, prompts)


def welcome_message(prompts: Sequence[str] = EXAMPLES) -> Message:
    """The first words to a person who opens Advisor, sent once."""
    return _introduction("Welcome to Advisor", PURPOSE, prompts)


def joined_channel_message() -> Message:
    """What is said once on being invited to a channel: what it does there, and how to be rid of it."""
    text = (
        "Advisor is here. Write @Advisor and a question about digital work in councils, and it answers in a thread. "
        "It speaks only when spoken to. To remove it, type /remove @Advisor in this channel."
    )
    return message(text, [section(text)])


def health_message(health: Mapping[str, str]) -> Message:
    """How Advisor is, a line each: what, and how it stands."""
    lines = [f"{escape(name)}: {escape(state)}" for name, state in health.items()] or ["Nothing to report."]
    listed = "\n".join(f"• {line}" for line in lines)
    return message("\n".join(["Advisor health.", *lines])[:3900], [header("Advisor health"), *sections(listed)])


def example_buttons(prompts: Sequence[str], block_id: str = "examples") -> ActionsBlock:
    """Up to three questions to try, each a button that asks it."""
    buttons = [
        button(prompt, f"example:{at}", prompt, label=f"Ask: {prompt}") for at, prompt in enumerate(prompts[:3], 1)
    ]
    return actions(block_id, buttons)


def how_to_ask() -> str:
    """How to ask, as a list in mrkdwn."""
    return "\n".join(f"• {line}" for line in _HOW)


def commands() -> str:
    """The slash commands, as a list in mrkdwn."""
    return "\n".join(f"• `{name}` {what}" for name, what in _COMMANDS)


def _introduction(title: str, purpose: str, prompts: Sequence[str]) -> Message:
    blocks: list[Block] = [
        header(title),
        section(purpose),
        section(f"*How to ask*\n{how_to_ask()}"),
        section(f"*Commands*\n{commands()}"),
    ]
    text = [f"{title}. {purpose}", *_HOW, "Commands: " + "; ".join(f"{name} {what}" for name, what in _COMMANDS) + "."]
    if prompts:
        blocks += [section("*Try one of these*"), example_buttons(prompts)]
        text.append("Try: " + " ".join(escape(prompt) for prompt in prompts[:3]))
    blocks.append(context(PRIVACY))
    return message("\n".join([*text, PRIVACY]), blocks)
