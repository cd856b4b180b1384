"""The network at the door: what a council shares, who else has built the thing, and being introduced."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.checkpoints.refusals import Refused
from bot.rendering.checkpoint_status import words_message
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.message import Message
from bot.usecases.checkpoint_rules import Done
from handlers.forms import accepted, answer_button, answer_form, fields_of, tell, tell_people
from handlers.meeting import carry_out
from handlers.parts import Parts
from handlers.posting import answer, in_view, is_private, replace, show, workspace_of

Body = dict[str, Any]
COMMANDS = ("sharing", "introductions", "ending together", "names", "reviews")


def register(app: App) -> None:
    """The screens of sharing and of looking for others; ``/advisor sharing`` comes through ``/advisor``."""
    app.action("sharing_open")(open_sharing)
    app.action("sharing_council")(turn_council)
    app.action("sharing_stop")(stop_sharing)
    app.view("sharing_save")(save_sharing)
    app.action("reuse_open")(open_reuse)
    app.action("reuse_entry")(open_entry)
    app.view("reuse_check")(save_reuse)
    app.action("introduction_ask")(open_ask_form)
    app.action("introduction_yes")(open_yes_form)
    app.action("introduction_no")(say_no)
    app.action("names_same")(judge_same)
    app.action("names_different")(judge_different)
    app.view("introduction_ask_form")(ask)
    app.view("introduction_yes_form")(say_yes)


def is_command(text: str) -> bool:
    """Whether ``/advisor`` with this text is one of ours: the word alone, for "sharing data" is a question."""
    return text.strip().casefold() in COMMANDS


def answer_command(
    text: str, command: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """``/advisor sharing``, ``introductions``, ``ending together``, ``names``, ``reviews``."""
    desks, workspace, user = parts.network, workspace_of(context), command["user_id"]
    word = text.strip().casefold()
    if word == "introductions":
        answer(respond, desks.introductions.screen(workspace, user, at=parts.now()))
        return
    if word == "ending together":
        answer(respond, desks.contracts.together(workspace, user, at=parts.now()))
        return
    if word == "reviews":
        answer(respond, desks.reviews.screen(workspace, user))
        return
    if word == "names":
        answer(respond, _message(lambda: desks.contracts.names(workspace, user, at=parts.now())))
        return
    body = {"trigger_id": command["trigger_id"], "user": {"id": command["user_id"]}}
    _open_form(body, client, context, parts, "")


def open_sharing(ack: Ack, body: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open what the person's council shares."""
    ack()
    _open_form(body, client, context, parts, "")


def turn_council(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Show another council's, where somebody speaks for several."""
    ack()
    _open_form(body, client, context, parts, action["selected_option"]["value"])


def save_sharing(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Share what is ticked."""
    desk, workspace, user = parts.network.sharing, workspace_of(context), body["user"]["id"]
    save = partial(desk.save, workspace, user, view["private_metadata"], fields_of(view), at=parts.now())
    answer_form(ack, view, client, user, save, told=tell_people)


def stop_sharing(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Share nothing from this moment."""
    ack()
    desk, workspace, user = parts.network.sharing, workspace_of(context), body["user"]["id"]
    stop = partial(desk.stop, workspace, user, action["value"], at=parts.now())
    answer_button(client, body, stop, told=tell_people)


def open_reuse(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open who else has what a service is, with the question what came of looking."""
    ack()
    desk, workspace, user = parts.network.reuse, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: Done(desk.form(workspace, user, action["value"], at=parts.now())))


def open_entry(ack: Ack, body: Body, action: Body, client: WebClient, parts: Parts) -> None:
    """Lay an entry on top of the form; closing it leads back."""
    ack()
    client.views_push(trigger_id=body["trigger_id"], view=parts.advisor.entry(action["value"]).payload())


def save_reuse(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Keep what came of looking."""
    desk, workspace, user = parts.network.reuse, workspace_of(context), body["user"]["id"]
    metadata, fields = view["private_metadata"], fields_of(view)
    answer_form(ack, view, client, user, lambda: desk.save(workspace, user, metadata, fields, at=parts.now()))


def open_ask_form(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form in which somebody asks to be introduced."""
    ack()
    service_id, _, point = action["value"].partition("|")
    desk, workspace, user = parts.network.introductions, workspace_of(context), body["user"]["id"]
    answer_button(client, body, lambda: Done(desk.ask_form(workspace, user, service_id, point)))


def open_yes_form(ack: Ack, body: Body, action: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Open the form of somebody who says yes."""
    ack()
    desk, workspace, user = parts.network.introductions, workspace_of(context), body["user"]["id"]
    container = body["container"]
    asked_in = None if in_view(body) or is_private(body) else (container["channel_id"], container["message_ts"])
    form = partial(desk.yes_form, workspace, user, action["value"], at=parts.now(), asked_in=asked_in)
    answer_button(client, body, lambda: Done(form()))


def say_no(
    ack: Ack, body: Body, action: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Take a no: what the person sees changes, and nobody is told."""
    ack()
    desk, workspace, user = parts.network.introductions, workspace_of(context), body["user"]["id"]
    try:
        message = desk.say_no(workspace, user, action["value"], at=parts.now())
    except Refused as refused:
        show(client, body, words_view("That cannot be done", str(refused)))
        return
    replace(respond, body, message)


def ask(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Ask to be introduced."""
    _send_introduction(parts.network.introductions.ask, ack, body, view, client, context, parts)


def say_yes(ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts) -> None:
    """Say yes: the two are introduced."""
    _send_introduction(parts.network.introductions.say_yes, ack, body, view, client, context, parts)


def judge_same(ack: Ack, body: Body, action: Body, respond: Respond, context: BoltContext, parts: Parts) -> None:
    """Two names are one."""
    ack()
    _judge(body, action, respond, context, parts, same=True)


def judge_different(ack: Ack, body: Body, action: Body, respond: Respond, context: BoltContext, parts: Parts) -> None:
    """Two names are two."""
    ack()
    _judge(body, action, respond, context, parts, same=False)


def _open_form(body: Body, client: WebClient, context: BoltContext, parts: Parts, council: str) -> None:
    try:
        view = parts.network.sharing.form(workspace_of(context), body["user"]["id"], council)
    except Refused as refused:
        view = words_view("Sharing", str(refused))
    show(client, body, view)


def _send_introduction(
    act: Any, ack: Ack, body: Body, view: Body, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    workspace, user = workspace_of(context), body["user"]["id"]
    metadata, fields = view["private_metadata"], fields_of(view)
    outcome = accepted(ack, view, lambda: act(workspace, user, metadata, fields, at=parts.now()))
    if outcome is None:
        return
    ack(response_action="update", view=outcome.view.payload())
    tell(client, outcome.changed, user)
    carry_out(outcome, lambda where: client if where == workspace else parts.client_of(where))


def _judge(body: Body, action: Body, respond: Respond, context: BoltContext, parts: Parts, *, same: bool) -> None:
    desk, workspace, user = parts.network.contracts, workspace_of(context), body["user"]["id"]
    judge = partial(desk.judge, workspace, user, action["value"], same=same, at=parts.now())
    replace(respond, body, _message(judge))


def _message(make: Callable[[], Message]) -> Message:
    """The message of a desk, or what it refuses in words."""
    try:
        return make()
    except Refused as refused:
        return words_message(str(refused))
