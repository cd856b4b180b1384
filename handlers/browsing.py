"""Lists to look through: /standard, /platforms, /cases, and the pages of what they show."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.usecases.advise import Advisor, Place
from handlers.parts import Parts
from handlers.posting import answer, answer_click, is_private, workspace_of


def register(app: App) -> None:
    """/standard, /platforms, /cases, paging, and the browse buttons of the Home tab."""
    app.command("/standard")(browse_standard)
    app.command("/platforms")(browse_platforms)
    app.command("/cases")(browse_cases)
    app.action("page")(turn_page)
    app.action("browse")(browse_kind)


def browse_standard(
    ack: Ack, command: dict[str, Any], respond: Respond, context: BoltContext, advisor: Advisor, parts: Parts
) -> None:
    """``/standard`` lists the points; ``/standard 5`` is the point; anything else is a question about it."""
    ack()
    text = command.get("text", "").strip()
    if not text or text.casefold() == "help":
        answer(respond, advisor.browse("service-standard"))
        return
    question = f"service standard point {text}" if text.isdigit() else text
    place = Place(workspace_of(context), command["channel_id"], f"command:{command['user_id']}")
    answer(respond, advisor.advise(question, place, at=parts.now(), private=True))


def browse_platforms(ack: Ack, command: dict[str, Any], respond: Respond, advisor: Advisor) -> None:
    """``/platforms`` lists them all, with words after it those that are about them."""
    ack()
    answer(respond, advisor.browse("platform", query=_query(command)))


def browse_cases(ack: Ack, command: dict[str, Any], respond: Respond, advisor: Advisor) -> None:
    """``/cases`` lists them all, with words after it those that are about them."""
    ack()
    answer(respond, advisor.browse("case", query=_query(command)))


def turn_page(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, advisor: Advisor
) -> None:
    """Turn a list to another page, in its place."""
    ack()
    kind, page, query = action["value"].split("|", 2)
    message = advisor.browse(kind, page=int(page), query=query)
    if body["container"]["type"] == "view":
        view = advisor.list_form(kind, page=int(page)).payload()
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
    else:
        answer(respond, message, replace=True, public=not is_private(body))


def browse_kind(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, advisor: Advisor
) -> None:
    """Show the list of a kind: as a form from the Home tab, else beside the message that was clicked."""
    ack()
    if body["container"]["type"] == "view":
        client.views_open(trigger_id=body["trigger_id"], view=advisor.list_form(action["value"]).payload())
    else:
        answer_click(body, respond, client, advisor.browse(action["value"]))


def _query(command: dict[str, Any]) -> str:
    text = str(command.get("text", "")).strip()
    return "" if text.casefold() == "help" else text
