"""Questions: a mention, a direct message, /advisor, and the shortcut on a message."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.usecases.advise import Advisor, Place
from handlers.deliveries import WRITTEN_BY_A_PERSON, reply
from handlers.network import answer_command as answer_network
from handlers.network import is_command as is_of_network
from handlers.parts import Parts
from handlers.portfolio import answer_command as answer_portfolio
from handlers.portfolio import is_command
from handlers.posting import answer, private_place, workspace_of


def register(app: App) -> None:
    """app_mention, message (direct), /advisor, the message shortcut."""
    app.event("app_mention")(answer_mention)
    app.event("message", matchers=[is_direct_question])(answer_direct_message)
    app.event("message")(leave_alone)
    app.command("/advisor")(answer_command)
    app.shortcut("ask_about_message")(answer_about_message)


def answer_mention(
    event: dict[str, Any], client: WebClient, context: BoltContext, advisor: Advisor, parts: Parts
) -> None:
    """Answer a mention in the thread where it was made; other bots and edits are left alone."""
    if event.get("bot_id") or "edited" in event:
        return
    thread = event.get("thread_ts") or event["ts"]
    place = Place(workspace_of(context), event["channel"], thread)
    message = advisor.advise(event.get("text") or "", place, at=parts.now(), private=False)
    reply(parts, context, client, event["channel"], message, thread_ts=thread)


def is_direct_question(event: dict[str, Any]) -> bool:
    """Whether a message is a person's own, in a direct conversation; edits, joins and bots are not."""
    person = not event.get("bot_id") and event.get("subtype") in WRITTEN_BY_A_PERSON
    return event.get("channel_type") == "im" and person


def answer_direct_message(
    event: dict[str, Any], client: WebClient, context: BoltContext, advisor: Advisor, parts: Parts
) -> None:
    """Answer a direct message beside it, or in its thread where it stands in one."""
    thread = event.get("thread_ts")
    place = Place(workspace_of(context), event["channel"], thread or "")
    message = advisor.advise(event.get("text") or "", place, at=parts.now(), private=False)
    reply(parts, context, client, event["channel"], message, thread_ts=thread)


def leave_alone() -> None:
    """Every other message is none of ours: take it, so that the log does not call it unhandled."""


def answer_command(
    ack: Ack, command: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext, advisor: Advisor,
    parts: Parts,
) -> None:  # fmt: skip
    """``/advisor``: help, health, gaps, selftest, looking across and the network by their words; else a question."""
    ack()
    text, user = command.get("text", ""), command["user_id"]
    word = text.strip().casefold()
    if word == "selftest":
        _answer_selftest(respond, context, parts, user)
        return
    first, _, rest = text.strip().partition(" ")
    if is_command(first, rest):
        workspace = workspace_of(context)
        answer_portfolio(first.casefold(), rest, command, respond, client, workspace, parts)
        return
    if is_of_network(text):
        answer_network(text, command, respond, client, context, parts)
        return
    if word in ("health", "gaps"):
        workspace, at = workspace_of(context), parts.now()
        allowed = parts.administration.may(workspace, user, "see_health" if word == "health" else "see_gaps")
        more: dict[str, str] = {}
        if allowed and word == "health":
            lost = parts.checkpoints.overview.health(workspace, at=at)
            more = {**lost, **parts.administration.facts(workspace), **parts.standing()}
        message = advisor.operations(word, workspace, at=at, allowed=allowed, more=more)
    else:
        place = private_place(context, command["channel_id"], user)
        message = advisor.advise(text, place, at=parts.now(), private=True)
    answer(respond, message)


def answer_about_message(
    ack: Ack, shortcut: dict[str, Any], respond: Respond, context: BoltContext, advisor: Advisor, parts: Parts
) -> None:
    """Take a message that somebody points at as the question; only that person sees the answer."""
    ack()
    asked = shortcut["message"]
    place = private_place(context, shortcut["channel"]["id"], shortcut["user"]["id"])
    message = advisor.advise(asked.get("text") or "", place, at=parts.now(), private=True)
    answer(respond, message, thread_ts=asked.get("thread_ts"))


def _answer_selftest(respond: Respond, context: BoltContext, parts: Parts, user_id: str) -> None:
    """Test Advisor by its own questions; Slack has been answered long before the figures come."""
    workspace, desk = workspace_of(context), parts.administration
    allowed, limited = desk.may(workspace, user_id, "run_selftest"), not desk.book(workspace).holders("admin")
    for message in parts.selftest.run(workspace, at=parts.now(), allowed=allowed, limited=limited):
        answer(respond, message)
