"""The Home tab, the Messages tab, and the form to ask from."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.rendering.help import EXAMPLES
from bot.usecases.advise import Advisor, Place
from handlers.parts import Parts
from handlers.posting import send, workspace_of


def register(app: App) -> None:
    """app_home_opened, the "Ask a question" button and its form."""
    app.event("app_home_opened")(welcome)
    app.action("ask_modal")(open_ask_form)
    app.view("ask")(answer_form)


def welcome(event: dict[str, Any], client: WebClient, context: BoltContext, advisor: Advisor, parts: Parts) -> None:
    """Publish the Home tab; in the Messages tab welcome a person once, and offer prompts where agents are on."""
    user = event["user"]
    if event.get("tab") == "home":
        client.views_publish(user_id=user, view=advisor.home().payload())
        return
    if parts.agent_features:
        prompts = [{"title": example, "message": example} for example in EXAMPLES]
        client.assistant_threads_setSuggestedPrompts(channel_id=event["channel"], prompts=prompts)
    message = advisor.welcome(user, workspace_of(context), at=parts.now())
    if message is not None:
        send(client, event["channel"], message)


def open_ask_form(ack: Ack, body: dict[str, Any], client: WebClient, advisor: Advisor) -> None:
    """Open the form with one question."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=advisor.ask_form().payload())


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
    user = body["user"]["id"]
    channel = client.conversations_open(users=user)["channel"]["id"]
    place = Place(workspace_of(context), channel)
    send(client, channel, advisor.advise(question, place, at=parts.now(), private=False))
