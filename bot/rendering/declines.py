"""The reply without an answer: what it is about, and what to do next."""

from __future__ import annotations

from typing import Final

from slack_sdk.models.blocks import Block

from bot.answers.reply import Decline
from bot.knowledge.vocabulary import DeclineReason
from bot.rendering.awaited import await_button
from bot.rendering.blocks import actions, button, section
from bot.rendering.help import EXAMPLES, example_buttons
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape, from_markdown, plain
from bot.rendering.words import named

DECLINED: Final[dict[DeclineReason, str]] = {
    "outside": (
        "That is outside what I know. I know digital work in councils: the service standards, shared platforms such as "
        "GOV.UK Notify, buying and running technology, and what other councils did."
    ),
    "no_entry": "I have nothing checked on that yet, so I will not guess. A person can look into it.",
    "person": "That is for a person to decide: the service owner, or your head of digital.",
    "chat": "Hello. Ask me about digital work in councils in your own words, as you would ask a colleague.",
}
"""What is said where no decline topic has words of its own. Markdown."""

NEAREST: Final = "These are the nearest topics I do know:"
TRY: Final = "Try one of these:"
_MOST_NEAREST = 3


def declined_words(reply: Decline) -> str:
    """Why there is no answer and what to do, in Markdown: the topic's own words where there is one."""
    return reply.topic.reply if reply.topic else DECLINED[reply.reason]


def render_decline(reply: Decline, *, answer_id: str, awaitable: bool = False) -> Message:
    """
    Why there is no answer; the nearest topics, named and not applied; a person, or questions to try. Where it is
    *awaitable*, a button to be told when there is an answer.
    """
    words = declined_words(reply)
    blocks: list[Block] = [section(from_markdown(words))]
    text = [escape(plain(words))]
    nearest = reply.nearest[:_MOST_NEAREST] if reply.reason in ("no_entry", "person") else ()
    if nearest:
        topics = [button(named(entry), f"ask_entry:{at}", entry.id) for at, entry in enumerate(nearest, 1)]
        blocks += [section(NEAREST), actions(f"nearest:{answer_id}", topics)]
        text.append(f"{NEAREST} {escape('; '.join(entry.title for entry in nearest))}.")
    if reply.reason in ("no_entry", "person"):
        onward = [button("Pass this to a person", "pass_on", answer_id)]
        onward += [await_button(answer_id)] if awaitable else []
        blocks.append(actions(f"pass_on:{answer_id}", onward))
    else:
        blocks += [section(TRY), example_buttons(EXAMPLES, f"examples:{answer_id}")]
        text.append(f"{TRY} {escape(' '.join(EXAMPLES))}")
    return message(cut("\n".join(text), 3900), blocks)
