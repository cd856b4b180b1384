"""Slack's limits on messages and views, checked before anything leaves.

Source: https://docs.slack.dev/reference/block-kit and the comments of npm @slack/types 3.2.0, checked 2026-11-23.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.errors import LimitError

Payload = Mapping[str, Any]

MESSAGE_TEXT: Final = 4000
MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
SECTION: Final = 3000
HEADER: Final = 150
BUTTON: Final = 75
MODAL_TITLE: Final = 24
METADATA: Final = 3000
_VIEW_BYTES = 250_000
_MARKDOWN_TOGETHER = 12_000

_OBJECT: Final = (dict, Mapping)
"""What an object of Slack's is here: nearly always the first, which is sooner seen."""

_LONGEST: Final[Mapping[tuple[str, str], int]] = {
    ("*", "action_id"): 255,
    ("*", "block_id"): 255,
    ("*", "placeholder"): 150,
    ("section", "text"): SECTION,
    ("section", "fields"): 2000,
    ("header", "text"): HEADER,
    ("context", "elements"): SECTION,
    ("markdown", "text"): _MARKDOWN_TOGETHER,
    ("image", "alt_text"): 2000,
    ("image", "image_url"): 3000,
    ("image", "title"): 2000,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("plain_text_input", "initial_value"): 3000,
    ("button", "text"): BUTTON,
    ("button", "value"): 2000,
    ("button", "url"): 3000,
    ("button", "accessibility_label"): 75,
    ("option", "text"): 75,
    ("option", "description"): 75,
    ("option", "value"): 75,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("view", "title"): MODAL_TITLE,
    ("view", "submit"): MODAL_TITLE,
    ("view", "close"): MODAL_TITLE,
    ("view", "callback_id"): 255,
    ("view", "external_id"): 255,
    ("view", "private_metadata"): METADATA,
}
"""The most characters of a text, by what it stands in and its field."""

_MOST: Final[Mapping[tuple[str, str], int]] = {
    ("section", "fields"): 10,
    ("context", "elements"): 10,
    ("actions", "elements"): 25,
    ("context_actions", "elements"): 5,
    ("overflow", "options"): 5,
    ("checkboxes", "options"): 10,
    ("radio_buttons", "options"): 10,
    ("static_select", "options"): 100,
    ("multi_static_select", "options"): 100,
    ("table", "rows"): 100,
}
"""The most items of a list; each of these needs at least one."""

_PLAIN_TEXT: Final = frozenset(
    {
        ("*", "placeholder"),
        ("header", "text"),
        ("button", "text"),
        ("input", "label"),
        ("input", "hint"),
        ("view", "title"),
        ("view", "submit"),
        ("view", "close"),
    }
)
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "header": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "button": ("text", "action_id"),
    "image": ("alt_text",),
    "input": ("label", "element"),
}
_OPTIONAL_WHEN_EMPTY: Final = frozenset({"value", "callback_id", "private_metadata", "external_id", "initial_value"})
_EVERYWHERE: Final = frozenset({"section", "header", "divider", "context", "actions", "image", "input", "rich_text"})
_SURFACES: Final[Mapping[str, frozenset[str]]] = {
    "message": _EVERYWHERE | {"video", "markdown", "table", "context_actions"},
    "modal": _EVERYWHERE | {"video", "alert"},
    "home": _EVERYWHERE | {"video", "table"},
}


def check_message(text: str, blocks: Sequence[Payload]) -> None:
    """
    Let a message pass that Slack takes.

    Raises: LimitError: the first limit that is broken, with its place.
    """
    if not text.strip():
        raise LimitError("text: a message needs text that reads well alone.")
    if len(text) >= MESSAGE_TEXT:
        raise LimitError(f"text: {len(text)} characters; keep it under {MESSAGE_TEXT}.")
    _check_blocks(blocks, "message", MESSAGE_BLOCKS)


def check_view(payload: Payload) -> None:
    """
    Let a modal or Home tab pass that Slack takes.

    Raises: LimitError: the first limit that is broken, with its place.
    """
    size = len(json.dumps(payload, ensure_ascii=False).encode(errors="replace"))
    if size > _VIEW_BYTES:
        raise LimitError(f"view: {size} bytes; Slack takes {_VIEW_BYTES}.")
    surface = payload.get("type")
    if surface not in ("modal", "home"):
        raise LimitError(f"view: the type is 'modal' or 'home', not {surface!r}.")
    _check_fields("view", {name: value for name, value in payload.items() if name != "blocks"}, "view")
    if surface == "modal" and not payload.get("title"):
        raise LimitError("view.title: a modal needs one.")
    blocks = payload.get("blocks", ())
    _check_blocks(blocks, surface, VIEW_BLOCKS)
    if surface == "modal" and not payload.get("submit") and any(block.get("type") == "input" for block in blocks):
        raise LimitError("view.submit: a modal with an input needs a submit button.")


def _check_blocks(blocks: Sequence[Payload], surface: str, most: int) -> None:
    if len(blocks) > most:
        raise LimitError(f"blocks: {len(blocks)} of them; a {surface} takes {most}.")
    for at, block in enumerate(blocks):
        place = f"blocks[{at}]"
        kind = str(block.get("type"))
        if kind not in _SURFACES[surface]:
            raise LimitError(f"{place}: a {kind} block may not stand in a {surface}.")
        _check_object(kind, block, place)
    _check_ids(blocks)
    together = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if together > _MARKDOWN_TOGETHER:
        raise LimitError(f"blocks: markdown of {together} characters; a message takes {_MARKDOWN_TOGETHER} in all.")


def _check_ids(blocks: Sequence[Payload]) -> None:
    for block_id, times in Counter(block["block_id"] for block in blocks if "block_id" in block).items():
        if times > 1:
            raise LimitError(f"blocks: the block_id {block_id!r} stands {times} times; each must be unique.")
    for at, block in enumerate(blocks):
        inside = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        ids = Counter(one["action_id"] for one in inside if isinstance(one, _OBJECT) and "action_id" in one)
        for action_id, times in ids.items():
            if times > 1:
                raise LimitError(f"blocks[{at}]: the action_id {action_id!r} stands {times} times in one block.")


def _check_object(kind: str, node: Payload, place: str) -> None:
    """One block, element, option or confirmation, and whatever stands in it."""
    for name in _NEEDED.get(kind, ()):
        if not node.get(name):
            raise LimitError(f"{place}.{name}: a {kind} needs one.")
    if kind == "section" and not node.get("text") and not node.get("fields"):
        raise LimitError(f"{place}.text: a section needs text or fields.")
    _check_fields(kind, node, place)
    for role, inner, inner_place in _inside(node, place):
        _check_object(role, inner, inner_place)


def _inside(node: Payload, place: str) -> Iterator[tuple[str, Payload, str]]:
    for name in ("accessory", "element", "confirm"):
        if isinstance(inner := node.get(name), _OBJECT):
            yield str(inner.get("type", name)), inner, f"{place}.{name}"
    for name, role in (("elements", ""), ("options", "option")):
        for at, inner in enumerate(node.get(name, ())):
            if isinstance(inner, _OBJECT) and inner.get("type") not in ("mrkdwn", "plain_text"):
                yield role or str(inner.get("type")), inner, f"{place}.{name}[{at}]"


def _check_fields(kind: str, node: Payload, place: str) -> None:
    for name, value in node.items():
        here = f"{place}.{name}"
        most = _MOST.get((kind, name))
        if most is not None and not 1 <= len(value) <= most:
            raise LimitError(f"{here}: {len(value)} items; a {kind} takes 1 to {most}.")
        longest = _LONGEST.get((kind, name)) or _LONGEST.get(("*", name))
        if longest is None:
            continue
        for each in value if isinstance(value, list | tuple) else (value,):
            _check_text(each, name, here, longest)
        if ((kind, name) in _PLAIN_TEXT or ("*", name) in _PLAIN_TEXT) and value.get("type") != "plain_text":
            raise LimitError(f"{here}: it must be plain_text.")


def _check_text(value: Any, name: str, place: str, longest: int) -> None:
    """A text object or a bare text; anything else (an element of a context) has limits of its own."""
    text = value if isinstance(value, str) else value.get("text") if isinstance(value, _OBJECT) else None
    if not isinstance(text, str):
        return
    if len(text) > longest:
        raise LimitError(f"{place}: {len(text)} characters; Slack takes {longest}.")
    if not text and name not in _OPTIONAL_WHEN_EMPTY:
        raise LimitError(f"{place}: it is empty.")
