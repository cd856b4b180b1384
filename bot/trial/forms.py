"""The checks that Slack itself makes before a form is sent to the app."""

from __future__ import annotations

import re
from typing import Any

from bot.trial.elements import held_by, state_values
from bot.trial.records import Payload, View

REQUIRED = "Please complete this required field."


def faults_of(view: View) -> dict[str, str]:
    """Return the words to show under each input block that is not filled in well; empty when all are."""
    values = state_values(view.blocks, view.values)
    faults: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] == "input":
            element = block["element"]
            held = held_by(values[block["block_id"]][element["action_id"]])
            fault = _fault(element, held, optional=bool(block.get("optional")))
            if fault:
                faults[block["block_id"]] = fault
    return faults


def _fault(element: Payload, held: Any, *, optional: bool) -> str:
    if held in (None, "", [], {}):
        return "" if optional else REQUIRED
    kind = element["type"]
    if kind in ("plain_text_input", "rich_text_input"):
        return _length_fault(element, held)
    if kind == "number_input":
        return _number_fault(element, str(held))
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(held)):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://\S+", str(held)):
        return "Please enter a valid URL."
    most = element.get("max_selected_items")
    return f"Please select at most {most} items." if most and len(held) > most else ""


def _length_fault(element: Payload, held: Any) -> str:
    if not isinstance(held, str):
        return ""
    if len(held) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    most = element.get("max_length", 3000)
    return f"Please enter at most {most} characters." if len(held) > most else ""


def _number_fault(element: Payload, held: str) -> str:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, held):
        return "Please enter a valid number."
    if "min_value" in element and float(held) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(held) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""
