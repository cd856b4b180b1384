"""The controls inside blocks: where they stand, what they hold, and the words people see on them."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator
from typing import Any

from bot.trial.records import Payload

INPUTS = frozenset(
    [
        "plain_text_input",
        "number_input",
        "email_text_input",
        "url_text_input",
        "rich_text_input",
        "file_input",
        "static_select",
        "external_select",
        "users_select",
        "conversations_select",
        "channels_select",
        "multi_static_select",
        "multi_external_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
        "checkboxes",
        "radio_buttons",
        "datepicker",
        "timepicker",
        "datetimepicker",
    ]
)
"""Elements that hold a value; the others (buttons, menus) are only clicked."""

HELD_AS: dict[str, str] = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
"""The field of ``state.values`` that carries the value; ``value`` for the text inputs.
Source: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload,
checked 2026-11-23."""


def with_ids(blocks: list[Payload]) -> list[Payload]:
    """Return a copy of *blocks* in which every block and control has an id, as Slack hands them back."""
    named: list[Payload] = copy.deepcopy(blocks)
    for block in every_block(named):
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in controls_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return named


def controls(blocks: list[Payload]) -> Iterator[tuple[Payload, Payload]]:
    """Yield each control with the block it stands in, from top to bottom."""
    for block in every_block(blocks):
        for element in controls_of(block):
            yield block, element


def controls_of(block: Payload) -> list[Payload]:
    """Return the controls that stand directly in one block."""
    kind = block.get("type")
    if kind == "input":
        return [block["element"]]
    if kind == "section":
        accessory = block.get("accessory", {})
        return [accessory] if accessory.get("type") not in (None, "image") else []
    if kind in ("actions", "context_actions"):
        return list(block["elements"])
    if kind == "card":
        return list(block.get("actions", []))
    return []


def every_block(blocks: list[Payload]) -> Iterator[Payload]:
    """Yield each block and the blocks inside it, from top to bottom."""
    for block in blocks:
        yield block
        yield from every_block(block.get("child_blocks", []))
        if block.get("type") == "carousel":
            yield from every_block(block.get("elements", []))


def label_of(element: Payload) -> str:
    """Return the words on a control: its text, else its placeholder, else its accessibility label."""
    for key in ("text", "placeholder"):
        if isinstance(element.get(key), dict):
            return str(element[key].get("text", ""))
    return str(element.get("accessibility_label", ""))


def options_of(element: Payload) -> list[Payload]:
    """Return the options of a menu, those inside groups included."""
    if element.get("type") == "feedback_buttons":
        return [element["positive_button"], element["negative_button"]]
    found = list(element.get("options", []))
    for group in element.get("option_groups", []):
        found.extend(group["options"])
    return found


def option_named(element: Payload, wanted: Any) -> Payload:
    """Return the option whose value or words are *wanted*.

    Raises: LookupError: there is none; the text lists what there is.
    """
    options = options_of(element)
    for option in options:
        if wanted in (option.get("value"), option["text"]["text"]):
            return option
    known = ", ".join(repr(option["text"]["text"]) for option in options)
    raise LookupError(f"no option {wanted!r} in {element.get('action_id')}: there are {known or 'none'}")


def filled(element: Payload, value: Any) -> Payload:
    """Return the state of *element* once a person put *value* into it.

    Options are named by value or by words, dates as YYYY-MM-DD, times as HH:MM, several as a list.
    """
    kind = element["type"]
    key = HELD_AS.get(kind, "value")
    held: Any = value
    if value is not None and key == "selected_option" and kind != "external_select":
        held = option_named(element, value)
    elif key == "selected_options" and kind != "multi_external_select":
        held = [option_named(element, each) for each in value or []]
    elif key == "rich_text_value" and isinstance(value, str):
        text = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        held = {"type": "rich_text", "elements": [text]}
    return {"type": kind, key: held}


def at_first(element: Payload) -> Payload:
    """Return the state of *element* before anybody touched it: its initial value, or empty."""
    kind = element["type"]
    key = HELD_AS.get(kind, "value")
    initial = element.get(key.replace("selected_", "initial_").replace("rich_text_value", "initial_value"))
    if key == "value":
        initial = element.get("initial_value")
    if initial is None and key.endswith("s"):
        initial = []
    return {"type": kind, key: initial}


def held_by(state: Payload) -> Any:
    """Return the value inside a state; None or an empty list where there is none."""
    return state.get(HELD_AS.get(state["type"], "value"))


def state_values(blocks: list[Payload], stored: dict[str, dict[str, Payload]]) -> dict[str, dict[str, Payload]]:
    """Return ``state.values`` of *blocks*: what was filled in, else what stood there at first."""
    values: dict[str, dict[str, Payload]] = {}
    for block, element in controls(blocks):
        if element["type"] in INPUTS:
            held = stored.get(block["block_id"], {}).get(element["action_id"])
            values.setdefault(block["block_id"], {})[element["action_id"]] = held or at_first(element)
    return values
