"""The portfolio at the door: its commands and pages, the form to choose services, the files that people ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.checkpoints.refusals import Refused
from bot.errors import PostingError
from bot.rendering.files import File
from bot.rendering.message import Message
from bot.rendering.notes import not_in_channel
from bot.rendering.portfolio_notes import cannot, cannot_view, digest_usage, file_sent, no_files, picture_posted
from handlers.files import send_files
from handlers.forms import accepted, fields_of
from handlers.home_tab import publish_home
from handlers.parts import Parts
from handlers.posting import answer, direct_messages_with, in_view, is_private, replace, show, tell, workspace_of

Body = dict[str, Any]
COMMANDS = ("portfolio", "export", "paper", "case", "digest")
_MOST_WORDS = 6
_CANNOT_WRITE = ("not_in_channel", "channel_not_found", "is_archived")


def register(app: App) -> None:
    """The buttons of the portfolio and the form to choose services; its commands come through ``/advisor``."""
    app.action("portfolio_previous")(turn_page)
    app.action("portfolio_next")(turn_page)
    app.action("portfolio_open")(open_portfolio)
    app.action("digest_stop")(stop_digest)
    app.action("portfolio_choose")(open_form)
    app.view("portfolio_filter")(show_chosen)
    app.action("portfolio_post_picture")(post_picture)
    app.action("portfolio_picture")(send_picture)
    app.action("portfolio_export")(send_spreadsheet)
    app.action("portfolio_papers")(send_papers)
    app.action("portfolio_paper")(send_service_paper)


def is_command(word: str, rest: str) -> bool:
    """
    Whether ``/advisor`` with these words is one of ours, and no question that only begins like it: "portfolio Housing"
    and "export csv" are, "paper forms, how do we get rid of them?" is not.
    """
    if word.casefold() not in COMMANDS or rest.rstrip().endswith("?"):
        return False
    return len(rest.split()) <= _MOST_WORDS or ":" in rest or "=" in rest


def answer_command(
    word: str, rest: str, command: Body, respond: Respond, client: WebClient, workspace: str, parts: Parts
) -> None:
    """``/advisor portfolio``, ``export``, ``paper``, ``case``, ``digest``: an answer for one person, files directly."""
    desk, user = parts.portfolio, command["user_id"]
    try:
        if word == "portfolio":
            message = desk.message(workspace, user, rest, at=parts.now())
        elif word == "export":
            message = _sent(client, user, desk.export(workspace, user, rest, at=parts.now()))
        elif word == "case":
            message = _sent(client, user, desk.case(workspace, user, rest, at=parts.now()))
        elif word == "digest":
            known = rest.strip().casefold() in ("on", "off")
            wanted = rest.strip().casefold() == "on"
            message = desk.digest(workspace, user, wanted=wanted, at=parts.now()) if known else digest_usage()
        else:
            message = _sent(client, user, *desk.papers(workspace, user, rest, at=parts.now()))
    except Refused as refused:
        message = cannot(str(refused))
    answer(respond, message)


def turn_page(
    ack: Ack, body: Body, action: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Turn to another page where it is read: a message, a form, the Home tab."""
    ack()
    workspace, user, value, at = workspace_of(context), body["user"]["id"], action["value"], parts.now()
    try:
        if not in_view(body):
            replace(respond, body, parts.portfolio.turn(workspace, user, value, at=at))
        elif body["view"]["type"] == "home":
            publish_home(client, workspace, user, parts, at=at, portfolio=value)
        else:
            show(client, body, parts.portfolio.turn_view(workspace, user, value, at=at))
    except Refused as refused:
        _refuse(body, respond, client, refused)


def open_portfolio(
    ack: Ack, body: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Open the portfolio as a form."""
    ack()
    try:
        show(client, body, parts.portfolio.open(workspace_of(context), body["user"]["id"], at=parts.now()))
    except Refused as refused:
        _refuse(body, respond, client, refused)


def stop_digest(ack: Ack, body: Body, respond: Respond, context: BoltContext, parts: Parts) -> None:
    """Stop the Monday digest of whoever presses."""
    ack()
    message = parts.portfolio.digest(workspace_of(context), body["user"]["id"], wanted=False, at=parts.now())
    tell(respond, body, message)


def open_form(
    ack: Ack, body: Body, action: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Open the form in which to choose services."""
    ack()
    try:
        show(client, body, parts.portfolio.choose(workspace_of(context), body["user"]["id"], action["value"]))
    except Refused as refused:
        _refuse(body, respond, client, refused)


def show_chosen(ack: Ack, body: Body, view: Body, context: BoltContext, parts: Parts) -> None:
    """Show the portfolio of the services that were chosen, in the form's place."""
    workspace, user = workspace_of(context), body["user"]["id"]
    found = accepted(ack, view, lambda: parts.portfolio.chosen(workspace, user, fields_of(view), at=parts.now()))
    if found is not None:
        ack(response_action="update", view=found.payload())


def post_picture(
    ack: Ack, body: Body, action: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Post the heat map in the channel, for all."""
    ack()
    channel = body["container"]["channel_id"]
    try:
        picture = parts.portfolio.picture(workspace_of(context), body["user"]["id"], action["value"], at=parts.now())
        send_files(client, channel, [picture])
    except Refused as refused:
        _refuse(body, respond, client, refused)
        return
    except PostingError as error:
        if error.code not in (*_CANNOT_WRITE, "missing_scope"):
            raise
        tell(respond, body, no_files() if error.code == "missing_scope" else not_in_channel())
        return
    tell(respond, body, picture_posted())


def send_picture(
    ack: Ack, body: Body, action: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Send the heat map to whoever asks."""
    ack()
    workspace, user = workspace_of(context), body["user"]["id"]
    make = parts.portfolio.picture
    _send(body, respond, client, lambda: (make(workspace, user, action["value"], at=parts.now()),))


def send_spreadsheet(
    ack: Ack, body: Body, action: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Send the workbook to whoever asks."""
    ack()
    workspace, user = workspace_of(context), body["user"]["id"]
    make = parts.portfolio.spreadsheet
    _send(body, respond, client, lambda: (make(workspace, user, action["value"], at=parts.now()),))


def send_papers(
    ack: Ack, body: Body, action: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Send the committee paper of the services shown to whoever asks."""
    ack()
    workspace, user = workspace_of(context), body["user"]["id"]
    make = parts.portfolio.papers_of
    _send(body, respond, client, lambda: make(workspace, user, action["value"], at=parts.now()))


def send_service_paper(
    ack: Ack, body: Body, action: Body, respond: Respond, client: WebClient, context: BoltContext, parts: Parts
) -> None:
    """Send the committee paper of one service to whoever asks."""
    ack()
    workspace, user = workspace_of(context), body["user"]["id"]
    make = parts.portfolio.papers
    _send(body, respond, client, lambda: make(workspace, user, action["value"], at=parts.now()))


def _send(body: Body, respond: Respond, client: WebClient, make: Callable[[], tuple[File, ...]]) -> None:
    try:
        message = _sent(client, body["user"]["id"], *make())
    except Refused as refused:
        _refuse(body, respond, client, refused)
        return
    if not in_view(body) and is_private(body):
        tell(respond, body, message)


def _sent(client: WebClient, user_id: str, *files: File) -> Message:
    """Send files to a person directly, and say that they are there."""
    try:
        send_files(client, direct_messages_with(client, user_id), files)
    except PostingError as error:
        if error.code != "missing_scope":
            raise
        return no_files()
    return file_sent([one.title for one in files])


def _refuse(body: Body, respond: Respond, client: WebClient, refused: Refused) -> None:
    if in_view(body):
        show(client, body, cannot_view(str(refused)))
    else:
        tell(respond, body, cannot(str(refused)))
