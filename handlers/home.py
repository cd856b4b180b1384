"""The Home tab, the Messages tab, and the form to ask from."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.rendering.help import EXAMPLES
from bot.usecases.advise import Advisor, Place
from handlers.home_tab import publish_home
from handlers.parts import Parts
from handlers.posting import direct_messages_with, send, show, slacks_word, workspace_of

_log = logging.getLogger(__name__)


def register(app: App) -> None:
    """app_home_opened, the "Ask a question" button and its form."""
    app.event("app_home_opened")(welcome)
    app.action("ask_modal")(open_ask_form)
    app.view("ask")(answer_form)


def welcome(event: dict[str, Any], client: WebClient, context: BoltContext, advisor: Advisor, parts: Parts) -> None:
    """Publish the Home tab; in the Messages tab welcome a person once, and offer prompts where agents are on."""
    user = event["user"]
    if event.get("tab") == "home":
        publish_home(client, workspace_of(context), user, parts, at=parts.now())
        return
    if parts.agent_features:
        _offer_prompts(client, event["channel"])
    message = advisor.welcome(user, workspace_of(context), at=parts.now())
    if message is not None:
        send(client, event["channel"], message)


def open_ask_form(ack: Ack, body: dict[str, Any], client: WebClient, advisor: Advisor) -> None:
    """Open the form with one question."""
    ack()
    show(client, body, advisor.ask_form())


def answer_form(
    ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Answer a question from the form in the person's direct messages."""
    question = view["state"]["values"]["question"]["question"].get("value") or ""
    if not question.strip():
        ack(response_action="errors", errors={"question": "Write your question first."})
        return
    ack()
    channel = direct_messages_with(client, body["user"]["id"])
    place = Place(workspace_of(context), channel)
    send(client, channel, advisor.advise(question, place, at=parts.now(), private=False, quoted=True))


def _offer_prompts(client: WebClient, channel: str) -> None:
    """Offer the examples; where Slack refuses (the plan, or a scope not granted) everything else works without."""
    prompts = [{"title": example, "message": example} for example in EXAMPLES]
    try:
        client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
    except SlackApiError as error:
        word = slacks_word(error)
        _log.warning("Slack did not take the suggested prompts: %s.", word, extra={"action": "prompts_refused"})
