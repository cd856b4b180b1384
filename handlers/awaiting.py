"""The wish to be told when there is an answer: the button below a decline, and the one that takes the wish back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond

from handlers.parts import Parts
from handlers.posting import place_of_click, tell, workspace_of

Body = dict[str, Any]


def register(app: App) -> None:
    """The button to be told, and the one to stop waiting."""
    app.action("await_answer")(await_answer)
    app.action("await_stop")(stop_waiting)


def await_answer(ack: Ack, body: Body, action: Body, respond: Respond, context: BoltContext, parts: Parts) -> None:
    """Note that whoever pressed wants to be told, and say so to nobody else."""
    ack()
    place, user = place_of_click(body, context), body["user"]["id"]
    if place.channel_id.startswith("D"):
        place = replace(place, person_id=user)
    tell(respond, body, parts.awaiting.begin(action["value"], place, user))


def stop_waiting(ack: Ack, body: Body, action: Body, respond: Respond, context: BoltContext, parts: Parts) -> None:
    """Take the wish of whoever pressed back."""
    ack()
    tell(respond, body, parts.awaiting.stop(action["value"], workspace_of(context), body["user"]["id"]))
