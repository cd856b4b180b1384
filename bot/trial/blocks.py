"""Whether Slack would take these blocks or this view: structure, limits, surfaces, ids, and what goes together.

Source: https://docs.slack.dev/reference/block-kit, checked 2026-11-23.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.trial.elements import controls, options_of
from bot.trial.limits import limit_faults
from bot.trial.records import Payload
from bot.trial.structure import Place, at, block_faults, view_faults

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}

EVERYWHERE = frozenset({"message", "modal", "home"})
SURFACES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("section", "header", "divider", "context", "actions", "image", "input", "rich_text", "video", "card"),
        EVERYWHERE,
    ),
    **dict.fromkeys(("table", "data_table", "carousel", "container"), frozenset({"message", "home"})),
    **dict.fromkeys(("markdown", "context_actions", "task_card", "plan"), frozenset({"message"})),
    "alert": frozenset({"modal"}),
    "file": frozenset(),
}
"""Where each block may stand; ``file`` is only ever read back."""

MODAL_ONLY = frozenset({"email_text_input", "url_text_input", "number_input", "file_input"})
NOT_ON_HOME = MODAL_ONLY | {"datetimepicker"}

MARKDOWN = 12_000
TABLE_CHARACTERS = 10_000


def check_blocks(blocks: list[Any], surface: str, place: Place = ("blocks",)) -> list[str]:
    """Return the faults of *blocks* on a surface (``message``, ``modal`` or ``home``); empty when Slack takes them."""
    faults: list[str] = []
    if len(blocks) > MOST_BLOCKS[surface]:
        faults.append(at(f"no more than {MOST_BLOCKS[surface]} items allowed", place))
    for number, block in enumerate(blocks):
        here = (*place, number)
        wrong = block_faults(block, here)
        if not wrong:
            wrong = [*limit_faults(block, here), *_rule_faults(block, surface, here)]
        faults.extend(wrong)
    return faults or list(_together(blocks, place))


def check_view(view: Payload) -> list[str]:
    """Return the faults of a whole modal or Home tab; empty when Slack takes it."""
    place: Place = ("view",)
    faults = view_faults(view, place)
    if not faults and not isinstance(view["blocks"], list):
        faults = [at("must provide an array", (*place, "blocks"))]
    if faults:
        return faults
    around = {name: value for name, value in view.items() if name != "blocks"}
    faults.extend(limit_faults(around, place))
    faults.extend(check_blocks(view["blocks"], view["type"], (*place, "blocks")))
    has_input = any(block.get("type") == "input" for block in view["blocks"] if isinstance(block, dict))
    if has_input and view["type"] == "modal" and "submit" not in view:
        faults.append(at("missing required field: submit", place))
    return faults


def _rule_faults(block: Payload, surface: str, place: Place) -> Iterator[str]:
    kind = block["type"]
    if surface not in SURFACES.get(kind, frozenset()):
        yield at(f"{kind} is not allowed in a {surface}", place)
    if kind == "section" and not block.get("text") and not block.get("fields"):
        yield at("missing required field: text or fields", place)
    for _, element in controls([block]):
        yield from _element_faults(element, surface, place)


def _element_faults(element: Payload, surface: str, place: Place) -> Iterator[str]:
    kind = element["type"]
    if (surface != "modal" and kind in MODAL_ONLY) or (surface == "home" and kind in NOT_ON_HOME):
        yield at(f"{kind} is not allowed in a {surface}", place)
    if kind in ("static_select", "multi_static_select") and ("options" in element) == ("option_groups" in element):
        yield at("must have either options or option_groups", place)
    if kind != "feedback_buttons":
        options = options_of(element)
        if any("value" not in option for option in options):
            yield at("missing required field: value", (*place, "options"))
        yield from _initial_faults(element, options, place)
    if kind == "plain_text_input" and element.get("max_length", 1) > 3000:
        yield at("must be less than 3001", (*place, "max_length"))


def _initial_faults(element: Payload, options: list[Payload], place: Place) -> Iterator[str]:
    if element["type"] in ("external_select", "multi_external_select"):
        return
    chosen = list(element.get("initial_options", []))
    if "initial_option" in element:
        chosen.append(element["initial_option"])
    if any(each not in options for each in chosen):
        yield at("the initial option must be one of the options", (*place, "initial_option"))


def _together(blocks: list[Payload], place: Place) -> Iterator[str]:
    """Yield what is wrong with blocks only beside each other: ids used twice, too much of one kind."""
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    for block_id in sorted({each for each in ids if ids.count(each) > 1}):
        yield at(f"block_id {block_id!r} is used more than once", place)
    for number, block in enumerate(blocks):
        actions = [each["action_id"] for _, each in controls([block]) if "action_id" in each]
        for action_id in sorted({each for each in actions if actions.count(each) > 1}):
            yield at(f"action_id {action_id!r} is used more than once", (*place, number))
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN:
        yield at(f"markdown blocks may have {MARKDOWN} characters together", place)
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > 1:
        yield at("only one table is allowed", place)
    if any(_characters(table) > TABLE_CHARACTERS for table in tables):
        yield at(f"a table may have {TABLE_CHARACTERS} characters", place)
    if sum(bool(element.get("focus_on_load")) for _, element in controls(blocks)) > 1:
        yield at("focus_on_load may be set once", place)


def _characters(node: Any) -> int:
    if isinstance(node, dict):
        return sum(
            len(node["text"]) if key == "text" and isinstance(node["text"], str) else _characters(each)
            for key, each in node.items()
        )
    return sum(map(_characters, node)) if isinstance(node, list) else 0
