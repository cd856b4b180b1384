"""What people press on a reply: a choice, a related entry, read more, why, helpful or not, share, pass on."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.errors import PostingError
from bot.rendering import notes
from bot.usecases.advise import Advisor
from handlers.parts import Parts
from handlers.posting import answer, answer_click, is_private, place_of_click, send


def register(app: App) -> None:
    """The buttons of answers, choices and declines."""
    app.action(re.compile(r"^choose:\d+$"))(answer_choice)
    app.action("choose_none")(answer_none_of_these)
    app.action(re.compile(r"^ask_entry:\d+$"))(answer_with_entry)
    app.action(re.compile(r"^example:\d+$"))(answer_example)
    app.action("open_entry")(open_entry)
    app.action(re.compile(r"^view_entry:\d+$"))(turn_to_entry)
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
    message = advisor.choose(answer_id, entry_id, place, at=parts.now(), private=private)
    answer(respond, message, replace=True, public=not private)


def answer_none_of_these(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Say what to do when nothing offered was meant."""
    ack()
    message = advisor.choose_none(action["value"], place_of_click(body, context), at=parts.now())
    answer(respond, message, replace=True, public=not is_private(body))


def answer_with_entry(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Answer with a related or listed entry; from a form or the Home tab, open it to read."""
    ack()
    if body["container"]["type"] == "view":
        _show_form(body, client, advisor.entry(action["value"]).payload())
        return
    place, private = place_of_click(body, context), is_private(body)
    answer_click(body, respond, client, advisor.show(action["value"], "", place, at=parts.now(), private=private))


def answer_example(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Answer an example question as if the person had typed it."""
    ack()
    place, private = place_of_click(body, context), is_private(body)
    answer_click(body, respond, client, advisor.advise(action["value"], place, at=parts.now(), private=private))


def open_entry(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, advisor: Advisor) -> None:
    """Open the whole entry in a form to read."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=advisor.entry(action["value"]).payload())


def turn_to_entry(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, advisor: Advisor) -> None:
    """Turn the open form to another entry."""
    ack()
    _show_form(body, client, advisor.entry(action["value"]).payload())


def open_why(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, context: BoltContext, advisor: Advisor
) -> None:
    """Show why this answer was given."""
    ack()
    view = advisor.why(action["value"], place_of_click(body, context))
    client.views_open(trigger_id=body["trigger_id"], view=view.payload())


def take_verdict(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Take "helpful" or "not helpful" and thank the person, unseen by others."""
    ack()
    helpful = action["action_id"] == "feedback_helpful"
    place = place_of_click(body, context)
    message = advisor.rate(action["value"], body["user"]["id"], helpful=helpful, place=place, at=parts.now())
    answer(respond, message)


def share_answer(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext,
    advisor: Advisor,
) -> None:  # fmt: skip
    """Post a private answer in the channel for all; where Advisor is not in it, say how to invite it."""
    ack()
    message = advisor.share(action["value"], place_of_click(body, context))
    if message is None:
        answer(respond, notes.gone())
        return
    try:
        send(client, body["channel"]["id"], message, thread_ts=body["container"].get("thread_ts"))
    except PostingError as error:
        if error.code not in ("not_in_channel", "channel_not_found", "is_archived"):
            raise
        answer(respond, notes.not_in_channel())
        return
    answer(respond, notes.shared())


def pass_question_on(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond, client: WebClient, context: BoltContext,
    advisor: Advisor, parts: Parts,
) -> None:  # fmt: skip
    """Pass a question to the people who help, where a channel is set for that; else say whom to ask."""
    ack()
    told, question = advisor.pass_on(action["value"], place_of_click(body, context), to=parts.help_channel)
    if question is not None and parts.help_channel:
        send(client, parts.help_channel, question)
    answer(respond, told)


def _show_form(body: dict[str, Any], client: WebClient, view: dict[str, Any]) -> None:
    """Turn the form that was clicked in; from the Home tab, open one."""
    if body["view"]["type"] == "modal":
        client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)
