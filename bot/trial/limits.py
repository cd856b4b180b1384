"""Slack's limits inside blocks, as one table and one walk.

Source: https://docs.slack.dev/reference/block-kit and the comments of npm @slack/types 3.2.0,
checked 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.trial.records import Payload
from bot.trial.structure import Place, at

TEXT = 3000
"""Any text object that has no limit of its own."""

LONGEST: dict[tuple[str, str], int] = {
    ("*", "action_id"): 255,
    ("*", "block_id"): 255,
    ("*", "placeholder"): 150,
    ("header", "text"): 150,
    ("section", "text"): 3000,
    ("section", "fields[]"): 2000,
    ("markdown", "text"): 12000,
    ("image", "alt_text"): 2000,
    ("image", "image_url"): 3000,
    ("image", "title"): 2000,
    ("video", "alt_text"): 2000,
    ("video", "title"): 200,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("plain_text_input", "initial_value"): 3000,
    ("button", "text"): 75,
    ("button", "value"): 2000,
    ("button", "url"): 3000,
    ("button", "accessibility_label"): 75,
    ("workflow_button", "text"): 75,
    ("workflow_button", "accessibility_label"): 75,
    ("icon_button", "text"): 75,
    ("icon_button", "value"): 2000,
    ("feedback_button", "text"): 75,
    ("feedback_button", "value"): 2000,
    ("feedback_button", "accessibility_label"): 75,
    ("option", "text"): 75,
    ("option", "description"): 75,
    ("option", "value"): 150,
    ("option", "url"): 3000,
    ("option_group", "label"): 75,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("card", "title"): 150,
    ("card", "subtitle"): 150,
    ("card", "body"): 200,
    ("container", "title"): 150,
    ("container", "subtitle"): 150,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
    ("modal", "private_metadata"): 3000,
    ("modal", "callback_id"): 255,
    ("modal", "external_id"): 255,
    ("home", "private_metadata"): 3000,
    ("home", "callback_id"): 255,
    ("home", "external_id"): 255,
}
"""Most characters of a text, by the kind of object and its field (``[]``: of each in a list)."""

MOST: dict[tuple[str, str], int] = {
    ("section", "fields"): 10,
    ("context", "elements"): 10,
    ("actions", "elements"): 25,
    ("context_actions", "elements"): 5,
    ("static_select", "options"): 100,
    ("static_select", "option_groups"): 100,
    ("multi_static_select", "options"): 100,
    ("multi_static_select", "option_groups"): 100,
    ("option_group", "options"): 100,
    ("checkboxes", "options"): 10,
    ("radio_buttons", "options"): 10,
    ("overflow", "options"): 5,
    ("carousel", "elements"): 10,
    ("container", "child_blocks"): 10,
    ("table", "rows"): 100,
    ("table", "rows[]"): 20,
}
"""Most items of a list; every list in this table needs at least one."""

MAY_BE_EMPTY = frozenset({"private_metadata", "initial_value", "external_id", "callback_id"})

ROLES = {
    "options": "option",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "option_group",
    "confirm": "confirm",
    "positive_button": "feedback_button",
    "negative_button": "feedback_button",
}
"""What an object without a type is, by the field it stands in."""


def limit_faults(node: Payload, place: Place, role: str = "") -> Iterator[str]:
    """Yield what is too long, too many, or empty in *node* and in everything inside it."""
    kind = str(node.get("type", role))
    for name, value in node.items():
        here = (*place, name)
        if kind in ("text", "raw_text") and name == "text" and not value:
            yield at("must be more than 0 characters", here)
        if kind in ("plain_text", "mrkdwn", "text", "raw_text"):
            continue
        yield from _measured(kind, name, value, here)
        yield from _inside(kind, name, value, here)


def _inside(kind: str, name: str, value: Any, here: Place) -> Iterator[str]:
    role = ROLES.get(name, "")
    if isinstance(value, dict):
        yield from limit_faults(value, here, role)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            spot = (*here, number)
            yield from _measured(kind, f"{name}[]", each, spot)
            if isinstance(each, dict):
                yield from limit_faults(each, spot, role)


def _measured(kind: str, name: str, value: Any, here: Place) -> Iterator[str]:
    if isinstance(value, list):
        yield from _counted(kind, name, value, here)
        return
    text = value.get("text") if _is_text(value) else value
    if not isinstance(text, str):
        return
    spot = (*here, "text") if _is_text(value) else here
    most = LONGEST.get((kind, name)) or LONGEST.get(("*", name)) or (TEXT if _is_text(value) else None)
    if most is not None and len(text) > most:
        yield at(f"must be less than {most + 1} characters", spot)
    may_be_empty = name in MAY_BE_EMPTY or (kind, name) == ("button", "value")
    if most is not None and not text and not may_be_empty:
        yield at("must be more than 0 characters", spot)


def _counted(kind: str, name: str, items: list[Any], here: Place) -> Iterator[str]:
    most = MOST.get((kind, name))
    if most is not None and len(items) > most:
        yield at(f"no more than {most} items allowed", here)
    if most is not None and not items:
        yield at("must have at least 1 item", here)


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") in ("plain_text", "mrkdwn")
