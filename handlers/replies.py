"""What people press on a reply: a choice, a related entry, read more, why, helpful or not, share, pass on."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.errors import PostingError
from bot.rendering import notes
from bot.usecases.advise import Advisor, Place
from handlers.deliveries import once
from handlers.parts import Parts
from handlers.posting import (
    answer_click,
    direct_messages_with,
    in_view,
    is_private,
    place_of_click,
    replace,
    send,
    show,
    tell,
    workspace_of,
)

_CANNOT_WRITE = ("not_in_channel", "channel_not_found", "is_archived")


def register(app: App) -> None:
    """The buttons of answers, choices and declines."""
    app.action(re.compile(r"^choose:\d+$"))(answer_choice)
    app.action("choose_none")(answer_none_of_these)
    app.action(re.compile(r"^ask_entry:\d+$"))(answer_with_entry)
    app.action(re.compile(r"^example:\d+$"))(answer_example)
    app.action("open_entry")(open_entry)
    app.action(re.compile(r"^view_entry:\d+$"))(open_entry)
    app.action("why")(open_why)
    app.action(re.compile(r"^feedback_(helpful|not_helpful)$"))(take_verdict)
    app.action("share")(share_answer)
    app.action("pass_on")(pass_question_on)


def answer_choice(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Put the chosen answer in the place of the choice."""
    ack()
    answer_id, _, entry_id = action["value"].partition("|")
    place, private = place_of_click(body, context), is_private(body)
    replace(respond, body, advisor.choose(answer_id, entry_id, place, at=parts.now(), private=private))


def answer_none_of_these(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Say what to do when nothing offered was meant."""
    ack()
    replace(respond, body, advisor.choose_none(action["value"], workspace_of(context), at=parts.now()))


def answer_with_entry(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Answer with a related or listed entry; from a form, open it to read."""
    ack()
    if in_view(body):
        show(client, body, advisor.entry(action["value"]))
        return
    place, private = place_of_click(body, context), is_private(body)
    answer_click(body, respond, client, advisor.show(action["value"], place, at=parts.now(), private=private))


def answer_example(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Answer an example question as if the person had typed it; from the Home tab, in their direct messages."""
    ack()
    if in_view(body):
        place = Place(workspace_of(context), direct_messages_with(client, body["user"]["id"]))
        message = advisor.advise(action["value"], place, at=parts.now(), private=False, quoted=True)
        send(client, place.channel_id, message)
        return
    place, private = place_of_click(body, context), is_private(body)
    message = advisor.advise(action["value"], place, at=parts.now(), private=private, quoted=True)
    answer_click(body, respond, client, message)


def open_entry(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, advisor: Advisor) -> None:
    """Open the whole entry in a form to read, or turn the open form to it."""
    ack()
    show(client, body, advisor.entry(action["value"]))


def open_why(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, context: BoltContext, advisor: Advisor
) -> None:
    """Show why this answer was given."""
    ack()
    show(client, body, advisor.why(action["value"], workspace_of(context)))


def take_verdict(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Take "helpful" or "not helpful" and thank the person, unseen by others."""
    ack()
    helpful = action["action_id"] == "feedback_helpful"
    workspace, user = workspace_of(context), body["user"]["id"]
    tell(respond, body, advisor.rate(action["value"], user, workspace, helpful=helpful, at=parts.now()))


def share_answer(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Post a private answer in the channel for all, once; where Advisor is not in it, say how to invite it."""
    ack()
    answer_id, workspace, container = action["value"], workspace_of(context), body["container"]
    message = advisor.share(answer_id, workspace)
    if message is None:
        tell(respond, body, notes.gone())
        return
    try:
        with once(parts, workspace, f"share:{answer_id}") as first:
            if first:
                thread = container.get("thread_ts")
                ts = send(client, container["channel_id"], message, thread_ts=thread)
                place = Place(workspace, container["channel_id"], thread or ts)
                advisor.shared(answer_id, place, at=parts.now())
    except PostingError as error:
        if error.code not in _CANNOT_WRITE:
            raise
        tell(respond, body, notes.not_in_channel())
        return
    tell(respond, body, notes.shared())


def pass_question_on(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Pass a question to the people who help, once, where a channel is set for that; else say whom to ask."""
    ack()
    workspace = workspace_of(context)
    question = advisor.pass_on(action["value"], workspace) if parts.help_channel else None
    if question is None or parts.help_channel is None:
        tell(respond, body, notes.ask_a_person())
        return
    with once(parts, workspace, f"pass_on:{action['value']}") as first:
        if first:
            send(client, parts.help_channel, question)
    tell(respond, body, notes.passed_on())
