"""Any Slack message or view drawn as terminal text, with its buttons, menus and fields numbered in their order."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.rendering.mrkdwn import unescape, visible

Payload = Mapping[str, Any]

_REFERENCE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_RULE: Final = "-" * 40
_NARROWEST: Final = 20
_UNBROKEN: Final = "\xa0"


@dataclass(frozen=True)
class Element:
    """
    One thing that can be clicked, chosen from or filled in.

    ``kind``: ``button``; ``select`` for menus, checkboxes and the like; ``input`` for what is filled in before a form
    is sent; ``submit`` for the button that sends it. ``options`` are the texts and values of a menu.
    """

    kind: str
    action_id: str
    block_id: str
    value: str
    text: str
    options: tuple[tuple[str, str], ...] = ()
    url: str = ""


def draw_message(payload: Payload, *, numbered: bool = True, width: int = 80) -> tuple[str, list[Element]]:
    """
    The text of a message or view as a person sees it, and what can be clicked, in the order of its numbers.

    A message without blocks is drawn by its text. With *numbered* off the elements are drawn without their numbers.
    """
    drawing = _Drawing(numbered)
    blocks = payload.get("blocks") or ()
    lines = [line for block in blocks for line in drawing.block(block)] or [readable(str(payload.get("text", "")))]
    if title := _text(payload.get("title")):
        lines = [f"== {title} ==", *lines]
    if submit := _text(payload.get("submit")):
        lines.append(drawing.mark(Element("submit", "", "", str(payload.get("callback_id", "")), submit), submit))
    return "\n".join(_fold(line, width) for line in "\n".join(lines).split("\n")), drawing.elements


def readable(mrkdwn: str) -> str:
    """Mrkdwn as a person reads it: links as "label (address)", mentions and dates in words, escapes undone."""
    return visible(unescape(_REFERENCE.sub(_reference, mrkdwn)))


def _reference(match: re.Match[str]) -> str:
    target, label = match.group(1), match.group(2)
    if target.startswith(("@", "#")):
        return target[0] + (label or target[1:])
    if target.startswith("!date"):
        return label or target
    if target.startswith("!"):
        return label or "@" + target[1:]
    return f"{label} ({target})" if label and label != target else target


class _Drawing:
    """Collects the elements while the blocks are drawn one after the other."""

    def __init__(self, numbered: bool) -> None:
        self._numbered = numbered
        self.elements: list[Element] = []

    def block(self, block: Payload) -> list[str]:
        """The lines of one block."""
        kind = str(block.get("type"))
        draw = self._draws().get(kind)
        if draw:
            return draw(block)
        return [line for line in [" ".join(_all_texts(block))] if line]

    def mark(self, element: Element, drawn: str) -> str:
        """*drawn* with the number by which *element* can be chosen."""
        self.elements.append(element)
        shown = f"[{len(self.elements)}] {drawn}" if self._numbered else f"[{drawn}]"
        return shown.replace(" ", _UNBROKEN) if element.kind == "button" else shown

    def _draws(self) -> Mapping[str, Callable[[Payload], list[str]]]:
        return {
            "header": lambda block: ["", _text(block["text"]), "=" * min(len(_text(block["text"])), 40)],
            "divider": lambda block: [_RULE],
            "section": self._section,
            "context": lambda block: ["  " + " ".join(map(_text, block["elements"]))],
            "actions": lambda block: [self._row(block)],
            "context_actions": lambda block: [self._row(block)],
            "input": self._input,
            "image": lambda block: [f"(Picture: {block.get('alt_text', '')})"],
            "markdown": lambda block: [visible(str(block.get("text", "")))],
            "table": lambda block: [" | ".join(" ".join(_all_texts(cell)) for cell in row) for row in block["rows"]],
        }

    def _section(self, block: Payload) -> list[str]:
        lines = [_text(block["text"])] if block.get("text") else []
        lines += [_text(field) for field in block.get("fields", ())]
        if accessory := block.get("accessory"):
            lines += [self._element(accessory, block)]
        return [*lines, ""]

    def _row(self, block: Payload) -> str:
        return "   ".join(self._element(element, block) for element in block["elements"])

    def _input(self, block: Payload) -> list[str]:
        optional = " (may be left empty)" if block.get("optional") else ""
        hint = [f"  {_text(block['hint'])}"] if block.get("hint") else []
        return [f"{_text(block['label'])}{optional}", *hint, self._element(block["element"], block)]

    def _element(self, element: Payload, block: Payload) -> str:
        kind = str(element.get("type"))
        if kind == "image":
            return f"(Picture: {element.get('alt_text', '')})"
        if kind == "feedback_buttons":
            pair = (element["positive_button"], element["negative_button"])
            return "   ".join(
                self._element({**one, "type": "feedback_button", "action_id": element["action_id"]}, block)
                for one in pair
            )
        text = _text(element.get("text")) or _text(element.get("placeholder")) or _text(block.get("label"))
        found = Element(
            kind=_kind(kind, block),
            action_id=str(element.get("action_id", "")),
            block_id=str(block.get("block_id", "")),
            value=str(element.get("value", element.get("initial_value", ""))),
            text=text,
            options=tuple(_options(element)),
            url=str(element.get("url", "")),
        )
        return self.mark(found, _drawn(found))


def _drawn(element: Element) -> str:
    """An element in words: what it is called, and what there is to choose from."""
    if element.options:
        return f"{element.text or 'Choose'}: {' / '.join(text for text, _ in element.options)}"
    if element.kind == "input":
        return f"{element.text}: {element.value or '____'}"
    return f"{element.text} ({element.url})" if element.url else element.text or element.kind


def _kind(kind: str, block: Payload) -> str:
    if block.get("type") == "input" or kind.endswith("_input"):
        return "input"
    return "button" if "button" in kind and kind != "radio_buttons" else "select"


def _options(element: Payload) -> Iterator[tuple[str, str]]:
    groups: Sequence[Payload] = (element, *element.get("option_groups", ()))
    for group in groups:
        for option in group.get("options", ()):
            yield _text(option.get("text")), str(option.get("value", ""))


def _text(value: Any) -> str:
    """The words of a text object, mrkdwn read as a person reads it; or of a bare text."""
    if isinstance(value, Mapping):
        text = str(value.get("text") or value.get("alt_text") or "")
        return readable(text) if value.get("type") == "mrkdwn" else visible(text)
    return visible(value) if isinstance(value, str) else ""


def _all_texts(node: Any) -> Iterator[str]:
    """Every text anywhere in *node*, for blocks that have no drawing of their own."""
    if isinstance(node, Mapping):
        if isinstance(text := node.get("text"), str):
            yield _text(node) if "type" in node else visible(text)
            return
        for value in node.values():
            yield from _all_texts(value)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for value in node:
            yield from _all_texts(value)


def _fold(line: str, width: int) -> str:
    words = line.lstrip(" ")
    indent = " " * (len(line) - len(words))
    hang = indent + ("  " if words.startswith(("• ", "◦ ")) else "")
    folded = textwrap.fill(
        words,
        max(width, _NARROWEST),
        initial_indent=indent,
        subsequent_indent=hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return folded.replace(_UNBROKEN, " ")
