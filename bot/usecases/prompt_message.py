"""The messages with the button of a checkpoint: changed after each saved form, so that their counts stay true."""

from __future__ import annotations

import datetime as dt

from bot.checkpoints.calendar import day_of
from bot.checkpoints.checkpoint import Step
from bot.checkpoints.services import Service
from bot.rendering.checkpoint_status import opened_message
from bot.rendering.nudges import nudge_message
from bot.storage.ledger import Pages
from bot.usecases.checkpoint_rules import Post, Rules
from bot.usecases.nudging import background, nudge_of


def prompt_post(rules: Rules, step: Step, service: Service, *, at: dt.datetime) -> Post:
    """The message about a checkpoint that is planned or under way; from then on it is the one that is kept true."""
    checkpoint = step.checkpoint

    def keep(message_ts: str) -> None:
        with rules.ledger.writing(service.workspace_id) as pages:
            pages.prompt_messages.keep(checkpoint.id, service.channel_id, message_ts)

    return Post(service.channel_id, opened_message(checkpoint, service, today=day_of(at)), keep)


def prompt_change(rules: Rules, pages: Pages, step: Step, service: Service, *, at: dt.datetime) -> tuple[Post, ...]:
    """
    The changes after a step: of that message, and of the newest nudge about the checkpoint, each once. Nothing where
    nothing happened, or no message is known.
    """
    if not step.events:
        return ()
    checkpoint, found = step.checkpoint, list[Post]()
    if where := pages.prompt_messages.of_checkpoint(checkpoint.id):
        channel_id, message_ts = where
        message = opened_message(checkpoint, service, today=day_of(at))
        found.append(Post(channel_id, message, replaces=message_ts))
    if nudge := pages.plans.newest_about("checkpoint", checkpoint.id):
        known = background(pages, nudge.items)
        today, still = day_of(at), [one for one in nudge.items if one.service_id in known.services]
        parts = [nudge_of(one, known, rules.library, today=today) for one in still]
        message = nudge_message(parts, batch=nudge.batch, today=today)
        found.append(Post(nudge.channel_id, message, replaces=nudge.message_ts))
    return tuple(found)
