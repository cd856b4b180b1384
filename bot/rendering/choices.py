"""The reply "did you mean": two to four entries, one of which is probably meant."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot.answers.reply import Choice
from bot.rendering.blocks import actions, button, headed, section
from bot.rendering.corrections import MRKDWN, PLAIN, maybe_lines, sure_lines
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape
from bot.rendering.words import description

_DESCRIPTION = 300


def render_choice(reply: Choice, *, answer_id: str) -> Message:
    """The options with a line on each and a button beside it, and a way to say that it is none of them."""
    notes = [*sure_lines(reply, MRKDWN), *maybe_lines(reply, MRKDWN)]
    blocks: list[Block] = [*([section("\n".join(notes))] if notes else []), section("*Did you mean:*")]
    said = [*sure_lines(reply, PLAIN), *maybe_lines(reply, PLAIN)]
    text = [*map(escape, said), "Did you mean:"]
    for at, entry in enumerate(reply.options, 1):
        about = escape(cut(description(entry), _DESCRIPTION))
        choose = button(f"Choose {at}", f"choose:{at}", f"{answer_id}|{entry.id}", label=f"Choose {at}: {entry.title}")
        blocks.append(section(headed(f"{at}. {entry.title}", about), button=choose))
        text.append(f"{at}. {escape(entry.title)}. {about}")
    none = button("None of these", "choose_none", answer_id)
    blocks.append(actions(f"choose:{answer_id}", [none]))
    return message(cut("\n".join([*text, "Or none of these."]), 3900), blocks)
