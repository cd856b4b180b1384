"""The fields of forms. A block's id is the field's name, with what it is about after a colon; faults go by it too."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from bot.rendering.mrkdwn import cut, visible

Payload = dict[str, Any]
Choice = tuple[str, str]
"""A value and the words that people see."""

_MOST_OPTIONS = 100
_MOST_BOXES = 10
_LONGEST_OPTION = 75
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{2,}")


def text_field(
    name: str,
    label: str,
    *,
    value: str = "",
    hint: str = "",
    optional: bool = False,
    multiline: bool = False,
    most: int = 3000,
) -> Payload:
    """A field to type in; Slack itself refuses more than *most* characters."""
    element: Payload = {"type": "plain_text_input", "action_id": "field", "max_length": most, "multiline": multiline}
    if value:
        element["initial_value"] = value[:most]
    return _input(name, label, element, hint=hint, optional=optional)


def choice_field(
    name: str,
    label: str,
    choices: Sequence[Choice],
    *,
    value: str = "",
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Payload:
    """A menu of at most 100 choices; with *dispatch* the form is told at once when another is chosen."""
    element = _with_initial({"type": "static_select", "action_id": name.partition(":")[0]}, choices, value)
    block = _input(name, label, element, hint=hint, optional=optional)
    return {**block, "dispatch_action": True} if dispatch else block


def radio_field(
    name: str, label: str, choices: Sequence[Choice], *, value: str = "", hint: str = "", optional: bool = False
) -> Payload:
    """One of a few, all to be seen."""
    element = _with_initial({"type": "radio_buttons", "action_id": "field"}, choices[:_MOST_BOXES], value)
    return _input(name, label, element, hint=hint, optional=optional)


def boxes_field(
    name: str, label: str, choices: Sequence[Choice], *, values: Iterable[str] = (), hint: str = ""
) -> Payload:
    """Any of a few."""
    options = [option(*choice) for choice in choices[:_MOST_BOXES]]
    element: Payload = {"type": "checkboxes", "action_id": "field", "options": options}
    chosen = set(values)
    if initial := [one for one in options if one["value"] in chosen]:
        element["initial_options"] = initial
    return _input(name, label, element, hint=hint, optional=True)


def several_field(
    name: str, label: str, choices: Sequence[Choice], *, values: Iterable[str] = (), hint: str = ""
) -> Payload:
    """Any of up to 100, in a menu."""
    options = [option(*choice) for choice in choices[:_MOST_OPTIONS]]
    element: Payload = {"type": "multi_static_select", "action_id": "field", "options": options}
    chosen = set(values)
    if initial := [one for one in options if one["value"] in chosen]:
        element["initial_options"] = initial
    return _input(name, label, element, hint=hint, optional=True)


def search_field(name: str, label: str, *, chosen: Choice | None = None, hint: str = "") -> Payload:
    """A menu whose choices are looked up as somebody types; the action's id is the field's name."""
    element: Payload = {"type": "external_select", "action_id": name, "min_query_length": 0}
    if chosen:
        element["initial_option"] = option(*chosen)
    return _input(name, label, element, hint=hint, optional=False)


def person_field(name: str, label: str, *, value: str = "", hint: str = "", optional: bool = False) -> Payload:
    """A person of the workspace."""
    element: Payload = {"type": "users_select", "action_id": "field"}
    if value:
        element["initial_user"] = value
    return _input(name, label, element, hint=hint, optional=optional)


def people_field(name: str, label: str, *, hint: str = "", most: int, optional: bool = False) -> Payload:
    """Several people of the workspace."""
    element: Payload = {"type": "multi_users_select", "action_id": "field", "max_selected_items": most}
    return _input(name, label, element, hint=hint, optional=optional)


def date_field(
    name: str, label: str, *, value: dt.date | None = None, hint: str = "", optional: bool = False
) -> Payload:
    """A day."""
    element: Payload = {"type": "datepicker", "action_id": "field"}
    if value is not None:
        element["initial_date"] = value.isoformat()
    return _input(name, label, element, hint=hint, optional=optional)


def time_field(name: str, label: str, *, value: dt.time, hint: str = "") -> Payload:
    """A time of the day, by the clock on the wall."""
    element: Payload = {"type": "timepicker", "action_id": "field", "initial_time": f"{value:%H:%M}"}
    return _input(name, label, element, hint=hint, optional=False)


def channel_field(name: str, label: str, *, value: str, hint: str = "") -> Payload:
    """A channel of the workspace, public or private."""
    element: Payload = {
        "type": "conversations_select",
        "action_id": "field",
        "initial_conversation": value,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return _input(name, label, element, hint=hint, optional=False)


def option(value: str, text: str) -> Payload:
    """One choice of a menu."""
    return {"text": _plain(text, _LONGEST_OPTION), "value": value}


def mention(user_id: str) -> str:
    """A person in mrkdwn; "somebody" where it is no person's id, so that nothing else can be mentioned."""
    return f"<@{user_id}>" if _PERSON.fullmatch(user_id) else "somebody"


def _with_initial(element: Payload, choices: Sequence[Choice], value: str) -> Payload:
    options = [option(*choice) for choice in choices[:_MOST_OPTIONS]]
    initial = next((one for one in options if one["value"] == value), None)
    return {**element, "options": options, **({"initial_option": initial} if initial else {})}


def _input(name: str, label: str, element: Payload, *, hint: str, optional: bool) -> Payload:
    block: Payload = {
        "type": "input",
        "block_id": name,
        "label": _plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": _plain(hint, 2000)} if hint else block


def _plain(text: str, limit: int) -> Payload:
    return {"type": "plain_text", "text": cut(visible(text), limit), "emoji": False}
