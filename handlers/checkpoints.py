"""Checkpoints at the door: /checkpoint, the forms of services, points and decisions, and their buttons."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.checkpoints.refusals import Refused
from bot.rendering.checkpoint_status import words_message
from bot.rendering.fields import option
from bot.usecases.checkpoint_rules import Done
from handlers.forms import answer_button, answer_form, fields_of
from handlers.parts import Parts
from handlers.posting import answer, show, workspace_of

Body = dict[str, Any]


def register(app: App) -> None:
    """/checkpoint, its forms, the buttons of its messages, and the search for a council."""
    app.command("/checkpoint")(answer_command)
    app.options("council")(offer_councils)
    app.action("route")(turn_route)
    app.view("checkpoint_service")(save_service)
    app.view("checkpoint_open")(open_checkpoint)
    app.view("checkpoint_move")(move_checkpoint)
    app.view("checkpoint_renew")(renew_evidence)
    app.view("checkpoint_answer")(save_answer)
    app.view("checkpoint_submit")(hand_in)
    app.view("checkpoint_decide")(sign)
    for action_id, show_form in _FORMS.items():
        app.action(action_id)(show_form)
    app.action("checkpoint_take_back")(take_back)
    app.action("checkpoint_action_done")(tick_off)
    app.action("checkpoint_snooze")(snooze)
    app.action("checkpoint_receipt")(show_receipt)
    app.action("checkpoint_help")(open_help)


def answer_command(
    ack: Ack, command: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """``/checkpoint``: where the team stands; ``start``, ``plan``, ``nudges``, ``settings`` ..."""
    ack()
    workspace, channel = workspace_of(context), command["channel_id"]
    word, _, rest = command.get("text", "").strip().partition(" ")
    desks = parts.checkpoints
    if word == "start":
        view = desks.services.start_form(workspace, channel, command["user_id"])
        client.views_open(trigger_id=command["trigger_id"], view=view.payload())
    elif word == "plan":
        answer(respond, desks.overview.plan(workspace, channel, at=parts.now()))
    elif word == "nudges":
        answer(respond, desks.overview.nudges(workspace, channel))
    elif word == "settings":
        user = command["user_id"]
        allowed = parts.administration.may(workspace, user, "set_quiet_times")
        message = desks.quiet.settings(workspace, channel, user, may_change_council=allowed, at=parts.now())
        answer(respond, message)
    elif word == "receipt":
        answer(respond, desks.decisions.receipt(workspace, rest))
    elif word:
        answer(respond, desks.overview.help())
    else:
        answer(respond, desks.overview.standing(workspace, channel, at=parts.now()))


def offer_councils(ack: Ack, payload: Body, parts: Parts) -> None:
    """The councils that fit what somebody types."""
    found = parts.checkpoints.services.councils(payload.get("value") or "")
    ack(options=[option(council.code, council.name) for council in found])


def turn_route(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Ask a bought service for its contract as soon as "bought" is chosen; what is filled in stays."""
    ack()
    route = action["selected_option"]["value"]
    view = parts.checkpoints.services.with_route(workspace_of(context), body["view"]["private_metadata"], route)
    show(client, body, view)


def save_service(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep the service of the form."""
    _send_form(parts.checkpoints.services.save, ack, body, view, client, context, parts)


def open_checkpoint(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Plan the checkpoint of the form."""
    _send_form(parts.checkpoints.services.open, ack, body, view, client, context, parts)


def move_checkpoint(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Give the checkpoint of the form its new date."""
    _send_form(parts.checkpoints.services.move, ack, body, view, client, context, parts)


def renew_evidence(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep the newer piece of evidence."""
    _send_form(parts.checkpoints.evidence.renew, ack, body, view, client, context, parts)


def save_answer(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep the answer of the form and show the next point."""
    _send_form(parts.checkpoints.walk.answer, ack, body, view, client, context, parts)


def hand_in(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Hand the checkpoint in."""
    _send_form(parts.checkpoints.walk.submit, ack, body, view, client, context, parts)


def sign(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep the sponsor's decision."""
    _send_form(parts.checkpoints.decisions.decide, ack, body, view, client, context, parts)


def walk(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the next point that needs the team."""
    ack()
    desk, workspace = parts.checkpoints.walk, workspace_of(context)
    answer_button(client, body, lambda: Done(desk.view(workspace, action["value"], at=parts.now())))


def open_point(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open one point of the list."""
    ack()
    checkpoint_id, _, prompt_id = action["value"].partition("|")
    desk, workspace = parts.checkpoints.walk, workspace_of(context)
    answer_button(client, body, lambda: Done(desk.view(workspace, checkpoint_id, prompt_id, at=parts.now())))


def list_points(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Show the whole list of points."""
    ack()
    desk, workspace = parts.checkpoints.walk, workspace_of(context)
    answer_button(client, body, lambda: Done(desk.points(workspace, action["value"])))


def open_sign_form(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the sponsor's form; somebody else learns who decides."""
    ack()
    desk, workspace, user = parts.checkpoints.decisions, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: Done(desk.form(workspace, user, action["value"])))


def open_start_form(ack: Ack, body: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the empty form of a service, for the channel of the click."""
    ack()
    channel, user = body["channel"]["id"], body["user"]["id"]
    show(client, body, parts.checkpoints.services.start_form(workspace_of(context), channel, user))


def open_edit_form(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form of a service as it is."""
    ack()
    show(client, body, parts.checkpoints.services.edit_form(workspace_of(context), action["value"]))


def open_plan_form(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Ask which checkpoint, and by when."""
    ack()
    view = parts.checkpoints.services.open_form(workspace_of(context), action["value"], at=parts.now())
    show(client, body, view)


def open_move_form(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Ask for the new date."""
    ack()
    desk, workspace = parts.checkpoints.services, workspace_of(context)
    answer_button(client, body, lambda: Done(desk.move_form(workspace, action["value"])))


def open_renew_form(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Ask for the newer piece of evidence."""
    ack()
    desk, workspace = parts.checkpoints.evidence, workspace_of(context)
    answer_button(client, body, lambda: Done(desk.form(workspace, action["value"], at=parts.now())))


def open_help(ack: Ack, body: Body, action: Body, client: WebClient, parts: Parts) -> None:
    """Lay the entry that helps with a point on top of it; closing it leads back."""
    ack()
    client.views_push(trigger_id=body["trigger_id"], view=parts.advisor.entry(action["value"]).payload())


def take_back(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Take a checkpoint back from the sponsor."""
    ack()
    desk, workspace, user = parts.checkpoints.walk, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: desk.take_back(workspace, user, action["value"], at=parts.now()))


def tick_off(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Tick a condition off."""
    ack()
    checkpoint_id, _, action_id = action["value"].partition("|")
    desk, workspace, user = parts.checkpoints.decisions, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: desk.complete(workspace, user, checkpoint_id, action_id, at=parts.now()))


def snooze(ack: Ack, body: Body, action: Body, respond: Respond, context: BoltContext, parts: Parts) -> None:
    """Say nothing about this for a week."""
    ack()
    subject, subject_id, service_id = action["value"].split("|", 2)
    desk, workspace, user = parts.checkpoints.services, workspace_of(context), body["user"]["id"]
    try:
        message = desk.snooze(workspace, user, subject, subject_id, service_id, at=parts.now())
    except Refused as refused:
        message = words_message(str(refused))
    answer(respond, message)


def show_receipt(ack: Ack, action: Body, respond: Respond, context: BoltContext, parts: Parts) -> None:
    """Show the receipt of a checkpoint."""
    ack()
    answer(respond, parts.checkpoints.decisions.receipt_of(workspace_of(context), action["value"]))


def _send_form(
    keep: Any, ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    workspace, user, metadata = workspace_of(context), body["user"]["id"], view["private_metadata"]
    fields = fields_of(view)
    answer_form(ack, view, client, user, lambda: keep(workspace, user, metadata, fields, at=parts.now()))


_FORMS = {
    "checkpoint_walk": walk,
    "checkpoint_point": open_point,
    "checkpoint_list": list_points,
    "checkpoint_sign": open_sign_form,
    "checkpoint_start": open_start_form,
    "checkpoint_edit": open_edit_form,
    "checkpoint_plan_one": open_plan_form,
    "checkpoint_move": open_move_form,
    "checkpoint_renew": open_renew_form,
}
