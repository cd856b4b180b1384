"""One place with blocks (a message, a form, a Home tab) as the templates see it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from bot.trial.elements import INPUTS, controls, label_of
from bot.trial.pages.fields import choice_value, field_id, field_name, held_in_field
from bot.trial.pages.mrkdwn import Names, draw_mrkdwn, draw_plain
from bot.trial.records import Payload

ASKING_WORDS = {
    "datepicker": "Date",
    "timepicker": "Time",
    "datetimepicker": "Date and time",
    "checkboxes": "Choices",
    "radio_buttons": "Choice",
    "overflow": "More actions",
}
"""What a control is called that brings no words of its own."""

GROUPS = frozenset({"checkboxes", "radio_buttons", "external_select", "file_input"})
"""Controls that are several fields together, so they are named by a legend and not by a label."""


@dataclass(frozen=True)
class Choice:
    """One option of a menu, as the browser sends it and as people see it."""

    value: str
    words: Markup
    about: Markup
    chosen: bool
    url: str = ""


@dataclass(frozen=True)
class Surface:
    """Where blocks are drawn.

    ``place`` names it in what the browser sends back (``CHANNEL/TS`` or a view id), ``prefix`` keeps HTML ids apart,
    ``level`` is the heading level of a header block, ``values`` and ``errors`` are by block id.
    """

    kind: str
    place: str
    prefix: str
    base: str
    level: int
    names: Names
    blocks: Sequence[Payload] = ()
    values: Mapping[str, Mapping[str, Payload]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_inputs(self) -> bool:
        """Return whether anything can be filled in here."""
        return any(element["type"] in INPUTS for _, element in controls(list(self.blocks)))

    def id(self, *parts: object) -> str:
        """Return the HTML id of one part of this place."""
        return field_id(self.prefix, self.place, *parts)

    def name(self, block: Payload, element: Payload) -> str:
        """Return the name of a control's field."""
        return field_name(block, element)

    def press(self, block: Payload, element: Payload, value: str | None = None) -> str:
        """Return what the browser sends along when a control is used, as JSON."""
        sent = {"place": self.place, "block": block["block_id"], "action": element["action_id"]}
        return json.dumps(sent if value is None else {**sent, "value": value})

    def is_live(self, block: Payload) -> bool:
        """Return whether the app hears of a change at once, and not with the whole form."""
        return block["type"] != "input" or bool(block.get("dispatch_action"))

    def held(self, block: Payload, element: Payload) -> list[str]:
        """Return what stands in a control now, as its fields have it."""
        return held_in_field(element, self.values.get(block["block_id"], {}).get(element["action_id"]))

    def error(self, block: Payload) -> str:
        """Return what is wrong with an input block; empty where nothing is."""
        return self.errors.get(block["block_id"], "")

    def groups(self, block: Payload, element: Payload) -> Iterator[tuple[str, list[Choice]]]:
        """Yield the options of a control, each list with its heading (empty for those without a group)."""
        if element["type"].endswith(("users_select", "channels_select", "conversations_select")):
            yield "", list(self._known(block, element))
        for group in element.get("option_groups", []):
            yield str(group["label"]["text"]), self.choices(block, element, group["options"])
        if "options" in element:
            yield "", self.choices(block, element, element["options"])

    def choices(self, block: Payload, element: Payload, options: Sequence[Payload]) -> list[Choice]:
        """Return *options* as the templates draw them."""
        held = self.held(block, element)
        return [
            Choice(
                value := choice_value(element, option),
                self.inline(option["text"]),
                self.inline(option.get("description")),
                value in held,
                str(option.get("url", "")),
            )
            for option in options
        ]

    def chosen(self, block: Payload, element: Payload) -> list[Choice]:
        """Return the whole options that stand in an external select."""
        return self.choices(block, element, [json.loads(each) for each in self.held(block, element)])

    def called(self, block: Payload, element: Payload) -> str:
        """Return what a screen reader calls a control outside an input block."""
        own = str(element.get("accessibility_label", "")) or label_of(element)
        return own or ASKING_WORDS.get(element["type"], "Choose")

    def label(self, element: Payload) -> str:
        """Return the accessibility label of a button; empty where it has none.

        The words on the button come first where the label leaves them out: whoever speaks to the computer says those.
        Source: WCAG 2.2, success criterion 2.5.3, checked 2026-11-23.
        """
        label, words = str(element.get("accessibility_label", "")), label_of({"text": element.get("text", {})})
        return label if not label or words.casefold() in label.casefold() else f"{words}: {label}"

    def is_group(self, element: Payload) -> bool:
        """Return whether a control is several fields together."""
        return element["type"] in GROUPS or element["type"].startswith("multi_")

    def text(self, words: Payload | str | None) -> Markup:
        """Return a text object as paragraphs."""
        if isinstance(words, dict) and words.get("type") == "mrkdwn":
            return draw_mrkdwn(str(words["text"]), self.names)
        return Markup("<p>{}</p>").format(self.inline(words)) if words else Markup()

    def inline(self, words: Payload | str | None) -> Markup:
        """Return a text object as words within a line."""
        if isinstance(words, dict):
            if words.get("type") == "mrkdwn":
                drawn = draw_mrkdwn(str(words["text"]), self.names)
                alone = drawn.startswith("<p>") and drawn.endswith("</p>") and drawn.count("<p>") == 1
                return Markup(drawn[3:-4]) if alone else drawn
            return draw_plain(str(words.get("text", "")), emoji=bool(words.get("emoji", True)))
        return draw_plain(str(words or ""))

    def _known(self, block: Payload, element: Payload) -> Iterator[Choice]:
        held, kind = self.held(block, element), element["type"]
        if "users" in kind or "conversations" in kind:
            for user_id, name in self.names.people.items():
                yield Choice(user_id, draw_plain(name), Markup(), user_id in held)
        if "users" not in kind:
            for channel_id, name in self.names.channels.items():
                yield Choice(channel_id, draw_plain(f"#{name}"), Markup(), channel_id in held)
