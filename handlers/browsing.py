"""Lists to look through: /standard, /platforms, /cases, and the pages of what they show."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.usecases.advise import Advisor
from handlers.parts import Parts
from handlers.posting import answer, answer_click, in_view, private_place, replace, show, workspace_of

_VERBS = frozenset("has have had did does do is are was were uses used built tried can will should".split())


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
    """``/standard`` lists the points; ``/standard 5`` is that one; anything else is a question about them."""
    ack()
    text = _query(command)
    place = private_place(context, command["channel_id"], command["user_id"])
    if not text:
        message = advisor.browse("service-standard")
    elif text.isdecimal():
        message = advisor.point(text, place, at=parts.now(), private=True)
    else:
        message = advisor.advise(text, place, at=parts.now(), private=True)
    answer(respond, message)


def browse_platforms(ack: Ack, command: dict[str, Any], respond: Respond, advisor: Advisor) -> None:
    """``/platforms`` lists them all, with words after it those that are about them."""
    ack()
    answer(respond, advisor.browse("platform", query=_query(command)))


def browse_cases(
    ack: Ack, command: dict[str, Any], respond: Respond, context: BoltContext, advisor: Advisor, parts: Parts
) -> None:
    """``/cases`` lists them all, with words after it those about them; ``/cases who AREA`` says who else has it."""
    ack()
    query = _query(command)
    area = who_else(query)
    if area is None:
        answer(respond, advisor.browse("case", query=query))
        return
    workspace, user = workspace_of(context), command["user_id"]
    answer(respond, parts.network.reuse.who(workspace, user, area, at=parts.now()))


def who_else(query: str) -> str | None:
    """The area of "who AREA" or "who else AREA"; None for what is no such thing, as "who has left Capita?" is not."""
    first, _, area = query.partition(" ")
    area = area.strip().removeprefix("else").strip()
    asks = area.partition(" ")[0].casefold() in _VERBS or area.endswith("?")
    return None if first.casefold() != "who" or asks else area


def turn_page(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, advisor: Advisor
) -> None:
    """Turn a list to another page, in its place."""
    ack()
    kind, page, query = action["value"].split("|", 2)
    if in_view(body):
        show(client, body, advisor.list_form(kind, page=int(page)))
    else:
        replace(respond, body, advisor.browse(kind, page=int(page), query=query))


def browse_kind(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, advisor: Advisor
) -> None:
    """Show the list of a kind: as a form from the Home tab, else beside the message that was clicked."""
    ack()
    if in_view(body):
        show(client, body, advisor.list_form(action["value"]))
    else:
        answer_click(body, respond, client, advisor.browse(action["value"]))


def _query(command: dict[str, Any]) -> str:
    """What stands after a command; "help" is the same as nothing, for the list says best what there is."""
    text = str(command.get("text", "")).strip()
    return "" if text.casefold() == "help" else text
