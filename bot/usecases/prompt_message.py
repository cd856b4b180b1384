"""The message with the button of a checkpoint: kept in mind when it is posted, so that its counts stay true."""

from __future__ import annotations

import datetime as dt

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import Step
from bot.checkpoints.services import Service
from bot.rendering.checkpoint_status import opened_message
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_rules import Post, Rules


def prompt_post(rules: Rules, step: Step, service: Service, *, at: dt.datetime) -> Post:
    """The message about a checkpoint that is planned or under way; from then on it is the one that is kept true."""
    checkpoint = step.checkpoint

    def keep(message_ts: str) -> None:
        with rules.ledger.writing(service.workspace_id) as pages:
            pages.prompt_messages.keep(checkpoint.id, service.channel_id, message_ts)

    return Post(service.channel_id, opened_message(checkpoint, service, today=day_of(at)), keep)


def prompt_change(pages: Pages, step: Step, service: Service, *, at: dt.datetime) -> tuple[Post, ...]:
    """The change of that message after a step; nothing where nothing happened or no message is known."""
    where = pages.prompt_messages.of_checkpoint(step.checkpoint.id) if step.events else None
    if where is None:
        return ()
    channel_id, message_ts = where
    return (Post(channel_id, opened_message(step.checkpoint, service, today=day_of(at)), replaces=message_ts),)
