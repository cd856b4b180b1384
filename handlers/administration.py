"""Administration at the door: /advisor off, on, roles and audit, and their button and form."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.checkpoints.refusals import Refused
from bot.rendering.checkpoint_status import words_message
from bot.rendering.message import Message
from handlers.forms import accepted, fields_of
from handlers.parts import Parts
from handlers.posting import answer, replace, workspace_of

Body = dict[str, Any]


def register(app: App) -> None:
    """The words of administration after /advisor, the button that switches off, and the form of roles."""
    app.command("/advisor", matchers=[is_administration])(administer)
    app.action("switch_off")(switch_off)
    app.view("roles")(change_role)


def is_administration(command: Body, context: BoltContext, parts: Parts) -> bool:
    """Whether an administrator typed a word of theirs; anybody else asked a question, such as "off the shelf?"."""
    word, _, rest = _words(command)
    known = (word in ("on", "roles", "audit") and not rest) or word == "off"
    return known and parts.administration.may(workspace_of(context), command["user_id"], "switch")


def administer(
    ack: Ack, command: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """``/advisor off REASON``, ``on``, ``roles`` and ``audit``."""
    ack()
    word, _, rest = _words(command)
    workspace, user, desk = workspace_of(context), command["user_id"], parts.administration
    if word == "roles":
        client.views_open(trigger_id=command["trigger_id"], view=desk.roles_form(workspace, user).payload())
    elif word == "audit":
        answer(respond, desk.log(workspace, user))
    elif word == "on":
        answer(respond, desk.on(workspace, user, at=parts.now()))
    else:
        answer(respond, _or_fault(lambda: desk.ask_off(workspace, user, rest)))


def switch_off(ack: Ack, body: Body, action: Body, respond: Respond, context: BoltContext, parts: Parts) -> None:
    """Switch off, as was asked for."""
    ack()
    workspace, user, desk = workspace_of(context), body["user"]["id"], parts.administration
    replace(respond, body, _or_fault(lambda: desk.off(workspace, user, action["value"], at=parts.now())))


def change_role(ack: Ack, body: Body, view: Body, context: BoltContext, parts: Parts) -> None:
    """Give or take the role of the form."""
    fields, user = fields_of(view), body["user"]["id"]
    whom, role, change = (str(fields[name]) for name in ("person", "role", "change"))
    desk, workspace = parts.administration, workspace_of(context)
    give = change == "give"
    changed = accepted(ack, view, lambda: desk.change_role(workspace, user, whom, role, give=give, at=parts.now()))
    if changed is not None:
        ack(response_action="update", view=changed.payload())


def _words(command: Body) -> tuple[str, str, str]:
    head, space, rest = str(command.get("text") or "").strip().partition(" ")
    return head.casefold(), space, rest.strip()


def _or_fault(work: Any) -> Message:
    try:
        done: Message = work()
    except Refused as refused:
        return words_message(str(refused))
    return done
