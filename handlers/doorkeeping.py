"""At the door: replays are refused, and who comes while Advisor is off, or too often, hears one kind line instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse, Respond
from slack_sdk import WebClient

from bot.rendering.administration import off_home
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.message import Message
from bot.usecases.doorkeeping import Admission
from handlers.parts import Parts
from handlers.posting import answer, direct_messages_with, send, workspace_of

Body = dict[str, Any]

ALWAYS: Final = ("on", "off", "health", "roles", "audit", "my data", "forget me")
"""What ``/advisor`` does also while it is off: administration, and what people may ask of their own data."""

_ALWAYS_PRESSED: Final = re.compile(r"^(switch_|my_data)")
_ALWAYS_SENT: Final = ("roles",)
_LEAVING: Final = ("app_uninstalled", "tokens_revoked")
_ANY: Final = re.compile(r".+")


def register(app: App, parts: Parts) -> None:
    """Look at each request first; the listeners here come before all others, for who is turned away."""

    @app.middleware
    def look(body: Body, request: BoltRequest, context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:
        if _is_passed(body):
            return next()
        # An event that comes again has its own id, and Slack signs what it repeats anew; anything else comes once.
        signature = "" if "event_id" in body else "".join(request.headers.get("x-slack-signature", []))
        found = parts.doorkeeper.admit(
            workspace_of(context), _person_of(body), signature=signature, free=_is_free(body), at=parts.now()
        )
        if found.replayed:
            return BoltResponse(status=401, body="this request came before")
        if found.instead is not None and not (found.off and _is_for_always(body)):
            context["turned_away"] = found
        return next()

    turned_away = [is_turned_away]
    app.event(_ANY, matchers=turned_away)(answer_event)
    app.command(_ANY, matchers=turned_away)(answer_command)
    app.action(_ANY, matchers=turned_away)(answer_action)
    app.shortcut(_ANY, matchers=turned_away)(answer_shortcut)
    app.view(_ANY, matchers=turned_away)(answer_view)


def is_turned_away(context: BoltContext) -> bool:
    """Whether this request is not served."""
    return context.get("turned_away") is not None


def answer_event(event: Body, client: WebClient, context: BoltContext) -> None:
    """Say it where the person asked, once; to what nobody asked, nothing is said."""
    found: Admission = context["turned_away"]
    asked = event["type"] == "app_mention" or event.get("channel_type") == "im"
    if event["type"] == "function_executed":  # a step that is not ended would hang in its workflow
        step = event["function_execution_id"]
        client.functions_completeError(function_execution_id=step, error=_said(context).text)
    elif event["type"] == "app_home_opened" and event.get("tab") == "home" and found.off:
        client.views_publish(user_id=event["user"], view=off_home(_said(context).text).payload())
    elif asked and not found.quiet and not event.get("bot_id") and event.get("user") != context.bot_user_id:
        thread = event.get("thread_ts") or (event["ts"] if event["type"] == "app_mention" else None)
        send(client, event["channel"], _said(context), thread_ts=thread)


def answer_command(ack: Ack, respond: Respond, context: BoltContext) -> None:
    """Say it to the person who typed the command."""
    ack()
    answer(respond, _said(context))


def answer_action(ack: Ack, body: Body, client: WebClient, respond: Respond, context: BoltContext) -> None:
    """Say it to the person who pressed: below the message, else in their direct messages, and then once."""
    ack()
    if body.get("response_url"):
        answer(respond, _said(context))
    elif not context["turned_away"].quiet:
        send(client, direct_messages_with(client, body["user"]["id"]), _said(context))


def answer_shortcut(ack: Ack, body: Body, client: WebClient, respond: Respond, context: BoltContext) -> None:
    """The same for a shortcut."""
    answer_action(ack, body, client, respond, context)


def answer_view(ack: Ack, view: Body, context: BoltContext) -> None:
    """Say it in the form, in which everything that was typed stays."""
    fields = [block["block_id"] for block in view.get("blocks", ()) if block["type"] == "input"]
    if fields:
        ack(response_action="errors", errors={fields[0]: _said(context).text})
    else:
        ack(response_action="update", view=words_view("Not now", _said(context).text).payload())


def _said(context: BoltContext) -> Message:
    found: Admission = context["turned_away"]
    assert found.instead is not None
    return found.instead


def _person_of(body: Body) -> str:
    event = body.get("event") or {}
    user = body.get("user_id") or (body.get("user") or {}).get("id") or event.get("user")
    return user if isinstance(user, str) else ""


def _is_passed(body: Body) -> bool:
    """Whether the door does not look: menus are filled as people type, and who leaves is let go."""
    event = body.get("event") or {}
    return body.get("type") in ("block_suggestion", "view_closed") or event.get("type") in _LEAVING


def _is_free(body: Body) -> bool:
    """Whether this costs nothing: what a person does by looking, and what the bot itself has caused."""
    event = body.get("event")
    if event is None:
        return False
    asked = event.get("type") == "app_mention" or event.get("channel_type") == "im"
    return not asked or bool(event.get("bot_id") or event.get("subtype"))


def _is_for_always(body: Body) -> bool:
    """Whether this works also while Advisor is off."""
    if body.get("command") == "/advisor":
        text = str(body.get("text", "")).strip().casefold()
        return text in ALWAYS or text.startswith("off ")
    if body.get("type") == "view_submission":
        return body["view"].get("callback_id") in _ALWAYS_SENT
    pressed = [str(one.get("action_id", "")) for one in body.get("actions") or ()]
    return bool(pressed) and all(_ALWAYS_PRESSED.match(one) for one in pressed)
