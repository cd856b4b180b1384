"""The part of the Home tab that is about a person's own work: services, what is next, open actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.checkpoints.checkpoint import Action, Checkpoint
from bot.checkpoints.dates import how_far, in_words
from bot.checkpoints.services import Service
from bot.rendering.blocks import actions, button, context, divider, section
from bot.rendering.checkpoint_words import state_line, title_of
from bot.rendering.message import Payload
from bot.rendering.mrkdwn import escape

_MOST_SERVICES = 8
_MOST_ACTIONS = 8


@dataclass(frozen=True)
class OwnService:
    """
    A service of the reader, the checkpoint that is next (None: nothing planned), why its channel is gone (empty where
    it is not), and on which day a message there may have come twice (None: no such).
    """

    service: Service
    next: Checkpoint | None
    gone_why: str = ""
    doubted_on: dt.date | None = None


def team_blocks(services: Sequence[OwnService], to_do: Sequence[Action], *, today: dt.date) -> list[Payload]:
    """My services, what is next, my open actions; nothing for somebody who has neither."""
    blocks: list[Block] = [divider(), section("*My services*")] if services else []
    for one in services[:_MOST_SERVICES]:
        blocks += _service(one, today)
    if len(services) > _MOST_SERVICES:
        blocks.append(
            context(f"and {len(services) - _MOST_SERVICES} more. `/checkpoint` in their channels shows them.")
        )
    blocks += [divider(), section("*My open actions*")] if to_do else []
    for action in to_do[:_MOST_ACTIONS]:
        value = f"{action.checkpoint_id}|{action.id}"
        done = button("Done", "checkpoint_action_done", value, label=f"Done: {action.what}")
        far = how_far(action.due_on, today=today)
        late = "Overdue. " if action.due_on < today else ""
        text = f"{escape(action.what)}\n{late}By {in_words(action.due_on)} ({far})."
        blocks.append(section(text, button=done, block_id=f"action:{action.id}"))
    if blocks:
        mine = button("My quiet times", "checkpoint_quiet_mine", "mine", label="My quiet times: leave and messages")
        blocks.append(actions("quiet", [mine]))
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
        text = (
            f"Advisor cannot write in the channel of this service any more ({escape(one.gone_why)}), so what is due "
            "goes to people directly. Invite Advisor to the channel again, or give the service another channel."
        )
        change = button("Change the service", "checkpoint_edit", one.service.id, label=one.service.name)
        again = button("Try the channel again", "checkpoint_channel_back", one.service.id, label=one.service.name)
        blocks += [context(text), actions(f"gone:{one.service.id}", [change, again])]
    if one.doubted_on:
        blocks.append(context(f"A message about this service may have come twice on {in_words(one.doubted_on)}."))
    return blocks
