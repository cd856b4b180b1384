"""The part of the Home tab that is about a person's own work: services, what is next, open actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.checkpoints.checkpoint import Action, Checkpoint
from bot.checkpoints.dates import how_far, in_words
from bot.checkpoints.services import Service
from bot.rendering.blocks import button, context, divider, section
from bot.rendering.checkpoint_words import state_line, title_of
from bot.rendering.message import Payload
from bot.rendering.mrkdwn import escape

_MOST_SERVICES = 8
_MOST_ACTIONS = 8


@dataclass(frozen=True)
class OwnService:
    """A service of the reader, the checkpoint that is next (None: nothing planned), and whether its channel is gone."""

    service: Service
    next: Checkpoint | None
    gone_why: str = ""


def team_blocks(services: Sequence[OwnService], actions: Sequence[Action], *, today: dt.date) -> list[Payload]:
    """My services, what is next, my open actions; nothing for somebody who has neither."""
    blocks: list[Block] = [divider(), section("*My services*")] if services else []
    for one in services[:_MOST_SERVICES]:
        blocks += _service(one, today)
    if len(services) > _MOST_SERVICES:
        blocks.append(
            context(f"and {len(services) - _MOST_SERVICES} more. `/checkpoint` in their channels shows them.")
        )
    blocks += [divider(), section("*My open actions*")] if actions else []
    for action in actions[:_MOST_ACTIONS]:
        value = f"{action.checkpoint_id}|{action.id}"
        done = button("Done", "checkpoint_action_done", value, label=f"Done: {action.what}")
        far = how_far(action.due_on, today=today)
        late = "Overdue. " if action.due_on < today else ""
        text = f"{escape(action.what)}\n{late}By {in_words(action.due_on)} ({far})."
        blocks.append(section(text, button=done, block_id=f"action:{action.id}"))
    return [block.to_dict() for block in blocks]


def _service(one: OwnService, today: dt.date) -> list[Block]:
    name = f"*{escape(one.service.name)}*"
    blocks: list[Block] = []
    if one.next is None:
        blocks.append(section(f"{name}\nNo checkpoint is planned.", block_id=f"home:{one.service.id}"))
    else:
        go = button("Continue", "checkpoint_walk", one.next.id, label=f"Continue {title_of(one.next)}")
        if one.next.state == "submitted":
            go = button("Decide", "checkpoint_sign", one.next.id, label=f"Decide {title_of(one.next)}")
        text = f"{name}: {escape(title_of(one.next))}\n{state_line(one.next, one.service, today=today)}"
        blocks.append(section(text, button=go, block_id=f"home:{one.service.id}"))
    if one.gone_why:
        why = escape(one.gone_why)
        blocks.append(context(f"Advisor cannot write in the channel of this service ({why}). Invite it, or change it."))
    return blocks
