"""Quiet times at the door: the forms in which a channel, a person and the council set when nothing is started."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.rendering.checkpoint_quiet import CHANNEL_CALLBACK, COUNCIL_CALLBACK, PERSON_CALLBACK
from bot.rendering.checkpoint_walk import words_view
from handlers.forms import answer_form, fields_of
from handlers.home_tab import publish_home
from handlers.parts import Parts
from handlers.posting import show, workspace_of

Body = dict[str, Any]
_NOT_ALLOWED = "Only Advisor's administrators can change what holds for everybody. Ask whoever runs Advisor."


def register(app: App) -> None:
    """The buttons of ``/checkpoint settings`` and of the Home tab, and the three forms."""
    app.action("checkpoint_quiet_here")(open_channel_form)
    app.action("checkpoint_quiet_mine")(open_person_form)
    app.action("checkpoint_quiet_all")(open_council_form)
    app.action("checkpoint_channel_back")(try_channel_again)
    app.view(CHANNEL_CALLBACK)(save_channel)
    app.view(PERSON_CALLBACK)(save_person)
    app.view(COUNCIL_CALLBACK)(save_council)


def open_channel_form(ack: Ack, body: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form of the channel of the click."""
    ack()
    show(client, body, parts.checkpoints.quiet.channel_form(workspace_of(context), body["channel"]["id"]))


def open_person_form(ack: Ack, body: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form of whoever clicked."""
    ack()
    show(client, body, parts.checkpoints.quiet.person_form(workspace_of(context), body["user"]["id"]))


def open_council_form(ack: Ack, body: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form of what holds for everybody, for an administrator."""
    ack()
    if parts.administration.may(workspace_of(context), body["user"]["id"], "set_quiet_times"):
        show(client, body, parts.checkpoints.quiet.council_form(workspace_of(context), at=parts.now()))
    else:
        show(client, body, words_view("Not yours to change", _NOT_ALLOWED))


def try_channel_again(
    ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Say what is due in a channel again, and show the Home tab as it is now."""
    ack()
    workspace, user = workspace_of(context), body["user"]["id"]
    parts.checkpoints.overview.try_again(workspace, user, action["value"])
    publish_home(client, workspace, user, parts, at=parts.now())


def save_channel(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep what the channel sets."""
    _save(parts.checkpoints.quiet.save_channel, ack, body, view, client, context, parts)


def save_person(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep what a person sets."""
    _save(parts.checkpoints.quiet.save_person, ack, body, view, client, context, parts)


def save_council(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep what holds for everybody, from an administrator."""
    if not parts.administration.may(workspace_of(context), body["user"]["id"], "set_quiet_times"):
        ack(response_action="update", view=words_view("Not yours to change", _NOT_ALLOWED).payload())
        return
    _save(parts.checkpoints.quiet.save_council, ack, body, view, client, context, parts)


def _save(keep: Any, ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    workspace, user, metadata = workspace_of(context), body["user"]["id"], view["private_metadata"]
    answer_form(ack, view, client, user, lambda: keep(workspace, user, metadata, fields_of(view), at=parts.now()))
