"""Steps of workflows: what a step takes and gives is held against what the manifest declares.

Source: https://docs.slack.dev/reference/methods/functions.completeSuccess and
https://docs.slack.dev/reference/events/function_executed, checked 2026-11-23. How strictly Slack checks the types of
outputs is not verified; here a value of another type is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.trial.records import Payload, faulty
from bot.trial.workspace import Workspace

PATTERNS = {
    "slack#/types/user_id": r"[UW][A-Z0-9]+",
    "slack#/types/channel_id": r"[CDG][A-Z0-9]+",
    "slack#/types/date": r"\d{4}-\d{2}-\d{2}",
}
"""What a text of one of Slack's own types looks like."""


def check_inputs(workspace: Workspace, callback_id: str, inputs: Payload) -> None:
    """Raise LookupError where Workflow Builder would not run the step with these inputs."""
    declared = workspace.manifest.functions.get(callback_id)
    if declared is None:
        raise LookupError(f"the manifest declares no step {callback_id!r}")
    if found := list(_faults(declared["input_parameters"], inputs)):
        raise LookupError("; ".join(found))


def check_outputs(workspace: Workspace, callback_id: str, outputs: Payload) -> None:
    """Refuse outputs that are missing, unknown or of another type with ``parameter_validation_failed``."""
    declared = workspace.manifest.functions[callback_id]["output_parameters"]
    if found := list(_faults(declared, outputs)):
        raise faulty("parameter_validation_failed", *found)


def _faults(declared: Payload, given: Payload) -> Iterator[str]:
    for name in declared.get("required", []):
        if given.get(name) in (None, ""):
            yield f"missing required parameter: {name}"
    for name, value in given.items():
        facts = declared["properties"].get(name)
        if facts is None:
            yield f"unknown parameter: {name}"
        elif value is not None and not _fits(facts["type"], value):
            yield f"{name} must be a {facts['type']}"


def _fits(kind: str, value: Any) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("integer", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    pattern = PATTERNS.get(kind)
    return pattern is None or not value or re.fullmatch(pattern, value) is not None
