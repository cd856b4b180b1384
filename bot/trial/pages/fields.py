"""Controls as fields of an HTML form: their names, what stands in them, and what came back from the browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2s
from typing import TYPE_CHECKING, Any

from bot.trial.elements import HELD_AS, INPUTS, at_first, controls, held_by
from bot.trial.pages.dates import LONDON
from bot.trial.records import Payload

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

SEVERAL = frozenset({"selected_options", "selected_users", "selected_conversations", "selected_channels"})
WHOLE_OPTIONS = frozenset({"external_select", "multi_external_select"})
"""Their options come from the app as somebody types, so a form carries the whole option and not its value alone."""

NOT_FOR_FORMS = frozenset({"file_input"})


def field_name(block: Payload, element: Payload) -> str:
    """Return the name of a control's field: its block id and action id, which may hold any characters."""
    return json.dumps([block["block_id"], element["action_id"]])


def field_id(*parts: object) -> str:
    """Return an HTML id that stays the same for as long as *parts* do."""
    return "x" + blake2s(json.dumps([str(part) for part in parts]).encode(), digest_size=8).hexdigest()


def held_in_field(element: Payload, state: Payload | None) -> list[str]:
    """Return what stands in the fields of a control, as the browser knows it; a *state* of None is untouched."""
    held = held_by(state or at_first(element))
    each = held if isinstance(held, list) else [held]
    return [_as_field(element, one) for one in each if one not in (None, "")]


def read_fields(form: MultiDict[str, str], blocks: list[Payload]) -> dict[tuple[str, str], Any]:
    """Return what a form says about the inputs of *blocks* that it has, by block id and action id."""
    found: dict[tuple[str, str], Any] = {}
    here = set(form.getlist("fields"))
    for block, element in controls(blocks):
        name = field_name(block, element)
        if element["type"] in INPUTS - NOT_FOR_FORMS and (name in here or name in form):
            found[block["block_id"], element["action_id"]] = read_field(element, form.getlist(name))
    return found


def read_field(element: Payload, given: list[str]) -> Any:
    """Return the value that the browser's fields *given* put into a control; None or an empty list for nothing."""
    kind = element["type"]
    values = [_from_field(kind, one) for one in given if one.strip()]
    if HELD_AS.get(kind, "value") in SEVERAL:
        return values
    return values[-1] if values else None


def choice_value(element: Payload, option: Payload) -> str:
    """Return what the browser sends for one option of a menu."""
    return _whole(option) if element["type"] in WHOLE_OPTIONS else str(option.get("value", ""))


def _as_field(element: Payload, held: Any) -> str:
    if element["type"] == "datetimepicker":
        return datetime.fromtimestamp(int(held), UTC).astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")
    if element["type"] == "rich_text_input":
        return _words_of(held)
    return choice_value(element, dict(held)) if isinstance(held, Mapping) else str(held)


def _from_field(kind: str, given: str) -> Any:
    if kind in WHOLE_OPTIONS:
        option = json.loads(given)
        return {"text": option["text"], "value": str(option["value"])}
    if kind == "datetimepicker":
        return int(datetime.fromisoformat(given).replace(tzinfo=LONDON).timestamp())
    return given.replace("\r\n", "\n")


def _whole(option: Mapping[str, Any]) -> str:
    return json.dumps({"text": option["text"], "value": option["value"]}, sort_keys=True)


def _words_of(node: Any) -> str:
    """Return the text of a rich text value; typing knows no styles here."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            return str(node["text"])
        return "".join(_words_of(each) for each in node.get("elements", []))
    return ""
