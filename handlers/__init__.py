"""Slack at the door: thin listeners that read a payload, call one use case and send what it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import App, BoltContext

from handlers import (
    acknowledging,
    administration,
    awaiting,
    blind,
    browsing,
    checkpoints,
    deliveries,
    doorkeeping,
    drafts,
    failures,
    home,
    installation,
    network,
    observing,
    peer_review,
    personal,
    portfolio,
    questions,
    quiet,
    replies,
    steps,
)
from handlers.parts import Parts


def register(app: App, parts: Parts) -> None:
    """Connect every listener of every module to *app*; *parts* reach a listener by their names."""

    acknowledging.register(app)

    @app.middleware
    def lend_parts(context: BoltContext, next: Callable[[], Any]) -> Any:
        context["advisor"] = parts.advisor
        context["parts"] = parts
        return next()

    deliveries.register(app, parts)
    doorkeeping.register(app, parts)
    # Bolt asks one listener after another: what people do most comes first. Administration and a person's own data take
    # their words of /advisor before questions take the rest.
    for room in (
        administration, personal, questions, home, replies, awaiting, browsing, checkpoints, blind, quiet, portfolio,
        drafts, steps, network, peer_review, installation,
    ):  # fmt: skip
        room.register(app)
    failures.register(app, parts.metrics)
    observing.watch_listeners(app, parts.metrics)
