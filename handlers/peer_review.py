"""Peer review at the door: offers, panels, invitations and notes; ``/advisor reviews`` comes through ``/advisor``."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.usecases.checkpoint_rules import Done
from handlers.forms import answer_button, answer_form, fields_of, tell_people
from handlers.parts import Parts
from handlers.posting import show, workspace_of

Body = dict[str, Any]


def register(app: App) -> None:
    """The buttons and forms of peer review."""
    app.action("review_offer")(open_offer)
    app.view("review_offer_form")(offer)
    app.action("review_ask")(ask)
    app.action("review_accept")(accept)
    app.action("review_decline")(decline)
    app.action("review_finish")(finish)
    app.action("review_note")(open_note)
    app.view("review_note_form")(note)


def open_offer(ack: Ack, body: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form in which somebody offers to review."""
    ack()
    show(client, body, parts.network.reviews.offer_form(workspace_of(context), body["user"]["id"]))


def offer(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep what somebody offers."""
    workspace, user, fields = workspace_of(context), body["user"]["id"], fields_of(view)
    desk = parts.network.reviews
    answer_form(ack, view, client, user, lambda: desk.offer(workspace, user, "", fields, at=parts.now()))


def ask(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Draw a panel."""
    ack()
    desk, workspace, user = parts.network.reviews, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: desk.ask(workspace, user, action["value"], at=parts.now()), told=tell_people)


def accept(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Take a seat."""
    ack()
    desk, workspace, user = parts.network.reviews, workspace_of(context), body["user"]["id"]
    answer_button(
        client,
        body,
        lambda: desk.reply(workspace, user, action["value"], accepts=True, at=parts.now()),
        told=tell_people,
    )


def decline(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Leave a seat to somebody else."""
    ack()
    desk, workspace, user = parts.network.reviews, workspace_of(context), body["user"]["id"]
    answer_button(
        client,
        body,
        lambda: desk.reply(workspace, user, action["value"], accepts=False, at=parts.now()),
        told=tell_people,
    )


def finish(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """End a review."""
    ack()
    desk, workspace, user = parts.network.reviews, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: desk.finish(workspace, user, action["value"], at=parts.now()), told=tell_people)


def open_note(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form of a note."""
    ack()
    desk, workspace, user = parts.network.reviews, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: Done(desk.note_form(workspace, user, action["value"])))


def note(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep a note; the team is told in its channel."""
    desk, workspace, user = parts.network.reviews, workspace_of(context), body["user"]["id"]
    keep = partial(desk.note, workspace, user, view["private_metadata"], fields_of(view), at=parts.now())
    answer_form(ack, view, client, user, keep, told=tell_people)
