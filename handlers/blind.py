"""Blind rounds at the door: opening one, rating in private, and ending it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.usecases.checkpoint_rules import Done
from handlers.forms import answer_button, answer_form, fields_of
from handlers.parts import Parts
from handlers.posting import workspace_of

Body = dict[str, Any]


def register(app: App) -> None:
    """The buttons and forms of blind rounds."""
    app.action("checkpoint_blind")(open_for_checkpoint)
    app.action("blind_again")(open_start_form)
    app.action("blind_round")(open_round)
    app.action("blind_standing")(show_standing)
    app.action("blind_withdraw")(withdraw)
    app.action("blind_close")(close)
    app.action("blind_call_off")(call_off)
    app.view("blind_start")(start)
    app.view("blind_rate")(rate)


def open_for_checkpoint(
    ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Open what fits the person: the form to open a round, their own form, how far it is, or the result."""
    ack()
    desk, workspace, user = parts.checkpoints.blind, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: Done(desk.view(workspace, user, action["value"], at=parts.now())))


def open_start_form(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form of another round."""
    ack()
    desk, workspace = parts.checkpoints.blind, workspace_of(context)
    answer_button(client, body, lambda: Done(desk.start_form(workspace, action["value"], at=parts.now())))


def open_round(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open what fits the person of one round."""
    ack()
    desk, workspace, user = parts.checkpoints.blind, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: Done(desk.round_view(workspace, user, action["value"], at=parts.now())))


def show_standing(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Show how far a round is."""
    ack()
    desk, workspace, user = parts.checkpoints.blind, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: Done(desk.standing(workspace, user, action["value"])))


def withdraw(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Delete the person's ratings."""
    ack()
    desk, workspace, user = parts.checkpoints.blind, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: desk.withdraw(workspace, user, action["value"], at=parts.now()))


def close(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Close a round before its time."""
    ack()
    desk, workspace, user = parts.checkpoints.blind, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: desk.close_early(workspace, user, action["value"], at=parts.now()))


def call_off(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """End a round without a result."""
    ack()
    desk, workspace, user = parts.checkpoints.blind, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: desk.call_off(workspace, user, action["value"], at=parts.now()))


def start(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the round of the form."""
    desk, workspace, user = parts.checkpoints.blind, workspace_of(context), body["user"]["id"]
    given = view["private_metadata"], fields_of(view)
    answer_form(ack, view, client, user, lambda: desk.start(workspace, user, *given, at=parts.now()))


def rate(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep the person's ratings."""
    desk, workspace, user = parts.checkpoints.blind, workspace_of(context), body["user"]["id"]
    given = view["private_metadata"], fields_of(view)
    answer_form(ack, view, client, user, lambda: desk.rate(workspace, user, *given, at=parts.now()))
