"""What leaves for Slack, as plain data: a message, and a view. Neither can be made over a limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from slack_sdk.models import JsonObject
from slack_sdk.models.blocks import Block

from bot.rendering.limits import check_message, check_view

Payload = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A message: ``text`` is mrkdwn and reads well alone, for a screen reader gets nothing else.

    Raises: LimitError: Slack would not take it.
    """

    text: str
    blocks: tuple[Payload, ...] = ()
    metadata: Payload | None = None

    def __post_init__(self) -> None:
        check_message(self.text, self.blocks)

    def payload(self) -> Payload:
        """The arguments for ``chat.postMessage`` and its like; links show no preview."""
        given: Payload = {"text": self.text, "blocks": list(self.blocks), "metadata": self.metadata}
        return {name: value for name, value in given.items() if value} | {"unfurl_links": False, "unfurl_media": False}


@dataclass(frozen=True)
class View:
    """A modal or a Home tab.

    Raises: LimitError: Slack would not take it.
    """

    type: Literal["modal", "home"]
    blocks: tuple[Payload, ...]
    title: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    submit: str | None = None
    close: str | None = None

    def __post_init__(self) -> None:
        check_view(self.payload())

    def payload(self) -> Payload:
        """The ``view`` argument for ``views.open``, ``views.update``, ``views.push`` and ``views.publish``."""
        texts = {"title": self.title, "submit": self.submit, "close": self.close}
        bare = {"callback_id": self.callback_id, "private_metadata": self.private_metadata}
        return {
            "type": self.type,
            "blocks": list(self.blocks),
            **{name: {"type": "plain_text", "text": text} for name, text in texts.items() if text},
            **{name: text for name, text in bare.items() if text},
        }


def message(text: str, blocks: Iterable[Block | Payload] = (), *, metadata: Mapping[str, Any] | None = None) -> Message:
    """
    A message of *blocks*; *text* is what a screen reader says and a notification shows.

    Raises: LimitError: Slack would not take it.
    """
    return Message(text, _plain_data(blocks), dict(metadata) if metadata else None)


def modal(
    title: str,
    blocks: Iterable[Block | Payload],
    *,
    callback_id: str = "",
    private_metadata: str = "",
    submit: str | None = None,
    close: str | None = "Close",
) -> View:
    """
    A modal.

    Raises: LimitError: Slack would not take it.
    """
    return View("modal", _plain_data(blocks), title, callback_id, private_metadata, submit, close)


def home(blocks: Iterable[Block | Payload], *, callback_id: str = "home") -> View:
    """
    A Home tab.

    Raises: LimitError: Slack would not take it.
    """
    return View("home", _plain_data(blocks), callback_id=callback_id)


def as_data(part: JsonObject) -> Payload:
    """
    What ``part.to_dict()`` gives, in a third of its time: slack_sdk (3.47, ``models/basic_objects.py``) looks through
    all methods of every object for those that check it, and copies what stands in a block once for each level above.

    Raises: SlackObjectFormationError: one of its checks fails.
    """
    kind = type(part)
    if kind.to_dict is not JsonObject.to_dict or str(getattr(part, "type", "")).startswith("rich_text"):
        return part.to_dict()  # those write themselves, or may hold nothing
    for check in _checks(kind):
        getattr(part, check)()
    values = ((name, getattr(part, name, None)) for name in _names(part))
    return {name: _value(value) for name, value in values if value is not None and not _is_empty(value)}


def _plain_data(blocks: Iterable[Block | Payload]) -> tuple[Payload, ...]:
    return tuple(as_data(block) if isinstance(block, Block) else dict(block) for block in blocks)


def _value(value: Any) -> Any:
    if isinstance(value, JsonObject):
        return as_data(value)
    return [_value(one) for one in value] if isinstance(value, list | tuple) else value


def _is_empty(value: Any) -> bool:
    return hasattr(value, "__len__") and len(value) == 0


@cache
def _checks(kind: type[JsonObject]) -> tuple[str, ...]:
    names = (name for name in dir(kind) if not name.startswith("__"))
    return tuple(name for name in names if hasattr(getattr(kind, name, None), "validator"))


_names_of_kind: dict[type[JsonObject], list[str]] = {}


def _names(part: JsonObject) -> list[str]:
    """The fields of an object's kind."""
    kind = type(part)
    if kind not in _names_of_kind:
        _names_of_kind[kind] = sorted(part.attributes)
    return _names_of_kind[kind]
