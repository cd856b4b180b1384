"""The screens about one's own data: what is held, the copy, and what deletion did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from bot.rendering.blocks import actions, button, context, header, section, sections
from bot.rendering.message import Message, message
from bot.rendering.mrkdwn import cut, escape
from bot.storage.personal import Duty, Erased

NAMES: Final[Mapping[str, str]] = {
    "feedback": "Your votes on answers",
    "welcomed": "That you were welcomed once",
    "allowances": "How much you asked in the last minute",
    "conversations": "What your private conversations are about",
    "awaited_answers": "Questions whose answer you wait for",
    "given_answers": "Answers given in your direct messages",
    "services": "Services that name you as owner or sponsor",
    "service_changes": "Changes of services",
    "checkpoints": "Checkpoints with your answers or decisions",
    "checkpoint_events": "Lines in the history of checkpoints",
    "evidence": "Evidence that you added",
    "actions": "Conditions that you see to",
    "notifications": "Reminders sent or planned for you",
    "places": "Where reminders for you go",
    "budget_slots": "How many reminders you got",
    "snoozes": "Reminders that you put off",
    "blind_rounds": "Blind rounds that you are in",
    "blind_cards": "Your own ratings in open rounds",
    "roles": "Your roles, and roles that you gave",
    "settings": "That you switched Advisor off",
    "receipts": "Signed receipts that name you",
    "audit": "Lines of the audit log",
}
_HAND_OVER: Final = "While that is so, your team's record keeps your name. Have somebody else named, then delete again."
_WHY_KEPT: Final = (
    "A signed decision must show who signed, for as long as the council needs to answer for it, and an audit log that "
    "can be changed proves nothing. Ask your council's data protection officer about these."
)
_PIECE: Final = 2600
_MOST_PIECES: Final = 12
_WHAT_DUTIES: Final = {"owner": "owner of", "sponsor": "sponsor of", "action": "a condition on", "role": "the role"}


def overview_message(counts: Mapping[str, int], duties: Sequence[Duty]) -> Message:
    """What is held about the reader, by kind, with a button for a copy and one for deletion."""
    lines = [f"{_name(table)}: {count}" for table, count in counts.items()]
    told = "Advisor holds this about you here:" if lines else "Advisor holds nothing about you here."
    never = (
        "It never keeps who asked a question, unless they press that they want to be told of an answer. What you and "
        "Advisor wrote to each other stands in Slack, not in Advisor."
    )
    blocks: list[Block] = [header("Your data in Advisor"), section(told)]
    if lines:
        blocks += sections("\n".join(f"• {escape(line)}" for line in lines))
        blocks += sections(_named_for(duties)) if duties else []
        blocks.append(actions("my_data", [_copy_button(), _delete_button()]))
    blocks.append(context(never))
    text = [told, *map(escape, lines), *([_named_for(duties)] if duties else []), never]
    return message(cut("\n".join(text), 3900), blocks)


def copy_messages(json_text: str) -> list[Message]:
    """The copy, a piece a message. What Slack would read as mark-up is written as JSON writes it otherwise."""
    for one in "<>&`":
        json_text = json_text.replace(one, f"\\u{ord(one):04x}")
    pieces = _pieces(json_text)
    shown = pieces[:_MOST_PIECES]
    found = []
    for number, piece in enumerate(shown, 1):
        head = f"Your data in Advisor, part {number} of {len(pieces)}, as JSON:"
        found.append(message(f"{head}\n```{piece}```", [section(head), section(f"```{piece}```")]))
    if len(pieces) > len(shown):
        text = "The rest is too long for Slack. Whoever runs Advisor can give you the file: advisor people export."
        found.append(message(text, [section(text)]))
    return found


def copy_sent_message() -> Message:
    """The copy is in the direct messages."""
    return message(text := "The copy of your data is in your direct messages with Advisor.", [section(text)])


def deleted_message(erased: Erased) -> Message:
    """What was deleted, what has another name now, what stays, and why."""
    parts = [_sum("Deleted", erased.deleted) or "There was nothing about you alone to delete."]
    if erased.alias:
        renamed = _sum("Your name is taken out of", erased.renamed)
        parts += [f'{renamed} The work of your team stays, under "{erased.alias}".'] if renamed else []
    else:
        handing_over = (
            "While that is so, your team's record keeps your name. Have somebody else named, then delete again."
        )
        parts.append(f"{_named_for(erased.duties)} {handing_over}")
    kept = {name: count for name, count in erased.kept.items() if count}
    if kept:
        parts.append(f"{_sum('Kept as it is', kept)} {_WHY_KEPT}")
    blocks: list[Block] = [header("Your data is deleted" if erased.alias else "Your data is deleted in part")]
    for part in parts:
        blocks += sections(part)
    return message("\n".join(parts), blocks)


def _copy_button() -> ButtonElement:
    return button("Send me a copy", "my_data_copy", "copy", label="Send me a copy of my data as JSON")


def _delete_button() -> ButtonElement:
    asked = ConfirmObject(
        title="Delete your data?",
        text="What is about you alone is deleted for good. In your team's record another name takes your place. "
        "Signed receipts stay.",
        confirm="Delete",
        deny="Keep",
    )
    return button("Delete my data", "my_data_delete", "delete", label="Delete my data in Advisor", confirm=asked)


def _named_for(duties: Sequence[Duty]) -> str:
    named = "; ".join(f"{_WHAT_DUTIES[one.kind]} {escape(one.name)}" for one in duties[:10])
    more = f"; and {len(duties) - 10} more" if len(duties) > 10 else ""
    return f"You are named here for: {named}{more}."


def _sum(what: str, counts: Mapping[str, int]) -> str:
    listed = "; ".join(f"{_name(table).lower()} ({count})" for table, count in counts.items())
    return f"{what}: {escape(listed)}." if listed else ""


def _name(table: str) -> str:
    return NAMES.get(table, table.replace("_", " ").capitalize())


def _pieces(text: str) -> list[str]:
    """The text in pieces, cut at the ends of lines where a line is not too long by itself."""
    pieces = [""]
    for line in text.splitlines(keepends=True):
        for start in range(0, len(line), _PIECE):
            part = line[start : start + _PIECE]
            if len(pieces[-1]) + len(part) > _PIECE:
                pieces.append("")
            pieces[-1] += part
    return pieces
