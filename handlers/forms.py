"""Forms as Slack sends them, read into plain fields; and the answers to them, faults included."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.checkpoints.refusals import FORM, Refused
from bot.errors import PostingError
from bot.rendering.checkpoint_status import cannot_reach
from bot.rendering.checkpoint_walk import words_view
from bot.rendering.notes import not_in_channel
from bot.usecases.checkpoint_rules import Done, Post
from bot.usecases.poster import GONE
from handlers.posting import change, send, show

_HELD_AS = {
    "users_select": "selected_user",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "conversations_select": "selected_conversation",
}
_log = logging.getLogger(__name__)
_Made = TypeVar("_Made")

Told = Callable[[WebClient, Iterable[Post], str], None]
"""How others are told of what was done; the last is who did it."""


def fields_of(view: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """What stands in a form, by the names of its fields (a block's id up to its colon)."""
    values = view["state"]["values"]
    return {block_id.partition(":")[0]: _held(next(iter(fields.values()))) for block_id, fields in values.items()}


def tell(client: WebClient, posts: Iterable[Post], user_id: str) -> None:
    """Post what others are told; where Advisor may not write, the person learns what to do, and nothing is undone."""
    for post in posts:
        if post.replaces:
            change(client, post.channel_id, post.replaces, post.message)
            continue
        try:
            message_ts = send(client, post.channel_id, post.message)
        except PostingError as error:
            if error.code not in GONE:
                raise
            to_a_person = post.channel_id.startswith(("U", "W"))
            send(client, user_id, cannot_reach(post.channel_id) if to_a_person else not_in_channel())
            continue
        if post.posted is not None:
            post.posted(message_ts)


def tell_people(client: WebClient, posts: Iterable[Post], _user_id: str) -> None:
    """Tell people directly; one who cannot be told (gone, another Slack) takes nothing from what was done."""
    for post in posts:
        try:
            send(client, post.channel_id, post.message)
        except PostingError as error:
            _log.info("A direct message was not taken: %s.", error.code, extra={"action": "not_told"})


def accepted(ack: Ack, view: Mapping[str, Any], work: Callable[[], _Made]) -> _Made | None:
    """What the *work* of a form makes; None where it was refused, which is said in the form and loses nothing in it."""
    try:
        return work()
    except Refused as refused:
        ack(response_action="errors", errors=errors_of(view, refused))
        return None


def answer_form(
    ack: Ack, view: Mapping[str, Any], client: WebClient, user_id: str, work: Callable[[], Done], *, told: Told = tell
) -> None:
    """Do the *work* of a form that was sent; what is wrong is said in the form itself. Others are *told* of it."""
    done = accepted(ack, view, work)
    if done is None:
        return
    if done.view is not None:
        ack(response_action="update", view=done.view.payload())
    else:
        ack()
    told(client, done.posts, user_id)


def answer_button(client: WebClient, body: dict[str, Any], work: Callable[[], Done], *, told: Told = tell) -> None:
    """Do the *work* of a button; a refusal is shown in a small form. Others are *told* of it."""
    try:
        done = work()
    except Refused as refused:
        show(client, body, words_view("That cannot be done", str(refused)))
        return
    if done.view is not None:
        show(client, body, done.view)
    told(client, done.posts, body["user"]["id"])


def errors_of(view: Mapping[str, Any], refused: Refused) -> dict[str, str]:
    """The faults by the blocks of the form; what belongs to none of them stands at its first field."""
    blocks = {block["block_id"].partition(":")[0]: block["block_id"] for block in _inputs(view)}
    first = blocks.get(FORM) or next(iter(blocks.values()))
    found: dict[str, list[str]] = {}
    for name, message in refused.faults.items():
        found.setdefault(blocks.get(name, first), []).append(message)
    return {block_id: " ".join(messages) for block_id, messages in found.items()}


def metadata_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What travelled with a form."""
    return dict(json.loads(view.get("private_metadata") or "{}"))


def _inputs(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _held(state: Mapping[str, Any]) -> str | tuple[str, ...]:
    kind = state["type"]
    if kind in ("checkboxes", "multi_static_select"):
        return tuple(option["value"] for option in state.get("selected_options") or ())
    if kind == "multi_users_select":
        return tuple(str(person) for person in state.get("selected_users") or ())
    if kind in ("static_select", "radio_buttons", "external_select"):
        return str((state.get("selected_option") or {}).get("value", ""))
    held = state.get(_HELD_AS.get(kind, "value"))
    return str(held or "").encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
